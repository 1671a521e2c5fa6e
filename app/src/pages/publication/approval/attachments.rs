//! 附件: each is stored as soon as it is chosen; the form names what is stored.

use crate::api::ApiError;
use crate::parts::form::{FormState, Grouped, described};
use domain::fields::files::{ATTACHMENT_MAX_BYTES, FileKind};
use domain::fields::{ApprovalDraft, AttachmentDraft, FieldId, Presence};
use domain::{PublicationId, text};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{File, HtmlInputElement};

/// The list of what is attached, and the button to choose more.
#[component]
pub(super) fn Attachments(
    state: FormState<ApprovalDraft>,
    /// How many files are on their way: the form must wait for them.
    sending: RwSignal<usize>,
) -> impl IntoView {
    let first = state.first(|draft| draft.attachments.clone());
    let rows = RwSignal::new(first.into_iter().enumerate().collect::<Vec<_>>());
    let next_id = StoredValue::new(rows.with_untracked(Vec::len));
    let problem = RwSignal::new(None::<String>);
    let again = move || request_animation_frame(move || state.changed());
    let take = move |file: File| {
        sending.update(|n| *n += 1);
        spawn_local(async move {
            let kept = keep(&file).await;
            // The page may be gone by now.
            let Some(id) = next_id.try_get_value() else { return };
            match kept {
                Ok(kept) => {
                    next_id.set_value(id + 1);
                    rows.update(|rows| rows.push((id, kept)));
                    again();
                }
                Err(sentence) => problem.set(Some(sentence)),
            }
            sending.update(|n| *n -= 1);
        });
    };
    let choose = move |event: web_sys::Event| {
        event.stop_propagation();
        problem.set(None);
        let input = event_target::<HtmlInputElement>(&event);
        if let Some(files) = input.files() {
            (0..files.length()).filter_map(|index| files.get(index)).for_each(take);
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    let remove = move |id: usize| {
        rows.update(|rows| rows.retain(|(other, _)| *other != id));
        again();
    };
    view! {
        <Grouped fields=state.fields() field=FieldId::Attachments asks=Signal::stored(Presence::Optional)>
            <ul class="attachments">
                <ForEnumerate
                    each=move || rows.get()
                    key=|(id, _)| *id
                    children=move |index, (id, file)| {
                        view! { <One index file remove=Callback::new(move |()| remove(id))/> }
                    }
                />
            </ul>
            <div class="drop-area attachments-choose">
                <label class="button" for="attachment-file">"选择文件"</label>
                <input
                    id="attachment-file"
                    name="file"
                    type="file"
                    multiple
                    accept="application/pdf,image/png,image/jpeg"
                    class="visually-hidden"
                    aria-describedby=described(FieldId::Attachments)
                    on:change=choose
                />
                <span role="status">{move || (sending.get() > 0).then_some("正在上传……")}</span>
            </div>
            {move || problem.get().map(|text| view! { <p class="field-errors" role="alert">{text}</p> })}
        </Grouped>
    }
}

#[component]
fn One(index: ReadSignal<usize>, file: AttachmentDraft, remove: Callback<()>) -> impl IntoView {
    let name = move |part: &'static str| move || format!("draft[attachments][{}][{part}]", index.get());
    let kind = match file.kind {
        Some(FileKind::Pdf) => "pdf",
        Some(FileKind::Png) => "png",
        Some(FileKind::Jpg) => "jpg",
        None => "",
    };
    view! {
        <li class="attachments-one">
            <input type="hidden" name=name("hash") value=file.hash/>
            <input type="hidden" name=name("name") value=file.name.clone()/>
            <input type="hidden" name=name("kind") value=kind/>
            <input type="hidden" name=name("size") value=file.size/>
            <span class="attachments-name">{file.name.clone()}</span>
            <span class="quiet">{text::size(file.size)}</span>
            <button type="button" class="button" aria-label=format!("删除{}", file.name) on:click=move |_| remove.run(())>
                "删除"
            </button>
        </li>
    }
}

/// Sends a file; answers what the form says of it, or what is wrong.
async fn keep(file: &File) -> Result<AttachmentDraft, String> {
    if file.size() > ATTACHMENT_MAX_BYTES as f64 {
        return Err(format!("附件「{}」超过 10 MB，请压缩或拆分后再传", file.name()));
    }
    let lost = |_| ApiError::Transport.to_string();
    let name = js_sys::encode_uri_component(&file.name());
    let sent = gloo_net::http::Request::post(&format!("/attachment?name={name}")).body(file.clone());
    let answer = sent.map_err(lost)?.send().await.map_err(lost)?;
    if answer.ok() {
        return answer.json().await.map_err(lost);
    }
    Err(answer.json::<ApiError>().await.map_err(lost)?.to_string())
}

/// Puts a file into the draft, for browsers without scripts; the others never see it.
#[component]
pub(super) fn AttachmentWithoutScripts(id: PublicationId) -> impl IntoView {
    view! {
        <form method="post" action="/attachment" enctype="multipart/form-data" class="card form-plain">
            <input type="hidden" name="publication" value=id.0.to_string()/>
            <label for="plain-attachment">"附件（先保存草稿，再上传）"</label>
            <input id="plain-attachment" type="file" name="file"/>
            <button type="submit" class="button">"上传附件"</button>
        </form>
    }
}
