//! What is typed, what is wrong with it, and whether it is saved.

use crate::api::ApiError;
use domain::UtcMillis;
use domain::fields::{FieldError, FieldErrors, FieldId, NAME_TAKEN};
use leptos::ev::beforeunload;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::pin::Pin;
use std::time::Duration;
use web_sys::{FormData, HtmlFormElement, UrlSearchParams};

/// A draft is saved when nothing was typed for so long.
const SAVE_AFTER: Duration = Duration::from_millis(800);

/// The answer of the server to a draft: when it was saved.
pub type Saving = Pin<Box<dyn Future<Output = Result<UtcMillis, ApiError>>>>;

/// The state of one form on the page; `D` is the form as typed. Cheap to copy.
pub struct FormState<D: 'static> {
    /// The form element.
    pub element: NodeRef<html::Form>,
    /// What stands in it now.
    pub draft: RwSignal<D>,
    /// The errors that are shown.
    pub errors: RwSignal<FieldErrors>,
    /// Those of the last sending.
    sent_with: RwSignal<FieldErrors>,
    first: StoredValue<D>,
    saved: RwSignal<Option<Result<UtcMillis, ApiError>>>,
    unsaved: RwSignal<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
    rules: StoredValue<Rules<D>>,
}

/// What is wrong with a form, and how its draft is kept.
struct Rules<D> {
    check: Box<dyn Fn(&D) -> FieldErrors + Send + Sync>,
    save: Box<dyn Fn(D) -> Saving + Send + Sync>,
}

impl<D> Clone for FormState<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for FormState<D> {}

/// What a field needs of its form.
#[derive(Clone, Copy)]
pub struct Fields {
    /// The errors that are shown.
    pub errors: RwSignal<FieldErrors>,
    /// Those of the last sending: they stay in the summary, so that nothing moves under a press.
    pub sent_with: RwSignal<FieldErrors>,
    /// The person has left the field.
    pub left: Callback<FieldId>,
}

/// How a form opens.
pub struct Opening<D> {
    /// What stands in it.
    pub first: D,
    /// What is known to be wrong with that.
    pub errors: FieldErrors,
    /// When it was saved.
    pub saved_at: Option<UtcMillis>,
}

impl<D: Clone + Default + DeserializeOwned + Send + Sync + 'static> FormState<D> {
    /// A form; `check` are its rules, `save` keeps its draft.
    pub fn new(
        opening: Opening<D>,
        check: impl Fn(&D) -> FieldErrors + Send + Sync + 'static,
        save: impl Fn(D) -> Saving + Send + Sync + 'static,
    ) -> Self {
        let state = Self {
            element: NodeRef::new(),
            draft: RwSignal::new(opening.first.clone()),
            sent_with: RwSignal::new(opening.errors.clone()),
            errors: RwSignal::new(opening.errors),
            first: StoredValue::new(opening.first),
            saved: RwSignal::new(opening.saved_at.map(Ok)),
            unsaved: RwSignal::new(false),
            timer: StoredValue::new(None),
            rules: StoredValue::new(Rules { check: Box::new(check), save: Box::new(save) }),
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
            state.stop_timer();
            if state.unsaved.try_get_untracked() == Some(true) {
                state.keep();
            }
        });
        state
    }

    /// What its fields need.
    pub fn fields(self) -> Fields {
        let left = Callback::new(move |field| self.left(field));
        Fields { errors: self.errors, sent_with: self.sent_with, left }
    }

    /// The value of one part of the form as the page came.
    pub fn first<T>(self, part: impl FnOnce(&D) -> T) -> T {
        self.first.with_value(part)
    }

    /// Reads the form element.
    pub fn read(self) {
        if let Some(draft) = self.element.get_untracked().and_then(|form| typed(&form)) {
            self.draft.set(draft);
        }
    }

    /// Something was typed or chosen: reads it, and saves it when the person pauses.
    pub fn changed(self) {
        self.read();
        self.unsaved.set(true);
        self.forget_mended();
        self.stop_timer();
        self.timer.set_value(set_timeout_with_handle(move || self.keep(), SAVE_AFTER).ok());
    }

    /// All that the rules find wrong.
    pub fn check(self) -> FieldErrors {
        self.rules.with_value(|rules| self.draft.with_untracked(&rules.check))
    }

    /// Shows all errors and moves the focus to their summary.
    pub fn show(self, errors: FieldErrors) {
        self.sent_with.set(errors.clone());
        self.errors.set(errors);
        request_animation_frame(|| focus("error-summary"));
    }

    /// The form was sent: nothing is to be saved any more.
    pub fn sent(self) {
        self.stop_timer();
        self.unsaved.set(false);
    }

    /// The person leaves a field: what is wrong with it is said now, never while typing.
    fn left(self, field: FieldId) {
        self.read();
        let found = self.check();
        self.errors.update(|errors| errors.take_over(field, &found));
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
        if let Some(Some(timer)) = self.timer.try_get_value() {
            timer.clear();
        }
    }

    fn keep(self) {
        let saving = self.rules.with_value(|rules| (rules.save)(self.draft.get_untracked()));
        self.unsaved.set(false);
        spawn_local(async move {
            let saved = saving.await;
            // The page may be gone by now.
            if saved.is_err() {
                let _ = self.unsaved.try_set(true);
            }
            let _ = self.saved.try_set(Some(saved));
        });
    }
}

/// "已保存草稿 10:32", or why not.
#[component]
pub fn SavedMark<D>(
    /// The form.
    state: FormState<D>,
) -> impl IntoView
where
    D: 'static,
{
    let text = move || match state.saved.get() {
        None => String::new(),
        Some(Ok(at)) => format!("已保存草稿 {}", at.clock_text()),
        Some(Err(error)) => format!("草稿没有保存：{error}"),
    };
    view! { <span class="form-saved" role="status">{text}</span> }
}

/// As the server's decoder reads it from the wire.
#[derive(Deserialize)]
struct Sent<D> {
    #[serde(default)]
    draft: D,
}

/// What stands in a form element, by the decoding of the server.
pub fn typed<D: Default + DeserializeOwned>(form: &HtmlFormElement) -> Option<D> {
    let fields = FormData::new_with_form(form).ok()?;
    // A chosen file is no text.
    fields.delete("file");
    let pairs = UrlSearchParams::new_with_str_sequence_sequence(&fields).ok()?;
    let text = pairs.to_string().as_string()?;
    serde_qs::Config::new(5, false).deserialize_str::<Sent<D>>(&text).ok().map(|sent| sent.draft)
}

/// Moves the focus to the element of this id.
pub(super) fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}
