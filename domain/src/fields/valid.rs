//! A registration that passed every rule.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::shape::Shape;
use crate::ids::SystemId;
use crate::region::RegionCode;

/// A valid registration. Made by [`super::validate`] only; stored, compared and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidRegistration {
    /// Side, channels, type, hosting.
    pub shape: Shape,
    /// 应用系统; `None` from a form that can not change it.
    pub system: Option<SystemId>,
    /// 服务名称, after NFKC.
    pub name: String,
    /// 服务介绍.
    pub intro: String,
    /// 图标: content hash.
    pub icon: String,
    /// 服务用户类型.
    pub audience: Audience,
    /// 是否支持国产操作系统.
    pub domestic_os: bool,
    /// 移动端地址, where a person gives it; a hosted one's is the system's.
    pub mobile_url: Option<String>,
    /// 备用地址: governance hosted H5; never in a directory.
    pub backup_url: Option<String>,
    /// PC端地址.
    pub pc: PcAddress,
    /// 健康地址.
    pub health_url: Option<String>,
    /// 前端路由 of a hosted one; packages.md, One package for test and live.
    #[serde(default)]
    pub front_routing: FrontRouting,
    /// 运行参数, values for live, by name.
    pub parameters: Vec<Parameter>,
    /// 适用范围, never empty.
    pub scope: BTreeSet<RegionCode>,
    /// 开发商.
    pub vendor: String,
    /// 统一社会信用代码, 18 characters.
    pub credit_code: String,
    /// 开发商联系方式, 1 to 20, no number twice, in the order typed.
    pub contacts: Vec<Contact>,
    /// 是否统建; governance only.
    pub unified: Option<bool>,
    /// 所属区域; governance only.
    pub region: Option<RegionCode>,
}

/// 服务用户类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// 个人.
    Person,
    /// 法人.
    Enterprise,
    /// 个人和法人: listed under both.
    Both,
}

/// PC端地址.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PcAddress {
    /// None.
    None,
    /// 同移动端地址.
    SameAsMobile,
    /// 填充.
    Url(String),
}

/// 前端路由: how an application finds its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrontRouting {
    /// By paths: an unknown one without an extension answers `index.html`.
    #[default]
    History,
    /// By what stands behind `#`: an unknown path answers 404.
    Hash,
}

impl FrontRouting {
    /// Both.
    pub const ALL: [FrontRouting; 2] = [FrontRouting::History, FrontRouting::Hash];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            FrontRouting::History => "history",
            FrontRouting::Hash => "hash",
        }
    }

    /// The one of this id; blank is the default.
    pub fn from_id(id: &str) -> Option<FrontRouting> {
        if id.is_empty() { Some(FrontRouting::default()) } else { Self::ALL.into_iter().find(|one| one.id() == id) }
    }

    /// The words.
    pub const fn word(self) -> &'static str {
        match self {
            FrontRouting::History => "显示首页（history 路由）",
            FrontRouting::Hash => "显示“没有这个页面”（hash 路由）",
        }
    }
}

/// One developer contact.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Contact {
    /// Real name.
    pub name: String,
    /// 11 digits: the sign-in identity. Never logged whole.
    pub phone: String,
}

/// One parameter (运行参数), for test or for live.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name: letters, digits, `_`; at most 64.
    pub name: String,
    /// Its value; at most 2,000 characters.
    pub value: String,
}

impl ValidRegistration {
    /// What must be unique within the side, 已下线 and open orders included: the name without regard to
    /// case. After NFKC only ASCII letters have one.
    pub fn name_key(&self) -> String {
        super::name::key(&self.name)
    }
}

impl Audience {
    /// All, in the order of the spec.
    pub const ALL: [Audience; 3] = [Audience::Person, Audience::Enterprise, Audience::Both];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Audience::Person => "person",
            Audience::Enterprise => "enterprise",
            Audience::Both => "both",
        }
    }

    /// The audience with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Audience> {
        Audience::ALL.into_iter().find(|audience| audience.id() == id)
    }

    /// The words.
    pub const fn word(self) -> &'static str {
        match self {
            Audience::Person => "个人",
            Audience::Enterprise => "法人",
            Audience::Both => "个人和法人",
        }
    }
}
