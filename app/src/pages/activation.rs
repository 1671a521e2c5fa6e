//! 激活账号: a person chooses a password and, where it is demanded, binds an authenticator. Also without scripts.

use super::first_start::code_of_address;
use crate::api::ApiError;
use crate::api::activation::{ActivationComplete, ActivationShown, activation_complete, activation_look};
use crate::pages::Page;
use crate::parts::form::{Sending, SentForm, ShortForm, TypedField};
use crate::parts::loaded::Loaded;
use crate::parts::request::{came_to_check, problem_of_address};
use crate::ui::copy::Copy;
use crate::ui::qr::{Qr, QrPicture};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::fields::{ActivationDraft, FieldId, Presence, validate_activation};
use domain::password::WhosePassword;
use domain::view::person::{Activation, Authenticator};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_navigate;

/// The page of the link.
pub struct ActivationPage {
    code: Memo<String>,
    shown: Read<Result<ActivationShown, ApiError>>,
}

impl Page for ActivationPage {
    fn data() -> Self {
        let code = code_of_address();
        Self { code, shown: ask(move || code.get(), activation_look) }
    }

    fn view(this: Self) -> AnyView {
        let (code, shown) = (this.code, this.shown);
        let draw = move |shown: ActivationShown| view! { <Activate code=code.get_untracked() shown/> }.into_any();
        view! {
            <div class="account">
                <PageTitle text="激活账号"/>
                <Loaded data=shown draw/>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Activate(code: String, shown: ActivationShown) -> impl IntoView {
    let ActivationShown { of, qr } = shown;
    let Activation { name, account, policy, authenticator } = of;
    let asks_code = authenticator.is_some();
    let form = {
        let (name, account) = (name.clone(), account.clone());
        ShortForm::new(move |draft: &ActivationDraft| {
            let whose = WhosePassword { account: &account, name: &name };
            validate_activation(draft, &policy, whose, asks_code).err().unwrap_or_default()
        })
    };
    let link = StoredValue::new(code.clone());
    let complete = Action::new(move |draft: &ActivationDraft| activation_complete(link.get_value(), draft.clone()));
    let navigate = use_navigate();
    let done = move |()| navigate("/login?done=activated", Default::default());
    // Back from a sending without scripts that was refused: secrets are not kept.
    let wrong = came_to_check().then(|| "没有激活：密码不符合要求，或动态验证码不正确。请核对后再试。".to_owned());
    let came_back = wrong.or_else(problem_of_address);
    let fields = form.fields();
    let sending = Sending { path: ActivationComplete::PATH, word: "激活账号", came_back };
    view! {
        <p>{format!("{name}，你的账号是 {account}。")}</p>
        <SentForm form sending action=complete done>
            <input type="hidden" name="code" value=code/>
            // Password managers want to know whose it is.
            <input type="text" name="username" autocomplete="username" value=account hidden=true/>
            <section class="card">
                <h2>"设置密码"</h2>
                <p class="quiet">{policy.hint()}</p>
                <TypedField fields field=FieldId::NewPassword name="draft[password]" value=String::new() asks=Presence::Required/>
            </section>
            {authenticator.map(|authenticator| view! {
                <section class="card">
                    <h2>"绑定身份验证器"</h2>
                    <Bind authenticator qr/>
                    <TypedField fields field=FieldId::OneTimeCode name="draft[code]" value=String::new() asks=Presence::Required/>
                </section>
            })}
        </SentForm>
    }
    .into_any()
}

/// What the authenticator scans, and what is written down for when it is lost.
#[component]
pub(super) fn Bind(authenticator: Authenticator, qr: Qr) -> impl IntoView {
    let Authenticator { secret, recovery, .. } = authenticator;
    let spaced: Vec<String> =
        secret.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    view! {
        <p>"用手机上的身份验证器（支持 TOTP 的任何一款）扫描二维码；不能扫描时，手工输入密钥。"</p>
        <QrPicture qr label="身份验证器的二维码" pixels=180/>
        <p class="account-link">"密钥：" <code>{spaced.join(" ")}</code> <Copy text=secret/></p>
        <h3>"恢复码"</h3>
        <p class="quiet">"手机不在身边时，用它代替动态验证码，每个只能用一次。请现在抄下来，放在安全的地方；以后不再显示。"</p>
        <ul class="account-recovery">
            {recovery.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}
        </ul>
    }
}
