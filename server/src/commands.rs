//! The subcommands.

use crate::serve::{self, Doors, ServeError};
use crate::settings::{AuditCommand, Command, Settings, WrongSetting};
use crate::tls::Tls;
use domain::view::audit::Anchor;
use engine::audit::{self, Unfit};
use engine::backup::{self, BackupError, Manifest};
use engine::doctor::{self, Site};
use engine::identity::first_start;
use engine::{Bucket, Clock, Database, Engine, Entropy, Files, FilesError, Workshop};
use std::path::Path;
use thiserror::Error;

/// Why a command did not do its work: one sentence with the remedy.
#[derive(Debug, Error)]
pub enum CommandError {
    /// Serving failed.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The engine did not open.
    #[error("{0}")]
    Engine(#[from] engine::Error),
    /// The database can't be opened or migrated.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] engine::StoreError),
    /// The folder of files, or the bucket, can't be used.
    #[error("{0} cannot be used: {1}")]
    Files(&'static str, FilesError),
    /// Children can't be started.
    #[error("the path of this program is not known: {0}")]
    Program(std::io::Error),
    /// A setting is wrong.
    #[error("{0}")]
    Setting(#[from] WrongSetting),
    /// A second process beside the embedded database.
    #[error(
        "build-worker shares the database with servers: set DATABASE_URL=postgres://… (the embedded one is one process's own)"
    )]
    Alone,
    /// `--demo` with `init`.
    #[error("a demo has its administrators: leave --demo out")]
    Demo,
    /// There are administrators.
    #[error(
        "the first start is over, and no administrator waits for a link. With --account NAME one of them gets a new one"
    )]
    Started,
    /// The audit log was touched.
    #[error("the audit log does not fit from row {0} on: it was changed outside the product")]
    AuditBroken(i64),
    /// The audit log was cut short, or made anew from some row on.
    #[error(
        "the audit log lacks what {0} anchors say, each of them above: rows were taken away or made anew outside the product"
    )]
    AnchorsUnfit(usize),
    /// An event was hidden from the auditors.
    #[error(
        "row {0} of the audit log is kept from the auditors, and no auditor did it: it was hidden outside the product, the security administrator sees it"
    )]
    AuditHidden(i64),
    /// There is no backup, or no restore.
    #[error("{0}")]
    Backup(#[from] BackupError),
    /// There is one, but the site itself lacks something.
    #[error(
        "the backup was made, but {0} files are damaged or missing at the site itself, and an older backup may have them"
    )]
    BackupLacks(u64),
    /// A restore broke off.
    #[error(
        "a restore into this place did not come to its end: run `server restore` once more, or empty the folder of files"
    )]
    Unfinished,
    /// The doctor found something.
    #[error("found wrong: {0}, each with its remedy above")]
    Unwell(usize),
}

/// Does what the settings say.
///
/// # Errors
/// See [`CommandError`].
pub async fn run(settings: &Settings) -> Result<(), CommandError> {
    match settings.command.as_ref().unwrap_or(&Command::Serve) {
        Command::Serve => {
            let people = serve::bind(settings.listen, "--listen").await?;
            let operators = match settings.network.metrics_listen {
                Some(address) => Some(serve::bind(address, "--metrics-listen").await?),
                None => None,
            };
            let tls = settings.network.tls()?.map(Tls::open).transpose().map_err(ServeError::from)?;
            // A port that the system chose is part of the addresses of applications.
            let listen = people.local_addr().map_err(ServeError::Serve)?;
            let settings = Settings { listen, ..settings.clone() };
            let doors = Doors { people, operators, tls };
            Ok(serve::run(&settings, doors, open(&settings).await?).await?)
        }
        Command::BuildWorker if !settings.shares_its_database() => Err(CommandError::Alone),
        Command::BuildWorker => Ok(serve::build(open(settings).await?).await?),
        Command::Init { account } => init(settings, account.as_deref()).await,
        Command::Migrate => migrate(settings).await,
        Command::Audit { what: AuditCommand::Verify { anchors } } => audit_verify(settings, anchors).await,
        Command::Backup { folder } => back_up(settings, folder).await,
        Command::Restore { folder } => restore(settings, folder).await,
        Command::Doctor => examine(settings).await,
    }
}

/// How this site works, as it is set.
fn workshop(settings: &Settings) -> Result<Workshop, CommandError> {
    let dingtalk = settings.outside.dingtalk(&Clock::System, &Entropy::System)?;
    let carriers = settings.notices.carriers()?.with_dingtalk(dingtalk.as_ref());
    let oidc = settings.oidc.provider()?;
    Ok(Workshop { carriers, dingtalk, oidc, ..settings.workshop().map_err(CommandError::Program)? })
}

async fn open(settings: &Settings) -> Result<Engine, CommandError> {
    let workshop = workshop(settings)?;
    // Also where database and files are elsewhere: builds work in it.
    std::fs::create_dir_all(&settings.data).map_err(|error| CommandError::Files("the data folder", error.into()))?;
    let bucket = settings.bucket.bucket()?;
    let far = bucket.is_some();
    let files = files(settings, bucket).await?;
    // Before a database is made there: the restore begins again only where there is none.
    match files.is_unfinished().await {
        Ok(false) => {}
        Ok(true) => return Err(CommandError::Unfinished),
        // What needs no files works without them.
        Err(error) if far => tracing::warn!(error = %error, "the object store does not answer"),
        Err(error) => return Err(CommandError::Files("the data folder", error)),
    }
    let db = Database::open(&settings.database()).await?;
    Ok(Engine::open_with(db, files, Clock::System, Entropy::System, settings.demo, workshop).await?)
}

