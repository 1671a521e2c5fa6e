//! The lists of work orders: statements joined from the constants of this file. Newest first, by keyset; the cost follows the
//! person's orders, found by their own index.

pub(crate) use super::statement::Part;
use super::statement::{KeyColumn, Statement, Value};
use super::work_order::{kind, need, small, some, step_counts, unreadable};
use super::{Conn, StoreResult};
use domain::dashboard::AGES;
use domain::query::Counted;
use domain::view::work_order::WorkOrderRow;
use domain::{Need, OpenOrder, OrderId, OrderKind, OrderStatus, PersonId, PublicationId, Side, UtcMillis};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// Which orders.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose {
    /// 我发起的: undecided, or ended.
    Initiated { person: PersonId, over: bool },
    /// 待我审批, 审批中: what the person may decide now.
    Waiting(PersonId),
    /// 待我审批, 已完成: what the person has decided, ended or running.
    Decided(PersonId),
    /// Of everybody: undecided, or ended.
    All { over: bool },
    /// Of the application systems that the person administers, and 关联 that they asked for: undecided, or ended. Whoever has `many`
    /// has each order looked at; of the others their publications are.
    Administered { person: PersonId, over: bool, many: bool },
    /// All of a publication.
    OfPublication(Uuid),
    /// This one.
    One(Uuid),
}

/// What is listed.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) whose: Whose,
    pub(crate) kind: Option<OrderKind>,
    /// The publication with this 服务ID.
    pub(crate) key: Option<i64>,
    /// Part of the name of the publication, or of the stock application, in lower case.
    pub(crate) keyword: Option<String>,
    /// What a number of the 工单看板 counts.
    pub(crate) counted: Counted,
    /// Now, and how long an order may wait in one step before it is 超时, in milliseconds.
    pub(crate) clock: (UtcMillis, i64),
}

impl Filter {
    /// Nothing but whose.
    pub(crate) fn all(whose: Whose) -> Self {
        let counted = Counted::default();
        Self { whose, kind: None, key: None, keyword: None, counted, clock: (UtcMillis(0), 0) }
    }
}

/// An order in a list.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct ListedOrder {
    /// In order of filing.
    pub(crate) key: i64,
    id: Uuid,
    version: i64,
    kind: String,
    status: String,
    publication_id: Option<Uuid>,
    name: String,
    side: String,
    initiator: String,
    initiator_id: Uuid,
    department: String,
    filed_at: i64,
    since: i64,
    step: i64,
    steps: i64,
    need: String,
    approvals: i64,
    may_decide: i64,
}

impl ListedOrder {
    /// As screens show it.
    ///
    /// # Errors
    /// The row has a word that no enumeration knows.
    pub(crate) fn view(&self) -> StoreResult<WorkOrderRow> {
        let status = OrderStatus::from_id(&self.status).ok_or_else(|| unreadable("work_order.status", &self.status))?;
        let open = self.as_open(need(&self.need)?)?;
        Ok(WorkOrderRow {
            id: open.id,
            version: self.version,
            kind: open.kind,
            status,
            publication: self.publication_id.map(PublicationId),
            name: self.name.clone(),
            side: Side::from_id(&self.side).ok_or_else(|| unreadable("publication.side", &self.side))?,
            initiator: self.initiator.clone(),
            department: self.department.clone(),
            filed_at: UtcMillis(self.filed_at),
            since: UtcMillis(self.since),
            step: open.step,
            steps: open.steps,
            nobody_can_decide: !status.is_over() && open.nobody_can_decide(),
        })
    }

    fn as_open(&self, need: Need) -> StoreResult<OpenOrder> {
        Ok(OpenOrder {
            id: OrderId(self.id),
            kind: kind(&self.kind)?,
            initiator: PersonId(self.initiator_id),
            initiator_able: true,
            step: small(self.step),
            steps: small(self.steps),
            need,
            approvals: some(self.approvals),
            may_decide: some(self.may_decide),
            actor_decided: false,
        })
    }
}

const BY_DECISION: KeyColumn = KeyColumn {
    below: " AND e.order_key < ?",
    above: " AND e.order_key > ?",
    ascending: " ORDER BY e.order_key ASC LIMIT ?",
    descending: " ORDER BY e.order_key DESC LIMIT ?",
};

const BY_ORDER: KeyColumn = KeyColumn {
    below: " AND o.key < ?",
    above: " AND o.key > ?",
    ascending: " ORDER BY o.key ASC LIMIT ?",
    descending: " ORDER BY o.key DESC LIMIT ?",
};

/// The page is cut out first: the people of a step are counted for its rows alone.
const ROWS: &str = concat!(
    "SELECT o.key, o.id, COALESCE(p.version, x.version) AS version, o.kind, o.status, o.publication_id,
        COALESCE(p.name, x.name) AS name, COALESCE(p.side, 'service') AS side, i.name AS initiator, o.initiator_id,
        d.name AS department, o.filed_at, o.since, o.step, o.steps, s.need, ",
    step_counts!(),
    " FROM (SELECT o.key, o.id, o.kind, o.status, o.publication_id, o.stock_id, o.initiator_id, o.filed_at, o.since,
            o.step, o.steps"
);

