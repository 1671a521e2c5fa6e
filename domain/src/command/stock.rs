//! What staff ask of a stock application; deciding its order is in [`super::work_order`].

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fields::Registration;
use crate::ids::StockId;

/// 关联.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The stock application.
    pub id: StockId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The form as typed.
    pub draft: Registration,
}
