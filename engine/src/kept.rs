//! Answers that are kept until anything is written: the pages of lists, the page of one publication, the numbers of the frame.
//!
//! Whoever writes has been answered only after the count of changes moved on ([`Database::changes`]), so nobody is shown what
//! was before their own change. On PostgreSQL other processes write, too: there nothing is kept. A person's roles are part of
//! the question, what they administer is data like all other.
//!
//! [`Database::changes`]: crate::store::Database::changes

use crate::Engine;
use crate::ctx::{Ctx, SignedIn};
use domain::query::PublicationQuery;
use domain::view::home::Counts;
use domain::view::publication::{PublicationDetail, PublicationPage};
use domain::{PersonId, PublicationId, RoleSet, Side};
use moka::sync::Cache;
use std::sync::Arc;
use std::time::Duration;

/// Nothing is kept longer, in case another process writes to the same file. Milliseconds.
const KEPT_MS: i64 = 2_000;

/// Memory is given back after so long without use.
const FORGOTTEN: Duration = Duration::from_secs(10);

/// Lines of lists and pages that are kept at most; each is about a kilobyte.
const LINES_MOST: u64 = 4_000;

/// The answers, one set a process.
pub(crate) struct Kept(Cache<Asked, Entry>);

/// Who asks what.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Asked {
    person: PersonId,
    roles: RoleSet,
    what: What,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum What {
    /// A page of a list.
    List(Side, PublicationQuery),
    /// The page of one publication.
    Detail(PublicationId),
    /// The numbers beside rooms of the navigation.
    Counts,
}

#[derive(Clone)]
struct Entry {
    answer: Answer,
    /// The count of changes before it was read.
    changes: u64,
    read_at: i64,
}

/// An answer.
#[derive(Clone)]
pub(crate) enum Answer {
    /// A page of a list.
    List(Arc<PublicationPage>),
    /// The page of one publication.
    Detail(Arc<PublicationDetail>),
    /// The numbers beside rooms of the navigation.
    Counts(Counts),
}

impl Kept {
    pub(crate) fn new() -> Self {
        let lines = |_: &Asked, entry: &Entry| {
            let lines = match &entry.answer {
                Answer::List(page) => page.rows.len(),
                Answer::Detail(page) => 8 + page.versions.len() + page.orders.len(),
                Answer::Counts(_) => 0,
            };
            u32::try_from(lines).unwrap_or(u32::MAX).saturating_add(1)
        };
        Self(Cache::builder().max_capacity(LINES_MOST).weigher(lines).time_to_idle(FORGOTTEN).build())
    }
}

/// A question whose answer may be kept.
pub(crate) struct Question<'e> {
    engine: &'e Engine,
    asked: Asked,
    now: i64,
    changes: u64,
}

impl<'e> Question<'e> {
    /// Before anything is read. `None` where nothing is kept.
    pub(crate) fn new(engine: &'e Engine, ctx: &Ctx, person: &SignedIn, what: What) -> Option<Self> {
        let changes = engine.db().changes()?;
        let asked = Asked { person: person.person, roles: person.roles, what };
        Some(Self { engine, asked, now: ctx.now.0, changes })
    }

    /// The kept answer, if nothing was written since.
    pub(crate) fn answer(&self) -> Option<Answer> {
        let entry = self.engine.kept().0.get(&self.asked)?;
        let stands = entry.changes == self.changes && self.now - entry.read_at < KEPT_MS;
        stands.then_some(entry.answer)
    }

    /// Keeps what was read.
    pub(crate) fn keep(self, answer: Answer) {
        let entry = Entry { answer, changes: self.changes, read_at: self.now };
        self.engine.kept().0.insert(self.asked, entry);
    }
}
