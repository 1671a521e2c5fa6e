//! 我的: who is signed in, the way to every room, and the keys. On a phone the bar has four places only.

use crate::api::authenticator::AUTHENTICATOR_PAGE;
use crate::api::policy::OWN_SESSIONS_PAGE;
use crate::api::session::Current;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::navigation::rooms;
use crate::parts::session::SessionContext;
use crate::ui::drawn::drawn;
use crate::ui::icon::Icon;
use crate::ui::look::KEYS;
use crate::ui::title::PageTitle;
use domain::{Role, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// The page of who is signed in.
pub struct MePage;

impl Page for MePage {
    fn data() -> Self {
        Self
    }

    fn view(_: Self) -> AnyView {
        let content = || {
            Suspend::new(async {
                view! { <Me current=SessionContext::current_of_page().await/> }
            })
        };
        view! {
            <Gate roles=&Role::ALL>
                <PageTitle text="我的"/>
                <Suspense>{drawn(content)}</Suspense>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Me(current: Current) -> impl IntoView {
    let others = rooms(&current).into_iter().filter(|room| room.href != "/me");
    let link = |room: crate::parts::navigation::Room| {
        view! {
            <li>
                <A href=room.href attr:class="me-room">
                    <Icon drawing=room.drawing/>
                    {room.word}
                </A>
            </li>
        }
    };
    let links = others.map(link).collect_view();
    let who = current.me.map(|me| {
        let roles = me.roles.iter().map(|role| words::role(*role)).collect::<Vec<_>>().join("、");
        view! {
            <section class="card">
                <p><strong>{me.name}</strong></p>
                <p class="quiet">{roles}</p>
                <p class="page-ways">
                    <A href=OWN_SESSIONS_PAGE attr:class="button">"我的会话"</A>
                    <A href="/password" attr:class="button">"修改密码"</A>
                    <A href=AUTHENTICATOR_PAGE attr:class="button">"动态口令"</A>
                </p>
            </section>
        }
    });
    view! {
        {who}
        <ul class="me-rooms">{links}</ul>
        <Keys/>
    }
}

/// What keys do, and the switch for who types by speech or holds the keyboard otherwise.
#[component]
fn Keys() -> impl IntoView {
    const KEYS_AND_DEEDS: [(&str, &str); 5] =
        [("Ctrl+K", "搜索"), ("/", "到本页的关键字"), ("j / k", "下一行 / 上一行"), ("Enter", "打开"), ("?", "到这里")];
    let single = RwSignal::new(!KEYS.has("off"));
    let row = |(key, does): (&'static str, &'static str)| {
        view! { <div><dt><kbd>{key}</kbd></dt><dd>{does}</dd></div> }
    };
    view! {
        <section class="card with-scripts me-keys">
            <h2>"快捷键"</h2>
            <dl class="keys">{KEYS_AND_DEEDS.map(row).collect_view()}</dl>
            <label class="choice">
                <input
                    type="checkbox"
                    checked=single.get_untracked()
                    prop:checked=single
                    on:change=move |_| single.set(!KEYS.turn("off"))
                />
                "使用单键快捷键（/、j、k、?）"
            </label>
        </section>
    }
}
