//! What no limit of the system stops: a folder that grows, and memory where no control group counts it.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often it is looked.
const EVERY: Duration = Duration::from_millis(500);

/// Files and folders: each takes room that its size does not show. Bytes.
const EACH: u64 = 1024;

/// Passes when the folder takes more than this.
pub(super) async fn disk_full(folder: &Path, most: u64) {
    loop {
        tokio::time::sleep(EVERY).await;
        let place = folder.to_owned();
        let size = tokio::task::spawn_blocking(move || size(place, most)).await;
        if size.is_ok_and(|size| size > most) {
            return;
        }
    }
}

/// Passes when a process and all that it started take more than this; never where the system counts by itself.
pub(super) async fn memory_full(root: Option<u32>, counted: bool, most: u64) {
    let Some(root) = root.filter(|_| !counted) else { return std::future::pending().await };
    loop {
        tokio::time::sleep(EVERY).await;
        if tokio::task::spawn_blocking(move || resident(root)).await.is_ok_and(|bytes| bytes > most) {
            return;
        }
    }
}

/// Room on the disk, as far as it is above `most`.
fn size(folder: PathBuf, most: u64) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let (mut folders, mut sum) = (vec![folder], 0_u64);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(meta) = entry.metadata() else { continue };
            // pnpm gives its files several names.
            let names = if meta.is_dir() { 1 } else { meta.nlink().max(1) };
            sum = sum.saturating_add(meta.blocks().saturating_mul(512) / names).saturating_add(EACH);
            if sum > most {
                return sum;
            }
            if meta.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    sum
}

/// Memory of a tree of processes, from /proc, without what they share as files: five hundred small ones are small. Bytes.
fn resident(root: u32) -> u64 {
    let mut all = Vec::new();
    for entry in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(status) = std::fs::read_to_string(entry.path().join("status")) else { continue };
        let number = |name: &str| status.lines().find_map(|line| value(line, name)).unwrap_or_default();
        let own = number("RssAnon:").saturating_add(number("RssShmem:"));
        all.push((pid, u32::try_from(number("PPid:")).unwrap_or_default(), own.saturating_mul(1024)));
    }
    let (mut tree, mut sum, mut at) = (vec![root], 0_u64, 0);
    while let Some(parent) = tree.get(at).copied() {
        at += 1;
        for (pid, of, bytes) in &all {
            if *of == parent {
                tree.push(*pid);
                sum = sum.saturating_add(*bytes);
            }
        }
    }
    sum
}

/// The number behind this name, in a line of a status file.
pub(super) fn value(line: &str, name: &str) -> Option<u64> {
    line.strip_prefix(name)?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{disk_full, memory_full, resident, size};
    use std::time::Duration;

    #[tokio::test]
    async fn a_tree_of_processes_and_a_folder_are_measured() {
        let script = "sh -c 'sleep 30; true' & wait";
        let mut child = tokio::process::Command::new("sh").args(["-c", script]).kill_on_drop(true).spawn().unwrap();
        let root = child.id().unwrap();
        let grown = async {
            while resident(root) < 100_000 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            memory_full(Some(root), false, 100_000).await;
        };
        tokio::time::timeout(Duration::from_secs(10), grown).await.unwrap();
        let counted = memory_full(Some(root), true, 1);
        assert!(
            tokio::time::timeout(Duration::from_millis(700), counted).await.is_err(),
            "the system counts by itself"
        );
        child.kill().await.unwrap();

        let folder = std::env::temp_dir().join(format!("irs-watch-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("a")).unwrap();
        std::fs::write(folder.join("a/b"), vec![1; 100_000]).unwrap();
        std::os::unix::fs::symlink("/usr", folder.join("link")).unwrap();
        let measured = size(folder.clone(), u64::MAX);
        assert!((100_000..200_000).contains(&measured), "{measured}: links are not followed");
        tokio::time::timeout(Duration::from_secs(5), disk_full(&folder, 50_000)).await.unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }
}
