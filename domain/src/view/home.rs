//! 工作台, the home page: what waits for who looks, what they wait for, what went live. screens.md: Home.

use serde::{Deserialize, Serialize};

use super::publication::PublicationRow;
use super::work_order::WorkOrderRow;
use crate::ids::PublicationId;
use crate::publication::Side;
use crate::time::UtcMillis;

/// The cards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeCards {
    /// 等你处理: publications, oldest turn first.
    pub yours: Cards<HomePublication>,
    /// 等你处理: orders to decide, oldest first.
    pub orders: Cards<WorkOrderRow>,
    /// 你在等: publications whose turn is somebody else's, oldest turn first.
    pub waiting: Cards<HomePublication>,
    /// 最近上线, newest first.
    pub live: Cards<LiveCard>,
    /// 无人可审: how many orders, for the security administrator, counted up to 1,000.
    pub stuck: i64,
    /// When this was read: "2 小时" is counted from it.
    pub now: UtcMillis,
    /// The number of the newest change that it shows.
    pub heard: i64,
}

/// The numbers beside rooms of the navigation, each counted up to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Orders that wait for the person's decision.
    pub waiting: i64,
    /// Notices that they have not read.
    pub unread: i64,
}

impl HomeCards {
    /// No card yet.
    pub fn none(now: UtcMillis, heard: i64) -> Self {
        Self {
            yours: Cards::default(),
            orders: Cards::default(),
            waiting: Cards::default(),
            live: Cards::default(),
            stuck: 0,
            now,
            heard,
        }
    }

    /// Whether there is none at all: a new account.
    pub const fn is_empty(&self) -> bool {
        self.yours.total == 0 && self.orders.total == 0 && self.waiting.total == 0 && self.live.total == 0
    }
}

/// At most five, and how many there are (counted up to 1,000).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cards<T> {
    /// The first.
    pub rows: Vec<T>,
    /// All.
    pub total: i64,
}

impl<T> Default for Cards<T> {
    fn default() -> Self {
        Cards { rows: Vec::new(), total: 0 }
    }
}

/// A publication on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomePublication {
    /// As in the list.
    pub row: PublicationRow,
    /// The side.
    pub side: Side,
}

/// What went live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LiveCard {
    /// The publication.
    pub id: PublicationId,
    /// Its name.
    pub name: String,
    /// The icon's content hash.
    pub icon: String,
    /// The side.
    pub side: Side,
    /// When.
    pub at: UtcMillis,
}
