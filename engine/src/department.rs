//! 部门: the catalogue of departments, for the system administrator, who imports it.

use crate::Engine;
use crate::application_system::containing;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::store::department::{self as store, ListedDepartment};
use domain::Role;
use domain::view::department::{DepartmentPage, DepartmentView};

/// Rows of a page.
const PAGE: i64 = 20;

/// A page of them by name: those whose name or 浙政钉 id contains `keyword`, after the one with the name `after`.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, keyword: &str, after: Option<&str>) -> Result<DepartmentPage> {
    ctx.with_role(&[Role::SystemAdministrator])?;
    let (pattern, after) = (containing(keyword), after.unwrap_or_default().replace('\0', ""));
    let mut conn = engine.db().reader().await?;
    let total = store::count(&mut conn, &pattern).await?;
    let mut rows = store::listed(&mut conn, &pattern, &after, PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.name.clone());
    Ok(DepartmentPage { rows: rows.into_iter().map(view).collect(), total, next })
}

fn view(row: ListedDepartment) -> DepartmentView {
    let ListedDepartment { name, dingtalk_id, region, systems, people } = row;
    DepartmentView { name, dingtalk_id, region, systems, people }
}
