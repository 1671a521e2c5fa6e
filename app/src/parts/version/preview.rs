//! The preview: in a phone's frame, as a QR code, for a while.

use crate::api::ApiError;
use crate::api::version::{PreviewShown, VersionNewPreview, version_new_preview};
use crate::ui::qr::QrPicture;
use domain::VersionId;
use leptos::either::Either;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_location;

/// The preview that holds, or the button that makes one.
#[component]
pub fn PreviewCard(
    /// Of which version.
    version: VersionId,
    /// What holds now.
    first: Option<PreviewShown>,
    /// Whether the application itself is shown.
    framed: bool,
) -> impl IntoView {
    let renew = Action::new(move |back: &String| version_new_preview(version, back.clone()));
    let here = use_location().pathname;
    let shown = Memo::new(move |_| match renew.value().get() {
        Some(Ok(made)) => Some(made),
        _ => first.clone(),
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        renew.dispatch(here.get_untracked());
    };
    let failed = move || renew.value().get().and_then(|answer| answer.err()).map(|error: ApiError| error.to_string());
    let body = move || match shown.get() {
        Some(shown) => Either::Left(view! { <Shown shown framed/> }),
        None => Either::Right(view! { <p class="quiet">"预览地址已经过期。"</p> }),
    };
    view! {
        <section class="card preview" aria-labelledby="preview">
            <h2 id="preview">"预览"</h2>
            {body}
            {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            <form method="post" action=VersionNewPreview::PATH on:submit=send>
                <input type="hidden" name="id" value=version.0.to_string()/>
                <input type="hidden" name="back" value=here/>
                <button type="submit" class="button" disabled=renew.pending()>
                    {move || if shown.with(Option::is_some) { "换一个地址" } else { "生成预览地址" }}
                </button>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Shown(shown: PreviewShown, framed: bool) -> impl IntoView {
    let PreviewShown { preview, local, qr } = shown;
    let frame = framed.then(|| {
        view! {
            <iframe
                class="preview-phone"
                src=preview.address.clone()
                title="应用预览"
                sandbox="allow-scripts allow-same-origin allow-forms"
            ></iframe>
        }
    });
    view! {
        {frame}
        <p class="preview-address">
            <a href=preview.address.clone() target="_blank" rel="external noopener noreferrer">{preview.address.clone()}</a>
        </p>
        <div class="preview-code">
            <QrPicture qr label="预览地址的二维码"/>
            <p class="quiet">
                "手机扫码预览"
                {local.then(|| view! { <br/> "仅本机可打开" })}
                <br/>
                "有效至 "
                <time datetime=preview.expires_at.datetime()>{preview.expires_at.clock_text()}</time>
            </p>
        </div>
    }
}
