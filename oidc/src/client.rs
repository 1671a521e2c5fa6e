//! The client: where a browser goes, what its code is exchanged for, who that is. Start at [`Client::leave`], then
//! [`Client::exchange`] and [`Client::proved`].

use crate::discovery::{self, Provider};
use crate::error::{Error, word};
use crate::id_token::{Claims, Expected, Token};
use crate::keys::{Fit, Keys};
use crate::settings::{Settings, SettingsError};
use crate::transport::Transport;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::Url;
use ring::digest::{SHA256, digest};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What the provider says of itself is asked again after so long. Milliseconds.
const KNOWN_MS: i64 = 60 * 60 * 1000;

/// Who it is, and what they are called.
const SCOPE: &str = "openid profile";

/// A client of one provider; cheap to clone, all clones share what is known of it.
///
/// Times are UTC milliseconds. Calls are not repeated by themselves; dropping a call's future stops it.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: Settings,
    transport: Transport,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    provider: Arc<Provider>,
    keys: Arc<Keys>,
    at: i64,
}

/// A browser that is sent to the provider. Has no `Debug`: these are secrets.
#[derive(Clone, Copy)]
pub struct Leaving<'a> {
    /// Where it comes back.
    pub redirect_uri: &'a str,
    /// Comes back with it.
    pub state: &'a str,
    /// Comes back in the ID token.
    pub nonce: &'a str,
    /// Of PKCE (RFC 7636), 43 to 128 letters; its hash travels.
    pub verifier: &'a str,
}

/// What a code was exchanged for. Has no `Debug`: these are secrets.
pub struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

