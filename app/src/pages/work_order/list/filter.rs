//! The filters: a form whose answer is an address.

use super::Which;
use crate::ui::query_form::QueryForm;
use crate::ui::select::Choice;
use domain::query::WorkOrderQuery;
use domain::{OrderKind, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// 关键字, 类型; what else the address says stays.
#[component]
pub(super) fn Filters(which: Which, query: Memo<WorkOrderQuery>) -> impl IntoView {
    let keyword = move || query.with(|query| query.keyword.clone());
    let parameter = move |name: &'static str| {
        let found = query.with(WorkOrderQuery::parameters).into_iter().find(|(other, _)| *other == name);
        found.map(|(_, value)| value).unwrap_or_default()
    };
    let kept = move |name: &'static str| view! { <input type="hidden" name=name value=move || parameter(name)/> };
    let kinds = OrderKind::ALL.map(|kind| (kind.id().to_owned(), words::order_kind(kind).to_owned())).to_vec();
    let reset = move || {
        let over = query.with(|query| query.over);
        which.address(&WorkOrderQuery { over, ..WorkOrderQuery::default() })
    };
    view! {
        <QueryForm action=which.path()>
            <div class="field filter-wide">
                <label for="q">"关键字"</label>
                <input
                    id="q"
                    name="q"
                    type="search"
                    class="field-input"
                    autocomplete="off"
                    placeholder="服务名称或服务ID"
                    value=keyword
                    prop:value=keyword
                />
            </div>
            <Choice name="kind" label="类型" options=kinds chosen=move || parameter("kind")/>
            {["tab", "size"].map(kept).collect_view()}
            <button type="submit" class="button button-main">"查询"</button>
            <A href=reset attr:class="button">"重置"</A>
        </QueryForm>
    }
}
