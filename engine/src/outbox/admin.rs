//! 通知, for the system administrator: how the carriers do, what was given up, and sending it again.

use super::message::Message;
use super::store;
use crate::Engine;
use crate::audit::{self, Event};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::keyset::{Page, Window};
use crate::record;
use crate::store::StoreResult;
use domain::query::DeadLetterQuery;
use domain::view::outbox::{Carrier, CarrierState, DeadLetter, OutboxPage};
use domain::{Role, UtcMillis, words};
use serde_json::json;
use uuid::Uuid;

/// How the carriers do, and a page of what was given up.
///
/// # Errors
/// [`Error::NotSignedIn`], [`Error::Forbidden`]; the store fails.
pub async fn overview(engine: &Engine, ctx: &Ctx, query: DeadLetterQuery) -> Result<OutboxPage> {
    ctx.with_role(&[Role::SystemAdministrator])?;
    let mut conn = engine.db().reader().await?;
    let carriers = &engine.workshop().carriers;
    let state = |(carrier, waiting, dead)| {
        let host = carriers.host(carrier).map(str::to_owned);
        CarrierState { carrier, host, waiting, dead }
    };
    let carriers = store::counts(&mut conn).await?.into_iter().map(state).collect();
    let window = Window::new(query.from, DeadLetterQuery::ROWS);
    let rows = store::dead(&mut conn, window.part(), window.limit()).await?;
    let Page { rows, newer, older } = window.page(rows, |row| row.key);
    let dead = rows.into_iter().map(letter).collect::<StoreResult<_>>()?;
    Ok(OutboxPage { carriers, dead, newer, older, now: ctx.now })
}

/// Sends one that was given up again.
///
/// # Errors
/// As [`overview`]; [`Error::NotFound`]: it is not among them, perhaps not any more.
pub async fn resend(engine: &Engine, ctx: &Ctx, id: Uuid) -> Result<()> {
    record::admitted(engine, ctx, &[Role::SystemAdministrator], "outbox.resend", ("outbox", id)).await?;
    let resent = engine.db().write(ctx.clone(), move |conn, ctx| {
        Box::pin(async move {
            let there = store::resend(conn, id, ctx.now).await?;
            if there {
                audit::append(conn, &ctx, &Event::done("outbox.resend", "outbox", id.to_string())).await?;
            }
            Ok(there)
        })
    });
    if !resent.await? {
        return Err(Error::NotFound);
    }
    engine.bell().ring();
    Ok(())
}

/// Sends all that were given up again.
///
/// # Errors
/// As [`overview`].
pub async fn resend_all(engine: &Engine, ctx: &Ctx) -> Result<()> {
    let object = ("outbox", Uuid::nil());
    record::admitted(engine, ctx, &[Role::SystemAdministrator], "outbox.resend_all", object).await?;
    // What no carrier takes stays where it is seen.
    let carriers: Vec<Carrier> = engine.workshop().carriers.configured().collect();
    let resent = engine.db().write((ctx.clone(), carriers), |conn, s| {
        Box::pin(async move {
            let (ctx, carriers) = &*s;
            let mut many = 0;
            for carrier in carriers {
                many += store::resend_all(conn, *carrier, ctx.now).await?;
            }
            if many > 0 {
                let detail = json!({ "messages": many });
                let event = Event { detail, ..Event::done("outbox.resend_all", "outbox", "all") };
                audit::append(conn, ctx, &event).await?;
            }
            Ok(())
        })
    });
    resent.await?;
    engine.bell().ring();
    Ok(())
}

fn letter(row: store::Dead) -> StoreResult<DeadLetter> {
    let carrier = row.carrier()?;
    let message = Message::of_json(&row.body);
    let names = message.as_ref().map(|message| message.people.join("、")).unwrap_or_default();
    let to = match row.address {
        Some(address) => format!("{names} {address}"),
        None => format!("{}（{names}）", words::carrier(carrier)),
    };
    Ok(DeadLetter {
        id: row.id,
        carrier,
        to,
        title: message.map(|message| message.title).unwrap_or_default(),
        at: UtcMillis(row.created_at),
        attempts: row.attempts,
        error: row.last_error.unwrap_or_default(),
    })
}
