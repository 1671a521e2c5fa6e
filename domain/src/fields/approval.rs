//! The approval form (审批表单) of release and upgrade. Spec: Registration fields, last part.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::errors::{FieldErrors, filled, within};
use super::files::{ATTACHMENT_MAX_BYTES, ATTACHMENTS_MAX, FileKind};
use super::rollout::{RolloutDraft, ValidRollout, check_rollout};
use super::table::FieldId;
use super::{Env, phone};
use crate::region::RegionCode;
use crate::time::{Date, UtcMillis};

/// Checks everything and reports all errors at once.
///
/// # Errors
/// Every error, in the order of the form.
pub fn validate_approval(draft: &ApprovalDraft, case: &ApprovalCase, env: &Env) -> Result<ValidApproval, FieldErrors> {
    let mut errors = FieldErrors::new();
    let statement = errors.keep(FieldId::Statement, filled(FieldId::Statement, &draft.statement));
    let test_report = errors.keep(FieldId::TestReport, filled(FieldId::TestReport, &draft.test_report));
    let contact_name = errors.keep(FieldId::ContactName, filled(FieldId::ContactName, &draft.contact_name));
    let contact_phone = errors.keep(FieldId::ContactPhone, required_phone(&draft.contact_phone, env));
    let expected_date = errors.keep(FieldId::ExpectedDate, expected_date(&draft.expected_date, case.now));
    let attachments = attachments(&draft.attachments, &mut errors);
    let rollout = if case.hosted {
        check_rollout(&draft.rollout, &case.scope, case.now, &mut errors)
    } else {
        Some(ValidRollout::Now)
    };
    let valid = || {
        Some(ValidApproval {
            statement: statement?,
            test_report: test_report?,
            contact_name: contact_name?,
            contact_phone: contact_phone?,
            expected_date: expected_date?,
            attachments: attachments?,
            rollout: rollout?,
        })
    };
    errors.or(valid())
}

/// What the form depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalCase {
    /// Hosted ones have 发布方式.
    pub hosted: bool,
    /// 适用范围: what 分批 divides.
    pub scope: BTreeSet<RegionCode>,
    /// Dates and times that are given must not have passed.
    pub now: UtcMillis,
}

/// The form as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApprovalDraft {
    /// 申请说明.
    pub statement: String,
    /// 测试情况.
    pub test_report: String,
    /// 联系人, filled in from the account.
    pub contact_name: String,
    /// 联系电话, filled in from the account.
    pub contact_phone: String,
    /// 期望上线日期: `2026-11-24` or blank.
    pub expected_date: String,
    /// 附件, already stored.
    pub attachments: Vec<AttachmentDraft>,
    /// 发布方式.
    pub rollout: RolloutDraft,
}

/// An attachment that was stored with the draft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AttachmentDraft {
    /// The content hash.
    pub hash: String,
    /// Its name, for people.
    pub name: String,
    /// What its first bytes say ([`super::files::sniff`]); `None`: nothing allowed.
    pub kind: Option<FileKind>,
    /// Bytes.
    pub size: u64,
}

/// A valid approval form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidApproval {
    /// 申请说明.
    pub statement: String,
    /// 测试情况.
    pub test_report: String,
    /// 联系人.
    pub contact_name: String,
    /// 联系电话.
    pub contact_phone: String,
    /// 期望上线日期.
    pub expected_date: Option<Date>,
    /// 附件.
    pub attachments: Vec<AttachmentDraft>,
    /// 发布方式.
    pub rollout: ValidRollout,
}

fn required_phone(typed: &str, env: &Env) -> Result<String, String> {
    if typed.trim().is_empty() { filled(FieldId::ContactPhone, "") } else { phone::callable(typed, env) }
}

fn expected_date(typed: &str, now: UtcMillis) -> Result<Option<Date>, String> {
    match (typed.trim(), Date::parse(typed.trim())) {
        ("", _) => Ok(None),
        (_, Some(date)) if date >= now.date() => Ok(Some(date)),
        (_, Some(_)) => Err("期望上线日期已经过去，请选择今天或以后的日期".to_owned()),
        (_, None) => Err("期望上线日期要写成 2026-01-31 的样子，并且确有这一天".to_owned()),
    }
}

fn attachments(typed: &[AttachmentDraft], errors: &mut FieldErrors) -> Option<Vec<AttachmentDraft>> {
    let field = FieldId::Attachments;
    let before = errors.len();
    if typed.len() > ATTACHMENTS_MAX {
        errors.add(field, format!("附件最多 {ATTACHMENTS_MAX} 个，现在是 {} 个，请删去多余的", typed.len()));
    }
    for (item, file) in typed.iter().enumerate() {
        let name = &file.name;
        if file.kind.is_none() {
            errors.add_item(field, item, format!("附件「{name}」不是 PDF、PNG 或 JPG，请换一个文件"));
        }
        if file.size == 0 {
            errors.add_item(field, item, format!("附件「{name}」是空的，请换一个文件"));
        }
        if file.size > ATTACHMENT_MAX_BYTES {
            errors.add_item(field, item, format!("附件「{name}」超过 10 MB，请压缩或拆分后再传"));
        }
        if let Err(text) = within(FieldId::Statement, name) {
            errors.add_item(field, item, text.replace("申请说明", "附件名"));
        }
    }
    (errors.len() == before).then(|| typed.to_vec())
}
