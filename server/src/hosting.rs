//! The hosts of applications: `<label>.<apps domain>` (packages.md, Hosting; design.md, Security).
//!
//! What is served is hostile: another origin than ours, no cookies, fixed types, a policy of its own. Start at [`dispatch`].

mod answer;
mod pages;

use answer::Conditions;
use app::api::context::cookie_of;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, SET_COOKIE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::RegionCode;
use engine::Engine;
use engine::hosting::{self, Found, REPORT_MOST, ReportOutcome, Site};
use tower::ServiceExt;

/// How long a report may take to arrive: it is a few hundred bytes.
const REPORT_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// A browser that asks for a service worker says so: they would outlive a switch, and are refused.
const SERVICE_WORKER: HeaderName = HeaderName::from_static("service-worker");

/// Hands requests for an application's host to [`serve`], all others to what is ours: the host is another world.
pub(crate) async fn dispatch(State((engine, ours)): State<(Engine, Router)>, request: Request) -> Response {
    match engine.workshop().apps.label(host_of(&request)).map(str::to_owned) {
        Some(label) => serve(&engine, &label, request).await,
        None => ours.oneshot(request).await.into_response(),
    }
}

/// As the client asked for it; empty: it did not say.
pub(crate) fn host_of<B>(request: &axum::http::Request<B>) -> &str {
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    header.or_else(|| request.uri().authority().map(|authority| authority.as_str())).unwrap_or_default()
}

/// The site from which a visitor came, remembered by this host alone: while a version goes live site by site, what a page loads is of the
/// page's version.
const SITE_COOKIE: &str = "__Host-site";

/// `?site=` of the channel, else what the cookie remembers; and the cookie, if it is to be set.
fn site_of(request: &Request) -> (Option<RegionCode>, Option<HeaderValue>) {
    let mut pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let named = pairs.find(|(name, _)| *name == "site").and_then(|(_, code)| RegionCode::parse(code));
    let known = cookie_of(request.headers(), SITE_COOKIE).and_then(RegionCode::parse);
    let to_set = named.filter(|named| known != Some(*named));
    let cookie =
        to_set.map(|site| format!("{SITE_COOKIE}={site}; Path=/; Max-Age=31536000; Secure; HttpOnly; SameSite=Lax"));
    (named.or(known), cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()))
}

async fn serve(engine: &Engine, label: &str, request: Request) -> Response {
    let (at, cookie) = site_of(&request);
    let head = *request.method() == Method::HEAD;
    let mut response = answer_at(engine, label, at, request).await;
    if head {
        *response.body_mut() = Body::empty();
    }
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

async fn answer_at(engine: &Engine, label: &str, at: Option<RegionCode>, request: Request) -> Response {
    let found = match hosting::find(engine, label, at).await {
        Ok(found) => found,
        Err(error) => {
            tracing::error!(error = %error, host.label = label, "an application could not be found");
            return pages::unavailable();
        }
    };
    let site = match found {
        Found::Nothing => return pages::not_found(),
        Found::Stopped { name, substitute } => return pages::stopped(&name, &substitute),
        Found::Site(site) => site,
    };
    // Without its policy an application is not shown.
    let Ok(policy) = HeaderValue::from_str(&site.policy) else {
        tracing::error!(host.label = label, policy = site.policy, "the policy can't be a header");
        return pages::unavailable();
    };
    let path = request.uri().path().to_owned();
    if path == "/__report" && request.method() == Method::POST {
        return report(engine, &site, request.into_body()).await;
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "GET, HEAD")]).into_response();
    }
    if request.headers().get(SERVICE_WORKER).is_some_and(|value| value == "script") || path.starts_with("/__") {
        return pages::not_found();
    }
    let head = *request.method() == Method::HEAD;
    let mut response = if path == "/app-env.js" {
        answer::environment(&site)
    } else {
        match site.resolve(&path) {
            None => return pages::not_found(),
            Some(file) => match answer::file(engine, file, &Conditions::of(request.headers()), head).await {
                Ok(response) => response,
                Err(error) => {
                    tracing::error!(error = %error, host.label = label, "a hosted file could not be read");
                    return pages::unavailable();
                }
            },
        }
    };
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    if site.expires_at.is_some() {
        headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    }
    answer::harden(headers);
    response
}

/// What a browser refused to load, counted.
async fn report(engine: &Engine, site: &Site, body: Body) -> Response {
    let Ok(body) = tokio::time::timeout(REPORT_PATIENCE, axum::body::to_bytes(body, REPORT_MOST)).await else {
        return StatusCode::REQUEST_TIMEOUT.into_response();
    };
    let Ok(body) = body else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let status = match hosting::report(engine, site.publication, &body) {
        ReportOutcome::Taken => StatusCode::NO_CONTENT,
        ReportOutcome::TooMany => StatusCode::TOO_MANY_REQUESTS,
    };
    (status, [(CACHE_CONTROL, "no-store")]).into_response()
}
