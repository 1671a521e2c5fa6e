//! `irs deploy` against a site of ours that breaks off: what it has of the file is not sent again.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};
use std::process::Output;
use std::sync::{Arc, Mutex};

/// Bytes of a part.
const PART: usize = 64;

/// What the site has, and what it does not take now.
#[derive(Default)]
struct Site {
    begun: Vec<String>,
    size: usize,
    parts: BTreeMap<usize, Bytes>,
    /// The parts that were sent, in order.
    sent: Vec<usize>,
    /// This part is refused for good, or is answered once by one who stands before the site.
    refused: Option<usize>,
    busy: Option<usize>,
    finished: Vec<String>,
}

type Shared = State<Arc<Mutex<Site>>>;

const IDS: [&str; 2] = ["018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"];

async fn begin(State(site): Shared, Json(new): Json<Value>) -> Response {
    let mut site = site.lock().unwrap();
    site.size = usize::try_from(new["size"].as_u64().unwrap()).unwrap();
    site.parts.clear();
    let id = IDS[site.begun.len()].to_owned();
    site.begun.push(id);
    (StatusCode::CREATED, Json(progress(&site))).into_response()
}

fn progress(site: &Site) -> Value {
    let parts: Vec<usize> = site.parts.keys().copied().collect();
    json!({ "id": site.begun.last(), "size": site.size, "part_size": PART, "parts": parts, "expires_at": "" })
}

async fn state(State(site): Shared, Path(id): Path<String>) -> Response {
    let site = site.lock().unwrap();
    match site.begun.last() == Some(&id) {
        true => Json(progress(&site)).into_response(),
        false => (StatusCode::NOT_FOUND, Json(json!({ "message": "没有" }))).into_response(),
    }
}

async fn part(State(site): Shared, Path((_, number)): Path<(String, usize)>, body: Bytes) -> Response {
    let mut site = site.lock().unwrap();
    if site.busy.take_if(|busy| *busy == number).is_some() {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    if site.refused == Some(number) {
        return (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "message": "磁盘已满" }))).into_response();
    }
    site.sent.push(number);
    site.parts.insert(number, body);
    StatusCode::NO_CONTENT.into_response()
}

async fn finish(State(site): Shared, Path(id): Path<String>) -> Response {
    site.lock().unwrap().finished.push(id);
    (StatusCode::CREATED, Json(json!({ "id": IDS[0] }))).into_response()
}

async fn served(site: &Arc<Mutex<Site>>) -> String {
    let router = Router::new()
        .route("/api/v1/uploads", post(begin))
        .route("/api/v1/uploads/{id}", get(state))
        .route("/api/v1/uploads/{id}/parts/{number}", put(part))
        .route("/api/v1/uploads/{id}/finish", post(finish))
        .with_state(Arc::clone(site));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("irs-deploy-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("app")).unwrap();
    std::fs::write(folder.join("app/index.html"), "<!doctype html><html lang=zh><title>公交</title>").unwrap();
    let noise: String = (0..100_u32).map(|n| format!("{:x}", n.wrapping_mul(0x9e37_79b9))).collect();
    std::fs::write(folder.join("app/a.txt"), noise).unwrap();
    folder
}

async fn deploys(folder: &FilePath, address: &str) -> Output {
    let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_irs"));
    command.args(["--address", address, "--token", "t", "--config"]).arg(folder.join("config/irs.json"));
    command.args(["deploy", "--no-check", "--number", "1.0.0"]).arg(folder.join("app"));
    command.output().await.unwrap()
}

#[tokio::test]
async fn another_run_of_the_same_folder_sends_what_is_missing() {
    let (site, folder) = (Arc::new(Mutex::new(Site { refused: Some(3), ..Site::default() })), folder("again"));
    let address = served(&site).await;
    let broken = deploys(&folder, &address).await;
    assert_eq!(broken.status.code(), Some(2), "{broken:?}");
    assert_eq!(site.lock().unwrap().sent, [0, 1, 2]);
    {
        let mut site = site.lock().unwrap();
        (site.refused, site.busy) = (None, Some(4));
    }
    // The files' times are others: what counts is what is in them.
    let page = folder.join("app/index.html");
    std::fs::write(&page, std::fs::read(&page).unwrap()).unwrap();
    let done = deploys(&folder, &address).await;
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() && said.contains("接着上次没有传完的上传：已有 3/"), "{said}");
    {
        let site = site.lock().unwrap();
        let all = site.size.div_ceil(PART);
        assert!(all > 5, "{all}");
        assert_eq!(site.sent, (0..all).collect::<Vec<_>>(), "each part once, in order");
        assert_eq!((site.begun.len(), site.finished.len()), (1, 1));
        let whole: Vec<u8> = site.parts.values().flatten().copied().collect();
        assert!(whole.len() == site.size && whole.starts_with(b"PK"));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn another_content_is_another_upload() {
    let (site, folder) = (Arc::new(Mutex::new(Site { refused: Some(2), ..Site::default() })), folder("other"));
    let address = served(&site).await;
    assert_eq!(deploys(&folder, &address).await.status.code(), Some(2));
    std::fs::write(folder.join("app/b.txt"), "new").unwrap();
    site.lock().unwrap().refused = None;
    let done = deploys(&folder, &address).await;
    assert!(done.status.success(), "{done:?}");
    {
        let site = site.lock().unwrap();
        assert_eq!((site.begun.len(), site.finished.as_slice()), (2, &[IDS[1].to_owned()][..]));
        assert_eq!(site.sent[..2], [0, 1]);
        assert_eq!(site.sent[2..], (0..site.size.div_ceil(PART)).collect::<Vec<_>>());
    }
    // Finished: the next one begins anew, of which nothing is left behind.
    assert!(!folder.join("config/upload.json").exists());
    std::fs::remove_dir_all(folder).unwrap();
}
