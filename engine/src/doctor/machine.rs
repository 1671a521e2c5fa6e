//! The machine: folders, disk, clock.

use super::{Said, Seen, Verdict, all};
use crate::files::copy::UNFINISHED;
use crate::store::condition::Settings;
use crate::workshop::MB;
use nix::sys::statvfs::statvfs;
use nix::unistd::Uid;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What the product itself needs on the disk. Bytes.
const ROOM: u64 = 1024 * MB;

/// The npm tarballs that are kept. Bytes.
const TARBALLS: u64 = 2048 * MB;

/// A clock that is off by more is wrong: a code of 30 seconds is the other day's by then. Milliseconds.
const CLOCK_MOST: i64 = 30_000;

pub(super) async fn data_folder(seen: &Seen<'_>) -> Vec<Verdict> {
    let data = &seen.site.data;
    if !data.exists() {
        let what = (
            format!("{} is not there yet; the first start makes it", data.display()),
            format!("数据目录 {} 还没有，第一次启动时会建立", data.display()),
        );
        let remedy =
            ("if there should be one, name it with --data (IRS_DATA)", "如果应当已经有，请用 --data（IRS_DATA）指明");
        return vec![Verdict::note(what, remedy)];
    }
    if !data.is_dir() {
        return vec![Verdict::wrong(
            (format!("{} is no folder", data.display()), format!("{} 不是目录", data.display())),
            ("name a folder with --data (IRS_DATA)", "用 --data（IRS_DATA）指明一个目录"),
        )];
    }
    let mut wrong = Vec::new();
    for folder in [data.clone(), data.join("files")].into_iter().filter(|folder| folder.exists()) {
        if let Err(cause) = try_to_write(&folder) {
            let what = (
                format!("{} cannot be written by this account: {cause}", folder.display()),
                format!("服务的账号不能写 {}：{cause}", folder.display()),
            );
            let remedy = (
                "give it to the account of the server: chown -R <account> <folder>",
                "把它交给服务的账号：chown -R <账号> <目录>",
            );
            wrong.push(Verdict::wrong(what, remedy));
        }
    }
    wrong.extend(database_file(&seen.site.database));
    if seen.site.workshop.builds > 0 && Uid::effective().is_root() {
        wrong.extend(way_to(&seen.site.workshop.work));
    }
    if data.join("files").join(UNFINISHED).exists() {
        let what = ("a restore into this place did not come to its end", "往这里恢复备份时中断了");
        let remedy = (
            "run `server restore` once more, or empty the folder of files",
            "再执行一次 server restore，或者清空存放文件的目录",
        );
        wrong.push(Verdict::wrong(what, remedy));
    }
    all(wrong, || {
        Said::from((
            format!("{} can be written", data.display()),
            format!("数据目录 {} 可以读写，权限正确", data.display()),
        ))
    })
}

fn try_to_write(folder: &Path) -> std::io::Result<()> {
    let file = folder.join(format!(".doctor-{}", std::process::id()));
    std::fs::write(&file, b"")?;
    std::fs::remove_file(file)
}

/// It holds the hashes of passwords and what people wrote.
fn database_file(address: &str) -> Option<Verdict> {
    let mode = std::fs::metadata(address).ok().filter(std::fs::Metadata::is_file)?.mode();
    let what = (
        format!("{address} can be read by every account of this machine"),
        format!("这台机器的所有账号都能读 {address}"),
    );
    let remedy = (
        format!("chmod o-rwx {address}*, and UMask=0027 in the server's service"),
        format!("执行 chmod o-rwx {address}*，并在服务的配置里设 UMask=0027"),
    );
    (mode & 0o007 != 0).then(|| Verdict::wrong(what, remedy))
}

/// Builds have accounts of their own, which have to get to their folder.
fn way_to(work: &Path) -> Option<Verdict> {
    let shut = |folder: &PathBuf| std::fs::metadata(folder).is_ok_and(|meta| meta.mode() & 0o001 == 0);
    let shut = work.ancestors().skip(1).map(Path::to_owned).find(shut)?;
    let what = (
        format!("{} is shut for other accounts, and builds run under accounts of their own", shut.display()),
        format!("编译用的账号进不去 {}", shut.display()),
    );
    let remedy = (format!("chmod o+x {}", shut.display()), format!("执行 chmod o+x {}", shut.display()));
    Some(Verdict::wrong(what, remedy))
}

