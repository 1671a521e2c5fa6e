//! The table: one row is one row of the spec's "Transitions", in its order; 拒绝 / 撤回申请 are two.
//! Read by [`mod@crate::decide`] alone (and printed by `docs`). Two guards are not in its columns, since
//! the spec states them once for many rows: see [`Row::implied`].

use crate::action::Action;
use crate::action::Action::*;
use crate::actor::Who;
use crate::actor::Who::*;
use crate::guard::Guard;
use crate::guard::Guard::*;
use crate::state::State;
use crate::state::State::*;
use crate::state::StockState;
use crate::state::StockState::*;
use Place::*;
use To::*;

/// The life cycle of a publication. Spec: Transitions.
#[rustfmt::skip]
pub static TABLE: &[Row] = &[
//  from                                                        action                 who        guards                                              to
row(&[Nowhere],                                                 Register,              Staff,     &[FormValid],                                       ByHosting),
row(&[In(Preparing), In(AwaitingRelease)],                      CorrectRegistration,   Staff,     &[FormValid, Changed],                              Unchanged),
row(&[In(Preparing), In(UpgradeDeploying), In(Configuring)],    Upload,                Developer, &[Hosted],                                          Unchanged),
row(&[In(Preparing)],                                           SubmitForAcceptance,   Developer, &[Hosted, NewestVersionReady],                      Into(AwaitingAcceptance)),
row(&[In(AwaitingAcceptance)],                                  Accept,                Staff,     &[SubmittedVersionChecked],                         Into(AwaitingRelease)),
row(&[In(AwaitingAcceptance)],                                  Reject,                Staff,     &[ReasonGiven],                                     Into(AwaitingAcceptance)),
row(&[In(AwaitingAcceptance), In(AwaitingRelease)],             Redeploy,              Staff,     &[Hosted],                                          Into(Preparing)),
row(&[In(AwaitingRelease)],                                     SubmitForApproval,     Staff,     &[FormValid, VersionAcceptedIfHosted],              Into(ReleaseInReview)),
row(&[In(ReleaseInReview)],                                     Approve,               Reviewer,  &[LastStep, NotGovernanceHostedH5],                 Into(Published)),
row(&[In(ReleaseInReview)],                                     Approve,               Reviewer,  &[LastStep, GovernanceHostedH5],                    Into(Configuring)),
row(&[In(ReleaseInReview)],                                     Refuse,                Reviewer,  &[ReasonGiven],                                     Into(AwaitingRelease)),
row(&[In(ReleaseInReview)],                                     Withdraw,              Initiator, &[],                                                Into(AwaitingRelease)),
row(&[In(Configuring)],                                         CompleteConfiguration, Developer, &[NewestVersionReady],                              Into(Published)),
row(&[In(Configuring)],                                         Redeploy,              Staff,     &[CameFromRelease],                                 Into(Preparing)),
row(&[In(Configuring)],                                         Redeploy,              Staff,     &[CameFromUpgrade],                                 Into(UpgradeDeploying)),
row(&[In(Published)],                                           RequestInfoChange,     Staff,     &[PartChosen, Changed],                             Into(InfoChangeInReview)),
row(&[In(InfoChangeInReview)],                                  Approve,               Reviewer,  &[LastStep],                                        Into(Published)),
row(&[In(InfoChangeInReview)],                                  Refuse,                Reviewer,  &[ReasonGiven],                                     Into(Published)),
row(&[In(InfoChangeInReview)],                                  Withdraw,              Initiator, &[],                                                Into(Published)),
row(&[In(Published)],                                           Upgrade,               Staff,     &[Hosted],                                          Into(UpgradeDeploying)),
row(&[In(UpgradeDeploying)],                                    CancelUpgrade,         Staff,     &[],                                                Into(Published)),
row(&[In(UpgradeDeploying)],                                    SubmitForAcceptance,   Developer, &[Hosted, NewestVersionReady],                      Into(AwaitingUpgradeAcceptance)),
row(&[In(AwaitingUpgradeAcceptance)],                           Accept,                Staff,     &[SubmittedVersionChecked],                         Into(AwaitingUpgrade)),
row(&[In(AwaitingUpgradeAcceptance)],                           Reject,                Staff,     &[ReasonGiven],                                     Into(AwaitingUpgradeAcceptance)),
row(&[In(AwaitingUpgradeAcceptance), In(AwaitingUpgrade)],      Redeploy,              Staff,     &[],                                                Into(UpgradeDeploying)),
row(&[In(AwaitingUpgrade)],                                     SubmitForApproval,     Staff,     &[FormValid, VersionAccepted],                      Into(UpgradeInReview)),
row(&[In(UpgradeInReview)],                                     Approve,               Reviewer,  &[LastStep, ServiceSide],                           Into(Published)),
row(&[In(UpgradeInReview)],                                     Approve,               Reviewer,  &[LastStep, GovernanceH5],                          Into(Configuring)),
row(&[In(UpgradeInReview)],                                     Refuse,                Reviewer,  &[ReasonGiven],                                     Into(AwaitingUpgrade)),
row(&[In(UpgradeInReview)],                                     Withdraw,              Initiator, &[],                                                Into(AwaitingUpgrade)),
row(&[In(Published)],                                           TakeOffline,           Staff,     &[ReasonGiven],                                     Into(OfflineInReview)),
row(&[In(OfflineInReview)],                                     Approve,               Reviewer,  &[LastStep],                                        Into(Offline)),
row(&[In(OfflineInReview)],                                     Refuse,                Reviewer,  &[ReasonGiven],                                     Into(Published)),
row(&[In(OfflineInReview)],                                     Withdraw,              Initiator, &[],                                                Into(Published)),
row(&[In(Offline)],                                             Republish,             Staff,     &[Hosted],                                          Into(Preparing)),
row(&[In(Offline)],                                             Republish,             Staff,     &[NotHosted],                                       Into(AwaitingRelease)),
row(&[In(Published)],                                           ApplyForChannels,      Staff,     &[ServiceSide, FurtherChannel],                     Into(Published)),
row(&[In(Published)],                                           RollBack,              Staff,     &[Hosted, RollbackCandidate, ReasonGiven],          Into(Published)),
row(&[OrderOpen(Published)],                                    Approve,               Reviewer,  &[LastStep],                                        Into(Published)),
row(&[OrderOpen(Published)],                                    Refuse,                Reviewer,  &[ReasonGiven],                                     Into(Published)),
row(&[OrderOpen(Published)],                                    Withdraw,              Initiator, &[],                                                Into(Published)),
row(&[In(ReleaseInReview), In(UpgradeInReview), In(InfoChangeInReview), In(OfflineInReview), OrderOpen(Published)],
                                                                Approve,               Reviewer,  &[NotLastStep],                                     Unchanged),
];

