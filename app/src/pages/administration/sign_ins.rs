//! 待关联的登录: who came from the OpenID provider for the first time. The system administrator says whose account it is, or removes
//! them. Who is chosen, and what is looked for, stand in the address: all of it works without scripts.

use super::accounts::{or_dash, roles};
use super::identities::called;
use crate::api::ApiError;
use crate::api::account::ACCOUNTS_PAGE;
use crate::api::oidc::{OidcLink, OidcRefuse, WAITING_PAGE, oidc_link, oidc_refuse, oidc_waiting};
use crate::pages::Page;
use crate::parts::clock::Ago;
use crate::parts::crumbs::Crumbs;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::row_deed::{DeedFailed, RowDeed};
use crate::ui::query_form::address;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::account::AccountRow;
use domain::view::oidc::{OutsideIdentity, WaitingPage, shown_code};
use domain::{PersonId, Role, UtcMillis};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use uuid::Uuid;

/// The list, and the accounts to choose from.
pub struct SignInsPage {
    chosen: Memo<Option<Uuid>>,
    keyword: Memo<String>,
    page: Read<Result<WaitingPage, ApiError>>,
}

/// What is done to one who waits.
#[derive(Clone, Copy)]
enum Deed {
    Link(Uuid, PersonId),
    Refuse(Uuid),
}

type Doing = Action<Deed, Result<(), ApiError>>;

impl Page for SignInsPage {
    fn data() -> Self {
        let map = use_query_map();
        let chosen = Memo::new(move |_| map.with(|map| map.get("who")?.parse().ok()));
        let keyword = Memo::new(move |_| map.with(|map| map.get("q").unwrap_or_default()));
        let read = |(chosen, keyword): (Option<Uuid>, String)| async move {
            // Without one who is chosen no account is looked for.
            oidc_waiting(if chosen.is_some() { keyword } else { String::new() }).await
        };
        Self { chosen, keyword, page: ask(move || (chosen.get(), keyword.get()), read) }
    }

