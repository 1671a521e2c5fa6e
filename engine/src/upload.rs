//! 上传: in parts, resumable for 24 hours; the last step makes a version of it (design.md, Data; packages.md, Bad input).

mod arrived;
mod arriving;
#[cfg(test)]
mod tests;

pub(crate) use arriving::Arrivals;
pub use arriving::put_part;

use crate::Engine;
use crate::access::{self, Granted};
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::limit;
use crate::live::Happened;
use crate::pipeline;
use crate::record::{self, Deed};
use crate::store::stage::Ended;
use crate::store::upload::{self as store, PartRow, UploadRow};
use crate::store::version::NewVersion;
use crate::store::{Conn, StoreError, StoreResult, job, refused_package, stage, version, workbench};
use domain::command::Command;
use domain::command::version::Upload;
use domain::fields::{ValidUpload, validate_upload};
use domain::view::version::UploadState;
use domain::{Action, Decision, PublicationId, Role, Stage, StageStatus, UtcMillis, VersionId, decide};
use serde_json::json;
use uuid::Uuid;

/// Bytes of every part but the last: an object store joins parts of 5 MiB and more.
pub const PART: i64 = 8 * 1024 * 1024;

/// An upload that is not finished by then is swept away. Milliseconds.
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;

/// Unfinished uploads of one person; beginning another one drops the oldest.
const OPEN_MOST: i64 = 10;

/// How often it is decided anew because others came first.
const TRIES: u32 = 5;

/// Longest file name that is kept, in characters.
const NAME_MOST: usize = 120;

/// Begins an upload of `size` bytes.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`]; [`Error::InvalidFile`]: empty or too large.
pub async fn begin(
    engine: &Engine,
    ctx: &Ctx,
    publication: PublicationId,
    file_name: &str,
    size: i64,
) -> Result<UploadState> {
    let outcome = begun(engine, ctx, publication, file_name, size).await;
    record::noted(engine, ctx, Action::Upload.audit_event(), ("publication", publication.0), outcome).await
}

async fn begun(
    engine: &Engine,
    ctx: &Ctx,
    publication: PublicationId,
    file_name: &str,
    size: i64,
) -> Result<UploadState> {
    let person = ctx.with_role(&[Role::Developer])?.person;
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, publication).await?;
    decide(&granted.facts, &granted.actor, &Command::Upload)?;
    check_size(limit::present(engine, &mut conn).await?.package.packed_bytes, size)?;
    while store::count_open(&mut conn, person.0).await? >= OPEN_MOST {
        let Some(oldest) = store::oldest_open(&mut conn, person.0).await? else { break };
        forget(engine, oldest).await?;
    }
    let row = UploadRow {
        id: engine.entropy().id(ctx.now),
        publication_id: publication.0,
        person_id: person.0,
        file_name: plain_name(file_name),
        size,
        package: None,
        created_at: ctx.now.0,
    };
    let state = view(&row, &[]);
    engine.db().write(row, |conn, row| Box::pin(async move { store::insert(conn, &row).await })).await?;
    Ok(state)
}

/// How far an upload is: what to resume with.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`].
pub async fn state(engine: &Engine, ctx: &Ctx, upload: Uuid) -> Result<UploadState> {
    let row = theirs(engine, ctx, upload).await?;
    let parts = store::parts(&mut engine.db().reader().await?, upload).await?;
    Ok(view(&row, &parts))
}

/// A part that is in memory already.
#[cfg(test)]
pub(crate) fn in_memory(bytes: Vec<u8>) -> impl futures_util::Stream<Item = Result<bytes::Bytes>> {
    futures_util::stream::once(std::future::ready(Ok(bytes.into())))
}

/// Makes a version of the upload and starts its stages. Twice the same form (by its key) gives the first answer.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Refused`], [`Error::Invalid`]; [`Error::InvalidFile`]: parts are missing;
/// [`Error::Conflict`]: the key has answered for another upload, or others were faster again and again.
pub async fn finish(engine: &Engine, ctx: &Ctx, command: Upload) -> Result<VersionId> {
    let object = ("publication", command.id.0);
    let outcome = Box::pin(finish_once(engine, ctx, command)).await;
    record::noted(engine, ctx, Action::Upload.audit_event(), object, outcome).await
}

