//! The rows, and the way to the next page.

use super::patches::Patches;
use super::{address, at_least, register_way};
use crate::parts::more::{More, detail_page};
use crate::parts::state_chip::StateChip;
use crate::parts::turn::Turn;
use crate::ui::drawn::drawn;
use domain::query::{From, PAGE_SIZES, PublicationQuery};
use domain::view::publication::{PublicationPage, PublicationRow};
use domain::{Role, Side, UtcMillis, words};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_router::components::A;

/// The table, or why it is empty; and the pager.
#[component]
pub(super) fn Rows(side: Side, query: PublicationQuery, page: PublicationPage, patches: Patches) -> impl IntoView {
    let now = page.now;
    let pager = view! { <Pager side query=query.clone() page=page.clone()/> };
    if page.rows.is_empty() {
        Either::Left(view! { <Empty side query=query.clone()/> {pager} })
    } else {
        let row = |row: PublicationRow| {
            let newer = patches.newer(row.id);
            drawn(move || match newer.get() {
                Some((row, now)) => view! { <Row row now changed=true/> },
                None => view! { <Row row=row.clone() now changed=false/> },
            })
        };
        let rows = page.rows.into_iter().map(row).collect_view();
        Either::Right(view! {
            <table class="table table-publications">
                <thead>
                    <tr>
                        <th scope="col">"服务名称"</th>
                        <th scope="col">"发布端"</th>
                        <th scope="col">"状态"</th>
                        <th scope="col">"轮到谁 · 多久"</th>
                        <th scope="col">"更新时间"</th>
                        <th scope="col">"操作"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {pager}
        })
    }
}

#[component]
fn Row(
    row: PublicationRow,
    now: UtcMillis,
    /// It changed while the list is open.
    changed: bool,
) -> AnyView {
    let channels: Vec<&str> = row.channels.iter().map(words::channel).collect();
    let (icon, href, name) = (format!("/icon/{}", row.icon), detail_page(row.id), row.name.clone());
    view! {
        <tr>
            <th scope="row">
                <div class="named">
                    <img src=icon width="32" height="32" alt="" loading="lazy" class="named-icon"/>
                    <div>
                        <a href=href>{name}</a>
                        <span class="table-second">{row.service_id}</span>
                    </div>
                </div>
            </th>
            <td data-label="发布端">{channels.join("、")}</td>
            <td data-label="状态"><StateChip state=row.state rollout=row.rollout/></td>
            <td data-label="轮到谁"><Turn turn=row.turn since=row.turn_since now looks=Role::Staff/></td>
            <td data-label="更新时间">
                <time datetime=row.updated_at.datetime()>{row.updated_at.local_text()}</time>
                {changed.then(|| view! { <span class="updates-mark"><span class="visually-hidden">"刚刚更新"</span></span> })}
            </td>
            <td class="table-actions"><More id=row.id name=row.name menu=row.menu/></td>
        </tr>
    }
    .into_any()
}

#[component]
fn Empty(side: Side, query: PublicationQuery) -> impl IntoView {
    let narrowed = query.is_filtered() || query.state.is_some();
    if narrowed {
        let clear = PublicationQuery { system: query.system, ..PublicationQuery::default() };
        Either::Left(view! {
            <div class="empty">
                <p>"没有符合条件的结果"</p>
                <A href=address(side, &clear) attr:class="button">"清除筛选"</A>
            </div>
        })
    } else {
        Either::Right(view! {
            <div class="empty">
                <p>"这里列出你管理的应用系统在"{words::side(side)}"发布的服务，以及它们各自走到了哪一步。"</p>
                <A href=register_way(side, &query) attr:class="button button-main">{words::register(side)}</A>
            </div>
        })
    }
}

#[component]
fn Pager(side: Side, query: PublicationQuery, page: PublicationPage) -> impl IntoView {
    let to = |from: From| address(side, &PublicationQuery { from, ..query.clone() });
    let newer = page.newer.map(|key| to(From::After(key)));
    let older = page.older.map(|key| to(From::Before(key)));
    let total = at_least(page.total, page.capped);
    let size = |n: u8| {
        let href = address(side, &PublicationQuery { size: n, from: From::Start, ..query.clone() });
        let here = (n == query.size).then_some("true");
        view! { <li><a href=href class="pager-size" aria-current=here>{n}</a></li> }
    };
    view! {
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {total} 条")}</span>
            <span>"每页"</span>
            <ul class="pager-sizes" aria-label="每页条数">{PAGE_SIZES.map(size).collect_view()}</ul>
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}
