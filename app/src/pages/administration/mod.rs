//! What the system administrator and the security administrator keep (identity.md, The three administrators).

mod account;
mod accounts;
mod departments;
mod identities;
mod import;
mod links;
mod policy;
mod role;
mod roles;
mod routing;
mod sessions;
mod sign_ins;

pub use account::AccountPage;
pub use accounts::AccountListPage;
pub use departments::DepartmentListPage;
pub use import::ImportPage;
pub use policy::PolicyPage;
pub use role::RolePage;
pub use roles::RoleListPage;
pub use routing::RoutingPage;
pub use sessions::{OwnSessionsPage, SessionsPage};
pub use sign_ins::SignInsPage;

use crate::parts::request::came_to_check;
use domain::PersonId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The person of the address; `None`: it names none.
fn person_of_address() -> Memo<Option<PersonId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|map| map.get("id")?.parse().ok().map(PersonId)))
}
