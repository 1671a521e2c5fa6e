//! What a page shows when its data may not, or can not, be seen.

use crate::api::ApiError;
use crate::api::session::SignInQuery;
use crate::parts::more::detail_page;
use crate::parts::publication::publication_of_address;
use crate::ui::title::PageTitle;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// The whole page in place of its content: a heading, what is wrong, what to do. Who is not signed in is led to the sign-in, and
/// from there back.
#[component]
pub fn Problem(
    /// Why.
    error: ApiError,
) -> impl IntoView {
    let location = use_location();
    let about_a_publication = location.pathname.with_untracked(|path| path.starts_with("/publications/"));
    let publication = publication_of_address().get_untracked().filter(|_| about_a_publication);
    let here = format!("{}{}", location.pathname.get_untracked(), location.search.with_untracked(|s| query_of(s)));
    let sign_in = SignInQuery { next: here.clone(), ..SignInQuery::default() }.address();
    let heading = match &error {
        ApiError::NotSignedIn => "请先登录",
        ApiError::Forbidden => "没有权限",
        ApiError::NotFound => "没有找到",
        ApiError::Refused(_) => "现在不能这样做",
        ApiError::CodeOver => "二维码已失效",
        ApiError::Away => "暂时打不开",
        _ => "没有完成",
    };
    let away = error == ApiError::NotSignedIn;
    #[cfg(feature = "ssr")]
    if let (Some(status), Some(response)) = (error.page_status(), use_context::<leptos_axum::ResponseOptions>()) {
        response.set_status(status);
    }
    if away {
        lead_to(sign_in.clone());
    }
    view! {
        <PageTitle text=heading/>
        <p class="notice notice-danger" role="alert">{error.to_string()}</p>
        <p>
            {match publication.filter(|_| matches!(error, ApiError::Refused(_))) {
                _ if away => view! { <a href=sign_in rel="external">"去登录"</a> }.into_any(),
                Some(id) => view! { <A href=detail_page(id)>"回到详情"</A> }.into_any(),
                None if error.is_passing() => view! { <a href=here rel="external">"再试一次"</a> }.into_any(),
                None => view! { <A href="/">"回到首页"</A> }.into_any(),
            }}
        </p>
    }
}

/// Of a form with one field: that field's error is the sentence.
pub fn sentence_of(error: &ApiError) -> String {
    match error {
        ApiError::Invalid(errors) => errors.iter().next().map_or_else(|| error.to_string(), |first| first.text.clone()),
        other => other.to_string(),
    }
}

fn query_of(search: &str) -> String {
    let search = search.trim_start_matches('?');
    if search.is_empty() { String::new() } else { format!("?{search}") }
}

fn lead_to(address: String) {
    #[cfg(feature = "ssr")]
    leptos_axum::redirect(&address);
    #[cfg(not(feature = "ssr"))]
    Effect::new(move |_| {
        let _ = window().location().replace(&address);
    });
}
