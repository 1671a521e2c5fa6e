//! 存量应用: the list, with 关联 (screens.md, List page).

use crate::api::ApiError;
use crate::api::import::import_page;
use crate::api::stock::{STOCK_PAGE, link_page, stock_list};
use crate::api::work_order::order_page;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::more::detail_page;
use crate::parts::numbers::NumbersUnasked;
use crate::parts::updates::ListUpdates;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::query_form::{self, KeywordField, QueryForm};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::import::ImportKind;
use domain::query::{From, StockQuery};
use domain::view::stock::{StockPage, StockRow};
use domain::{Action as Deed, Offer, OrderKind, Role, StockState, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The list; its state is the address.
pub struct StockListPage {
    query: Memo<StockQuery>,
    page: Read<Result<StockPage, ApiError>>,
}

impl Page for StockListPage {
    fn data() -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| StockQuery::parse(|name| map.get(name))));
        Self { query, page: ask(move || query.get(), stock_list) }
    }

    fn view(this: Self) -> AnyView {
        let StockListPage { query, page } = this;
        let reload = Callback::new(move |()| page.refetch());
        let draw = move |page: StockPage| view! { <List page query=query.get_untracked() reload/> }.into_any();
        view! {
            <Gate roles=&[Role::Staff, Role::Operator, Role::SystemAdministrator]>
                <PageTitle text="存量应用"/>
                <NumbersUnasked/>
                <Filters query/>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

/// The list's address with these parameters.
fn address(query: &StockQuery) -> String {
    query_form::address(STOCK_PAGE, &query.parameters())
}

/// Where the role goes on from here.
fn onward(viewer: Role) -> AnyView {
    let orders = |list: &str| format!("/orders/{list}?kind={}", OrderKind::Link.id());
    match viewer {
        Role::SystemAdministrator => {
            view! { <A href=import_page(ImportKind::Stock) attr:class="button button-main">"导入"</A> }.into_any()
        }
        Role::Operator => view! { <A href=orders("waiting") attr:class="button">"待我审批"</A> }.into_any(),
        _ => view! { <A href=orders("initiated") attr:class="button">"我的工单"</A> }.into_any(),
    }
}

#[component]
fn Filters(query: Memo<StockQuery>) -> impl IntoView {
    let keyword = Signal::derive(move || query.with(|query| query.keyword.clone()));
    let state = move || query.with(|query| query.state.map(StockState::id));
    view! {
        <QueryForm action=STOCK_PAGE>
            <KeywordField value=keyword placeholder="中文名、英文名或原应用ID"/>
            <input type="hidden" name="state" value=state/>
            <button type="submit" class="button button-main">"查询"</button>
            <A href=STOCK_PAGE attr:class="button">"重置"</A>
        </QueryForm>
    }
}

#[component]
fn List(page: StockPage, query: StockQuery, reload: Callback<()>) -> impl IntoView {
    let counts = page.counts;
    let ids: Vec<_> = page.rows.iter().map(|row| row.id.0).collect();
    let tab = |state: Option<StockState>, n: i64| {
        let here = (query.state == state).then_some("true");
        view! {
            <li>
                <a href=address(&query.tab(state)) class="tab" aria-current=here>
                    {state.map_or("全部", words::stock_state)} " " <span class="tab-count">{n}</span>
                </a>
            </li>
        }
    };
    let tabs = StockState::ALL.into_iter().zip(counts).map(|(state, n)| tab(Some(state), n)).collect_view();
    let to = |from: From| address(&StockQuery { from, ..query.clone() });
    let (newer, older) = (page.newer.map(|key| to(From::After(key))), page.older.map(|key| to(From::Before(key))));
    let filtered = !query.keyword.is_empty() || query.state.is_some();
    view! {
        <div class="page-head">
            <nav aria-label="关联状态">
                <ul class="tabs">{tab(None, counts.iter().sum())} {tabs}</ul>
            </nav>
            {onward(page.viewer)}
        </div>
        <ListUpdates heard=page.heard counts=move |news| ids.contains(&news.publication.0) reload/>
        {if page.rows.is_empty() {
            view! { <Empty filtered/> }.into_any()
        } else {
            view! { <Table rows=page.rows/> }.into_any()
        }}
        <nav class="pager" aria-label="分页">
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}

#[component]
fn Empty(filtered: bool) -> impl IntoView {
    if filtered {
        return view! {
            <div class="empty">
                <p>"没有符合条件的结果"</p>
                <A href=STOCK_PAGE attr:class="button">"清除筛选"</A>
            </div>
        }
        .into_any();
    }
    view! {
        <div class="empty">
            <p>"这里列出原平台上的 H5 应用，关联后在本平台管理。现在还没有：由系统管理员导入。"</p>
        </div>
    }
    .into_any()
}

#[component]
fn Table(rows: Vec<StockRow>) -> impl IntoView {
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"名称 / 原应用ID"</th>
                    <th scope="col">"建设部门"</th>
                    <th scope="col">"原平台状态"</th>
                    <th scope="col">"移动端地址"</th>
                    <th scope="col">"关联状态"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Row(row: StockRow) -> impl IntoView {
    let of = format!("：{}", row.name);
    let way = |href: String, word: &'static str| {
        let of = of.clone();
        view! { <A href=href attr:class="button">{word} <span class="visually-hidden">{of}</span></A> }
    };
    let again = row.state == StockState::Unlinked;
    let refusal = Some(row.refusal).filter(|reason| again && !reason.is_empty());
    view! {
        <tr>
            <th scope="row">
                {row.name} <span class="table-second" lang="en">{row.english_name}</span>
                <span class="table-second">{row.original_id}</span>
            </th>
            <td data-label="建设部门">{row.department}</td>
            <td data-label="原平台状态">{words::state(row.listed)}</td>
            <td data-label="移动端地址" class="table-address" title=row.address.clone()>{row.address.clone()}</td>
            <td data-label="关联状态">
                <StockChip state=row.state/>
                {refusal.map(|reason| view! { <span class="table-second">{format!("上次被拒绝：{reason}")}</span> })}
            </td>
            <td class="table-actions">
                <LinkWay id=row.id link=row.link of=of.clone()/>
                {row.order.map(|order| way(order_page(order), "工单"))}
                {row.publication.map(|id| way(detail_page(id), "详情"))}
            </td>
        </tr>
    }
}

/// 关联, or why not now.
#[component]
fn LinkWay(id: domain::StockId, link: Offer, of: String) -> AnyView {
    let word = words::action(Deed::Link);
    let of = view! { <span class="visually-hidden">{of}</span> };
    match link {
        Offer::Possible => view! { <A href=link_page(id) attr:class="button">{word} {of}</A> }.into_any(),
        Offer::Refused(refusal) => {
            let (why, note) = (refusal.sentence(), format!("why-{}", id.0));
            view! {
                <button type="button" class="button" aria-disabled="true" aria-describedby=note.clone() title=why.clone()>
                    {word} {of}
                </button>
                <span id=note class="visually-hidden">{why}</span>
            }
            .into_any()
        }
        Offer::Never => ().into_any(),
    }
}

#[component]
fn StockChip(state: StockState) -> impl IntoView {
    let (class, drawing) = match state {
        StockState::Unlinked => ("state-chip state-chip-staff", Drawing::Person),
        StockState::LinkInReview => ("state-chip state-chip-reviewer", Drawing::Review),
        StockState::Linked => ("state-chip state-chip-live", Drawing::Live),
    };
    view! { <span class=class><Icon drawing/>{words::stock_state(state)}</span> }
}
