//! 工作台: where a person begins.

use crate::api::session::Current;
use crate::parts::session::{SessionContext, may};
use crate::ui::title::PageTitle;
use domain::Role;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::{LazyRoute, lazy_route};

/// What the person can begin with.
pub struct HomePage;

#[lazy_route]
impl LazyRoute for HomePage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        let content = || {
            Suspend::new(async move {
                let current = match SessionContext::get() {
                    Some(session) => session.current().await,
                    None => Current::default(),
                };
                beginning(&current)
            })
        };
        view! {
            <PageTitle text="工作台"/>
            <p>"一个应用从登记、部署、验收、审批到上线，都在这里完成。"</p>
            <Suspense>{content}</Suspense>
        }
        .into_any()
    }
}

fn beginning(current: &Current) -> impl IntoView + use<> {
    let signed_in = current.me.is_some();
    view! {
        {(!signed_in).then(|| view! { <p><A href="/login" attr:class="button button-main">"登录"</A></p> })}
        {may(current, Role::Staff).then(|| view! { <p><A href="/systems">"我的资源：应用系统"</A></p> })}
    }
}
