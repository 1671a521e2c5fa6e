//! The daily backup: whether the last one came to its end, and when that was. All processes of the site know.

use super::{Seen, Verdict, database};
use crate::place::DailyBackup;
use crate::store::periodic_run::PeriodicRun;
use domain::UtcMillis;

/// One is made every day; a large site's takes a while. Hours.
const LATE_AFTER: i64 = 30;

const HOUR: i64 = 60 * 60 * 1000;

pub(super) async fn daily(seen: &Seen<'_>) -> Vec<Verdict> {
    let Some(daily) = seen.site.workshop.place.as_ref().and_then(|place| place.daily) else {
        let why = ("none is made by itself (--backups, --backup-time)", "没有设置自动备份（--backups、--backup-time）");
        return vec![Verdict::skipped(why)];
    };
    vec![match &seen.database {
        Err(_) => Verdict::skipped(database::UNKNOWN),
        Ok(answer) => judge_daily(daily, answer.backup.as_ref(), seen.now),
    }]
}

/// By what is known of its runs.
pub(super) fn judge_daily(daily: DailyBackup, run: Option<&PeriodicRun>, now: UtcMillis) -> Verdict {
    let remedy = (
        "see that the folder of backups (--backups) has room and can be written by the server's account, \
         and by the service: the unit of systemd names it in ReadWritePaths=; it is tried again every hour, \
         and 备份 (/admin/backups) or `server backup` makes one now",
        "确认备份目录（--backups）有空间、服务的账号能写，systemd 的服务单元在 ReadWritePaths= 里写明了它；每小时会再试一次，也可以现在在“备份”页上备份",
    );
    let first = daily.at_text();
    let Some(run) = run.filter(|run| !run.well || run.done_at.is_some() || hours_since(run, now) > LATE_AFTER) else {
        let what = (format!("there was none yet; the first is at {first}"), format!("还没有做过，第一次在 {first}"));
        return Verdict::fine(what);
    };
    let hours = hours_since(run, now);
    let said = run.said.as_deref().unwrap_or_default();
    if let Some(failed_at) = run.failed_at.filter(|_| !run.well) {
        let at = UtcMillis(failed_at).local_text();
        let what = (
            format!(
                "that of {at} on {} failed, and there has been no good one for {hours} hours; its log says why",
                run.machine
            ),
            format!("最近一次每日备份失败（{at}，服务器 {}）：{said}。已 {hours} 小时没有备份", run.machine),
        );
        return Verdict::wrong(what, remedy);
    }
    if hours > LATE_AFTER {
        let what = (
            format!("there has been none for {hours} hours"),
            format!("已 {hours} 小时没有备份，应当每天 {first} 备份一次"),
        );
        let remedy = (
            "see that a server runs that has --backups set, and look at its log; 备份 (/admin/backups) or `server backup` makes one now",
            "确认设置了 --backups 的服务在运行，并查看它的日志；也可以现在在“备份”页上备份",
        );
        return Verdict::wrong(what, remedy);
    }
    let at = UtcMillis(run.done_at.unwrap_or(run.since)).local_text();
    if !said.is_empty() {
        let what = (
            format!("that of {at} was made, and there is something to say of it on 运行状况 (/admin/health)"),
            format!("{at} 完成：{said}"),
        );
        let remedy = (
            "see what is said there; older backups may have what the site lacks",
            "按说明处理；平台缺少的文件可能在更早的备份里",
        );
        return Verdict::note(what, remedy);
    }
    Verdict::fine((
        format!("the last one is of {at}, on {}", run.machine),
        format!("最近一次在 {at} 完成，服务器 {}", run.machine),
    ))
}

/// Whole hours since there was a good one, or since it was asked for.
fn hours_since(run: &PeriodicRun, now: UtcMillis) -> i64 {
    (now.0 - run.done_at.unwrap_or(run.since)).max(0) / HOUR
}
