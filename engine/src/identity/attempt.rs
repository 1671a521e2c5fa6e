//! Attempts with a password, counted for a pair of account and address before anything is compared: after five failures the pair waits, longer
//! each time (identity.md, Sign-in). Start at `count`.

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::sign_in_failure::{self, Failures};
use crate::store::{Conn, StoreResult};
use domain::UtcMillis;
use domain::dashboard::DAY_MS;
use serde_json::json;

/// Failures of a pair of account and address before it has to wait.
const FREE_FAILURES: i64 = 5;

/// The first wait; each further failure doubles it. Milliseconds.
const FIRST_WAIT_MS: i64 = 60 * 1000;

/// The longest wait. Milliseconds.
const LONGEST_WAIT_MS: i64 = 15 * 60 * 1000;

/// More that are turned away while a pair waits are not counted.
const TURNED_AWAY_MOST: i64 = 10_000;

/// A pair that failed last so long ago is forgotten: the longest wait is long over. Milliseconds.
const FORGOTTEN_MS: i64 = DAY_MS;

/// Pairs of which something is told when they are forgotten, at once, at most.
const TOLD_MOST: i64 = 1_000;

/// Counts every attempt before the password is looked at, so that many at once gain nothing; a success forgets them. Of those that are
/// turned away while the pair has to wait, the first is in the audit log; how many there were is told by the next that is looked at:
/// whoever knocks without end fills no log. Names that are no account's ([`Tried::is_known`]) are as many as somebody makes up: their rows
/// are those of the address.
///
/// # Errors
/// [`Error::TooOften`]; the store fails.
pub(super) async fn count(engine: &Engine, ctx: &Ctx, tried: Tried) -> Result<()> {
    decide(engine, ctx, tried, true).await
}

/// Turns away who has to wait, as [`count`] does, and counts nobody else: before a place is taken where passwords wait for a core, so that
/// whoever tries one locked account on and on does not keep out those beside them.
///
/// # Errors
/// As [`count`].
pub(super) async fn turn_away(engine: &Engine, ctx: &Ctx, tried: &Tried) -> Result<()> {
    let mut conn = engine.db().reader().await?;
    let known = sign_in_failure::of(&mut conn, &tried.account, &ctx.counted_from()).await?;
    drop(conn);
    match known.map(|before| (wait_of(before, ctx.now), before.turned_away)) {
        Some((wait_ms, TURNED_AWAY_MOST..)) if wait_ms > 0 => Err(Error::TooOften { wait_ms }),
        Some((wait_ms, _)) if wait_ms > 0 => decide(engine, ctx, tried.clone(), false).await,
        _ => Ok(()),
    }
}

/// `looked_at`: whoever need not wait is counted, for their password is looked at.
async fn decide(engine: &Engine, ctx: &Ctx, tried: Tried, looked_at: bool) -> Result<()> {
    let write = engine.db().write((ctx.clone(), tried), move |conn, s| {
        Box::pin(async move {
            let (ctx, tried) = &*s;
            let (account, address) = (tried.account.as_str(), ctx.counted_from());
            // Held before anything is decided: of many at once, one is looked at, and the others find that it was.
            let before = sign_in_failure::hold_or_know(conn, account, &address, ctx.now).await?;
            let (wait_ms, turned_away) = (wait_of(before, ctx.now), before.turned_away);
            if wait_ms > 0 {
                if turned_away < TURNED_AWAY_MOST {
                    sign_in_failure::count_turned_away(conn, account, &address).await?;
                }
                if turned_away == 0 {
                    tried.note_first(conn, ctx).await?;
                }
            } else if looked_at {
                sign_in_failure::count(conn, account, &address, ctx.now).await?;
                tried.tell(conn, ctx, turned_away).await?;
            }
            Ok(wait_ms)
        })
    });
    let wait_ms = write.await?;
    if wait_ms > 0 { Err(Error::TooOften { wait_ms }) } else { Ok(()) }
}

