//! Every server function and every other route as every role, tried for real; the result is docs/role-matrix.txt, reviewed like code.
//!
//! Write it again with `UPDATE_DOCS=1 cargo test -p server`.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod routed;

use app::api::context::SESSION_COOKIE;
use app::api::registry::{Access, ENDPOINTS, Endpoint, INTEGRATION, ROUTES, Route};
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use domain::Role;
use engine::identity::sign_in;
use engine::{Clock, Ctx, Database, Engine, Entropy, Files, audit};
use leptos::config::LeptosOptions;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tower::ServiceExt;

/// A demo in a folder of its own, asked without a network.
struct Demo {
    folder: PathBuf,
    engine: Engine,
    router: Router,
}

impl Demo {
    async fn start(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("irs-{name}-{}", std::process::id()));
        let db = Database::open(&folder.join("irs.db").to_string_lossy()).await.unwrap();
        let files = Files::local(&folder.join("files")).unwrap();
        let engine = Engine::open(db, files, Clock::System, Entropy::System, true).await.unwrap();
        let options = LeptosOptions::builder().output_name("irs").build();
        let router = server::router::router(options, engine.clone());
        Self { folder, engine, router }
    }
}

#[tokio::test]
async fn every_function_answers_every_role_as_the_registry_says() {
    let Demo { folder, engine, router } = Demo::start("matrix").await;
    let people = sign_in::demo_people(&engine).await.unwrap();
    let mut matrix = String::from("function");
    for role in Role::ALL {
        write!(matrix, "\t{}", role.id()).unwrap();
    }
    matrix.push_str("\tnobody\n");
    for endpoint in ENDPOINTS {
        write!(matrix, "{} {}", endpoint.method, endpoint.name).unwrap();
        for role in Role::ALL.map(Some).into_iter().chain([None]) {
            let account = role.map(|role| people.iter().find(|p| p.role == role).unwrap().account.clone());
            let sample = endpoint.sample.replace("ROLE", role.map_or("nobody", Role::id));
            let (status, request_id) = call(&router, &engine, endpoint, &sample, account.as_deref()).await;
            if status == StatusCode::FORBIDDEN {
                let noted = audit::is_refused_under(&engine, &request_id).await.unwrap();
                assert!(noted, "{} as {role:?} is refused, and the audit log has no row of it", endpoint.name);
            }
            assert_eq!(allowed(status), expected(endpoint.access, role), "{} as {role:?}: {status}", endpoint.name);
            write!(matrix, "\t{}", status.as_u16()).unwrap();
        }
        matrix.push('\n');
    }
    for route in ROUTES.iter().chain(INTEGRATION) {
        write!(matrix, "{} {}", route.method, route.path).unwrap();
        for role in Role::ALL.map(Some).into_iter().chain([None]) {
            let account = role.map(|role| people.iter().find(|p| p.role == role).unwrap().account.clone());
            let (status, request_id) = call_route(&router, &engine, route, account.as_deref()).await;
            if status == StatusCode::FORBIDDEN {
                let noted = audit::is_refused_under(&engine, &request_id).await.unwrap();
                assert!(noted, "{} as {role:?} is refused, and the audit log has no row of it", route.path);
            }
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{} is routed", route.path);
            assert_eq!(allowed(status), expected(route.access, role), "{} as {role:?}: {status}", route.path);
            write!(matrix, "\t{}", status.as_u16()).unwrap();
        }
        matrix.push('\n');
    }
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
    compare(&matrix);
}

