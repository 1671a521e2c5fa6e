//! What is measured: one function a work.

use crate::client::{Client, Wants};
use crate::commits::Commits;
use crate::load::{Load, Measured};
use crate::server::Server;
use crate::{Options, Outcome, first_page, report};
use engine::bench::{KEYWORD, NO_MATCH, STAFF};
use hyper::header::CONTENT_ENCODING;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// People who ask at once.
pub(crate) const CONNECTIONS: usize = 8;

/// A crowd: for transitions only.
pub(crate) const CROWD: usize = 64;

/// Starts of the process; the median counts.
const STARTS: usize = 5;

/// The figures of one size.
#[derive(Debug, Clone, Default)]
pub(crate) struct Size {
    pub(crate) rows: u32,
    pub(crate) works: Vec<(&'static str, Measured)>,
    /// MiB after everything.
    pub(crate) memory: Option<f64>,
    pub(crate) started_in: Duration,
}

impl Size {
    /// Of the work with this name.
    pub(crate) fn of(&self, name: &str) -> Option<Measured> {
        self.works.iter().find(|(other, _)| *other == name).map(|(_, measured)| *measured)
    }
}

/// The yardstick of requests: the smallest answer of the same server.
pub(crate) const CONSTANT: &str = "constant page";
/// Twenty rows, rendered by the server.
pub(crate) const LIST: &str = "list page";
/// The same as browsers ask for it.
pub(crate) const LIST_SENT: &str = "list page, compressed";
pub(crate) const NOTHING: &str = "list page, nothing matches";
pub(crate) const DATA: &str = "list as JSON";
/// What the server keeps until anything is written does not help here: the filter by time is asked of the database every time.
pub(crate) const DATA_ANEW: &str = "list as JSON, read anew";
pub(crate) const PAGE_ANEW: &str = "list page, read anew";
pub(crate) const DETAIL: &str = "detail page";
pub(crate) const CHANGES: &str = "transitions, 8 clients";
pub(crate) const CHANGES_CROWD: &str = "transitions, 64 clients";

/// Measures one size and prints its table.
pub(crate) async fn measure(options: &Options, data: &Path, rows: u32, commits: &Commits) -> Outcome<Size> {
    let mut size = Size { rows, started_in: starts(options, data).await?, ..Size::default() };
    let server = Server::start(options, data).await?;
    let cookie = Client::sign_in(server.address, STAFF).await?;
    let load = Load {
        addresses: vec![server.address],
        cookie: Some(cookie.clone()),
        host: None,
        connections: CONNECTIONS,
        seconds: options.seconds,
        runs: options.runs,
    };
    let mut client = Client::connect(server.address, Some(cookie)).await?;
    let published = published(&mut client).await?;
    let list = format!("/service?q={}&state=published", escaped(KEYWORD));
    let nothing = format!("/service?q={}&state=published", escaped(NO_MATCH));
    let data = data_address(KEYWORD, 20);
    let (list_anew, data_anew) = (format!("{list}&days=3650"), format!("{data}&query[days]=3650"));
    let detail = published.first().map(|id| format!("/publications/{id}")).unwrap_or_default();
    let reads = [
        (CONSTANT, "/healthz", Wants::Page, "ok"),
        (LIST, &list, Wants::Page, KEYWORD),
        (LIST_SENT, &list, Wants::PageAsSent, KEYWORD),
        (NOTHING, &nothing, Wants::Page, "没有符合条件的结果"),
        (DATA, &data, Wants::Data, KEYWORD),
        (PAGE_ANEW, &list_anew, Wants::Page, KEYWORD),
        (DATA_ANEW, &data_anew, Wants::Data, KEYWORD),
        (DETAIL, &detail, Wants::Page, "版本"),
    ];
    for (name, path, wants, expected) in reads {
        if name.contains(&options.only) {
            size.works.push((name, read(&load, &mut client, (path, wants), expected).await?));
        }
    }
    for (name, connections) in [(CHANGES, CONNECTIONS), (CHANGES_CROWD, CROWD)] {
        if name.contains(&options.only) {
            size.works.push((name, changes(&Load { connections, ..load.clone() }, &published).await?));
        }
    }
    size.memory = server.memory();
    report::size(&size, commits);
    report::files(&first_page::files(&mut client, &list).await?);
    server.stop().await?;
    Ok(size)
}

async fn starts(options: &Options, data: &Path) -> Outcome<Duration> {
    let mut took = Vec::new();
    for _ in 0..STARTS {
        let server = Server::start(options, data).await?;
        took.push(server.started_in);
        server.stop().await?;
    }
    took.sort_unstable();
    Ok(took.get(took.len() / 2).copied().unwrap_or_default())
}

/// Reads one address again and again. Its first answer is looked at: a page of errors is quickly made.
pub(crate) async fn read(load: &Load, client: &mut Client, what: (&str, Wants), expected: &str) -> Outcome<Measured> {
    let (path, wants) = what;
    let first = client.get(path, wants).await?;
    // What is compressed can't be looked into; the same page is, as it is.
    let plain = client.get(path, wants.uncompressed()).await?;
    if first.headers.contains_key(CONTENT_ENCODING) != matches!(wants, Wants::PageAsSent) {
        return Err(format!("{path} came compressed, or did not, against what was asked"));
    }
    if !first.status.is_success() || !String::from_utf8_lossy(&plain.body).contains(expected) {
        return Err(format!("{path} was answered {}, without {expected}", first.status));
    }
    let path: Arc<str> = path.into();
    let ask = move |mut client: Client, path: Arc<str>| async move {
        let answer = client.get(&path, wants).await?;
        if answer.status.is_success() { Ok((client, path)) } else { Err(format!("{path}: {}", answer.status)) }
    };
    load.run(|_| Arc::clone(&path), ask).await
}

/// 版本升级 and 撤销升级 in turn, each client on a publication of its own.
pub(crate) async fn changes(load: &Load, published: &[String]) -> Outcome<Measured> {
    if published.len() < load.connections {
        return Err("too few publications are 已发布".to_owned());
    }
    let state = |n: usize| {
        let id = published.get(n).cloned().unwrap_or_default();
        Changing { id, key: random(), upgrading: false }
    };
    let ask = |mut client: Client, mut changing: Changing| async move {
        let path = if changing.upgrading { "/api/publication/cancel_upgrade" } else { "/api/publication/upgrade" };
        changing.upgrading = !changing.upgrading;
        changing.key = changing.key.wrapping_add(1);
        let key = uuid::Builder::from_random_bytes(changing.key.to_be_bytes()).into_uuid();
        let answer = client.post(path, format!("id={}&seen=1&key={key}", changing.id)).await?;
        if answer.status.is_success() {
            return Ok((client, changing));
        }
        Err(format!("{path} was answered {}: {}", answer.status, String::from_utf8_lossy(&answer.body)))
    };
    let measured = load.run(state, ask).await?;
    restore(load, published).await?;
    Ok(measured)
}

/// What one client changes.
struct Changing {
    id: String,
    /// The next idempotency key.
    key: u128,
    upgrading: bool,
}

/// Leaves all of them 已发布: half may have been left in an upgrade.
async fn restore(load: &Load, published: &[String]) -> Outcome<()> {
    let mut client = load.client(0).await?;
    for id in published.iter().take(load.connections) {
        // Refused where there is nothing to cancel.
        client.post("/api/publication/cancel_upgrade", format!("id={id}&seen=1&key={}", new_key())).await?;
    }
    Ok(())
}

/// One change, which must be made.
pub(crate) async fn change(client: &mut Client, action: &str, id: &str) -> Outcome<()> {
    let (path, key) = (format!("/api/publication/{action}"), new_key());
    client.post(&path, format!("id={id}&seen=1&key={key}")).await?.taken(&path).map(|_| ())
}

/// An idempotency key that nobody had.
pub(crate) fn new_key() -> Uuid {
    uuid::Builder::from_random_bytes(random().to_be_bytes()).into_uuid()
}

/// Ids of hosted publications that are 已发布.
pub(crate) async fn published(client: &mut Client) -> Outcome<Vec<String>> {
    in_state(client, "published").await
}

/// Ids of hosted publications in this state.
pub(crate) async fn in_state(client: &mut Client, state: &str) -> Outcome<Vec<String>> {
    let page = client.read(&address_of(state, "", 100)).await?;
    let rows = page.get("rows").and_then(serde_json::Value::as_array).ok_or("the list has no rows")?;
    Ok(rows.iter().filter_map(|row| row.get("id")?.as_str().map(str::to_owned)).collect())
}

/// Where publications that are 已发布 and have this word are listed as JSON.
pub(crate) fn data_address(keyword: &str, size: u8) -> String {
    address_of("published", keyword, size)
}

fn address_of(state: &str, keyword: &str, size: u8) -> String {
    let keyword = escaped(keyword);
    format!(
        "/api/publication/list?side=service&query[keyword]={keyword}&query[state]={state}&query[size]={size}&query[from]=start"
    )
}

pub(crate) fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The standard library's own source of chance.
pub(crate) fn random() -> u128 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let half = || u128::from(RandomState::new().build_hasher().finish());
    (half() << 64) | half()
}
