//! The frame of a field: label, asterisk, hint, error; and the card around several.

use super::state::Fields;
use domain::fields::{FieldId, Group, Presence};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, Node};

/// The id of a field's element, to which the summary of errors links; of an entry of it, if `item` is given.
pub fn anchor(field: FieldId, item: Option<u16>) -> String {
    match item {
        None => format!("field-{}", number(field)),
        Some(item) => format!("field-{}-{item}", number(field)),
    }
}

/// A card with a heading.
#[component]
pub fn Card(
    /// Which part of the form.
    group: Group,
    /// Its fields.
    children: Children,
) -> AnyView {
    view! {
        <section class="card">
            <h2>{group.title()}</h2>
            {children()}
        </section>
    }
    .into_any()
}

/// A field with one element to type into or choose from, which has [`anchor`] for its id.
#[component]
pub fn Labelled(
    /// The form.
    fields: Fields,
    /// Which field.
    field: FieldId,
    /// Whether it is required, optional, or not there now.
    #[prop(into)]
    asks: Signal<Presence>,
    /// Stands at the right of the label.
    #[prop(optional, into)]
    counter: Option<Signal<String>>,
    /// The element.
    children: Children,
) -> AnyView {
    let id = anchor(field, None);
    view! {
        <div class="field" hidden=move || asks.get() == Presence::Absent on:focusout=move |event| {
            if !to_submit(&event) {
                after_press(move || fields.left.try_run(field));
            }
        }>
            <div class="field-head">
                <label for=id.clone()>{field.label()} <Asterisk asks/></label>
                {counter.map(|counter| view! { <span class="field-counter" aria-hidden="true">{counter}</span> })}
            </div>
            <Hint field/>
            {children()}
            <Errors fields field/>
        </div>
    }
    .into_any()
}

/// A field with several elements: a group with a legend.
#[component]
pub fn Grouped(
    /// The form.
    fields: Fields,
    /// Which field.
    field: FieldId,
    /// Whether it is required, optional, or not there now.
    #[prop(into)]
    asks: Signal<Presence>,
    /// The elements.
    children: Children,
) -> AnyView {
    view! {
        <fieldset
            class="field"
            id=anchor(field, None)
            tabindex="-1"
            hidden=move || asks.get() == Presence::Absent
            aria-describedby=described(field)
            on:focusout=move |event| {
                if leaves(&event) && !to_submit(&event) {
                    after_press(move || fields.left.try_run(field));
                }
            }
        >
            <legend>{field.label()} <Asterisk asks/></legend>
            <Hint field/>
            {children()}
            <Errors fields field/>
        </fieldset>
    }
    .into_any()
}

/// How often it is looked whether the button of the mouse is up again.
const PRESS: Duration = Duration::from_millis(40);

/// Runs it once nothing is pressed: an error that came now would move what the pointer presses away from under it.
fn after_press<T>(run: impl FnOnce() -> T + 'static) {
    match document().query_selector(":active") {
        Ok(Some(_)) => set_timeout(move || after_press(run), PRESS),
        _ => {
            run();
        }
    }
}

/// Whether the focus goes to the button that sends the form: that checks everything, and an error that came now would move the
/// button away from under the press.
fn to_submit(event: &FocusEvent) -> bool {
    let next = event.related_target().and_then(|next| next.dyn_into::<Element>().ok());
    next.is_some_and(|next| next.get_attribute("type").as_deref() == Some("submit"))
}

/// Whether the focus leaves the group for something outside it, and not for another of its elements.
fn leaves(event: &FocusEvent) -> bool {
    let group = event.current_target().and_then(|group| group.dyn_into::<Node>().ok());
    let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
    // A press on a label takes the focus to nothing first: the group is not left by that.
    next.is_some_and(|next| group.is_some_and(|group| !group.contains(Some(&next))))
}

/// What the system fills in, as text.
#[component]
pub fn Given(
    /// Which field.
    field: FieldId,
    /// Its value; a dash, if there is none yet.
    #[prop(into)]
    value: Signal<String>,
) -> AnyView {
    view! {
        <div class="field">
            <span class="field-label">{field.label()}</span>
            <p class="field-given">
                {move || Some(value.get()).filter(|text| !text.is_empty()).unwrap_or_else(|| "—".to_owned())}
                <span class="field-source">"系统自动获取"</span>
            </p>
        </div>
    }
    .into_any()
}

/// Tells the elements of one field from those of others. Not its name: the browser has no Debug (xtask/src/wasm.rs).
fn number(field: FieldId) -> u8 {
    field as u8
}

/// Of which elements the description of a field's element consists.
pub fn described(field: FieldId) -> String {
    format!("hint-{0} error-{0}", number(field))
}

#[component]
fn Asterisk(asks: Signal<Presence>) -> impl IntoView {
    let required = move || asks.get() == Presence::Required;
    view! {
        <span class="field-asterisk" hidden=move || !required()>"*"<span class="visually-hidden">"必填"</span></span>
        <span class="field-optional" hidden=required>"选填"</span>
    }
}

#[component]
fn Hint(field: FieldId) -> impl IntoView {
    view! { <p class="field-hint" id=format!("hint-{}", number(field))>{field.field().hint}</p> }
}

/// What is wrong with the field; a live region, so that it is said when it comes.
#[component]
fn Errors(fields: Fields, field: FieldId) -> impl IntoView {
    let texts = move || {
        let of = |errors: &domain::fields::FieldErrors| errors.of(field).map(|error| error.text.clone()).collect();
        let texts: Vec<String> = fields.errors.with(of);
        texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()
    };
    view! { <div class="field-errors" id=format!("error-{}", number(field)) aria-live="polite">{texts}</div> }
}

impl Fields {
    /// Whether anything is wrong with the field, for `aria-invalid`.
    pub fn invalid(self, field: FieldId) -> Option<&'static str> {
        self.errors.with(|errors| errors.of(field).next().is_some()).then_some("true")
    }
}
