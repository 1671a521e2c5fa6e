//! The signature of a call, and how its parameters travel (identity.md, Signing of 专有钉钉 calls). Pure; start at [`signature`].

#[cfg(test)]
mod tests;

use crate::settings::SignEncoding;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use std::sync::{Mutex, PoisonError};

/// Of a nonce, behind its 13 digits of time.
const RANDOM_DIGITS: u32 = 10_000;

/// The parameters of a call, in any order; a name may come more than once.
pub(crate) type Params<'a> = [(&'a str, &'a str)];

/// One call, as it is signed.
pub(crate) struct Call<'a> {
    /// `GET` or `POST`.
    pub(crate) method: &'a str,
    /// As in the header, at +08:00.
    pub(crate) timestamp: &'a str,
    pub(crate) nonce: &'a str,
    /// Without the host.
    pub(crate) path: &'a str,
    pub(crate) params: &'a Params<'a>,
}

/// base64(HMAC-SHA256(secret, text)).
pub(crate) fn signature(secret: &str, call: &Call<'_>, encoding: SignEncoding) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, text(call, encoding).as_bytes()))
}

/// Method, time, nonce, path, and the parameters if there are any, a line each. Pairs are sorted whole and bytewise, so that the
/// order in which they were given does not matter, not even of those with one name.
fn text(call: &Call<'_>, encoding: SignEncoding) -> String {
    let Call { method, timestamp, nonce, path, params } = call;
    let mut pairs: Vec<String> = params.iter().map(|(name, value)| pair(name, value, encoding)).collect();
    pairs.sort_unstable();
    let mut text = format!("{method}\n{timestamp}\n{nonce}\n{path}");
    if !pairs.is_empty() {
        text.push('\n');
        text.push_str(&pairs.join("&"));
    }
    text
}

fn pair(name: &str, value: &str, encoding: SignEncoding) -> String {
    match encoding {
        SignEncoding::Raw => format!("{name}={value}"),
        SignEncoding::UrlEncoded => format!("{}={}", encoded(name), encoded(value)),
    }
}

/// The parameters as they travel, in the query or as the body.
pub(crate) fn form(params: &Params<'_>) -> String {
    params.iter().map(|(name, value)| pair(name, value, SignEncoding::UrlEncoded)).collect::<Vec<_>>().join("&")
}

/// `application/x-www-form-urlencoded`, as browsers and Java's `URLEncoder` write it.
fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'*' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
            b' ' => text.push('+'),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Nonces: 13 digits of milliseconds and 4 random ones, which count on within one millisecond, so that a process uses none twice.
#[derive(Default)]
pub(crate) struct Nonces {
    /// The last one's millisecond and digits.
    last: Mutex<(i64, u32)>,
}

impl Nonces {
    pub(crate) fn next(&self, now: i64, random: u32) -> String {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, digits) = *last;
        let digits = if at == now { (digits + 1) % RANDOM_DIGITS } else { random % RANDOM_DIGITS };
        *last = (now, digits);
        format!("{now:013}{digits:04}")
    }
}
