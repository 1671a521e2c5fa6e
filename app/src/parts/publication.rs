//! The publication that a page's address names.

use crate::api::ApiError;
use crate::api::publication::publication_detail;
use crate::ui::read::{Read, ask};
use domain::PublicationId;
use domain::view::publication::PublicationDetail;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Its id; `None`: the address names none.
pub fn publication_of_address() -> Memo<Option<PublicationId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|map| map.get("id")?.parse().ok().map(PublicationId)))
}

/// What its page shows.
pub fn detail_of_address() -> Read<Result<PublicationDetail, ApiError>> {
    let id = publication_of_address();
    ask(move || id.get(), |id| async move { publication_detail(id.ok_or(ApiError::NotFound)?).await })
}
