//! 健康: whether what is live answers, and how it did lately (screens.md, Publication: 运行).

use domain::dashboard::span_text;
use domain::view::running::{HealthView, IN_A_ROW, Outcome, Probe};
use domain::words;
use leptos::prelude::*;

/// Probes that the table has; the bars show all that are kept.
const ROWS: usize = 20;

/// Each address that is probed, or a sentence where none is.
#[component]
pub fn Health(
    /// What is probed.
    health: Vec<HealthView>,
    /// Milliseconds between two probes; `None`: the site probes nothing.
    every_ms: Option<i64>,
) -> impl IntoView {
    let Some(every_ms) = every_ms else {
        return view! { <p class="quiet">"平台没有开启健康检测。"</p> }.into_any();
    };
    if health.is_empty() {
        return view! { <p class="quiet">"上线后，平台定期检测访问地址和健康地址。"</p> }.into_any();
    }
    let said = format!(
        "每 {}检测一次，不跟随跳转；连续 {IN_A_ROW} 次没有通过时，通知应用系统的管理人员和开发商联系人。",
        span_text(every_ms)
    );
    view! {
        {health.into_iter().map(|health| view! { <One health/> }).collect_view()}
        <p class="quiet">{said}</p>
    }
    .into_any()
}

#[component]
fn One(health: HealthView) -> impl IntoView {
    let (chip, word) = match (health.probes.first(), health.failures()) {
        (None, _) => ("state-chip", "还没有检测".to_owned()),
        (Some(probe), _) if matches!(probe.outcome, Outcome::NotAsked(_)) => ("state-chip", "没有检测".to_owned()),
        (Some(_), 0) => ("state-chip state-chip-live", "正常".to_owned()),
        (Some(_), n) => ("state-chip state-chip-refused", format!("连续 {n} 次没有通过")),
    };
    let latest = health.probes.first().map(|probe| view! { <p>{latest(probe)}</p> });
    view! {
        <div class="health">
            <p class="health-head">
                <span class=chip>{word}</span>
                <strong>{words::probed(health.what)}</strong>
                <span class="health-address">{health.address}</span>
            </p>
            {latest}
            {(!health.probes.is_empty()).then(|| view! {
                <Bars probes=health.probes.clone()/>
                <Table probes=health.probes/>
            })}
        </div>
    }
}

fn latest(probe: &Probe) -> String {
    let at = probe.at.local_text();
    match &probe.outcome {
        Outcome::Answered => format!("{at} 检测，{} 毫秒答复", probe.took_ms),
        Outcome::Failed(why) => format!("{at} 检测没有通过：{why}"),
        Outcome::NotAsked(why) => format!("{at} 没有检测：{why}"),
    }
}

/// A bar a probe, the newest at the right.
#[component]
fn Bars(probes: Vec<Probe>) -> impl IntoView {
    let failed = probes.iter().filter(|probe| probe.failed()).count();
    let label = format!("最近 {} 次检测，{failed} 次没有通过", probes.len());
    let width = probes.len() * 6;
    let bar = |(n, probe): (usize, &Probe)| {
        let class = match probe.outcome {
            Outcome::Answered => "health-passed",
            Outcome::Failed(_) => "health-failed",
            Outcome::NotAsked(_) => "health-not-asked",
        };
        view! { <rect x=(n * 6).to_string() y="0" width="4" height="16" rx="1" class=class/> }
    };
    let bars = probes.iter().rev().enumerate().map(bar).collect_view();
    view! {
        <svg class="health-bars" viewBox=format!("0 0 {width} 16") width=width.to_string() height="16" role="img" aria-label=label>
            {bars}
        </svg>
    }
}

#[component]
fn Table(probes: Vec<Probe>) -> impl IntoView {
    let row = |probe: Probe| {
        let found = match probe.outcome {
            Outcome::Answered => "正常".to_owned(),
            Outcome::Failed(why) => why,
            Outcome::NotAsked(why) => format!("没有检测：{why}"),
        };
        view! {
            <tr>
                <th scope="row"><time datetime=probe.at.datetime()>{probe.at.local_text()}</time></th>
                <td data-label="结果">{found}</td>
                <td data-label="用时">{format!("{} 毫秒", probe.took_ms)}</td>
            </tr>
        }
    };
    view! {
        <details>
            <summary>"最近的检测"</summary>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"时间"</th>
                        <th scope="col">"结果"</th>
                        <th scope="col">"用时"</th>
                    </tr>
                </thead>
                <tbody>{probes.into_iter().take(ROWS).map(row).collect_view()}</tbody>
            </table>
        </details>
    }
}
