//! The integration API, `/api/v1`: their own CI uploads, looks on, submits, with an API 令牌. It calls the engine's functions, not the
//! server functions; cookies mean nothing here. Start at [`routes`]; docs/openapi.json is made from it.

mod caller;
mod problem;
mod publication;
mod rules;
mod upload;
mod version;
mod wire;

use axum::Router;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::routing::get;
use engine::Engine;
use problem::{FieldProblem, Problem};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder, SecurityRequirement, ServerBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Below this path.
pub const BASE: &str = "/api/v1";

/// The routes, and the description beside them.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(engine: Engine) -> Router<S> {
    let (router, api) = described();
    let text = api.to_json().unwrap_or_default();
    let description = move || async move { ([("content-type", "application/json")], text).into_response() };
    router
        .route("/openapi.json", get(description))
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(SetResponseHeaderLayer::if_not_present(CACHE_CONTROL, HeaderValue::from_static("private, no-store")))
        .with_state(engine)
}

/// What OpenAPI 3.1 says of it.
pub fn description() -> OpenApi {
    described().1
}

fn described() -> (Router<Engine>, OpenApi) {
    const WORDS: &str = "Uploads versions of one publication, tells how far they are and what was found, and submits them. \
        Every request carries an API token of the developer workbench (开发者工作台 > API 令牌), which speaks for its owner and one publication. \
        Messages are Chinese sentences for people; `code` is for programs.";
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("An API token: irs_…")).build();
    let info = InfoBuilder::new().title("应用发布").version("1").description(Some(WORDS)).build();
    // Answers that refuse name these; the routes' own types come with them.
    let components = ComponentsBuilder::new()
        .security_scheme("token", SecurityScheme::Http(token))
        .schema_from::<Problem>()
        .schema_from::<FieldProblem>()
        .build();
    let empty = OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(BASE).build()]))
        .components(Some(components))
        .security(Some([SecurityRequirement::new::<_, _, String>("token", [])]))
        .build();
    OpenApiRouter::with_openapi(empty)
        .routes(routes!(publication::state))
        .routes(routes!(rules::rules))
        .routes(routes!(upload::begin))
        .routes(routes!(upload::state))
        .routes(routes!(upload::put_part))
        .routes(routes!(upload::finish))
        .routes(routes!(version::list))
        .routes(routes!(version::state))
        .routes(routes!(version::findings))
        .routes(routes!(version::log))
        .routes(routes!(version::cancel))
        .routes(routes!(version::submit))
        .routes(routes!(version::complete_configuration))
        .split_for_parts()
}
