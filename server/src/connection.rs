//! Connections: taking them, TLS, HTTP 1 and 2 on them, and their end. Who is slow to speak is hung up on. Start at [`serve`].

use crate::tls::Tls;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// A request's headers have so long to come, from the connection or the request before on: so a connection that nobody uses ends
/// after this, too, and proxies in front should keep theirs shorter (docs/operations.md).
pub const HEADERS_WITHIN: Duration = Duration::from_secs(30);

/// A TLS handshake has so long.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// On HTTP 2 a peer that is silent is asked so often whether it is there, and has as long to say so.
const ASK_EVERY: Duration = Duration::from_secs(20);

/// After a connection could not be taken (no more file descriptors), the next one is tried so much later.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// How long a peer may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For a request's headers.
    pub headers: Duration,
    /// For a handshake of TLS.
    pub handshake: Duration,
    /// For a form's body, however it trickles.
    pub form: Duration,
    /// For silence within a file, or a part of one.
    pub silence: Duration,
    /// For the whole of it.
    pub file: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            headers: HEADERS_WITHIN,
            handshake: HANDSHAKE_WITHIN,
            form: Duration::from_secs(30),
            silence: Duration::from_secs(30),
            // 8 MB, a part, at 14 kB a second.
            file: Duration::from_secs(10 * 60),
        }
    }
}

/// Takes connections until `stop` is over, then lets those that are open finish what runs.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    tls: Option<Tls>,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let taken = tokio::select! {
            taken = listener.accept() => taken,
            () = &mut stop => break,
        };
        match taken {
            Ok((socket, peer)) => {
                let (app, tls, watcher) = (app.clone(), tls.clone(), connections.watcher());
                tokio::spawn(one(socket, peer, app, tls, patience, watcher));
            }
            // The peer has gone again, or the system has no more sockets for now.
            Err(error) => {
                tracing::debug!(error = %error, "a connection could not be taken");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
    drop(listener);
    connections.shutdown().await;
}

async fn one(socket: TcpStream, peer: SocketAddr, app: Router, tls: Option<Tls>, patience: Patience, watcher: Watcher) {
    // Without it a streamed answer waits 40 ms for the client's acknowledgement.
    if let Err(error) = socket.set_nodelay(true) {
        tracing::warn!(error = %error, "TCP_NODELAY could not be set");
    }
    let Some(tls) = tls else { return speak(socket, false, peer, app, patience, watcher).await };
    match tokio::time::timeout(patience.handshake, tls.accept(socket)).await {
        Ok(Ok(stream)) => {
            let two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
            speak(stream, two, peer, app, patience, watcher).await;
        }
        Ok(Err(error)) => tracing::debug!(error = %error, "a TLS handshake failed"),
        Err(_) => tracing::debug!("a TLS handshake took too long"),
    }
}

/// `two`: HTTP 2, as the handshake agreed.
async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    two: bool,
    peer: SocketAddr,
    app: Router,
    patience: Patience,
    watcher: Watcher,
) {
    let app = app.map_request(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let builder = Builder::new(TokioExecutor::new());
    // Told which it is, it doesn't wait for a first byte without end.
    let mut builder = if two { builder.http2_only() } else { builder.http1_only() };
    builder.http1().timer(TokioTimer::new()).header_read_timeout(patience.headers);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(ASK_EVERY).keep_alive_timeout(ASK_EVERY);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(error, "a connection broke off");
    }
}
