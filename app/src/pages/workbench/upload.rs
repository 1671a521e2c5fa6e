//! 上传: number, note, external hosts and the zip; the progress of its bytes.

use super::checking::{CheckedBefore, Checks, NOT_PACKED};
use super::declared_hosts::DeclaredHosts;
use super::folder::{self, Folder};
use super::sending::{self, Finish, Stopper};
use crate::api::ApiError;
use crate::parts::form::{ErrorSummary, Fields, Labelled, anchor, described};
use domain::fields::{FieldErrors, FieldId, HostDraft, Presence, UploadDraft, validate_upload};
use domain::view::publication::PublicationDetail;
use domain::view::version::UploadState;
use domain::{VersionId, VersionNumber, text};
use leptos::attr::custom::custom_attribute;
use leptos::ev::{Event, beforeunload};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{DragEvent, File, FileList, HtmlInputElement};

/// How far the sending is.
#[derive(Clone, PartialEq)]
enum Sending {
    No,
    /// Bytes that have arrived, and all.
    Bytes(f64, f64),
    /// It was broken off: why.
    Broken(String),
}

/// The form as it stands. Cheap to copy.
#[derive(Clone, Copy)]
struct Form {
    detail: Signal<Option<PublicationDetail>>,
    changed: Callback<()>,
    number: RwSignal<String>,
    note: RwSignal<String>,
    hosts: RwSignal<Vec<(usize, HostDraft)>>,
    file: RwSignal<Option<File>, LocalStorage>,
    errors: RwSignal<FieldErrors>,
    sent_with: RwSignal<FieldErrors>,
    problem: RwSignal<Option<String>>,
    sending: RwSignal<Sending>,
    begun: StoredValue<Option<UploadState>>,
    stopper: StoredValue<Stopper, LocalStorage>,
    checks: Checks,
}

impl Form {
    fn new(detail: Signal<Option<PublicationDetail>>, changed: Callback<()>) -> Self {
        let now = detail.get_untracked();
        Self {
            detail,
            changed,
            number: RwSignal::new(now.map_or_else(String::new, |detail| proposed(&detail).to_string())),
            note: RwSignal::new(String::new()),
            hosts: RwSignal::new(Vec::new()),
            file: RwSignal::new_local(None),
            errors: RwSignal::new(FieldErrors::new()),
            sent_with: RwSignal::new(FieldErrors::new()),
            problem: RwSignal::new(None),
            sending: RwSignal::new(Sending::No),
            begun: StoredValue::new(None),
            stopper: StoredValue::new_local(Stopper::default()),
            checks: Checks::new(),
        }
    }

    fn draft(self) -> UploadDraft {
        UploadDraft {
            number: self.number.get_untracked(),
            note: self.note.get_untracked(),
            hosts: self.hosts.with_untracked(|rows| rows.iter().map(|(_, host)| host.clone()).collect()),
        }
    }

    fn found(self) -> FieldErrors {
        validate_upload(&self.draft(), None).err().unwrap_or_default()
    }

    /// An error goes as soon as it is mended.
    fn mended(self) {
        if !self.errors.with_untracked(FieldErrors::is_empty) {
            let found = self.found();
            self.errors.update(|errors| errors.retain(|error| found.of(error.field).next().is_some()));
        }
    }

    fn choose(self, files: Option<FileList>) {
        self.begun.set_value(None);
        self.problem.set(None);
        let file = files.and_then(|files| files.get(0));
        self.checks.of(file.clone());
        self.file.set(file);
    }

    fn choose_folder(self, folder: Option<Folder>) {
        self.choose(None);
        let Some(folder) = folder else {
            return self.problem.set(Some(NOT_PACKED.to_owned()));
        };
        let packed = Callback::new(move |file: File| {
            let _ = self.file.try_set(Some(file));
        });
        self.checks.of_folder(&folder, packed);
    }

    fn submit(self) {
        let found = self.found();
        let ready = found.is_empty();
        self.show(found);
        if ready {
            self.go();
        }
    }

    fn show(self, found: FieldErrors) {
        self.sent_with.set(found.clone());
        self.errors.set(found);
    }

    /// Sends, or goes on with what was broken off.
    fn go(self) {
        let now = self.detail.get_untracked();
        let (Some(file), Some(of)) = (self.file.get_untracked(), now) else {
            self.problem.set(Some("请先选择要上传的 zip 文件".to_owned()));
            return;
        };
        self.problem.set(None);
        self.stopper.set_value(Stopper::default());
        let finish = Finish { publication: of.row.id, seen: of.row.version, key: of.key, draft: self.draft() };
        self.sending.set(Sending::Bytes(0.0, file.size()));
        let stop = self.stopper.get_value();
        spawn_local(async move {
            let answer = send(&file, &finish, self.begun, &stop, self.sending).await;
            // The page may be gone by now.
            if self.begun.try_get_value().is_some() {
                self.answered(answer, &file, finish.draft, stop.is_stopped());
            }
        });
    }

    fn answered(self, answer: Result<VersionId, ApiError>, file: &File, sent: UploadDraft, stopped: bool) {
        let broken = |text: String| self.sending.set(Sending::Broken(text));
        match answer {
            Err(_) if stopped => return broken("已暂停。".to_owned()),
            Err(error) if error.is_passing() => return broken(format!("上传中断：{error}")),
            Err(ApiError::Invalid(found)) => self.show(found),
            Err(error) => {
                self.begun.set_value(None);
                self.problem.set(Some(error.to_string()));
            }
            Ok(_) => {
                self.begun.set_value(None);
                self.forget(file, sent);
                self.changed.run(());
            }
        }
        self.sending.set(Sending::No);
    }

