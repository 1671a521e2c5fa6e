//! One version on the workbench: its stages while they run, findings, logs, preview; and what can be done with it.

use crate::api::ApiError;
use crate::api::publication::act::publication_submit_for_acceptance;
use crate::api::version::{PreviewShown, version_detail, version_preview, version_run_again};
use crate::parts::version::{Findings, Hosts, LogPane, PreviewCard, Stages};
use domain::view::publication::PublicationDetail;
use domain::view::version::VersionDetail;
use domain::{Action as Deed, Offer, Stage, StageStatus, VersionId};
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use std::time::Duration;

/// How often stages that run are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The version and its preview.
type Shown = Result<(VersionDetail, Option<PreviewShown>), ApiError>;

/// The card of the version; it is read again while its stages run, and tells when they are over.
#[component]
pub(super) fn VersionCard(
    id: VersionId,
    /// The publication as the page has it.
    detail: PublicationDetail,
    /// Something has changed: the page is to be read again.
    changed: Callback<()>,
) -> impl IntoView {
    let shown = Resource::new(|| (), move |()| read(id));
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let was_under_way = StoredValue::new(false);
    on_cleanup(move || {
        if let Some(Some(timer)) = timer.try_get_value() {
            timer.clear();
        }
    });
    Effect::new(move |_| {
        if let Some(Ok((version, _))) = shown.get() {
            if version.under_way {
                was_under_way.set_value(true);
                timer.set_value(set_timeout_with_handle(move || shown.refetch(), LOOK_EVERY).ok());
            } else if was_under_way.get_value() {
                was_under_way.set_value(false);
                changed.run(());
            }
        }
    });
    let detail = StoredValue::new(detail);
    let content = move || {
        Suspend::new(async move {
            match shown.await {
                Ok((version, preview)) => {
                    view! { <Card version preview detail=detail.get_value() changed again=Callback::new(move |()| shown.refetch())/> }
                        .into_any()
                }
                Err(error) => view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <p>"正在读取……"</p> }>{content}</Transition> }.into_any()
}

async fn read(id: VersionId) -> Shown {
    let version = version_detail(id).await?;
    let deployed = version.stages.iter().any(|s| s.stage == Stage::DeployTest && s.status == StageStatus::Passed);
    let preview = if deployed { version_preview(id).await? } else { None };
    Ok((version, preview))
}

#[component]
fn Card(
    version: VersionDetail,
    preview: Option<PreviewShown>,
    detail: PublicationDetail,
    changed: Callback<()>,
    again: Callback<()>,
) -> impl IntoView {
    let id = version.id;
    let newest = detail.versions.first().is_some_and(|newest| newest.id == id);
    let status = |stage: Stage| version.stages.iter().find(|s| s.stage == stage).map(|s| s.status);
    let deployed = status(Stage::DeployTest) == Some(StageStatus::Passed);
    let stopped =
        newest && version.stages.iter().any(|s| matches!(s.status, StageStatus::Failed | StageStatus::Cancelled));
    // The log of what runs or failed is open.
    let of_interest =
        |stage: &domain::view::version::StageView| matches!(stage.status, StageStatus::Running | StageStatus::Failed);
    let logs: Vec<(Stage, bool)> = version
        .stages
        .iter()
        .filter(|stage| stage.status != StageStatus::Waiting)
        .map(|stage| (stage.stage, of_interest(stage)))
        .collect();
    let log = move |(stage, open): (Stage, bool)| view! { <LogPane version=id stage open/> };
    view! {
        <section class="card" aria-labelledby="version">
            <h2 id="version">{format!("版本 {}", version.number)}</h2>
            <dl class="facts facts-plain">
                <dt>"文件"</dt>
                <dd>{format!("{}（{} KB）", version.file_name, version.package_size / 1024)}</dd>
                <dt>"上传"</dt>
                <dd>{format!("{}，{}", version.uploaded_by, version.uploaded_at.local_text())}</dd>
                {(!version.note.is_empty()).then(|| view! { <dt>"说明"</dt> <dd>{version.note.clone()}</dd> })}
            </dl>
            <div role="status">
                <Stages stages=version.stages.clone()/>
            </div>
            {newest.then(|| view! { <Submit detail=detail.clone() version=id changed/> })}
            {stopped.then(|| view! { <RunAgain id again/> })}
        </section>
        {deployed.then(|| view! { <PreviewCard version=id first=preview framed=false/> })}
        <section class="card">
            <h2>"检测结果"</h2>
            <Findings version=version.clone()/>
        </section>
        <section class="card">
            <h2>"外部域名"</h2>
            <Hosts hosts=version.external.clone()/>
        </section>
        <section class="card">
            <h2>"日志"</h2>
            {logs.into_iter().map(log).collect_view()}
        </section>
    }
    .into_any()
}

/// 提交验收, or why not.
#[component]
fn Submit(detail: PublicationDetail, version: VersionId, changed: Callback<()>) -> impl IntoView {
    let (id, seen, key) = (detail.row.id, detail.row.version, detail.key);
    let offer =
        detail.workbench.iter().find(|(action, _)| *action == Deed::SubmitForAcceptance).map(|(_, offer)| *offer);
    let submit = Action::new(move |(): &()| publication_submit_for_acceptance(id, seen, key, version));
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
                    "提交验收"
                </button>
            </div>
        }
        .into_any(),
        Some(Offer::Refused(refusal)) => view! { <p class="quiet">{refusal.sentence()}</p> }.into_any(),
        Some(Offer::Never) | None => ().into_any(),
    }
}

/// 重新运行, after a failure that was not the package's.
#[component]
fn RunAgain(id: VersionId, again: Callback<()>) -> impl IntoView {
    let run = Action::new(move |(): &()| version_run_again(id));
    Effect::new(move |_| {
        if let Some(Ok(())) = run.value().get() {
            again.run(());
        }
    });
    let failed = move || run.value().get().and_then(Result::err);
    view! {
        {move || failed().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
        <div>
            <button
                type="button"
                class="button"
                disabled=run.pending()
                on:click=move |_| {
                    run.dispatch(());
                }
            >
                "重新运行"
            </button>
        </div>
    }
    .into_any()
}
