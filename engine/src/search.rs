//! 搜索 of the top bar: by a name or a 服务ID, in all that the person's roles may see (screens.md, Shell).

use crate::Engine;
use crate::application_system::{self, containing};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::publication::{self, view};
use crate::store::publication::PublicationRow;
use crate::store::{StoreResult, workbench_list};
use crate::work_order::list as orders;
use domain::query::{PublicationQuery, WorkOrderQuery};
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
    let text = text.trim();
    let mut found = Found { publications: Vec::new(), systems: Vec::new(), orders: Vec::new(), now: ctx.now };
    if text.is_empty() {
        return Ok(found);
    }
    if person.roles.has(Role::Staff) {
        for side in Side::ALL {
            let query = PublicationQuery { keyword: text.to_owned(), size: MOST, ..PublicationQuery::default() };
            let page = publication::list(engine, ctx, side, &query).await?;
            found.publications.extend(page.rows.into_iter().map(|row| FoundPublication {
                id: row.id,
                side,
                name: row.name,
                service_id: row.service_id,
                icon: row.icon,
                state: row.state,
                workbench: false,
            }));
        }
        found.systems = application_system::list(engine, ctx, text, None).await?.rows;
        found.systems.truncate(usize::from(MOST));
    }
    if person.roles.has(Role::Developer) {
        let mut conn = engine.db().reader().await?;
        let key = parse_service_id(text).map(i64::from);
        let rows = workbench_list::like(&mut conn, person.person, (&containing(text), key), i64::from(MOST)).await?;
        found.publications.extend(rows.iter().map(on_the_workbench).collect::<StoreResult<Vec<_>>>()?);
    }
    for over in [false, true] {
        let query = WorkOrderQuery { keyword: text.to_owned(), over, size: MOST, ..WorkOrderQuery::default() };
        let page = if person.roles.has(Role::Operator) {
            orders::all(engine, ctx, &query).await?
        } else if person.roles.has(Role::Reviewer) {
            orders::waiting(engine, ctx, &query).await?
        } else if person.roles.has(Role::Staff) {
            orders::initiated(engine, ctx, &query).await?
        } else {
            break;
        };
        found.orders.extend(page.rows);
    }
    found.orders.truncate(usize::from(MOST));
    Ok(found)
}

fn on_the_workbench(row: &PublicationRow) -> StoreResult<FoundPublication> {
    Ok(FoundPublication {
        id: PublicationId(row.id),
        side: row.side()?,
        name: row.name.clone(),
        service_id: view::service_id(row.key),
        icon: row.icon.clone(),
        state: row.state()?,
        workbench: true,
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
            assert_eq!(w.finds(&w.request_of("zhengkai").await, "公交").await.2, 1);
            for (who, text) in [("chenjing", "公交"), ("sunyue", "公交"), ("weiping", "公交"), ("wangjianguo", "")] {
                assert_eq!(w.finds(&w.request_of(who).await, text).await, (Vec::new(), 0, 0), "{who} {text}");
            }
            let nobody = Ctx { signed_in: None, ..wang.clone() };
            assert!(matches!(search(&w.engine, &nobody, "公交").await, Err(Error::NotSignedIn)));
        }
    }
}
