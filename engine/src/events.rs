//! What happened, told to whoever listens in this process, after the commit: caches that must forget, pages that are open.
//!
//! Only a nudge, without content: who hears it asks again what they may see. The audit log is the truth; its numbers are the
//! order of commits, so that a listener who lost some knows where to begin.

use domain::{OrderId, PublicationId};
use tokio::sync::broadcast;

/// How many a slow listener may lie behind before it loses some (and is told so).
const BEHIND: usize = 1024;

/// Something that was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Happened {
    /// The number of its audit event.
    pub seq: i64,
    /// The publication that changed.
    pub publication: PublicationId,
    /// The order that was filed or decided with it.
    pub order: Option<OrderId>,
    /// What is served under the publication's address may be another now.
    pub switched: bool,
}

/// The sender, one a process.
pub(crate) struct Events(broadcast::Sender<Happened>);

impl Events {
    pub(crate) fn new() -> Self {
        Self(broadcast::channel(BEHIND).0)
    }

    /// To everybody who listens; it is no error that nobody does.
    pub(crate) fn tell(&self, happened: Happened) {
        let _ = self.0.send(happened);
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Happened> {
        self.0.subscribe()
    }
}
