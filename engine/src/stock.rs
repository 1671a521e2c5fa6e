//! 存量应用: H5 applications of the old platform, which staff link (关联) and operators decide about (lifecycle.md, the small table
//! after Transitions).
//!
//! A stock application and the publication that it becomes have one id: names that are held, events, notices and rights are of
//! that id before and after. Start reading at [`decide`].

mod decide;
mod form;
mod link;
mod list;
mod look;
#[cfg(test)]
mod tests;

pub(crate) use decide::on_order;
pub use form::{keep_icon, link_form, save_link_draft};
pub use link::{Linked, link};
pub use list::list;
pub(crate) use look::{Looked, look, look_by_order};
