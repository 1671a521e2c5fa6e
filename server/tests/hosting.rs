//! A package from its upload over HTTP to its preview on a host of its own, on a real socket; children are the real program.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod socket;
mod workbench;

use axum::http::StatusCode;
use domain::VersionId;
use engine::{Clock, Database, Engine, Entropy, Files, Workshop, pipeline, version};
use leptos::config::LeptosOptions;
use program::{SOON, database};
use serde_json::{Value, json};
use socket::{Answer, Asked};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::process::Command;
use workbench::{registered, signed_in, zip};

const PAGE: &str = r#"<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>公交</title>
<meta name="viewport" content="width=device-width"></head><body><script src="/assets/index-BX3kd9_a.js"></script></body></html>"#;

struct Running {
    engine: Engine,
    address: SocketAddr,
    folder: std::path::PathBuf,
}

impl Running {
    async fn start(name: &str) -> Self {
        Self::on(name, None).await
    }

    /// On a database of this address, else on one of its own.
    async fn on(name: &str, database: Option<&str>) -> Self {
        let folder = std::env::temp_dir().join(format!("irs-{name}-{}", std::process::id()));
        let own = folder.join("irs.db").to_string_lossy().into_owned();
        let db = Database::open(database.unwrap_or(&own)).await.unwrap();
        let files = Files::local(&folder.join("files")).unwrap();
        let workshop =
            Workshop { program: env!("CARGO_BIN_EXE_server").into(), work: folder.join("work"), ..Workshop::default() };
        let engine = Engine::open_with(db, files, Clock::System, Entropy::System, true, workshop).await.unwrap();
        let router = server::router::router(LeptosOptions::builder().output_name("irs").build(), engine.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { engine, address, folder }
    }

    async fn asks(&self, asked: Asked<'_>) -> Answer {
        socket::ask(self.address, asked).await
    }

    /// Uploaded and checked; returns the host of the preview.
    async fn previewed(&self, zip: &[u8]) -> String {
        let version = self.uploaded(zip).await;
        while pipeline::run_next(&self.engine).await.unwrap() {}
        self.preview_of(version).await
    }

    async fn preview_of(&self, version: VersionId) -> String {
        let (zhao, _) = signed_in(&self.engine, "zhaolei").await;
        let preview = version::present_preview(&self.engine, &zhao, version).await.unwrap().unwrap();
        preview.address.trim_start_matches("http://").to_owned()
    }

    /// Over HTTP, as the browser does it.
    async fn uploaded(&self, zip: &[u8]) -> VersionId {
        let bus = registered(&self.engine).await;
        let (_, cookie) = signed_in(&self.engine, "zhaolei").await;
        let cookie: &str = &cookie;
        let begin = json!({ "publication": bus, "file_name": "bus.zip", "size": zip.len() }).to_string();
        let begun = self.asks(Asked::post("/upload", &begin).cookie(cookie)).await;
        assert_eq!(begun.status, 200, "{}", begun.text());
        let id = begun.json()["id"].as_str().unwrap().to_owned();
        let put = self
            .asks(Asked { method: "PUT", body: zip, ..Asked::get(&format!("/upload/{id}/0")) }.cookie(cookie))
            .await;
        assert_eq!(put.status, 204, "{}", put.text());
        let state = self.asks(Asked::get(&format!("/upload/{id}")).cookie(cookie)).await.json();
        assert_eq!(state["parts"], json!([[0, zip.len()]]));
        let key = Entropy::System.id(self.engine.now());
        let draft = json!({ "number": "1.0.0", "hosts": [{ "host": "api.example.gov.cn", "purpose": "查询" }] });
        let form = |draft: Value| json!({ "publication": bus, "seen": 1, "key": key, "draft": draft }).to_string();
        let path = format!("/upload/{id}/finish");
        let refused = self.asks(Asked::post(&path, &form(json!({ "number": "x" }))).cookie(cookie)).await;
        assert_eq!((refused.status, refused.json()["Invalid"][0]["field"].as_str()), (422, Some("version_number")));
        let finished = self.asks(Asked::post(&path, &form(draft)).cookie(cookie)).await;
        assert_eq!(finished.status, 200, "{}", finished.text());
        serde_json::from_value(finished.json()["version"].clone()).unwrap()
    }

    async fn ends(self) {
        self.engine.close().await;
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

fn package() -> Vec<u8> {
    let script = format!("const lines = {:?};", "公交".repeat(1000));
    zip(&[("index.html", PAGE), ("assets/index-BX3kd9_a.js", &script), ("form.bin", "0123456789")])
}

#[tokio::test]
async fn an_application_is_served_on_a_host_of_its_own() {
    let running = Running::start("hosting").await;
    let host = running.previewed(&package()).await;
    let host = host.as_str();
    let get = |path| Asked { host, ..Asked::get(path) };
    let page = running.asks(get("/")).await;
    assert_eq!((page.status, page.text()), (200, PAGE));
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!((page.header("cache-control"), page.header("x-content-type-options")), ("no-cache", "nosniff"));
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("connect-src 'self' api.example.gov.cn:*;")
            && policy.contains("frame-ancestors http://localhost:3000")
    );
    assert!(!policy.contains("unsafe-eval") && page.header("set-cookie").is_empty());
    assert!(!page.header("x-request-id").is_empty());
    // The application's own routes are its first page; a file that is not there is not.
    for own in ["/lines/12?from=1", "/api/session/current", "/healthz"] {
        assert_eq!(running.asks(get(own)).await.text(), PAGE, "{own}");
    }
    for nowhere in ["/missing.js", "/__report", "/__x", "/..%2f..%2fetc/passwd", "/upload/x.y"] {
        assert_eq!(running.asks(get(nowhere)).await.status, 404, "{nowhere}");
    }
    let environment = running.asks(get("/app-env.js")).await;
    assert_eq!(environment.text(), "window.__APP_ENV__ = Object.freeze({});\n");
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"] {
        assert_eq!(running.asks(Asked { method, ..get("/") }).await.status, 405, "{method}");
    }
    let worker = Asked { headers: &[("service-worker", "script")], ..get("/assets/index-BX3kd9_a.js") };
    assert_eq!(running.asks(worker).await.status, 404);
    // Another label, and no label, lead nowhere; our own pages are not on an application's host.
    for other in ["nobody.apps.localhost:3000", "apps.localhost", "sv00000001.apps.localhost"] {
        let answer = running.asks(Asked { host: other, ..Asked::get("/") }).await;
        assert_eq!(answer.status, 404, "{other}");
        assert!(answer.text().contains("没有这个页面"));
    }
    assert_eq!(running.asks(Asked::get("/healthz")).await.text(), "ok");
    for ours in ["/healthz", "/login"] {
        assert_eq!(running.asks(Asked { method: "TRACE", ..Asked::get(ours) }).await.status, 405, "{ours}");
    }
    running.ends().await;
}

#[tokio::test]
async fn files_are_compressed_kept_and_sent_in_ranges() {
    let running = Running::start("ranges").await;
    let host = running.previewed(&package()).await;
    let script = Asked { host: &host, ..Asked::get("/assets/index-BX3kd9_a.js") };
    let plain = running.asks(script).await;
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.header("vary"), "accept-encoding");
    let mut tags = vec![plain.header("etag").to_owned()];
    for (accepts, encoding) in [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", "")] {
        let answer = running.asks(Asked { headers: &[("accept-encoding", accepts)], ..script }).await;
        assert_eq!(answer.header("content-encoding"), encoding, "{accepts}");
        assert!(encoding.is_empty() || answer.body.len() * 10 < plain.body.len());
        tags.push(answer.header("etag").to_owned());
    }
    assert!(tags[1] != tags[0] && tags[2] != tags[1] && tags[3] == tags[2] && tags[4] == tags[0], "{tags:?}");
    let again = running.asks(Asked { headers: &[("if-none-match", &tags[0])], ..script }).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = running.asks(Asked { method: "HEAD", ..script }).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, &*plain.body.len().to_string(), 0));
    let file = Asked { host: &host, ..Asked::get("/form.bin") };
    assert_eq!(running.asks(file).await.header("content-disposition"), "attachment");
    for (range, status, content) in [
        ("bytes=2-4", 206, "234"),
        ("bytes=8-", 206, "89"),
        ("bytes=-3", 206, "789"),
        ("bytes=0-99", 206, "0123456789"),
        ("bytes=10-", 416, ""),
        ("bytes=4-2", 200, "0123456789"),
        ("bytes=0-1,3-4", 200, "0123456789"),
        ("lines=1-2", 200, "0123456789"),
    ] {
        let answer = running.asks(Asked { headers: &[("range", range)], ..file }).await;
        assert_eq!((answer.status, answer.text()), (status, content), "{range}");
    }
    let stale = running.asks(Asked { headers: &[("range", "bytes=2-4"), ("if-range", "\"old\"")], ..file }).await;
    assert_eq!((stale.status, stale.text()), (200, "0123456789"));
    running.ends().await;
}

