//! 详情: the page of one publication (screens.md, Publication). The tab is in the address.

mod history;
mod info;
mod rollout;
mod running;
mod suspended;
mod tables;

use crate::api::ApiError;
use crate::api::publication::{publication_history, publication_running};
use crate::api::session::Current;
use crate::pages::Page;
use crate::parts::crumbs::{Crumbs, list_above};
use crate::parts::gate::Gate;
use crate::parts::lifecycle_line::LifecycleLine;
use crate::parts::loaded::{Loaded, reading};
use crate::parts::more::{More, detail_page};
use crate::parts::numbers::NumbersUnasked;
use crate::parts::problem::Problem;
use crate::parts::publication::{detail_of_address, publication_of_address};
use crate::parts::request::came_to_check;
use crate::parts::session::{SessionContext, may};
use crate::parts::state_chip::StateChip;
use crate::parts::updates::PageUpdates;
use crate::ui::copy::Copy;
use crate::ui::drawn::drawn;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::query::HistoryQuery;
use domain::view::history::HistoryPage;
use domain::view::publication::PublicationDetail;
use domain::view::running::RunningView;
use domain::{PublicationId, Role};
use history::{History, HistoryFilters};
use info::Info;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use rollout::Rollout;
use running::Running;
use suspended::Suspended;
use tables::{Channels, Orders, Versions};

/// The page of one publication.
pub struct PublicationDetailPage {
    detail: Read<Result<PublicationDetail, ApiError>>,
    tab: Memo<Tab>,
    history: HistoryState,
    running: Read<Result<Option<RunningView>, ApiError>>,
}

/// 历史 is read when its tab is open.
#[derive(Clone, Copy)]
struct HistoryState {
    query: Memo<HistoryQuery>,
    page: Read<Result<Option<HistoryPage>, ApiError>>,
}

/// What the page shows below its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tab {
    Info,
    Versions,
    Orders,
    History,
    Channels,
    Running,
}

impl Tab {
    const ALL: [(Tab, &'static str, &'static str); 6] = [
        (Tab::Info, "info", "信息"),
        (Tab::Versions, "versions", "版本"),
        (Tab::Orders, "orders", "工单"),
        (Tab::History, "history", "历史"),
        (Tab::Channels, "channels", "渠道"),
        (Tab::Running, "running", "运行"),
    ];

    fn of(id: &str) -> Tab {
        Tab::ALL.into_iter().find(|(_, known, _)| *known == id).map_or(Tab::Info, |(tab, _, _)| tab)
    }
}

/// Who may see a publication: each of these within their reach.
pub(super) const READERS: &[Role] = &[Role::Staff, Role::Reviewer, Role::Operator, Role::Developer];

impl Page for PublicationDetailPage {
    fn data() -> Self {
        let detail = detail_of_address();
        let query = use_query_map();
        let tab = Memo::new(move |_| query.with(|map| Tab::of(&map.get("tab").unwrap_or_default())));
        let asked = Memo::new(move |_| query.with(|map| HistoryQuery::parse(|name| map.get(name))));
        let id = publication_of_address();
        let question = move || (tab.get() == Tab::History).then(|| (id.get(), asked.get()));
        let page = ask(question, |question| async move {
            let Some((id, asked)) = question else { return Ok(None) };
            publication_history(id.ok_or(ApiError::NotFound)?, asked).await.map(Some)
        });
        let running = ask(
            move || (tab.get() == Tab::Running).then(|| id.get()),
            |question| async move {
                let Some(id) = question else { return Ok(None) };
                publication_running(id.ok_or(ApiError::NotFound)?).await.map(Some)
            },
        );
        Self { detail, tab, history: HistoryState { query: asked, page }, running }
    }

