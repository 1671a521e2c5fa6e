//! 发布: the name lists, the registration form, the page of one, and what is done with it.

mod acceptance;
mod act;
mod approval;
mod change;
mod channels;
mod detail;
mod list;
mod offline;
mod register;
mod roll_back;

pub use acceptance::AcceptancePage;
pub use act::ActPage;
pub use approval::ApprovalPage;
pub use change::{CorrectionPage, InfoChangePage};
pub use channels::ChannelsPage;
pub use detail::PublicationDetailPage;
pub use list::{GovernanceListPage, ServiceListPage};
pub use offline::OfflinePage;
pub use register::{RegisterGovernancePage, RegisterServicePage};
pub use roll_back::RollBackPage;
