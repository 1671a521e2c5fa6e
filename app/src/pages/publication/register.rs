//! 注册服务侧名称 and 注册治理侧名称: the form (screens.md, Registration and change forms).

use crate::api::ApiError;
use crate::api::publication::{
    PublicationRegister, list_path, publication_form, publication_register, registered_path,
};
use crate::pages::Page;
use crate::parts::crumbs::{Crumbs, list_above};
use crate::parts::failed::Failed;
use crate::parts::form::{Card, ErrorSummary, Given, Opening, SavedMark};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::registration::{
    Addresses, Basic, Developer, Flow, Known, RegistrationState, ScopeField, SystemChoice, of_chosen,
};
use crate::parts::request::came_to_check;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::{FieldErrors, FieldId, Group, Registration};
use domain::view::application_system::SystemView;
use domain::view::publication::{Registered, RegistrationForm};
use domain::{Role, Side, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use uuid::Uuid;

/// The registration form of the service side.
pub struct RegisterServicePage {
    form: Read<Result<RegistrationForm, ApiError>>,
}

impl Page for RegisterServicePage {
    fn data() -> Self {
        Self { form: form_of(Side::Service) }
    }

    fn view(this: Self) -> AnyView {
        view! { <RegisterPage side=Side::Service form=this.form/> }.into_any()
    }
}

/// The registration form of the governance side.
pub struct RegisterGovernancePage {
    form: Read<Result<RegistrationForm, ApiError>>,
}

impl Page for RegisterGovernancePage {
    fn data() -> Self {
        Self { form: form_of(Side::Governance) }
    }

    fn view(this: Self) -> AnyView {
        view! { <RegisterPage side=Side::Governance form=this.form/> }.into_any()
    }
}

fn form_of(side: Side) -> Read<Result<RegistrationForm, ApiError>> {
    let check = came_to_check();
    ask(|| (), move |()| publication_form(side, check))
}

#[component]
fn RegisterPage(side: Side, form: Read<Result<RegistrationForm, ApiError>>) -> AnyView {
    view! {
        <Gate roles=&[Role::Staff]>
            <Loaded data=form draw=move |form| view! { <RegisterForm side form/> }.into_any()/>
        </Gate>
    }
    .into_any()
}

#[component]
fn RegisterForm(side: Side, form: RegistrationForm) -> AnyView {
    let saved_at = form.draft.as_ref().map(|draft| draft.saved_at);
    let first = first_draft(form.draft.map(|draft| draft.body), &form.systems);
    let opening = Opening { first, errors: form.errors, saved_at };
    let state = RegistrationState::new(side, opening);
    let systems = StoredValue::new(form.systems);
    let known = Known::of(state, systems);
    let key = form.key;
    let register = Action::new(move |draft: &Registration| publication_register(key, side, draft.clone()));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        state.read();
        let errors = state.check();
        // Whether the name is taken only the server knows: it refuses the rest by the same rules, and all is said at once.
        let asks = errors.of(FieldId::Name).next().is_none();
        if !errors.is_empty() {
            state.show(errors);
        }
        if asks {
            register.dispatch(state.draft.get_untracked());
        }
    };
    answered(state, side, register);
    let wrong = Signal::derive(move || !state.errors.with(FieldErrors::is_empty));
    let refused = move || match register.value().get() {
        Some(Err(error)) if !matches!(error, ApiError::Invalid(_)) => Some(error),
        _ => None,
    };
    view! {
        <Crumbs above=vec![list_above(side, Role::Staff)]/>
        <PageTitle text=words::register(side) wrong/>
        <ErrorSummary fields=state.fields()/>
        {move || refused().map(|error| view! { <Failed error way=list_path(side).to_owned()/> })}
        <form
            node_ref=state.element
            method="post"
            action=PublicationRegister::url()
            novalidate
            class="form"
            on:submit=send
            on:input=move |_| state.changed()
        >
            <input type="hidden" name="key" value=key.to_string()/>
            <input type="hidden" name="side" value=side.id()/>
            <Basic state known>
                <System state systems/>
                <Given field=FieldId::ServiceId value=Signal::stored("完成后生成".to_owned())/>
            </Basic>
            <Addresses state known/>
            <Card group=Group::Scope><ScopeField state/></Card>
            <Developer state/>
            <Flow state/>
            <div class="form-foot">
                <SavedMark state=*state/>
                <A href=list_path(side) attr:class="button">"返回"</A>
                <button type="submit" formaction="/api/publication/save_draft" class="button form-plain">"保存草稿"</button>
                <button type="submit" class="button button-main" disabled=register.pending()>
                    {match side {
                        Side::Service => "完成",
                        Side::Governance => "提交",
                    }}
                </button>
            </div>
        </form>
        <IconWithoutScripts side/>
    }
    .into_any()
}

/// Puts the icon into the draft, for browsers without scripts; the others never see it.
#[component]
fn IconWithoutScripts(side: Side) -> impl IntoView {
    view! {
        <form method="post" action="/icon" enctype="multipart/form-data" class="card form-plain">
            <input type="hidden" name="side" value=side.id()/>
            <label for="plain-icon">"图标（先保存草稿，再上传）"</label>
            <input id="plain-icon" type="file" name="file" accept="image/png"/>
            <button type="submit" class="button">"上传图标"</button>
        </form>
    }
}

/// What stood in the draft; coming from one application system, that one.
fn first_draft(draft: Option<Registration>, systems: &[SystemView]) -> Registration {
    let mut draft = draft.unwrap_or_default();
    if let Some(system) = system_of_address(systems) {
        draft.system = system.to_string();
    }
    if draft.system.is_empty() && systems.len() == 1 {
        draft.system = systems[0].id.to_string();
    }
    draft
}

fn system_of_address(systems: &[SystemView]) -> Option<Uuid> {
    let named: Option<Uuid> = use_query_map().with_untracked(|map| map.get("system")?.parse().ok());
    named.filter(|id| systems.iter().any(|system| system.id == *id))
}

/// What the server said: the list, or what is wrong.
fn answered(state: RegistrationState, side: Side, register: Action<Registration, Result<Registered, ApiError>>) {
    let navigate = use_navigate();
    Effect::new(move |_| match register.value().get() {
        Some(Ok(registered)) => {
            state.sent();
            navigate(&registered_path(side, &registered), Default::default());
        }
        Some(Err(ApiError::Invalid(errors))) => state.show(errors),
        _ => {}
    });
}

/// 应用系统: fixed when the address names one, else chosen.
#[component]
fn System(state: RegistrationState, systems: StoredValue<Vec<SystemView>>) -> AnyView {
    match systems.with_value(|systems| system_of_address(systems)) {
        Some(id) => view! {
            <input type="hidden" name="draft[system]" value=id.to_string()/>
            <Given field=FieldId::System value=Signal::derive(move || of_chosen(state, systems, |system| &system.name))/>
        }
        .into_any(),
        None => view! { <SystemChoice state systems=systems.get_value()/> }.into_any(),
    }
}
