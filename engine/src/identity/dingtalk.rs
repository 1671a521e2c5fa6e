//! 浙政钉登录: on the desk by redirect, inside the app without a page (identity.md, Sign-in).
//!
//! A browser leaves with a state that is bound to it by a secret of its own, and comes back once with a code; the gateway says whose
//! it is, and the account that is linked with that id is signed in. Start at [`leave`], then [`come_back`]; inside the app
//! [`by_auth_code`].

use super::outside::{self, NotIn, Way, short};
use super::session::{self, Token};
use super::sign_in::{note_proved, note_refusal};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::outside::DingTalk;
use crate::store::person;
use crate::store::person_kept::Shut;
use dingtalk::Who;
use domain::view::person::OutsideRefusal;
use serde_json::json;

pub use super::outside::{LIFE_MS, Leaving};

/// Where the gateway sends browsers back to, below the product's address.
pub const CALLBACK: &str = "/dingtalk/callback";

/// Where a browser goes to sign in, and the secret that it keeps, which is `browser` if it has one; `next` is the page of ours to go
/// on to.
///
/// # Errors
/// [`Error::NotFound`]: the site has no 浙政钉; [`Error::TooOften`]; the store fails.
pub async fn leave(engine: &Engine, ctx: &Ctx, browser: Option<&str>, next: String) -> Result<Leaving> {
    let dingtalk = configured(engine)?;
    let (state, browser) = outside::leave(engine, ctx, Way::DingTalk, browser, next).await?;
    let back = format!("{}{CALLBACK}", engine.workshop().apps.console_address());
    Ok(Leaving { address: dingtalk.client().sign_in_page(&back, state.as_str()), browser })
}

/// The browser is back: signs it in, and answers where it goes on. `browser` is its secret.
///
/// # Errors
/// [`Error::NotFound`]: the site has no 浙政钉; [`Error::Outside`]; the store fails.
pub async fn come_back(
    engine: &Engine,
    ctx: &Ctx,
    state: &str,
    browser: &str,
    code: &str,
    agent: &str,
) -> Result<(Token, String)> {
    let dingtalk = configured(engine)?;
    // Used up before anything else is done with it.
    let Some(next) = outside::end(engine, ctx, Way::DingTalk, state, browser).await? else {
        return refuse(engine, ctx, String::new(), OutsideRefusal::Over).await;
    };
    let who = match short(code) {
        Some(code) => asked(dingtalk.client().by_code(code).await),
        None => Err(OutsideRefusal::Over),
    };
    let who = match who {
        Ok(who) => who,
        Err(why) => return refuse(engine, ctx, String::new(), why).await,
    };
    Ok((let_in(engine, ctx, dingtalk, &who, agent, "dingtalk").await?, next))
}

/// Signs in inside the app, by the code that the app gives a page.
///
/// # Errors
/// As [`come_back`].
pub async fn by_auth_code(engine: &Engine, ctx: &Ctx, auth_code: &str, agent: &str) -> Result<Token> {
    let dingtalk = configured(engine)?;
    let who = match short(auth_code) {
        Some(code) => asked(dingtalk.client().by_auth_code(code).await),
        None => Err(OutsideRefusal::Over),
    };
    let who = match who {
        Ok(who) => who,
        Err(why) => return refuse(engine, ctx, String::new(), why).await,
    };
    let_in(engine, ctx, dingtalk, &who, agent, "dingtalk_app").await
}

fn configured(engine: &Engine) -> Result<&DingTalk> {
    engine.workshop().dingtalk.as_ref().ok_or(Error::NotFound)
}

/// Who it is; a refusal is the code's fault, all else the gateway's.
fn asked(answer: std::result::Result<Who, dingtalk::Error>) -> std::result::Result<Who, OutsideRefusal> {
    answer.map_err(|error| {
        tracing::warn!(error = %error, "浙政钉 did not say who signs in");
        let over = matches!(&error, dingtalk::Error::Refused(refusal) if refusal.by == dingtalk::By::Service);
        if over && !error.is_retryable() { OutsideRefusal::Over } else { OutsideRefusal::Away }
    })
}

async fn let_in(
    engine: &Engine,
    ctx: &Ctx,
    dingtalk: &DingTalk,
    who: &Who,
    agent: &str,
    by: &'static str,
) -> Result<Token> {
    let called = format!("浙政钉 {}", who.account_id);
    if who.tenant_id != Some(dingtalk.tenant()) {
        return refuse_known(engine, ctx, who, called, OutsideRefusal::OtherTenant).await;
    }
    let found = person::by_dingtalk_id(&mut engine.db().reader().await?, who.account_id).await?;
    let Some(person) = found else { return refuse_known(engine, ctx, who, called, OutsideRefusal::Unknown).await };
    let account = person.account.clone();
    match outside::enter(engine, ctx, person, agent, by, None).await? {
        Ok(token) => Ok(token),
        Err(NotIn::Shut(Shut::Administrator)) => {
            refuse_known(engine, ctx, who, account, OutsideRefusal::Administrator).await
        }
        Err(_) => refuse_known(engine, ctx, who, called, OutsideRefusal::Unknown).await,
    }
}

/// Nobody knows who it is: that costs nothing, and is counted.
async fn refuse<T>(engine: &Engine, ctx: &Ctx, called: String, why: OutsideRefusal) -> Result<T> {
    note_refusal(engine, ctx, "dingtalk", called, json!({ "by": "dingtalk", "why": why.id() })).await?;
    Err(Error::Outside(why))
}

/// The gateway has said who it is: counted as that, whatever others from the same address did.
async fn refuse_known<T>(engine: &Engine, ctx: &Ctx, who: &Who, called: String, why: OutsideRefusal) -> Result<T> {
    let tenant = who.tenant_id.unwrap_or_default();
    let counted = session::hash_of(&format!("dingtalk\n{tenant}\n{}", who.account_id));
    note_proved(engine, ctx, "dingtalk", counted, called, json!({ "by": "dingtalk", "why": why.id() })).await?;
    Err(Error::Outside(why))
}