/// Linking a stock application. Spec: the small table after "Transitions".
#[rustfmt::skip]
pub static STOCK_TABLE: &[StockRow] = &[
//  from           action    who        guards                     to
link(Unlinked,     Link,     Staff,     &[FormValid, NoOrderOpen], LinkInReview),
link(LinkInReview, Approve,  Operator,  &[],                       Linked),
link(LinkInReview, Refuse,   Operator,  &[ReasonGiven],            Unlinked),
link(LinkInReview, Withdraw, Initiator, &[],                       Unlinked),
];

/// One row of [`TABLE`].
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it begins.
    pub from: &'static [Place],
    /// What is done.
    pub action: Action,
    /// By whom.
    pub who: Who,
    /// On which conditions, in the order in which they are checked.
    pub guards: &'static [Guard],
    /// Where it ends.
    pub to: To,
}

/// One row of [`STOCK_TABLE`].
#[derive(Debug, PartialEq, Eq)]
pub struct StockRow {
    /// Where it begins.
    pub from: StockState,
    /// What is done.
    pub action: Action,
    /// By whom.
    pub who: Who,
    /// On which conditions.
    pub guards: &'static [Guard],
    /// Where it ends.
    pub to: StockState,
}

/// Where a row begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// (none): not registered yet.
    Nowhere,
    /// In this state, whether or not an order is open.
    In(State),
    /// In this state, with an undecided order: `(order open)`.
    OrderOpen(State),
}

/// Where a row ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum To {
    /// In this state.
    Into(State),
    /// Where it began.
    Unchanged,
    /// Where the hosting table says.
    ByHosting,
}

const fn row(from: &'static [Place], action: Action, who: Who, guards: &'static [Guard], to: To) -> Row {
    Row { from, action, who, guards, to }
}

const fn link(from: StockState, action: Action, who: Who, guards: &'static [Guard], to: StockState) -> StockRow {
    StockRow { from, action, who, guards, to }
}

impl Row {
    /// The guards that the spec states once for many rows. They come first: nothing else is worth
    /// asking while they fail.
    /// - "Every action that files a work order, and 版本升级": no order of this publication is open.
    /// - Until a rollout plan is finished only 下线 (and the plan's own 暂停, 继续, 回到旧版本) is possible
    ///   from 已发布. packages.md: 发布方式.
    /// - An information change is checked as the registration is: its form has no error.
    pub fn implied(&self) -> impl Iterator<Item = Guard> {
        let no_order = self.action.files() || self.action == Upgrade;
        let staff_act = self.who == Staff && self.from.contains(&In(Published)) && self.action != TakeOffline;
        let form = self.action == RequestInfoChange;
        [no_order.then_some(NoOrderOpen), staff_act.then_some(RolloutFinished), form.then_some(FormValid)]
            .into_iter()
            .flatten()
    }

    /// All guards, in the order in which they are checked.
    pub fn all_guards(&self) -> impl Iterator<Item = Guard> {
        self.implied().chain(self.guards.iter().copied())
    }
}
