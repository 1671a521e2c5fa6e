//! The one writer of SQLite: a task with a queue that commits waiting changes in groups (design.md, Data).
//!
//! While one group is on its way to the disk, the next one gathers; nobody waits for a lock. If one change of a group fails, the
//! group is rolled back and its changes are done one by one, so that a failure touches nobody else.

use super::db::{Conn, Work};
use super::error::{StoreError, StoreResult};
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};
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
        let task = tokio::spawn(serve(Conn::SqliteWriter(Box::new(connection)), waiting));
        Self { queue: Mutex::new(Some(queue)), task: tokio::sync::Mutex::new(Some(task)) }
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

async fn serve(mut conn: Conn, mut waiting: mpsc::Receiver<Change>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        match commit(&mut conn, &group).await {
            Ok(()) => group.drain(..).for_each(|change| answer(change, Ok(()))),
            Err(error) if group.len() == 1 => group.drain(..).for_each(|change| answer(change, Err(error.clone()))),
            Err(_) => {
                for change in group.drain(..) {
                    let outcome = commit(&mut conn, std::slice::from_ref(&change)).await;
                    answer(change, outcome);
                }
            }
        }
    }
    if let Conn::SqliteWriter(connection) = conn
        && let Err(error) = connection.close().await
    {
        tracing::warn!(error = %error, "the database was not closed in order");
    }
}

/// One transaction around all changes of the group; after an error nothing of it is left.
async fn commit(conn: &mut Conn, group: &[Change]) -> StoreResult<()> {
    execute(conn, "BEGIN IMMEDIATE").await?;
    let outcome = match run_all(conn, group).await {
        Ok(()) => execute(conn, "COMMIT").await,
        Err(error) => Err(error),
    };
    if outcome.is_err()
        && let Err(error) = execute(conn, "ROLLBACK").await
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

async fn execute(conn: &mut Conn, statement: &'static str) -> StoreResult<()> {
    let Conn::SqliteWriter(connection) = conn else { return Err(StoreError::Closed) };
    connection.execute(statement).await?;
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
