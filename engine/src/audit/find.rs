//! What the texts of a search mean: people by name or account, objects by the name that screens show, by 服务ID or by id.

use super::list::{STRANGER, SYSTEM};
use crate::application_system::containing;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::publication::list::named;
use crate::store::audit_list::{Filter, Scope, Who};
use crate::store::publication_list::Reach;
use crate::store::{Conn, StoreResult, audit_object as store};
use domain::Side;
use domain::query::AuditQuery;
use domain::text::parse_service_id;
use domain::words;

/// Of each kind, so many are looked for at most: each is a walk of the log.
const MOST: i64 = 20;

/// Orders and versions of one publication that are looked for with it.
const PARTS_MOST: i64 = 50;

/// The filter of a query; and whether more fits its texts than is looked for.
pub(super) async fn filter(conn: &mut Conn, ctx: &Ctx, scope: Scope, query: &AuditQuery) -> Result<(Filter, bool)> {
    let mut cut = false;
    let who = match query.who.as_str() {
        "" => None,
        SYSTEM => Some(vec![Who::Nobody]),
        STRANGER => Some(vec![Who::Stranger]),
        text => Some(people(conn, text, &mut cut).await?),
    };
    let objects = match query.object.as_str() {
        "" => None,
        text => Some(objects(conn, ctx, (&query.kind, text), &mut cut).await?),
    };
    let filter = Filter {
        scope,
        who,
        objects,
        kind: given(&query.kind),
        action: given(&query.action),
        done: query.done,
        since: query.since.map(domain::time::Date::begin),
        until: query.until.map(domain::time::Date::end),
    };
    Ok((filter, cut))
}

fn given(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Also who was refused under such an account, whoever that was.
async fn people(conn: &mut Conn, text: &str, cut: &mut bool) -> StoreResult<Vec<Who>> {
    let mut found = store::people_like(conn, &containing(text), MOST + 1).await?;
    shorten(&mut found, cut);
    let mut accounts = vec![text.to_lowercase()];
    accounts.extend(found.iter().map(|person| person.account.clone()));
    accounts.sort();
    accounts.dedup();
    let people = found.into_iter().map(|person| Who::Person(person.id));
    Ok(people.chain(accounts.into_iter().map(Who::Account)).collect())
}

/// A publication with its orders, versions and exports, where the text means one.
async fn objects(
    conn: &mut Conn,
    ctx: &Ctx,
    (kind, text): (&str, &str),
    cut: &mut bool,
) -> StoreResult<Vec<(&'static str, String)>> {
    let lower = text.to_lowercase();
    let pattern = containing(text);
    let mut found: Vec<(&'static str, String)> =
        words::AUDIT_OBJECTS.iter().map(|(kind, _)| (*kind, lower.clone())).collect();
    let mut publications = Vec::new();
    for side in Side::ALL {
        publications.extend(named(conn, ctx, Reach::All, side, text, MOST + 1).await?.into_iter().map(|row| row.id));
    }
    if parse_service_id(text).is_none() {
        publications.extend(store::stock_like(conn, &pattern, &lower, MOST + 1).await?);
    }
    shorten(&mut publications, cut);
    if let [one] = publications.as_slice() {
        let (orders, versions) = store::of_publication(conn, *one, PARTS_MOST).await?;
        found.extend(orders.into_iter().map(|id| ("work_order", id.to_string())));
        found.extend(versions.into_iter().map(|id| ("version", id.to_string())));
    }
    for id in publications {
        found.extend(["publication", "export", "stock"].map(|kind| (kind, id.to_string())));
    }
    let mut people = store::people_like(conn, &pattern, MOST + 1).await?;
    shorten(&mut people, cut);
    for person in people {
        found.push(("person", person.id.to_string()));
        found.push(("account", person.account));
    }
    let mut channels = store::channels_like(conn, &pattern, MOST + 1).await?;
    shorten(&mut channels, cut);
    found.extend(channels.into_iter().map(|id| ("channel", id.to_string())));
    let mut departments = store::departments_like(conn, &pattern, &lower, MOST + 1).await?;
    shorten(&mut departments, cut);
    found.extend(departments.into_iter().map(|id| ("department", id.to_string())));
    let mut systems = store::application_systems_like(conn, &pattern, MOST + 1).await?;
    shorten(&mut systems, cut);
    found.extend(systems.into_iter().map(|id| ("application_system", id.to_string())));
    found.retain(|(of, _)| kind.is_empty() || *of == kind);
    found.sort();
    found.dedup();
    Ok(found)
}

fn shorten<T>(found: &mut Vec<T>, cut: &mut bool) {
    let most = usize::try_from(MOST).unwrap_or_default();
    *cut |= found.len() > most;
    found.truncate(most);
}
