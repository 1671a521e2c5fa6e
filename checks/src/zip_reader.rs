//! Reading an uploaded zip: its directory first, then one file at a time, nothing ever extracted by
//! name. Start at [`read_package`].

mod directory;
mod names;
mod package;

pub use package::{Package, PackageFile, enclosing_folder, read_package};
