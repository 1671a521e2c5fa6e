//! Hosted applications: what a host label shows (packages.md, Hosting). A hit touches neither the database nor the disk.
//!
//! Here is what is served; how HTTP says it is the server's. Start at [`find`].

pub mod manifest;
mod policy;
mod reports;
#[cfg(test)]
mod tests;

pub(crate) use reports::with_latest;
pub use reports::{REPORT_MOST, ReportOutcome, keep_reports, report, write_reports};

use crate::Engine;
use crate::access::{parameters_of, registration_of};
use crate::error::{Error, Result};
use crate::files::ByteStream;
use crate::publication::view;
use crate::store::hosted;
use crate::system_host::Decided;
use bytes::Bytes;
use domain::fields::{FrontRouting, HostDraft, Parameter};
use domain::{PublicationId, RegionCode, UtcMillis};
use manifest::{Manifest, Resolved};
use moka::sync::Cache;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A switch in another process is seen after this at the latest.
const POINTER_TTL_MS: i64 = 2_000;

/// While the database is away, what was looked up no longer ago is still true.
const POINTER_KEPT: Duration = Duration::from_secs(10 * 60);

/// Labels that are remembered, those that lead nowhere counted in.
const POINTERS: u64 = 10_000;

/// A manifest whose variants will be smaller is read again after this.
const MANIFEST_TTL: Duration = Duration::from_secs(10 * 60);

/// Memory for manifests. Bytes, about.
const MANIFESTS: u64 = 64 * 1024 * 1024;

/// Memory for contents; larger files are streamed. Bytes.
const CONTENTS: u64 = 128 * 1024 * 1024;
const CONTENT_MOST: u64 = 512 * 1024;

/// What a label shows.
#[derive(Debug, Clone)]
pub enum Found {
    /// No such application, or it was never live, or the preview has expired.
    Nothing,
    /// 已下线.
    Stopped {
        /// 服务名称.
        name: String,
        /// 下线后的替代服务; may be empty.
        substitute: String,
    },
    /// An application.
    Site(Arc<Site>),
}

/// An application as it is served.
#[derive(Debug)]
pub struct Site {
    /// Whose.
    pub publication: PublicationId,
    /// Its files.
    pub manifest: Arc<Manifest>,
    /// Its Content-Security-Policy.
    pub policy: String,
    /// `/app-env.js`: 运行参数.
    pub environment: Bytes,
    /// 前端路由.
    pub front_routing: FrontRouting,
    /// Of a preview: until when.
    pub expires_at: Option<UtcMillis>,
}

/// What a label shows, site by site.
#[derive(Debug, Clone)]
struct Pointers {
    /// At all sites but these.
    rest: Found,
    /// While a plan of going live is open: the new version, and where its batch has started.
    planned: Option<(Arc<Site>, Arc<HashSet<RegionCode>>)>,
}

impl Site {
    /// The file that answers this path, percent-encoded as it came: an unknown one without an extension, as 前端路由 says.
    pub fn resolve(&self, path: &str) -> Option<Resolved<'_>> {
        self.manifest.resolve(path).filter(|found| !found.fallback || self.front_routing == FrontRouting::History)
    }
}

/// What will change is read again; the rest stays, whatever becomes of the files' store.
struct UntilRecompressed;

impl moka::Expiry<String, Arc<Manifest>> for UntilRecompressed {
    fn expire_after_create(&self, _: &String, manifest: &Arc<Manifest>, _: std::time::Instant) -> Option<Duration> {
        (!manifest.recompressed).then_some(MANIFEST_TTL)
    }
}

/// What [`crate::Engine`] keeps for hosting.
pub(crate) struct Hosting {
    /// With when each was looked up.
    pointers: Cache<String, (UtcMillis, Pointers)>,
    /// Grows with every switch.
    switches: AtomicU64,
    manifests: Cache<String, Arc<Manifest>>,
    contents: Cache<String, Bytes>,
    pub(crate) reports: reports::Reports,
}

