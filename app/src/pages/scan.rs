//! The phone's side of 扫码登录: who asks from where, and the two buttons. Works without scripts.

use crate::api::ApiError;
use crate::api::code::{SessionDecideCode, session_decide_code, session_who_asks};
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::Role;
use domain::text::agent;
use domain::view::person::WhoAsks;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The code of the address.
pub struct ScanPage {
    code: Memo<String>,
    /// Nothing to read once it was decided without scripts.
    asks: Read<Result<Option<WhoAsks>, ApiError>>,
    done: Option<bool>,
}

impl Page for ScanPage {
    fn data() -> Self {
        let params = use_params_map();
        let code = Memo::new(move |_| params.with(|map| map.get("code").unwrap_or_default()));
        let done = use_query_map().with_untracked(|map| map.get("done")).and_then(|done| done.parse().ok());
        let read = move |code: String| async move {
            if done.is_some() { Ok(None) } else { session_who_asks(code).await.map(Some) }
        };
        Self { code, asks: ask(move || code.get(), read), done }
    }

    fn view(this: Self) -> AnyView {
        let ScanPage { code, asks, done } = this;
        let draw = move |asks: Option<WhoAsks>| match asks {
            Some(asks) => view! { <Ask code=code.get_untracked() asks/> }.into_any(),
            None => view! { <Done confirmed=done.unwrap_or_default()/> }.into_any(),
        };
        view! {
            <Gate roles=&[Role::Staff, Role::Reviewer, Role::Operator, Role::Developer]>
                <Loaded data=asks draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Ask(code: String, asks: WhoAsks) -> impl IntoView {
    let deciding = Action::new({
        let code = code.clone();
        move |confirmed: &bool| {
            let (code, confirmed) = (code.clone(), *confirmed);
            async move { session_decide_code(code, confirmed).await.map(|()| confirmed) }
        }
    });
    let send = move |confirmed: bool| {
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            deciding.dispatch(confirmed);
        }
    };
    let failed = move || deciding.value().get().and_then(Result::err).map(|error| error.to_string());
    let form = move |confirmed: bool, word: &'static str, class: &'static str, code: String| {
        view! {
            <form method="post" action=SessionDecideCode::PATH on:submit=send(confirmed)>
                <input type="hidden" name="code" value=code/>
                <input type="hidden" name="confirmed" value=confirmed.to_string()/>
                <button type="submit" class=class disabled=deciding.pending()>{word}</button>
            </form>
        }
    };
    let at = asks.asked_at;
    move || match deciding.value().get() {
        Some(Ok(confirmed)) => view! { <Done confirmed/> }.into_any(),
        _ => view! {
            <PageTitle text="确认登录"/>
            <section class="card scan">
                <p>"有一台电脑请求以你的身份登录。不是你本人操作，请拒绝。"</p>
                <dl class="facts facts-plain">
                    <dt>"来自"</dt>
                    <dd>{asks.address.clone()}</dd>
                    <dt>"浏览器"</dt>
                    <dd>{agent(&asks.agent)}</dd>
                    <dt>"时间"</dt>
                    <dd><time datetime=at.datetime()>{at.clock_text()}</time></dd>
                </dl>
                {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
                <div class="scan-ways">
                    {form(false, "拒绝", "button scan-way", code.clone())}
                    {form(true, "确认登录", "button button-main scan-way", code.clone())}
                </div>
            </section>
        }
        .into_any(),
    }
}

#[component]
fn Done(confirmed: bool) -> impl IntoView {
    let (heading, text) = if confirmed {
        ("已确认", "电脑会自动登录，可以收起手机了。")
    } else {
        ("已拒绝", "那台电脑没有登录。如果不是你本人操作，请检查谁能看到你的屏幕。")
    };
    view! {
        <PageTitle text=heading/>
        <p class="notice notice-success" role="status">{text}</p>
        <p><A href="/">"回到首页"</A></p>
    }
}
