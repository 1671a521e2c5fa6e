//! 渠道: the public directories, and the list of further ones.

mod admin;
mod directory;

pub use admin::ChannelAdminPage;
pub use directory::DirectoryPage;
