//! One order (screens.md, Work order; Phone approval).

mod body;
mod desk;
mod foot;
mod outcome;
mod questions;

use crate::api::ApiError;
use crate::api::version::version_difference;
use crate::api::work_order::work_order_detail;
use crate::pages::Page;
use crate::parts::clock::Ago;
use crate::parts::crumbs::Crumbs;
use crate::parts::loaded::reading;
use crate::parts::more::detail_page;
use crate::parts::order_chip::OrderChip;
use crate::parts::problem::Problem;
use crate::parts::session::{SessionContext, may};
use crate::parts::timeline::Timeline;
use crate::parts::updates::PageUpdates;
use crate::parts::version::VersionShown;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use body::Body;
use desk::Desk;
use domain::view::difference::VersionDifference;
use domain::view::live::News;
use domain::view::work_order::WorkOrderDetail;
use domain::{OrderId, Role, words};
use foot::Foot;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use outcome::Outcome;
use questions::Questions;
use serde::{Deserialize, Serialize};

/// The order of the address.
pub struct OrderPage {
    id: Memo<Option<OrderId>>,
    shown: Read<Result<Shown, ApiError>>,
}

/// What is shown of it.
#[derive(Clone, Serialize, Deserialize)]
struct Shown {
    detail: WorkOrderDetail,
    /// Of the version that goes live with it. The order reads without.
    evidence: Option<Result<VersionShown, ApiError>>,
    /// From the approved version to the one of 配置完成.
    configured: Option<Result<Option<VersionDifference>, ApiError>>,
}

impl Page for OrderPage {
    fn data() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.with(|map| Some(OrderId(map.get("id")?.parse().ok()?))));
        let read = |id: Option<OrderId>| async move {
            let detail = work_order_detail(id.ok_or(ApiError::NotFound)?).await?;
            let evidence = VersionShown::of(detail.release.as_ref().map(|release| release.version), None).await;
            let pair = detail.release.as_ref().and_then(|of| Some((of.configured.as_ref()?.0, of.version)));
            let configured = match pair {
                Some((configured, approved)) => Some(version_difference(configured, Some(approved)).await),
                None => None,
            };
            Ok(Shown { detail, evidence, configured })
        };
        Self { id, shown: ask(move || id.get(), read) }
    }

    fn view(this: Self) -> AnyView {
        let reload = Callback::new(move |()| this.shown.refetch());
        let desk = Desk::new(this.id, reload);
        let content = move || {
            desk.follow_the_address();
            Suspend::new(async move {
                let current = SessionContext::current_of_page().await;
                let decides = may(&current, Role::Reviewer) || may(&current, Role::Operator);
                match this.shown.await {
                    Ok(Shown { detail, evidence, configured }) => {
                        let (order, publication) = (detail.row.id, detail.row.publication);
                        let concerns =
                            move |news: &News| news.order == Some(order) || Some(news.publication) == publication;
                        Either::Left(view! {
                            <PageUpdates heard=detail.heard concerns reload/>
                            <Order detail evidence configured desk decides/>
                        })
                    }
                    Err(error) => Either::Right(view! { <Problem error/> }),
                }
            })
        };
        view! { <Transition fallback=reading>{content}</Transition> }.into_any()
    }
}

#[component]
fn Order(
    detail: WorkOrderDetail,
    evidence: Option<Result<VersionShown, ApiError>>,
    configured: Option<Result<Option<VersionDifference>, ApiError>>,
    desk: Desk,
    /// Who looks decides orders; else they file them.
    decides: bool,
) -> impl IntoView {
    let row = detail.row.clone();
    let title = format!("{}：{}", words::order_kind(row.kind), row.name);
    let (list, word) =
        if decides { ("/orders/waiting", "待我审批") } else { ("/orders/initiated", "我发起的") };
    let above = vec![(list.to_owned(), word.to_owned())];
    let timeline = view! { <Timeline row=row.clone() steps=detail.timeline.clone() now=detail.now/> };
    view! {
        <div class="order">
            <header class="order-head">
                <Crumbs above/>
                <div class="order-title">
                    <PageTitle text=title/>
                    <OrderChip status=row.status nobody=row.nobody_can_decide/>
                </div>
                <Facts detail=detail.clone()/>
            </header>
            <Outcome detail=detail.clone() desk/>
            <div class="order-columns">
                <div class="order-body"><Body detail=detail.clone() evidence configured/></div>
                <aside class="order-side card" aria-labelledby="order-way">
                    <h2 id="order-way">"审批流程"</h2>
                    {timeline}
                </aside>
            </div>
            <Questions detail=detail.clone() desk/>
            <Foot detail desk/>
        </div>
    }
}

/// What, who, since when.
#[component]
fn Facts(detail: WorkOrderDetail) -> impl IntoView {
    let row = detail.row;
    let filed = row.filed_at;
    let publication = row.publication.filter(|_| detail.opens_publication);
    let name = match publication {
        Some(id) => Either::Left(view! { <A href=detail_page(id)>{row.name}</A> }),
        None => Either::Right(row.name),
    };
    view! {
        <dl class="order-facts">
            <div><dt>{words::side(row.side)}</dt><dd>{name}</dd></div>
            <div><dt>"申请人"</dt><dd>{row.initiator} " " <span class="order-quiet">{row.department}</span></dd></div>
            <div>
                <dt>"提交时间"</dt>
                <dd>
                    <Ago at=filed now=detail.now/>
                    " " <span class="order-quiet">{filed.local_text()}</span>
                </dd>
            </div>
        </dl>
    }
}
