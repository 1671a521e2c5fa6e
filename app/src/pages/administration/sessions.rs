//! 会话: everybody's for the security administrator, and one's own.

use crate::api::ApiError;
use crate::api::policy::{
    SESSIONS_PAGE, SessionEnd, SessionEndOthers, session_all, session_end, session_end_others, session_own,
};
use crate::pages::Page;
use crate::parts::counts::up_to_999;
use crate::parts::crumbs::Crumbs;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::row_deed::RowDeed;
use crate::ui::query_form::{KeywordField, QueryForm, address};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::Role;
use domain::query::{SessionFrom, SessionQuery};
use domain::text::agent;
use domain::view::session::{SESSIONS_MOST, SessionPage as Listed, SessionRow};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// Everybody's.
pub struct SessionsPage {
    query: Memo<SessionQuery>,
    page: Read<Result<Listed, ApiError>>,
}

impl Page for SessionsPage {
    fn data() -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| SessionQuery::parse(|name| map.get(name))));
        Self { query, page: ask(move || query.get(), |query| session_all(query.keyword, query.from)) }
    }

    fn view(this: Self) -> AnyView {
        let SessionsPage { query, page } = this;
        let keyword = move || query.with(|query| query.keyword.clone());
        let again = Callback::new(move |()| page.refetch());
        let draw = move |page: Listed| {
            let (total, newer, older) = (page.total, page.newer.clone(), page.older.clone());
            view! {
                <List page all=true again/>
                <Pager query=query.get_untracked() total newer older/>
            }
            .into_any()
        };
        view! {
            <Gate roles=&[Role::SecurityAdministrator]>
                <PageTitle text="会话"/>
                <QueryForm action=SESSIONS_PAGE>
                    <KeywordField value=keyword placeholder="姓名或账号"/>
                    <button type="submit" class="button button-main">"查询"</button>
                    <A href=SESSIONS_PAGE attr:class="button">"重置"</A>
                </QueryForm>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Pager(query: SessionQuery, total: i64, newer: Option<String>, older: Option<String>) -> impl IntoView {
    let to = |from: SessionFrom| address(SESSIONS_PAGE, &SessionQuery { from, ..query.clone() }.parameters());
    let newer = newer.map(|place| to(SessionFrom::After(place)));
    let older = older.map(|place| to(SessionFrom::Before(place)));
    view! {
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {} 个会话", up_to_999(total))}</span>
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}

/// One's own.
pub struct OwnSessionsPage {
    page: Read<Result<Listed, ApiError>>,
}

impl Page for OwnSessionsPage {
    fn data() -> Self {
        Self { page: ask(|| (), |()| session_own()) }
    }

    fn view(this: Self) -> AnyView {
        let page = this.page;
        let again = Callback::new(move |()| page.refetch());
        let draw = move |page: Listed| view! { <Own page again/> }.into_any();
        view! {
            <Crumbs above=vec![("/me".to_owned(), "我的".to_owned())]/>
            <Loaded data=page draw/>
        }
        .into_any()
    }
}

#[component]
fn Own(page: Listed, again: Callback<()>) -> impl IntoView {
    let others = page.rows.len() > 1;
    let end = Action::new(|(): &()| session_end_others());
    Effect::new(move |_| {
        if let Some(Ok(())) = end.value().get() {
            again.run(());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        end.dispatch(());
    };
    view! {
        <PageTitle text="我的会话"/>
        <p class="quiet">"这里是你的账号正在登录的所有设备。有不认识的，马上结束，并修改密码。"</p>
        {others.then(|| view! {
            <form method="post" action=SessionEndOthers::PATH on:submit=send>
                <button type="submit" class="button" disabled=end.pending()>"结束其他会话"</button>
            </form>
        })}
        <List page all=false again/>
    }
}

#[component]
fn List(page: Listed, all: bool, again: Callback<()>) -> impl IntoView {
    let end = Action::new(move |id: &String| session_end(id.clone(), all));
    Effect::new(move |_| {
        // One that was over already is not there any more, either.
        if end.value().get().is_some() {
            again.run(());
        }
    });
    let refused =
        move || end.value().get()?.err().filter(|error| *error != ApiError::NotFound).map(|error| error.to_string());
    if page.rows.is_empty() {
        return view! { <div class="empty"><p>"没有符合条件的会话"</p></div> }.into_any();
    }
    let row = move |row: SessionRow| {
        let id = row.id.clone();
        let of = format!("{} {}", row.name, row.address);
        view! {
            <tr>
                <th scope="row">{row.name} <span class="table-second">{row.account}</span></th>
                <td data-label="来源">
                    {row.address}
                    <span class="table-second" title=row.agent.clone()>{agent(&row.agent)}</span>
                </td>
                <td data-label="登录时间"><time datetime=row.created_at.rfc3339()>{row.created_at.local_text()}</time></td>
                <td data-label="最近使用"><time datetime=row.seen_at.rfc3339()>{row.seen_at.local_text()}</time></td>
                <td class="table-actions">
                    {if row.here {
                        view! { <span class="quiet">"本机，正在使用"</span> }.into_any()
                    } else {
                        view! {
                            <RowDeed
                                path=SessionEnd::PATH
                                with=vec![("id", id.clone()), ("all", all.to_string())]
                                deed=id
                                doing=end
                                word="结束"
                                of
                            />
                        }
                        .into_any()
                    }}
                </td>
            </tr>
        }
    };
    view! {
        {move || refused().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        {page.cut.then(|| view! {
            <p class="notice">{format!("只显示最新的 {SESSIONS_MOST} 个。")}</p>
        })}
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"姓名 / 账号"</th>
                    <th scope="col">"来源"</th>
                    <th scope="col">"登录时间"</th>
                    <th scope="col">"最近使用"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{page.rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
