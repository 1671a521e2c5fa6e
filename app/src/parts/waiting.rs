//! How many orders wait for who is signed in: the number beside 待我审批.

use crate::api::ApiError;
use crate::api::work_order::work_order_waiting_count;
use crate::parts::live::Live;
use crate::parts::session::{SessionContext, may};
use crate::ui::drawn::drawn;
use domain::Role;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The number: one resource for all of the page.
#[derive(Clone, Copy)]
pub struct WaitingContext(Resource<Result<i64, ApiError>>);

impl WaitingContext {
    /// Asks the server, and hands the answer to all below.
    pub fn provide(session: SessionContext) {
        let count = move || async move {
            let current = session.current().await;
            // Nobody else decides anything: not worth a question.
            let decides = may(&current, Role::Reviewer) || may(&current, Role::Operator);
            if decides { work_order_waiting_count().await } else { Ok(0) }
        };
        provide_context(Self(Resource::new_blocking(|| (), move |()| count())));
    }

    /// Asks again: something was decided.
    pub fn refresh() {
        if let Some(Self(count)) = use_context() {
            count.refetch();
        }
    }

    /// Asks again whenever an order is filed or decided somewhere, or another page is opened.
    pub fn follow() {
        let Some(Self(count)) = use_context() else { return };
        let path = use_location().pathname;
        Effect::new(move |before: Option<(String, i64)>| {
            let now = (path.get(), Live::get().map_or(0, Live::last_about_orders));
            if before.is_some_and(|before| before != now) {
                count.refetch();
            }
            now
        });
    }
}

/// The number, if it is not zero.
#[component]
pub fn WaitingBadge() -> impl IntoView {
    let number = || {
        Suspend::new(async move {
            let count = match use_context::<WaitingContext>() {
                Some(WaitingContext(count)) => count.await.unwrap_or_default(),
                None => 0,
            };
            let text = if count >= 1_000 { "999+".to_owned() } else { count.to_string() };
            (count > 0).then(|| {
                view! { <span class="badge"><span class="visually-hidden">"，"</span>{text}<span class="visually-hidden">"个"</span></span> }
            })
        })
    };
    view! { <Transition>{drawn(number)}</Transition> }
}
