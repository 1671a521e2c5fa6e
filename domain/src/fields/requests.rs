//! The small forms: taking offline, reasons, further channels, uploading a version. Spec: Registration fields, last part;
//! packages.md, 外链检查.

use serde::{Deserialize, Serialize};

use super::Env;
use super::errors::{FieldErrors, filled, please_choose, within};
use super::table::FieldId;
use super::url;
use crate::ids::{FurtherChannelId, VersionId};
use crate::publication::Channel;
use crate::version::VersionNumber;
use crate::words;

/// Checks the form of taking offline.
///
/// # Errors
/// Every error, in the order of the form.
pub fn validate_offline(draft: &OfflineDraft) -> Result<ValidOffline, FieldErrors> {
    let mut errors = FieldErrors::new();
    let reason = errors.keep(FieldId::OfflineReason, filled(FieldId::OfflineReason, &draft.reason));
    let substitute = errors.keep(FieldId::OfflineSubstitute, within(FieldId::OfflineSubstitute, &draft.substitute));
    let valid = || {
        let substitute = substitute?;
        Some(ValidOffline { reason: reason?, substitute: (!substitute.is_empty()).then_some(substitute) })
    };
    errors.or(valid())
}

/// Checks the reason of 验收拒绝, 拒绝 or 版本回退.
///
/// # Errors
/// One error: blank or too long.
pub fn validate_reason(typed: &str) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::new();
    let reason = errors.keep(FieldId::Reason, filled(FieldId::Reason, typed));
    errors.or(reason)
}

/// Checks the form of an upload. `taken` is the highest number of the publication that was submitted for
/// acceptance or live; the new one must be higher.
///
/// # Errors
/// Every error, in the order of the form.
pub fn validate_upload(draft: &UploadDraft, taken: Option<VersionNumber>) -> Result<ValidUpload, FieldErrors> {
    let mut errors = FieldErrors::new();
    let number = errors.keep(FieldId::VersionNumber, number(&draft.number, taken));
    let note = errors.keep(FieldId::VersionNote, within(FieldId::VersionNote, &draft.note));
    let hosts = hosts(&draft.hosts, &mut errors);
    let valid = || Some(ValidUpload { number: number?, note: note?, hosts: hosts? });
    errors.or(valid())
}

/// Taking offline, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OfflineDraft {
    /// 下线原因.
    pub reason: String,
    /// 下线后的替代服务.
    pub substitute: String,
}

/// Rolling back, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RollBackDraft {
    /// The id of the version to make live again.
    pub version: String,
    /// 原因.
    pub reason: String,
}

impl RollBackDraft {
    /// The chosen version, if one is.
    pub fn chosen(&self) -> Option<VersionId> {
        self.version.trim().parse().ok().map(VersionId)
    }
}

/// Checks 版本回退; whether the version may be gone back to, the rules know.
///
/// # Errors
/// Every error, in the order of the form.
pub fn validate_roll_back(draft: &RollBackDraft) -> Result<(VersionId, String), FieldErrors> {
    let mut errors = FieldErrors::new();
    let chosen = draft.chosen().ok_or_else(|| "请选择要回退到的版本".to_owned());
    let version = errors.keep(FieldId::RollBackTo, chosen);
    let reason = errors.keep(FieldId::Reason, filled(FieldId::Reason, &draft.reason));
    let valid = || Some((version?, reason?));
    errors.or(valid())
}

/// Applying for further channels, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChannelsDraft {
    /// The ids of the chosen channels.
    pub channels: Vec<String>,
    /// 申请说明.
    pub statement: String,
}

/// Applying for further channels, valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidChannels {
    /// The chosen channels, each once.
    pub channels: Vec<FurtherChannelId>,
    /// 申请说明; may be empty.
    pub statement: String,
}

