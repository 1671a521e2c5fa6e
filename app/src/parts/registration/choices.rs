//! Fields to choose from.

use super::RegistrationState;
use crate::parts::form::{Grouped, Labelled, anchor, described};
use crate::parts::regions::regions;
use domain::fields::{Audience, FieldId, FrontRouting, Part, Presence, Registration, presence};
use domain::view::application_system::SystemView;
use domain::{Channel, PublicationType, Side, words};
use leptos::prelude::*;

const YES_NO: [(&str, &str); 2] = [("yes", "是"), ("no", "否")];

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
                {words::channel(*channel)}
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

/// 发布类型: H5 or 小程序, on the governance side.
#[component]
pub fn TypeChoice(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let options =
        [PublicationType::H5, PublicationType::MiniProgram].map(|kind| (kind.id(), words::publication_type(kind)));
    let chosen = state.first(|draft| draft.kind.clone());
    view! { <Radios state field=FieldId::Type name="draft[kind]" options=options.to_vec() chosen/> }
}

/// 代码托管: yes unless staff choose no, for H5 of the governance side.
#[component]
pub fn HostingChoice(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let chosen = state.draft.with_untracked(|draft| if draft.hosted == "no" { "no" } else { "yes" }.to_owned());
    view! { <Radios state field=FieldId::Hosting name="draft[hosted]" options=YES_NO.to_vec() chosen/> }
}

/// 所属区域: one region.
#[component]
pub fn RegionChoice(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let field = FieldId::Region;
    let chosen = state.draft.with_untracked(|draft| draft.region.clone());
    let option = move |(value, word): (String, String)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{word}</option> }
    };
    view! {
        <Labelled fields=state.fields() field asks=state.asks(field)>
            <select
                id=anchor(field, None)
                name="draft[region]"
                class="field-input"
                aria-describedby=described(field)
                aria-invalid=move || state.fields().invalid(field)
            >
                <option value="">"请选择"</option>
                {regions().into_iter().map(option).collect_view()}
            </select>
        </Labelled>
    }
}

/// 变更类型: one or both kinds of an information change.
#[component]
pub fn PartsChoice(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let one = move |(index, part): (usize, Part)| {
        let checked = state.first(|draft| draft.chosen_parts().has(part));
        view! {
            <label class="choice">
                <input type="checkbox" name=format!("draft[parts][{index}]") value=part.id() checked=checked/>
                {part.word()}
            </label>
        }
    };
    view! {
        <section class="card">
            <fieldset class="field">
                <legend>"变更类型"</legend>
                <p class="field-hint">"选一种或两种，只填要变的。没有选的类型保持不变。"</p>
                <div class="choices">{Part::ALL.into_iter().enumerate().map(one).collect_view()}</div>
            </fieldset>
        </section>
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

/// 前端路由: by paths, or by what stands behind `#`. Not on the form of a new registration.
#[component]
pub fn FrontRoutingChoice(
    /// The form.
    state: RegistrationState,
) -> impl IntoView {
    let field = FieldId::FrontRouting;
    if presence(field, state.form(), &state.shape()) == Presence::Absent {
        return ().into_any();
    }
    let chosen = state.first(|draft| FrontRouting::from_id(&draft.front_routing).unwrap_or_default().id().to_owned());
    let options = FrontRouting::ALL.map(|one| (one.id(), one.word()));
    view! { <Radios state field name="draft[front_routing]" options=options.to_vec() chosen/> }.into_any()
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
        _ => ("draft[domestic_os]", |draft| &draft.domestic_os),
    };
    let chosen = state.first(|draft| part(draft).clone());
    view! { <Radios state field name options=YES_NO.to_vec() chosen/> }
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
    let same_possible = Memo::new(move |_| {
        let shape = state.shape();
        shape.side == Side::Governance || shape.channels.has(Channel::ZheliApp)
    });
    let asks = state.asks(field);
    let optional = Memo::new(move |_| asks.get() == Presence::Optional);
    let url_hidden = move || {
        let mode = state.draft.with(|draft| draft.pc_mode.clone());
        (mode == "same" && same_possible.get()) || (mode.is_empty() && optional.get())
    };
    let none = mode.is_empty() && optional.get_untracked();
    let same = mode == "same";
    view! {
        <Grouped fields=state.fields() field asks=state.asks(field)>
            <div class="stack">
                <div class="choices" hidden=move || !same_possible.get() && asks.get() != Presence::Absent>
                    <Show when=move || optional.get()>
                        <label class="choice">
                            <input type="radio" name="draft[pc_mode]" value="" checked=none/>
                            "不填写"
                        </label>
                    </Show>
                    <label class="choice">
                        <input type="radio" name="draft[pc_mode]" value="fill" checked=!same && !none/>
                        "填充"
                    </label>
                    <label class="choice">
                        <input type="radio" name="draft[pc_mode]" value="same" checked=same/>
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
