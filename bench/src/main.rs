//! Measures the product as people meet it: a real server process, real HTTP on kept connections, real sessions.
//!
//! `cargo xtask bench` builds what is needed and starts this. It must never know the product's SQL: data come from
//! `engine::bench`. Start reading at [`main`]; what is measured is in [`works`].

mod client;
mod commits;
mod first_page;
mod load;
mod machine;
mod memory;
mod operations;
mod orders;
mod packages;
mod process;
mod report;
mod server;
mod works;

use clap::Parser;
use engine::{Clock, Database, Engine, Entropy, Files};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What goes wrong is said in one sentence.
pub(crate) type Outcome<T> = Result<T, String>;

/// What to measure, and how.
#[derive(Debug, Clone, Parser)]
#[command(name = "bench")]
pub(crate) struct Options {
    /// The server's program.
    #[arg(long)]
    server: PathBuf,
    /// Folder of the built front end.
    #[arg(long)]
    site: PathBuf,
    /// Folder for databases, on the disk that is to be measured. One of its folders per size is made anew.
    #[arg(long)]
    work: PathBuf,
    /// How many publications; several with commas.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000])]
    rows: Vec<u32>,
    /// How many work orders that ended; several with commas. They are measured in place of publications.
    #[arg(long, value_delimiter = ',')]
    orders: Vec<u32>,
    /// Packages, from upload to preview to live, in place of publications.
    #[arg(long)]
    packages: bool,
    /// What an administrator waits for (sign-in storms, three processes beside one, the audit log's verification, backups), in place of
    /// publications.
    #[arg(long)]
    operations: bool,
    /// A server of PostgreSQL, for `--operations`: `postgres://…/postgres`. A database of the bench's own is made there, and dropped at the end.
    #[arg(long)]
    postgres: Option<String>,
    /// Audit events that are verified, for `--operations`.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..))]
    events: u32,
    /// GB of files that are backed up, for `--operations`; three times as much has to be free.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..))]
    gigabytes: u32,
    /// How long one run of one work takes.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Runs of each work; the median counts.
    #[arg(long, default_value_t = 3)]
    runs: usize,
    /// Takes the data that are there, if they are.
    #[arg(long)]
    keep: bool,
    /// Measures only the works whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("bench: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(&options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Outcome<()> {
    println!("{}\n", machine::describe());
    if !options.orders.is_empty() {
        return many_orders(options).await;
    }
    if options.packages {
        let folder = options.work.join("packages");
        // Its packages are to be the first of their folder.
        seeded(&folder, packages::BESIDE, false).await?;
        return packages::measure(options, &folder).await;
    }
    if options.operations {
        return operations::measure(options).await;
    }
    let commits = commits::measure(&options.work, options.seconds.min(3), options.runs)?;
    report::commits(&commits);
    let mut sizes = Vec::new();
    for rows in &options.rows {
        let folder = options.work.join(rows.to_string());
        seeded(&folder, *rows, options.keep).await?;
        sizes.push(works::measure(options, &folder, *rows, &commits).await?);
    }
    report::growth(&sizes);
    if let Some(rows) = options.rows.last() {
        plans(&options.work.join(rows.to_string())).await?;
    }
    Ok(())
}

/// Publications beside the orders.
const BESIDE: u32 = 20_000;

async fn many_orders(options: &Options) -> Outcome<()> {
    for orders in &options.orders {
        let folder = options.work.join(format!("orders-{orders}"));
        let there = options.keep && folder.join("irs.db").exists();
        seeded(&folder, BESIDE, options.keep).await?;
        if !there {
            eprintln!("writing {orders} orders …");
            let engine = engine(&folder, true).await?;
            let written = engine::bench::seed_orders(&engine, *orders, told).await;
            written.map_err(|e| format!("the orders could not be written: {e}"))?;
            engine.close().await;
        }
        report::orders(&orders::measure(options, &folder, *orders).await?);
    }
    Ok(())
}

/// Says now and then how far the writing is.
fn told(n: u32) {
    if n.is_multiple_of(50_000) {
        eprintln!("  {n}");
    }
}

/// A demo's database with so many publications.
async fn seeded(folder: &Path, rows: u32, keep: bool) -> Outcome<()> {
    if keep && folder.join("irs.db").exists() {
        return Ok(());
    }
    // Only a folder that this wrote before is emptied.
    if folder.join("irs.db").exists() {
        std::fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    eprintln!("writing {rows} publications …");
    let engine = engine(folder, true).await?;
    engine::bench::seed(&engine, rows, told).await.map_err(|e| format!("the data could not be written: {e}"))?;
    engine.close().await;
    Ok(())
}

async fn engine(folder: &Path, demo: bool) -> Outcome<Engine> {
    let database = folder.join("irs.db");
    let db = Database::open(&database.to_string_lossy()).await.map_err(|e| format!("{}: {e}", database.display()))?;
    let files = Files::local(&folder.join("files")).map_err(|e| format!("{}: {e}", folder.display()))?;
    Engine::open(db, files, Clock::System, Entropy::System, demo).await.map_err(|e| e.to_string())
}

async fn plans(folder: &Path) -> Outcome<()> {
    let engine = engine(folder, true).await?;
    let plans = engine::bench::plans(&engine).await.map_err(|e| format!("no plans: {e}"))?;
    engine.close().await;
    report::plans(&plans);
    Ok(())
}
