//! 校验: the chain is walked on the server. A long log takes a while: the walk goes on beside the request that asked for it, and the
//! page shows how far it is. One at a time; how it ended is in the log, too.

use super::hidden::first_hidden;
use super::list::READERS;
use super::{Chain, Event, anchor, append};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::files::hex;
use crate::record;
use crate::store::audit_check::{self as store, CheckRow};
use crate::store::{StoreResult, audit_event};
use domain::view::audit::{ChainCheck, CheckEnded, CheckRunning};
use domain::{Role, UtcMillis};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// So long the answer waits for the walk: most logs are walked by then.
const PATIENCE: Duration = Duration::from_millis(1_500);

/// Steps of the walk between two notes of how far it is.
const STEPS: usize = 20;

/// A walk that was not heard of for so long has died with its server. Milliseconds.
const SILENCE_MS: i64 = 60_000;

/// How the last check ended, how far the present one is, and the newest anchor; nothing of it for who may not verify.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn check(engine: &Engine, ctx: &Ctx) -> Result<Option<ChainCheck>> {
    if !ctx.with_role(&READERS)?.roles.has(Role::Auditor) {
        return Ok(None);
    }
    let mut conn = engine.db().reader().await?;
    let row = store::newest(&mut conn).await?;
    let anchor = anchor::newest(&mut conn, ctx.now).await?;
    let first = audit_event::after(&mut conn, 0, 1).await?.first().map(|row| UtcMillis(row.at).date());
    let (running, last) = row.map_or((None, None), |row| view(row, ctx.now));
    Ok(Some(ChainCheck { running, last, anchor, days: (first, ctx.now.date()) }))
}

fn view(row: CheckRow, now: UtcMillis) -> (Option<CheckRunning>, Option<CheckEnded>) {
    match row.ended_at {
        Some(at) => {
            let hash = hex(&row.last_hash.unwrap_or_default());
            let (by, at) = (row.person_name, UtcMillis(at));
            (None, Some(CheckEnded { by, at, rows: row.seen, hash, broken: row.broken_seq, hidden: row.hidden_seq }))
        }
        None if row.beat_at < now.0 - SILENCE_MS => (None, None),
        None => (Some(CheckRunning { by: row.person_name, rows: row.seen, of: row.whole }), None),
    }
}

/// Begins a walk, unless one is under way, and waits for it a moment.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn start_check(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let object = ("audit", Uuid::nil());
    let by = record::admitted(engine, ctx, &[Role::Auditor], "audit.verify", object).await?.name.clone();
    let whole = audit_event::newest(&mut engine.db().reader().await?).await?;
    let (run, now) = (engine.entropy().id(ctx.now), ctx.now);
    let begin = engine.db().write(by, move |conn, by| {
        Box::pin(async move { store::begin(conn, run, &by, whole, now, UtcMillis(now.0 - SILENCE_MS)).await })
    });
    if !begin.await? {
        return Ok(());
    }
    let walk = Walk { engine: engine.clone(), ctx: ctx.clone(), run, whole };
    let walking = tokio::spawn(async move {
        if let Err(error) = walk.whole_way().await {
            tracing::error!(error = %error, "the audit log could not be verified");
        }
    });
    let _ = tokio::time::timeout(PATIENCE, walking).await;
    Ok(())
}

struct Walk {
    engine: Engine,
    ctx: Ctx,
    run: Uuid,
    /// Events at its start: what comes later is the next check's.
    whole: i64,
}

impl Walk {
    async fn whole_way(self) -> StoreResult<()> {
        let mut chain = Chain::new();
        let mut steps = 0;
        // A connection a step: people read meanwhile.
        while chain.seq < self.whole && chain.go_on(&mut self.engine.db().reader().await?).await? {
            steps += 1;
            if steps % STEPS == 0 && !self.beats(chain.seq).await? {
                return Ok(());
            }
        }
        self.ends(chain).await
    }

    /// Notes how far it is; whether it is still its turn.
    async fn beats(&self, seen: i64) -> StoreResult<bool> {
        let (run, now) = (self.run, self.engine.now());
        let beat =
            self.engine.db().write((), move |conn, _| Box::pin(async move { store::beat(conn, run, seen, now).await }));
        beat.await
    }

    /// Notes how it ended, in the log as well.
    async fn ends(self, chain: Chain) -> StoreResult<()> {
        let ctx = Ctx { now: self.engine.now(), ..self.ctx };
        let verified = chain.verified();
        let hidden = first_hidden(&mut self.engine.db().reader().await?).await?;
        let event = Event {
            detail: json!({ "rows": verified.rows, "hash": verified.hash, "broken": verified.broken, "hidden": hidden }),
            ..Event::done("audit.verify", "audit", "")
        };
        let run = self.run;
        let end = self.engine.db().write((ctx, chain, event), move |conn, s| {
            Box::pin(async move {
                let (ctx, chain, event) = &*s;
                if store::end(conn, run, (chain.seq, &chain.hash), (chain.broken, hidden), ctx.now).await? {
                    append(conn, ctx, event).await?;
                }
                Ok(())
            })
        });
        end.await
    }
}
