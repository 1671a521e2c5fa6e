//! A provider for tests, on loopback, which speaks the real protocol as far as the client does, and can be made to be wrong.
//!
//! It checks the client: its secret, the address to come back to, PKCE, and that a code is used once. Start at [`Fake::start`], then
//! [`Fake::signs_in`]. The browser tests have a real provider (`end2end/support/provider.ts`).

use crate::settings::Settings;
use axum::Json;
use axum::Router;
use axum::extract::{Form, State};
use axum::http::header::{AUTHORIZATION, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Url;
use ring::digest::{SHA256, digest};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// This site's name and secret there.
const CLIENT: [&str; 2] = ["test-client", "s3cret:with %"];

/// How the provider goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// HTTP 500 everywhere.
    Fails,
    /// No answer.
    Hangs,
    /// Answers that never end.
    Babbles,
    /// Sends whoever asks elsewhere.
    Redirects,
    /// Calls itself otherwise.
    OtherIssuer,
    /// The secret is refused.
    RefusesSecret,
    /// What the token does not say is said of somebody else.
    OtherSubject,
}

/// A running provider. It ends with its last clone.
#[derive(Clone)]
pub struct Fake(Arc<Running>);

struct Running {
    desk: Arc<Desk>,
    serving: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

struct Desk {
    issuer: String,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    made: u64,
    codes: HashMap<String, Grant>,
    tokens: HashMap<String, Grant>,
    wrong: Option<Wrong>,
    /// Of the key.
    seed: u8,
    /// Put over what ID tokens say.
    over: Map<String, Value>,
    /// Claims are told at the userinfo endpoint alone.
    aside: bool,
    /// Times that the keys were asked for.
    keys_asked: u32,
}

#[derive(Clone)]
struct Grant {
    sent: HashMap<String, String>,
    subject: String,
    claims: Map<String, Value>,
}

impl Fake {
    /// Starts it there, mostly at `127.0.0.1:0`. `now`: UTC milliseconds; tests move it.
    ///
    /// # Errors
    /// The address can't be had.
    pub async fn start(now: impl Fn() -> i64 + Send + Sync + 'static, at: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(at).await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let held = Mutex::new(Held { seed: 1, ..Held::default() });
        let desk = Arc::new(Desk { issuer, now: Box::new(now), held });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(desk.clone());
        let serving = tokio::spawn(async move {
            // It ends with the test.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self(Arc::new(Running { desk, serving })))
    }

    /// What a client of it is set to.
    pub fn settings(&self) -> Settings {
        let [client_id, client_secret] = CLIENT.map(str::to_owned);
        Settings { issuer: self.0.desk.issuer.clone(), client_id, client_secret, timeout: Duration::from_secs(20) }
    }

    /// This person signs in on the page of this address: the code and the state that the browser comes back with. `claims`: what
    /// else is told of them.
    ///
    /// # Panics
    /// The address asks for something that this flow does not have.
    #[expect(clippy::panic, reason = "a test may fail loudly")]
    pub fn signs_in(&self, address: &str, subject: &str, claims: &Value) -> (String, String) {
        let url = Url::parse(address).unwrap_or_else(|error| panic!("{address}: {error}"));
        let sent: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let said = |name: &str| sent.get(name).map(String::as_str).unwrap_or_default();
        assert_eq!(url.path(), "/authorize", "{address}");
        assert_eq!((said("response_type"), said("code_challenge_method")), ("code", "S256"), "{address}");
        assert_eq!(said("client_id"), CLIENT[0], "{address}");
        assert!(said("scope").split(' ').any(|scope| scope == "openid"), "{address}");
        assert!(said("state").len() >= 32 && said("nonce").len() >= 32, "{address}");
        let state = said("state").to_owned();
        let claims = claims.as_object().cloned().unwrap_or_default();
        let mut held = self.0.desk.held();
        held.made += 1;
        let code = format!("code{}", held.made);
        held.codes.insert(code.clone(), Grant { sent, subject: subject.to_owned(), claims });
        (code, state)
    }

    /// From now on it goes wrong so, or no longer.
    pub fn goes(&self, wrong: Option<Wrong>) {
        self.0.desk.held().wrong = wrong;
    }

    /// It signs with another key, of the same kind and with another id.
    pub fn takes_another_key(&self) {
        self.0.desk.held().seed += 1;
    }

    /// ID tokens say this in place of what is true.
    pub fn says(&self, over: &Value) {
        self.0.desk.held().over = over.as_object().cloned().unwrap_or_default();
    }

    /// Claims are told at the userinfo endpoint alone.
    pub fn tells_aside(&self) {
        self.0.desk.held().aside = true;
    }

    /// Times that the keys were asked for.
    pub fn keys_asked(&self) -> u32 {
        self.0.desk.held().keys_asked
    }
}

impl Desk {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What goes wrong wherever one asks.
    async fn wrong(&self) -> Option<Response> {
        let wrong = self.held().wrong;
        match wrong? {
            Wrong::Fails => Some(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
            Wrong::Hangs => std::future::pending().await,
            Wrong::Babbles => Some(" ".repeat(300 * 1024).into_response()),
            Wrong::Redirects => Some((StatusCode::FOUND, [(LOCATION, format!("{}/me", self.issuer))]).into_response()),
            Wrong::OtherIssuer | Wrong::RefusesSecret | Wrong::OtherSubject => None,
        }
    }

    fn id_token(&self, grant: &Grant) -> Option<String> {
        let held = self.held();
        let now = (self.now)() / 1_000;
        let mut says = json!({ "iss": self.issuer, "sub": grant.subject, "aud": CLIENT[0], "exp": now + 300, "iat": now,
            "nonce": grant.sent.get("nonce") });
        let says = says.as_object_mut()?;
        if !held.aside {
            says.extend(grant.claims.clone());
        }
        says.extend(held.over.clone());
        let header = json!({ "alg": "EdDSA", "kid": format!("k{}", held.seed) });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&Value::Object(says.clone())));
        let signature = pair(held.seed)?.sign(text.as_bytes());
        Some(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn pair(seed: u8) -> Option<Ed25519KeyPair> {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).ok()
}

async fn document(State(desk): State<Arc<Desk>>) -> Response {
    if let Some(wrong) = desk.wrong().await {
        return wrong;
    }
    let other = desk.held().wrong == Some(Wrong::OtherIssuer);
    let issuer = if other { "https://other.example" } else { desk.issuer.as_str() };
    let at = |path: &str| format!("{}/{path}", desk.issuer);
    Json(json!({ "issuer": issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
        "jwks_uri": at("jwks"), "userinfo_endpoint": at("me") }))
    .into_response()
}

async fn keys(State(desk): State<Arc<Desk>>) -> Response {
    if let Some(wrong) = desk.wrong().await {
        return wrong;
    }
    let mut held = desk.held();
    held.keys_asked += 1;
    let x = pair(held.seed).map(|pair| URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()));
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": format!("k{}", held.seed), "x": x });
    Json(json!({ "keys": [key] })).into_response()
}

async fn token(
    State(desk): State<Arc<Desk>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    if let Some(wrong) = desk.wrong().await {
        return wrong;
    }
    let no = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let header = format!("Basic {}", STANDARD.encode("test-client:s3cret%3Awith+%25"));
    let known = headers.get(AUTHORIZATION).is_some_and(|value| value.as_bytes() == header.as_bytes());
    if !known || desk.held().wrong == Some(Wrong::RefusesSecret) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "invalid_client" }))).into_response();
    }
    let said = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    // Once, whatever comes with it.
    let Some(grant) = desk.held().codes.remove(said("code")) else { return no("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, said("code_verifier").as_bytes()));
    let fits = grant.sent.get("redirect_uri").map(String::as_str) == Some(said("redirect_uri"))
        && grant.sent.get("code_challenge") == Some(&challenge)
        && said("grant_type") == "authorization_code";
    if !fits {
        return no("invalid_grant");
    }
    let token = desk.id_token(&grant);
    let mut held = desk.held();
    held.made += 1;
    let access = format!("access{}", held.made);
    held.tokens.insert(access.clone(), grant);
    Json(json!({ "access_token": access, "token_type": "Bearer", "id_token": token })).into_response()
}

async fn me(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Response {
    if let Some(wrong) = desk.wrong().await {
        return wrong;
    }
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let held = desk.held();
    let Some(grant) = bearer.and_then(|token| held.tokens.get(token)) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let mut says = grant.claims.clone();
    let subject = if held.wrong == Some(Wrong::OtherSubject) { "somebody-else" } else { grant.subject.as_str() };
    says.insert("sub".to_owned(), json!(subject));
    Json(Value::Object(says)).into_response()
}
