//! 存量应用: what lives on the old platform, and its way here.

mod import;
mod link;
mod list;

pub use import::StockImportPage;
pub use link::LinkPage;
pub use list::StockListPage;
