//! Every route that is not a page or a server function, and what lies around all of them. Of several layers the first is outermost.

use crate::connection::Patience;
use crate::{
    attachment, audit, dingtalk, export, feed, hosting, icon, import, integration, live, oidc, page, policy, qr,
    request, span, uploads,
};
use app::api::context::provide;
use app::routes::App;
use app::shell::shell;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::handler::Handler;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Request, StatusCode, Version};
use axum::middleware::{from_fn, from_fn_with_state, map_request};
use axum::response::Response;
use axum::routing::{get, post};
use engine::Engine;
use leptos::config::LeptosOptions;
use leptos::prelude::provide_context;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list};
use std::sync::LazyLock;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::{RequestBodyDeadlineLayer, RequestBodyTimeoutLayer};
use tower_http::trace::TraceLayer;

/// The pages, looked for once: while Leptos does so, what any page of this process begins to read never comes (leptos#4773).
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// The name under which a request id comes and goes.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The body of a request has so many bytes at most. Files have routes of their own.
const BODY_MOST: usize = 1024 * 1024;

/// Browsers that came over TLS once come so for a year, here and below this host. Only where TLS is.
const TLS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// How hard pages are compressed, of brotli's 0 to 11: a tenth smaller than at 1, in the same time; from 4 on it takes twice as long.
const PAGE_QUALITY: i32 = 3;

/// An attachment and the form around it. Bytes.
const ATTACHMENT_MOST: usize = 11 * 1024 * 1024;

/// The whole server.
pub fn router(options: LeptosOptions, engine: Engine) -> Router {
    patient(options, engine, Patience::default())
}

