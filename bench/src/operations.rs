//! What an administrator of the site waits for (identity.md, Operations): `cargo xtask bench --operations`.
//!
//! Sign-in storms, three processes on PostgreSQL beside one on SQLite, the audit log's verification, backups. Each part prints its table as
//! soon as it has its figures, so that a run that is broken off is not lost; PostgreSQL's columns are left out where there is none, and it is
//! said. Start reading at [`measure`].

mod audit;
mod backup;
mod processes;
mod ran;
mod storm;
mod tables;

use crate::{Options, Outcome};
use std::path::Path;

/// In each folder that [`is_there`] made: what it has, once that is whole.
const MARK: &str = "written-by-bench";

/// Measures all parts whose names contain what was asked for.
pub(crate) async fn measure(options: &Options) -> Outcome<()> {
    let folder = options.work.join("operations");
    if "storm".contains(&options.only) {
        Box::pin(storm::measure(options, &folder.join("storm"))).await?;
    }
    if "processes".contains(&options.only) {
        Box::pin(processes::measure(options, &folder)).await?;
    }
    if "audit".contains(&options.only) {
        Box::pin(audit::measure(options, &folder.join("audit"))).await?;
    }
    if "backup".contains(&options.only) {
        Box::pin(backup::measure(options, &folder.join("backup"))).await?;
    }
    Ok(())
}

/// Whether the folder has all of `what`, and may keep it. Else it is there now, with nothing in it but the mark; who has written something
/// whole says so by [`is_whole`].
fn is_there(folder: &Path, what: &str, keep: bool) -> Outcome<bool> {
    let failed = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mark = folder.join(MARK);
    match std::fs::read_to_string(&mark) {
        Ok(text) if keep && text == what => return Ok(true),
        Ok(_) => std::fs::remove_dir_all(folder).map_err(failed)?,
        // Only a folder that this wrote before is emptied.
        Err(_) if folder.exists() => {
            return Err(format!(
                "{} was not written by the bench: move it away, or name another --work",
                folder.display()
            ));
        }
        Err(_) => {}
    }
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&mark, "unfinished").map_err(failed)?;
    Ok(false)
}

/// From now on the folder has all of `what`.
fn is_whole(folder: &Path, what: &str) -> Outcome<()> {
    std::fs::write(folder.join(MARK), what).map_err(|e| format!("{}: {e}", folder.display()))
}
