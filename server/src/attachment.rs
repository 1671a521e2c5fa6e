//! 附件: taken in by `POST /attachment` for a form that is not sent yet; handed out by `GET /orders/{id}/attachments/{index}`, to
//! be saved, never to be shown in a page of ours, and noted in the audit log as every export (server/src/export.rs).

use crate::icon::{failed, failed_form};
use app::parts::more::page_of;
use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Path, Query, Request, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use domain::fields::files::FileKind;
use domain::{Action, OrderId, PublicationId, Role};
use engine::{Ctx, Engine, attachment, publication};
use serde::Deserialize;
use uuid::Uuid;

/// Of a file that somebody opens where it came from, whatever their browser makes of it.
const POLICY: &str = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";

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
    // Who may not send is told so before eleven megabytes are read.
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
        Ok(bytes) => match attachment::store(&engine, &ctx, &named.name, bytes).await {
            Ok(kept) => Json(kept).into_response(),
            Err(error) => failed(error, &ctx),
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
        Err(error) => failed_form(error, ctx),
    }
}

async fn keep_in_draft(engine: &Engine, ctx: &Ctx, id: PublicationId, name: &str, file: Bytes) -> engine::Result<()> {
    let kept = attachment::store(engine, ctx, name, file).await?;
    let mut draft = publication::approval_form(engine, ctx, id, false).await?.draft;
    draft.attachments.push(kept);
    publication::save_approval_draft(engine, ctx, id, &draft).await.map(|_| ())
}

/// The attachment of an order.
pub(crate) async fn of_order(
    State(engine): State<Engine>,
    Extension(ctx): Extension<Ctx>,
    Path((id, index)): Path<(Uuid, u16)>,
) -> Response {
    match attachment::of_order(&engine, &ctx, OrderId(id), index).await {
        Ok(file) => {
            let (kind, ending) = kind_and_ending(file.kind);
            let headers = [
                (CONTENT_TYPE, HeaderValue::from_static(kind)),
                (CONTENT_DISPOSITION, disposition(&file.name, ending)),
                (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
                (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            ];
            (headers, file.bytes).into_response()
        }
        Err(error) => failed(error, &ctx),
    }
}

const fn kind_and_ending(kind: FileKind) -> (&'static str, &'static str) {
    match kind {
        FileKind::Pdf => ("application/pdf", "pdf"),
        FileKind::Png => ("image/png", "png"),
        FileKind::Jpg => ("image/jpeg", "jpg"),
    }
}

/// Says that it is to be saved, under its name (RFC 6266, RFC 5987); its ending is that of what it is, whatever it is called.
pub(crate) fn disposition(name: &str, ending: &str) -> HeaderValue {
    let bare: String = name.chars().filter(|c| !c.is_control() && !"/\\:*?\"<>|".contains(*c)).collect();
    let known = ["pdf", "png", "jpg", "jpeg"];
    let stem = match bare.rsplit_once('.') {
        Some((stem, last))
            if last.eq_ignore_ascii_case(ending) || known.contains(&last.to_ascii_lowercase().as_str()) =>
        {
            stem
        }
        _ => &bare,
    };
    let stem = if stem.trim_matches(['.', ' ']).is_empty() { "attachment" } else { stem };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let escaped: String =
        stem.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect();
    let value = format!("attachment; filename=\"attachment.{ending}\"; filename*=UTF-8''{escaped}.{ending}");
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_is_whole_for_people_and_harmless_for_headers() {
        let of = |name, ending| disposition(name, ending).to_str().map(str::to_owned).unwrap_or_default();
        let starred =
            |name, ending| of(name, ending).rsplit_once("''").map(|(_, name)| name.to_owned()).unwrap_or_default();
        assert_eq!(
            of("测试.pdf", "pdf"),
            "attachment; filename=\"attachment.pdf\"; filename*=UTF-8''%E6%B5%8B%E8%AF%95.pdf"
        );
        assert_eq!(starred("a\"; x=\r\n../b.PDF", "pdf"), "a%3B%20x%3D..b.pdf");
        assert_eq!(starred("page.html", "png"), "page.html.png", "what it is called is not what it is");
        assert_eq!(starred("..", "jpg"), "attachment.jpg");
        assert_eq!(
            (starred("app.ZIP", "zip").as_str(), starred("app.zip", "pdf").as_str()),
            ("app.zip", "app.zip.pdf")
        );
    }
}
