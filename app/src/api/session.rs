//! Signing in and out, and who is signed in.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::password::PasswordPolicy;
use domain::view::home::Counts;
use domain::view::oidc::OidcRefusal;
use domain::view::person::{DemoPerson, Me, OutsideRefusal, SignInWays};
use leptos::server;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a browser leaves for 浙政钉.
pub const DINGTALK: &str = "/dingtalk/sign-in";

/// Where a browser leaves for the OpenID provider.
pub const OIDC: &str = "/oidc/login";

/// What every page's frame shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// Who is signed in, if anybody.
    pub me: Option<Me>,
    /// Whether this is a demo.
    pub demo: bool,
    /// The numbers beside rooms of the navigation.
    pub counts: Counts,
    /// The number of the newest change that the page shows: what comes after it is heard ([`crate::parts::live`]).
    pub heard: i64,
}

/// Who is signed in. Open to everybody.
#[server(endpoint = "session/current", input = GetUrl, output = Json, client = Asking)]
pub async fn session_current() -> Result<Current, ApiError> {
    let (engine, ctx) = super::context::request()?;
    let me = ctx.signed_in.as_ref().map(|who| Me { name: who.name.clone(), roles: who.roles.iter().collect() });
    let counts =
        if me.is_some() { engine::home::counts(&engine, &ctx).await.unwrap_or_default() } else { Counts::default() };
    Ok(Current { me, demo: engine.is_demo(), counts, heard: ctx.heard })
}

/// The people of a demo; empty where this is none. Open to everybody.
#[server(endpoint = "session/demo_people", input = GetUrl, output = Json, client = Asking)]
pub async fn session_demo_people() -> Result<Vec<DemoPerson>, ApiError> {
    let (engine, _) = super::context::request()?;
    Ok(engine::identity::sign_in::demo_people(&engine).await?)
}

/// By what people sign in here, beside account and password; and whether the browser brought what must be forgotten first. Open to
/// everybody.
#[server(endpoint = "session/ways", input = GetUrl, output = Json, client = Asking)]
pub async fn session_ways() -> Result<SignInWays, ApiError> {
    let (engine, _) = super::context::request()?;
    let oidc = engine.workshop().oidc.as_ref().map(|oidc| oidc.name().to_owned());
    let tossed = super::context::forget_tossed();
    Ok(SignInWays { dingtalk: engine.workshop().dingtalk.is_some(), oidc, tossed })
}

/// Signs in by account and password; answers where to go on: `next`, if it is a page of ours; or where an authenticator is bound first.
#[server(endpoint = "session/sign_in", output = Json)]
pub async fn session_sign_in(
    /// As typed.
    account: String,
    /// As typed.
    password: String,
    /// 动态验证码 or a recovery code, as typed; empty where no authenticator is bound.
    #[server(default)]
    code: String,
    /// Where to go on.
    next: String,
) -> Result<String, ApiError> {
    use super::context;
    use engine::identity::sign_in::{Credentials, Entered, by_password};
    let (engine, ctx) = context::request()?;
    let typed = Credentials { account: &account, password: &password, code: &code };
    let answer = by_password(&engine, &ctx, typed, &context::agent()).await;
    match answer.map_err(ApiError::from) {
        Ok(Entered::In(token)) => {
            context::set_session(&token);
            Ok(go_on(&next))
        }
        Ok(Entered::Binds(offer)) => {
            let page = super::authenticator::bind_page(offer.as_str(), &next);
            context::send_on(&page);
            Ok(page)
        }
        // Without scripts the page comes again, with what was typed; but for the password.
        Err(error) if context::is_plain_form() => {
            let typed = SignInQuery { account, next, problem: problem_code(&error) };
            leptos_axum::redirect(&typed.address());
            Ok(String::new())
        }
        Err(error) => Err(error),
    }
}

/// What a new password must be. Open to everybody.
#[server(endpoint = "session/password_policy", input = GetUrl, output = Json, client = Asking)]
pub async fn session_password_policy() -> Result<PasswordPolicy, ApiError> {
    let (engine, _) = super::context::request()?;
    Ok(engine::identity::policy::present(&engine).await?)
}

/// Another password, by who knows the present one; a plain form goes on to the sign-in page, or back.
#[server(endpoint = "session/change_password", output = Json)]
pub async fn session_change_password(
    /// As typed.
    account: String,
    /// The present one, as typed.
    password: String,
    /// 动态验证码 or a recovery code, as typed; empty where no authenticator is bound.
    #[server(default)]
    code: String,
    /// 新密码, as typed.
    new_password: String,
) -> Result<(), ApiError> {
    use super::context;
    use engine::identity::{password::change, sign_in::Credentials};
    let (engine, ctx) = context::request()?;
    let typed = Credentials { account: &account, password: &password, code: &code };
    let done = change(&engine, &ctx, typed, &new_password).await.map_err(ApiError::from);
    context::send_on(&match &done {
        Ok(()) => "/login?done=password".to_owned(),
        Err(error) => back_to("/password", error),
    });
    done
}

