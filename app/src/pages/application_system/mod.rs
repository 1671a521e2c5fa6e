//! 应用系统.

mod list;

pub use list::SystemListPage;
