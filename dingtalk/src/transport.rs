//! One signed call over HTTP: there, and back through the envelope. Start at [`Transport::call`].

use crate::envelope;
use crate::error::{Error, quoted};
use crate::settings::{Ambient, Settings, SettingsError};
use crate::sign::{self, Call, Nonces, Params};
use crate::time;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use std::error::Error as _;

/// Of an answer no more is read. Bytes.
const ANSWER_MOST: usize = 64 * 1024;

/// Why a connection failed is told in so many letters.
const CAUSE: usize = 160;

/// What must never be shown, by the names of its parameters.
const HIDDEN: [&str; 5] = ["appsecret", "access_token", "code", "auth_code", "mobile"];

/// The connection to the gateway, and what signs.
pub(crate) struct Transport {
    pub(crate) settings: Settings,
    ambient: Ambient,
    nonces: Nonces,
    http: Client,
}

#[derive(Clone, Copy)]
pub(crate) enum Method {
    Get,
    Post,
}

impl Transport {
    pub(crate) fn new(settings: Settings, ambient: Ambient) -> Result<Self, SettingsError> {
        // A second time it is set already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A connection each: one that the gateway has closed meanwhile would cost an attempt.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| SettingsError::Tls)?;
        Ok(Self { settings, ambient, nonces: Nonces::default(), http })
    }

    /// UTC milliseconds.
    pub(crate) fn now(&self) -> i64 {
        (self.ambient.now)()
    }

    /// What was asked for, out of the envelope.
    pub(crate) async fn call(&self, method: Method, path: &str, params: &Params<'_>) -> Result<Value, Error> {
        let request = self.signed(method, path, params).timeout(self.settings.timeout);
        let answer = request.send().await.map_err(|error| self.broken(error))?;
        let status = answer.status().as_u16();
        let body = self.body(answer).await?;
        let secret = [self.settings.app_secret.as_str()];
        let given = params.iter().filter(|(name, _)| HIDDEN.contains(name)).map(|(_, value)| *value);
        let hide: Vec<&str> = secret.into_iter().chain(given).collect();
        envelope::data(status, &body, &hide)
    }

    fn signed(&self, method: Method, path: &str, params: &Params<'_>) -> RequestBuilder {
        let Settings { address, app_key, app_secret, sign_encoding, .. } = &self.settings;
        let now = self.now();
        let timestamp = time::iso(now);
        let nonce = self.nonces.next(now, (self.ambient.random)());
        let (url, form) = (format!("{address}{path}"), sign::form(params));
        let (verb, request) = match method {
            Method::Get if form.is_empty() => ("GET", self.http.get(url)),
            // The query holds the secret: an error never shows the address.
            Method::Get => ("GET", self.http.get(format!("{url}?{form}"))),
            Method::Post => {
                let content = "application/x-www-form-urlencoded; charset=utf-8";
                ("POST", self.http.post(url).header(CONTENT_TYPE, content).body(form))
            }
        };
        let call = Call { method: verb, timestamp: &timestamp, nonce: &nonce, path, params };
        let signature = sign::signature(app_secret, &call, *sign_encoding);
        request
            .header("X-Hmac-Auth-Timestamp", timestamp)
            .header("X-Hmac-Auth-Version", "1.0")
            .header("X-Hmac-Auth-Nonce", nonce)
            .header("apiKey", app_key)
            .header("X-Hmac-Auth-Signature", signature)
    }

    async fn body(&self, mut answer: Response) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(|error| self.broken(error))? {
            body.extend_from_slice(&piece);
            if body.len() > ANSWER_MOST {
                return Err(Error::Nonsense("it is too long"));
            }
        }
        Ok(body)
    }

    fn broken(&self, error: reqwest::Error) -> Error {
        if error.is_timeout() {
            return Error::Timeout(self.settings.timeout);
        }
        let cause = self.cause(&error);
        if error.is_connect() { Error::Unreachable(cause) } else { Error::Broken(cause) }
    }

    /// The innermost cause, without the address.
    fn cause(&self, error: &reqwest::Error) -> String {
        let mut cause = error.source();
        while let Some(inner) = cause.and_then(|cause| cause.source()) {
            cause = Some(inner);
        }
        let text = cause.map_or_else(|| "no cause is known".to_owned(), ToString::to_string);
        quoted(&text, &[&self.settings.app_secret], CAUSE)
    }
}
