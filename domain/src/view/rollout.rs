//! 上线计划: the open plan of a publication. packages.md: When an approved version goes live.

use serde::{Deserialize, Serialize};

use crate::ids::VersionId;
use crate::region::RegionCode;
use crate::rollout::RolloutPhase;
use crate::time::UtcMillis;
use crate::version::VersionNumber;

/// The plan, as the publication's page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RolloutView {
    /// What goes live.
    pub version: VersionNumber,
    /// How far it is.
    pub phase: RolloutPhase,
    /// Its id: what is done with the plan is done with this one's.
    pub version_id: VersionId,
    /// To what 回到旧版本 leads.
    pub before: Before,
    /// The publication's address: of the engine's the host's label, as [`super::publication::PublicationDetail::live_address`].
    pub address: String,
    /// In their order.
    pub batches: Vec<BatchView>,
    /// Whether who looks may do something with it.
    pub steers: bool,
}

/// What was there before a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Before {
    /// Another version, live here.
    Version,
    /// Of a linked one its old address.
    Address,
    /// Nothing was live.
    Nothing,
}

/// One batch of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchView {
    /// Its name; empty of 定时, which has one batch of all sites.
    pub name: String,
    /// Its sites.
    pub sites: Vec<RegionCode>,
    /// When it starts by itself; `None`: staff start it.
    pub at: Option<UtcMillis>,
    /// When it was started.
    pub started_at: Option<UtcMillis>,
}
