//! The file of an import, taken in by `POST /import/{kind}` of the form on that kind's page.

use crate::icon::failed_form;
use app::api::import::import_page;
use axum::Extension;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::import::ImportKind;
use engine::{Ctx, Engine};

/// Imports it, and goes back to the page, which has the report.
pub(crate) async fn import(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path(kind): Path<String>,
    request: Request,
) -> Response {
    let Some(kind) = ImportKind::from_id(&kind) else { return failed_form(engine::Error::NotFound, &ctx) };
    // Who may not send is told so before the file is read.
    if let Err(error) = engine::import::admits(&engine, &ctx, kind).await {
        return failed_form(error, &ctx);
    }
    let mut form = match Multipart::from_request(request, &()).await {
        Ok(form) => form,
        Err(_) => return failed_form(not_whole(), &ctx),
    };
    let (mut name, mut file) = (String::new(), Bytes::new());
    loop {
        match form.next_field().await {
            Ok(Some(field)) if field.name() == Some("file") => {
                name = field.file_name().unwrap_or_default().to_owned();
                match field.bytes().await {
                    Ok(bytes) => file = bytes,
                    Err(_) => return failed_form(not_whole(), &ctx),
                }
            }
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return failed_form(not_whole(), &ctx),
        }
    }
    match engine::import::import(&engine, &ctx, kind, &name, file).await {
        Ok(_) => Redirect::to(&import_page(kind)).into_response(),
        Err(error) => failed_form(error, &ctx),
    }
}

/// Cut off at the limit, or on its way: not to be taken for an empty file.
fn not_whole() -> engine::Error {
    engine::Error::InvalidFile("文件没有收到完整，或者太大了（最多 5 MB），请重新选择".to_owned())
}