async fn init(settings: &Settings, account: Option<&str>) -> Result<(), CommandError> {
    if settings.demo {
        return Err(CommandError::Demo);
    }
    let engine = open(settings).await?;
    let said = links(&engine, account).await;
    engine.close().await;
    let said = said?;
    if said.is_empty() {
        return Err(CommandError::Started);
    }
    said.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// What `init` says.
async fn links(engine: &Engine, account: Option<&str>) -> Result<Vec<String>, CommandError> {
    if let Some(link) = first_start::link(engine).await? {
        return Ok(vec![format!("open this within 30 minutes, once: {link}")]);
    }
    let links = first_start::new_links(engine, account).await?;
    Ok(links.into_iter().map(|(account, link)| format!("for {account}, within 24 hours, once: {link}")).collect())
}

async fn files(settings: &Settings, bucket: Option<Bucket<'_>>) -> Result<Files, CommandError> {
    let Some(bucket) = bucket else {
        let folder = settings.data.join("files");
        return Files::local(&folder).map_err(|error| CommandError::Files("the data folder", error));
    };
    let failed = |error| CommandError::Files("the object store", error);
    let files = Files::bucket(&bucket).map_err(failed)?;
    files.try_out().await.map_err(failed)?;
    Ok(files)
}

async fn migrate(settings: &Settings) -> Result<(), CommandError> {
    Database::open(&settings.database()).await?.close().await;
    println!("the database has this version's schema");
    Ok(())
}

async fn audit_verify(settings: &Settings, anchors: &[Anchor]) -> Result<(), CommandError> {
    let db = Database::open_as_it_is(&settings.database()).await?;
    let verified = audit::verify(&db).await?;
    let unfit = audit::unfit(&db, anchors).await?;
    let hidden = audit::hidden(&db).await?;
    let anchor = audit::newest_anchor(&db, Clock::System.now()).await?;
    db.close().await;
    // Also of a broken chain: they say from which day on it can't be trusted.
    for (anchor, why) in &unfit {
        let why = match why {
            Unfit::Missing => "the audit log has no such row",
            Unfit::Different => "its row has another hash",
        };
        eprintln!("an anchor does not fit, {why}: {}", anchor.line());
    }
    if let Some(row) = verified.broken {
        return Err(CommandError::AuditBroken(row));
    }
    if !unfit.is_empty() {
        return Err(CommandError::AnchorsUnfit(unfit.len()));
    }
    if let Some(row) = hidden {
        return Err(CommandError::AuditHidden(row));
    }
    println!("the audit log is whole: {} rows, the last has the hash {}", verified.rows, verified.hash);
    if !anchors.is_empty() {
        println!("anchors that fit: {}", anchors.len());
    }
    // As the page gives it out, to be signed: alone on its line.
    if let Some(anchor) = anchor {
        println!("{}", anchor.line());
    }
    Ok(())
}

async fn back_up(settings: &Settings, folder: &Path) -> Result<(), CommandError> {
    let files = files(settings, settings.bucket.bucket()?).await?;
    let made = Box::pin(backup::make(&settings.database(), &files, &Clock::System, folder)).await?;
    println!("{} holds {}", folder.display(), said(&made));
    lacks(&made);
    match made.damaged.len() as u64 + made.missing {
        0 => Ok(()),
        many => Err(CommandError::BackupLacks(many)),
    }
}

async fn restore(settings: &Settings, folder: &Path) -> Result<(), CommandError> {
    let files = files(settings, settings.bucket.bucket()?).await?;
    let restored = Box::pin(backup::restore::restore(folder, &settings.database(), &files, &Clock::System)).await?;
    println!("this place has now {}", said(&restored.manifest));
    lacks(&restored.manifest);
    for (what, many) in restored.ended.iter().filter(|(_, many)| *many > 0) {
        println!("not brought back to life: {many} {what}");
    }
    println!("accounts, roles and passwords are as they were then: look through what was changed since");
    Ok(())
}

fn said(manifest: &Manifest) -> String {
    let (files, bytes) = manifest.files();
    let (rows, event) = (manifest.rows(), manifest.audit_event());
    let at = domain::UtcMillis(manifest.made_at).rfc3339();
    format!(
        "{rows} rows up to audit event {event}, {files} files, {bytes} bytes, of {at}, version {}",
        manifest.version
    )
}

fn lacks(manifest: &Manifest) {
    for file in &manifest.damaged {
        eprintln!("damaged at the site itself, and left out: {file}");
    }
    for file in &manifest.first_missing {
        eprintln!("a row names it, and the site has it not: {file}");
    }
}

async fn examine(settings: &Settings) -> Result<(), CommandError> {
    let workshop = workshop(settings)?;
    let bucket = settings.bucket.bucket()?.map(|bucket| Files::bucket(&bucket)).transpose();
    let bucket = bucket.map_err(|error| CommandError::Files("the object store", error))?;
    let site = Site {
        data: settings.data.clone(),
        database: settings.database(),
        bucket,
        public_url: settings.public().map(str::to_owned),
        demo: settings.demo,
        workshop,
        clock: Clock::System,
        entropy: Entropy::System,
    };
    let found = doctor::examine(&site).await;
    for diagnosis in &found {
        println!("{diagnosis}");
    }
    match found.iter().filter(|diagnosis| diagnosis.verdict.is_wrong()).count() {
        0 => Ok(()),
        wrong => Err(CommandError::Unwell(wrong)),
    }
}
