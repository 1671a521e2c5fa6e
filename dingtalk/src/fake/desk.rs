//! What the gateway of the tests knows and remembers.

use crate::settings::SignEncoding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// identity.md, Sign-in. Seconds.
pub(super) const TOKEN_LIVES: i64 = 7_200;

/// A code is good so long. Milliseconds.
const CODE_LIVES_MS: i64 = 5 * 60_000;

/// The one application, and the people.
#[derive(Clone)]
pub struct Setup {
    /// The application's key.
    pub app_key: String,
    /// The application's secret.
    pub app_secret: String,
    /// The tenant's id.
    pub tenant_id: String,
    /// The application's name.
    pub client_id: String,
    /// What it takes for a signature.
    pub sign_encoding: SignEncoding,
    /// Who can sign in and be told.
    pub people: Vec<Person>,
}

impl Default for Setup {
    /// `test-key`, `test-secret`, tenant 196729, `test_dingoa`, raw, nobody.
    fn default() -> Self {
        Self {
            app_key: "test-key".to_owned(),
            app_secret: "test-secret".to_owned(),
            tenant_id: "196729".to_owned(),
            client_id: "test_dingoa".to_owned(),
            sign_encoding: SignEncoding::Raw,
            people: Vec::new(),
        }
    }
}

/// An employee: as JSON `{"account_id":100135,"name":"王建国","mobile":"13800000001"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// `accountId`.
    pub account_id: i64,
    /// The whole name.
    pub name: String,
    /// Without the area's code.
    pub mobile: String,
    /// 86 by default.
    #[serde(default = "china")]
    pub area_code: String,
}

fn china() -> String {
    "86".to_owned()
}

impl Person {
    /// `employeeCode`.
    pub fn employee_code(&self) -> String {
        format!("GE_{}", self.account_id)
    }
}

/// How a call fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fails {
    /// HTTP 500 with a page.
    Http500,
    /// It does what was asked, and answers never.
    Hangs,
    /// The connection is reset; nothing was done.
    Resets,
    /// It does what was asked, and the connection ends in the middle of the answer.
    HalfAnswers,
    /// A page of somebody else's, with HTTP 200.
    Babbles,
    /// The outer flag says no.
    GatewayRefuses,
    /// The inner flag says no.
    ServiceRefuses,
    /// The service says that it is busy.
    ServiceIsBusy,
    /// 240133, whatever the token.
    ExpiredToken,
}

/// A notification that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sent {
    /// The caller's id.
    pub biz_msg_id: String,
    /// Whom it reached.
    pub reached: Vec<i64>,
    /// Whom it did not reach, and nobody says so: the same text reached them that day, or nobody has this id.
    pub withheld: Vec<i64>,
    /// The message.
    pub msg: Value,
    /// When. UTC milliseconds.
    pub at: i64,
    /// It was withdrawn.
    pub is_revoked: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Qr,
    InApp,
}

pub(super) struct Desk {
    pub(super) setup: Setup,
    now: Arc<dyn Fn() -> i64 + Send + Sync>,
    pub(super) sent: watch::Sender<Vec<Sent>>,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    /// For tokens, codes and messages.
    last_number: u64,
    fails: Vec<Failing>,
    calls: Vec<String>,
    refusals: Vec<String>,
    nonces: HashSet<String>,
    /// Until when. UTC milliseconds.
    tokens: HashMap<String, i64>,
    codes: HashMap<String, Code>,
    /// Person, day, text.
    told: HashSet<(i64, i64, String)>,
}

struct Failing {
    path: Option<String>,
    how: Fails,
    times: u32,
}

struct Code {
    account_id: i64,
    kind: Kind,
    ends_at: i64,
}

impl Desk {
    pub(super) fn new(setup: Setup, now: Arc<dyn Fn() -> i64 + Send + Sync>) -> Self {
        Self { setup, now, sent: watch::Sender::new(Vec::new()), memory: Mutex::default() }
    }

    pub(super) fn now(&self) -> i64 {
        (self.now)()
    }

    pub(super) fn person(&self, account_id: i64) -> Option<&Person> {
        self.setup.people.iter().find(|person| person.account_id == account_id)
    }

    pub(super) fn fail(&self, path: Option<String>, how: Fails, times: u32) {
        self.memory().fails.push(Failing { path, how, times });
    }

    pub(super) fn forget_failures(&self) {
        self.memory().fails.clear();
    }

    /// Notes the call; how it is to fail, if it is.
    pub(super) fn arrives(&self, path: &str) -> Option<Fails> {
        let mut memory = self.memory();
        memory.calls.push(path.to_owned());
        memory.fails.retain(|failing| failing.times > 0);
        let failing =
            memory.fails.iter_mut().find(|failing| failing.path.as_deref().is_none_or(|only| only == path))?;
        failing.times -= 1;
        Some(failing.how)
    }

    pub(super) fn calls(&self) -> Vec<String> {
        self.memory().calls.clone()
    }

    pub(super) fn note_refusal(&self, said: &str) {
        self.memory().refusals.push(said.to_owned());
    }

    pub(super) fn refusals(&self) -> Vec<String> {
        self.memory().refusals.clone()
    }

    /// Whether this is its first use.
    pub(super) fn takes_nonce(&self, nonce: &str) -> bool {
        self.memory().nonces.insert(nonce.to_owned())
    }

    pub(super) fn new_token(&self) -> String {
        let token = format!("app_fake{}", self.number());
        self.memory().tokens.insert(token.clone(), self.now() + TOKEN_LIVES * 1_000);
        token
    }

    pub(super) fn is_token(&self, token: &str) -> bool {
        self.memory().tokens.get(token).is_some_and(|ends_at| self.now() < *ends_at)
    }

    pub(super) fn expire_tokens(&self) {
        self.memory().tokens.clear();
    }

    pub(super) fn new_code(&self, account_id: i64, kind: Kind) -> Option<String> {
        self.person(account_id)?;
        let code = format!("code{}", self.number());
        let ends_at = self.now() + CODE_LIVES_MS;
        self.memory().codes.insert(code.clone(), Code { account_id, kind, ends_at });
        Some(code)
    }

    /// Whose code it is; it is good once.
    pub(super) fn use_code(&self, code: &str, kind: Kind) -> Option<&Person> {
        let code = self.memory().codes.remove(code)?;
        let is_good = code.kind == kind && self.now() < code.ends_at;
        if is_good { self.person(code.account_id) } else { None }
    }

    /// Whether this text is the first of its day for this person.
    pub(super) fn is_news(&self, account_id: i64, text: &str) -> bool {
        let day = crate::time::day(self.now());
        self.memory().told.insert((account_id, day, text.to_owned()))
    }

    pub(super) fn number(&self) -> u64 {
        let mut memory = self.memory();
        memory.last_number += 1;
        memory.last_number
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
