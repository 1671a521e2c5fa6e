//! A field to type into, of a form about one publication.

use super::{Fields, Labelled, anchor, described};
use domain::fields::{FieldId, Limit, Presence};
use leptos::either::Either;
use leptos::prelude::*;

/// A text of so many characters is written on several lines.
const LONG: u16 = 500;

/// One line, or several for a long text.
#[component]
pub fn TypedField(
    /// The form.
    fields: Fields,
    /// Which field.
    field: FieldId,
    /// Under which name it is sent.
    name: &'static str,
    /// How it opens.
    value: String,
    /// Whether it is required.
    asks: Presence,
) -> impl IntoView {
    let wrong = move || fields.invalid(field);
    let id = anchor(field, None);
    let input = match field.field().limit {
        Limit::Chars(most) if most >= LONG => Either::Left(view! {
            <textarea
                id=id
                name=name
                rows="4"
                class="field-input"
                aria-describedby=described(field)
                aria-invalid=wrong
            >
                {value}
            </textarea>
        }),
        _ => Either::Right(view! {
            <input
                id=id
                name=name
                type=kind(field)
                autocomplete=autocomplete(field)
                inputmode=(field == FieldId::OneTimeCode).then_some("numeric")
                value=value
                class="field-input"
                aria-describedby=described(field)
                aria-invalid=wrong
            />
        }),
    };
    view! { <Labelled fields field asks=Signal::stored(asks)>{input}</Labelled> }
}

const fn kind(field: FieldId) -> &'static str {
    match field {
        FieldId::ContactPhone => "tel",
        FieldId::ExpectedDate => "date",
        FieldId::NewPassword => "password",
        _ => "text",
    }
}

/// What the browser may fill in.
const fn autocomplete(field: FieldId) -> &'static str {
    match field {
        FieldId::NewPassword => "new-password",
        FieldId::OneTimeCode => "one-time-code",
        _ => "off",
    }
}
