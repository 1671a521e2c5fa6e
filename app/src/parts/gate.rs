//! Who may see a page at all.

use crate::api::ApiError;
use crate::parts::problem::Problem;
use crate::parts::session::SessionContext;
use crate::ui::drawn::drawn;
use domain::Role;
use leptos::either::Either;
use leptos::prelude::*;

/// The page for those with one of the roles; for others the reason, with its status. The server functions decide again.
#[component]
pub fn Gate(
    /// One of these.
    roles: &'static [Role],
    /// The page.
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Suspense>
            {drawn(move || Suspend::new(async move {
                let current = SessionContext::current_of_page().await;
                match current.me {
                    None => Either::Left(view! { <Problem error=ApiError::NotSignedIn/> }),
                    Some(me) if me.roles.iter().any(|role| roles.contains(role)) => {
                        Either::Right(children.with_value(|page| page()))
                    }
                    Some(_) => Either::Left(view! { <Problem error=ApiError::Forbidden/> }),
                }
            }))}
        </Suspense>
    }
}
