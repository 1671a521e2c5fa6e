//! 审批路由: the rules in order, tried with an example; vacant seats; the versions. Also without scripts: then there are empty lines
//! to fill, and 顺序 says which rule comes first.

mod example;
mod rule;

use super::came_to_check;
use crate::api::ApiError;
use crate::api::import::import_page;
use crate::api::routing::{ROUTING_PAGE, RoutingChange, routing_change, routing_open, routing_versions};
use crate::pages::Page;
use crate::parts::change_pages::before_of_address;
use crate::parts::clock::Ago;
use crate::parts::counts::up_to_999;
use crate::parts::form::{Sending, SentForm, ShortForm, anchor};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::versions::{VersionLine, Versions};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::Role;
use domain::fields::{FieldId, ROUTES_MOST, RouteDraft, RoutingDraft, TAKERS, validate_routing};
use domain::import::ImportKind;
use domain::view::change_pages::ChangePage;
use domain::view::home::Cards;
use domain::view::routing::{RoutingPage as Opened, StuckOrder};
use domain::{UtcMillis, words};
use example::Example;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use rule::Rule;

/// The rules; which version is in the address. And the versions, apart from them: whoever leafs through them loses nothing typed.
pub struct RoutingPage {
    page: Read<Result<Opened, ApiError>>,
    versions: Read<Result<ChangePage, ApiError>>,
    before: Memo<Option<i64>>,
}

impl Page for RoutingPage {
    fn data() -> Self {
        let (map, check) = (use_query_map(), came_to_check());
        let version = Memo::new(move |_| map.with(|map| map.get("version")?.parse::<i64>().ok()));
        let before = before_of_address();
        Self {
            page: ask(move || version.get(), move |version| routing_open(version, check)),
            versions: ask(move || before.get(), routing_versions),
            before,
        }
    }

