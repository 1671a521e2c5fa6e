//! What open pages hear of changes: ids and versions only (design.md, Live events).

use serde::{Deserialize, Serialize};

use crate::ids::{OrderId, PublicationId};
use crate::publication::Side;

/// A publication changed, or an order of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The number of the audit event: pages that were read later know of it.
    pub seq: i64,
    /// The publication.
    pub publication: PublicationId,
    /// Its side.
    pub side: Side,
    /// The aggregate's version: that of the change, or a later one.
    pub version: i64,
    /// The order that was filed, decided or urged.
    pub order: Option<OrderId>,
}

/// One message of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// Something changed that this person may see.
    News(News),
    /// More happened up to this number than can be told: everything is to be read again.
    Missed(i64),
}

impl Heard {
    /// The number from which a stream that broke off goes on.
    #[must_use]
    pub fn seq(&self) -> i64 {
        match self {
            Self::News(news) => news.seq,
            Self::Missed(seq) => *seq,
        }
    }
}
