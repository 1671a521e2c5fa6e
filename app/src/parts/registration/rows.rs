//! 开发商联系方式 and 运行参数: a row a person, a row a parameter.

use super::RegistrationState;
use crate::parts::form::{PairRows, PairText, Pairs};
use domain::fields::{ContactDraft, FieldId, ParameterDraft, Presence, presence};
use leptos::prelude::*;

static CONTACTS: Pairs = Pairs {
    field: FieldId::Contacts,
    list: "contacts",
    texts: [
        PairText { name: "name", label: "真实姓名", kind: "text" },
        PairText { name: "phone", label: "手机号", kind: "tel" },
    ],
    one: "位联系人",
    add: "添加联系人",
    least: 1,
};

static PARAMETERS: Pairs = Pairs {
    field: FieldId::Parameters,
    list: "parameters",
    texts: [
        PairText { name: "name", label: "参数名", kind: "text" },
        PairText { name: "value", label: "正式值", kind: "text" },
    ],
    one: "个运行参数",
    add: "添加运行参数",
    least: 0,
};

/// Names and mobile numbers of 1 to 20 people.
#[component]
pub fn Contacts(
    /// The form.
    state: RegistrationState,
) -> AnyView {
    let first = state.first(|draft| draft.contacts.iter().map(|it| [it.name.clone(), it.phone.clone()]).collect());
    let last_is_blank =
        move || state.draft.with(|draft| draft.contacts.last().is_none_or(|it| *it == ContactDraft::default()));
    view! {
        <PairRows
            of=&CONTACTS
            fields=state.fields()
            asks=state.asks(FieldId::Contacts)
            first
            ends_blank=Signal::derive(last_is_blank)
            keep=state.keep()
            gone=Callback::new(move |()| state.changed())
        />
    }
    .into_any()
}

/// Names and values for live; only where the form has them.
#[component]
pub fn Parameters(
    /// The form.
    state: RegistrationState,
) -> AnyView {
    // Not hidden but not there: its blank row would be sent.
    if presence(FieldId::Parameters, state.form(), &state.shape()) == Presence::Absent {
        return ().into_any();
    }
    let first = state.first(|draft| draft.parameters.iter().map(|it| [it.name.clone(), it.value.clone()]).collect());
    let last_is_blank =
        move || state.draft.with(|draft| draft.parameters.last().is_none_or(|it| *it == ParameterDraft::default()));
    view! {
        <PairRows
            of=&PARAMETERS
            fields=state.fields()
            asks=state.asks(FieldId::Parameters)
            first
            ends_blank=Signal::derive(last_is_blank)
            keep=state.keep()
            gone=Callback::new(move |()| state.changed())
        />
    }
    .into_any()
}
