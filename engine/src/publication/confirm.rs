//! 联系人待确认: contacts whose number moved from the account that had it; staff say whether it is the same vendor (lifecycle.md,
//! Registration fields, 开发商联系方式).

use crate::Engine;
use crate::access;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::live::Happened;
use crate::record;
use crate::store::{publication as store, workbench};
use domain::text::mask_phone;
use domain::{PublicationId, Role};
use serde_json::json;

/// The suspended contacts have access again: whoever holds their numbers now.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`] (also: not one of its administrators), [`Error::NotFound`]; the store fails.
pub async fn confirm_contacts(engine: &Engine, ctx: &Ctx, id: PublicationId) -> Result<()> {
    let outcome = contacts_confirmed(engine, ctx, id).await;
    record::noted(engine, ctx, "publication.confirm_contacts", ("publication", id.0), outcome).await
}

async fn contacts_confirmed(engine: &Engine, ctx: &Ctx, id: PublicationId) -> Result<()> {
    ctx.with_role(&[Role::Staff])?;
    let mut conn = engine.db().reader().await?;
    let granted = access::publication(&mut conn, ctx, id).await?;
    if !granted.actor.relation.administers {
        return Err(Error::Forbidden);
    }
    let suspended = store::suspended(&mut conn, id.0).await?;
    drop(conn);
    if suspended.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = suspended.iter().map(|(name, mobile)| format!("{name} {}", mask_phone(mobile))).collect();
    let event = Event {
        detail: json!({ "people": named }),
        ..Event::done("publication.confirm_contacts", "publication", id.0.to_string())
    };
    let what = (ctx.clone(), id.0, granted.of.row.version, suspended, event);
    let write = engine.db().write(what, |conn, s| {
        Box::pin(async move {
            let (ctx, publication, seen, suspended, event) = &*s;
            workbench::touch(conn, *publication, *seen, ctx.now).await?;
            for (_, mobile) in suspended {
                store::confirm(conn, *publication, mobile).await?;
            }
            audit::append(conn, ctx, event).await
        })
    });
    let seq = write.await?;
    engine.tell(Happened { seq, publication: id, order: None, switched: false });
    Ok(())
}
