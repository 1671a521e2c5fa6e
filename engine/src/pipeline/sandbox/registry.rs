//! The one way out of the sandbox: a Unix socket behind which GET goes to the configured npm registry, and to nothing else.
//!
//! Its redirects are followed to itself, and to the hosts that the settings name, where these are public: `npm-registry-hosts`.

use super::tarballs::Tarballs;
use super::walls::Walls;
use super::way::Way;
use crate::error::{Error, Result};
use crate::health::is_public;
use crate::workshop::Workshop;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The registry's own redirects (to the host of its files) that are followed.
const REDIRECTS: usize = 3;

/// Between two pieces of an answer.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone)]
struct Upstream {
    client: Client,
    /// Ends with a slash.
    base: String,
    tarballs: Tarballs,
}

/// Open until it is dropped.
pub(in crate::pipeline) struct Registry {
    way: Way,
    elsewhere: Elsewhere,
}

impl Registry {
    pub(in crate::pipeline) fn way(&self) -> &Way {
        &self.way
    }

    /// Why something could not be had, if the registry sent us where we do not go: names the host and the setting.
    pub(in crate::pipeline) fn led_elsewhere(&self) -> Option<String> {
        let host = self.elsewhere.0.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        Some(format!(
            "npm 仓库把下载转到了“{host}”，而平台只访问仓库本身和设置 npm-registry-hosts 中的公网主机。请联系系统管理员加上这个主机，或换用不转址的仓库。"
        ))
    }
}

/// From the sandbox to the registry of the settings, whose tarballs are kept in a folder.
/// Without a sandbox it is a port, since there is no network of the build's own.
pub(in crate::pipeline) async fn way(folder: &Path, workshop: &Workshop, walls: Walls) -> Result<Registry> {
    let address = crate::pipeline::registry_of(workshop).await;
    open(folder, &address, &workshop.registry_hosts, &workshop.tarballs, walls)
}

fn open(folder: &Path, address: &str, hosts: &[String], tarballs: &Path, walls: Walls) -> Result<Registry> {
    // A second time it is set already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let broken = |e: &dyn std::error::Error| Error::Work(format!("the way to the registry: {e}"));
    let base = format!("{}/", address.trim_end_matches('/'));
    let registry = Url::parse(&base).map_err(|e| broken(&e))?;
    let (elsewhere, hosts) = (Elsewhere::default(), hosts.to_vec());
    let resolver = Public { except: registry.host_str().unwrap_or_default().to_owned() };
    let policy = follows(registry, hosts, elsewhere.clone());
    let client = Client::builder().redirect(policy).dns_resolver(Arc::new(resolver)).read_timeout(PATIENCE);
    // A proxy of the environment would find the addresses in our place.
    let client = client.no_proxy();
    let client = client.build().map_err(|e| broken(&e))?;
    let router =
        Router::new().fallback(forward).with_state(Upstream { client, base, tarballs: Tarballs::open(tarballs)? });
    let way = match walls {
        Walls::Bubblewrap => Way::open(folder, router)?,
        Walls::None => Way::on_a_port(router)?,
    };
    Ok(Registry { way, elsewhere })
}

/// The host that the registry led to last, and that is not gone to.
#[derive(Clone, Default)]
struct Elsewhere(Arc<Mutex<Option<String>>>);

fn follows(registry: Url, hosts: Vec<String>, elsewhere: Elsewhere) -> Policy {
    Policy::custom(move |attempt| {
        if attempt.previous().len() > REDIRECTS {
            return attempt.error("too many redirects");
        }
        if may_follow(&registry, attempt.url(), &hosts) {
            return attempt.follow();
        }
        let host = attempt.url().host_str().unwrap_or_default().to_owned();
        tracing::warn!(%host, "the npm registry leads to a host that npm-registry-hosts does not name");
        *elsewhere.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(host);
        attempt.error("a host that npm-registry-hosts does not name")
    })
}

