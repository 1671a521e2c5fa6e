//! What counts as use of a session, asked through the whole router, on a clock that is moved by hand.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use app::api::asking::BY_ITSELF;
use app::api::context::SESSION_COOKIE;
use axum::Router;
use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{Request, StatusCode};
use engine::identity::sign_in;
use engine::{Clock, Ctx, Database, Engine, Entropy, Files};
use leptos::config::LeptosOptions;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tower::ServiceExt;

/// Milliseconds.
const MINUTE: i64 = 60_000;

/// What anybody may ask who is signed in.
const INBOX: &str = "/api/inbox/list?query[unread]=false&query[from]=start";

/// What a page does that nobody sits at: polls, listens, draws the picture of a row that came; and what one of the release before polls.
const BY_THEMSELVES: [(&str, &str, &str); 4] = [
    (INBOX, BY_ITSELF, "1"),
    ("/events", "accept", "text/event-stream"),
    ("/icon/0000", "sec-fetch-dest", "image"),
    ("/api/home/counts", "accept", "application/json"),
];

async fn status(router: &Router, path: &str, cookie: &str, (name, value): (&str, &str)) -> StatusCode {
    let request = Request::get(path).header(COOKIE, cookie).header(name, value).body(Body::empty()).unwrap();
    router.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn what_an_open_page_does_by_itself_keeps_nobody_signed_in() {
    let folder = std::env::temp_dir().join(format!("irs-sessions-{}", std::process::id()));
    let db = Database::open(&folder.join("irs.db").to_string_lossy()).await.unwrap();
    let files = Files::local(&folder.join("files")).unwrap();
    let clock = Clock::Set(Arc::new(AtomicI64::new(1_790_000_000_000)));
    let engine = Engine::open(db, files, clock.clone(), Entropy::System, true).await.unwrap();
    let router = server::router::router(LeptosOptions::builder().output_name("irs").build(), engine.clone());
    let mut cookies = Vec::new();
    for account in ["wangjianguo", "chenjing", "hemin", "fengxue", "limin"] {
        let nobody =
            Ctx { now: engine.now(), request_id: "t".into(), address: "::1".into(), heard: 0, signed_in: None };
        let token = sign_in::by_demo_click(&engine, &nobody, account, "test").await.unwrap();
        cookies.push(format!("{SESSION_COOKIE}={}", token.as_str()));
    }
    let used = cookies.pop().unwrap();
    let is_in = async |cookie: &str| status(&router, INBOX, cookie, (BY_ITSELF, "1")).await == StatusCode::OK;
    for _ in 0..2 {
        clock.advance(10 * MINUTE);
        assert_eq!(status(&router, INBOX, &used, ("accept", "*/*")).await, StatusCode::OK);
        for ((path, name, value), cookie) in BY_THEMSELVES.into_iter().zip(&cookies) {
            status(&router, path, cookie, (name, value)).await;
            assert!(is_in(cookie).await, "{path}: it is not half an hour yet");
        }
    }
    clock.advance(10 * MINUTE);
    for ((path, ..), cookie) in BY_THEMSELVES.into_iter().zip(&cookies) {
        assert!(!is_in(cookie).await, "{path} was use");
    }
    assert!(is_in(&used).await, "whoever asks goes on");
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}
