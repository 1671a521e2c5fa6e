//! Who asks, when, and under which request id: the first argument of everything.

use domain::{PersonId, Role, RoleSet, UtcMillis};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use crate::error::{Error, Result};

/// The context of one request. Made once by the server's middleware.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// When the request arrived.
    pub now: UtcMillis,
    /// Under which id its log lines and audit events stand.
    pub request_id: Arc<str>,
    /// Where it came from: an IP address, as text.
    pub address: Arc<str>,
    /// The number of the newest change that was told when it arrived: whatever it reads shows all up to it.
    pub heard: i64,
    /// Who is signed in, if anybody.
    pub signed_in: Option<Arc<SignedIn>>,
}

/// A person with a live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// The account.
    pub person: PersonId,
    /// As the account has it.
    pub name: String,
    /// What the account may be.
    pub roles: RoleSet,
    /// SHA-256 of the session's token.
    pub session: [u8; 32],
    /// The API token that speaks for them; `None`: they themselves do.
    pub api_token: Option<uuid::Uuid>,
}

impl Ctx {
    /// Of what the clock does: nobody asked for it.
    pub(crate) fn of_the_clock(now: UtcMillis, name: &'static str) -> Self {
        Self { now, request_id: name.into(), address: "".into(), heard: 0, signed_in: None }
    }

    /// Who counts as one where nobody is known: an address, and of IPv6 the 64 bits that one customer gets.
    pub(crate) fn counted_from(&self) -> String {
        match self.address.parse::<IpAddr>().map(|address| address.to_canonical()) {
            Ok(IpAddr::V6(address)) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).to_string()
            }
            _ => self.address.to_string(),
        }
    }

    /// The signed-in person.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`].
    pub fn person(&self) -> Result<&SignedIn> {
        self.signed_in.as_deref().ok_or(Error::NotSignedIn)
    }

    /// The signed-in person, if they hold one of these roles.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], [`Error::Forbidden`].
    pub fn with_role(&self, roles: &[Role]) -> Result<&SignedIn> {
        let person = self.person()?;
        if roles.iter().any(|role| person.roles.has(*role)) { Ok(person) } else { Err(Error::Forbidden) }
    }
}