impl Client {
    /// Checks the settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let settings = settings.checked()?;
        let transport = Transport::new(settings.timeout)?;
        Ok(Self(Arc::new(Inner { settings, transport, known: Mutex::new(None) })))
    }

    /// The settings, tidied.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Asks the provider what it says of itself, unless that is known. For the doctor (identity.md, Operations).
    ///
    /// # Errors
    /// [`Error`].
    pub async fn check(&self, now: i64) -> Result<(), Error> {
        self.known(now).await.map(drop)
    }

    /// The address of the provider's page.
    ///
    /// # Errors
    /// [`Error`]: the provider does not say where it is.
    pub async fn leave(&self, leaving: &Leaving<'_>, now: i64) -> Result<String, Error> {
        let known = self.known(now).await?;
        let mut page = Url::parse(&known.provider.authorization_endpoint)
            .map_err(|_| Error::Nonsense("an address in it is not safe"))?;
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, leaving.verifier.as_bytes()));
        page.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings().client_id),
            ("redirect_uri", leaving.redirect_uri),
            ("scope", SCOPE),
            ("state", leaving.state),
            ("nonce", leaving.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(page.into())
    }

    /// Exchanges the code that a browser came back with.
    ///
    /// # Errors
    /// [`Error::Code`]; the provider fails.
    pub async fn exchange(&self, code: &str, leaving: &Leaving<'_>, now: i64) -> Result<Tokens, Error> {
        let known = self.known(now).await?;
        let Settings { client_id, client_secret, .. } = self.settings();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", leaving.redirect_uri),
            ("code_verifier", leaving.verifier),
        ];
        let mut authorization = None;
        if known.provider.posts_secret {
            fields.extend([("client_id", client_id.as_str()), ("client_secret", client_secret.as_str())]);
        } else {
            // Each is encoded before they are joined (RFC 6749, 2.3.1).
            let both = format!("{}:{}", encoded(client_id), encoded(client_secret));
            authorization = Some(format!("Basic {}", STANDARD.encode(both)));
        }
        let (status, answer) =
            self.0.transport.post(&known.provider.token_endpoint, form(&fields), authorization).await?;
        let answer = answer.unwrap_or_default();
        if !status.is_success() {
            return Err(match answer["error"].as_str() {
                Some("invalid_grant") => Error::Code,
                Some(other) if status.is_client_error() => Error::Refused(status.as_u16(), word(other)),
                _ => Error::Status(status.as_u16()),
            });
        }
        let token = |name: &str| answer[name].as_str().filter(|token| !token.is_empty()).map(str::to_owned);
        let id_token = token("id_token").ok_or(Error::Nonsense("it has no id_token"))?;
        Ok(Tokens { id_token, access_token: token("access_token") })
    }

    /// Who that is. A key that is not known yet is looked for once more.
    ///
    /// # Errors
    /// [`Error::Token`]; the provider does not give its keys.
    pub async fn proved(&self, tokens: &Tokens, nonce: &str, now: i64) -> Result<Claims, Error> {
        let Settings { issuer, client_id, .. } = self.settings();
        let token = Token::read(&tokens.id_token)?;
        let mut known = self.known(now).await?;
        // A provider with one key need not name it, and may change it.
        if token.fit(&known.keys) != Fit::Fits {
            tracing::info!("the provider signs with a key that is not known yet: its keys are asked for");
            known = self.keep(Known { keys: self.keys(&known.provider).await?, ..known });
        }
        let expected = Expected { issuer, client_id, nonce, now: now.div_euclid(1_000) };
        Ok(token.proved(&known.keys, &expected)?)
    }

    /// Asks the provider for what else it says of them, if any of these names is not in the ID token. What the token says stands.
    ///
    /// # Errors
    /// The provider fails, or speaks of somebody else.
    pub async fn complete(&self, claims: &Claims, tokens: &Tokens, wanted: &[&str], now: i64) -> Result<Claims, Error> {
        let (mut claims, known) = (claims.clone(), self.known(now).await?);
        let (Some(address), Some(token)) = (&known.provider.userinfo_endpoint, &tokens.access_token) else {
            return Ok(claims);
        };
        if wanted.iter().all(|name| claims.text(name).is_some()) {
            return Ok(claims);
        }
        let answer = self.0.transport.get(address, Some(token)).await?;
        // Whoever could change the answer could change the person (OpenID Connect Core 1.0, 5.3.2).
        if answer["sub"].as_str() != Some(&claims.subject) {
            return Err(Error::Nonsense("it speaks of somebody else"));
        }
        if let serde_json::Value::Object(more) = answer {
            for (name, value) in more {
                claims.all.entry(name).or_insert(value);
            }
        }
        Ok(claims)
    }

    async fn known(&self, now: i64) -> Result<Known, Error> {
        let before = self.0.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = before.filter(|known| (0..KNOWN_MS).contains(&(now - known.at))) {
            return Ok(known);
        }
        let issuer = &self.settings().issuer;
        let document = self.0.transport.get(&discovery::document_of(issuer), None).await?;
        let provider = discovery::read(document, issuer)?;
        let keys = self.keys(&provider).await?;
        Ok(self.keep(Known { provider: Arc::new(provider), keys, at: now }))
    }

    async fn keys(&self, provider: &Provider) -> Result<Arc<Keys>, Error> {
        Ok(Arc::new(Keys::read(&self.0.transport.get(&provider.jwks_uri, None).await?)))
    }

    fn keep(&self, known: Known) -> Known {
        *self.0.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known.clone());
        known
    }
}

/// As forms are sent.
fn form(fields: &[(&str, &str)]) -> String {
    let mut form = Url::parse("form:").ok();
    if let Some(form) = &mut form {
        form.query_pairs_mut().extend_pairs(fields);
    }
    form.and_then(|form| form.query().map(str::to_owned)).unwrap_or_default()
}

fn encoded(text: &str) -> String {
    form(&[("", text)]).trim_start_matches('=').to_owned()
}

/// Without secrets.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(self.settings()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{encoded, form};

    #[test]
    fn forms_and_secrets_are_encoded() {
        assert_eq!(form(&[("a", "1 2"), ("b", "钱&=")]), "a=1+2&b=%E9%92%B1%26%3D");
        assert_eq!(encoded("p:a=s s%"), "p%3Aa%3Ds+s%25");
    }
}