async fn finish_once(engine: &Engine, ctx: &Ctx, command: Upload) -> Result<VersionId> {
    ctx.with_role(&[Role::Developer])?;
    // The upload becomes the version, and only one.
    let deed = Deed { action: Action::Upload.audit_event(), object: command.upload };
    if let Some(answer) = record::first_answer(engine, ctx, command.key, deed).await? {
        return Ok(answer);
    }
    match Box::pin(finished(engine, ctx, &command, deed)).await {
        // What is in the way may be our own first sending: it took the upload, the version's number, and the state.
        Err(
            error @ (Error::Conflict | Error::NotFound | Error::InvalidFile(_) | Error::Invalid(_) | Error::Refused(_)),
        ) => record::first_answer(engine, ctx, command.key, deed).await?.ok_or(error),
        other => other,
    }
}

async fn finished(engine: &Engine, ctx: &Ctx, command: &Upload, deed: Deed) -> Result<VersionId> {
    let mut tries = 0;
    let (version, upload) = loop {
        tries += 1;
        // Hours may lie between the page and the last part: what counts are the facts of now, not those that were seen.
        match Box::pin(try_to_finish(engine, ctx, command, deed)).await {
            Err(Error::Conflict) if tries < TRIES => {}
            other => break other?,
        }
    };
    if let Err(error) = engine.files().delete_parts(upload).await {
        // The version is there, whatever becomes of them: they are swept with the upload's row.
        tracing::warn!(error = %error, upload.id = %upload, "parts of upload {upload} were left");
    }
    engine.wake_workers();
    Ok(version)
}

async fn try_to_finish(engine: &Engine, ctx: &Ctx, command: &Upload, deed: Deed) -> Result<(VersionId, Uuid)> {
    let row = theirs(engine, ctx, command.upload).await?;
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, PublicationId(row.publication_id)).await?;
    if row.publication_id != command.id.0 {
        return Err(Error::NotFound);
    }
    let decision = decide(&granted.facts, &granted.actor, &Command::Upload)?;
    let taken = version::highest_that_counts(&mut conn, row.publication_id).await?;
    let form = validate_upload(&command.draft, taken).map_err(Error::Invalid)?;
    let parts = whole(&row, store::parts(&mut conn, row.id).await?)?;
    drop(conn);
    let refused = arrived::look(engine, row.id, parts.len()).await?.ok_or_else(incomplete)?;
    let (package, refused) = match refused {
        Some(refused) => (refused.package, Some(refused.sentence)),
        None => (engine.files().join_parts(row.id, &parts).await?.ok_or_else(incomplete)?, None),
    };
    let is_none = refused.is_some();
    let version = written(engine, ctx, command, deed, &granted, &row, form, (package, refused), &decision).await?;
    if is_none {
        engine.tally().count(Stage::SourceCheck, false);
    }
    Ok((version, row.id))
}

/// Forgets what was begun more than 24 hours ago; answers how many.
///
/// # Errors
/// The store or the files fail.
pub async fn sweep(engine: &Engine) -> Result<usize> {
    const AT_ONCE: i64 = 100;
    let before = UtcMillis(engine.now().0 - KEPT_MS);
    let old = store::begun_before(&mut engine.db().reader().await?, before, AT_ONCE).await?;
    for upload in &old {
        forget(engine, *upload).await?;
    }
    Ok(old.len())
}

async fn forget(engine: &Engine, upload: Uuid) -> Result<()> {
    // The row goes last: what is left of the files would never be found again.
    engine.files().delete_parts(upload).await?;
    engine.db().write(upload, |conn, id| Box::pin(async move { store::delete(conn, *id).await })).await?;
    Ok(())
}

/// The upload, if the person began it, may still work on the publication, and it is not over.
async fn theirs(engine: &Engine, ctx: &Ctx, upload: Uuid) -> Result<UploadRow> {
    let person = ctx.with_role(&[Role::Developer])?.person;
    let mut conn = engine.db().reader().await?;
    let row = store::of(&mut conn, upload).await?.ok_or(Error::NotFound)?;
    let late = row.created_at + KEPT_MS < ctx.now.0;
    if row.person_id != person.0 || row.package.is_some() || late {
        return Err(Error::NotFound);
    }
    if workbench::is_contact(&mut conn, row.publication_id, person.0).await? { Ok(row) } else { Err(Error::NotFound) }
}

