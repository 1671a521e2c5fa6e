//! A gateway for tests, on loopback, which speaks the real protocol and can fail in each way (identity.md, Work notifications).
//!
//! It checks what the real one is known to check: the signature byte for byte (with code of its own, not the client's), the window of
//! time, reuse of nonces, the life of tokens, one-time codes, ids that were there before, the limits of messages, and the
//! once-a-day rule. Codes of refusals other than 240133 and 210116 are invented, as are the five minutes of the window and of
//! codes: the real gateway has not been asked.
//!
//! Start at [`Fake::start`]. Browser tests start the program `dingtalk-fake` and speak to `/fake/…` (`control.rs`).

mod api;
mod control;
mod desk;
mod door;
mod gate;
mod page;

pub use desk::{Fails, Person, Sent, Setup};

use crate::settings::{NAMESPACE, Settings};
use desk::Desk;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A test waits no longer for what was sent.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running gateway. It ends with its last clone.
#[derive(Clone)]
pub struct Fake(Arc<Running>);

struct Running {
    desk: Arc<Desk>,
    address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Fake {
    /// Starts it there, mostly at `127.0.0.1:0`. `now`: UTC milliseconds; tests move it.
    ///
    /// # Errors
    /// The address can't be had.
    pub async fn start(
        setup: Setup,
        now: impl Fn() -> i64 + Send + Sync + 'static,
        at: SocketAddr,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(at).await?;
        let address = listener.local_addr()?;
        let desk = Arc::new(Desk::new(setup, Arc::new(now)));
        let router = api::routes().merge(page::routes()).nest("/fake", control::routes()).with_state(desk.clone());
        let serving = tokio::spawn(door::serve(listener, router));
        Ok(Self(Arc::new(Running { desk, address, serving })))
    }

    /// Where it is, `http://127.0.0.1:4010`: both the gateway and the page with the QR code.
    pub fn address(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// What a client of it is set to.
    pub fn settings(&self) -> Settings {
        let Setup { app_key, app_secret, tenant_id, client_id, sign_encoding, .. } = self.0.desk.setup.clone();
        Settings {
            address: self.address(),
            sign_in_address: self.address(),
            app_key,
            app_secret,
            tenant_id,
            client_id,
            namespace: NAMESPACE.to_owned(),
            sign_encoding,
            timeout: PATIENCE,
        }
    }

    /// The next call fails so.
    pub fn fails(&self, how: Fails) {
        self.0.desk.fail(None, how, 1);
    }

    /// So many calls of this path (`/gettoken.json`) fail so.
    pub fn fails_at(&self, path: &str, how: Fails, times: u32) {
        self.0.desk.fail(Some(path.to_owned()), how, times);
    }

    /// No token that was given is taken any more.
    pub fn expire_tokens(&self) {
        self.0.desk.expire_tokens();
    }

    /// As the app's `getAuthCode`, for this person: good once. `None`: nobody has this id.
    pub fn auth_code(&self, account_id: i64) -> Option<String> {
        self.0.desk.new_code(account_id, desk::Kind::InApp)
    }

    /// As scanning the QR code, by this person: good once. `None`: nobody has this id.
    pub fn qr_code(&self, account_id: i64) -> Option<String> {
        self.0.desk.new_code(account_id, desk::Kind::Qr)
    }

    /// All notifications that were taken, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.0.desk.sent.borrow().clone()
    }

    /// Passes when so many were taken, or after 20 seconds.
    pub async fn until_sent(&self, many: usize) -> Vec<Sent> {
        let mut seen = self.0.desk.sent.subscribe();
        // Whoever looks at what came sees that too little did.
        let _ = tokio::time::timeout(PATIENCE, seen.wait_for(|sent| sent.len() >= many)).await;
        self.sent()
    }

    /// The paths of all calls that arrived, in order, refused ones too.
    pub fn calls(&self) -> Vec<String> {
        self.0.desk.calls()
    }

    /// What was wrong with calls, in order: what each was refused with.
    pub fn refusals(&self) -> Vec<String> {
        self.0.desk.refusals()
    }
}
