//! Who is let in: the signature and all that belongs to it, checked without the client's code (identity.md, Signing of 专有钉钉 calls).

use super::desk::Desk;
use crate::settings::SignEncoding;
use crate::time;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Url;
use ring::hmac;

/// A call's time may be off by so much. Milliseconds.
const WINDOW_MS: i64 = 5 * 60_000;

/// The parameters of a call; a name may come more than once.
pub(super) struct Params(Vec<(String, String)>);

impl Params {
    /// The value of this name, if it is there exactly once.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    }
}

/// The parameters of a call that is let in; else what is wrong.
pub(super) fn admit(desk: &Desk, parts: &Parts, body: &[u8]) -> Result<Params, &'static str> {
    let wire = wire(parts, body).ok_or("the parameters are not a form")?;
    let params = read(&wire);
    if header(&parts.headers, "apiKey")? != desk.setup.app_key {
        return Err("apiKey is unknown");
    }
    if header(&parts.headers, "X-Hmac-Auth-Version")? != "1.0" {
        return Err("version is not 1.0");
    }
    let timestamp = header(&parts.headers, "X-Hmac-Auth-Timestamp")?;
    let nonce = header(&parts.headers, "X-Hmac-Auth-Nonce")?;
    let signature = header(&parts.headers, "X-Hmac-Auth-Signature")?;
    let mut pairs: Vec<String> = match desk.setup.sign_encoding {
        SignEncoding::Raw => params.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        SignEncoding::UrlEncoded => wire.split('&').filter(|pair| !pair.is_empty()).map(str::to_owned).collect(),
    };
    pairs.sort();
    let mut lines = vec![parts.method.as_str(), timestamp, nonce, parts.uri.path()];
    let pairs = pairs.join("&");
    lines.extend((!pairs.is_empty()).then_some(pairs.as_str()));
    let key = hmac::Key::new(hmac::HMAC_SHA256, desk.setup.app_secret.as_bytes());
    if signature != STANDARD.encode(hmac::sign(&key, lines.join("\n").as_bytes())) {
        return Err("sign not match");
    }
    if !is_near(desk.now(), timestamp) {
        return Err("timestamp is out of the window");
    }
    if nonce.len() != 17 || !nonce.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("nonce is not 17 digits");
    }
    // Only of a call that is signed: nobody else can use them up.
    if !desk.takes_nonce(nonce) {
        return Err("nonce was used before");
    }
    Ok(Params(params))
}

/// As the parameters travel.
fn wire(parts: &Parts, body: &[u8]) -> Option<String> {
    if parts.method == Method::GET {
        return Some(parts.uri.query().unwrap_or_default().to_owned());
    }
    let content = parts.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let is_form = content.split(';').next()?.trim() == "application/x-www-form-urlencoded";
    let text = std::str::from_utf8(body).ok().filter(|_| is_form && parts.uri.query().is_none())?;
    Some(text.to_owned())
}

/// A form, as browsers read it.
fn read(wire: &str) -> Vec<(String, String)> {
    let url = Url::parse(&format!("http://gateway/?{wire}"));
    url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default()
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, &'static str> {
    headers.get(name).and_then(|value| value.to_str().ok()).ok_or("a header is missing")
}

/// All times are written in one form and zone, so that their order is that of their letters.
fn is_near(now: i64, timestamp: &str) -> bool {
    let (first, last) = (time::iso(now - WINDOW_MS), time::iso(now + WINDOW_MS));
    timestamp.len() == first.len() && (first.as_str()..=last.as_str()).contains(&timestamp) && is_iso(timestamp)
}

/// `2026-11-24T08:00:00.000+08:00`, letter by letter.
fn is_iso(timestamp: &str) -> bool {
    let pattern = "0000-00-00T00:00:00.000+08:00";
    timestamp.len() == pattern.len()
        && timestamp.bytes().zip(pattern.bytes()).enumerate().all(|(at, (given, form))| match form {
            b'0' if at < 23 => given.is_ascii_digit(),
            _ => given == form,
        })
}
