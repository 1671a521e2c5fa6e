//! The audit log's verification by `server audit verify`, beside `sha256sum` on as many bytes as it hashes.

use super::ran::often;
use super::tables;
use crate::server::program;
use crate::{Options, Outcome};
use std::io::Read as _;
use std::path::Path;
use std::process::Command;

/// Before the number of rows.
const WHOLE: &str = "the audit log is whole: ";

/// Writes the log, measures and prints.
pub(super) async fn measure(options: &Options, data: &Path) -> Outcome<()> {
    let what = format!("{} audit events", options.events);
    let there = super::is_there(data, &what, options.keep)?;
    if !there {
        eprintln!("writing {what} …");
    }
    let engine = crate::engine(data, true).await?;
    if !there {
        let written = engine::bench::seed_audit(&engine, options.events, crate::told).await;
        written.map_err(|e| format!("the audit events could not be written: {e}"))?;
        super::is_whole(data, &what)?;
    }
    let bytes = engine::bench::audit_bytes(&engine).await;
    engine.close().await;
    let bytes = bytes.map_err(|e| format!("the audit log can't be read: {e}"))?;
    let ours = often(options.runs, || {
        let mut verify = program(options, data, None);
        verify.args(["audit", "verify"]);
        verify
    })?;
    let rows = ours.said.split_once(WHOLE).and_then(|(_, rest)| rest.split_whitespace().next()?.parse::<u64>().ok());
    let rows = rows.ok_or_else(|| format!("audit verify said “{}”", ours.said.trim()))?;
    let file = data.join("as-many-bytes");
    fill(&file, bytes).map_err(|e| format!("{}: {e}", file.display()))?;
    let sum = often(options.runs, || {
        let mut sum = Command::new("sha256sum");
        sum.arg(&file);
        sum
    });
    std::fs::remove_file(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    tables::audit(rows, bytes, &ours, &sum?);
    Ok(())
}

/// Writes a file of so many bytes: what they are does not matter to a hash.
fn fill(file: &Path, bytes: u64) -> std::io::Result<()> {
    let mut to = std::fs::File::create(file)?;
    std::io::copy(&mut std::io::repeat(b'a').take(bytes), &mut to).map(drop)
}
