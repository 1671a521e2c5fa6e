//! What a row of each table says, checked. Everything that is wrong with it is said at once.

use super::Cells;
use crate::fields::account_name;
use crate::fields::phone::mobile;
use crate::fields::{Env, FieldId, within};
use crate::region::RegionCode;
use crate::role::{Role, Seat};
use crate::words;

/// A department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentEntry {
    /// 浙政钉 ID: the key.
    pub dingtalk_id: String,
    /// Its name.
    pub name: String,
    /// Where it sits.
    pub region: RegionCode,
}

/// A person's account. What is `None` is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// 账号: the key.
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

/// An application system of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemEntry {
    /// Its name: the key.
    pub name: String,
    /// 英文名.
    pub english_name: String,
    /// The department, by its 浙政钉 ID.
    pub department: String,
    /// Where it belongs.
    pub region: RegionCode,
    /// Accounts, each once.
    pub administrators: Vec<String>,
}

/// One role more of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleEntry {
    /// 账号: the key.
    pub account: String,
    /// The role, and of which region.
    pub seat: Seat,
}

impl DepartmentEntry {
    /// Checks a row.
    ///
    /// # Errors
    /// A sentence with everything that is wrong with it.
    pub fn read(cells: Cells<'_>) -> Result<Self, String> {
        let mut wrong = Vec::new();
        let dingtalk_id = cells.text(0, true, &mut wrong);
        let name = cells.text(1, true, &mut wrong);
        fits(FieldId::PersonDepartment, &name, &mut wrong);
        let region = region(cells.get(2)).map_err(|sentence| wrong.push(sentence)).ok();
        match region {
            Some(region) if wrong.is_empty() => Ok(Self { dingtalk_id, name, region }),
            _ => Err(wrong.join("；")),
        }
    }
}

impl AccountEntry {
    /// Checks a row.
    ///
    /// # Errors
    /// As [`DepartmentEntry::read`].
    pub fn read(cells: Cells<'_>, env: &Env) -> Result<Self, String> {
        let mut wrong = Vec::new();
        let account = account_name(cells.get(0)).map_err(|sentence| wrong.push(sentence)).ok();
        let name = cells.text(1, true, &mut wrong);
        fits(FieldId::PersonName, &name, &mut wrong);
        let department = given(cells.text(2, false, &mut wrong));
        let mut checked = |heading: usize, check: &dyn Fn(&str) -> Result<String, String>| match cells.get(heading) {
            "" => None,
            typed => check(typed).map_err(|sentence| wrong.push(sentence)).ok(),
        };
        let mobile = checked(3, &|typed| mobile(typed, env));
        let email = checked(4, &|typed| email(typed));
        let dingtalk_id = checked(5, &|typed| dingtalk_id(typed).map(|id| id.to_string()));
        let dingtalk_id = dingtalk_id.and_then(|id| id.parse().ok());
        match account {
            Some(account) if wrong.is_empty() => Ok(Self { account, name, department, mobile, email, dingtalk_id }),
            _ => Err(wrong.join("；")),
        }
    }
}

impl SystemEntry {
    /// Checks a row.
    ///
    /// # Errors
    /// As [`DepartmentEntry::read`].
    pub fn read(cells: Cells<'_>) -> Result<Self, String> {
        let mut wrong = Vec::new();
        let (name, english_name) = (cells.text(0, true, &mut wrong), cells.text(1, true, &mut wrong));
        let department = cells.text(2, true, &mut wrong);
        let region = region(cells.get(3)).map_err(|sentence| wrong.push(sentence)).ok();
        let mut administrators: Vec<String> = Vec::new();
        for typed in
            cells.get(4).split(['、', ',', '，', ';', '；', ' ', '\n']).filter(|typed| !typed.trim().is_empty())
        {
            match account_name(typed) {
                Ok(account) if !administrators.contains(&account) => administrators.push(account),
                Ok(_) => {}
                Err(sentence) => wrong.push(format!("管理员{}：{sentence}", typed.trim())),
            }
        }
        if administrators.is_empty() && wrong.is_empty() {
            wrong.push("缺少管理员账号：没有管理员的应用系统谁也看不到".to_owned());
        }
        match region {
            Some(region) if wrong.is_empty() => Ok(Self { name, english_name, department, region, administrators }),
            _ => Err(wrong.join("；")),
        }
    }
}

impl RoleEntry {
    /// Checks a row.
    ///
    /// # Errors
    /// As [`DepartmentEntry::read`].
    pub fn read(cells: Cells<'_>) -> Result<Self, String> {
        let mut wrong = Vec::new();
        let account = account_name(cells.get(0)).map_err(|sentence| wrong.push(sentence)).ok();
        let role = role(cells.get(1)).map_err(|sentence| wrong.push(sentence)).ok();
        let region = match cells.get(2) {
            "" => Some(None),
            typed => region(typed).map(Some).map_err(|sentence| wrong.push(sentence)).ok(),
        };
        let seat = match (role, region) {
            (Some(role), Some(region)) => Seat::of(role, region).map_err(|sentence| wrong.push(sentence)).ok(),
            _ => None,
        };
        match (account, seat) {
            (Some(account), Some(seat)) => Ok(Self { account, seat }),
            _ => Err(wrong.join("；")),
        }
    }
}

