//! The filters: a form whose answer is an address.

use super::address_of;
use crate::api::work_order::order_list_path;
use crate::ui::query_form::{KeywordField, QueryForm};
use crate::ui::select::Choice;
use domain::query::{Counted, WorkOrderQuery};
use domain::view::dashboard::OrderList;
use domain::{OrderKind, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// 关键字, 类型; what else the address says stays.
#[component]
pub(super) fn Filters(which: OrderList, query: Memo<WorkOrderQuery>) -> impl IntoView {
    let keyword = Signal::derive(move || query.with(|query| query.keyword.clone()));
    let parameter = move |name: &'static str| {
        let found = query.with(WorkOrderQuery::parameters).into_iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| value).unwrap_or_default()
    };
    let kept = move |name: &'static str| view! { <input type="hidden" name=name value=move || parameter(name)/> };
    let kinds = OrderKind::ALL.map(|kind| (kind.id().to_owned(), words::order_kind(kind).to_owned())).to_vec();
    let reset = move || {
        let over = query.with(|query| query.over);
        address_of(which, &WorkOrderQuery { over, ..WorkOrderQuery::default() })
    };
    view! {
        <QueryForm action=order_list_path(which)>
            <KeywordField value=keyword placeholder="服务名称或服务ID"/>
            <Choice name="kind" label="类型" options=kinds chosen=move || parameter("kind")/>
            {["tab", "size"].into_iter().chain(Counted::PARAMETERS).map(kept).collect_view()}
            <button type="submit" class="button button-main">"查询"</button>
            <A href=reset attr:class="button">"重置"</A>
        </QueryForm>
    }
}