    fn view(this: Self) -> AnyView {
        let (page, versions) = (this.page, this.versions);
        let again = Callback::new(move |()| {
            page.refetch();
            versions.refetch();
        });
        let draw = move |page: Opened| view! { <Rules page again/> }.into_any();
        let before = this.before;
        let list = move |versions: ChangePage| {
            let pages = versions.pages;
            view! { <Versions lines=lines(versions, before.get_untracked()) page=ROUTING_PAGE pages/> }.into_any()
        };
        view! {
            <Gate roles=&[Role::SecurityAdministrator]>
                <div class="page-head">
                    <PageTitle text="审批路由"/>
                    <span class="page-ways">
                        <A href=import_page(ImportKind::Routes) attr:class="button">"导入"</A>
                    </span>
                </div>
                <Loaded data=page part=true draw/>
                <Loaded data=versions part=true draw=list/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Rules(page: Opened, again: Callback<()>) -> impl IntoView {
    let Opened { number, shown, draft, errors, vacant, away, stuck, now } = page;
    // Who may be named, the server knows.
    let form = ShortForm::new(|draft: &RoutingDraft| validate_routing(draft, None).err().unwrap_or_default());
    if !errors.is_empty() {
        form.known(errors);
    }
    view! {
        <Stuck stuck now/>
        <Vacant vacant away/>
        <p class="quiet">
            "一张工单按顺序找第一条符合的规则，取它的步骤。已经提交的工单保持提交时的步骤，新规则只用于以后提交的。"
        </p>
        {(shown != number).then(|| view! {
            <p class="notice">
                {format!("下面是{}的规则。保存后成为新的版本，现行的{}仍然保留。", words::numbered_version(shown), words::numbered_version(number))}
                " " <A href=ROUTING_PAGE>"回到现行规则"</A>
            </p>
        })}
        <Form form number draft again/>
    }
}

/// 无人可审: what hurts already.
#[component]
fn Stuck(stuck: Cards<StuckOrder>, now: UtcMillis) -> impl IntoView {
    if stuck.rows.is_empty() {
        return ().into_any();
    }
    let more = usize::try_from(stuck.total).is_ok_and(|total| total > stuck.rows.len());
    let row = |order: StuckOrder| {
        view! {
            <tr>
                <th scope="row">{order.name} <span class="table-second">{order.department}</span></th>
                <td data-label="类型">{words::order_kind(order.kind)}</td>
                <td data-label="申请人">{order.initiator}</td>
                <td data-label="停在">{order.step}</td>
                <td data-label="从何时"><Ago at=order.since now/></td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="stuck">
            <h2 id="stuck">{words::NOBODY_CAN_DECIDE} "的工单"</h2>
            <p>
                "这些工单停在的步骤，现在没有足够的人可以审批。" <A href="/admin/roles">"给人设置角色"</A>
                "之后它们就能继续；申请人也可以撤回。"
            </p>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"名称"</th>
                        <th scope="col">"类型"</th>
                        <th scope="col">"申请人"</th>
                        <th scope="col">"停在"</th>
                        <th scope="col">"从何时"</th>
                    </tr>
                </thead>
                <tbody>{stuck.rows.into_iter().map(row).collect_view()}</tbody>
            </table>
            {more.then(|| view! { <p class="quiet">{format!("共 {} 张，这里列出最久的。", up_to_999(stuck.total))}</p> })}
        </section>
    }
    .into_any()
}

/// Seats that are empty, or whose holders are away, before it hurts.
#[component]
fn Vacant(vacant: Vec<(String, String)>, away: Vec<(String, String)>) -> impl IntoView {
    let warning = |steps: Vec<(String, String)>, what: &str| {
        let row = |(step, of): (String, String)| view! { <li><strong>{step}</strong> {format!("（{of}）")}</li> };
        let summary = format!("有 {} 个步骤{what}", steps.len());
        (!steps.is_empty()).then(|| {
            view! {
                <details class="notice notice-warning">
                    <summary>{summary}</summary>
                    <ul class="vacant">{steps.into_iter().map(row).collect_view()}</ul>
                    <p><A href="/admin/roles">"去设置角色"</A></p>
                </details>
            }
        })
    };
    let none = vacant.is_empty() && away.is_empty();
    view! {
        {none.then(|| view! { <p class="notice notice-success">"现行规则的每一步都有人可以审批。"</p> })}
        {warning(vacant, "现在没有足够的人审批，走到这一步的申请不能提交")}
        {warning(away, "能来审批的人不够：有人还没有登录过、30 天没有登录，或不再有这个角色")}
    }
}

#[component]
fn Form(form: ShortForm<RoutingDraft>, number: i64, draft: RoutingDraft, again: Callback<()>) -> impl IntoView {
    let save = Action::new(move |draft: &RoutingDraft| routing_change(number, draft.clone()));
    let navigate = use_navigate();
    let done = move |()| {
        // From an older version that was opened: to the present one.
        navigate(ROUTING_PAGE, Default::default());
        again.run(());
    };
    let fields = form.fields();
    let lines = RwSignal::new(draft.routes.len() + 1);
    let opened = StoredValue::new(draft.routes);
    let rule = move |at: usize| {
        let typed = opened.with_value(|routes| routes.get(at).cloned());
        let empty = || RouteDraft { order: ((at + 1) * 10).to_string(), ..RouteDraft::default() };
        view! { <Rule fields at typed=typed.unwrap_or_else(empty)/> }
    };
    let more = move |_| lines.update(|n| *n = (*n + 1).min(ROUTES_MOST));
    let whole = move || {
        let of = |errors: &domain::fields::FieldErrors| {
            errors.of(FieldId::Routes).filter(|error| error.item.is_none()).map(|error| error.text.clone()).collect()
        };
        let texts: Vec<String> = fields.errors.with(of);
        texts.into_iter().map(|text| view! { <p>{text}</p> }).collect_view()
    };
    let taken = draft.takes;
    let taker = move |(at, kind): (usize, domain::OrderKind)| {
        let chosen = taken.get(at).cloned().unwrap_or_default();
        let id = format!("take-{at}");
        let option = |(value, word): (&'static str, &'static str)| {
            view! { <option value=value selected={chosen == value}>{word}</option> }
        };
        view! {
            <div class="field">
                <label for=id.clone()>{words::order_kind(kind)}</label>
                <select id=id name=format!("draft[takes][{at}]") class="field-input">
                    {[("whole", "走全部步骤"), ("first", "只走第一步"), ("last", "只走最后一步")].map(option).collect_view()}
                </select>
            </div>
        }
    };
    let sending = Sending { path: RoutingChange::PATH, word: "保存为新版本", came_back: None };
    view! {
        <SentForm form sending action=save done>
            <input type="hidden" name="seen" value=number/>
            <div class="field-errors" id=anchor(FieldId::Routes, None) tabindex="-1" aria-live="polite">{whole}</div>
            <For each=move || 0..lines.get() key=|at| *at children=rule/>
            <p><button type="button" class="button with-scripts" on:click=more>"再加一条规则"</button></p>
            <section class="card">
                <h2>"各类工单走哪些步骤"</h2>
                <p class="quiet">"发布、升级和存量关联走规则的全部步骤。"</p>
                <div class="routing-pairs">{TAKERS.into_iter().enumerate().map(taker).collect_view()}</div>
            </section>
            <Example form/>
        </SentForm>
    }
}

/// The versions as the table has them, down to what counted before there was one. Who opens one keeps the page of the list.
fn lines(versions: ChangePage, before: Option<i64>) -> Vec<VersionLine> {
    let ChangePage { number, rows, pages } = versions;
    let here = before.map(|before| format!("&before={before}")).unwrap_or_default();
    let made = rows.into_iter().map(|row| (row.number, VersionLine::from(row)));
    let first = || (0, VersionLine { word: words::numbered_version(0), ..VersionLine::default() });
    let line = |(of, line): (i64, VersionLine)| VersionLine {
        present: of == number,
        way: (of != number).then(|| format!("{ROUTING_PAGE}?version={of}{here}")),
        ..line
    };
    made.chain(pages.older.is_none().then(first)).map(line).collect()
}
