//! One version on the workbench: its stages while they run, findings, logs, preview; and what can be done with it.

use crate::api::ApiError;
use crate::api::publication::act::{publication_complete_configuration, publication_submit_for_acceptance};
use crate::api::version::{PreviewShown, version_cancel, version_run_again};
use crate::parts::version::{Difference, Findings, Hosts, LogPane, PreviewCard, Stages, TrialRun, VersionShown};
use domain::dashboard::span_text;
use domain::view::difference::VersionDifference;
use domain::view::publication::PublicationDetail;
use domain::view::version::{QueuePlace, StageView, VersionDetail};
use domain::{Action as Deed, Offer, Stage, StageStatus, VersionId, text, words};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// How often stages that run are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The cards of the version. Reads it again while its stages run; what has not changed stays as it is.
#[component]
pub(super) fn VersionCard(
    /// The version as the page has it.
    shown: VersionShown,
    /// The publication as the page has it.
    detail: PublicationDetail,
    /// The stages are over, or something else has changed: the page is to be read again.
    changed: Callback<()>,
) -> impl IntoView {
    let VersionShown { version, preview, difference } = shown;
    let id = version.id;
    let now = RwSignal::new(version);
    let preview = RwSignal::new(preview);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    let tick = RwSignal::new(());
    let look = move || {
        spawn_local(async move {
            let read = VersionShown::read(id, None).await;
            // The page may be gone by now.
            let Some(under_way) = now.try_with_untracked(|now| now.under_way) else { return };
            // A look that failed is taken again.
            if let Ok(VersionShown { version, preview: shown, .. }) = read {
                let over = under_way && !version.under_way;
                if now.with_untracked(|now| *now != version) {
                    now.set(version);
                }
                preview.set(shown);
                if over {
                    changed.run(());
                }
            }
            tick.set(());
        });
    };
    Effect::new(move |_| {
        tick.track();
        if now.with(|now| now.under_way) {
            timer.set_value(set_timeout_with_handle(look, LOOK_EVERY).ok());
        }
    });
    view! { <Cards now preview difference detail changed again=Callback::new(move |()| look())/> }.into_any()
}

#[component]
fn Cards(
    now: RwSignal<VersionDetail>,
    preview: RwSignal<Option<PreviewShown>>,
    difference: Result<Option<VersionDifference>, ApiError>,
    detail: PublicationDetail,
    changed: Callback<()>,
    again: Callback<()>,
) -> impl IntoView {
    let version = now.get_untracked();
    let id = version.id;
    let newest = detail.versions.first().is_some_and(|newest| newest.id == id);
    let any = move |which: fn(&StageView) -> bool| Memo::new(move |_| now.with(|now| now.stages.iter().any(which)));
    let deployed = any(|stage| stage.stage == Stage::DeployTest && stage.status == StageStatus::Passed);
    let stopped = any(|stage| matches!(stage.status, StageStatus::Failed | StageStatus::Cancelled));
    let runs = Memo::new(move |_| now.with(|now| now.under_way));
    let queue = Memo::new(move |_| now.with(|now| now.queue));
    let evidence = Memo::new(move |_| now.with(|now| now.evidence.clone()));
    // The log of what runs or failed is open.
    let logs = Memo::new(move |_| now.with(|now| begun(&now.stages)));
    view! {
        <section class="card" aria-labelledby="version">
            <h2 id="version">{format!("版本 {}", version.number)}</h2>
            <dl class="facts facts-plain">
                <dt>"文件"</dt>
                <dd>
                    <a href=format!("/versions/{}/package", id.0) rel="external" download="">{version.file_name.clone()}</a>
                    {format!("（{}）", text::size(version.package_size.unsigned_abs()))}
                </dd>
                <dt>"上传"</dt>
                <dd>{format!("{}，{}", version.uploaded_by, version.uploaded_at.local_text())}</dd>
                {(!version.note.is_empty()).then(|| view! { <dt>"说明"</dt> <dd>{version.note.clone()}</dd> })}
            </dl>
            <div role="status">{move || view! { <Stages stages=now.with(|now| now.stages.clone())/> }}</div>
            {newest.then(|| view! { <Submit detail=detail.clone() version=id changed/> })}
            {move || queue.get().map(|place| view! { <p class="quiet">{queue_text(place)}</p> })}
            {move || (newest && runs.get()).then(|| {
                let press = Action::new(move |(): &()| version_cancel(id));
                view! { <Press word="取消运行" press done=again/> }
            })}
            {move || (newest && stopped.get()).then(|| {
                let press = Action::new(move |(): &()| version_run_again(id));
                view! { <Press word="重新运行" press done=again/> }
            })}
        </section>
        {move || deployed.get().then(|| view! { <PreviewCard version=id first=preview.get_untracked() framed=false/> })}
        {move || evidence.get().map(|evidence| view! {
            <section class="card" aria-labelledby="trial-run">
                <h2 id="trial-run">"试运行"</h2>
                <TrialRun version=id evidence/>
            </section>
        })}
        <section class="card">
            <h2>"检测结果"</h2>
            {move || view! { <Findings version=now.get()/> }}
        </section>
        // Read with the page: it is not there before, and does not change after.
        {deployed.get_untracked().then(|| view! {
            <section class="card" aria-labelledby="difference">
                <h2 id="difference">"与之前版本的差异"</h2>
                <Difference difference/>
            </section>
        })}
        <section class="card">
            <h2>"外部域名"</h2>
            {move || view! { <Hosts hosts=now.with(|now| now.external.clone())/> }}
        </section>
        <section class="card">
            <h2>"日志"</h2>
            <For each=move || logs.get() key=|(stage, _)| *stage let((stage, open))>
                <LogPane version=id stage open/>
            </For>
        </section>
    }
    .into_any()
}

