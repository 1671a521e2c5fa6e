//! The developer workbench (screens.md): what names me as a contact, and one of them with its versions.

mod checking;
mod declared_hosts;
mod folder;
mod list;
mod publication;
mod sending;
mod test_values;
mod tokens;
mod upload;
mod version;

pub use list::WorkbenchPage;
pub use publication::WorkbenchPublicationPage;
pub use tokens::TokensPage;
