//! The client, and the one way of its calls: with a token that is asked for exactly once more when it is refused.

use crate::envelope::EXPIRED;
use crate::error::Error;
use crate::settings::{Ambient, Settings, SettingsError};
use crate::token::{Given, Keeper, Token};
use crate::transport::{Method, Transport};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;

/// If the gateway does not say how long a token lives (identity.md, Sign-in). Seconds.
const TOKEN_LIVES: i64 = 7_200;

/// A client of one application at one gateway; cheap to clone, all clones share the token.
///
/// Calls are not repeated by themselves but for a refused token: [`Error::is_retryable`] says whether that is worth it. Dropping a call's
/// future stops it.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    keeper: Keeper,
}

/// Whether a call carries the access token.
#[derive(Clone, Copy)]
pub(crate) enum Carries {
    Token,
    Nothing,
}

impl Client {
    /// Checks the settings; nothing is sent yet.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(settings: Settings, ambient: Ambient) -> Result<Self, SettingsError> {
        let transport = Transport::new(settings.checked()?, ambient)?;
        Ok(Self(Arc::new(Inner { transport, keeper: Keeper::default() })))
    }

    /// The settings, tidied.
    pub fn settings(&self) -> &Settings {
        &self.0.transport.settings
    }

    /// Asks the gateway for a token, if none is held: address, key, secret, clock and signature are right if it gives one. For the
    /// doctor (identity.md, Operations).
    ///
    /// # Errors
    /// [`Error`].
    pub async fn check(&self) -> Result<(), Error> {
        self.token().await.map(drop)
    }

    /// POSTs. A refused token (240133) is dropped, and the call repeated once with a new one.
    pub(crate) async fn post(&self, path: &str, params: &[(&str, &str)], carries: Carries) -> Result<Value, Error> {
        let token = self.token_for(carries).await?;
        let answer = self.post_with(path, params, token.as_ref()).await;
        if answer != Err(Error::TokenExpired) {
            return answer;
        }
        tracing::debug!(dingtalk.path = path, dingtalk.code = EXPIRED, "the gateway wants a new access token");
        if let Some(token) = token {
            self.0.keeper.drop_token(&token);
        }
        let token = self.token_for(carries).await?;
        self.post_with(path, params, token.as_ref()).await
    }

    async fn post_with(&self, path: &str, params: &[(&str, &str)], token: Option<&Token>) -> Result<Value, Error> {
        let mut params = params.to_vec();
        params.extend(token.map(|token| ("access_token", token.reveal())));
        self.0.transport.call(Method::Post, path, &params).await
    }

    async fn token_for(&self, carries: Carries) -> Result<Option<Token>, Error> {
        match carries {
            Carries::Token => self.token().await.map(Some),
            Carries::Nothing => Ok(None),
        }
    }

    async fn token(&self) -> Result<Token, Error> {
        self.0.keeper.get(|| self.0.transport.now(), || self.ask_for_token()).await
    }

    async fn ask_for_token(&self) -> Result<Given, Error> {
        let Settings { app_key, app_secret, .. } = self.settings();
        let params = [("appkey", app_key.as_str()), ("appsecret", app_secret.as_str())];
        let data = self.0.transport.call(Method::Get, "/gettoken.json", &params).await?;
        let token = data["accessToken"].as_str().filter(|token| !token.is_empty());
        let token = token.map(Token::new).ok_or(Error::Nonsense("it has no accessToken"))?;
        let seconds = data["expiresIn"].as_i64().filter(|seconds| *seconds > 0).unwrap_or(TOKEN_LIVES);
        Ok(Given { token, lives_ms: seconds.saturating_mul(1_000) })
    }
}

/// Without secrets.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(self.settings()).finish()
    }
}