pub(super) async fn disk(seen: &Seen<'_>) -> Vec<Verdict> {
    let workshop = &seen.site.workshop;
    let builds = if workshop.builds == 0 { 0 } else { TARBALLS + workshop.limits.disk * workshop.builds as u64 };
    let Some(folder) = seen.site.data.ancestors().find(|folder| folder.is_dir()) else {
        return vec![Verdict::skipped(("there is no data folder", "没有数据目录"))];
    };
    match statvfs(folder) {
        Ok(found) => {
            let unit = found.fragment_size();
            let space = Space {
                free: found.blocks_available() * unit,
                files: found.files(),
                files_free: found.files_available(),
            };
            vec![judge_disk(&folder.display().to_string(), space, ROOM + builds)]
        }
        Err(cause) => {
            let what =
                (format!("{}: {cause}", folder.display()), format!("{} 所在的磁盘查不了：{cause}", folder.display()));
            vec![Verdict::wrong(what, ("look at the disk", "检查这块磁盘"))]
        }
    }
}

/// Of a disk.
#[derive(Debug, Clone, Copy)]
pub(super) struct Space {
    /// Bytes.
    pub(super) free: u64,
    /// How many it can have; 0: it does not say.
    pub(super) files: u64,
    pub(super) files_free: u64,
}

pub(super) fn judge_disk(folder: &str, space: Space, needed: u64) -> Verdict {
    let (free, need) = (space.free / MB, needed / MB);
    if space.free < needed {
        let what = (
            format!("{folder} has {free} MB left, and {need} MB may be needed at once"),
            format!("{folder} 只剩 {free} MB，同时编译时可能要用 {need} MB"),
        );
        let remedy = (
            "make room, or move the data folder to a larger disk; fewer --builds need less",
            "腾出空间，或者把数据目录移到更大的磁盘；减少同时编译的个数（--builds）也能少用一些",
        );
        return Verdict::wrong(what, remedy);
    }
    if space.files > 0 && space.files_free < space.files / 50 {
        let what = (
            format!("{folder} can have only {} more files (inodes)", space.files_free),
            format!("{folder} 只能再存 {} 个文件（inode 不够）", space.files_free),
        );
        let remedy = (
            "make room, or move the data folder to a disk with more inodes",
            "清理文件，或者把数据目录移到 inode 更多的磁盘",
        );
        return Verdict::wrong(what, remedy);
    }
    Verdict::fine((format!("{free} MB left in {folder}"), format!("{folder} 还剩 {free} MB，最多同时要用 {need} MB")))
}

pub(super) async fn clock(seen: &Seen<'_>) -> Vec<Verdict> {
    let mut others = Vec::new();
    if let Ok(database) = &seen.database
        && let Settings::Postgres { now, .. } = database.condition.settings
    {
        others.push((("the database server's", "数据库服务器"), now - database.asked_at.0));
    }
    if let Some(Ok(answer)) = &seen.registry
        && let Some(at) = answer.at
    {
        others.push((("the npm registry's", " npm 仓库"), at.0 - answer.asked_at.0));
    }
    let newest = seen.database.as_ref().ok().and_then(|database| database.condition.newest_event_at);
    vec![judge_clock(&others, newest.map(|at| at - seen.now.0))]
}

/// How far other clocks are ahead of ours, and the newest audit event. Milliseconds.
pub(super) fn judge_clock(others: &[((&str, &str), i64)], newest_event: Option<i64>) -> Verdict {
    let remedy = (
        "let the machine keep the time by NTP: timedatectl set-ntp true",
        "让这台机器用 NTP 校时：timedatectl set-ntp true",
    );
    for ((whose, chinese_whose), ahead) in others {
        if ahead.abs() > CLOCK_MOST {
            let way = if *ahead > 0 { "behind" } else { "ahead of" };
            let seconds = ahead.abs() / 1000;
            let chinese_way = if *ahead > 0 { "慢" } else { "快" };
            let what = (
                format!("it is {seconds} s {way} {whose}: sign-ins by code and robots fail"),
                format!("时钟比{chinese_whose}{chinese_way} {seconds} 秒：动态口令登录和群机器人会失败"),
            );
            return Verdict::wrong(what, remedy);
        }
    }
    if let Some(ahead) = newest_event.filter(|ahead| *ahead > CLOCK_MOST) {
        let seconds = ahead / 1000;
        let what = (
            format!("the newest audit event is {seconds} s in the future: the clock was set back"),
            format!("最新的审计记录在 {seconds} 秒之后：时钟被往回拨过"),
        );
        return Verdict::wrong(what, remedy);
    }
    let (compared, chinese): (Vec<&str>, Vec<&str>) = others.iter().map(|(whose, _)| *whose).unzip();
    if compared.is_empty() {
        return Verdict::note(
            ("there was no other clock to compare it with", "没有别的时钟可以对照"),
            ("see that the machine keeps the time by NTP", "确认这台机器用 NTP 校时"),
        );
    }
    let chinese = format!("时钟与{}一致", chinese.join("和"));
    Verdict::fine((format!("it goes with {}", compared.join(" and ")), chinese))
}
