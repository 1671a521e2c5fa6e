//! The preview: in a phone's frame, as a QR code, for a while.

use crate::api::ApiError;
use crate::api::version::{
    PreviewShown, VersionNewPreview, VersionPinPreview, version_new_preview, version_pin_preview,
};
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
    // One for both: what was said last counts.
    let change = Action::new(move |(pin, back): &(Option<bool>, String)| {
        let (pin, back) = (*pin, back.clone());
        async move {
            match pin {
                Some(pin) => version_pin_preview(version, pin, back).await,
                None => version_new_preview(version, back).await,
            }
        }
    });
    let here = use_location().pathname;
    let shown = RwSignal::new(first);
    Effect::new(move |_| {
        if let Some(Ok(made)) = change.value().get() {
            shown.set(Some(made));
        }
    });
    let pinned = move || shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.preview.expires_at.is_none()));
    let send = move |event: web_sys::SubmitEvent, pin: Option<bool>| {
        event.prevent_default();
        change.dispatch((pin, here.get_untracked()));
    };
    let failed = move || change.value().get().and_then(|answer| answer.err()).map(|error: ApiError| error.to_string());
    let body = move || match shown.get() {
        Some(shown) => Either::Left(view! { <Shown shown framed/> }),
        None => Either::Right(view! { <p class="quiet">"预览地址已经过期。"</p> }),
    };
    view! {
        <section class="card preview" aria-labelledby="preview">
            <h2 id="preview">"预览"</h2>
            {body}
            {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            <div class="preview-actions">
                <form method="post" action=VersionNewPreview::PATH on:submit=move |event| send(event, None)>
                    <input type="hidden" name="id" value=version.0.to_string()/>
                    <input type="hidden" name="back" value=here/>
                    <button type="submit" class="button" disabled=change.pending()>
                        {move || if shown.with(Option::is_some) { "换一个地址" } else { "生成预览地址" }}
                    </button>
                </form>
                <form
                    method="post"
                    action=VersionPinPreview::PATH
                    hidden=move || shown.with(Option::is_none)
                    on:submit=move |event| send(event, Some(!pinned()))
                >
                    <input type="hidden" name="id" value=version.0.to_string()/>
                    <input type="hidden" name="pin" value=move || (!pinned()).to_string()/>
                    <input type="hidden" name="back" value=here/>
                    <button type="submit" class="button" disabled=change.pending()>
                        {move || if pinned() { "取消固定" } else { "固定地址" }}
                    </button>
                </form>
            </div>
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
                {match preview.expires_at {
                    Some(until) => Either::Left(view! { "有效至 " <time datetime=until.datetime()>{until.clock_text()}</time> }),
                    None => Either::Right("已固定，取消固定前一直有效"),
                }}
            </p>
        </div>
    }
}
