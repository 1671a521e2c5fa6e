//! 角色与路由: people with what they may be.

use super::accounts::{Empty, Keyword, Pager, or_dash, role_of, role_options, roles};
use crate::api::ApiError;
use crate::api::account::{ROLES_PAGE, account_list, role_page};
use crate::api::import::import_page;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::query_form::QueryForm;
use crate::ui::read::{Read, ask};
use crate::ui::select::Choice;
use crate::ui::title::PageTitle;
use domain::import::ImportKind;
use domain::query::PersonQuery;
use domain::view::account::{AccountPage as Listed, AccountRow, Standing};
use domain::{RegionCode, Role};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The list; its state is the address.
pub struct RoleListPage {
    query: Memo<PersonQuery>,
    page: Read<Result<Listed, ApiError>>,
}

impl Page for RoleListPage {
    fn data() -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| PersonQuery::parse(|name| map.get(name))));
        Self { query, page: ask(move || query.get(), account_list) }
    }

    fn view(this: Self) -> AnyView {
        let RoleListPage { query, page } = this;
        let draw = move |page: Listed| view! { <List page query=query.get_untracked()/> }.into_any();
        view! {
            <Gate roles=&[Role::SecurityAdministrator]>
                <div class="page-head">
                    <PageTitle text="角色"/>
                    <span class="page-ways">
                        <A href=import_page(ImportKind::Roles) attr:class="button">"导入"</A>
                    </span>
                </div>
                <Filters query/>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Filters(query: Memo<PersonQuery>) -> impl IntoView {
    let region = |region: RegionCode| (region.to_string(), region.path_name());
    let regions: Vec<_> = RegionCode::all().map(region).collect();
    let chosen = move || query.with(|query| query.region.map(|region| region.to_string()).unwrap_or_default());
    view! {
        <QueryForm action=ROLES_PAGE>
            <Keyword query/>
            <Choice name="role" label="角色" options=role_options() chosen=move || role_of(query)/>
            <Choice name="region" label="区域" options=regions chosen/>
            <button type="submit" class="button button-main">"查询"</button>
            <A href=ROLES_PAGE attr:class="button">"重置"</A>
        </QueryForm>
    }
}

#[component]
fn List(page: Listed, query: PersonQuery) -> impl IntoView {
    let filtered = query.is_filtered();
    view! {
        {if page.rows.is_empty() {
            view! { <Empty filtered page=ROLES_PAGE/> }.into_any()
        } else {
            view! { <Rows rows=page.rows/> }.into_any()
        }}
        <Pager page=ROLES_PAGE query total=page.total newer=page.newer older=page.older/>
    }
}

#[component]
fn Rows(rows: Vec<AccountRow>) -> impl IntoView {
    let row = |row: AccountRow| {
        let theirs = roles(&row);
        let stopped = (row.standing == Standing::Stopped).then_some("（账号已停用）");
        view! {
            <tr>
                <th scope="row">
                    {row.name.clone()} {stopped}
                    <span class="table-second">{row.account.clone()}</span>
                </th>
                <td data-label="部门">{or_dash(row.department.clone())}</td>
                <td data-label="角色">{theirs}</td>
                <td class="table-actions">
                    <A href=role_page(row.id) attr:class="button">
                        "设置角色" <span class="visually-hidden">{"："}{row.name}</span>
                    </A>
                </td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"姓名 / 账号"</th>
                    <th scope="col">"部门"</th>
                    <th scope="col">"角色"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
