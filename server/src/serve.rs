//! Listening, serving, stopping.

use crate::connection::{self, Patience};
use crate::metrics::Metrics;
use crate::settings::Settings;
use crate::tls::{Tls, TlsError, hangups, pass_over_hangups};
use crate::{proxies, router, site};
use domain::view::doctor::Sweep;
use engine::Engine;
use engine::identity::{attempt, first_start, session, sign_in};
use engine::leader::{self, Job};
use engine::{backup, doctor, health, hosting, live, outbox, pipeline, rollout, upload};
use std::fs::File;
use std::net::SocketAddr;
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// How often what is over is removed: sessions, unfinished uploads, previews, messages that were sent.
const SWEEP_EVERY: Duration = Duration::from_secs(10 * 60);

/// What runs has so long to finish after the stop was asked for.
const STOP_WITHIN: Duration = Duration::from_secs(20);

/// What is being sent has so long after all else has ended: a mail server's patience, and a moment to note it.
const SEND_WITHIN: Duration = Duration::from_secs(32);

/// A daily backup that was cut off lets go of its folder in this time, unless the disk hangs.
const LET_GO_WITHIN: Duration = Duration::from_secs(2);

/// Why the server did not start or did not go on. Each is one sentence with the remedy.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No front end.
    #[error(transparent)]
    Site(#[from] site::NoSite),
    /// The address can't be had.
    #[error("cannot listen on {address}: {cause}. Stop what uses it, or choose another with {setting}")]
    Listen {
        /// As set.
        address: SocketAddr,
        /// Its flag.
        setting: &'static str,
        /// What the system said.
        cause: std::io::Error,
    },
    /// TLS was asked for, and can't be had.
    #[error("{0}")]
    Tls(#[from] TlsError),
    /// The network failed while serving.
    #[error("serving ended: {0}")]
    Serve(#[from] std::io::Error),
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] engine::Error),
}

/// Takes the address, before anything else is begun.
pub(crate) async fn bind(address: SocketAddr, setting: &'static str) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).await.map_err(|cause| ServeError::Listen { address, setting, cause })
}

/// What is had before anything else is begun.
pub(crate) struct Doors {
    pub(crate) people: TcpListener,
    pub(crate) operators: Option<TcpListener>,
    pub(crate) tls: Option<Tls>,
}

