//! 附件: taken in by `POST /attachment` for a form that is not sent yet.

use app::api::ApiError;
use app::parts::more::page_of;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Query, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use domain::{Action, PublicationId};
use engine::{Ctx, Engine, attachment, publication};
use serde::Deserialize;

/// The name of a file that a script sends.
#[derive(Deserialize)]
pub(crate) struct Named {
    #[serde(default)]
    name: String,
}

/// Keeps a file: its bytes alone, from a script; or a form of the approval's page, where there is none.
pub(crate) async fn post(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Query(named): Query<Named>,
    request: Request,
) -> Response {
    let is_form = request.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/"));
    if is_form {
        return match Multipart::from_request(request, &()).await {
            Ok(form) => from_form(&engine, &ctx, form).await,
            Err(refused) => refused.into_response(),
        };
    }
    match Bytes::from_request(request, &()).await {
        Ok(bytes) => match attachment::store(&engine, &ctx, &named.name, bytes).await {
            Ok(kept) => Json(kept).into_response(),
            Err(error) => {
                let (status, error) = ApiError::of(error, &ctx.request_id);
                (status, Json(error)).into_response()
            }
        },
        Err(refused) => refused.into_response(),
    }
}

/// Puts the file into the person's draft and goes back to the form.
async fn from_form(engine: &Engine, ctx: &Ctx, mut form: Multipart) -> Response {
    let (mut id, mut name, mut file) = (PublicationId(Default::default()), String::new(), Bytes::new());
    while let Ok(Some(field)) = form.next_field().await {
        match field.name() {
            Some("publication") => {
                id = field.text().await.ok().and_then(|id| id.parse().ok()).map_or(id, PublicationId)
            }
            Some("file") => {
                name = field.file_name().unwrap_or_default().to_owned();
                file = field.bytes().await.unwrap_or_default();
            }
            _ => {}
        }
    }
    match keep_in_draft(engine, ctx, id, &name, file).await {
        Ok(()) => Redirect::to(&page_of(id, Action::SubmitForApproval).unwrap_or_default()).into_response(),
        Err(error) => {
            let (status, error) = ApiError::of(error, &ctx.request_id);
            (status, format!("{error}。请用浏览器的“返回”回到表单。")).into_response()
        }
    }
}

async fn keep_in_draft(engine: &Engine, ctx: &Ctx, id: PublicationId, name: &str, file: Bytes) -> engine::Result<()> {
    let kept = attachment::store(engine, ctx, name, file).await?;
    let mut draft = publication::approval_form(engine, ctx, id, false).await?.draft;
    draft.attachments.push(kept);
    publication::save_approval_draft(engine, ctx, id, &draft).await.map(|_| ())
}
