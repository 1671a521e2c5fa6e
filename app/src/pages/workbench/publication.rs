//! One publication on the workbench: whose turn it is, upload, the version with its stages, all versions (screens.md).

use super::test_values::TestValues;
use super::upload::Upload;
use super::version::VersionCard;
use crate::api::ApiError;
use crate::api::publication::publication_detail;
use crate::pages::Page;
use crate::parts::crumbs::{Crumbs, list_above};
use crate::parts::gate::Gate;
use crate::parts::lifecycle_line::LifecycleLine;
use crate::parts::loaded::Loaded;
use crate::parts::more::{detail_page, tokens_page, workbench_page};
use crate::parts::publication::publication_of_address;
use crate::parts::state_chip::StateChip;
use crate::parts::updates::PageUpdates;
use crate::parts::version::VersionShown;
use crate::ui::drawn::drawn;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::publication::{PublicationDetail, VersionRow};
use domain::{Action as Deed, Offer, PublicationId, Role, StageStatus, VersionId, words};
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// The page; its state is the address: `version`, else the newest; `with`, what it is compared with.
pub struct WorkbenchPublicationPage {
    shown: Read<Result<Shown, ApiError>>,
}

/// What is shown of it.
#[derive(Clone, Serialize, Deserialize)]
struct Shown {
    detail: PublicationDetail,
    /// Of the version that is looked at. The page reads without.
    version: Option<Result<VersionShown, ApiError>>,
}

impl Page for WorkbenchPublicationPage {
    fn data() -> Self {
        let (id, query) = (publication_of_address(), use_query_map());
        let named = move |name| Memo::new(move |_| query.with(|map| map.get(name)?.parse().ok().map(VersionId)));
        let (chosen, with) = (named("version"), named("with"));
        let read = |(id, chosen, with): (Option<PublicationId>, Option<VersionId>, Option<VersionId>)| async move {
            let id = id.ok_or(ApiError::NotFound)?;
            let mut detail = publication_detail(id).await?;
            let newest = detail.versions.first().map(|version| version.id);
            let version = VersionShown::of(chosen.or(newest), with).await;
            // A stage that ended between the two reads: what can be done now is another.
            let ended = |version: &VersionShown| version.version.stages.iter().filter_map(|stage| stage.ended_at).max();
            if version.as_ref().and_then(|version| ended(version.as_ref().ok()?)) >= Some(detail.now) {
                detail = publication_detail(id).await?;
            }
            Ok(Shown { detail, version })
        };
        Self { shown: ask(move || (id.get(), chosen.get(), with.get()), read) }
    }

    fn view(this: Self) -> AnyView {
        let shown = this.shown;
        let changed = Callback::new(move |()| shown.refetch());
        let detail = Signal::derive(move || shown.with(|shown| Some(shown.as_ref()?.as_ref().ok()?.detail.clone())));
        let draw = move |Shown { detail, .. }| {
            let id = detail.row.id;
            view! {
                <PageUpdates heard=detail.heard concerns=move |news| news.publication == id reload=changed/>
                <Head detail/>
            }
            .into_any()
        };
        let versions = move || {
            Suspend::new(async move {
                // What is wrong is said above.
                shown.await.ok().map(|Shown { detail, version }| view! { <Shows detail version changed/> })
            })
        };
        view! {
            <Gate roles=&[Role::Developer]>
                <Loaded data=shown draw/>
                <UploadPlace detail changed/>
                <Transition>{drawn(versions)}</Transition>
                <TestValuesPlace detail changed/>
            </Gate>
        }
        .into_any()
    }
}

