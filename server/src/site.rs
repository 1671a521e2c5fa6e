//! The built front end on disk.

use leptos::config::LeptosOptions;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Base name of the built files; the same in xtask.
const OUTPUT_NAME: &str = "irs";

/// There is no front end where the setting says.
#[derive(Debug, Error)]
#[error("no front end in {}: build it with `cargo xtask run`, or name its folder with --site", .0.display())]
pub struct NoSite(PathBuf);

/// Finds the current build below `root`: the file `pkg-dir` names its folder (`pkg/<hash>`).
pub fn options(root: &Path) -> Result<LeptosOptions, NoSite> {
    let missing = || NoSite(root.to_owned());
    let pkg_dir = std::fs::read_to_string(root.join("pkg-dir")).map_err(|_| missing())?;
    let root_name = root.to_str().ok_or_else(missing)?;
    Ok(LeptosOptions::builder().output_name(OUTPUT_NAME).site_root(root_name).site_pkg_dir(pkg_dir.trim()).build())
}
