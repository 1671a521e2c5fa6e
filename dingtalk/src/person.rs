//! People: who signs in, by QR code or inside the app, and who has a mobile number (identity.md, Sign-in).

use crate::client::{Carries, Client};
use crate::error::Error;
use crate::sign;
use serde_json::Value;
use std::fmt;

/// Of [`Client::employee_by_mobile`]: nobody has this number, as the published pages say. (215010 is: you may not look there.)
pub(crate) const NO_SUCH_MOBILE: &str = "210116";

/// Who signed in, as `getuserinfo_bycode.json` and `dingtalk_app_user.json` answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Who {
    /// `accountId`: to whom notifications go, and what a person is linked by.
    pub account_id: i64,
    /// `account`: the account's name; may be empty.
    pub account: String,
    /// `employeeCode`, `GE_…`; may be empty.
    pub employee_code: String,
    /// `lastName`: the whole name; else the nickname; may be empty.
    pub name: String,
    /// `tenantUserId`: the person within the tenant; may be empty.
    pub tenant_user_id: String,
    /// `realmId`: the tenant. Whoever lets people in compares it with the tenant's id of the settings.
    pub tenant_id: Option<i64>,
    /// `namespace`: the kind of account, mostly `local`; may be empty.
    pub namespace: String,
    /// `clientId`: the application that the person signed in to; may be empty.
    pub client_id: String,
}

/// An employee found by mobile number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// `accountId`: to whom notifications go.
    pub account_id: i64,
    /// `employeeCode`, `GE_…`.
    pub employee_code: String,
}

impl Client {
    /// Where a browser goes to show the QR code. It comes back to `redirect_uri` with `code`, for [`Client::by_code`], and `state`, which
    /// the caller has bound to the browser and takes once. The address must be below the one registered at the gateway.
    pub fn sign_in_page(&self, redirect_uri: &str, state: &str) -> String {
        let settings = self.settings();
        let query = sign::form(&[
            ("response_type", "code"),
            ("client_id", &settings.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", "get_user_info"),
            ("authType", "QRCODE"),
            ("state", state),
        ]);
        format!("{}/oauth2/auth.htm?{query}", settings.sign_in_address)
    }

    /// Who scanned the QR code; `code` is good once, and shortly.
    ///
    /// # Errors
    /// [`Error`]; [`Error::Refused`]: the code is none, used, or old.
    pub async fn by_code(&self, code: &str) -> Result<Who, Error> {
        who(&self.post("/rpc/oauth2/getuserinfo_bycode.json", &[("code", code)], Carries::Token).await?)
    }

    /// Who opened the page inside the app; `auth_code` is the app's (`getAuthCode`), good once, and shortly.
    ///
    /// # Errors
    /// As [`Client::by_code`].
    pub async fn by_auth_code(&self, auth_code: &str) -> Result<Who, Error> {
        who(&self.post("/rpc/oauth2/dingtalk_app_user.json", &[("auth_code", auth_code)], Carries::Token).await?)
    }

    /// The employee with this mobile number; `area_code` is 86 in China. None: nobody has it.
    ///
    /// # Errors
    /// [`Error`]; [`Error::Refused`], as 215010: the application may not look where the number is.
    pub async fn employee_by_mobile(&self, area_code: &str, mobile: &str) -> Result<Option<Employee>, Error> {
        let settings = self.settings();
        let params = [
            ("areaCode", area_code),
            ("namespace", &settings.namespace),
            ("tenantId", &settings.tenant_id),
            ("mobile", mobile),
        ];
        match self.post("/mozi/employee/get_by_mobile", &params, Carries::Nothing).await {
            Err(Error::Refused(refusal)) if refusal.code == NO_SUCH_MOBILE => Ok(None),
            Err(error) => Err(error),
            Ok(data) => employee(&data),
        }
    }
}

fn who(data: &Value) -> Result<Who, Error> {
    let name = [text(data, "lastName"), text(data, "nickNameCn")].into_iter().find(|name| !name.is_empty());
    Ok(Who {
        account_id: number(data, "accountId").ok_or(Error::Nonsense("it has no accountId"))?,
        account: text(data, "account"),
        employee_code: text(data, "employeeCode"),
        name: name.unwrap_or_default(),
        tenant_user_id: text(data, "tenantUserId"),
        tenant_id: number(data, "realmId"),
        namespace: text(data, "namespace"),
        client_id: text(data, "clientId"),
    })
}

/// Nothing, in any form, is nobody.
fn employee(data: &Value) -> Result<Option<Employee>, Error> {
    let is_nothing = match data {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => !fields.contains_key("accountId") && !fields.contains_key("employeeCode"),
        _ => false,
    };
    if is_nothing {
        return Ok(None);
    }
    let account_id = number(data, "accountId").ok_or(Error::Nonsense("it has no accountId"))?;
    Ok(Some(Employee { account_id, employee_code: text(data, "employeeCode") }))
}

/// A number, also one that is written as a text.
fn number(data: &Value, name: &str) -> Option<i64> {
    data[name].as_i64().or_else(|| data[name].as_str()?.trim().parse().ok())
}

/// A text, also one that is written as a number.
fn text(data: &Value, name: &str) -> String {
    match &data[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Without the account's name, which may be a mobile number.
impl fmt::Debug for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Who")
            .field("account_id", &self.account_id)
            .field("employee_code", &self.employee_code)
            .field("tenant_id", &self.tenant_id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// As published, with the numbers once as texts.
    #[test]
    fn a_person_is_read() {
        let data = json!({
            "account": "pishi.hy", "accountId": 93, "clientId": "mozi-developer-center", "employeeCode": "GE_1", "lastName": "洪阳",
            "namespace": "local", "nickNameCn": "小洪", "openid": "6f1a", "realmId": 57, "realmName": "测试租户", "tenantUserId": "57$93",
        });
        let person = who(&data).unwrap();
        assert_eq!((person.account_id, person.tenant_id), (93, Some(57)));
        assert_eq!((person.name.as_str(), person.employee_code.as_str()), ("洪阳", "GE_1"));
        assert_eq!((person.tenant_user_id.as_str(), person.namespace.as_str()), ("57$93", "local"));
        let texts = json!({ "accountId": "93", "nickNameCn": "小洪", "realmId": "57", "account": 13_812_341_234_i64 });
        let person = who(&texts).unwrap();
        assert_eq!((person.account_id, person.name.as_str(), person.tenant_id), (93, "小洪", Some(57)));
        assert!(!format!("{person:?}").contains("13812341234"));
    }

    #[test]
    fn a_person_without_an_id_is_none() {
        for data in [json!(null), json!({ "lastName": "洪阳" }), json!({ "accountId": "x" }), json!([1]), json!("")] {
            assert_eq!(who(&data), Err(Error::Nonsense("it has no accountId")), "{data}");
        }
    }

    #[test]
    fn nothing_is_nobody() {
        for data in [json!(null), json!(""), json!([]), json!({})] {
            assert_eq!(employee(&data), Ok(None), "{data}");
        }
        let found = employee(&json!({ "accountId": 100_135, "employeeCode": "GE_2" })).unwrap().unwrap();
        assert_eq!((found.account_id, found.employee_code.as_str()), (100_135, "GE_2"));
        assert!(employee(&json!({ "employeeCode": "GE_2" })).is_err());
        assert!(employee(&json!("x")).is_err());
    }
}
