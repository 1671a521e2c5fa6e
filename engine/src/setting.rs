//! 系统设置: what the server was told at its start, for the system administrator. Secrets never come here: the server leaves them out.

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::place::machine;
use domain::Role;
use domain::view::setting::SettingPage;

/// The settings of this server, as they are in force.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`].
pub fn list(engine: &Engine, ctx: &Ctx) -> Result<SettingPage> {
    ctx.with_role(&[Role::SystemAdministrator])?;
    let place = engine.workshop().place.as_ref();
    let file = place.and_then(|place| place.file.as_ref()).map(|file| file.display().to_string());
    let settings = place.map(|place| place.settings.clone()).unwrap_or_default();
    Ok(SettingPage { server: machine(), started_at: engine.started_at(), file, settings })
}
