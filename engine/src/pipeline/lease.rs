//! That a job is ours, and stays so.

use super::LEASE_MS;
use crate::Engine;
use crate::error::Result;
use crate::store::job::{self, JobRow};
use domain::UtcMillis;
use std::time::Duration;
use uuid::Uuid;

/// How often its holder looks whether the job is still there: so long a cancelled build goes on.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Every so many looks the lease is renewed.
const LOOKS_TO_RENEW: u32 = 20;

/// A job that is ours.
pub(super) struct Lease {
    engine: Engine,
    pub(super) key: i64,
    pub(super) holder: Uuid,
}

impl Lease {
    pub(super) fn new(engine: Engine, job: &JobRow, holder: Uuid) -> Self {
        Self { engine, key: job.key, holder }
    }

    /// What has to be in every change that the holder makes: key, holder, and until when.
    pub(super) fn renewed(&self) -> (i64, Uuid, UtcMillis) {
        (self.key, self.holder, UtcMillis(self.engine.now().0 + LEASE_MS))
    }

    /// Passes when the job is not ours any more; keeps it until then.
    pub(super) async fn lost(&self) {
        loop {
            for _ in 0..LOOKS_TO_RENEW {
                tokio::time::sleep(LOOK_EVERY).await;
                match self.is_held().await {
                    Ok(true) => {}
                    Ok(false) => return,
                    Err(error) => tracing::warn!(error = %error, "the lease could not be looked at"),
                }
            }
            if let Err(error) = self.renew().await {
                tracing::warn!(error = %error, "the lease could not be renewed");
            }
        }
    }

    async fn is_held(&self) -> Result<bool> {
        Ok(job::is_held(&mut self.engine.db().reader().await?, self.key, self.holder).await?)
    }

    async fn renew(&self) -> Result<()> {
        let write = self
            .engine
            .db()
            .write(self.renewed(), |conn, s| Box::pin(async move { job::hold(conn, s.0, s.1, s.2).await }));
        Ok(write.await?)
    }
}
