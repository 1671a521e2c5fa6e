//! 代码编译 of a real application with warm caches, beside the same commands in a shell, one after the other in turn.

use super::{contents, tables, upload};
use crate::client::Client;
use crate::load::median;
use crate::works::random;
use crate::{Options, Outcome};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;
use tokio::process::Command;

/// The application: Vite and TypeScript.
const APPLICATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/fixtures/bus-times");

/// What nobody packs.
const LEFT_OUT: [&str; 3] = ["node_modules", "build", "dist"];

/// Paths and contents.
type Sources = BTreeMap<String, Vec<u8>>;

/// What came of it. Seconds.
pub(crate) struct Built {
    /// 代码编译, by the server's clock: unpacking, dependencies, build, and taking the result in.
    pub(crate) ours: f64,
    /// The commands in a shell.
    pub(crate) shell: f64,
    /// Ours of the shell's, in the middle of the pairs.
    pub(crate) share: f64,
    /// How the server splits its last one.
    pub(crate) sentence: String,
}

/// Measures and prints.
pub(super) async fn measure(options: &Options, data: &Path, developer: &mut Client, id: &str) -> Outcome<()> {
    let mut sources = Sources::new();
    read(Path::new(APPLICATION), "", &mut sources).map_err(|e| format!("{APPLICATION}: {e}"))?;
    // `npm` is the server's own folder.
    let by_hand = std::path::absolute(data.join("by-hand")).map_err(|e| format!("{}: {e}", data.display()))?;
    let shell = Shell { folder: by_hand.join("sources"), cache: by_hand.join("cache") };
    // The first of each fills its cache.
    if let Err(why) = shell.build(&sources).await {
        println!("Build: left out, npm can't build here, or its registry can't be reached: {why}\n");
        return Ok(());
    }
    if let Err(why) = ours(developer, id, "1.0.0", &mut sources).await {
        println!("Build: left out, the server could not build: {why}\n");
        return Ok(());
    }
    let (mut one, mut other, mut sentence) = (Vec::new(), Vec::new(), String::new());
    for run in 1..=options.runs {
        let (seconds, said) = ours(developer, id, &format!("1.0.{run}"), &mut sources).await?;
        one.push(seconds);
        sentence = said;
        other.push(shell.build(&sources).await?);
    }
    let share = median(one.iter().zip(&other).map(|(one, other)| one / other).collect());
    tables::build(&Built { ours: median(one), shell: median(other), share, sentence });
    Ok(())
}

/// Uploads the application with something new in it; seconds of 代码编译, and what it said.
async fn ours(developer: &mut Client, id: &str, number: &str, sources: &mut Sources) -> Outcome<(f64, String)> {
    sources.insert("README.md".to_owned(), format!("# 公交到站\n\n{:x}\n", random()).into_bytes());
    let zip = contents::pack(sources.iter().map(|(path, content)| (path.as_str(), content.as_slice())))?;
    let sent = upload::send(developer, id, number, &zip.into()).await?;
    let build = sent.stages.into_iter().find(|stage| stage.name == "代码编译").ok_or("there is no 代码编译")?;
    Ok((build.seconds, build.sentence))
}

/// Where the same is built by hand.
struct Shell {
    folder: PathBuf,
    cache: PathBuf,
}

impl Shell {
    /// Seconds of the two commands, in a folder that has the sources and nothing else.
    async fn build(&self, sources: &Sources) -> Outcome<f64> {
        self.lay_out(sources).map_err(|e| format!("{}: {e}", self.folder.display()))?;
        let mut command = Command::new("sh");
        command.args(["-c", "npm ci && npm run build"]).current_dir(&self.folder).env("npm_config_cache", &self.cache);
        // As in the server's sandbox: these ask elsewhere, and are no part of a build.
        command.env("npm_config_audit", "false").env("npm_config_fund", "false");
        command.env("npm_config_update_notifier", "false").stdin(Stdio::null()).kill_on_drop(true);
        let begun = Instant::now();
        let done = command.output().await.map_err(|e| format!("sh: {e}"))?;
        let took = begun.elapsed().as_secs_f64();
        if done.status.success() {
            return Ok(took);
        }
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        Err(said.lines().next().unwrap_or("it failed without a word").to_owned())
    }

    fn lay_out(&self, sources: &Sources) -> std::io::Result<()> {
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder)?;
        }
        for (path, content) in sources {
            let place = self.folder.join(path);
            std::fs::create_dir_all(place.parent().unwrap_or(&self.folder))?;
            std::fs::write(place, content)?;
        }
        Ok(())
    }
}

fn read(folder: &Path, prefix: &str, into: &mut Sources) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{prefix}{name}/"), into)?;
        } else {
            into.insert(format!("{prefix}{name}"), std::fs::read(entry.path())?);
        }
    }
    Ok(())
}
