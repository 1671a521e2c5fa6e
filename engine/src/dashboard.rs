//! 工单看板: what waits where and for how long, and what the last days brought (screens.md, 工单看板).
//!
//! A day that is over does not change: what it brought is read once a process and kept.

use crate::Engine;
use crate::ctx::{Ctx, SignedIn};
use crate::error::Result;
use crate::live::may_hear;
use crate::store::dashboard::{self as store, DeedRow};
use crate::store::{Conn, StoreResult, reach, work_order};
use domain::dashboard::{AGES, DAYS, OVERDUE_MS, begin_of, day_of, percentile};
use domain::view::dashboard::{Dashboard, DayFigures, FeedRow, OrderLists, ReviewerLoad, StepFigures};
use domain::{Action, OrderKind, OrderStatus, PublicationId, RegionCode, Role, UtcMillis};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of a list of the page.
const MOST: usize = 10;

/// Events that are looked through for those that the viewer may see.
const LOOKED_THROUGH: i64 = 40;

/// How many numbers of the audit log back the feed goes.
const FEED_BACK: i64 = 2_000;

/// Changes that were begun before midnight are committed by then.
const SETTLED_MS: i64 = 60_000;

/// What a day brought.
#[derive(Debug, Clone, Default)]
struct Day {
    approved: i64,
    refused: i64,
    withdrawn: i64,
    live: i64,
    /// Step and milliseconds.
    durations: Vec<(u8, i64)>,
    reasons: Vec<(String, i64)>,
}

/// The days that are over, one set a process.
#[derive(Default)]
pub(crate) struct Days(Mutex<BTreeMap<i64, Arc<Day>>>);

/// All of the page.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn dashboard(engine: &Engine, ctx: &Ctx) -> Result<Dashboard> {
    let person = ctx.with_role(&[Role::Staff, Role::Reviewer, Role::Operator])?;
    let mut conn = engine.db().reader().await?;
    let today = day_of(ctx.now);
    let mut days = Vec::new();
    for day in today - DAYS + 1..=today {
        days.push((day, engine.days().read(&mut conn, day, ctx.now).await?));
    }
    let waiting = Waiting::read(&mut conn, ctx.now).await?;
    let mut all: Vec<(u8, i64)> = days.iter().flat_map(|(_, day)| day.durations.iter().copied()).collect();
    all.sort_unstable_by_key(|(_, ms)| *ms);
    let sorted: Vec<i64> = all.iter().map(|(_, ms)| *ms).collect();
    let reviewers = store::reviewers(&mut conn, i64::try_from(MOST).unwrap_or(i64::MAX)).await?;
    let load = |(name, n, oldest)| ReviewerLoad { name, n, oldest: UtcMillis(oldest) };
    Ok(Dashboard {
        in_review: waiting.by_kind.iter().flat_map(|(_, ages)| ages).sum(),
        overdue: waiting.overdue,
        live_today: days.last().map_or(0, |(_, day)| day.live),
        waiting: waiting.by_kind,
        regions: most_first(waiting.by_region, usize::MAX),
        departments: most_first(waiting.by_department, MOST),
        reviewers: reviewers.into_iter().map(load).collect(),
        steps: steps(&all),
        median_ms: percentile(&sorted, 50),
        // What reviewers wrote of orders that may be out of the viewer's reach.
        reasons: match person.roles.has(Role::Operator) {
            true => most_first(sum(days.iter().flat_map(|(_, day)| day.reasons.iter().cloned())), MOST),
            false => Vec::new(),
        },
        days: days.iter().map(|(day, it)| figures(*day, it)).collect(),
        feed: feed(&mut conn, person).await?,
        lists: lists(person),
        now: ctx.now,
    })
}

impl Days {
    async fn read(&self, conn: &mut Conn, day: i64, now: UtcMillis) -> StoreResult<Arc<Day>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&day).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let (from, to) = (begin_of(day), begin_of(day + 1));
        let mut read = Day { live: store::lives(conn, from, to).await?, ..Day::default() };
        for (status, n) in store::ended(conn, from, to).await? {
            match OrderStatus::from_id(&status) {
                Some(OrderStatus::Approved) => read.approved = n,
                Some(OrderStatus::Refused) => read.refused = n,
                Some(OrderStatus::Withdrawn) => read.withdrawn = n,
                Some(OrderStatus::InReview) | None => {}
            }
        }
        if read.approved + read.refused + read.withdrawn > 0 {
            let small = |(step, ms)| (u8::try_from(step).unwrap_or(u8::MAX), ms);
            read.durations = store::durations(conn, from, to).await?.into_iter().map(small).collect();
            read.reasons = store::reasons(conn, from, to).await?;
        }
        let read = Arc::new(read);
        if now.0 > to.0 + SETTLED_MS {
            let mut days = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            days.insert(day, Arc::clone(&read));
            days.retain(|kept, _| *kept > day_of(now) - DAYS);
        }
        Ok(read)
    }
}

