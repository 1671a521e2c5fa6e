//! A site behind a proxy, and what is to be seen of it whatever the proxy is: the names are those of the examples in deploy/.

use crate::program::{Place, SOON, Server};
use crate::registrar::Registrar;
use crate::socket::{Asked, ask};
use crate::workbench::{PAGE, Workbench, zip};
use serde_json::Value;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use uuid::Uuid;

const FORM: [(&str, &str); 2] = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")];

/// With an application that can be reached.
pub struct Site {
    pub place: Place,
    pub server: Server,
    /// The application's host.
    application: String,
}

/// Of the product.
pub fn product(path: &str) -> Asked<'_> {
    Asked { host: "publish.example.gov.cn", ..Asked::get(path) }
}

impl Site {
    pub async fn start(name: &str) -> Self {
        let place = Place::new(name, None);
        let bench = Workbench::open(&place).await;
        let flags = ["--trusted-proxies", "127.0.0.1", "--apps-domain", "apps-example.gov.cn", "--builds", "1"];
        let server = place.serves(&flags).await;
        let id = bench.uploads("1.0.0", &zip(&[("index.html", PAGE), ("a.js", &script())])).await;
        bench.until_over(id).await;
        let preview = bench.preview(id).await.expect("a preview");
        let (label, _) = preview.split_once('.').unwrap();
        let application = format!("{label}.apps-example.gov.cn");
        bench.ends().await;
        Self { place, server, application }
    }

    /// `plain`: where the proxy speaks to those that come without TLS.
    pub async fn is_behind(&self, at: SocketAddr, plain: SocketAddr) {
        let registrar = Registrar::of(&self.server).await;
        assert_eq!(ask(at, product("/healthz")).await.text(), "ok");
        assert_eq!(ask(at, product("/metrics")).await.status, 404);
        // Browsers are sent to TLS, programs are refused.
        let sent = ask(plain, product("/service")).await;
        assert_eq!(sent.header("location"), "https://publish.example.gov.cn/service");
        let refused = ask(plain, product("/api/v1/publication")).await;
        assert_eq!((refused.status, refused.header("location")), (403, ""));
        self.people_are_told_apart(at).await;
        self.shows_the_application(at).await;
        self.events_come_at_once(at, &registrar).await;
    }

    /// What the client writes is not what the server believes: the proxy writes it anew, of each client its own.
    async fn people_are_told_apart(&self, at: SocketAddr) {
        let headers = [FORM[0], FORM[1], ("X-Forwarded-For", "203.0.113.1")];
        let body = b"account=wangjianguo&password=wrong&next=".as_slice();
        let wrong = Asked { method: "POST", headers: &headers, body, ..product("/api/session/sign_in") };
        for _ in 0..5 {
            assert_eq!(ask(at, wrong).await.status, 422);
        }
        let other = [FORM[0], FORM[1], ("X-Forwarded-For", "203.0.113.2")];
        assert_eq!(ask(at, Asked { headers: &other, ..wrong }).await.status, 429);
        let neighbour = Asked { from: Some(Ipv4Addr::new(127, 0, 0, 2)), ..wrong };
        assert_eq!(ask(at, neighbour).await.status, 422, "somebody else's failures are nothing to them");
        assert_eq!(ask(at, wrong).await.status, 429);
    }

    /// Its host is another world: what is the product's path elsewhere is the application's own here.
    async fn shows_the_application(&self, at: SocketAddr) {
        let get = |path| Asked { host: &self.application, ..Asked::get(path) };
        for own in ["/", "/lines/12?from=1", "/api/session/current"] {
            let page = ask(at, get(own)).await;
            assert_eq!((page.status, page.text()), (200, PAGE), "{own}");
            assert!(page.header("content-security-policy").contains("connect-src 'self'"), "{own}");
        }
        let plain = ask(at, get("/a.js")).await;
        assert_eq!((plain.status, plain.text()), (200, script().as_str()));
        let packed = ask(at, Asked { headers: &[("Accept-Encoding", "gzip")], ..get("/a.js") }).await;
        assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
        let report = r#"{"csp-report":{"blocked-uri":"https://evil.example.com/x"}}"#;
        let report = Asked { host: &self.application, ..Asked::post("/__report", report) };
        assert_eq!(ask(at, report).await.status, 204);
        let nobody = Asked { host: "sv00000001.apps-example.gov.cn", ..Asked::get("/api/session/current") };
        assert_eq!(ask(at, nobody).await.status, 404);
    }

    /// A stream begins, though it never ends, and what happens then is told in it.
    async fn events_come_at_once(&self, at: SocketAddr, registrar: &Registrar) {
        let mut stream = TcpStream::connect(at).await.unwrap();
        let cookie = &registrar.cookie;
        let events = format!("GET /events HTTP/1.1\r\nHost: publish.example.gov.cn\r\nCookie: {cookie}\r\n\r\n");
        stream.write_all(events.as_bytes()).await.unwrap();
        let mut lines = BufReader::new(stream).lines();
        let begins = async {
            let mut head = Vec::new();
            while let Some(line) = lines.next_line().await.unwrap().filter(|line| !line.is_empty()) {
                head.push(line);
            }
            head.join("\n")
        };
        let head = tokio::time::timeout(SOON, begins).await.expect("the stream begins");
        assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/event-stream"), "{head}");
        let form = registrar.form("代理后的公交", Uuid::from_u128(1 << 64));
        let registered = registrar.sends(&form).await.expect("it is registered").json();
        let told = async {
            loop {
                let line = lines.next_line().await.unwrap().expect("the stream goes on");
                let event = line.strip_prefix("data:").and_then(|of| serde_json::from_str::<Value>(of.trim()).ok());
                if event.is_some_and(|event| event["news"]["publication"] == registered["id"]) {
                    break;
                }
            }
        };
        tokio::time::timeout(SOON, told).await.expect("it is told while the stream goes on");
    }

    pub async fn ends(self) {
        self.server.ends().await;
        self.place.end();
    }
}

/// Worth compressing.
fn script() -> String {
    format!("const lines = {:?};", "公交".repeat(1000))
}
