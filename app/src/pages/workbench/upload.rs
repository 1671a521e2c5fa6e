//! 上传: number, note, external hosts and the zip; the progress of its bytes.

use super::sending::{self, Finish, Stopper};
use crate::api::ApiError;
use crate::parts::form::{ErrorSummary, Fields, Grouped, Labelled, anchor, described};
use domain::fields::{FieldErrors, FieldId, HostDraft, Presence, UploadDraft, validate_upload};
use domain::view::version::UploadState;
use domain::{PublicationId, VersionId, VersionNumber};
use leptos::prelude::*;
use leptos::task::spawn_local;
use uuid::Uuid;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

/// What the form opens with.
#[derive(Clone)]
pub(super) struct Opening {
    pub(super) publication: PublicationId,
    pub(super) seen: i64,
    pub(super) key: Uuid,
    /// Proposed; the person may choose a higher one.
    pub(super) number: VersionNumber,
    /// Declared for the version before.
    pub(super) hosts: Vec<HostDraft>,
}

/// How far the sending is.
#[derive(Clone, PartialEq)]
enum Sending {
    No,
    /// Bytes that have arrived, and all.
    Bytes(f64, f64),
    /// It was broken off: why.
    Broken(String),
}

/// The form. Uploading needs scripts; without them it says so.
#[component]
pub(super) fn Upload(opening: Opening, done: Callback<VersionId>) -> impl IntoView {
    let number = RwSignal::new(opening.number.to_string());
    let note = RwSignal::new(String::new());
    let hosts = RwSignal::new(opening.hosts.clone().into_iter().enumerate().collect::<Vec<_>>());
    let file = RwSignal::new_local(None::<File>);
    let errors = RwSignal::new(FieldErrors::new());
    let problem = RwSignal::new(None::<String>);
    let sending = RwSignal::new(Sending::No);
    let begun = StoredValue::new(None::<UploadState>);
    let stopper = StoredValue::new_local(Stopper::default());
    let draft = move || UploadDraft {
        number: number.get_untracked(),
        note: note.get_untracked(),
        hosts: hosts.with_untracked(|rows| rows.iter().map(|(_, host)| host.clone()).collect()),
    };
    let left = move |field| {
        let found = validate_upload(&draft(), None).err().unwrap_or_default();
        errors.update(|errors| errors.take_over(field, &found));
    };
    let fields = Fields { errors, left: Callback::new(left) };
    let (publication, seen, key) = (opening.publication, opening.seen, opening.key);
    let go = move || {
        let Some(file) = file.get_untracked() else {
            problem.set(Some("请先选择要上传的 zip 文件".to_owned()));
            return;
        };
        problem.set(None);
        stopper.set_value(Stopper::default());
        let finish = Finish { publication, seen, key, draft: draft() };
        sending.set(Sending::Bytes(0.0, file.size()));
        spawn_local(async move {
            let stop = stopper.get_value();
            let answer = send(&file, &finish, begun, &stop, sending).await;
            match answer {
                Ok(version) => {
                    begun.set_value(None);
                    sending.set(Sending::No);
                    done.run(version);
                }
                Err(ApiError::Invalid(found)) => {
                    sending.set(Sending::No);
                    errors.set(found);
                }
                Err(error @ ApiError::Transport) => sending.set(Sending::Broken(error.to_string())),
                Err(error) => {
                    begun.set_value(None);
                    sending.set(Sending::No);
                    problem.set(Some(error.to_string()));
                }
            }
        });
    };
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        match validate_upload(&draft(), None) {
            Ok(_) => {
                errors.set(FieldErrors::new());
                go();
            }
            Err(found) => errors.set(found),
        }
    };
    let choose = move |files: Option<FileList>| {
        begun.set_value(None);
        problem.set(None);
        file.set(files.and_then(|files| files.get(0)));
    };
    let busy = Memo::new(move |_| matches!(sending.get(), Sending::Bytes(..)));
    view! {
        <form class="card form" method="post" action="/upload" novalidate on:submit=submit>
            <h2>"上传新版本"</h2>
            <noscript><p class="notice notice-warning">"上传需要浏览器脚本。请启用脚本后刷新页面。"</p></noscript>
            <ErrorSummary fields/>
            <Zip file choose=Callback::new(choose)/>
            {move || problem.get().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            <div class="field-pair">
                <Line fields field=FieldId::VersionNumber text=number/>
                <Line fields field=FieldId::VersionNote text=note/>
            </div>
            <DeclaredHosts fields hosts/>
            <Progress sending go=Callback::new(move |()| go()) stop=Callback::new(move |()| stopper.with_value(Stopper::stop))/>
            <div class="form-foot form-foot-plain">
                <button type="submit" class="button button-main" disabled=busy>"上传"</button>
            </div>
        </form>
    }
    .into_any()
}

