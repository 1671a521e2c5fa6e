//! What events were done to, as people know it; each is looked up once a page.

use crate::store::{Conn, StoreResult, audit_object as store};
use domain::text::service_id;
use domain::{OrderKind, Side, words};
use serde_json::Value;
use std::collections::HashMap;
use uuid::Uuid;

/// An object for people.
#[derive(Debug, Clone, Default)]
pub(super) struct Shown {
    pub(super) name: String,
    /// The search finds it by this text.
    pub(super) key: String,
    /// Where whoever reads the log may look at it; empty: nowhere.
    pub(super) path: String,
}

/// Names that were looked up.
#[derive(Default)]
pub(super) struct Names {
    objects: HashMap<(String, String), Option<Shown>>,
    accounts: HashMap<Uuid, String>,
}

impl Names {
    /// The account of a person; empty where it is not there any more.
    pub(super) async fn account(&mut self, conn: &mut Conn, person: Uuid) -> StoreResult<String> {
        if let Some(account) = self.accounts.get(&person) {
            return Ok(account.clone());
        }
        let account = store::person(conn, person).await?.map(|row| row.account).unwrap_or_default();
        self.accounts.insert(person, account.clone());
        Ok(account)
    }

    /// What explains an event, with names in place of ids.
    pub(super) async fn said(&mut self, conn: &mut Conn, mut said: Value) -> StoreResult<Value> {
        for (key, kind) in SAID {
            if let Some(Value::String(id)) = said.get(key) {
                let name = self.object(conn, kind, id, &Value::Null).await?.name;
                said[key] = Value::String(name);
            }
        }
        // Of what goes live, or waits for it.
        if let Some(Value::String(id)) = said.pointer("/release/version") {
            let name = self.object(conn, "version", id, &Value::Null).await?.name;
            said["release"]["version"] = Value::String(name);
        }
        Ok(said)
    }

    /// The object; what is not there (any more) is called as the event calls it, or by its id.
    pub(super) async fn object(&mut self, conn: &mut Conn, kind: &str, id: &str, said: &Value) -> StoreResult<Shown> {
        let named = (kind.to_owned(), id.to_owned());
        let found = match self.objects.get(&named) {
            Some(found) => found.clone(),
            None => {
                let found = look_up(conn, kind, id).await?;
                self.objects.insert(named, found.clone());
                found
            }
        };
        let called = || said.get("name").and_then(Value::as_str).filter(|_| kind == "publication").unwrap_or(id);
        Ok(found.unwrap_or_else(|| Shown { name: called().to_owned(), key: id.to_owned(), path: String::new() }))
    }
}

/// What explains an event names these by their ids.
const SAID: [(&str, &str); 4] =
    [("about", "version"), ("version", "version"), ("order", "work_order"), ("approved_by", "work_order")];

/// Of what has no id.
const NIL: &str = "00000000-0000-0000-0000-000000000000";

async fn look_up(conn: &mut Conn, kind: &str, id: &str) -> StoreResult<Option<Shown>> {
    let plain = |name: String| Some(Shown { name, key: id.to_owned(), path: String::new() });
    let whole = |name: &str| Some(Shown { name: name.to_owned(), ..Shown::default() });
    match (kind, id) {
        ("audit", _) => return Ok(whole("审计日志")),
        (
            "stock_list"
            | "account_list"
            | "department_list"
            | "application_system_list"
            | "role_list"
            | "routing_list",
            _,
        ) => {
            return Ok(words::audit_object(kind).and_then(whole));
        }
        // It was refused before anybody looked for it, or there is none yet.
        (_, NIL) => return Ok(whole("—")),
        ("outbox", "all") => return Ok(plain("全部".to_owned())),
        ("routing" | "sign_in_policy" | "limit_set", _) => {
            return Ok(id.parse().ok().and_then(|number| plain(words::numbered_version(number))));
        }
        ("rule_set", _) => {
            let name = format!("第 {id} 次修改");
            return Ok(Some(Shown { path: "/rules".to_owned(), ..plain(name).unwrap_or_default() }));
        }
        _ => {}
    }
    if let (true, Some(side)) = (kind == "export", Side::from_id(id)) {
        return Ok(plain(format!("{}名称列表", words::side(side))));
    }
    let Ok(uuid) = id.parse::<Uuid>() else { return Ok(None) };
    Ok(match kind {
        "publication" | "export" => publication(conn, uuid).await?,
        "person" => store::person(conn, uuid).await?.map(|row| Shown {
            name: format!("{}（{}）", row.name, row.account),
            key: row.account,
            path: String::new(),
        }),
        "version" => store::version(conn, uuid)
            .await?
            .and_then(|(name, major, minor, patch)| plain(format!("{name} {major}.{minor}.{patch}"))),
        "work_order" => store::order(conn, uuid).await?.and_then(|(kind, name)| {
            let kind = OrderKind::from_id(&kind).map(words::order_kind)?;
            plain(name.map_or_else(|| kind.to_owned(), |name| format!("{kind}：{name}")))
        }),
        "channel" => store::channel(conn, uuid).await?.map(|(name, active)| Shown {
            key: name.clone(),
            name,
            path: if active { format!("/channels/{uuid}") } else { String::new() },
        }),
        "department" => store::department(conn, uuid).await?.and_then(named),
        "application_system" => store::application_system(conn, uuid).await?.and_then(named),
        "stock" => store::stock(conn, uuid).await?.map(|(name, original)| shown(name, original)),
        _ => None,
    })
}

/// The search finds it by this name.
fn named(name: String) -> Option<Shown> {
    Some(Shown { key: name.clone(), name, path: String::new() })
}

fn shown(name: String, key: String) -> Shown {
    Shown { name: format!("{name} {key}"), key, path: String::new() }
}

async fn publication(conn: &mut Conn, id: Uuid) -> StoreResult<Option<Shown>> {
    if let Some((name, key)) = store::publication(conn, id).await? {
        return Ok(Some(shown(name, u32::try_from(key).map(service_id).unwrap_or_default())));
    }
    Ok(store::stock(conn, id).await?.map(|(name, original)| shown(name, original)))
}