/// Signs a demo person in with one click.
#[server(endpoint = "session/sign_in_demo", output = Json)]
pub async fn session_sign_in_demo(
    /// One of the demo's people.
    account: String,
    /// Where to go on.
    next: String,
) -> Result<String, ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    let token = engine::identity::sign_in::by_demo_click(&engine, &ctx, &account, &context::agent()).await?;
    context::set_session(&token);
    Ok(go_on(&next))
}

/// Signs out; answers where to go on.
#[server(endpoint = "session/sign_out", output = Json)]
pub async fn session_sign_out() -> Result<String, ApiError> {
    use super::context;
    let (engine, ctx) = context::request()?;
    match engine::identity::session::end(&engine, &ctx).await {
        // The session was over already: that is what was asked for.
        Ok(()) | Err(engine::Error::NotSignedIn) => {}
        Err(error) => return Err(error.into()),
    }
    context::clear_session();
    context::send_on("/login");
    Ok("/login".to_owned())
}

/// A page of ours, never another site; and sends a plain form there.
#[cfg(feature = "ssr")]
fn go_on(next: &str) -> String {
    let path = own_path(next);
    super::context::send_on(&path);
    path
}

/// The path, if it is one of this site; else the first page. Only ASCII, as a header wants it.
pub fn own_path(next: &str) -> String {
    let inside = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    if inside && next.chars().all(|c| !c.is_control()) { ascii(next) } else { "/".to_owned() }
}

fn ascii(path: &str) -> String {
    let escape = |byte: u8| if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.bytes().map(escape).collect()
}

/// What the sign-in page finds in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignInQuery {
    /// Typed before.
    pub account: String,
    /// Where to go on.
    pub next: String,
    /// Why it did not work, as a code: a link from elsewhere can't put its words on our page.
    pub problem: String,
}

/// No wait is longer than an hour; an address that says so is not ours. Milliseconds.
const LONGEST_WAIT_MS: i64 = 3_600_000;

/// Of what 浙政钉 sends back, before its id.
const OUTSIDE: &str = "outside-";

/// Of what came of OpenID Connect, before its id.
const BY_OIDC: &str = "oidc-";

/// Of who waits, before the code.
const WAITS: &str = "oidc-waits-";

/// Of what failed, before the request's id.
const FAILED: &str = "failed-";

/// As ids of requests are written: neither words nor a telephone number.
fn is_request_id(id: &str) -> bool {
    id.len() == 36 && Uuid::try_parse(id).is_ok()
}

/// What went wrong, as a code of an address, of whichever page asks for a password; [`SignInQuery::error`] reads it.
#[cfg(any(feature = "ssr", test))]
pub(crate) fn problem_code(error: &ApiError) -> String {
    match error {
        ApiError::WrongCredentials => "credentials".to_owned(),
        ApiError::TooOften { wait_ms } => format!("wait-{wait_ms}"),
        ApiError::NotActivated => "not-activated".to_owned(),
        ApiError::PasswordOver => "password-over".to_owned(),
        ApiError::Demanded => "demanded".to_owned(),
        ApiError::Outside(refusal) => format!("{OUTSIDE}{}", refusal.id()),
        ApiError::Oidc(OidcRefusal::Waits(code)) => format!("{WAITS}{code:x}"),
        ApiError::Oidc(refusal) => format!("{BY_OIDC}{}", refusal.id()),
        ApiError::Away => "away".to_owned(),
        ApiError::DiskFull => "disk-full".to_owned(),
        ApiError::Internal { request_id } => format!("{FAILED}{request_id}"),
        _ => "busy".to_owned(),
    }
}

/// The page again, which says why a plain form came to nothing; not which rule what was typed breaks: that is a sentence, and no code.
#[cfg(feature = "ssr")]
pub(super) fn back_to(page: &str, error: &ApiError) -> String {
    let mark = if page.contains('?') { '&' } else { '?' };
    match error {
        ApiError::Invalid(_) => format!("{page}{mark}check=true"),
        error => format!("{page}{mark}problem={}", problem_code(error)),
    }
}