/// One line to type in.
#[component]
fn Line(fields: Fields, field: FieldId, text: RwSignal<String>) -> impl IntoView {
    let asks = if field == FieldId::VersionNumber { Presence::Required } else { Presence::Optional };
    view! {
        <Labelled fields field asks=Signal::stored(asks)>
            <input
                id=anchor(field, None)
                class="field-input"
                autocomplete="off"
                prop:value=text
                on:input=move |event| text.set(event_target_value(&event))
                aria-describedby=described(field)
                aria-invalid=move || fields.invalid(field)
            />
        </Labelled>
    }
}

/// Announces the file, or asks what of it is there, and sends the rest.
async fn send(
    file: &File,
    finish: &Finish,
    begun: StoredValue<Option<UploadState>>,
    stop: &Stopper,
    sending: RwSignal<Sending>,
) -> Result<VersionId, ApiError> {
    let known = match begun.get_value() {
        Some(known) => sending::state(known.id).await?,
        None => sending::begin(file, finish.publication).await?,
    };
    begun.set_value(Some(known.clone()));
    let all = file.size();
    let progress = move |sent: f64| {
        let _ = sending.try_set(Sending::Bytes(sent, all));
    };
    sending::send(file, &known, finish, stop, progress).await
}

/// The big area to drop a zip on.
#[component]
fn Zip(file: RwSignal<Option<File>, LocalStorage>, choose: Callback<Option<FileList>>) -> impl IntoView {
    let drop = move |event: DragEvent| {
        event.prevent_default();
        choose.run(event.data_transfer().and_then(|data| data.files()));
    };
    let name = move || {
        file.with(|file| file.as_ref().map(|file| format!("{}（{:.1} MB）", file.name(), file.size() / 1_048_576.0)))
    };
    view! {
        <div class="drop-area drop-area-large" on:dragover=|event: DragEvent| event.prevent_default() on:drop=drop>
            <label class="button" for="zip">"选择 zip 文件"</label>
            <input
                id="zip"
                type="file"
                accept=".zip,application/zip"
                class="visually-hidden"
                on:change=move |event| choose.run(event_target::<HtmlInputElement>(&event).files())
            />
            <span>{move || name().unwrap_or_else(|| "或拖入这里，最大 100 MB".to_owned())}</span>
        </div>
    }
}

/// 外部域名: a row a host.
#[component]
fn DeclaredHosts(fields: Fields, hosts: RwSignal<Vec<(usize, HostDraft)>>) -> impl IntoView {
    let add = move |_| {
        hosts.update(|rows| {
            let id = rows.iter().map(|(id, _)| id + 1).max().unwrap_or_default();
            rows.push((id, HostDraft::default()));
        });
    };
    let change = move |id: usize, change: fn(&mut HostDraft, String), value: String| {
        hosts.update_untracked(|rows| {
            if let Some((_, host)) = rows.iter_mut().find(|(other, _)| *other == id) {
                change(host, value);
            }
        });
    };
    view! {
        <Grouped fields field=FieldId::ExternalHosts asks=Signal::stored(Presence::Optional)>
            <ul class="declared-hosts">
                <For each=move || hosts.get() key=|(id, _)| *id let((id, host))>
                    <li class="declared-hosts-one">
                        <input
                            class="field-input"
                            placeholder="api.example.gov.cn"
                            aria-label="外部域名"
                            value=host.host
                            on:input=move |e| change(id, |host, value| host.host = value, event_target_value(&e))
                        />
                        <input
                            class="field-input"
                            placeholder="用途"
                            aria-label="用途"
                            value=host.purpose
                            on:input=move |e| change(id, |host, value| host.purpose = value, event_target_value(&e))
                        />
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| hosts.update(|rows| rows.retain(|(other, _)| *other != id))
                        >
                            "删除"
                        </button>
                    </li>
                </For>
            </ul>
            <div><button type="button" class="button" on:click=add>"声明外部域名"</button></div>
        </Grouped>
    }
}

#[component]
fn Progress(sending: RwSignal<Sending>, go: Callback<()>, stop: Callback<()>) -> impl IntoView {
    move || match sending.get() {
        Sending::No => ().into_any(),
        Sending::Bytes(sent, all) => {
            let percent = if all > 0.0 { (sent / all * 100.0).floor().min(100.0) } else { 0.0 };
            view! {
                <div class="sending">
                    <progress max="100" value=percent aria-label="上传进度"></progress>
                    <span>{format!("{percent}%")}</span>
                    <button type="button" class="button" on:click=move |_| stop.run(())>"取消"</button>
                </div>
            }
            .into_any()
        }
        Sending::Broken(why) => view! {
            <div class="sending" role="alert">
                <span>{format!("上传中断：{why}已传的部分保留 24 小时。")}</span>
                <button type="button" class="button" on:click=move |_| go.run(())>"继续上传"</button>
            </div>
        }
        .into_any(),
    }
}
