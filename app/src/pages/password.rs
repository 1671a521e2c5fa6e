//! 修改密码: by who knows the present one; also when that is over (identity.md, Sign-in). Also without scripts.

use crate::api::ApiError;
use crate::api::session::{SessionChangePassword, session_password_policy};
use crate::pages::Page;
use crate::parts::loaded::Loaded;
use crate::parts::problem::sentence_of;
use crate::parts::request::{came_to_check, problem_of_address};
use crate::ui::field::TextField;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::password::PasswordPolicy;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The form.
pub struct PasswordPage {
    policy: Read<Result<PasswordPolicy, ApiError>>,
}

impl Page for PasswordPage {
    fn data() -> Self {
        Self { policy: ask(|| (), |()| session_password_policy()) }
    }

    fn view(this: Self) -> AnyView {
        let draw = |policy: PasswordPolicy| view! { <Change policy/> }.into_any();
        view! {
            <div class="account">
                <PageTitle text="修改密码"/>
                <Loaded data=this.policy draw/>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Change(policy: PasswordPolicy) -> impl IntoView {
    let change = ServerAction::<SessionChangePassword>::new();
    let navigate = use_navigate();
    Effect::new(move |_| {
        if let Some(Ok(())) = change.value().get() {
            navigate("/login?done=password", Default::default());
        }
    });
    // Back from a sending without scripts that was refused: secrets are not kept.
    let wrong = came_to_check().then(|| "密码没有修改：新密码不符合要求，或者最近用过。请换一个新密码。".to_owned());
    let before = wrong.or_else(problem_of_address);
    let refused = move || match change.value().get() {
        Some(answer) => answer.err().map(|error| sentence_of(&error)),
        None => before.clone(),
    };
    view! {
        <p>{format!("新密码{}。修改后，这个账号的所有会话都要重新登录。", policy.hint())}</p>
        <ActionForm action=change attr:class="sign-in-form">
            {move || refused().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
            <TextField label="账号" name="account" autocomplete="username"/>
            <TextField label="现在的密码" name="password" kind="password" autocomplete="current-password"/>
            <TextField label="动态验证码（启用了动态口令的必填）" name="code" autocomplete="one-time-code"/>
            <TextField label="新密码" name="new_password" kind="password" autocomplete="new-password"/>
            <button type="submit" class="button button-main" disabled=change.pending()>"修改密码"</button>
        </ActionForm>
    }
    .into_any()
}
