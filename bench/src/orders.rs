//! Lists of work orders and the 工单看板 beside many orders; and two thousand open pages that hear of a change.

use crate::client::{Client, Wants};
use crate::load::{Load, Measured};
use crate::server::Server;
use crate::works::{self, escaped, read};
use crate::{Options, Outcome};
use engine::bench::{KEYWORD, STAFF};
use http_body_util::BodyExt;
use hyper::body::Bytes;
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Open pages.
const LISTENERS: usize = 2_000;

/// Changes that each of them hears.
const CHANGES: usize = 20;

/// A listener that hears nothing for so long fails the bench.
const LONGEST: Duration = Duration::from_secs(30);

/// The figures of one size.
pub(crate) struct Orders {
    pub(crate) orders: u32,
    pub(crate) works: Vec<(&'static str, Measured)>,
    pub(crate) live: Option<Live>,
    /// MiB after everything.
    pub(crate) memory: Option<f64>,
}

/// What open pages cost, and how soon they hear.
pub(crate) struct Live {
    pub(crate) listeners: usize,
    /// KiB each, of the server's memory.
    pub(crate) memory: f64,
    /// Milliseconds from sending a change to its hearing: half of all, 99 of 100.
    pub(crate) p50: f64,
    pub(crate) p99: f64,
}

/// Measures one size.
pub(crate) async fn measure(options: &Options, data: &Path, orders: u32) -> Outcome<Orders> {
    let server = Server::start(options, data).await?;
    let (keyword, refused) = (escaped(KEYWORD), "tab=over&ended=lately&status=refused");
    let pages = [
        ("工单看板, an operator", "zhengkai", "/dashboard".to_owned(), "审批中"),
        ("工单看板, staff of all systems", STAFF, "/dashboard".to_owned(), "审批中"),
        ("工单看板, a reviewer", "limin", "/dashboard".to_owned(), "审批中"),
        ("待我审批", "limin", "/orders/waiting".to_owned(), "审批"),
        ("待我审批, 已完成", "limin", "/orders/waiting?tab=over".to_owned(), "已通过"),
        ("我发起的, 已完成", STAFF, "/orders/initiated?tab=over".to_owned(), "已通过"),
        ("我发起的, 已完成, keyword", STAFF, format!("/orders/initiated?tab=over&q={keyword}"), "已通过"),
        ("全部工单, 已完成", "zhengkai", "/orders/all?tab=over".to_owned(), "已通过"),
        ("全部工单, refused within 30 days", "zhengkai", format!("/orders/all?{refused}"), "已拒绝"),
        ("所管系统的工单, refused within 30 days", STAFF, format!("/orders/administered?{refused}"), "已拒绝"),
    ];
    let mut works = Vec::new();
    for (name, account, path, expected) in pages {
        if !name.contains(&options.only) {
            continue;
        }
        let cookie = Client::sign_in(server.address, account).await?;
        let mut client = Client::connect(server.address, Some(cookie.clone())).await?;
        let load = Load {
            addresses: vec![server.address],
            cookie: Some(cookie),
            host: None,
            connections: works::CONNECTIONS,
            seconds: options.seconds,
            runs: options.runs,
        };
        works.push((name, read(&load, &mut client, (&path, Wants::Page), expected).await?));
    }
    let live = if "live".contains(&options.only) { Some(live(&server).await?) } else { None };
    let memory = server.memory();
    server.stop().await?;
    Ok(Orders { orders, works, live, memory })
}

async fn live(server: &Server) -> Outcome<Live> {
    let cookie = Client::sign_in(server.address, STAFF).await?;
    let before = server.memory().unwrap_or_default();
    let (hears, mut heard) = mpsc::unbounded_channel();
    for _ in 0..LISTENERS {
        let mut stream = Client::connect(server.address, Some(cookie.clone())).await?.listen("/events").await?;
        let hears = hears.clone();
        tokio::spawn(async move {
            while let Some(Ok(frame)) = stream.frame().await {
                if let Some(text) = frame.data_ref() {
                    let _ = hears.send((Instant::now(), text.clone()));
                }
            }
        });
    }
    let memory = (server.memory().unwrap_or_default() - before) * 1024.0 / LISTENERS as f64;
    let mut client = Client::connect(server.address, Some(cookie)).await?;
    let published = works::published(&mut client).await?;
    let mut took = Vec::new();
    for id in published.iter().take(CHANGES) {
        let sent = Instant::now();
        works::change(&mut client, "upgrade", id).await?;
        for _ in 0..LISTENERS {
            took.push(next(&mut heard, id).await? - sent);
        }
        works::change(&mut client, "cancel_upgrade", id).await?;
        for _ in 0..LISTENERS {
            next(&mut heard, id).await?;
        }
    }
    took.sort_unstable();
    let at = |share: usize| took.get(took.len() * share / 100).map_or(0.0, |took| took.as_secs_f64() * 1e3);
    Ok(Live { listeners: LISTENERS, memory, p50: at(50), p99: at(99) })
}

/// When the next listener heard of this publication. What else it hears (where it stands, that the connection lives) does not count.
async fn next(heard: &mut mpsc::UnboundedReceiver<(Instant, Bytes)>, id: &str) -> Outcome<Instant> {
    loop {
        let next = tokio::time::timeout(LONGEST, heard.recv()).await.ok().flatten();
        let (at, text) = next.ok_or("a listener heard nothing")?;
        if text.windows(id.len()).any(|part| part == id.as_bytes()) {
            return Ok(at);
        }
    }
}
