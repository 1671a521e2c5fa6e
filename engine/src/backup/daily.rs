//! 每日备份: the backup that a server makes by itself. One process of a site makes it, as the leader of [`Job::Backup`], into its own folder
//! of backups; which of them are kept is in [`tidy`](super::tidy). Start reading at [`work`].

use super::screen::time_of;
use super::tidy::{is_begun_by_the_clock, is_busy};
use super::work::{Task, Work};
use crate::Engine;
use crate::audit;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::leader::{self, Ended, Job};
use crate::place::{DailyBackup, Place};
use crate::store::periodic_run::{self, PeriodicRun};
use domain::UtcMillis;
use domain::view::backup::BackupDeed;
use std::convert::Infallible;
use std::path::Path;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// How often is looked whether it is time.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Who leads says so again in this time, also while a backup takes longer.
const LEAD_FOR: Duration = Duration::from_secs(10 * 60);

/// What failed is tried again so much later. Milliseconds.
const AGAIN_AFTER: i64 = 60 * 60 * 1000;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Who makes it, as the folder keeps it.
const WHO: &str = "系统";

impl DailyBackup {
    /// `02:00`.
    pub(crate) fn at_text(self) -> String {
        format!("{:02}:{:02}", self.minute / 60, self.minute % 60)
    }

    /// When it was last time for it.
    fn last_time(self, now: UtcMillis) -> UtcMillis {
        let today = now.date().begin().0 + i64::from(self.minute) * 60_000;
        UtcMillis(if today > now.0 { today - DAY } else { today })
    }
}

/// Makes one a day, for ever, if this server was told to.
pub async fn work(engine: Engine) {
    if told(&engine).is_none() {
        return;
    }
    let mut tick = tokio::time::interval(LOOK_EVERY);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if let Err(error) = look(&engine).await {
            tracing::error!(error = %error, "whether it is time for the daily backup is not known");
        }
    }
}

fn told(engine: &Engine) -> Option<(Place, DailyBackup)> {
    let place = engine.workshop().place.clone()?;
    let daily = place.daily?;
    Some((place, daily))
}

/// Makes it, if it is time and this process leads. A look that finds nothing to do writes nothing.
pub(super) async fn look(engine: &Engine) -> Result<()> {
    let Some((place, daily)) = told(engine) else { return Ok(()) };
    if time_of_next(engine, daily).await?.is_none() || !leader::leads(engine, Job::Backup, LEAD_FOR).await? {
        return Ok(());
    }
    // Who led before may have made it meanwhile.
    match time_of_next(engine, daily).await? {
        Some(time) => make(engine, place, daily, time).await,
        None => Ok(()),
    }
}

/// The time of day that has come and for which there is no backup yet.
async fn time_of_next(engine: &Engine, daily: DailyBackup) -> Result<Option<UtcMillis>> {
    let known = periodic_run::of(&mut engine.db().reader().await?, leader::name(Job::Backup)).await?;
    if let Some(known) = known {
        return Ok(due(daily, &known, engine.now()));
    }
    // A site that was told just now begins when the time comes for the first time.
    let of = leader::of(engine, Job::Backup);
    engine.db().write(of, |conn, of| Box::pin(async move { periodic_run::know(conn, &of).await })).await?;
    Ok(None)
}

fn due(daily: DailyBackup, known: &PeriodicRun, now: UtcMillis) -> Option<UtcMillis> {
    let time = daily.last_time(now);
    let is_made = known.done_at.unwrap_or(known.since) >= time.0;
    let failed_lately = !known.well && known.failed_at.is_some_and(|at| (0..AGAIN_AFTER).contains(&(now.0 - at)));
    (!is_made && !failed_lately).then_some(time)
}

