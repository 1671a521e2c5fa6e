//! 存量应用: what lives on the old platform, and its way here.

mod link;
mod list;

pub use link::LinkPage;
pub use list::StockListPage;