const OF_ALL: &str = " FROM work_order AS o";
/// What a person decided is found by their decisions.
const OF_DECISIONS: &str = " FROM work_order_decision AS e JOIN work_order AS o ON o.key = e.order_key";
const WITH_PUBLICATION: &str = " LEFT JOIN publication AS p ON p.id = o.publication_id WHERE ";

const JOINED: &str = ") AS o JOIN work_order_step AS s ON s.order_id = o.id AND s.step = o.step
    LEFT JOIN publication AS p ON p.id = o.publication_id LEFT JOIN stock_application AS x ON x.id = o.stock_id
    JOIN person AS i ON i.id = o.initiator_id LEFT JOIN application_system AS y ON y.id = p.system_id
    JOIN department AS d ON d.id = COALESCE(y.department_id, x.department_id)";

/// Rows of the list, newest first (with [`Part::After`]: nearest first), at most `limit`.
pub(crate) async fn rows(conn: &mut Conn, filter: &Filter, part: Part, limit: i64) -> StoreResult<Vec<ListedOrder>> {
    let (from, column) = from(filter.whose);
    let mut statement = Statement::starting(ROWS);
    statement.add(from, Vec::new());
    statement.add(WITH_PUBLICATION, Vec::new());
    add_filter(&mut statement, filter, conn.is_postgres());
    statement.add_part(column, part, limit);
    statement.add(JOINED, Vec::new());
    let upwards = matches!(part, Part::After(_));
    statement.add(if upwards { " ORDER BY o.key ASC" } else { " ORDER BY o.key DESC" }, Vec::new());
    statement.rows(conn).await
}

/// How many there are, counted up to `most`.
pub(crate) async fn count(conn: &mut Conn, whose: Whose, most: i64) -> StoreResult<i64> {
    let mut statement = Statement::starting("SELECT COUNT(*) FROM (SELECT 1");
    statement.add(from(whose).0, Vec::new());
    statement.add(" WHERE ", Vec::new());
    add_whose(&mut statement, whose);
    statement.add(" LIMIT ?) AS found", vec![Value::Number(most)]);
    statement.number(conn).await
}

/// How many a filtered list has, counted up to `most`.
pub(crate) async fn found(conn: &mut Conn, filter: &Filter, most: i64) -> StoreResult<i64> {
    let mut statement = Statement::starting("SELECT COUNT(*) FROM (SELECT 1");
    statement.add(from(filter.whose).0, Vec::new());
    statement.add(WITH_PUBLICATION, Vec::new());
    add_filter(&mut statement, filter, conn.is_postgres());
    statement.add(" LIMIT ?) AS found", vec![Value::Number(most)]);
    statement.number(conn).await
}

fn from(whose: Whose) -> (&'static str, &'static KeyColumn) {
    match whose {
        Whose::Decided(_) => (OF_DECISIONS, &BY_DECISION),
        _ => (OF_ALL, &BY_ORDER),
    }
}

fn add_filter(statement: &mut Statement, filter: &Filter, postgres: bool) {
    add_whose(statement, filter.whose);
    if let Some(kind) = filter.kind {
        statement.add(" AND o.kind = ?", vec![Value::Text(kind.id().to_owned())]);
    }
    if let Some(key) = filter.key {
        statement.add(" AND p.key = ?", vec![Value::Number(key)]);
    }
    if let Some(keyword) = &filter.keyword {
        const NAME: &str =
            "COALESCE(p.name_key, (SELECT LOWER(x.name) FROM stock_application AS x WHERE x.id = o.stock_id))";
        statement.add(if postgres { " AND STRPOS(" } else { " AND INSTR(" }, Vec::new());
        statement.add(NAME, Vec::new());
        statement.add(", ?) > 0", vec![Value::Text(keyword.clone())]);
    }
    add_counted(statement, &filter.counted, filter.clock);
}