impl SignInQuery {
    /// Why it did not work; `None` for a code that is none of ours.
    pub fn error(&self) -> Option<ApiError> {
        match self.problem.as_str() {
            "credentials" => Some(ApiError::WrongCredentials),
            "busy" => Some(ApiError::Busy),
            "away" => Some(ApiError::Away),
            "disk-full" => Some(ApiError::DiskFull),
            "not-activated" => Some(ApiError::NotActivated),
            "password-over" => Some(ApiError::PasswordOver),
            "demanded" => Some(ApiError::Demanded),
            other if other.starts_with(OUTSIDE) => {
                let id = other.strip_prefix(OUTSIDE)?;
                OutsideRefusal::ALL.into_iter().find(|refusal| refusal.id() == id).map(ApiError::Outside)
            }
            other if other.starts_with(WAITS) => {
                let code = u32::from_str_radix(other.strip_prefix(WAITS)?, 16).ok().filter(|code| *code < 1 << 24)?;
                Some(ApiError::Oidc(OidcRefusal::Waits(code)))
            }
            other if other.starts_with(BY_OIDC) => {
                let id = other.strip_prefix(BY_OIDC)?;
                OidcRefusal::ALL.into_iter().find(|refusal| refusal.id() == id).map(ApiError::Oidc)
            }
            other if other.starts_with(FAILED) => {
                let request_id = other.strip_prefix(FAILED).filter(|id| is_request_id(id))?.to_owned();
                Some(ApiError::Internal { request_id })
            }
            other => {
                let wait_ms = other.strip_prefix("wait-")?.parse().ok().filter(|ms| (1..=LONGEST_WAIT_MS).contains(ms));
                wait_ms.map(|wait_ms| ApiError::TooOften { wait_ms })
            }
        }
    }

    /// The page's address after a sign-in that came to nothing.
    #[cfg(feature = "ssr")]
    pub fn after(error: &ApiError, next: &str) -> String {
        Self { account: String::new(), next: next.to_owned(), problem: problem_code(error) }.address()
    }

    /// The page's address with all of it.
    pub fn address(&self) -> String {
        let parts = [("account", &self.account), ("next", &self.next), ("problem", &self.problem)];
        let given = parts.iter().filter(|(_, value)| !value.is_empty());
        let query: Vec<String> = given.map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        if query.is_empty() { "/login".to_owned() } else { format!("/login?{}", query.join("&")) }
    }
}

/// Percent-encoding of all but letters, digits and what a path has.
pub(crate) fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::{ApiError, OidcRefusal, OutsideRefusal, SignInQuery, own_path, problem_code};

    #[test]
    fn only_pages_of_this_site_are_gone_on_to() {
        for path in ["/", "/systems?q=%E5%85%AC", "/a/b#c"] {
            assert_eq!(own_path(path), path);
        }
        assert_eq!(own_path("/systems?q=公 a"), "/systems?q=%E5%85%AC%20a");
        for elsewhere in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/x"]
        {
            assert_eq!(own_path(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn the_address_of_the_page_carries_what_was_typed() {
        let typed = SignInQuery { account: "李 &".to_owned(), next: "/systems".to_owned(), problem: String::new() };
        assert_eq!(typed.address(), "/login?account=%E6%9D%8E%20%26&next=/systems");
        assert_eq!(SignInQuery::default().address(), "/login");
    }

    #[test]
    fn a_problem_survives_the_address_and_strange_words_do_not() {
        let waits = ApiError::TooOften { wait_ms: 60_000 };
        let outside = OutsideRefusal::ALL.map(ApiError::Outside);
        let oidc = OidcRefusal::ALL.map(ApiError::Oidc);
        for error in outside.into_iter().chain(oidc).chain([
            ApiError::WrongCredentials,
            ApiError::Busy,
            ApiError::Away,
            ApiError::NotActivated,
            ApiError::PasswordOver,
            ApiError::Demanded,
            ApiError::DiskFull,
            ApiError::Internal { request_id: "019acd00-0000-7000-8000-00000000beef".to_owned() },
            waits,
        ]) {
            let query = SignInQuery { problem: problem_code(&error), ..SignInQuery::default() };
            assert_eq!(query.error(), Some(error));
        }
        for wait in ["wait-0", "wait--1", "wait-9223372036854775807"] {
            assert_eq!(SignInQuery { problem: wait.to_owned(), ..SignInQuery::default() }.error(), None, "{wait}");
        }
        for strange in ["outside-请拨打 400", "请拨打 400", "failed-请拨打 400", "failed-400-820-8820", "failed-"]
        {
            assert_eq!(
                SignInQuery { problem: strange.to_owned(), ..SignInQuery::default() }.error(),
                None,
                "{strange}"
            );
        }
    }
}
