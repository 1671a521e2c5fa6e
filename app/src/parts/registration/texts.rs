//! Fields to type into.

use super::RegistrationState;
use crate::parts::form::{Labelled, anchor, described};
use domain::fields::{FieldId, Limit, Registration};
use domain::text;
use leptos::either::Either;
use leptos::prelude::*;

/// One line, or a few for a long text, with a counter in the width of Han characters.
#[component]
pub fn TextField(
    /// The form.
    state: RegistrationState,
    /// Which field.
    field: FieldId,
) -> impl IntoView {
    let (name, part) = name_and_part(field);
    let id = anchor(field, None);
    let counter = match field.field().limit {
        Limit::Width(most) => Some(Signal::derive(move || {
            let width = state.draft.with(|draft| text::han_width(part(draft)));
            format!("{width}/{}", most / 2)
        })),
        _ => None,
    };
    let value = state.first(|draft| part(draft).to_owned());
    let wrong = move || state.fields().invalid(field);
    let input = match field.field().limit {
        Limit::Width(most) if most >= 200 => Either::Left(view! {
            <textarea
                id=id
                name=name
                rows="3"
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
                type="text"
                inputmode=inputmode(field)
                autocomplete="off"
                value=value
                class="field-input"
                aria-describedby=described(field)
                aria-invalid=wrong
            />
        }),
    };
    view! {
        {match counter {
            Some(counter) => Either::Left(view! { <Labelled fields=state.fields() field asks=state.asks(field) counter>{input}</Labelled> }),
            None => Either::Right(view! { <Labelled fields=state.fields() field asks=state.asks(field)>{input}</Labelled> }),
        }}
    }
}

/// Under which name it is sent, and where the draft has it.
fn name_and_part(field: FieldId) -> (&'static str, fn(&Registration) -> &str) {
    match field {
        FieldId::Name => ("draft[name]", |draft| &draft.name),
        FieldId::Intro => ("draft[intro]", |draft| &draft.intro),
        FieldId::MobileUrl => ("draft[mobile_url]", |draft| &draft.mobile_url),
        FieldId::BackupUrl => ("draft[backup_url]", |draft| &draft.backup_url),
        FieldId::PcUrl => ("draft[pc_url]", |draft| &draft.pc_url),
        FieldId::HealthUrl => ("draft[health_url]", |draft| &draft.health_url),
        FieldId::Vendor => ("draft[vendor]", |draft| &draft.vendor),
        FieldId::CreditCode => ("draft[credit_code]", |draft| &draft.credit_code),
        // The others are chosen, not typed.
        _ => ("", |_| ""),
    }
}

fn inputmode(field: FieldId) -> Option<&'static str> {
    matches!(field, FieldId::MobileUrl | FieldId::BackupUrl | FieldId::PcUrl | FieldId::HealthUrl).then_some("url")
}
