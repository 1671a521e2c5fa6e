//! The stock list (screens.md, List page).

use super::look::with_order;
use crate::Engine;
use crate::application_system::containing;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::keyset::{Page, Window};
use crate::publication::ENV;
use crate::store::stock::{self as store, Filter, Whose};
use domain::query::StockQuery;
use domain::view::stock::StockPage;
use domain::{Role, StockState};

/// Who sees it: staff those of the departments whose systems they administer, operators and the system administrator all.
const VIEWERS: [Role; 3] = [Role::Staff, Role::Operator, Role::SystemAdministrator];

/// A page of the list.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, query: &StockQuery) -> Result<StockPage> {
    let person = ctx.with_role(&VIEWERS)?;
    let by = [Role::Operator, Role::SystemAdministrator].into_iter().find(|role| person.roles.has(*role));
    let whose = if by.is_some() { Whose::All } else { Whose::Of(person.person) };
    let keyword = ENV.clean(&query.keyword);
    let pattern = Some(keyword.as_str()).filter(|text| !text.is_empty()).map(containing);
    let filter = Filter { whose, state: query.state, pattern };
    let mut conn = engine.db().reader().await?;
    let window = Window::new(query.from, query.size);
    let rows = store::rows(&mut conn, &filter, person.person, window.part(), window.limit()).await?;
    let Page { rows, newer, older } = window.page(rows, |row| row.key);
    let mut shown = Vec::with_capacity(rows.len());
    for row in rows {
        shown.push(with_order(&mut conn, person, row).await?.view());
    }
    let counted = store::counts(&mut conn, whose).await?;
    let count = |state| counted.iter().find(|(of, _)| *of == state).map_or(0, |(_, n)| *n);
    let viewer = by.unwrap_or(Role::Staff);
    Ok(StockPage { rows: shown, counts: StockState::ALL.map(count), newer, older, viewer, heard: ctx.heard })
}
