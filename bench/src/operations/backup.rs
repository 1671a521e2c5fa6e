//! `server backup` beside `cp -a` of the same data folder to the same disk, in turn. Both end with what they wrote on the disk: the backup
//! syncs by itself, the copy is followed by a sync of the same file system. Caches are as they are.

use super::ran::run;
use super::tables;
use crate::server::program;
use crate::{Options, Outcome};
use std::path::Path;
use std::process::Command;

/// Of each.
const RUNS: usize = 2;

/// Bytes of one file.
const FILE: u32 = 1_000_000;

/// Bytes of a GB.
const GB: u64 = 1_000_000_000;

/// A backup and a copy, one after the other.
pub(super) struct Pair {
    /// Bytes of the files: the database of a site without publications is nothing beside them.
    pub(super) bytes: u64,
    /// Seconds of the backup, with its syncs, and of one more sync after it.
    pub(super) backup: f64,
    pub(super) rest: f64,
    /// Its processor time. Seconds.
    pub(super) processor: f64,
    /// The most that it had resident. MiB.
    pub(super) peak: f64,
    /// Seconds of the copy, and of the sync after it.
    pub(super) copy: f64,
    pub(super) sync: f64,
}

/// Writes the files, measures, and prints a line a pair. What was written goes again, unless it is to be kept.
pub(super) async fn measure(options: &Options, folder: &Path) -> Outcome<()> {
    let (data, copies) = (folder.join("data"), folder.join("copies"));
    let what = format!("{} GB", options.gigabytes);
    let there = super::is_there(folder, &what, options.keep)?;
    let bytes = u64::from(options.gigabytes) * GB;
    // Two copies are never there at once, but a disk that is nearly full is slow.
    enough(folder, if there { 2 * bytes } else { 3 * bytes })?;
    if !there {
        write(&data, u32::try_from(bytes / u64::from(FILE)).unwrap_or(u32::MAX)).await?;
        super::is_whole(folder, &what)?;
    }
    // Left by a run that was broken off.
    emptied(&copies)?;
    tables::backup_head(bytes, u64::from(FILE));
    for _ in 0..RUNS {
        tables::backup(&pair(options, &data, &copies, bytes)?);
        emptied(&copies)?;
    }
    println!();
    if !options.keep {
        std::fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    Ok(())
}

/// Keeps so many files in a demo without publications: a row that names a file which is not there would make the backup fail.
async fn write(data: &Path, files: u32) -> Outcome<()> {
    eprintln!("writing {files} files …");
    let engine = crate::engine(data, true).await?;
    let told = |n: u32| {
        if n.is_multiple_of(1_000) {
            eprintln!("  {n}");
        }
    };
    let written = engine::bench::seed_blobs(&engine, files, FILE, told).await;
    engine.close().await;
    written.map_err(|e| format!("the files could not be written: {e}"))
}

fn pair(options: &Options, data: &Path, copies: &Path, bytes: u64) -> Outcome<Pair> {
    // What was written or removed before is not theirs to wait for.
    synced(copies)?;
    let mut backup = program(options, data, None);
    backup.arg("backup").arg(copies.join("backup"));
    let backup = run(backup)?;
    let rest = synced(copies)?;
    emptied(copies)?;
    synced(copies)?;
    let mut copy = Command::new("cp");
    copy.arg("-a").arg(data).arg(copies.join("copy"));
    let copy = run(copy)?.seconds;
    let sync = synced(copies)?;
    Ok(Pair { bytes, backup: backup.seconds, rest, processor: backup.processor, peak: backup.peak, copy, sync })
}

/// Seconds until all of this folder's file system is on the disk.
fn synced(folder: &Path) -> Outcome<f64> {
    let mut sync = Command::new("sync");
    sync.arg("-f").arg(folder);
    Ok(run(sync)?.seconds)
}

fn emptied(folder: &Path) -> Outcome<()> {
    let failed = |e: std::io::Error| format!("{}: {e}", folder.display());
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(failed)?;
    }
    std::fs::create_dir_all(folder).map_err(failed)
}

/// Whether its disk has so many bytes left.
fn enough(folder: &Path, bytes: u64) -> Outcome<()> {
    let mut df = Command::new("df");
    df.args(["-B1", "--output=avail"]).arg(folder);
    let said = run(df)?.said;
    let free = said.lines().last().and_then(|line| line.trim().parse::<u64>().ok());
    let free = free.ok_or_else(|| format!("df said “{}”", said.trim()))?;
    if free >= bytes {
        return Ok(());
    }
    let of = |bytes: u64| bytes as f64 / GB as f64;
    Err(format!(
        "{} has {:.1} GB left, and {:.1} are needed: make room, or measure fewer by --gigabytes",
        folder.display(),
        of(free),
        of(bytes)
    ))
}
