//! The first page.

use crate::ui::title::PageTitle;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::{LazyRoute, lazy_route};

/// What the product is for.
pub struct HomePage;

#[lazy_route]
impl LazyRoute for HomePage {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        view! {
            <PageTitle text="工作台"/>
            <p class="lead">"一个应用从登记、部署、验收、审批到上线，都在这里完成。"</p>
            <p><A href="/about">"关于本系统"</A></p>
        }
        .into_any()
    }
}