/// Checks 渠道申请; whether the channels may be applied for, the rules know.
///
/// # Errors
/// Every error, in the order of the form.
pub fn validate_channels(draft: &ChannelsDraft) -> Result<ValidChannels, FieldErrors> {
    let field = FieldId::FurtherChannels;
    let mut errors = FieldErrors::new();
    let mut channels: Vec<FurtherChannelId> =
        draft.channels.iter().filter_map(|id| id.trim().parse().ok().map(FurtherChannelId)).collect();
    channels.sort();
    channels.dedup();
    if channels.is_empty() {
        errors.add(field, please_choose(field));
    }
    let statement = errors.keep(FieldId::ChannelsStatement, within(FieldId::ChannelsStatement, &draft.statement));
    errors.or(statement.map(|statement| ValidChannels { channels, statement }))
}

/// Checks the name of a further channel; whether another has it, the store knows.
///
/// # Errors
/// One error: blank, too long, or the name of a channel that a registration chooses.
pub fn validate_channel_name(typed: &str, env: &Env) -> Result<String, FieldErrors> {
    let mut errors = FieldErrors::new();
    let name = errors.keep(FieldId::ChannelName, filled(FieldId::ChannelName, &(env.nfkc)(typed)));
    if name.as_deref().is_some_and(|name| Channel::ALL.into_iter().any(|known| words::channel(known) == name)) {
        errors.add(FieldId::ChannelName, "登记时选择的渠道已有这个名称，请换一个名称");
    }
    errors.or(name)
}

/// Taking offline, valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidOffline {
    /// 下线原因.
    pub reason: String,
    /// 下线后的替代服务: named by the page with 410.
    pub substitute: Option<String>,
}

/// An upload, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadDraft {
    /// 版本号.
    pub number: String,
    /// 版本说明.
    pub note: String,
    /// 外部域名 that the developer declares for this version.
    pub hosts: Vec<HostDraft>,
}

/// A declared external host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct HostDraft {
    /// The host: name, or name and port never; lower case once valid.
    pub host: String,
    /// 用途.
    pub purpose: String,
}

/// An upload, valid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidUpload {
    /// 版本号.
    pub number: VersionNumber,
    /// 版本说明; may be empty.
    pub note: String,
    /// The declared hosts, by name.
    pub hosts: Vec<HostDraft>,
}

fn number(typed: &str, taken: Option<VersionNumber>) -> Result<VersionNumber, String> {
    let text = filled(FieldId::VersionNumber, typed)?;
    let number: VersionNumber =
        text.parse().map_err(|_| "版本号要写成 主.次.修订 三个数字，如 1.2.0，数字前面不加 0".to_owned())?;
    match taken {
        Some(taken) if number <= taken => {
            Err(format!("版本号要高于已提交验收或上线过的 {taken}，例如 {}", taken.next_patch()))
        }
        _ => Ok(number),
    }
}

/// Beside what is no external host.
pub(super) const NO_HOST: &str = "外部域名要写成 api.example.gov.cn 的样子，不带 http:// 和路径，请核对";

/// Whether this may be an external host: a name with a dot.
pub(super) fn is_external(host: &str) -> bool {
    url::is_host(host) && host.contains('.')
}

fn hosts(typed: &[HostDraft], errors: &mut FieldErrors) -> Option<Vec<HostDraft>> {
    let field = FieldId::ExternalHosts;
    let before = errors.len();
    let mut found: Vec<HostDraft> = Vec::new();
    if typed.len() > 100 {
        errors.add(field, "外部域名最多 100 个，请删去多余的");
    }
    for (item, typed) in typed.iter().enumerate().filter(|(_, typed)| **typed != HostDraft::default()) {
        let host = typed.host.trim().to_ascii_lowercase();
        let purpose = typed.purpose.trim().to_owned();
        if !is_external(&host) {
            errors.add_item(field, item, NO_HOST);
        } else if found.iter().any(|other| other.host == host) {
            errors.add_item(field, item, format!("外部域名「{host}」重复，请去掉一个"));
        }
        if purpose.is_empty() {
            errors.add_item(field, item, "请填写外部域名的用途");
        } else if crate::text::width(&purpose) > 200 {
            errors.add_item(field, item, "用途最多 100 个汉字的长度，请缩短");
        }
        found.push(HostDraft { host, purpose });
    }
    found.sort();
    (errors.len() == before).then_some(found)
}
