//! The database: whether it answers, what it was told, and whether what is in it fits.

use super::{Said, Seen, Site, Verdict, all};
use crate::audit;
use crate::leader::{self, Job};
use crate::store::StoreResult;
use crate::store::condition::{self, Condition, Schema, Settings};
use crate::store::periodic_run::{self, PeriodicRun};
use crate::store::restore;
use crate::store::snapshot::Kind;
use domain::{UtcMillis, text};
use std::path::Path;
use std::time::Duration;

/// It has so long to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many of the newest audit events are looked at; `server audit verify` looks at all.
const EVENTS: i64 = 1_000;

/// The oldest PostgreSQL that its makers still mend.
const OLDEST_POSTGRES: u32 = 14;

/// What it said.
pub(super) struct Answer {
    pub(super) condition: Condition,
    pub(super) asked_at: UtcMillis,
    /// The first of the newest events that does not fit.
    broken: Option<i64>,
    /// What is known of the daily backup.
    pub(super) backup: Option<PeriodicRun>,
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
    let backup = match condition.schema.is {
        // An older one may not have the table.
        Some(is) if is >= condition.schema.known => periodic_run::of(&mut conn, leader::name(Job::Backup)).await?,
        _ => None,
    };
    Ok(Answer { condition, asked_at, broken, backup })
}

pub(super) async fn reachable(seen: &Seen<'_>) -> Vec<Verdict> {
    let is_sqlite = matches!(restore::kind_of(&seen.site.database), Ok(Kind::Sqlite));
    vec![match &seen.database {
        Ok(answer) => {
            let (kind, size) = (if is_sqlite { "SQLite" } else { "PostgreSQL" }, text::size(answer.condition.bytes));
            Verdict::fine((format!("{kind} answers, {size}"), format!("{kind} 正常，数据库大小 {size}")))
        }
        Err(_) if is_sqlite && !Path::new(&seen.site.database).exists() => Verdict::note(
            (
                format!("there is none at {} yet; the first start makes it", seen.site.database),
                format!("{} 还没有数据库，第一次启动时会建立", seen.site.database),
            ),
            (
                "if there should be one, name its folder with --data (IRS_DATA), or PostgreSQL with --database-url",
                "如果应当已经有，请用 --data（IRS_DATA）指明目录，或者用 --database-url 指明 PostgreSQL",
            ),
        ),
        Err(why) if is_sqlite => Verdict::wrong(
            (
                format!("{} cannot be read: {why}", seen.site.database),
                format!("数据库 {} 读不了：{why}", seen.site.database),
            ),
            (
                "run this as the server's account; a damaged file comes back from a backup (server restore)",
                "确认用服务的账号运行；文件损坏时从备份恢复（server restore）",
            ),
        ),
        // The address is not repeated: it may hold a password.
        Err(why) => Verdict::wrong(
            (format!("PostgreSQL cannot be used: {why}"), format!("PostgreSQL 不能使用：{why}")),
            (
                "see that it runs, and that DATABASE_URL has its host, user, password and database",
                "确认它在运行，并且 DATABASE_URL 里的主机、用户、密码和库名正确",
            ),
        ),
    }]
}

pub(super) const UNKNOWN: (&str, &str) = ("the database was not reached", "没有连上数据库");

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
            (
                "its file is on a network file system, where its locks and its write-ahead log do not hold",
                "数据库文件在网络文件系统上，锁和预写日志在那里靠不住",
            ),
            ("move the data folder to a local disk, or use PostgreSQL", "把数据目录移到本机磁盘，或者改用 PostgreSQL"),
        ));
    }
    if journal != "wal" {
        wrong.push(Verdict::wrong(
            (
                format!("its journal mode is {journal}, not wal: readers and the writer wait for each other"),
                format!("日志模式是 {journal} 而不是 wal，读和写会互相等待"),
            ),
            (
                "stop what else has it open, and start the server, which sets it",
                "停掉其他打开它的程序，再启动服务，服务会设置好",
            ),
        ));
    }
    all(wrong, || {
        Said::from((
            "write-ahead log; every commit is synced (synchronous=FULL, which each connection sets)",
            "预写日志已开启，每次提交都写到磁盘",
        ))
    })
}

