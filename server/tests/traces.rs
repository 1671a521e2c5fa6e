//! The real program sends its spans to a collector that speaks OTLP.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod socket;

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use program::Place;
use prost::Message;
use socket::{Asked, ask};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

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
    let all = sent.iter().flat_map(|request| &request.resource_spans).flat_map(|from| &from.scope_spans);
    let spans: Vec<&Span> = all.flat_map(|scope| &scope.spans).filter(|span| span.name == "request").collect();
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
