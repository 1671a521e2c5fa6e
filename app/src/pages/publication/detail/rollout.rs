//! 上线计划: how far a version is that goes live site by site, and what its staff do with it (packages.md, When an approved version
//! goes live).

use crate::api::ApiError;
use crate::api::publication::act::{PublicationSteerRollout, publication_steer_rollout};
use domain::rollout::{RolloutAction, RolloutPhase};
use domain::view::rollout::{BatchView, Before, RolloutView};
use domain::{PublicationId, RegionCode, VersionId, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

/// So many sites are named; more are folded.
const NAMED: usize = 6;

/// What the forms of the card send with them.
#[derive(Clone, Copy)]
struct Sent {
    id: PublicationId,
    seen: i64,
    key: Uuid,
    version: VersionId,
    doing: Action<RolloutAction, Result<(), ApiError>>,
}

/// The card under the line of the lifecycle, while a plan is open.
#[component]
pub(super) fn Rollout(
    /// Whose.
    id: PublicationId,
    /// The version of the publication that the page shows.
    seen: i64,
    /// The page's idempotency key.
    key: Uuid,
    /// The plan.
    plan: RolloutView,
    /// Reads the page again.
    reload: Callback<()>,
) -> AnyView {
    let version = plan.version_id;
    let doing = Action::new(move |action: &RolloutAction| publication_steer_rollout(id, seen, key, version, *action));
    Effect::new(move |_| {
        if doing.value().with(|answer| matches!(answer, Some(Ok(())))) {
            reload.run(());
        }
    });
    let sent = plan.steers.then_some(Sent { id, seen, key, version, doing });
    let failed = move || doing.value().get().and_then(Result::err).map(|error| error.to_string());
    let of = |started: bool| {
        let batches = plan.batches.iter().filter(|batch| !started || batch.started_at.is_some());
        batches.map(|batch| batch.sites.len()).sum::<usize>()
    };
    let how_far = format!("版本 {}：{} 个站点中 {} 个已上线", plan.version, of(false), of(true));
    let (paused, before) = (plan.phase == RolloutPhase::Paused, plan.before);
    let address = plan.address;
    let row = move |(number, batch): (u16, BatchView)| {
        view! { <Batch number batch address=address.clone() sent=sent.filter(|_| !paused)/> }
    };
    view! {
        <section class="card rollout" aria-labelledby="rollout">
            <h2 id="rollout">"上线计划"</h2>
            <p class="rollout-head">
                <span class="state-chip state-chip-live">{words::rollout_phase(plan.phase)}</span>
                {how_far}
            </p>
            {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"批次"</th>
                        <th scope="col">"站点"</th>
                        <th scope="col">"上线"</th>
                    </tr>
                </thead>
                <tbody>{(0..).zip(plan.batches).map(row).collect_view()}</tbody>
            </table>
            {sent.map(|sent| view! { <Steering sent paused before/> })}
        </section>
    }
    .into_any()
}

#[component]
fn Batch(number: u16, batch: BatchView, address: String, sent: Option<Sent>) -> impl IntoView {
    let name = if batch.name.is_empty() { "全部站点".to_owned() } else { batch.name };
    let visit = batch.started_at.and(batch.sites.first()).map(|site| format!("{address}/?site={site}"));
    let said = match (batch.started_at, batch.at) {
        (Some(at), _) => format!("{} 已上线", at.local_text()),
        (None, Some(at)) => format!("{} 自动上线", at.local_text()),
        (None, None) => "由业主单位开始".to_owned(),
    };
    let start = sent.filter(|_| batch.started_at.is_none()).map(|sent| {
        let action = RolloutAction::StartBatch { batch: number };
        view! { <Deed sent action word="现在上线" of=name.clone()/> }
    });
    view! {
        <tr>
            <th scope="row">{name.clone()}</th>
            <td data-label="站点"><Sites sites=batch.sites/></td>
            <td data-label="上线">
                <div class="rollout-when">
                    {said}
                    {visit.map(|href| view! {
                        <a href=href target="_blank" rel="external noopener noreferrer">
                            "访问" <span class="visually-hidden">{format!("：{name}")}</span>
                        </a>
                    })}
                    {start}
                </div>
            </td>
        </tr>
    }
}

#[component]
fn Sites(sites: Vec<RegionCode>) -> impl IntoView {
    let names = sites.iter().map(|site| site.site_name()).collect::<Vec<_>>().join("、");
    if sites.len() <= NAMED {
        return view! { <span>{names}</span> }.into_any();
    }
    view! { <details><summary>{format!("{} 个站点", sites.len())}</summary>{names}</details> }.into_any()
}

/// 暂停 or 继续, and 回到旧版本, which says what it does before it is done.
#[component]
fn Steering(sent: Sent, paused: bool, before: Before) -> impl IntoView {
    let (action, word) = if paused { (RolloutAction::Resume, "继续") } else { (RolloutAction::Pause, "暂停") };
    let what = match before {
        Before::Version => "所有站点马上回到原来的线上版本，这次上线结束。不需要审批；要再上线，请重新升级。",
        Before::Address => "所有站点马上回到原来的地址，这次上线结束。不需要审批；要再上线，请发起版本升级。",
        Before::Nothing => "所有站点马上下架，这次上线结束，应用没有线上版本。不需要审批；要再上线，请发起版本升级。",
    };
    view! {
        <div class="rollout-actions">
            <Deed sent action word of=String::new()/>
            <details class="rollout-return">
                <summary class="button">"回到旧版本"</summary>
                <div class="notice notice-warning">
                    <p>{what}</p>
                    <Deed sent action=RolloutAction::ReturnToOld word="确认回到旧版本" of=String::new()/>
                </div>
            </details>
        </div>
    }
}

/// A button, which works without scripts, too.
#[component]
fn Deed(
    sent: Sent,
    action: RolloutAction,
    word: &'static str,
    /// To what it is done, for whoever only hears the button.
    of: String,
) -> impl IntoView {
    let Sent { id, seen, key, version, doing } = sent;
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        doing.dispatch(action);
    };
    let (name, value) = match action {
        RolloutAction::StartBatch { batch } => ("action[start_batch][batch]", batch.to_string()),
        RolloutAction::Pause => ("action", "pause".to_owned()),
        RolloutAction::Resume => ("action", "resume".to_owned()),
        RolloutAction::ReturnToOld => ("action", "return_to_old".to_owned()),
    };
    let of = (!of.is_empty()).then(|| view! { <span class="visually-hidden">{format!("：{of}")}</span> });
    view! {
        <form method="post" action=PublicationSteerRollout::PATH on:submit=send>
            <input type="hidden" name="id" value=id.0.to_string()/>
            <input type="hidden" name="seen" value=seen/>
            <input type="hidden" name="key" value=key.to_string()/>
            <input type="hidden" name="version" value=version.0.to_string()/>
            <input type="hidden" name=name value=value/>
            <button type="submit" class="button" disabled=doing.pending()>{word} {of}</button>
        </form>
    }
}
