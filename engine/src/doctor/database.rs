//! The database: whether it answers, what it was told, and whether what is in it fits.

use super::{Seen, Site, Verdict, all};
use crate::audit;
use crate::store::StoreResult;
use crate::store::condition::{self, Condition, Schema, Settings};
use crate::store::restore;
use crate::store::snapshot::Kind;
use domain::UtcMillis;
use std::path::Path;
use std::time::Duration;

/// It has so long to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many of the newest audit events are looked at; `server audit-verify` looks at all.
const EVENTS: i64 = 1_000;

/// The oldest PostgreSQL that its makers still mend.
const OLDEST_POSTGRES: u32 = 14;

/// What it said.
pub(super) struct Answer {
    pub(super) condition: Condition,
    pub(super) asked_at: UtcMillis,
    /// The first of the newest events that does not fit.
    broken: Option<i64>,
}

/// Or why it did not.
pub(super) type Asked = Result<Answer, String>;

pub(super) async fn ask(site: &Site) -> Asked {
    let answer = tokio::time::timeout(PATIENCE, Box::pin(try_to_ask(site))).await;
    answer.map_err(|_| "it does not answer".to_owned())?.map_err(|error| error.to_string())
}

async fn try_to_ask(site: &Site) -> StoreResult<Answer> {
    let mut conn = condition::open(&site.database).await?;
    let asked_at = site.clock.now();
    let condition = condition::of(&mut conn).await?;
    let broken = match condition.schema.is {
        Some(_) => audit::broken_of_newest(&mut conn, EVENTS).await?,
        None => None,
    };
    Ok(Answer { condition, asked_at, broken })
}

pub(super) async fn reachable(seen: &Seen<'_>) -> Vec<Verdict> {
    let is_sqlite = matches!(restore::kind_of(&seen.site.database), Ok(Kind::Sqlite));
    vec![match &seen.database {
        Ok(_) => Verdict::fine(if is_sqlite { "SQLite answers" } else { "PostgreSQL answers" }),
        Err(_) if is_sqlite && !Path::new(&seen.site.database).exists() => Verdict::note(
            format!("there is none at {} yet; the first start makes it", seen.site.database),
            "if there should be one, name its folder with --data (IRS_DATA), or PostgreSQL with --database-url",
        ),
        Err(why) if is_sqlite => Verdict::wrong(
            format!("{} cannot be read: {why}", seen.site.database),
            "run this as the server's account; a damaged file comes back from a backup (server restore)",
        ),
        // The address is not repeated: it may hold a password.
        Err(why) => Verdict::wrong(
            format!("PostgreSQL cannot be used: {why}"),
            "see that it runs, and that DATABASE_URL has its host, user, password and database",
        ),
    }]
}

const UNKNOWN: &str = "the database was not reached";

pub(super) async fn settings(seen: &Seen<'_>) -> Vec<Verdict> {
    match &seen.database {
        Err(_) => vec![Verdict::skipped(UNKNOWN)],
        Ok(answer) => match &answer.condition.settings {
            Settings::Sqlite { .. } => judge_sqlite(&answer.condition.settings, is_remote(&seen.site.database)),
            Settings::Postgres { .. } => judge_postgres(&answer.condition.settings),
        },
    }
}

/// Whether the file lies on a disk of another machine. By the numbers of Linux: NFS, SMB, CIFS, 9P.
fn is_remote(file: &str) -> bool {
    const REMOTE: [i64; 5] = [0x6969, 0x517b, 0xff53_4d42, 0xfe53_4d42, 0x0102_1997];
    nix::sys::statfs::statfs(file).is_ok_and(|found| REMOTE.contains(&found.filesystem_type().0))
}

pub(super) fn judge_sqlite(settings: &Settings, remote: bool) -> Vec<Verdict> {
    let Settings::Sqlite { journal } = settings else { return Vec::new() };
    let mut wrong = Vec::new();
    if remote {
        wrong.push(Verdict::wrong(
            "its file is on a network file system, where its locks and its write-ahead log do not hold",
            "move the data folder to a local disk, or use PostgreSQL",
        ));
    }
    if journal != "wal" {
        wrong.push(Verdict::wrong(
            format!("its journal mode is {journal}, not wal: readers and the writer wait for each other"),
            "stop what else has it open, and start the server, which sets it",
        ));
    }
    all(wrong, || "write-ahead log; every commit is synced (synchronous=FULL, which each connection sets)".to_owned())
}

