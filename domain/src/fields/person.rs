//! The forms of a person's account and of a person's roles (identity.md, The three administrators).

use serde::{Deserialize, Serialize};

use super::Env;
use super::account::account_name;
use super::errors::{FieldErrors, filled, within};
use super::phone::mobile;
use super::table::FieldId;
use crate::import::{dingtalk_id, email};
use crate::region::RegionCode;
use crate::role::{Role, RoleSet, Seat};

/// Roles of one person, at most: a reviewer of every county has one for each.
pub const SEATS_MOST: usize = 120;

/// An account, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PersonDraft {
    /// 账号; of a new account alone.
    pub account: String,
    /// 姓名.
    pub name: String,
    /// 部门, by its name; may be empty.
    pub department: String,
    /// 手机号; may be empty.
    pub mobile: String,
    /// 邮箱; may be empty.
    pub email: String,
    /// 人员浙政钉ID; may be empty.
    pub dingtalk_id: String,
}

/// A valid account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidPerson {
    /// 账号; empty where it is not asked.
    pub account: String,
    /// 姓名.
    pub name: String,
    /// The department's name.
    pub department: Option<String>,
    /// 11 digits.
    pub mobile: Option<String>,
    /// Where notices are sent.
    pub email: Option<String>,
    /// `accountId` of 浙政钉.
    pub dingtalk_id: Option<i64>,
}

/// Checks an account. An account's name is given once: `is_new`.
///
/// # Errors
/// Every error at once.
pub fn validate_person(draft: &PersonDraft, is_new: bool, env: &Env) -> Result<ValidPerson, FieldErrors> {
    let mut errors = FieldErrors::new();
    let account = match is_new {
        true => errors.keep(FieldId::Account, account_name(&draft.account)),
        false => Some(String::new()),
    };
    let name = errors.keep(FieldId::PersonName, filled(FieldId::PersonName, &draft.name));
    let department = errors.keep(FieldId::PersonDepartment, within(FieldId::PersonDepartment, &draft.department));
    let mobile = optional(&draft.mobile, |typed| mobile(typed, env));
    let mobile = errors.keep(FieldId::PersonMobile, mobile);
    let email = errors.keep(FieldId::PersonEmail, optional(&draft.email, email));
    let dingtalk_id = errors.keep(FieldId::PersonDingtalk, optional(&draft.dingtalk_id, dingtalk_id));
    let valid = account.zip(name).zip(department).zip(mobile).zip(email).zip(dingtalk_id);
    errors.or(valid.map(|(((((account, name), department), mobile), email), dingtalk_id)| ValidPerson {
        account,
        name,
        department: Some(department).filter(|name| !name.is_empty()),
        mobile,
        email,
        dingtalk_id,
    }))
}

fn optional<T>(typed: &str, check: impl Fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if typed.trim().is_empty() { Ok(None) } else { check(typed).map(Some) }
}

/// The roles of a person, as typed. A line without a role is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RolesDraft {
    /// A line each.
    pub seats: Vec<SeatDraft>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SeatDraft {
    /// A role's id; empty: this line is left out.
    pub role: String,
    /// A region's code; empty: none.
    pub region: String,
}

/// Checks the roles of a person: each once, separated duties.
///
/// # Errors
/// Every error at once, by line.
pub fn validate_roles(draft: &RolesDraft) -> Result<Vec<Seat>, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut seats: Vec<Seat> = Vec::new();
    for (line, typed) in draft.seats.iter().enumerate().filter(|(_, typed)| !typed.role.is_empty()) {
        match read(typed) {
            Ok(seat) if !seats.contains(&seat) => seats.push(seat),
            Ok(_) => {}
            Err(text) => errors.add_item(FieldId::Seats, line, text),
        }
    }
    let roles: Vec<Role> = seats.iter().map(|seat| seat.role).collect();
    if !RoleSet::of(&roles).is_separated() {
        errors.add(FieldId::Seats, "系统管理员、安全管理员、审计员不能同时有其他角色，请只保留一个");
    }
    if seats.len() > SEATS_MOST {
        errors.add(FieldId::Seats, format!("一个人最多 {SEATS_MOST} 个角色，请减少"));
    }
    seats.sort();
    errors.or(Some(seats))
}

fn read(typed: &SeatDraft) -> Result<Seat, String> {
    let role = Role::from_id(&typed.role).ok_or("没有这个角色，请重新选择")?;
    let region = match typed.region.as_str() {
        "" => None,
        code => Some(RegionCode::parse(code).ok_or("没有这个区域，请重新选择")?),
    };
    Seat::of(role, region)
}

#[cfg(test)]
mod tests {
    use super::super::tests::ENV;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_account_says_all_that_is_wrong_with_it() {
        let bad = PersonDraft {
            account: "1".to_owned(),
            mobile: "12".to_owned(),
            email: "x".to_owned(),
            dingtalk_id: "GE_1".to_owned(),
            ..PersonDraft::default()
        };
        assert_eq!(validate_person(&bad, true, &ENV).unwrap_err().len(), 5);
        assert_eq!(validate_person(&bad, false, &ENV).unwrap_err().len(), 4, "the account's name is not asked");
        let good = PersonDraft { account: "Li".to_owned(), name: " 李敏 ".to_owned(), ..PersonDraft::default() };
        let valid = validate_person(&good, true, &ENV).unwrap();
        assert_eq!((valid.account.as_str(), valid.name.as_str(), valid.mobile), ("li", "李敏", None));
    }

    fn any_seat() -> impl Strategy<Value = SeatDraft> {
        let role = proptest::sample::select(Role::ALL.to_vec());
        let region = proptest::sample::select(vec!["", "330000", "330100", "330102", "1"]);
        (role, region).prop_map(|(role, region)| SeatDraft { role: role.id().to_owned(), region: region.to_owned() })
    }

    proptest! {
        #[test]
        fn what_is_taken_is_separated_and_each_once(seats in proptest::collection::vec(any_seat(), 0..5)) {
            if let Ok(valid) = validate_roles(&RolesDraft { seats }) {
                let roles: Vec<Role> = valid.iter().map(|seat| seat.role).collect();
                prop_assert!(RoleSet::of(&roles).is_separated());
                for (n, seat) in valid.iter().enumerate() {
                    prop_assert!(!valid[..n].contains(seat));
                    let decides = matches!(seat.role, Role::Reviewer | Role::Operator);
                    prop_assert_eq!(seat.region.is_some(), decides);
                }
            }
        }
    }

    #[test]
    fn a_line_without_a_role_is_none_and_a_wrong_one_is_named() {
        let line = |role: &str, region: &str| SeatDraft { role: role.to_owned(), region: region.to_owned() };
        let of = |seats: Vec<SeatDraft>| validate_roles(&RolesDraft { seats });
        assert_eq!(of(vec![line("", "330100"), line("staff", "")]).unwrap().len(), 1);
        let errors = of(vec![line("staff", ""), line("reviewer", ""), line("x", "")]).unwrap_err();
        assert_eq!(errors.iter().map(|error| error.item).collect::<Vec<_>>(), [Some(1), Some(2)]);
        assert!(of(vec![line("auditor", ""), line("staff", "")]).is_err());
    }
}