/// A form that was posted without scripts is answered by a redirect: the log has the refusal all the same.
#[tokio::test]
async fn a_forbidden_form_without_scripts_is_in_the_audit_log() {
    let Demo { folder, engine, router } = Demo::start("plain-form").await;
    let request = Request::post("/api/publication/save_draft")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "text/html")
        .header(header::REFERER, "http://localhost/")
        .header(header::COOKIE, cookie(&engine, "fengxue").await);
    let sample = ENDPOINTS.iter().find(|endpoint| endpoint.name == "publication/save_draft").unwrap().sample;
    let answer = router.clone().oneshot(request.body(Body::from(sample)).unwrap()).await.unwrap();
    let (status, request_id) = status_and_id(answer);
    assert!(status.is_redirection(), "{status}");
    assert!(audit::is_refused_under(&engine, &request_id).await.unwrap());
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// What is read, too: a page, wherever the browser says that somebody came from, and its function in the address bar, whose answer does
/// not tell. Not what is not there, and not a file that another site's page asked for.
#[tokio::test]
async fn a_forbidden_page_is_in_the_audit_log_and_one_that_is_not_there_is_not() {
    const UNKNOWN: &str = "/publications/018f0000-0000-7000-8000-000000000000";
    const ATTACHMENT: &str = "/orders/018f0000-0000-7000-8000-000000000000/attachments/0";
    let Demo { folder, engine, router } = Demo::start("forbidden-page").await;
    let (feng, wang) = (cookie(&engine, "fengxue").await, cookie(&engine, "wangjianguo").await);
    let cases = [
        (&feng, "/service", "same-origin", Some(StatusCode::FORBIDDEN), true),
        (&feng, "/service", "cross-site", Some(StatusCode::FORBIDDEN), true),
        (&feng, "/api/routing/versions", "none", None, true),
        (&feng, "/export/service/csv", "same-origin", Some(StatusCode::FORBIDDEN), true),
        (&feng, "/export/service/csv", "cross-site", Some(StatusCode::FORBIDDEN), false),
        (&wang, ATTACHMENT, "cross-site", Some(StatusCode::FORBIDDEN), false),
        (&wang, UNKNOWN, "same-origin", Some(StatusCode::NOT_FOUND), false),
        (&wang, "/service", "same-origin", Some(StatusCode::OK), false),
    ];
    for (cookie, path, from, status, noted) in cases {
        let request = Request::get(path).header(header::ACCEPT, "text/html").header("sec-fetch-site", from);
        let request = request.header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        let (answered, request_id) = status_and_id(router.clone().oneshot(request).await.unwrap());
        assert!(status.is_none_or(|status| status == answered), "{path}: {answered}");
        assert_eq!(audit::is_refused_under(&engine, &request_id).await.unwrap(), noted, "{path} from {from}");
    }
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// By who may ask it, so that it is refused for nothing but where it comes from; and nothing of it is done.
#[tokio::test]
async fn no_function_and_no_route_that_changes_something_is_reached_from_another_site() {
    let Demo { folder, engine, router } = Demo::start("cross-site").await;
    let (people, cookies) = (sign_in::demo_people(&engine).await.unwrap(), cookies(&engine).await);
    let changing: Vec<Asking> = everything().into_iter().filter(|asking| asking.method != "GET").collect();
    assert!(changing.len() > 60, "{}", changing.len());
    let before = all_below(&folder);
    for asking in &changing {
        for from in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")] {
            let answer = asking.answered(&router, asking.cookie(&cookies), &[from]).await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{} {} from {from:?}", asking.method, asking.uri);
        }
    }
    assert!(all_below(&folder) == before, "nothing is written");
    // From our own pages they are let in.
    for asking in changing.iter().filter(|asking| !matches!(asking.access, Access::Token)) {
        // Anew: signing out is among it.
        let who = people.iter().find(|person| person.role == who_may(asking.access)).unwrap();
        let cookie = cookie(&engine, &who.account).await;
        let answer = asking.answered(&router, &cookie, &[("sec-fetch-site", "same-origin")]).await;
        assert!(allowed(answer.status()), "{} {}: {}", asking.method, asking.uri, answer.status());
    }
    assert!(all_below(&folder) != before, "what is written is seen");
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// Reading changes nothing: what a page of another site asks for is answered as to ours, but no answer lets that page see it. Files whose
/// reading is noted go to who asked for them here alone (server/src/export.rs).
#[tokio::test]
async fn what_is_read_from_another_site_is_as_here_but_for_files_that_are_noted_and_its_page_sees_nothing() {
    const NOTED: [&str; 6] = [
        "/admin/audit/anchor",
        "/admin/audit/export/{ending}",
        "/export/{side}/{ending}",
        "/orders/{id}/attachments/{index}",
        "/publications/{id}/history/{ending}",
        "/versions/{id}/package",
    ];
    /// Their ways lead to the sign-in page from elsewhere: who is known there would be signed in unasked (server/src/trip.rs).
    const LED: [&str; 2] = ["/dingtalk/sign-in", "/oidc/login"];
    let Demo { folder, engine, router } = Demo::start("cross-site-reads").await;
    let (cookies, noted) = (cookies(&engine).await, NOTED.map(filled));
    let (mut read, mut refused) = (0, 0);
    for asking in everything().iter().filter(|asking| asking.method == "GET") {
        let cookie = asking.cookie(&cookies);
        let here = asking.answered(&router, cookie, &[("sec-fetch-site", "same-origin")]).await.status();
        assert!(allowed(here) || matches!(asking.access, Access::Token), "{}: {here}", asking.uri);
        let is_noted = noted.contains(&asking.uri);
        for mode in ["no-cors", "cors", "navigate"] {
            let from = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode), ("origin", "https://evil.example")];
            let answer = asking.answered(&router, cookie, &from).await;
            let expected = match asking.uri.as_str() {
                _ if is_noted => StatusCode::FORBIDDEN,
                uri if LED.contains(&uri) => StatusCode::SEE_OTHER,
                _ => here,
            };
            assert_eq!(answer.status(), expected, "{} by {mode}", asking.uri);
            let mut names = answer.headers().keys();
            assert!(!names.any(|name| name.as_str().starts_with("access-control-")), "{} by {mode}", asking.uri);
        }
        read += 1;
        refused += usize::from(is_noted);
    }
    assert!(read > 60 && refused == NOTED.len(), "{read}, {refused}");
    engine.close().await;
    std::fs::remove_dir_all(folder).unwrap();
}

