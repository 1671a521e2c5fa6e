//! A registration as typed: strings, kept as a draft, never lost.

use serde::{Deserialize, Serialize};

use super::table::{Part, Parts};
use super::valid::{PcAddress, ValidRegistration};
use crate::region::RegionCode;

/// The registration form as a person typed it. A missing field reads as blank, so that old drafts open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Registration {
    /// 变更类型: `listing` (上架信息), `release` (发布信息); of an information change alone.
    pub parts: Vec<String>,
    /// 发布端: ids of channels; service side.
    pub channels: Vec<String>,
    /// 发布类型: id; governance side.
    pub kind: String,
    /// 代码托管: `yes`, `no` or blank for the default; governance H5.
    pub hosted: String,
    /// 应用系统: its id.
    pub system: String,
    /// 服务名称.
    pub name: String,
    /// 服务介绍.
    pub intro: String,
    /// 图标: the content hash of the stored picture.
    pub icon: String,
    /// 服务用户类型: id.
    pub audience: String,
    /// 是否支持国产操作系统: `yes` or `no`.
    pub domestic_os: String,
    /// 移动端地址.
    pub mobile_url: String,
    /// 备用地址.
    pub backup_url: String,
    /// PC端地址: `fill` (填充), `same` (同移动端地址) or blank.
    pub pc_mode: String,
    /// PC端地址, if filled in.
    pub pc_url: String,
    /// 健康地址.
    pub health_url: String,
    /// 前端路由: `history`, `hash` or blank for the default.
    pub front_routing: String,
    /// 运行参数.
    pub parameters: Vec<ParameterDraft>,
    /// 适用范围: region codes.
    pub scope: Vec<String>,
    /// 开发商.
    pub vendor: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// 开发商联系方式; rows that are blank as a whole are not read.
    pub contacts: Vec<ContactDraft>,
    /// 是否统建: `yes` or `no`.
    pub unified: String,
    /// 所属区域: region code.
    pub region: String,
}

/// One contact as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactDraft {
    /// 姓名.
    pub name: String,
    /// 手机号.
    pub phone: String,
}

/// One parameter as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ParameterDraft {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The values for test, as typed on the workbench.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TestDraft {
    /// 运行参数; the values are those for test.
    pub parameters: Vec<ParameterDraft>,
}

impl Registration {
    /// The draft with what is registered now: how a correction or change form opens.
    pub fn of(now: &ValidRegistration) -> Registration {
        let yes_no = |yes| if yes { "yes" } else { "no" }.to_owned();
        let url = |url: &Option<String>| url.clone().unwrap_or_default();
        let (pc_mode, pc_url) = match &now.pc {
            PcAddress::None => (String::new(), String::new()),
            PcAddress::SameAsMobile => ("same".to_owned(), String::new()),
            PcAddress::Url(url) => ("fill".to_owned(), url.clone()),
        };
        let contact =
            |contact: &super::Contact| ContactDraft { name: contact.name.clone(), phone: contact.phone.clone() };
        let parameter = |parameter: &super::Parameter| ParameterDraft {
            name: parameter.name.clone(),
            value: parameter.value.clone(),
        };
        Registration {
            parts: Vec::new(),
            channels: now.shape.channels.iter().map(|channel| channel.id().to_owned()).collect(),
            kind: now.shape.kind.id().to_owned(),
            hosted: yes_no(now.shape.hosted),
            system: now.system.map(|system| system.0.to_string()).unwrap_or_default(),
            name: now.name.clone(),
            intro: now.intro.clone(),
            icon: now.icon.clone(),
            audience: now.audience.id().to_owned(),
            domestic_os: yes_no(now.domestic_os),
            mobile_url: url(&now.mobile_url),
            backup_url: url(&now.backup_url),
            pc_mode,
            pc_url,
            health_url: url(&now.health_url),
            front_routing: now.front_routing.id().to_owned(),
            parameters: now.parameters.iter().map(parameter).collect(),
            scope: now.scope.iter().map(RegionCode::to_string).collect(),
            vendor: now.vendor.clone(),
            credit_code: now.credit_code.clone(),
            contacts: now.contacts.iter().map(contact).collect(),
            unified: now.unified.map(yes_no).unwrap_or_default(),
            region: now.region.map(|region| region.to_string()).unwrap_or_default(),
        }
    }

    /// The chosen kinds of an information change.
    pub fn chosen_parts(&self) -> Parts {
        let has = |id: &str| self.parts.iter().any(|chosen| chosen == id);
        Parts { listing: has(Part::Listing.id()), release: has(Part::Release.id()) }
    }

    /// The change form with only the chosen parts taken from what was typed, the rest as it is now.
    pub fn only(&self, parts: Parts, now: &ValidRegistration) -> Registration {
        let mut draft = Registration::of(now);
        if parts.has(Part::Listing) {
            draft.name.clone_from(&self.name);
            draft.intro.clone_from(&self.intro);
            draft.icon.clone_from(&self.icon);
            draft.audience.clone_from(&self.audience);
            draft.scope.clone_from(&self.scope);
        }
        if parts.has(Part::Release) {
            let kept = draft;
            draft = Registration {
                channels: kept.channels,
                kind: kept.kind,
                hosted: kept.hosted,
                system: kept.system,
                name: kept.name,
                intro: kept.intro,
                icon: kept.icon,
                audience: kept.audience,
                scope: kept.scope,
                ..self.clone()
            };
        }
        draft
    }
}