/// As long as the form takes it.
fn fits(field: FieldId, text: &str, wrong: &mut Vec<String>) {
    wrong.extend(within(field, text).err());
}

fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// A region by its name, where only one has it, or its code.
///
/// # Errors
/// A sentence.
pub fn region(typed: &str) -> Result<RegionCode, String> {
    if typed.is_empty() {
        return Err("缺少区域".to_owned());
    }
    let mut named = RegionCode::all().filter(|region| region.name() == typed);
    match (RegionCode::parse(typed), named.next(), named.next()) {
        (Some(region), ..) | (None, Some(region), None) => Ok(region),
        (None, Some(_), Some(_)) => Err(format!("不止一个区域叫「{typed}」，请填六位行政区划代码")),
        (None, None, _) => Err(format!("没有区域「{}」", typed.chars().take(20).collect::<String>())),
    }
}

fn role(typed: &str) -> Result<Role, String> {
    match Role::ALL.into_iter().find(|role| words::role(*role) == typed) {
        Some(role) => Ok(role),
        None if typed.is_empty() => Err("缺少角色".to_owned()),
        None => {
            let known = Role::ALL.map(words::role).join("、");
            Err(format!("不认识角色「{}」，可以填：{known}", typed.chars().take(20).collect::<String>()))
        }
    }
}

/// An address of e-mail, as far as its form tells.
///
/// # Errors
/// A sentence.
pub fn email(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    let plain = typed.len() <= 254 && typed.chars().all(|c| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c));
    match typed.split_once('@') {
        Some((name, host)) if plain && !name.is_empty() && host.contains('.') && !host.contains('@') => {
            Ok(typed.to_owned())
        }
        _ => Err("邮箱地址不对，请填写像 name@example.gov.cn 这样的地址".to_owned()),
    }
}

/// `accountId` of 浙政钉: a whole number.
///
/// # Errors
/// A sentence.
pub fn dingtalk_id(typed: &str) -> Result<i64, String> {
    let wrong = || "人员浙政钉ID是一串数字（accountId），请核对".to_owned();
    typed.trim().parse().ok().filter(|id| *id > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, ImportKind};
    use super::*;
    use crate::fields::tests::ENV;

    fn read<T>(kind: ImportKind, cells: &[&str], read: impl Fn(Cells<'_>) -> Result<T, String>) -> Result<T, String> {
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let columns = Columns::find(kind, &owned(kind.headings())).unwrap();
        read(columns.cells(&owned(cells)))
    }

    #[test]
    fn a_department_has_a_region_by_name_or_code() {
        let of = |cells: &[&str]| read(ImportKind::Departments, cells, DepartmentEntry::read);
        assert_eq!(
            of(&["GO_1", "交通局", "杭州市"]).unwrap().region,
            of(&["GO_1", "交通局", "330100"]).unwrap().region
        );
        assert_eq!(of(&["", "", ""]).unwrap_err().split('；').count(), 3);
        assert!(of(&["GO_1", "交通局", "上海市"]).unwrap_err().contains("没有区域「上海市」"));
    }

    #[test]
    fn an_account_may_leave_out_all_but_its_names() {
        let of = |cells: &[&str]| read(ImportKind::Accounts, cells, |cells| AccountEntry::read(cells, &ENV));
        let whole = of(&["WangWei", "王伟", "交通局", "138 0000-0001", "w@example.gov.cn", "100135"]).unwrap();
        assert_eq!((whole.account.as_str(), whole.mobile.as_deref()), ("wangwei", Some("13800000001")));
        assert_eq!((whole.email.as_deref(), whole.dingtalk_id), (Some("w@example.gov.cn"), Some(100_135)));
        let bare = of(&["wangwei", "王伟"]).unwrap();
        assert_eq!((bare.department, bare.mobile, bare.email, bare.dingtalk_id), (None, None, None, None));
        assert_eq!(of(&["1", "", "", "123", "x", "GE_1"]).unwrap_err().split('；').count(), 5);
    }

    #[test]
    fn a_system_names_its_administrators_each_once() {
        let of = |cells: &[&str]| read(ImportKind::Systems, cells, SystemEntry::read);
        let system = of(&["公交", "Bus", "GO_1", "杭州市", "wang、li, wang"]).unwrap();
        assert_eq!(system.administrators, ["wang", "li"]);
        assert!(of(&["公交", "Bus", "GO_1", "杭州市", ""]).unwrap_err().contains("缺少管理员账号"));
        assert!(of(&["公交", "Bus", "GO_1", "杭州市", "王"]).unwrap_err().contains("管理员王"));
    }

    #[test]
    fn a_role_has_a_region_where_it_decides_and_none_elsewhere() {
        let of = |cells: &[&str]| read(ImportKind::Roles, cells, RoleEntry::read);
        assert_eq!(of(&["li", "审核人员", "杭州市"]).unwrap().seat.role, Role::Reviewer);
        assert!(of(&["li", "政府工作人员", ""]).is_ok());
        for wrong in [["li", "审核人员", ""], ["li", "开发商", "杭州市"], ["li", "管理员", ""], ["", "开发商", ""]]
        {
            assert!(of(&wrong).is_err(), "{wrong:?}");
        }
    }
}
