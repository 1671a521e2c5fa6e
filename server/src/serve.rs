//! Listening, serving, stopping.

use crate::settings::Settings;
use crate::{router, site};
use app::api::system::About;
use axum::serve::ListenerExt;
use chrono::{FixedOffset, SecondsFormat, Utc};
use std::net::SocketAddr;
use thiserror::Error;
use tokio::net::TcpListener;

/// Why the server did not start or did not go on. Each is one sentence with the remedy.
#[derive(Debug, Error)]
pub enum ServeError {
    /// No front end.
    #[error(transparent)]
    Site(#[from] site::NoSite),
    /// The address can't be had.
    #[error("cannot listen on {address}: {cause}. Stop what uses it, or choose another with --listen")]
    Listen {
        /// As set.
        address: SocketAddr,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The network failed while serving.
    #[error("serving ended: {0}")]
    Serve(#[from] std::io::Error),
}

/// Serves until SIGTERM or Ctrl-C, then finishes what runs.
pub async fn run(settings: Settings) -> Result<(), ServeError> {
    let options = site::options(&settings.site)?;
    let app = router::router(options, about());
    let listener = TcpListener::bind(settings.listen)
        .await
        .map_err(|cause| ServeError::Listen { address: settings.listen, cause })?;
    let address = listener.local_addr()?;
    // Without it a streamed answer waits 40 ms for the client's acknowledgement.
    let listener = listener.tap_io(|socket| {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::warn!(error = %error, "TCP_NODELAY could not be set");
        }
    });
    tracing::info!(%address, "listening");
    println!("http://{address}");
    axum::serve(listener, app).with_graceful_shutdown(stop_asked()).await?;
    tracing::info!("stopped");
    Ok(())
}

fn about() -> About {
    let now = Utc::now();
    let china =
        FixedOffset::east_opt(8 * 3600).map(|zone| now.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string());
    About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        started_at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
        started_at_words: china.unwrap_or_default(),
    }
}

async fn stop_asked() {
    let interrupt = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
