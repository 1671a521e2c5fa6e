//! What `/metrics` says after something has happened, and that the board in deploy/grafana asks for nothing else.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod running;
mod socket;

use running::Running;
use serde_json::Value;
use server::connection::Patience;
use server::proxies::Trusted;
use socket::{Asked, ask};
use std::collections::{BTreeMap, BTreeSet};

/// Each family with the labels that its samples have.
type Families = BTreeMap<String, BTreeSet<String>>;

/// Beside our own labels, what Prometheus and histograms add.
const ADDED: [&str; 3] = ["job", "instance", "le"];

#[tokio::test]
async fn every_query_of_the_board_asks_for_what_there_is() {
    let running = Running::start("board", Trusted::default(), Patience::default(), None).await;
    for path in ["/healthz", "/readyz", "/api/session/current", "/no/such/page/0190aaaa-0000-7000-8000-000000000000"] {
        ask(running.at, Asked::get(path)).await;
    }
    ask(running.at, Asked { host: "sv00000001.apps.localhost", ..Asked::get("/") }).await;
    ask(running.at, Asked { method: "BREW", ..Asked::get("/") }).await;
    let text = running.metrics.text().await;
    assert!(text.ends_with("# EOF\n"));
    for expected in [
        "irs_http_requests_total{class=\"health\",method=\"GET\",status=\"200\"} 2",
        "irs_http_requests_total{class=\"application\",method=\"GET\",status=\"404\"} 1",
        "irs_database_up 1",
        "irs_stages_total{stage=\"build\",result=\"passed\"} 0",
        "irs_outbox_waiting{carrier=\"webhook\"} 0",
    ] {
        assert!(text.contains(expected), "{expected} is missing in\n{text}");
    }
    assert!(!text.contains("0190aaaa") && !text.contains("sv00000001") && !text.contains("BREW"), "{text}");
    let families = families(&text);
    let board: Value = serde_json::from_str(include_str!("../../deploy/grafana/irs.json")).unwrap();
    let mut asked = BTreeSet::new();
    for panel in board["panels"].as_array().unwrap() {
        for target in panel["targets"].as_array().unwrap() {
            let query = target["expr"].as_str().unwrap();
            for name in names(query) {
                assert!(families.contains_key(&name), "{query}: there is no {name}");
                let labels = labels_after(query, &name);
                let unknown =
                    labels.iter().find(|label| !families[&name].contains(*label) && !ADDED.contains(&label.as_str()));
                assert_eq!(unknown, None, "{query}: {name} has no such label");
                asked.insert(name);
            }
        }
    }
    // Nothing is told that nobody looks at.
    for name in families.keys().filter(|name| !name.ends_with("_sum") && !name.ends_with("_count")) {
        assert!(asked.contains(name), "no panel shows {name}");
    }
    running.ends().await;
}

#[tokio::test]
async fn a_server_without_its_database_is_not_ready_and_says_so_in_its_metrics() {
    let running = Running::start("away", Trusted::default(), Patience::default(), None).await;
    assert_eq!(ask(running.at, Asked::get("/readyz")).await.status, 200);
    running.engine.close().await;
    let answer = ask(running.at, Asked::get("/readyz")).await;
    assert_eq!((answer.status, answer.text()), (503, "the database does not answer"));
    assert_eq!(ask(running.at, Asked::get("/healthz")).await.status, 200, "the process itself is alive");
    let text = running.metrics.text().await;
    assert!(text.contains("irs_database_up 0") && text.contains("irs_http_requests_total"), "{text}");
    running.engine.hang_up();
    assert_eq!(ask(running.at, Asked::get("/readyz")).await.text(), "stopping");
    running.ends().await;
}

#[tokio::test]
async fn the_public_address_has_no_metrics() {
    let running = Running::start("public", Trusted::default(), Patience::default(), None).await;
    let answer = ask(running.at, Asked::get("/metrics")).await;
    assert!(answer.status == 404 && !answer.text().contains("irs_http_requests"), "{}", answer.text());
    running.ends().await;
}

fn families(text: &str) -> Families {
    let mut families = Families::new();
    for sample in text.lines().filter(|line| !line.starts_with('#')) {
        let series = sample.rsplit_once(' ').unwrap().0;
        let (name, labels) = series.split_once('{').unwrap_or((series, ""));
        let of = families.entry(name.to_owned()).or_default();
        of.extend(labels.split(',').filter_map(|pair| pair.split_once('=')).map(|(label, _)| label.to_owned()));
    }
    families
}

/// The metrics that a query names.
fn names(query: &str) -> Vec<String> {
    let words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.filter(|word| word.starts_with("irs_") || word.starts_with("process_")).map(str::to_owned).collect()
}

/// The labels that stand in braces after a name, and those that the query groups by.
fn labels_after(query: &str, name: &str) -> Vec<String> {
    let selectors = query.match_indices(name).filter_map(|(at, _)| query[at + name.len()..].strip_prefix('{'));
    let selected = selectors.flat_map(|rest| rest.split('}').next().unwrap_or_default().split(','));
    let selected = selected.filter_map(|pair| pair.split(['=', '!']).next());
    let grouped = query.split("by (").skip(1).flat_map(|rest| rest.split(')').next().unwrap_or_default().split(','));
    selected.chain(grouped).map(|label| label.trim().to_owned()).filter(|label| !label.is_empty()).collect()
}
