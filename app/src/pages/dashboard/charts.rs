//! The last days as bars and as lines; the same as a table, for those who can't see them.

use super::ways::{Ways, with_way};
use domain::dashboard::span_text;
use domain::query::{Counted, Ended};
use domain::view::dashboard::DayFigures;
use domain::{OrderStatus, UtcMillis};
use leptos::prelude::*;

/// A day is so wide, a chart so high.
const DAY: i64 = 20;
const HEIGHT: i64 = 120;

fn width(days: &[DayFigures]) -> i64 {
    i64::try_from(days.len()).unwrap_or_default() * DAY
}

/// `11-24`.
fn short(begin: UtcMillis) -> String {
    let date = begin.date();
    format!("{:02}-{:02}", date.month, date.day)
}

/// Ends of the time that is shown.
#[component]
fn Axis(days: Vec<DayFigures>) -> impl IntoView {
    let end = |day: Option<&DayFigures>| day.map(|day| short(day.begin)).unwrap_or_default();
    view! { <p class="dashboard-axis"><span>{end(days.first())}</span><span>{end(days.last())}</span></p> }
}

/// Throughput: what ended on each day, refused orders on top.
#[component]
pub(super) fn Throughput(days: Vec<DayFigures>, ways: Ways) -> impl IntoView {
    let ended = |day: &DayFigures| day.approved + day.refused + day.withdrawn;
    let greatest = days.iter().map(ended).max().unwrap_or_default().max(1);
    let all: i64 = days.iter().map(ended).sum();
    let bar = |(n, day): (usize, &DayFigures)| {
        let x = i64::try_from(n).unwrap_or_default() * DAY + 2;
        let high = |n: i64| n * (HEIGHT - 4) / greatest;
        let (done, refused) = (high(day.approved + day.withdrawn), high(day.refused));
        view! {
            <rect x=x.to_string() y=(HEIGHT - done).to_string() width="16" height=done.to_string() class="chart-done"/>
            <rect x=x.to_string() y=(HEIGHT - done - refused).to_string() width="16" height=refused.to_string() class="chart-refused"/>
        }
    };
    let row = |day: &DayFigures| {
        let on = Ended::On(day.begin.date());
        let cell = |n: i64, status: OrderStatus| {
            let way = ways.ended(on, Counted { status: Some(status), ..Counted::default() });
            view! { <td>{with_way(n, way)}</td> }
        };
        view! {
            <tr>
                <th scope="row">{short(day.begin)}</th>
                {cell(day.approved, OrderStatus::Approved)}
                {cell(day.refused, OrderStatus::Refused)}
                {cell(day.withdrawn, OrderStatus::Withdrawn)}
            </tr>
        }
    };
    view! {
        <svg
            class="dashboard-chart"
            viewBox=format!("0 0 {} {HEIGHT}", width(&days))
            preserveAspectRatio="none"
            role="img"
            aria-label=format!("30 天共办结 {all} 件，最多的一天 {} 件", if all == 0 { 0 } else { greatest })
        >
            {days.iter().enumerate().map(bar).collect_view()}
        </svg>
        <Axis days=days.clone()/>
        <p class="dashboard-legend"><span class="legend legend-done">"通过和撤回"</span><span class="legend legend-refused">"拒绝"</span></p>
        <details>
            <summary>"数据"</summary>
            <table class="table">
                <thead><tr><th scope="col">"日期"</th><th scope="col">"通过"</th><th scope="col">"拒绝"</th><th scope="col">"撤回"</th></tr></thead>
                <tbody>{days.iter().filter(|day| ended(day) > 0).map(row).collect_view()}</tbody>
            </table>
        </details>
    }
}

/// The median and the 90th percentile of a step, of each day on which one was decided.
#[component]
pub(super) fn Durations(days: Vec<DayFigures>) -> impl IntoView {
    let greatest = days.iter().filter_map(|day| day.p90_ms).max().unwrap_or_default().max(1);
    let line = |value: fn(&DayFigures) -> Option<i64>| {
        let point = |(n, day): (usize, &DayFigures)| {
            let x = i64::try_from(n).unwrap_or_default() * DAY + DAY / 2;
            value(day).map(|ms| (x, HEIGHT - 4 - ms * (HEIGHT - 8) / greatest))
        };
        days.iter().enumerate().filter_map(point).collect::<Vec<_>>()
    };
    let drawn = |points: Vec<(i64, i64)>, class: &'static str| {
        let line = points.iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
        let dot = move |(x, y): (i64, i64)| view! { <circle cx=x.to_string() cy=y.to_string() r="3" class=class/> };
        view! {
            <polyline points=line class=class/>
            {points.into_iter().map(dot).collect_view()}
        }
    };
    view! {
        <svg
            class="dashboard-chart"
            viewBox=format!("0 0 {} {HEIGHT}", width(&days))
            role="img"
            aria-label=format!("最慢的一天，九成的步骤不超过 {}", span_text(if greatest == 1 { 0 } else { greatest }))
        >
            {drawn(line(|day| day.p90_ms), "chart-p90")}
            {drawn(line(|day| day.median_ms), "chart-median")}
        </svg>
        <Axis days=days.clone()/>
        <p class="dashboard-legend"><span class="legend legend-median">"中位"</span><span class="legend legend-p90">"九成不超过"</span></p>
    }
}