    fn view(this: Self) -> AnyView {
        let SignInsPage { chosen, keyword, page } = this;
        let doing: Doing = Action::new(|deed: &Deed| carry_out(*deed));
        let navigate = use_navigate();
        Effect::new(move |_| {
            if let Some(done) = doing.value().get() {
                page.refetch();
                if done.is_ok() {
                    navigate(WAITING_PAGE, leptos_router::NavigateOptions::default());
                }
            }
        });
        let done = move || doing.value().get().is_some_and(|done| done.is_ok());
        let draw = move |read: WaitingPage| {
            let of = chosen.get_untracked();
            view! { <Waiting read chosen=of keyword=keyword.get_untracked() doing/> }.into_any()
        };
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <Crumbs above=vec![(ACCOUNTS_PAGE.to_owned(), "账号".to_owned())]/>
                <PageTitle text="待关联的登录"/>
                <p class="quiet">
                    "这些人第一次从登录平台登录，还不知道是谁的账号。姓名由对方填写：请先向本人核实编号，再关联；移除后，对方再登录时会重新排队。"
                </p>
                <DeedFailed doing/>
                <p role="status">{move || done().then_some("已处理。")}</p>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

async fn carry_out(deed: Deed) -> Result<(), ApiError> {
    match deed {
        Deed::Link(id, person) => oidc_link(id, person).await,
        Deed::Refuse(id) => oidc_refuse(id).await,
    }
}

#[component]
fn Waiting(read: WaitingPage, chosen: Option<Uuid>, keyword: String, doing: Doing) -> impl IntoView {
    let WaitingPage { rows, found, more, now } = read;
    let one = chosen.and_then(|id| rows.iter().find(|row| row.id == id).cloned());
    view! {
        {one.map(|one| view! { <Chosen one keyword found more doing/> })}
        <Rows rows now doing/>
    }
}

/// Whose account is it?
#[component]
fn Chosen(one: OutsideIdentity, keyword: String, found: Vec<AccountRow>, more: bool, doing: Doing) -> impl IntoView {
    let id = one.id;
    let nobody = found.is_empty() && !keyword.is_empty();
    let account = move |row: AccountRow| view! { <Account id row doing/> };
    view! {
        <section class="card" aria-labelledby="chosen">
            <h2 id="chosen">{format!("{}（编号 {}）是谁的账号？", called(&one), shown_code(one.code))}</h2>
            <form method="get" action=WAITING_PAGE role="search" aria-label="查找账号">
                <input type="hidden" name="who" value=id.to_string()/>
                <div class="field">
                    <label for="q">"姓名、账号或部门"</label>
                    <input id="q" name="q" type="search" class="field-input" autocomplete="off" value=keyword/>
                </div>
                <div class="page-ways">
                    <button type="submit" class="button button-main">"查找账号"</button>
                    <A href=WAITING_PAGE attr:class="button">"取消"</A>
                </div>
            </form>
            {nobody.then(|| view! { <p class="notice" role="status">"没有找到在用的账号。请换一个关键字，或先新建账号。"</p> })}
            {(!found.is_empty()).then(|| view! {
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"姓名 / 账号"</th>
                            <th scope="col">"部门"</th>
                            <th scope="col">"角色"</th>
                            <th scope="col">"操作"</th>
                        </tr>
                    </thead>
                    <tbody>{found.into_iter().map(account).collect_view()}</tbody>
                </table>
            })}
            {more.then(|| view! { <p class="quiet">"还有更多账号，请把关键字写得更完整。"</p> })}
        </section>
    }
}

#[component]
fn Account(id: Uuid, row: AccountRow, doing: Doing) -> impl IntoView {
    let (person, theirs, closed) = (row.id, roles(&row), row.is_administrator());
    let of = row.name.clone();
    view! {
        <tr>
            <th scope="row">{row.name} <span class="table-second">{row.account}</span></th>
            <td data-label="部门">{or_dash(row.department)}</td>
            <td data-label="角色">{theirs}</td>
            <td class="table-actions">
                {if closed {
                    view! { <span class="quiet">"管理员的账号不能关联"</span> }.into_any()
                } else {
                    view! {
                        <RowDeed
                            path=OidcLink::PATH
                            with=vec![("id", id.to_string()), ("person", person.0.to_string())]
                            deed=Deed::Link(id, person)
                            doing
                            word="关联"
                            of
                        />
                    }
                    .into_any()
                }}
            </td>
        </tr>
    }
}

#[component]
fn Rows(rows: Vec<OutsideIdentity>, now: UtcMillis, doing: Doing) -> impl IntoView {
    if rows.is_empty() {
        return view! { <div class="empty"><p>"没有待关联的登录"</p></div> }.into_any();
    }
    let row = move |row: OutsideIdentity| {
        let id = row.id;
        let (of, chosen) = (called(&row), format!("：{}", called(&row)));
        view! {
            <tr>
                <th scope="row">{called(&row)} <span class="table-second">{row.subject.clone()}</span></th>
                <td data-label="编号">{shown_code(row.code)}</td>
                <td data-label="登录平台">{row.issuer}</td>
                <td data-label="第一次登录"><Ago at=row.since now/></td>
                <td class="table-actions">
                    <A href=address(WAITING_PAGE, &[("who", id.to_string())]) attr:class="button">
                        "选择账号" <span class="visually-hidden">{chosen}</span>
                    </A>
                    <RowDeed
                        path=OidcRefuse::PATH
                        with=vec![("id", id.to_string())]
                        deed=Deed::Refuse(id)
                        doing
                        word="移除"
                        of
                    />
                </td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"姓名"</th>
                    <th scope="col">"编号"</th>
                    <th scope="col">"登录平台"</th>
                    <th scope="col">"第一次登录"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
