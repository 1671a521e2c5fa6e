//! 搜索: rooms, publications, application systems and work orders by a word.

use crate::api::ApiError;
use crate::api::search::search;
use crate::api::session::Current;
use crate::api::work_order::order_page;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::reading;
use crate::parts::more::{detail_page, workbench_page};
use crate::parts::navigation::rooms;
use crate::parts::order_chip::OrderChip;
use crate::parts::problem::Problem;
use crate::parts::session::SessionContext;
use crate::parts::state_chip::StateChip;
use crate::ui::drawn::drawn;
use crate::ui::icon::Icon;
use crate::ui::query_form::{KeywordField, QueryForm};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::application_system::SystemView;
use domain::view::search::{Found, FoundPublication};
use domain::view::work_order::WorkOrderRow;
use domain::{Role, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// What was found.
pub struct SearchPage {
    text: Memo<String>,
    found: Read<Result<Found, ApiError>>,
}

impl Page for SearchPage {
    fn data() -> Self {
        let map = use_query_map();
        let text = Memo::new(move |_| map.with(|map| map.get("q").unwrap_or_default().trim().to_owned()));
        Self { text, found: ask(move || text.get(), search) }
    }

    fn view(this: Self) -> AnyView {
        let SearchPage { text, found } = this;
        let content = move || {
            let text = text.get();
            Suspend::new(async move {
                let current = SessionContext::current_of_page().await;
                match found.await {
                    Ok(found) => view! { <Results text current found/> }.into_any(),
                    Err(error) => view! { <Problem error/> }.into_any(),
                }
            })
        };
        view! {
            <Gate roles=&Role::ALL>
                <PageTitle text="搜索"/>
                <QueryForm action="/search" label="名称或服务ID">
                    <KeywordField value=text label="名称或服务ID"/>
                    <button type="submit" class="button button-main">"搜索"</button>
                </QueryForm>
                <Transition fallback=reading>{drawn(content)}</Transition>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Results(text: String, current: Current, found: Found) -> impl IntoView {
    let rooms: Vec<_> = rooms(&current).into_iter().filter(|room| room.word.contains(&text)).collect();
    let nothing =
        rooms.is_empty() && found.publications.is_empty() && found.systems.is_empty() && found.orders.is_empty();
    if nothing {
        return view! {
            <div class="empty"><p role="status">{format!("没有找到“{text}”。换一个词，或输入完整的服务ID（SV-00000001）。")}</p></div>
        }
        .into_any();
    }
    let room = |room: crate::parts::navigation::Room| {
        view! { <li><A href=room.href attr:class="search-one"><Icon drawing=room.drawing/> {room.word}</A></li> }
    };
    let publication = |found: FoundPublication| {
        let href = if found.workbench { workbench_page(found.id) } else { detail_page(found.id) };
        let icon = format!("/icon/{}", found.icon);
        view! {
            <li>
                <A href=href attr:class="search-one">
                    <img src=icon width="24" height="24" alt="" loading="lazy" class="named-icon"/>
                    <span class="search-name">{found.name}</span>
                    <span class="quiet">{found.service_id}" · "{words::side(found.side)}</span>
                    <StateChip state=found.state/>
                </A>
            </li>
        }
    };
    let system = |system: SystemView| {
        view! {
            <li>
                <A href=format!("/service?system={}", system.id) attr:class="search-one">
                    <span class="search-name">{system.name}</span>
                    <span class="quiet">{system.department}</span>
                </A>
            </li>
        }
    };
    let order = |order: WorkOrderRow| {
        view! {
            <li>
                <A href=order_page(order.id) attr:class="search-one">
                    <span class="search-name">{words::order_kind(order.kind)}"："{order.name}</span>
                    <span class="quiet">{order.initiator}</span>
                    <OrderChip status=order.status/>
                </A>
            </li>
        }
    };
    let n = rooms.len() + found.publications.len() + found.systems.len() + found.orders.len();
    view! {
        <p class="quiet" role="status">{format!("找到 {n} 项，每类最多列出 10 项")}</p>
        {group("页面", rooms.into_iter().map(room).collect())}
        {group("发布", found.publications.into_iter().map(publication).collect())}
        {group("应用系统", found.systems.into_iter().map(system).collect())}
        {group("工单", found.orders.into_iter().map(order).collect())}
    }
    .into_any()
}

/// A heading and its list; neither, when there is nothing.
fn group<V: IntoView + 'static>(heading: &'static str, rows: Vec<V>) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        view! {
            <section class="search">
                <h2>{heading}</h2>
                <ul class="search-list">{rows}</ul>
            </section>
        }
    })
}