async fn make(engine: &Engine, place: Place, daily: DailyBackup, time: UtcMillis) -> Result<()> {
    let name = name(&place.backups, &audit::site(engine).await?, time, engine.now());
    // Who led before is still at it: the next look is soon.
    if is_busy(&place.backups.join(&name)) {
        return Ok(());
    }
    let ctx = Ctx::of_the_clock(engine.now(), "daily-backup");
    let task = Task { ctx, by: WHO.to_owned(), deed: BackupDeed::Make, name, daily: Some(daily) };
    // Somebody makes or verifies one here: the next look is soon.
    let Some(work) = Work::begin(engine, place, task) else { return Ok(()) };
    let begun = Instant::now();
    // It ends with this one, when the server stops: another process goes on at once.
    let mut working = JoinSet::new();
    working.spawn(work.whole());
    let came = tokio::select! {
        Some(came) = working.join_next() => came,
        never = lead_on(engine) => match never {},
    };
    let came = came.unwrap_or_else(|error| {
        tracing::error!(error = %error, "the daily backup broke off");
        Err("备份意外中断，原因在服务器日志里".to_owned())
    });
    let ended = match came {
        Ok(said) => {
            tracing::info!(said, "the daily backup was made");
            Ended::Well(begun.elapsed(), said)
        }
        Err(why) => {
            tracing::error!(why, "the daily backup failed, and is tried again in an hour");
            Ended::Failed(Some(why))
        }
    };
    leader::ran(engine, Job::Backup, ended).await
}

/// A large site takes longer than a lease.
async fn lead_on(engine: &Engine) -> Infallible {
    loop {
        tokio::time::sleep(LEAD_FOR / 2).await;
        if let Err(error) = leader::leads(engine, Job::Backup, LEAD_FOR).await {
            tracing::warn!(error = %error, "the lead in the daily backup could not be renewed");
        }
    }
}

/// That of its time: what broke off there goes on, and keeps the files that came.
fn name(backups: &Path, site: &str, time: UtcMillis, now: UtcMillis) -> String {
    let of_its_time = time_of(time);
    let folder = backups.join(&of_its_time);
    let is_free = !folder.exists() || is_begun_by_the_clock(&folder, site);
    if is_free { of_its_time } else { time_of(now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UtcMillis {
        UtcMillis::from_local(text).unwrap()
    }

    #[test]
    fn a_time_of_day_comes_once_a_day_and_what_failed_is_tried_again() {
        let daily = DailyBackup { minute: 2 * 60, keep: 14 };
        let known = |well: bool, done: Option<&str>, failed: Option<&str>| PeriodicRun {
            name: String::new(),
            since: at("2026-11-20 08:00").0,
            well,
            done_at: done.map(|text| at(text).0),
            took_ms: None,
            failed_at: failed.map(|text| at(text).0),
            said: None,
            machine: String::new(),
        };
        let due = |known: &PeriodicRun, now: &str| due(daily, known, at(now)).map(UtcMillis::local_text);
        let told = known(true, None, None);
        assert_eq!(due(&told, "2026-11-21 01:59"), None, "today's was before anybody told it");
        assert_eq!(due(&told, "2026-11-21 02:00").unwrap(), "2026-11-21 02:00");
        let made = known(true, Some("2026-11-21 02:03"), None);
        assert_eq!(due(&made, "2026-11-22 01:59"), None);
        assert_eq!(due(&made, "2026-11-24 00:30").unwrap(), "2026-11-23 02:00", "it was down, and makes up for it");
        let failed = known(false, Some("2026-11-21 02:03"), Some("2026-11-22 02:00"));
        assert_eq!(due(&failed, "2026-11-22 02:59"), None);
        assert_eq!(due(&failed, "2026-11-22 03:00").unwrap(), "2026-11-22 02:00");
        let midnight = DailyBackup { minute: 0, keep: 1 };
        assert_eq!(midnight.last_time(at("2026-11-22 00:00")), at("2026-11-22 00:00"));
        assert_eq!(daily.at_text(), "02:00");
    }
}
