//! What people ask of a work order. The engine finds the publication or stock application by it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::OrderId;

/// 同意.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approve {
    /// The order.
    pub id: OrderId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// A comment, optional; as typed.
    pub comment: String,
}

/// 拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refuse {
    /// The order.
    pub id: OrderId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// Why; as typed.
    pub reason: String,
}

/// 撤回申请.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdraw {
    /// The order.
    pub id: OrderId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
}

/// 催办: see [`crate::work_order::urge`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Urge {
    /// The order.
    pub id: OrderId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
}

/// One of several orders that are decided at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideOne {
    /// The order.
    pub id: OrderId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of this decision.
    pub key: Uuid,
}
