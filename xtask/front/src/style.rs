//! One style sheet out of many. A broken rule fails the build: browsers would only skip it in silence.

use anyhow::{Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, PrinterOptions};
use std::path::Path;

/// Follows every `@import` from `entry`, minifies, writes `out`.
pub fn bundle(entry: &Path, out: &Path) -> Result<()> {
    let files = FileProvider::new();
    let mut sheet =
        Bundler::new(&files, None, ParserOptions::default()).bundle(entry).map_err(|e| anyhow!("style: {e}"))?;
    sheet.minify(MinifyOptions::default()).map_err(|e| anyhow!("style: {e}"))?;
    let css = sheet
        .to_css(PrinterOptions { minify: true, ..PrinterOptions::default() })
        .map_err(|e| anyhow!("style: {e}"))?;
    std::fs::write(out, css.code)?;
    Ok(())
}
