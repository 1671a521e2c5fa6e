//! The one way out of the sandbox: a Unix socket behind which GET goes to the configured npm registry, and to nothing else.

use super::tarballs::Tarballs;
use super::way::Way;
use crate::error::{Error, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use reqwest::Client;
use std::path::Path;
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

/// From the sandbox to the registry at this address, whose tarballs are kept in a folder.
pub(in crate::pipeline) fn way(folder: &Path, address: &str, tarballs: &Path) -> Result<Way> {
    Way::open(folder, router(address, tarballs)?)
}

/// What answers there.
pub(super) fn router(address: &str, tarballs: &Path) -> Result<Router> {
    // A second time it is set already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().redirect(reqwest::redirect::Policy::limited(REDIRECTS)).read_timeout(PATIENCE);
    let client = client.build().map_err(|e| Error::Work(format!("the way to the registry: {e}")))?;
    let base = format!("{}/", address.trim_end_matches('/'));
    Ok(Router::new().fallback(forward).with_state(Upstream { client, base, tarballs: Tarballs::open(tarballs)? }))
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
        let registry = super::way(&folder, &address, &folder.join("tarballs")).unwrap();
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
            let mut socket = tokio::net::UnixStream::connect(registry.socket().unwrap()).await.unwrap();
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
}
