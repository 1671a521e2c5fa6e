//! 搜索: what a person finds by a word, of all that they may see. Spec: screens.md, Shell.

use serde::{Deserialize, Serialize};

use crate::ids::PublicationId;
use crate::publication::Side;
use crate::state::State;
use crate::time::UtcMillis;
use crate::view::application_system::SystemView;
use crate::view::work_order::WorkOrderRow;

/// Of each kind the newest, at most ten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Publications.
    pub publications: Vec<FoundPublication>,
    /// Application systems.
    pub systems: Vec<SystemView>,
    /// Work orders: of their publications' names.
    pub orders: Vec<WorkOrderRow>,
    /// When this was read.
    pub now: UtcMillis,
}

/// A publication that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPublication {
    /// Which.
    pub id: PublicationId,
    /// Its side.
    pub side: Side,
    /// 服务名称.
    pub name: String,
    /// 服务ID.
    pub service_id: String,
    /// Its icon's content hash.
    pub icon: String,
    /// Its state.
    pub state: State,
    /// It was found because it names the person as a contact: it opens on the workbench.
    pub workbench: bool,
}
