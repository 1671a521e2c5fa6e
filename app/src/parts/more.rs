//! 更多: what can be done with one row. It opens without scripts, too; what can not be done is said with them only.

use crate::ui::menu::MenuButton;
use domain::view::publication::RowMenu;
use domain::{Action, PublicationId, words};
use leptos::prelude::*;

/// The first action as a link beside it, and the menu with all. Plain links: the router follows them all the same, and a list has
/// a hundred.
#[component]
pub fn More(
    /// Whose.
    id: PublicationId,
    /// Its name: which row the buttons belong to, for who can't see the table.
    name: String,
    /// What is possible.
    menu: RowMenu,
) -> impl IntoView {
    let pages: Vec<_> = menu.possible.iter().filter_map(|action| Some((*action, page_of(id, *action)?))).collect();
    let disabled: Vec<_> = menu.refused.into_iter().filter(|(action, _)| page_of(id, *action).is_some()).collect();
    let first = pages.first().cloned();
    let link = |(action, href): (Action, String)| {
        view! { <li><a href=href class="menu-item">{words::menu_item(action)}</a></li> }
    };
    let refused = |(action, why): &(Action, String)| {
        view! {
            <li>
                <span class="menu-item menu-item-off" tabindex="0" role="link" aria-disabled="true">
                    {words::menu_item(*action)}
                    <span class="menu-reason">{why.clone()}</span>
                </span>
            </li>
        }
    };
    let later = move || {
        let divider = (!disabled.is_empty()).then(|| view! { <li class="menu-divider" aria-hidden="true"></li> });
        view! { {divider} {disabled.iter().map(refused).collect_view()} }
    };
    view! {
        <div class="row-actions">
            {first.map(|(action, href)| view! { <a href=href class="button">{words::menu_item(action)}</a> })}
            <MenuButton label="更多" of=name later>
                {pages.into_iter().map(link).collect_view()}
                <li><a href=detail_page(id) class="menu-item">"详情"</a></li>
            </MenuButton>
        </div>
    }
}

/// 详情.
pub fn detail_page(id: PublicationId) -> String {
    format!("/publications/{}", id.0)
}

/// The publication on the developer workbench.
pub fn workbench_page(id: PublicationId) -> String {
    format!("/dev/{}", id.0)
}

/// API 令牌 of the publication.
pub fn tokens_page(id: PublicationId) -> String {
    format!("/dev/{}/tokens", id.0)
}

/// The page on which an action is done; `None` for those that have none yet.
pub fn page_of(id: PublicationId, action: Action) -> Option<String> {
    let name = match action {
        Action::Accept => "acceptance",
        Action::SubmitForApproval => "approval",
        Action::CorrectRegistration => "correction",
        Action::RequestInfoChange => "change",
        Action::TakeOffline => "offline",
        Action::RollBack => "rollback",
        Action::ApplyForChannels => "channels",
        Action::Redeploy | Action::Upgrade | Action::CancelUpgrade | Action::Republish => {
            return Some(format!("{}/act/{}", detail_page(id), action.id()));
        }
        Action::Upload | Action::SubmitForAcceptance | Action::CompleteConfiguration => {
            return Some(workbench_page(id));
        }
        _ => return None,
    };
    Some(format!("{}/{name}", detail_page(id)))
}
