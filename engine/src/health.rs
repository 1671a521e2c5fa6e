//! 健康: whether what is live answers. One round after the other goes through all that is listed; its live address and its 健康地址
//! are probed, and after three failures in a row of either its people are told, once, until both answer again (design.md,
//! Security). Start at [`work`].

mod address;
mod ask;
#[cfg(test)]
mod tests;

pub(crate) use address::is_public;

use crate::Engine;
use crate::access::registration_of;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::live::Happened;
use crate::publication::view;
use crate::record::{self, Told};
use crate::store::probe::{self as store, Round, ToProbe};
use crate::store::{Conn, StoreResult};
use ask::Asker;
use domain::view::running::{HealthView, IN_A_ROW, Probe, Probed, failures_in_a_row};
use domain::{Audience, Notice, Occasion, PublicationId};
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinSet;

/// So many publications are probed at once.
const AT_ONCE: usize = 32;

/// So many are taken from the round together.
const TAKEN: i64 = 16;

/// Of each address so many probes are kept.
const KEEP: i64 = 50;

/// Between one taking and the next at least: 50 publications a second, 15,000 in five minutes. Where there are more, rounds take longer.
const PAUSE: Duration = Duration::from_millis(320);

/// So many are written together: each writing makes every kept answer old.
const WRITTEN: usize = 64;

/// How often is looked whether a round is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How what is live is probed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probing {
    /// From the beginning of one round to that of the next; `None`: nothing is probed.
    pub every: Option<Duration>,
    /// Also private, loopback and link-local addresses.
    pub private: bool,
}

impl Default for Probing {
    fn default() -> Self {
        Self { every: Some(Duration::from_secs(5 * 60)), private: false }
    }
}

/// Probes for ever, side by side with other processes of the same database: each publication once a round.
pub async fn work(engine: Engine) {
    let Some(every) = engine.workshop().probing.every else { return };
    let asker = Asker::new(engine);
    let (mut probing, mut found) = (JoinSet::new(), Vec::new());
    loop {
        let taken = take(&asker.engine, every).await.unwrap_or_else(|error| {
            tracing::error!(error = %error, "what is live could not be probed");
            None
        });
        let idle = taken.is_none();
        for one in taken.into_iter().flatten() {
            // Who does not answer holds up one of so many, and no round.
            while probing.len() >= AT_ONCE {
                found.extend(probing.join_next().await.and_then(std::result::Result::ok).flatten());
            }
            let asker = asker.clone();
            probing.spawn(async move { probe_logged(&asker, one).await });
        }
        tokio::time::sleep(if idle { LOOK_EVERY.min(every) } else { PAUSE }).await;
        while let Some(ended) = probing.try_join_next() {
            found.extend(ended.ok().flatten());
        }
        if found.len() >= WRITTEN || idle {
            write(&asker.engine, std::mem::take(&mut found)).await;
        }
    }
}

/// Takes the next ones of the round, or begins the next round when it is due; `None`: there is nothing to do yet.
async fn take(engine: &Engine, every: Duration) -> Result<Option<Vec<ToProbe>>> {
    let mut conn = engine.db().reader().await?;
    let round = store::round(&mut conn).await?;
    let found = store::next(&mut conn, round.after_key, TAKEN).await?;
    drop(conn);
    let next = match found.last() {
        Some(last) => Round { after_key: last.key, ..round },
        None => {
            let now = engine.now().0;
            if now - round.begun_at < i64::try_from(every.as_millis()).unwrap_or(i64::MAX) {
                return Ok(None);
            }
            Round { begun_at: now, after_key: 0 }
        }
    };
    let ours = engine.db().write((), move |conn, _| Box::pin(store::go_on(conn, round, next))).await?;
    // Where another process has these, there may be more.
    Ok(Some(if ours { found } else { Vec::new() }))
}

async fn probe_logged(asker: &Asker, one: ToProbe) -> Option<Found> {
    let id = one.id;
    let found = probe(asker, one).await;
    found
        .inspect_err(|error| tracing::error!(%error, publication.id = %id, "publication {id} could not be probed"))
        .ok()
}

/// What the probes of a publication found, each at its address.
#[derive(Debug, Clone)]
struct Found {
    publication: PublicationId,
    probes: Vec<(Probed, String, Probe)>,
}

/// Probes one publication.
async fn probe(asker: &Asker, one: ToProbe) -> Result<Found> {
    let engine = &asker.engine;
    let asked = addresses(engine, &one)?.into_iter().map(async |(target, address)| {
        let begun = tokio::time::Instant::now();
        let outcome = asker.ask(&address).await?;
        let took_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        Ok::<_, crate::Error>((target, address, Probe { at: engine.now(), took_ms, outcome }))
    });
    let probes = futures_util::future::join_all(asked).await.into_iter().collect::<Result<_>>()?;
    Ok(Found { publication: PublicationId(one.id), probes })
}

