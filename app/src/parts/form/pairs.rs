//! Rows of two texts each: people with their number, parameters with their value. Without scripts always a blank one for the next.

use super::field::{Grouped, anchor, described};
use super::state::Fields;
use domain::fields::{FieldId, Presence};
use leptos::prelude::*;

/// What the rows are. The words follow the field table's.
pub struct Pairs {
    /// Which field.
    pub field: FieldId,
    /// Its name on the wire.
    pub list: &'static str,
    /// The two texts of a row.
    pub texts: [PairText; 2],
    /// One row, counted: 第 1 位联系人.
    pub one: &'static str,
    /// The button that adds one.
    pub add: &'static str,
    /// With scripts there are never fewer rows.
    pub least: usize,
}

/// One text of a row.
pub struct PairText {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// The type of its input.
    pub kind: &'static str,
}

/// The rows, in a group of the form.
#[component]
pub fn PairRows(
    /// What they are.
    of: &'static Pairs,
    /// The form.
    fields: Fields,
    /// Whether the field is asked.
    #[prop(into)]
    asks: Signal<Presence>,
    /// The rows as the page came.
    mut first: Vec<[String; 2]>,
    /// Whether the last row is blank as it is typed now.
    #[prop(into)]
    ends_blank: Signal<bool>,
    /// Where a form without scripts keeps its draft, which comes back with a blank row.
    keep: &'static str,
    /// A row went: the form is to be read again.
    gone: Callback<()>,
) -> AnyView {
    first.retain(|row| row.iter().any(|text| !text.is_empty()));
    // Without scripts there is a blank row to fill in after each saving of the draft.
    first.push(Default::default());
    let rows = RwSignal::new(first.into_iter().enumerate().collect::<Vec<_>>());
    let next_id = StoredValue::new(rows.with_untracked(Vec::len));
    let add = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        let id = next_id.get_value();
        next_id.set_value(id + 1);
        rows.update(|rows| rows.push((id, Default::default())));
    };
    let remove = move |id: usize| {
        rows.update(|rows| rows.retain(|(other, _)| *other != id));
        request_animation_frame(move || gone.run(()));
    };
    let several = Signal::derive(move || rows.with(|rows| rows.len() > of.least));
    let with_scripts = RwSignal::new(false);
    Effect::new(move |_| {
        with_scripts.set(true);
        // With scripts there is the button; what was typed into the blank row before they came stays.
        if ends_blank.get_untracked() && rows.with_untracked(Vec::len) > of.least {
            rows.update(|rows| {
                rows.pop();
            });
        }
    });
    view! {
        <Grouped fields field=of.field asks>
            <ol class="pairs">
                <ForEnumerate
                    each=move || rows.get()
                    key=|(id, _)| *id
                    children=move |index, (id, row)| {
                        view! { <Row of index row several remove=Callback::new(move |()| remove(id))/> }
                    }
                />
            </ol>
            <div>
                // Without scripts it saves the draft, which comes back with a blank row. With them Enter must not press it.
                <button
                    type=move || if with_scripts.get() { "button" } else { "submit" }
                    formaction=keep
                    formnovalidate=true
                    class="button"
                    on:click=add
                >
                    {of.add}
                </button>
            </div>
        </Grouped>
    }
    .into_any()
}

/// One row. The names and ids follow the place in the list, as errors count it.
#[component]
fn Row(
    of: &'static Pairs,
    index: ReadSignal<usize>,
    row: [String; 2],
    several: Signal<bool>,
    remove: Callback<()>,
) -> impl IntoView {
    let row_id = move || anchor(of.field, u16::try_from(index.get()).ok());
    let text = move |(text, value): (&'static PairText, String)| {
        let id = move || format!("{}-{}-{}", of.list, text.name, index.get());
        view! {
            <div class="pairs-part">
                <label for=id>{text.label}</label>
                <input
                    id=id
                    name=move || format!("draft[{}][{}][{}]", of.list, index.get(), text.name)
                    type=text.kind
                    autocomplete="off"
                    value=value
                    class="field-input"
                    aria-describedby=described(of.field)
                />
            </div>
        }
    };
    view! {
        <li class="pairs-row" id=row_id tabindex="-1">
            {of.texts.iter().zip(row).map(text).collect_view()}
            <button type="button" class="button" hidden=move || !several.get() on:click=move |_| remove.run(())>
                "删除"<span class="visually-hidden">{move || format!("第 {} {}", index.get() + 1, of.one)}</span>
            </button>
        </li>
    }
}
