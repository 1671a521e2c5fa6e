//! 动态口令: an authenticator of one's own, bound, changed and taken off; also by who is not let in without one (identity.md, Sign-in).
//! Also without scripts.

use super::activation::Bind;
use super::first_start::code_of_address;
use crate::api::ApiError;
use crate::api::authenticator::{
    AuthenticatorBegin, AuthenticatorBind, AuthenticatorRemove, AuthenticatorShown, authenticator_begin,
    authenticator_bind, authenticator_look, authenticator_own, authenticator_remove,
};
use crate::pages::Page;
use crate::parts::crumbs::Crumbs;
use crate::parts::form::{Sending, SentForm, ShortForm, TypedField, typed};
use crate::parts::loaded::Loaded;
use crate::parts::problem::sentence_of;
use crate::parts::request::{came_to_check, problem_of_address};
use crate::ui::field::TextField;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::{AskedAgainDraft, BindDraft, FieldId, Presence, validate_bind};
use domain::view::person::{OfferedAuthenticator, OwnAuthenticator};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::{use_navigate, use_query_map};

/// One's own.
pub struct AuthenticatorPage {
    own: Read<Result<OwnAuthenticator, ApiError>>,
}

impl Page for AuthenticatorPage {
    fn data() -> Self {
        Self { own: ask(|| (), |()| authenticator_own()) }
    }

    fn view(this: Self) -> AnyView {
        let own = this.own;
        let again = Callback::new(move |()| own.refetch());
        let draw = move |own: OwnAuthenticator| view! { <Own own again/> }.into_any();
        view! {
            <div class="account">
                <Crumbs above=vec![("/me".to_owned(), "我的".to_owned())]/>
                <Loaded data=own draw/>
            </div>
        }
        .into_any()
    }
}

/// A value of the address.
fn of_address(name: &'static str) -> Option<String> {
    use_query_map().with_untracked(|map| map.get(name))
}

#[component]
fn Own(own: OwnAuthenticator, again: Callback<()>) -> impl IntoView {
    let begin = Action::new(|draft: &AskedAgainDraft| authenticator_begin(draft.clone()));
    let remove = Action::new(|draft: &AskedAgainDraft| authenticator_remove(draft.clone()));
    let navigate = use_navigate();
    let element = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if let Some(Ok(page)) = begin.value().get() {
            navigate(&page, Default::default());
        }
        if let Some(Ok(())) = remove.value().get() {
            // The page may keep its form: no password stays in it.
            if let Some(form) = element.get_untracked() {
                form.reset();
            }
            navigate("/me/authenticator?done=removed", Default::default());
            again.run(());
        }
    });
    // Back from a sending without scripts: secrets are not kept.
    let problem = problem_of_address();
    let failed = move || {
        let begun = begin.value().get().and_then(Result::err);
        begun.or_else(|| remove.value().get()?.err()).map(|error| sentence_of(&error))
    };
    let failed = move || {
        let untried = begin.value().with(Option::is_none) && remove.value().with(Option::is_none);
        failed().or_else(|| problem.clone().filter(|_| untried))
    };
    let said = match of_address("done").as_deref() {
        Some("bound") if own.bound => Some("动态口令已启用。下次用密码登录时，还要填写动态验证码。"),
        Some("removed") if !own.bound => Some("动态口令已关闭。"),
        _ => None,
    };
    let draft = move || element.get_untracked().and_then(|form| typed::<AskedAgainDraft>(&form));
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(draft) = draft() {
            begin.dispatch(draft);
        }
    };
    let take_off = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if let Some(draft) = draft() {
            remove.dispatch(draft);
        }
    };
    let waits = move || begin.pending().get() || remove.pending().get();
    let OwnAuthenticator { local, bound, demanded, recovery } = own;
    let stands = match (local, bound) {
        (false, _) => "你的账号没有密码，用浙政钉或统一身份登录，不需要动态口令。".to_owned(),
        (true, true) => format!("已启用。还有 {recovery} 个恢复码可用。"),
        (true, false) if demanded => {
            "没有启用。登录策略要求这个账号使用动态口令，下次用密码登录时要先绑定。".to_owned()
        }
        (true, false) => "没有启用。".to_owned(),
    };
    view! {
        <PageTitle text="动态口令"/>
        {said.map(|text| view! { <p class="notice notice-success" role="status">{text}</p> })}
        <p>"启用后，用密码登录时还要填写手机上身份验证器显示的 6 位数字：别人知道了密码也不能登录。"</p>
        <p><strong>{stands}</strong></p>
        {(bound && demanded).then(|| view! { <p class="quiet">"登录策略要求这个账号使用动态口令，不能关闭。"</p> })}
        {local.then(|| view! {
            <form node_ref=element method="post" action=AuthenticatorBegin::PATH class="sign-in-form" on:submit=send>
                {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
                <TextField label="现在的密码" name="draft[password]" kind="password" autocomplete="current-password"/>
                {bound.then(|| view! {
                    <TextField label="动态验证码或恢复码" name="draft[code]" autocomplete="one-time-code"/>
                    <p class="quiet">"换了手机，或者恢复码快用完了，就重新绑定：旧的身份验证器和恢复码在新的绑定后失效。"</p>
                })}
                <div class="page-ways">
                    <button type="submit" class="button button-main" disabled=waits>
                        {if bound { "重新绑定" } else { "启用动态口令" }}
                    </button>
                    {(bound && !demanded).then(|| view! {
                        <button
                            type="submit"
                            class="button"
                            formaction=AuthenticatorRemove::PATH
                            disabled=waits
                            on:click=take_off
                        >
                            "关闭动态口令"
                        </button>
                    })}
                </div>
            </form>
        })}
    }
    .into_any()
}

