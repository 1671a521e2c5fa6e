//! 存量应用: the rows, and what a person is to them.

pub(crate) use super::statement::Part;
use super::statement::{KeyColumn, Statement, Value};
use super::work_order::{OpenRow, open_columns, unreadable};
use super::{Conn, StoreError, StoreResult, on};
use domain::{PersonId, State, StockState, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A stock application, with what one person is to it.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct StockRow {
    /// In order of the first import.
    pub(crate) key: i64,
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) original_id: String,
    pub(crate) name: String,
    pub(crate) english_name: String,
    pub(crate) department: String,
    listed: String,
    pub(crate) address: String,
    state: String,
    pub(crate) refusal: String,
    /// The last order.
    pub(crate) order_id: Option<Uuid>,
    /// Administers a system of its department: sees it in the list.
    pub(crate) sees: bool,
    /// Administers the system that the last 关联 names.
    pub(crate) of_system: bool,
    /// Filed the last 关联.
    pub(crate) own_order: bool,
}

impl StockRow {
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn state(&self) -> StoreResult<StockState> {
        StockState::from_id(&self.state).ok_or_else(|| unreadable("stock_application.state", &self.state))
    }

    /// Where the old platform has it.
    ///
    /// # Errors
    /// As [`Self::state`].
    pub(crate) fn listed(&self) -> StoreResult<State> {
        State::from_id(&self.listed).ok_or_else(|| unreadable("stock_application.listed", &self.listed))
    }
}

/// Whose list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// Those of the departments whose systems the person administers.
    Of(PersonId),
    /// All.
    All,
}

/// What is listed.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) whose: Whose,
    pub(crate) state: Option<StockState>,
    /// A pattern of LIKE, in lower case.
    pub(crate) pattern: Option<String>,
}

const BY_STOCK: KeyColumn = KeyColumn {
    below: " AND x.key < ?",
    above: " AND x.key > ?",
    ascending: " ORDER BY x.key ASC LIMIT ?",
    descending: " ORDER BY x.key DESC LIMIT ?",
};

/// With three placeholders for the person who looks.
const COLUMNS: &str = "SELECT x.key, x.id, x.version, x.original_id, x.name, x.english_name,
        d.name AS department, x.listed, x.address, x.state, x.refusal,
        (SELECT o.id FROM work_order AS o WHERE o.stock_id = x.id ORDER BY o.key DESC LIMIT 1) AS order_id,
        EXISTS (SELECT 1 FROM application_system_administrator AS a JOIN application_system AS y ON y.id = a.system_id
            WHERE a.person_id = ? AND y.department_id = x.department_id) AS sees,
        EXISTS (SELECT 1 FROM application_system_administrator AS a JOIN application_system AS y ON y.id = a.system_id
            WHERE a.person_id = ? AND y.id = x.system_id) AS of_system,
        COALESCE((SELECT o.initiator_id FROM work_order AS o WHERE o.stock_id = x.id ORDER BY o.key DESC LIMIT 1) = ?, FALSE)
            AS own_order
    FROM stock_application AS x JOIN department AS d ON d.id = x.department_id WHERE ";

/// Rows of the list as they are to `person`, last imported first (with [`Part::After`]: nearest first), at most `limit`.
pub(crate) async fn rows(
    conn: &mut Conn,
    filter: &Filter,
    person: PersonId,
    part: Part,
    limit: i64,
) -> StoreResult<Vec<StockRow>> {
    let mut statement = looked_at_by(person);
    narrow(&mut statement, filter.whose);
    if let Some(state) = filter.state {
        statement.add(" AND x.state = ?", vec![state.id().into()]);
    }
    if let Some(pattern) = &filter.pattern {
        let like = " AND (LOWER(x.name) LIKE ? ESCAPE '\\' OR LOWER(x.english_name) LIKE ? ESCAPE '\\'
            OR LOWER(x.original_id) LIKE ? ESCAPE '\\')";
        let pattern = pattern.as_str();
        statement.add(like, vec![pattern.into(), pattern.into(), pattern.into()]);
    }
    statement.add_part(&BY_STOCK, part, limit);
    statement.rows(conn).await
}

/// This one, as it is to the person.
pub(crate) async fn of(conn: &mut Conn, id: Uuid, person: PersonId) -> StoreResult<Option<StockRow>> {
    let mut statement = looked_at_by(person);
    statement.add("x.id = ?", vec![id.into()]);
    Ok(statement.rows(conn).await?.into_iter().next())
}

fn looked_at_by(person: PersonId) -> Statement {
    let mut statement = Statement::starting("");
    statement.add(COLUMNS, vec![person.0.into(), person.0.into(), person.0.into()]);
    statement
}

fn narrow(statement: &mut Statement, whose: Whose) {
    const OF: &str = "x.department_id IN (SELECT y.department_id FROM application_system_administrator AS a
        JOIN application_system AS y ON y.id = a.system_id WHERE a.person_id = ?)";
    match whose {
        Whose::Of(person) => statement.add(OF, vec![person.0.into()]),
        Whose::All => statement.add("TRUE", Vec::new()),
    }
}

