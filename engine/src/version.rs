//! 版本: what the rules read of them, and what their pages show.

mod difference;
mod queue;
#[cfg(test)]
mod seen_tests;
#[cfg(test)]
mod tests;

pub use difference::difference;
pub(crate) use difference::to_approved;
pub use queue::cancel;

use crate::Engine;
use crate::access::{self, Granted};
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::files::ByteStream;
use crate::live::Happened;
use crate::pipeline;
use crate::record;
use crate::store::{job, kept_warning, preview as previews, stage, version, workbench};
use bytes::Bytes;
use domain::command::Command;
use domain::fields::validate_reason;
use domain::view::version::{FindingSeverity, LogPage, LogPiece, Preview, StageView, VersionDetail};
use domain::{PublicationId, Role, Stage, StageStatus, UtcMillis, VersionId, decide};
use serde_json::json;
use uuid::Uuid;

/// The audit events' names.
const PIN: &str = "version.pin_preview";
const UNPIN: &str = "version.unpin_preview";
const NEW_PREVIEW: &str = "version.new_preview";

/// Pieces of a log in one answer.
const PIECES: i64 = 40;

/// The page of one version.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn detail(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<VersionDetail> {
    let mut conn = engine.db().reader().await?;
    let (record, granted) = access::version(&mut conn, ctx, id).await?;
    let mut stages = Vec::new();
    let (mut external, mut evidence) = (Vec::new(), None);
    for row in stage::of_version(&mut conn, id.0).await? {
        let outcome = row.outcome();
        external.extend(outcome.hosts);
        evidence = outcome.evidence.or(evidence);
        stages.push(StageView {
            stage: row.stage()?,
            status: row.status()?,
            started_at: row.started_at.map(UtcMillis),
            ended_at: row.ended_at.map(UtcMillis),
            sentence: row.sentence,
            findings: outcome.findings,
            more: outcome.more,
            rule_set: outcome.rule_set,
        });
    }
    let under_way = job::is_waiting(&mut conn, pipeline::JOB, id.0).await?;
    let queue = if under_way { queue::place(engine, &mut conn, id, ctx.now).await? } else { None };
    let kept = kept_warning::of_version(&mut conn, id.0).await?;
    let uploaded_by = version::uploader(&mut conn, record.uploaded_by).await?;
    Ok(VersionDetail {
        id,
        publication: PublicationId(record.publication_id),
        number: record.number(),
        declared: record.hosts(),
        live: is_live(&granted, record.id),
        in_round: record.key > granted.of.round_after,
        may_keep: ctx.person()?.roles.has(Role::Developer) && can_still_change(&granted, id).is_ok(),
        note: record.note,
        file_name: record.file_name,
        package: record.package,
        package_size: record.package_size,
        bundle: record.bundle,
        uploaded_by,
        uploaded_at: UtcMillis(record.uploaded_at),
        stages,
        external,
        kept,
        under_way,
        queue,
        evidence,
    })
}

/// What of a stage's log comes after the piece `after` (-1: from the beginning).
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn log(engine: &Engine, ctx: &Ctx, id: VersionId, which: Stage, after: i64) -> Result<LogPage> {
    let mut conn = engine.db().reader().await?;
    access::version(&mut conn, ctx, id).await?;
    // The status first: what it says is over has its whole log in the second read.
    let mut over = true;
    for row in stage::of_version(&mut conn, id.0).await? {
        over &= row.stage()? != which || row.status()?.is_over();
    }
    // What waits after a failure, or a cancelling, never runs.
    over = over || !job::is_waiting(&mut conn, pipeline::JOB, id.0).await?;
    let pieces = stage::log_after(&mut conn, id.0, which, after, PIECES).await?;
    over &= i64::try_from(pieces.len()).unwrap_or(PIECES) < PIECES;
    Ok(LogPage { pieces: pieces.into_iter().map(|(number, body)| LogPiece { number, body }).collect(), over })
}

/// A package as it was uploaded.
pub struct Uploaded {
    /// The name of the file that was chosen.
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Its content, piece by piece.
    pub content: ByteStream,
}

/// The package that was uploaded, to be saved; noted in the audit log.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn uploaded(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<Uploaded> {
    let found = access::version(&mut engine.db().reader().await?, ctx, id).await;
    let (record, _) = record::noted(engine, ctx, "version.download", ("version", id.0), found).await?;
    let content = engine.files().stream(&record.package, None).await?.ok_or(Error::NotFound)?;
    let event = Event {
        detail: json!({ "package": record.package }),
        ..Event::done("version.download", "version", record.id.to_string())
    };
    audit::note(engine, ctx, event).await?;
    Ok(Uploaded { file_name: record.file_name, size: record.package_size.unsigned_abs(), content })
}

