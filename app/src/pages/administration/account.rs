//! 账号: one of them, or a new one.

use super::accounts::{StandingChip, roles};
use super::identities::Identities;
use super::links::Links;
use super::{came_to_check, person_of_address};
use crate::api::ApiError;
use crate::api::account::{
    ACCOUNTS_PAGE, AccountChange, AccountCreate, AccountSetActive, account_change, account_create, account_form,
    account_new_links, account_set_active,
};
use crate::pages::Page;
use crate::parts::crumbs::Crumbs;
use crate::parts::form::{ErrorSummary, Fields, Labelled, ShortForm, TypedField, anchor, described};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::registration::ENV;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::{FieldId, PersonDraft, Presence, validate_person};
use domain::view::account::{AccountRow, NewLink, OpenAccount, Standing};
use domain::{PersonId, Role};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;

/// The form.
pub struct AccountPage {
    form: Read<Result<OpenAccount, ApiError>>,
}

/// The address of a new account.
const NEW: &str = "new";

impl Page for AccountPage {
    fn data() -> Self {
        let (id, params) = (person_of_address(), use_params_map());
        let is_new = Memo::new(move |_| params.with(|map| map.get("id").is_some_and(|id| id == NEW)));
        let check = came_to_check();
        let form = ask(
            move || (id.get(), is_new.get()),
            move |(id, is_new)| async move {
                if id.is_none() && !is_new {
                    return Err(ApiError::NotFound);
                }
                account_form(id, check).await
            },
        );
        Self { form }
    }

