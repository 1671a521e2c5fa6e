//! 动态口令: an authenticator of one's own.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use crate::ui::qr::Qr;
use domain::fields::{AskedAgainDraft, BindDraft};
use domain::view::person::{OfferedAuthenticator, OwnAuthenticator};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context;

/// Where a person sees their own.
pub const AUTHENTICATOR_PAGE: &str = "/me/authenticator";

/// Where what is offered is bound.
pub const BIND_PAGE: &str = "/authenticator";

/// What the page of binding shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthenticatorShown {
    /// Whose, and what.
    pub of: OfferedAuthenticator,
    /// Its address as a picture.
    pub qr: Qr,
}

/// One's own.
#[server(endpoint = "authenticator/own", input = GetUrl, output = Json, client = Asking)]
pub async fn authenticator_own() -> Result<OwnAuthenticator, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine::identity::authenticator::own(&engine, &ctx).await?)
}

/// Begins to bind another; answers where to go on. A plain form goes there, or back.
#[server(endpoint = "authenticator/begin", output = Json)]
pub async fn authenticator_begin(
    /// As typed.
    draft: AskedAgainDraft,
) -> Result<String, ApiError> {
    let (engine, ctx) = context::request()?;
    let begun = engine::identity::authenticator::begin(&engine, &ctx, &draft.password, &draft.code).await;
    let on = begun.map(|offer| bind_page(offer.as_str(), "")).map_err(ApiError::from);
    context::send_on(&on.clone().unwrap_or_else(|error| came_to_nothing(&error)));
    on
}

/// What is offered. Open to everybody who has the code.
#[server(endpoint = "authenticator/look", input = GetUrl, output = Json, client = Asking)]
pub async fn authenticator_look(
    /// Of the address.
    code: String,
) -> Result<AuthenticatorShown, ApiError> {
    let (engine, ctx) = context::request()?;
    let of = engine::identity::authenticator::look(&engine, &ctx, &code).await?;
    let qr = Qr::of(&of.authenticator.uri);
    Ok(AuthenticatorShown { of, qr })
}

/// Binds it; answers where to go on: to the page of one's own, or to the sign-in. A plain form goes there, or back.
#[server(endpoint = "authenticator/bind", output = Json)]
pub async fn authenticator_bind(
    /// Of the address.
    code: String,
    /// Where to go on after the sign-in.
    next: String,
    /// As typed.
    draft: BindDraft,
) -> Result<String, ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::identity::authenticator::bind(&engine, &ctx, &code, &draft).await;
    let on = done.map(|whose| match ctx.signed_in.as_ref().filter(|who| who.person == whose) {
        Some(_) => format!("{AUTHENTICATOR_PAGE}?done=bound"),
        // Also for who is signed in as somebody else: the account that it was bound to signs in anew.
        None => format!("/login?done=authenticator&next={}", super::session::escaped(&next)),
    });
    let on = on.map_err(ApiError::from);
    context::send_on(&on.clone().unwrap_or_else(|error| super::session::back_to(&bind_page(&code, &next), &error)));
    on
}

/// Takes it off; a plain form goes to the page of one's own.
#[server(endpoint = "authenticator/remove", output = Json)]
pub async fn authenticator_remove(
    /// As typed.
    draft: AskedAgainDraft,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let done = engine::identity::authenticator::remove(&engine, &ctx, &draft.password, &draft.code).await;
    let done = done.map_err(ApiError::from);
    let on = done.as_ref().map(|()| format!("{AUTHENTICATOR_PAGE}?done=removed"));
    context::send_on(&on.unwrap_or_else(came_to_nothing));
    done
}

/// The page of one's own after what came to nothing: it says why.
#[cfg(feature = "ssr")]
fn came_to_nothing(error: &ApiError) -> String {
    format!("{AUTHENTICATOR_PAGE}?problem={}", super::session::problem_code(error))
}

/// The page of an offer; `next`: where to go on after the sign-in.
#[cfg(feature = "ssr")]
pub(crate) fn bind_page(code: &str, next: &str) -> String {
    let next = if next.is_empty() { String::new() } else { format!("&next={}", super::session::escaped(next)) };
    format!("{BIND_PAGE}?code={}{next}", super::session::escaped(code))
}
