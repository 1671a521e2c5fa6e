//! The forms of accounts: the first start, activation (identity.md, First start, Sign-in).

use serde::{Deserialize, Serialize};

use super::errors::{FieldErrors, filled, please_fill};
use super::table::FieldId;
use crate::password::{PasswordPolicy, WhosePassword};
use crate::role::Role;
use crate::words;

/// Who becomes which administrator, in this order.
pub const ADMINISTRATORS: [Role; 3] = [Role::SystemAdministrator, Role::SecurityAdministrator, Role::Auditor];

/// Letters of an account's name, at least and at most.
const ACCOUNT_SHORTEST: usize = 2;
const ACCOUNT_LONGEST: usize = 32;

/// The three administrators, as typed, in the order of [`ADMINISTRATORS`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FirstStartDraft {
    /// Three.
    pub people: Vec<AdministratorDraft>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AdministratorDraft {
    /// 姓名.
    pub name: String,
    /// 账号.
    pub account: String,
}

/// A valid new account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidAccount {
    /// 姓名.
    pub name: String,
    /// 账号.
    pub account: String,
    /// What they are.
    pub role: Role,
}

/// Three different people.
///
/// # Errors
/// Every error at once.
pub fn validate_first_start(draft: &FirstStartDraft) -> Result<Vec<ValidAccount>, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut valid: Vec<ValidAccount> = Vec::new();
    for (at, role) in ADMINISTRATORS.into_iter().enumerate() {
        let typed = draft.people.get(at).cloned().unwrap_or_default();
        // The summary has three of each.
        let mut wrong = |field, text: String| errors.add_item(field, at, format!("{}：{text}", words::role(role)));
        let name = filled(FieldId::PersonName, &typed.name).and_then(|name| {
            let taken = valid.iter().any(|other| other.name == name);
            if taken { Err("三个管理员必须是三个不同的人".to_owned()) } else { Ok(name) }
        });
        let account = account_name(&typed.account).and_then(|account| {
            let taken = valid.iter().any(|other| other.account == account);
            if taken { Err("三个管理员要用三个不同的账号".to_owned()) } else { Ok(account) }
        });
        match (name, account) {
            (Ok(name), Ok(account)) => valid.push(ValidAccount { name, account, role }),
            (name, account) => {
                for (field, text) in [(FieldId::PersonName, name.err()), (FieldId::Account, account.err())] {
                    if let Some(text) = text {
                        wrong(field, text);
                    }
                }
            }
        }
    }
    errors.or(Some(valid))
}

/// An account's name, in lower case.
///
/// # Errors
/// The sentence for beside the field.
pub fn account_name(typed: &str) -> Result<String, String> {
    let account = typed.trim().to_lowercase();
    if account.is_empty() {
        return Err(please_fill(FieldId::Account));
    }
    let letters = account.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
    let fits = (ACCOUNT_SHORTEST..=ACCOUNT_LONGEST).contains(&account.len());
    if letters && fits && account.starts_with(|c: char| c.is_ascii_lowercase()) {
        Ok(account)
    } else {
        Err("账号要以字母开头，用 2 至 32 个小写字母、数字、点、横线或下划线".to_owned())
    }
}

/// 激活, as typed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivationDraft {
    /// 新密码.
    pub password: String,
    /// 动态验证码, of whom one is demanded.
    pub code: String,
}

/// A password is in no log.
impl std::fmt::Debug for ActivationDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ActivationDraft")
    }
}

/// Valid, as far as the form tells.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidActivation {
    /// 新密码.
    pub password: String,
    /// Six digits, of whom one is demanded.
    pub code: Option<String>,
}

/// 绑定身份验证器, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BindDraft {
    /// 动态验证码.
    pub code: String,
}

/// What a change of what one signs in with asks for again, as typed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskedAgainDraft {
    /// 现在的密码.
    pub password: String,
    /// 动态验证码 or a recovery code; empty where no authenticator is bound.
    pub code: String,
}

