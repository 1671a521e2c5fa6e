//! 开发商联系方式: a row a person; without scripts always a blank one for the next.

use super::RegistrationState;
use crate::parts::form::{Grouped, anchor, described};
use domain::fields::{ContactDraft, FieldId};
use leptos::prelude::*;

/// Names and mobile numbers of 1 to 20 people.
#[component]
pub fn Contacts(
    /// The form.
    state: RegistrationState,
) -> AnyView {
    let mut first = state.first(|draft| draft.contacts.clone());
    first.retain(|contact| *contact != ContactDraft::default());
    // Without scripts there is a blank row to fill in after each saving of the draft.
    first.push(ContactDraft::default());
    let rows = RwSignal::new(first.into_iter().enumerate().collect::<Vec<_>>());
    let next_id = StoredValue::new(rows.with_untracked(Vec::len));
    let add = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let id = next_id.get_value();
        next_id.set_value(id + 1);
        rows.update(|rows| rows.push((id, ContactDraft::default())));
    };
    let remove = move |id: usize| {
        rows.update(|rows| rows.retain(|(other, _)| *other != id));
        request_animation_frame(move || state.changed());
    };
    let several = move || rows.with(|rows| rows.len() > 1);
    let with_scripts = RwSignal::new(false);
    Effect::new(move |_| {
        with_scripts.set(true);
        // With scripts there is 添加联系人; what was typed into the blank row before they came stays.
        let blank =
            state.draft.with_untracked(|draft| draft.contacts.last().is_none_or(|it| *it == ContactDraft::default()));
        if blank && rows.with_untracked(Vec::len) > 1 {
            rows.update(|rows| {
                rows.pop();
            });
        }
    });
    view! {
        <Grouped fields=state.fields() field=FieldId::Contacts asks=state.asks(FieldId::Contacts)>
            <ol class="contacts">
                <ForEnumerate
                    each=move || rows.get()
                    key=|(id, _)| *id
                    children=move |index, (id, contact)| {
                        let remove = Callback::new(move |()| remove(id));
                        view! { <Row index contact several=Signal::derive(several) remove/> }
                    }
                />
            </ol>
            <div>
                // Without scripts it saves the draft, which comes back with a blank row. With them Enter must not press it.
                <button
                    type=move || if with_scripts.get() { "button" } else { "submit" }
                    formaction="/api/publication/save_draft"
                    formnovalidate=true
                    class="button"
                    on:click=add
                >
                    "添加联系人"
                </button>
            </div>
        </Grouped>
    }
    .into_any()
}

/// One person. The names and ids follow the place in the list, as errors count it.
#[component]
fn Row(index: ReadSignal<usize>, contact: ContactDraft, several: Signal<bool>, remove: Callback<()>) -> impl IntoView {
    let name_id = move || format!("contact-name-{}", index.get());
    let phone_id = move || format!("contact-phone-{}", index.get());
    let row_id = move || anchor(FieldId::Contacts, u16::try_from(index.get()).ok());
    let described = described(FieldId::Contacts);
    view! {
        <li class="contacts-row" id=row_id tabindex="-1">
            <div class="contacts-part">
                <label for=name_id>"真实姓名"</label>
                <input
                    id=name_id
                    name=move || format!("draft[contacts][{}][name]", index.get())
                    autocomplete="off"
                    value=contact.name
                    class="field-input"
                    aria-describedby=described.clone()
                />
            </div>
            <div class="contacts-part">
                <label for=phone_id>"手机号"</label>
                <input
                    id=phone_id
                    name=move || format!("draft[contacts][{}][phone]", index.get())
                    type="tel"
                    autocomplete="off"
                    value=contact.phone
                    class="field-input"
                    aria-describedby=described
                />
            </div>
            <button
                type="button"
                class="button contacts-remove"
                hidden=move || !several.get()
                on:click=move |_| remove.run(())
            >
                "删除"<span class="visually-hidden">{move || format!("第 {} 位联系人", index.get() + 1)}</span>
            </button>
        </li>
    }
}
