//! What Prometheus reads: counts and times, never ids, names or addresses. Start at [`Metrics::text`]; docs/operations.md has the list.
//!
//! It is served at an address of its own, `--metrics-listen`, and nowhere else. Letting in whoever comes from loopback would not do: behind
//! a proxy on the same machine everybody does.

mod labels;
#[cfg(test)]
mod tests;

use crate::router::ready;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use engine::Engine;
use engine::metrics::{self as readings, Readings};
use labels::{Answered, Asked, Build, Carried, Class, Ended};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

/// From a file out of memory to a search that is too slow. Seconds.
const BUCKETS: [f64; 11] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The form that Prometheus asks for, and others understand.
const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// What one server counts. Cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    engine: Engine,
    registry: Registry,
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram, fn() -> Histogram>,
    read: Read,
}

/// Read anew whenever somebody asks.
#[derive(Default)]
struct Read {
    listeners: Gauge,
    sessions: Gauge,
    outbox_waiting: Family<Carried, Gauge>,
    outbox_dead: Family<Carried, Gauge>,
    outbox_oldest: Family<Carried, Seconds>,
    jobs_waiting: Gauge,
    jobs_running: Gauge,
    jobs_oldest: Seconds,
    stages: Family<Ended, Counter>,
    database_up: Gauge,
    connections_open: Gauge,
    connections_idle: Gauge,
    connections_most: Gauge,
    writes_waiting: Gauge,
    memory: Gauge,
    started: Seconds,
}

type Seconds = Gauge<f64, AtomicU64>;

impl Metrics {
    /// All of them, at nothing.
    pub fn new(engine: Engine) -> Self {
        let mut registry = Registry::default();
        let requests = Family::<Answered, Counter>::default();
        let new: fn() -> Histogram = || Histogram::new(BUCKETS);
        let durations = Family::new_with_constructor(new);
        let (read, at) = (Read::default(), &mut registry);
        at.register("irs_http_requests", "Requests that were answered", requests.clone());
        at.register("irs_http_request_duration_seconds", "From a request to the head of its answer", durations.clone());
        read.register(at);
        let build = Info::new(Build { version: env!("CARGO_PKG_VERSION"), demo: engine.is_demo() });
        at.register("irs_build", "The program that answers", build);
        Self(Arc::new(Inner { engine, registry, requests, durations, read }))
    }

    /// All of them as text, with the engine's readings of now. Without its database the rest is still told.
    pub async fn text(&self) -> String {
        let Inner { engine, registry, read, .. } = &*self.0;
        let readings = readings::read(engine).await;
        if let Err(error) = &readings {
            tracing::warn!(error = %error, "the database could not be asked for metrics");
        }
        read.set(engine, readings.ok().as_ref());
        let mut text = String::new();
        if let Err(error) = encode(&mut text, registry) {
            tracing::error!(error = %error, "the metrics could not be written");
        }
        text
    }

    /// Around the whole server: counts what is answered.
    pub fn around(&self, router: Router) -> Router {
        router.layer(from_fn_with_state(self.clone(), count))
    }

    /// What `--metrics-listen` serves.
    pub fn routes(&self) -> Router {
        let at_all = Router::new().route("/metrics", get(scrape)).with_state(self.clone());
        at_all
            .route("/healthz", get(|| async { "ok" }))
            .merge(Router::new().route("/readyz", get(ready)).with_state(self.0.engine.clone()))
    }
}

impl Read {
    fn register(&self, at: &mut Registry) {
        at.register(
            "irs_event_streams",
            "Pages that listen to this process's stream of events",
            self.listeners.clone(),
        );
        at.register("irs_sessions", "Sessions, with those that are over and not swept yet", self.sessions.clone());
        at.register("irs_outbox_waiting", "Messages to be sent, or sent again", self.outbox_waiting.clone());
        at.register("irs_outbox_dead", "Messages that were given up", self.outbox_dead.clone());
        at.register("irs_outbox_oldest_seconds", "Age of the oldest message that waits", self.outbox_oldest.clone());
        at.register("irs_jobs_waiting", "Packages that wait to be checked and built", self.jobs_waiting.clone());
        at.register(
            "irs_jobs_running",
            "Packages that are being checked and built, anywhere",
            self.jobs_running.clone(),
        );
        at.register(
            "irs_jobs_oldest_seconds",
            "How long the first of those that wait has been due",
            self.jobs_oldest.clone(),
        );
        at.register("irs_stages", "Stages of packages that ended in this process", self.stages.clone());
        at.register("irs_database_up", "1 if the database answered within 2 seconds", self.database_up.clone());
        at.register("irs_database_connections_open", "Connections of the pool", self.connections_open.clone());
        at.register("irs_database_connections_idle", "Connections that nobody uses", self.connections_idle.clone());
        at.register("irs_database_connections_most", "The pool's limit", self.connections_most.clone());
        at.register(
            "irs_database_writes_waiting",
            "Changes that wait for SQLite's one writer",
            self.writes_waiting.clone(),
        );
        at.register("process_resident_memory_bytes", "Memory that this process holds", self.memory.clone());
        at.register("process_start_time_seconds", "When this process began to serve", self.started.clone());
    }

    fn set(&self, engine: &Engine, readings: Option<&Readings>) {
        self.database_up.set(readings.is_some().into());
        if let Some(readings) = readings {
            self.sessions.set(readings.sessions);
            self.jobs_waiting.set(readings.jobs_waiting);
            self.jobs_running.set(readings.jobs_running);
            self.jobs_oldest.set(seconds(readings.oldest_job_ms));
            for outbox in &readings.outbox {
                let carrier = Carried { carrier: outbox.carrier.id() };
                self.outbox_waiting.get_or_create(&carrier).set(outbox.waiting);
                self.outbox_dead.get_or_create(&carrier).set(outbox.dead);
                self.outbox_oldest.get_or_create(&carrier).set(seconds(outbox.oldest_ms));
            }
        }
        for (stage, passed, count) in readings::stages(engine) {
            let ended = Ended { stage: stage.id(), result: if passed { "passed" } else { "failed" } };
            self.stages.get_or_create(&ended).inner().store(count, std::sync::atomic::Ordering::Relaxed);
        }
        let load = readings::load(engine);
        self.connections_open.set(load.open.into());
        self.connections_idle.set(load.idle.into());
        self.connections_most.set(load.most.into());
        self.writes_waiting.set(load.waiting_writes.into());
        self.listeners.set(i64::try_from(readings::listeners(engine)).unwrap_or(i64::MAX));
        self.memory.set(resident_bytes().unwrap_or_default());
        self.started.set(seconds(engine.started_at().0));
    }
}

async fn scrape(State(metrics): State<Metrics>) -> Response {
    ([(CONTENT_TYPE, OPEN_METRICS)], metrics.text().await).into_response()
}

async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let asked = Asked { class: Class::of(&metrics.0.engine, &request) };
    let method = labels::method(request.method());
    let begun = Instant::now();
    let answer = next.run(request).await;
    let answered = Answered { class: asked.class, method, status: answer.status().as_u16() };
    metrics.0.requests.get_or_create(&answered).inc();
    metrics.0.durations.get_or_create(&asked).observe(begun.elapsed().as_secs_f64());
    answer
}

/// Milliseconds in; a time of this century fits.
fn seconds(millis: i64) -> f64 {
    millis as f64 / 1000.0
}

/// As Linux tells; elsewhere nothing is known.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse::<i64>().ok().map(|kilobytes| kilobytes * 1024)
}
