//! What a page says after a form whose contacts' numbers could not be asked for (lifecycle.md, Registration fields).

use domain::view::publication::Numbers;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page that such a form leads to, which then says so.
pub fn telling(page: &str, numbers: Numbers) -> String {
    match numbers {
        Numbers::Asked => page.to_owned(),
        Numbers::Unasked => format!("{page}?numbers=unasked"),
    }
}

/// The sentence, if the address asks for it.
#[component]
pub fn NumbersUnasked() -> impl IntoView {
    let unasked = use_query_map().with_untracked(|map| map.get("numbers").as_deref() == Some("unasked"));
    let sentence = "浙政钉暂时没有应答，开发商联系人的手机号没有核对，请自行确认号码正确。";
    unasked.then(|| view! { <p class="notice notice-warning" role="status">{sentence}</p> })
}