/// To itself, also from HTTP to HTTPS; to a host that is named, unless that is an address of an inner network.
fn may_follow(registry: &Url, to: &Url, hosts: &[String]) -> bool {
    let Some(host) = to.host_str() else { return false };
    let secure = to.scheme() == "https";
    if registry.host_str() == Some(host) {
        let (from, to) = (registry.port_or_known_default(), to.port_or_known_default());
        return secure && to == Some(443) || from == to && (secure || registry.scheme() == "http");
    }
    let inner = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| !is_public(address));
    let named = hosts.iter().any(|named| named.eq_ignore_ascii_case(host));
    named && !inner && (secure || registry.scheme() == "http")
}

/// Finds the addresses of names: those of inner networks for the registry itself alone.
struct Public {
    except: String,
}

impl Resolve for Public {
    fn resolve(&self, name: Name) -> Resolving {
        let any = name.as_str().eq_ignore_ascii_case(&self.except);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.filter(|address| any || is_public(address.ip())).collect();
            if found.is_empty() {
                return Err("it has no public address".into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

async fn forward(State(upstream): State<Upstream>, request: Request) -> Response {
    if request.method() != Method::GET {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).trim_start_matches('/');
    // Whatever is decoded later must not lead out of the registry's own path.
    let lower = path.to_ascii_lowercase();
    if path.contains("..") || lower.contains("%2e") || path.contains('\\') || lower.contains("%5c") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let address = format!("{}{path}", upstream.base);
    let is_tarball = path.ends_with(".tgz");
    if is_tarball && let Some(pieces) = upstream.tarballs.get(&address).await {
        return Body::from_stream(pieces).into_response();
    }
    let mut asked = upstream.client.get(&address);
    for name in [ACCEPT, IF_NONE_MATCH] {
        if let Some(value) = request.headers().get(&name) {
            asked = asked.header(name, value);
        }
    }
    match asked.send().await {
        Ok(answer) if is_tarball && answer.status() == StatusCode::OK => {
            match upstream.tarballs.keep(&address, answer).await {
                Ok(pieces) => Body::from_stream(pieces).into_response(),
                Err(error) => {
                    tracing::warn!(error = %error, "a tarball could not be handed on");
                    StatusCode::BAD_GATEWAY.into_response()
                }
            }
        }
        Ok(answer) => {
            let mut response = Response::builder().status(answer.status());
            for name in [CONTENT_TYPE, ETAG, CACHE_CONTROL] {
                if let Some(value) = answer.headers().get(&name) {
                    response = response.header(name, value);
                }
            }
            let body = Body::from_stream(answer.bytes_stream());
            response.body(body).unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
        }
        Err(error) => {
            tracing::warn!(error = %error, "the npm registry did not answer");
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::walls::Walls;
    use axum::Router;
    use std::sync::{Arc, Mutex};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn only_get_goes_through_and_only_below_the_registrys_path() {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let upstream = Router::new().fallback(move |uri: axum::http::Uri, headers: axum::http::HeaderMap| {
            heard.lock().unwrap().push(uri.to_string());
            async move { format!("{}{}", uri, headers.contains_key("cookie")) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/repository/npm", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, upstream).await });
        let folder = std::env::temp_dir().join(format!("irs-registry-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let registry = super::open(&folder, &address, &[], &folder.join("tarballs"), Walls::Bubblewrap).unwrap();
        for (request, status) in [
            ("GET /vue", 200),
            ("GET /@vue%2fcompiler-core?write=true", 200),
            ("GET http://10.0.0.1/x", 200),
            ("GET /vue/-/vue-3.5.0.tgz", 200),
            ("GET /vue/-/vue-3.5.0.tgz", 200),
            ("POST /-/npm/v1/security/audits", 405),
            ("PUT /vue", 405),
            ("GET /../../admin", 400),
            ("GET /%2e%2E/admin", 400),
            ("GET /a%5c..%5cadmin", 400),
        ] {
            let mut socket = tokio::net::UnixStream::connect(registry.way().socket().unwrap()).await.unwrap();
            let text =
                format!("{request} HTTP/1.1\r\nHost: evil.example.com\r\nCookie: a=b\r\nConnection: close\r\n\r\n");
            socket.write_all(text.as_bytes()).await.unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{request}: {answer}");
            assert!(status != 200 || answer.contains("false"), "cookies do not travel: {answer}");
        }
        // The tarball once: the second time it is here.
        let below = ["vue", "@vue%2fcompiler-core?write=true", "x", "vue/-/vue-3.5.0.tgz"];
        assert_eq!(*asked.lock().unwrap(), below.map(|path| format!("/repository/npm/{path}")));
        drop(registry);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn redirects_lead_to_the_registry_itself_and_nowhere_inside() {
        let inner = Arc::new(Mutex::new(0));
        let heard = Arc::clone(&inner);
        let inside = Router::new().fallback(move || {
            *heard.lock().unwrap() += 1;
            async { "secret" }
        });
        let inside_at = served(inside).await;
        let upstream = Router::new()
            .route("/npm/a", axum::routing::get(|| async { axum::response::Redirect::temporary("/files/a") }))
            .route("/files/a", axum::routing::get(|| async { "a" }))
            .route("/npm/round", axum::routing::get(|| async { axum::response::Redirect::temporary("/npm/round") }))
            .route(
                "/npm/inside",
                axum::routing::get(
                    move || async move { axum::response::Redirect::temporary(&format!("{inside_at}/x")) },
                ),
            );
        let folder = std::env::temp_dir().join(format!("irs-redirects-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let address = format!("{}/npm", served(upstream).await);
        // Named or not: what is inside stays shut.
        let hosts = ["127.0.0.1".to_owned(), "localhost".to_owned()];
        let registry = super::open(&folder, &address, &hosts, &folder.join("tarballs"), Walls::Bubblewrap).unwrap();
        let answer = asked(registry.way().socket().unwrap(), "/a").await;
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\r\na\r\n"), "{answer}");
        assert_eq!(registry.led_elsewhere(), None);
        assert!(asked(registry.way().socket().unwrap(), "/round").await.starts_with("HTTP/1.1 502 "));
        assert!(asked(registry.way().socket().unwrap(), "/inside").await.starts_with("HTTP/1.1 502 "));
        let said = registry.led_elsewhere().unwrap();
        assert!(said.contains("“127.0.0.1”") && said.contains("npm-registry-hosts"), "{said}");
        assert_eq!(*inner.lock().unwrap(), 0);
        drop(registry);
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// Its address.
    async fn served(router: Router) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    async fn asked(socket: &std::path::Path, path: &str) -> String {
        let mut socket = tokio::net::UnixStream::connect(socket).await.unwrap();
        let text = format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        socket.write_all(text.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[test]
    fn other_hosts_are_followed_that_are_named_and_public() {
        let hosts = ["cdn.npm.test".to_owned(), "10.0.0.1".to_owned(), "1.1.1.1".to_owned()];
        let may = |from: &str, to: &str| super::may_follow(&from.parse().unwrap(), &to.parse().unwrap(), &hosts);
        let registry = "https://npm.test/npm/";
        for to in ["https://npm.test/files/", "https://CDN.npm.test/a.tgz", "https://1.1.1.1/a.tgz"] {
            assert!(may(registry, to), "{to}");
        }
        for to in [
            "https://other.test/a.tgz",
            "https://npm.test:8443/a.tgz",
            "https://a.cdn.npm.test/a.tgz",
            // Down to plain HTTP, and inside.
            "http://npm.test/a.tgz",
            "http://cdn.npm.test/a.tgz",
            "https://10.0.0.1/a.tgz",
            "https://[::1]/a.tgz",
            "https://[::ffff:10.0.0.1]/a.tgz",
        ] {
            assert!(!may(registry, to), "{to}");
        }
        assert!(may("http://10.1.1.1:4873/", "http://10.1.1.1:4873/files/"));
        assert!(may("http://npm.test/", "https://npm.test/") && may("http://npm.test/", "http://cdn.npm.test/"));
        assert!(!may("http://10.1.1.1:4873/", "http://10.1.1.1:5432/"));
    }

    #[tokio::test]
    async fn a_name_is_asked_for_public_addresses_unless_it_is_the_registrys() {
        use reqwest::dns::Resolve;
        let of = |except: &str| super::Public { except: except.to_owned() };
        assert!(of("npm.test").resolve("localhost".parse().unwrap()).await.is_err());
        assert!(of("localhost").resolve("localhost".parse().unwrap()).await.is_ok());
    }
}
