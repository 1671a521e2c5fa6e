//! 运行状况, for the system administrator: what the doctor found at this server, and what waits.

use crate::api::ApiError;
use crate::api::doctor::{DoctorBegin, SINCE, doctor_begin, doctor_report};
use crate::pages::Page;
use crate::parts::again::Again;
use crate::parts::clock::Ago;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::dashboard::span_text;
use domain::view::doctor::{Condition, DoctorPage as Report, Found, Messages, PeriodicRun, ProcessSeen, Queues, Swept};
use domain::{Role, UtcMillis, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The page.
pub struct DoctorPage {
    page: Read<Result<Report, ApiError>>,
    since: RwSignal<Option<UtcMillis>>,
}

impl Page for DoctorPage {
    fn data() -> Self {
        let asked = use_query_map().with_untracked(|map| map.get(SINCE)?.parse().ok().map(UtcMillis));
        let since = RwSignal::new(asked);
        Self { page: ask(move || since.get(), doctor_report), since }
    }

    fn view(this: Self) -> AnyView {
        let Self { page, since } = this;
        let again = Callback::new(move |()| page.refetch());
        // Another server may answer, that looked before the button was pressed.
        let begun = Callback::new(move |asked| since.set(Some(asked)));
        let draw = move |read: Report| view! { <All read again begun/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="运行状况"/>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn All(read: Report, again: Callback<()>, begun: Callback<UtcMillis>) -> impl IntoView {
    let Report { server, version, started_at, now, running_since, checked_at, found, queues, sweeps, jobs } = read;
    let is_running = running_since.is_some();
    view! {
        <p class="quiet">
            {format!("服务器 {server}，版本 {version}，")} <Ago at=started_at now/>
            "启动。由多台服务器组成时，这里是答复这次访问的那一台。"
        </p>
        <Verdict found=found.clone() is_running/>
        <Head checked_at now is_running again begun/>
        <Checks found is_running/>
        <h2>"排队"</h2>
        {match queues {
            Some(queues) => view! { <Waiting queues/> }.into_any(),
            None => {
                view! { <p class="notice notice-warning">"数据库没有及时答复，现在看不到排队情况。请稍后刷新。"</p> }
                    .into_any()
            }
        }}
        <h2>"定期任务"</h2>
        <Jobs jobs sweeps now/>
    }
}

/// All of it in one sentence.
#[component]
fn Verdict(found: Vec<Found>, is_running: bool) -> impl IntoView {
    let many = |condition: Condition| found.iter().filter(|one| one.condition == condition).count();
    let (class, said) = match (many(Condition::Wrong), many(Condition::Note)) {
        _ if found.is_empty() && is_running => ("notice", "正在检查，结果马上出来。".to_owned()),
        _ if found.is_empty() => ("notice", "还没有检查过。".to_owned()),
        (0, 0) => ("notice notice-success", "没有发现故障。".to_owned()),
        (0, notes) => ("notice notice-warning", format!("没有故障，有 {notes} 项警告：能用，但可以更好。")),
        (wrong, 0) => ("notice notice-danger", format!("有 {wrong} 项故障，请按下面的办法处理。")),
        (wrong, notes) => ("notice notice-danger", format!("有 {wrong} 项故障、{notes} 项警告，请按下面的办法处理。")),
    };
    view! { <p class=class role="status">{said}</p> }
}

#[component]
fn Head(
    checked_at: Option<UtcMillis>,
    now: UtcMillis,
    is_running: bool,
    again: Callback<()>,
    begun: Callback<UtcMillis>,
) -> impl IntoView {
    let begin = Action::new(|(): &()| doctor_begin());
    Effect::new(move |_| {
        if let Some(Ok(since)) = begin.value().get() {
            begun.run(since);
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        begin.dispatch(());
    };
    let failed = move || begin.value().get().and_then(Result::err).map(|error| error.to_string());
    let word = move || if is_running || begin.pending().get() { "正在检查……" } else { "重新检查" };
    view! {
        <div class="page-head">
            <h2>"检查"</h2>
            <form method="post" action=DoctorBegin::PATH on:submit=send>
                <button type="submit" class="button" disabled=move || is_running || begin.pending().get()>
                    {word}
                </button>
            </form>
        </div>
        {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        {checked_at.map(|at| view! {
            <p class="quiet">"下面各项检查于 " <time datetime=at.datetime()>{at.second_text()}</time> "（" <Ago at now/> "）。"</p>
        })}
        <Again is_running again/>
    }
}

#[component]
fn Checks(found: Vec<Found>, is_running: bool) -> impl IntoView {
    if found.is_empty() {
        let said = if is_running { "正在检查……" } else { "没有检查结果" };
        return view! { <div class="empty"><p>{said}</p></div> }.into_any();
    }
    let row = |one: Found| {
        let remedy = one.remedy.map(|remedy| view! { <span class="table-second">{format!("办法：{remedy}")}</span> });
        view! {
            <tr>
                <th scope="row">{one.title}</th>
                <td data-label="状态"><span class=chip(one.condition)>{words::condition(one.condition)}</span></td>
                <td data-label="说明">{one.what} {remedy}</td>
            </tr>
        }
    };
    view! {
        <table class="table doctor">
            <thead>
                <tr>
                    <th scope="col">"项目"</th>
                    <th scope="col">"状态"</th>
                    <th scope="col">"说明"</th>
                </tr>
            </thead>
            <tbody>{found.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn chip(condition: Condition) -> &'static str {
    match condition {
        Condition::Wrong => "state-chip state-chip-refused",
        Condition::Note => "state-chip state-chip-staff",
        Condition::Fine => "state-chip state-chip-live",
        Condition::Skipped => "state-chip",
    }
}

#[component]
fn Waiting(queues: Queues) -> impl IntoView {
    let oldest = |waiting: i64, ms: i64| if waiting == 0 { "—".to_owned() } else { span_text(ms) };
    let message = |it: Messages| {
        let dead = match it.dead {
            0 => "0".into_any(),
            dead => view! { <A href="/admin/notifications">{format!("{dead} 条，去处理")}</A> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{format!("通知：{}", words::carrier(it.carrier))}</th>
                <td data-label="等待">{it.waiting}</td>
                <td data-label="最久等了">{oldest(it.waiting, it.oldest_ms)}</td>
                <td data-label="正在处理">"—"</td>
                <td data-label="失败">{dead}</td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"队列"</th>
                    <th scope="col">"等待"</th>
                    <th scope="col">"最久等了"</th>
                    <th scope="col">"正在处理"</th>
                    <th scope="col">"失败"</th>
                </tr>
            </thead>
            <tbody>
                <tr>
                    <th scope="row">"检测和编译"</th>
                    <td data-label="等待">{queues.builds_waiting}</td>
                    <td data-label="最久等了">{oldest(queues.builds_waiting, queues.oldest_build_ms)}</td>
                    <td data-label="正在处理">{queues.builds_running}</td>
                    <td data-label="失败">"—"</td>
                </tr>
                {queues.messages.into_iter().map(message).collect_view()}
            </tbody>
        </table>
        <Processes processes=queues.processes/>
    }
}

#[component]
fn Processes(processes: Vec<ProcessSeen>) -> impl IntoView {
    let row = |it: ProcessSeen| {
        view! {
            <tr>
                <th scope="row">{it.name}</th>
                <td data-label="数据库连接">{it.connections}</td>
            </tr>
        }
    };
    (!processes.is_empty()).then(|| {
        view! {
            <h2>"正在运行的进程"</h2>
            <p class="quiet">"连着同一个数据库的服务器和编译进程，按机器名和进程号。"</p>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"进程"</th>
                        <th scope="col">"数据库连接"</th>
                    </tr>
                </thead>
                <tbody>{processes.into_iter().map(row).collect_view()}</tbody>
            </table>
        }
    })
}

#[component]
fn Jobs(jobs: Vec<PeriodicRun>, sweeps: Vec<Swept>, now: UtcMillis) -> impl IntoView {
    if jobs.is_empty() && sweeps.is_empty() {
        return view! { <div class="empty"><p>"启动后还没有做过，每 10 分钟清理一次。"</p></div> }.into_any();
    }
    let job = move |it: PeriodicRun| view! { <Job it now/> };
    let own = move |it: Swept| {
        view! {
            <tr>
                <th scope="row">{words::sweep(it.what)}</th>
                <td data-label="上次完成">
                    <Ago at=it.at now/>
                </td>
                <td data-label="用时">"—"</td>
                <td data-label="结果">{ended(it.well, false)}</td>
                <td data-label="服务器">"这一台"</td>
            </tr>
        }
    };
    view! {
        <p class="quiet">"由多台服务器组成时，每项任务由其中一台做；编译的剩余文件各台自己清理。"</p>
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"任务"</th>
                    <th scope="col">"上次完成"</th>
                    <th scope="col">"用时"</th>
                    <th scope="col">"结果"</th>
                    <th scope="col">"服务器"</th>
                </tr>
            </thead>
            <tbody>{jobs.into_iter().map(job).collect_view()} {sweeps.into_iter().map(own).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Job(it: PeriodicRun, now: UtcMillis) -> impl IntoView {
    let PeriodicRun { what, well, done_at, took_ms, failed_at, said, machine } = it;
    let took = took_ms.map_or_else(|| "—".to_owned(), took_text);
    let result = match (well, done_at) {
        (true, None) => "还没有到时间".into_any(),
        (well, _) => ended(well, said.is_some()).into_any(),
    };
    let failed = failed_at.filter(|_| !well).map(|at| format!("{} 失败。", at.local_text()));
    let said = format!("{}{}", failed.unwrap_or_default(), said.unwrap_or_default());
    view! {
        <tr>
            <th scope="row">{words::periodic(what)}</th>
            <td data-label="上次完成">
                {match done_at {
                    Some(at) => view! { <Ago at now/> }.into_any(),
                    None => "—".into_any(),
                }}
            </td>
            <td data-label="用时">{took}</td>
            <td data-label="结果">
                {result} {(!said.is_empty()).then(|| view! { <span class="table-second">{said}</span> })}
            </td>
            <td data-label="服务器">{machine}</td>
        </tr>
    }
}

/// Why it failed is said beside it, or in the log.
fn ended(well: bool, is_said: bool) -> impl IntoView {
    let (class, said) = match (well, is_said) {
        (true, _) => ("state-chip state-chip-live", "正常"),
        (false, true) => ("state-chip state-chip-refused", "失败"),
        (false, false) => ("state-chip state-chip-refused", "失败，原因在服务器日志里"),
    };
    view! { <span class=class>{said}</span> }
}

/// So long it took: 12 毫秒, 3.4 秒, 5 分钟.
fn took_text(ms: i64) -> String {
    match ms {
        ..1_000 => format!("{ms} 毫秒"),
        1_000..60_000 => format!("{}.{} 秒", ms / 1000, ms % 1000 / 100),
        _ => span_text(ms),
    }
}
