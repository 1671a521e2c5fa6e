//! The settings of the outside world: 浙政钉 (identity.md, Sign-in, Work notifications). A site that sets none of them has none of it.

use super::{WrongSetting, set};
use clap::Args;
use engine::outside::{DingTalk, DingTalkError, DingTalkSettings, SignEncoding};
use engine::{Clock, Entropy};

/// How the site reaches who knows its people.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "浙政钉")]
pub struct Outside {
    /// The gateway of 专有钉钉 (浙政钉): `https://openplatform.example.gov.cn`.
    #[arg(long, env = "IRS_DINGTALK_URL")]
    pub dingtalk_url: Option<String>,

    /// The application's key (App Key) there.
    #[arg(long, env = "IRS_DINGTALK_APP_KEY")]
    pub dingtalk_app_key: Option<String>,

    /// The application's secret (App Secret), which signs every call.
    #[arg(long, env = "IRS_DINGTALK_APP_SECRET", hide_env_values = true)]
    pub dingtalk_app_secret: Option<String>,

    /// The tenant's id (租户ID): who belongs to another one is not let in.
    #[arg(long, env = "IRS_DINGTALK_TENANT_ID")]
    pub dingtalk_tenant_id: Option<String>,

    /// The application's name (应用标识), `client_id` of the sign-in page.
    #[arg(long, env = "IRS_DINGTALK_CLIENT_ID")]
    pub dingtalk_client_id: Option<String>,

    /// Where the sign-in page `/oauth2/auth.htm` is: `https://login.example.gov.cn`.
    #[arg(long, env = "IRS_DINGTALK_SIGN_IN_URL")]
    pub dingtalk_sign_in_url: Option<String>,

    /// The kind of accounts that people are looked up among.
    #[arg(long, env = "IRS_DINGTALK_NAMESPACE", default_value = "local")]
    pub dingtalk_namespace: String,

    /// The country code of mobile numbers that are looked up.
    #[arg(long, env = "IRS_DINGTALK_AREA_CODE", default_value = "86")]
    pub dingtalk_area_code: String,

    /// How parameters are written in what is signed: `raw`, or `urlencoded`.
    #[arg(long, env = "IRS_DINGTALK_SIGN_ENCODING", default_value = "raw")]
    pub dingtalk_sign_encoding: String,

    /// The script with which a page speaks to the app (JSAPI): `https://g.alicdn.com/…/index.js`. Without it only apps that bring
    /// it themselves sign people in without a page.
    #[arg(long, env = "IRS_DINGTALK_JSAPI_URL")]
    pub dingtalk_jsapi_url: Option<String>,
}

const URL: &str = "--dingtalk-url (IRS_DINGTALK_URL)";
const APP_KEY: &str = "--dingtalk-app-key (IRS_DINGTALK_APP_KEY)";
const APP_SECRET: &str = "--dingtalk-app-secret (IRS_DINGTALK_APP_SECRET)";
const TENANT_ID: &str = "--dingtalk-tenant-id (IRS_DINGTALK_TENANT_ID)";
const CLIENT_ID: &str = "--dingtalk-client-id (IRS_DINGTALK_CLIENT_ID)";
const SIGN_IN_URL: &str = "--dingtalk-sign-in-url (IRS_DINGTALK_SIGN_IN_URL)";
const NAMESPACE: &str = "--dingtalk-namespace (IRS_DINGTALK_NAMESPACE)";
const AREA_CODE: &str = "--dingtalk-area-code (IRS_DINGTALK_AREA_CODE)";
const SIGN_ENCODING: &str = "--dingtalk-sign-encoding (IRS_DINGTALK_SIGN_ENCODING)";
const JSAPI_URL: &str = "--dingtalk-jsapi-url (IRS_DINGTALK_JSAPI_URL)";

