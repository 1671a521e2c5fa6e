//! Where hostile code runs: bubblewrap, without our rights, our files or our network (packages.md, 代码编译).
//!
//! `<program> child sandbox-enter` joins the control group, becomes an account that owns nothing else, takes its limits on and turns into bubblewrap; inside,
//! `<program> child sandbox-init` brings the registry's socket to 127.0.0.1 and starts the tool. All of them die with us.

mod account;
mod bare;
#[cfg(test)]
mod bare_tests;
mod cgroup;
#[cfg(test)]
mod log_tests;
#[cfg(test)]
mod output_tests;
#[cfg(test)]
mod real_tool_tests;
pub(super) mod registry;
#[cfg(test)]
mod registry_tests;
mod tarballs;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tool_tests;
mod walls;
mod watch;
mod way;

pub(crate) use cgroup::{Enforced, enforced};
pub(super) use cgroup::{settle, sweep};
pub(super) use tarballs::sweep as sweep_tarballs;
pub(crate) use walls::{Trouble, trouble};
pub(super) use walls::{Walls, missing, walls};
pub(super) use way::Way;

use super::line::Step;
use crate::child::WORD;
use crate::error::{Error, Result};
use crate::workshop::Workshop;
use account::{ACCOUNTS, Account};
use cgroup::Group;
use nix::unistd::Uid;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::Instant;

/// Where things are, inside.
const WORK: &str = "/work";
const PROGRAM: &str = "/run/irs/program";
const SOCKET: &str = "/run/irs/way";
const TOOLS: &str = "/run/irs/bin";

/// The port on 127.0.0.1, inside, behind which the way out is: the registry, or the preview.
pub(super) const PORT: u16 = 4873;

/// The npm registry, inside.
pub(super) const REGISTRY: &str = "http://127.0.0.1:4873/";

/// Between two looks at the output of a tool that prints too much.
const SLOWLY: Duration = Duration::from_millis(5);

/// Room in /tmp and /dev/shm, inside: memory. Bytes.
const TMP: &str = "268435456";
const SHARED: &str = "67108864";

/// How a tool ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// By itself, well.
    Done,
    /// By itself, with this exit code; by a signal: none.
    Failed(Option<i32>),
    /// It took longer than it may.
    Late,
    /// It took more memory than it may.
    Memory,
    /// It wrote more than it may.
    Disk,
}

/// The folders of one build.
pub(super) struct Sandbox {
    workshop: Workshop,
    walls: Walls,
    /// Sources, dependencies, output: the only place that can be written and lasts.
    pub(super) work: PathBuf,
    /// Whose that is, where we are root.
    account: Account,
    /// Made-up files of /etc.
    etc: PathBuf,
    /// A tool that is not where all others are.
    guest: Option<Guest>,
    /// When it has to be over.
    end: Instant,
}

/// A tool that comes in from elsewhere, as a script of ours that starts it.
pub(super) struct Guest {
    /// As commands name it.
    pub(super) name: &'static str,
    /// For `/bin/sh`.
    pub(super) script: String,
    /// Where it lies, if that is not seen anyway.
    pub(super) sees: Option<PathBuf>,
}

impl Sandbox {
    /// For the sources in `work`, which become the sandbox's.
    pub(super) async fn new(step: &Step, work: PathBuf, walls: Walls) -> Result<Self> {
        let workshop = Workshop { limits: step.limits.build.clone(), ..step.engine.workshop().clone() };
        let etc = step.folder.join("etc");
        let account = ACCOUNTS.take(step.version.id).ok_or_else(|| Error::Work("all accounts build".to_owned()))?;
        let prepare = {
            let (etc, work, folder, account) = (etc.clone(), work.clone(), step.folder.clone(), account.id);
            move || {
                if walls == Walls::None {
                    bare::prepare(&work);
                }
                prepare(&etc, &work, &folder, account)
            }
        };
        let prepared = tokio::task::spawn_blocking(prepare).await.map_err(|e| Error::Work(e.to_string()))?;
        prepared.map_err(|e| Error::Work(format!("the sandbox's folders: {e}")))?;
        let end = Instant::now() + workshop.limits.time;
        Ok(Self { workshop, walls, work, account, etc, guest: None, end })
    }

    /// The one way out: to the registry.
    pub(super) async fn registry(&self, step: &Step) -> Result<registry::Registry> {
        registry::way(&step.folder, &self.workshop, self.walls).await
    }

    /// The same, with a tool from elsewhere.
    pub(super) fn with(self, guest: Option<Guest>) -> Result<Self> {
        if let Some(guest) = &guest {
            self.keep(guest).map_err(|e| Error::Work(format!("the sandbox's {}: {e}", guest.name)))?;
        }
        Ok(Self { guest, ..self })
    }

