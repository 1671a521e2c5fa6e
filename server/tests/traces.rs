//! The real program sends its spans to a collector that speaks OTLP.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod socket;
mod workbench;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use domain::Stage;
use engine::{Carriers, Workshop};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use program::{Place, SOON};
use prost::Message;
use socket::{Asked, ask};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::watch;
use workbench::{PAGE, Workbench, zip};

type Sent = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

/// A collector; where it is.
async fn collector(sent: Sent) -> String {
    let take = move |body: Bytes| async move {
        sent.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
        ExportTraceServiceResponse::default().encode_to_vec()
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/v1/traces", post(take))).await });
    format!("http://{address}")
}

/// Those of this name, of all that was sent.
fn spans_of(sent: &[ExportTraceServiceRequest], name: &str) -> Vec<Span> {
    let all = sent.iter().flat_map(|request| &request.resource_spans).flat_map(|from| &from.scope_spans);
    all.flat_map(|scope| &scope.spans).filter(|span| span.name == name).cloned().collect()
}

/// A group's robot that takes everything; where it is, and the ids of what came.
async fn robot() -> (String, watch::Receiver<Vec<String>>) {
    let (came, seen) = watch::channel(Vec::new());
    let take = move |headers: HeaderMap| async move {
        let id = headers.get("idempotency-key").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
        came.send_modify(|all| all.push(id));
        r#"{"errcode":0,"errmsg":"ok"}"#
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/robot/send", post(take))).await });
    (format!("http://{address}/robot/send?access_token=secret"), seen)
}

fn said(of: &[KeyValue], key: &str) -> Option<String> {
    let AnyValue { value } = of.iter().find(|pair| pair.key == key)?.value.clone()?;
    match value? {
        Value::StringValue(text) => Some(text),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

#[tokio::test]
async fn a_collector_gets_each_request_with_its_answer() {
    let place = Place::new("traces", None);
    let sent = Sent::default();
    let server = place.serves(&["--otlp-endpoint", &collector(Arc::clone(&sent)).await]).await;
    assert_eq!(ask(server.address, Asked::get("/healthz")).await.text(), "ok");
    let missing = ask(server.address, Asked::get("/no/such/page?secret=1")).await;
    ask(server.address, Asked::get("/scan/secret")).await;
    ask(server.address, Asked { host: "sv00000001.apps.localhost", ..Asked::get("/people/secret") }).await;
    assert_eq!(missing.status, 404);
    // What was not sent yet is sent at the end.
    server.ends().await;
    let sent = sent.lock().unwrap();
    let from = sent[0].resource_spans[0].resource.as_ref().unwrap();
    assert_eq!(said(&from.attributes, "service.name").unwrap(), "irs");
    let spans = spans_of(&sent, "request");
    let of = |path: &str| {
        spans.iter().find(|span| said(&span.attributes, "http.path").as_deref() == Some(path)).unwrap_or_else(|| {
            panic!("{path} is not among {spans:?}");
        })
    };
    assert_eq!(said(&of("/healthz").attributes, "http.status").unwrap(), "200");
    assert_eq!(said(&of("(application)").attributes, "http.status").unwrap(), "404");
    let span = of("/no/such/page");
    assert_eq!(said(&span.attributes, "http.status").unwrap(), "404");
    assert_eq!(said(&span.attributes, "request.id").unwrap(), missing.header("x-request-id"));
    assert!(
        !format!("{spans:?}").contains("secret"),
        "what nobody else should read is in queries, codes and others' paths"
    );
    place.end();
}

#[tokio::test]
async fn a_collector_gets_each_stage_of_a_package_and_each_message_that_goes_out() {
    let place = Place::new("traces-work", None);
    let (address, mut came) = robot().await;
    let carriers = Carriers::default().with_webhook(&address, "SEC").unwrap();
    // 王建国 registers, and the group has to be told.
    let bench = Workbench::open_with(&place, Workshop { carriers, ..Workshop::default() }).await;
    let sent = Sent::default();
    let collector = collector(Arc::clone(&sent)).await;
    let webhook = ["--webhook-url", &address, "--webhook-secret", "SEC"];
    let server = place.serves(&[&["--otlp-endpoint", &collector, "--builds", "1"], &webhook[..]].concat()).await;
    let version = bench.uploads("1.0.0", &zip(&[("index.html", PAGE), ("a.js", "window.a = 1;")])).await;
    bench.until_over(version).await;
    tokio::time::timeout(SOON, came.wait_for(|ids| !ids.is_empty())).await.unwrap().unwrap();
    server.ends().await;
    bench.ends().await;

    let sent = sent.lock().unwrap();
    let stages = spans_of(&sent, "stage");
    let mut begun: Vec<(u64, String)> =
        stages.iter().map(|span| (span.start_time_unix_nano, said(&span.attributes, "stage").unwrap())).collect();
    begun.sort();
    let begun: Vec<&str> = begun.iter().map(|(_, stage)| stage.as_str()).collect();
    assert_eq!(begun, Stage::ALL.map(Stage::id), "one after the other, each once");
    for span in &stages {
        assert_eq!(said(&span.attributes, "version.id").unwrap(), version.0.to_string());
        assert!(span.end_time_unix_nano > span.start_time_unix_nano, "{span:?}");
    }
    let messages = spans_of(&sent, "message");
    let mut told: Vec<String> = messages.iter().map(|span| said(&span.attributes, "outbox.id").unwrap()).collect();
    told.sort();
    let mut ids = came.borrow().clone();
    ids.sort();
    assert_eq!(told, ids, "a span for each message that came");
    assert!(messages.iter().all(|span| said(&span.attributes, "outbox.carrier").as_deref() == Some("webhook")));
    assert!(!format!("{messages:?}{stages:?}").contains("secret"));
    place.end();
}

#[tokio::test]
async fn a_collector_that_is_away_takes_nothing_from_people() {
    let place = Place::new("no-traces", None).quiet();
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = place.serves(&["--otlp-endpoint", &format!("http://{closed}")]).await;
    assert_eq!(ask(server.address, Asked::get("/healthz")).await.text(), "ok");
    server.ends().await;
    let wrong = place.runs(&["--otlp-endpoint", "collector:4317", "doctor"]).await;
    assert!(!wrong.good && wrong.failed.contains("an address like http://collector:4318 is wanted"), "{wrong:?}");
    place.end();
}

#[tokio::test]
async fn a_filter_of_the_log_that_is_none_is_named_at_the_start() {
    let place = Place::new("filter", None).logging("info,engine=loud");
    let ended = place.runs(&["doctor"]).await;
    assert!(!ended.good && ended.failed.contains("server: RUST_LOG: "), "{ended:?}");
    place.end();
}
