//! A version on the screen: its stages, what they found, their logs, its preview. For the workbench and the acceptance.

mod difference;
mod findings;
mod log;
mod preview;
mod shown;
mod stages;
mod trial_run;

pub use difference::Difference;
pub use findings::{Findings, Groups};
pub use log::LogPane;
pub use preview::PreviewCard;
pub use shown::VersionShown;
pub use stages::{Hosts, Stages};
pub use trial_run::TrialRun;