/// Keeps what was found, all together; then tells, of each publication by itself, so that its event is its transaction's last statement. What
/// can't be written is found anew in the next round, and who could not be told is told then.
async fn write(engine: &Engine, found: Vec<Found>) {
    for some in found.chunks(WRITTEN) {
        let keep = engine.db().write((engine.clone(), some.to_vec()), |conn, s| {
            Box::pin(async move {
                let mut to_tell = Vec::new();
                for found in &s.1 {
                    to_tell.extend(keep(conn, found).await?.map(|of| (found.publication, of)));
                }
                s.0.may_fail()?;
                Ok(to_tell)
            })
        });
        match keep.await {
            Ok(to_tell) => {
                for (publication, change) in to_tell {
                    tell_of(engine, publication, change).await;
                }
            }
            Err(error) => tracing::error!(error = %error, "what probes found could not be written"),
        }
    }
}

async fn tell_of(engine: &Engine, publication: PublicationId, change: Change) {
    let tell = engine.db().write((engine.clone(), change), move |conn, s| {
        Box::pin(async move { tell(conn, &s.0, publication, &s.1).await })
    });
    match tell.await {
        Ok(None) => {}
        Ok(Some(seq)) => {
            let id = publication.0;
            tracing::info!(publication.id = %id, "people were told of the health of publication {id}");
            engine.tell(Happened { seq, publication, order: None, switched: false });
        }
        Err(error) => tracing::error!(error = %error, "people could not be told of a publication's health"),
    }
}

/// What may have to be told.
#[derive(Debug, Clone)]
enum Change {
    /// These have failed so often in a row.
    Unwell(Vec<serde_json::Value>),
    /// None fails.
    Well,
}

/// Keeps what was found of one.
async fn keep(conn: &mut Conn, found: &Found) -> StoreResult<Option<Change>> {
    let (publication, found) = (found.publication, &found.probes);
    let mut unwell = Vec::new();
    for (target, address, probe) in found {
        store::insert(conn, publication.0, (*target, address), probe, KEEP).await?;
        let all = store::of(conn, publication.0, (*target, address)).await?;
        if failures_in_a_row(&all) >= IN_A_ROW {
            unwell.push(json!({ "target": target.id(), "address": address, "said": probe.outcome.said() }));
        }
    }
    let all_well = found.iter().all(|(.., probe)| !probe.failed());
    let told = store::is_unhealthy(conn, publication.0).await?;
    Ok(match told {
        false if !unwell.is_empty() => Some(Change::Unwell(unwell)),
        true if all_well => Some(Change::Well),
        _ => None,
    })
}

/// Tells people, if another process has not; answers the number of the audit event.
async fn tell(
    conn: &mut Conn,
    engine: &Engine,
    publication: PublicationId,
    change: &Change,
) -> StoreResult<Option<i64>> {
    let (is_new, occasion, action, unwell) = match change {
        Change::Unwell(of) => {
            let is_new = store::mark_unhealthy(conn, publication.0, engine.now()).await?;
            (is_new, Occasion::Unhealthy, "publication.unhealthy", of.as_slice())
        }
        Change::Well => {
            let is_new = store::mark_healthy(conn, publication.0).await?;
            (is_new, Occasion::Healthy, "publication.healthy", &[][..])
        }
    };
    if !is_new {
        return Ok(None);
    }
    let notices = [Audience::Administrators, Audience::Contacts].map(|audience| Notice { audience, occasion });
    let ctx = Ctx::of_the_clock(engine.now(), "health");
    let told = Told { publication: publication.0, order: None, notices: &notices };
    record::tell(conn, engine, &ctx, &told).await?;
    engine.may_fail()?;
    let event =
        Event { detail: json!({ "unwell": unwell }), ..Event::done(action, "publication", publication.0.to_string()) };
    audit::append(conn, &ctx, &event).await.map(Some)
}

/// What is probed of a publication that is listed.
fn addresses(engine: &Engine, one: &ToProbe) -> Result<Vec<(Probed, String)>> {
    let registration = registration_of(&one.registration)?;
    let served_here = one.hosted && one.live_version.is_some();
    let live = view::live_address(one.key, served_here, &registration);
    let live = if served_here { engine.workshop().apps.address(&live) } else { live };
    let all = [(Probed::Live, Some(live)), (Probed::Health, registration.health_url)];
    let known = |(target, address): (Probed, Option<String>)| Some((target, address.filter(|it| !it.is_empty())?));
    Ok(all.into_iter().filter_map(known).collect())
}

/// What the tab 运行 shows of it; nothing where nothing is listed.
pub(crate) async fn of(engine: &Engine, conn: &mut Conn, one: Option<ToProbe>) -> Result<Vec<HealthView>> {
    let Some(one) = one else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for (what, address) in addresses(engine, &one)? {
        let probes = store::of(conn, one.id, (what, &address)).await?;
        all.push(HealthView { what, address, probes });
    }
    Ok(all)
}
