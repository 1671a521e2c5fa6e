//! What staff ask of a rollout plan: see [`crate::rollout`].

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{PublicationId, VersionId};
use crate::rollout::RolloutAction;

/// 暂停, 继续, 回到旧版本, or starting a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steer {
    /// The publication.
    pub id: PublicationId,
    /// The aggregate's version that the page showed.
    pub seen: i64,
    /// The idempotency key of the form.
    pub key: Uuid,
    /// The version whose plan the page showed: another plan is not meant.
    pub version: VersionId,
    /// What to do.
    pub action: RolloutAction,
}
