//! `files.txt`: a line for each file of a backup, `<sha256> <bytes> <name>`. It is written and read line by line, since a large site
//! has more files than fit into memory; the manifest has its hash.

use super::{BackupError, DATABASE, FILES, Result, io};
use crate::files::copy::{Sum, is_kept};
use crate::files::{hex, is_hash};
use futures_util::stream::{self, BoxStream, StreamExt};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, BufWriter};

const NAME: &str = "files.txt";

/// The list, as the manifest has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) sha256: String,
    pub(super) files: u64,
    /// Of all files together.
    pub(super) bytes: u64,
}

/// The list being written.
pub(super) struct List {
    path: PathBuf,
    file: BufWriter<tokio::fs::File>,
    whole: Sha256,
    files: u64,
    bytes: u64,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// In the backup's folder.
    pub(super) name: String,
    pub(super) sum: Sum,
}

impl List {
    pub(super) async fn create(folder: &Path) -> Result<Self> {
        let path = folder.join(NAME);
        let file = BufWriter::new(tokio::fs::File::create(&path).await.map_err(io(&path))?);
        Ok(Self { path, file, whole: Sha256::new(), files: 0, bytes: 0 })
    }

    pub(super) async fn add(&mut self, name: &str, sum: &Sum) -> Result<()> {
        let line = format!("{} {} {name}\n", sum.sha256, sum.size);
        self.file.write_all(line.as_bytes()).await.map_err(io(&self.path))?;
        self.whole.update(line);
        self.files += 1;
        self.bytes += sum.size;
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<Listed> {
        self.file.flush().await.map_err(io(&self.path))?;
        Ok(Listed { sha256: hex(&self.whole.finalize()), files: self.files, bytes: self.bytes })
    }
}

/// The lines of a backup's list. A name leads nowhere but into the backup.
pub(super) async fn lines(folder: &Path) -> Result<BoxStream<'static, Result<Line>>> {
    let path = folder.join(NAME);
    let file = tokio::fs::File::open(&path).await.map_err(|cause| damaged(cause.to_string()))?;
    let lines = BufReader::new(file).lines();
    let next = |mut lines: tokio::io::Lines<BufReader<tokio::fs::File>>| async move {
        let line = lines.next_line().await.map_err(|cause| damaged(cause.to_string()))?;
        let parsed = line.map(|line| parse(&line).ok_or_else(|| damaged(format!("it has a line “{line}”"))));
        Ok(parsed.transpose()?.map(|line| (line, lines)))
    };
    Ok(stream::try_unfold(lines, next).boxed())
}

/// Looks whether the list is the one of the manifest, and whether every file of it is there with its size.
pub(super) async fn check(folder: &Path, listed: &Listed) -> Result<()> {
    let sum = crate::files::copy::sum_of(&folder.join(NAME)).await.map_err(|cause| damaged(cause.to_string()))?;
    if sum.sha256 != listed.sha256 {
        return Err(damaged("it is not the list that the manifest names".to_owned()));
    }
    let mut lines = lines(folder).await?;
    while let Some(line) = lines.next().await.transpose()? {
        let file = line.name.clone();
        match tokio::fs::metadata(folder.join(&line.name)).await {
            Ok(there) if there.len() == line.sum.size => {}
            Ok(there) => {
                let what = format!("it has {} bytes, and {} were backed up", there.len(), line.sum.size);
                return Err(BackupError::Damaged { file, what });
            }
            Err(cause) => return Err(BackupError::Damaged { file, what: cause.to_string() }),
        }
    }
    Ok(())
}

fn parse(line: &str) -> Option<Line> {
    let mut parts = line.splitn(3, ' ');
    let (sha256, size, name) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    let (top, place) = name.split_once('/')?;
    let plain = |name: &str| !name.contains('/') && !name.starts_with('.');
    let ours = (top == DATABASE && plain(place)) || (top == FILES && is_kept(place));
    (ours && is_hash(sha256)).then(|| Line { name: name.to_owned(), sum: Sum { sha256: sha256.to_owned(), size } })
}

fn damaged(what: String) -> BackupError {
    BackupError::Damaged { file: NAME.to_owned(), what }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_line_leads_nowhere_but_into_the_backup() {
        let hash = "a".repeat(64);
        for (name, good) in [
            (format!("files/blob/{hash}"), true),
            ("database/person.copy".to_owned(), true),
            ("database/../../etc/passwd".to_owned(), false),
            ("database/..".to_owned(), false),
            ("files/blob/../../x".to_owned(), false),
            (format!("files/part/{hash}"), false),
            (format!("/files/blob/{hash}"), false),
            ("manifest.json".to_owned(), false),
        ] {
            assert_eq!(parse(&format!("{hash} 12 {name}")).is_some(), good, "{name}");
        }
        assert!(parse(&format!("{hash} -1 database/irs.db")).is_none());
    }
}
