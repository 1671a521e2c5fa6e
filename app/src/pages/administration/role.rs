//! 角色 of one person: a line each, with its region. Also without scripts: then there are empty lines to fill.

use super::accounts::or_dash;
use super::{came_to_check, person_of_address};
use crate::api::ApiError;
use crate::api::account::{ROLES_PAGE, RoleChange, role_change, role_form};
use crate::pages::Page;
use crate::parts::crumbs::Crumbs;
use crate::parts::form::{ErrorSummary, Fields, ShortForm, anchor};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::{FieldId, RolesDraft, SEATS_MOST, SeatDraft, validate_roles};
use domain::view::account::OpenRoles;
use domain::{PersonId, RegionCode, Role, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;

/// Empty lines below what the person has.
const EMPTY_LINES: usize = 2;

/// The form.
pub struct RolePage {
    form: Read<Result<OpenRoles, ApiError>>,
}

impl Page for RolePage {
    fn data() -> Self {
        let (id, check) = (person_of_address(), came_to_check());
        Self {
            form: ask(move || id.get(), move |id| async move { role_form(id.ok_or(ApiError::NotFound)?, check).await }),
        }
    }

    fn view(this: Self) -> AnyView {
        let draw = |form: OpenRoles| view! { <One form/> }.into_any();
        view! {
            <Gate roles=&[Role::SecurityAdministrator]>
                <Crumbs above=vec![(ROLES_PAGE.to_owned(), "角色".to_owned())]/>
                <Loaded data=this.form draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn One(form: OpenRoles) -> impl IntoView {
    let OpenRoles { row, seen, draft, errors, own } = form;
    let facts = [("账号", row.account.clone()), ("部门", or_dash(row.department.clone()))];
    let fact = |(name, value): (&'static str, String)| view! { <dt>{name}</dt> <dd>{value}</dd> };
    view! {
        <PageTitle text=format!("{}的角色", row.name)/>
        <section class="card card-form"><dl class="facts facts-plain">{facts.map(fact).collect_view()}</dl></section>
        {if own {
            view! { <p class="notice">"这是你自己的账号，角色要由另一位安全管理员更改。"</p> }.into_any()
        } else {
            let short = ShortForm::new(|draft: &RolesDraft| validate_roles(draft).err().unwrap_or_default());
            if !errors.is_empty() {
                short.known(errors);
            }
            view! { <Form id=row.id seen draft short/> }.into_any()
        }}
    }
}

#[component]
fn Form(id: PersonId, seen: String, draft: RolesDraft, short: ShortForm<RolesDraft>) -> impl IntoView {
    let opened_with = StoredValue::new(seen.clone());
    let save = Action::new(move |draft: &RolesDraft| role_change(id, opened_with.get_value(), draft.clone()));
    let navigate = use_navigate();
    Effect::new(move |_| match save.value().get() {
        Some(Ok(())) => navigate(ROLES_PAGE, Default::default()),
        Some(Err(ApiError::Invalid(found))) => short.show(found),
        _ => {}
    });
    let refused = move || save.value().get()?.err().filter(|error| !matches!(error, ApiError::Invalid(_)));
    let send = move |event: web_sys::SubmitEvent| {
        short.send(&event, |draft| {
            save.dispatch(draft);
        });
    };
    let fields = short.fields();
    let shown = draft.seats.len() + EMPTY_LINES;
    let lines = RwSignal::new(shown);
    let opened = StoredValue::new(draft.seats);
    let line = move |at: usize| {
        let typed = opened.with_value(|seats| seats.get(at).cloned()).unwrap_or_default();
        view! { <Line fields at typed/> }
    };
    let more = move |_| lines.update(|n| *n = (*n + 1).min(SEATS_MOST));
    let whole = move || {
        let of = |errors: &domain::fields::FieldErrors| {
            errors.of(FieldId::Seats).filter(|error| error.item.is_none()).map(|error| error.text.clone()).collect()
        };
        let texts: Vec<String> = fields.errors.with(of);
        texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()
    };
    view! {
        <form node_ref=short.element method="post" action=RoleChange::PATH class="form" novalidate on:submit=send on:input=move |_| short.mended()>
            <ErrorSummary fields/>
            {move || refused().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
            <input type="hidden" name="id" value=id.0.to_string()/>
            <input type="hidden" name="seen" value=seen/>
            <section class="card" id=anchor(FieldId::Seats, None) tabindex="-1">
                <p class="quiet">
                    "每行一个角色。审核人员要选择所审核的区域，可以有几行；系统管理员、安全管理员和审计员不能同时有其他角色。把角色选成“不设”就是收回这一行。"
                </p>
                <div class="field-errors" aria-live="polite">{whole}</div>
                <For each=move || 0..lines.get() key=|at| *at children=line/>
                <button type="button" class="button seat-more with-scripts" on:click=more>"再加一行"</button>
            </section>
            <p class="quiet">"保存后，这个人的所有会话马上结束，重新登录后按新的角色使用。成为或不再是三员的，原来的密码、激活链接和 API 令牌同时失效：三员的激活链接由服务器的维护人员用 server init --account 生成，其他人的由系统管理员生成。"</p>
            <div class="form-foot form-foot-plain">
                <A href=ROLES_PAGE attr:class="button">"返回"</A>
                <button type="submit" class="button button-main" disabled=save.pending()>"保存角色"</button>
            </div>
        </form>
    }
}

/// One role, and its region.
#[component]
fn Line(fields: Fields, at: usize, typed: SeatDraft) -> impl IntoView {
    let item = u16::try_from(at).ok();
    let wrong = move || {
        fields.errors.with(|errors| {
            errors
                .of(FieldId::Seats)
                .filter(|error| error.item == item)
                .map(|error| error.text.clone())
                .collect::<Vec<_>>()
        })
    };
    let id = anchor(FieldId::Seats, item);
    let (region_id, error_id) = (format!("{id}-region"), format!("{id}-error"));
    let role = |role: Role| {
        let chosen = role.id() == typed.role;
        view! { <option value=role.id() selected=chosen>{words::role(role)}</option> }
    };
    let region = |region: RegionCode| {
        let chosen = region.to_string() == typed.region;
        view! { <option value=region.to_string() selected=chosen>{region.path_name()}</option> }
    };
    let number = at + 1;
    view! {
        <div class="seat">
            <div class="field">
                <label for=id.clone()>{format!("第 {number} 个角色")}</label>
                <select
                    id=id
                    name=format!("draft[seats][{at}][role]")
                    class="field-input"
                    aria-describedby=error_id.clone()
                    aria-invalid=move || (!wrong().is_empty()).then_some("true")
                >
                    <option value="">"不设"</option>
                    {Role::ALL.map(role).collect_view()}
                </select>
            </div>
            <div class="field">
                <label for=region_id.clone()>"区域"<span class="visually-hidden">{format!("，第 {number} 个角色")}</span></label>
                <select id=region_id name=format!("draft[seats][{at}][region]") class="field-input">
                    <option value="">"没有"</option>
                    {RegionCode::all().map(region).collect_view()}
                </select>
            </div>
            <div class="field-errors seat-wrong" id=error_id aria-live="polite">
                {move || wrong().into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
            </div>
        </div>
    }
}
