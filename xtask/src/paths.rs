//! Where things are.

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// What a build leaves behind.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The built front end.
pub fn site() -> PathBuf {
    target().join("site")
}

/// The log of one step.
pub fn log(step: &str) -> PathBuf {
    target().join("xtask").join(format!("{}.log", step.replace(|c: char| !c.is_ascii_alphanumeric(), "-")))
}

/// Tools that are built or installed once for all checkouts. Everything in it can be made again.
pub fn tools() -> PathBuf {
    let cache = || {
        let home = std::env::var_os("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
        std::env::var_os("XDG_CACHE_HOME").map_or_else(|| home.join(".cache"), PathBuf::from)
    };
    std::env::var_os("IRS_TOOLS").map_or_else(|| cache().join("irs-tools"), PathBuf::from)
}
