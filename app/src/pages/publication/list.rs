//! 服务侧名称列表 and 治理侧名称列表. Their state is the address (`domain::query`).

mod filter;
mod patches;
mod rows;
mod tabs;
mod tools;

use crate::api::ApiError;
use crate::api::publication::{list_path, publication_list, register_path};
use crate::api::stock::STOCK_PAGE;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::numbers::NumbersUnasked;
use crate::parts::updates::ListUpdates;
use crate::ui::drawn::drawn;
use crate::ui::query_form;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::query::PublicationQuery;
use domain::view::publication::PublicationPage;
use domain::{PublicationId, Role, Side, words};
use filter::Filters;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use patches::Patches;
use rows::Rows;
use std::collections::BTreeSet;
use tabs::Tabs;
use tools::Tools;

/// The list of the service side.
pub struct ServiceListPage(ListState);

/// The list of the governance side.
pub struct GovernanceListPage(ListState);

#[derive(Clone, Copy)]
struct ListState {
    query: Memo<PublicationQuery>,
    rows: Read<Result<PublicationPage, ApiError>>,
}

impl Page for ServiceListPage {
    fn data() -> Self {
        Self(ListState::of_address(Side::Service))
    }

    fn view(this: Self) -> AnyView {
        view! { <Gate roles=&[Role::Staff]><List side=Side::Service state=this.0/></Gate> }.into_any()
    }
}

impl Page for GovernanceListPage {
    fn data() -> Self {
        Self(ListState::of_address(Side::Governance))
    }

    fn view(this: Self) -> AnyView {
        view! { <Gate roles=&[Role::Staff]><List side=Side::Governance state=this.0/></Gate> }.into_any()
    }
}

impl ListState {
    fn of_address(side: Side) -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| PublicationQuery::parse(|name| map.get(name))));
        Self { query, rows: ask(move || query.get(), move |query| publication_list(side, query)) }
    }
}

#[component]
fn List(side: Side, state: ListState) -> impl IntoView {
    let ListState { query, rows } = state;
    let reload = Callback::new(move |()| rows.refetch());
    // Old applications are the service side's.
    let stock = side == Side::Service;
    let register = move || query.with(|query| register_way(side, query));
    let draw = move |page| view! { <Page side query=query.get_untracked() page reload/> }.into_any();
    view! {
        <div class="page-head">
            <PageTitle text=format!("{}名称列表", words::side(side))/>
            <span class="page-ways">
                {stock.then(|| view! { <A href=STOCK_PAGE attr:class="button">{"存量关联"}</A> })}
                <A href=register attr:class="button button-main">{words::register(side)}</A>
            </span>
        </div>
        <NumbersUnasked/>
        <div class="list-head">
            <Filters side query/>
            <Tools side query reload/>
        </div>
        <Loaded data=rows part=true draw/>
    }
}

/// The form of a new one: of the application system that the list is of.
fn register_way(side: Side, query: &PublicationQuery) -> String {
    match query.system {
        Some(system) => format!("{}?system={system}", register_path(side)),
        None => register_path(side).to_owned(),
    }
}

/// A number; `n+` where counting stopped.
fn at_least(n: i64, capped: bool) -> String {
    match capped {
        true if n >= 1_000 => "999+".to_owned(),
        true => format!("{n}+"),
        false => n.to_string(),
    }
}

/// One page of the list; what changes while it is open is drawn in its place, or waits behind a button.
#[component]
fn Page(side: Side, query: PublicationQuery, page: PublicationPage, reload: Callback<()>) -> AnyView {
    let patches = Patches::of(side, &query, &page);
    let shown: BTreeSet<PublicationId> = page.rows.iter().map(|row| row.id).collect();
    let (heard, capped, counts, asked) = (page.heard, page.capped, page.counts.clone(), query.clone());
    let tabs = move || {
        let counts = patches.counts().unwrap_or_else(|| counts.clone());
        view! { <Tabs side query=asked.clone() counts capped/> }
    };
    view! {
        {drawn(tabs)}
        <ListUpdates heard counts=move |news| news.side == side && !shown.contains(&news.publication) reload/>
        <Rows side query page patches/>
    }
    .into_any()
}

/// The list's address with these parameters.
fn address(side: Side, query: &PublicationQuery) -> String {
    query_form::address(list_path(side), &query.parameters())
}
