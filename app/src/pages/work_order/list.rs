//! 我的工单: 我发起的 and 待我审批; for operators 全部工单; behind the 工单看板 所管系统的工单. Their state is the address (`domain::query`).

mod batch;
mod counted;
mod filter;
mod rows;

use crate::api::ApiError;
use crate::api::work_order::{
    order_list_path, work_order_administered, work_order_all, work_order_initiated, work_order_waiting,
};
use crate::pages::Page;
use crate::parts::crumbs::{Crumbs, board_above};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::updates::ListUpdates;
use crate::ui::query_form::address;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use batch::Batch;
use counted::CountedWords;
use domain::Role;
use domain::query::WorkOrderQuery;
use domain::view::dashboard::OrderList;
use domain::view::work_order::WorkOrderPage;
use filter::Filters;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use rows::{Rows, Tabs};

/// 我发起的.
pub struct InitiatedPage(ListState);

/// 待我审批.
pub struct WaitingPage(ListState);

impl Page for InitiatedPage {
    fn data() -> Self {
        let query = query_of_address();
        Self(ListState { query, rows: ask(move || query.get(), work_order_initiated) })
    }

    fn view(this: Self) -> AnyView {
        view! { <Gate roles=&[Role::Staff]><List which=OrderList::Initiated state=this.0/></Gate> }.into_any()
    }
}

impl Page for WaitingPage {
    fn data() -> Self {
        let query = query_of_address();
        Self(ListState { query, rows: ask(move || query.get(), work_order_waiting) })
    }

    fn view(this: Self) -> AnyView {
        view! { <Gate roles=&[Role::Reviewer, Role::Operator]><List which=OrderList::Waiting state=this.0/></Gate> }
            .into_any()
    }
}

/// 全部工单.
pub struct AllPage(ListState);

impl Page for AllPage {
    fn data() -> Self {
        let query = query_of_address();
        Self(ListState { query, rows: ask(move || query.get(), work_order_all) })
    }

    fn view(this: Self) -> AnyView {
        view! { <Gate roles=&[Role::Operator]><List which=OrderList::All state=this.0/></Gate> }.into_any()
    }
}

/// 所管系统的工单.
pub struct AdministeredPage(ListState);

impl Page for AdministeredPage {
    fn data() -> Self {
        let query = query_of_address();
        Self(ListState { query, rows: ask(move || query.get(), work_order_administered) })
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Gate roles=&[Role::Staff]>
                <Crumbs above=board_above()/>
                <List which=OrderList::Administered state=this.0/>
            </Gate>
        }
        .into_any()
    }
}

#[derive(Clone, Copy)]
struct ListState {
    query: Memo<WorkOrderQuery>,
    rows: Read<Result<WorkOrderPage, ApiError>>,
}

const fn word(which: OrderList) -> &'static str {
    match which {
        OrderList::Initiated => "我发起的",
        OrderList::Waiting => "待我审批",
        OrderList::Administered => "所管系统的工单",
        OrderList::All => "全部工单",
    }
}

/// The list's address with these parameters.
fn address_of(which: OrderList, query: &WorkOrderQuery) -> String {
    address(order_list_path(which), &query.parameters())
}

fn query_of_address() -> Memo<WorkOrderQuery> {
    let map = use_query_map();
    Memo::new(move |_| map.with(|map| WorkOrderQuery::parse(|name| map.get(name))))
}

#[component]
fn List(which: OrderList, state: ListState) -> impl IntoView {
    let ListState { query, rows } = state;
    let reload = Callback::new(move |()| rows.refetch());
    let batch = Batch::new();
    let draw = move |page: WorkOrderPage| {
        let query = query.get_untracked();
        batch.offer(&page);
        view! {
            <Tabs which query=query.clone() page=page.clone()/>
            <CountedWords which query=query.clone() page=page.clone()/>
            <ListUpdates heard=page.heard counts=|news| news.order.is_some() reload at_once=page.rows.is_empty()/>
            <Rows which query page batch/>
        }
        .into_any()
    };
    view! {
        <PageTitle text=word(which)/>
        <Filters which query/>
        <Loaded data=rows part=true draw/>
    }
}
