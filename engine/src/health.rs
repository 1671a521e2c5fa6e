//! 健康: whether what is live answers. One round after the other goes through all that is listed; its live address and its 健康地址
//! are probed, and after three failures in a row its people are told (identity.md; design.md, Security). Start at [`work`].

mod address;
mod ask;
#[cfg(test)]
mod tests;

use crate::Engine;
use crate::access::registration_of;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::live::Happened;
use crate::publication::view;
use crate::record::{self, Told};
use crate::store::probe::{self as store, Listed, Round};
use crate::store::{Conn, StoreResult};
use domain::view::running::{HealthView, IN_A_ROW, Probe, Probed, failures_in_a_row};
use domain::{Audience, Notice, Occasion, PublicationId};
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinSet;

/// So many publications are probed at once.
const AT_ONCE: i64 = 16;

/// Of each address so many probes are kept.
const KEEP: i64 = 50;

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
    loop {
        match go_on(&engine, every).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(error = %error, "what is live could not be probed"),
        }
        tokio::time::sleep(LOOK_EVERY.min(every)).await;
    }
}

/// Probes the next ones of the round, or begins the next round when it is due; false: there is nothing to do yet.
///
/// # Errors
/// The store fails.
pub(crate) async fn go_on(engine: &Engine, every: Duration) -> Result<bool> {
    let mut conn = engine.db().reader().await?;
    let round = store::round(&mut conn).await?;
    let listed = store::listed(&mut conn, round.after_key, AT_ONCE).await?;
    drop(conn);
    let next = match listed.last() {
        Some(last) => Round { after_key: last.key, ..round },
        None => {
            let now = engine.now().0;
            if now - round.begun_at < i64::try_from(every.as_millis()).unwrap_or(i64::MAX) {
                return Ok(false);
            }
            Round { begun_at: now, after_key: 0 }
        }
    };
    let claim = engine.db().write((), move |conn, _| Box::pin(store::go_on(conn, round, next)));
    if !claim.await? {
        // Another process has these.
        return Ok(true);
    }
    let mut probing: JoinSet<Result<()>> = JoinSet::new();
    for listed in listed {
        let engine = engine.clone();
        probing.spawn(async move { probe(&engine, listed).await });
    }
    while let Some(probed) = probing.join_next().await {
        if let Ok(Err(error)) = probed {
            tracing::error!(error = %error, "a publication could not be probed");
        }
    }
    Ok(true)
}

/// Probes one publication, and keeps what was found.
async fn probe(engine: &Engine, listed: Listed) -> Result<()> {
    let mut found = Vec::new();
    for (target, address) in addresses(engine, &listed)? {
        let begun = tokio::time::Instant::now();
        let answer = ask::ask(engine, &address).await?;
        let took_ms = i64::try_from(begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        found.push((target, Probe { at: engine.now(), took_ms, failure: answer.err() }));
    }
    let publication = PublicationId(listed.id);
    let keep = engine.db().write((engine.clone(), found), move |conn, s| {
        Box::pin(async move {
            let (engine, found) = &*s;
            let mut seq = None;
            for (target, probe) in found {
                seq = record(conn, engine, publication, *target, probe).await?.or(seq);
            }
            Ok(seq)
        })
    });
    if let Some(seq) = keep.await? {
        tracing::info!(publication.id = %publication.0, "people were told of the health of publication {}", publication.0);
        engine.tell(Happened { seq, publication, order: None, switched: false });
    }
    Ok(())
}

/// Keeps a probe; answers the number of the audit event, where people are told.
async fn record(
    conn: &mut Conn,
    engine: &Engine,
    publication: PublicationId,
    target: Probed,
    probe: &Probe,
) -> StoreResult<Option<i64>> {
    let before = store::of(conn, publication.0).await?.remove(&target).unwrap_or_default();
    store::insert(conn, publication.0, target, probe, KEEP).await?;
    let before = failures_in_a_row(&before);
    let (occasion, action) = match &probe.failure {
        Some(_) if before + 1 == IN_A_ROW => (Occasion::Unhealthy, "publication.unhealthy"),
        None if before >= IN_A_ROW => (Occasion::Healthy, "publication.healthy"),
        _ => return Ok(None),
    };
    let notices = [Audience::Administrators, Audience::Contacts].map(|audience| Notice { audience, occasion });
    // Nobody asked for it.
    let ctx = Ctx { now: probe.at, request_id: "health".into(), address: "".into(), heard: 0, signed_in: None };
    let told = Told { publication: publication.0, order: None, notices: &notices };
    record::tell(conn, engine, &ctx, &told).await?;
    engine.may_fail()?;
    let event = Event {
        detail: json!({ "said": probe.failure.clone().unwrap_or_default(), "target": target.id() }),
        ..Event::done(action, "publication", publication.0.to_string())
    };
    audit::append(conn, &ctx, &event).await.map(Some)
}

/// What is probed of a publication that is listed.
fn addresses(engine: &Engine, listed: &Listed) -> Result<Vec<(Probed, String)>> {
    let registration = registration_of(&listed.registration)?;
    let served_here = listed.hosted && listed.live_version.is_some();
    let live = view::live_address(listed.key, served_here, &registration);
    let live = if served_here { engine.workshop().apps.address(&live) } else { live };
    let all = [(Probed::Live, Some(live)), (Probed::Health, registration.health_url)];
    let known = |(target, address): (Probed, Option<String>)| Some((target, address.filter(|it| !it.is_empty())?));
    Ok(all.into_iter().filter_map(known).collect())
}

/// What the tab 运行 shows of it; nothing where nothing is listed.
pub(crate) async fn of(engine: &Engine, conn: &mut Conn, listed: Option<Listed>) -> Result<Vec<HealthView>> {
    let Some(listed) = listed else { return Ok(Vec::new()) };
    let mut probes = store::of(conn, listed.id).await?;
    let view = |(what, address)| HealthView { what, address, probes: probes.remove(&what).unwrap_or_default() };
    Ok(addresses(engine, &listed)?.into_iter().map(view).collect())
}
