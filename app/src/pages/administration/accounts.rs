//! 账号: the list, with activation links for several at once.

use super::links::Links;
use crate::api::ApiError;
use crate::api::account::{ACCOUNTS_PAGE, account_list, account_new_links, account_page};
use crate::api::import::import_page;
use crate::api::oidc::WAITING_PAGE;
use crate::pages::Page;
use crate::parts::counts::up_to_999;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::query_form::{self, KeywordField, QueryForm};
use crate::ui::read::{Read, ask};
use crate::ui::select::Choice;
use crate::ui::title::PageTitle;
use domain::import::ImportKind;
use domain::query::{From, HasRole, PersonQuery};
use domain::view::account::{AccountPage as Listed, AccountRow, NewLink, Standing};
use domain::{PersonId, Role, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The list; its state is the address.
pub struct AccountListPage {
    query: Memo<PersonQuery>,
    page: Read<Result<Listed, ApiError>>,
}

impl Page for AccountListPage {
    fn data() -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| PersonQuery::parse(|name| map.get(name))));
        Self { query, page: ask(move || query.get(), account_list) }
    }

    fn view(this: Self) -> AnyView {
        let AccountListPage { query, page } = this;
        let draw = move |page: Listed| view! { <List page query=query.get_untracked()/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <div class="page-head">
                    <PageTitle text="账号"/>
                    <span class="page-ways">
                        <A href=import_page(ImportKind::Accounts) attr:class="button">"导入"</A>
                        <A href="/admin/accounts/new" attr:class="button button-main">"新建账号"</A>
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
    let options = Standing::ALL.map(|standing| (standing.id().to_owned(), standing.word().to_owned())).to_vec();
    let standing = move || query.with(|query| query.standing.map(|it| it.id().to_owned()).unwrap_or_default());
    view! {
        <QueryForm action=ACCOUNTS_PAGE>
            <Keyword query/>
            <Choice name="role" label="角色" options=role_options() chosen=move || role_of(query)/>
            <Choice name="standing" label="状态" options chosen=standing/>
            <button type="submit" class="button button-main">"查询"</button>
            <A href=ACCOUNTS_PAGE attr:class="button">"重置"</A>
        </QueryForm>
    }
}

/// 关键字 of both lists.
#[component]
pub(super) fn Keyword(query: Memo<PersonQuery>) -> impl IntoView {
    let keyword = Signal::derive(move || query.with(|query| query.keyword.clone()));
    view! {
        <KeywordField value=keyword placeholder="姓名、账号、部门或完整手机号"/>
    }
}

/// The roles to filter by, and 没有角色.
pub(super) fn role_options() -> Vec<(String, String)> {
    let role = |role: Role| (role.id().to_owned(), words::role(role).to_owned());
    Role::ALL.into_iter().map(role).chain([(HasRole::Nothing.id().to_owned(), "没有角色".to_owned())]).collect()
}

/// The role that the address has.
pub(super) fn role_of(query: Memo<PersonQuery>) -> String {
    query.with(|query| query.role.map(|role| role.id().to_owned()).unwrap_or_default())
}

#[component]
fn List(page: Listed, query: PersonQuery) -> impl IntoView {
    let chosen = RwSignal::new(Vec::<PersonId>::new());
    let make = Action::new(move |ids: &Vec<PersonId>| account_new_links(ids.clone()));
    let made = RwSignal::new(Vec::<NewLink>::new());
    Effect::new(move |_| {
        if let Some(Ok(links)) = make.value().get() {
            made.set(links);
            chosen.set(Vec::new());
        }
    });
    let refused = move || make.value().get()?.err().map(|error| error.to_string());
    let empty = page.rows.is_empty();
    let filtered = query.is_filtered();
    view! {
        {page.waiting.map(|waiting| view! {
            <p><A href=WAITING_PAGE>{format!("待关联的登录（{waiting}）")}</A></p>
        })}
        {move || (!made.with(Vec::is_empty)).then(|| view! { <Links links=made.get()/> })}
        {move || refused().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
        <div class="batch-bar" class:batch-bar-there=move || chosen.with(|ids| !ids.is_empty()) role="status">
            <span>{move || format!("已选 {} 项", chosen.with(Vec::len))}</span>
            <button
                type="button"
                class="button"
                disabled=make.pending()
                on:click=move |_| {
                    make.dispatch(chosen.get_untracked());
                }
            >
                "生成激活链接"
            </button>
        </div>
        {if empty {
            view! { <Empty filtered page=ACCOUNTS_PAGE/> }.into_any()
        } else {
            view! { <Rows rows=page.rows chosen/> }.into_any()
        }}
        <Pager page=ACCOUNTS_PAGE query total=page.total newer=page.newer older=page.older/>
    }
}

/// The ways to other pages of a list of people.
#[component]
pub(super) fn Pager(
    page: &'static str,
    query: PersonQuery,
    total: i64,
    newer: Option<i64>,
    older: Option<i64>,
) -> impl IntoView {
    let to = |from: From| query_form::address(page, &PersonQuery { from, ..query.clone() }.parameters());
    let (newer, older) = (newer.map(|key| to(From::After(key))), older.map(|key| to(From::Before(key))));
    view! {
        <nav class="pager" aria-label="分页">
            <span>{format!("共 {} 个账号", up_to_999(total))}</span>
            <span class="pager-ways">
                {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
            </span>
        </nav>
    }
}

#[component]
fn Rows(rows: Vec<AccountRow>, chosen: RwSignal<Vec<PersonId>>) -> impl IntoView {
    let row = move |row: AccountRow| {
        let id = row.id;
        // Links of administrators come from the server's terminal.
        let can_be_chosen = !row.is_administrator() && row.standing != Standing::Stopped;
        let choose = move |_| {
            chosen.update(|ids| match ids.iter().position(|other| *other == id) {
                Some(at) => {
                    ids.remove(at);
                }
                None => ids.push(id),
            });
        };
        let (of, theirs) = (format!("选择 {}", row.name), roles(&row));
        view! {
            <tr>
                <td class="batch-cell">
                    {can_be_chosen.then(|| view! {
                        <input
                            type="checkbox"
                            class="batch-box"
                            aria-label=of
                            prop:checked=move || chosen.with(|ids| ids.contains(&id))
                            on:change=choose
                        />
                    })}
                </td>
                <th scope="row">
                    <A href=account_page(id)>{row.name.clone()}</A>
                    <span class="table-second">{row.account.clone()}</span>
                </th>
                <td data-label="部门">{or_dash(row.department.clone())}</td>
                <td data-label="手机号">{or_dash(row.mobile.clone())}</td>
                <td data-label="浙政钉">{if row.in_dingtalk { "已关联" } else { "—" }}</td>
                <td data-label="角色">{theirs}</td>
                <td data-label="状态"><StandingChip standing=row.standing/></td>
            </tr>
        }
    };
    view! {
        <table class="table table-accounts">
            <thead>
                <tr>
                    <th scope="col" class="batch-cell"><span class="visually-hidden">"选择"</span></th>
                    <th scope="col">"姓名 / 账号"</th>
                    <th scope="col">"部门"</th>
                    <th scope="col">"手机号"</th>
                    <th scope="col">"浙政钉"</th>
                    <th scope="col">"角色"</th>
                    <th scope="col">"状态"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// The roles of a person in words, or that there is none.
pub(super) fn roles(row: &AccountRow) -> String {
    let seats: Vec<String> = row.seats.iter().map(|seat| words::seat(*seat)).collect();
    if seats.is_empty() { "没有角色".to_owned() } else { seats.join("、") }
}

pub(super) fn or_dash(text: String) -> String {
    if text.is_empty() { "—".to_owned() } else { text }
}

/// How an account stands.
#[component]
pub(super) fn StandingChip(standing: Standing) -> impl IntoView {
    let class = match standing {
        Standing::Active => "standing",
        Standing::NoPassword => "standing standing-waits",
        Standing::Stopped => "standing standing-stopped",
    };
    view! { <span class=class>{standing.word()}</span> }
}

/// `page`: where the list is without filters.
#[component]
pub(super) fn Empty(filtered: bool, page: &'static str) -> impl IntoView {
    let (text, href, word) = match filtered {
        true => ("没有符合条件的账号", page, "清除筛选"),
        false => ("还没有账号。先导入部门，再导入账号。", "/admin/import/departments", "导入部门"),
    };
    view! {
        <div class="empty">
            <p>{text}</p>
            <A href=href attr:class="button">{word}</A>
        </div>
    }
}
