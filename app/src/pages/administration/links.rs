//! Activation links, this once.

use crate::ui::copy::Copy;
use domain::view::account::NewLink;
use leptos::prelude::*;

/// The links that were just made, to be handed over.
#[component]
pub(super) fn Links(links: Vec<NewLink>) -> impl IntoView {
    let one = |of: NewLink| {
        view! {
            <li>
                <strong>{format!("{}（{}）", of.name, of.account)}</strong>
                <span class="account-link"><code>{of.link.clone()}</code> <Copy text=of.link/></span>
            </li>
        }
    };
    view! {
        <section class="card" role="status">
            <h2>"激活链接"</h2>
            <p>"只显示这一次，24 小时内有效，各用一次。请分别交给本人，不要代为激活。"</p>
            <ul class="new-links">{links.into_iter().map(one).collect_view()}</ul>
        </section>
    }
}
