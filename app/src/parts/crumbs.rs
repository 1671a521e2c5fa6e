//! 面包屑: the way back up, above the heading.

use crate::api::publication::list_path;
use crate::parts::more::detail_page;
use domain::view::publication::PublicationRow;
use domain::{Role, Side, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// The list above a publication, for who looks as this.
pub fn list_above(side: Side, looks: Role) -> (String, String) {
    match looks {
        Role::Staff => (list_path(side).to_owned(), format!("{}名称列表", words::side(side))),
        Role::Developer => ("/dev".to_owned(), "开发者工作台".to_owned()),
        _ => ("/orders/waiting".to_owned(), "待我审批".to_owned()),
    }
}

/// The pages above one that does something with a publication.
pub fn above_deed(side: Side, row: &PublicationRow) -> Vec<(String, String)> {
    vec![list_above(side, Role::Staff), (detail_page(row.id), row.name.clone())]
}

/// What stands above a list that the 工单看板 leads to.
pub fn board_above() -> Vec<(String, String)> {
    vec![("/dashboard".to_owned(), "工单看板".to_owned())]
}

/// The pages above this one, from the top.
#[component]
pub fn Crumbs(
    /// Address and name of each.
    above: Vec<(String, String)>,
) -> impl IntoView {
    let one = |(href, word): (String, String)| view! { <li><A href=href>{word}</A></li> };
    view! {
        <nav class="crumbs" aria-label="面包屑">
            <ol>{above.into_iter().map(one).collect_view()}</ol>
        </nav>
    }
}
