//! One file as HTTP says it: encodings, ETags, ranges, how long it holds.

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE, RANGE, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use engine::hosting::manifest::{Resolved, is_hashed};
use engine::hosting::{self, Site};
use engine::{Engine, Error};
use std::ops::Range;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_FIRST: HeaderValue = HeaderValue::from_static("no-cache");

/// What a request says of the answer that it wants.
#[derive(Default)]
pub(super) struct Conditions {
    br: bool,
    gzip: bool,
    none_match: String,
    range: Option<String>,
    if_range: Option<String>,
}

impl Conditions {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name: &HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let accepts = text(&ACCEPT_ENCODING).unwrap_or_default();
        Self {
            br: accepts_encoding(&accepts, "br"),
            gzip: accepts_encoding(&accepts, "gzip"),
            none_match: text(&IF_NONE_MATCH).unwrap_or_default(),
            range: text(&RANGE),
            if_range: text(&IF_RANGE),
        }
    }
}

/// The answer for a file.
///
/// # Errors
/// The files fail, or lack what the manifest names.
pub(super) async fn file(
    engine: &Engine,
    file: Resolved<'_>,
    wanted: &Conditions,
    head: bool,
) -> Result<Response, Error> {
    let entry = file.entry;
    // A range is one of the plain content.
    let variant = match wanted.range {
        Some(_) => None,
        None => entry.br.as_ref().filter(|_| wanted.br).map(|v| (v, "br")),
    };
    let variant = variant.or_else(|| {
        let plain = wanted.range.is_some();
        entry.gzip.as_ref().filter(|_| wanted.gzip && !plain).map(|v| (v, "gzip"))
    });
    let (sha256, size) = variant.map_or((&entry.sha256, entry.size), |(v, _)| (&v.sha256, v.size));
    let etag = format!("\"{sha256}\"");
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    set(headers, ETAG, &etag);
    let for_ever = !file.fallback && !entry.mime.starts_with("text/html") && is_hashed(file.path);
    headers.insert(CACHE_CONTROL, if for_ever { FOR_EVER } else { ASK_FIRST });
    if entry.br.is_some() || entry.gzip.is_some() {
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    if matches(&wanted.none_match, &etag) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return Ok(response);
    }
    set(headers, CONTENT_TYPE, &entry.mime);
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some((_, encoding)) = variant {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    if entry.mime == "application/octet-stream" {
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment"));
    }
    let still = wanted.if_range.as_ref().is_none_or(|tag| *tag == etag);
    let range = match wanted.range.as_deref().filter(|_| still).map(|range| parse_range(range, size)) {
        None | Some(Asked::Whole) => None,
        Some(Asked::Part(range)) => Some(range),
        Some(Asked::Nowhere) => {
            set(headers, CONTENT_RANGE, &format!("bytes */{size}"));
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            return Ok(response);
        }
    };
    let length = range.as_ref().map_or(size, |range| range.end - range.start);
    set(headers, CONTENT_LENGTH, &length.to_string());
    if let Some(range) = &range {
        set(headers, CONTENT_RANGE, &format!("bytes {}-{}/{size}", range.start, range.end - 1));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    if !head {
        *response.body_mut() = body(engine, sha256, size, range).await?;
    }
    Ok(response)
}

/// `/app-env.js`.
pub(super) fn environment(site: &Site) -> Response {
    let mut response = Response::new(Body::from(site.environment.clone()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(CACHE_CONTROL, ASK_FIRST);
    set(headers, CONTENT_LENGTH, &site.environment.len().to_string());
    response
}

/// What is on every answer.
pub(super) fn harden(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
}

async fn body(engine: &Engine, sha256: &str, size: u64, range: Option<Range<u64>>) -> Result<Body, Error> {
    if let Some(bytes) = hosting::content(engine, sha256, size).await? {
        let cut = range.and_then(|r| Some(usize::try_from(r.start).ok()?..usize::try_from(r.end).ok()?));
        return Ok(Body::from(cut.filter(|cut| cut.end <= bytes.len()).map_or(bytes.clone(), |cut| bytes.slice(cut))));
    }
    match hosting::stream(engine, sha256, range).await? {
        Some(pieces) => Ok(Body::from_stream(pieces)),
        None => Err(Error::Work(format!("the blob {sha256} is not kept"))),
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn accepts_encoding(accepts: &str, encoding: &str) -> bool {
    accepts.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let refused = parts.any(|p| p.strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q == 0.0)));
        named && !refused
    })
}

fn matches(none_match: &str, etag: &str) -> bool {
    none_match.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
}

enum Asked {
    /// No range that we know: the whole is a right answer.
    Whole,
    Part(Range<u64>),
    Nowhere,
}

/// One range of bytes; several of them get the whole.
fn parse_range(text: &str, size: u64) -> Asked {
    let Some(range) = text.strip_prefix("bytes=").filter(|range| !range.contains(',')) else { return Asked::Whole };
    let Some((from, to)) = range.trim().split_once('-') else { return Asked::Whole };
    let asked = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(size),
        (Ok(from), Err(_)) if to.is_empty() => from..size,
        (Err(_), Ok(last)) if from.is_empty() => size.saturating_sub(last)..size,
        _ => return Asked::Whole,
    };
    if asked.start < asked.end { Asked::Part(asked) } else { Asked::Nowhere }
}