    fn view(this: Self) -> AnyView {
        let PublicationDetailPage { detail, tab, history, running } = this;
        let reload = Callback::new(move |()| {
            detail.refetch();
            history.page.refetch();
            running.refetch();
        });
        let content = move || {
            Suspend::new(async move {
                let current = SessionContext::current_of_page().await;
                match detail.await {
                    Ok(detail) => {
                        let id = detail.row.id;
                        view! {
                            <PageUpdates heard=detail.heard concerns=move |news| news.publication == id reload/>
                            <Detail detail tab history running reload looks=looks_as(&current)/>
                        }
                        .into_any()
                    }
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })
        };
        view! {
            <Gate roles=READERS>
                <Transition fallback=reading>{drawn(content)}</Transition>
            </Gate>
        }
        .into_any()
    }
}

/// As what a person with several roles looks: as the one who acts on publications.
pub(super) fn looks_as(current: &Current) -> Role {
    READERS.iter().copied().find(|role| may(current, *role)).unwrap_or(Role::Operator)
}

#[component]
fn Detail(
    detail: PublicationDetail,
    tab: Memo<Tab>,
    history: HistoryState,
    running: Read<Result<Option<RunningView>, ApiError>>,
    reload: Callback<()>,
    looks: Role,
) -> AnyView {
    let (row, id, side) = (detail.row.clone(), detail.row.id, detail.side);
    let live = detail.live_address.clone();
    let detail = StoredValue::new(detail);
    let tabs = move |(one, name, word): (Tab, &'static str, &'static str)| {
        let here = move || (tab.get() == one).then_some("true");
        let href = if one == Tab::Info { detail_page(id) } else { format!("{}?tab={name}", detail_page(id)) };
        view! { <li><a href=href class="tab" aria-current=here>{word}</a></li> }
    };
    // Work orders are not for developers.
    let there = move |(one, _, _): &(Tab, &str, &str)| *one != Tab::Orders || looks != Role::Developer;
    let body = move || match tab.get() {
        Tab::Info => view! { <Info detail=detail.get_value()/> }.into_any(),
        Tab::Versions => view! { <Versions rows=detail.with_value(|d| d.versions.clone())/> }.into_any(),
        Tab::Orders => view! { <Orders rows=detail.with_value(|d| d.orders.clone())/> }.into_any(),
        Tab::History => view! { <HistoryTab id state=history/> }.into_any(),
        Tab::Channels => view! { <Channels detail=detail.get_value()/> }.into_any(),
        Tab::Running => {
            let draw = move |running: Option<RunningView>| {
                running.map(|running| view! { <Running detail=detail.get_value() running/> }).into_any()
            };
            view! { <Loaded data=running part=true draw/> }.into_any()
        }
    };
    view! {
        <Crumbs above=vec![list_above(side, looks)]/>
        <div class="page-head">
            <div class="named">
                <img src=format!("/icon/{}", row.icon) width="48" height="48" alt="" class="named-icon named-icon-large"/>
                <div>
                    <PageTitle text=row.name.clone()/>
                    <p class="named-facts">
                        <span class="quiet">{row.service_id.clone()}</span>
                        <Copy text=row.service_id.clone()/>
                        <StateChip state=row.state rollout=row.rollout/>
                    </p>
                    {(!live.is_empty()).then(|| view! {
                        <div class="named-facts">
                            <a href=live.clone() target="_blank" rel="external noopener noreferrer">{live.clone()}</a>
                            <Copy text=live.clone()/>
                            <LiveCode id local=live.contains(".localhost")/>
                        </div>
                    })}
                </div>
            </div>
            <More id name=row.name.clone() menu=row.menu.clone()/>
        </div>
        <LifecycleLine detail=detail.get_value() looks/>
        // Back from a sending without scripts that was refused.
        {came_to_check().then(|| view! {
            <p class="notice notice-danger" role="alert">"没有完成：这个发布刚刚有变化，或者现在不能这样操作。请按现在的情况再试。"</p>
        })}
        <NumbersUnasked/>
        {Some(detail.with_value(|d| d.suspended.clone())).filter(|people| !people.is_empty()).map(|people| view! {
            <Suspended id people reload/>
        })}
        {detail.with_value(|d| d.plan.clone()).map(|plan| {
            let (seen, key) = detail.with_value(|d| (d.row.version, d.key));
            view! { <Rollout id seen key plan reload/> }
        })}
        <nav aria-label="内容">
            <ul class="tabs">{Tab::ALL.into_iter().filter(there).map(tabs).collect_view()}</ul>
        </nav>
        {drawn(body)}
    }
    .into_any()
}

/// The live address for a phone's camera.
#[component]
fn LiveCode(id: PublicationId, local: bool) -> impl IntoView {
    view! {
        <details class="menu menu-start">
            <summary>"二维码"</summary>
            <span class="menu-list">
                <img src=format!("{}/qr.svg", detail_page(id)) width="180" height="180" loading="lazy" alt="访问地址的二维码"/>
                {local.then_some("仅本机可打开")}
            </span>
        </details>
    }
}

#[component]
fn HistoryTab(id: PublicationId, state: HistoryState) -> impl IntoView {
    let HistoryState { query, page } = state;
    let draw = move |page: Option<HistoryPage>| {
        page.map(|page| view! { <History id query=query.get_untracked() page/> }).into_any()
    };
    view! {
        <HistoryFilters id query/>
        <Loaded data=page part=true draw/>
    }
}
