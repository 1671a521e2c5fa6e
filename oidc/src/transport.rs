//! One call over HTTP: no redirects, an answer of a size, within a time. Start at [`Transport::json`].

use crate::error::Error;
use crate::settings::SettingsError;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::Value;
use std::error::Error as _;
use std::time::Duration;

/// Of an answer no more is read. Bytes.
const ANSWER_MOST: usize = 256 * 1024;

/// Why a connection failed is told in so many letters.
const CAUSE: usize = 160;

/// The connection to the provider.
pub(crate) struct Transport {
    http: Client,
    timeout: Duration,
}

impl Transport {
    pub(crate) fn new(timeout: Duration) -> Result<Self, SettingsError> {
        // A second time it is set already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            // A connection each: one that the provider has closed meanwhile would cost an attempt.
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|_| SettingsError::Tls)?;
        Ok(Self { http, timeout })
    }

    /// Reads what is there, with a bearer's token if there is one.
    pub(crate) async fn get(&self, address: &str, bearer: Option<&str>) -> Result<Value, Error> {
        let request = self.http.get(address);
        let request = match bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        match self.json(request).await? {
            (status, value) if status.is_success() => value.ok_or(Error::Nonsense("it is no JSON")),
            (status, _) => Err(Error::Status(status.as_u16())),
        }
    }

    /// Posts a form; `authorization` is the whole header.
    pub(crate) async fn post(
        &self,
        address: &str,
        form: String,
        authorization: Option<String>,
    ) -> Result<(StatusCode, Option<Value>), Error> {
        let content = "application/x-www-form-urlencoded";
        let request = self.http.post(address).header(CONTENT_TYPE, content).body(form);
        let request = match authorization {
            Some(header) => request.header(reqwest::header::AUTHORIZATION, header),
            None => request,
        };
        self.json(request).await
    }

    /// The status, and the answer if it is JSON.
    async fn json(&self, request: RequestBuilder) -> Result<(StatusCode, Option<Value>), Error> {
        let request = request.header(reqwest::header::ACCEPT, "application/json").timeout(self.timeout);
        let mut answer = request.send().await.map_err(|error| self.broken(&error))?;
        let (status, mut body) = (answer.status(), Vec::new());
        while let Some(piece) = answer.chunk().await.map_err(|error| self.broken(&error))? {
            body.extend_from_slice(&piece);
            if body.len() > ANSWER_MOST {
                return Err(Error::Nonsense("it is too long"));
            }
        }
        Ok((status, serde_json::from_slice(&body).ok()))
    }

    fn broken(&self, error: &reqwest::Error) -> Error {
        if error.is_timeout() {
            return Error::Timeout(self.timeout);
        }
        let cause = cause(error);
        if error.is_connect() { Error::Unreachable(cause) } else { Error::Broken(cause) }
    }
}

/// The innermost cause, without the address.
fn cause(error: &reqwest::Error) -> String {
    let mut cause = error.source();
    while let Some(inner) = cause.and_then(|cause| cause.source()) {
        cause = Some(inner);
    }
    let text = cause.map_or_else(|| "no cause is known".to_owned(), ToString::to_string);
    text.chars().filter(|c| !c.is_control()).take(CAUSE).collect()
}
