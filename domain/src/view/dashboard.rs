//! The numbers and charts of 工单看板. screens.md: 工单看板.

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::dashboard::AGES;
use crate::ids::{PersonId, PublicationId};
use crate::publication::Side;
use crate::region::RegionCode;
use crate::time::UtcMillis;
use crate::version::VersionNumber;
use crate::work_order::OrderKind;

/// All of it, as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// 审批中: orders that wait for a decision.
    pub in_review: i64,
    /// 超时: of these, those that wait in one step for longer than [`Dashboard::overdue_ms`].
    pub overdue: i64,
    /// A setting; 48 hours, unless it says otherwise.
    pub overdue_ms: i64,
    /// 今日上线: what went live today.
    pub live_today: i64,
    /// What waits, by kind and age.
    pub waiting: Vec<(OrderKind, [i64; AGES.len()])>,
    /// What waits, by whose reviewers: a city, or the province; most first.
    pub regions: Vec<(RegionCode, i64)>,
    /// What waits, by building department; most first.
    pub departments: Vec<(String, i64)>,
    /// What waits, by who may decide it; most first.
    pub reviewers: Vec<ReviewerLoad>,
    /// The last days, the oldest first; the last is today.
    pub days: Vec<DayFigures>,
    /// How long steps took in these days.
    pub steps: Vec<StepFigures>,
    /// 中位时长 of a step in these days, in milliseconds.
    pub median_ms: Option<i64>,
    /// Why orders were refused in these days, for operators, who may see all orders; most first.
    pub reasons: Vec<(String, i64)>,
    /// 刚刚: the newest first.
    pub feed: Vec<FeedRow>,
    /// The list that the numbers count.
    pub list: OrderList,
    /// When it was read.
    pub now: UtcMillis,
    /// A setting: where no sandbox can be had, packages are built without one. Nobody may overlook it.
    #[serde(default)]
    pub unsandboxed: bool,
}

impl Dashboard {
    /// 今日完成: orders that ended today.
    pub fn done_today(&self) -> i64 {
        self.days.last().map_or(0, |day| day.approved + day.refused + day.withdrawn)
    }

    /// 驳回率: of a hundred decided orders of these days, how many were refused; `None` when none was decided.
    pub fn refused_percent(&self) -> Option<i64> {
        let refused: i64 = self.days.iter().map(|day| day.refused).sum();
        let decided: i64 = self.days.iter().map(|day| day.approved + day.refused).sum();
        (decided > 0).then(|| (refused * 100 + decided / 2) / decided)
    }
}

/// Lists of orders. What a person's 工单看板 counts is one of the last three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderList {
    /// 我发起的.
    Initiated,
    /// 全部工单, of operators.
    All,
    /// 所管系统的工单: of the application systems that staff administer.
    Administered,
    /// 待我审批.
    Waiting,
}

/// What waits for a reviewer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewerLoad {
    /// The account.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// How many.
    pub n: i64,
    /// Since when the oldest waits.
    pub oldest: UtcMillis,
}

/// What ended on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    /// When the day begins.
    pub begin: UtcMillis,
    /// 已通过.
    pub approved: i64,
    /// 已拒绝.
    pub refused: i64,
    /// 已撤回.
    pub withdrawn: i64,
    /// The median time of a step of what ended, in milliseconds.
    pub median_ms: Option<i64>,
    /// Nine of ten steps took no longer, in milliseconds.
    pub p90_ms: Option<i64>,
}

/// How long a step took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFigures {
    /// From 1.
    pub step: u8,
    /// How many were decided.
    pub n: i64,
    /// Half took no longer, in milliseconds.
    pub median_ms: i64,
    /// Nine of ten took no longer, in milliseconds.
    pub p90_ms: i64,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedRow {
    /// Who did it.
    pub who: String,
    /// What.
    pub action: Action,
    /// To which publication.
    pub publication: PublicationId,
    /// Its name then.
    pub name: String,
    /// When.
    pub at: UtcMillis,
}

/// 今日上线: what the number counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveToday {
    /// The newest first.
    pub rows: Vec<LiveRow>,
    /// Who looks may open the publications.
    pub opens: bool,
}

/// Something that went live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveRow {
    /// What.
    pub publication: PublicationId,
    /// Its name.
    pub name: String,
    /// The side.
    pub side: Side,
    /// The version; `None`: it is hosted elsewhere.
    pub version: Option<VersionNumber>,
    /// When.
    pub at: UtcMillis,
}
