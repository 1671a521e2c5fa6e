//! What waits: by kind and age, by region, by person.

use super::ways::{Ways, with_way};
use domain::dashboard::AGES;
use domain::query::Counted;
use domain::view::dashboard::ReviewerLoad;
use domain::{OrderKind, RegionCode, UtcMillis, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// How dark a cell is: 0 to 4, by its share of the greatest.
fn level(n: i64, greatest: i64) -> i64 {
    if n == 0 || greatest == 0 { 0 } else { 1 + n * 3 / greatest }
}

/// Kind × age, as a heat table.
#[component]
pub(super) fn Waiting(rows: Vec<(OrderKind, [i64; AGES.len()])>, ways: Ways) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="quiet">"没有等待审批的工单。"</p> }.into_any();
    }
    let greatest = rows.iter().flat_map(|(_, ages)| ages).copied().max().unwrap_or_default();
    let row = move |(kind, ages): (OrderKind, [i64; AGES.len()])| {
        let cell = move |(at, (n, (age, _))): (u8, (i64, (&'static str, i64)))| {
            let way = ways.waits(Some(kind), Counted { age: Some(at), ..Counted::default() });
            view! { <td data-label=age class=format!("heat heat-{}", level(n, greatest))>{with_way(n, way)}</td> }
        };
        view! {
            <tr>
                <th scope="row">{words::order_kind(kind)}</th>
                {(0..).zip(ages.into_iter().zip(AGES)).map(cell).collect_view()}
            </tr>
        }
    };
    view! {
        <table class="table dashboard-heat">
            <thead>
                <tr>
                    <th scope="col">"工单"</th>
                    {AGES.map(|(age, _)| view! { <th scope="col">{age}</th> }).collect_view()}
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// A sorted list of bars: a name, how many, and the way to them.
#[component]
pub(super) fn Bars(rows: Vec<(String, i64, String)>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="quiet">"没有。"</p> }.into_any();
    }
    let greatest = rows.iter().map(|(_, n, _)| *n).max().unwrap_or(1).max(1);
    let row = move |(name, n, way): (String, i64, String)| {
        view! {
            <li>
                <span>{name}</span>
                <svg class="dashboard-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect width=(n * 100 / greatest).to_string() height="8" rx="1"/>
                </svg>
                <A href=way attr:class="dashboard-n">{n} <span class="visually-hidden">"件"</span></A>
            </li>
        }
    };
    view! { <ul class="dashboard-bars">{rows.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// Where the cities lie, roughly: code, column, row. The province stands in the corner.
const TILES: [(u32, i64, i64); 12] = [
    (330_000, 0, 0),
    (330_500, 1, 0),
    (330_400, 2, 0),
    (330_100, 1, 1),
    (330_600, 2, 1),
    (330_200, 3, 1),
    (330_900, 4, 1),
    (330_800, 0, 2),
    (330_700, 1, 2),
    (331_000, 3, 2),
    (331_100, 1, 3),
    (330_300, 2, 3),
];

/// The 11 cities as squares; the list of bars below says the same in words.
#[component]
pub(super) fn TileMap(regions: Vec<(RegionCode, i64)>) -> impl IntoView {
    let greatest = regions.iter().map(|(_, n)| *n).max().unwrap_or_default();
    let tile = |(code, column, row): (u32, i64, i64)| {
        let region = RegionCode::parse(&code.to_string())?;
        let n = regions.iter().find(|(known, _)| *known == region).map_or(0, |(_, n)| *n);
        let (x, y) = (column * 60, row * 60);
        let name: String = if code == 330_000 { "省级".to_owned() } else { region.name().chars().take(2).collect() };
        Some(view! {
            <rect x=x.to_string() y=y.to_string() width="56" height="56" rx="4" class=format!("tile tile-{}", level(n, greatest))/>
            <text x=(x + 28).to_string() y=(y + 24).to_string() class="tile-name">{name}</text>
            <text x=(x + 28).to_string() y=(y + 44).to_string() class="tile-n">{n}</text>
        })
    };
    view! {
        <svg class="dashboard-map" viewBox="0 0 296 236" aria-hidden="true">
            {TILES.into_iter().filter_map(tile).collect_view()}
        </svg>
    }
}

/// 等谁: by who may decide.
#[component]
pub(super) fn Reviewers(rows: Vec<ReviewerLoad>, ways: Ways, now: UtcMillis) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="quiet">"没有。"</p> }.into_any();
    }
    let row = move |row: ReviewerLoad| {
        let way = ways.waits(None, Counted { reviewer: Some(row.person), ..Counted::default() });
        view! {
            <tr>
                <th scope="row">{row.name}</th>
                <td data-label="待审"><A href=way>{row.n}</A></td>
                <td data-label="最久"><time datetime=row.oldest.datetime() title=row.oldest.local_text()>{row.oldest.age_text(now)}</time></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr><th scope="col">"审核人员"</th><th scope="col">"待审"</th><th scope="col">"最久"</th></tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
