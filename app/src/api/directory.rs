//! The channels' directories. Open to everybody.

use super::ApiError;
use crate::api::asking::Asking;
use crate::api::json::Json;
use domain::RegionCode;
use domain::fields::Audience;
use domain::view::directory::{DirectoryOf, DirectoryPage};
use leptos::server;
use leptos::server_fn::codec::GetUrl;

/// A page of what is live in the channel, with the list of all channels. Every address in it is whole.
#[server(endpoint = "directory/entries", input = GetUrl, output = Json, client = Asking)]
pub async fn directory_entries(
    /// Which channel's.
    of: DirectoryOf,
    /// At exactly this site.
    site: Option<RegionCode>,
    /// For this kind of user; 个人和法人 is both.
    audience: Option<Audience>,
    /// The key of the row before the page; the first page without it.
    after: Option<i64>,
) -> Result<DirectoryPage, ApiError> {
    use super::context;
    let (engine, _) = context::request()?;
    let page = engine::directory::entries(&engine, of, site, audience, after).await?;
    Ok(page.with_addresses(site, |label| engine.workshop().apps.address(label)))
}

/// The page of a channel's directory.
pub fn directory_path(of: DirectoryOf) -> String {
    format!("/channels/{}", of.id())
}