/// What the statements of [`super::dashboard`] count, order by order.
fn add_counted(statement: &mut Statement, counted: &Counted, (now, overdue): (UtcMillis, i64)) {
    // Where people are named, the department's.
    const REGION: &str = " AND EXISTS (SELECT 1 FROM (SELECT CASE WHEN s.named IS NULL THEN s.region ELSE
            (SELECT d.region FROM department AS d WHERE d.id =
                COALESCE((SELECT y.department_id FROM application_system AS y WHERE y.id = p.system_id),
                    (SELECT x.department_id FROM stock_application AS x WHERE x.id = o.stock_id))) END AS region
            FROM work_order_step AS s WHERE s.order_id = o.id AND s.step = o.step) AS f
        WHERE f.region >= ? AND f.region < ?)";
    const DEPARTMENT: &str =
        " AND COALESCE((SELECT y.department_id FROM application_system AS y WHERE y.id = p.system_id),
        (SELECT x.department_id FROM stock_application AS x WHERE x.id = o.stock_id))
        = (SELECT d.id FROM department AS d WHERE d.name = ?)";
    const REVIEWER: &str = " AND o.initiator_id <> ? AND EXISTS (SELECT 1 FROM work_order_step AS s
            JOIN seat AS r ON r.role = s.role AND r.region = s.region JOIN person AS q ON q.id = r.person_id
            WHERE s.order_id = o.id AND s.step = o.step AND q.id = ? AND q.active = TRUE)
        AND NOT EXISTS (SELECT 1 FROM work_order_decision AS e WHERE e.order_id = o.id AND e.person_id = ?)";
    const STEP: &str = " AND EXISTS (SELECT 1 FROM work_order_decision AS e WHERE e.order_id = o.id AND e.step = ?)";
    const REASON: &str = " AND EXISTS (SELECT 1 FROM work_order_decision AS e
        WHERE e.order_id = o.id AND e.approved = FALSE AND e.comment = ?)";
    let ago = |ms: i64| Value::Number(now.0.saturating_sub(ms));
    if let Some(age) = counted.age.map(usize::from).filter(|age| *age < AGES.len()) {
        if age > 0 {
            statement.add(" AND o.since <= ?", vec![ago(AGES[age - 1].1)]);
        }
        if age + 1 < AGES.len() {
            statement.add(" AND o.since > ?", vec![ago(AGES[age].1)]);
        }
    }
    if counted.overdue {
        statement.add(" AND o.since < ?", vec![ago(overdue)]);
    }
    if let Some(region) = counted.region {
        // A city's counties have its first four digits.
        let (code, next) = (region.code(), if region.city().is_some() { 100 } else { 1 });
        statement.add(REGION, [code, code + next].map(|code| Value::Text(code.to_string())).into());
    }
    if !counted.department.is_empty() {
        statement.add(DEPARTMENT, vec![Value::Text(counted.department.clone())]);
    }
    if let Some(person) = counted.reviewer {
        statement.add(REVIEWER, vec![Value::Id(person.0), Value::Id(person.0), Value::Id(person.0)]);
    }
    if let Some(ended) = counted.ended {
        let (from, to) = ended.span(now);
        let span = vec![Value::Number(from.0), Value::Number(to.0)];
        statement.add(" AND o.status <> 'in_review' AND o.since >= ? AND o.since < ?", span);
    }
    if let Some(status) = counted.status {
        statement.add(" AND o.status = ?", vec![Value::Text(status.id().to_owned())]);
    }
    if let Some(step) = counted.step {
        statement.add(STEP, vec![Value::Number(i64::from(step))]);
    }
    if !counted.reason.is_empty() {
        statement.add(REASON, vec![Value::Text(counted.reason.clone())]);
    }
}

/// Of `work_order AS o`.
pub(super) fn add_whose(statement: &mut Statement, whose: Whose) {
    const WAITING: &str = "o.status = 'in_review' AND o.initiator_id <> ? AND o.id IN (
            SELECT w.order_id FROM seat AS r
            JOIN work_order_step AS w ON w.role = r.role AND w.region = r.region AND w.waits WHERE r.person_id = ?)
        AND NOT EXISTS (SELECT 1 FROM work_order_decision AS e WHERE e.order_id = o.id AND e.person_id = ?)";
    const OF_MANY: &str = "(EXISTS (SELECT 1 FROM publication AS v
            JOIN application_system_administrator AS a ON a.system_id = v.system_id
            WHERE v.id = o.publication_id AND a.person_id = ?)
        OR (o.stock_id IS NOT NULL AND o.initiator_id = ?)) AND ";
    const ADMINISTERED: &str = "(o.publication_id IN (SELECT v.id FROM application_system_administrator AS a
            JOIN publication AS v ON v.system_id = a.system_id WHERE a.person_id = ?)
        OR (o.stock_id IS NOT NULL AND o.initiator_id = ?)) AND ";
    let id = |person: PersonId| Value::Id(person.0);
    match whose {
        Whose::Initiated { person, over: false } => {
            statement.add("o.initiator_id = ? AND o.status = 'in_review'", vec![id(person)]);
        }
        Whose::Initiated { person, over: true } => {
            statement.add("o.initiator_id = ? AND o.status <> 'in_review'", vec![id(person)]);
        }
        Whose::Administered { person, over, many } => {
            statement.add(if many { OF_MANY } else { ADMINISTERED }, vec![id(person), id(person)]);
            add_whose(statement, Whose::All { over });
        }
        Whose::All { over: false } => statement.add("o.status = 'in_review'", Vec::new()),
        Whose::All { over: true } => statement.add("o.status <> 'in_review'", Vec::new()),
        Whose::Waiting(person) => statement.add(WAITING, vec![id(person), id(person), id(person)]),
        Whose::Decided(person) => statement.add("e.person_id = ?", vec![id(person)]),
        Whose::OfPublication(publication) => statement.add("o.publication_id = ?", vec![Value::Id(publication)]),
        Whose::One(order) => statement.add("o.id = ?", vec![Value::Id(order)]),
    }
}
