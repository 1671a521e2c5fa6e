//! A form without a draft: short, or secret.

use super::state::{Fields, focus, typed};
use super::summary::ErrorSummary;
use crate::api::ApiError;
use domain::fields::{FieldError, FieldErrors, FieldId};
use leptos::html;
use leptos::prelude::*;
use serde::de::DeserializeOwned;

/// The state of such a form; `D` is the form as typed. Cheap to copy.
pub struct ShortForm<D: 'static> {
    /// The form element.
    pub element: NodeRef<html::Form>,
    errors: RwSignal<FieldErrors>,
    sent_with: RwSignal<FieldErrors>,
    rules: StoredValue<Rules<D>>,
}

type Rules<D> = Box<dyn Fn(&D) -> FieldErrors + Send + Sync>;

impl<D> Clone for ShortForm<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for ShortForm<D> {}

impl<D: Default + DeserializeOwned + 'static> ShortForm<D> {
    /// A form with these rules.
    pub fn new(rules: impl Fn(&D) -> FieldErrors + Send + Sync + 'static) -> Self {
        let none = || RwSignal::new(FieldErrors::new());
        Self { element: NodeRef::new(), errors: none(), sent_with: none(), rules: StoredValue::new(Box::new(rules)) }
    }

    /// What its fields need.
    pub fn fields(self) -> Fields {
        let left = Callback::new(move |field: FieldId| {
            self.errors.update(|errors| errors.take_over(field, &self.check()));
        });
        Fields { errors: self.errors, sent_with: self.sent_with, left }
    }

    /// Something was typed: what is mended is no error any more.
    pub fn mended(self) {
        if !self.errors.with_untracked(FieldErrors::is_empty) {
            let found = self.check();
            let still = |error: &FieldError| found.of(error.field).any(|other| other.item == error.item);
            self.errors.update(|errors| errors.retain(still));
        }
    }

    /// What a sending is refused with: the focus moves to the summary.
    pub fn show(self, found: FieldErrors) {
        let wrong = !found.is_empty();
        self.known(found);
        if wrong {
            request_animation_frame(|| focus("error-summary"));
        }
    }

    /// What is known to be wrong, before anything was sent from here.
    pub fn known(self, found: FieldErrors) {
        self.sent_with.set(found.clone());
        self.errors.set(found);
    }

    /// Sends it, if the rules find nothing.
    pub fn send(self, event: &web_sys::SubmitEvent, send: impl FnOnce(D)) {
        event.prevent_default();
        let found = self.check();
        if found.is_empty() {
            send(self.draft());
        }
        self.show(found);
    }

    fn draft(self) -> D {
        self.element.get_untracked().and_then(|form| typed(&form)).unwrap_or_default()
    }

    fn check(self) -> FieldErrors {
        let draft = self.draft();
        self.rules.with_value(|rules| rules(&draft))
    }
}

/// How a short form is sent.
pub struct Sending {
    /// The server function's path.
    pub path: &'static str,
    /// The button's word.
    pub word: &'static str,
    /// Why it was not taken when it was sent without scripts.
    pub came_back: Option<String>,
}

/// The form element, with what is wrong, why it was not taken, and the button that sends it. Also without scripts.
#[component]
pub fn SentForm<D, T>(
    /// The form.
    form: ShortForm<D>,
    /// How it is sent.
    sending: Sending,
    /// The server function, for the scripts.
    action: Action<D, Result<T, ApiError>>,
    /// What follows when it was taken.
    done: impl Fn(T) + 'static,
    /// What stands in it.
    children: Children,
) -> impl IntoView
where
    D: Default + DeserializeOwned + Send + Sync + 'static,
    T: Clone + Send + Sync + 'static,
{
    let Sending { path, word, came_back } = sending;
    Effect::new(move |_| match action.value().get() {
        Some(Ok(answer)) => done(answer),
        Some(Err(ApiError::Invalid(found))) => form.show(found),
        _ => {}
    });
    let refused = move || match action.value().get() {
        Some(answer) => {
            answer.err().filter(|error| !matches!(error, ApiError::Invalid(_))).map(|error| error.to_string())
        }
        None => came_back.clone(),
    };
    let send = move |event: web_sys::SubmitEvent| {
        form.send(&event, |draft| {
            action.dispatch(draft);
        });
    };
    view! {
        <form node_ref=form.element method="post" action=path class="form" novalidate on:submit=send on:input=move |_| form.mended()>
            <ErrorSummary fields=form.fields()/>
            {move || refused().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            {children()}
            <div class="form-foot form-foot-plain">
                <button type="submit" class="button button-main" disabled=action.pending()>{word}</button>
            </div>
        </form>
    }
}
