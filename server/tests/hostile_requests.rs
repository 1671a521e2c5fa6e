//! What strangers send, over a real socket: lines for the log, numbers of people that it must not have, and streams of sessions that are
//! over.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod running;
mod socket;

use program::{Place, SOON};
use running::Running;
use serde_json::{Value, json};
use server::connection::Patience;
use server::proxies::Trusted;
use socket::{Asked, ask, escaped};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Accept", "application/json");

/// A line that a reader of the log would take for the server's.
const FORGED: &str = "%0A%7B%22level%22%3A%22ERROR%22%2C%22forged%22%3Atrue%7D%0D%0A%1B%5B31mred";

/// Names, headers and paths with line ends and colours of a terminal: each line of the log is one JSON object of the server's own, or
/// begins with the server's own time.
#[tokio::test]
async fn nobody_writes_lines_of_their_own_into_the_log() {
    for line in forged_into("json").await.lines() {
        let read: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(read["level"].is_string() && read.get("forged").is_none(), "{line}");
    }
    for line in forged_into("text").await.lines() {
        let (time, rest) = line.split_once(' ').unwrap_or_default();
        assert!(time.starts_with("20") && time.contains('T') && time.ends_with('Z'), "{line}");
        let level = rest.split_whitespace().next().unwrap_or_default();
        assert!(["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].contains(&level), "{line}");
    }
}

/// A 浙政钉 whose refusal goes on in a line that looks like the server's.
const REFUSAL: &str =
    r#"{"success":false,"errorCode":"1\n{}","errorMsg":"no\r\n2026-11-29T08:00:00Z ERROR forged\n{\"forged\":true}"}"#;

/// The address of a gateway that answers so.
async fn gateway(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// With this 浙政钉.
fn asking(gateway: &str) -> [[&str; 2]; 6] {
    [
        ["--dingtalk-url", gateway],
        ["--dingtalk-sign-in-url", gateway],
        ["--dingtalk-app-key", "test-key"],
        ["--dingtalk-app-secret", "test-secret"],
        ["--dingtalk-tenant-id", "196729"],
        ["--dingtalk-client-id", "test_dingoa"],
    ]
}

/// Of two contacts, and one that the gateway speaks of, as it does of an identity.
const NUMBERS: [&str; 4] = ["13900001234", "13800000001", "13812341234", "33010019900101123"];

/// identity.md, Audit: however much is logged. Somebody registers with numbers that 浙政钉, which quotes them, can't be asked for; numbers are
/// typed where something else is wanted; and a sign-in fails in each way.
#[tokio::test]
async fn no_number_of_a_person_is_logged_whole() {
    let place = Place::new("log-numbers", None).logging("debug");
    let [contact, zhao, other, identity] = NUMBERS;
    let quoting = move |asked: String| async move {
        json!({ "success": false, "errorCode": "1001", "errorMsg": format!("{other} {identity}X {asked}") }).to_string()
    };
    let gateway = gateway(axum::Router::new().fallback(quoting)).await;
    let (server, log) = place.serves_logged(asking(&gateway).as_flattened()).await;
    let cookie = server.signs_in().await;
    let icon = server.keeps_an_icon(&cookie).await;
    let form = ask(server.address, Asked::get("/api/publication/form?side=service&check=false").cookie(&cookie)).await;
    let form = form.json();
    let (key, system) = (form["key"].as_str().unwrap(), form["systems"][0]["id"].as_str().unwrap());
    let body = format!(
        "key={key}&side=service&draft[channels][0]=zheli_app&draft[system]={system}&draft[icon]={icon}&draft[audience]=person\
        &draft[name]={bus}&draft[intro]={intro}&draft[domestic_os]=yes&draft[scope][0]=330102&draft[vendor]={vendor}\
        &draft[credit_code]=91330100MA20000120&draft[contacts][0][name]={li}&draft[contacts][0][phone]={contact}\
        &draft[contacts][1][name]={lei}&draft[contacts][1][phone]={zhao}",
        bus = escaped("杭州公交查询"),
        vendor = escaped("杭州云途科技有限公司"),
        intro = escaped("查询公交到站时间"),
        li = escaped("李雷"),
        lei = escaped("赵磊"),
    );
    let post = |path: &'static str| Asked { method: "POST", headers: &[FORM, JSON], ..Asked::get(path) };
    let registered = Asked { body: body.as_bytes(), ..post("/api/publication/register") }.cookie(&cookie);
    let registered = ask(server.address, registered).await;
    assert_eq!(registered.status, 200, "{}", registered.text());
    // What can't be read as a form, and one that is refused.
    for body in [format!("side=nowhere&draft[contacts]={contact}"), format!("{body}&draft[name]={contact}")] {
        let asked = Asked { body: body.as_bytes(), ..post("/api/publication/register") }.cookie(&cookie);
        ask(server.address, asked).await;
    }
    let body = format!("account={contact}&password={zhao}&code=&next=");
    let failed = ask(server.address, Asked { body: body.as_bytes(), ..post("/api/session/sign_in") }).await;
    assert_eq!(failed.status, 422, "{}", failed.text());
    ask(server.address, Asked { body: b"auth_code=x", ..post("/dingtalk/enter") }).await;
    for path in ["/service?keyword", "/api/search?text", "/api/account/list?query[from]=start&query[keyword]"] {
        ask(server.address, Asked::get(&format!("{path}={contact}")).cookie(&cookie)).await;
    }
    server.ends().await;
    let log = log.await.unwrap();
    for said in [
        "DEBUG",
        "浙政钉 could not be asked for the number 139****1234",
        "浙政钉 did not say who signs in",
        "138****1234",
    ] {
        assert!(log.contains(said), "{said}: {log}");
    }
    for number in NUMBERS {
        let line = log.lines().find(|line| line.contains(number));
        assert_eq!(line, None, "{number}");
    }
    place.end();
}

/// What a server logs in this format while strangers send what they like.
async fn forged_into(format: &str) -> String {
    let place = Place::new(&format!("log-lines-{format}"), None).logging("trace");
    let gateway = gateway(axum::Router::new().fallback(async || REFUSAL)).await;
    let flags = [["--log-format", format].as_slice(), asking(&gateway).as_flattened()].concat();
    let (server, log) = place.serves_logged(&flags).await;
    let code = Asked { method: "POST", headers: &[FORM], body: b"auth_code=x", ..Asked::get("/dingtalk/enter") };
    ask(server.address, code).await;
    let body = format!("account={FORGED}&password={FORGED}&code={FORGED}&next={FORGED}");
    let agents = [FORM, JSON, ("User-Agent", "x\u{1b}[31mred"), ("X-Request-Id", "forged\u{9}id")];
    for headers in [&agents[..2], &agents] {
        let asked = Asked { method: "POST", headers, body: body.as_bytes(), ..Asked::get("/api/session/sign_in") };
        ask(server.address, asked).await;
    }
    for path in [format!("/{FORGED}"), format!("/api/{FORGED}"), format!("/icon/{FORGED}"), format!("/?a={FORGED}")] {
        ask(server.address, Asked::get(&path)).await;
    }
    let host = [("X-Forwarded-For", "1.2.3.4\u{9}forged"), ("Referer", "http://a/\u{1b}[2J"), ("Origin", "\u{1b}[2J")];
    ask(server.address, Asked { headers: &host, ..Asked::get("/healthz") }).await;
    ask(server.address, Asked { host: "a\u{1b}[31m.apps.localhost:3000", ..Asked::get("/") }).await;
    server.ends().await;
    let log = log.await.unwrap();
    assert!(log.lines().count() > 5, "it logs at all: {log}");
    let refused = log.lines().find(|line| line.contains("浙政钉 did not say who signs in")).unwrap_or_default();
    assert!(refused.contains("forged"), "the refusal is quoted in its own line: {log}");
    assert!(!log.contains('\u{1b}'), "no colours of a terminal");
    place.end();
    log
}

/// Over HTTP, as a browser has it: signing out ends the streams of that session, at once.
#[tokio::test]
async fn a_stream_ends_when_its_person_signs_out_is_stopped_or_is_ended_by_another() {
    let running = Running::start("streams", Trusted::default(), Patience::default(), None).await;
    let (wang, zhao, li) =
        (running.signed_in("wangjianguo").await, running.signed_in("zhaolei").await, running.signed_in("limin").await);
    let mut streams = Vec::new();
    for cookie in [&wang, &zhao, &li] {
        streams.push(stream(running.at, cookie).await);
    }
    let form = [FORM, JSON];
    let post = |path: &'static str| Asked { method: "POST", headers: &form, ..Asked::get(path) };

    assert_eq!(ask(running.at, post("/api/session/sign_out").cookie(&wang)).await.status, 200);
    ends(&mut streams[0]).await;

    let feng = running.signed_in("fengxue").await;
    let all =
        ask(running.at, Asked::get("/api/account/list?query[keyword]=zhaolei&query[from]=start").cookie(&feng)).await;
    let body = format!("id={}&active=false", all.json()["rows"][0]["id"].as_str().unwrap());
    let stop = Asked { body: body.as_bytes(), ..post("/api/account/set_active") };
    assert_eq!(ask(running.at, stop.cookie(&feng)).await.status, 200);
    ends(&mut streams[1]).await;

    let chu = running.signed_in("chuqiang").await;
    let all = ask(running.at, Asked::get("/api/session/all?keyword=limin").cookie(&chu)).await;
    let id = all.json()["rows"][0]["id"].as_str().unwrap().to_owned();
    let body = format!("id={id}&all=true");
    let end = Asked { body: body.as_bytes(), ..post("/api/session/end") };
    assert_eq!(ask(running.at, end.cookie(&chu)).await.status, 200);
    ends(&mut streams[2]).await;
    running.ends().await;
}

/// Another role is another view of everything: the stream ends, and so does the session that it was opened with.
#[tokio::test]
async fn a_stream_ends_when_its_persons_role_changes_and_others_go_on() {
    let running = Running::start("roles", Trusted::default(), Patience::default(), None).await;
    let (he, li) = (running.signed_in("hemin").await, running.signed_in("limin").await);
    let (mut of_he, mut of_li) = (stream(running.at, &he).await, stream(running.at, &li).await);
    let chu = running.signed_in("chuqiang").await;
    let all =
        ask(running.at, Asked::get("/api/account/list?query[keyword]=hemin&query[from]=start").cookie(&chu)).await;
    let id = all.json()["rows"][0]["id"].as_str().unwrap().to_owned();
    let form = ask(running.at, Asked::get(&format!("/api/role/form?id={id}&check=false")).cookie(&chu)).await;
    let seen = form.json()["seen"].as_str().unwrap().to_owned();
    let body = format!("id={id}&seen={seen}&draft[seats][0][role]=operator&draft[seats][0][region]=");
    let change =
        Asked { method: "POST", headers: &[FORM, JSON], body: body.as_bytes(), ..Asked::get("/api/role/change") };
    let changed = ask(running.at, change.cookie(&chu)).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    ends(&mut of_he).await;
    assert_eq!(ask(running.at, Asked::get("/events").cookie(&he)).await.status, 401, "they sign in anew");

    // Nobody else's: it ends with its own session.
    drop(stream(running.at, &li).await);
    goes_on(&mut of_li).await;
    let sign_out = Asked { method: "POST", headers: &[FORM, JSON], ..Asked::get("/api/session/sign_out") };
    assert_eq!(ask(running.at, sign_out.cookie(&li)).await.status, 200);
    ends(&mut of_li).await;
    running.ends().await;
}

/// Somebody put a second session beside a person's: neither counts, the sign-in page says so, and the browser is told to forget both.
#[tokio::test]
async fn whoever_brings_two_sessions_is_told_and_the_browser_forgets_them() {
    let running = Running::start("tossed", Trusted::default(), Patience::default(), None).await;
    let li = running.signed_in("limin").await;
    let two = format!("{li}; __Host-session={}", "0".repeat(64));
    let host = "fabu.hz.gov.cn:3000";
    let page = ask(running.at, Asked { host, ..Asked::get("/login") }.cookie(&two)).await;
    assert!(page.text().contains("带来了两个登录凭证"), "{}", page.text());
    assert_eq!(page.header("clear-site-data"), "\"cookies\"");
    let forgotten = page.headers("set-cookie");
    for domain in ["", "; Domain=fabu.hz.gov.cn", "; Domain=hz.gov.cn", "; Domain=gov.cn"] {
        let whole = format!("__Host-session={domain}; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");
        assert!(forgotten.contains(&whole.as_str()), "{whole} of {forgotten:?}");
    }
    // Without the page's first reading, too: a browser that goes there by script.
    let ways = ask(running.at, Asked { host, ..Asked::get("/api/session/ways") }.cookie(&two)).await;
    assert_eq!((ways.json()["tossed"].as_bool(), ways.header("clear-site-data")), (Some(true), "\"cookies\""));
    for cookie in ["", &li, &format!("{li}; {li}")] {
        let page = ask(running.at, Asked { host, ..Asked::get("/login") }.cookie(cookie)).await;
        assert!(!page.text().contains("两个登录凭证") && page.headers("clear-site-data").is_empty(), "{cookie}");
        assert!(page.headers("set-cookie").iter().all(|set| !set.contains("Max-Age=0")), "{cookie}");
    }
    running.ends().await;
}

/// An open stream of events, behind its first bytes.
async fn stream(at: SocketAddr, cookie: &str) -> TcpStream {
    let mut socket = TcpStream::connect(at).await.unwrap();
    let head = format!("GET /events HTTP/1.1\r\nHost: localhost:3000\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut first = String::new();
    BufReader::new(&mut socket).read_line(&mut first).await.unwrap();
    assert_eq!(first, "HTTP/1.1 200 OK\r\n");
    socket
}

/// Long before the server looks at all sessions by the clock.
async fn ends(socket: &mut TcpStream) {
    let mut rest = Vec::new();
    tokio::time::timeout(SOON / 3, socket.read_to_end(&mut rest)).await.unwrap().unwrap();
}

/// Whatever came is read, and no end: of a stream that is ended, it comes at once.
async fn goes_on(socket: &mut TcpStream) {
    let mut rest = Vec::new();
    let read = tokio::time::timeout(Duration::from_millis(500), socket.read_to_end(&mut rest)).await;
    assert!(read.is_err(), "it ended: {read:?}");
}

/// Whom another site leads to a way to sign in has to press the button themselves.
#[tokio::test]
async fn nobody_is_signed_in_because_another_site_led_them_there() {
    let running = Running::start("led", Trusted::default(), Patience::default(), None).await;
    for way in ["/oidc/login?next=/service", "/dingtalk/sign-in?next=/service"] {
        for from in ["cross-site", "same-site"] {
            let led = ask(running.at, Asked { headers: &[("Sec-Fetch-Site", from)], ..Asked::get(way) }).await;
            assert_eq!((led.status, led.header("location")), (303, "/login?next=/service"), "{way} from {from}");
            assert!(led.headers("set-cookie").is_empty(), "{way} from {from}");
        }
        // Pressed here, typed, or of an old browser: it goes its way, which this site has not.
        for from in [Some("same-origin"), Some("none"), None] {
            let said = from.map(|from| ("Sec-Fetch-Site", from));
            let answer = ask(running.at, Asked { headers: said.as_slice(), ..Asked::get(way) }).await;
            assert_eq!(answer.status, 404, "{way} from {from:?}");
        }
    }
    running.ends().await;
}

#[tokio::test]
async fn whatever_is_answered_has_one_policy_and_is_shown_in_no_frame() {
    let running = Running::start("policies", Trusted::default(), Patience::default(), None).await;
    for path in ["/login", "/nowhere", "/healthz", "/api/session/ways", "/api/v1/openapi.json", "/icon/0"] {
        let answer = ask(running.at, Asked::get(path)).await;
        let policies = answer.headers("content-security-policy");
        assert_eq!(policies.len(), 1, "{path}: {policies:?}");
        for rule in ["frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"] {
            assert!(policies.concat().contains(rule), "{path}: {policies:?}");
        }
    }
    running.ends().await;
}

#[tokio::test]
async fn what_an_address_brings_is_text_in_the_page() {
    let running = Running::start("markup", Trusted::default(), Patience::default(), None).await;
    let page = ask(running.at, Asked::get("/login?account=%22%3E%3Cimg%20src%3Dx%3E")).await;
    assert!(page.text().contains("img src=x"), "it stands where it was typed: {}", page.text());
    assert!(!page.text().contains("<img src=x"), "{}", page.text());
    running.ends().await;
}
