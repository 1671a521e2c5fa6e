//! 初始化: the three administrators of a new site are named, with the link that the terminal showed (identity.md, First start).

use crate::api::ApiError;
use crate::api::first_start::{first_start_create, first_start_look};
use crate::pages::Page;
use crate::parts::form::{ErrorSummary, Fields, ShortForm, anchor};
use crate::parts::loaded::Loaded;
use crate::ui::copy::Copy;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::{ADMINISTRATORS, FieldId, FirstStartDraft, validate_first_start};
use domain::view::person::NewAdministrator;
use domain::{Role, words};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page of the link.
pub struct FirstStartPage {
    code: Memo<String>,
    good: Read<Result<(), ApiError>>,
}

impl Page for FirstStartPage {
    fn data() -> Self {
        let code = code_of_address();
        Self { code, good: ask(move || code.get(), first_start_look) }
    }

    fn view(this: Self) -> AnyView {
        let code = this.code;
        // Outlives what is loaded: the links are shown this once.
        let made = RwSignal::new(None::<Vec<NewAdministrator>>);
        let draw = move |()| view! { <Three code made/> }.into_any();
        view! {
            <div class="account">
                <PageTitle text="初始化"/>
                {move || match made.get() {
                    Some(people) => view! { <Made people/> }.into_any(),
                    None => view! { <Loaded data=this.good draw/> }.into_any(),
                }}
            </div>
        }
        .into_any()
    }
}

/// Of the link.
pub(super) fn code_of_address() -> Memo<String> {
    let query = use_query_map();
    Memo::new(move |_| query.with(|map| map.get("code").unwrap_or_default()))
}

#[component]
fn Three(code: Memo<String>, made: RwSignal<Option<Vec<NewAdministrator>>>) -> impl IntoView {
    let form = ShortForm::new(|draft: &FirstStartDraft| validate_first_start(draft).err().unwrap_or_default());
    let create = Action::new(move |draft: &FirstStartDraft| first_start_create(code.get_untracked(), draft.clone()));
    Effect::new(move |_| match create.value().get() {
        Some(Ok(people)) => made.set(Some(people)),
        Some(Err(ApiError::Invalid(found))) => form.show(found),
        _ => {}
    });
    let refused = move || create.value().get()?.err().filter(|error| !matches!(error, ApiError::Invalid(_)));
    let send = move |event: web_sys::SubmitEvent| {
        form.send(&event, |draft| {
            create.dispatch(draft);
        });
    };
    let fields = form.fields();
    let people = ADMINISTRATORS.into_iter().zip(0..).map(|(role, at)| view! { <Administrator fields role at/> });
    view! {
        <p>"指定三位管理员，必须是三个不同的人，各管一摊，互相监督。提交后得到三个激活链接，分别交给本人设置密码。"</p>
        <form node_ref=form.element class="form with-scripts" novalidate on:submit=send on:input=move |_| form.mended()>
            <ErrorSummary fields/>
            {move || refused().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
            {people.collect_view()}
            <div class="form-foot form-foot-plain">
                <button type="submit" class="button button-main" disabled=create.pending()>"生成激活链接"</button>
            </div>
        </form>
        <noscript><p class="notice notice-warning">"初始化需要浏览器脚本。请启用脚本后刷新页面。"</p></noscript>
    }
    .into_any()
}

/// What each of them does.
const fn duties(role: Role) -> &'static str {
    match role {
        Role::SystemAdministrator => "管理账号、数据导入、渠道、检测规则、通知和系统设置",
        Role::SecurityAdministrator => "分配角色和审批路由，管理会话和登录策略",
        _ => "查看、导出和校验审计日志",
    }
}

#[component]
fn Administrator(fields: Fields, role: Role, at: u16) -> impl IntoView {
    view! {
        <fieldset class="card">
            <legend>{words::role(role)}</legend>
            <p class="quiet">{duties(role)}</p>
            <Line fields field=FieldId::PersonName at name=format!("draft[people][{at}][name]")/>
            <Line fields field=FieldId::Account at name=format!("draft[people][{at}][account]")/>
        </fieldset>
    }
}

/// One line to type in, of one of the three.
#[component]
fn Line(fields: Fields, field: FieldId, at: u16, name: String) -> impl IntoView {
    let wrong = move || {
        fields.errors.with(|errors| {
            errors.of(field).filter(|error| error.item == Some(at)).map(|error| error.text.clone()).collect::<Vec<_>>()
        })
    };
    let id = anchor(field, Some(at));
    let (error, hint) = (format!("{id}-error"), format!("{id}-hint"));
    let described = format!("{hint} {error}");
    view! {
        <div class="field" on:focusout=move |_| {
            fields.left.try_run(field);
        }>
            <label for=id.clone()>{field.label()}<span class="field-asterisk">"*"<span class="visually-hidden">"必填"</span></span></label>
            <p class="field-hint" id=hint>{field.field().hint}</p>
            <input
                id=id
                name=name
                class="field-input"
                autocomplete="off"
                aria-describedby=described
                aria-invalid=move || (!wrong().is_empty()).then_some("true")
            />
            <div class="field-errors" id=error aria-live="polite">
                {move || wrong().into_iter().map(|text| view! { <p>{text}</p> }).collect_view()}
            </div>
        </div>
    }
}

/// The links, this once.
#[component]
fn Made(people: Vec<NewAdministrator>) -> impl IntoView {
    let one = |person: NewAdministrator| {
        view! {
            <section class="card">
                <h2>{format!("{} · {}（{}）", words::role(person.role), person.name, person.account)}</h2>
                <p class="account-link"><code>{person.link.clone()}</code> <Copy text=person.link/></p>
            </section>
        }
    };
    view! {
        <p class="notice notice-success" role="status">
            "三个账号已建立。下面的激活链接只显示这一次，24 小时内有效，各用一次：请分别交给本人，不要代为激活。"
        </p>
        {people.into_iter().map(one).collect_view()}
    }
}
