//! 工作台 > 我的资源 > 应用系统: what the person administers.

use crate::api::ApiError;
use crate::api::application_system::application_system_list;
use crate::api::publication::list_path;
use crate::pages::Page;
use crate::parts::loaded::Loaded;
use crate::ui::field::TextField;
use crate::ui::menu::MenuButton;
use crate::ui::query_form::QueryForm;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::application_system::{SystemPage, SystemView};
use domain::{RegionCode, Side};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The list; its state is the address: `q` (keyword), `before` (where the page begins).
pub struct SystemListPage {
    keyword: Memo<String>,
    rows: Read<Result<SystemPage, ApiError>>,
}

impl Page for SystemListPage {
    fn data() -> Self {
        let query = use_query_map();
        let keyword = Memo::new(move |_| query.with(|map| map.get("q").unwrap_or_default()));
        let before = Memo::new(move |_| query.with(|map| map.get("before")?.parse().ok()));
        let rows =
            ask(move || (keyword.get(), before.get()), |(keyword, before)| application_system_list(keyword, before));
        Self { keyword, rows }
    }

    fn view(this: Self) -> AnyView {
        let draw = move |page| view! { <List page keyword=this.keyword.get_untracked()/> }.into_any();
        view! { <Loaded data=this.rows draw/> }.into_any()
    }
}

#[component]
fn List(page: SystemPage, keyword: String) -> impl IntoView {
    let empty = page.rows.is_empty();
    let filtered = !keyword.is_empty();
    let next = page.next.map(|key| format!("/systems?{}before={key}", query_part(&keyword)));
    let total = page.total;
    view! {
        <PageTitle text="应用系统"/>
        <QueryForm action="/systems">
            <TextField label="名称" name="q" kind="search" value=keyword/>
            <button type="submit" class="button button-main">"查询"</button>
            <A href="/systems" attr:class="button">"重置"</A>
        </QueryForm>
        {if empty {
            view! { <Empty filtered/> }.into_any()
        } else {
            view! { <Table rows=page.rows/> }.into_any()
        }}
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {total} 条")}</span>
            {next.map(|href| view! { <A href=href attr:class="button">"下一页"</A> })}
        </nav>
    }
}

#[component]
fn Table(rows: Vec<SystemView>) -> impl IntoView {
    let row = |system: SystemView| {
        let region = RegionCode::parse(&system.region).map(RegionCode::site_name).unwrap_or(system.region);
        let of = |side| format!("{}?system={}", list_path(side), system.id);
        let (service, governance) = (of(Side::Service), of(Side::Governance));
        let name = system.name.clone();
        view! {
            <tr>
                <th scope="row">
                    {system.name} <span class="table-second" lang="en">{system.english_name}</span>
                </th>
                <td data-label="建设部门">{system.department}</td>
                <td data-label="所属区域">{region}</td>
                <td class="table-actions">
                    <MenuButton label="更多" of=name>
                        <li><A href=service attr:class="menu-item">"服务侧发布"</A></li>
                        <li><A href=governance attr:class="menu-item">"治理侧发布"</A></li>
                    </MenuButton>
                </td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"系统名称"</th>
                    <th scope="col">"建设部门"</th>
                    <th scope="col">"所属区域"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Empty(filtered: bool) -> impl IntoView {
    if filtered {
        view! {
            <div class="empty">
                <p>"没有符合条件的结果"</p>
                <A href="/systems" attr:class="button">"清除筛选"</A>
            </div>
        }
        .into_any()
    } else {
        view! {
            <div class="empty">
                <p>"这里列出你管理的应用系统，应用从这里开始发布。现在还没有：请系统管理员把你设为应用系统的管理员。"</p>
            </div>
        }
        .into_any()
    }
}

fn query_part(keyword: &str) -> String {
    if keyword.is_empty() { String::new() } else { format!("q={}&", leptos_router::location::Url::escape(keyword)) }
}
