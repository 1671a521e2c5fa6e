//! Everything with I/O behind the rules: the store, identity, audit, files. Server only.
//!
//! One door: a caller makes a [`Ctx`], calls a function of a noun's module with it, and gets what the person may see, or an
//! [`Error`] that the person can act on. It must never know HTTP or Leptos. Start reading at [`Engine`].

mod access;
pub mod account;
pub mod api_token;
pub mod application_system;
pub mod attachment;
pub mod audit;
pub mod backup;
#[cfg(feature = "bench")]
pub mod bench;
pub mod child;
mod clock;
mod ctx;
pub mod dashboard;
mod demo;
pub mod department;
pub mod developer;
pub mod directory;
pub mod doctor;
mod entropy;
mod error;
pub mod export;
mod files;
pub mod further_channel;
pub mod health;
pub mod home;
pub mod hosting;
pub mod icon;
pub mod identity;
pub mod import;
pub mod inbox;
mod kept;
mod keyset;
pub mod leader;
pub mod limit;
pub mod live;
pub mod metrics;
mod numbered;
pub mod outbox;
pub mod outside;
pub mod pipeline;
mod place;
pub mod publication;
mod record;
mod refused_form;
pub mod role;
pub mod rollout;
pub mod routing;
pub mod rule;
pub mod search;
pub mod setting;
pub mod stock;
mod store;
pub mod system_host;
pub mod upload;
pub mod version;
pub mod work_order;
mod workshop;
#[cfg(test)]
mod world;

pub use clock::Clock;
pub use ctx::{Ctx, SignedIn};
pub use entropy::Entropy;
pub use error::{Error, Result};
pub use files::{Bucket, BucketError, ByteStream, Files, FilesError};
pub use outbox::{CarrierError, Carriers};
pub use place::{DailyBackup, Place};
pub use store::{Database, StoreError};
pub use workshop::{Apps, BuildLimits, MB, PackageLimits, Workshop};

use identity::hashing::Hashing;
use identity::session::SessionCache;
use live::{Happened, Hub};
use std::sync::Arc;

/// The running engine: what all requests share. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    files: Files,
    clock: Clock,
    entropy: Entropy,
    hashing: Hashing,
    sessions: SessionCache,
    counted: audit::Counted,
    started_at: domain::UtcMillis,
    live: Hub,
    demo: bool,
    workshop: Workshop,
    hosting: hosting::Hosting,
    kept: kept::Kept,
    days: dashboard::Days,
    arrivals: upload::Arrivals,
    tally: metrics::Tally,
    rounds: doctor::Rounds,
    backups: backup::Works,
    /// The leases on jobs that are ours: each run of a job holds it under an id of its own.
    holders: std::sync::Mutex<std::collections::BTreeSet<uuid::Uuid>>,
    /// The id of this process among those of the database, once it was asked for.
    process: std::sync::OnceLock<uuid::Uuid>,
    /// Nudged when there is a job.
    jobs: tokio::sync::Notify,
    /// Rung when there may be something to send.
    bell: outbox::Bell,
    #[cfg(test)]
    faults: std::sync::atomic::AtomicI64,
}

impl Engine {
    /// Opens the engine on a database that has been migrated. With `demo`, seeds demo data (once) and allows the
    /// one-click sign-in.
    ///
    /// # Errors
    /// [`Error::OtherInstallation`] when `demo` is asked of a database that was initialised for real; a failure of the store.
    pub async fn open(db: Database, files: Files, clock: Clock, entropy: Entropy, demo: bool) -> Result<Self> {
        Self::open_with(db, files, clock, entropy, demo, Workshop::default()).await
    }

    /// The same, with the settings of uploading, building, hosting and telling.
    ///
    /// # Errors
    /// See [`Self::open`].
    pub async fn open_with(
        db: Database,
        files: Files,
        clock: Clock,
        entropy: Entropy,
        demo: bool,
        workshop: Workshop,
    ) -> Result<Self> {
        let (hashing, sessions, started_at) = (Hashing::new(), SessionCache::new(), clock.now());
        let newest = store::audit_event::newest(&mut db.reader().await?).await?;
        let inner = Inner {
            db,
            files,
            holders: std::sync::Mutex::default(),
            tally: metrics::Tally::default(),
            rounds: doctor::Rounds::default(),
            backups: backup::Works::default(),
            clock,
            entropy,
            hashing,
            sessions,
            counted: audit::Counted::new(),
            started_at,
            live: Hub::new(newest),
            demo,
            workshop,
            hosting: hosting::Hosting::new(),
            kept: kept::Kept::new(),
            days: dashboard::Days::default(),
            arrivals: upload::Arrivals::default(),
            process: std::sync::OnceLock::new(),
            jobs: tokio::sync::Notify::new(),
            bell: outbox::Bell::default(),
            #[cfg(test)]
            faults: std::sync::atomic::AtomicI64::new(-1),
        };
        let engine = Self { inner: Arc::new(inner) };
        demo::prepare(&engine).await?;
        Ok(engine)
    }

