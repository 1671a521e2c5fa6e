//! The answer to an address that names nothing.

use crate::ui::title::PageTitle;
use leptos::prelude::*;
use leptos_router::components::A;

/// Says that there is nothing here, with status 404, and shows the way back.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <PageTitle text="没有这个页面"/>
        <p>"地址可能写错了，或者页面已经移走。请检查地址，或者从首页重新开始。"</p>
        <p><A href="/">"回到首页"</A></p>
    }
}
