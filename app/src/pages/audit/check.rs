//! 校验 and 每日锚点: whether the log is whole, and what is kept elsewhere to show it later.

use crate::api::audit::{AUDIT_PAGE, AuditVerify, audit_verify};
use crate::parts::again::Again;
use domain::time::Date;
use domain::view::audit::{Anchor, ChainCheck, CheckEnded, CheckRunning};
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

#[component]
pub(super) fn Check(read: ChainCheck, again: Callback<()>) -> impl IntoView {
    let ChainCheck { running, last, anchor, days } = read;
    let is_running = running.is_some();
    let verifying = Action::new(|(): &()| audit_verify());
    Effect::new(move |_| {
        if let Some(Ok(())) = verifying.value().get() {
            again.run(());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        verifying.dispatch(());
    };
    let failed = move || verifying.value().get().and_then(Result::err).map(|error| error.to_string());
    let state = match (running, last) {
        (Some(running), _) => EitherOf3::A(view! { <Running running again/> }),
        (None, Some(ended)) => EitherOf3::B(view! { <Ended ended/> }),
        (None, None) => EitherOf3::C(view! {
            <p class="audit-said">"还没有校验过。校验从第一条记录起重算哈希链，改动过任何一条、从中间删除过任何一条都会发现；最新的几条是否被删除，要与在别处保存的锚点核对。"</p>
        }),
    };
    let word = move || if verifying.pending().get() { "正在校验……" } else { "校验" };
    view! {
        <section class="card audit-check" aria-labelledby="audit-check">
            <div class="audit-part">
                <div class="page-head">
                    <h2 id="audit-check">"日志完整性"</h2>
                    <form method="post" action=AuditVerify::PATH on:submit=send>
                        <button type="submit" class="button" disabled=move || is_running || verifying.pending().get()>
                            {word}
                        </button>
                    </form>
                </div>
                <div role="status">{state}</div>
                {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            </div>
            {anchor.map(|anchor| view! { <Anchors anchor days/> })}
        </section>
    }
}

#[component]
fn Running(running: CheckRunning, again: Callback<()>) -> impl IntoView {
    let (rows, of) = (running.rows.min(running.of), running.of);
    view! {
        <p class="audit-said">{format!("{} 发起的校验正在进行：{rows} / {of} 条", running.by)}</p>
        <progress class="audit-progress" aria-label="校验进度" value=rows max=of></progress>
        <Again is_running=true again/>
    }
}

#[component]
fn Ended(ended: CheckEnded) -> impl IntoView {
    let CheckEnded { by, at, rows, hash, broken, hidden } = ended;
    let when = view! {
        <p class="quiet">
            <time datetime=at.datetime()>{at.local_text()}</time>
            {format!("，{by}")}
        </p>
    };
    let said = match broken {
        None => view! {
            <p class="notice notice-success">
                {format!("完整（共 {rows} 条，最后一条的哈希 ")} <code class="audit-hash">{hash}</code> "）"
            </p>
        }
        .into_any(),
        Some(seq) => view! {
            <p class="notice notice-danger">
                {format!("第 {seq} 条不符：它或它之前的记录在平台之外被改动或删除过。前 {rows} 条完整。请保留现场，联系系统管理员从备份核对。")}
            </p>
        }
        .into_any(),
    };
    let hidden = hidden.map(|seq| {
        view! {
            <p class="notice notice-danger">
                {format!("第 {seq} 条不是审计员的操作，却被列入审计员的操作，审计员看不到它：有人在平台之外改动过数据库。请保留现场，由安全管理员在审计中查看这一条。")}
            </p>
        }
    });
    view! {
        {said}
        {hidden}
        {when}
    }
}

/// The day can be chosen: what was signed then must be what it is now.
#[component]
fn Anchors(anchor: Anchor, days: (Option<Date>, Date)) -> impl IntoView {
    let (first, today) = days;
    view! {
        <div class="audit-part">
            <div class="page-head">
                <h2>"每日锚点"</h2>
                <form method="get" action=format!("{AUDIT_PAGE}/anchor") class="audit-anchor">
                    <label for="anchor-date" class="visually-hidden">"锚点的日期"</label>
                    <div class="field">
                        <input
                            id="anchor-date"
                            name="date"
                            type="date"
                            class="field-input"
                            required
                            min=first.map(|day| day.to_string())
                            max=today.to_string()
                            value=anchor.date.to_string()
                        />
                    </div>
                    <button type="submit" class="button">"下载锚点"</button>
                </form>
            </div>
            <p class="audit-said">
                "一天结束时最后一条的编号和哈希。下载后在别处签名保存；以后再下载同一天的，应当一字不差。"
            </p>
        </div>
    }
}
