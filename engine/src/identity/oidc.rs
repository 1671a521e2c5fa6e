//! Sign-in by OpenID Connect: code flow with PKCE and nonce (identity.md, Sign-in).
//!
//! A person is (issuer, subject), never what else a provider says of them. Who comes for the first time waits for the system
//! administrator ([`crate::account::waiting`]), unless the site's rule knows the account. Start at [`leave`], then [`come_back`].

use super::outside::{self, NotIn, Way, short};
use super::session::{self, Token};
use super::sign_in::{admit, entering, note_proved, note_refusal};
use crate::Engine;
use crate::audit::Event;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::outside::{Maps, Oidc, Rule};
use crate::publication::ENV;
use crate::store::oidc::{self as store, Identity};
use crate::store::person::{self, Person};
use crate::store::person_kept::{self, Shut};
use ::oidc::{Claims, Tokens};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::UtcMillis;
use domain::text::mask_numbers;
use domain::view::oidc::OidcRefusal;
use ring::hmac;
use serde_json::{Value, json};

pub use super::outside::Leaving;

/// Where the provider sends browsers back to, below the product's address.
pub const CALLBACK: &str = "/oidc/callback";

/// Who waits is forgotten so long after they last came. Milliseconds.
pub(crate) const WAITING_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Who wait at the same time, at most.
pub(crate) const WAITING_MOST: i64 = 200;

/// Longest name that is kept, in characters.
const NAME_MOST: usize = 60;

/// What a browser came back with, as it is in the address.
#[derive(Clone, Copy)]
pub struct Back<'a> {
    /// It left with it.
    pub state: &'a str,
    /// To be exchanged; empty if there is an error.
    pub code: &'a str,
    /// Why there is no code; empty if there is one.
    pub error: &'a str,
    /// Who sends it back, if they say so (RFC 9207).
    pub issuer: &'a str,
}

/// Where a browser goes to sign in, and the secret that it keeps, which is `browser` if it has one; `next` is the page of ours to go
/// on to.
///
/// # Errors
/// [`Error::NotFound`]: the site has no provider; [`Error::Oidc`]; [`Error::TooOften`]; the store fails.
pub async fn leave(engine: &Engine, ctx: &Ctx, browser: Option<&str>, next: String) -> Result<Leaving> {
    let oidc = configured(engine)?;
    let (state, browser) = outside::leave(engine, ctx, Way::Oidc, browser, next).await?;
    let secrets = Secrets::of(state.as_str(), browser.as_str());
    let (redirect_uri, now) = (redirect_uri(engine), ctx.now.0);
    match oidc.client().leave(&secrets.leaving(&redirect_uri, state.as_str()), now).await {
        Ok(address) => Ok(Leaving { address, browser }),
        Err(error) => refuse(engine, ctx, String::new(), asked(&error)).await,
    }
}

/// The browser is back: signs it in, and answers where it goes on. `browser` is its secret.
///
/// # Errors
/// [`Error::NotFound`]: the site has no provider; [`Error::Oidc`]; the store fails.
pub async fn come_back(
    engine: &Engine,
    ctx: &Ctx,
    back: Back<'_>,
    browser: &str,
    agent: &str,
) -> Result<(Token, String)> {
    let oidc = configured(engine)?;
    // Used up before anything else is done with it.
    let Some(next) = outside::end(engine, ctx, Way::Oidc, back.state, browser).await? else {
        return refuse(engine, ctx, String::new(), OidcRefusal::Over).await;
    };
    if !back.issuer.is_empty() && back.issuer != oidc.issuer() {
        return refuse(engine, ctx, String::new(), OidcRefusal::Unproved).await;
    }
    match back.error {
        "" => {}
        "access_denied" => return refuse(engine, ctx, String::new(), OidcRefusal::Cancelled).await,
        "temporarily_unavailable" | "server_error" => {
            return refuse(engine, ctx, String::new(), OidcRefusal::Away).await;
        }
        other => {
            tracing::warn!(error = ::oidc::word(other), "the OpenID provider refuses the sign-in");
            return refuse(engine, ctx, String::new(), OidcRefusal::Refused).await;
        }
    }
    let Some(code) = short(back.code) else { return refuse(engine, ctx, String::new(), OidcRefusal::Over).await };
    match identified(engine, ctx, oidc, back.state, browser, code).await {
        Ok((claims, tokens)) => Ok((let_in(engine, ctx, oidc, claims, &tokens, agent).await?, next)),
        Err(error) => refuse(engine, ctx, String::new(), asked(&error)).await,
    }
}

fn configured(engine: &Engine) -> Result<&Oidc> {
    engine.workshop().oidc.as_ref().ok_or(Error::NotFound)
}

fn redirect_uri(engine: &Engine) -> String {
    format!("{}{CALLBACK}", engine.workshop().apps.console_address())
}

/// What only this browser on this way can say: made from its cookie's secret, kept nowhere (docs/decisions/0004-oidc.md).
struct Secrets {
    nonce: String,
    verifier: String,
}

