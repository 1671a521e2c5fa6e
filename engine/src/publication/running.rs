//! 运行: what is live, and what browsers say of it (screens.md, Publication).

use crate::Engine;
use crate::access;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::hosting;
use crate::store::{refused_host, version};
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
    Ok(RunningView { hosts, refused: hosting::with_latest(engine, id, stored) })
}