/// A password is in no log.
impl std::fmt::Debug for AskedAgainDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AskedAgainDraft")
    }
}

/// Checks it: six digits.
///
/// # Errors
/// What is wrong with it.
pub fn validate_bind(draft: &BindDraft) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::new();
    let digits = errors.keep(FieldId::OneTimeCode, one_time_code(&draft.code));
    errors.or(digits)
}

/// Six digits, with blanks wherever they were typed.
fn one_time_code(typed: &str) -> Result<String, String> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let is_code = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { Ok(digits) } else { Err("请填写身份验证器显示的 6 位数字".to_owned()) }
}

/// Checks all of it; `with_code`: 动态验证码 is demanded.
///
/// # Errors
/// Every error at once.
pub fn validate_activation(
    draft: &ActivationDraft,
    policy: &PasswordPolicy,
    whose: WhosePassword<'_>,
    with_code: bool,
) -> Result<ValidActivation, FieldErrors> {
    let mut errors = FieldErrors::new();
    if let Some(problem) = policy.problem(&draft.password, whose) {
        errors.add(FieldId::NewPassword, problem);
    }
    let code = if with_code { errors.keep(FieldId::OneTimeCode, one_time_code(&draft.code)) } else { None };
    errors.or(Some(ValidActivation { password: draft.password.clone(), code }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(of: [(&str, &str); 3]) -> FirstStartDraft {
        let one =
            |(name, account): (&str, &str)| AdministratorDraft { name: name.to_owned(), account: account.to_owned() };
        FirstStartDraft { people: of.map(one).to_vec() }
    }

    #[test]
    fn three_different_people_become_three_administrators() {
        let valid =
            validate_first_start(&people([("冯雪", "fengxue"), ("褚强", " ChuQiang "), ("卫平", "wei.ping-2")]))
                .unwrap();
        let found: Vec<_> = valid.iter().map(|one| (one.account.as_str(), one.role)).collect();
        assert_eq!(
            found,
            [("fengxue", ADMINISTRATORS[0]), ("chuqiang", ADMINISTRATORS[1]), ("wei.ping-2", ADMINISTRATORS[2])]
        );
        let wrong = |draft| {
            let errors = validate_first_start(&draft).unwrap_err();
            errors.iter().map(|error| (error.field, error.item)).collect::<Vec<_>>()
        };
        let (name, account) = (FieldId::PersonName, FieldId::Account);
        assert_eq!(wrong(people([("冯雪", "a1"), ("褚强", "a1"), ("卫平", "a2")])), [(account, Some(1))]);
        assert_eq!(wrong(people([("冯雪", "a1"), ("冯雪", "a2"), ("卫平", "a3")])), [(name, Some(1))]);
        assert_eq!(
            wrong(people([("冯雪", "1a"), (" ", "a2"), ("卫平", "公交")])),
            [(account, Some(0)), (name, Some(1)), (account, Some(2))]
        );
        assert_eq!(wrong(FirstStartDraft::default()).len(), 6);
    }

    #[test]
    fn an_activation_has_a_password_and_where_it_is_demanded_six_digits() {
        let (policy, whose) = (PasswordPolicy::default(), WhosePassword { account: "fengxue", name: "冯雪" });
        let draft =
            |password: &str, code: &str| ActivationDraft { password: password.to_owned(), code: code.to_owned() };
        let valid = validate_activation(&draft("Qiantang-Chao-18", "123 456"), &policy, whose, true);
        assert_eq!(valid.ok().and_then(|valid| valid.code), Some("123456".to_owned()));
        let fields = |draft, demanded| match validate_activation(&draft, &policy, whose, demanded) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(|error| error.field).collect::<Vec<_>>(),
        };
        assert_eq!(fields(draft("short", "12345"), true), [FieldId::NewPassword, FieldId::OneTimeCode]);
        assert_eq!(fields(draft("Qiantang-Chao-18", ""), false), []);
    }
}
