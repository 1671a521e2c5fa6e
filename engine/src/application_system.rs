//! 应用系统: the department's systems that a staff member administers (lifecycle.md, Who and what).

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::store::application_system as store;
use domain::Role;
use domain::view::application_system::{SystemPage, SystemView};

/// Rows of a page.
const PAGE: i64 = 20;

/// A page of those that the person administers, newest first: those whose name, Chinese or English, contains `keyword`, after
/// the one with the key `before`.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, keyword: &str, before: Option<i64>) -> Result<SystemPage> {
    let person = ctx.with_role(&[Role::Staff])?.person;
    let pattern = containing(keyword);
    let mut conn = engine.db().reader().await?;
    let total = store::count_administered_by(&mut conn, person, &pattern).await?;
    let mut rows = store::administered_by(&mut conn, person, &pattern, before.unwrap_or(i64::MAX), PAGE + 1).await?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.key);
    let view = |row: store::SystemRow| SystemView {
        id: row.id,
        name: row.name,
        english_name: row.english_name,
        department: row.department,
        region: row.region,
    };
    Ok(SystemPage { rows: rows.into_iter().map(view).collect(), total, next })
}

/// The pattern of LIKE for what contains the keyword, in lower case; its own wildcards are taken literally.
fn containing(keyword: &str) -> String {
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