struct Waiting {
    by_kind: Vec<(OrderKind, [i64; AGES.len()])>,
    by_region: HashMap<RegionCode, i64>,
    by_department: HashMap<String, i64>,
    overdue: i64,
}

impl Waiting {
    async fn read(conn: &mut Conn, now: UtcMillis) -> StoreResult<Self> {
        let begins = |age: usize| now.0.saturating_sub(AGES[age].1);
        let rows = store::waiting(conn, [0, 1, 2, 3].map(begins), now.0 - OVERDUE_MS).await?;
        let mut kinds: BTreeMap<OrderKind, [i64; AGES.len()]> = BTreeMap::new();
        let (mut by_region, mut by_department, mut overdue) = (HashMap::new(), HashMap::new(), 0);
        for row in rows {
            let ages = kinds.entry(work_order::kind(&row.kind)?).or_default();
            if let Some(age) = usize::try_from(row.age).ok().and_then(|age| ages.get_mut(age)) {
                *age += row.n;
            }
            // A county's reviewers stand with their city.
            if let Some(region) = RegionCode::parse(&row.region) {
                *by_region.entry(region.city().unwrap_or(region)).or_default() += row.n;
            }
            *by_department.entry(row.department).or_default() += row.n;
            overdue += row.overdue;
        }
        Ok(Self { by_kind: kinds.into_iter().collect(), by_region, by_department, overdue })
    }
}

fn lists(person: &SignedIn) -> OrderLists {
    if person.roles.has(Role::Operator) {
        OrderLists::All
    } else if person.roles.has(Role::Staff) {
        OrderLists::Initiated
    } else {
        OrderLists::Waiting
    }
}

fn figures(day: i64, it: &Day) -> DayFigures {
    let mut sorted: Vec<i64> = it.durations.iter().map(|(_, ms)| *ms).collect();
    sorted.sort_unstable();
    DayFigures {
        begin: begin_of(day),
        approved: it.approved,
        refused: it.refused,
        withdrawn: it.withdrawn,
        median_ms: percentile(&sorted, 50),
        p90_ms: percentile(&sorted, 90),
    }
}

/// `all` is in rising order of time.
fn steps(all: &[(u8, i64)]) -> Vec<StepFigures> {
    let mut by_step: BTreeMap<u8, Vec<i64>> = BTreeMap::new();
    for (step, ms) in all {
        by_step.entry(*step).or_default().push(*ms);
    }
    let figures = |(step, sorted): (u8, Vec<i64>)| {
        let n = i64::try_from(sorted.len()).unwrap_or(i64::MAX);
        Some(StepFigures { step, n, median_ms: percentile(&sorted, 50)?, p90_ms: percentile(&sorted, 90)? })
    };
    by_step.into_iter().filter_map(figures).collect()
}

fn sum(pairs: impl Iterator<Item = (String, i64)>) -> HashMap<String, i64> {
    let mut sums = HashMap::new();
    for (key, n) in pairs {
        *sums.entry(key).or_default() += n;
    }
    sums
}

/// The greatest first, equal ones in the order of their names, at most `most`.
fn most_first<K: Ord>(counts: HashMap<K, i64>, most: usize) -> Vec<(K, i64)> {
    let mut counts: Vec<(K, i64)> = counts.into_iter().collect();
    counts.sort_by(|(name, n), (other, m)| m.cmp(n).then_with(|| name.cmp(other)));
    counts.truncate(most);
    counts
}

/// What the viewer may hear of, as live events have it.
async fn feed(conn: &mut Conn, person: &SignedIn) -> StoreResult<Vec<FeedRow>> {
    let newest = crate::store::audit_event::newest(conn).await?;
    let mut feed = Vec::new();
    for deed in store::deeds(conn, newest - FEED_BACK, LOOKED_THROUGH).await? {
        let Some((publication, row)) = deed.publication().and_then(|id| Some((id, row(deed, id)?))) else { continue };
        let audience = reach::audience(conn, publication).await?;
        if audience.is_some_and(|audience| may_hear(person, &audience)) {
            feed.push(row);
        }
        if feed.len() == MOST {
            break;
        }
    }
    Ok(feed)
}

fn row(deed: DeedRow, publication: uuid::Uuid) -> Option<FeedRow> {
    let detail: serde_json::Value = serde_json::from_str(&deed.detail).ok()?;
    Some(FeedRow {
        who: deed.person_name,
        action: Action::ALL.into_iter().find(|action| action.audit_event() == deed.action)?,
        publication: PublicationId(publication),
        name: detail.get("name")?.as_str()?.to_owned(),
        at: UtcMillis(deed.at),
    })
}

#[cfg(test)]
mod tests;
