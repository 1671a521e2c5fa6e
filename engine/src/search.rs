//! 搜索 of the top bar: by a name or a 服务ID (screens.md, Shell). Staff find what they administer and the orders that they filed,
//! developers what names them, reviewers the orders that wait for them or that they decided, operators everything.

use crate::Engine;
use crate::application_system::{self, containing};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::publication::list::named;
use crate::publication::{ENV, view};
use crate::store::publication::PublicationRow;
use crate::store::publication_list::Reach;
use crate::store::{StoreResult, workbench_list};
use crate::work_order::list as orders;
use domain::query::WorkOrderQuery;
use domain::text::parse_service_id;
use domain::view::search::{Found, FoundPublication};
use domain::{PublicationId, Role, Side};

/// Of each kind, at most.
const MOST: u8 = 10;

/// What contains the text; nothing, for an empty one.
///
/// # Errors
/// [`crate::Error::NotSignedIn`]; the store fails.
pub async fn search(engine: &Engine, ctx: &Ctx, text: &str) -> Result<Found> {
    let person = ctx.person()?;
    let text = (ENV.nfkc)(text).trim().to_ascii_lowercase();
    let mut found = Found { publications: Vec::new(), systems: Vec::new(), orders: Vec::new(), now: ctx.now };
    if text.is_empty() {
        return Ok(found);
    }
    found.publications = publications(engine, ctx, &text).await?;
    if person.roles.has(Role::Staff) {
        found.systems = application_system::list(engine, ctx, &text, None).await?.rows;
        found.systems.truncate(usize::from(MOST));
    }
    for over in [false, true] {
        let query = WorkOrderQuery { keyword: text.clone(), over, size: MOST, ..WorkOrderQuery::default() };
        if person.roles.has(Role::Operator) {
            found.orders.extend(orders::all(engine, ctx, &query).await?.rows);
        }
        if person.roles.has(Role::Reviewer) {
            found.orders.extend(orders::waiting(engine, ctx, &query).await?.rows);
        }
        if person.roles.has(Role::Staff) {
            found.orders.extend(orders::initiated(engine, ctx, &query).await?.rows);
        }
    }
    found.orders.sort_by_key(|order| std::cmp::Reverse((order.filed_at, order.id)));
    found.orders.dedup_by_key(|order| order.id);
    found.orders.truncate(usize::from(MOST));
    Ok(found)
}

async fn publications(engine: &Engine, ctx: &Ctx, text: &str) -> Result<Vec<FoundPublication>> {
    let person = ctx.person()?;
    let limit = i64::from(MOST);
    let mut conn = engine.db().reader().await?;
    let reach = if person.roles.has(Role::Operator) {
        Some(Reach::All)
    } else {
        person.roles.has(Role::Staff).then_some(Reach::Wide(person.person))
    };
    let mut rows = Vec::new();
    for side in Side::ALL {
        if let Some(reach) = reach {
            rows.extend(named(&mut conn, ctx, reach, side, text, limit).await?);
        }
    }
    let mut found = rows.iter().map(|row| publication(row, false)).collect::<StoreResult<Vec<_>>>()?;
    if person.roles.has(Role::Developer) {
        let key = parse_service_id(text).map(i64::from);
        let theirs = workbench_list::like(&mut conn, person.person, (&containing(text), key), limit).await?;
        let others = theirs.iter().filter(|row| rows.iter().all(|other| other.id != row.id));
        found.extend(others.map(|row| publication(row, true)).collect::<StoreResult<Vec<_>>>()?);
    }
    found.truncate(usize::from(MOST));
    Ok(found)
}

fn publication(row: &PublicationRow, workbench: bool) -> StoreResult<FoundPublication> {
    Ok(FoundPublication {
        id: PublicationId(row.id),
        side: row.side()?,
        name: row.name.clone(),
        service_id: view::service_id(row.key),
        icon: row.icon.clone(),
        state: row.state()?,
        workbench,
    })
}

#[cfg(test)]
mod tests {
    use super::search;
    use crate::publication::ask::Ask;
    use crate::world::{approval, both};
    use crate::{Ctx, Error};

    impl crate::world::World {
        async fn finds(&self, ctx: &Ctx, text: &str) -> (Vec<String>, usize, usize) {
            let found = search(&self.engine, ctx, text).await.unwrap();
            let names = found.publications.into_iter().map(|found| found.name).collect();
            (names, found.systems.len(), found.orders.len())
        }
    }

    both! {
        async fn a_word_finds_what_the_person_may_see_and_nothing_else(w: World) {
            let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
            let p = w.registers(&wang, "杭州公交查询").await;
            w.registers(&wang, "出租车投诉").await;
            let v = w.uploads(p, "1.0.0").await;
            w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
            w.does(&wang, p, Ask::Accept(v)).await;
            w.does(&wang, p, approval()).await;
            let bus = || vec!["杭州公交查询".to_owned()];
            assert_eq!(w.finds(&wang, " 公交 ").await, (bus(), 1, 1), "a system has the word, too");
            for who in [&wang, &zhao] {
                assert_eq!(w.finds(who, "sv-00000001").await.0, bus());
            }
            assert_eq!(w.finds(&zhao, "公交").await, (bus(), 0, 0), "orders are not for developers");
            assert_eq!(w.finds(&w.request_of("limin").await, "公交").await, (Vec::new(), 0, 1), "it waits for her");
            assert_eq!(w.finds(&w.request_of("zhengkai").await, "公交").await, (bus(), 0, 1), "an operator sees everything");
            for (who, text) in [("chenjing", "公交"), ("sunyue", "公交"), ("weiping", "公交"), ("wangjianguo", "")] {
                assert_eq!(w.finds(&w.request_of(who).await, text).await, (Vec::new(), 0, 0), "{who} {text}");
            }
            let nobody = Ctx { signed_in: None, ..wang.clone() };
            assert!(matches!(search(&w.engine, &nobody, "公交").await, Err(Error::NotSignedIn)));
        }
    }
}
