//! What explains an event, for people: its JSON as changes (before and after) and as names with values.
//!
//! Whoever writes an event leaves secrets and whole numbers out; here, numbers are masked once more, and what is called a secret
//! is not shown.

use domain::fields::Change;
use domain::text::mask_numbers;
use domain::view::audit::AuditChange;
use domain::view::running::Probed;
use domain::{Role, State, StockState, UtcMillis, words};
use serde_json::{Map, Value};

/// Changes of one event that a page shows; an import has thousands.
pub(super) const SHOWN_MOST: usize = 50;

/// Changes and further facts; at most `shown` changes, and how many there are besides.
pub(super) fn explain(detail: &Value, shown: Option<usize>) -> (Vec<AuditChange>, Vec<(String, String)>) {
    let (mut changes, mut facts) = (Vec::new(), Vec::new());
    let Some(parts) = detail.as_object() else { return (changes, facts) };
    moved(parts, &mut changes);
    for (key, value) in parts {
        match (key.as_str(), value) {
            ("from" | "to", _) => {}
            ("before" | "after", _) if parts.contains_key("before") && parts.contains_key("after") => {
                if key == "before" {
                    changes.push(change("内容", &parts["before"], &parts["after"]));
                }
            }
            ("changes", Value::Array(of)) => changes.extend(of.iter().flat_map(one_change)),
            // In what is done to a publication it counts the changes of the row.
            ("version", Value::Number(number)) => facts.push(("数据版本".to_owned(), number.to_string())),
            _ => add(&mut facts, word(key), key, value),
        }
    }
    if let Some(most) = shown.filter(|most| changes.len() > *most) {
        facts.push(("其余变更".to_owned(), format!("还有 {} 项，导出的文件里有全部", changes.len() - most)));
        changes.truncate(most);
    }
    (changes, facts)
}

/// Where the state began, and where it led.
fn moved(parts: &Map<String, Value>, changes: &mut Vec<AuditChange>) {
    let state = |key: &str| parts.get(key).map(|value| text(key, value)).unwrap_or_default();
    let (from, to) = (state("from"), state("to"));
    if !to.is_empty() && from != to {
        changes.push(AuditChange { name: "状态".to_owned(), before: or_dash(from), after: to });
    }
}

/// One of `changes`: of a form's field, of a rule's weight, or of an imported row.
fn one_change(of: &Value) -> Vec<AuditChange> {
    if let Ok(Change { field, before, after, added, removed, .. }) = serde_json::from_value::<Change>(of.clone()) {
        let (before, after) = match added.is_empty() && removed.is_empty() {
            true => (before, after),
            false => (marked('－', &removed), marked('＋', &added)),
        };
        let (before, after) = (or_dash(mask_numbers(&before)), or_dash(mask_numbers(&after)));
        return vec![AuditChange { name: field.label().to_owned(), before, after }];
    }
    if let Some([name, before, after]) = of.as_array().map(Vec::as_slice) {
        return vec![change(&text("", name), before, after)];
    }
    match of.get("id") {
        Some(id) => vec![change(&text("", id), &of["before"], &of["after"])],
        None => vec![change("内容", &Value::Null, of)],
    }
}

fn change(name: &str, before: &Value, after: &Value) -> AuditChange {
    let said = |value: &Value| or_dash(text("", value));
    AuditChange { name: name.to_owned(), before: said(before), after: said(after) }
}

fn marked(mark: char, of: &[String]) -> String {
    of.iter().map(|one| format!("{mark}{one}")).collect::<Vec<_>>().join("\n")
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "—".to_owned() } else { text }
}

/// A fact; of an object, one for each of its parts. What is empty says nothing.
fn add(facts: &mut Vec<(String, String)>, name: String, key: &str, value: &Value) {
    match value {
        Value::Object(parts) => {
            // Where a page began says nothing of what was taken.
            for (part, value) in
                parts.iter().filter(|(part, _)| key != "query" || !["from", "size"].contains(&part.as_str()))
            {
                add(facts, format!("{name} / {}", word(part)), part, value);
            }
        }
        value => {
            let said = text(key, value);
            if !said.is_empty() {
                facts.push((name, said));
            }
        }
    }
}

fn word(key: &str) -> String {
    words::audit_detail(key).map_or_else(|| key.to_owned(), str::to_owned)
}

