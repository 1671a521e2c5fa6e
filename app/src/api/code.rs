//! Signing in by a second device: the desk's code, and the phone's answer.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use crate::ui::qr::Qr;
use domain::view::person::{CodeState, WhoAsks};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use {super::context, engine::identity::code as engine_code};

/// The cookie with the secret of the browser that asked. It lives as long as a code, and a little longer.
#[cfg(feature = "ssr")]
const BROWSER_COOKIE: &str = "__Host-code";

/// A code to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedCode {
    /// The code, to ask how far it is.
    pub code: String,
    /// The picture of its address.
    pub qr: Qr,
    /// The phone would need to be this machine.
    pub local: bool,
    /// For so long it is good. Milliseconds.
    pub good_for_ms: i64,
}

/// A new code for this browser, for which its page also asks by itself. Open to everybody.
#[server(endpoint = "session/ask_code", output = Json, client = Asking)]
pub async fn session_ask_code() -> Result<AskedCode, ApiError> {
    let (engine, ctx) = context::request()?;
    let browser = context::cookie(BROWSER_COOKIE);
    let new = engine_code::ask(&engine, &ctx, browser.as_deref(), &context::agent()).await?;
    context::set_cookie(&format!(
        "{BROWSER_COOKIE}={}; Path=/; Max-Age=300; Secure; HttpOnly; SameSite=Lax",
        new.browser.as_str()
    ));
    let address = format!("{}/scan/{}", engine.workshop().apps.console_address(), new.code.as_str());
    Ok(AskedCode {
        code: new.code.as_str().to_owned(),
        qr: Qr::of(&address),
        local: address.contains("localhost"),
        good_for_ms: engine_code::LIFE_MS,
    })
}

/// How far a code of this browser is. Open to everybody.
#[server(endpoint = "session/code_state", input = GetUrl, output = Json, client = Asking)]
pub async fn session_code_state(
    /// The code.
    code: String,
) -> Result<CodeState, ApiError> {
    let (engine, ctx) = context::request()?;
    let browser = context::cookie(BROWSER_COOKIE).unwrap_or_default();
    Ok(engine_code::state(&engine, &ctx, &code, &browser).await?)
}

/// Takes a confirmed code of this browser; answers where to go on. Open to everybody.
#[server(endpoint = "session/take_code", output = Json)]
pub async fn session_take_code(
    /// The code.
    code: String,
    /// Where to go on.
    next: String,
) -> Result<String, ApiError> {
    let (engine, ctx) = context::request()?;
    let browser = context::cookie(BROWSER_COOKIE).unwrap_or_default();
    let token = engine_code::take(&engine, &ctx, &code, &browser, &context::agent()).await?;
    context::set_session(&token);
    Ok(super::session::own_path(&next))
}

/// Who asks, from where: for the phone.
#[server(endpoint = "session/who_asks", input = GetUrl, output = Json, client = Asking)]
pub async fn session_who_asks(
    /// The code.
    code: String,
) -> Result<WhoAsks, ApiError> {
    let (engine, ctx) = context::request()?;
    Ok(engine_code::who_asks(&engine, &ctx, &code).await?)
}

/// The phone confirms or refuses.
#[server(endpoint = "session/decide_code", output = Json)]
pub async fn session_decide_code(
    /// The code.
    code: String,
    /// Confirms.
    confirmed: bool,
) -> Result<(), ApiError> {
    let (engine, ctx) = context::request()?;
    let decided = engine_code::decide(&engine, &ctx, &code, confirmed).await;
    // Whatever was sent as a code is no header yet.
    let page = super::session::own_path(&format!("/scan/{code}"));
    context::finish(decided, &format!("{page}?done={confirmed}"), &page)
}
