//! API 令牌: their own CI acts in a developer's name, for one publication, as far as the token's scopes go. A token is 256 bits, shown once;
//! its SHA-256 is stored. Start at [`resolve`].

#[cfg(test)]
mod tests;

use crate::Engine;
use crate::access;
use crate::audit::{self, Event};
use crate::ctx::{Ctx, SignedIn};
use crate::error::{Error, Result};
use crate::identity::session;
use crate::live::Happened;
use crate::record;
use crate::store::api_token::{self as store, NewToken};
use crate::store::{Conn, person};
use domain::api_token::{ApiScope, MOST};
use domain::dashboard::DAY_MS;
use domain::fields::{FieldErrors, FieldId, TokenDraft, validate_token};
use domain::view::api_token::{ApiTokenRow, NewApiToken};
use domain::{PersonId, PublicationId, Role, RoleSet, UtcMillis};
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

/// What every token begins with, so that people and scanners of secrets know one.
pub const PREFIX: &str = "irs_";

/// Use is noted at most so often. Milliseconds.
const TOUCH_EVERY_MS: i64 = 60 * 1000;

/// Who a token speaks for.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// Its owner, as a developer and nothing else.
    pub signed_in: Arc<SignedIn>,
    /// The one publication.
    pub publication: PublicationId,
    scopes: Vec<ApiScope>,
}

impl Bearer {
    /// Whether the token permits it.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn may(&self, scope: ApiScope) -> Result<()> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Error::Forbidden) }
    }
}

/// Who this token speaks for: `None` when it is unknown, over or revoked, or the account is disabled or no developer's. Notes the use.
///
/// # Errors
/// The store fails.
pub async fn resolve(engine: &Engine, token: &str, now: UtcMillis) -> Result<Option<Bearer>> {
    let Some((_, hash)) = token.strip_prefix(PREFIX).and_then(session::token) else { return Ok(None) };
    let mut conn = engine.db().reader().await?;
    let Some(used) = store::by_hash(&mut conn, &hash, now).await? else { return Ok(None) };
    let person = PersonId(used.person_id);
    let is_developer = person::roles(&mut conn, person).await?.has(Role::Developer);
    drop(conn);
    if !is_developer {
        return Ok(None);
    }
    if used.used_at.is_none_or(|at| now.0 - at >= TOUCH_EVERY_MS) {
        let touch = engine.db().write((used.id, now), |conn, s| Box::pin(store::touch(conn, s.0, s.1)));
        // A note that can't be written is no reason to turn a machine away.
        if let Err(error) = touch.await {
            tracing::error!(error = %error, "the use of an API token could not be noted");
        }
    }
    let (scopes, publication) = (used.scopes()?, PublicationId(used.publication_id));
    let roles = RoleSet::of(&[Role::Developer]);
    let api_token = Some(used.id);
    let signed_in = Arc::new(SignedIn { person, name: used.person_name, roles, session: hash, api_token });
    Ok(Some(Bearer { signed_in, publication, scopes }))
}

/// Notes in the audit log that a token lacked the scope for what was asked; what comes on and on is counted there
/// ([`audit::note_refusal`]).
///
/// # Errors
/// The store fails.
pub async fn note_refusal(engine: &Engine, ctx: &Ctx, publication: PublicationId, scope: ApiScope) -> Result<()> {
    let event = Event {
        detail: json!({ "why": "forbidden", "scope": scope }),
        ..Event::refused("api_token.use", "publication", publication.0.to_string())
    };
    Ok(audit::note_refusal(engine, ctx, "api_token.use", event).await?)
}

/// The publication's name, and the person's own tokens of it that hold, newest first.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx, publication: PublicationId) -> Result<(String, Vec<ApiTokenRow>)> {
    let person = ctx.with_role(&[Role::Developer])?.person;
    let mut conn = engine.db().reader().await?;
    let name = theirs(&mut conn, ctx, publication).await?;
    Ok((name, store::of_person(&mut conn, person.0, publication.0, ctx.now).await?))
}

