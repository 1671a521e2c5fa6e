//! 运行: what is live, and what browsers say of it (screens.md, Publication).

use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::store::probe::ToProbe;
use crate::store::{refused_host, version};
use crate::{health, hosting};
use domain::PublicationId;
use domain::view::running::RunningView;

/// What runs of a publication, for whoever may see it.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`], [`crate::Error::NotFound`]; the store fails.
pub async fn running(engine: &Engine, ctx: &Ctx, id: PublicationId) -> Result<RunningView> {
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, id).await?;
    let hosts = match granted.of.live_version {
        Some(live) => version::of(&mut conn, live).await?.map(|live| live.hosts()).unwrap_or_default(),
        None => Vec::new(),
    };
    let stored = refused_host::of(&mut conn, id.0).await?;
    let of = &granted.of;
    let listed = (of.listed && !of.stopped).then(|| ToProbe {
        key: of.row.key,
        id: id.0,
        hosted: of.row.hosted,
        live_version: of.live_version,
        registration: of.registration.clone(),
    });
    let health = health::of(engine, &mut conn, listed).await?;
    let every = engine.workshop().probing.every;
    let probed_every_ms = every.and_then(|every| i64::try_from(every.as_millis()).ok());
    Ok(RunningView { hosts, refused: hosting::with_latest(engine, id, stored), health, probed_every_ms })
}
