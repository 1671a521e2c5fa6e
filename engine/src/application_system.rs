//! 应用系统: the department's systems that a staff member administers (lifecycle.md, Who and what).

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::store::application_system as store;
use crate::store::{Conn, StoreResult};
use domain::view::application_system::{SystemPage, SystemView};
use domain::{PersonId, Role};
use std::collections::HashMap;

/// Rows of a page.
const PAGE: i64 = 20;

/// What a form offers to choose from, at most; who has more comes from the list of systems.
const CHOICES: i64 = 500;

/// A page of those that the person administers, for the system administrator of all, newest first: those whose name, Chinese or
/// English, contains `keyword`, after the one with the key `before`.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, keyword: &str, before: Option<i64>) -> Result<SystemPage> {
    let who = ctx.with_role(&[Role::Staff, Role::SystemAdministrator])?;
    let (person, sees_all) = (who.person, who.roles.has(Role::SystemAdministrator));
    let (pattern, before) = (containing(keyword), before.unwrap_or(i64::MAX));
    let mut conn = engine.db().reader().await?;
    let (total, mut rows) = match sees_all {
        true => {
            let total = store::count_all(&mut conn, &pattern).await?;
            (total, store::all(&mut conn, &pattern, before, PAGE + 1).await?)
        }
        false => {
            let total = store::count_administered_by(&mut conn, person, &pattern).await?;
            (total, store::administered_by(&mut conn, person, &pattern, before, PAGE + 1).await?)
        }
    };
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.key);
    let mut of = if sees_all { administrators(&mut conn, &rows).await? } else { HashMap::new() };
    let row = |row: store::SystemRow| {
        let administrators = of.remove(&row.key).unwrap_or_default();
        SystemView { administrators, ..view(row) }
    };
    Ok(SystemPage { rows: rows.into_iter().map(row).collect(), total, next, all: sees_all })
}

/// The names of who administers each system, by its key.
async fn administrators(conn: &mut Conn, rows: &[store::SystemRow]) -> StoreResult<HashMap<i64, Vec<String>>> {
    let keys = serde_json::json!(rows.iter().map(|row| row.key).collect::<Vec<_>>()).to_string();
    let mut of: HashMap<i64, Vec<String>> = HashMap::new();
    for (key, name) in store::administrators(conn, &keys).await? {
        of.entry(key).or_default().push(name);
    }
    Ok(of)
}

/// Those that the person administers, for a form to choose from: the newest [`CHOICES`].
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub(crate) async fn choices(engine: &Engine, ctx: &Ctx) -> Result<Vec<SystemView>> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let mut conn = engine.db().reader().await?;
    let rows = store::administered_by(&mut conn, person, &containing(""), i64::MAX, CHOICES).await?;
    Ok(rows.into_iter().map(view).collect())
}

/// Those of a department, by its name, that the person administers.
///
/// # Errors
/// The store fails.
pub(crate) async fn administered_in(
    conn: &mut Conn,
    person: PersonId,
    department: &str,
) -> StoreResult<Vec<SystemView>> {
    Ok(store::administered_in(conn, person, department).await?.into_iter().map(view).collect())
}

fn view(row: store::SystemRow) -> SystemView {
    SystemView {
        id: row.id,
        name: row.name,
        english_name: row.english_name,
        department: row.department,
        department_dingtalk_id: row.department_dingtalk_id,
        region: row.region,
        administrators: Vec::new(),
    }
}

/// The pattern of LIKE for what contains the keyword, in lower case; its own wildcards are taken literally.
pub(crate) fn containing(keyword: &str) -> String {
    let mut pattern = String::from("%");
    for c in keyword.trim().to_lowercase().chars().filter(|c| !c.is_control()) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::containing;

    #[test]
    fn wildcards_in_a_keyword_are_letters() {
        assert_eq!(containing(" 公交_Bus% "), "%公交\\_bus\\%%");
        assert_eq!(containing(""), "%%");
    }
}