    /// Empties what was sent, but not what was chosen or typed meanwhile.
    fn forget(self, file: &File, sent: UploadDraft) {
        if self.file.with_untracked(|now| now.as_ref() == Some(file)) {
            self.file.set(None);
            self.checks.of(None);
        }
        let now = self.draft();
        if now.note == sent.note {
            self.note.set(String::new());
        }
        if let (true, Ok(sent)) = (now.number == sent.number, sent.number.parse::<VersionNumber>()) {
            self.number.set(sent.next_patch().to_string());
        }
    }
}

/// The form. Uploading needs scripts; without them it says so.
#[component]
pub(super) fn Upload(
    detail: Signal<Option<PublicationDetail>>,
    /// The upload is a version now: the page is to be read again.
    changed: Callback<()>,
) -> impl IntoView {
    let form = Form::new(detail, changed);
    let left = move |field| {
        let found = form.found();
        form.errors.update(|errors| errors.take_over(field, &found));
    };
    let fields = Fields { errors: form.errors, sent_with: form.sent_with, left: Callback::new(left) };
    let leaving = window_event_listener(beforeunload, move |event| {
        if matches!(form.sending.get_untracked(), Sending::Bytes(..)) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        leaving.remove();
        form.stopper.try_with_value(Stopper::stop);
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        form.submit();
    };
    let busy = Memo::new(move |_| matches!(form.sending.get(), Sending::Bytes(..)));
    let stop = Callback::new(move |()| form.stopper.with_value(Stopper::stop));
    view! {
        <form class="card form" method="post" action="/upload" novalidate on:submit=submit on:input=move |_| form.mended()>
            <h2>"上传新版本"</h2>
            <ErrorSummary fields/>
            <Zip form/>
            {move || form.problem.get().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            <div class="sending-form" hidden=move || form.file.with(Option::is_none)>
                <div class="field-pair">
                    <Line fields field=FieldId::VersionNumber text=form.number/>
                    <Line fields field=FieldId::VersionNote text=form.note/>
                </div>
                <DeclaredHosts fields hosts=form.hosts/>
                <div class="form-foot form-foot-plain">
                    <button type="submit" class="button button-main" disabled=busy>"上传"</button>
                </div>
            </div>
            // Below the button: what comes now must not move it, nor come under a second press.
            <Progress sending=form.sending go=Callback::new(move |()| form.go()) stop/>
            <CheckedBefore checks=form.checks/>
        </form>
    }
    .into_any()
}

/// One revision above the highest that was uploaded.
fn proposed(detail: &PublicationDetail) -> VersionNumber {
    let highest = detail.versions.iter().map(|version| version.number).max();
    highest.map_or(VersionNumber::new(1, 0, 0), VersionNumber::next_patch)
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
        None => match sending::remembered(file, finish.publication).await {
            Some(known) => known,
            None => sending::begin(file, finish.publication).await?,
        },
    };
    begun.set_value(Some(known.clone()));
    let all = file.size();
    let progress = move |sent: f64| {
        let _ = sending.try_set(Sending::Bytes(sent, all));
    };
    sending::send(file, &known, finish, stop, progress).await
}

/// The big area to drop a zip or a folder on.
#[component]
fn Zip(form: Form) -> impl IntoView {
    let drop = move |event: DragEvent| {
        event.prevent_default();
        let Some(data) = event.data_transfer() else { return };
        match folder::dropped(&data) {
            Some(entry) => {
                form.choose(None);
                let choice = form.checks.choose();
                spawn_local(async move {
                    let folder = folder::read(entry).await;
                    if form.checks.is_chosen(choice) {
                        form.choose_folder(folder);
                    }
                });
            }
            None => form.choose(data.files()),
        }
    };
    let files = |event: &Event| event_target::<HtmlInputElement>(event).files();
    let name = move || {
        form.file
            .with(|file| file.as_ref().map(|file| format!("{}（{}）", file.name(), text::size(file.size() as u64))))
    };
    let most = move || match form.detail.with(|detail| detail.as_ref().map_or(0, |detail| detail.package_most)) {
        0 => "或拖入这里".to_owned(),
        bytes => format!("或拖入这里，最大 {}", text::size(bytes)),
    };
    view! {
        <div class="drop-area drop-area-large" on:dragover=|event: DragEvent| event.prevent_default() on:drop=drop>
            <label class="button" for="zip">"选择 zip 文件"</label>
            <input
                id="zip"
                type="file"
                accept=".zip,application/zip"
                class="visually-hidden"
                on:change=move |event| {
                    form.choose(files(&event));
                    choosable_again(&event);
                }
            />
            <label class="button" for="folder">"选择文件夹"</label>
            <input
                id="folder"
                type="file"
                {..custom_attribute("webkitdirectory", "")}
                class="visually-hidden"
                on:change=move |event| {
                    form.choose_folder(files(&event).as_ref().and_then(folder::chosen));
                    choosable_again(&event);
                }
            />
            <span>{move || name().unwrap_or_else(most)}</span>
        </div>
    }
}

/// The same file or folder can be chosen once more, when it is mended.
fn choosable_again(event: &Event) {
    event_target::<HtmlInputElement>(event).set_value("");
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
                <span>{format!("{why}已传的部分保留 24 小时。")}</span>
                <button type="button" class="button" on:click=move |_| go.run(())>"继续上传"</button>
            </div>
        }
        .into_any(),
    }
}
