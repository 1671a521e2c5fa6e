//! What is kept in numbered versions, one table each: who made which, and when. No version is ever changed.

use super::{Conn, StoreError, StoreResult, on};
use domain::UtcMillis;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// Whose versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    /// 限制.
    LimitSet,
    /// 检测规则.
    RuleSet,
    /// 审批路由.
    Routing,
    /// 登录策略.
    SignInPolicy,
}

/// One version, with who made it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct VersionRow {
    pub(crate) number: i64,
    /// JSON.
    pub(crate) content: String,
    pub(crate) by: String,
    pub(crate) made_at: i64,
}

/// The statements of a table.
struct Texts {
    /// Its column of JSON.
    content: &'static str,
    newest_number: &'static str,
    below: &'static str,
    of: &'static str,
    insert: &'static str,
}

/// Of the table with this name and this column of JSON.
macro_rules! texts {
    ($table:literal, $content:literal) => {
        Texts {
            content: concat!($table, ".", $content),
            newest_number: concat!("SELECT COALESCE(MAX(number), 0) FROM ", $table),
            below: concat!(texts!(@read $table, $content), " WHERE v.number < $1 ORDER BY v.number DESC LIMIT $2"),
            of: concat!(texts!(@read $table, $content), " WHERE v.number = $1"),
            insert: concat!(
                "INSERT INTO ", $table, " (number, ", $content, ", person_id, made_at) VALUES ($1, $2, $3, $4)"
            ),
        }
    };
    (@read $table:literal, $content:literal) => {
        concat!(
            "SELECT v.number, v.", $content, " AS content, p.name AS by, v.made_at FROM ", $table,
            " AS v JOIN person AS p ON p.id = v.person_id"
        )
    };
}

impl Table {
    /// Its name, which is the noun of the audit log, too.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::LimitSet => "limit_set",
            Self::RuleSet => "rule_set",
            Self::Routing => "routing",
            Self::SignInPolicy => "sign_in_policy",
        }
    }

    /// A version can't be read, and why.
    pub(crate) const fn unreadable(self, why: String) -> StoreError {
        StoreError::Unreadable { what: self.texts().content, value: why }
    }

    const fn texts(self) -> Texts {
        match self {
            Self::LimitSet => texts!("limit_set", "changed"),
            Self::RuleSet => texts!("rule_set", "changed"),
            Self::Routing => texts!("routing", "rules"),
            Self::SignInPolicy => texts!("sign_in_policy", "policy"),
        }
    }
}

/// The versions below this number, newest first, at most `limit`.
pub(crate) async fn below(conn: &mut Conn, table: Table, number: i64, limit: i64) -> StoreResult<Vec<VersionRow>> {
    on!(conn, c => Ok(sqlx::query_as(table.texts().below).bind(number).bind(limit).fetch_all(c).await?))
}

/// The number of the newest version; 0: nobody made one.
pub(crate) async fn newest_number(conn: &mut Conn, table: Table) -> StoreResult<i64> {
    on!(conn, c => Ok(sqlx::query_scalar(table.texts().newest_number).fetch_one(c).await?))
}

/// The version of this number.
pub(crate) async fn of(conn: &mut Conn, table: Table, number: i64) -> StoreResult<Option<VersionRow>> {
    on!(conn, c => Ok(sqlx::query_as(table.texts().of).bind(number).fetch_optional(c).await?))
}

/// One more.
///
/// # Errors
/// [`StoreError::Unique`]: somebody else made this number first.
pub(crate) async fn insert(
    conn: &mut Conn,
    table: Table,
    number: i64,
    content: &str,
    person: Uuid,
    now: UtcMillis,
) -> StoreResult<()> {
    on!(conn, c => sqlx::query(table.texts().insert)
        .bind(number)
        .bind(content)
        .bind(person)
        .bind(now.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}
