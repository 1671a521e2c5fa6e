//! 审计: the log, searched; whether it is whole; taken as a file (identity.md, Audit). The auditor sees all but what auditors do,
//! the security administrator that alone.

mod check;
mod filters;
mod rows;

use crate::api::ApiError;
use crate::api::audit::{AUDIT_PAGE, audit_check, audit_list};
use crate::pages::Page;
use crate::parts::counts::up_to_999;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::query_form;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use check::Check;
use domain::Role;
use domain::query::{AuditQuery, From};
use domain::view::audit::{AuditPage as Listed, ChainCheck};
use filters::Filters;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use rows::Rows;

/// The log; its state is the address.
pub struct AuditPage {
    query: Memo<AuditQuery>,
    page: Read<Result<Listed, ApiError>>,
    check: Read<Result<Option<ChainCheck>, ApiError>>,
}

impl Page for AuditPage {
    fn data() -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| AuditQuery::parse(|name| map.get(name))));
        Self { query, page: ask(move || query.get(), audit_list), check: ask(|| (), |()| audit_check()) }
    }

    fn view(this: Self) -> AnyView {
        let AuditPage { query, page, check } = this;
        let again = Callback::new(move |()| check.refetch());
        let draw = move |page: Listed| view! { <List page query=query.get_untracked()/> }.into_any();
        let draw_check = move |read: Option<ChainCheck>| match read {
            Some(read) => view! { <Check read again/> }.into_any(),
            None => ().into_any(),
        };
        view! {
            <Gate roles=&[Role::Auditor, Role::SecurityAdministrator]>
                <PageTitle text="审计"/>
                <Loaded data=check part=true draw=draw_check/>
                <Filters query/>
                <Loaded data=page part=true draw=draw.clone()/>
            </Gate>
        }
        .into_any()
    }
}

/// The page's address with these parameters.
fn address(query: &AuditQuery) -> String {
    query_form::address(AUDIT_PAGE, &query.parameters())
}

#[component]
fn List(page: Listed, query: AuditQuery) -> impl IntoView {
    let to = |from: From| address(&AuditQuery { from, ..query.clone() });
    let (newer, older) = (page.newer.map(|key| to(From::After(key))), page.older.map(|key| to(From::Before(key))));
    let (total, cut, viewer) = (page.total, page.cut, page.viewer);
    let rows = match page.rows.is_empty() {
        true => Either::Left(view! { <Empty filtered=query.is_filtered() viewer/> }),
        false => Either::Right(view! { <Rows rows=page.rows query/> }),
    };
    view! {
        {cut.then(|| view! {
            <p class="notice">"符合人员或对象的太多，只找了其中一部分。请把名称写完整，或填账号、服务ID。"</p>
        })}
        {rows}
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {} 条", up_to_999(total))}</span>
            <span class="quiet">{whose(viewer)}</span>
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}

/// What is not among the rows, so that nobody looks for it here.
fn whose(viewer: Role) -> &'static str {
    match viewer {
        Role::Auditor => "审计员自己的操作不在其中，由安全管理员查看。",
        _ => "这里只有审计员自己的操作，其余由审计员查看。",
    }
}

#[component]
fn Empty(filtered: bool, viewer: Role) -> impl IntoView {
    if filtered {
        return Either::Left(view! {
            <div class="empty">
                <p>"没有符合条件的记录"</p>
                <A href=AUDIT_PAGE attr:class="button">"清除筛选"</A>
            </div>
        });
    }
    let text = match viewer {
        Role::Auditor => "没有更多的记录。每一次登录、操作、拒绝、导出和设置都会记在这里，只增不改。",
        _ => "审计员还没有做过什么。他们的登录、导出和校验会记在这里。",
    };
    Either::Right(view! { <div class="empty"><p>{text}</p></div> })
}
