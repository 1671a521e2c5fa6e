//! 工单看板: what waits where and for how long, and what the last days brought (screens.md, 工单看板). Each number has a list of as many
//! rows ([`crate::work_order`]).

mod days;
mod scope;

pub(crate) use days::Days;

use crate::Engine;
use crate::ctx::{Ctx, SignedIn};
use crate::error::Result;
use crate::live::may_hear;
use crate::store::dashboard::{self as store, DeedRow, LoadRow};
use crate::store::work_order_list::Whose;
use crate::store::{Conn, StoreResult, reach, work_order};
use days::{EndedOrder, figures};
use domain::dashboard::{AGES, begin_of, day_of, percentile};
use domain::view::dashboard::{Dashboard, FeedRow, LiveRow, LiveToday, ReviewerLoad, StepFigures};
use domain::{Action, OrderKind, PersonId, PublicationId, RegionCode, Role, Side, UtcMillis};
use scope::Scope;
use std::collections::{BTreeMap, HashMap};

/// Rows of a list of the page.
const MOST: usize = 10;

/// Events that are looked through for those that the viewer may see.
const LOOKED_THROUGH: i64 = 40;

/// How many numbers of the audit log back the feed goes.
const FEED_BACK: i64 = 2_000;

/// Who looks at it.
const VIEWERS: [Role; 3] = [Role::Staff, Role::Reviewer, Role::Operator];

/// All of the page.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn dashboard(engine: &Engine, ctx: &Ctx) -> Result<Dashboard> {
    let person = ctx.with_role(&VIEWERS)?;
    let mut conn = engine.db().reader().await?;
    let scope = Scope::of(&mut conn, person).await?;
    let days = engine.days().last(&mut conn, ctx.now).await?;
    let overdue_ms = engine.workshop().overdue_ms();
    let waiting = Waiting::read(&mut conn, scope.waiting(), ctx.now, overdue_ms).await?;
    let orders: Vec<&EndedOrder> =
        days.iter().flat_map(|(_, day)| &day.ended).filter(|order| scope.has(order)).collect();
    let mut all: Vec<(u8, i64)> = orders.iter().flat_map(|order| order.durations.iter().copied()).collect();
    all.sort_unstable_by_key(|(_, ms)| *ms);
    let sorted: Vec<i64> = all.iter().map(|(_, ms)| *ms).collect();
    let reviewers = store::reviewers(&mut conn, scope.waiting(), i64::try_from(MOST).unwrap_or(i64::MAX)).await?;
    let load =
        |LoadRow { id, name, n, oldest }| ReviewerLoad { person: PersonId(id), name, n, oldest: UtcMillis(oldest) };
    let live_today = days
        .last()
        .map_or(0, |(_, today)| today.lives.iter().filter(|(system, _)| scope.has_live(*system)).map(|(_, n)| n).sum());
    let of_day = |orders: &'_ [EndedOrder], day| figures(day, orders.iter().filter(|order| scope.has(order)));
    Ok(Dashboard {
        in_review: waiting.by_kind.iter().flat_map(|(_, ages)| ages).sum(),
        overdue: waiting.overdue,
        overdue_ms,
        live_today,
        waiting: waiting.by_kind,
        regions: most_first(waiting.by_region, usize::MAX),
        departments: most_first(waiting.by_department, MOST),
        reviewers: reviewers.into_iter().map(load).collect(),
        steps: steps(&all),
        median_ms: percentile(&sorted, 50),
        reasons: most_first(counted(orders.iter().filter_map(|order| order.reason.clone())), MOST),
        days: days.iter().map(|(day, it)| of_day(&it.ended, *day)).collect(),
        feed: feed(&mut conn, person).await?,
        list: scope.list(),
        unsandboxed: engine.workshop().unsandboxed,
        now: ctx.now,
    })
}

/// 今日上线: what the number counts.
///
/// # Errors
/// As [`dashboard`].
pub async fn live_today(engine: &Engine, ctx: &Ctx) -> Result<LiveToday> {
    let person = ctx.with_role(&VIEWERS)?;
    let mut conn = engine.db().reader().await?;
    let scope = Scope::of(&mut conn, person).await?;
    let today = day_of(ctx.now);
    let lives = store::lives(&mut conn, begin_of(today), begin_of(today + 1)).await?;
    let row = |live: store::LiveRow| {
        Some(LiveRow {
            publication: PublicationId(live.publication_id),
            side: Side::from_id(&live.side)?,
            version: live.version(),
            at: UtcMillis(live.at),
            name: live.name,
        })
    };
    Ok(LiveToday {
        rows: lives.into_iter().filter(|live| scope.has_live(live.system_id)).filter_map(row).collect(),
        opens: person.roles.has(Role::Operator) || person.roles.has(Role::Staff),
    })
}

struct Waiting {
    by_kind: Vec<(OrderKind, [i64; AGES.len()])>,
    by_region: HashMap<RegionCode, i64>,
    by_department: HashMap<String, i64>,
    overdue: i64,
}

impl Waiting {
    async fn read(conn: &mut Conn, whose: Whose, now: UtcMillis, overdue_ms: i64) -> StoreResult<Self> {
        let begins = |age: usize| now.0.saturating_sub(AGES[age].1);
        let rows = store::waiting(conn, whose, [0, 1, 2, 3].map(begins), now.0.saturating_sub(overdue_ms)).await?;
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

fn counted(all: impl Iterator<Item = String>) -> HashMap<String, i64> {
    let mut counts = HashMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
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