/// What a password was tried on.
#[derive(Clone)]
pub(super) struct Tried {
    /// As it was typed, in lower case.
    pub(super) account: String,
    /// There is such an account.
    pub(super) is_known: bool,
}

impl Tried {
    /// Notes the first that is turned away.
    async fn note_first(&self, conn: &mut Conn, ctx: &Ctx) -> StoreResult<()> {
        self.note(conn, ctx, json!({}), 1).await
    }

    /// Tells how many were turned away; the first of them was noted.
    async fn tell(&self, conn: &mut Conn, ctx: &Ctx, turned_away: i64) -> StoreResult<()> {
        if turned_away <= 1 {
            return Ok(());
        }
        self.note(conn, ctx, json!({ "turned_away": turned_away }), turned_away - 1).await
    }

    async fn note(&self, conn: &mut Conn, ctx: &Ctx, mut detail: serde_json::Value, many: i64) -> StoreResult<()> {
        let account = self.account.as_str();
        detail["account"] = json!(account);
        detail["why"] = json!("too often");
        let event = Event { detail, ..Event::refused("session.sign_in", "account", account) };
        if self.is_known {
            return audit::append(conn, ctx, &event).await.map(|_| ());
        }
        audit::note_sign_in(conn, ctx, "password", &event, many).await
    }
}

/// What was counted is forgotten: password and code were right, whatever else was wrong.
pub(super) async fn forgive(engine: &Engine, ctx: &Ctx, account: &str) -> Result<()> {
    let forgive = engine.db().write((ctx.counted_from(), account.to_owned()), |conn, s| {
        Box::pin(async move { sign_in_failure::delete(conn, &s.1, &s.0).await })
    });
    Ok(forgive.await?)
}

/// Forgets pairs whose last failure is a day ago, and says of those that were turned away how many that were. How many pairs there were.
///
/// # Errors
/// The store fails.
pub async fn sweep(engine: &Engine) -> Result<u64> {
    let ctx = Ctx::of_the_clock(engine.now(), "sign_in_failures");
    let until = UtcMillis(ctx.now.0 - FORGOTTEN_MS);
    let untold = sign_in_failure::untold(&mut engine.db().reader().await?, until, TOLD_MOST).await?;
    let mut forgotten = 0;
    for row in untold {
        let ctx = Ctx { address: row.address.clone().into(), ..ctx.clone() };
        let tried = Tried { account: row.account, is_known: row.is_known };
        let write = engine.db().write((ctx, tried, row.address), move |conn, s| {
            Box::pin(async move {
                let (ctx, tried, address) = &*s;
                // They may have tried again meanwhile.
                let taken = sign_in_failure::take_old(conn, &tried.account, address, until).await?;
                if let Some(turned_away) = taken {
                    tried.tell(conn, ctx, turned_away).await?;
                }
                Ok(u64::from(taken.is_some()))
            })
        });
        forgotten += write.await?;
    }
    let write = engine
        .db()
        .write(until, |conn, until| Box::pin(async move { sign_in_failure::delete_old(conn, *until).await }));
    Ok(forgotten + write.await?)
}

/// How long it still has to wait; not longer than zero: not at all. Milliseconds.
fn wait_of(before: Failures, now: UtcMillis) -> i64 {
    match wait_after(before.failures) {
        // What was counted after this one arrived is no wait by itself.
        0 => 0,
        wait_ms => before.last_at + wait_ms - now.0,
    }
}

fn wait_after(failures: i64) -> i64 {
    match u32::try_from(failures - FREE_FAILURES) {
        Err(_) => 0,
        Ok(further) => {
            FIRST_WAIT_MS.saturating_mul(1_i64.checked_shl(further.min(30)).unwrap_or(i64::MAX)).min(LONGEST_WAIT_MS)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::wait_after;

    #[test]
    fn the_wait_grows_after_five_failures_and_has_an_end() {
        assert_eq!([0, 4, 5, 6, 7, 9, 100].map(wait_after), [0, 0, 60_000, 120_000, 240_000, 900_000, 900_000]);
    }
}
