//! Carries out, inside the transaction, what a decision does besides changing the state.

use super::apply::Plan;
use crate::pipeline::recompress;
use crate::rollout;
use crate::store::publication_change::{self as change, Rewritten};
use crate::store::rollout as store;
use crate::store::{Conn, StoreError, StoreResult, further_channel, version_facts, work_order, work_order_change};
use crate::work_order::form::OrderForm;
use domain::Effect;
use domain::fields::{ValidRegistration, ValidRollout};
use uuid::Uuid;

/// One effect. `order` is the order that the change is about.
pub(super) async fn carry_out(conn: &mut Conn, plan: &Plan, effect: &Effect, order: Option<Uuid>) -> StoreResult<()> {
    let (id, now) = (plan.publication(), plan.ctx.now);
    match effect {
        // A given-up upgrade leaves the round that its versions were made for.
        Effect::BeginRound | Effect::DropUnfinished => change::begin_round(conn, id).await,
        Effect::OfferLastLive => change::offer_last_live(conn, id).await,
        Effect::CancelStages => version_facts::cancel_stages(conn, id, now).await,
        Effect::SubmitVersion(version) => {
            change::submit(conn, id, *version).await?;
            version_facts::count(conn, version.0).await
        }
        Effect::AcceptVersion(version) => {
            change::accept(conn, id, *version).await?;
            acceptance(conn, plan, version.0, true).await
        }
        Effect::RecordRejection => match plan.granted.facts.submitted {
            Some(submitted) => acceptance(conn, plan, submitted.id.0, false).await,
            // Linked, and nothing was submitted here: the reason is in the audit log.
            None => Ok(()),
        },
        Effect::EnterConfiguring(kind) => change::enter_configuring(conn, id, *kind).await,
        Effect::UseUpApproval => change::use_up_approval(conn, id).await,
        Effect::MakeLive { by_plan, .. } => match &plan.sealed {
            Some((version, bundle)) => {
                let planned = if *by_plan { planned(conn, plan, order).await? } else { None };
                match planned {
                    Some(planned) => {
                        let of = (&plan.granted.of, &plan.prepared.before.scope);
                        rollout::begin(conn, of, (version.0, bundle), planned, now).await
                    }
                    None => {
                        version_facts::make_live(conn, id, version.0, bundle, now).await?;
                        recompress::later(conn, version.0, now).await
                    }
                }
            }
            None => Err(StoreError::Conflict),
        },
        Effect::RecordDifference => record_difference(conn, plan).await,
        Effect::List => change::list(conn, id).await,
        Effect::Delist => change::delist(conn, id).await,
        Effect::StopServing => {
            let substitute = substitute(conn, order).await?;
            change::stop_serving(conn, id, &substitute).await
        }
        Effect::ApplyCorrection => match &plan.prepared.after {
            Some(after) => rewrite(conn, plan, after).await,
            None => Err(StoreError::Conflict),
        },
        Effect::ApplyInfoChange => match form_of(conn, order).await? {
            Some(OrderForm::InfoChange { after, .. }) => rewrite(conn, plan, &after).await,
            _ => Err(StoreError::Conflict),
        },
        Effect::GrantChannels => grant_channels(conn, plan, order).await,
        Effect::EndFurtherChannels => further_channel::end(conn, plan.granted.of.row.key).await,
        Effect::EndRollout => match store::open(conn, id).await? {
            Some(open) => store::end(conn, &open.of, now).await,
            None => Err(StoreError::Conflict),
        },
        // Of registering, uploading and linking, which do not come this way.
        Effect::WriteRegistration | Effect::TakeUpload | Effect::CreateLinked(_) | Effect::RecordStockRefusal => Ok(()),
    }
}

async fn acceptance(conn: &mut Conn, plan: &Plan, version: Uuid, accepted: bool) -> StoreResult<()> {
    let (person, reason) = (plan.granted.actor.person.0, &plan.prepared.said);
    version_facts::insert_acceptance(conn, version, person, accepted, reason, plan.ctx.now).await
}

/// The order names what went live in place of what it approved; the difference is between their two manifests.
async fn record_difference(conn: &mut Conn, plan: &Plan) -> StoreResult<()> {
    let Some((version, _)) = &plan.sealed else { return Ok(()) };
    let Some(configured) = &plan.configured else { return Ok(()) };
    let difference = configured.difference.as_ref().map(|of| serde_json::json!(of).to_string());
    work_order_change::set_configured(conn, configured.order, version.0, difference).await
}

/// 发布方式 of the form that was approved, unless it is 立即.
async fn planned(conn: &mut Conn, plan: &Plan, order: Option<Uuid>) -> StoreResult<Option<ValidRollout>> {
    // 配置完成 is about no order: the approval before it had the form.
    let order = order.or(plan.configured.as_ref().map(|configured| configured.order));
    Ok(match form_of(conn, order).await? {
        Some(OrderForm::Approval(form)) if form.rollout != ValidRollout::Now => Some(form.rollout),
        _ => None,
    })
}

async fn rewrite(conn: &mut Conn, plan: &Plan, after: &ValidRegistration) -> StoreResult<()> {
    let (key, publication, before) = (plan.granted.of.row.key, plan.publication(), &plan.prepared.before);
    let now = plan.ctx.now;
    change::rewrite(conn, &Rewritten { key, publication, before, after, now }).await
}

async fn grant_channels(conn: &mut Conn, plan: &Plan, order: Option<Uuid>) -> StoreResult<()> {
    let Some(OrderForm::Channels { channels, .. }) = form_of(conn, order).await? else {
        return Err(StoreError::Conflict);
    };
    for channel in channels {
        further_channel::give(conn, plan.granted.of.row.key, channel.id).await?;
    }
    Ok(())
}

async fn substitute(conn: &mut Conn, order: Option<Uuid>) -> StoreResult<String> {
    Ok(match form_of(conn, order).await? {
        Some(OrderForm::Offline(form)) => form.substitute.unwrap_or_default(),
        _ => String::new(),
    })
}

async fn form_of(conn: &mut Conn, order: Option<Uuid>) -> StoreResult<Option<OrderForm>> {
    let Some(order) = order else { return Ok(None) };
    let Some(row) = work_order::of(conn, order).await? else { return Ok(None) };
    OrderForm::read(&row.form).map(Some)
}