#[expect(clippy::too_many_arguments, reason = "one transaction, and all that it writes")]
async fn written(
    engine: &Engine,
    ctx: &Ctx,
    command: &Upload,
    deed: Deed,
    granted: &Granted,
    row: &UploadRow,
    form: ValidUpload,
    (package, refused): (String, Option<String>),
    decision: &Decision,
) -> Result<VersionId> {
    let new = NewVersion {
        id: engine.entropy().id(ctx.now),
        publication: row.publication_id,
        number: form.number,
        note: form.note,
        file_name: row.file_name.clone(),
        package,
        package_size: row.size,
        hosts: form.hosts,
        uploaded_by: row.person_id,
        uploaded_at: ctx.now.0,
    };
    let what =
        (ctx.clone(), new, (command.upload, refused), (command.key, deed), granted.of.row.version, decision.audit);
    let write = engine.db().write(what, |conn, s| {
        Box::pin(async move {
            let (ctx, new, (upload, refused), (key, deed), seen, action) = &*s;
            workbench::touch(conn, new.publication, *seen, ctx.now).await?;
            version::insert(conn, new).await?;
            stage::insert_all(conn, new.id).await?;
            match refused {
                None => {
                    refused_package::forget(conn, &new.package).await?;
                    job::insert(conn, pipeline::JOB, new.id, ctx.now).await?;
                }
                Some(sentence) => refuse(conn, new, sentence, ctx.now).await?,
            }
            if !store::finish(conn, *upload, &new.package).await? {
                return Err(StoreError::Conflict);
            }
            let answer = VersionId(new.id);
            record::keep_answer(conn, ctx, *key, *deed, json!(answer)).await?;
            let detail = json!({ "version": new.id, "number": new.number, "package": new.package, "hosts": new.hosts });
            let event = Event { detail, ..Event::done(action, "publication", new.publication.to_string()) };
            Ok((answer, audit::append(conn, ctx, &event).await?))
        })
    });
    let (version, seq) = match write.await {
        Err(StoreError::Unique(_)) => return Err(Error::Conflict),
        other => other?,
    };
    let publication = PublicationId(row.publication_id);
    engine.tell(Happened { seq, publication, order: None, switched: false });
    Ok(version)
}

/// The first stage has ended with this, and nothing is to be done.
async fn refuse(conn: &mut Conn, new: &NewVersion, sentence: &str, now: UtcMillis) -> StoreResult<()> {
    refused_package::put(conn, &new.package, sentence, now).await?;
    stage::begin(conn, new.id, Stage::SourceCheck, now).await?;
    let (status, sentence, findings) = (StageStatus::Failed, sentence.to_owned(), "{}".to_owned());
    stage::end(conn, new.id, Stage::SourceCheck, &Ended { status, sentence, findings, at: now }).await
}

fn check_size(most: u64, size: i64) -> Result<()> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if size <= 0 {
        return Err(Error::InvalidFile("文件是空的，请重新打包后上传".to_owned()));
    }
    if size > most {
        let (is, most) = (size.div_euclid(1024 * 1024) + 1, most.div_euclid(1024 * 1024));
        let sentence =
            format!("压缩包有 {is} MB，超过上限 {most} MB。请去掉不需要的文件（如视频、原始图片）后重新打包");
        return Err(Error::InvalidFile(sentence));
    }
    Ok(())
}

/// Bytes of a part of a whole of this size.
fn part_size(whole: i64, number: i64) -> Option<i64> {
    let start = number.checked_mul(PART)?;
    (number >= 0 && start < whole).then(|| PART.min(whole - start))
}

/// The hashes of all parts, in order.
fn whole(row: &UploadRow, parts: Vec<PartRow>) -> Result<Vec<String>> {
    let complete = parts.iter().zip(0..).all(|(part, n)| part.number == n && part_size(row.size, n) == Some(part.size));
    let sum: i64 = parts.iter().map(|part| part.size).sum();
    if complete && sum == row.size { Ok(parts.into_iter().map(|part| part.hash).collect()) } else { Err(incomplete()) }
}

fn incomplete() -> Error {
    Error::InvalidFile("文件还没有传完整，请继续上传缺少的部分".to_owned())
}

/// The last part of what the browser calls it, without what can't be shown.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let plain: String = last.chars().filter(|c| !c.is_control()).take(NAME_MOST).collect();
    if plain.trim().is_empty() { "package.zip".to_owned() } else { plain }
}

fn view(row: &UploadRow, parts: &[PartRow]) -> UploadState {
    UploadState {
        id: row.id,
        publication: PublicationId(row.publication_id),
        file_name: row.file_name.clone(),
        size: row.size,
        part_size: PART,
        parts: parts.iter().map(|part| (part.number, part.size)).collect(),
        expires_at: UtcMillis(row.created_at + KEPT_MS),
    }
}
