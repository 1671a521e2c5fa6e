//! What was asked for: the form as it was submitted, before and after, the version, the attachments.

use crate::api::ApiError;
use crate::api::work_order::order_page;
use crate::parts::comparison::Comparison;
use crate::parts::version::{Difference, Findings, Hosts, Stages, TrialRun, VersionShown};
use domain::view::difference::VersionDifference;
use domain::view::work_order::{AttachmentView, ReleaseView, WorkOrderDetail};
use domain::{OrderId, text};
use leptos::prelude::*;

/// Cards, one a subject.
#[component]
pub(super) fn Body(
    detail: WorkOrderDetail,
    evidence: Option<Result<VersionShown, ApiError>>,
    /// From the approved version to the one of 配置完成.
    configured: Option<Result<Option<VersionDifference>, ApiError>>,
) -> impl IntoView {
    let id = detail.row.id;
    let changes = detail.changes;
    let line = |(label, text): (String, String)| view! { <div><dt>{label}</dt><dd>{text}</dd></div> };
    view! {
        <section class="card" aria-labelledby="order-form">
            <h2 id="order-form">"申请内容"</h2>
            {detail.icon.map(|hash| view! { <img src=format!("/icon/{hash}") width="60" height="60" alt="图标" class="named-icon"/> })}
            <dl class="order-form">{detail.form.into_iter().map(line).collect_view()}</dl>
            {(!detail.attachments.is_empty()).then(|| view! { <Attachments id files=detail.attachments/> })}
        </section>
        {(!changes.is_empty())
            .then(|| {
                view! {
                    <section class="card" aria-labelledby="order-changes">
                        <h2 id="order-changes">{format!("变更的内容（{} 项）", changes.len())}</h2>
                        <Comparison changes/>
                    </section>
                }
            })}
        {detail.release.map(|release| view! { <Release release evidence configured/> })}
    }
}

#[component]
fn Attachments(id: OrderId, files: Vec<AttachmentView>) -> impl IntoView {
    let file = |file: AttachmentView| {
        let href = format!("{}/attachments/{}", order_page(id), file.index);
        view! {
            <li>
                <a href=href rel="external" download="">{file.name}</a>
                " " <span class="order-quiet">{text::size(file.size)}</span>
            </li>
        }
    };
    view! {
        <div>
            <h3 id="order-files">"附件"</h3>
            <ul class="order-files" aria-labelledby="order-files">{files.into_iter().map(file).collect_view()}</ul>
        </div>
    }
}

#[component]
fn Release(
    release: ReleaseView,
    evidence: Option<Result<VersionShown, ApiError>>,
    configured: Option<Result<Option<VersionDifference>, ApiError>>,
) -> impl IntoView {
    let hash = |bundle: Option<String>| {
        bundle.map(|hash| view! { <div><dt>"内容指纹"</dt><dd><code class="order-hash">{hash}</code></dd></div> })
    };
    let number = release.configured.map(|(_, number, bundle)| {
        view! {
            <div><dt>"配置完成的版本"</dt><dd>{number.to_string()}</dd></div>
            {hash(bundle)}
        }
    });
    view! {
        <section class="card" aria-labelledby="order-version">
            <h2 id="order-version">"版本"</h2>
            <dl class="order-form">
                <div><dt>"版本号"</dt><dd>{release.number.to_string()}</dd></div>
                {hash(release.bundle)}
                {number}
            </dl>
            {configured.map(|difference| view! {
                <h3>"配置完成的版本与批准的版本的差异"</h3>
                <Difference difference/>
            })}
            {evidence.map(|evidence| view! { <Evidence evidence/> })}
        </section>
    }
}

/// What the stages found, the external hosts with their purpose, and the preview: what the decision rests on.
#[component]
fn Evidence(evidence: Result<VersionShown, ApiError>) -> impl IntoView {
    match evidence {
        Ok(VersionShown { version, preview, difference }) => view! {
            <Stages stages=version.stages.clone()/>
            <h3>"检测结果"</h3>
            <Findings version=version.clone()/>
            <h3>"与之前版本的差异"</h3>
            <Difference difference/>
            <h3>"外部域名"</h3>
            <Hosts hosts=version.external/>
            {version.evidence.map(|evidence| view! { <h3>"试运行"</h3> <TrialRun version=version.id evidence/> })}
            {preview.map(|shown| view! {
                <p>
                    <a href=shown.preview.address target="_blank" rel="external noopener noreferrer">"打开预览"</a>
                </p>
            })}
        }
        .into_any(),
        Err(error) => view! { <p class="quiet">{error.to_string()}</p> }.into_any(),
    }
}
