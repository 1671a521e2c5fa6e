//! 我的工单: 我发起的 and 待我审批; for operators 全部工单. Their state is the address (`domain::query`).

mod batch;
mod filter;
mod rows;

use crate::api::ApiError;
use crate::api::work_order::{work_order_all, work_order_initiated, work_order_waiting};
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::updates::ListUpdates;
use crate::ui::query_form::address;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use batch::Batch;
use domain::Role;
use domain::query::WorkOrderQuery;
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
        view! { <Gate roles=&[Role::Staff]><List which=Which::Initiated state=this.0/></Gate> }.into_any()
    }
}

impl Page for WaitingPage {
    fn data() -> Self {
        let query = query_of_address();
        Self(ListState { query, rows: ask(move || query.get(), work_order_waiting) })
    }

    fn view(this: Self) -> AnyView {
        view! { <Gate roles=&[Role::Reviewer, Role::Operator]><List which=Which::Waiting state=this.0/></Gate> }
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
        view! { <Gate roles=&[Role::Operator]><List which=Which::All state=this.0/></Gate> }.into_any()
    }
}

#[derive(Clone, Copy)]
struct ListState {
    query: Memo<WorkOrderQuery>,
    rows: Read<Result<WorkOrderPage, ApiError>>,
}

/// Which of the lists.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Initiated,
    Waiting,
    All,
}

impl Which {
    const fn word(self) -> &'static str {
        match self {
            Self::Initiated => "我发起的",
            Self::Waiting => "待我审批",
            Self::All => "全部工单",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Initiated => "/orders/initiated",
            Self::Waiting => "/orders/waiting",
            Self::All => "/orders/all",
        }
    }

    /// The list's address with these parameters.
    fn address(self, query: &WorkOrderQuery) -> String {
        address(self.path(), &query.parameters())
    }
}

fn query_of_address() -> Memo<WorkOrderQuery> {
    let map = use_query_map();
    Memo::new(move |_| map.with(|map| WorkOrderQuery::parse(|name| map.get(name))))
}

#[component]
fn List(which: Which, state: ListState) -> impl IntoView {
    let ListState { query, rows } = state;
    let reload = Callback::new(move |()| rows.refetch());
    let batch = Batch::new();
    let draw = move |page: WorkOrderPage| {
        let query = query.get_untracked();
        batch.offer(&page);
        view! {
            <Tabs which query=query.clone() page=page.clone()/>
            <ListUpdates heard=page.heard counts=|news| news.order.is_some() reload/>
            <Rows which query page batch/>
        }
        .into_any()
    };
    view! {
        <PageTitle text=which.word()/>
        <Filters which query/>
        <Loaded data=rows part=true draw/>
    }
}
