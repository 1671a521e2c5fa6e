//! Accounts as administrators keep them: the list, and what is written over (identity.md, The three administrators).

pub(crate) use super::statement::Part;
use super::statement::{KeyColumn, Statement};
use super::{Conn, StoreResult, on};
use domain::{PersonId, Role, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// What administrators keep of an account.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct KnownPerson {
    pub(crate) id: Uuid,
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) department_id: Option<Uuid>,
    pub(crate) mobile: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) dingtalk_id: Option<i64>,
    pub(crate) active: bool,
    /// One of the three administrators.
    pub(crate) is_administrator: bool,
}

/// All accounts.
pub(crate) async fn known(conn: &mut Conn) -> StoreResult<Vec<KnownPerson>> {
    const SQL: &str = "SELECT p.id, p.account, p.name, p.department_id, p.mobile, p.email, p.dingtalk_id, p.active,
            EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = p.id
                AND r.role IN ('system_administrator', 'security_administrator', 'auditor')) AS is_administrator
        FROM person AS p";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}

/// Writes over what is kept, but whether it is active. Contacts of a number that the account had are 联系人待确认 from now on: whoever
/// gets the number does not get what it opened (lifecycle.md, 开发商联系方式).
pub(crate) async fn update(conn: &mut Conn, row: &KnownPerson) -> StoreResult<()> {
    const SUSPEND: &str = "UPDATE publication_contact SET suspended = TRUE
        WHERE mobile = (SELECT mobile FROM person WHERE id = $1 AND mobile <> $2)";
    let mobile = row.mobile.as_deref().unwrap_or_default();
    on!(conn, c => sqlx::query(SUSPEND).bind(row.id).bind(mobile).execute(c).await.map(|_| ()))?;
    const SQL: &str = "UPDATE person SET name = $2, department_id = $3, mobile = $4, email = $5, dingtalk_id = $6
        WHERE id = $1";
    on!(conn, c => sqlx::query(SQL)
        .bind(row.id)
        .bind(&row.name)
        .bind(row.department_id)
        .bind(&row.mobile)
        .bind(&row.email)
        .bind(row.dingtalk_id)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// What is read of the account after this stays so until the transaction is over: also its roles, since whoever changes them locks it first.
pub(crate) async fn lock(conn: &mut Conn, id: PersonId) -> StoreResult<()> {
    const LOCK: &str = "UPDATE person SET active = active WHERE id = $1";
    on!(conn, c => sqlx::query(LOCK).bind(id.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Whether the account is an administrator's; that stays so until the transaction is over.
pub(crate) async fn hold(conn: &mut Conn, id: PersonId) -> StoreResult<bool> {
    lock(conn, id).await?;
    Ok(super::seat::of(conn, id).await?.iter().any(|seat| seat.role.is_administrator()))
}

/// Why nobody comes into an account from elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shut {
    /// The account is disabled.
    Stopped,
    /// Administrators sign in by password and one-time code.
    Administrator,
}

/// Whether the account is shut to those who come from elsewhere; that stays so until the transaction is over.
pub(crate) async fn hold_open(conn: &mut Conn, id: PersonId) -> StoreResult<Option<Shut>> {
    const ACTIVE: &str = "SELECT COUNT(*) FROM person WHERE id = $1 AND active = TRUE";
    let administrators = hold(conn, id).await?;
    let active: i64 = on!(conn, c => sqlx::query_scalar(ACTIVE).bind(id.0).fetch_one(c).await)?;
    Ok(if active == 0 { Some(Shut::Stopped) } else { administrators.then_some(Shut::Administrator) })
}

/// The account of this id.
pub(crate) async fn of(conn: &mut Conn, id: PersonId) -> StoreResult<Option<PersonRow>> {
    let mut statement = Statement::starting(COLUMNS);
    statement.add(" AND p.id = ?", vec![id.0.into()]);
    Ok(statement.rows(conn).await?.into_iter().next())
}

/// 停用 or 启用; whether it was otherwise before.
pub(crate) async fn set_active(conn: &mut Conn, id: PersonId, active: bool) -> StoreResult<bool> {
    const SQL: &str = "UPDATE person SET active = $2 WHERE id = $1 AND active <> $2";
    let rows = on!(conn, c => sqlx::query(SQL).bind(id.0).bind(active).execute(c).await.map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// Nothing that was given to the person lets anybody in any more: sessions, activation, API tokens.
pub(crate) async fn shut_out(conn: &mut Conn, id: PersonId, now: UtcMillis) -> StoreResult<()> {
    const TOKENS: &str = "UPDATE api_token SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL";
    super::account::end_sessions(conn, id).await?;
    on!(conn, c => sqlx::query("DELETE FROM activation WHERE person_id = $1").bind(id.0).execute(c).await.map(|_| ()))?;
    on!(conn, c => sqlx::query(TOKENS).bind(id.0).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A row of the list.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct PersonRow {
    /// In order of creation.
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) department: Option<String>,
    pub(crate) department_id: Option<Uuid>,
    pub(crate) mobile: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) dingtalk_id: Option<i64>,
    pub(crate) active: bool,
    /// There is a password.
    pub(crate) activated: bool,
}

impl PersonRow {
    /// What administrators keep of it.
    pub(crate) fn kept(&self, is_administrator: bool) -> KnownPerson {
        KnownPerson {
            id: self.id,
            account: self.account.clone(),
            name: self.name.clone(),
            department_id: self.department_id,
            mobile: self.mobile.clone(),
            email: self.email.clone(),
            dingtalk_id: self.dingtalk_id,
            active: self.active,
            is_administrator,
        }
    }
}

/// What is searched for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// A pattern of LIKE, in lower case: of name, account, department.
    pub(crate) pattern: Option<String>,
    /// A whole mobile number.
    pub(crate) mobile: Option<String>,
    pub(crate) active: Option<bool>,
    pub(crate) activated: Option<bool>,
    pub(crate) role: Option<Role>,
    /// Official region code of a seat.
    pub(crate) region: Option<String>,
    /// Whoever has no role at all.
    pub(crate) without_role: bool,
}

const COLUMNS: &str = "SELECT p.key, p.id, p.account, p.name, d.name AS department, p.department_id, p.mobile, p.email,
        p.dingtalk_id, p.active, p.password_hash IS NOT NULL AS activated
    FROM person AS p LEFT JOIN department AS d ON d.id = p.department_id WHERE TRUE";

const BY_KEY: KeyColumn = KeyColumn {
    below: " AND p.key < ?",
    above: " AND p.key > ?",
    ascending: " ORDER BY p.key ASC LIMIT ?",
    descending: " ORDER BY p.key DESC LIMIT ?",
};

/// Rows of the list, newest first (with [`Part::After`]: nearest first), at most `limit`.
pub(crate) async fn rows(conn: &mut Conn, filter: &Filter, part: Part, limit: i64) -> StoreResult<Vec<PersonRow>> {
    let mut statement = Statement::starting(COLUMNS);
    filter.narrow(&mut statement);
    statement.add_part(&BY_KEY, part, limit);
    statement.rows(conn).await
}

/// How many there are, counted up to `most`.
pub(crate) async fn count(conn: &mut Conn, filter: &Filter, most: i64) -> StoreResult<i64> {
    let mut statement = Statement::starting(
        "SELECT COUNT(*) FROM (SELECT p.key FROM person AS p LEFT JOIN department AS d ON d.id = p.department_id
        WHERE TRUE",
    );
    filter.narrow(&mut statement);
    statement.add(" LIMIT ?) AS found", vec![most.into()]);
    let rows: Vec<(i64,)> = statement.rows(conn).await?;
    Ok(rows.first().map_or(0, |(n,)| *n))
}

impl Filter {
    fn narrow(&self, statement: &mut Statement) {
        match (&self.pattern, &self.mobile) {
            (_, Some(mobile)) => statement.add(" AND p.mobile = ?", vec![mobile.as_str().into()]),
            (Some(pattern), None) => {
                let like = " AND (LOWER(p.name) LIKE ? ESCAPE '\\' OR p.account LIKE ? ESCAPE '\\'
                    OR LOWER(d.name) LIKE ? ESCAPE '\\')";
                let pattern = pattern.as_str();
                statement.add(like, vec![pattern.into(), pattern.into(), pattern.into()]);
            }
            (None, None) => {}
        }
        match self.active {
            Some(true) => statement.add(" AND p.active = TRUE", Vec::new()),
            Some(false) => statement.add(" AND p.active = FALSE", Vec::new()),
            None => {}
        }
        match self.activated {
            Some(true) => statement.add(" AND p.password_hash IS NOT NULL", Vec::new()),
            Some(false) => statement.add(" AND p.password_hash IS NULL", Vec::new()),
            None => {}
        }
        if self.without_role {
            statement.add(" AND NOT EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = p.id)", Vec::new());
        }
        match (self.role, &self.region) {
            (Some(role), Some(region)) => {
                const SQL: &str = " AND EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = p.id
                    AND r.role = ? AND r.region = ?)";
                statement.add(SQL, vec![role.id().into(), region.as_str().into()]);
            }
            (Some(role), None) => {
                const SQL: &str =
                    " AND EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = p.id AND r.role = ?)";
                statement.add(SQL, vec![role.id().into()]);
            }
            (None, Some(region)) => {
                const SQL: &str =
                    " AND EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = p.id AND r.region = ?)";
                statement.add(SQL, vec![region.as_str().into()]);
            }
            (None, None) => {}
        }
    }
}
