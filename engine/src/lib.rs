//! Everything with I/O behind the rules: the store, identity, audit, files. Server only.
//!
//! One door: a caller makes a [`Ctx`], calls a function of a noun's module with it, and gets what the person may see, or an
//! [`Error`] that the person can act on. It must never know HTTP or Leptos. Start reading at [`Engine`].

pub mod application_system;
pub mod audit;
pub mod child;
mod clock;
mod ctx;
mod demo;
mod entropy;
mod error;
mod files;
pub mod hosting;
pub mod icon;
pub mod identity;
pub mod pipeline;
pub mod publication;
mod reach;
mod store;
pub mod upload;
pub mod version;
mod workshop;
#[cfg(test)]
mod world;

pub use clock::Clock;
pub use ctx::{Ctx, SignedIn};
pub use entropy::Entropy;
pub use error::{Error, Result};
pub use files::{ByteStream, Files, FilesError};
pub use store::{Database, StoreError};
pub use workshop::{Apps, BuildLimits, MB, Workshop};

use identity::hashing::Hashing;
use identity::session::SessionCache;
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
    started_at: domain::UtcMillis,
    demo: bool,
    workshop: Workshop,
    hosting: hosting::Hosting,
    /// Whose leases on jobs are ours.
    holder: uuid::Uuid,
    /// Nudged when there is a job.
    jobs: tokio::sync::Notify,
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

    /// The same, with the settings of uploading, building and hosting.
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
        let (hosting, jobs) = (hosting::Hosting::new(), tokio::sync::Notify::new());
        let holder = entropy.id(started_at);
        let inner =
            Inner { db, files, clock, entropy, hashing, sessions, started_at, demo, workshop, hosting, holder, jobs };
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

    /// The time, as all of the engine sees it.
    pub fn now(&self) -> domain::UtcMillis {
        self.inner.clock.now()
    }

    /// Finishes what is being written and closes the database.
    pub async fn close(&self) {
        self.inner.db.close().await;
    }

    /// The settings of uploading, building and hosting.
    pub fn workshop(&self) -> &Workshop {
        &self.inner.workshop
    }

    pub(crate) fn hosting(&self) -> &hosting::Hosting {
        &self.inner.hosting
    }

    pub(crate) fn holder(&self) -> uuid::Uuid {
        self.inner.holder
    }

    /// There is a job: a worker that waits looks at once.
    pub(crate) fn wake_workers(&self) {
        self.inner.jobs.notify_one();
    }

    /// Passes with the next nudge, or after this.
    pub(crate) async fn wait_for_work(&self, at_most: std::time::Duration) {
        let _ = tokio::time::timeout(at_most, self.inner.jobs.notified()).await;
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
