//! What is typed, what is wrong with it, and whether it is saved.

use super::field::anchor;
use crate::api::ApiError;
use crate::api::publication::publication_save_draft;
use domain::fields::{
    Env, FieldError, FieldErrors, FieldId, Form, NAME_TAKEN, Presence, Registration, Shape, presence, validate,
};
use domain::{Side, UtcMillis};
use leptos::ev::beforeunload;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use std::time::Duration;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// A draft is saved when nothing was typed for so long.
const SAVE_AFTER: Duration = Duration::from_millis(800);

/// The state of one form on the page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct FormState {
    /// The form element.
    pub element: NodeRef<html::Form>,
    /// What stood in the form when the page came.
    pub first: StoredValue<Registration>,
    /// What stands in it now.
    pub draft: RwSignal<Registration>,
    /// The errors that are shown.
    pub errors: RwSignal<FieldErrors>,
    /// When the draft was saved last, or why not.
    pub saved: RwSignal<Option<Result<UtcMillis, ApiError>>>,
    side: Side,
    unsaved: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl FormState {
    /// A form that opens with this draft and these errors.
    pub fn new(side: Side, first: Registration, errors: FieldErrors, saved_at: Option<UtcMillis>) -> Self {
        let state = Self {
            element: NodeRef::new(),
            draft: RwSignal::new(first.clone()),
            first: StoredValue::new(first),
            errors: RwSignal::new(errors),
            saved: RwSignal::new(saved_at.map(Ok)),
            side,
            unsaved: RwSignal::new(false),
            timer: StoredValue::new(None),
        };
        // What was typed before the scripts came is in the form already.
        Effect::new(move |_| state.read());
        let leaving = window_event_listener(beforeunload, move |event| {
            if state.unsaved.get_untracked() {
                event.prevent_default();
            }
        });
        on_cleanup(move || {
            leaving.remove();
            if state.unsaved.try_get_untracked() == Some(true) {
                state.save();
            }
        });
        state
    }

    /// The value of one part of the draft as the page came.
    pub fn first<T>(self, part: impl FnOnce(&Registration) -> T) -> T {
        self.first.with_value(part)
    }

    /// What the form asks of the field, as it stands now.
    pub fn asks(self, field: FieldId) -> Memo<Presence> {
        let (draft, side) = (self.draft, self.side);
        Memo::new(move |_| draft.with(|draft| presence(field, Form::New { side }, &Shape::guess(side, draft))))
    }

    /// Side, channels, type and hosting, as it stands now.
    pub fn shape(self) -> Shape {
        self.draft.with(|draft| Shape::guess(self.side, draft))
    }

    /// Reads the form element.
    pub fn read(self) {
        if let Some(draft) = self.element.get_untracked().and_then(|form| typed(&form)) {
            self.draft.update_untracked(|now| *now = draft);
            self.draft.notify();
        }
    }

    /// Something was typed or chosen: reads it, and saves it when the person pauses.
    pub fn changed(self) {
        self.read();
        self.unsaved.set(true);
        self.forget_mended();
        self.stop_timer();
        self.timer.set_value(set_timeout_with_handle(move || self.save(), SAVE_AFTER).ok());
    }

    /// The person leaves a field: what is wrong with it is said now, never while typing.
    pub fn left(self, field: FieldId) {
        self.read();
        let found = self.check();
        self.errors.update(|errors| errors.take_over(field, &found));
    }

    /// All that the rules find wrong.
    pub fn check(self) -> FieldErrors {
        self.draft
            .with_untracked(|draft| validate(draft, Form::New { side: self.side }, &ENV))
            .err()
            .unwrap_or_default()
    }

    /// Shows all errors and moves the focus to their summary.
    pub fn show(self, errors: FieldErrors) {
        self.errors.set(errors);
        request_animation_frame(|| focus("error-summary"));
    }

    /// Moves the focus to a field.
    pub fn focus(self, field: FieldId) {
        focus(&anchor(field, None));
    }

    /// The form was sent: nothing is to be saved any more.
    pub fn sent(self) {
        self.stop_timer();
        self.unsaved.set(false);
    }

    /// An error goes as soon as it is mended; that the name is taken only the server knows.
    fn forget_mended(self) {
        if !self.errors.with_untracked(FieldErrors::is_empty) {
            let found = self.check();
            let still = |error: &FieldError| error.text == NAME_TAKEN || found.of(error.field).next().is_some();
            self.errors.update(|errors| errors.retain(still));
        }
    }

    fn stop_timer(self) {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
    }

    fn save(self) {
        let (draft, side) = (self.draft.get_untracked(), self.side);
        self.unsaved.set(false);
        spawn_local(async move {
            let saved = publication_save_draft(side, draft).await;
            // The page may be gone by now.
            if saved.is_err() {
                let _ = self.unsaved.try_set(true);
            }
            let _ = self.saved.try_set(Some(saved));
        });
    }
}

/// As the server's decoder reads it from the wire.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    draft: Registration,
}

fn typed(form: &HtmlFormElement) -> Option<Registration> {
    let fields = FormData::new_with_form(form).ok()?;
    // A chosen file is no text.
    fields.delete("file");
    let pairs = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    let text = pairs.to_string().as_string()?;
    serde_qs::Config::new(5, false).deserialize_str::<Sent>(&text).ok().map(|sent| sent.draft)
}

fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// The rules' environment in the browser. On the server the engine checks, and this is never asked.
const ENV: Env = Env { nfkc: |text| js_sys::JsString::from(text).normalize("NFKC").into() };
