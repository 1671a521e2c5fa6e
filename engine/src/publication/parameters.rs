//! 运行参数, the values for test (packages.md, One package for test and live). Those for live are of the registration.

use crate::Engine;
use crate::access;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::live::Happened;
use crate::record;
use crate::store::workbench;
use domain::fields::{TestDraft, validate_test_parameters};
use domain::{PublicationId, Role};
use serde_json::json;

/// Saves the values for test: its previews have them with the next request.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`] (also: not one of its developers), [`Error::NotFound`] (also: it is not hosted),
/// [`Error::Invalid`]; the store fails.
pub async fn save_test_parameters(engine: &Engine, ctx: &Ctx, id: PublicationId, typed: &TestDraft) -> Result<()> {
    let outcome = saved(engine, ctx, id, typed).await;
    record::noted(engine, ctx, "publication.save_test_parameters", ("publication", id.0), outcome).await
}

async fn saved(engine: &Engine, ctx: &Ctx, id: PublicationId, typed: &TestDraft) -> Result<()> {
    ctx.with_role(&[Role::Developer])?;
    let granted = access::publication(&mut engine.db().reader().await?, ctx, id).await?;
    if !granted.actor.relation.contact {
        return Err(Error::Forbidden);
    }
    if !granted.facts.hosted {
        return Err(Error::NotFound);
    }
    let after = validate_test_parameters(&typed.parameters).map_err(Error::Invalid)?;
    let before = access::parameters_of(&granted.of.test_parameters)?;
    if after == before {
        return Ok(());
    }
    let event = Event {
        detail: json!({ "before": before, "after": after }),
        ..Event::done("publication.save_test_parameters", "publication", id.0.to_string())
    };
    let what = (ctx.clone(), id.0, granted.of.row.version, json!(after).to_string(), event);
    let write = engine.db().write(what, |conn, s| {
        Box::pin(async move {
            let (ctx, publication, seen, after, event) = &*s;
            workbench::touch(conn, *publication, *seen, ctx.now).await?;
            workbench::set_test_parameters(conn, *publication, after).await?;
            audit::append(conn, ctx, event).await
        })
    });
    let seq = write.await?;
    engine.tell(Happened { seq, publication: id, order: None, switched: true });
    Ok(())
}
