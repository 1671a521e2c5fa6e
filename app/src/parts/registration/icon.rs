//! 图标: chosen, dropped or pasted; checked in the browser, then kept by the server; shown as it will be seen.

use super::RegistrationState;
use crate::api::ApiError;
use crate::parts::form::{Grouped, described};
use domain::StockId;
use domain::fields::FieldId;
use domain::fields::files::{ICON_MAX_BYTES, check_icon};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use web_sys::{ClipboardEvent, DragEvent, FileList, HtmlInputElement};

/// The field.
#[component]
pub fn IconField(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let hash = RwSignal::new(state.first(|draft| draft.icon.clone()));
    let take = move |files: Option<FileList>| {
        if let Some(file) = files.and_then(|files| files.get(0)) {
            spawn_local(async move {
                match keep(&file, state.from_stock()).await {
                    Ok(kept) => {
                        hash.set(kept);
                        request_animation_frame(move || state.changed());
                    }
                    Err(sentence) => refuse(state, &sentence),
                }
            });
        }
    };
    let choose = move |event: web_sys::Event| {
        event.stop_propagation();
        let input = event_target::<HtmlInputElement>(&event);
        take(input.files());
        // The same file may be chosen again after it was mended.
        input.set_value("");
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        take(event.data_transfer().and_then(|data| data.files()));
    };
    let paste = move |event: ClipboardEvent| take(event.clipboard_data().and_then(|data| data.files()));
    view! {
        <Grouped fields=state.fields() field=FieldId::Icon asks=state.asks(FieldId::Icon)>
            <input type="hidden" name="draft[icon]" prop:value=move || hash.get() value=hash.get_untracked()/>
            // Without scripts the picture has a form of its own, below.
            <div
                class="drop-area"
                on:dragover=|event: DragEvent| event.prevent_default()
                on:drop=drop
                on:paste=paste
                tabindex="-1"
            >
                <label class="button" for="icon-file">"选择图片"</label>
                <input
                    id="icon-file"
                    name="file"
                    type="file"
                    accept=if state.from_stock().is_some() { "image/png,image/jpeg" } else { "image/png" }
                    class="visually-hidden"
                    aria-describedby=described(FieldId::Icon)
                    on:change=choose
                />
                <span class="field-hint">"也可以把图片拖到这里，或在这里粘贴" {state.from_stock().map(|_| "；也可以是 JPG")}</span>
            </div>
            <Show when=move || !hash.with(String::is_empty)>
                <Preview hash/>
            </Show>
        </Grouped>
    }
}

/// At the sizes of the channels, on light and on dark.
#[component]
fn Preview(hash: RwSignal<String>) -> impl IntoView {
    let one = move |size: u32| {
        let source = move || format!("/icon/{}", hash.get());
        view! { <img src=source width=size height=size alt=format!("{size} 像素的图标")/> }
    };
    let row = move |theme: &'static str| {
        view! { <div class="icon-preview" data-theme=theme>{[180, 60, 32].map(one).collect_view()}</div> }
    };
    view! { <div class="icon-previews">{["light", "dark"].map(row).collect_view()}</div> }
}

fn refuse(state: RegistrationState, sentence: &str) {
    state.errors.update(|errors| {
        errors.retain(|error| error.field != FieldId::Icon);
        errors.add(FieldId::Icon, sentence);
        errors.sort();
    });
}

#[derive(Deserialize)]
struct Kept {
    hash: String,
}

/// Checks the file and sends it; answers the hash under which it is kept, or what is wrong.
async fn keep(file: &web_sys::File, stock: Option<StockId>) -> Result<String, String> {
    // A file far too large is not read at all.
    if file.size() > (ICON_MAX_BYTES * 100) as f64 {
        return Err("图标不能超过 120 KB，请换一个文件".to_owned());
    }
    let lost = |_| ApiError::Transport.to_string();
    let buffer = wasm_bindgen_futures::JsFuture::from(file.array_buffer()).await;
    let bytes = js_sys::Uint8Array::new(&buffer.map_err(|_| "读不到这个文件，请重新选择".to_owned())?);
    check_icon(&bytes.to_vec(), stock.is_some())?;
    let address = stock.map_or_else(|| "/icon".to_owned(), |id| format!("/icon?stock={}", id.0));
    let sent = gloo_net::http::Request::post(&address).header("content-type", "application/octet-stream").body(bytes);
    let answer = sent.map_err(lost)?.send().await.map_err(lost)?;
    if answer.ok() {
        return answer.json::<Kept>().await.map(|kept| kept.hash).map_err(lost);
    }
    Err(answer.json::<ApiError>().await.map_err(lost)?.to_string())
}