/// Something that can be asked: well-formed, by somebody who may.
struct Asking {
    method: &'static str,
    uri: String,
    /// Of the body; empty where there is none.
    kind: &'static str,
    body: String,
    access: Access,
}

/// All functions and routes.
fn everything() -> Vec<Asking> {
    let functions = ENDPOINTS.iter().map(|endpoint| {
        let (method, access) = (endpoint.method, endpoint.access);
        let sample = endpoint.sample.replace("ROLE", who_may(access).id());
        let (uri, body) = match method {
            "GET" => (format!("/api/{}?{sample}", endpoint.name), String::new()),
            _ => (format!("/api/{}", endpoint.name), sample),
        };
        Asking { method, uri, kind: "application/x-www-form-urlencoded", body, access }
    });
    let routes = ROUTES.iter().chain(INTEGRATION).map(|route| {
        let kind = if route.sample.is_empty() { "" } else { "application/json" };
        let (uri, body) = (filled(route.path), route.sample.to_owned());
        Asking { method: route.method, uri, kind, body, access: route.access }
    });
    functions.chain(routes).collect()
}

fn who_may(access: Access) -> Role {
    match access {
        Access::Roles(roles) => roles[0],
        Access::Open | Access::SignedIn | Access::Token => Role::Staff,
    }
}

impl Asking {
    /// Of somebody who may.
    fn cookie<'c>(&self, cookies: &'c [(Role, String)]) -> &'c str {
        let role = who_may(self.access);
        &cookies.iter().find(|(of, _)| *of == role).unwrap().1
    }

    async fn answered(&self, router: &Router, cookie: &str, from: &[(&str, &str)]) -> Response<Body> {
        let mut request = Request::builder().method(self.method).uri(&self.uri);
        request = request
            .header(header::HOST, "publish.example.gov.cn")
            .header(header::ACCEPT, "application/json")
            .header(header::COOKIE, cookie);
        if !self.kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, self.kind);
        }
        for (name, value) in from {
            request = request.header(*name, *value);
        }
        let answer = router.clone().oneshot(request.body(Body::from(self.body.clone())).unwrap()).await.unwrap();
        is_guarded(&self.uri, &answer);
        answer
    }
}

