//! The audit log: what is written about everything that happens, and the chain that shows when it was touched.
//!
//! A row's hash is SHA-256 over the hash before it and the row's canonical text (a JSON array of its columns, in order).
//! Appending is a transaction's last statement (design.md, Data). Everything appends by [`append`]; 审计 reads by [`list`].

mod anchor;
#[cfg(test)]
mod by_hand_tests;
mod check;
mod detail;
mod find;
mod forbidden;
#[cfg(test)]
mod forbidden_tests;
mod hidden;
mod list;
mod names;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod words_tests;

pub use anchor::{Unfit, anchor, newest_anchor, unfit};
pub use check::{check, start_check};
pub(crate) use forbidden::{Counted, note_proved, note_refusal, note_sign_in};
#[cfg(test)]
pub(crate) use forbidden::{ONE_BY_ONE, WINDOW_MS};
pub use forbidden::{close_windows, is_refused_under, note_forbidden};
pub use hidden::hidden;
pub use list::{export, list};

use crate::Engine;
use crate::ctx::Ctx;
use crate::store::audit_event::{self, AuditRow};
use crate::store::{Conn, Database, StoreError, StoreResult};
use domain::PersonId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What happened, before it has a number.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// Noun and verb, dotted: `session.sign_in`.
    pub(crate) action: &'static str,
    /// What it was done to: the noun's name and its id.
    pub(crate) object: (&'static str, String),
    /// Whether it was done, or refused.
    pub(crate) done: bool,
    /// Before, after and whatever else explains it. No secrets, no whole phone numbers.
    pub(crate) detail: Value,
    /// Who did it, where the context can't know: at a sign-in.
    pub(crate) person: Option<(PersonId, String)>,
}

impl Event {
    /// Something that was done to an object.
    pub(crate) fn done(action: &'static str, kind: &'static str, id: impl Into<String>) -> Self {
        Self { action, object: (kind, id.into()), done: true, detail: json!({}), person: None }
    }

    /// Something that was asked for and refused.
    pub(crate) fn refused(action: &'static str, kind: &'static str, id: impl Into<String>) -> Self {
        Self { done: false, ..Self::done(action, kind, id) }
    }
}

/// Appends, as the last statement of the transaction. Returns its number.
pub(crate) async fn append(conn: &mut Conn, ctx: &Ctx, event: &Event) -> StoreResult<i64> {
    append_all(conn, ctx, std::slice::from_ref(event)).await
}

/// The same of several, one after the other. Returns the number of the last.
pub(crate) async fn append_all(conn: &mut Conn, ctx: &Ctx, events: &[Event]) -> StoreResult<i64> {
    let (mut seq, mut hash) = audit_event::lock_head(conn).await?;
    for event in events {
        #[cfg(test)]
        words_tests::has_words(event);
        let row = next(ctx, event, seq, hash);
        audit_event::insert(conn, &row).await?;
        (seq, hash) = (row.seq, row.hash);
    }
    Ok(seq)
}

/// The row of an event, behind the one with this number and hash.
fn next(ctx: &Ctx, event: &Event, seq: i64, previous_hash: Vec<u8>) -> AuditRow {
    let who = event.person.clone().or_else(|| ctx.signed_in.as_ref().map(|s| (s.person, s.name.clone())));
    let (person_id, person_name) = who.map_or((None, String::new()), |(id, name)| (Some(id.0), name));
    let mut detail = event.detail.clone();
    // What a machine did with somebody's token is told apart from what they did.
    if let (Some(token), Some(detail)) = (ctx.signed_in.as_ref().and_then(|who| who.api_token), detail.as_object_mut())
    {
        detail.insert("api_token".to_owned(), json!(token));
    }
    let mut row = AuditRow {
        seq: seq + 1,
        at: ctx.now.0,
        request_id: ctx.request_id.to_string(),
        person_id,
        person_name,
        address: ctx.address.to_string(),
        action: event.action.to_owned(),
        object_kind: event.object.0.to_owned(),
        object_id: event.object.1.clone(),
        result: if event.done { "done" } else { "refused" }.to_owned(),
        detail: detail.to_string(),
        previous_hash,
        hash: Vec::new(),
    };
    row.hash = hash_of(&row);
    row
}

