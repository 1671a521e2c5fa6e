//! 登录策略: what passwords must be, as the security administrator sets it (identity.md, Sign-in).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::errors::FieldErrors;
use super::table::FieldId;
use crate::password::{AuthenticatorOf, PasswordPolicy};

/// The policy, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyDraft {
    /// 最少字符数.
    pub length: String,
    /// 字符种类.
    pub classes: String,
    /// 有效期. Days.
    pub days: String,
    /// 不与最近几次相同.
    pub before: String,
    /// 动态口令: the id of an [`AuthenticatorOf`].
    pub authenticator: String,
}

/// Checks it.
///
/// # Errors
/// Every error at once.
pub fn validate_policy(draft: &PolicyDraft) -> Result<PasswordPolicy, FieldErrors> {
    let mut errors = FieldErrors::new();
    let length = errors.keep(FieldId::PolicyLength, number(&draft.length, 8..=64));
    let classes = errors.keep(FieldId::PolicyClasses, number(&draft.classes, 1..=4));
    let days = errors.keep(FieldId::PolicyDays, number(&draft.days, 1..=3650));
    let before = errors.keep(FieldId::PolicyBefore, number(&draft.before, 0..=24));
    let authenticator = errors.keep(FieldId::PolicyAuthenticator, demanded(&draft.authenticator));
    let valid = length.zip(classes).zip(days).zip(before).zip(authenticator);
    errors.or(valid.map(|((((length, classes), days), before), authenticator)| PasswordPolicy {
        length,
        classes,
        days,
        before,
        authenticator,
    }))
}

fn number<T: TryFrom<u16>>(typed: &str, range: RangeInclusive<u16>) -> Result<T, String> {
    let wrong = || format!("请填写 {} 到 {} 的整数", range.start(), range.end());
    let n: u16 = typed.trim().parse().map_err(|_| wrong())?;
    if !range.contains(&n) {
        return Err(wrong());
    }
    T::try_from(n).map_err(|_| wrong())
}

/// A page that was opened before this was asked sends nothing: then nobody says that it may be loosened.
fn demanded(typed: &str) -> Result<AuthenticatorOf, String> {
    let of = AuthenticatorOf::ALL.into_iter().find(|of| of.id() == typed);
    of.ok_or_else(|| "请选择哪些账号必须用动态口令".to_owned())
}

/// As the form opens.
impl From<&PasswordPolicy> for PolicyDraft {
    fn from(policy: &PasswordPolicy) -> Self {
        Self {
            length: policy.length.to_string(),
            classes: policy.classes.to_string(),
            days: policy.days.to_string(),
            before: policy.before.to_string(),
            authenticator: policy.authenticator.id().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_comes_back_and_what_is_out_of_range_is_said() {
        let draft = PolicyDraft::from(&PasswordPolicy::default());
        assert_eq!(validate_policy(&draft), Ok(PasswordPolicy::default()));
        let bad = PolicyDraft {
            length: "7".to_owned(),
            classes: "5".to_owned(),
            days: "x".to_owned(),
            before: String::new(),
            authenticator: "nobody".to_owned(),
        };
        assert_eq!(validate_policy(&bad).unwrap_err().len(), 5);
    }

    #[test]
    fn a_policy_of_before_demands_an_authenticator_of_the_administrators() {
        let stored: PasswordPolicy = serde_json::from_str(r#"{"length":12,"classes":3,"days":90,"before":5}"#).unwrap();
        assert_eq!(stored, PasswordPolicy::default());
        let all = PasswordPolicy { authenticator: AuthenticatorOf::Everybody, ..stored };
        assert_eq!(validate_policy(&PolicyDraft::from(&all)), Ok(all));
    }
}