/// How many there are in each state.
pub(crate) async fn counts(conn: &mut Conn, whose: Whose) -> StoreResult<Vec<(StockState, i64)>> {
    let mut statement = Statement::starting("SELECT x.state, COUNT(*) FROM stock_application AS x WHERE ");
    narrow(&mut statement, whose);
    statement.add(" GROUP BY x.state", Vec::new());
    let rows: Vec<(String, i64)> = statement.rows(conn).await?;
    let known = |(id, n): (String, i64)| {
        Ok((StockState::from_id(&id).ok_or_else(|| unreadable("stock_application.state", &id))?, n))
    };
    rows.into_iter().map(known).collect()
}

/// Its undecided order, as this person sees it.
pub(crate) async fn open(conn: &mut Conn, id: Uuid, person: PersonId) -> StoreResult<Option<OpenRow>> {
    const SQL: &str = concat!(
        "SELECT x.key AS publication_key, ",
        open_columns!("x.system_id"),
        " FROM stock_application AS x JOIN work_order AS o ON o.stock_id = x.id AND o.status = 'in_review'
        JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step WHERE x.id = $1"
    );
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).bind(person.0).fetch_optional(c).await?))
}

/// The step of the aggregate.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) stock: Uuid,
    /// The version that the decision saw.
    pub(crate) expects: i64,
    pub(crate) from: StockState,
    pub(crate) to: StockState,
    pub(crate) now: UtcMillis,
}

/// Takes the aggregate one version further.
///
/// # Errors
/// [`StoreError::Conflict`]: it is not as the decision saw it.
pub(crate) async fn advance(conn: &mut Conn, step: &Step) -> StoreResult<()> {
    const SQL: &str = "UPDATE stock_application SET version = version + 1, state = $4, updated_at = $5
        WHERE id = $1 AND version = $2 AND state = $3";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(step.stock)
        .bind(step.expects)
        .bind(step.from.id())
        .bind(step.to.id())
        .bind(step.now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Which 应用系统 the 关联 names.
pub(crate) async fn ask_for(conn: &mut Conn, id: Uuid, system: Uuid) -> StoreResult<()> {
    const SQL: &str = "UPDATE stock_application SET system_id = $2 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(id).bind(system).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Why it was refused, for the list.
pub(crate) async fn set_refusal(conn: &mut Conn, id: Uuid, reason: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE stock_application SET refusal = $2 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(id).bind(reason).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// What an import knows of a row that is there.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct KnownRow {
    pub(crate) id: Uuid,
    pub(crate) original_id: String,
    pub(crate) name: String,
    pub(crate) english_name: String,
    pub(crate) department_id: Uuid,
    pub(crate) listed: String,
    pub(crate) address: String,
    pub(crate) state: String,
}

/// All rows.
pub(crate) async fn known(conn: &mut Conn) -> StoreResult<Vec<KnownRow>> {
    const SQL: &str =
        "SELECT id, original_id, name, english_name, department_id, listed, address, state FROM stock_application";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}

/// What an import writes.
#[derive(Debug, Clone)]
pub(crate) struct Imported {
    pub(crate) id: Uuid,
    pub(crate) original_id: String,
    pub(crate) name: String,
    pub(crate) english_name: String,
    pub(crate) department: Uuid,
    pub(crate) listed: State,
    pub(crate) address: String,
    pub(crate) now: UtcMillis,
}

/// A new row. 原应用ID is unique (`stock_application_original_id_key`).
pub(crate) async fn insert(conn: &mut Conn, new: &Imported) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO stock_application (id, version, original_id, name, english_name, department_id, listed,
            address, state, refusal, created_at, updated_at)
        VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 'unlinked', '', $8, $8)";
    let text = |text: &str| Value::Text(text.to_owned());
    let values = vec![
        new.id.into(),
        text(&new.original_id),
        text(&new.name),
        text(&new.english_name),
        new.department.into(),
        new.listed.id().into(),
        text(&new.address),
        new.now.0.into(),
    ];
    // One by one: thousands that wait would become one text.
    let _: Vec<(i64,)> = super::waiting::rows(conn, SQL, values).await?;
    Ok(())
}

/// Writes over a row, unless it is being linked or is linked.
///
/// # Errors
/// [`StoreError::Conflict`]: it is.
pub(crate) async fn update(conn: &mut Conn, new: &Imported) -> StoreResult<()> {
    const SQL: &str = "UPDATE stock_application SET version = version + 1, name = $2, english_name = $3,
            department_id = $4, listed = $5, address = $6, updated_at = $7 WHERE id = $1 AND state = 'unlinked'";
    let rows = on!(conn, c => sqlx::query(SQL)
        .bind(new.id)
        .bind(&new.name)
        .bind(&new.english_name)
        .bind(new.department)
        .bind(new.listed.id())
        .bind(&new.address)
        .bind(new.now.0)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