#[tokio::test]
async fn reports_are_taken_and_strangers_can_not_upload() {
    let running = Running::start("reports").await;
    let host = running.previewed(&package()).await;
    let report = r#"{"csp-report":{"blocked-uri":"https://evil.example.com/x"}}"#;
    assert_eq!(running.asks(Asked { host: &host, ..Asked::post("/__report", report) }).await.status, 204);
    let long = "x".repeat(8193);
    assert_eq!(running.asks(Asked { host: &host, ..Asked::post("/__report", &long) }).await.status, 413);
    let (_, cookie) = signed_in(&running.engine, "zhaolei").await;
    let foreign = Asked {
        headers: &[("origin", "https://evil.example.com"), ("sec-fetch-site", "cross-site")],
        ..Asked::post("/upload", "{}").cookie(&cookie)
    };
    assert_eq!(running.asks(foreign).await.status, StatusCode::FORBIDDEN.as_u16());
    let nobody = running
        .asks(Asked { method: "PUT", body: b"abc", ..Asked::get("/upload/018f0000-0000-7000-8000-000000000000/0") })
        .await;
    assert_eq!((nobody.status, nobody.json()), (401, json!("NotSignedIn")));
    running.ends().await;
}

#[tokio::test]
async fn another_process_builds_for_the_servers_of_its_database() {
    let database = database(&format!("irs_worker_{}", std::process::id())).await;
    let running = Running::on("worker", Some(&database)).await;
    let version = running.uploaded(&package()).await;
    let worker = || {
        let mut worker = Command::new(env!("CARGO_BIN_EXE_server"));
        worker.args(["--demo", "--data"]).arg(&running.folder).kill_on_drop(true);
        worker
    };
    let alone = worker().arg("build-worker").output().await.unwrap();
    assert!(!alone.status.success() && String::from_utf8_lossy(&alone.stderr).contains("DATABASE_URL=postgres://"));
    let mut child = worker().args(["--database-url", &database, "build-worker"]).spawn().unwrap();
    let (zhao, _) = signed_in(&running.engine, "zhaolei").await;
    let done = async {
        let mut look = tokio::time::interval(Duration::from_millis(50));
        while version::detail(&running.engine, &zhao, version).await.unwrap().under_way {
            look.tick().await;
        }
    };
    tokio::time::timeout(SOON, done).await.unwrap();
    let host = running.preview_of(version).await;
    assert_eq!(running.asks(Asked { host: &host, ..Asked::get("/") }).await.text(), PAGE);
    let id = child.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
    assert!(tokio::time::timeout(SOON, child.wait()).await.unwrap().unwrap().success());
    running.ends().await;
}
