//! Importing the stock list: each row is taken over whole or not at all, all that are in one transaction, and the report says what
//! came of each (identity.md, The three administrators).

use super::table::{self, Row};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::publication::ENV;
use crate::store::stock::{self as store, Imported, KnownRow};
use crate::store::{Conn, StoreError, StoreResult, department, draft};
use bytes::Bytes;
use domain::stock::import::{BYTES_MOST, Columns, Entry};
use domain::stock::import_may_change;
use domain::view::stock::{ImportLine, ImportOutcome, ImportReport};
use domain::{Role, StockState, UtcMillis};
use serde_json::json;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Rows that were taken over and stand in the report, at most.
const SHOWN_MOST: usize = 200;

/// Where the last report of a person is kept.
const REPORT: &str = "stock_import";

/// How often the rows are compared anew because somebody filed a 关联 meanwhile.
const TRIES: u32 = 3;

/// Characters of a file's name that are kept.
const FILE_NAME_MOST: usize = 120;

/// Imports a file, CSV or XLSX. Of one that can't be read the report says why, and nothing was changed.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::Conflict`]; the store fails.
pub async fn import(engine: &Engine, ctx: &Ctx, file: &str, bytes: Bytes) -> Result<ImportReport> {
    ctx.with_role(&[Role::SystemAdministrator])?;
    let file: String = file.chars().filter(|c| !c.is_control()).take(FILE_NAME_MOST).collect();
    let file = file.as_str();
    let read = tokio::task::spawn_blocking(move || match bytes.len() {
        0..=BYTES_MOST => table::read(&bytes),
        _ => Err("文件超过 5 MB，请分成几个文件".to_owned()),
    });
    let read = read.await;
    let rows = read.unwrap_or_else(|_| Err("文件读不出来，请用模板另存后再导入".to_owned()));
    for _ in 0..TRIES {
        let plan = match &rows {
            Ok(rows) => plan(engine, ctx, file, rows).await?,
            Err(why) => Err(why.clone()),
        };
        let plan = plan.unwrap_or_else(|why| Plan::empty(ctx, file, Some(why)));
        match engine.db().write(plan, |conn, plan| Box::pin(write(conn, plan))).await {
            Ok(report) => return Ok(report),
            // A row was asked for, or imported by a colleague, meanwhile.
            Err(StoreError::Conflict | StoreError::Unique(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Err(Error::Conflict)
}

/// What came of this person's last import.
///
/// # Errors
/// [`Error::Forbidden`]; the store fails.
pub async fn last_report(engine: &Engine, ctx: &Ctx) -> Result<Option<ImportReport>> {
    let person = ctx.with_role(&[Role::SystemAdministrator])?.person;
    let kept = draft::of(&mut engine.db().reader().await?, person, REPORT).await?;
    Ok(kept.and_then(|(json, _)| serde_json::from_str(&json).ok()))
}

struct Plan {
    ctx: Ctx,
    added: Vec<Imported>,
    changed: Vec<Imported>,
    /// Of each row that changes anything: before and after, for the audit log.
    deeds: Vec<serde_json::Value>,
    report: ImportReport,
}

impl Plan {
    /// Changes nothing: the file could not be read, or no row of it was looked at yet.
    fn empty(ctx: &Ctx, file: &str, failed: Option<String>) -> Self {
        let report = ImportReport { file: file.to_owned(), at: ctx.now, failed, counts: [0; 5], lines: Vec::new() };
        Self { ctx: ctx.clone(), added: Vec::new(), changed: Vec::new(), deeds: Vec::new(), report }
    }
}

/// What is to be written; or why the table can't be read.
async fn plan(engine: &Engine, ctx: &Ctx, file: &str, rows: &[Row]) -> Result<std::result::Result<Plan, String>> {
    let mut conn = engine.db().reader().await?;
    let departments = department::all(&mut conn).await?;
    let known = store::known(&mut conn).await?;
    drop(conn);
    let Some((first, rest)) = rows.split_first() else { return Ok(Err("文件是空的".to_owned())) };
    let columns = match Columns::find(&first.1) {
        Ok(columns) => columns,
        Err(why) => return Ok(Err(why)),
    };
    let mut comparing = Comparing {
        departments: departments.into_iter().collect(),
        known: known.iter().map(|row| (row.original_id.as_str(), row)).collect(),
        seen: HashMap::new(),
        now: ctx.now,
    };
    let mut plan = Plan::empty(ctx, file, None);
    for (line, row) in rest {
        let (original_id, name) = columns.named(row);
        let compared = columns.read(row).and_then(|entry| comparing.compare(*line, &entry, engine));
        let (outcome, why) = match compared {
            Ok(Compared::New(row)) => {
                plan.deeds.push(json!({ "id": row.original_id, "after": said(&row) }));
                plan.added.push(row);
                (ImportOutcome::Added, String::new())
            }
            Ok(Compared::Other(row, before)) => {
                plan.deeds.push(json!({ "id": row.original_id, "before": before, "after": said(&row) }));
                plan.changed.push(row);
                (ImportOutcome::Changed, String::new())
            }
            Ok(Compared::Same) => (ImportOutcome::Same, String::new()),
            Ok(Compared::Kept(state)) => {
                (ImportOutcome::Kept, format!("{}，不再由导入更改", domain::words::stock_state(state)))
            }
            Err(why) => (ImportOutcome::Refused, why),
        };
        note(&mut plan.report, ImportLine { line: *line, original_id, name, outcome, why });
    }
    Ok(Ok(plan))
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

/// What a row is, beside what is there.
enum Compared {
    New(Imported),
    /// With what it said before.
    Other(Imported, serde_json::Value),
    Same,
    Kept(StockState),
}

struct Comparing<'a> {
    /// By name.
    departments: HashMap<String, Uuid>,
    /// By 原应用ID.
    known: HashMap<&'a str, &'a KnownRow>,
    /// 原应用ID and the row that had it.
    seen: HashMap<String, usize>,
    now: UtcMillis,
}

impl Comparing<'_> {
    fn compare(&mut self, line: usize, entry: &Entry, engine: &Engine) -> std::result::Result<Compared, String> {
        let department = self.departments.get(&entry.department).copied();
        let department = department.ok_or_else(|| format!("没有名为「{}」的部门", entry.department))?;
        if let Some(first) = self.seen.insert(entry.original_id.clone(), line) {
            return Err(format!("原应用ID与第 {first} 行重复"));
        }
        let row = |id| Imported {
            id,
            original_id: entry.original_id.clone(),
            // As keywords are: full-width letters and narrow ones are the same.
            name: ENV.clean(&entry.name),
            english_name: ENV.clean(&entry.english_name),
            department,
            listed: entry.listed,
            address: entry.address.clone(),
            now: self.now,
        };
        let Some(known) = self.known.get(entry.original_id.as_str()) else {
            return Ok(Compared::New(row(engine.entropy().id(self.now))));
        };
        let state = StockState::from_id(&known.state).unwrap_or(StockState::Linked);
        if !import_may_change(state) {
            return Ok(Compared::Kept(state));
        }
        let new = row(known.id);
        let same = (&known.name, &known.english_name, &known.address) == (&new.name, &new.english_name, &new.address)
            && known.department_id == new.department
            && known.listed == new.listed.id();
        let before = json!([known.name, known.english_name, known.listed, known.address, known.department_id]);
        Ok(if same { Compared::Same } else { Compared::Other(new, before) })
    }
}

/// What a row says, for the audit log.
fn said(row: &Imported) -> serde_json::Value {
    json!([row.name, row.english_name, row.listed.id(), row.address, row.department])
}

async fn write(conn: &mut Conn, plan: Arc<Plan>) -> StoreResult<ImportReport> {
    for row in &plan.added {
        store::insert(conn, row).await?;
    }
    for row in &plan.changed {
        store::update(conn, row).await?;
    }
    let Some(person) = plan.ctx.signed_in.as_ref().map(|person| person.person) else {
        return Err(StoreError::Conflict);
    };
    let report = &plan.report;
    draft::save(conn, person, REPORT, &json!(report).to_string(), plan.ctx.now).await?;
    let counts: serde_json::Map<String, serde_json::Value> =
        ImportOutcome::ALL.iter().zip(report.counts).map(|(of, n)| (of.word().to_owned(), json!(n))).collect();
    let event = Event {
        detail: json!({ "file": report.file, "rows": counts, "failed": report.failed, "changes": plan.deeds }),
        ..Event::done("stock.import", "stock_list", person.0.to_string())
    };
    audit::append(conn, &plan.ctx, &event).await?;
    Ok(report.clone())
}
