//! 登录: by a code that the phone confirms, by account and password; in a demo, with one click per person.

mod by_code;

use crate::api::ApiError;
use crate::api::session::{
    DINGTALK, OIDC, SessionSignIn, SessionSignInDemo, SignInQuery, escaped, session_demo_people, session_ways,
};
use crate::pages::Page;
use crate::parts::session::open_answered;
use crate::ui::field::TextField;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use by_code::ByCode;
use domain::view::person::{DemoPerson, SignInWays};
use domain::{RegionCode, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The page, the ways to sign in, and the people of a demo.
pub struct SignInPage {
    people: Read<Result<Vec<DemoPerson>, ApiError>>,
    ways: Read<Result<SignInWays, ApiError>>,
}

impl Page for SignInPage {
    fn data() -> Self {
        Self { people: ask(|| (), |()| session_demo_people()), ways: ask(|| (), |()| session_ways()) }
    }

    fn view(this: Self) -> AnyView {
        let query = query_of_address();
        let (next, after, outside) = (query.next.clone(), query.next.clone(), query.next.clone());
        let ways = move || {
            let next = outside.clone();
            Suspend::new(async move {
                let ways = this.ways.await.unwrap_or_default();
                let elsewhere = next.clone();
                view! {
                    {ways.dingtalk.then(|| view! { <Elsewhere way=DINGTALK next word="浙政钉登录".to_owned()/> })}
                    {ways.oidc.map(|name| view! { <Elsewhere way=OIDC next=elsewhere word=format!("{name}登录")/> })}
                }
            })
        };
        let tossed = move || {
            Suspend::new(async move { this.ways.await.is_ok_and(|ways| ways.tossed).then(|| view! { <Tossed/> }) })
        };
        let people = move || {
            let next = next.clone();
            Suspend::new(async move {
                this.people.await.ok().filter(|p| !p.is_empty()).map(|p| view! { <Demo people=p next/> })
            })
        };
        view! {
            <div class="sign-in">
                <PageTitle text="登录"/>
                {done().map(|text| view! { <p class="notice notice-success" role="status">{text}</p> })}
                <Suspense>{tossed}</Suspense>
                <ByCode next=after/>
                <ByPassword query/>
                <Suspense>{ways}</Suspense>
                <Suspense>{people}</Suspense>
            </div>
        }
        .into_any()
    }
}

fn query_of_address() -> SignInQuery {
    let get = |name: &str| use_query_map().with_untracked(|map| map.get(name).unwrap_or_default());
    SignInQuery { account: get("account"), next: get("next"), problem: get("problem") }
}

/// What was done just before.
fn done() -> Option<&'static str> {
    match use_query_map().with_untracked(|map| map.get("done")).as_deref() {
        Some("activated") => Some("账号已激活，请用新密码登录。"),
        Some("authenticator") => Some("动态口令已启用。请用密码和身份验证器的下一个动态验证码登录。"),
        Some("password") => Some("密码已修改，请用新密码登录。"),
        _ => None,
    }
}

/// Two sessions came at once: one of them is somebody else's, and neither counts.
#[component]
fn Tossed() -> impl IntoView {
    view! {
        <p class="notice notice-warning" role="alert">
            "你的浏览器带来了两个登录凭证，分不清哪一个是你的，所以现在没有登录。本站已经请浏览器清除它们："
            <a href="/login" rel="external">"重新打开登录页"</a>
            "，再登录。如果还看到这句话，请在浏览器的设置里清除本网站的 Cookie，或者换一个浏览器，并告诉系统管理员。"
        </p>
    }
}

#[component]
fn ByPassword(query: SignInQuery) -> impl IntoView {
    let sign_in = ServerAction::<SessionSignIn>::new();
    open_answered(move || sign_in.value().get());
    let before = query.error();
    let problem = move || match sign_in.value().get() {
        Some(answer) => answer.err(),
        None => before.clone(),
    };
    view! {
        <ActionForm action=sign_in attr:class="sign-in-form">
            {move || problem().map(|error| view! { <p class="notice notice-danger" role="alert">{error.to_string()}</p> })}
            <TextField label="账号" name="account" value=query.account.clone() autocomplete="username"/>
            <TextField label="密码" name="password" kind="password" autocomplete="current-password"/>
            <TextField label="动态验证码（启用了动态口令的必填）" name="code" autocomplete="one-time-code"/>
            <input type="hidden" name="next" value=query.next.clone()/>
            <button type="submit" class="button button-main" disabled=sign_in.pending()>"登录"</button>
            <p class="quiet"><A href="/password">"修改密码"</A></p>
        </ActionForm>
    }
}

/// The way to 浙政钉 or an OpenID provider, and back (`server/src/dingtalk.rs`, `server/src/oidc.rs`).
#[component]
fn Elsewhere(way: &'static str, next: String, word: String) -> impl IntoView {
    let way = if next.is_empty() { way.to_owned() } else { format!("{way}?next={}", escaped(&next)) };
    // Not a page of ours: the server sends the browser on.
    view! { <p><a class="button" rel="external" href=way>{word}</a></p> }
}

#[component]
fn Demo(people: Vec<DemoPerson>, next: String) -> impl IntoView {
    let sign_in = ServerAction::<SessionSignInDemo>::new();
    open_answered(move || sign_in.value().get());
    let one = move |person: DemoPerson| {
        let seat = RegionCode::parse(&person.region).map(RegionCode::site_name);
        let place = person.department.or(seat).unwrap_or_default();
        let next = next.clone();
        view! {
            <li>
                <ActionForm action=sign_in>
                    <input type="hidden" name="account" value=person.account/>
                    <input type="hidden" name="next" value=next/>
                    <button type="submit" class="demo-people-one">
                        <span class="demo-people-name">{person.name}</span>
                        <span>{words::role(person.role)}</span>
                        <span class="demo-people-place">{place}</span>
                    </button>
                </ActionForm>
            </li>
        }
    };
    view! {
        <section class="demo-people" aria-labelledby="demo-people">
            <h2 id="demo-people">"演示：选一个人，直接登录"</h2>
            <ul>{people.into_iter().map(one).collect_view()}</ul>
        </section>
    }
}