    fn view(this: Self) -> AnyView {
        let form = this.form;
        // Outlive what is loaded: links are shown this once.
        let made = RwSignal::new(Vec::<NewLink>::new());
        let again = Callback::new(move |()| form.refetch());
        let draw = move |form: OpenAccount| view! { <One form made again/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <Crumbs above=vec![(ACCOUNTS_PAGE.to_owned(), "账号".to_owned())]/>
                {move || (!made.with(Vec::is_empty)).then(|| view! { <Links links=made.get()/> })}
                <Loaded data=form draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn One(form: OpenAccount, made: RwSignal<Vec<NewLink>>, again: Callback<()>) -> impl IntoView {
    let row = form.row.clone();
    let title = row.as_ref().map_or_else(|| "新建账号".to_owned(), |row| row.name.clone());
    let closed = row.as_ref().is_some_and(AccountRow::is_administrator);
    let linked = row.as_ref().map(|row| (row.id, form.identities.clone())).filter(|(_, of)| !of.is_empty());
    view! {
        <PageTitle text=title/>
        {row.map(|row| view! { <StandingCard row made again/> })}
        {linked.map(|(person, of)| view! { <Identities person of again/> })}
        {(!closed).then(|| view! { <Form form made again/> })}
    }
}

/// How it stands, and what can be done about it.
#[component]
fn StandingCard(row: AccountRow, made: RwSignal<Vec<NewLink>>, again: Callback<()>) -> impl IntoView {
    let id = row.id;
    let active = row.standing != Standing::Stopped;
    let set = Action::new(move |active: &bool| account_set_active(id, *active));
    let link = Action::new(move |(): &()| account_new_links(vec![id]));
    let question = NodeRef::<html::Details>::new();
    Effect::new(move |_| {
        if let Some(Ok(())) = set.value().get() {
            // The next question must not come under a second press.
            if let Some(question) = question.get_untracked() {
                question.set_open(false);
            }
            again.run(());
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(links)) = link.value().get() {
            made.set(links);
        }
    });
    let refused = move || {
        let of_set = set.value().get().and_then(Result::err);
        of_set.or_else(|| link.value().get().and_then(Result::err)).map(|error| error.to_string())
    };
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        set.dispatch(!active);
    };
    let administrator = row.is_administrator();
    view! {
        <section class="card card-form">
            <dl class="facts facts-plain">
                <dt>"账号"</dt>
                <dd>{row.account.clone()}</dd>
                <dt>"角色"</dt>
                <dd>{roles(&row)} <span class="quiet">"（由安全管理员设置）"</span></dd>
                <dt>"状态"</dt>
                <dd><StandingChip standing=row.standing/></dd>
            </dl>
            {move || refused().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            {if administrator {
                view! {
                    <p class="notice">
                        "这是管理员的账号，系统管理员不能更改、停用或为它生成激活链接。停用前先由安全管理员收回角色；激活链接由服务器的维护人员用 server init --account 生成。"
                    </p>
                }
                .into_any()
            } else {
                view! {
                    <div class="page-ways">
                        {active.then(|| view! {
                            <button
                                type="button"
                                class="button with-scripts"
                                disabled=link.pending()
                                on:click=move |_| {
                                    link.dispatch(());
                                }
                            >
                                "生成激活链接"
                            </button>
                        })}
                    </div>
                    <p class="quiet">"激活链接让本人设置新密码，忘记密码时也用它。"</p>
                    // Asked once: what ends does not come back.
                    <details node_ref=question>
                        <summary>{if active { "停用账号" } else { "启用账号" }}</summary>
                        <form method="post" action=AccountSetActive::PATH on:submit=send>
                            <p>
                                {if active {
                                    "停用后马上不能登录，所有会话、激活链接和 API 令牌同时失效，以后启用也不会恢复。"
                                } else {
                                    "启用后可以重新登录；停用前的会话、激活链接和 API 令牌不会恢复。"
                                }}
                            </p>
                            <input type="hidden" name="id" value=id.0.to_string()/>
                            <input type="hidden" name="active" value=(!active).to_string()/>
                            <button type="submit" class="button" disabled=set.pending()>
                                {if active { "确认停用" } else { "确认启用" }}
                            </button>
                        </form>
                    </details>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Form(form: OpenAccount, made: RwSignal<Vec<NewLink>>, again: Callback<()>) -> impl IntoView {
    let OpenAccount { row, draft, errors, departments, .. } = form;
    let id = row.map(|row| row.id);
    let short =
        ShortForm::new(move |draft: &PersonDraft| validate_person(draft, id.is_none(), &ENV).err().unwrap_or_default());
    if !errors.is_empty() {
        short.known(errors);
    }
    let saved = RwSignal::new(false);
    let save = Action::new(move |draft: &PersonDraft| kept(id, draft.clone()));
    Effect::new(move |_| match save.value().get() {
        Some(Ok(link)) => {
            made.set(link.into_iter().collect());
            saved.set(true);
            // The next one begins empty.
            if let (None, Some(form)) = (id, short.element.get_untracked()) {
                form.reset();
            }
            if id.is_some() {
                again.run(());
            }
        }
        Some(Err(ApiError::Invalid(found))) => short.show(found),
        _ => {}
    });
    let refused = move || save.value().get()?.err().filter(|error| !matches!(error, ApiError::Invalid(_)));
    let send = move |event: web_sys::SubmitEvent| {
        short.send(&event, |draft| {
            saved.set(false);
            save.dispatch(draft);
        });
    };
    let fields = short.fields();
    let path = if id.is_some() { AccountChange::PATH } else { AccountCreate::PATH };
    view! {
        <form node_ref=short.element method="post" action=path class="form" novalidate on:submit=send on:input=move |_| short.mended()>
            <ErrorSummary fields/>
            {move || refused().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
            {id.map(|id| view! { <input type="hidden" name="id" value=id.0.to_string()/> })}
            <section class="card">
                {id.is_none().then(|| view! {
                    <TypedField fields field=FieldId::Account name="draft[account]" value=draft.account asks=Presence::Required/>
                })}
                <TypedField fields field=FieldId::PersonName name="draft[name]" value=draft.name asks=Presence::Required/>
                <Department fields value=draft.department departments/>
                <TypedField fields field=FieldId::PersonMobile name="draft[mobile]" value=draft.mobile asks=Presence::Optional/>
                <TypedField fields field=FieldId::PersonEmail name="draft[email]" value=draft.email asks=Presence::Optional/>
                <TypedField fields field=FieldId::PersonDingtalk name="draft[dingtalk_id]" value=draft.dingtalk_id asks=Presence::Optional/>
            </section>
            <div class="form-foot form-foot-plain">
                {move || (saved.get() && id.is_some()).then(|| view! { <span class="quiet" role="status">"已保存"</span> })}
                <A href=ACCOUNTS_PAGE attr:class="button">"返回"</A>
                <button type="submit" class="button button-main" disabled=save.pending()>
                    {if id.is_some() { "保存" } else { "新建并生成激活链接" }}
                </button>
            </div>
        </form>
    }
}

async fn kept(id: Option<PersonId>, draft: PersonDraft) -> Result<Option<NewLink>, ApiError> {
    match id {
        Some(id) => account_change(id, draft).await.map(|()| None),
        None => account_create(draft).await.map(Some),
    }
}

/// Chosen among those that are known.
#[component]
fn Department(fields: Fields, value: String, departments: Vec<String>) -> impl IntoView {
    const FIELD: FieldId = FieldId::PersonDepartment;
    view! {
        <Labelled fields field=FIELD asks=Signal::stored(Presence::Optional)>
            <input
                id=anchor(FIELD, None)
                name="draft[department]"
                class="field-input"
                autocomplete="off"
                list="departments"
                value=value
                aria-describedby=described(FIELD)
                aria-invalid=move || fields.invalid(FIELD)
            />
            <datalist id="departments">
                {departments.into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
            </datalist>
        </Labelled>
    }
}
