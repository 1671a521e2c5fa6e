//! What runs in a process of its own: parsing hostile scripts (the nesting guard of `checks` is heuristic: a stack may overflow),
//! compressing, which takes memory that the allocator of the server would keep, and the inside of the sandbox. The program is ourselves: `<program> child <what> …`, see [`main`].

mod check;
mod compress;
mod compressor;
mod keeper;
#[cfg(test)]
mod keeper_tests;
mod limits;
mod sandbox;

pub(crate) use compressor::Compressor;
pub(crate) use limits::NO_ONE;
pub(crate) use sandbox::{Bare, Enter};

use crate::Engine;
use crate::error::{Error, Result};
use bytes::Bytes;
use checks::links::looks_into;
use checks::{AllowList, LinkReport, Report, Settings};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::de::DeserializeOwned;
use std::ffi::OsString;
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// The word by which our program knows that it is a child.
pub const WORD: &str = "child";

/// A check that takes longer has died.
const PATIENCE: Duration = Duration::from_secs(180);

/// What came back of a child.
pub(crate) enum Checked<T> {
    /// Its answer.
    Said(T),
    /// It ended without one.
    Died,
}

/// Runs as a child, if the arguments (after the program's name) say so. To be asked first in `main`, before any thread is started.
pub fn main(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.next()?.to_str() != Some(WORD) {
        return None;
    }
    let what = arguments.next().unwrap_or_default();
    let rest: Vec<OsString> = arguments.collect();
    Some(match what.to_str() {
        Some("check-source") => check::source(&rest),
        Some("check-links") => check::links(&rest),
        Some("compress") => compress::files(&rest),
        Some("sandbox-enter") => sandbox::enter(&rest),
        Some("sandbox-init") => sandbox::init(&rest),
        Some("sandbox-tool") => keeper::tool(&rest),
        _ => ExitCode::from(2),
    })
}

/// 源码检测 of a zip. `Err` inside: the package is bad, in a sentence.
pub(crate) async fn check_source(
    engine: &Engine,
    zip: &Path,
    settings: &Settings,
) -> Result<Checked<Result<Report, String>>> {
    let file = std::fs::File::open(zip).map_err(|e| Error::Work(format!("{}: {e}", zip.display())))?;
    let child = start(engine, "check-source", &serde_json::json!(settings).to_string(), file.into())?;
    answer(child).await
}

/// 外链检查 of blobs, by path.
pub(crate) async fn check_links(
    engine: &Engine,
    allowed: &AllowList,
    files: impl Iterator<Item = (String, String)>,
) -> Result<Checked<LinkReport>> {
    let mut child = start(engine, "check-links", &serde_json::json!(allowed).to_string(), Stdio::piped())?;
    let Some(mut stdin) = child.stdin.take() else { return Ok(Checked::Died) };
    let contents = stream::iter(files).map(|(path, hash)| async move {
        if !looks_into(&path) {
            // It is counted; pictures are most of a package.
            return Ok((path, Bytes::new()));
        }
        let bytes = engine.files().get(&hash).await?;
        Ok::<_, Error>((path, bytes.ok_or_else(|| Error::Work(format!("the blob {hash} is not kept")))?))
    });
    let mut contents = contents.buffered(engine.files().at_once());
    while let Some((path, bytes)) = contents.try_next().await? {
        if send(&mut stdin, &path, &bytes).await.is_err() {
            return Ok(Checked::Died);
        }
    }
    drop(stdin);
    answer(child).await
}

/// Path and content, each after its length.
async fn send(stdin: &mut tokio::process::ChildStdin, path: &str, bytes: &[u8]) -> std::io::Result<()> {
    for part in [path.as_bytes(), bytes] {
        stdin.write_all(&(part.len() as u64).to_be_bytes()).await?;
        stdin.write_all(part).await?;
    }
    Ok(())
}

fn start(engine: &Engine, what: &str, settings: &str, stdin: Stdio) -> Result<Child> {
    let program = &engine.workshop().program;
    let mut command = Command::new(program);
    command.args([WORD, what, settings]).env_clear().current_dir("/");
    command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().map_err(|e| Error::Work(format!("{}: {e}", program.display())))
}

async fn answer<T: DeserializeOwned>(child: Child) -> Result<Checked<T>> {
    let Ok(output) = tokio::time::timeout(PATIENCE, child.wait_with_output()).await else { return Ok(Checked::Died) };
    let output = output.map_err(|e| Error::Work(e.to_string()))?;
    if !output.status.success() {
        tracing::warn!(status = %output.status, "a check died");
        return Ok(Checked::Died);
    }
    serde_json::from_slice(&output.stdout).map(Checked::Said).map_err(|e| Error::Work(format!("a check's answer: {e}")))
}
