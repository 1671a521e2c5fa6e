//! The cards of the form: of each field what the rules ask of it, typed or given by the system.

use super::RegistrationState;
use super::choices::{
    AudienceChoice, ChannelChoice, FrontRoutingChoice, HostingChoice, PcAddressFields, RegionChoice, TypeChoice,
    YesNoChoice,
};
use super::icon::IconField;
use super::rows::{Contacts, Parameters};
use super::texts::TextField;
use crate::parts::form::{Card, Given};
use domain::fields::{FieldId, Form, Group, Presence};
use domain::view::application_system::SystemView;
use domain::{Side, words};
use leptos::prelude::*;

/// What the system knows of the application system and the publication.
#[derive(Clone, Copy)]
pub struct Known {
    /// 建设部门.
    pub department: Signal<String>,
    /// 建设部门浙政钉ID.
    pub department_id: Signal<String>,
    /// 移动端地址 of a hosted one: empty before it was live.
    pub mobile: Signal<String>,
}

impl Known {
    /// What the chosen application system gives, of what is not live yet.
    pub fn of(state: RegistrationState, systems: StoredValue<Vec<SystemView>>) -> Self {
        let chosen = move |part: fn(&SystemView) -> &String| Signal::derive(move || of_chosen(state, systems, part));
        Self {
            department: chosen(|system| &system.department),
            department_id: chosen(|system| &system.department_dingtalk_id),
            mobile: Signal::stored(String::new()),
        }
    }
}

/// A part of the chosen application system; empty while none is chosen.
pub fn of_chosen(
    state: RegistrationState,
    systems: StoredValue<Vec<SystemView>>,
    part: fn(&SystemView) -> &String,
) -> String {
    let id = state.draft.with(|draft| draft.system.clone());
    systems.with_value(|systems| {
        systems.iter().find(|system| system.id.to_string() == id).map(part).cloned().unwrap_or_default()
    })
}

/// 基础信息; `children` is 应用系统.
#[component]
pub fn Basic(
    /// The form.
    state: RegistrationState,
    /// What the system fills in.
    known: Known,
    /// 应用系统.
    children: Children,
) -> AnyView {
    let shape = Signal::derive(move || state.shape());
    let kind = Signal::derive(move || {
        let none = shape.with(|shape| shape.channels.iter().next().is_none());
        if none { String::new() } else { words::publication_type(shape.get().kind).to_owned() }
    });
    let hosted = Signal::derive(move || {
        let none = shape.with(|shape| shape.channels.iter().next().is_none());
        if none { String::new() } else { if shape.get().hosted { "是" } else { "否" }.to_owned() }
    });
    let of_type = move || match state.form() {
        Form::New { side: Side::Governance } => view! { <TypeChoice state/> }.into_any(),
        _ => view! { <Given field=FieldId::Type value=kind/> }.into_any(),
    };
    let asks_hosting = state.asks(FieldId::Hosting);
    let of_hosting = move || match asks_hosting.get() {
        Presence::Optional => view! { <HostingChoice state/> }.into_any(),
        _ => view! { <Given field=FieldId::Hosting value=hosted/> }.into_any(),
    };
    let channels = match state.form() {
        Form::New { side: Side::Service } => view! { <ChannelChoice state side=Side::Service/> }.into_any(),
        _ => view! { <Given field=FieldId::Channels value=Signal::derive(move || channel_words(state))/> }.into_any(),
    };
    view! {
        <Card group=Group::Basic>
            {channels}
            <div class="field-pair">{of_type} {of_hosting}</div>
            {children()}
            <div class="field-pair">
                <Given field=FieldId::Department value=known.department/>
                <Given field=FieldId::DepartmentId value=known.department_id/>
            </div>
            <TextField state field=FieldId::Name/>
            <TextField state field=FieldId::Intro/>
            <IconField state/>
            <AudienceChoice state/>
            <YesNoChoice state field=FieldId::DomesticOs/>
        </Card>
    }
    .into_any()
}

fn channel_words(state: RegistrationState) -> String {
    state.shape().channels.iter().map(words::channel).collect::<Vec<_>>().join("、")
}

/// 地址.
#[component]
pub fn Addresses(
    /// The form.
    state: RegistrationState,
    /// What the system fills in.
    known: Known,
) -> AnyView {
    let asks = state.asks(FieldId::MobileUrl);
    let given = Signal::derive(move || match (asks.get(), known.mobile.get()) {
        (Presence::System, address) if address.is_empty() => "上线后生成".to_owned(),
        (_, address) => address,
    });
    let mobile = move || match asks.get() {
        Presence::Required | Presence::Optional => view! { <TextField state field=FieldId::MobileUrl/> }.into_any(),
        Presence::System => view! { <Given field=FieldId::MobileUrl value=given/> }.into_any(),
        Presence::Absent => ().into_any(),
    };
    view! {
        <Card group=Group::Address>
            {mobile}
            <TextField state field=FieldId::BackupUrl/>
            <PcAddressFields state/>
            <TextField state field=FieldId::HealthUrl/>
            <FrontRoutingChoice state/>
            <Parameters state/>
        </Card>
    }
    .into_any()
}

/// 开发商信息.
#[component]
pub fn Developer(
    /// The form.
    state: RegistrationState,
) -> AnyView {
    view! {
        <Card group=Group::Developer>
            <TextField state field=FieldId::Vendor/>
            <TextField state field=FieldId::CreditCode/>
            <Contacts state/>
        </Card>
    }
    .into_any()
}

/// 流程信息, of the governance side.
#[component]
pub fn Flow(
    /// The form.
    state: RegistrationState,
) -> AnyView {
    if state.side() == Side::Service {
        return ().into_any();
    }
    view! {
        <Card group=Group::Flow>
            <YesNoChoice state field=FieldId::Unified/>
            <RegionChoice state/>
        </Card>
    }
    .into_any()
}
