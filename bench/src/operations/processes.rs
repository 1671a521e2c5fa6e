//! Three processes on one database of PostgreSQL, beside one process on SQLite: the same publications, the same works, the same number of
//! clients, who are dealt out to the three addresses in turn. The three share one data folder, as a site with a shared disk has it.

use super::tables;
use crate::client::{Client, Wants};
use crate::load::{Load, Measured};
use crate::server::Server;
use crate::works;
use crate::{Options, Outcome};
use engine::bench::{KEYWORD, STAFF};
use engine::{Clock, Database, Engine, Entropy, Files};
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

/// Publications of both.
pub(super) const ROWS: u32 = 20_000;

/// Servers on PostgreSQL.
const PROCESSES: usize = 3;

/// The bench's own database. One that a run left, which was broken off, is replaced.
const DATABASE: &str = "irs_bench_processes";

/// What decides how fast it commits.
const SETTINGS: &str = "SELECT current_setting('server_version') || ', fsync ' || current_setting('fsync')
    || ', synchronous_commit ' || current_setting('synchronous_commit')";

/// How a site of one process or more did.
pub(super) struct Site {
    pub(super) works: Vec<(&'static str, Measured)>,
    /// MiB of its processes together, after everything.
    pub(super) memory: f64,
    /// The database's version and settings.
    pub(super) database: String,
}

/// Measures and prints. What SQLite did is printed also where PostgreSQL fails.
pub(super) async fn measure(options: &Options, folder: &Path) -> Outcome<()> {
    let one = on_sqlite(options, &folder.join("processes-sqlite")).await?;
    let three = match &options.postgres {
        Some(server) => on_postgres(options, server, &folder.join("processes-postgres")).await.map(Some),
        None => Ok(None),
    };
    tables::processes(&one, three.as_ref().ok().and_then(Option::as_ref));
    if three?.is_none() {
        println!("PostgreSQL: left out, no server was named (`--postgres postgres://…/postgres`).\n");
    }
    Ok(())
}

async fn on_sqlite(options: &Options, data: &Path) -> Outcome<Site> {
    crate::seeded(data, ROWS, options.keep).await?;
    let servers = [Server::start(options, data).await?];
    let site = works_of(options, &servers, "SQLite".to_owned()).await?;
    for server in servers {
        server.stop().await?;
    }
    Ok(site)
}

/// Makes the database and drops it again, whatever came of it.
async fn on_postgres(options: &Options, server: &str, data: &Path) -> Outcome<Site> {
    if !server.split_once("://").is_some_and(|(_, rest)| rest.contains('/')) {
        return Err("--postgres names no database to begin with: postgres://…/postgres".to_owned());
    }
    let settings = psql(server, SETTINGS).await?;
    if settings.contains("fsync off") || settings.contains("synchronous_commit off") {
        return Err(format!(
            "PostgreSQL {settings}: it may lose what it commits, and its figures say nothing; leave --postgres out of `cargo xtask bench`"
        ));
    }
    let made = engine::bench::fresh_database(server, DATABASE).await;
    let address = made.map_err(|e| format!("PostgreSQL makes no database: {e}"))?;
    let site = three(options, &address, data, format!("PostgreSQL {settings}")).await;
    let dropped = psql(server, &format!("DROP DATABASE {DATABASE} WITH (FORCE)")).await;
    let site = site?;
    dropped?;
    Ok(site)
}

async fn three(options: &Options, address: &str, data: &Path, database: String) -> Outcome<Site> {
    seed(address, data).await?;
    // In use PostgreSQL does it by itself, a while after so many rows were written.
    psql(address, "VACUUM ANALYZE").await?;
    let mut servers = Vec::new();
    for _ in 0..PROCESSES {
        servers.push(Server::start_on(options, data, Some(address)).await?);
    }
    let site = works_of(options, &servers, database).await?;
    for server in servers {
        server.stop().await?;
    }
    Ok(site)
}

/// As [`crate::seeded`], on PostgreSQL.
async fn seed(address: &str, data: &Path) -> Outcome<()> {
    eprintln!("writing {ROWS} publications to PostgreSQL …");
    // The address is not repeated: it may hold a password.
    let db = Database::open(address).await.map_err(|e| format!("PostgreSQL: {e}"))?;
    let files = Files::local(&data.join("files")).map_err(|e| e.to_string())?;
    let opened = Engine::open(db, files, Clock::System, Entropy::System, true).await;
    let engine = opened.map_err(|e| e.to_string())?;
    let written = engine::bench::seed(&engine, ROWS, crate::told).await;
    written.map_err(|e| format!("the data could not be written: {e}"))?;
    engine.close().await;
    Ok(())
}

async fn works_of(options: &Options, servers: &[Server], database: String) -> Outcome<Site> {
    let addresses: Vec<SocketAddr> = servers.iter().map(|server| server.address).collect();
    let first = addresses.first().copied().ok_or("no server was started")?;
    // A session is in the database: it is good at all of them.
    let cookie = Client::sign_in(first, STAFF).await?;
    let load = Load {
        addresses,
        cookie: Some(cookie),
        host: None,
        connections: works::CONNECTIONS,
        seconds: options.seconds,
        runs: options.runs,
    };
    let mut client = load.client(0).await?;
    let published = works::published(&mut client).await?;
    let list = format!("{}&query[days]=3650", works::data_address(KEYWORD, 20));
    let detail = format!("/publications/{}", published.first().ok_or("nothing is 已发布")?);
    let mut figures = Vec::new();
    let lists = works::read(&load, &mut client, (list.as_str(), Wants::Data), KEYWORD).await?;
    figures.push((works::DATA_ANEW, lists));
    let details = works::read(&load, &mut client, (detail.as_str(), Wants::Page), "版本").await?;
    figures.push((works::DETAIL, details));
    for (name, connections) in [(works::CHANGES, works::CONNECTIONS), (works::CHANGES_CROWD, works::CROWD)] {
        figures.push((name, works::changes(&Load { connections, ..load.clone() }, &published).await?));
    }
    let memory: f64 = servers.iter().filter_map(Server::memory).sum();
    Ok(Site { works: figures, memory, database })
}

/// One statement, by PostgreSQL's own program; answers what it says.
async fn psql(address: &str, statement: &str) -> Outcome<String> {
    let mut psql = Command::new("psql");
    psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", address, "-c", statement]).stdin(Stdio::null());
    let output = psql.output().await.map_err(|e| format!("psql (Debian's package postgresql-client): {e}"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(said.lines().next().unwrap_or("psql failed without a word").to_owned())
}
