//! The live address of a publication, for a phone's camera: `GET /publications/{id}/qr.svg`.

use crate::icon::failed;
use app::api::context::whole_address;
use app::ui::qr::Qr;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::PublicationId;
use engine::{Ctx, Engine, publication};
use uuid::Uuid;

/// The picture, for whoever may see the publication; 404 while nothing is live.
pub(crate) async fn get(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<Uuid>,
) -> Response {
    match publication::detail(&engine, &ctx, PublicationId(id)).await {
        Ok(detail) if detail.live_address.is_empty() => StatusCode::NOT_FOUND.into_response(),
        Ok(detail) => {
            let picture = Qr::of(&whole_address(&engine, detail.live_address)).picture();
            ([(CONTENT_TYPE, "image/svg+xml")], picture).into_response()
        }
        Err(error) => failed(error, &ctx),
    }
}
