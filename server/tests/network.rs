//! How the server is reached: through proxies, over TLS, by whoever is slow, by operators.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod running;
mod socket;
mod tls_peer;

use engine::identity::sign_in::demo_password;
use program::Place;
use running::Running;
use server::connection::Patience;
use server::proxies::Trusted;
use server::tls::{Pair, Tls};
use socket::{Answer, Asked, ask};
use std::net::SocketAddr;
use std::time::Duration;
use tls_peer::{certificate, over_tls, speaks_good_tls_alone};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");

async fn signs_in(at: SocketAddr, password: &str, forwarded: (&str, &str)) -> Answer {
    let body = format!("account=wangjianguo&password={password}&next=");
    let headers = [FORM, ("Accept", "application/json"), forwarded];
    let asked =
        Asked { method: "POST", headers: &headers, body: body.as_bytes(), ..Asked::get("/api/session/sign_in") };
    ask(at, asked).await
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_is_locked_out_alone() {
    let trusted = Trusted::new(&["127.0.0.1".parse().unwrap()]);
    let running = Running::start("trusted", trusted, Patience::default(), None).await;
    let (thief, owner) = (("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-For", "198.51.100.1"));
    for _ in 0..5 {
        assert_eq!(signs_in(running.at, "wrong", thief).await.status, 422);
    }
    assert_eq!(signs_in(running.at, demo_password(), thief).await.status, 429);
    // What the thief writes itself stands left of what the proxy saw.
    let forged = ("X-Forwarded-For", "198.51.100.1, 203.0.113.9");
    assert_eq!(signs_in(running.at, demo_password(), forged).await.status, 429);
    assert_eq!(signs_in(running.at, demo_password(), owner).await.status, 200);
    running.ends().await;
}

#[tokio::test]
async fn whoever_is_no_trusted_proxy_cannot_change_its_address() {
    let trusted = Trusted::new(&["10.1.2.3".parse().unwrap()]);
    let running = Running::start("untrusted", trusted, Patience::default(), None).await;
    for n in 0..5 {
        let address = format!("203.0.113.{n}");
        assert_eq!(signs_in(running.at, "wrong", ("X-Forwarded-For", &address)).await.status, 422);
    }
    for forged in
        [("X-Forwarded-For", "203.0.113.77"), ("Forwarded", "for=203.0.113.77"), ("X-Real-IP", "203.0.113.77")]
    {
        assert_eq!(signs_in(running.at, demo_password(), forged).await.status, 429, "{forged:?}");
    }
    running.ends().await;
}

#[tokio::test]
async fn hosts_that_proxies_are_said_to_have_seen_change_nothing() {
    let trusted = Trusted::new(&["127.0.0.1".parse().unwrap()]);
    let running = Running::start("hosts", trusted, Patience::default(), None).await;
    let forged = [("X-Forwarded-Host", "sv00000001.apps.localhost"), ("X-Forwarded-Proto", "https")];
    assert_eq!(ask(running.at, Asked { headers: &forged, ..Asked::get("/healthz") }).await.text(), "ok");
    // A page of another site that posts here is refused, whatever host it says that a proxy saw.
    let cross = [FORM, ("Origin", "https://evil.example"), ("X-Forwarded-Host", "evil.example")];
    let body = b"account=wangjianguo&next=".as_slice();
    let asked = Asked { method: "POST", headers: &cross, body, ..Asked::get("/api/session/sign_in_demo") };
    assert_eq!(ask(running.at, asked).await.status, 403);
    running.ends().await;
}

/// A site whose people come by 浙政钉, of which nothing is asked here.
const WITH_DINGTALK: [[&str; 2]; 6] = [
    ["--dingtalk-url", "https://openplatform.example.gov.cn"],
    ["--dingtalk-app-key", "publish-key"],
    ["--dingtalk-app-secret", "secret1"],
    ["--dingtalk-tenant-id", "196729"],
    ["--dingtalk-client-id", "publish_dingoa"],
    ["--dingtalk-sign-in-url", "https://login.example.gov.cn"],
];

/// What a stranger calls us.
const EVIL: &str = "evil.example";

/// Whether anything that a browser follows or keeps has it.
fn names_evil(answer: &Answer) -> bool {
    let heads = ["location", "set-cookie", "link", "refresh", "content-security-policy"];
    answer.text().contains(EVIL)
        || heads.iter().any(|name| answer.headers(name).iter().any(|value| value.contains(EVIL)))
}

#[tokio::test]
async fn a_forged_host_is_in_no_link_redirect_or_cookie() {
    let place = Place::new("forged-host", None);
    let server = place.serves(WITH_DINGTALK.as_flattened()).await;

    let page = ask(server.address, Asked { host: EVIL, ..Asked::get("/login") }).await;
    assert!(page.status == 200 && page.text().contains("/dingtalk/sign-in"), "{}", page.text());
    assert!(!names_evil(&page), "{}", page.text());

    let leaving = ask(server.address, Asked { host: EVIL, ..Asked::get("/dingtalk/sign-in?next=/service") }).await;
    let way = leaving.header("location");
    assert!(way.starts_with("https://login.example.gov.cn/") && way.contains("localhost"), "{way}");
    assert!(leaving.header("set-cookie").starts_with("__Host-trip="));
    assert!(!names_evil(&leaving), "{way}");

    let headers = [FORM, ("Accept", "application/json")];
    let posts = Asked { method: "POST", host: EVIL, headers: &headers, ..Asked::get("/api/session/sign_in_demo") };
    let entered = ask(server.address, Asked { body: b"account=fengxue&next=", ..posts }).await;
    let cookie = entered.header("set-cookie").split(';').next().unwrap_or_default();
    assert!(cookie.starts_with("__Host-session=") && !names_evil(&entered), "{cookie}");

    let body = b"draft[account]=fuyun&draft[name]=Fu%20Yun".as_slice();
    let made = ask(server.address, Asked { path: "/api/account/create", body, cookie, ..posts }).await;
    let answer = made.json();
    let link = answer["link"].as_str().unwrap_or_default();
    assert!(link.starts_with("http://localhost:") && link.contains("/activate?code="), "{}", made.text());
    assert!(!names_evil(&made), "{link}");
    server.ends().await;
    place.end();
}

/// Each that the server sets, whole: what `__Host-` holds browsers to (TLS, all paths, no domain), and no script reads it. How things are
/// shown is kept by scripts, and looked at in a browser.
#[tokio::test]
async fn each_cookie_is_of_one_host_and_for_no_script() {
    let place = Place::new("cookies", None);
    let server = place.serves(WITH_DINGTALK.as_flattened()).await;
    let headers = [FORM, ("Accept", "application/json")];
    let post = |path: &'static str| Asked { method: "POST", headers: &headers, ..Asked::get(path) };
    let enters = Asked { body: b"account=fengxue&next=", ..post("/api/session/sign_in_demo") };
    let application = Asked { host: "sv00000001.apps.localhost:3000", ..Asked::get("/?site=330100") };
    for (asked, name, age) in [
        (enters, "__Host-session", ""),
        (post("/api/session/ask_code"), "__Host-code", " Max-Age=300;"),
        (Asked::get("/dingtalk/sign-in?next=/service"), "__Host-trip", " Max-Age=600;"),
        (application, "__Host-site", " Max-Age=31536000;"),
    ] {
        let answer = ask(server.address, asked).await;
        let set = answer.headers("set-cookie");
        assert_eq!(set.len(), 1, "{name}: {set:?}");
        let (pair, attributes) = set[0].split_once(';').unwrap_or_default();
        assert!(pair.split_once('=').is_some_and(|(of, value)| of == name && !value.is_empty()), "{name}: {set:?}");
        assert_eq!(attributes, format!(" Path=/;{age} Secure; HttpOnly; SameSite=Lax"), "{name}");
    }
    server.ends().await;
    place.end();
}

#[tokio::test]
async fn whoever_is_slow_is_hung_up_on() {
    let short = Duration::from_secs(1);
    let patience = Patience { headers: short, form: short, silence: short, file: short * 4, ..Patience::default() };
    let running = Running::start("slow", Trusted::default(), patience, None).await;
    // Nothing at all, and half of the headers.
    for said in ["", "GET /healthz HTTP/1.1\r\nHost: localhost:3000\r\nX-A"] {
        assert_eq!(running.says_and_waits(said).await, "", "{said}");
    }
    // Half a form: the answer comes, and says that it was no good.
    let half = "POST /api/session/sign_in_demo HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\nContent-Type: \
        application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\naccount=";
    let answer = running.says_and_waits(half).await;
    assert!(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 5"), "{answer}");
    assert!(!answer.contains("__Host-"), "{answer}");
    // A part of a package that comes to rest.
    let cookie = running.signed_in("zhaolei").await;
    let part = format!(
        "PUT /upload/0190aaaa-0000-7000-8000-000000000000/0 HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\nCookie: \
        {cookie}\r\nContent-Length: 1000\r\n\r\nPK"
    );
    let answer = running.says_and_waits(&part).await;
    assert!(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 5"), "{answer}");
    // Whoever listens to events is not slow: nothing but the server's signs of life for longer than all of these.
    let mut stream = tokio::net::TcpStream::connect(running.at).await.unwrap();
    let events = format!("GET /events HTTP/1.1\r\nHost: localhost:3000\r\nCookie: {cookie}\r\n\r\n");
    stream.write_all(events.as_bytes()).await.unwrap();
    let mut head = vec![0; 1024];
    let n = stream.read(&mut head).await.unwrap();
    assert!(String::from_utf8_lossy(&head[..n]).starts_with("HTTP/1.1 200"));
    let more = tokio::time::timeout(short * 6, stream.read(&mut head)).await;
    assert!(!matches!(more, Ok(Ok(0) | Err(_))), "the stream of events goes on");
    drop(stream);
    running.ends().await;
}

#[tokio::test]
async fn tls_is_had_without_a_proxy_and_a_new_certificate_without_a_restart() {
    let folder = std::env::temp_dir().join(format!("irs-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let pair =
        |name: &str| Pair { certificate: folder.join(format!("{name}.crt")), key: folder.join(format!("{name}.key")) };
    let (one, other, live) = (pair("one"), pair("other"), pair("live"));
    certificate(&one).await;
    certificate(&other).await;
    let take = |from: &Pair| {
        std::fs::copy(&from.certificate, &live.certificate).unwrap();
        std::fs::copy(&from.key, &live.key).unwrap();
    };
    take(&one);
    let tls = Tls::open(live.clone()).unwrap();
    let short = Duration::from_secs(5);
    let patience = Patience { handshake: short, ..Patience::default() };
    let running = Running::start("tls", Trusted::default(), patience, Some(tls.clone())).await;
    let answer = over_tls(running.at, &one).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok"), "{answer}");
    assert!(over_tls(running.at, &other).await.is_err(), "only who is trusted is trusted");
    speaks_good_tls_alone(running.at).await;
    // Without TLS nothing is said, and whoever begins no handshake is hung up on.
    let plain = running.says_and_waits("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(!plain.contains("HTTP/1.1 200"), "{plain}");
    assert_eq!(running.says_and_waits("").await, "");
    // Half of a new pair: the old one stays.
    std::fs::copy(&other.certificate, &live.certificate).unwrap();
    assert!(tls.reload().unwrap_err().to_string().contains("do not go together"));
    assert!(over_tls(running.at, &one).await.is_ok());
    take(&other);
    tls.reload().unwrap();
    assert!(over_tls(running.at, &other).await.is_ok());
    assert!(over_tls(running.at, &one).await.is_err());
    for (wrong, named) in [("", "--tls-certificate"), ("-----BEGIN NONSENSE-----", "--tls-certificate")] {
        std::fs::write(&live.certificate, wrong).unwrap();
        assert!(tls.reload().unwrap_err().to_string().starts_with(named));
    }
    running.ends().await;
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn the_program_serves_tls_renews_it_on_sighup_and_its_metrics_elsewhere() {
    let place = Place::new("network", None);
    let pair = |name: &str| Pair {
        certificate: place.folder.join(format!("{name}.crt")),
        key: place.folder.join(format!("{name}.key")),
    };
    let (live, next) = (pair("live"), pair("next"));
    let flags = ["--tls-certificate", live.certificate.to_str().unwrap(), "--tls-key", live.key.to_str().unwrap()];
    let refused = place.runs(&flags[..2]).await;
    assert!(!refused.good && refused.failed.contains("is set, but --tls-key (IRS_TLS_KEY) is not"), "{refused:?}");
    let refused = place.runs(&flags).await;
    assert!(
        !refused.good && refused.failed.contains("server: --tls-certificate (IRS_TLS_CERTIFICATE): "),
        "{refused:?}"
    );
    certificate(&live).await;
    certificate(&next).await;
    let server = place.serves(&[&flags[..], &["--metrics-listen", "127.0.0.1:0"]].concat()).await;
    let metrics = server.said.iter().find_map(|line| line.strip_prefix("  metrics: http://")).unwrap();
    let metrics: SocketAddr = metrics.strip_suffix("/metrics").unwrap().parse().unwrap();
    let answer = over_tls(server.address, &live).await.unwrap();
    assert!(
        answer.to_lowercase().contains("strict-transport-security: max-age=31536000; includesubdomains"),
        "{answer}"
    );
    let text = ask(metrics, Asked::get("/metrics")).await.text().to_owned();
    assert!(text.contains("irs_http_requests_total{class=\"health\",method=\"GET\",status=\"200\"} 1"), "{text}");
    assert_eq!(ask(metrics, Asked::get("/readyz")).await.text(), "ready");
    assert_eq!(ask(metrics, Asked::get("/")).await.status, 404, "nothing else is there");
    let old = live.clone();
    let kept = Pair { certificate: place.folder.join("old.crt"), key: place.folder.join("old.key") };
    std::fs::copy(&old.certificate, &kept.certificate).unwrap();
    std::fs::copy(&next.certificate, &live.certificate).unwrap();
    std::fs::copy(&next.key, &live.key).unwrap();
    server.gets("HUP").await;
    let renewed = async {
        while over_tls(server.address, &next).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(program::SOON, renewed).await.unwrap();
    assert!(over_tls(server.address, &kept).await.is_err());
    server.ends().await;
    place.end();
}
