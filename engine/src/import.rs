//! Importing tables: each row is taken over whole or not at all, all that are in one transaction, and the report says what came of
//! each (identity.md, The three administrators). What a kind's rows come to is in the file of its name; start at [`import`].

mod account;
mod department;
mod role;
mod route;
mod stock;
mod system;
mod table;
#[cfg(test)]
mod tests;

use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::identity::session;
use crate::record;
use crate::store::{Conn, StoreError, StoreResult, draft};
use bytes::Bytes;
use domain::import::{BYTES_MOST, Cells, Columns, ImportKind};
use domain::view::import::{ImportLine, ImportOutcome, ImportReport};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Rows that were taken over and stand in the report, at most.
const SHOWN_MOST: usize = 200;

/// How often the rows are compared anew because somebody changed one of them meanwhile.
const TRIES: u32 = 3;

/// Characters of a file's name that are kept.
const FILE_NAME_MOST: usize = 120;

/// Imports a file, CSV or XLSX. Of one that can't be read the report says why, and nothing was changed.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Conflict`]; the store fails.
pub async fn import(engine: &Engine, ctx: &Ctx, kind: ImportKind, file: &str, bytes: Bytes) -> Result<ImportReport> {
    admits(engine, ctx, kind).await?;
    let file: String = file.chars().filter(|c| !c.is_control()).take(FILE_NAME_MOST).collect();
    let read = tokio::task::spawn_blocking(move || match bytes.len() {
        0..=BYTES_MOST => table::read(&bytes),
        _ => Err("文件超过 5 MB，请分成几个文件".to_owned()),
    });
    let read = read.await;
    let rows = read.unwrap_or_else(|_| Err("文件读不出来，请用模板另存后再导入".to_owned()));
    for _ in 0..TRIES {
        let plan = match &rows {
            Ok(rows) => plan(engine, ctx, kind, &file, rows).await?,
            Err(why) => Err(why.clone()),
        };
        let plan = plan.unwrap_or_else(|why| Plan::empty(ctx, kind, &file, Some(why)));
        match engine.db().write(plan, |conn, plan| Box::pin(write(conn, plan))).await {
            Ok(report) => {
                // Whose roles or numbers changed is asked anew.
                if matches!(kind, ImportKind::Accounts | ImportKind::Roles) {
                    session::forget_all(engine);
                }
                return Ok(report);
            }
            // Rules that a colleague has just made must not be gone without a word.
            Err(StoreError::Conflict | StoreError::Unique(_)) if kind == ImportKind::Routes => break,
            // A row was asked for, or imported by a colleague, meanwhile.
            Err(StoreError::Conflict | StoreError::Unique(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Error::Conflict)
}

/// Whether the person may import that kind, before a file is read.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn admits(engine: &Engine, ctx: &Ctx, kind: ImportKind) -> Result<()> {
    let (action, list) = event_of(kind);
    record::admitted(engine, ctx, &[kind.role()], action, (list, Uuid::nil())).await.map(|_| ())
}

/// What came of this person's last import of that kind.
///
/// # Errors
/// [`Error::Forbidden`]; the store fails.
pub async fn last_report(engine: &Engine, ctx: &Ctx, kind: ImportKind) -> Result<Option<ImportReport>> {
    let person = ctx.with_role(&[kind.role()])?.person;
    let kept = draft::of(&mut engine.db().reader().await?, person, &kept_as(kind)).await?;
    Ok(kept.and_then(|(json, _)| serde_json::from_str(&json).ok()))
}

/// Where the last report of a person is kept.
fn kept_as(kind: ImportKind) -> String {
    format!("import_{}", kind.id())
}

struct Plan {
    ctx: Ctx,
    kind: ImportKind,
    writes: Vec<Write>,
    /// Of each row that changes anything: to what it is done, and before and after, for the audit log.
    deeds: Vec<((&'static str, Uuid), Value)>,
    report: ImportReport,
}

impl Plan {
    /// Changes nothing: the file could not be read, or no row of it was looked at yet.
    fn empty(ctx: &Ctx, kind: ImportKind, file: &str, failed: Option<String>) -> Self {
        let report = ImportReport { file: file.to_owned(), at: ctx.now, failed, counts: [0; 5], lines: Vec::new() };
        Self { ctx: ctx.clone(), kind, writes: Vec::new(), deeds: Vec::new(), report }
    }
}

/// What is written for a row that is taken over.
enum Write {
    Department(department::Write),
    Account(account::Write),
    System(system::Write),
    Role(role::Write),
    Routes(route::Write),
    Stock(stock::Write),
}

impl Write {
    /// To what it is done, as the audit log has it.
    const fn object(&self) -> (&'static str, Uuid) {
        match self {
            Self::Department(of) => ("department", of.id()),
            Self::Account(of) => ("person", of.id()),
            Self::System(of) => ("application_system", of.id()),
            Self::Role(of) => ("person", of.id()),
            // Their new version has a row of its own.
            Self::Routes(_) => ("routing", Uuid::nil()),
            Self::Stock(of) => ("stock", of.id()),
        }
    }
}

/// What a row is, beside what is there.
enum Compared {
    New(Write, Value),
    /// With what it said before and says now.
    Other(Write, Value, Value),
    Same,
    /// It must not be changed by an import: why not.
    Kept(String),
}

/// Compares the rows of one kind with what is there, in the order of the file.
trait Compares {
    /// # Errors
    /// A sentence: the row can't be taken over.
    fn compare(&mut self, line: usize, cells: Cells<'_>) -> std::result::Result<Compared, String>;
}

/// What is to be written; or why the table can't be read.
async fn plan(
    engine: &Engine,
    ctx: &Ctx,
    kind: ImportKind,
    file: &str,
    rows: &[table::Row],
) -> Result<std::result::Result<Plan, String>> {
    let Some((first, rest)) = rows.split_first() else { return Ok(Err("文件是空的".to_owned())) };
    let columns = match Columns::find(kind, &first.1) {
        Ok(columns) => columns,
        Err(why) => return Ok(Err(why)),
    };
    let mut plan = Plan::empty(ctx, kind, file, None);
    fill(&mut plan, engine, ctx, &columns, rest).await?;
    Ok(Ok(plan))
}

/// Plans what becomes of the rows: of rules together, of everything else row by row.
async fn fill(plan: &mut Plan, engine: &Engine, ctx: &Ctx, columns: &Columns, rows: &[table::Row]) -> Result<()> {
    let mut conn = engine.db().reader().await?;
    match plan.kind {
        ImportKind::Departments => each(plan, columns, rows, department::Comparing::new(&mut conn, engine, ctx).await?),
        ImportKind::Accounts => each(plan, columns, rows, account::Comparing::new(&mut conn, engine, ctx).await?),
        ImportKind::Systems => each(plan, columns, rows, system::Comparing::new(&mut conn, engine, ctx).await?),
        ImportKind::Roles => each(plan, columns, rows, role::Comparing::new(&mut conn, ctx).await?),
        ImportKind::Stock => each(plan, columns, rows, stock::Comparing::new(&mut conn, engine, ctx).await?),
        ImportKind::Routes => {
            drop(conn);
            route::fill(plan, engine, columns, rows).await?;
        }
    }
    Ok(())
}

fn each(plan: &mut Plan, columns: &Columns, rows: &[table::Row], mut comparing: impl Compares) {
    for (line, row) in rows {
        let cells = columns.cells(row);
        let (key, name) = cells.named();
        let (outcome, why) = match comparing.compare(*line, cells) {
            Ok(Compared::New(write, after)) => {
                plan.deeds.push((write.object(), json!({ "id": key, "after": after })));
                plan.writes.push(write);
                (ImportOutcome::Added, String::new())
            }
            Ok(Compared::Other(write, before, after)) => {
                plan.deeds.push((write.object(), json!({ "id": key, "before": before, "after": after })));
                plan.writes.push(write);
                (ImportOutcome::Changed, String::new())
            }
            Ok(Compared::Same) => (ImportOutcome::Same, String::new()),
            Ok(Compared::Kept(why)) => (ImportOutcome::Kept, why),
            Err(why) => (ImportOutcome::Refused, why),
        };
        note(&mut plan.report, ImportLine { line: *line, key, name, outcome, why });
    }
}

fn note(report: &mut ImportReport, line: ImportLine) {
    let taken = |outcome| !matches!(outcome, ImportOutcome::Kept | ImportOutcome::Refused);
    if let Some(at) = ImportOutcome::ALL.into_iter().position(|outcome| outcome == line.outcome) {
        report.counts[at] += 1;
    }
    let shown = report.counts.iter().take(3).sum::<usize>();
    if !taken(line.outcome) || shown <= SHOWN_MOST {
        report.lines.push(line);
    }
}

/// Lines that were met, by what must not stand in two of them.
#[derive(Default)]
struct Seen(std::collections::HashMap<String, usize>);

impl Seen {
    /// # Errors
    /// A sentence: another line has it.
    fn once(&mut self, what: &str, key: &str, line: usize) -> std::result::Result<(), String> {
        match self.0.insert(format!("{what} {key}"), line) {
            Some(first) => Err(format!("{what}与第 {first} 行重复")),
            None => Ok(()),
        }
    }
}

async fn write(conn: &mut Conn, plan: Arc<Plan>) -> StoreResult<ImportReport> {
    let (ctx, report) = (&plan.ctx, &plan.report);
    let Some(person) = ctx.signed_in.as_ref().map(|person| person.person) else {
        return Err(StoreError::Conflict);
    };
    // First: a version of 审批路由 is noted as it is made, and whoever has the log in hand waits for nothing else.
    draft::save(conn, person, &kept_as(plan.kind), &json!(report).to_string(), ctx.now).await?;
    for write in &plan.writes {
        match write {
            Write::Department(of) => of.write(conn).await?,
            Write::Account(of) => of.write(conn).await?,
            Write::System(of) => of.write(conn, ctx.now).await?,
            Write::Role(of) => of.write(conn).await?,
            Write::Routes(of) => of.write(conn, ctx).await?,
            Write::Stock(of) => of.write(conn).await?,
        }
    }
    let counts: serde_json::Map<String, Value> =
        ImportOutcome::ALL.iter().zip(report.counts).map(|(of, n)| (of.word().to_owned(), json!(n))).collect();
    let (action, list) = event_of(plan.kind);
    // Each row is found by whom or what it changed; the import as a whole stands behind them.
    let row = |((kind, id), deed): &((&'static str, Uuid), Value)| Event {
        detail: json!({ "file": report.file, "changes": [deed] }),
        ..Event::done(action, kind, id.to_string())
    };
    let mut events: Vec<Event> = plan.deeds.iter().map(row).collect();
    events.push(Event {
        detail: json!({ "file": report.file, "rows": counts, "failed": report.failed }),
        ..Event::done(action, list, person.0.to_string())
    });
    audit::append_all(conn, ctx, &events).await?;
    Ok(report.clone())
}

/// The audit event's name, and the list's.
const fn event_of(kind: ImportKind) -> (&'static str, &'static str) {
    match kind {
        ImportKind::Departments => ("department.import", "department_list"),
        ImportKind::Accounts => ("account.import", "account_list"),
        ImportKind::Systems => ("application_system.import", "application_system_list"),
        ImportKind::Roles => ("role.import", "role_list"),
        ImportKind::Routes => ("routing.import", "routing_list"),
        ImportKind::Stock => ("stock.import", "stock_list"),
    }
}
