//! 渠道: the public directories.

mod directory;

pub use directory::DirectoryPage;
