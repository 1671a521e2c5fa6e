//! Roles and which of them one person may hold together. Spec: Who and what; identity.md.

use serde::{Deserialize, Serialize};

use crate::region::RegionCode;

/// What an account may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 政府工作人员 (业主单位).
    Staff,
    /// 审核人员.
    Reviewer,
    /// 数浙运营人员.
    Operator,
    /// 开发商.
    Developer,
    /// 系统管理员.
    SystemAdministrator,
    /// 安全管理员.
    SecurityAdministrator,
    /// 审计员.
    Auditor,
}

impl Role {
    /// All roles, in the order of the spec.
    pub const ALL: [Role; 7] = [
        Role::Staff,
        Role::Reviewer,
        Role::Operator,
        Role::Developer,
        Role::SystemAdministrator,
        Role::SecurityAdministrator,
        Role::Auditor,
    ];

    /// One of the three administrators (三员), whose duties are separated.
    pub const fn is_administrator(self) -> bool {
        matches!(self, Role::SystemAdministrator | Role::SecurityAdministrator | Role::Auditor)
    }

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Role::Staff => "staff",
            Role::Reviewer => "reviewer",
            Role::Operator => "operator",
            Role::Developer => "developer",
            Role::SystemAdministrator => "system_administrator",
            Role::SecurityAdministrator => "security_administrator",
            Role::Auditor => "auditor",
        }
    }

    /// The role with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.id() == id)
    }
}

/// A role of a person, and for which region, where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seat {
    /// The role.
    pub role: Role,
    /// Of reviewers and operators: they decide for exactly this region.
    pub region: Option<RegionCode>,
}

impl Seat {
    /// Reviewers name their region, operators are the province's, others have none.
    ///
    /// # Errors
    /// A sentence.
    pub fn of(role: Role, region: Option<RegionCode>) -> Result<Self, String> {
        match (role, region) {
            (Role::Reviewer, None) => Err("审核人员要有所审核的区域，请选择".to_owned()),
            (Role::Reviewer, Some(_)) => Ok(Self { role, region }),
            (Role::Operator, None | Some(RegionCode::PROVINCE)) => {
                Ok(Self { role, region: Some(RegionCode::PROVINCE) })
            }
            (Role::Operator, Some(_)) => Err("数浙运营人员的区域是浙江省，请更正".to_owned()),
            (_, None) => Ok(Self { role, region: None }),
            (_, Some(_)) => Err("只有审核人员和数浙运营人员有区域，请清空".to_owned()),
        }
    }
}

/// The roles of one account, as a bit set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleSet(u8);

impl RoleSet {
    /// No role.
    pub const EMPTY: RoleSet = RoleSet(0);

    /// These roles.
    pub fn of(roles: &[Role]) -> RoleSet {
        RoleSet(roles.iter().fold(0, |bits, role| bits | 1 << *role as u8))
    }

    /// Whether the role is among them.
    pub const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u8) != 0
    }

    /// The roles, in the order of the spec.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }

    /// None of the three administrators may hold another of the three, or a business role.
    pub fn is_separated(self) -> bool {
        self.0.count_ones() <= 1 || !self.iter().any(Role::is_administrator)
    }
}
