//! The ways from a page of 变更记录 to those around it.

use domain::view::change_pages::ChangePages;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;

/// The heading of the list, to which the ways lead.
pub const CHANGES_ANCHOR: &str = "changes";

/// The parameter that says below which version the page begins.
const BEFORE: &str = "before";

/// Below which version the address begins.
pub fn before_of_address() -> Memo<Option<i64>> {
    let map = use_query_map();
    Memo::new(move |_| map.with(|map| map.get(BEFORE)?.parse().ok()))
}

/// The parameters of an address, with this page in place of its own.
fn beginning(map: &ParamsMap, before: i64) -> String {
    let mut map = map.clone();
    map.replace(BEFORE, before.to_string());
    map.to_query_string()
}

/// 较新 and 更早; nothing where all of it is on one page. What else the address says stays, as an old version that is open.
#[component]
pub fn ChangePager(
    /// Where the list is.
    page: &'static str,
    /// Where the pages around it begin.
    pages: ChangePages,
) -> impl IntoView {
    let map = use_query_map();
    let to = move |before: i64| move || format!("{page}{}#{CHANGES_ANCHOR}", map.with(|map| beginning(map, before)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_another_page_keeps_what_is_open() {
        let of = |pairs: &[(&'static str, &str)]| pairs.iter().copied().collect::<ParamsMap>();
        assert_eq!(beginning(&of(&[]), 21), "?before=21");
        assert_eq!(beginning(&of(&[("version", "3")]), 21), "?version=3&before=21");
        assert_eq!(beginning(&of(&[("version", "3"), ("before", "41")]), 21), "?version=3&before=21");
        assert_eq!(beginning(&of(&[("before", "41"), ("version", "3")]), 21), "?before=21&version=3");
    }
}
