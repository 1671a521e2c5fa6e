//! Work orders (工单): kinds, steps, votes, urging. Spec: Work orders; Points decided here.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::time::UtcMillis;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderKind {
    /// 发布.
    Release,
    /// 升级.
    Upgrade,
    /// 信息变更.
    InfoChange,
    /// 下线.
    Offline,
    /// 存量关联.
    Link,
    /// 渠道申请.
    Channels,
    /// 版本回退.
    RollBack,
}

/// How far an order is; the last three are 已完成.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// 审批中.
    InReview,
    /// 已通过.
    Approved,
    /// 已拒绝.
    Refused,
    /// 已撤回.
    Withdrawn,
}

/// How many people of a step must say 同意.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// 或签: any one.
    One,
    /// Any so many; zero counts as one.
    Count(u16),
    /// 会签: all who may decide the step when they decide it.
    All,
}

/// What 催办 reads. "Per order and step": the last time belongs to the current step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrgeFacts {
    /// How far the order is.
    pub status: OrderStatus,
    /// Who filed it.
    pub initiator: PersonId,
    /// When the current step was urged last.
    pub last_urged_at: Option<UtcMillis>,
}

/// Why 催办 is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UrgeRefusal {
    /// The order is decided or withdrawn.
    NotInReview,
    /// 催办 is the initiator's.
    NotInitiator,
    /// Less than ten minutes ago; may be repeated after so many milliseconds.
    TooSoon {
        /// Milliseconds still to wait, 1 to 600,000.
        wait_ms: i64,
    },
}

/// 催办 at most once in ten minutes per order and step. Milliseconds.
pub const URGE_EVERY_MS: i64 = 10 * 60 * 1000;

/// Whether this person may urge the order now; if so, tell the step's people.
pub fn urge(facts: &UrgeFacts, person: PersonId, now: UtcMillis) -> Result<(), UrgeRefusal> {
    if facts.status != OrderStatus::InReview {
        return Err(UrgeRefusal::NotInReview);
    }
    if facts.initiator != person {
        return Err(UrgeRefusal::NotInitiator);
    }
    let wait_ms = facts.last_urged_at.map_or(0, |last| last.0 + URGE_EVERY_MS - now.0);
    if wait_ms > 0 { Err(UrgeRefusal::TooSoon { wait_ms: wait_ms.min(URGE_EVERY_MS) }) } else { Ok(()) }
}

impl Need {
    /// How many must say 同意 in all, given how many have and how many still may (without those).
    pub const fn wanted(self, approvals: u16, may_decide: u16) -> u16 {
        match self {
            Need::One | Need::Count(0) => 1,
            Need::Count(count) => count,
            Need::All => approvals.saturating_add(may_decide),
        }
    }
}

impl OrderKind {
    /// All kinds.
    pub const ALL: [OrderKind; 7] = [
        OrderKind::Release,
        OrderKind::Upgrade,
        OrderKind::InfoChange,
        OrderKind::Offline,
        OrderKind::Link,
        OrderKind::Channels,
        OrderKind::RollBack,
    ];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            OrderKind::Release => "release",
            OrderKind::Upgrade => "upgrade",
            OrderKind::InfoChange => "info_change",
            OrderKind::Offline => "offline",
            OrderKind::Link => "link",
            OrderKind::Channels => "channels",
            OrderKind::RollBack => "roll_back",
        }
    }

    /// The kind with this id, if there is one.
    pub fn from_id(id: &str) -> Option<OrderKind> {
        OrderKind::ALL.into_iter().find(|kind| kind.id() == id)
    }
}

impl OrderStatus {
    /// All, in the order of the spec.
    pub const ALL: [OrderStatus; 4] =
        [OrderStatus::InReview, OrderStatus::Approved, OrderStatus::Refused, OrderStatus::Withdrawn];

    /// The stable id, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            OrderStatus::InReview => "in_review",
            OrderStatus::Approved => "approved",
            OrderStatus::Refused => "refused",
            OrderStatus::Withdrawn => "withdrawn",
        }
    }

    /// The status with this id, if there is one.
    pub fn from_id(id: &str) -> Option<OrderStatus> {
        OrderStatus::ALL.into_iter().find(|status| status.id() == id)
    }

    /// 已完成: decided or withdrawn.
    pub const fn is_over(self) -> bool {
        !matches!(self, OrderStatus::InReview)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const LI: PersonId = PersonId(Uuid::from_u128(1));
    const WANG: PersonId = PersonId(Uuid::from_u128(2));

    fn urged_at(last: Option<i64>) -> UrgeFacts {
        UrgeFacts { status: OrderStatus::InReview, initiator: LI, last_urged_at: last.map(UtcMillis) }
    }

    #[test]
    fn urging_waits_ten_minutes() {
        assert_eq!(urge(&urged_at(None), LI, UtcMillis(0)), Ok(()));
        assert_eq!(urge(&urged_at(Some(1_000)), LI, UtcMillis(600_000)), Err(UrgeRefusal::TooSoon { wait_ms: 1_000 }));
        assert_eq!(urge(&urged_at(Some(1_000)), LI, UtcMillis(601_000)), Ok(()));
    }

    #[test]
    fn urging_is_the_initiators_on_what_is_in_review() {
        assert_eq!(urge(&urged_at(None), WANG, UtcMillis(0)), Err(UrgeRefusal::NotInitiator));
        for status in [OrderStatus::Approved, OrderStatus::Refused, OrderStatus::Withdrawn] {
            let facts = UrgeFacts { status, ..urged_at(None) };
            assert_eq!(urge(&facts, LI, UtcMillis(0)), Err(UrgeRefusal::NotInReview));
        }
    }

    #[test]
    fn wanted_votes() {
        assert_eq!(Need::One.wanted(0, 5), 1);
        assert_eq!(Need::Count(0).wanted(0, 5), 1);
        assert_eq!(Need::Count(2).wanted(1, 5), 2);
        assert_eq!(Need::All.wanted(2, 1), 3);
    }
}
