//! What an ID token says, once it is proved (OpenID Connect Core 1.0, 3.1.3.7). Start at [`Token::proved`].

use crate::error::Fault;
use crate::keys::{Algorithm, Fit, Keys};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Longest token that is looked at. Bytes.
const LONGEST: usize = 64 * 1024;

/// Longest `sub` (OpenID Connect Core 1.0, 2). Bytes.
const SUBJECT_MOST: usize = 255;

/// Clocks may differ by so much. Seconds.
const LEEWAY: i64 = 60;

/// A token that was made longer ago is not of this sign-in. Seconds.
const OLDEST: i64 = 10 * 60;

/// What a token must say of itself.
#[derive(Clone, Copy)]
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
    /// UTC seconds.
    pub(crate) now: i64,
}

/// Who it is, as the provider proved. Has no `Debug`: claims are a person's own.
#[derive(Clone)]
pub struct Claims {
    /// `sub`: with the issuer it is the person, and nothing else is.
    pub subject: String,
    /// All that the token says, and what the provider answered when it was asked.
    pub(crate) all: Map<String, Value>,
}

impl Claims {
    /// What it says under this name, if that is a text or a number that is not empty.
    pub fn text(&self, name: &str) -> Option<String> {
        let text = match self.all.get(name)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(text).filter(|text| !text.is_empty())
    }
}

/// A token whose parts are read, and nothing is proved.
pub(crate) struct Token<'a> {
    signed: &'a str,
    key: Option<String>,
    algorithm: Algorithm,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood: none is.
    #[serde(default, deserialize_with = "is_there")]
    crit: bool,
}

/// `null` is there, too (RFC 7515, 4.1.11).
fn is_there<'de, D: serde::Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    serde::de::IgnoredAny::deserialize(value).map(|_| true)
}

/// What is checked. A name that stands twice is an error, as serde has it.
#[derive(Deserialize)]
struct Checked {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: f64,
    iat: f64,
    nbf: Option<f64>,
    nonce: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl<'a> Token<'a> {
    /// Reads the parts.
    pub(crate) fn read(text: &'a str) -> Result<Self, Fault> {
        let (signed, signature) = text.rsplit_once('.').filter(|_| text.len() <= LONGEST).ok_or(Fault::Shape)?;
        let (header, payload) = signed.split_once('.').ok_or(Fault::Shape)?;
        let bytes = |part: &str| BASE64.decode(part).map_err(|_| Fault::Shape);
        let header: Header = serde_json::from_slice(&bytes(header)?).map_err(|_| Fault::Shape)?;
        if header.crit {
            return Err(Fault::Shape);
        }
        let algorithm = Algorithm::from_name(&header.alg).ok_or(Fault::Algorithm)?;
        Ok(Self { signed, key: header.kid, algorithm, payload: bytes(payload)?, signature: bytes(signature)? })
    }

    /// Whether these keys can say whose it is; `Unknown`: the provider may have new ones.
    pub(crate) fn fit(&self, keys: &Keys) -> Fit {
        keys.fit(self.key.as_deref(), self.algorithm, self.signed.as_bytes(), &self.signature)
    }

    /// Who it is: nothing of the token counts before its signature.
    pub(crate) fn proved(&self, keys: &Keys, expected: &Expected<'_>) -> Result<Claims, Fault> {
        match self.fit(keys) {
            Fit::Fits => {}
            Fit::Wrong => return Err(Fault::Signature),
            Fit::Unknown => return Err(Fault::Key),
        }
        let of: Checked = serde_json::from_slice(&self.payload).map_err(|_| Fault::Shape)?;
        if of.iss != expected.issuer {
            return Err(Fault::Issuer);
        }
        if !of.is_for(expected.client_id) {
            return Err(Fault::Audience);
        }
        if !of.is_of(expected.now) {
            return Err(Fault::Time);
        }
        if of.nonce.as_deref() != Some(expected.nonce) {
            return Err(Fault::Nonce);
        }
        let said = !of.sub.trim().is_empty() && of.sub.len() <= SUBJECT_MOST && !of.sub.contains(char::is_control);
        let all = serde_json::from_slice(&self.payload).map_err(|_| Fault::Shape)?;
        if said { Ok(Claims { subject: of.sub, all }) } else { Err(Fault::Subject) }
    }
}

impl Checked {
    fn is_for(&self, client_id: &str) -> bool {
        let (is_named, several) = match &self.aud {
            Audience::One(one) => (one == client_id, false),
            Audience::Many(many) => (many.iter().any(|one| one == client_id), many.len() > 1),
        };
        match self.azp.as_deref() {
            Some(azp) => is_named && azp == client_id,
            None => is_named && !several,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "seconds of this century are whole in it")]
    fn is_of(&self, now: i64) -> bool {
        let (now, leeway, oldest) = (now as f64, LEEWAY as f64, OLDEST as f64);
        let begun = self.iat <= now + leeway && self.nbf.is_none_or(|nbf| nbf <= now + leeway);
        begun && now < self.exp + leeway && now - self.iat <= oldest + leeway
    }
}

#[cfg(test)]
mod tests;
