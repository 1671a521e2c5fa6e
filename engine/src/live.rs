//! What happened, told to whoever listens in this process, after the commit: caches that must forget, pages that are open. What
//! another process did comes by [`follow`].
//!
//! Only a nudge: ids and versions, to those who may see them; who hears it asks again. The audit log is the truth: its numbers
//! are the order of commits, so that a listener who lost some goes on where it stopped. It must never wait for a listener.
//! Start reading at [`listen`].

mod follow;
mod resume;
#[cfg(test)]
mod tests;

pub use follow::follow;

use crate::Engine;
use crate::ctx::{Ctx, SignedIn};
use crate::error::Result;
use crate::identity::session::{self, Ended};
use crate::store::StoreResult;
use crate::store::reach::{self, Audience};
use domain::view::live::{Heard, News};
use domain::{OrderId, PublicationId, Role};
use std::collections::{BTreeSet, VecDeque};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, broadcast, watch};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// How many a slow listener may lie behind before it is dropped, to come back by itself.
const BEHIND: usize = 1024;

/// How often a listener's session is looked at again (design.md, Security: at least every minute).
const CHECK_EVERY: Duration = Duration::from_secs(30);

/// After something that may have ended anybody's session, all have looked by then.
const SOON: Duration = Duration::from_secs(3);

/// Something that was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Happened {
    /// The number of its audit event.
    pub(crate) seq: i64,
    /// The publication that changed.
    pub(crate) publication: PublicationId,
    /// The order that was filed or decided with it.
    pub(crate) order: Option<OrderId>,
    /// What is served under the publication's address may be another now.
    pub(crate) switched: bool,
}

/// The same, with who may hear of it: read once, by the first listener who needs it.
pub(crate) struct Announced {
    pub(crate) happened: Happened,
    audience: OnceCell<Option<Audience>>,
}

/// The sender, one a process.
pub(crate) struct Hub {
    sender: broadcast::Sender<Arc<Announced>>,
    newest: AtomicI64,
    /// Up to which number the log of other processes was read.
    followed: AtomicI64,
    /// Those that were told last: what we did ourselves is in the log, too.
    told: Mutex<BTreeSet<i64>>,
    open: watch::Sender<bool>,
}

impl Hub {
    /// `newest` is the number of the last audit event.
    pub(crate) fn new(newest: i64) -> Self {
        let (newest, followed, told) = (AtomicI64::new(newest), AtomicI64::new(i64::MAX), Mutex::default());
        Self { sender: broadcast::channel(BEHIND).0, newest, followed, told, open: watch::Sender::new(true) }
    }

    /// To everybody who listens, once; it is no error that nobody does.
    pub(crate) fn tell(&self, happened: Happened) {
        if self.is_new(happened.seq) {
            self.newest.fetch_max(happened.seq, Ordering::AcqRel);
            let _ = self.sender.send(Arc::new(Announced { happened, audience: OnceCell::new() }));
        }
    }

    fn is_new(&self, seq: i64) -> bool {
        let mut told = self.told();
        if told.len() >= BEHIND {
            told.pop_first();
        }
        told.insert(seq)
    }

    /// What is later may be told yet, in whatever order; where nobody else writes, nothing is.
    fn followed(&self) -> i64 {
        self.followed.load(Ordering::Acquire)
    }

    fn has_told(&self, seq: i64) -> bool {
        self.told().contains(&seq)
    }

    fn told(&self) -> MutexGuard<'_, BTreeSet<i64>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The greatest number told so far: whatever is read after this call shows it, and all before it.
    pub(crate) fn newest(&self) -> i64 {
        self.newest.load(Ordering::Acquire)
    }

    /// Ends all streams: the server stops.
    pub(crate) fn hang_up(&self) {
        self.open.send_replace(false);
    }

    pub(crate) fn is_over(&self) -> bool {
        !*self.open.borrow()
    }