    /// Whether this is a demo: one-click sign-in, and a strip on every page that says so.
    pub fn is_demo(&self) -> bool {
        self.inner.demo
    }

    /// When this process opened it.
    pub fn started_at(&self) -> domain::UtcMillis {
        self.inner.started_at
    }

    /// A form's idempotency key, for whoever brings none.
    pub fn new_key(&self) -> uuid::Uuid {
        self.entropy().id(self.now())
    }

    /// The time, as all of the engine sees it.
    pub fn now(&self) -> domain::UtcMillis {
        self.inner.clock.now()
    }

    /// Finishes what is being written and closes the database.
    pub async fn close(&self) {
        self.inner.db.close().await;
    }

    /// The number of the newest change that was told: what is read after this call shows it, and all before it.
    pub fn heard(&self) -> i64 {
        self.inner.live.newest()
    }

    /// Ends the streams of all listeners, before the server stops.
    pub fn hang_up(&self) {
        self.inner.live.hang_up();
    }

    /// Whether [`Self::hang_up`] was called.
    pub fn is_stopping(&self) -> bool {
        self.inner.live.is_over()
    }

    pub(crate) fn counted(&self) -> &audit::Counted {
        &self.inner.counted
    }

    pub(crate) fn live(&self) -> &Hub {
        &self.inner.live
    }

    /// Tells the listeners; only after the commit.
    pub(crate) fn tell(&self, happened: Happened) {
        self.hear(happened);
        self.bell().ring();
    }

    /// The same, of what another process may have done, which also sends what is to be sent.
    fn hear(&self, happened: Happened) {
        if happened.switched {
            hosting::switched(self, happened.publication);
        }
        self.inner.live.tell(happened);
    }

    pub(crate) fn bell(&self) -> &outbox::Bell {
        &self.inner.bell
    }

    /// The settings of uploading, building, hosting and telling.
    pub fn workshop(&self) -> &Workshop {
        &self.inner.workshop
    }

    pub(crate) fn hosting(&self) -> &hosting::Hosting {
        &self.inner.hosting
    }

    pub(crate) fn tally(&self) -> &metrics::Tally {
        &self.inner.tally
    }

    pub(crate) fn rounds(&self) -> &doctor::Rounds {
        &self.inner.rounds
    }

    pub(crate) fn backups(&self) -> &backup::Works {
        &self.inner.backups
    }

    pub(crate) fn arrivals(&self) -> &upload::Arrivals {
        &self.inner.arrivals
    }

    pub(crate) fn days(&self) -> &dashboard::Days {
        &self.inner.days
    }

    pub(crate) fn kept(&self) -> &kept::Kept {
        &self.inner.kept
    }

    pub(crate) fn holders(&self) -> std::sync::MutexGuard<'_, std::collections::BTreeSet<uuid::Uuid>> {
        self.inner.holders.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What this process is called among those of the database.
    pub(crate) fn process(&self) -> uuid::Uuid {
        *self.inner.process.get_or_init(|| self.entropy().id(self.now()))
    }

    /// There is a job: a worker that waits looks at once.
    pub(crate) fn wake_workers(&self) {
        self.inner.jobs.notify_one();
    }

    /// Passes with the next nudge, or after this.
    pub(crate) async fn wait_for_work(&self, at_most: std::time::Duration) {
        let _ = tokio::time::timeout(at_most, self.inner.jobs.notified()).await;
    }

    /// A place inside a transaction where a test lets the store fail: what was written before must not stay.
    #[cfg(not(test))]
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "a test's engine can fail here")]
    pub(crate) fn may_fail(&self) -> store::StoreResult<()> {
        Ok(())
    }

    /// Fails at the place that [`Self::fail_at`] chose.
    #[cfg(test)]
    pub(crate) fn may_fail(&self) -> store::StoreResult<()> {
        use std::sync::atomic::Ordering;
        if self.inner.faults.fetch_sub(1, Ordering::SeqCst) == 0 { Err(StoreError::Closed) } else { Ok(()) }
    }

    /// The next change fails at this place, counted from 0; once.
    #[cfg(test)]
    pub(crate) fn fail_at(&self, place: i64) {
        self.inner.faults.store(place, std::sync::atomic::Ordering::SeqCst);
    }

    pub(crate) fn db(&self) -> &Database {
        &self.inner.db
    }

    pub(crate) fn files(&self) -> &Files {
        &self.inner.files
    }

    pub(crate) fn entropy(&self) -> &Entropy {
        &self.inner.entropy
    }

    pub(crate) fn hashing(&self) -> &Hashing {
        &self.inner.hashing
    }

    pub(crate) fn sessions(&self) -> &SessionCache {
        &self.inner.sessions
    }
}
