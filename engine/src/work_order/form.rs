//! The form of an order as it was submitted: what is stored with it, and how a page shows it.

use crate::store::{StoreError, StoreResult};
use domain::VersionNumber;
use domain::fields::diff::text;
use domain::fields::table::REGISTRATION;
use domain::fields::{
    AttachmentDraft, Change, Field, FieldId, Form, Part, Parts, Phones, Presence, ValidApproval, ValidBatch,
    ValidOffline, ValidRegistration, ValidRollout, diff, presence,
};
use domain::text::mask_phone;
use domain::view::directory::FurtherChannel;
use serde::{Deserialize, Serialize};

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OrderForm {
    /// Of release and upgrade.
    Approval(Box<ValidApproval>),
    /// Of an information change: before and after.
    InfoChange { parts: Parts, before: Box<ValidRegistration>, after: Box<ValidRegistration> },
    /// Of taking offline.
    Offline(ValidOffline),
    /// Of 版本回退.
    RollBack { number: VersionNumber, reason: String },
    /// Of 渠道申请: the channels as they were named then.
    Channels { channels: Vec<FurtherChannel>, statement: String },
    /// Of 关联: what will be registered.
    Link { registration: Box<ValidRegistration> },
}

impl OrderForm {
    /// Reads what [`Self::stored`] wrote.
    ///
    /// # Errors
    /// It can't be read.
    pub(crate) fn read(json: &str) -> StoreResult<Self> {
        serde_json::from_str(json)
            .map_err(|error| StoreError::Unreadable { what: "work_order.form", value: error.to_string() })
    }

    /// As it is stored.
    pub(crate) fn stored(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Label and text, in the form's order. `contact` shows the contact's number whole.
    pub(crate) fn lines(&self, contact: Phones) -> Vec<(String, String)> {
        match self {
            Self::Approval(form) => approval_lines(form, contact),
            Self::InfoChange { parts, .. } => {
                let chosen = Part::ALL.into_iter().filter(|part| parts.has(*part)).map(Part::word);
                vec![("变更类型".to_owned(), chosen.collect::<Vec<_>>().join("、"))]
            }
            Self::Offline(form) => vec![
                line(FieldId::OfflineReason, &form.reason),
                line(FieldId::OfflineSubstitute, form.substitute.as_deref().unwrap_or("无")),
            ],
            Self::RollBack { number, reason } => {
                vec![("回退到版本".to_owned(), number.to_string()), line(FieldId::Reason, reason)]
            }
            Self::Channels { channels, statement } => {
                let names: Vec<&str> = channels.iter().map(|channel| channel.name.as_str()).collect();
                let statement = if statement.is_empty() { "无" } else { statement };
                vec![line(FieldId::FurtherChannels, &names.join("、")), line(FieldId::ChannelsStatement, statement)]
            }
            Self::Link { registration } => registration_lines(registration, contact),
        }
    }

    /// Before and after, of an information change.
    pub(crate) fn changes(&self, phones: Phones) -> Vec<Change> {
        match self {
            Self::InfoChange { before, after, .. } => diff(before, after, phones),
            _ => Vec::new(),
        }
    }

    /// What will be registered, of 关联.
    pub(crate) fn link(self) -> Option<ValidRegistration> {
        match self {
            Self::Link { registration } => Some(*registration),
            _ => None,
        }
    }

    /// The picture that is asked for, of 关联.
    pub(crate) fn icon(&self) -> Option<&str> {
        match self {
            Self::Link { registration } => Some(&registration.icon),
            _ => None,
        }
    }

    /// Its 发布方式 is 定时 or 分批.
    pub(crate) fn is_planned(&self) -> bool {
        matches!(self, Self::Approval(form) if form.rollout != ValidRollout::Now)
    }

    /// 附件.
    pub(crate) fn attachments(&self) -> &[AttachmentDraft] {
        match self {
            Self::Approval(form) => &form.attachments,
            _ => &[],
        }
    }
}

/// The icon is shown as a picture: [`OrderForm::icon`].
fn registration_lines(registration: &ValidRegistration, phones: Phones) -> Vec<(String, String)> {
    let shape = registration.shape;
    let there = |field: &&Field| {
        let asks = presence(field.id, Form::Existing(shape), &shape);
        field.part.is_some() && field.id != FieldId::Icon && matches!(asks, Presence::Required | Presence::Optional)
    };
    REGISTRATION.iter().filter(there).map(|field| line(field.id, &text(field.id, registration, phones))).collect()
}

fn approval_lines(form: &ValidApproval, contact: Phones) -> Vec<(String, String)> {
    let phone = match contact {
        Phones::Whole => form.contact_phone.clone(),
        Phones::Masked => mask_phone(&form.contact_phone),
    };
    let date = form.expected_date.map_or_else(|| "无".to_owned(), |date| date.to_string());
    vec![
        line(FieldId::Statement, &form.statement),
        line(FieldId::TestReport, &form.test_report),
        line(FieldId::ContactName, &form.contact_name),
        line(FieldId::ContactPhone, &phone),
        line(FieldId::ExpectedDate, &date),
        line(FieldId::Rollout, &rollout(&form.rollout)),
    ]
}

fn rollout(rollout: &ValidRollout) -> String {
    match rollout {
        ValidRollout::Now => "立即".to_owned(),
        ValidRollout::At(at) => format!("定时：{}", at.local_text()),
        ValidRollout::Batches(batches) => batches.iter().map(batch).collect::<Vec<_>>().join("\n"),
    }
}

fn batch(batch: &ValidBatch) -> String {
    let sites = batch.sites.iter().map(|site| site.site_name()).collect::<Vec<_>>().join("、");
    let when = batch.at.map_or_else(|| "由业主单位开始".to_owned(), |at| format!("{} 自动上线", at.local_text()));
    format!("{}：{sites}（{when}）", batch.name)
}

fn line(field: FieldId, text: &str) -> (String, String) {
    (field.label().to_owned(), text.to_owned())
}
