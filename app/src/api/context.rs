//! What a server function finds around it: the engine, who asks, and the answer's status and cookies.

use super::ApiError;
use crate::parts::more::{detail_page, page_of};
use crate::parts::numbers::telling;
use axum::http::header::{ACCEPT, COOKIE, HOST, SET_COOKIE, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use domain::fields::url::split_port;
use domain::view::publication::Numbers;
use domain::{Action, PublicationId};
use engine::identity::session::Token;
use engine::publication::Done;
use engine::{Ctx, Engine};
use leptos::prelude::{provide_context, use_context};
use leptos_axum::ResponseOptions;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The session's cookie: this host alone, never over plain http, never for scripts.
pub const SESSION_COOKIE: &str = "__Host-session";

/// Asks a browser to forget what it keeps of a site.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Domains that are named, at most: the longest names have so many labels.
const DOMAINS_MOST: usize = 8;

/// Set when a server function was forbidden: of a form that was posted without scripts the answer does not tell, it is a redirect.
#[derive(Clone, Debug, Default)]
pub struct Forbade(Arc<AtomicBool>);

impl Forbade {
    /// Whether it was.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The request's function was forbidden.
pub(crate) fn set_forbade() {
    if let Some(forbade) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Forbade>().cloned()) {
        forbade.0.store(true, Ordering::Relaxed);
    }
}

/// Hands the engine to the server functions and pages of one request.
pub fn provide(engine: Engine) {
    provide_context(engine);
}

/// The engine and the context of the request.
///
/// # Errors
/// [`ApiError::Internal`] where there is none: a page was rendered outside a request.
pub(crate) fn request() -> Result<(Engine, Ctx), ApiError> {
    let ctx = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Ctx>().cloned());
    use_context::<Engine>().zip(ctx).ok_or_else(|| ApiError::Internal { request_id: String::new() })
}

/// The name the browser gives itself.
pub(crate) fn agent() -> String {
    header(&USER_AGENT).unwrap_or_default()
}

/// Whether a form was posted without scripts: the answer is a page then, not data.
pub(crate) fn is_plain_form() -> bool {
    header(&ACCEPT).is_some_and(|accept| accept.contains("text/html")) && is_server_function()
}

/// Sends a plain form on to a page; scripts do that by themselves.
pub(crate) fn send_on(path: &str) {
    if is_plain_form() {
        leptos_axum::redirect(path);
    }
}

/// Sends a plain form on to `on` when it was done, else to `back`, which says from the rules why not.
pub(crate) fn finish<T>(done: engine::Result<T>, on: &str, back: &str) -> Result<(), ApiError> {
    send_on(if done.is_ok() { on } else { back });
    done.map(|_| ()).map_err(ApiError::from)
}

/// The same after an action on a publication: on to its page, or back to the page of the action.
pub(crate) fn acted(done: engine::Result<Done>, id: PublicationId, action: Action) -> Result<(), ApiError> {
    changed(done, id, action).map(|_| ())
}

/// As [`acted`], of a form with contacts: the page says if their numbers could not be asked for.
pub(crate) fn changed(done: engine::Result<Done>, id: PublicationId, action: Action) -> Result<Numbers, ApiError> {
    let numbers = done.as_ref().map_or(Numbers::Asked, |done| done.numbers);
    let on = telling(&detail_page(id), numbers);
    let back = page_of(id, action).map_or_else(|| on.clone(), |page| format!("{page}?check=true"));
    finish(done, &on, &back).map(|()| numbers)
}

/// Sends a plain form to the page of an action.
pub(crate) fn send_to_page_of(id: PublicationId, action: Action) {
    send_on(&page_of(id, action).unwrap_or_else(|| detail_page(id)));
}

/// The session's cookie, whole, with this token.
pub fn session_cookie(token: &Token) -> String {
    format!("{SESSION_COOKIE}={}; Path=/; Secure; HttpOnly; SameSite=Lax", token.as_str())
}

/// Gives the browser its session.
pub(crate) fn set_session(token: &Token) {
    set_cookie(&session_cookie(token));
}

/// Takes it away.
pub(crate) fn clear_session() {
    set_cookie(&format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"));
}

/// The framework answers every error with 500, and a page with 200: this says what it is. Not for a plain form, whose answer
/// is a redirect.
pub(crate) fn set_status(status: StatusCode) {
    if let (false, Some(response)) = (is_plain_form(), use_context::<ResponseOptions>()) {
        response.set_status(status);
    }
}

/// The value of a cookie, whichever header it is in. Of one that came twice with different values neither counts: one of them may have
/// been put there by another host of this domain, for a browser that knows nothing of `__Host-`.
pub fn cookie_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = values_of(headers, name);
    let first = values.next()?;
    values.all(|value| value == first).then(|| std::str::from_utf8(first).ok()).flatten()
}