/// Notes one event by itself.
///
/// # Errors
/// The store fails.
pub(crate) async fn note(engine: &Engine, ctx: &Ctx, event: Event) -> StoreResult<()> {
    let what = (ctx.clone(), event);
    let write =
        engine.db().write(what, |conn, what| Box::pin(async move { append(conn, &what.0, &what.1).await.map(|_| ()) }));
    write.await
}

/// What tells this site from every other: the same for all its processes, and another after a restore.
///
/// # Errors
/// The store fails.
pub(crate) async fn site(engine: &Engine) -> StoreResult<String> {
    let hash = audit_event::origin(&mut engine.db().reader().await?).await?;
    Ok(crate::files::hex(&hash))
}

/// What a walk of the whole log came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Rows that fit, from the first on.
    pub rows: i64,
    /// The hash of the last of them, hexadecimal.
    pub hash: String,
    /// The number of the first row whose number, link or hash does not fit; `None`: the chain is whole.
    pub broken: Option<i64>,
}

/// Walks the log, from the first row to the last.
///
/// # Errors
/// The store fails, or has no audit log.
pub async fn verify(db: &Database) -> Result<Verified, StoreError> {
    let (mut conn, mut chain) = (db.reader().await?, Chain::new());
    while chain.go_on(&mut conn).await? {}
    Ok(chain.verified())
}

/// As [`verify`] has it: the number of the first row that does not fit.
pub(crate) async fn first_broken(conn: &mut Conn) -> StoreResult<Option<i64>> {
    let mut chain = Chain::new();
    while chain.go_on(conn).await? {}
    Ok(chain.broken)
}

/// The same of the newest rows alone, about so many: quick, and enough for a look in passing.
pub(crate) async fn broken_of_newest(conn: &mut Conn, many: i64) -> StoreResult<Option<i64>> {
    let before = (audit_event::newest(conn).await? - many).max(0);
    let mut chain = match audit_event::after(conn, before - 1, 1).await?.pop() {
        _ if before == 0 => Chain::new(),
        Some(row) if row.seq == before && row.hash == hash_of(&row) => {
            Chain { seq: before, hash: row.hash, broken: None }
        }
        _ => return Ok(Some(before)),
    };
    while chain.go_on(conn).await? {}
    Ok(chain.broken)
}

/// How far a walk of the log is.
struct Chain {
    seq: i64,
    hash: Vec<u8>,
    broken: Option<i64>,
}

impl Chain {
    /// Rows of one step.
    const STEP: i64 = 1_000;

    fn new() -> Self {
        Self { seq: 0, hash: vec![0; 32], broken: None }
    }

    /// A step further; whether there may be more.
    async fn go_on(&mut self, conn: &mut Conn) -> StoreResult<bool> {
        // A row that somebody put before the first one is found, too.
        let from = if self.seq == 0 { i64::MIN } else { self.seq };
        let rows = audit_event::after(conn, from, Self::STEP).await?;
        let more = !rows.is_empty();
        for row in rows {
            if row.seq != self.seq + 1 || row.previous_hash != self.hash || row.hash != hash_of(&row) {
                self.broken = Some(row.seq);
                return Ok(false);
            }
            (self.seq, self.hash) = (row.seq, row.hash);
        }
        Ok(more)
    }

    fn verified(&self) -> Verified {
        Verified { rows: self.seq, hash: crate::files::hex(&self.hash), broken: self.broken }
    }
}

fn hash_of(row: &AuditRow) -> Vec<u8> {
    Sha256::new().chain_update(&row.previous_hash).chain_update(canonical(row)).finalize().to_vec()
}

/// The row as it is hashed, behind the hash before it.
pub(crate) fn canonical(row: &AuditRow) -> String {
    let canonical = json!([
        row.seq,
        row.at,
        row.request_id,
        row.person_id,
        row.person_name,
        row.address,
        row.action,
        row.object_kind,
        row.object_id,
        row.result,
        row.detail,
    ]);
    canonical.to_string()
}