pub(super) fn judge_postgres(settings: &Settings) -> Vec<Verdict> {
    let Settings::Postgres { values, standby, connections, ours, .. } = settings else { return Vec::new() };
    let is = |name: &str| values.get(name).map(String::as_str).unwrap_or_default();
    let number = |name: &str| is(name).parse::<i64>().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut unless = |good: bool, what: String, remedy: &str| {
        if !good {
            wrong.push(Verdict::wrong(what, remedy));
        }
    };
    let version = number("server_version_num") / 10_000;
    unless(
        version >= i64::from(OLDEST_POSTGRES),
        format!("it is PostgreSQL {}, which nobody mends any more", is("server_version")),
        "upgrade to a version that is maintained",
    );
    unless(
        !standby && is("default_transaction_read_only") != "on",
        "it takes no writes: it is a standby, or read-only".to_owned(),
        "let DATABASE_URL name the primary",
    );
    unless(
        is("server_encoding") == "UTF8",
        format!("its encoding is {}", is("server_encoding")),
        "make the database anew with ENCODING 'UTF8', and restore a backup into it",
    );
    unless(
        is("default_transaction_isolation") == "read committed",
        format!(
            "transactions are {} by default, and ours are made for read committed",
            is("default_transaction_isolation")
        ),
        "ALTER DATABASE … RESET default_transaction_isolation, and the same for the role",
    );
    for name in ["fsync", "full_page_writes"] {
        unless(
            is(name) == "on",
            format!("{name} is off: a crash of the machine may cost the whole database"),
            "set it to on in postgresql.conf, and reload",
        );
    }
    unless(
        is("synchronous_commit") != "off",
        "synchronous_commit is off: what people were told is done may be lost in a crash".to_owned(),
        "set it to on",
    );
    let free = number("max_connections") - number("superuser_reserved_connections") - connections;
    // One process takes so many; during an update there is another one beside it.
    unless(
        free >= i64::from(*ours),
        format!("{free} connections are free, and one more process takes up to {ours}"),
        "raise max_connections, or end what holds connections",
    );
    all(wrong, || format!("PostgreSQL {}, {free} connections free", is("server_version")))
}

pub(super) async fn schema(seen: &Seen<'_>) -> Vec<Verdict> {
    vec![match &seen.database {
        Err(_) => Verdict::skipped(UNKNOWN),
        Ok(answer) => judge_schema(answer.condition.schema),
    }]
}

pub(super) fn judge_schema(schema: Schema) -> Verdict {
    let Schema { is, known, broken } = schema;
    if let Some(number) = broken {
        let what = format!("migration {number} broke off");
        return Verdict::wrong(what, "restore the last backup with the version before, and try the update again");
    }
    match is {
        None => Verdict::note("there are no tables yet", "the first start makes them, or `server migrate`"),
        Some(is) if is > known => Verdict::wrong(
            format!("the database is at migration {is}, and this program knows {known}"),
            "run the newer program: an older one must not write into it",
        ),
        Some(is) if is < known => Verdict::wrong(
            format!("the database is at migration {is} of {known}"),
            "make a backup, then `server migrate`, or start the server, which does that",
        ),
        Some(is) => Verdict::fine(format!("migration {is}, this version's")),
    }
}

pub(super) async fn audit_log(seen: &Seen<'_>) -> Vec<Verdict> {
    vec![match &seen.database {
        Err(_) => Verdict::skipped(UNKNOWN),
        Ok(answer) if answer.condition.schema.is.is_none() => Verdict::skipped("there are no tables yet"),
        Ok(Answer { broken: Some(row), .. }) => Verdict::wrong(
            format!("it does not fit at row {row}: it was changed outside the product"),
            "find out who can write to the database; `server audit-verify` names the first row, and a backup has what was there",
        ),
        Ok(_) => Verdict::fine(format!("its newest {EVENTS} events fit; `server audit-verify` looks at all")),
    }]
}
