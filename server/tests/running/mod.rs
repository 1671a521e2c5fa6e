//! The whole server in this process, on a socket, with demo people.

use app::api::context::SESSION_COOKIE;
use engine::identity::sign_in;
use engine::{Clock, Ctx, Database, Engine, Entropy, Files};
use leptos::config::LeptosOptions;
use server::connection::{self, Patience};
use server::metrics::Metrics;
use server::proxies::{self, Trusted};
use server::router;
use server::tls::Tls;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What must happen happens within this, on a busy machine, too.
const SOON: Duration = Duration::from_secs(20);

pub struct Running {
    pub at: SocketAddr,
    pub engine: Engine,
    #[allow(dead_code, reason = "not every test reads them")]
    pub metrics: Metrics,
    folder: PathBuf,
    stop: tokio::sync::oneshot::Sender<()>,
    serving: JoinHandle<()>,
}

impl Running {
    pub async fn start(name: &str, trusted: Trusted, patience: Patience, tls: Option<Tls>) -> Self {
        let folder = std::env::temp_dir().join(format!("irs-network-{name}-{}", std::process::id()));
        let db = Database::open(&folder.join("irs.db").to_string_lossy()).await.unwrap();
        let files = Files::local(&folder.join("files")).unwrap();
        let engine = Engine::open(db, files, Clock::System, Entropy::System, true).await.unwrap();
        let metrics = Metrics::new(engine.clone());
        let options = LeptosOptions::builder().output_name("irs").build();
        let router = proxies::around(metrics.around(router::patient(options, engine.clone(), patience)), trusted);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = tokio::spawn(connection::serve(listener, router, tls, patience, async {
            let _ = stopped.await;
        }));
        Self { at, engine, metrics, folder, stop, serving }
    }

    /// What comes until the server hangs up.
    #[allow(dead_code, reason = "not every test is slow")]
    pub async fn says_and_waits(&self, text: &str) -> String {
        let mut socket = TcpStream::connect(self.at).await.unwrap();
        socket.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(SOON, socket.read_to_end(&mut answer)).await.expect("the server hangs up");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// A session's cookie.
    #[allow(dead_code, reason = "not every test signs in")]
    pub async fn signed_in(&self, account: &str) -> String {
        let address = "::1".into();
        let nobody = Ctx { now: self.engine.now(), request_id: "t".into(), address, heard: 0, signed_in: None };
        let token = sign_in::by_demo_click(&self.engine, &nobody, account, "test").await.unwrap();
        format!("{SESSION_COOKIE}={}", token.as_str())
    }

    pub async fn ends(self) {
        self.engine.hang_up();
        let _ = self.stop.send(());
        tokio::time::timeout(SOON, self.serving).await.expect("it ends in order").unwrap();
        self.engine.close().await;
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}
