//! Demo data: people of every role, departments, application systems, further channels, the stock list. Written once, in one transaction.

mod people;
mod stock;
mod systems;

use crate::Engine;
use crate::error::{Error, Result};
use crate::store::{Conn, StoreError, StoreResult, further_channel, installation};
use std::sync::Arc;

/// The password of every demo account, for trying the sign-in by password. A real site has none (identity.md).
pub(crate) const PASSWORD: &str = "yanshi-Demo-2026";

/// 渠道申请 may ask for these.
const FURTHER_CHANNELS: [&str; 3] = ["支付宝小程序", "微信小程序", "自助终端"];

/// Seeds a fresh database of a demo. A demo and a site for real use never open each other's database: the demo's accounts have a
/// password that everybody knows.
///
/// # Errors
/// [`Error::OtherInstallation`].
pub(crate) async fn prepare(engine: &Engine) -> Result<()> {
    let kind = installation::kind(&mut engine.db().reader().await?).await?;
    match (engine.is_demo(), kind.as_deref()) {
        (true, None) => seed(engine).await,
        (true, Some("demo")) => Ok(()),
        (true, Some(_)) => Err(Error::OtherInstallation { found: "real", remedy: "without --demo" }),
        (false, Some("demo")) => Err(Error::OtherInstallation { found: "demo", remedy: "with --demo" }),
        (false, None) => mark_as_real(engine).await,
        (false, Some(_)) => Ok(()),
    }
}

/// From now on no demo is seeded here.
async fn mark_as_real(engine: &Engine) -> Result<()> {
    let mark = engine
        .db()
        .write(engine.now(), |conn, now| Box::pin(async move { installation::insert(conn, "real", *now).await }));
    match mark.await {
        // Another process was as fast.
        Err(StoreError::Unique(_)) => Ok(()),
        other => Ok(other?),
    }
}

async fn seed(engine: &Engine) -> Result<()> {
    let plan = Plan {
        engine: engine.clone(),
        password_hash: engine.hashing().hash(engine.hashing().place()?, PASSWORD.to_owned()).await?,
    };
    engine.db().write(plan, |conn, plan| Box::pin(write(conn, plan))).await?;
    Ok(())
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
    systems::write(conn, &plan, &departments, &people).await?;
    stock::write(conn, &plan, &departments).await?;
    let now = plan.engine.now();
    for name in FURTHER_CHANNELS {
        further_channel::insert(conn, plan.engine.entropy().id(now), name, now).await?;
    }
    Ok(())
}
