//! 服务侧名称列表 and 治理侧名称列表 (screens.md, List page).

use super::{ENV, facts, view};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::{Ctx, SignedIn};
use crate::error::Result;
use crate::export::{Exported, Format, ROWS_MOST, Sheet};
use crate::kept::{Answer, Question, What};
use crate::keyset::{COUNT_MOST, Page, Window};
use crate::record;
use crate::store::publication::{self, PublicationRow as StoredRow};
use crate::store::publication_list::{self, Filter, Part, Reach};
use crate::store::{Conn, StoreResult, reach};
use domain::query::PublicationQuery;
use domain::view::publication::{PublicationPage, PublicationRow, PublicationUpdate};
use domain::{Actor, ChannelSet, PersonId, PublicationId, Relation, Role, Side, text, words};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// A person with so many publications at most has all of them looked through; the list is walked for who has more.
const NARROW_MOST: i64 = 2_000;

/// Rows that are asked for again at once, at most: the greatest page.
const PAGE_MOST: usize = 100;

/// What a filter has is counted so far, over all states.
const COUNTED_MOST: i64 = 3 * COUNT_MOST;

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A page of the list: staff see what they administer.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, side: Side, query: &PublicationQuery) -> Result<PublicationPage> {
    let person = ctx.with_role(&[Role::Staff])?;
    // What depends on the time of day is read anew.
    let what = query.days.is_none().then(|| What::List(side, query.clone()));
    let question = what.and_then(|what| Question::new(engine, ctx, person, what));
    if let Some(Answer::List(page)) = question.as_ref().and_then(Question::answer) {
        return Ok(PublicationPage { now: ctx.now, heard: ctx.heard, ..(*page).clone() });
    }
    let page = read(engine, ctx, person, side, query).await?;
    if let Some(question) = question {
        question.keep(Answer::List(Arc::new(page.clone())));
    }
    Ok(page)
}

async fn read(
    engine: &Engine,
    ctx: &Ctx,
    person: &SignedIn,
    side: Side,
    query: &PublicationQuery,
) -> Result<PublicationPage> {
    let mut conn = engine.db().reader().await?;
    let counts = publication::counts(&mut conn, person.person.0, side).await?;
    let theirs: i64 = counts.iter().map(|(_, n)| n).sum();
    let filter = filter_of(ctx, reach_of(person, theirs), side, query);
    let window = Window::new(query.from, query.size);
    let counted = is_counted(query);
    let most = if counted { COUNTED_MOST } else { 0 };
    let (rows, found) = publication_list::page(&mut conn, &filter, (window.part(), window.limit()), most).await?;
    let Page { rows, newer, older } = window.page(rows, |row| row.key);
    let counts = if counted { publication::by_state(found)? } else { counts };
    let of_all: i64 = counts.iter().map(|(_, n)| n).sum();
    let total =
        counts.iter().filter(|(state, _)| query.state.is_none_or(|wanted| wanted == *state)).map(|(_, n)| n).sum();
    let rows = views_of(&mut conn, &rows, person).await?;
    let capped = counted && of_all >= COUNTED_MOST;
    Ok(PublicationPage { rows, counts, total, capped, now: ctx.now, heard: ctx.heard, newer, older })
}

/// The newest with this keyword, or 服务ID, at most `limit`.
pub(crate) async fn named(
    conn: &mut Conn,
    ctx: &Ctx,
    reach: Reach,
    side: Side,
    keyword: &str,
    limit: i64,
) -> StoreResult<Vec<StoredRow>> {
    let query = PublicationQuery { keyword: keyword.to_owned(), ..PublicationQuery::default() };
    Ok(publication_list::page(conn, &filter_of(ctx, reach, side, &query), (Part::First, limit), 0).await?.0)
}

