//! The JSON feed of a channel's directory: the interface from which the real channels pull (lifecycle.md, Channels).

use crate::icon::failed;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::RegionCode;
use domain::fields::Audience;
use domain::view::directory::{Address, DirectoryEntry, DirectoryOf, DirectoryPage};
use engine::{Ctx, Engine, directory};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// `?site=330100&audience=person&after=17`.
#[derive(Deserialize)]
pub(crate) struct Asked {
    site: Option<String>,
    audience: Option<String>,
    after: Option<i64>,
}

/// One page. Who has it already, by its ETag, is told so.
pub(crate) async fn get(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(channel): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(channel) = DirectoryOf::from_id(&channel) else { return StatusCode::NOT_FOUND.into_response() };
    // A filter that is none must not answer as if there were no filter.
    let Ok((site, audience)) = filters(&asked) else { return StatusCode::BAD_REQUEST.into_response() };
    match directory::entries(&engine, channel, site, audience, asked.after).await {
        Ok(page) => {
            let page = page.with_addresses(site, |label| engine.workshop().apps.address(label));
            answer(&feed(page, channel), &headers)
        }
        Err(error) => failed(error, &ctx),
    }
}

fn filters(asked: &Asked) -> Result<(Option<RegionCode>, Option<Audience>), ()> {
    let site = asked.site.as_deref().map(|code| RegionCode::parse(code).ok_or(())).transpose()?;
    let audience = asked.audience.as_deref().map(|id| Audience::from_id(id).ok_or(())).transpose()?;
    Ok((site, audience))
}

#[derive(Serialize)]
struct Feed {
    /// Its id: a word, or the UUID of a further channel.
    channel: String,
    entries: Vec<Entry>,
    /// For `?after=`; not there on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<i64>,
}

#[derive(Serialize)]
struct Entry {
    service_id: String,
    name: String,
    intro: String,
    /// A path on this server.
    icon: String,
    audience: Audience,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pc_url: Option<String>,
}

fn feed(page: DirectoryPage, channel: DirectoryOf) -> Feed {
    let next = page.next;
    let whole = |address: Address| match address {
        Address::Hosted(address) | Address::Url(address) => address,
    };
    let entry = |entry: DirectoryEntry| Entry {
        service_id: entry.service_id,
        name: entry.name,
        intro: entry.intro,
        icon: format!("/icon/{}", entry.icon),
        audience: entry.audience,
        mobile_url: entry.mobile.map(whole),
        pc_url: entry.pc.map(whole),
    };
    Feed { channel: channel.id(), entries: page.entries.into_iter().map(entry).collect(), next }
}

fn answer(feed: &Feed, asked: &HeaderMap) -> Response {
    let Ok(body) = serde_json::to_vec(feed) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let hash: String = Sha256::digest(&body).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let etag = format!("\"{hash}\"");
    let headers = [
        (ETAG, HeaderValue::from_str(&etag).unwrap_or_else(|_| HeaderValue::from_static("\"\""))),
        (CACHE_CONTROL, HeaderValue::from_static("public, no-cache")),
    ];
    if has_it(asked, &etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

fn has_it(asked: &HeaderMap, etag: &str) -> bool {
    let named = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = named.flat_map(|tags| tags.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|tag| tag == etag || tag == "*")
}