/// What is offered, to be bound.
pub struct BindPage {
    code: Memo<String>,
    shown: Read<Result<AuthenticatorShown, ApiError>>,
}

impl Page for BindPage {
    fn data() -> Self {
        let code = code_of_address();
        Self { code, shown: ask(move || code.get(), authenticator_look) }
    }

    fn view(this: Self) -> AnyView {
        let (code, shown) = (this.code, this.shown);
        let draw = move |shown: AuthenticatorShown| view! { <Offer code=code.get_untracked() shown/> }.into_any();
        view! {
            <div class="account">
                <PageTitle text="绑定身份验证器"/>
                <Loaded data=shown part=true draw/>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Offer(code: String, shown: AuthenticatorShown) -> impl IntoView {
    let AuthenticatorShown { of: OfferedAuthenticator { name, account, authenticator }, qr } = shown;
    let form = ShortForm::new(|draft: &BindDraft| validate_bind(draft).err().unwrap_or_default());
    let next = of_address("next").unwrap_or_default();
    let asked = StoredValue::new((code.clone(), next.clone()));
    let bind = Action::new(move |draft: &BindDraft| {
        let (code, next) = asked.get_value();
        authenticator_bind(code, next, draft.clone())
    });
    let navigate = use_navigate();
    let done = move |page: String| navigate(&page, Default::default());
    let wrong = came_to_check().then(|| "没有绑定：动态验证码不正确。请核对手机的时间后再试。".to_owned());
    let came_back = wrong.or_else(problem_of_address);
    let fields = form.fields();
    let sending = Sending { path: AuthenticatorBind::PATH, word: "绑定", came_back };
    view! {
        <p>{format!("{name}，你的账号 {account} 用密码登录时，还要填写身份验证器显示的动态验证码。请在 15 分钟内绑定。")}</p>
        <SentForm form sending action=bind done>
            <input type="hidden" name="code" value=code/>
            <input type="hidden" name="next" value=next/>
            <section class="card">
                <h2>"身份验证器"</h2>
                <Bind authenticator qr/>
                <TypedField fields field=FieldId::OneTimeCode name="draft[code]" value=String::new() asks=Presence::Required/>
            </section>
        </SentForm>
    }
    .into_any()
}
