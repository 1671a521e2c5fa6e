//! Who waits for whom on PostgreSQL, as another connection sees it. SQLite has one writer, whose changes follow each other: who waits has
//! not begun, and there is nothing to look at. There these stories show what comes of it alone.

use super::{On, World};
use crate::store::{StoreResult, raw};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Nobody waits longer for what is to be seen.
const SOON: Duration = Duration::from_secs(30);

/// A transaction that has done something, and ends when it is told to.
pub(crate) struct Held {
    done: Arc<Notify>,
    end: Arc<Notify>,
}

impl Held {
    /// The same for the transaction and for who ends it.
    pub(crate) fn pair() -> (Self, Self) {
        let (done, end) = (Arc::default(), Arc::default());
        (Self { done: Arc::clone(&done), end: Arc::clone(&end) }, Self { done, end })
    }

    /// For the transaction, when it has done what it does.
    pub(crate) async fn holds(&self) {
        self.done.notify_one();
        self.end.notified().await;
    }

    /// For who comes after it.
    pub(crate) async fn is_done(&self) {
        self.done.notified().await;
    }

    pub(crate) fn ends(&self) {
        self.end.notify_one();
    }
}

impl World {
    /// Waits until somebody waits for what another one holds; answers whether somebody has the audit log in hand then. `None`: this is
    /// SQLite, where nobody looked.
    pub(crate) async fn is_log_taken_while_somebody_waits(&self) -> Option<bool> {
        // By nothing neither can divide.
        const WAITS: &str = "SELECT 1 / COUNT(*) FROM pg_locks AS l JOIN pg_stat_activity AS a ON a.pid = l.pid
            WHERE a.datname = CURRENT_DATABASE() AND NOT l.granted";
        const FREE: &str = "SELECT 1 / CAST(COUNT(*) = 0 AS INTEGER) FROM pg_locks AS l
            JOIN pg_stat_activity AS a ON a.pid = l.pid
            WHERE a.datname = CURRENT_DATABASE() AND l.locktype = 'advisory' AND l.granted";
        if matches!(self.on(), On::Sqlite) {
            return None;
        }
        let seen = async {
            while self.sees(WAITS).await.is_err() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(SOON, seen).await.expect("somebody waits");
        Some(self.sees(FREE).await.is_err())
    }

    async fn sees(&self, statement: &'static str) -> StoreResult<()> {
        raw(&mut self.engine.db().reader().await?, statement).await
    }
}