impl Outside {
    /// 浙政钉, if the site has it.
    ///
    /// # Errors
    /// [`WrongSetting`].
    pub fn dingtalk(&self, clock: &Clock, entropy: &Entropy) -> Result<Option<DingTalk>, WrongSetting> {
        let needed = [
            (&self.dingtalk_url, URL),
            (&self.dingtalk_app_key, APP_KEY),
            (&self.dingtalk_app_secret, APP_SECRET),
            (&self.dingtalk_tenant_id, TENANT_ID),
            (&self.dingtalk_client_id, CLIENT_ID),
            (&self.dingtalk_sign_in_url, SIGN_IN_URL),
        ]
        .map(|(value, name)| (set(value), name));
        let script = set(&self.dingtalk_jsapi_url);
        let there = needed.into_iter().chain([(script, JSAPI_URL)]).find(|(value, _)| value.is_some());
        let missing = needed.iter().find(|(value, _)| value.is_none());
        let [address, app_key, app_secret, tenant_id, client_id, sign_in_address] = match (there, missing) {
            (None, _) => return Ok(None),
            (Some((_, there)), Some((_, missing))) => return Err(WrongSetting::Alone(there, missing)),
            (Some(_), None) => needed.map(|(value, _)| value.unwrap_or_default().to_owned()),
        };
        let sign_encoding = self.dingtalk_sign_encoding.trim().parse::<SignEncoding>();
        let settings = DingTalkSettings {
            address,
            sign_in_address,
            app_key,
            app_secret,
            tenant_id,
            client_id,
            namespace: self.dingtalk_namespace.clone(),
            area_code: self.dingtalk_area_code.clone(),
            sign_encoding: sign_encoding.map_err(|_| WrongSetting::of_dingtalk(DingTalkError::SignEncoding))?,
            script: script.map(str::to_owned),
        };
        DingTalk::new(settings, clock, entropy).map(Some).map_err(WrongSetting::of_dingtalk)
    }
}

impl WrongSetting {
    fn of_dingtalk(cause: DingTalkError) -> Self {
        let setting = match cause {
            DingTalkError::Address | DingTalkError::Tls => URL,
            DingTalkError::SignInAddress => SIGN_IN_URL,
            DingTalkError::AppKey => APP_KEY,
            DingTalkError::AppSecret => APP_SECRET,
            DingTalkError::TenantId => TENANT_ID,
            DingTalkError::ClientId => CLIENT_ID,
            DingTalkError::Namespace => NAMESPACE,
            DingTalkError::AreaCode => AREA_CODE,
            DingTalkError::SignEncoding => SIGN_ENCODING,
            DingTalkError::Script => JSAPI_URL,
        };
        Self::DingTalk(setting, cause)
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::Settings;
    use clap::Parser;
    use engine::{Clock, Entropy};

    const WHOLE: [[&str; 2]; 6] = [
        ["--dingtalk-url", "https://openplatform.example.gov.cn"],
        ["--dingtalk-app-key", "publish-key"],
        ["--dingtalk-app-secret", "secret1"],
        ["--dingtalk-tenant-id", "196729"],
        ["--dingtalk-client-id", "publish_dingoa"],
        ["--dingtalk-sign-in-url", "https://login.example.gov.cn"],
    ];

    fn said(args: &[[&str; 2]]) -> Result<bool, String> {
        let settings = Settings::parse_from([&["server"], args.as_flattened()].concat());
        let made = settings.outside.dingtalk(&Clock::System, &Entropy::System);
        made.map(|it| it.is_some()).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_half_set_or_wrong_is_named_without_its_secret() {
        assert_eq!(said(&[]), Ok(false));
        assert_eq!(said(&WHOLE.map(|[name, _]| [name, ""])), Ok(false), "a service's file leaves them blank");
        assert_eq!(said(&WHOLE), Ok(true));
        assert_eq!(
            said(&WHOLE[..5]).unwrap_err(),
            "--dingtalk-url (IRS_DINGTALK_URL) is set, but --dingtalk-sign-in-url (IRS_DINGTALK_SIGN_IN_URL) is not: set both, or neither"
        );
        assert!(said(&[["--dingtalk-jsapi-url", "https://a/b.js"]]).unwrap_err().starts_with("--dingtalk-jsapi-url"));
        for [name, value] in [
            ["--dingtalk-url", "secret1"],
            ["--dingtalk-sign-in-url", "https://u:secret1@login"],
            ["--dingtalk-app-key", "secret1\n2"],
            ["--dingtalk-tenant-id", "secret1"],
            ["--dingtalk-namespace", " "],
            ["--dingtalk-area-code", "+secret1"],
            ["--dingtalk-sign-encoding", "secret1"],
            ["--dingtalk-jsapi-url", "javascript:secret1"],
        ] {
            let mut args = WHOLE.to_vec();
            args.retain(|[known, _]| *known != name);
            args.push([name, value]);
            let said = said(&args).unwrap_err();
            assert!(said.starts_with(name) && !said.contains("secret1"), "{said}");
        }
    }
}
