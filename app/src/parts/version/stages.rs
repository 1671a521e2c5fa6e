//! The four stages as a line, what came of each, and the findings by rule.

use domain::view::version::{ExternalHost, ExternalPlace, FindingSeverity, FindingView, StageView, VersionDetail};
use domain::{Stage, StageStatus, UtcMillis, words};
use leptos::prelude::*;
use std::collections::BTreeMap;
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

/// The findings of all stages, grouped by rule, those that block first.
#[component]
pub fn Findings(
    /// Of the version.
    version: VersionDetail,
) -> impl IntoView {
    let checked = version.stages.iter().find(|stage| stage.stage == Stage::SourceCheck).map(|stage| stage.status);
    let more: u32 = version.stages.iter().map(|stage| stage.more).sum();
    let mut rules: BTreeMap<(FindingSeverity, String), Vec<FindingView>> = BTreeMap::new();
    for finding in version.stages.into_iter().flat_map(|stage| stage.findings) {
        rules.entry((finding.severity, finding.rule.clone())).or_default().push(finding);
    }
    let total: usize = rules.values().map(Vec::len).sum();
    if total == 0 {
        let text = match checked {
            Some(StageStatus::Passed) => "没有发现问题",
            Some(StageStatus::Running | StageStatus::Waiting) => "正在检测",
            Some(StageStatus::Failed | StageStatus::Cancelled) | None => "检测没有完成",
        };
        return view! { <p class="quiet">{text}</p> }.into_any();
    }
    let rule = |((severity, id), found): ((FindingSeverity, String), Vec<FindingView>)| {
        let (word, class) = match severity {
            FindingSeverity::Block => ("阻断", "finding-severity finding-block"),
            FindingSeverity::Warn => ("警告", "finding-severity finding-warn"),
        };
        let first = found[0].clone();
        let places = found.len();
        view! {
            <details class="finding" open=severity == FindingSeverity::Block>
                <summary>
                    <span class=class>{word}</span>
                    {first.what.clone()}
                    <span class="quiet">{format!("{places} 处 · {id}")}</span>
                </summary>
                <p>{first.why}</p>
                <p><strong>"怎么改："</strong>{first.how}</p>
                <ul class="finding-places">{found.into_iter().map(|finding| view! { <Place finding/> }).collect_view()}</ul>
            </details>
        }
    };
    view! {
        <div class="findings">{rules.into_iter().map(rule).collect_view()}</div>
        {(more > 0).then(|| view! { <p class="quiet">{format!("另有 {more} 处没有列出")}</p> })}
    }
    .into_any()
}

/// File, line and column, with the lines of code.
#[component]
fn Place(finding: FindingView) -> impl IntoView {
    let at = [finding.line, finding.column].into_iter().flatten().map(|n| format!(":{n}")).collect::<String>();
    let here = finding.line;
    let line = move |line: domain::view::version::ExcerptLine| {
        let class = if Some(line.line) == here { "code-line code-line-here" } else { "code-line" };
        view! { <span class=class><span class="code-number">{line.line}</span>{line.text}"\n"</span> }
    };
    view! {
        <li>
            <code>{finding.path}{at}</code>
            {(!finding.excerpt.is_empty())
                .then(|| view! { <pre class="code" tabindex="0">{finding.excerpt.into_iter().map(line).collect_view()}</pre> })}
        </li>
    }
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
            (false, _) => "未声明".to_owned(),
        };
        let open = !host.allowed;
        let place = |place: ExternalPlace| {
            let at = format!("{}:{}:{}", place.path, place.line, place.column);
            view! { <li><code>{at}</code> " " <span class="quiet">{place.address}</span></li> }
        };
        view! {
            <dt><code>{host.host}</code></dt>
            <dd>
                <details class="host-places" open=open>
                    <summary>{purpose}<span class="quiet">{format!("（{} 处）", host.count)}</span></summary>
                    <ul class="finding-places">{host.places.into_iter().map(place).collect_view()}</ul>
                </details>
            </dd>
        }
    };
    view! { <dl class="facts facts-plain">{hosts.into_iter().map(row).collect_view()}</dl> }.into_any()
}
