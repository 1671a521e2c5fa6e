//! What a site sets, and what the caller lends: a clock and randomness.

use reqwest::Url;
use reqwest::header::HeaderValue;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;

/// The kind of account: "unless told otherwise, `local`", say the published pages.
pub const NAMESPACE: &str = "local";

/// Long enough for one call.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// How the client reaches the gateway, as the site's administrator wrote it.
#[derive(Clone)]
pub struct Settings {
    /// Of the calls, `https://openplatform.example.gov.cn`: no path is needed, one is taken; no query.
    pub address: String,
    /// Of the page with the QR code, `https://login.example.gov.cn`. Real sites have it on a host of its own, so it is a setting of its own.
    pub sign_in_address: String,
    /// The application's key (`appkey`, `apiKey`).
    pub app_key: String,
    /// The application's secret: it signs every call.
    pub app_secret: String,
    /// The tenant's id (`tenantId`).
    pub tenant_id: String,
    /// The application's name (应用标识): `client_id` of the page with the QR code, `msgApp` of a withdrawal.
    pub client_id: String,
    /// The kind of account (`namespace`), mostly [`NAMESPACE`].
    pub namespace: String,
    /// How parameters are written in the text that is signed.
    pub sign_encoding: SignEncoding,
    /// From the connection to the end of the answer, for each call; mostly [`TIMEOUT`].
    pub timeout: Duration,
}

/// How parameters are written in the text that is signed: published programs differ, the real gateway has not been asked
/// (identity.md, Signing of 专有钉钉 calls).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignEncoding {
    /// As they are.
    #[default]
    Raw,
    /// As they travel in a form: `application/x-www-form-urlencoded`.
    UrlEncoded,
}

/// Why settings are no good. What was set is not repeated: it holds secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The gateway's address.
    #[error("the gateway's address is not one: it begins with https:// (or http://), names a host and has no query")]
    Address,
    /// The address of the page with the QR code.
    #[error(
        "the sign-in page's address is not one: it begins with https:// (or http://), names a host and has no query"
    )]
    SignInAddress,
    /// One that must not be empty; its name.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// The application's key.
    #[error("the application's key is no word: it travels in a header")]
    AppKey,
    /// The time of a call.
    #[error("the time for a call is zero")]
    Timeout,
    /// The way of signing.
    #[error("sign_encoding is raw or urlencoded")]
    SignEncoding,
    /// TLS can't be had.
    #[error("the system's certificates can't be used")]
    Tls,
}

impl Settings {
    /// Blanks around are removed, and addresses lose the slash at their end.
    pub(crate) fn checked(mut self) -> Result<Self, SettingsError> {
        self.address = base(&self.address).ok_or(SettingsError::Address)?;
        self.sign_in_address = base(&self.sign_in_address).ok_or(SettingsError::SignInAddress)?;
        for (name, value) in [
            ("the application's key", &mut self.app_key),
            ("the application's secret", &mut self.app_secret),
            ("the tenant's id", &mut self.tenant_id),
            ("the client's id", &mut self.client_id),
            ("the namespace", &mut self.namespace),
        ] {
            *value = value.trim().to_owned();
            if value.is_empty() {
                return Err(SettingsError::Empty(name));
            }
        }
        if HeaderValue::from_str(&self.app_key).is_err() {
            return Err(SettingsError::AppKey);
        }
        if self.timeout.is_zero() {
            return Err(SettingsError::Timeout);
        }
        Ok(self)
    }
}

/// An address that a path can be put behind.
fn base(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let is_one = matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty();
    let bare = url.query().is_none() && url.fragment().is_none() && url.password().is_none();
    (is_one && bare).then(|| url.as_str().trim_end_matches('/').to_owned())
}

/// Without the secret.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("address", &self.address)
            .field("sign_in_address", &self.sign_in_address)
            .field("app_key", &self.app_key)
            .field("tenant_id", &self.tenant_id)
            .field("client_id", &self.client_id)
            .field("namespace", &self.namespace)
            .field("sign_encoding", &self.sign_encoding)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

impl FromStr for SignEncoding {
    type Err = SettingsError;

    fn from_str(word: &str) -> Result<Self, SettingsError> {
        match word {
            "raw" => Ok(Self::Raw),
            "urlencoded" => Ok(Self::UrlEncoded),
            _ => Err(SettingsError::SignEncoding),
        }
    }
}

/// What this crate takes from its caller.
#[derive(Clone)]
pub struct Ambient {
    /// The time, UTC milliseconds.
    pub now: Arc<dyn Fn() -> i64 + Send + Sync>,
    /// Any number, each as likely as the other.
    pub random: Arc<dyn Fn() -> u32 + Send + Sync>,
}

impl Ambient {
    /// Of two functions.
    pub fn new(
        now: impl Fn() -> i64 + Send + Sync + 'static,
        random: impl Fn() -> u32 + Send + Sync + 'static,
    ) -> Self {
        Self { now: Arc::new(now), random: Arc::new(random) }
    }
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ambient")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn good() -> Settings {
        Settings {
            address: " https://openplatform.example.gov.cn/ ".to_owned(),
            sign_in_address: "https://login.example.gov.cn".to_owned(),
            app_key: "test-key".to_owned(),
            app_secret: "test-secret\n".to_owned(),
            tenant_id: "196729".to_owned(),
            client_id: "test_dingoa".to_owned(),
            namespace: NAMESPACE.to_owned(),
            sign_encoding: SignEncoding::Raw,
            timeout: TIMEOUT,
        }
    }

    #[test]
    fn good_settings_are_tidied() {
        let settings = good().checked().unwrap();
        assert_eq!(settings.address, "https://openplatform.example.gov.cn");
        assert_eq!(settings.app_secret, "test-secret");
        let behind = Settings { address: "http://10.0.0.1:8080/gateway/".to_owned(), ..good() }.checked().unwrap();
        assert_eq!(behind.address, "http://10.0.0.1:8080/gateway");
    }

    #[test]
    fn bad_settings_are_named_and_not_repeated() {
        for bad in
            ["", "openplatform.example.gov.cn", "ftp://a", "https://", "https://u:p@a", "https://a?k=v", "https://a#b"]
        {
            let settings = Settings { address: bad.to_owned(), ..good() };
            assert_eq!(settings.checked().err(), Some(SettingsError::Address), "{bad}");
            let settings = Settings { sign_in_address: bad.to_owned(), ..good() };
            assert_eq!(settings.checked().err(), Some(SettingsError::SignInAddress), "{bad}");
        }
        let settings = Settings { app_secret: " ".to_owned(), ..good() };
        assert_eq!(settings.checked().unwrap_err().to_string(), "the application's secret is empty");
        let settings = Settings { app_key: "two\nlines".to_owned(), ..good() };
        assert_eq!(settings.checked().err(), Some(SettingsError::AppKey));
        let settings = Settings { timeout: Duration::ZERO, ..good() };
        assert_eq!(settings.checked().err(), Some(SettingsError::Timeout));
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert!(!format!("{:?}", good()).contains("test-secret"));
    }

    #[test]
    fn encodings_have_names() {
        assert_eq!("raw".parse(), Ok(SignEncoding::Raw));
        assert_eq!("urlencoded".parse(), Ok(SignEncoding::UrlEncoded));
        assert_eq!("RAW".parse::<SignEncoding>(), Err(SettingsError::SignEncoding));
    }
}
