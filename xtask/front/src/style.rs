//! One style sheet out of many. A broken rule fails the build: browsers would only skip it in silence.

use crate::Plan;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Follows every `@import`, minifies, writes `out`.
pub fn bundle(plan: &Plan, out: &Path) -> Result<()> {
    let mut node = Command::new("node");
    node.args(["-e", BUNDLE]).arg(&plan.style).arg(out).env("NODE_PATH", &plan.npm);
    let status = node.status().context("style: node did not start")?;
    if !status.success() {
        bail!("style: {} was not bundled ({status})", plan.style.display());
    }
    Ok(())
}

/// npm brings it compiled; as a crate it takes longer to compile than all else here.
const BUNDLE: &str = r#"
const [entry, out] = process.argv.slice(1);
try {
    const { code } = require("lightningcss").bundle({ filename: entry, minify: true });
    require("fs").writeFileSync(out, code);
} catch (error) {
    console.error(`${error.fileName ?? entry}:${error.loc?.line ?? 1}: ${error.message}`);
    process.exit(1);
}
"#;