    fn keep(&self, guest: &Guest) -> std::io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        let script = self.etc.join(guest.name);
        std::fs::write(&script, &guest.script)?;
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755))
    }

    /// Runs a tool inside; with a way out, that one can be reached, and nothing else ever.
    pub(super) async fn run(&self, step: &Step, way: Option<&Way>, tool: &[&str]) -> Result<Ended> {
        step.log.tool(&tool.join(" "));
        let group = Group::new(&self.workshop.limits);
        let mut child = started(self.command(way, &[], tool, &group).stderr(Stdio::piped()))?;
        let (output, id) = ((child.stdout.take(), child.stderr.take()), child.id());
        let keeper = bare::Keeper::of(id.filter(|_| self.walls == Walls::None));
        let finished = finished(&mut child, output, step, async {
            keeper.is_over();
            self.end_rest(id, &group).await;
        });
        let ended = match self.within(id, &group, finished).await {
            Ok(ended) => ended?,
            Err(cut) => {
                keeper.ends(&mut child).await;
                cut
            }
        };
        // The first process of the namespace dies with bubblewrap, and with it all that it started.
        let _ = child.kill().await;
        self.end_rest(id, &group).await;
        // Also what went on without the process that it lost.
        let ended = if group.ran_out_of_memory() { Ended::Memory } else { ended };
        group.remove().await;
        Ok(ended)
    }

    /// Talks with a tool inside by its standard input and output, until that is said which is to be said; it sees these places of
    /// the system, too.
    ///
    /// # Errors
    /// It can't be started; it took more than it may.
    pub(super) async fn talk<T>(
        &self,
        way: &Way,
        sees: &[PathBuf],
        tool: &[&str],
        said: impl AsyncFnOnce(ChildStdin, ChildStdout) -> T,
    ) -> Result<T> {
        let group = Group::new(&self.workshop.limits);
        let mut child = started(self.command(Some(way), sees, tool, &group).stdin(Stdio::piped()))?;
        let none = || Error::Work("sandbox: no pipes".to_owned());
        let (to, from) = (child.stdin.take().ok_or_else(none)?, child.stdout.take().ok_or_else(none)?);
        let said = self.within(child.id(), &group, said(to, from)).await;
        let _ = child.kill().await;
        group.remove().await;
        said.map_err(|cut| Error::Work(format!("sandbox: {cut:?}")))
    }

    /// Where no namespace dies with the tool: what it left behind.
    async fn end_rest(&self, tool: Option<u32>, group: &Group) {
        if self.walls == Walls::None {
            bare::end(tool, &self.work, self.account.id, group).await;
        }
    }

    /// The work, as long as the tool takes no more than it may.
    async fn within<T>(
        &self,
        tool: Option<u32>,
        group: &Group,
        work: impl Future<Output = T>,
    ) -> std::result::Result<T, Ended> {
        let limits = &self.workshop.limits;
        tokio::select! {
            done = work => Ok(done),
            () = tokio::time::sleep_until(self.end) => Err(Ended::Late),
            () = watch::disk_full(&self.work, limits.disk) => Err(Ended::Disk),
            () = group.runs_out_of_memory() => Err(Ended::Memory),
            () = watch::memory_full(tool, group.counts_memory(), limits.memory) => Err(Ended::Memory),
        }
    }

    /// What `sandbox-enter` takes on, as JSON.
    fn limits(&self, group: &Group, bare: Option<crate::child::Bare>) -> String {
        let limits = &self.workshop.limits;
        let enter = crate::child::Enter {
            groups: group.entrances(),
            account: self.account.id,
            // Without walls and as ourselves a build could lift its group's limit.
            processes: (bare.is_some() || !group.counts_processes()).then_some(limits.processes),
            file: limits.disk,
            data: (!group.counts_memory()).then_some(limits.memory),
            bare,
        };
        serde_json::json!(enter).to_string()
    }

    fn command(&self, way: Option<&Way>, sees: &[PathBuf], tool: &[&str], group: &Group) -> Command {
        let program = &self.workshop.program;
        let mut command = Command::new(program);
        command.env_clear().current_dir("/").kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.args([WORD, "sandbox-enter"]);
        if self.walls == Walls::None {
            // A group of processes of its own, to be ended as one; by the tool's keeper, which is told so and not killed.
            command.arg(self.limits(group, Some(bare::settings(&self.work, way)))).args(tool).process_group(0);
            command.kill_on_drop(false);
            return command;
        }
        command.arg(self.limits(group, None)).arg(&self.workshop.bubblewrap);
        walls::shut(&mut command);
        for (inside, outside) in
            [("/bin", "usr/bin"), ("/sbin", "usr/sbin"), ("/lib", "usr/lib"), ("/lib64", "usr/lib64")]
        {
            command.args(["--symlink", outside, inside]);
        }
        command.args([
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            "--size",
            SHARED,
            "--tmpfs",
            "/dev/shm",
            "--remount-ro",
            "/dev",
        ]);
        command.args(["--size", TMP, "--tmpfs", "/tmp", "--dir", "/run/irs", "--ro-bind-try", "/etc/ssl", "/etc/ssl"]);
        for name in FILES.map(|(name, _)| name) {
            command.arg("--ro-bind").arg(self.etc.join(name)).arg(format!("/etc/{name}"));
        }
        command.arg("--ro-bind").arg(program).arg(PROGRAM).arg("--bind").arg(&self.work).arg(WORK);
        if let Some(guest) = &self.guest {
            command.arg("--ro-bind").arg(self.etc.join(guest.name)).arg(format!("{TOOLS}/{}", guest.name));
        }
        for place in sees.iter().chain(self.guest.iter().filter_map(|guest| guest.sees.as_ref())) {
            command.arg("--ro-bind-try").arg(place).arg(place);
        }
        let mut port = "0".to_owned();
        if let Some(socket) = way.and_then(Way::socket) {
            command.arg("--ro-bind").arg(socket).arg(SOCKET);
            port = PORT.to_string();
        }
        for (name, value) in ENVIRONMENT {
            command.args(["--setenv", name, value]);
        }
        // The root is memory: what is mounted on it is as it was, the rest is shut.
        command.args(["--remount-ro", "/"]);
        command.args(["--chdir", WORK, PROGRAM, WORD, "sandbox-init", port.as_str(), SOCKET]).args(tool);
        command
    }
}

