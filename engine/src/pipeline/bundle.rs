//! What a build made, taken into the files: blobs, then the list of them (`built/<bundle>`), the commit.
//!
//! The folder is a hostile program's: links and devices are refused, sizes are counted while reading.

use super::line::Step;
use crate::error::{Error, Result};
use crate::files::copy::Sum;
use crate::workshop::MB;
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The kind of list under which a build's result is kept.
const KIND: &str = "built";

/// The files of a bundle: path to hash and size.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Built {
    pub(super) files: BTreeMap<String, BuiltFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct BuiltFile {
    pub(super) sha256: String,
    pub(super) size: u64,
}

impl Built {
    /// SHA-256 over the sorted lines `path NUL sha256 LF` (design.md, Data).
    pub(super) fn hash(&self) -> String {
        let mut whole = Sha256::new();
        for (path, file) in &self.files {
            whole.update(path);
            whole.update([0]);
            whole.update(&file.sha256);
            whole.update(b"\n");
        }
        crate::files::hex(&whole.finalize())
    }
}

/// Takes a folder of at most so many bytes in; answers the bundle's hash, or why not, in a sentence.
pub(super) async fn take(step: &Step, root: &Path, most: u64) -> Result<Result<String, String>> {
    let limits = step.limits.package.clone();
    let file_bytes = limits.file_bytes;
    let folder = root.to_owned();
    let look = tokio::task::spawn_blocking(move || look(&folder, &limits, most));
    let found = match look.await.map_err(|e| Error::Work(e.to_string()))? {
        Ok(found) => found,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let taken = stream::iter(found).map(|(path, place)| async move {
        let taken = step.engine.files().take_unsynced(move || open(&place), file_bytes).await;
        let Sum { sha256, size } = taken.map_err(|e| Error::Work(format!("{path}: {e}")))?;
        Ok::<_, Error>((path, BuiltFile { sha256, size }))
    });
    let built = Built { files: taken.buffer_unordered(step.engine.files().at_once()).try_collect().await? };
    let hash = built.hash();
    let list = serde_json::to_vec(&built).map_err(|e| Error::Work(e.to_string()))?;
    step.engine.files().put_list(KIND, &hash, list).await?;
    step.log.line(&format!("{} 个文件，内容摘要 {hash}", built.files.len()));
    Ok(Ok(hash))
}

/// The list of a bundle that was taken in.
pub(super) async fn of(step: &Step, hash: &str) -> Result<Option<Built>> {
    let list = step.engine.files().list(KIND, hash).await?;
    Ok(list.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Every file below the folder: path and place, sorted; or what is wrong with it.
fn look(root: &Path, limits: &checks::Limits, most: u64) -> Result<BTreeMap<String, PathBuf>, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![(String::new(), root.to_owned(), 1)];
    let mut sum = 0_u64;
    while let Some((prefix, folder, level)) = folders.pop() {
        let entries =
            std::fs::read_dir(&folder).map_err(|_| format!("无法读取输出文件夹“{prefix}”。请检查构建脚本。"))?;
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                return Err("输出中有文件名不是 UTF-8。请改名后重新打包。".to_owned());
            };
            let path = format!("{prefix}{name}");
            check_name(&path, &name, limits, level)?;
            let meta =
                std::fs::symlink_metadata(entry.path()).map_err(|_| format!("无法读取“{path}”。请检查构建脚本。"))?;
            if meta.is_dir() {
                folders.push((format!("{path}/"), entry.path(), level + 1));
            } else if meta.is_file() {
                sum = sum.saturating_add(meta.len());
                if meta.len() > limits.file_bytes {
                    return Err(format!(
                        "“{path}”超过单个文件的上限 {} MB。请压缩或拆分这个文件。",
                        limits.file_bytes / MB
                    ));
                }
                found.insert(path, entry.path());
            } else {
                return Err(format!("输出中的“{path}”不是普通文件（符号链接、设备等）。请让构建脚本输出真实文件。"));
            }
            if sum > most || found.len() > limits.entries as usize {
                return Err(format!("输出超过上限（{} MB，{} 个文件）。请减少输出的文件。", most / MB, limits.entries));
            }
        }
    }
    if found.contains_key("index.html") {
        Ok(found)
    } else {
        Err("输出中没有 index.html。请检查构建脚本和输出文件夹。".to_owned())
    }
}

fn check_name(path: &str, name: &str, limits: &checks::Limits, level: u32) -> Result<(), String> {
    if path == "app-env.js" || path.starts_with("__") {
        return Err(format!("“{path}”是平台保留的名称（app-env.js，以及以 __ 开头的名称）。请改名后重新打包。"));
    }
    if path.chars().count() > limits.path_chars as usize || level > limits.path_levels {
        return Err(format!("输出中“{path}”的路径太长或太深。请缩短后重新打包。"));
    }
    if name.chars().any(char::is_control) || name.contains('\\') {
        return Err("输出中有文件名含有控制字符或反斜杠。请改名后重新打包。".to_owned());
    }
    Ok(())
}

/// Reads a file of at most so many bytes, as [`open`] opens it.
pub(super) fn read(place: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(place)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(std::io::Error::other("larger than it may be"));
    }
    Ok(bytes)
}

/// Opens a file without following a link or waiting at a pipe that was put there.
fn open(place: &Path) -> std::io::Result<File> {
    use nix::libc::{O_NOFOLLOW, O_NONBLOCK};
    let file = std::fs::OpenOptions::new().read(true).custom_flags(O_NOFOLLOW | O_NONBLOCK).open(place)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("not a regular file"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::{look, read};
    use nix::sys::stat::Mode;

    #[test]
    fn only_a_real_file_within_its_limit_is_read() {
        let folder = std::env::temp_dir().join(format!("irs-read-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("index.html");
        std::fs::write(&file, b"12345").unwrap();
        assert_eq!(read(&file, 5).unwrap(), b"12345");
        assert!(read(&file, 4).is_err());
        let most = 4;
        let said = look(&folder, &checks::Limits::default(), most).unwrap_err();
        assert!(said.starts_with("输出超过上限（0 MB，"), "{said}");
        let (pipe, link) = (folder.join("pipe"), folder.join("link"));
        nix::unistd::mkfifo(&pipe, Mode::S_IRWXU).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        for odd in [pipe, link, folder.clone()] {
            assert!(read(&odd, 5).is_err(), "{}", odd.display());
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}
