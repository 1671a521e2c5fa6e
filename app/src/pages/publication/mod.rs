//! 发布: the name lists and the registration form.

mod list;
mod register;

pub use list::ServiceListPage;
pub use register::RegisterServicePage;