impl Hosting {
    pub(crate) fn new() -> Self {
        let weight = |_: &String, manifest: &Arc<Manifest>| manifest.weight();
        let bytes = |_: &String, bytes: &Bytes| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self {
            pointers: Cache::builder().max_capacity(POINTERS).time_to_live(POINTER_KEPT).build(),
            switches: AtomicU64::new(0),
            manifests: Cache::builder().max_capacity(MANIFESTS).expire_after(UntilRecompressed).weigher(weight).build(),
            contents: Cache::builder().max_capacity(CONTENTS).weigher(bytes).build(),
            reports: reports::Reports::new(),
        }
    }
}

/// What the label of a host name shows, at a site if one is known (packages.md, Hosting).
///
/// # Errors
/// The store or the files fail.
pub async fn find(engine: &Engine, label: &str, at: Option<RegionCode>) -> Result<Found> {
    let label = label.to_ascii_lowercase();
    let (hosting, now) = (engine.hosting(), engine.now());
    let Pointers { rest, planned } = match hosting.pointers.get(&label) {
        Some((at, pointers)) if (0..POINTER_TTL_MS).contains(&(now.0 - at.0)) => pointers,
        kept => {
            let before = hosting.switches.load(Ordering::SeqCst);
            match (look_up(engine, &label).await, kept) {
                (Err(Error::Away(error)), Some((_, pointers))) => {
                    tracing::warn!(error = %error, "what {label} shows could not be looked up: it stays as it was");
                    pointers
                }
                (looked_up, _) => {
                    let pointers = looked_up?;
                    remember(hosting, label, &pointers, (before, now));
                    pointers
                }
            }
        }
    };
    let planned = planned.filter(|(_, sites)| at.is_some_and(|site| sites.contains(&site)));
    let found = planned.map_or(rest, |(site, _)| Found::Site(site));
    Ok(match found {
        Found::Site(site) if site.expires_at.is_some_and(|until| until <= now) => Found::Nothing,
        found => found,
    })
}

/// Keeps what was looked up, unless there was a switch since: it may have been read before that.
fn remember(hosting: &Hosting, label: String, found: &Pointers, (before, now): (u64, UtcMillis)) {
    let is_true = || hosting.switches.load(Ordering::SeqCst) == before;
    if is_true() {
        hosting.pointers.insert(label.clone(), (now, found.clone()));
        if !is_true() {
            hosting.pointers.invalidate(&label);
        }
    }
}

/// A small content, whole; `None`: it is not kept, or [`stream`] is the way.
///
/// # Errors
/// The files fail.
pub async fn content(engine: &Engine, sha256: &str, size: u64) -> Result<Option<Bytes>> {
    if size > CONTENT_MOST {
        return Ok(None);
    }
    if let Some(bytes) = engine.hosting().contents.get(sha256) {
        return Ok(Some(bytes));
    }
    let bytes = engine.files().get(sha256).await?;
    if let Some(bytes) = &bytes {
        engine.hosting().contents.insert(sha256.to_owned(), bytes.clone());
    }
    Ok(bytes)
}

/// A content, or a range of it, piece by piece; `None`: it is not kept.
///
/// # Errors
/// The files fail.
pub async fn stream(engine: &Engine, sha256: &str, range: Option<Range<u64>>) -> Result<Option<ByteStream>> {
    Ok(engine.files().stream(sha256, range).await?)
}

/// What is live of a publication, or one of its previews, has changed: this process sees it with the next request, others when
/// they hear of it, within two seconds in any case. To be called after the commit.
pub fn switched(engine: &Engine, publication: PublicationId) {
    // Switches are rare and labels are cheap to look up again.
    tracing::debug!(publication.id = %publication.0, "what is hosted of publication {} has changed", publication.0);
    policies_changed(engine);
}

/// What applications may ask has changed: this process sees it with the next request, others within two seconds. To be called after
/// the commit.
pub(crate) fn policies_changed(engine: &Engine) {
    engine.hosting().switches.fetch_add(1, Ordering::SeqCst);
    engine.hosting().pointers.invalidate_all();
}

