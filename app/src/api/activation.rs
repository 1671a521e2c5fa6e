//! 激活: a password and an authenticator, with a link that is used once.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use crate::ui::qr::Qr;
use domain::fields::ActivationDraft;
use domain::view::person::Activation;
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context;

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivationShown {
    /// Whose, and what is asked.
    pub of: Activation,
    /// The authenticator's address as a picture; empty where none is bound.
    pub qr: Qr,
}

/// Whose account the link activates. Open to everybody who has it.
#[server(endpoint = "activation/look", input = GetUrl, output = Json, client = Asking)]
pub async fn activation_look(
    /// Of the link.
    code: String,
) -> Result<ActivationShown, ApiError> {
    let (engine, ctx) = context::request()?;
    let of = engine::identity::activation::look(&engine, &ctx, &code).await?;
    let qr = of.authenticator.as_ref().map(|authenticator| Qr::of(&authenticator.uri)).unwrap_or_default();
    Ok(ActivationShown { of, qr })
}

/// Uses the link; a plain form goes on to the sign-in page, or back.
#[server(endpoint = "activation/complete", output = Json)]
pub async fn activation_complete(
    /// Of the link.
    code: String,
    /// As typed.
    draft: ActivationDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::identity::activation::complete(&engine, &ctx, &code, &draft).await.map_err(ApiError::from);
    let page = format!("/activate?code={}", super::session::escaped(&code));
    context::send_on(&match &done {
        Ok(()) => "/login?done=activated".to_owned(),
        Err(error) => super::session::back_to(&page, error),
    });
    done
}
