//! 运行状况: the doctor's checks of this server, made beside the requests that ask for them, and what waits. Nothing of it holds a page up: what
//! takes longer is shown when it is there. Start reading at [`report`].

use super::{Diagnosis, Site, Verdict, examine};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::leader;
use crate::limit;
use crate::metrics;
use crate::place;
use domain::view::doctor::{Condition, DoctorPage, Found, Messages, Queues, Sweep, Swept};
use domain::{Role, UtcMillis};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// So long an answer waits for the checks: most sites are looked at by then.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// What was found longer ago is looked at anew when somebody opens the page. Milliseconds.
const FRESH_MS: i64 = 5 * 60 * 1000;

const ADMINISTRATOR: [Role; 1] = [Role::SystemAdministrator];

/// The checks of this process, and its sweeps.
#[derive(Debug, Default)]
pub(crate) struct Rounds(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    running_since: Option<UtcMillis>,
    last: Option<Round>,
    sweeps: BTreeMap<Sweep, (UtcMillis, bool)>,
}

#[derive(Debug)]
struct Round {
    began: UtcMillis,
    ended: UtcMillis,
    found: Vec<Diagnosis>,
}

impl Rounds {
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How this server does. What was not looked at lately is looked at now, and what was not looked at since then: somebody asked for it anew,
/// perhaps another of several processes.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`].
pub async fn report(engine: &Engine, ctx: &Ctx, since: Option<UtcMillis>) -> Result<DoctorPage> {
    ctx.with_role(&ADMINISTRATOR)?;
    let is_fresh = |it: &Round| ctx.now.0 - it.ended.0 < FRESH_MS && since.is_none_or(|since| since <= it.began);
    let fresh = engine.rounds().lock().last.as_ref().is_some_and(is_fresh);
    let ((), queues, jobs) = tokio::join!(
        async {
            if !fresh {
                look(engine).await;
            }
        },
        Box::pin(queues(engine)),
        Box::pin(leader::runs(engine)),
    );
    let jobs = jobs.unwrap_or_else(|error| {
        tracing::error!(error = %error, "the last runs of periodic jobs could not be read");
        Vec::new()
    });
    let known = engine.rounds().lock();
    let (checked_at, found) = known.last.as_ref().map_or((None, Vec::new()), |it| (Some(it.ended), view(&it.found)));
    Ok(DoctorPage {
        server: place::machine(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: engine.started_at(),
        now: engine.now(),
        running_since: known.running_since,
        checked_at,
        found,
        queues,
        sweeps: known.sweeps.iter().map(|(what, (at, well))| Swept { what: *what, at: *at, well: *well }).collect(),
        jobs,
    })
}

/// 重新检查: begins, unless checks are being made, and waits for them a moment. Since when what [`report`] shows must have been looked at.
///
/// # Errors
/// As [`report`].
pub async fn begin(engine: &Engine, ctx: &Ctx) -> Result<UtcMillis> {
    ctx.with_role(&ADMINISTRATOR)?;
    let since = engine.now();
    look(engine).await;
    Ok(since)
}

/// Notes that this process swept something of its own, and whether it could.
pub fn swept(engine: &Engine, what: Sweep, well: bool) {
    engine.rounds().lock().sweeps.insert(what, (engine.now(), well));
}

async fn look(engine: &Engine) {
    let Some(site) = site(engine).await else { return };
    let began = engine.now();
    {
        let mut known = engine.rounds().lock();
        if known.running_since.is_some() {
            return;
        }
        known.running_since = Some(began);
    }
    let engine = engine.clone();
    let looking = tokio::spawn(async move {
        // A disk that does not answer must hold up a thread of its own, and nobody's request.
        let here = tokio::runtime::Handle::current();
        let found = tokio::task::spawn_blocking(move || here.block_on(examine(&site))).await;
        let mut known = engine.rounds().lock();
        known.running_since = None;
        match found {
            Ok(found) => known.last = Some(Round { began, ended: engine.now(), found }),
            Err(error) => tracing::error!(error = %error, "the checks of the doctor broke off"),
        }
    });
    let _ = tokio::time::timeout(PATIENCE, looking).await;
}

/// This server as the doctor takes it; `None`: nobody said where it is.
async fn site(engine: &Engine) -> Option<Site> {
    let mut workshop = engine.workshop().clone();
    if let Ok(mut conn) = engine.db().reader().await
        && let Ok(limits) = limit::present(engine, &mut conn).await
    {
        workshop.limits = limits.build;
    }
    let place = workshop.place.as_ref()?;
    Some(Site {
        data: place.data.clone(),
        database: place.database.clone(),
        bucket: place.bucket.then(|| engine.files().clone()),
        public_url: place.public_url.clone(),
        demo: engine.is_demo(),
        clock: engine.inner.clock.clone(),
        entropy: engine.entropy().clone(),
        workshop,
    })
}

async fn queues(engine: &Engine) -> Option<Queues> {
    let read = metrics::read(engine).await.ok()?;
    let messages = read.outbox.iter().map(|it| Messages {
        carrier: it.carrier,
        waiting: it.waiting,
        dead: it.dead,
        oldest_ms: it.oldest_ms,
    });
    Some(Queues {
        builds_waiting: read.jobs_waiting,
        builds_running: read.jobs_running,
        oldest_build_ms: read.oldest_job_ms,
        messages: messages.collect(),
        processes: metrics::processes(engine).await.unwrap_or_default(),
    })
}

/// In words; what is wrong first, else in the order of the checks.
fn view(found: &[Diagnosis]) -> Vec<Found> {
    let mut found: Vec<Found> = found.iter().map(one).collect();
    found.sort_by_key(|one| one.condition);
    found
}

fn one(diagnosis: &Diagnosis) -> Found {
    let (condition, what, remedy) = match &diagnosis.verdict {
        Verdict::Fine(what) => (Condition::Fine, what, None),
        Verdict::Skipped(why) => (Condition::Skipped, why, None),
        Verdict::Note(found) => (Condition::Note, &found.what, Some(&found.remedy)),
        Verdict::Wrong(found) => (Condition::Wrong, &found.what, Some(&found.remedy)),
    };
    Found {
        title: diagnosis.title.to_owned(),
        condition,
        what: what.chinese.clone(),
        remedy: remedy.map(|remedy| remedy.chinese.clone()),
    }
}
