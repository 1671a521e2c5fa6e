//! Where the numbers lead: each to a list of as many rows.

use crate::api::work_order::order_list_path;
use crate::ui::query_form::address;
use domain::OrderKind;
use domain::query::{Counted, Ended, WorkOrderQuery};
use domain::view::dashboard::OrderList;
use leptos::prelude::*;
use leptos_router::components::A;

/// The list that a viewer's numbers count.
#[derive(Clone, Copy)]
pub(super) struct Ways(pub(super) OrderList);

impl Ways {
    /// To what waits.
    pub(super) fn waits(self, kind: Option<OrderKind>, counted: Counted) -> String {
        self.to(WorkOrderQuery { kind, counted, ..WorkOrderQuery::default() })
    }

    /// To what ended then.
    pub(super) fn ended(self, ended: Ended, counted: Counted) -> String {
        let counted = Counted { ended: Some(ended), ..counted };
        self.to(WorkOrderQuery { over: true, counted, ..WorkOrderQuery::default() })
    }

    fn to(self, query: WorkOrderQuery) -> String {
        address(order_list_path(self.0), &query.parameters())
    }
}

/// A number of a table, with its way; there is none to what is not there.
pub(super) fn with_way(n: i64, way: String) -> AnyView {
    if n == 0 { 0.into_any() } else { view! { <A href=way>{n}</A> }.into_any() }
}
