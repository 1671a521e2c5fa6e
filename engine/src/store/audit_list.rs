//! 审计: the log as it is searched; statements joined from the constants of this file.
//!
//! Newest first, by keyset. Every filter that can be rare has an index in the order of the log's numbers, and the statement says
//! which one leads: where people or objects are asked for, one walk for each of them, else the result or the action; what else
//! narrows is looked at on the row. So the cost follows what the leading filter has, within the days that are asked for. What
//! must not lead stands as an expression, which no index has.

use super::audit_event::AuditRow;
use super::read::{Read, together};
pub(crate) use super::statement::Part;
use super::statement::{KeyColumn, Statement, Value};
use super::{Conn, StoreResult, on};
use domain::UtcMillis;
use uuid::Uuid;

/// Whose events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All but what auditors did.
    Others,
    /// What auditors did.
    Auditors,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Who {
    /// A person.
    Person(Uuid),
    /// Whoever was refused under this account's name.
    Account(String),
    /// The product itself.
    Nobody,
    /// Whoever was not signed in.
    Stranger,
}

/// What is searched for.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) scope: Scope,
    /// One of these; `None`: whoever.
    pub(crate) who: Option<Vec<Who>>,
    /// Kind and id of one of these; `None`: whatever.
    pub(crate) objects: Option<Vec<(&'static str, String)>>,
    pub(crate) kind: Option<String>,
    pub(crate) action: Option<String>,
    pub(crate) done: Option<bool>,
    /// From this time on, and up to it.
    pub(crate) since: Option<UtcMillis>,
    pub(crate) until: Option<UtcMillis>,
}

/// Numbers follow commits, times the arrival of requests, on clocks of several machines: they differ by less than this.
const DISORDER_MS: i64 = 24 * 60 * 60 * 1000;

/// Kinds of object that most of the log is about: a walk of the log meets them soon, and their index would have to be sorted.
const COMMON_KINDS: [&str; 2] = ["publication", "person"];

const COLUMNS: &str =
    "SELECT e.seq, e.at, e.request_id, e.person_id, e.person_name, e.address, e.action, e.object_kind,
    e.object_id, e.result, e.detail, e.previous_hash, e.hash FROM ";

const BY_EVENT: KeyColumn = KeyColumn {
    below: " AND e.seq < ?",
    above: " AND e.seq > ?",
    ascending: " ORDER BY e.seq ASC LIMIT ?",
    descending: " ORDER BY e.seq DESC LIMIT ?",
};

const BY_AUDITORS_EVENT: KeyColumn = KeyColumn {
    below: " AND a.seq < ?",
    above: " AND a.seq > ?",
    ascending: " ORDER BY a.seq ASC LIMIT ?",
    descending: " ORDER BY a.seq DESC LIMIT ?",
};

/// A page of what the filter has, newest first (with [`Part::After`]: nearest first), at most `limit`; and how many there are,
/// counted up to `most`.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    (part, limit): (Part, i64),
    most: i64,
) -> StoreResult<(Vec<AuditRow>, i64)> {
    let Some(filter) = Bounded::of(conn, filter).await? else { return Ok((Vec::new(), 0)) };
    let postgres = conn.is_postgres();
    let rows = filter.statement((COLUMNS, ""), part, limit, postgres);
    if most == 0 {
        return Ok((rows.rows(conn).await?, 0));
    }
    let mut number = filter.statement(("SELECT e.seq FROM ", "SELECT COUNT(*) FROM ("), Part::First, most, postgres);
    number.add(") AS found", Vec::new());
    let (rows, number) = together(conn, (rows.into(), Read::<(i64,)>::from(number))).await?;
    Ok((rows, number.first().map_or(0, |(n,)| *n)))
}

/// A filter, and between which numbers its days lie.
struct Bounded<'f> {
    filter: &'f Filter,
    above: i64,
    below: i64,
}

/// One walk of the log.
enum Walk<'f> {
    Whole,
    Of(&'f Who),
    To(&'f (&'static str, String)),
}

