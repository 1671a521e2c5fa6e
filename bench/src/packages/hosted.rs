//! Requests a second of a live file, beside nginx with the same bytes in the same encoding, one after the other in turn.

use super::contents::{self, Chance};
use super::nginx::Nginx;
use super::{People, publish, tables};
use crate::client::{Client, Wants};
use crate::load::{Load, Measured, median};
use crate::process::time_of;
use crate::server::Server;
use crate::works::CONNECTIONS;
use crate::{Options, Outcome};
use hyper::body::Bytes;
use hyper::header::CONTENT_ENCODING;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A file and its figures.
pub(crate) struct Hosted {
    pub(crate) name: &'static str,
    /// Bytes as sent.
    pub(crate) sent: usize,
    pub(crate) ours: Served,
    pub(crate) nginx: Served,
    /// Ours of nginx's, in the middle of the pairs of runs.
    pub(crate) share: f64,
}

/// How a server did: medians.
pub(crate) struct Served {
    /// Requests a second.
    pub(crate) rate: f64,
    /// Milliseconds of 99 of 100.
    pub(crate) p99: f64,
    /// Microseconds of its processor time a request: the load generator, on the same cores, has no part in it.
    pub(crate) cost: f64,
}

/// What is asked for, and how long the answer is.
struct Asked {
    path: &'static str,
    length: usize,
}

/// Publishes three files, measures, and prints.
pub(super) async fn measure(
    options: &Options,
    data: &Path,
    server: &Server,
    people: &mut People,
    id: &str,
) -> Outcome<()> {
    let mut chance = Chance::new();
    let head = "<script type=module src=/app.js></script><link rel=preload as=image href=/photo.jpg>";
    let files = [
        ("small HTML", "/index.html", contents::page(&mut chance, head, 3_700).into_bytes()),
        ("JS of 60 KB", "/app.js", contents::script(&mut chance, 60_000).into_bytes()),
        ("image of 300 KB", "/photo.jpg", contents::picture(&mut chance, 300_000)),
    ];
    let zip =
        contents::pack(files.iter().map(|(_, path, content)| (path.trim_start_matches('/'), content.as_slice())))?;
    let host = publish(server, people, id, &zip.into()).await?;
    let ours = Target { address: server.address, host: Some(host) };
    let folder = std::path::absolute(data.join("nginx")).map_err(|e| format!("{}: {e}", data.display()))?;
    let put = |name: String, content: &[u8]| {
        let place = folder.join("www").join(name.trim_start_matches('/'));
        std::fs::write(&place, content).map_err(|e| format!("{}: {e}", place.display()))
    };
    std::fs::create_dir_all(folder.join("www")).map_err(|e| format!("{}: {e}", folder.display()))?;
    for (_, path, content) in &files {
        put((*path).to_owned(), content)?;
        let (sent, is_packed) = ours.answer(path).await?;
        if is_packed {
            put(format!("{path}.gz"), &sent)?;
        }
    }
    let Some(nginx) = Nginx::start(&folder).await? else {
        println!("Hosted files: left out, nginx is not installed (Debian's package nginx).\n");
        return Ok(());
    };
    let theirs = Target { address: nginx.address, host: None };
    let mut rows = Vec::new();
    for (name, path, _) in &files {
        let sent = ours.answer(path).await?;
        if theirs.answer(path).await? != sent {
            return Err(format!("nginx does not serve {path} as the server does"));
        }
        let asked = Asked { path, length: sent.0.len() };
        let (mut one, mut other) = (Vec::new(), Vec::new());
        for _ in 0..options.runs {
            one.push(run(options, &ours, &asked, &[server.id()?]).await?);
            other.push(run(options, &theirs, &asked, &nginx.processes()).await?);
        }
        let share = median(one.iter().zip(&other).map(|(one, other)| one.0.rate / other.0.rate).collect());
        rows.push(Hosted { name, sent: asked.length, ours: served(&one), nginx: served(&other), share });
    }
    tables::hosted(&rows);
    Ok(())
}

/// Where files are asked for.
struct Target {
    address: SocketAddr,
    host: Option<String>,
}

impl Target {
    /// What is sent, and whether it is packed.
    async fn answer(&self, path: &str) -> Outcome<(Bytes, bool)> {
        let mut client = Client::connect(self.address, None).await?;
        if let Some(host) = &self.host {
            client = client.in_name_of(host);
        }
        let answer = client.get(path, Wants::Gzipped).await?;
        if answer.status.is_success() {
            return Ok((answer.body, answer.headers.contains_key(CONTENT_ENCODING)));
        }
        Err(format!("{path} was answered {}", answer.status))
    }
}

/// One run: what came of it, and microseconds a request of these processes.
async fn run(options: &Options, target: &Target, asked: &Asked, processes: &[u32]) -> Outcome<(Measured, f64)> {
    let load = Load {
        addresses: vec![target.address],
        cookie: None,
        host: target.host.clone(),
        connections: CONNECTIONS,
        seconds: options.seconds,
        runs: 1,
    };
    let asked_for = Arc::new(AtomicU64::new(0));
    let (path, length) = (asked.path, asked.length);
    let before = time_of(processes);
    let counted = Arc::clone(&asked_for);
    let ask = move |mut client: Client, ()| {
        let counted = Arc::clone(&counted);
        async move {
            let answer = client.get(path, Wants::Gzipped).await?;
            counted.fetch_add(1, Ordering::Relaxed);
            let is_right = answer.status.is_success() && answer.body.len() == length;
            if is_right { Ok((client, ())) } else { Err(format!("{path} was answered {}", answer.status)) }
        }
    };
    let measured = load.run(|_| (), ask).await?;
    let cost = (time_of(processes) - before) * 1e6 / asked_for.load(Ordering::Relaxed).max(1) as f64;
    Ok((measured, cost))
}

fn served(runs: &[(Measured, f64)]) -> Served {
    let of = |part: fn(&(Measured, f64)) -> f64| median(runs.iter().map(part).collect());
    Served { rate: of(|run| run.0.rate), p99: of(|run| run.0.p99), cost: of(|run| run.1) }
}