/// The manifest of a bundle names smaller variants now: this process serves them with the next request, others within
/// [`MANIFEST_TTL`].
pub(crate) fn recompressed(engine: &Engine, bundle: &str) {
    engine.hosting().manifests.invalidate(bundle);
    engine.hosting().pointers.invalidate_all();
}

/// The number of the publication whose label this is.
fn live_key(label: &str) -> Option<i64> {
    let number: i64 = label.strip_prefix("sv")?.parse().ok()?;
    (view::label(number) == label).then_some(number)
}

async fn look_up(engine: &Engine, label: &str) -> Result<Pointers> {
    let everywhere = |rest| Pointers { rest, planned: None };
    if let Some(key) = live_key(label) {
        return Ok(live(engine, key).await?.unwrap_or(everywhere(Found::Nothing)));
    }
    let row = hosted::preview(&mut engine.db().reader().await?, label).await?;
    let Some(row) = row else { return Ok(everywhere(Found::Nothing)) };
    let of = Of {
        publication: PublicationId(row.publication_id),
        environment: environment(parameters_of(&row.test_parameters)?),
        front_routing: registration_of(&row.registration)?.front_routing,
        expires_at: Some(UtcMillis(row.expires_at)),
    };
    site(engine, &of, row.bundle, &row.external_hosts).await.map(everywhere)
}

async fn live(engine: &Engine, key: i64) -> Result<Option<Pointers>> {
    let mut conn = engine.db().reader().await?;
    let Some(mut row) = hosted::live(&mut conn, key).await? else { return Ok(None) };
    let started = if row.has_plan { hosted::started(&mut conn, key).await? } else { None };
    if row.has_plan && started.is_none() {
        // It ended between the two reads: what is live is another.
        let Some(now) = hosted::live(&mut conn, key).await? else { return Ok(None) };
        row = now;
    }
    drop(conn);
    let registration = registration_of(&row.registration)?;
    let of = Of {
        publication: PublicationId(row.publication_id),
        environment: environment(registration.parameters),
        front_routing: registration.front_routing,
        expires_at: None,
    };
    let planned = match started {
        Some((version, sites)) => match site(engine, &of, Some(version.bundle), &version.external_hosts).await? {
            Found::Site(site) => Some((site, Arc::new(sites))),
            Found::Nothing | Found::Stopped { .. } => None,
        },
        None => None,
    };
    let hosts = row.external_hosts.unwrap_or_default();
    let rest = match row.stopped {
        true => Found::Stopped { name: row.name, substitute: row.substitute },
        false => site(engine, &of, row.bundle, &hosts).await?,
    };
    Ok(Some(Pointers { rest, planned }))
}

/// What versions of one publication have in common, live or in preview.
struct Of {
    publication: PublicationId,
    environment: Bytes,
    front_routing: FrontRouting,
    expires_at: Option<UtcMillis>,
}

async fn site(engine: &Engine, of: &Of, bundle: Option<String>, hosts: &str) -> Result<Found> {
    let Some(bundle) = bundle else { return Ok(Found::Nothing) };
    let cache = &engine.hosting().manifests;
    let manifest = match cache.get(&bundle) {
        Some(manifest) => manifest,
        None => {
            let Some(manifest) = manifest::of(engine.files(), &bundle).await? else { return Ok(Found::Nothing) };
            let manifest = Arc::new(manifest);
            cache.insert(bundle, Arc::clone(&manifest));
            manifest
        }
    };
    let declared: Vec<HostDraft> = serde_json::from_str(hosts).unwrap_or_default();
    let allowed = Decided::read(&mut engine.db().reader().await?).await?.with(&declared);
    let policy = policy::of(allowed.hosts(), &engine.workshop().apps.console);
    let Of { publication, front_routing, expires_at, .. } = *of;
    let environment = of.environment.clone();
    Ok(Found::Site(Arc::new(Site { publication, manifest, policy, environment, front_routing, expires_at })))
}

fn environment(parameters: Vec<Parameter>) -> Bytes {
    let parameters: BTreeMap<String, String> = parameters.into_iter().map(|p| (p.name, p.value)).collect();
    format!("window.__APP_ENV__ = Object.freeze({});\n", serde_json::json!(parameters)).into()
}
