//! Sending a package in parts, with the true progress of the bytes; it can be stopped, and goes on where it stopped.

use crate::api::ApiError;
use crate::api::json;
use domain::fields::UploadDraft;
use domain::view::version::UploadState;
use domain::{PublicationId, VersionId};
use gloo_net::http::{Request, Response};
use js_sys::Promise;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::cell::RefCell;
use std::rc::Rc;
use uuid::Uuid;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, ProgressEvent, Storage, XmlHttpRequest};

/// A part that did not arrive is sent so often.
const TRIES: u32 = 3;

/// Stops what is being sent.
#[derive(Clone, Default)]
pub(super) struct Stopper(Rc<RefCell<(bool, Option<XmlHttpRequest>)>>);

impl Stopper {
    pub(super) fn stop(&self) {
        let mut inner = self.0.borrow_mut();
        inner.0 = true;
        if let Some(request) = inner.1.take() {
            let _ = request.abort();
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.borrow().0
    }
}

/// What the form says of the version, beside the file.
#[derive(Clone, Serialize)]
pub(super) struct Finish {
    pub(super) publication: PublicationId,
    pub(super) seen: i64,
    pub(super) key: Uuid,
    pub(super) draft: UploadDraft,
}

/// Sends what is not there yet and finishes; answers the version. `progress` hears of the bytes that have arrived.
pub(super) async fn send(
    file: &File,
    begun: &UploadState,
    finish: &Finish,
    stopper: &Stopper,
    progress: impl Fn(f64) + Clone + 'static,
) -> Result<VersionId, ApiError> {
    let (size, part) = (begun.size as f64, begun.part_size as f64);
    let mut start = 0.0;
    let mut number = 0_i64;
    while start < size {
        let end = (start + part).min(size);
        if !begun.parts.iter().any(|(known, _)| *known == number) {
            let blob = file.slice_with_f64_and_f64(start, end).map_err(|_| ApiError::Transport)?;
            put(&format!("/upload/{}/{number}", begun.id), &blob, stopper, start, &progress).await?;
        }
        progress(end);
        start = end;
        number += 1;
    }
    #[derive(Deserialize)]
    struct Finished {
        version: VersionId,
    }
    let request = Request::post(&format!("/upload/{}/finish", begun.id)).json(finish);
    let answer = request.map_err(|_| ApiError::Transport)?.send().await.map_err(|_| ApiError::Transport)?;
    let finished = read::<Finished>(answer).await;
    // Taken or refused: the parts are of no use any more.
    let may_be_sent_again = |error: &ApiError| error.is_passing() || matches!(error, ApiError::Invalid(_));
    if !finished.as_ref().is_err_and(may_be_sent_again)
        && let Some(kept) = storage()
    {
        let _ = kept.remove_item(&place_of(finish.publication));
    }
    finished.map(|finished| finished.version)
}

/// Announces a file.
pub(super) async fn begin(file: &File, publication: PublicationId) -> Result<UploadState, ApiError> {
    let what = json!({ "publication": publication, "file_name": file.name(), "size": file.size() as i64 });
    let request = Request::post("/upload").json(&what).map_err(|_| ApiError::Transport)?;
    let begun: UploadState = read(request.send().await.map_err(|_| ApiError::Transport)?).await?;
    let note = Note { id: begun.id, file: print_of(file) };
    if let (Some(kept), Ok(note)) = (storage(), serde_json::to_string(&note)) {
        // Full, or forbidden: then a reload sends all of it anew.
        let _ = kept.set_item(&place_of(publication), &note);
    }
    Ok(begun)
}

/// What this browser was sending before a reload, if it is this file and the server still has it.
pub(super) async fn remembered(file: &File, publication: PublicationId) -> Option<UploadState> {
    let note: Note = json::read(storage()?.get_item(&place_of(publication)).ok()??.as_bytes()).ok()?;
    if note.file != print_of(file) {
        return None;
    }
    state(note.id).await.ok().filter(|known| known.publication == publication && known.size as f64 == file.size())
}

/// What is kept in the browser of an upload under way.
#[derive(Serialize, Deserialize)]
struct Note {
    id: Uuid,
    file: String,
}

fn place_of(publication: PublicationId) -> String {
    format!("upload-{}", publication.0)
}

/// Name, size and time of the last change: another content has another.
fn print_of(file: &File) -> String {
    format!("{} {} {}", file.name(), file.size(), file.last_modified())
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// What is there of an upload that was broken off.
pub(super) async fn state(id: Uuid) -> Result<UploadState, ApiError> {
    read(Request::get(&format!("/upload/{id}")).send().await.map_err(|_| ApiError::Transport)?).await
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, ApiError> {
    if answer.ok() {
        return answer.json().await.map_err(|_| ApiError::Transport);
    }
    Err(answer.json().await.unwrap_or(ApiError::Transport))
}

async fn put(
    url: &str,
    blob: &Blob,
    stopper: &Stopper,
    before: f64,
    progress: &(impl Fn(f64) + Clone + 'static),
) -> Result<(), ApiError> {
    let mut tries = 0;
    loop {
        tries += 1;
        if stopper.is_stopped() {
            return Err(ApiError::Transport);
        }
        let progress = progress.clone();
        match once(url, blob, stopper, move |sent| progress(before + sent)).await {
            Ok(answer) if (200..300).contains(&answer.0) => return Ok(()),
            Ok((status, text)) if (400..500).contains(&status) => {
                return Err(json::read(text.as_bytes()).unwrap_or(ApiError::Transport));
            }
            _ if tries < TRIES => {}
            // A full disk says so.
            Ok((_, text)) => return Err(json::read(text.as_bytes()).unwrap_or(ApiError::Transport)),
            Err(_) => return Err(ApiError::Transport),
        }
    }
}

/// One request: only this old interface tells how much of a body has left. Answers status and text.
async fn once(
    url: &str,
    blob: &Blob,
    stopper: &Stopper,
    progress: impl Fn(f64) + 'static,
) -> Result<(u16, String), JsValue> {
    let request = XmlHttpRequest::new()?;
    request.open_with_async("PUT", url, true)?;
    stopper.0.borrow_mut().1 = Some(request.clone());
    let heard = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| progress(event.loaded()));
    request.upload()?.set_onprogress(Some(wasm_bindgen::JsCast::unchecked_ref(heard.as_ref())));
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    request.send_with_opt_blob(Some(blob))?;
    JsFuture::from(ended).await?;
    stopper.0.borrow_mut().1 = None;
    Ok((request.status()?, request.response_text()?.unwrap_or_default()))
}