/// Name, state, whose turn it is.
#[component]
fn Head(detail: PublicationDetail) -> impl IntoView {
    let row = detail.row.clone();
    // What can be done now is done below.
    let possible = |wanted: fn(&Deed) -> bool| {
        detail.workbench.iter().find(|(deed, offer)| wanted(deed) && *offer == Offer::Possible)
    };
    let here = match (possible(|deed| *deed != Deed::Upload), possible(|deed| *deed == Deed::Upload)) {
        (Some((deed, _)), _) => Some((format!("去{}", words::action(*deed)), "#version".to_owned())),
        (None, Some(_)) => Some(("上传程序包".to_owned(), "#upload".to_owned())),
        (None, None) => None,
    };
    view! {
        <Crumbs above=vec![list_above(detail.side, Role::Developer)]/>
        <div class="page-head">
            <div class="named">
                <img src=format!("/icon/{}", row.icon) width="48" height="48" alt="" class="named-icon named-icon-large"/>
                <div>
                    <PageTitle text=row.name.clone()/>
                    <p class="named-facts"><span class="quiet">{row.service_id.clone()}</span> <StateChip state=row.state rollout=row.rollout/></p>
                </div>
            </div>
            {detail.hosted.then(|| view! {
                <div class="page-ways">
                    <A href=tokens_page(row.id) attr:class="button">"API 令牌"</A>
                    <A href=format!("{}?tab=running", detail_page(row.id)) attr:class="button">"运行情况"</A>
                </div>
            })}
        </div>
        <LifecycleLine detail looks=Role::Developer here/>
    }
    .into_any()
}

/// The version that is looked at, and all of them.
#[component]
fn Shows(
    detail: PublicationDetail,
    version: Option<Result<VersionShown, ApiError>>,
    changed: Callback<()>,
) -> impl IntoView {
    let id = detail.row.id;
    let shown = version.as_ref().and_then(|version| Some(version.as_ref().ok()?.version.id));
    let card = version.map(|version| match version {
        Ok(shown) => view! { <VersionCard shown detail=detail.clone() changed/> }.into_any(),
        Err(error) => view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> }.into_any(),
    });
    view! {
        {card}
        <Versions publication=id rows=detail.versions shown/>
    }
    .into_any()
}

/// The form of an upload, or why there is none. It stays as it is while the rest of the page is read again.
///
/// Only in the browser: it is of no use before, and a file is a thing of the browser's.
#[component]
fn UploadPlace(detail: Signal<Option<PublicationDetail>>, changed: Callback<()>) -> impl IntoView {
    let (place, in_browser) = taken_over();
    let offer = Memo::new(move |_| {
        detail.get()?.workbench.iter().find(|(action, _)| *action == Deed::Upload).map(|(_, offer)| offer.clone())
    });
    let form = move || {
        if !in_browser.get() {
            return view! {
                <p class="notice notice-warning form-plain">"上传需要浏览器脚本。请启用脚本后刷新页面。"</p>
            }
            .into_any();
        }
        match offer.get() {
            Some(Offer::Possible) => view! { <Upload detail changed/> }.into_any(),
            Some(Offer::Refused(refusal)) => view! { <p class="notice">{refusal.sentence()}</p> }.into_any(),
            Some(Offer::Never) | None => ().into_any(),
        }
    };
    view! { <div node_ref=place id="upload" tabindex="-1">{form}</div> }
}

/// 运行参数, in the browser alone for the same reason.
#[component]
fn TestValuesPlace(detail: Signal<Option<PublicationDetail>>, changed: Callback<()>) -> impl IntoView {
    let (place, in_browser) = taken_over();
    view! { <div node_ref=place>{move || in_browser.get().then(|| view! { <TestValues detail changed/> })}</div> }
}

/// A place, and whether the browser has taken it over; an effect alone may run while what stands before it is still waited for.
fn taken_over() -> (NodeRef<html::Div>, RwSignal<bool>) {
    let (place, in_browser) = (NodeRef::<html::Div>::new(), RwSignal::new(false));
    Effect::new(move |_| in_browser.set(place.get().is_some()));
    (place, in_browser)
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
        let compared = shown.filter(|shown| *shown != version.id).map(|shown| {
            let href = format!("{}?version={}&with={}#difference", workbench_page(publication), shown.0, version.id.0);
            let which = format!("：{}", version.number);
            view! { <a href=href>"与它比较"<span class="visually-hidden">{which}</span></a> }
        });
        view! {
            <tr>
                <th scope="row">
                    <a href=href aria-current=here>{version.number.to_string()}</a>
                    " "
                    {version.live.then(|| view! { <span class="state-chip state-chip-live">"线上"</span> })}
                </th>
                <td data-label="版本说明">{if version.note.is_empty() { "—".to_owned() } else { version.note }}</td>
                <td data-label="比较">{compared}</td>
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
                    <th scope="col">"版本说明"</th>
                    <th scope="col">"比较"</th>
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
