//! 审计: the log as the auditor searches it, a page of it or as a file (identity.md, Audit).
//!
//! What auditors do themselves is not for auditors: that, and nothing else, is shown to the security administrator.

use super::names::Names;
use super::{Event, detail, find, note};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::export::{Exported, Format, ROWS_MOST, Sheet};
use crate::keyset::{COUNT_MOST, Page, Window};
use crate::record;
use crate::store::audit_event::AuditRow as Stored;
use crate::store::audit_list::{self as store, Part, Scope};
use crate::store::{Conn, StoreResult};
use domain::query::{AuditQuery, PAGE_SIZE};
use domain::view::audit::{AuditPage, AuditRow};
use domain::{Role, UtcMillis, words};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// Who may read it.
pub(super) const READERS: [Role; 2] = [Role::Auditor, Role::SecurityAdministrator];

/// Who did what nobody did, and whoever was not signed in.
pub(super) const SYSTEM: &str = "系统";
pub(super) const STRANGER: &str = "未登录";

/// A page of the log.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, query: &AuditQuery) -> Result<AuditPage> {
    let (viewer, scope) = reader(ctx)?;
    let mut conn = engine.db().reader().await?;
    let (filter, cut) = find::filter(&mut conn, ctx, scope, query).await?;
    let window = Window::new(query.from, PAGE_SIZE);
    let (rows, total) = store::page(&mut conn, &filter, (window.part(), window.limit()), COUNT_MOST).await?;
    let Page { rows, newer, older } = window.page(rows, |row| row.seq);
    let rows = lines(&mut conn, rows, Some(detail::SHOWN_MOST)).await?;
    Ok(AuditPage { rows, total, newer, older, cut, viewer })
}

/// The log as a file: all that the query asks for, without its pages. That it was taken is noted in it.
///
/// # Errors
/// As [`list`].
pub async fn export(engine: &Engine, ctx: &Ctx, query: &AuditQuery, format: Format) -> Result<Exported> {
    const EVENT: &str = "audit.export";
    let scope = match reader(ctx) {
        Ok((_, scope)) => scope,
        Err(error) => {
            record::refusal(engine, ctx, EVENT, ("audit", Uuid::nil()), &error).await?;
            return Err(error);
        }
    };
    let mut conn = engine.db().reader().await?;
    let (filter, _) = find::filter(&mut conn, ctx, scope, query).await?;
    let (rows, _) = store::page(&mut conn, &filter, (Part::First, ROWS_MOST + 1), 0).await?;
    let rows = lines(&mut conn, rows, None).await?;
    drop(conn);
    let asked: Map<String, Value> =
        query.whole().parameters().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    // What is cut off is not taken.
    let taken = i64::try_from(rows.len()).unwrap_or(ROWS_MOST).min(ROWS_MOST);
    let event = Event {
        detail: json!({ "format": format.ending(), "rows": taken, "query": asked }),
        ..Event::done(EVENT, "audit", "")
    };
    note(engine, ctx, event).await?;
    let sheet = Sheet {
        name: "审计日志".to_owned(),
        headings: &[
            "编号",
            "时间",
            "人员",
            "账号",
            "来源地址",
            "动作",
            "对象类型",
            "对象",
            "结果",
            "变更内容",
            "说明",
            "请求编号",
            "哈希",
        ],
        rows: rows.into_iter().map(cells).collect(),
    };
    sheet.export(format).await
}

/// As whom it is read, and what of it.
pub(super) fn reader(ctx: &Ctx) -> Result<(Role, Scope)> {
    // Nobody is both: the duties are separated.
    Ok(match ctx.with_role(&READERS)?.roles.has(Role::Auditor) {
        true => (Role::Auditor, Scope::Others),
        false => (Role::SecurityAdministrator, Scope::Auditors),
    })
}

fn cells(row: AuditRow) -> Vec<String> {
    let changes = row.changes.iter().map(|it| format!("{}：{} → {}", it.name, it.before, it.after));
    let facts = row.facts.iter().map(|(name, value)| format!("{name}：{value}"));
    vec![
        row.seq.to_string(),
        row.at.second_text(),
        row.who,
        row.account,
        row.address,
        row.word,
        row.kind,
        row.object,
        words::audit_result(row.done).to_owned(),
        changes.collect::<Vec<_>>().join("\n"),
        facts.collect::<Vec<_>>().join("\n"),
        row.request_id,
        row.hash,
    ]
}

/// Rows for people; of the changes of one event, at most `shown`.
async fn lines(conn: &mut Conn, rows: Vec<Stored>, shown: Option<usize>) -> StoreResult<Vec<AuditRow>> {
    let (mut names, mut lines) = (Names::default(), Vec::with_capacity(rows.len()));
    for row in rows {
        lines.push(line(conn, &mut names, row, shown).await?);
    }
    Ok(lines)
}

async fn line(conn: &mut Conn, names: &mut Names, row: Stored, shown: Option<usize>) -> StoreResult<AuditRow> {
    let explained: Value = serde_json::from_str(&row.detail).unwrap_or_default();
    let object = names.object(conn, &row.object_kind, &row.object_id, &explained).await?;
    let account = match row.person_id {
        Some(person) => names.account(conn, person).await?,
        None => String::new(),
    };
    let who = match (row.person_name.is_empty(), row.address.is_empty()) {
        (false, _) => row.person_name,
        (true, true) => SYSTEM.to_owned(),
        (true, false) => STRANGER.to_owned(),
    };
    let (changes, facts) = detail::explain(&names.said(conn, explained).await?, shown);
    let word = words::audit_action(&row.action).map_or_else(|| row.action.clone(), str::to_owned);
    let kind = words::audit_object(&row.object_kind).map_or_else(|| row.object_kind.clone(), str::to_owned);
    Ok(AuditRow {
        seq: row.seq,
        at: UtcMillis(row.at),
        who,
        account,
        address: row.address,
        word,
        action: row.action,
        kind,
        object: object.name,
        object_key: object.key,
        path: object.path,
        done: row.result == "done",
        changes,
        facts,
        request_id: row.request_id,
        hash: crate::files::hex(&row.hash),
    })
}
