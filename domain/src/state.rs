//! The states of a publication and of a stock application. Spec: States, Transitions.

use serde::{Deserialize, Serialize};

/// Where a publication stands. The ids are stable: they are in the database and on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 部署准备中: the developer uploads and tests.
    Preparing,
    /// 待验收: staff accept or reject the submitted version.
    AwaitingAcceptance,
    /// 待发布审批: staff submit for approval.
    AwaitingRelease,
    /// 发布审批中: reviewers decide the release.
    ReleaseInReview,
    /// 配置中: approved on the governance side, the developer makes the live version.
    Configuring,
    /// 已发布: released; live, or going live by its plan.
    Published,
    /// 信息变更中: reviewers decide a change of information.
    InfoChangeInReview,
    /// 升级部署中: the developer makes the next version.
    UpgradeDeploying,
    /// 待升级验收: staff accept or reject the next version.
    AwaitingUpgradeAcceptance,
    /// 待升级审批: staff submit the upgrade for approval.
    AwaitingUpgrade,
    /// 升级审批中: reviewers decide the upgrade.
    UpgradeInReview,
    /// 下线审批中: reviewers decide taking it offline.
    OfflineInReview,
    /// 已下线: gone from every channel.
    Offline,
}

impl State {
    /// All states, in the order of the spec.
    pub const ALL: [State; 13] = [
        State::Preparing,
        State::AwaitingAcceptance,
        State::AwaitingRelease,
        State::ReleaseInReview,
        State::Configuring,
        State::Published,
        State::InfoChangeInReview,
        State::UpgradeDeploying,
        State::AwaitingUpgradeAcceptance,
        State::AwaitingUpgrade,
        State::UpgradeInReview,
        State::OfflineInReview,
        State::Offline,
    ];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            State::Preparing => "preparing",
            State::AwaitingAcceptance => "awaiting_acceptance",
            State::AwaitingRelease => "awaiting_release",
            State::ReleaseInReview => "release_in_review",
            State::Configuring => "configuring",
            State::Published => "published",
            State::InfoChangeInReview => "info_change_in_review",
            State::UpgradeDeploying => "upgrade_deploying",
            State::AwaitingUpgradeAcceptance => "awaiting_upgrade_acceptance",
            State::AwaitingUpgrade => "awaiting_upgrade",
            State::UpgradeInReview => "upgrade_in_review",
            State::OfflineInReview => "offline_in_review",
            State::Offline => "offline",
        }
    }

    /// The state with this id, if there is one.
    pub fn from_id(id: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.id() == id)
    }
}

/// Where a stock application stands in being linked. Spec: the small table of stock linking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockState {
    /// 未关联.
    Unlinked,
    /// 关联审核中.
    LinkInReview,
    /// 已关联.
    Linked,
}

impl StockState {
    /// All, in the order of the spec.
    pub const ALL: [StockState; 3] = [StockState::Unlinked, StockState::LinkInReview, StockState::Linked];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            StockState::Unlinked => "unlinked",
            StockState::LinkInReview => "link_in_review",
            StockState::Linked => "linked",
        }
    }

    /// The stock state with this id, if there is one.
    pub fn from_id(id: &str) -> Option<StockState> {
        StockState::ALL.into_iter().find(|state| state.id() == id)
    }
}
