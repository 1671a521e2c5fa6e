//! What staff and developers ask of a publication.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fields::{ApprovalDraft, ChannelsDraft, OfflineDraft, Registration, RollBackDraft};
use crate::ids::{PublicationId, VersionId};
use crate::publication::Side;

/// 注册服务侧名称 / 注册治理侧名称.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The side.
    pub side: Side,
    /// The form as typed.
    pub draft: Registration,
}

/// 修改登记信息.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectRegistration {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The form as typed.
    pub draft: Registration,
}

/// 提交验收.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitForAcceptance {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The version that the page showed.
    pub version: VersionId,
}

/// 验收成功.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accept {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The version that the page showed.
    pub version: VersionId,
}

/// 验收拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The version that the page showed.
    pub version: VersionId,
    /// Why; as typed.
    pub reason: String,
}

/// 重新部署.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redeploy {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
}

/// 提交审批.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitForApproval {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The approval form as typed.
    pub draft: ApprovalDraft,
}

/// 配置完成.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompleteConfiguration {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The version that the page showed.
    pub version: VersionId,
}

/// 信息变更.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestInfoChange {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The form as typed; fields of a part that is not chosen are not read.
    pub draft: Registration,
}

/// 版本升级.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upgrade {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
}

/// 撤销升级.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelUpgrade {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
}

/// 下线.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOffline {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The form as typed.
    pub draft: OfflineDraft,
}

/// 重新发布.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Republish {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
}

/// 渠道申请.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyForChannels {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The form as typed.
    pub draft: ChannelsDraft,
}

/// 版本回退.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollBack {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The form as typed.
    pub draft: RollBackDraft,
}
