//! 工作台 > 我的资源 > 应用系统: what the person administers; of the system administrator, all.

use crate::api::ApiError;
use crate::api::application_system::application_system_list;
use crate::api::import::import_page;
use crate::api::publication::list_path;
use crate::pages::Page;
use crate::parts::loaded::Loaded;
use crate::ui::field::TextField;
use crate::ui::menu::MenuButton;
use crate::ui::query_form::QueryForm;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::import::ImportKind;
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
    let all = page.all;
    view! {
        <PageTitle text="应用系统"/>
        <QueryForm action="/systems">
            <TextField label="名称" name="q" kind="search" value=keyword/>
            <button type="submit" class="button button-main">"查询"</button>
            <A href="/systems" attr:class="button">"重置"</A>
            {all.then(|| view! { <A href=import_page(ImportKind::Systems) attr:class="button">"导入应用系统"</A> })}
        </QueryForm>
        {if empty {
            view! { <Empty filtered all/> }.into_any()
        } else {
            view! { <Table rows=page.rows all/> }.into_any()
        }}
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {total} 条")}</span>
            {next.map(|href| view! { <A href=href attr:class="button">"下一页"</A> })}
        </nav>
    }
}

#[component]
fn Table(rows: Vec<SystemView>, all: bool) -> impl IntoView {
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
                {if all {
                    let names = system.administrators.join("、");
                    let names = if names.is_empty() { "没有管理员".to_owned() } else { names };
                    view! { <td data-label="管理员">{names}</td> }.into_any()
                } else {
                    view! {
                        <td class="table-actions">
                            <MenuButton label="更多" of=name>
                                <li><A href=service attr:class="menu-item">"服务侧发布"</A></li>
                                <li><A href=governance attr:class="menu-item">"治理侧发布"</A></li>
                            </MenuButton>
                        </td>
                    }
                    .into_any()
                }}
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
                    <th scope="col">{if all { "管理员" } else { "操作" }}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Empty(filtered: bool, all: bool) -> impl IntoView {
    if filtered {
        view! {
            <div class="empty">
                <p>"没有符合条件的结果"</p>
                <A href="/systems" attr:class="button">"清除筛选"</A>
            </div>
        }
        .into_any()
    } else if all {
        view! {
            <div class="empty">
                <p>"这里列出所有应用系统，应用从它们开始发布。现在还没有。"</p>
                <A href=import_page(ImportKind::Systems) attr:class="button">"导入应用系统"</A>
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
