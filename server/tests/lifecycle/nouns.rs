//! The words of lifecycle.md, for the model: people, kinds of publications, states, orders, deeds.

/// Who presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Person {
    /// Administers the system, and registered.
    Staff,
    /// Staff of another department.
    Stranger,
    /// A named contact.
    Developer,
    /// Of another vendor.
    OtherDeveloper,
    /// Reviewer of Hangzhou.
    City,
    /// Reviewers of the province.
    First,
    Second,
    Operator,
    /// 系统管理员.
    Administrator,
}

pub const PEOPLE: [Person; 9] = [
    Person::Staff,
    Person::Stranger,
    Person::Developer,
    Person::OtherDeveloper,
    Person::City,
    Person::First,
    Person::Second,
    Person::Operator,
    Person::Administrator,
];

/// What was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Service side, 浙里办APP, H5, hosted.
    Service,
    /// Service side, 政务服务网 alone, not hosted.
    Web,
    /// Governance side, H5, hosted, 自建 in 上城区.
    Own,
    /// The same, 统建.
    Unified,
    /// Governance side, 小程序, 统建, not hosted.
    MiniProgram,
    /// A stock application that the old platform had in this state, linked.
    Linked(State),
}

pub const SHAPES: [Shape; 5] = [Shape::Service, Shape::Web, Shape::Own, Shape::Unified, Shape::MiniProgram];

/// The states that the import of the stock list accepts.
pub const IMPORTABLE: [State; 8] = [
    State::Preparing,
    State::AwaitingAcceptance,
    State::AwaitingRelease,
    State::Published,
    State::UpgradeDeploying,
    State::AwaitingUpgradeAcceptance,
    State::AwaitingUpgrade,
    State::Offline,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Preparing,
    AwaitingAcceptance,
    AwaitingRelease,
    ReleaseInReview,
    Configuring,
    Published,
    InfoChangeInReview,
    UpgradeDeploying,
    AwaitingUpgradeAcceptance,
    AwaitingUpgrade,
    UpgradeInReview,
    OfflineInReview,
    Offline,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Release,
    Upgrade,
    InfoChange,
    Offline,
    RollBack(usize),
    Channels(usize),
}

/// One press. Versions are counted from 0 in the order of upload, further channels in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Correct,
    Upload,
    Submit(usize),
    Accept(usize),
    Reject(usize),
    Redeploy,
    SubmitForApproval,
    Approve,
    Refuse,
    Withdraw,
    Complete(usize),
    ChangeInfo,
    Upgrade,
    CancelUpgrade,
    RollBack(usize),
    Channels(usize),
    TakeOffline,
    Republish,
}

/// There are so many further channels.
pub const CHANNELS: usize = 3;

impl Shape {
    pub fn hosted(self) -> bool {
        matches!(self, Self::Service | Self::Own | Self::Unified | Self::Linked(_))
    }

    pub fn service(self) -> bool {
        matches!(self, Self::Service | Self::Web | Self::Linked(_))
    }

    pub fn governance_hosted(self) -> bool {
        self.hosted() && !self.service()
    }
}

impl State {
    /// The word on the screens.
    pub fn word(self) -> &'static str {
        match self {
            Self::Preparing => "部署准备中",
            Self::AwaitingAcceptance => "待验收",
            Self::AwaitingRelease => "待发布审批",
            Self::ReleaseInReview => "发布审批中",
            Self::Configuring => "配置中",
            Self::Published => "已发布",
            Self::InfoChangeInReview => "信息变更中",
            Self::UpgradeDeploying => "升级部署中",
            Self::AwaitingUpgradeAcceptance => "待升级验收",
            Self::AwaitingUpgrade => "待升级审批",
            Self::UpgradeInReview => "升级审批中",
            Self::OfflineInReview => "下线审批中",
            Self::Offline => "已下线",
        }
    }

    /// Something is live, and stays so.
    pub fn keeps_live(self) -> bool {
        matches!(
            self,
            Self::Published | Self::UpgradeDeploying | Self::AwaitingUpgradeAcceptance | Self::AwaitingUpgrade
        )
    }
}
