//! The one writer of SQLite: a task with a queue that commits waiting changes in groups (design.md, Data).
//!
//! While one group is on its way to the disk, the next one gathers; nobody waits for a lock. If one change of a group fails, the
//! group is rolled back and its changes are done one by one, so that a failure touches nobody else.

use super::db::{Conn, Work};
use super::error::{StoreError, StoreResult};
use super::waiting::{SqliteWriter, later};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Changes in one commit, at most.
const GROUP: usize = 64;

/// Changes that may wait; further callers wait for a place.
const QUEUE: usize = 1024;

/// The door of the writer.
pub(crate) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Change>>>,
    task: tokio::sync::Mutex<Option<JoinHandle<()>>>,
    changes: Arc<AtomicU64>,
}

/// What a change does. It may run more than once.
type Run = Box<dyn for<'c> Fn(&'c mut Conn) -> Work<'c, ()> + Send + Sync>;

/// One waiting change.
struct Change {
    run: Run,
    done: oneshot::Sender<StoreResult<()>>,
}

impl Writer {
    /// Starts the task. It owns the connection.
    pub(crate) fn start(connection: SqliteConnection) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let changes = Arc::new(AtomicU64::new(0));
        let conn = Conn::SqliteWriter(Box::new(SqliteWriter::new(connection)));
        let task = tokio::spawn(serve(conn, waiting, Arc::clone(&changes)));
        Self { queue: Mutex::new(Some(queue)), task: tokio::sync::Mutex::new(Some(task)), changes }
    }

    /// How many groups were written, or tried to be; moved on before anybody of the group is answered.
    pub(crate) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// How many changes wait.
    pub(crate) fn waiting(&self) -> u32 {
        let queue = lock(&self.queue);
        queue.as_ref().map_or(0, |queue| u32::try_from(QUEUE - queue.capacity()).unwrap_or(u32::MAX))
    }

    /// Queues a change and waits until it is on the disk.
    pub(crate) async fn write<T, F>(&self, work: F) -> StoreResult<T>
    where
        F: for<'c> Fn(&'c mut Conn) -> Work<'c, T> + Send + Sync + 'static,
        T: Send + 'static,
    {
        let slot = Arc::new(Mutex::new(None));
        let filled = Arc::clone(&slot);
        let run = as_run(move |conn| {
            let filled = Arc::clone(&filled);
            let value = work(conn);
            Box::pin(async move {
                let value = value.await?;
                *lock(&filled) = Some(value);
                Ok(())
            })
        });
        let (done, answer) = oneshot::channel();
        let queue = lock(&self.queue).clone().ok_or(StoreError::Closed)?;
        queue.send(Change { run, done }).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)??;
        lock(&slot).take().ok_or(StoreError::Closed)
    }

    /// Takes no more changes, waits for those that wait, and closes the connection.
    pub(crate) async fn close(&self) {
        drop(lock(&self.queue).take());
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

/// Tells the compiler that a closure takes a connection of any lifetime.
fn as_run(run: impl for<'c> Fn(&'c mut Conn) -> Work<'c, ()> + Send + Sync + 'static) -> Run {
    Box::new(run)
}

async fn serve(mut conn: Conn, mut waiting: mpsc::Receiver<Change>, changes: Arc<AtomicU64>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let outcome = commit(&mut conn, &group).await;
        changes.fetch_add(1, Ordering::SeqCst);
        match outcome {
            Ok(()) => group.drain(..).for_each(|change| answer(change, Ok(()))),
            Err(error) if group.len() == 1 => group.drain(..).for_each(|change| answer(change, Err(error.clone()))),
            Err(_) => {
                for change in group.drain(..) {
                    let outcome = commit(&mut conn, std::slice::from_ref(&change)).await;
                    changes.fetch_add(1, Ordering::SeqCst);
                    answer(change, outcome);
                }
            }
        }
    }
    if let Conn::SqliteWriter(writer) = conn
        && let Err(error) = writer.into_connection().close().await
    {
        tracing::warn!(error = %error, "the database was not closed in order");
    }
}

/// One transaction around all changes of the group; after an error nothing of it is left.
async fn commit(conn: &mut Conn, group: &[Change]) -> StoreResult<()> {
    let Conn::SqliteWriter(writer) = conn else { return Err(StoreError::Closed) };
    writer.begin();
    let outcome = match run_all(conn, group).await {
        Ok(()) => {
            later(conn, "COMMIT", Vec::new()).await?;
            flush(conn).await
        }
        Err(error) => Err(error),
    };
    if outcome.is_err()
        && let Err(error) = roll_back(conn).await
    {
        // SQLite has rolled back by itself, after a full disk for example.
        tracing::debug!(error = %error, "nothing to roll back");
    }
    outcome
}

async fn run_all(conn: &mut Conn, group: &[Change]) -> StoreResult<()> {
    for change in group {
        (change.run)(conn).await?;
    }
    Ok(())
}

/// Runs what waits.
async fn flush(conn: &mut Conn) -> StoreResult<()> {
    let Conn::SqliteWriter(writer) = conn else { return Err(StoreError::Closed) };
    writer.ready().await.map(|_| ())
}

async fn roll_back(conn: &mut Conn) -> StoreResult<()> {
    let Conn::SqliteWriter(writer) = conn else { return Err(StoreError::Closed) };
    writer.given_up().execute("ROLLBACK").await?;
    Ok(())
}

fn answer(change: Change, outcome: StoreResult<()>) {
    // The caller may have gone; the change stands all the same.
    let _ = change.done.send(outcome);
}

/// A poisoned lock holds a whole value all the same: nothing here panics half-way.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
