//! What must not come back to life with a backup: whole in this file, read top to bottom. Each of it was ended, sent or taken back
//! after the backup was made, as far as anybody knows. Start reading at [`lay_to_rest`].

use super::{Conn, StoreResult, job, on, periodic_run};
use domain::UtcMillis;

/// How much of each there was, with its name: what the command says, and the audit log.
pub(crate) type Ended = Vec<(&'static str, u64)>;

/// One statement, and what it ends.
const STATEMENTS: &[(&str, &str)] = &[
    // Whoever had the browser then may not be who has it now; everybody signs in anew.
    ("sessions", "DELETE FROM session"),
    ("sign-in codes", "DELETE FROM sign_in_code"),
    ("sign-ins on their way", "DELETE FROM sign_in_trip"),
    // Used since, or thrown away: `server init` and an administrator give new ones.
    ("first-start links", "DELETE FROM first_start"),
    ("activation links", "DELETE FROM activation"),
    ("authenticators to be bound", "DELETE FROM authenticator_offer"),
    // Their parts are no part of a backup: the browser begins again.
    ("unfinished uploads", "DELETE FROM upload WHERE package IS NULL"),
    // Paused since, or taken back: the clock must not carry them on before anybody looks.
    ("paused plans", "UPDATE rollout SET paused = TRUE WHERE ended_at IS NULL AND paused = FALSE"),
];

/// Publications that were registered since, at most: their 服务ID and host are theirs for ever, and not given again.
const GAP: i64 = 1_000;

/// One that was revoked since would be good again.
const TOKENS: &str = "UPDATE api_token SET revoked_at = $1 WHERE revoked_at IS NULL";

/// They may have been sent since; on 通知 the 系统管理员 sends again what was not.
const MESSAGES: &str = "UPDATE outbox SET state = 'dead', lease_holder = NULL, lease_until = NULL,
        last_error = '从备份恢复：备份之后可能已经发送过，请确认后重新发送' WHERE state = 'waiting'";

/// Ends it all.
pub(crate) async fn lay_to_rest(conn: &mut Conn, now: UtcMillis) -> StoreResult<Ended> {
    let mut ended = Ended::new();
    for (what, statement) in STATEMENTS {
        let rows = on!(conn, c => sqlx::query(*statement).execute(c).await.map(|done| done.rows_affected()))?;
        ended.push((what, rows));
    }
    let tokens = on!(conn, c => sqlx::query(TOKENS).bind(now.0).execute(c).await.map(|done| done.rows_affected()))?;
    ended.push(("API tokens", tokens));
    let messages = on!(conn, c => sqlx::query(MESSAGES).execute(c).await.map(|done| done.rows_affected()))?;
    ended.push(("waiting messages", messages));
    leave_a_gap(conn).await?;
    // When the other place did what it does again and again says nothing of this one.
    periodic_run::forget(conn).await?;
    // Whoever held a job is another process, elsewhere: it is done anew, at once.
    job::give_everything_back(conn).await?;
    Ok(ended)
}

/// The next publication's number is far from the last that the backup knows.
async fn leave_a_gap(conn: &mut Conn) -> StoreResult<()> {
    const SQLITE: &str = "UPDATE sqlite_sequence SET seq = seq + $1 WHERE name = 'publication'";
    const POSTGRES: &str = "SELECT setval(pg_get_serial_sequence('publication', 'key'),
        (SELECT COALESCE(MAX(key), 0) FROM publication) + $1)";
    let statement = if conn.is_postgres() { POSTGRES } else { SQLITE };
    on!(conn, c => sqlx::query(statement).bind(GAP).execute(c).await.map(|_| ()))?;
    Ok(())
}
