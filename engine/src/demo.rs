//! Demo data: people of every role, departments, application systems. Written once, in one transaction.

mod people;
mod systems;

use crate::Engine;
use crate::error::{Error, Result};
use crate::store::{Conn, StoreResult, installation};
use std::sync::Arc;

/// The password of every demo account, for trying the sign-in by password. A real site has none (identity.md).
pub(crate) const PASSWORD: &str = "yanshi-Demo-2026";

/// Seeds a fresh database; leaves one alone that was seeded before.
///
/// # Errors
/// [`Error::OtherInstallation`] when it was initialised for real.
pub(crate) async fn seed(engine: &Engine) -> Result<()> {
    match installation::kind(&mut engine.db().reader().await?).await?.as_deref() {
        Some("demo") => return Ok(()),
        Some(_) => return Err(Error::OtherInstallation { found: "real", remedy: "without --demo" }),
        None => {}
    }
    let plan = Plan { engine: engine.clone(), password_hash: engine.hashing().hash(PASSWORD.to_owned()).await? };
    engine.db().write(plan, |conn, plan| Box::pin(write(conn, plan))).await?;
    Ok(())
}

/// The demo's accounts have a password that everybody knows: a server for real use must not open them.
///
/// # Errors
/// [`Error::OtherInstallation`] on a demo's database.
pub(crate) async fn refuse_demo_database(engine: &Engine) -> Result<()> {
    match installation::kind(&mut engine.db().reader().await?).await?.as_deref() {
        Some("demo") => Err(Error::OtherInstallation { found: "demo", remedy: "with --demo" }),
        _ => Ok(()),
    }
}

/// What the seeding needs.
struct Plan {
    engine: Engine,
    password_hash: String,
}

async fn write(conn: &mut Conn, plan: Arc<Plan>) -> StoreResult<()> {
    installation::insert(conn, "demo", plan.engine.now()).await?;
    let departments = people::write_departments(conn, &plan).await?;
    let people = people::write(conn, &plan, &departments).await?;
    systems::write(conn, &plan, &departments, &people).await
}
