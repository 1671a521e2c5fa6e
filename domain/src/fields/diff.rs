//! Before and after: the changed fields with texts for people, by kind of change. Spec: Registration fields
//! (变更类型), Work orders.

use serde::{Deserialize, Serialize};

use super::shape::{Form, Presence, presence};
use super::table::{FieldId, Part, Parts, REGISTRATION};
use super::valid::{PcAddress, ValidRegistration};
use crate::region;
use crate::text::mask_phone;

/// The fields that differ, in the order of the form, of those that a form of `after` has: the old address of
/// a linked one is no change once the address is the system's. Empty: nothing changed.
pub fn diff(before: &ValidRegistration, after: &ValidRegistration, phones: Phones) -> Vec<Change> {
    REGISTRATION
        .iter()
        .filter_map(|field| Some((field.id, field.part?)))
        .filter(|(field, _)| {
            matches!(
                presence(*field, Form::Existing(after.shape), &after.shape),
                Presence::Required | Presence::Optional
            )
        })
        .filter_map(|(field, part)| {
            let (old, new) = (entries(field, before), entries(field, after));
            if old == new {
                return None;
            }
            let shown = |entry: &Entry| entry.shown(phones);
            let is_set = matches!(field, FieldId::Scope | FieldId::Contacts | FieldId::Parameters);
            let only = |these: &[Entry], those: &[Entry]| {
                these.iter().filter(|entry| is_set && !those.contains(entry)).map(shown).collect()
            };
            Some(Change {
                field,
                part,
                before: text(field, before, phones),
                after: text(field, after, phones),
                added: only(&new, &old),
                removed: only(&old, &new),
            })
        })
        .collect()
}

/// Which kinds of change these are.
pub fn parts(changes: &[Change]) -> Parts {
    let any = |part| changes.iter().any(|change| change.part == part);
    Parts { listing: any(Part::Listing), release: any(Part::Release) }
}

/// A field's value as people read it: one line; 无 when there is none.
pub fn text(field: FieldId, of: &ValidRegistration, phones: Phones) -> String {
    let words: Vec<String> = match field {
        FieldId::Scope => region::summary(&of.scope),
        _ => entries(field, of).iter().map(|entry| entry.shown(phones)).collect(),
    };
    if words.is_empty() { "无".to_owned() } else { words.join("、") }
}

/// One changed field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The field.
    pub field: FieldId,
    /// 上架信息 or 发布信息.
    pub part: Part,
    /// What it was.
    pub before: String,
    /// What it is to be.
    pub after: String,
    /// Entries of a set (适用范围, 开发商联系方式, 运行参数) that came.
    pub added: Vec<String>,
    /// Entries of a set that went.
    pub removed: Vec<String>,
}

/// Whether mobile numbers are shown whole: only to those who need them. identity.md, Audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phones {
    /// As they are.
    Whole,
    /// 138****1234.
    Masked,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Text(String),
    Contact { name: String, phone: String },
}

impl Entry {
    fn shown(&self, phones: Phones) -> String {
        match (self, phones) {
            (Entry::Text(text), _) => text.clone(),
            (Entry::Contact { name, phone }, Phones::Whole) => format!("{name} {phone}"),
            (Entry::Contact { name, phone }, Phones::Masked) => format!("{name} {}", mask_phone(phone)),
        }
    }
}

/// The value as a list: one entry for a plain field, none when there is none.
fn entries(field: FieldId, of: &ValidRegistration) -> Vec<Entry> {
    let one = |text: &str| vec![Entry::Text(text.to_owned())];
    let some = |text: &Option<String>| text.iter().cloned().map(Entry::Text).collect();
    let yes_no = |yes| one(if yes { "是" } else { "否" });
    match field {
        FieldId::Name => one(&of.name),
        FieldId::Intro => one(&of.intro),
        FieldId::Icon => one(&of.icon),
        FieldId::Audience => one(of.audience.word()),
        FieldId::DomesticOs => yes_no(of.domestic_os),
        FieldId::MobileUrl => some(&of.mobile_url),
        FieldId::BackupUrl => some(&of.backup_url),
        FieldId::PcUrl => match &of.pc {
            PcAddress::None => Vec::new(),
            PcAddress::SameAsMobile => one("同移动端地址"),
            PcAddress::Url(url) => one(url),
        },
        FieldId::HealthUrl => some(&of.health_url),
        FieldId::FrontRouting => one(of.front_routing.word()),
        FieldId::Parameters => {
            of.parameters.iter().map(|found| Entry::Text(format!("{}={}", found.name, found.value))).collect()
        }
        FieldId::Scope => of.scope.iter().map(|site| Entry::Text(site.site_name())).collect(),
        FieldId::Vendor => one(&of.vendor),
        FieldId::CreditCode => one(&of.credit_code),
        FieldId::Contacts => of
            .contacts
            .iter()
            .map(|contact| Entry::Contact { name: contact.name.clone(), phone: contact.phone.clone() })
            .collect(),
        FieldId::Unified => of.unified.map(yes_no).unwrap_or_default(),
        FieldId::Region => of.region.map(|found| one(&found.path_name())).unwrap_or_default(),
        _ => Vec::new(),
    }
}