impl<'f> Bounded<'f> {
    /// `None`: nothing can be found.
    async fn of(conn: &mut Conn, filter: &'f Filter) -> StoreResult<Option<Self>> {
        let none = |of: Option<usize>| of == Some(0);
        if none(filter.who.as_ref().map(Vec::len)) || none(filter.objects.as_ref().map(Vec::len)) {
            return Ok(None);
        }
        let above = match filter.since {
            Some(since) => last_before(conn, UtcMillis(since.0 - DISORDER_MS)).await?.map_or(0, |(seq, _)| seq),
            None => 0,
        };
        let below = match filter.until {
            Some(until) => first_from(conn, until.0 + DISORDER_MS).await?.unwrap_or(i64::MAX),
            None => i64::MAX,
        };
        Ok(Some(Self { filter, above, below }))
    }

    /// A statement of these columns, and what stands before it all.
    fn statement(
        &self,
        (columns, head): (&'static str, &'static str),
        part: Part,
        limit: i64,
        postgres: bool,
    ) -> Statement {
        let walks: Vec<Walk<'_>> = match (self.filter.scope, &self.filter.objects, &self.filter.who) {
            // Those are few.
            (Scope::Auditors, ..) | (Scope::Others, None, None) => vec![Walk::Whole],
            (Scope::Others, Some(objects), _) => objects.iter().map(Walk::To).collect(),
            (Scope::Others, None, Some(who)) => who.iter().map(Walk::Of).collect(),
        };
        let mut statement = Statement::starting(head);
        if let [walk] = walks.as_slice() {
            self.walk(&mut statement, columns, walk, (part, limit), postgres);
            return statement;
        }
        statement.add("SELECT * FROM (", Vec::new());
        for (walk, n) in walks.iter().zip(0..) {
            // The walks meet no row twice: a row has one object, and one who did it, or nobody.
            statement.add(if n == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" }, Vec::new());
            self.walk(&mut statement, columns, walk, (part, limit), postgres);
            statement.add(") AS walk", Vec::new());
        }
        let order = match part {
            Part::After(_) => ") AS e ORDER BY e.seq ASC LIMIT ?",
            Part::First | Part::Before(_) => ") AS e ORDER BY e.seq DESC LIMIT ?",
        };
        statement.add(order, vec![limit.into()]);
        statement
    }

    fn walk(
        &self,
        statement: &mut Statement,
        columns: &'static str,
        walk: &Walk<'_>,
        (part, limit): (Part, i64),
        postgres: bool,
    ) {
        let auditors = self.filter.scope == Scope::Auditors;
        statement.add(columns, Vec::new());
        // SQLite takes CROSS JOIN as the order of the loops.
        statement.add(
            match (auditors, postgres) {
                (true, true) => "auditor_event AS a JOIN audit_event AS e ON e.seq = a.seq WHERE TRUE",
                (true, false) => "auditor_event AS a CROSS JOIN audit_event AS e ON e.seq = a.seq WHERE TRUE",
                (false, _) => {
                    "audit_event AS e WHERE NOT EXISTS (SELECT 1 FROM auditor_event AS a WHERE a.seq = e.seq)"
                }
            },
            Vec::new(),
        );
        match walk {
            Walk::Whole => {}
            Walk::Of(who) => {
                statement.add(" AND ", Vec::new());
                who.add_to(statement);
            }
            Walk::To(object) => statement.add(" AND e.object_kind = ? AND e.object_id = ?", values_of(object)),
        }
        self.narrow(statement, walk);
        statement.add_part(if auditors { &BY_AUDITORS_EVENT } else { &BY_EVENT }, part, limit);
    }

