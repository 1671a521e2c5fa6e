//! 发布: the name lists, the registration form, the page of one, and what is done with it.

mod acceptance;
mod act;
mod approval;
mod detail;
mod list;
mod register;

pub use acceptance::AcceptancePage;
pub use act::ActPage;
pub use approval::ApprovalPage;
pub use detail::PublicationDetailPage;
pub use list::ServiceListPage;
pub use register::RegisterServicePage;
