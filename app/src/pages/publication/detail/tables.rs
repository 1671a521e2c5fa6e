//! 版本 and 工单: each a table, newest first; 渠道: where it is seen.

use crate::api::directory::directory_path;
use domain::view::directory::{DirectoryOf, directories};
use domain::view::publication::{PublicationDetail, VersionRow};
use domain::view::work_order::WorkOrderRow;
use domain::{Stage, StageStatus, UtcMillis, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// 版本: each with how far its stages are.
#[component]
pub(super) fn Versions(rows: Vec<VersionRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Nothing text="还没有上传过版本。登记的开发商联系人在开发者工作台上传。"/> }.into_any();
    }
    let stage = |(stage, status): (Stage, StageStatus)| {
        view! { <li class=stage_class(status)>{words::stage(stage)}"："{words::stage_status(status)}</li> }
    };
    let row = |version: VersionRow| {
        let bundle = version.bundle.map(|hash| hash.chars().take(12).collect::<String>());
        view! {
            <tr>
                <th scope="row">
                    {version.number.to_string()}
                    " "
                    {version.live.then(|| view! { <span class="state-chip state-chip-live">"线上"</span> })}
                </th>
                <td data-label="阶段"><ul class="stages">{version.stages.into_iter().map(stage).collect_view()}</ul></td>
                <td data-label="版本说明">{if version.note.is_empty() { "—".to_owned() } else { version.note }}</td>
                <td data-label="校验和"><code>{bundle.unwrap_or_else(|| "—".to_owned())}</code></td>
                <td data-label="上传人">{version.uploaded_by}</td>
                <td data-label="上传时间"><When at=version.uploaded_at/></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"版本号"</th>
                    <th scope="col">"阶段"</th>
                    <th scope="col">"版本说明"</th>
                    <th scope="col">"校验和"</th>
                    <th scope="col">"上传人"</th>
                    <th scope="col">"上传时间"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// 渠道: those of the registration and those that were applied for, with the way to their directories.
#[component]
pub(super) fn Channels(detail: PublicationDetail) -> impl IntoView {
    let listed = match (&detail.plan, detail.live_address.is_empty()) {
        (Some(plan), true) if plan.batches.iter().any(|batch| batch.started_at.is_some()) => "部分站点已在目录中",
        (_, true) => "未上线",
        (_, false) => "已在目录中",
    };
    let is_its = move |of: DirectoryOf| match of {
        DirectoryOf::Channel(channel) => detail.row.channels.has(channel),
        DirectoryOf::Further(_) => true,
    };
    let row = |(of, name): (DirectoryOf, String)| {
        let how = match of {
            DirectoryOf::Channel(_) => "登记",
            DirectoryOf::Further(_) => "渠道申请",
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td data-label="来自">{how}</td>
                <td data-label="状态">{listed}</td>
                <td data-label="目录"><A href=directory_path(of)>"查看目录"</A></td>
            </tr>
        }
    };
    let rows = directories(&detail.further_channels).into_iter().filter(|(of, _)| is_its(*of)).map(row).collect_view();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"渠道"</th>
                    <th scope="col">"来自"</th>
                    <th scope="col">"状态"</th>
                    <th scope="col">"目录"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// How a stage looks in a row.
pub(super) const fn stage_class(status: StageStatus) -> &'static str {
    match status {
        StageStatus::Waiting | StageStatus::Cancelled => "stages-one",
        StageStatus::Running => "stages-one stages-running",
        StageStatus::Passed => "stages-one stages-passed",
        StageStatus::Failed => "stages-one stages-failed",
    }
}

/// 工单 of this publication.
#[component]
pub(super) fn Orders(rows: Vec<WorkOrderRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <Nothing text="还没有工单。提交审批之后，工单会列在这里。"/> }.into_any();
    }
    let row = |order: WorkOrderRow| {
        view! {
            <tr>
                <th scope="row"><A href=format!("/orders/{}", order.id.0)>{words::order_kind(order.kind)}</A></th>
                <td data-label="状态">{words::order_status(order.status)}</td>
                <td data-label="步骤">{format!("{}/{}", order.step, order.steps)}</td>
                <td data-label="申请人">{order.initiator}</td>
                <td data-label="提交时间"><When at=order.filed_at/></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"工单"</th>
                    <th scope="col">"状态"</th>
                    <th scope="col">"步骤"</th>
                    <th scope="col">"申请人"</th>
                    <th scope="col">"提交时间"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// A time.
#[component]
pub(super) fn When(at: UtcMillis) -> impl IntoView {
    view! { <time datetime=at.datetime()>{at.local_text()}</time> }
}

#[component]
fn Nothing(text: &'static str) -> impl IntoView {
    view! { <div class="empty"><p>{text}</p></div> }
}