pub(super) fn judge_postgres(settings: &Settings) -> Vec<Verdict> {
    let Settings::Postgres { values, standby, connections, ours, .. } = settings else { return Vec::new() };
    let is = |name: &str| values.get(name).map(String::as_str).unwrap_or_default();
    let number = |name: &str| is(name).parse::<i64>().unwrap_or_default();
    let mut wrong = Vec::new();
    let mut unless = |good: bool, what: (String, String), remedy: (&str, &str)| {
        if !good {
            wrong.push(Verdict::wrong(what, remedy));
        }
    };
    let version = number("server_version_num") / 10_000;
    unless(
        version >= i64::from(OLDEST_POSTGRES),
        (
            format!("it is PostgreSQL {}, which nobody mends any more", is("server_version")),
            format!("PostgreSQL {} 已经没有人维护", is("server_version")),
        ),
        ("upgrade to a version that is maintained", "升级到仍在维护的版本"),
    );
    unless(
        !standby && is("default_transaction_read_only") != "on",
        (
            "it takes no writes: it is a standby, or read-only".to_owned(),
            "数据库不能写：它是备库，或者被设成只读".to_owned(),
        ),
        ("let DATABASE_URL name the primary", "让 DATABASE_URL 指向主库"),
    );
    unless(
        is("server_encoding") == "UTF8",
        (
            format!("its encoding is {}", is("server_encoding")),
            format!("数据库的编码是 {}，不是 UTF8", is("server_encoding")),
        ),
        (
            "make the database anew with ENCODING 'UTF8', and restore a backup into it",
            "用 ENCODING 'UTF8' 重新建库，再把备份恢复进去",
        ),
    );
    unless(
        is("default_transaction_isolation") == "read committed",
        (
            format!(
                "transactions are {} by default, and ours are made for read committed",
                is("default_transaction_isolation")
            ),
            format!("默认的事务隔离级别是 {}，应当是 read committed", is("default_transaction_isolation")),
        ),
        (
            "ALTER DATABASE … RESET default_transaction_isolation, and the same for the role",
            "执行 ALTER DATABASE … RESET default_transaction_isolation，对角色也一样",
        ),
    );
    for name in ["fsync", "full_page_writes"] {
        unless(
            is(name) == "on",
            (
                format!("{name} is off: a crash of the machine may cost the whole database"),
                format!("{name} 是关闭的：机器一旦崩溃，可能丢掉整个数据库"),
            ),
            ("set it to on in postgresql.conf, and reload", "在 postgresql.conf 里设为 on，再重新加载"),
        );
    }
    unless(
        is("synchronous_commit") != "off",
        (
            "synchronous_commit is off: what people were told is done may be lost in a crash".to_owned(),
            "synchronous_commit 是关闭的：机器崩溃时，已经告知完成的操作可能丢失".to_owned(),
        ),
        ("set it to on", "设为 on"),
    );
    let free = number("max_connections") - number("superuser_reserved_connections") - connections;
    // One process takes so many; during an update there is another one beside it.
    unless(
        free >= i64::from(*ours),
        (
            format!("{free} connections are free, and one more process takes up to {ours}"),
            format!("只剩 {free} 个空闲连接，再启动一个服务进程最多要 {ours} 个"),
        ),
        ("raise max_connections, or end what holds connections", "调大 max_connections，或者结束占用连接的程序"),
    );
    all(wrong, || {
        let version = is("server_version");
        let chinese = format!("PostgreSQL {version}，空闲连接 {free} 个");
        Said::from((format!("PostgreSQL {version}, {free} connections free"), chinese))
    })
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
        let what = (format!("migration {number} broke off"), format!("第 {number} 号数据库升级中断了"));
        let remedy = (
            "restore the last backup with the version before, and try the update again",
            "用升级前的版本恢复最近的备份，再升级一次",
        );
        return Verdict::wrong(what, remedy);
    }
    match is {
        None => Verdict::note(
            ("there are no tables yet", "还没有数据表"),
            ("the first start makes them, or `server migrate`", "第一次启动时会建立，也可以执行 server migrate"),
        ),
        Some(is) if is > known => Verdict::wrong(
            (
                format!("the database is at migration {is}, and this program knows {known}"),
                format!("数据库已升级到第 {is} 号，而这个程序只认得到第 {known} 号"),
            ),
            ("run the newer program: an older one must not write into it", "换成新版本的程序，旧版本不能写入"),
        ),
        Some(is) if is < known => Verdict::wrong(
            (
                format!("the database is at migration {is} of {known}"),
                format!("数据库在第 {is} 号，应当升级到第 {known} 号"),
            ),
            (
                "make a backup, then `server migrate`, or start the server, which does that",
                "先备份，再执行 server migrate，或者重新启动服务，启动时会升级",
            ),
        ),
        Some(is) => {
            Verdict::fine((format!("migration {is}, this version's"), format!("数据表与这个版本一致（第 {is} 号）")))
        }
    }
}

pub(super) async fn audit_log(seen: &Seen<'_>) -> Vec<Verdict> {
    vec![match &seen.database {
        Err(_) => Verdict::skipped(UNKNOWN),
        Ok(answer) if answer.condition.schema.is.is_none() => {
            Verdict::skipped(("there are no tables yet", "还没有数据表"))
        }
        Ok(Answer { broken: Some(row), .. }) => Verdict::wrong(
            (
                format!("it does not fit at row {row}: it was changed outside the product"),
                format!("第 {row} 条审计记录不符：它在平台之外被改动过"),
            ),
            (
                "find out who can write to the database; `server audit verify` names the first row, and a backup has what was there",
                "查清谁能写数据库；server audit verify 会指出第一条不符的记录，原来的内容在备份里",
            ),
        ),
        Ok(_) => Verdict::fine((
            format!("its newest {EVENTS} events fit; `server audit verify` looks at all"),
            format!("最近 {EVENTS} 条审计记录完整；全部记录由审计员在“审计”里校验"),
        )),
    }]
}
