//! An OpenID provider, as this site reaches it, and the rule by which it knows accounts.

use ::oidc::{Client, Settings, SettingsError};
use std::str::FromStr;
use thiserror::Error;

/// Longest word on the button, in characters.
const NAME_MOST: usize = 20;

/// Longest name of a claim. Bytes.
const CLAIM_MOST: usize = 100;

/// Of a protocol, not of a person; or what people choose for themselves, hand on, or share: none of it says whose an account is.
const NO_RULE: [&str; 27] = [
    "iss",
    "aud",
    "azp",
    "exp",
    "iat",
    "nbf",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "at_hash",
    "c_hash",
    "jti",
    "sid",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "address",
    "birthdate",
    "gender",
    "locale",
];

/// What a site sets of its provider, as it was written. Has no `Debug`: it holds the secret.
#[derive(Clone)]
pub struct OidcSettings {
    /// The provider's name for itself, to the letter.
    pub issuer: String,
    /// This site's name there.
    pub client_id: String,
    /// This site's secret there.
    pub client_secret: String,
    /// The word on the button.
    pub name: String,
    /// By which claim it knows accounts; `None`: by none.
    pub rule: Option<Rule>,
}

/// Which setting of the provider is no good. What was set is not repeated: it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum OidcError {
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
    /// The word on the button.
    #[error("the word on the button has 1 to 20 characters")]
    Name,
    /// The rule.
    #[error(
        "a rule is CLAIM=account or CLAIM=dingtalk, with a claim that the provider alone decides; email, phone_number, \
         name and the like are none"
    )]
    Rule,
    /// TLS can't be had.
    #[error("the system's certificates can't be used")]
    Tls,
}

/// Says whose account it is at the first sign-in, without the system administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// A claim of the provider's.
    pub claim: String,
    /// What it must equal.
    pub maps: Maps,
}

/// What of an account a claim equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maps {
    /// 账号.
    Account,
    /// 人员浙政钉ID.
    DingTalk,
}

/// `CLAIM=account`, `CLAIM=dingtalk`.
impl FromStr for Rule {
    type Err = OidcError;

    fn from_str(text: &str) -> Result<Self, OidcError> {
        let (claim, maps) = text.trim().rsplit_once('=').ok_or(OidcError::Rule)?;
        let maps = match maps.trim() {
            "account" => Maps::Account,
            "dingtalk" => Maps::DingTalk,
            _ => return Err(OidcError::Rule),
        };
        let claim = claim.trim();
        let word = !claim.is_empty() && claim.len() <= CLAIM_MOST && claim.bytes().all(|byte| byte.is_ascii_graphic());
        let good = word && !NO_RULE.contains(&claim.to_ascii_lowercase().as_str());
        if good { Ok(Self { claim: claim.to_owned(), maps }) } else { Err(OidcError::Rule) }
    }
}

/// The OpenID provider, as this site reaches it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Oidc {
    client: Client,
    name: String,
    rule: Option<Rule>,
}

impl Oidc {
    /// Checks the settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`OidcError`].
    pub fn new(set: OidcSettings) -> Result<Self, OidcError> {
        let name = set.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_MOST || name.contains(char::is_control) {
            return Err(OidcError::Name);
        }
        let OidcSettings { issuer, client_id, client_secret, rule, .. } = set;
        let client = Client::new(Settings { issuer, client_id, client_secret, timeout: ::oidc::TIMEOUT });
        let client = client.map_err(|error| match error {
            SettingsError::Issuer => OidcError::Issuer,
            SettingsError::ClientId => OidcError::ClientId,
            SettingsError::ClientSecret => OidcError::ClientSecret,
            SettingsError::Tls => OidcError::Tls,
        })?;
        Ok(Self { client, name, rule })
    }

    /// The provider of the tests.
    #[cfg(test)]
    pub(crate) fn of_fake(fake: &::oidc::fake::Fake, rule: Option<&str>, timeout: std::time::Duration) -> Self {
        let client = Client::new(Settings { timeout, ..fake.settings() }).unwrap();
        Self { client, name: "单位账号".to_owned(), rule: rule.map(|rule| rule.parse().unwrap()) }
    }

    /// Who speaks to the provider.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The provider's name for itself.
    pub(crate) fn issuer(&self) -> &str {
        &self.client.settings().issuer
    }

    /// The word on the button.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// By which claim it knows accounts.
    pub(crate) fn rule(&self) -> Option<&Rule> {
        self.rule.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::{Maps, OidcError, Rule};

    #[test]
    fn a_rule_names_a_claim_that_the_provider_decides() {
        let rule = "employee_id = account".parse::<Rule>().unwrap();
        assert_eq!((rule.claim.as_str(), rule.maps), ("employee_id", Maps::Account));
        let of_a_url = "https://login.example.gov.cn/claims?a=b=dingtalk".parse::<Rule>().unwrap();
        assert_eq!(
            (of_a_url.claim.as_str(), of_a_url.maps),
            ("https://login.example.gov.cn/claims?a=b", Maps::DingTalk)
        );
        for wrong in [
            "",
            "employee_id",
            "=account",
            "employee id=account",
            "employee_id=mobile",
            "email=account",
            "Email=account",
            "phone_number=account",
            "name=account",
            "aud=account",
        ] {
            assert_eq!(wrong.parse::<Rule>(), Err(OidcError::Rule), "{wrong}");
        }
    }
}
