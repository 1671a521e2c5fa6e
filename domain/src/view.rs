//! What may be seen: the rows and pages that the engine folds once, and screens draw. No rule reads this.

pub mod account;
pub mod api_token;
pub mod application_system;
pub mod audit;
pub mod backup;
pub mod dashboard;
pub mod department;
pub mod difference;
pub mod directory;
pub mod doctor;
pub mod history;
pub mod home;
pub mod import;
pub mod inbox;
pub mod limit;
pub mod live;
pub mod oidc;
pub mod outbox;
mod packed;
pub mod person;
pub mod policy;
pub mod publication;
pub mod rollout;
pub mod routing;
pub mod rule;
pub mod running;
pub mod search;
pub mod session;
pub mod setting;
pub mod stock;
pub mod system_host;
pub mod version;
pub mod work_order;

pub use publication::{PublicationDetail, PublicationRow, VersionRow};
pub use version::{FindingView, LogPage, Preview, StageView, UploadState, VersionDetail};
pub use work_order::{StepPerson, TimelineStep, WorkOrderDetail, WorkOrderRow};