/// Makes a token. It is in this answer and nowhere else.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`], [`Error::Invalid`]: the form, or there are too many; the store fails.
pub async fn create(engine: &Engine, ctx: &Ctx, publication: PublicationId, draft: &TokenDraft) -> Result<NewApiToken> {
    let outcome = created(engine, ctx, publication, draft).await;
    record::noted(engine, ctx, "api_token.create", ("publication", publication.0), outcome).await
}

async fn created(engine: &Engine, ctx: &Ctx, publication: PublicationId, draft: &TokenDraft) -> Result<NewApiToken> {
    let person = ctx.with_role(&[Role::Developer])?.person;
    let mut conn = engine.db().reader().await?;
    theirs(&mut conn, ctx, publication).await?;
    let valid = validate_token(draft).map_err(Error::Invalid)?;
    if store::of_person(&mut conn, person.0, publication.0, ctx.now).await?.len() >= MOST {
        let mut errors = FieldErrors::new();
        errors.add(FieldId::TokenName, format!("这个应用的令牌最多 {MOST} 个，请先吊销不用的"));
        return Err(Error::Invalid(errors));
    }
    drop(conn);
    let (digits, hash) = session::new_token(engine);
    let row = ApiTokenRow {
        id: engine.entropy().id(ctx.now),
        name: valid.name,
        scopes: valid.scopes.into_iter().collect(),
        created_at: ctx.now,
        expires_at: UtcMillis(ctx.now.0 + i64::from(valid.days) * DAY_MS),
        used_at: None,
    };
    let event = Event {
        detail: json!({ "token": row.id, "subject": row.name, "scopes": row.scopes, "expires_at": row.expires_at }),
        ..Event::done("api_token.create", "publication", publication.0.to_string())
    };
    let new = NewToken { row: row.clone(), hash, person: person.0, publication: publication.0 };
    let write = engine.db().write((ctx.clone(), new, event), |conn, s| {
        Box::pin(async move {
            store::insert(conn, &s.1).await?;
            audit::append(conn, &s.0, &s.2).await
        })
    });
    engine.tell(Happened { seq: write.await?, publication, order: None, switched: false });
    Ok(NewApiToken { row, token: format!("{PREFIX}{}", digits.as_str()) })
}

/// 吊销: it holds no longer, from the next request on.
///
/// # Errors
/// [`Error::Forbidden`]; [`Error::NotFound`]: they have no such token; the store fails.
pub async fn revoke(engine: &Engine, ctx: &Ctx, id: Uuid) -> Result<()> {
    let outcome = revoked(engine, ctx, id).await;
    record::noted(engine, ctx, "api_token.revoke", ("api_token", id), outcome).await
}

async fn revoked(engine: &Engine, ctx: &Ctx, id: Uuid) -> Result<()> {
    let person = ctx.with_role(&[Role::Developer])?.person;
    let write = engine.db().write(ctx.clone(), move |conn, ctx| {
        Box::pin(async move {
            let Some((name, publication)) = store::revoke(conn, id, person.0, ctx.now).await? else { return Ok(None) };
            let event = Event {
                detail: json!({ "token": id, "subject": name }),
                ..Event::done("api_token.revoke", "publication", publication.to_string())
            };
            Ok(Some((audit::append(conn, &ctx, &event).await?, publication)))
        })
    });
    let (seq, publication) = write.await?.ok_or(Error::NotFound)?;
    engine.tell(Happened { seq, publication: PublicationId(publication), order: None, switched: false });
    Ok(())
}

/// Only a contact's own CI; answers the publication's name.
async fn theirs(conn: &mut Conn, ctx: &Ctx, publication: PublicationId) -> Result<String> {
    let granted = access::publication(conn, ctx, publication).await?;
    if granted.actor.relation.contact { Ok(granted.of.row.name) } else { Err(Error::NotFound) }
}