/// Of npm: nothing of its own accord, nothing to anywhere else.
const ENVIRONMENT: [(&str, &str); 19] = [
    ("PATH", "/run/irs/bin:/work/node_modules/.bin:/usr/local/bin:/usr/bin:/bin"),
    ("HOME", "/tmp"),
    ("LANG", "C.UTF-8"),
    ("CI", "1"),
    ("NODE_ENV", "production"),
    ("npm_config_registry", REGISTRY),
    ("npm_config_replace_registry_host", "always"),
    // The registry is near: by itself npm waits for more than two minutes before it says that a checksum is wrong.
    ("npm_config_fetch_retry_mintimeout", "500"),
    ("npm_config_fetch_retry_factor", "4"),
    ("npm_config_cache", "/work/.npm-cache"),
    ("npm_config_audit", "false"),
    ("npm_config_fund", "false"),
    ("npm_config_update_notifier", "false"),
    ("npm_config_include", "dev"),
    ("npm_config_progress", "false"),
    // Not the program that a package's .npmrc names.
    ("npm_config_git", "git"),
    // A dependency out of git is prepared by its own scripts, whatever the tool is told: git gets none, from the package itself neither.
    ("GIT_ALLOW_PROTOCOL", "none"),
    // What corepack lays in a tool's place fetches nothing.
    ("COREPACK_ENABLE_NETWORK", "0"),
    // The log shows colours.
    ("FORCE_COLOR", "1"),
];

/// The files of /etc, inside.
const FILES: [(&str, &str); 4] = [
    ("passwd", "build:x:61507:61507:build:/tmp:/usr/sbin/nologin\n"),
    ("group", "build:x:61507:\n"),
    ("hosts", "127.0.0.1 localhost build\n"),
    ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"),
];

/// As root, the sandbox's side of things belongs to an account that owns nothing else.
fn prepare(etc: &Path, work: &Path, folder: &Path, account: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::create_dir_all(etc)?;
    for (name, content) in FILES {
        std::fs::write(etc.join(name), content)?;
    }
    // The way there has to be open, but not readable.
    for place in std::iter::once(folder).chain(folder.parent()) {
        std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o711))?;
    }
    if Uid::effective().is_root() { give_away(work, account) } else { Ok(()) }
}

fn give_away(place: &Path, account: u32) -> std::io::Result<()> {
    std::os::unix::fs::lchown(place, Some(account), Some(account))?;
    if std::fs::symlink_metadata(place)?.is_dir() {
        for entry in std::fs::read_dir(place)? {
            give_away(&entry?.path(), account)?;
        }
    }
    Ok(())
}

fn started(command: &mut Command) -> Result<Child> {
    command.spawn().map_err(|e| Error::Work(format!("sandbox: {e}")))
}

/// Passes when the tool has ended and all that it wrote is in the log.
async fn finished(
    child: &mut Child,
    output: (Option<impl AsyncRead + Unpin>, Option<impl AsyncRead + Unpin>),
    step: &Step,
    end_rest: impl Future<Output = ()>,
) -> Result<Ended> {
    let waited = async {
        let status = child.wait().await;
        // Whoever stays behind may hold its output open.
        end_rest.await;
        status
    };
    let (status, (), ()) = tokio::join!(waited, logged(output.0, step), logged(output.1, step));
    let status = status.map_err(|e| Error::Work(format!("sandbox: {e}")))?;
    Ok(if status.success() { Ended::Done } else { Ended::Failed(status.code()) })
}

async fn logged(output: Option<impl AsyncRead + Unpin>, step: &Step) {
    let Some(mut output) = output else { return };
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read) = output.read(&mut buffer).await {
        if read == 0 {
            return;
        }
        step.log.bytes(&buffer[..read]);
        if step.log.is_full() {
            // Whoever prints for ever waits for us, not we for them.
            tokio::time::sleep(SLOWLY).await;
        }
    }
}
