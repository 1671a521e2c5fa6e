//! The settings of sign-in by OpenID Connect (identity.md, Sign-in). A site that sets none of them has none of it.

use super::{WrongSetting, set};
use clap::Args;
use engine::outside::{Oidc, OidcError, OidcSettings};

/// How the site reaches its OpenID provider.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "OpenID Connect")]
pub struct OidcFlags {
    /// The OpenID provider's name for itself, to the letter: `https://login.example.gov.cn/realms/gov`. `http://` on this machine
    /// alone.
    #[arg(long, env = "IRS_OIDC_ISSUER")]
    pub oidc_issuer: Option<String>,

    /// This site's name (Client ID) there.
    #[arg(long, env = "IRS_OIDC_CLIENT_ID")]
    pub oidc_client_id: Option<String>,

    /// This site's secret (Client Secret) there.
    #[arg(long, env = "IRS_OIDC_CLIENT_SECRET", hide_env_values = true)]
    pub oidc_client_secret: Option<String>,

    /// The word on the button of the sign-in page, at most 20 characters.
    #[arg(long, env = "IRS_OIDC_NAME", default_value = "单位账号")]
    pub oidc_name: String,

    /// `CLAIM=account` or `CLAIM=dingtalk`: whose account it is at the first sign-in, by a claim that the provider alone decides and
    /// never gives to somebody else. Without it the system administrator says so.
    #[arg(long, env = "IRS_OIDC_MAP")]
    pub oidc_map: Option<String>,
}

const ISSUER: &str = "--oidc-issuer (IRS_OIDC_ISSUER)";
const CLIENT_ID: &str = "--oidc-client-id (IRS_OIDC_CLIENT_ID)";
const CLIENT_SECRET: &str = "--oidc-client-secret (IRS_OIDC_CLIENT_SECRET)";
const NAME: &str = "--oidc-name (IRS_OIDC_NAME)";
const MAP: &str = "--oidc-map (IRS_OIDC_MAP)";

impl OidcFlags {
    /// The provider, if the site has one.
    ///
    /// # Errors
    /// [`WrongSetting`].
    pub fn provider(&self) -> Result<Option<Oidc>, WrongSetting> {
        let needed =
            [(&self.oidc_issuer, ISSUER), (&self.oidc_client_id, CLIENT_ID), (&self.oidc_client_secret, CLIENT_SECRET)]
                .map(|(value, name)| (set(value), name));
        let map = set(&self.oidc_map);
        let there = needed.into_iter().chain([(map, MAP)]).find(|(value, _)| value.is_some());
        let missing = needed.iter().find(|(value, _)| value.is_none());
        let [issuer, client_id, client_secret] = match (there, missing) {
            (None, _) => return Ok(None),
            (Some((_, there)), Some((_, missing))) => return Err(WrongSetting::Alone(there, missing)),
            (Some(_), None) => needed.map(|(value, _)| value.unwrap_or_default().to_owned()),
        };
        let rule = map.map(str::parse).transpose().map_err(WrongSetting::of_oidc)?;
        let settings = OidcSettings { issuer, client_id, client_secret, name: self.oidc_name.clone(), rule };
        Oidc::new(settings).map(Some).map_err(WrongSetting::of_oidc)
    }
}

impl WrongSetting {
    fn of_oidc(cause: OidcError) -> Self {
        let setting = match cause {
            OidcError::Issuer | OidcError::Tls => ISSUER,
            OidcError::ClientId => CLIENT_ID,
            OidcError::ClientSecret => CLIENT_SECRET,
            OidcError::Name => NAME,
            OidcError::Rule => MAP,
        };
        Self::Oidc(setting, cause)
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;
    use clap::Parser;

    const WHOLE: [[&str; 2]; 3] = [
        ["--oidc-issuer", "https://login.example.gov.cn/realms/gov"],
        ["--oidc-client-id", "publish"],
        ["--oidc-client-secret", "secret1"],
    ];

    fn said(args: &[[&str; 2]]) -> Result<bool, String> {
        let settings = Settings::parse_from([&["server"], args.as_flattened()].concat());
        settings.oidc.provider().map(|it| it.is_some()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_half_set_or_wrong_is_named_without_its_secret() {
        assert_eq!(said(&[]), Ok(false));
        assert_eq!(said(&WHOLE.map(|[name, _]| [name, ""])), Ok(false), "a service's file leaves them blank");
        assert_eq!(said(&WHOLE), Ok(true));
        assert_eq!(said(&[&WHOLE[..], &[["--oidc-map", "employee_id=account"]]].concat()), Ok(true));
        assert_eq!(
            said(&WHOLE[..2]).unwrap_err(),
            "--oidc-issuer (IRS_OIDC_ISSUER) is set, but --oidc-client-secret (IRS_OIDC_CLIENT_SECRET) is not: set both, or neither"
        );
        assert!(said(&[["--oidc-map", "employee_id=account"]]).unwrap_err().starts_with("--oidc-map"));
        for [name, value] in [
            ["--oidc-issuer", "secret1"],
            ["--oidc-issuer", "http://login.example.gov.cn/secret1"],
            ["--oidc-issuer", "https://u:secret1@login.example.gov.cn"],
            ["--oidc-name", " "],
            ["--oidc-name", "一二三四五六七八九十一二三四五六七八九十一"],
            ["--oidc-map", "email=account"],
            ["--oidc-map", "secret1"],
        ] {
            let mut args = WHOLE.to_vec();
            args.retain(|[known, _]| *known != name);
            args.push([name, value]);
            let said = said(&args).unwrap_err();
            assert!(said.starts_with(name) && !said.contains("secret1"), "{said}");
        }
    }
}