/// Serves until SIGTERM or Ctrl-C, then finishes what runs.
pub(crate) async fn run(settings: &Settings, doors: Doors, engine: Engine) -> Result<(), ServeError> {
    pipeline::settle(engine.workshop());
    let Doors { people: listener, operators: watched, tls } = doors;
    let options = site::options(&settings.site)?;
    let metrics = Metrics::new(engine.clone());
    let app = metrics.around(router::router(options, engine.clone()));
    let app = proxies::around(app, settings.network.trusted());
    let address = listener.local_addr()?;
    if settings.public().is_some() && tls.is_none() && settings.network.trusted().is_empty() {
        tracing::warn!(
            "people come through a proxy (--public-url), but --trusted-proxies is not set: all of them have its address, and wrong \
             passwords of one keep out all"
        );
    }
    tracing::info!(%address, demo = engine.is_demo(), "listening");
    warn_of_missing_walls(&engine);
    let renewals = match tls.clone() {
        Some(tls) => tokio::spawn(tls.keep_fresh(hangups())),
        None => tokio::spawn(pass_over_hangups(hangups())),
    };
    if let Some(listener) = &watched {
        println!("  metrics: http://{}/metrics", listener.local_addr()?);
    }
    greet(&engine, address, tls.is_some()).await?;
    pipeline::take_up(&engine).await?;
    let sweeper = tokio::spawn(sweep(engine.clone()));
    let reports = tokio::spawn(hosting::keep_reports(engine.clone()));
    let (workers, stop_work) = start_workers(&engine);
    let prober = tokio::spawn(health::work(engine.clone()));
    let planner = tokio::spawn(rollout::work(engine.clone()));
    let archivist = tokio::spawn(backup::daily(engine.clone()));
    let follower = tokio::spawn(live::follow(engine.clone()));
    let mut senders = tokio::spawn(outbox::work(engine.clone()));
    let operators = watched.map(|listener| {
        let forever = std::future::pending();
        tokio::spawn(connection::serve(listener, metrics.routes(), None, Patience::default(), forever))
    });
    let (asked, was_asked) = oneshot::channel();
    let hanging_up = engine.clone();
    let stop = async move {
        stop_asked().await;
        // First the streams: they would never end by themselves.
        hanging_up.hang_up();
        outbox::stop(&hanging_up);
        let _ = stop_work.send(());
        let _ = asked.send(());
    };
    let serving = connection::serve(listener, app, tls, Patience::default(), stop);
    tokio::select! {
        () = serving => {}
        () = deadline(was_asked) => tracing::warn!("some connections did not end in time and were cut off"),
    }
    operators.into_iter().chain([renewals]).for_each(|task| task.abort());
    sweeper.abort();
    reports.abort();
    prober.abort();
    planner.abort();
    archivist.abort();
    follower.abort();
    let _ = workers.await;
    // A message on its way is waited for: cut off, it would be sent twice.
    if tokio::time::timeout(SEND_WITHIN, &mut senders).await.is_err() {
        tracing::warn!("a message was on its way and is sent again at the next start");
        senders.abort();
        let _ = senders.await;
    }
    // The daily backup lets go of its folder before another process leads it; a disk that hangs holds up nothing else.
    let _ = tokio::time::timeout(LET_GO_WITHIN, archivist).await;
    if let Err(error) = leader::give_back(&engine).await {
        tracing::warn!(error = %error, "another process leads the periodic jobs when the leases end");
    }
    if let Err(error) = hosting::write_reports(&engine).await {
        tracing::warn!(error = %error, "what browsers refused lately could not be written");
    }
    engine.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// Builds until SIGTERM or Ctrl-C; what it is at then is taken up by another process, at once.
pub(crate) async fn build(engine: Engine) -> Result<(), ServeError> {
    pipeline::settle(engine.workshop());
    tracing::info!(builds = engine.workshop().builds, "building for the servers of this database");
    warn_of_missing_walls(&engine);
    pipeline::take_up(&engine).await?;
    let (workers, stop_work) = start_workers(&engine);
    let sweeper = tokio::spawn(sweep_builds(engine.clone()));
    stop_asked().await;
    sweeper.abort();
    let _ = stop_work.send(());
    let _ = workers.await;
    engine.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// They check and build until they are told to stop; what they are at then is another process's at once.
fn start_workers(engine: &Engine) -> (JoinHandle<()>, oneshot::Sender<()>) {
    let (stop, stopped) = oneshot::channel();
    let until_stopped = async move {
        let _ = stopped.await;
    };
    (tokio::spawn(pipeline::work(engine.clone(), until_stopped)), stop)
}

fn warn_of_missing_walls(engine: &Engine) {
    if engine.workshop().unsandboxed {
        tracing::warn!(
            "--allow-unsandboxed-builds is set: where bubblewrap cannot be used, what strangers wrote is built on this machine \
             without a sandbox"
        );
    }
}

/// Tells the person at the terminal where to look, and as whom.
async fn greet(engine: &Engine, address: SocketAddr, tls: bool) -> Result<(), ServeError> {
    for person in sign_in::demo_people(engine).await? {
        let of = person.department.unwrap_or_default();
        println!("  {:12} {}  {} {of}", person.account, person.name, domain::words::role(person.role));
    }
    if engine.is_demo() {
        println!("  password of all of them: {} (or one click on the sign-in page)", sign_in::demo_password());
    }
    if goes_to_the_journal() {
        // The link that was printed last stays good.
        if first_start::is_awaited(engine).await? {
            println!("  nobody is here yet: `server init` prints the link of the first start");
        }
    } else if let Some(link) = first_start::link(engine).await? {
        println!("  nobody is here yet: name the three administrators within 30 minutes, at {link}");
        println!("  (`server init` prints another link)");
    }
    // A browser takes a Secure cookie over plain http from this name.
    let host = if address.ip().is_loopback() { "localhost".to_owned() } else { address.ip().to_string() };
    println!("{}://{host}:{}", if tls { "https" } else { "http" }, address.port());
    Ok(())
}

/// Whether what is printed goes to systemd's journal (`JOURNAL_STREAM`: its device and inode), which more people read than a terminal.
fn goes_to_the_journal() -> bool {
    let printed = std::io::stdout().as_fd().try_clone_to_owned().map(File::from).and_then(|out| out.metadata());
    let journal = std::env::var_os("JOURNAL_STREAM").unwrap_or_default();
    printed.is_ok_and(|printed| journal.to_str() == Some(format!("{}:{}", printed.dev(), printed.ino()).as_str()))
}

/// Passes when what runs had its time to finish after the stop, or when a second Ctrl-C comes.
async fn deadline(was_asked: oneshot::Receiver<()>) {
    if was_asked.await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::select! {
        () = tokio::time::sleep(STOP_WITHIN) => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// What one process does for all of its database, and what each does for its own machine.
async fn sweep(engine: Engine) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    loop {
        tick.tick().await;
        log(Job::Sessions, leader::led(&engine, Job::Sessions, SWEEP_EVERY, sweep_sessions).await);
        log(Job::Uploads, leader::led(&engine, Job::Uploads, SWEEP_EVERY, upload::sweep).await);
        log(Job::Messages, leader::led(&engine, Job::Messages, SWEEP_EVERY, outbox::sweep).await);
        log(Job::Previews, leader::led(&engine, Job::Previews, SWEEP_EVERY, pipeline::sweep_previews).await);
        sweep_own(&engine).await;
    }
}

/// Sessions that are over, and failed sign-ins that count no more; and what was counted of requests that were refused is told. One that
/// fails stops no other.
async fn sweep_sessions(engine: &Engine) -> engine::Result<()> {
    let told = engine::audit::close_windows(engine).await.map(|_| ());
    let forgotten = attempt::sweep(engine).await.map(|_| ());
    let swept = session::sweep(engine).await.map(|_| ());
    let (first, others) = parted([told, forgotten, swept]);
    for error in others {
        log::<()>(Job::Sessions, Err(error));
    }
    first
}

/// What failed first, for whoever asked and logs it, and what failed besides.
fn parted(came: impl IntoIterator<Item = engine::Result<()>>) -> (engine::Result<()>, Vec<engine::Error>) {
    let mut failed = came.into_iter().filter_map(Result::err);
    let first = failed.next().map_or(Ok(()), Err);
    (first, failed.collect())
}

async fn sweep_builds(engine: Engine) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    loop {
        tick.tick().await;
        sweep_own(&engine).await;
    }
}

async fn sweep_own(engine: &Engine) {
    let swept = pipeline::sweep(engine).await;
    doctor::swept(engine, Sweep::Builds, swept.is_ok());
    log(Sweep::Builds, swept);
}

fn log<T: std::fmt::Debug>(what: impl std::fmt::Debug, came: engine::Result<T>) {
    match came {
        Ok(came) => tracing::debug!(?came, ?what, "swept"),
        Err(error) => tracing::error!(error = %error, ?what, "what is over could not be swept"),
    }
}

async fn stop_asked() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

#[cfg(test)]
mod tests {
    use super::parted;
    use engine::Error;

    #[test]
    fn of_what_fails_together_nothing_is_dropped() {
        let (first, others) = parted([Err(Error::Busy), Ok(()), Err(Error::NotFound)]);
        assert!(matches!(first, Err(Error::Busy)));
        assert!(matches!(others.as_slice(), [Error::NotFound]));
        let (first, others) = parted([Ok(()), Ok(()), Err(Error::NotFound)]);
        assert!(matches!(first, Err(Error::NotFound)) && others.is_empty());
        assert!(matches!(parted([Ok(()), Ok(())]), (Ok(()), _)));
    }
}