impl Secrets {
    fn of(state: &str, browser: &str) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, browser.as_bytes());
        let of = |what: &str| URL_SAFE_NO_PAD.encode(hmac::sign(&key, format!("oidc {what} {state}").as_bytes()));
        Self { nonce: of("nonce"), verifier: of("verifier") }
    }

    fn leaving<'a>(&'a self, redirect_uri: &'a str, state: &'a str) -> ::oidc::Leaving<'a> {
        ::oidc::Leaving { redirect_uri, state, nonce: &self.nonce, verifier: &self.verifier }
    }
}

async fn identified(
    engine: &Engine,
    ctx: &Ctx,
    oidc: &Oidc,
    state: &str,
    browser: &str,
    code: &str,
) -> std::result::Result<(Claims, Tokens), ::oidc::Error> {
    let (secrets, redirect_uri) = (Secrets::of(state, browser), redirect_uri(engine));
    let tokens = oidc.client().exchange(code, &secrets.leaving(&redirect_uri, state), ctx.now.0).await?;
    let claims = oidc.client().proved(&tokens, &secrets.nonce, ctx.now.0).await?;
    Ok((claims, tokens))
}

/// What the person is told; the cause is for the log.
fn asked(error: &::oidc::Error) -> OidcRefusal {
    tracing::warn!(error = %error, "the OpenID provider did not say who signs in");
    match error {
        ::oidc::Error::Code => OidcRefusal::Over,
        ::oidc::Error::Token(_) => OidcRefusal::Unproved,
        ::oidc::Error::Refused(..) => OidcRefusal::Refused,
        _ => OidcRefusal::Away,
    }
}

async fn let_in(
    engine: &Engine,
    ctx: &Ctx,
    oidc: &Oidc,
    claims: Claims,
    tokens: &Tokens,
    agent: &str,
) -> Result<Token> {
    let linked = store::person(&mut engine.db().reader().await?, oidc.issuer(), &claims.subject).await?;
    let Some(id) = linked else { return first_time(engine, ctx, oidc, claims, tokens, agent).await };
    let mut conn = engine.db().reader().await?;
    let person = person::by_id(&mut conn, id).await?.ok_or(Error::NotFound)?;
    drop(conn);
    let account = person.account.clone();
    let counted = counted_as(oidc.issuer(), &claims.subject);
    let link = Some((oidc.issuer().to_owned(), claims.subject));
    match outside::enter(engine, ctx, person, agent, "oidc", link).await? {
        Ok(token) => Ok(token),
        Err(why) => refuse_known(engine, ctx, counted, account, not_in(why)).await,
    }
}

fn not_in(why: NotIn) -> OidcRefusal {
    match why {
        NotIn::Shut(Shut::Administrator) => OidcRefusal::Administrator,
        NotIn::Shut(Shut::Stopped) => OidcRefusal::Stopped,
        NotIn::Unlinked => OidcRefusal::Over,
    }
}

async fn first_time(
    engine: &Engine,
    ctx: &Ctx,
    oidc: &Oidc,
    claims: Claims,
    tokens: &Tokens,
    agent: &str,
) -> Result<Token> {
    let wanted = match oidc.rule() {
        Some(rule) => vec!["name", rule.claim.as_str()],
        None => vec!["name"],
    };
    let counted = counted_as(oidc.issuer(), &claims.subject);
    let claims = match oidc.client().complete(&claims, tokens, &wanted, ctx.now.0).await {
        Ok(complete) => complete,
        // Who it is has been proved; only the rule needs more than that.
        Err(error) if oidc.rule().is_none_or(|rule| claims.text(&rule.claim).is_some()) => {
            tracing::warn!(error = %error, "the OpenID provider did not say how the person is called");
            claims
        }
        Err(error) => return refuse_known(engine, ctx, counted, String::new(), asked(&error)).await,
    };
    let who = Identity {
        id: engine.entropy().id(ctx.now),
        issuer: oidc.issuer().to_owned(),
        subject: claims.subject.clone(),
        name: called(&claims),
        since: ctx.now.0,
    };
    let known = match oidc.rule() {
        Some(rule) => by_rule(engine, rule, &claims).await?,
        None => None,
    };
    let Some(person) = known else { return wait(engine, ctx, who).await };
    let account = person.account.clone();
    match link_and_enter(engine, ctx, &who, person, agent).await? {
        ByRule::In(token) => Ok(token),
        ByRule::Taken => wait(engine, ctx, who).await,
        ByRule::Not(why) => refuse_known(engine, ctx, counted, account, not_in(why)).await,
    }
}

/// What came of a rule.
enum ByRule {
    In(Token),
    /// The account has somebody of this provider's already. A number that the provider gives anew must not open what its owner
    /// before had.
    Taken,
    Not(NotIn),
}

/// For people to read: anybody may call themselves so.
fn called(claims: &Claims) -> String {
    let name = claims.text("name").or_else(|| claims.text("preferred_username")).unwrap_or_default();
    ENV.clean(&name).chars().filter(|letter| is_seen(*letter)).take(NAME_MOST).collect()
}

