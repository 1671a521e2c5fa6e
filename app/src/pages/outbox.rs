//! 通知, for the system administrator: how what is told outside of the product goes out, and what did not.

use crate::api::ApiError;
use crate::api::outbox::{OutboxResend, OutboxResendAll, outbox_overview, outbox_resend, outbox_resend_all};
use crate::pages::Page;
use crate::parts::clock::Ago;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::row_deed::{DeedFailed, RowDeed};
use crate::ui::query_form;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::query::{DeadLetterQuery, From};
use domain::view::outbox::{CarrierState, DeadLetter, OutboxPage as Overview};
use domain::{Role, UtcMillis, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use uuid::Uuid;

/// Where it is.
const PAGE: &str = "/admin/notifications";

/// The page.
pub struct OutboxPage {
    page: Read<Result<Overview, ApiError>>,
}

/// One of the dead letters, or all.
type Resending = Action<Option<Uuid>, Result<(), ApiError>>;

impl Page for OutboxPage {
    fn data() -> Self {
        let map = use_query_map();
        let query = Memo::new(move |_| map.with(|map| DeadLetterQuery::parse(|name| map.get(name))));
        Self { page: ask(move || query.get(), outbox_overview) }
    }

    fn view(this: Self) -> AnyView {
        let page = this.page;
        let resending: Resending = Action::new(|which: &Option<Uuid>| carry_out(*which));
        // Also after a refusal: somebody else may have sent it.
        Effect::new(move |_| {
            if resending.value().get().is_some() {
                page.refetch();
            }
        });
        let done = move || resending.value().get().is_some_and(|done| done.is_ok());
        let draw = move |read: Overview| view! { <Outbox read resending/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="通知"/>
                <p class="quiet">
                    "每个人的收件箱总能收到通知。这里是另外发到群、邮箱和浙政钉的消息：发送失败会自动重试，多次失败后停止，可以重新发送。"
                </p>
                <DeedFailed doing=resending/>
                <p role="status">{move || done().then_some("已重新排队，马上发送。")}</p>
                <Loaded data=page part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

async fn carry_out(which: Option<Uuid>) -> Result<(), ApiError> {
    match which {
        Some(id) => outbox_resend(id).await,
        None => outbox_resend_all().await,
    }
}

#[component]
fn Outbox(read: Overview, resending: Resending) -> impl IntoView {
    let Overview { carriers, dead, newer, older, now } = read;
    let all = carriers.iter().map(|it| it.dead).sum::<i64>();
    let at = |from| query_form::address(PAGE, &DeadLetterQuery { from }.parameters());
    let (newer, older) = (newer.map(|key| at(From::After(key))), older.map(|key| at(From::Before(key))));
    let paged = newer.is_some() || older.is_some();
    view! {
        <Carriers carriers/>
        <div class="page-head">
            <h2>"发送失败的通知"</h2>
            {(all > 0).then(|| view! { <ResendAll all resending/> })}
        </div>
        <DeadLetters dead now resending/>
        {paged
            .then(|| {
                view! {
                    <nav class="pager" aria-label="分页">
                        <span>{format!("共 {all} 条")}</span>
                        <span class="pager-ways">
                            {newer.map(|href| view! { <A href=href attr:class="button">"‹ 上一页"</A> })}
                            {older.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
                        </span>
                    </nav>
                }
            })}
    }
}

#[component]
fn Carriers(carriers: Vec<CarrierState>) -> impl IntoView {
    let row = |it: CarrierState| {
        let to = it.host.unwrap_or_else(|| "未配置".to_owned());
        view! {
            <tr>
                <th scope="row">{words::carrier(it.carrier)}</th>
                <td data-label="发往">{to}</td>
                <td data-label="等待发送">{it.waiting}</td>
                <td data-label="发送失败">{it.dead}</td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"方式"</th>
                    <th scope="col">"发往"</th>
                    <th scope="col">"等待发送"</th>
                    <th scope="col">"发送失败"</th>
                </tr>
            </thead>
            <tbody>{carriers.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[component]
fn ResendAll(all: i64, resending: Resending) -> impl IntoView {
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        resending.dispatch(None);
    };
    view! {
        <form method="post" action=OutboxResendAll::PATH on:submit=send>
            <button type="submit" class="button" disabled=resending.pending()>{format!("全部重新发送（{all}）")}</button>
        </form>
    }
}

#[component]
fn DeadLetters(dead: Vec<DeadLetter>, now: UtcMillis, resending: Resending) -> impl IntoView {
    if dead.is_empty() {
        return view! { <div class="empty"><p>"没有发送失败的通知"</p></div> }.into_any();
    }
    let row = move |letter: DeadLetter| {
        let id = letter.id;
        let of = letter.title.clone();
        view! {
            <tr>
                <th scope="row">{letter.title}</th>
                <td data-label="方式">{words::carrier(letter.carrier)}</td>
                <td data-label="收件人">{letter.to}</td>
                <td data-label="时间">
                    <Ago at=letter.at now/>
                </td>
                <td data-label="已尝试">{format!("{} 次", letter.attempts)}</td>
                <td data-label="失败原因">{letter.error}</td>
                <td class="table-actions">
                    <RowDeed
                        path=OutboxResend::PATH
                        with=vec![("id", id.to_string())]
                        deed=Some(id)
                        doing=resending
                        word="重新发送"
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
                    <th scope="col">"通知"</th>
                    <th scope="col">"方式"</th>
                    <th scope="col">"收件人"</th>
                    <th scope="col">"时间"</th>
                    <th scope="col">"已尝试"</th>
                    <th scope="col">"失败原因"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{dead.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
