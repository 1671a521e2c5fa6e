//! Which fields a form has: by side, channels, type, hosting, and whether it is linked. Spec: Registration
//! fields.

use serde::{Deserialize, Serialize};

use super::draft::Registration;
use super::errors::{FieldErrors, please_choose};
use super::table::FieldId;
use crate::publication::{Channel, ChannelSet, PublicationType, Side, hosting_row};

/// What the form asks of a field.
pub fn presence(field: FieldId, form: Form, shape: &Shape) -> Presence {
    let governance = shape.side == Side::Governance;
    let existing = matches!(form, Form::Existing(_));
    let when = |condition, then| if condition { then } else { Presence::Absent };
    match field {
        FieldId::Channels | FieldId::Type | FieldId::Hosting => fixed_part(field, form, shape),
        FieldId::System => {
            if existing {
                Presence::System
            } else {
                Presence::Required
            }
        }
        FieldId::Name | FieldId::Intro | FieldId::Icon | FieldId::Audience | FieldId::DomesticOs => Presence::Required,
        FieldId::Scope | FieldId::Vendor | FieldId::CreditCode | FieldId::Contacts => Presence::Required,
        FieldId::Department | FieldId::DepartmentId | FieldId::ServiceId => Presence::System,
        FieldId::MobileUrl => mobile(shape),
        FieldId::BackupUrl => when(governance && shape.kind == PublicationType::H5 && shape.hosted, Presence::Optional),
        FieldId::PcUrl if governance => Presence::Optional,
        FieldId::PcUrl => when(shape.channels.has(Channel::ServiceWeb), Presence::Required),
        FieldId::HealthUrl => Presence::Optional,
        FieldId::FrontRouting | FieldId::Parameters => when(existing && shape.hosted, Presence::Optional),
        FieldId::Unified | FieldId::Region => when(governance, Presence::Required),
        _ => Presence::Absent,
    }
}

/// Which registration form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A new registration.
    New {
        /// The side.
        side: Side,
    },
    /// 修改登记信息 or 信息变更: side, channels, type, hosting and system are fixed.
    Existing(Shape),
    /// 关联 of a stock application: service side, 浙里办APP, H5, hosted.
    Stock,
}

/// What the form asks of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// A red asterisk.
    Required,
    /// May be blank.
    Optional,
    /// The system fills it in: shown as text.
    System,
    /// Not on the form; what a draft holds there is not read.
    Absent,
}

/// What decides which fields there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// The side.
    pub side: Side,
    /// The channels; none while the form does not say.
    pub channels: ChannelSet,
    /// The type.
    pub kind: PublicationType,
    /// Whether we host it.
    pub hosted: bool,
    /// It came from a stock application.
    pub linked: bool,
    /// A version was ever live here.
    pub live_here: bool,
}

impl Shape {
    /// Of every stock application: "service side, 浙里办APP, H5, hosted".
    pub fn stock() -> Shape {
        Shape {
            side: Side::Service,
            channels: ChannelSet::of(&[Channel::ZheliApp]),
            kind: PublicationType::H5,
            hosted: true,
            linked: true,
            live_here: false,
        }
    }

    /// Of a new registration, from the hosting table. What is missing is noted, and the shape is then the
    /// best guess, so that the other fields can be checked, too.
    pub(super) fn of_new(side: Side, draft: &Registration, errors: &mut FieldErrors) -> Shape {
        let channels = match side {
            Side::Service => chosen_channels(draft, errors),
            Side::Governance => ChannelSet::of(&[Channel::Zhezhengding]),
        };
        let typed = PublicationType::from_id(draft.kind.trim());
        let row = hosting_row(side, channels, typed);
        if side == Side::Governance && row.is_none() {
            errors.add(FieldId::Type, please_choose(FieldId::Type));
        }
        let chosen = match draft.hosted.trim() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        Shape {
            side,
            channels,
            kind: row.map_or(PublicationType::H5, |row| row.kind),
            hosted: row.is_none_or(|row| row.hosted(chosen)),
            linked: false,
            live_here: false,
        }
    }

    /// For drawing the form before it is sent: as in checking it, without errors.
    pub fn guess(side: Side, draft: &Registration) -> Shape {
        Shape::of_new(side, draft, &mut FieldErrors::new())
    }
}

fn chosen_channels(draft: &Registration, errors: &mut FieldErrors) -> ChannelSet {
    let choice = |id: &String| Channel::from_id(id.trim()).filter(|channel| Side::Service.channels().contains(channel));
    let known: Vec<Channel> = draft.channels.iter().filter_map(choice).collect();
    if known.is_empty() {
        errors.add(FieldId::Channels, "请选择发布端：浙里办APP、政务服务网或两者");
    } else if known.len() < draft.channels.len() {
        errors.add(FieldId::Channels, "服务侧只能选浙里办APP和政务服务网，请重新选择发布端");
    }
    ChannelSet::of(&known)
}

/// Side, 发布端, 发布类型 and hosting never change.
fn fixed_part(field: FieldId, form: Form, shape: &Shape) -> Presence {
    match (form, field) {
        (Form::New { side: Side::Service }, FieldId::Channels) => Presence::Required,
        (Form::New { side: Side::Governance }, FieldId::Type) => Presence::Required,
        (Form::New { side: Side::Governance }, FieldId::Hosting) if shape.kind == PublicationType::H5 => {
            Presence::Optional
        }
        _ => Presence::System,
    }
}

fn mobile(shape: &Shape) -> Presence {
    if shape.hosted {
        // A linked one keeps its old address until a version is live here; then the system's.
        if shape.linked && !shape.live_here { Presence::Required } else { Presence::System }
    } else if shape.side == Side::Governance {
        Presence::Required
    } else {
        Presence::Absent
    }
}
