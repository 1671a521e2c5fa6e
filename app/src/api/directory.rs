//! The channels' directories. Open to everybody.

use super::ApiError;
use domain::fields::Audience;
use domain::view::directory::DirectoryPage;
use domain::{Channel, RegionCode};
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// A page of what is live in the channel. Every address in it is whole.
#[server(endpoint = "directory/entries", input = GetUrl)]
pub async fn directory_entries(
    /// Which.
    channel: Channel,
    /// At exactly this site.
    site: Option<RegionCode>,
    /// For this kind of user; 个人和法人 is both.
    audience: Option<Audience>,
    /// The key of the row before the page; the first page without it.
    after: Option<i64>,
) -> Result<DirectoryPage, ApiError> {
    use super::context;
    let (engine, _) = context::request()?;
    let page = engine::directory::entries(&engine, channel, site, audience, after).await?;
    Ok(page.with_addresses(|label| engine.workshop().apps.address(label)))
}

/// The page of a channel's directory.
pub const fn directory_path(channel: Channel) -> &'static str {
    match channel {
        Channel::ZheliApp => "/channels/zheli_app",
        Channel::ServiceWeb => "/channels/service_web",
        Channel::Zhezhengding => "/channels/zhezhengding",
    }
}
