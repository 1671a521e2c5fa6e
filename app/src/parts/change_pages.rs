//! The ways from a page of 变更记录 to those around it.

use domain::view::change_pages::ChangePages;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The heading of the list, to which the ways lead.
pub const CHANGES_ANCHOR: &str = "changes";

/// Below which version the address begins.
pub fn before_of_address() -> Memo<Option<i64>> {
    let map = use_query_map();
    Memo::new(move |_| map.with(|map| map.get("before")?.parse().ok()))
}

/// 较新 and 更早; nothing where all of it is on one page.
#[component]
pub fn ChangePager(
    /// Where the list is.
    page: &'static str,
    /// Where the pages around it begin.
    pages: ChangePages,
) -> impl IntoView {
    let to = |before: i64| format!("{page}?before={before}#{CHANGES_ANCHOR}");
    let (newer, older) = (pages.newer.map(to), pages.older.map(to));
    (newer.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="变更记录分页">
                <span class="pager-ways">
                    {newer.map(|href| view! { <A href=href attr:class="button">"‹ 较新的"</A> })}
                    {older.map(|href| view! { <A href=href attr:class="button">"更早的 ›"</A> })}
                </span>
            </nav>
        }
    })
}