/// Neither a control character nor one that makes the others read otherwise: without width, or of direction.
fn is_seen(letter: char) -> bool {
    !letter.is_control()
        && !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The account that the rule names.
async fn by_rule(engine: &Engine, rule: &Rule, claims: &Claims) -> Result<Option<Person>> {
    let Some(value) = claims.text(&rule.claim) else { return Ok(None) };
    let mut conn = engine.db().reader().await?;
    Ok(match rule.maps {
        Maps::Account => person::by_account(&mut conn, &value.to_lowercase()).await?,
        Maps::DingTalk => match value.parse() {
            Ok(id) => person::by_dingtalk_id(&mut conn, id).await?,
            Err(_) => None,
        },
    })
}

async fn link_and_enter(engine: &Engine, ctx: &Ctx, who: &Identity, person: Person, agent: &str) -> Result<ByRule> {
    let id = person.person_id();
    let linked = Event {
        detail: said(who, &json!({ "by": "rule" })),
        person: Some((id, person.name.clone())),
        ..Event::done("account.link_sign_in", "person", id.0.to_string())
    };
    let (token, entering) = entering(engine, ctx, person, agent, json!({ "by": "oidc" }));
    let write = engine.db().write((who.clone(), linked, entering), move |conn, s| {
        Box::pin(async move {
            let (who, linked, entering) = &*s;
            if let Some(shut) = person_kept::hold_open(conn, id).await? {
                return Ok(Some(ByRule::Not(NotIn::Shut(shut))));
            }
            if store::count_linked(conn, &who.issuer, id).await? > 0 {
                return Ok(Some(ByRule::Taken));
            }
            // By another window, or by the administrator, with whomever.
            if store::person(conn, &who.issuer, &who.subject).await?.is_some() {
                return Ok(Some(ByRule::Not(NotIn::Unlinked)));
            }
            store::link(conn, who, id).await?;
            store::end_waiting(conn, &who.issuer, &who.subject).await?;
            admit(conn, entering, std::slice::from_ref(linked)).await?;
            Ok(None)
        })
    });
    if let Some(not) = write.await? {
        return Ok(not);
    }
    session::forget(engine, ctx);
    Ok(ByRule::In(token))
}

async fn wait<T>(engine: &Engine, ctx: &Ctx, who: Identity) -> Result<T> {
    let counted = counted_as(&who.issuer, &who.subject);
    let shown = format!("{} {}", who.name, mask_numbers(&who.subject)).trim().to_owned();
    let write = engine.db().write((who, ctx.now), |conn, s| {
        Box::pin(async move {
            let (who, now) = &*s;
            // Linked since they were looked for: nothing is left to wait for.
            if store::person(conn, &who.issuer, &who.subject).await?.is_some() {
                return Ok(OidcRefusal::Over);
            }
            let waits = OidcRefusal::Waits(code_of(&who.issuer, &who.subject));
            store::delete_stale(conn, UtcMillis(now.0 - WAITING_MS)).await?;
            if store::comes_again(conn, who).await? {
                return Ok(waits);
            }
            if store::count_waiting(conn).await? >= WAITING_MOST {
                return Ok(OidcRefusal::Full);
            }
            store::put_waiting(conn, who).await?;
            Ok(waits)
        })
    });
    let why = write.await?;
    refuse_known(engine, ctx, counted, mask_numbers(&shown), why).await
}

/// What the person and the administrator can compare: a name is anybody's choice. 24 bits.
pub(crate) fn code_of(issuer: &str, subject: &str) -> u32 {
    let hash = session::hash_of(&format!("{issuer}\n{subject}"));
    u32::from_be_bytes([0, hash[0], hash[1], hash[2]])
}

/// As whom they are counted when they are not let in.
fn counted_as(issuer: &str, subject: &str) -> [u8; 32] {
    session::hash_of(&format!("oidc\n{issuer}\n{subject}"))
}

/// For the audit log: whoever it is there, with numbers masked.
pub(crate) fn said(who: &Identity, more: &Value) -> Value {
    let mut said = json!({ "issuer": who.issuer, "oidc_subject": mask_numbers(&who.subject),
        "name": mask_numbers(&who.name) });
    if let (Some(said), Some(more)) = (said.as_object_mut(), more.as_object()) {
        said.extend(more.clone());
    }
    said
}

/// Nobody knows who it is: that costs nothing, and is counted.
async fn refuse<T>(engine: &Engine, ctx: &Ctx, called: String, why: OidcRefusal) -> Result<T> {
    note_refusal(engine, ctx, "oidc", called, json!({ "by": "oidc", "why": why.id() })).await?;
    Err(Error::Oidc(why))
}

/// The provider has said who it is: counted as that, whatever others from the same address did.
async fn refuse_known<T>(engine: &Engine, ctx: &Ctx, counted: [u8; 32], called: String, why: OidcRefusal) -> Result<T> {
    note_proved(engine, ctx, "oidc", counted, called, json!({ "by": "oidc", "why": why.id() })).await?;
    Err(Error::Oidc(why))
}
