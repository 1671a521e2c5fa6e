//! 图标: taken in by `POST /icon`, handed out by `GET /icon/{hash}`.

use app::api::ApiError;
use app::api::publication::register_path;
use app::api::stock::link_page;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use domain::{Role, Side, StockId};
use engine::{Ctx, Engine, icon, publication};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whose picture it is, where that matters: a stock application, or what it became, takes JPG.
#[derive(Deserialize)]
pub(crate) struct Of {
    stock: Option<Uuid>,
}

/// What a script is told.
#[derive(Serialize)]
struct Kept {
    hash: String,
}

/// The picture of this hash, for ever the same.
pub(crate) async fn get(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(hash): Path<String>,
) -> Response {
    match icon::get(&engine, &hash).await {
        Ok(Some(png)) => {
            let for_ever = HeaderValue::from_static("public, max-age=31536000, immutable");
            ([(CONTENT_TYPE, HeaderValue::from_static("image/png")), (CACHE_CONTROL, for_ever)], png).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => failed(error, &ctx),
    }
}

/// Keeps a picture: the bytes alone, from a script; or a form of the registration's page, where there is none.
pub(crate) async fn post(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Query(of): Query<Of>,
    request: Request,
) -> Response {
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    // Who may not send is told so before the picture is read.
    if let Err(error) = ctx.with_role(&[Role::Staff]) {
        return if is_form { failed_form(error, &ctx) } else { failed(error, &ctx) };
    }
    if is_form {
        return match Multipart::from_request(request, &()).await {
            Ok(form) => from_form(&engine, &ctx, form).await,
            Err(refused) => refused.into_response(),
        };
    }
    match Bytes::from_request(request, &()).await {
        Ok(bytes) => match icon::store(&engine, &ctx, bytes, of.stock.map(StockId)).await {
            Ok(hash) => Json(Kept { hash }).into_response(),
            Err(error) => failed(error, &ctx),
        },
        Err(refused) => refused.into_response(),
    }
}

/// Puts the picture into the person's draft and goes back to the form.
async fn from_form(engine: &Engine, ctx: &Ctx, mut form: Multipart) -> Response {
    let (mut side, mut stock, mut file) = (Side::Service, None, Bytes::new());
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("side") => side = field.text().await.ok().and_then(|id| Side::from_id(&id)).unwrap_or(side),
            Some("stock") => stock = field.text().await.ok().and_then(|id| id.parse().ok()).map(StockId),
            Some("file") => file = field.bytes().await.unwrap_or_default(),
            _ => {}
        }
    }
    let (kept, back) = match stock {
        Some(id) => (engine::stock::keep_icon(engine, ctx, id, file).await, link_page(id)),
        None => (keep_in_draft(engine, ctx, side, file).await, register_path(side).to_owned()),
    };
    match kept {
        Ok(()) => Redirect::to(&back).into_response(),
        Err(error) => failed_form(error, ctx),
    }
}

async fn keep_in_draft(engine: &Engine, ctx: &Ctx, side: Side, file: Bytes) -> engine::Result<()> {
    let hash = icon::store(engine, ctx, file, None).await?;
    let mut draft = publication::draft(engine, ctx, side).await?.map(|draft| draft.body).unwrap_or_default();
    draft.icon = hash;
    publication::save_draft(engine, ctx, side, &draft).await.map(|_| ())
}

/// What the engine answers, with its true status.
pub(crate) fn failed(error: engine::Error, ctx: &Ctx) -> Response {
    let (status, error) = ApiError::of(error, &ctx.request_id);
    (status, Json(error)).into_response()
}

/// The same, for a form without scripts.
pub(crate) fn failed_form(error: engine::Error, ctx: &Ctx) -> Response {
    let (status, error) = ApiError::of(error, &ctx.request_id);
    let sentence = error.to_string();
    (status, format!("{}。请用浏览器的“返回”回到表单。", sentence.trim_end_matches('。'))).into_response()
}
