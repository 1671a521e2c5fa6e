//! 登录策略: what passwords must be. Also without scripts.

use super::came_to_check;
use crate::api::ApiError;
use crate::api::policy::{POLICY_PAGE, PolicyChange, policy_change, policy_open, policy_versions};
use crate::pages::Page;
use crate::parts::change_pages::before_of_address;
use crate::parts::form::{Fields, Grouped, Sending, SentForm, ShortForm, TypedField};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::versions::{ReadVersions, present};
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::Role;
use domain::fields::{FieldId, PolicyDraft, Presence, validate_policy};
use domain::password::AuthenticatorOf;
use domain::view::change_pages::ChangePage;
use domain::view::policy::PolicyPage as Opened;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form; and the changes, apart from it: whoever leafs through them loses nothing typed.
pub struct PolicyPage {
    page: Read<Result<Opened, ApiError>>,
    changes: Read<Result<ChangePage, ApiError>>,
}

impl Page for PolicyPage {
    fn data() -> Self {
        let (check, before) = (came_to_check(), before_of_address());
        Self { page: ask(|| (), move |()| policy_open(check)), changes: ask(move || before.get(), policy_versions) }
    }

    fn view(this: Self) -> AnyView {
        let (page, changes) = (this.page, this.changes);
        let again = Callback::new(move |()| {
            page.refetch();
            changes.refetch();
        });
        let draw = move |page: Opened| view! { <Form page again/> }.into_any();
        view! {
            <Gate roles=&[Role::SecurityAdministrator]>
                <PageTitle text="登录策略"/>
                <Loaded data=page part=true draw/>
                <ReadVersions data=changes page=POLICY_PAGE/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Form(page: Opened, again: Callback<()>) -> impl IntoView {
    let Opened { number, draft, errors, made } = page;
    let short = ShortForm::new(|draft: &PolicyDraft| validate_policy(draft).err().unwrap_or_default());
    if !errors.is_empty() {
        short.known(errors);
    }
    let save = Action::new(move |draft: &PolicyDraft| policy_change(number, draft.clone()));
    let done = move |()| again.run(());
    let fields = short.fields();
    let said = present(number, made, "现行的是系统默认的策略。");
    let sending = Sending { path: PolicyChange::PATH, word: "保存", came_back: None };
    view! {
        <p class="quiet">{said} "新策略用于以后设置的密码；有效期对已有的密码也马上生效。"</p>
        <SentForm form=short sending action=save done>
            <input type="hidden" name="seen" value=number/>
            <section class="card">
                <TypedField fields field=FieldId::PolicyLength name="draft[length]" value=draft.length asks=Presence::Required/>
                <TypedField fields field=FieldId::PolicyClasses name="draft[classes]" value=draft.classes asks=Presence::Required/>
                <TypedField fields field=FieldId::PolicyDays name="draft[days]" value=draft.days asks=Presence::Required/>
                <TypedField fields field=FieldId::PolicyBefore name="draft[before]" value=draft.before asks=Presence::Required/>
                <Demanded fields chosen=draft.authenticator/>
            </section>
            <p class="quiet">
                "连续输错 5 次后，这个账号从同一地址登录要等待，越错越久；别的地址不受影响。会话 30 分钟不用或满 12 小时结束。管理员必须用动态口令。这些不能放宽。"
            </p>
        </SentForm>
    }
}

/// Whom an authenticator is demanded of.
#[component]
fn Demanded(fields: Fields, chosen: String) -> impl IntoView {
    const FIELD: FieldId = FieldId::PolicyAuthenticator;
    let choice = move |of: AuthenticatorOf| {
        let checked = of.id() == chosen;
        view! {
            <label class="choice">
                <input type="radio" name="draft[authenticator]" value=of.id() checked=checked/>
                {of.word()}
            </label>
        }
    };
    view! {
        <Grouped fields field=FIELD asks=Signal::stored(Presence::Required)>
            <div class="choices">{AuthenticatorOf::ALL.map(choice).collect_view()}</div>
        </Grouped>
    }
}
