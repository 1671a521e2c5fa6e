//! The audit log: what is written about everything that happens, and the chain that shows when it was touched.
//!
//! A row's hash is SHA-256 over the hash before it and the row's canonical text (a JSON array of its columns, in order).
//! Appending is a transaction's last statement (design.md, Data).

#[cfg(test)]
mod tests;

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
    let (seq, previous_hash) = audit_event::lock_head(conn).await?;
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
    audit_event::insert(conn, &row).await?;
    Ok(row.seq)
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

/// The number of the first row whose number, link or hash does not fit; `None` when the chain is whole.
///
/// # Errors
/// The store fails, or has no audit log.
pub async fn verify(db: &Database) -> Result<Option<i64>, StoreError> {
    first_broken(&mut db.reader().await?).await
}

pub(crate) async fn first_broken(conn: &mut Conn) -> StoreResult<Option<i64>> {
    broken_after(conn, 0, vec![0; 32]).await
}

/// The same of the newest rows alone, about so many: quick, and enough for a look in passing.
pub(crate) async fn broken_of_newest(conn: &mut Conn, many: i64) -> StoreResult<Option<i64>> {
    let before = (audit_event::newest(conn).await? - many).max(0);
    if before == 0 {
        return first_broken(conn).await;
    }
    match audit_event::after(conn, before - 1, 1).await?.first() {
        Some(row) if row.seq == before && row.hash == hash_of(row) => {
            broken_after(conn, before, row.hash.clone()).await
        }
        _ => Ok(Some(before)),
    }
}

async fn broken_after(conn: &mut Conn, mut seq: i64, mut hash: Vec<u8>) -> StoreResult<Option<i64>> {
    const PAGE: i64 = 1_000;
    // A row that somebody put before the first one is found, too.
    let mut from = if seq == 0 { i64::MIN } else { seq };
    loop {
        let rows = audit_event::after(conn, from, PAGE).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            if row.seq != seq + 1 || row.previous_hash != hash || row.hash != hash_of(&row) {
                return Ok(Some(row.seq));
            }
            (seq, hash) = (row.seq, row.hash);
        }
        from = seq;
    }
}

fn hash_of(row: &AuditRow) -> Vec<u8> {
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
    Sha256::new().chain_update(&row.previous_hash).chain_update(canonical.to_string()).finalize().to_vec()
}
