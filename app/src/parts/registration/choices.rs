//! Fields to choose from.

use super::RegistrationState;
use crate::parts::form::{Grouped, Labelled, anchor, described};
use domain::fields::{Audience, FieldId, Presence, Registration};
use domain::view::application_system::SystemView;
use domain::{Channel, Side};
use leptos::prelude::*;

/// 发布端: one or more channels.
#[component]
pub fn ChannelChoice(
    /// The form.
    state: RegistrationState,
    /// Which side's channels.
    side: Side,
) -> impl IntoView {
    let one = move |(index, channel): (usize, &'static Channel)| {
        let checked = state.first(|draft| draft.channels.iter().any(|id| id == channel.id()));
        view! {
            <label class="choice">
                <input type="checkbox" name=format!("draft[channels][{index}]") value=channel.id() checked=checked/>
                {domain::words::channel(*channel)}
            </label>
        }
    };
    view! {
        <Grouped fields=state.fields() field=FieldId::Channels asks=state.asks(FieldId::Channels)>
            <div class="choices">
                {side.channels().iter().enumerate().map(one).collect_view()}
            </div>
        </Grouped>
    }
}

/// 应用系统: one of those that the person administers.
#[component]
pub fn SystemChoice(
    /// The form.
    state: RegistrationState,
    /// To choose from.
    systems: Vec<SystemView>,
) -> impl IntoView {
    let field = FieldId::System;
    let chosen = state.first(|draft| draft.system.clone());
    let option = move |system: SystemView| {
        let id = system.id.to_string();
        let selected = id == chosen;
        view! { <option value=id selected=selected>{system.name}</option> }
    };
    view! {
        <Labelled fields=state.fields() field asks=state.asks(field)>
            <select
                id=anchor(field, None)
                name="draft[system]"
                class="field-input"
                aria-describedby=described(field)
                aria-invalid=move || state.fields().invalid(field)
            >
                <option value="">"请选择"</option>
                {systems.into_iter().map(option).collect_view()}
            </select>
        </Labelled>
    }
}

/// 服务用户类型: one of three.
#[component]
pub fn AudienceChoice(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let chosen = state.first(|draft| draft.audience.clone());
    let options = Audience::ALL.map(|audience| (audience.id(), audience.word()));
    view! { <Radios state field=FieldId::Audience name="draft[audience]" options=options.to_vec() chosen/> }
}

/// A question with yes and no.
#[component]
pub fn YesNoChoice(
    /// The form.
    state: RegistrationState,
    /// Which field.
    field: FieldId,
) -> impl IntoView {
    let (name, part): (_, fn(&Registration) -> &String) = match field {
        FieldId::Unified => ("draft[unified]", |draft| &draft.unified),
        FieldId::Hosting => ("draft[hosted]", |draft| &draft.hosted),
        _ => ("draft[domestic_os]", |draft| &draft.domestic_os),
    };
    let chosen = state.first(|draft| part(draft).clone());
    view! { <Radios state field name options=vec![("yes", "是"), ("no", "否")] chosen/> }
}

/// PC端地址: typed in, or the same as the mobile address.
#[component]
pub fn PcAddressFields(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let field = FieldId::PcUrl;
    let (mode, url) = state.first(|draft| (draft.pc_mode.clone(), draft.pc_url.clone()));
    // Alone on 政务服务网 there is no mobile address to be the same as.
    let same_possible = Memo::new(move |_| state.shape().channels.has(Channel::ZheliApp));
    let asks = state.asks(field);
    let url_hidden = move || state.draft.with(|draft| draft.pc_mode == "same") && same_possible.get();
    let fill = mode != "same";
    view! {
        <Grouped fields=state.fields() field asks=state.asks(field)>
            <div class="stack">
                <div class="choices" hidden=move || !same_possible.get() && asks.get() != Presence::Absent>
                    <label class="choice">
                        <input type="radio" name="draft[pc_mode]" value="fill" checked=fill/>
                        "填充"
                    </label>
                    <label class="choice">
                        <input type="radio" name="draft[pc_mode]" value="same" checked=!fill/>
                        "同移动端地址"
                    </label>
                </div>
                <input
                    name="draft[pc_url]"
                    type="text"
                    inputmode="url"
                    autocomplete="off"
                    aria-label=field.label()
                    aria-describedby=described(field)
                    aria-invalid=move || state.fields().invalid(field)
                    value=url
                    class="field-input"
                    hidden=url_hidden
                />
            </div>
        </Grouped>
    }
}

#[component]
fn Radios(
    state: RegistrationState,
    field: FieldId,
    name: &'static str,
    options: Vec<(&'static str, &'static str)>,
    chosen: String,
) -> impl IntoView {
    let one = move |(id, word): (&'static str, &'static str)| {
        let checked = id == chosen;
        view! {
            <label class="choice">
                <input type="radio" name=name value=id checked=checked/>
                {word}
            </label>
        }
    };
    view! {
        <Grouped fields=state.fields() field asks=state.asks(field)>
            <div class="choices">
                {options.into_iter().map(one).collect_view()}
            </div>
        </Grouped>
    }
}