/// The list as a file: all rows that the query asks for, without its pages. That it was taken is noted in the audit log.
///
/// # Errors
/// As [`list`].
pub async fn export_list(
    engine: &Engine,
    ctx: &Ctx,
    side: Side,
    query: &PublicationQuery,
    format: Format,
) -> Result<Exported> {
    const EVENT: &str = "publication.export_list";
    let person = match ctx.with_role(&[Role::Staff]) {
        Ok(person) => person,
        Err(error) => {
            record::refusal(engine, ctx, EVENT, ("export", Uuid::nil()), &error).await?;
            return Err(error);
        }
    };
    let mut conn = engine.db().reader().await?;
    let counts = publication::counts(&mut conn, person.person.0, side).await?;
    let filter = filter_of(ctx, reach_of(person, counts.iter().map(|(_, n)| n).sum()), side, query);
    let (rows, _) = publication_list::page(&mut conn, &filter, (Part::First, ROWS_MOST + 1), 0).await?;
    let rows = views_of(&mut conn, &rows, person).await?;
    drop(conn);
    let event = Event {
        detail: json!({ "format": format.ending(), "rows": rows.len(), "query": query }),
        ..Event::done(EVENT, "export", side.id())
    };
    audit::note(engine, ctx, event).await?;
    let cells = |row: PublicationRow| {
        let channels: Vec<&str> = row.channels.iter().map(words::channel).collect();
        let (kind, turn) = (words::publication_type(row.kind), words::whose_turn(row.turn));
        let (state, at) = (words::state(row.state), [row.turn_since.local_text(), row.updated_at.local_text()]);
        let [since, updated] = at;
        vec![row.service_id, row.name, channels.join("、"), kind.to_owned(), state.to_owned(), turn, since, updated]
    };
    let sheet = Sheet {
        name: format!("{}名称列表", words::side(side)),
        headings: &["服务ID", "服务名称", "发布端", "发布类型", "状态", "轮到谁", "轮到自", "更新时间"],
        rows: rows.into_iter().map(cells).collect(),
    };
    sheet.export(format).await
}

/// The rows of these publications as they are now, for a page that shows them; those out of reach are not among them.
/// At most [`PublicationQuery`]'s greatest page is looked at.
///
/// # Errors
/// As [`list`].
pub async fn rows(
    engine: &Engine,
    ctx: &Ctx,
    side: Side,
    ids: &[PublicationId],
    query: &PublicationQuery,
) -> Result<PublicationUpdate> {
    let person = ctx.with_role(&[Role::Staff])?;
    let mut conn = engine.db().reader().await?;
    let mut rows = Vec::new();
    for id in ids.iter().take(PAGE_MOST) {
        let reached = reach::publication(&mut conn, id.0, person.person).await?;
        let row = reached.filter(|it| it.administers).map(|it| it.row);
        rows.extend(row.filter(|row| Side::from_id(&row.side) == Some(side)));
    }
    let mut counts = publication::counts(&mut conn, person.person.0, side).await?;
    if is_counted(query) {
        let reach = reach_of(person, counts.iter().map(|(_, n)| n).sum());
        let filter = filter_of(ctx, reach, side, query);
        counts = publication::by_state(publication_list::count(&mut conn, &filter, COUNTED_MOST).await?)?;
    }
    let rows = views_of(&mut conn, &rows, person).await?;
    Ok(PublicationUpdate { rows, counts, now: ctx.now })
}

/// Whether a person administers so many publications that lists are better walked than theirs looked through.
pub(crate) async fn has_many(conn: &mut Conn, person: PersonId) -> StoreResult<bool> {
    let mut all = 0;
    for side in [Side::Service, Side::Governance] {
        all += publication::counts(conn, person.0, side).await?.iter().map(|(_, n)| n).sum::<i64>();
    }
    Ok(all > NARROW_MOST)
}

fn reach_of(person: &SignedIn, theirs: i64) -> Reach {
    if theirs <= NARROW_MOST { Reach::Narrow(person.person) } else { Reach::Wide(person.person) }
}

/// Whether the tabs count what the filter has; else the kept counts say it.
fn is_counted(query: &PublicationQuery) -> bool {
    query.is_filtered() || query.system.is_some()
}

fn filter_of(ctx: &Ctx, reach: Reach, side: Side, query: &PublicationQuery) -> Filter {
    let keyword = (ENV.nfkc)(&query.keyword).trim().to_ascii_lowercase();
    let key = text::parse_service_id(&keyword).map(i64::from);
    Filter {
        side,
        reach,
        system: query.system,
        state: query.state,
        key,
        keyword: Some(keyword).filter(|text| !text.is_empty() && key.is_none()),
        channel: query.channel.map(|channel| ChannelSet::of(&[channel]).bits()),
        region: query.region.map(domain::RegionCode::code),
        updated_from: query.days.map(|days| ctx.now.0 - i64::from(days) * DAY_MS),
    }
}

/// The rows with their menus; staff administer all that they list.
async fn views_of(conn: &mut Conn, rows: &[StoredRow], person: &SignedIn) -> StoreResult<Vec<PublicationRow>> {
    let known = facts::of_rows(conn, rows, person.person).await?;
    let view_of = |(row, known): (&StoredRow, facts::Known)| {
        let relation = Relation { administers: true, in_seat: known.in_seat, ..Relation::default() };
        let actor = Actor { person: person.person, roles: person.roles, relation };
        view::row(row, &known.facts, &actor)
    };
    rows.iter().zip(known).map(view_of).collect()
}
