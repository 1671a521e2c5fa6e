//! 工单看板: what waits where and for how long, and what the last days brought. It moves when something happens.

mod charts;
mod live_today;
mod loads;
mod numbers;
mod ways;

pub use live_today::LiveTodayPage;

use crate::api::ApiError;
use crate::api::asking;
use crate::api::dashboard::dashboard_figures;
use crate::pages::Page;
use crate::parts::clock::Ago;
use crate::parts::gate::Gate;
use crate::parts::live::Live;
use crate::parts::loaded::reading;
use crate::parts::more::detail_page;
use crate::parts::problem::Problem;
use crate::ui::drawn::drawn;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use charts::{Durations, Throughput};
use domain::query::{Counted, Ended};
use domain::view::dashboard::{Dashboard, FeedRow, StepFigures};
use domain::{OrderStatus, RegionCode, Role, UtcMillis, dashboard::span_text, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use loads::{Bars, Reviewers, TileMap, Waiting};
use numbers::{Numbers, Shown};
use std::time::Duration;
use ways::Ways;

/// Whatever happens meanwhile is read together.
const PAUSE: Duration = Duration::from_millis(200);

/// Ages grow, and days end, when nothing happens; and not everybody hears of everything.
const AGAIN: Duration = Duration::from_secs(60);

/// Whoever builds packages without walls is told so where everybody looks (packages.md, 代码编译).
const UNSANDBOXED: &str = "已设置 --allow-unsandboxed-builds：编译沙箱不可用时，源码包不经隔离，直接在服务器上编译。请让系统管理员安装 bubblewrap、去掉这项设置。";

/// The page.
pub struct DashboardPage {
    figures: Read<Result<Dashboard, ApiError>>,
    wall: Memo<bool>,
}

impl Page for DashboardPage {
    fn data() -> Self {
        let query = use_query_map();
        let wall = Memo::new(move |_| query.with(|map| map.get("wall").is_some()));
        Self { figures: ask(|| (), |()| dashboard_figures()), wall }
    }

    fn view(this: Self) -> AnyView {
        let DashboardPage { figures, wall } = this;
        follow(figures, wall);
        // What was drawn before: a number that is another now is marked for a moment.
        let before = StoredValue::new(None::<Shown>);
        let draw = move |figures: Dashboard| {
            let shown = Shown::of(&figures);
            let last = before.try_update_value(|before| before.replace(shown)).flatten();
            view! { <Board figures last wall/> }.into_any()
        };
        // What was read last stays when it can't be read anew: a wall has nobody who would reload it.
        let good = StoredValue::new(None::<Dashboard>);
        let content = move || {
            Suspend::new(async move {
                match (figures.await, good.try_get_value().flatten()) {
                    (Ok(read), _) => {
                        good.try_set_value(Some(read.clone()));
                        draw(read)
                    }
                    (Err(error), Some(last)) if error.is_passing() => {
                        let at = last.now.clock_text();
                        view! {
                            <p class="notice notice-warning" role="status">{format!("没有读到新的数据，显示的是 {at} 的数据")}</p>
                            {draw(last)}
                        }
                        .into_any()
                    }
                    (Err(error), _) => view! { <Problem error/> }.into_any(),
                }
            })
        };
        view! {
            <Gate roles=&[Role::Staff, Role::Reviewer, Role::Operator]>
                <div class="dashboard" class:dashboard-wall=wall>
                    <div class="page-head">
                        <PageTitle text="工单看板"/>
                        {move || {
                            let (href, word) = if wall.get() { ("/dashboard", "退出大屏") } else { ("/dashboard?wall=1", "大屏") };
                            view! { <A href=href attr:class="button">{word}</A> }
                        }}
                    </div>
                    <Transition fallback=reading>{drawn(content)}</Transition>
                </div>
            </Gate>
        }
        .into_any()
    }
}

/// Reads the figures again when something happened that the person may hear of, when a lost connection is back, and every minute. Who hung
/// it on a wall is there: until the session's twelve hours are over.
fn follow(figures: Read<Result<Dashboard, ApiError>>, wall: Memo<bool>) {
    let waiting = StoredValue::new(false);
    Effect::new(move |before: Option<(i64, bool)>| {
        let now = Live::get().map_or((0, false), |live| (live.last(), live.is_cut()));
        if before.is_some_and(|before| before != now) && !waiting.get_value() {
            waiting.set_value(true);
            let read = move || {
                // The page may be gone by now.
                if waiting.try_set_value(false).is_none() {
                    figures.refetch();
                }
            };
            set_timeout(read, PAUSE);
        }
        now
    });
    Effect::new(move |_| {
        let read = move || {
            if wall.get_untracked() {
                asking::note();
            }
            figures.refetch();
        };
        if let Ok(handle) = set_interval_with_handle(read, AGAIN) {
            on_cleanup(move || handle.clear());
        }
    });
}

#[component]
fn Board(figures: Dashboard, last: Option<Shown>, wall: Memo<bool>) -> impl IntoView {
    let now = figures.now;
    let ways = Ways(figures.list);
    let waits = move |counted| ways.waits(None, counted);
    let lately = move |counted| ways.ended(Ended::Lately, counted);
    let region = |(region, n): &(RegionCode, i64)| {
        (region.site_name(), *n, waits(Counted { region: Some(*region), ..Counted::default() }))
    };
    let regions = figures.regions.iter().map(region).collect::<Vec<_>>();
    let department = |(name, n): (String, i64)| {
        let way = waits(Counted { department: name.clone(), ..Counted::default() });
        (name, n, way)
    };
    let departments = figures.departments.clone().into_iter().map(department).collect::<Vec<_>>();
    let reason = |(text, n): (String, i64)| {
        let status = Some(OrderStatus::Refused);
        let way = lately(Counted { reason: text.clone(), status, ..Counted::default() });
        (text, n, way)
    };
    let reasons = figures.reasons.clone().into_iter().map(reason).collect::<Vec<_>>();
    let step = move |step: StepFigures| {
        let way = lately(Counted { step: Some(step.step), ..Counted::default() });
        view! {
            <tr>
                <th scope="row">{format!("第 {} 步", step.step)}</th>
                <td data-label="已办"><A href=way>{step.n}</A></td>
                <td data-label="中位">{span_text(step.median_ms)}</td>
                <td data-label="九成不超过">{span_text(step.p90_ms)}</td>
            </tr>
        }
    };
    let numbers = view! { <Numbers figures=figures.clone() last/> };
    view! {
        <Stale read=now/>
        {figures.unsandboxed.then(|| view! { <p class="notice notice-danger" role="alert">{UNSANDBOXED}</p> })}
        {numbers}
        <div class="dashboard-middle">
            <section class="card dashboard-wide">
                <h2>"在等什么"</h2>
                <Waiting rows=figures.waiting ways/>
            </section>
            <section class="card">
                <h2>"在哪里等"</h2>
                <TileMap regions=figures.regions/>
                <Bars rows=regions/>
            </section>
            <section class="card">
                <h2>"等谁"</h2>
                <Reviewers rows=figures.reviewers ways now/>
                <h3>"建设部门"</h3>
                <Bars rows=departments/>
            </section>
            <section class="card">
                <h2>"30 天办结"</h2>
                <Throughput days=figures.days.clone() ways/>
            </section>
            <section class="card">
                <h2>"30 天每步用时"</h2>
                <Durations days=figures.days/>
                {(!figures.steps.is_empty()).then(|| view! {
                    <table class="table">
                        <thead>
                            <tr><th scope="col">"步骤"</th><th scope="col">"已办"</th><th scope="col">"中位"</th><th scope="col">"九成不超过"</th></tr>
                        </thead>
                        <tbody>{figures.steps.into_iter().map(step).collect_view()}</tbody>
                    </table>
                })}
            </section>
            {(!reasons.is_empty()).then(|| view! {
                <section class="card">
                    <h2>"为什么驳回"</h2>
                    <Bars rows=reasons/>
                </section>
            })}
            <section class="card">
                <h2>"刚刚"</h2>
                <Feed rows=figures.feed now wall/>
            </section>
        </div>
    }
}

/// A stale connection says so, with the time of what is shown; it mends itself.
#[component]
fn Stale(read: UtcMillis) -> impl IntoView {
    let cut = move || Live::get().is_some_and(Live::is_cut);
    view! {
        {move || cut().then(|| view! {
            <p class="notice notice-warning" role="status">{format!("连接中断，{} 的数据", read.clock_text())}</p>
        })}
    }
}

#[component]
fn Feed(rows: Vec<FeedRow>, now: UtcMillis, wall: Memo<bool>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="quiet">"还没有发生什么。"</p> }.into_any();
    }
    let row = move |row: FeedRow| {
        let (name, page) = (row.name, detail_page(row.publication));
        // On a wall there is nobody to follow a link.
        let name = move || {
            let (name, page) = (name.clone(), page.clone());
            match wall.get() {
                true => view! { <span>{name}</span> }.into_any(),
                false => view! { <A href=page>{name}</A> }.into_any(),
            }
        };
        view! {
            <li>
                <span>{row.who} " " {words::action(row.action)} " " {name}</span>
                <Ago at=row.at now/>
            </li>
        }
    };
    view! { <ol class="dashboard-feed">{rows.into_iter().map(row).collect_view()}</ol> }.into_any()
}
