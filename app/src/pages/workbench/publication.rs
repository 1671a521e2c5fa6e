//! One publication on the workbench: upload, the version with its stages, all versions.

use super::upload::Upload;
use super::version::VersionCard;
use crate::api::ApiError;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::lifecycle_line::LifecycleLine;
use crate::parts::more::workbench_page;
use crate::parts::problem::Problem;
use crate::parts::publication::detail_of_address;
use crate::parts::state_chip::StateChip;
use crate::parts::updates::PageUpdates;
use crate::ui::title::PageTitle;
use domain::view::publication::{PublicationDetail, VersionRow};
use domain::{Action as Deed, Offer, PublicationId, Role, StageStatus, VersionId, words};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page; its state is the address: `version`, else the newest.
pub struct WorkbenchPublicationPage {
    detail: Resource<Result<PublicationDetail, ApiError>>,
    chosen: Memo<Option<VersionId>>,
}

impl Page for WorkbenchPublicationPage {
    fn data() -> Self {
        let (detail, query) = (detail_of_address(), use_query_map());
        let chosen = Memo::new(move |_| query.with(|map| map.get("version")?.parse().ok().map(VersionId)));
        Self { detail, chosen }
    }

    fn view(this: Self) -> AnyView {
        let WorkbenchPublicationPage { detail, chosen } = this;
        let changed = Callback::new(move |()| detail.refetch());
        let content = move || {
            let chosen = chosen.get();
            Suspend::new(async move {
                match detail.await {
                    Ok(detail) => {
                        let id = detail.row.id;
                        view! {
                            <PageUpdates heard=detail.heard concerns=move |news| news.publication == id reload=changed/>
                            <Whole detail chosen changed/>
                        }
                        .into_any()
                    }
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })
        };
        view! {
            <Gate roles=&[Role::Developer]>
                <Transition fallback=|| view! { <p>"正在读取……"</p> }>
                    {content}
                    <UploadPlace detail changed/>
                </Transition>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Whole(detail: PublicationDetail, chosen: Option<VersionId>, changed: Callback<()>) -> impl IntoView {
    let (row, line, now) = (detail.row.clone(), detail.line.clone(), detail.now);
    let id = row.id;
    let newest = detail.versions.first().map(|version| version.id);
    let shown = chosen.or(newest);
    view! {
        <div class="page-head">
            <div class="named">
                <img src=format!("/icon/{}", row.icon) width="48" height="48" alt="" class="named-icon named-icon-large"/>
                <div>
                    <PageTitle text=row.name.clone()/>
                    <p class="named-facts"><span class="quiet">{row.service_id.clone()}</span> <StateChip state=row.state/></p>
                </div>
            </div>
        </div>
        <LifecycleLine row line now looks=Role::Developer/>
        {detail.rejection.clone().map(|reason| {
            view! { <p class="notice notice-warning">{format!("上次验收未通过：{reason}")}</p> }
        })}
        {shown.map(|version| view! { <VersionCard id=version detail=detail.clone() changed/> })}
        <Versions publication=id rows=detail.versions shown/>
    }
    .into_any()
}

/// The form of an upload, or why there is none. It stays as it is while the rest of the page is read again.
///
/// Only in the browser: it is of no use before, and a file is a thing of the browser's.
#[component]
fn UploadPlace(detail: Resource<Result<PublicationDetail, ApiError>>, changed: Callback<()>) -> impl IntoView {
    let offer = Memo::new(move |_| {
        let detail = detail.get()?.ok()?;
        detail.workbench.iter().find(|(action, _)| *action == Deed::Upload).map(|(_, offer)| *offer)
    });
    let in_browser = RwSignal::new(false);
    Effect::new(move |_| in_browser.set(true));
    move || match offer.get().filter(|_| in_browser.get()) {
        None if !in_browser.get() => view! {
            <p class="notice notice-warning form-plain">"上传需要浏览器脚本。请启用脚本后刷新页面。"</p>
        }
        .into_any(),
        Some(Offer::Possible) => view! { <Upload detail changed/> }.into_any(),
        Some(Offer::Refused(refusal)) => view! { <p class="notice">{refusal.sentence()}</p> }.into_any(),
        Some(Offer::Never) | None => ().into_any(),
    }
}

#[component]
fn Versions(publication: PublicationId, rows: Vec<VersionRow>, shown: Option<VersionId>) -> impl IntoView {
    if rows.len() < 2 {
        return ().into_any();
    }
    let row = move |version: VersionRow| {
        let href = format!("{}?version={}", workbench_page(publication), version.id.0);
        let stopped = version.stages.iter().find(|(_, status)| *status != StageStatus::Passed);
        let result = match stopped {
            None => "已部署测试环境".to_owned(),
            Some((stage, status)) => format!("{}{}", words::stage(*stage), words::stage_status(*status)),
        };
        let here = (shown == Some(version.id)).then_some("true");
        view! {
            <tr>
                <th scope="row"><a href=href aria-current=here>{version.number.to_string()}</a></th>
                <td data-label="结果">{result}</td>
                <td data-label="上传人">{version.uploaded_by}</td>
                <td data-label="上传时间">
                    <time datetime=version.uploaded_at.datetime()>{version.uploaded_at.local_text()}</time>
                </td>
            </tr>
        }
    };
    view! {
        <h2>"所有版本"</h2>
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"版本号"</th>
                    <th scope="col">"结果"</th>
                    <th scope="col">"上传人"</th>
                    <th scope="col">"上传时间"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
