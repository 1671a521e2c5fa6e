//! 工单: the lists 我发起的 and 待我审批, and the page of one order.

mod detail;
mod list;

pub use detail::OrderPage;
pub use list::{AdministeredPage, AllPage, InitiatedPage, WaitingPage};
