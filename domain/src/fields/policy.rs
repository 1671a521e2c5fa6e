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
    let length = number(&mut errors, FieldId::PolicyLength, &draft.length, 8..=64);
    let classes = number(&mut errors, FieldId::PolicyClasses, &draft.classes, 1..=4);
    let days = number(&mut errors, FieldId::PolicyDays, &draft.days, 1..=3650);
    let before = number(&mut errors, FieldId::PolicyBefore, &draft.before, 0..=24);
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

/// Named, so that the summary says which.
fn number<T: TryFrom<u16>>(
    errors: &mut FieldErrors,
    field: FieldId,
    typed: &str,
    range: RangeInclusive<u16>,
) -> Option<T> {
    let value = typed.trim().parse().ok().filter(|n| range.contains(n)).and_then(|n| T::try_from(n).ok());
    let wrong = || format!("{}：请填写 {} 到 {} 的整数", field.label(), range.start(), range.end());
    errors.keep(field, value.ok_or_else(wrong))
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
        let wrong = validate_policy(&bad).unwrap_err();
        let said: Vec<_> = wrong.iter().map(|error| error.text.as_str()).collect();
        let expected = [
            "密码最少字符数：请填写 8 到 64 的整数",
            "密码字符种类：请填写 1 到 4 的整数",
            "密码有效期：请填写 1 到 3650 的整数",
            "不能与最近几次相同：请填写 0 到 24 的整数",
            "请选择哪些账号必须用动态口令",
        ];
        assert_eq!(said, expected);
    }

    #[test]
    fn a_policy_of_before_demands_an_authenticator_of_the_administrators() {
        let stored: PasswordPolicy = serde_json::from_str(r#"{"length":12,"classes":3,"days":90,"before":5}"#).unwrap();
        assert_eq!(stored, PasswordPolicy::default());
        let all = PasswordPolicy { authenticator: AuthenticatorOf::Everybody, ..stored };
        assert_eq!(validate_policy(&PolicyDraft::from(&all)), Ok(all));
    }
}