/// A value as a text.
fn text(key: &str, value: &Value) -> String {
    let secret = ["password", "secret", "credential", "cookie"].iter().any(|name| key.to_lowercase().contains(name));
    match value {
        Value::Null => String::new(),
        _ if secret => "（不显示）".to_owned(),
        Value::Bool(true) => "是".to_owned(),
        Value::Bool(false) => "否".to_owned(),
        Value::Number(number) if key == "expires_at" => {
            number.as_i64().map_or_else(String::new, |at| UtcMillis(at).local_text())
        }
        Value::Number(number) => number.to_string(),
        Value::String(said) => known(key, said).map_or_else(|| mask_numbers(said), str::to_owned),
        Value::Array(of) => {
            let between = if of.iter().any(|one| one.is_object() || one.is_array()) { "\n" } else { "、" };
            of.iter().map(|one| text(key, one)).filter(|said| !said.is_empty()).collect::<Vec<_>>().join(between)
        }
        Value::Object(parts) => {
            let part =
                |(key, value): (&String, &Value)| Some((word(key), text(key, value))).filter(|it| !it.1.is_empty());
            let parts = parts.iter().filter_map(part).map(|(name, said)| format!("{name}：{said}"));
            parts.collect::<Vec<_>>().join("，")
        }
    }
}

/// Ids that have a word.
fn known(key: &str, said: &str) -> Option<&'static str> {
    match (key, said) {
        ("from" | "to" | "state", id) => {
            State::from_id(id).map(words::state).or_else(|| StockState::from_id(id).map(words::stock_state))
        }
        ("why", "forbidden") => Some("没有权限"),
        ("why", "not found") => Some("不存在，或不在可见范围"),
        ("why", "the account has to be activated") => Some("账号没有激活"),
        ("why", "the password is over") => Some("密码已过期"),
        ("why", "an authenticator is to be bound first") => Some("要先绑定身份验证器"),
        ("why", "an authenticator is demanded") => Some("登录策略要求动态口令"),
        ("by", "code") => Some("扫码"),
        ("by", "password") => Some("密码"),
        ("by", "password_and_code") => Some("密码和动态验证码"),
        ("by", "password_and_recovery_code") => Some("密码和恢复码"),
        ("role", id) => Role::from_id(id).map(words::role),
        ("action", id) => words::audit_action(id),
        ("kind", id) => words::audit_object(id),
        ("result", "done") => Some(words::audit_result(true)),
        ("result", "refused") => Some(words::audit_result(false)),
        ("target", id) => Probed::from_id(id).map(words::probed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(detail: Value) -> Vec<String> {
        let (changes, facts) = explain(&detail, Some(2));
        let changes = changes.into_iter().map(|it| format!("{}：{} → {}", it.name, it.before, it.after));
        changes.chain(facts.into_iter().map(|(name, value)| format!("{name}：{value}"))).collect()
    }

    #[test]
    fn what_explains_an_event_reads() {
        let detail = json!({ "from": "awaiting_acceptance", "to": "awaiting_release", "version": 4, "said": "找 13800000001", "order": null });
        assert_eq!(said(detail), ["状态：待验收 → 待发布审批", "说明：找 138****0001", "数据版本：4"]);
        assert_eq!(said(json!({ "to": "preparing", "name": "公交" })), ["状态：— → 部署准备中", "名称：公交"]);
        assert_eq!(said(json!({ "why": "forbidden" })), ["原因：没有权限"]);
        let rules = json!({ "changes": [["使用了 eval", "阻断", "警告"]], "set": "1.1" });
        assert_eq!(said(rules), ["使用了 eval：阻断 → 警告", "规则版本：1.1"]);
        let parameters = json!({ "before": [], "after": [{ "name": "A", "value": "1" }] });
        assert_eq!(said(parameters), ["内容：— → 名称：A，值：1"]);
        let asked = json!({ "query": { "who": "王", "action": "session.end", "result": "refused", "from": "start", "size": 20 }, "rows": 3 });
        assert_eq!(
            said(asked),
            ["筛选条件 / 动作：退出登录", "筛选条件 / 结果：拒绝", "筛选条件 / 人员：王", "条数：3"]
        );
        assert_eq!(
            said(json!({ "client_secret": "x", "hosts": ["a.cn", "b.cn"] })),
            ["client_secret：（不显示）", "外部地址：a.cn、b.cn"]
        );
        assert_eq!(said(json!("text")), Vec::<String>::new());
    }

    #[test]
    fn an_import_is_not_shown_whole() {
        let row = |id: &str| json!({ "id": id, "before": ["旧"], "after": ["新"] });
        let detail = json!({ "changes": [row("1"), row("2"), row("3")] });
        assert_eq!(said(detail.clone()), ["1：旧 → 新", "2：旧 → 新", "其余变更：还有 1 项，导出的文件里有全部"]);
        assert_eq!(explain(&detail, None).0.len(), 3);
    }
}
