//! A version's place in the queue of the pipeline, and 取消运行.

use super::can_still_change;
use crate::Engine;
use crate::access;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::live::Happened;
use crate::pipeline;
use crate::record;
use crate::store::{Conn, StoreError, StoreResult, job, stage, workbench};
use domain::dashboard::percentile;
use domain::view::version::QueuePlace;
use domain::{PublicationId, Role, UtcMillis, VersionId};
use serde_json::json;

/// As many versions tell how long one takes.
const CASES: i64 = 20;

/// Where it stands, unless it runs, or there is nothing to be run. Time goes by what the last ones took, over this process's builds.
pub(super) async fn place(
    engine: &Engine,
    conn: &mut Conn,
    id: VersionId,
    now: UtcMillis,
) -> StoreResult<Option<QueuePlace>> {
    let Some(ahead) = job::ahead(conn, pipeline::JOB, id.0, now).await? else { return Ok(None) };
    let mut took = stage::took(conn, CASES).await?;
    took.sort_unstable();
    let rounds = ahead.div_euclid(i64::try_from(engine.workshop().builds).unwrap_or(1).max(1));
    Ok(Some(QueuePlace { ahead, starts_in_ms: percentile(&took, 50).map(|one| one.saturating_mul(rounds)) }))
}

/// 取消运行: what waits or runs of the version's stages is 已取消; whoever runs them stops within a second or so.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] as for an upload; [`Error::Conflict`]: nothing runs, or it is not the
/// newest version.
pub async fn cancel(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<()> {
    let outcome = cancelled(engine, ctx, id).await;
    record::noted(engine, ctx, "version.cancel", ("version", id.0), outcome).await
}

async fn cancelled(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<()> {
    ctx.with_role(&[Role::Developer])?;
    let mut conn = engine.db().reader().await?;
    let (record, granted) = access::version(&mut conn, ctx, id).await?;
    can_still_change(&granted, id)?;
    if !job::is_waiting(&mut conn, pipeline::JOB, id.0).await? {
        return Err(Error::Conflict);
    }
    drop(conn);
    let what = (ctx.clone(), record.publication_id, granted.of.row.version);
    let write = engine.db().write(what, move |conn, s| {
        Box::pin(async move {
            let (ctx, publication, seen) = &*s;
            workbench::touch(conn, *publication, *seen, ctx.now).await?;
            if !job::delete_of(conn, pipeline::JOB, id.0).await? {
                return Err(StoreError::Conflict);
            }
            stage::cancel(conn, id.0, ctx.now).await?;
            let event = Event {
                detail: json!({ "version": id.0 }),
                ..Event::done("version.cancel", "publication", publication.to_string())
            };
            audit::append(conn, ctx, &event).await
        })
    });
    let (seq, publication) = (write.await?, PublicationId(record.publication_id));
    engine.tell(Happened { seq, publication, order: None, switched: false });
    Ok(())
}
