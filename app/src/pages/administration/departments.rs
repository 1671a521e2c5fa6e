//! 部门: what was imported, searched and paged.

use crate::api::ApiError;
use crate::api::department::{DEPARTMENTS_PAGE, department_list};
use crate::api::import::import_page;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::field::TextField;
use crate::ui::query_form::{QueryForm, address};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::import::ImportKind;
use domain::view::department::{DepartmentPage as Found, DepartmentView};
use domain::{RegionCode, Role};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The list; its state is the address: `q` (keyword), `after` (where the page begins).
pub struct DepartmentListPage {
    keyword: Memo<String>,
    page: Read<Result<Found, ApiError>>,
}

impl Page for DepartmentListPage {
    fn data() -> Self {
        let query = use_query_map();
        let keyword = Memo::new(move |_| query.with(|map| map.get("q").unwrap_or_default()));
        let after = Memo::new(move |_| query.with(|map| map.get("after")));
        let page = ask(move || (keyword.get(), after.get()), |(keyword, after)| department_list(keyword, after));
        Self { keyword, page }
    }

    fn view(this: Self) -> AnyView {
        let draw = move |page| view! { <List page keyword=this.keyword.get_untracked()/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="部门"/>
                <Loaded data=this.page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn List(page: Found, keyword: String) -> impl IntoView {
    let Found { rows, total, next } = page;
    let next = next.map(|after| address(DEPARTMENTS_PAGE, &[("q", keyword.clone()), ("after", after)]));
    let empty = rows.is_empty();
    let filtered = !keyword.is_empty();
    view! {
        <QueryForm action=DEPARTMENTS_PAGE>
            <TextField label="部门或浙政钉ID" name="q" kind="search" value=keyword/>
            <button type="submit" class="button button-main">"查询"</button>
            <A href=DEPARTMENTS_PAGE attr:class="button">"重置"</A>
            <A href=import_page(ImportKind::Departments) attr:class="button">"导入部门"</A>
        </QueryForm>
        {if empty {
            view! { <Empty filtered/> }.into_any()
        } else {
            view! { <Table rows/> }.into_any()
        }}
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {total} 条")}</span>
            {next.map(|href| view! { <A href=href attr:class="button">"下一页"</A> })}
        </nav>
    }
}

#[component]
fn Table(rows: Vec<DepartmentView>) -> impl IntoView {
    let row = |department: DepartmentView| {
        let region = RegionCode::parse(&department.region).map(RegionCode::site_name).unwrap_or(department.region);
        view! {
            <tr>
                <th scope="row">{department.name}</th>
                <td data-label="浙政钉ID">{department.dingtalk_id}</td>
                <td data-label="所属区域">{region}</td>
                <td data-label="应用系统">{department.systems}</td>
                <td data-label="账号">{department.people}</td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"部门"</th>
                    <th scope="col">"浙政钉ID"</th>
                    <th scope="col">"所属区域"</th>
                    <th scope="col">"应用系统"</th>
                    <th scope="col">"账号"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn Empty(filtered: bool) -> impl IntoView {
    let (sentence, href, word) = match filtered {
        true => ("没有符合条件的结果", DEPARTMENTS_PAGE.to_owned(), "清除筛选"),
        false => {
            ("这里列出所有部门，应用系统都属于其中一个。现在还没有。", import_page(ImportKind::Departments), "导入部门")
        }
    };
    view! {
        <div class="empty">
            <p>{sentence}</p>
            <A href=href attr:class="button">{word}</A>
        </div>
    }
}