    /// What is looked at on the row, unless it leads.
    fn narrow(&self, statement: &mut Statement, walk: &Walk<'_>) {
        let filter = self.filter;
        if let (Some(who), false) = (&filter.who, matches!(walk, Walk::Of(_))) {
            any(statement, who, |who, statement| who.add_to(statement));
        }
        if let (Some(objects), false) = (&filter.objects, matches!(walk, Walk::To(_))) {
            any(statement, objects, |object, statement| {
                statement.add("(e.object_kind = ? AND e.object_id = ?)", values_of(object));
            });
        }
        let leads = matches!(walk, Walk::Whole) && filter.scope == Scope::Others;
        match filter.done {
            Some(true) => statement.add(" AND e.result = 'done'", Vec::new()),
            Some(false) => statement.add(" AND e.result = 'refused'", Vec::new()),
            None => {}
        }
        if let Some(action) = &filter.action {
            let by_index = leads && filter.done != Some(false);
            let text = if by_index { " AND e.action = ?" } else { " AND e.action || '' = ?" };
            statement.add(text, vec![action.as_str().into()]);
        }
        if let Some(kind) = &filter.kind {
            let rare = !COMMON_KINDS.contains(&kind.as_str()) && filter.action.is_none() && filter.done != Some(false);
            let text = if leads && rare { " AND e.object_kind = ?" } else { " AND e.object_kind || '' = ?" };
            statement.add(text, vec![kind.as_str().into()]);
        }
        if self.above > 0 {
            statement.add(" AND e.seq > ?", vec![self.above.into()]);
        }
        if self.below < i64::MAX {
            statement.add(" AND e.seq < ?", vec![self.below.into()]);
        }
        if let Some(since) = filter.since {
            statement.add(" AND e.at + 0 >= ?", vec![since.0.into()]);
        }
        if let Some(until) = filter.until {
            statement.add(" AND e.at + 0 < ?", vec![until.0.into()]);
        }
    }
}

impl Who {
    fn add_to(&self, statement: &mut Statement) {
        match self {
            Who::Person(id) => statement.add("e.person_id = ?", vec![(*id).into()]),
            Who::Account(account) => {
                let nobody = "(e.person_id IS NULL AND e.object_kind = 'account' AND e.object_id = ?)";
                statement.add(nobody, vec![account.as_str().into()]);
            }
            Who::Nobody => statement.add("(e.person_id IS NULL AND e.address = '')", Vec::new()),
            Who::Stranger => statement.add("(e.person_id IS NULL AND e.address <> '')", Vec::new()),
        }
    }
}

fn values_of((kind, id): &(&'static str, String)) -> Vec<Value> {
    vec![(*kind).into(), id.as_str().into()]
}

/// One of these holds.
fn any<T>(statement: &mut Statement, of: &[T], add: impl Fn(&T, &mut Statement)) {
    for (one, n) in of.iter().zip(0..) {
        statement.add(if n == 0 { " AND (" } else { " OR " }, Vec::new());
        add(one, statement);
    }
    statement.add(")", Vec::new());
}

/// Number and hash of the last event before a time; of several at once, the newest.
pub(crate) async fn last_before(conn: &mut Conn, time: UtcMillis) -> StoreResult<Option<(i64, Vec<u8>)>> {
    const SQL: &str = "SELECT seq, hash FROM audit_event WHERE at < $1 ORDER BY at DESC, seq DESC LIMIT 1";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(time.0).fetch_optional(c).await?))
}

async fn first_from(conn: &mut Conn, time: i64) -> StoreResult<Option<i64>> {
    const SQL: &str = "SELECT seq FROM audit_event WHERE at >= $1 ORDER BY at, seq LIMIT 1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(time).fetch_optional(c).await?))
}

/// Whose events are kept from auditors though they are none now, by the roles as they stand, with the first of them each; `None`: of
/// nobody, or there is no such event.
pub(crate) async fn kept_from_auditors(conn: &mut Conn) -> StoreResult<Vec<(Option<Uuid>, i64)>> {
    const SQL: &str =
        "SELECT e.person_id, MIN(a.seq) FROM auditor_event AS a LEFT JOIN audit_event AS e ON e.seq = a.seq
        WHERE NOT EXISTS (SELECT 1 FROM person_role AS r WHERE r.person_id = e.person_id AND r.role = 'auditor')
        GROUP BY e.person_id ORDER BY MIN(a.seq)";
    on!(conn, c => Ok(sqlx::query_as(SQL).fetch_all(c).await?))
}

/// Whether a change of this person's roles names the one that has this word.
pub(crate) async fn has_had_role(conn: &mut Conn, person: Uuid, word: &str) -> StoreResult<bool> {
    const SQL: &str = "SELECT COUNT(*) FROM audit_event WHERE object_kind = 'person' AND object_id = $1
        AND action = 'role.change' AND result = 'done' AND detail LIKE $2";
    let (id, pattern) = (person.to_string(), format!("%{word}%"));
    let n: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(&id).bind(&pattern).fetch_one(c).await)?;
    Ok(n > 0)
}