/// The picture of its preview: PNG.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (also: there is none); the store fails.
pub async fn picture(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<Bytes> {
    let mut conn = engine.db().reader().await?;
    access::version(&mut conn, ctx, id).await?;
    let stages = stage::of_version(&mut conn, id.0).await?;
    drop(conn);
    let evidence = stages.iter().find_map(|row| row.outcome().evidence).ok_or(Error::NotFound)?;
    engine.files().get(&evidence.picture).await?.ok_or(Error::NotFound)
}

/// The preview's address (预览地址), if it has one that holds: nothing is changed.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn present_preview(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<Option<Preview>> {
    let mut conn = engine.db().reader().await?;
    access::version(&mut conn, ctx, id).await?;
    let found = previews::of_version(&mut conn, id.0, ctx.now).await?;
    Ok(found.map(|(label, expires_at)| shown(engine, label, UtcMillis(expires_at))))
}

/// 换一个地址: a new label; the old one is gone at once. Where it was pinned, the new one is.
///
/// # Errors
/// [`Error::Forbidden`] (also: who only looks on), [`Error::NotFound`] (also: not deployed to test); the store fails.
pub async fn new_preview(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<Preview> {
    let (_, granted) = theirs(engine, ctx, id, NEW_PREVIEW).await?;
    if !stage::passed(&mut engine.db().reader().await?, id.0).await?.has(Stage::DeployTest) {
        return Err(Error::NotFound);
    }
    let before = previews::of_version(&mut engine.db().reader().await?, id.0, ctx.now).await?;
    let pinned = before.is_some_and(|(_, until)| until == previews::PINNED.0);
    let expires_at = if pinned { previews::PINNED } else { pipeline::preview_until(engine, ctx.now) };
    let label = pipeline::new_label(engine);
    let publication = PublicationId(granted.of.row.id);
    let event = Event {
        detail: json!({ "version": id.0 }),
        ..Event::done(NEW_PREVIEW, "publication", publication.0.to_string())
    };
    let replace = engine.db().write((ctx.clone(), event, label.clone()), move |conn, s| {
        Box::pin(async move {
            previews::replace(conn, id.0, &s.2, expires_at).await?;
            audit::append(conn, &s.0, &s.1).await
        })
    });
    engine.tell(Happened { seq: replace.await?, publication, order: None, switched: true });
    Ok(shown(engine, label, expires_at))
}

/// 固定地址: the label that holds, holds on; or, given back, as long as a new one would.
///
/// # Errors
/// [`Error::Forbidden`] (also: who only looks on), [`Error::NotFound`] (also: no label holds); the store fails.
pub async fn pin_preview(engine: &Engine, ctx: &Ctx, id: VersionId, pin: bool) -> Result<Preview> {
    let (record, _) = theirs(engine, ctx, id, if pin { PIN } else { UNPIN }).await?;
    let publication = record.publication_id;
    let until = if pin { previews::PINNED } else { pipeline::preview_until(engine, ctx.now) };
    let event = Event {
        detail: json!({ "version": id.0 }),
        ..Event::done(if pin { PIN } else { UNPIN }, "publication", publication.to_string())
    };
    let hold = engine.db().write((ctx.clone(), event), move |conn, s| {
        Box::pin(async move {
            if !previews::hold(conn, id.0, s.0.now, until).await? {
                return Ok(None);
            }
            audit::append(conn, &s.0, &s.1).await.map(Some)
        })
    });
    // None: it is so already, or nothing holds.
    if let Some(seq) = hold.await? {
        engine.tell(Happened { seq, publication: PublicationId(publication), order: None, switched: true });
    }
    present_preview(engine, ctx, id).await?.ok_or(Error::NotFound)
}

/// The version, of one's own publication; that it is not is noted.
async fn theirs(
    engine: &Engine,
    ctx: &Ctx,
    id: VersionId,
    action: &'static str,
) -> Result<(version::VersionRecord, Granted)> {
    let found = async {
        ctx.with_role(&[Role::Staff, Role::Developer])?;
        let found = access::version(&mut engine.db().reader().await?, ctx, id).await?;
        if found.1.is_theirs() { Ok(found) } else { Err(Error::Forbidden) }
    };
    record::noted(engine, ctx, action, ("version", id.0), found.await).await
}

/// Runs what is 未通过 or 已取消 once more (重新运行), after a failure that was not the package's.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`] as for an upload; [`Error::Conflict`]: there is nothing to be
/// run again, or it runs already, or it is not the newest version.
pub async fn run_again(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<()> {
    let outcome = runs_again(engine, ctx, id).await;
    record::noted(engine, ctx, "version.run_again", ("version", id.0), outcome).await
}

async fn runs_again(engine: &Engine, ctx: &Ctx, id: VersionId) -> Result<()> {
    ctx.with_role(&[Role::Developer])?;
    let mut conn = engine.db().reader().await?;
    let (record, granted) = access::version(&mut conn, ctx, id).await?;
    can_still_change(&granted, id)?;
    let mut stopped = false;
    for row in stage::of_version(&mut conn, id.0).await? {
        stopped |= matches!(row.status()?, StageStatus::Failed | StageStatus::Cancelled);
    }
    if !stopped || job::is_waiting(&mut conn, pipeline::JOB, id.0).await? {
        return Err(Error::Conflict);
    }
    drop(conn);
    let what = (ctx.clone(), id.0, record.publication_id, granted.of.row.version);
    let write = engine.db().write(what, |conn, s| {
        Box::pin(async move {
            let (ctx, version, publication, seen) = &*s;
            workbench::touch(conn, *publication, *seen, ctx.now).await?;
            stage::wait_again(conn, *version).await?;
            job::insert(conn, pipeline::JOB, *version, ctx.now).await?;
            let event = Event {
                detail: json!({ "version": version }),
                ..Event::done("version.run_again", "publication", publication.to_string())
            };
            audit::append(conn, ctx, &event).await
        })
    });
    let (seq, publication) = (write.await?, PublicationId(record.publication_id));
    engine.tell(Happened { seq, publication, order: None, switched: false });
    engine.wake_workers();
    Ok(())
}

/// 仍要继续: takes the warnings of a rule over. Said again, the last reason counts.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`] (also: it has no warning of that rule), [`Error::Refused`] as for an upload,
/// [`Error::Invalid`]: the reason; [`Error::Conflict`]: it is not the newest version.
pub async fn keep_warning(engine: &Engine, ctx: &Ctx, id: VersionId, rule: &str, reason: &str) -> Result<()> {
    let outcome = warning_kept(engine, ctx, id, rule, reason).await;
    record::noted(engine, ctx, "version.keep_warning", ("version", id.0), outcome).await
}

async fn warning_kept(engine: &Engine, ctx: &Ctx, id: VersionId, rule: &str, reason: &str) -> Result<()> {
    let person = ctx.with_role(&[Role::Developer])?.person;
    let mut conn = engine.db().reader().await?;
    let (record, granted) = access::version(&mut conn, ctx, id).await?;
    can_still_change(&granted, id)?;
    let mut warned = false;
    for row in stage::of_version(&mut conn, id.0).await? {
        warned |= row.outcome().findings.iter().any(|f| f.rule == rule && f.severity == FindingSeverity::Warn);
    }
    if !warned {
        return Err(Error::NotFound);
    }
    let reason = validate_reason(reason).map_err(Error::Invalid)?;
    drop(conn);
    let event = Event {
        detail: json!({ "version": id.0, "rule": rule, "reason": reason }),
        ..Event::done("version.keep_warning", "publication", record.publication_id.to_string())
    };
    let what = (ctx.clone(), record.publication_id, granted.of.row.version, rule.to_owned(), reason, event);
    let write = engine.db().write(what, move |conn, s| {
        Box::pin(async move {
            let (ctx, publication, seen, rule, reason, event) = &*s;
            workbench::touch(conn, *publication, *seen, ctx.now).await?;
            kept_warning::save(conn, id.0, rule, reason, person.0, ctx.now).await?;
            audit::append(conn, ctx, event).await
        })
    });
    let (seq, publication) = (write.await?, PublicationId(record.publication_id));
    engine.tell(Happened { seq, publication, order: None, switched: false });
    Ok(())
}

/// It is the newest of its round, and the developer's turn.
fn can_still_change(granted: &Granted, id: VersionId) -> Result<()> {
    decide(&granted.facts, &granted.actor, &Command::Upload)?;
    let newest = granted.facts.newest.is_some_and(|newest| newest.id == id && newest.in_round);
    if newest { Ok(()) } else { Err(Error::Conflict) }
}

fn is_live(granted: &Granted, version: Uuid) -> bool {
    granted.of.live_version == Some(version) && !granted.of.stopped
}

fn shown(engine: &Engine, label: String, expires_at: UtcMillis) -> Preview {
    let expires_at = (expires_at < previews::PINNED).then_some(expires_at);
    Preview { address: engine.workshop().apps.address(&label), label, expires_at }
}