/// What every answer of ours says to browsers, each once.
fn is_guarded(uri: &str, answer: &Response<Body>) {
    let all = |name: header::HeaderName| {
        answer.headers().get_all(name).iter().map(|value| value.to_str().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(all(header::X_CONTENT_TYPE_OPTIONS), ["nosniff"], "{uri}");
    assert_eq!(all(header::REFERRER_POLICY), ["same-origin"], "{uri}");
    let policies = all(header::CONTENT_SECURITY_POLICY);
    assert!(policies.len() == 1 && policies[0].contains("frame-ancestors 'none'"), "{uri}: {policies:?}");
}

/// A session of somebody with each role.
async fn cookies(engine: &Engine) -> Vec<(Role, String)> {
    let people = sign_in::demo_people(engine).await.unwrap();
    let mut cookies = Vec::new();
    for role in Role::ALL {
        let who = people.iter().find(|person| person.role == role).unwrap();
        cookies.push((role, cookie(engine, &who.account).await));
    }
    cookies
}

/// What is written in a folder: the database, with its log, and files. Not what SQLite has in memory of it.
fn all_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let (mut folders, mut found) = (vec![folder.to_owned()], BTreeMap::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|ending| ending != "db-shm") {
                found.insert(path.clone(), std::fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_registry_lists_what_is_registered_and_nothing_else() {
    let registered: BTreeSet<String> =
        server_fn::axum::server_fn_paths().map(|(path, method)| format!("{method} {path}")).collect();
    let listed: BTreeSet<String> = ENDPOINTS.iter().map(|e| format!("{} /api/{}", e.method, e.name)).collect();
    assert_eq!(listed, registered);
}

async fn call(
    router: &Router,
    engine: &Engine,
    endpoint: &Endpoint,
    sample: &str,
    account: Option<&str>,
) -> (StatusCode, String) {
    let mut uri = format!("/api/{}", endpoint.name);
    let mut body = Body::empty();
    if endpoint.method == "GET" {
        write!(uri, "?{sample}").unwrap();
    } else {
        body = Body::from(sample.to_owned());
    }
    let mut request = Request::builder().method(endpoint.method).uri(uri);
    request = request
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::ACCEPT, "application/json");
    if let Some(account) = account {
        request = request.header(header::COOKIE, cookie(engine, account).await);
    }
    status_and_id(router.clone().oneshot(request.body(body).unwrap()).await.unwrap())
}

/// The status, and under which id the audit log has it.
fn status_and_id(answer: Response<Body>) -> (StatusCode, String) {
    let id = answer.headers().get("x-request-id").map(|id| id.to_str().unwrap().to_owned());
    (answer.status(), id.unwrap_or_default())
}

fn filled(path: &str) -> String {
    path.replace("{id}", "018f0000-0000-7000-8000-000000000000")
        .replace("{n}", "0")
        .replace("{index}", "0")
        .replace("{stage}", "build")
        .replace("{channel}", "service_web")
        .replace("{side}", "service")
        .replace("{ending}", "csv")
        .replace("{kind}", "accounts")
        .replace("{hash}", "0")
}

async fn call_route(router: &Router, engine: &Engine, route: &Route, account: Option<&str>) -> (StatusCode, String) {
    let mut request = Request::builder().method(route.method).uri(filled(route.path));
    if !route.sample.is_empty() {
        request = request.header(header::CONTENT_TYPE, "application/json");
    }
    if let Some(account) = account {
        request = request.header(header::COOKIE, cookie(engine, account).await);
    }
    status_and_id(router.clone().oneshot(request.body(Body::from(route.sample)).unwrap()).await.unwrap())
}

async fn cookie(engine: &Engine, account: &str) -> String {
    let ctx = Ctx { now: engine.now(), request_id: "matrix".into(), address: "::1".into(), heard: 0, signed_in: None };
    let token = sign_in::by_demo_click(engine, &ctx, account, "matrix").await.unwrap();
    format!("{SESSION_COOKIE}={}", token.as_str())
}

/// Refused for who asks, or not. What is wrong with the arguments is another matter.
fn allowed(status: StatusCode) -> bool {
    assert!(!status.is_server_error(), "{status}");
    status != StatusCode::UNAUTHORIZED && status != StatusCode::FORBIDDEN
}

fn expected(access: Access, role: Option<Role>) -> bool {
    match access {
        Access::Open => true,
        Access::SignedIn => role.is_some(),
        // Nobody has one here: a session opens nothing.
        Access::Token => false,
        Access::Roles(roles) => role.is_some_and(|role| roles.contains(&role)),
    }
}

fn compare(matrix: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/role-matrix.txt");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&file, matrix).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        kept, matrix,
        "docs/role-matrix.txt is stale: UPDATE_DOCS=1 cargo test -p server, and review the difference"
    );
}
