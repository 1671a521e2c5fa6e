//! 系统设置: what the server was told at its start, for the system administrator. Secrets never come here: the server leaves them out.

use crate::Engine;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::limit;
use crate::place::machine;
use domain::view::setting::{SettingPage, SettingValue, Source};
use domain::{Role, words};

/// The settings of this server, as they are in force.
///
/// # Errors
/// [`crate::Error::NotSignedIn`], [`crate::Error::Forbidden`]; the store fails.
pub async fn list(engine: &Engine, ctx: &Ctx) -> Result<SettingPage> {
    ctx.with_role(&[Role::SystemAdministrator])?;
    let place = engine.workshop().place.as_ref();
    let file = place.and_then(|place| place.file.as_ref()).map(|file| file.display().to_string());
    let settings = place.map(|place| place.settings.clone()).unwrap_or_default();
    let (mut settings, set) = (settings, limit::set_here(engine, &mut engine.db().reader().await?).await?);
    for (limit, value) in set {
        if let Some(setting) = settings.iter_mut().find(|setting| setting.name == limit.id()) {
            setting.value = SettingValue::Text(format!("{value} {}", words::limit_unit(limit)));
            setting.source = Source::Screen;
        }
    }
    Ok(SettingPage { server: machine(), started_at: engine.started_at(), file, settings })
}
