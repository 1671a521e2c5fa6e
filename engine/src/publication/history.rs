//! 历史: everything that happened to a publication, from the audit log (screens.md, Publication), a page of it or as a file.

use crate::Engine;
use crate::access::{self, Granted, Orders};
use crate::application_system::containing;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::export::{Exported, Format, ROWS_MOST, Sheet};
use crate::keyset::{COUNT_MOST, Page, Window};
use crate::record;
use crate::store::audit_event::{self, AuditRow, Deeds, Part};
use crate::store::{Conn, version_facts};
use domain::fields::Change;
use domain::query::{HistoryQuery, PAGE_SIZE};
use domain::view::history::{HistoryPage, HistoryRow};
use domain::{Action, OrderId, PublicationId, State, UtcMillis, VersionNumber, words};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// Who did what nobody did.
const SYSTEM: &str = "系统";

/// A page of the history, for whoever may see the publication.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`], [`crate::Error::NotFound`]; the store fails.
pub async fn history(engine: &Engine, ctx: &Ctx, id: PublicationId, query: &HistoryQuery) -> Result<HistoryPage> {
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, id).await?;
    let window = Window::new(query.from, PAGE_SIZE);
    let (rows, total) = lines(&mut conn, &granted, query, (window.part(), window.limit()), COUNT_MOST).await?;
    let Page { rows, newer, older } = window.page(rows, |row| row.key);
    Ok(HistoryPage { rows, total, newer, older })
}

/// The history as a file: all of it that the query asks for, without its pages. That it was taken is noted in the audit log.
///
/// # Errors
/// As [`history`].
pub async fn export_history(
    engine: &Engine,
    ctx: &Ctx,
    id: PublicationId,
    query: &HistoryQuery,
    format: Format,
) -> Result<Exported> {
    const EVENT: &str = "publication.export_history";
    let read = async {
        let mut conn = engine.db().reader().await?;
        let granted = access::publication(&mut conn, ctx, id).await?;
        let (rows, _) = lines(&mut conn, &granted, query, (Part::First, ROWS_MOST + 1), 0).await?;
        Ok((granted.of.row.name, rows))
    };
    let (name, rows) = match read.await {
        Ok(read) => read,
        Err(error) => {
            record::refusal(engine, ctx, EVENT, ("export", id.0), &error).await?;
            return Err(error);
        }
    };
    let event = Event {
        detail: json!({ "format": format.ending(), "rows": rows.len(), "query": query }),
        ..Event::done(EVENT, "export", id.0.to_string())
    };
    audit::note(engine, ctx, event).await?;
    let sheet = Sheet {
        name: format!("{name}-历史"),
        headings: &["时间", "经办人", "事项", "版本号", "变更前状态", "变更后状态", "原因", "变更内容"],
        rows: rows.into_iter().map(cells).collect(),
    };
    sheet.export(format).await
}

fn cells(row: HistoryRow) -> Vec<String> {
    let (from, to) = row.moved.unzip();
    let (from, to) = (from.flatten().map(words::state).unwrap_or_default(), to.map(words::state).unwrap_or_default());
    let change = |change: &Change| format!("{}：{} → {}", change.field.label(), change.before, change.after);
    let changes = row.changes.iter().map(change).collect::<Vec<_>>().join("\n");
    let who = if row.who.is_empty() { SYSTEM.to_owned() } else { row.who };
    vec![row.at.local_text(), who, row.word, row.version, from.to_owned(), to.to_owned(), row.reason, changes]
}

async fn lines(
    conn: &mut Conn,
    granted: &Granted,
    query: &HistoryQuery,
    part: (Part, i64),
    most: i64,
) -> Result<(Vec<HistoryRow>, i64)> {
    let publication = granted.of.row.id;
    let who = containing(&query.who);
    let action = query.action.map(Action::audit_event);
    // What nobody did, the system did.
    let who = match query.who.as_str() {
        "" => None,
        SYSTEM => Some(""),
        _ => Some(who.as_str()),
    };
    let deeds = Deeds { publication, action, who };
    let (rows, total) = audit_event::done_to(conn, &deeds, part, most).await?;
    let versions = version_facts::numbers(conn, publication).await?.into_iter().collect();
    let orders = Orders::of(conn, granted).await?;
    Ok((rows.into_iter().map(|row| line(row, &versions, &orders)).collect(), total))
}

/// A line, without what is said and asked in an order for who may not see it.
fn line(row: AuditRow, versions: &HashMap<Uuid, VersionNumber>, orders: &Orders) -> HistoryRow {
    let detail: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let text = |name: &str| detail.get(name).and_then(Value::as_str).unwrap_or_default();
    let action = Action::ALL.into_iter().find(|action| action.audit_event() == row.action);
    let order: Option<Uuid> = text("order").parse().ok();
    let sees = order.is_none_or(|order| orders.has(order));
    let from = State::from_id(text("from"));
    let moved = State::from_id(text("to")).filter(|to| from != Some(*to)).map(|to| (from, to));
    HistoryRow {
        key: row.seq,
        action,
        // What has a name of its own: a batch, a token.
        word: match text("subject") {
            "" => action.map_or_else(|| other_word(&row.action), words::action).to_owned(),
            subject => format!("{}：{subject}", other_word(&row.action)),
        },
        moved,
        who: row.person_name,
        at: UtcMillis(row.at),
        reason: action.filter(|action| has_reason(*action, sees)).map(|_| text("said")).unwrap_or_default().to_owned(),
        version: version_of(&detail, versions).map(|number| number.to_string()).unwrap_or_default(),
        order: order.filter(|_| sees).map(OrderId),
        changes: detail
            .get("changes")
            .filter(|_| sees)
            .and_then(|changes| serde_json::from_value(changes.clone()).ok())
            .unwrap_or_default(),
    }
}

/// Of an upload the event names the version itself; of a change `version` is the aggregate's, a number.
fn version_of(detail: &Value, versions: &HashMap<Uuid, VersionNumber>) -> Option<VersionNumber> {
    let released = detail.get("release").and_then(|release| release.get("version"));
    let named = [released, detail.get("about"), detail.get("version")].into_iter().flatten();
    named.filter_map(Value::as_str).find_map(|id| versions.get(&id.parse().ok()?).copied())
}

/// What is done to a publication beside the actions of the table.
fn other_word(event: &str) -> &'static str {
    words::audit_action(event).unwrap_or("变更")
}

/// A reason, not whatever was written: an application's statement and a 同意's comment are on the order's page, and what a
/// reviewer says of an order is for who may see it.
fn has_reason(action: Action, sees: bool) -> bool {
    match action {
        Action::Reject | Action::TakeOffline | Action::RollBack => true,
        Action::Refuse => sees,
        _ => false,
    }
}
