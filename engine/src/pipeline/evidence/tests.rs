//! A real Chromium (CONTRIBUTING: tests need it), in the sandbox. On SQLite alone: the database has no part in it.

use super::seen::Seen;
use crate::store::audit_event;
use crate::world::bench::{BUILDING, zip};
use crate::world::{On, World};
use crate::{pipeline, version};
use domain::StageStatus::Passed;
use domain::view::version::{Evidence, PageError};
use domain::{Stage, VersionId};
use serde_json::json;
use std::path::PathBuf;

/// Green all over.
const SHOWN: &str = r#"<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>公交</title>
<meta name="viewport" content="width=device-width"><style>body{margin:0;background:#0a8f3c;color:#fff}</style></head>
<body><p>公交查询</p><script src="/app-env.js"></script><script src="/a.js"></script></body></html>"#;

/// A page that does what this script does.
fn page(script: &str) -> Vec<u8> {
    zip(&[("index.html", SHOWN), ("a.js", script)])
}

/// Uploads it and runs all stages with this browser.
async fn seen(w: &World, chromium: &str, package: &[u8]) -> (VersionId, Option<Evidence>, String) {
    let engine =
        w.another_engine(true).await.unwrap().with_workshop(|shop| shop.chromium = Some(PathBuf::from(chromium)));
    let _alone = BUILDING.lock().await;
    let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", package).await;
    while pipeline::run_next(&engine).await.unwrap() {}
    engine.close().await;
    let log = w.log(id, Stage::DeployTest).await;
    assert_eq!(w.statuses(id).await, [Passed; 4], "{log}");
    (id, w.version(id).await.evidence, log)
}

#[tokio::test]
async fn a_picture_at_a_phones_size_errors_and_what_was_refused() {
    let w = World::new(On::Sqlite).await;
    let script = "console.error('坏了', 42); console.log('fine');\n\
        const host = atob('aHR0cHM6Ly90cmFja2VyLmV4YW1wbGUuY29t');\n\
        const image = new Image(); image.src = host + '/pixel.png';\n\
        alert('who waits?');\n\
        fetch('/nowhere.json');\n\
        setTimeout(() => window.missing.call(), 0);";
    let (id, evidence, log) = seen(&w, "/usr/bin/chromium", &page(script)).await;
    let evidence = evidence.unwrap_or_else(|| panic!("{log}"));
    let said: Vec<_> =
        evidence.errors.iter().map(|e| (e.text.as_str(), e.place.as_deref().unwrap_or_default())).collect();
    assert!(said.contains(&("坏了 42", "a.js:1:9")), "{said:?}");
    assert!(said.iter().any(|(text, at)| text.contains("404") && *at == "nowhere.json"), "{said:?}");
    assert!(said.iter().any(|(text, at)| text.starts_with("TypeError") && at.starts_with("a.js:6")), "{said:?}");
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(evidence.blocked, ["https://tracker.example.com/pixel.png"]);
    assert!(evidence.unreached.is_empty(), "{:?}", evidence.unreached);
    let png = version::picture(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap();
    let picture = image::load_from_memory(&png).unwrap().to_rgba8();
    assert_eq!((picture.width(), picture.height()), (780, 1688));
    assert_eq!(picture.get_pixel(390, 1600).0, [0x0a, 0x8f, 0x3c, 0xff]);
    // Whom the version is none of the business of has no picture of it either.
    assert!(version::picture(&w.engine, &w.request_of("sunyue").await, id).await.is_err());
    let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
    assert!(events.iter().all(|event| !event.detail.contains("tracker")), "visitors report; the evidence does not");
    w.end().await;
}

#[tokio::test]
async fn a_browser_that_is_none_costs_the_picture_and_nothing_else() {
    let w = World::new(On::Sqlite).await;
    let (_, evidence, log) = seen(&w, "/usr/bin/true", &page("let a = 1")).await;
    assert!(evidence.is_none() && log.contains("没有截图：浏览器没有正常结束"), "{log}");
    w.end().await;
}

#[test]
fn what_is_seen_is_counted_cut_and_told_apart() {
    let mut seen = Seen::default();
    let ask = |id: &str, url: &str| json!({ "method": "Network.requestWillBeSent", "params": { "requestId": id, "request": { "url": url } } });
    let fail = |id: &str, reason: &str| json!({ "method": "Network.loadingFailed", "params": { "requestId": id, "blockedReason": reason } });
    for (id, url, reason) in [
        ("1", "https://map.example.com/a.js", ""),
        ("2", "https://bad.example.com/b.js", "csp"),
        ("3", "https://bad.example.com/b.js", "csp"),
        ("4", "http://preview.localhost/gone.js", ""),
    ] {
        seen.event(&ask(id, url));
        seen.event(&fail(id, reason));
    }
    for n in 0..60 {
        let frame = json!({ "url": "http://preview.localhost/", "lineNumber": n, "columnNumber": 0 });
        let args = json!([{ "type": "string", "value": "x".repeat(1_000) }]);
        seen.event(&json!({ "method": "Runtime.consoleAPICalled", "params": { "type": "error", "args": args, "stackTrace": { "callFrames": [frame] } } }));
    }
    for nonsense in
        [json!(null), json!([1]), json!({ "method": "Log.entryAdded" }), json!({ "method": "Audits.issueAdded" })]
    {
        seen.event(&nonsense);
    }
    assert!(!seen.rests());
    seen.event(&json!({ "method": "Page.lifecycleEvent", "params": { "name": "networkIdle" } }));
    assert!(seen.rests());
    let Evidence { errors, more, blocked, unreached, .. } = seen.evidence();
    assert_eq!((errors.len(), more), (50, 10));
    assert_eq!(errors[0], PageError { text: "x".repeat(300), place: Some("index.html:1:1".to_owned()) });
    assert_eq!(blocked, ["https://bad.example.com/b.js"]);
    assert_eq!(unreached, ["https://map.example.com/a.js"]);
}
