//! The first start: one link, printed in the terminal alone, with which the three administrators are named (identity.md, First start).
//!
//! Nobody has a default password: each of the three gets an activation link of their own. Start at [`link`].

use super::activation;
use super::session::{self, Token};
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::account as store;
use crate::store::person::{self, Person};
use crate::store::{Conn, StoreResult};
use domain::fields::{FieldErrors, FieldId, FirstStartDraft, ValidAccount, validate_first_start};
use domain::view::person::NewAdministrator;
use domain::{PersonId, UtcMillis, words};
use serde_json::json;
use std::sync::Arc;

/// The link is good for so long. Milliseconds.
pub const LIFE_MS: i64 = 30 * 60 * 1000;

/// Whether nobody is here yet, and no demo either.
///
/// # Errors
/// The store fails.
pub async fn is_awaited(engine: &Engine) -> Result<bool> {
    Ok(!engine.is_demo() && !store::has_administrator(&mut engine.db().reader().await?).await?)
}

/// A new link's address, in place of the last; `None`: there are administrators, or this is a demo.
///
/// # Errors
/// The store fails.
pub async fn link(engine: &Engine) -> Result<Option<String>> {
    if !is_awaited(engine).await? {
        return Ok(None);
    }
    let (code, hash) = session::new_token(engine);
    let now = engine.now();
    engine
        .db()
        .write((), move |conn, _| Box::pin(async move { store::put_first_start(conn, &hash, now).await }))
        .await?;
    let console = engine.workshop().apps.console_address();
    Ok(Some(format!("{console}/setup?code={}", code.as_str())))
}

/// New activation links, in place of the last: of the administrators who never activated, or of this one, who has lost what they sign
/// in with. For whoever has the server's terminal.
///
/// # Errors
/// The store fails.
pub async fn new_links(engine: &Engine, account: Option<&str>) -> Result<Vec<(String, String)>> {
    let found = store::administrators(&mut engine.db().reader().await?, account).await?;
    let ctx = Ctx::of_the_clock(engine.now(), "init");
    let mut links = Vec::new();
    for (id, account) in found {
        let (token, stored) = activation::new(engine);
        let event = Event::done("account.new_link", "person", id.to_string());
        let put = engine.db().write((ctx.clone(), event), move |conn, s| {
            Box::pin(async move {
                store::put_activation(conn, PersonId(id), stored, s.0.now).await?;
                audit::append(conn, &s.0, &s.1).await
            })
        });
        put.await?;
        links.push((account, activation::link(engine, &token)));
    }
    Ok(links)
}

/// Whether the link is good.
///
/// # Errors
/// [`Error::LinkOver`]: it is not, or not any more; the store fails.
pub async fn look(engine: &Engine, ctx: &Ctx, code: &str) -> Result<()> {
    let hash = session::hash_of(code);
    let good = store::is_first_start(&mut engine.db().reader().await?, &hash, made_after(ctx)).await?;
    if good { Ok(()) } else { Err(Error::LinkOver) }
}

/// Names the three administrators and uses the link; answers the links with which each chooses a password.
///
/// # Errors
/// [`Error::LinkOver`], [`Error::Invalid`]; the store fails.
pub async fn create(engine: &Engine, ctx: &Ctx, code: &str, draft: &FirstStartDraft) -> Result<Vec<NewAdministrator>> {
    look(engine, ctx, code).await?;
    let valid = validate_first_start(draft).map_err(Error::Invalid)?;
    let mut errors = FieldErrors::new();
    for (at, one) in valid.iter().enumerate() {
        if person::by_account(&mut engine.db().reader().await?, &one.account).await?.is_some() {
            errors.add_item(FieldId::Account, at, format!("{}：账号已被使用，请换一个", words::role(one.role)));
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let people: Vec<New> = valid.into_iter().zip(0..).map(|(valid, at)| New::of(engine, ctx, valid, at)).collect();
    let made = people.iter().map(|new| new.shown(engine)).collect();
    let write = engine.db().write((ctx.clone(), people), {
        let hash = session::hash_of(code);
        move |conn, plan| Box::pin(named(conn, hash, plan))
    });
    if write.await? { Ok(made) } else { Err(Error::LinkOver) }
}

/// Somebody with the link of their activation.
struct New {
    row: Person,
    of: ValidAccount,
    token: Token,
    stored: ([u8; 32], [u8; 32]),
}

impl New {
    /// `at`: one after the other, so that lists keep this order.
    fn of(engine: &Engine, ctx: &Ctx, of: ValidAccount, at: i64) -> Self {
        let (token, stored) = activation::new(engine);
        let row = Person {
            id: engine.entropy().id(ctx.now),
            account: of.account.clone(),
            name: of.name.clone(),
            department_id: None,
            mobile: None,
            active: true,
            created_at: ctx.now.0 + at,
            password_hash: None,
            password_set_at: None,
            totp_secret: None,
            totp_step: 0,
            email: None,
            dingtalk_id: None,
        };
        Self { row, of, token, stored }
    }

    fn shown(&self, engine: &Engine) -> NewAdministrator {
        let ValidAccount { name, account, role } = self.of.clone();
        NewAdministrator { role, name, account, link: activation::link(engine, &self.token) }
    }
}

/// Whether the link was still to be used. Two at once: the second finds it gone.
async fn named(conn: &mut Conn, hash: [u8; 32], plan: Arc<(Ctx, Vec<New>)>) -> StoreResult<bool> {
    let (ctx, people) = &*plan;
    if store::has_administrator(conn).await? || !store::take_first_start(conn, &hash, made_after(ctx)).await? {
        return Ok(false);
    }
    for new in people {
        person::insert(conn, &new.row).await?;
        person::insert_role(conn, new.row.person_id(), new.of.role, "").await?;
        store::put_activation(conn, new.row.person_id(), new.stored, ctx.now).await?;
    }
    let accounts: Vec<_> = people.iter().map(|new| json!({ "role": new.of.role, "account": new.of.account })).collect();
    let event =
        Event { detail: json!({ "people": accounts }), ..Event::done("installation.first_start", "installation", "1") };
    audit::append(conn, ctx, &event).await?;
    Ok(true)
}

fn made_after(ctx: &Ctx) -> UtcMillis {
    UtcMillis(ctx.now.0 - LIFE_MS)
}
