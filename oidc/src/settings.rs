//! What a site sets of its provider.

use reqwest::Url;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use thiserror::Error;

/// A call to the provider may take so long.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// A provider and this site's name there.
#[derive(Clone)]
pub struct Settings {
    /// The provider's name for itself, to the letter: `https://login.example.gov.cn/realms/gov`.
    pub issuer: String,
    /// This site's name there.
    pub client_id: String,
    /// This site's secret there.
    pub client_secret: String,
    /// A call may take so long.
    pub timeout: Duration,
}

/// Which setting is no good. What was set is not repeated: it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The issuer.
    #[error(
        "the issuer is not one: it begins with https:// (http:// on this machine alone), names a host and has no query"
    )]
    Issuer,
    /// This site's name there.
    #[error("the client's id is empty")]
    ClientId,
    /// This site's secret there.
    #[error("the client's secret is empty")]
    ClientSecret,
    /// TLS can't be had.
    #[error("the system's certificates can't be used")]
    Tls,
}

impl Settings {
    /// Blanks around are removed.
    pub(crate) fn checked(mut self) -> Result<Self, SettingsError> {
        for (value, empty) in
            [(&mut self.client_id, SettingsError::ClientId), (&mut self.client_secret, SettingsError::ClientSecret)]
        {
            *value = value.trim().to_owned();
            if value.is_empty() {
                return Err(empty);
            }
        }
        self.issuer = self.issuer.trim().to_owned();
        let url = address(&self.issuer).ok_or(SettingsError::Issuer)?;
        if url.query().is_some() { Err(SettingsError::Issuer) } else { Ok(self) }
    }
}

/// An address that may be called: over TLS, or on this machine; without a name and password of its own.
pub(crate) fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && is_here(&url));
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (safe && bare && url.has_host()).then_some(url)
}

fn is_here(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let number = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host == "localhost" || number.is_ok_and(|number| number.is_loopback())
}

/// Without the secret.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(issuer: &str) -> Settings {
        let of = |text: &str| text.to_owned();
        Settings { issuer: of(issuer), client_id: of(" irs "), client_secret: of("s3cret"), timeout: TIMEOUT }
    }

    #[test]
    fn an_issuer_is_asked_over_tls_or_on_this_machine() {
        for good in [
            " https://login.example.gov.cn/realms/gov/ ",
            "http://127.0.0.1:4020",
            "http://[::1]:1",
            "http://localhost",
        ] {
            let settings = with(good).checked().unwrap();
            assert_eq!((settings.issuer.as_str(), settings.client_id.as_str()), (good.trim(), "irs"));
        }
        for bad in [
            "",
            "login.example.gov.cn",
            "http://login.example.gov.cn",
            "https://u:p@a",
            "https://a?k=v",
            "https://a#b",
            "ftp://a",
        ] {
            assert_eq!(with(bad).checked().err(), Some(SettingsError::Issuer), "{bad}");
        }
        let nobody = Settings { client_id: " ".to_owned(), ..with("https://a") };
        assert_eq!(nobody.checked().err(), Some(SettingsError::ClientId));
        let open = Settings { client_secret: String::new(), ..with("https://a") };
        assert_eq!(open.checked().err(), Some(SettingsError::ClientSecret));
        assert!(!format!("{:?}", with("https://a")).contains("s3cret"));
    }
}