/// All values of a cookie.
fn values_of<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h [u8]> {
    // By bytes: one of another host's with letters of any kind must not hide the others.
    let pairs = headers.get_all(COOKIE).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(move |pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="))
}

/// Whether a cookie came twice with different values: somebody else put one of them there.
pub fn is_tossed(headers: &HeaderMap, name: &str) -> bool {
    values_of(headers, name).next().is_some() && cookie_of(headers, name).is_none()
}

/// Whether the browser brought two sessions. The answer then asks it to forget both, and whatever else is there for this site: nobody
/// can tell which of them is whose.
pub(crate) fn forget_tossed() -> bool {
    let Some(parts) = use_context::<Parts>().filter(|parts| is_tossed(&parts.headers, SESSION_COOKIE)) else {
        return false;
    };
    clear_session();
    for domain in domains(&host_of(&parts)) {
        set_cookie(&format!("{SESSION_COOKIE}=; Domain={domain}; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"));
    }
    if let Some(response) = use_context::<ResponseOptions>() {
        // Also what lies below another path, or has letters that no header of ours can name. Of browsers that know it.
        response.insert_header(CLEAR_SITE_DATA, HeaderValue::from_static("\"cookies\""));
    }
    true
}

/// The host that the browser asked, without its port.
fn host_of(parts: &Parts) -> String {
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok()).or_else(|| parts.uri.host());
    split_port(host.unwrap_or_default()).0.to_ascii_lowercase()
}

/// The host and the domains above it, but for the last label: who may have set a cookie for it. None of an address.
fn domains(host: &str) -> Vec<&str> {
    let letters = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    if !letters || host.rsplit('.').next().is_none_or(|last| last.bytes().all(|byte| byte.is_ascii_digit())) {
        return Vec::new();
    }
    let above = std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, above)| above));
    above.filter(|name| name.contains('.')).take(DOMAINS_MOST).collect()
}

/// The value of a cookie of the request.
pub(crate) fn cookie(name: &str) -> Option<String> {
    use_context::<Parts>().and_then(|parts| cookie_of(&parts.headers, name).map(str::to_owned))
}

/// Gives the browser a cookie.
pub(crate) fn set_cookie(cookie: &str) {
    if let (Ok(value), Some(response)) = (HeaderValue::from_str(cookie), use_context::<ResponseOptions>()) {
        response.append_header(SET_COOKIE, value);
    }
}

fn is_server_function() -> bool {
    use_context::<Parts>().is_some_and(|parts| parts.uri.path().starts_with("/api/"))
}

fn header(name: &HeaderName) -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// An address; of a hosted application, of which the engine knows the host's label alone, the whole of it.
pub fn whole_address(engine: &Engine, address: String) -> String {
    let is_label = !address.is_empty() && !address.contains("://");
    if is_label { engine.workshop().apps.address(&address) } else { address }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(cookies: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for cookie in cookies {
            headers.append(COOKIE, HeaderValue::from_bytes(cookie.as_bytes()).unwrap());
        }
        cookie_of(&headers, SESSION_COOKIE).map(str::to_owned)
    }

    #[test]
    fn who_may_have_set_a_cookie_for_a_host_is_it_and_what_is_above_it() {
        assert_eq!(domains("fabu.hz.gov.cn"), ["fabu.hz.gov.cn", "hz.gov.cn", "gov.cn"]);
        for none in ["localhost", "127.0.0.1", "[::1]", "", "a b.cn", "a.cn\r\nX: y"] {
            assert!(domains(none).is_empty(), "{none}");
        }
        assert_eq!(domains(&format!("{}a", "a.".repeat(40))).len(), DOMAINS_MOST);
    }

    #[test]
    fn a_cookie_of_ours_that_somebody_else_set_as_well_takes_no_session_over() {
        assert_eq!(sent(&["a=b; __Host-session=ours; c=d"]).as_deref(), Some("ours"));
        assert_eq!(sent(&["__Host-session=ours", "__Host-session=ours"]).as_deref(), Some("ours"));
        for tossed in ["__Host-session=theirs; __Host-session=ours", "__Host-session=ours; a=b; __Host-session=theirs"]
        {
            assert_eq!(sent(&[tossed]), None, "{tossed}");
        }
        assert_eq!(sent(&["__Host-session=ours", "__Host-session=theirs"]), None);
        assert_eq!(sent(&["name=张三; __Host-session=ours"]).as_deref(), Some("ours"), "letters of another host's");
        for another in ["__host-session=theirs", "session=theirs", "__Host-session2=theirs", "x__Host-session=theirs"] {
            assert_eq!(sent(&[another]), None, "{another}");
            assert_eq!(sent(&[another, "__Host-session=ours"]).as_deref(), Some("ours"), "{another}");
        }
    }
}
