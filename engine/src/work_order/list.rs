//! 我发起的 and 待我审批 (lifecycle.md, Work orders; screens.md, List page).

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::keyset::{COUNT_MOST, Page, Window};
use crate::publication::{ENV, has_many};
use crate::store::work_order_list::{self as store, Filter, Part, Whose};
use crate::store::{Conn, StoreResult, person};
use domain::query::WorkOrderQuery;
use domain::view::work_order::{WorkOrderPage, WorkOrderRow};
use domain::{OrderId, PersonId, PublicationId, Role, text};

/// 我发起的: a page of the tab.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn initiated(engine: &Engine, ctx: &Ctx, query: &WorkOrderQuery) -> Result<WorkOrderPage> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let tab = |over| Whose::Initiated { person, over };
    page(engine, ctx, query, tab(false), tab(true)).await
}

/// 待我审批: a page of the tab. 审批中 is what the person may decide now, 已完成 what they have decided.
///
/// # Errors
/// As [`initiated`].
pub async fn waiting(engine: &Engine, ctx: &Ctx, query: &WorkOrderQuery) -> Result<WorkOrderPage> {
    let person = ctx.with_role(&[Role::Reviewer, Role::Operator])?.person;
    page(engine, ctx, query, Whose::Waiting(person), Whose::Decided(person)).await
}

/// 全部工单: a page of the tab, for operators, who see everything.
///
/// # Errors
/// As [`initiated`].
pub async fn all(engine: &Engine, ctx: &Ctx, query: &WorkOrderQuery) -> Result<WorkOrderPage> {
    ctx.with_role(&[Role::Operator])?;
    page(engine, ctx, query, Whose::All { over: false }, Whose::All { over: true }).await
}

/// 所管系统的工单: a page of the tab, for staff: of the application systems that they administer, and what they asked to link.
///
/// # Errors
/// As [`initiated`].
pub async fn administered(engine: &Engine, ctx: &Ctx, query: &WorkOrderQuery) -> Result<WorkOrderPage> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let many = has_many(&mut engine.db().reader().await?, person).await?;
    let tab = |over| Whose::Administered { person, over, many };
    page(engine, ctx, query, tab(false), tab(true)).await
}

/// How many orders wait for the person: at most 1,000 are counted. 0 for whoever decides none.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub(crate) async fn waiting_count(conn: &mut Conn, ctx: &Ctx) -> Result<i64> {
    let person = ctx.person()?;
    if !person.roles.has(Role::Reviewer) && !person.roles.has(Role::Operator) {
        return Ok(0);
    }
    Ok(store::count(conn, Whose::Waiting(person.person), COUNT_MOST).await?)
}

async fn page(
    engine: &Engine,
    ctx: &Ctx,
    query: &WorkOrderQuery,
    in_review: Whose,
    over: Whose,
) -> Result<WorkOrderPage> {
    let mut conn = engine.db().reader().await?;
    let whose = if query.over { over } else { in_review };
    let keyword = (ENV.nfkc)(&query.keyword).trim().to_ascii_lowercase();
    let key = text::parse_service_id(&keyword).map(i64::from);
    let keyword = Some(keyword).filter(|text| !text.is_empty() && key.is_none());
    let clock = (ctx.now, engine.workshop().overdue_ms());
    let filter = Filter { whose, kind: query.kind, key, keyword, counted: query.counted.clone(), clock };
    let window = Window::new(query.from, query.size);
    let rows = store::rows(&mut conn, &filter, window.part(), window.limit()).await?;
    let Page { rows, newer, older } = window.page(rows, |row| row.key);
    Ok(WorkOrderPage {
        newer,
        older,
        keys: match whose {
            Whose::Waiting(_) => rows.iter().map(|_| engine.entropy().id(ctx.now)).collect(),
            _ => Vec::new(),
        },
        rows: rows.iter().map(store::ListedOrder::view).collect::<StoreResult<_>>()?,
        found: match query.is_filtered() {
            true => Some(store::found(&mut conn, &filter, COUNT_MOST).await?),
            false => None,
        },
        reviewer: match query.counted.reviewer {
            Some(reviewer) => person::by_id(&mut conn, reviewer).await?.map(|person| person.name),
            None => None,
        },
        in_review: store::count(&mut conn, in_review, COUNT_MOST).await?,
        over: store::count(&mut conn, over, COUNT_MOST).await?,
        now: ctx.now,
        heard: ctx.heard,
    })
}

/// Those that wait for the person longest, at most `limit`, and how many there are.
pub(crate) async fn oldest(conn: &mut Conn, person: PersonId, limit: i64) -> StoreResult<(Vec<WorkOrderRow>, i64)> {
    let whose = Whose::Waiting(person);
    let rows = store::rows(conn, &Filter::all(whose), Part::After(0), limit).await?;
    let rows = rows.iter().map(store::ListedOrder::view).collect::<StoreResult<_>>()?;
    Ok((rows, store::count(conn, whose, COUNT_MOST).await?))
}

/// Those of a publication, newest first, at most `limit`.
pub(crate) async fn of_publication(conn: &mut Conn, id: PublicationId, limit: i64) -> StoreResult<Vec<WorkOrderRow>> {
    let rows = store::rows(conn, &Filter::all(Whose::OfPublication(id.0)), Part::First, limit).await?;
    rows.iter().map(store::ListedOrder::view).collect()
}

/// This one.
pub(crate) async fn one(conn: &mut Conn, id: OrderId) -> StoreResult<Option<WorkOrderRow>> {
    let rows = store::rows(conn, &Filter::all(Whose::One(id.0)), Part::First, 1).await?;
    rows.first().map(store::ListedOrder::view).transpose()
}
