//! The four stages as a line, what came of each, and the external hosts.

use domain::view::version::{ExternalHost, ExternalPlace, StageView};
use domain::{StageStatus, UtcMillis, words};
use leptos::prelude::*;
use std::time::Duration;

/// The stages in order, each with its result; the first that failed says why on top.
#[component]
pub fn Stages(
    /// Of the version.
    stages: Vec<StageView>,
) -> impl IntoView {
    let failed = stages.iter().find(|stage| stage.status == StageStatus::Failed).cloned();
    let one = |stage: StageView| {
        let class = match stage.status {
            StageStatus::Waiting | StageStatus::Cancelled => "stage-line-one",
            StageStatus::Running => "stage-line-one stage-line-running",
            StageStatus::Passed => "stage-line-one stage-line-passed",
            StageStatus::Failed => "stage-line-one stage-line-failed",
        };
        let running = stage.started_at.filter(|_| stage.status == StageStatus::Running);
        let seconds = stage.started_at.zip(stage.ended_at).map(|(from, to)| (to.0 - from.0).max(0) / 1000);
        view! {
            <li class=class>
                <span class="stage-line-name">{words::stage(stage.stage)}</span>
                <span>{words::stage_status(stage.status)}</span>
                {seconds.map(|seconds| view! { <span class="quiet">{format!("{seconds} 秒")}</span> })}
                {running.map(|from| view! { <RunningFor from/> })}
            </li>
        }
    };
    let notes = stages.iter().filter(|stage| stage.status == StageStatus::Passed && !stage.sentence.is_empty());
    let notes: Vec<_> = notes.map(|stage| format!("{}：{}", words::stage(stage.stage), stage.sentence)).collect();
    view! {
        <ol class="stage-line">{stages.into_iter().map(one).collect_view()}</ol>
        {failed.map(|stage| {
            view! {
                <p class="notice notice-danger">
                    <strong>{format!("{}未通过：", words::stage(stage.stage))}</strong>
                    {stage.sentence}
                </p>
            }
        })}
        {(!notes.is_empty()).then(|| {
            view! { <ul class="stage-notes">{notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul> }
        })}
    }
    .into_any()
}

/// How long a stage runs by now; only with scripts.
#[component]
fn RunningFor(from: UtcMillis) -> impl IntoView {
    let seconds = RwSignal::new(None::<i64>);
    Effect::new(move |_| {
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds")]
        let look = move || seconds.set(Some((js_sys::Date::now() as i64 - from.0).max(0) / 1000));
        look();
        if let Ok(handle) = set_interval_with_handle(look, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    view! { <span class="quiet" aria-hidden="true">{move || seconds.get().map(|seconds| format!("{seconds} 秒"))}</span> }
}

/// The external hosts that will be served, with their purpose.
#[component]
pub fn Hosts(
    /// Found by 外链检查.
    hosts: Vec<ExternalHost>,
) -> impl IntoView {
    if hosts.is_empty() {
        return view! { <p class="quiet">"没有外部域名"</p> }.into_any();
    }
    let row = |host: ExternalHost| {
        let purpose = match (host.allowed, host.purpose) {
            (true, Some(purpose)) => purpose,
            (true, None) => "平台允许".to_owned(),
            (false, Some(why)) => why,
            (false, None) => "未声明".to_owned(),
        };
        let open = !host.allowed;
        let often = match host.count {
            0 => "（代码中没有找到，运行时可以访问）".to_owned(),
            count => format!("（{count} 处）"),
        };
        let place = |place: ExternalPlace| {
            let at = format!("{}:{}:{}", place.path, place.line, place.column);
            view! { <li><code>{at}</code> " " <span class="quiet">{place.address}</span></li> }
        };
        view! {
            <dt><code>{host.host}</code></dt>
            <dd>
                <details class="host-places" open=open>
                    <summary>{purpose}<span class="quiet">{often}</span></summary>
                    <ul class="finding-places">{host.places.into_iter().map(place).collect_view()}</ul>
                </details>
            </dd>
        }
    };
    view! { <dl class="facts facts-plain">{hosts.into_iter().map(row).collect_view()}</dl> }.into_any()
}