/// The stages that have a log, and whether it is of interest at once.
fn begun(stages: &[StageView]) -> Vec<(Stage, bool)> {
    let of_interest = |status| matches!(status, StageStatus::Running | StageStatus::Failed);
    let begun = stages.iter().filter(|stage| stage.status != StageStatus::Waiting);
    begun.map(|stage| (stage.stage, of_interest(stage.status))).collect()
}

/// 提交验收 or 配置完成, or why not.
#[component]
fn Submit(detail: PublicationDetail, version: VersionId, changed: Callback<()>) -> impl IntoView {
    let (id, seen, key) = (detail.row.id, detail.row.version, detail.key);
    let handed = |(action, _): &&(Deed, Offer)| *action != Deed::Upload;
    let possible = detail.workbench.iter().filter(handed).find(|(_, offer)| *offer == Offer::Possible);
    let offered = possible.or_else(|| detail.workbench.iter().find(handed)).cloned();
    let deed = offered.as_ref().map_or(Deed::SubmitForAcceptance, |(deed, _)| *deed);
    let offer = offered.map(|(_, offer)| offer);
    let submit = Action::new(move |(): &()| async move {
        match deed {
            Deed::CompleteConfiguration => publication_complete_configuration(id, seen, key, version).await,
            _ => publication_submit_for_acceptance(id, seen, key, version).await,
        }
    });
    Effect::new(move |_| {
        if let Some(Ok(())) = submit.value().get() {
            changed.run(());
        }
    });
    let failed = move || submit.value().get().and_then(Result::err);
    match offer {
        Some(Offer::Possible) => view! {
            {move || failed().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
            <div>
                <button
                    type="button"
                    class="button button-main"
                    disabled=submit.pending()
                    on:click=move |_| {
                        submit.dispatch(());
                    }
                >
                    {words::action(deed)}
                </button>
            </div>
        }
        .into_any(),
        Some(Offer::Refused(refusal)) => view! { <p class="quiet">{refusal.sentence()}</p> }.into_any(),
        Some(Offer::Never) | None => ().into_any(),
    }
}

/// A button that does one thing, and says why it could not.
#[component]
fn Press(word: &'static str, press: Action<(), Result<(), ApiError>>, done: Callback<()>) -> impl IntoView {
    Effect::new(move |_| {
        if let Some(Ok(())) = press.value().get() {
            done.run(());
        }
    });
    let failed = move || press.value().get().and_then(Result::err);
    view! {
        {move || failed().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
        <div>
            <button
                type="button"
                class="button"
                disabled=press.pending()
                on:click=move |_| {
                    press.dispatch(());
                }
            >
                {word}
            </button>
        </div>
    }
    .into_any()
}

/// How many come first, and when it begins.
fn queue_text(place: QueuePlace) -> String {
    let when = match place.starts_in_ms {
        _ if place.ahead == 0 => return "排队中，马上开始。".to_owned(),
        Some(ms) if ms >= 60_000 => format!("大约 {}后开始", span_text(ms)),
        Some(_) => "1 分钟内开始".to_owned(),
        None => "请稍候".to_owned(),
    };
    format!("排队中，前面还有 {} 个，{when}。", place.ahead)
}
