//! Pages as the server renders them: whole, for many people at once and nobody's with a part of another's; and after a form without scripts.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use app::api::ApiError;
use app::api::context::SESSION_COOKIE;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, COOKIE, LOCATION, REFERER};
use axum::http::{Request, StatusCode};
use engine::identity::sign_in;
use engine::{Clock, Ctx, Database, Engine, Entropy, Files};
use leptos::config::LeptosOptions;
use std::path::PathBuf;
use tower::ServiceExt;

/// Requests at once.
const AT_ONCE: usize = 64;

/// A member of staff, their name, their page and its title.
const CASES: [(&str, &str, &str, &str); 4] = [
    ("wangjianguo", "王建国", "/service", "服务侧名称列表"),
    ("chenjing", "陈静", "/systems", "应用系统"),
    ("hemin", "何敏", "/service?q=x", "服务侧名称列表"),
    ("limin", "李敏", "/orders/waiting", "待我审批"),
];

/// A demo in a folder of its own.
async fn site(name: &str) -> (PathBuf, Engine, Router) {
    let folder = std::env::temp_dir().join(format!("irs-{name}-{}", std::process::id()));
    let db = Database::open(&folder.join("irs.db").to_string_lossy()).await.unwrap();
    let files = Files::local(&folder.join("files")).unwrap();
    let engine = Engine::open(db, files, Clock::System, Entropy::System, true).await.unwrap();
    let router = server::router::router(LeptosOptions::builder().output_name("irs").build(), engine.clone());
    (folder, engine, router)
}

#[tokio::test]
async fn who_asks_for_the_head_of_a_page_is_not_told_that_it_is_empty() {
    let (folder, engine, router) = site("heads").await;
    for (path, status) in [("/login", StatusCode::OK), ("/no/such/page", StatusCode::NOT_FOUND)] {
        let request = Request::head(path).body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!((answer.status(), answer.headers().get(CONTENT_LENGTH)), (status, None), "{path}");
        assert!(to_bytes(answer.into_body(), usize::MAX).await.unwrap().is_empty(), "{path}");
    }
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// The present password is not called wrong where it is not: each refusal has its own sentence.
#[tokio::test]
async fn a_password_that_is_not_changed_without_scripts_comes_back_with_why_it_was_not() {
    let (folder, engine, router) = site("password-form").await;
    let right = sign_in::demo_password();
    let sent = async |password: &str, new: &str| {
        let request = Request::post("/api/session/change_password")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ACCEPT, "text/html")
            .header(REFERER, "http://localhost/password");
        let body = format!("account=limin&password={password}&new_password={new}");
        let answer = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        answer.headers()[LOCATION].to_str().unwrap().to_owned()
    };
    let read = async |page: &str| {
        let answer = router.clone().oneshot(Request::get(page).body(Body::empty()).unwrap()).await.unwrap();
        String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
    };
    let refused = sent(right, "short").await;
    assert_eq!(refused, "/password?check=true");
    assert!(read(&refused).await.contains("密码没有修改：新密码不符合要求"));
    for _ in 0..5 {
        assert_eq!(sent("wrong", "Xixi-Shidi-2027").await, "/password?problem=credentials");
    }
    let waits = sent(right, "Xixi-Shidi-2027").await;
    let wait_ms = waits.strip_prefix("/password?problem=wait-").and_then(|rest| rest.parse().ok()).unwrap();
    for (page, error) in [
        ("/password?problem=credentials", ApiError::WrongCredentials),
        (waits.as_str(), ApiError::TooOften { wait_ms }),
        ("/password?problem=not-activated", ApiError::NotActivated),
        ("/password?problem=busy", ApiError::Busy),
    ] {
        assert!(read(page).await.contains(&error.to_string()), "{page}");
    }
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_that_are_rendered_at_once_do_not_mix() {
    let (folder, engine, router) = site("pages").await;
    let mut cookies = Vec::new();
    for (account, ..) in CASES {
        let nobody =
            Ctx { now: engine.now(), request_id: "t".into(), address: "::1".into(), heard: 0, signed_in: None };
        let token = sign_in::by_demo_click(&engine, &nobody, account, "test").await.unwrap();
        cookies.push(format!("{SESSION_COOKIE}={}", token.as_str()));
    }
    for _ in 0..4 {
        let pages = (0..AT_ONCE).map(|n| {
            let (_, name, path, title) = CASES[n % CASES.len()];
            let request = Request::get(path).header(COOKIE, &cookies[n % CASES.len()]).body(Body::empty()).unwrap();
            let router = router.clone();
            tokio::spawn(async move {
                let answer = router.oneshot(request).await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK, "{path}");
                let policy = answer.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
                let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
                let html = String::from_utf8(body.to_vec()).unwrap();
                assert!(html.contains(&format!("<title>{title} · 应用发布</title>")), "{path} has its title");
                assert!(html.contains(&format!(">{name}<")), "{path} is {name}'s");
                let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
                // What comes from our own address needs none.
                let scripts = html.matches("<script").count() - html.matches("<script src=\"/").count();
                assert_eq!(
                    html.matches(&format!("nonce=\"{nonce}\"")).count(),
                    scripts,
                    "{path}: every script has the nonce"
                );
            })
        });
        for page in pages.collect::<Vec<_>>() {
            page.await.unwrap();
        }
    }
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}
