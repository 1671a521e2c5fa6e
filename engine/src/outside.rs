//! Who outside knows the site's people: 浙政钉 and an OpenID provider, as the settings say, checked once at the start (identity.md,
//! Sign-in). Start at [`DingTalk`] and [`Oidc`].

mod oidc;

use crate::{Clock, Entropy};
use dingtalk::{Ambient, Client, Settings, SettingsError};
use reqwest::Url;
use thiserror::Error;

pub use self::oidc::{Maps, Oidc, OidcError, OidcSettings, Rule};
pub use dingtalk::SignEncoding;

/// What a site sets of 浙政钉, as it was written. Has no `Debug`: it holds the secret.
#[derive(Clone)]
pub struct DingTalkSettings {
    /// Of the gateway's calls.
    pub address: String,
    /// Of the page with the QR code.
    pub sign_in_address: String,
    /// The application's key.
    pub app_key: String,
    /// The application's secret.
    pub app_secret: String,
    /// The tenant's id, a number.
    pub tenant_id: String,
    /// The application's name.
    pub client_id: String,
    /// The kind of accounts.
    pub namespace: String,
    /// The country code of mobile numbers.
    pub area_code: String,
    /// How parameters are written in what is signed.
    pub sign_encoding: SignEncoding,
    /// The address of the script with which a page speaks to the app.
    pub script: Option<String>,
}

/// Which setting of 浙政钉 is no good. What was set is not repeated: it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DingTalkError {
    /// The gateway's address.
    #[error("the gateway's address is not one: it begins with https:// (or http://), names a host and has no query")]
    Address,
    /// The sign-in page's address.
    #[error(
        "the sign-in page's address is not one: it begins with https:// (or http://), names a host and has no query"
    )]
    SignInAddress,
    /// The application's key.
    #[error("the application's key is no word: it travels in a header")]
    AppKey,
    /// The application's secret.
    #[error("the application's secret is empty")]
    AppSecret,
    /// The tenant's id.
    #[error("the tenant's id is a number")]
    TenantId,
    /// The application's name.
    #[error("the application's name is empty")]
    ClientId,
    /// The kind of accounts.
    #[error("the kind of accounts is empty: mostly it is local")]
    Namespace,
    /// The country code.
    #[error("a country code has one to four digits: 86")]
    AreaCode,
    /// How parameters are written.
    #[error("it is raw or urlencoded")]
    SignEncoding,
    /// The script's address.
    #[error("the script's address is not one: it begins with https:// (or http://) and names a host")]
    Script,
    /// TLS can't be had.
    #[error("the system's certificates can't be used")]
    Tls,
}

/// 浙政钉, as this site reaches it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DingTalk {
    client: Client,
    tenant: i64,
    area_code: String,
    script: Option<String>,
}

impl DingTalk {
    /// Checks the settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`DingTalkError`].
    pub fn new(set: DingTalkSettings, clock: &Clock, entropy: &Entropy) -> Result<Self, DingTalkError> {
        let tenant = set.tenant_id.trim().parse().map_err(|_| DingTalkError::TenantId)?;
        let area_code = set.area_code.trim().to_owned();
        if !(1..=4).contains(&area_code.len()) || !area_code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(DingTalkError::AreaCode);
        }
        // The crate tells of an empty one in words only.
        for (value, empty) in [
            (&set.app_key, DingTalkError::AppKey),
            (&set.app_secret, DingTalkError::AppSecret),
            (&set.client_id, DingTalkError::ClientId),
            (&set.namespace, DingTalkError::Namespace),
        ] {
            if value.trim().is_empty() {
                return Err(empty);
            }
        }
        let script = set.script.map(|script| script_address(&script)).transpose()?;
        let settings = Settings {
            address: set.address,
            sign_in_address: set.sign_in_address,
            app_key: set.app_key,
            app_secret: set.app_secret,
            tenant_id: set.tenant_id,
            client_id: set.client_id,
            namespace: set.namespace,
            sign_encoding: set.sign_encoding,
            timeout: dingtalk::TIMEOUT,
        };
        let (clock, entropy) = (clock.clone(), entropy.clone());
        let ambient = Ambient::new(move || clock.now().0, move || u32::from_be_bytes(entropy.bytes()));
        let client = Client::new(settings, ambient).map_err(|error| match error {
            SettingsError::Address => DingTalkError::Address,
            SettingsError::SignInAddress => DingTalkError::SignInAddress,
            SettingsError::AppKey | SettingsError::Empty(_) => DingTalkError::AppKey,
            SettingsError::SignEncoding => DingTalkError::SignEncoding,
            SettingsError::Timeout | SettingsError::Tls => DingTalkError::Tls,
        })?;
        Ok(Self { client, tenant, area_code, script })
    }

    /// The gateway of the tests, which is waited for less long.
    #[cfg(test)]
    pub(crate) fn of_fake(
        fake: &dingtalk::fake::Fake,
        clock: &Clock,
        entropy: &Entropy,
        timeout: std::time::Duration,
    ) -> Self {
        let (clock, entropy) = (clock.clone(), entropy.clone());
        let ambient = Ambient::new(move || clock.now().0, move || u32::from_be_bytes(entropy.bytes()));
        let settings = Settings { timeout, ..fake.settings() };
        let tenant = settings.tenant_id.parse().unwrap();
        Self { client: Client::new(settings, ambient).unwrap(), tenant, area_code: "86".to_owned(), script: None }
    }

    /// Whatever the gateway is told.
    #[cfg(test)]
    pub(crate) fn of_tenant(self, tenant: i64) -> Self {
        Self { tenant, ..self }
    }

    /// Who speaks to the gateway.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Whose people are let in.
    pub fn tenant(&self) -> i64 {
        self.tenant
    }

    /// The country code of the numbers that are looked up.
    pub(crate) fn area_code(&self) -> &str {
        &self.area_code
    }

    /// The address of the script with which a page speaks to the app; `None`: the app brings it.
    pub fn script(&self) -> Option<&str> {
        self.script.as_deref()
    }
}

fn script_address(script: &str) -> Result<String, DingTalkError> {
    let url = Url::parse(script.trim()).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.map(String::from).ok_or(DingTalkError::Script)
}
