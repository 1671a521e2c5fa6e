//! 收件箱: what the person was told of, each with the way to it. Opening one reads it.

use crate::api::ApiError;
use crate::api::inbox::{InboxRead, inbox_list, inbox_read};
use crate::pages::Page;
use crate::parts::clock::Ago;
use crate::parts::counts::{CountsContext, up_to_999};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::query_form;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use crate::ui::updates::Updates;
use domain::query::{From, InboxQuery};
use domain::view::inbox::{InboxPage as Listed, NoticeRow, way};
use domain::{Role, UtcMillis, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The inbox of who is signed in.
pub struct InboxPage {
    query: Memo<InboxQuery>,
    page: Read<Result<Listed, ApiError>>,
}

impl Page for InboxPage {
    fn data() -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| InboxQuery::parse(|name| map.get(name))));
        Self { query, page: ask(move || query.get(), inbox_list) }
    }

    fn view(this: Self) -> AnyView {
        let InboxPage { query, page } = this;
        let reload = Callback::new(move |()| page.refetch());
        let draw = move |page: Listed| {
            let unread = page.unread;
            // More than the page knows of: who hears of a change is not always told of it.
            let text = Memo::new(move |_| {
                let newer = CountsContext::get().and_then(CountsContext::newer)?;
                (newer.unread > unread).then(|| "有新的通知".to_owned())
            });
            view! {
                <Updates text reload/>
                <Inbox query=query.get_untracked() page reload/>
            }
            .into_any()
        };
        view! {
            <Gate roles=&Role::ALL>
                <PageTitle text="收件箱"/>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

fn address(query: InboxQuery) -> String {
    query_form::address("/inbox", &query.parameters())
}

#[component]
fn Inbox(query: InboxQuery, page: Listed, reload: Callback<()>) -> impl IntoView {
    let (now, unread) = (page.now, page.unread);
    // On the first page alone: "all" is up to the newest.
    let newest = page.rows.first().map(|row| row.key).filter(|_| query.from == From::Start);
    let tab = |only: bool, word: &'static str, n: Option<i64>| {
        let here = (query.unread == only).then_some("true");
        let count = n.map(up_to_999);
        let href = address(InboxQuery { unread: only, from: From::Start });
        view! {
            <li>
                <a href=href class="tab" aria-current=here>
                    {word} {count.map(|n| view! { " " <span class="tab-count">{n}</span> })}
                </a>
            </li>
        }
    };
    let all = newest.filter(|_| unread > 0).map(|key| view! { <ReadAll key reload/> });
    let to = |from: From| address(InboxQuery { from, ..query });
    let (newer, older) = (page.newer.map(|key| to(From::After(key))), page.older.map(|key| to(From::Before(key))));
    let rows = if page.rows.is_empty() {
        let text = if query.unread {
            "没有未读的通知。"
        } else {
            "还没有通知。有事等你处理，或你发起的事有了结果，会出现在这里。"
        };
        Either::Left(view! { <div class="empty"><p>{text}</p></div> })
    } else {
        let row = |row: NoticeRow| view! { <Notice row now/> };
        Either::Right(view! { <ul class="inbox">{page.rows.into_iter().map(row).collect_view()}</ul> })
    };
    view! {
        <div class="page-head">
            <nav aria-label="通知">
                <ul class="tabs">{tab(false, "全部", None)} {tab(true, "未读", Some(unread))}</ul>
            </nav>
            {all}
        </div>
        {rows}
        <nav class="pager" aria-label="分页">
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}

/// 全部标为已读: up to the newest that is shown; what comes meanwhile stays unread.
#[component]
fn ReadAll(key: i64, reload: Callback<()>) -> impl IntoView {
    let reading = Action::new(move |(): &()| inbox_read(key, true));
    Effect::new(move |_| {
        if let Some(Ok(())) = reading.value().get() {
            if let Some(counts) = CountsContext::get() {
                counts.refresh();
            }
            reload.run(());
        }
    });
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        reading.dispatch(());
    };
    let failed = move || reading.value().get().and_then(Result::err).map(|error| error.to_string());
    view! {
        <form method="post" action=InboxRead::PATH on:submit=send>
            <input type="hidden" name="key" value=key/>
            <input type="hidden" name="all" value="true"/>
            <button type="submit" class="button" disabled=reading.pending()>"全部标为已读"</button>
            {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        </form>
    }
}

#[component]
fn Notice(row: NoticeRow, now: UtcMillis) -> impl IntoView {
    let (key, read, at) = (row.key, row.read, row.at);
    let text = words::notice(row.occasion, &row.name, row.order.map(|(_, kind)| kind));
    let counts = CountsContext::get();
    // The page is left at once: who is told of it outlives the page.
    let open = move |_| {
        if !read {
            spawn_local(async move {
                if inbox_read(key, false).await.is_ok()
                    && let Some(counts) = counts
                {
                    counts.refresh();
                }
            });
        }
    };
    view! {
        <li class="inbox-row" class:inbox-unread=!read>
            <a href=way(row.occasion, row.publication, row.order.map(|(order, _)| order)) class="inbox-what" on:click=open>
                {(!read).then(|| view! { <span class="visually-hidden">"未读："</span> })}
                {text}
                {(!row.more.is_empty()).then(|| format!("，{}", row.more))}
            </a>
            <Ago at now/>
        </li>
    }
}