/// The same, with another patience for bodies that come slowly.
pub fn patient(options: LeptosOptions, engine: Engine, patience: Patience) -> Router {
    let context = {
        let engine = engine.clone();
        move || {
            provide(engine.clone());
            policy::set_for_page(&engine.workshop().apps);
        }
    };
    let pages = PAGES.clone();
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let a_page = {
        let (options, context, document) = (options.clone(), context.clone(), document.clone());
        move |request: Request<Body>| {
            let (options, context) = (options.clone(), context.clone());
            let context = move || {
                provide_context(options.clone());
                context();
            };
            page::render(context, document.clone(), request)
        }
    };
    let root_files = ServeDir::new(options.site_root.as_ref()).append_index_html_on_directories(false);
    let built_files = built_files(&options);
    let with_context = Router::new()
        // The server functions; pages go their own way.
        .leptos_routes_with_context(&options, Vec::new(), context, document)
        .leptos_routes_with_handler(pages, a_page.clone())
        .merge(
            Router::new()
                .route("/icon", post(icon::post))
                .route("/icon/{hash}", get(icon::get))
                .with_state(engine.clone()),
        )
        .merge(
            Router::new()
                .route("/channels/{channel}/feed.json", get(feed::get))
                .route("/events", get(live::get))
                .route("/publications/{id}/qr.svg", get(qr::get))
                .route("/versions/{id}/picture", get(export::picture))
                .with_state(engine.clone()),
        )
        .merge(
            Router::new()
                .route("/admin/audit/anchor", get(audit::anchor))
                .route("/admin/audit/export/{ending}", get(audit::export))
                .route("/export/{side}/{ending}", get(export::list))
                .route("/orders/{id}/attachments/{index}", get(attachment::of_order))
                .route("/publications/{id}/history/{ending}", get(export::history))
                .route("/versions/{id}/package", get(export::package))
                .route_layer(from_fn(export::only_when_asked))
                .with_state(engine.clone()),
        )
        .merge(dingtalk::routes(engine.clone()))
        .merge(oidc::routes(engine.clone()))
        .fallback_service(root_files.fallback(get(a_page)))
        .layer((
            CompressionLayer::new().quality(CompressionLevel::Precise(PAGE_QUALITY)).compress_when(is_text),
            RequestBodyDeadlineLayer::new(patience.form),
            RequestBodyLimitLayer::new(BODY_MOST),
        ))
        .merge(large(engine.clone(), patience))
        .layer((
            from_fn_with_state(engine.clone(), request::with_context),
            SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
        ));
    let ours = Router::new()
        .route("/healthz", get(|| async { "ok" }))
        .merge(Router::new().route("/readyz", get(ready)).with_state(engine.clone()))
        .nest_service(&format!("/{}", options.site_pkg_dir), built_files)
        .merge(with_context)
        .merge(
            Router::new()
                .merge(uploads::routes(engine.clone()))
                .nest(integration::BASE, integration::routes(engine.clone()))
                .layer((RequestBodyDeadlineLayer::new(patience.file), RequestBodyTimeoutLayer::new(patience.silence))),
        )
        .layer((
            SetResponseHeaderLayer::if_not_present(REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            SetResponseHeaderLayer::if_not_present(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            SetResponseHeaderLayer::if_not_present(CONTENT_SECURITY_POLICY, policy::OF_NO_PAGE),
            CsrfLayer::new(),
        ))
        .with_state(options);
    logged(engine, ours)
}

/// The log, and what every answer has, around both worlds: ours, and the hosts of applications. A router copies what is around each of
/// its routes for every request, so the two meet in one handler and all layers are one.
fn logged(engine: Engine, ours: Router) -> Router {
    let watched = engine.clone();
    let span = move |request: &Request<Body>| span::of(&watched, request);
    let tls_only = (engine.workshop().apps.scheme == "https").then_some(TLS_ONLY);
    // As a service: a handler would be asked once more what HEAD and 304 say of a length, after the router within.
    Router::new().fallback_service(hosting::dispatch.with_state((engine, ours))).layer((
        map_request(without_request_id),
        SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid),
        TraceLayer::new_for_http().make_span_with(span).on_response(span::note_answer).on_failure(span::note_failure),
        PropagateRequestIdLayer::new(REQUEST_ID),
        SetResponseHeaderLayer::if_not_present(STRICT_TRANSPORT_SECURITY, move |_: &Response| tls_only.clone()),
    ))
}

/// Whether requests should be sent here: the database answers, and nobody has asked this process to stop.
pub(crate) async fn ready(State(engine): State<Engine>) -> (StatusCode, &'static str) {
    if engine.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    match engine::metrics::ready(&engine).await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::warn!(error = %error, "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}

/// What is compressed while it is sent: pages and answers. The front end's files are compressed beforehand, and a stream of events
/// must not wait for more.
fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ["text/html", "application/json"].iter().any(|text| kind.starts_with(text))
}

/// What takes more than a form.
fn large<S: Clone + Send + Sync + 'static>(engine: Engine, patience: Patience) -> Router<S> {
    Router::new()
        .route("/attachment", post(attachment::post))
        .route("/import/{kind}", post(import::import))
        .layer((
            RequestBodyDeadlineLayer::new(patience.file),
            RequestBodyTimeoutLayer::new(patience.silence),
            RequestBodyLimitLayer::new(ATTACHMENT_MOST),
            DefaultBodyLimit::disable(),
        ))
        .with_state(engine)
}

/// The files of this build: their folder's name is a hash of them, so they never change.
fn built_files(options: &LeptosOptions) -> Router {
    let folder = format!("{}/{}", options.site_root, options.site_pkg_dir);
    let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
    Router::new().fallback_service(ServeDir::new(folder).precompressed_br().precompressed_gzip()).layer(
        SetResponseHeaderLayer::overriding(CACHE_CONTROL, move |answer: &Response| {
            answer.status().is_success().then(|| for_ever.clone())
        }),
    )
}

/// Ids are ours: a stranger's must not enter the log.
async fn without_request_id<B>(mut request: Request<B>) -> Request<B> {
    request.headers_mut().remove(&REQUEST_ID);
    request
}
