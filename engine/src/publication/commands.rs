//! What staff and developers ask of a publication: one function a command, all of them through [`apply`].

use super::apply::{Change, Done, apply};
use super::ask::Ask;
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use domain::VersionId;
use domain::command::publication::{
    Accept, ApplyForChannels, CancelUpgrade, CompleteConfiguration, CorrectRegistration, Redeploy, Reject, Republish,
    RequestInfoChange, RollBack, SubmitForAcceptance, SubmitForApproval, TakeOffline, Upgrade,
};
use uuid::Uuid;

/// No version: what the rules refuse to go back to.
const NONE: VersionId = VersionId(Uuid::nil());

macro_rules! commands {
    ($($(#[doc = $doc:expr])* $name:ident($command:ident: $kind:ty) => $ask:expr;)*) => {
        $(
            $(#[doc = $doc])*
            ///
            /// # Errors
            /// [`crate::Error::Forbidden`], [`crate::Error::NotFound`], [`crate::Error::Refused`], [`crate::Error::Invalid`],
            /// [`crate::Error::Conflict`]; the store fails.
            pub async fn $name(engine: &Engine, ctx: &Ctx, $command: $kind) -> Result<Done> {
                let (publication, seen, key) = ($command.id, $command.seen, $command.key);
                Box::pin(apply(engine, ctx, Change { publication, seen, key, ask: $ask })).await
            }
        )*
    };
}

commands! {
    /// 修改登记信息.
    correct_registration(command: CorrectRegistration) => Ask::Correct(Box::new(command.draft));
    /// 提交验收.
    submit_for_acceptance(command: SubmitForAcceptance) => Ask::SubmitForAcceptance(command.version);
    /// 验收成功.
    accept(command: Accept) => Ask::Accept(command.version);
    /// 验收拒绝.
    reject(command: Reject) => Ask::Reject(command.version, command.reason);
    /// 重新部署.
    redeploy(command: Redeploy) => Ask::Redeploy;
    /// 提交审批.
    submit_for_approval(command: SubmitForApproval) => Ask::SubmitForApproval(Box::new(command.draft));
    /// 配置完成.
    complete_configuration(command: CompleteConfiguration) => Ask::CompleteConfiguration(command.version);
    /// 信息变更.
    request_info_change(command: RequestInfoChange) => Ask::ChangeInfo(command.draft.chosen_parts(), Box::new(command.draft));
    /// 版本升级.
    upgrade(command: Upgrade) => Ask::Upgrade;
    /// 撤销升级.
    cancel_upgrade(command: CancelUpgrade) => Ask::CancelUpgrade;
    /// 下线.
    take_offline(command: TakeOffline) => Ask::TakeOffline(command.draft);
    /// 重新发布.
    republish(command: Republish) => Ask::Republish;
    /// 版本回退.
    roll_back(command: RollBack) => Ask::RollBack(command.draft.chosen().unwrap_or(NONE), command.draft.reason);
    /// 渠道申请.
    apply_for_channels(command: ApplyForChannels) => Ask::ApplyForChannels(command.draft);
}
