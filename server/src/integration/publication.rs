//! The token's publication.

use super::caller::Caller;
use super::problem::{Problem, Refusals};
use super::wire::{ActionState, PublicationState};
use axum::Json;
use domain::api_token::ApiScope;
use domain::rollout::RolloutPhase;
use domain::{Offer, words};

/// The publication of the token, and what may be done now. Scope: `read`.
#[utoipa::path(get, path = "/publication", tag = "publication", operation_id = "publication", responses((status = 200, description = "The publication", body = PublicationState), Refusals))]
pub(crate) async fn state(caller: Caller) -> Result<Json<PublicationState>, Problem> {
    caller.may(ApiScope::Read).await?;
    let detail = engine::publication::detail(&caller.engine, &caller.ctx, caller.publication).await;
    let detail = detail.map_err(|error| caller.problem(error))?;
    let live = app::api::context::whole_address(&caller.engine, detail.live_address);
    let action = |(action, offer): (domain::Action, Offer)| ActionState {
        action: action.id(),
        possible: offer == Offer::Possible,
        why_not: match offer {
            Offer::Refused(refusal) => Some(refusal.sentence()),
            Offer::Possible | Offer::Never => None,
        },
    };
    Ok(Json(PublicationState {
        service_id: detail.row.service_id,
        name: detail.row.name,
        state: detail.row.state.id(),
        state_word: words::state(detail.row.state),
        rollout: detail.row.rollout.map(RolloutPhase::id),
        live_address: Some(live).filter(|address| !address.is_empty()),
        actions: detail.workbench.into_iter().map(action).collect(),
    }))
}