    /// How many listen.
    pub(crate) fn listeners(&self) -> usize {
        self.sender.receiver_count()
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<Announced>> {
        self.sender.subscribe()
    }
}

/// One person's ear, from [`listen`].
pub struct Listener {
    engine: Engine,
    who: Arc<SignedIn>,
    backlog: VecDeque<Heard>,
    /// All up to this number has been told.
    caught_up: i64,
    hub: broadcast::Receiver<Arc<Announced>>,
    open: watch::Receiver<bool>,
    ended: broadcast::Receiver<Ended>,
    check: Interval,
    /// It looks before its time.
    soon: bool,
}

/// What a listener does next.
enum Next {
    /// Look whether the session stands.
    Look,
    LookSoon,
    Tell(Arc<Announced>),
}

/// Listens to what the signed-in person may see, after the audit event of this number.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn listen(engine: &Engine, ctx: &Ctx, after: i64) -> Result<Listener> {
    ctx.person()?;
    let who = ctx.signed_in.clone().ok_or(crate::Error::NotSignedIn)?;
    // First the ear, then the log: what comes between is heard twice, and dropped once.
    let (hub, open) = (engine.live().subscribe(), engine.live().open.subscribe());
    let ended = engine.sessions().endings();
    let (backlog, caught_up) = resume::backlog(engine, &who, after).await?;
    let mut check = interval(CHECK_EVERY);
    check.set_missed_tick_behavior(MissedTickBehavior::Delay);
    check.reset();
    Ok(Listener { engine: engine.clone(), who, backlog, caught_up, hub, open, ended, check, soon: false })
}

impl Listener {
    /// The next; `None` when the stream is over: the server stops, the session ended, or the listener was too slow.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some(heard) = self.backlog.pop_front() {
                return Some(heard);
            }
            let next = tokio::select! {
                _ = self.open.wait_for(|open| !open) => return None,
                _ = self.check.tick() => Next::Look,
                // Who was told too much at once looks as well.
                ended = self.ended.recv() => match ended {
                    Ok(ended) if !ended.concerns(&self.who) => continue,
                    Ok(Ended::Any) | Err(_) => Next::LookSoon,
                    Ok(_) => Next::Look,
                },
                announced = self.hub.recv() => Next::Tell(announced.ok()?),
            };
            match next {
                Next::LookSoon => self.looks_soon(),
                Next::Look => {
                    self.soon = false;
                    self.still_signed_in().await?;
                }
                Next::Tell(announced) => self.backlog.extend(self.news_of(&announced).await.ok()?.map(Heard::News)),
            }
        }
    }

    /// What may concern everybody is not looked at by thousands in one moment, but within [`SOON`].
    fn looks_soon(&mut self) {
        if !std::mem::replace(&mut self.soon, true) {
            self.check.reset_after(SOON * u32::from(self.who.session[0]) / 255);
        }
    }

    async fn still_signed_in(&self) -> Option<()> {
        match session::stands(&self.engine, &self.who).await {
            Ok(stands) => stands.then_some(()),
            Err(error) => {
                tracing::error!(error = %error, "a listener's session could not be read");
                None
            }
        }
    }

    async fn news_of(&self, announced: &Announced) -> StoreResult<Option<News>> {
        let happened = announced.happened;
        if happened.seq <= self.caught_up {
            return Ok(None);
        }
        let read = || async { reach::audience(&mut self.engine.db().reader().await?, happened.publication.0).await };
        let audience = announced.audience.get_or_try_init(read).await.inspect_err(|error: &crate::StoreError| {
            tracing::error!(error = %error, publication.id = %happened.publication.0, "nobody could be told of a change");
        })?;
        Ok(audience.as_ref().filter(|it| may_hear(&self.who, it)).map(|it| news(happened, it)))
    }
}

fn news(happened: Happened, audience: &Audience) -> News {
    let Happened { seq, publication, order, .. } = happened;
    News { seq, publication, side: audience.side, version: audience.version, order }
}

/// As [`crate::access::publication`] judges: the relation counts with its role only.
pub(crate) fn may_hear(who: &SignedIn, audience: &Audience) -> bool {
    who.roles.has(Role::Operator)
        || audience.people.iter().any(|(person, role)| *person == who.person && who.roles.has(*role))
}
