//! 修改登记信息 and 信息变更: the registration form over what is registered, and what it changes.

use crate::api::ApiError;
use crate::api::publication::request::{
    PublicationCorrectRegistration, PublicationRequestInfoChange, PublicationSaveChangeDraft, publication_change_form,
    publication_correct_registration, publication_request_info_change, publication_save_change_draft,
};
use crate::pages::Page;
use crate::parts::comparison::Comparison;
use crate::parts::form::{Card, Given, Opening};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::registration::{
    Addresses, Basic, Developer, Flow, Known, PartsChoice, RegistrationState, ScopeField, rewritten,
};
use crate::parts::request::{Request, RequestFrame, RouteCard, form_of_address};
use crate::ui::read::Read;
use domain::fields::{Change, FieldId, Group, Phones, Registration, diff};
use domain::view::publication::ChangeForm;
use domain::{Action as Deed, Role, words};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// 修改登记信息, while nothing is live.
pub struct CorrectionPage(Read<Result<ChangeForm, ApiError>>);

/// 信息变更, of what is live.
pub struct InfoChangePage(Read<Result<ChangeForm, ApiError>>);

impl Page for CorrectionPage {
    fn data() -> Self {
        Self(form_of_address(|id, check| publication_change_form(id, Deed::CorrectRegistration, check)))
    }

    fn view(this: Self) -> AnyView {
        view! { <Page deed=Deed::CorrectRegistration form=this.0/> }.into_any()
    }
}

impl Page for InfoChangePage {
    fn data() -> Self {
        Self(form_of_address(|id, check| publication_change_form(id, Deed::RequestInfoChange, check)))
    }

    fn view(this: Self) -> AnyView {
        view! { <Page deed=Deed::RequestInfoChange form=this.0/> }.into_any()
    }
}

#[component]
fn Page(deed: Deed, form: Read<Result<ChangeForm, ApiError>>) -> AnyView {
    view! {
        <Gate roles=&[Role::Staff]>
            <Loaded data=form draw=move |form| view! { <Whole deed form/> }.into_any()/>
        </Gate>
    }
    .into_any()
}

#[component]
fn Whole(deed: Deed, form: ChangeForm) -> AnyView {
    let ChangeForm { request: opened, before, live_address, system_name, department, department_id } = form;
    let (id, seen, key) = (opened.row.id, opened.row.version, opened.key);
    let opening = Opening { first: opened.draft, errors: opened.errors, saved_at: opened.saved_at };
    let by_order = deed == Deed::RequestInfoChange;
    let state = RegistrationState::over(id, before.clone(), by_order, opening, move |draft| {
        Box::pin(publication_save_change_draft(id, deed, draft))
    });
    let submit = Action::new(move |draft: &Registration| {
        let draft = draft.clone();
        async move {
            if by_order {
                publication_request_info_change(id, seen, key, draft).await
            } else {
                publication_correct_registration(id, seen, key, draft).await
            }
        }
    });
    // The rules' environment is the browser's: before it has taken over there is nothing to compare.
    let in_browser = RwSignal::new(false);
    Effect::new(move |_| in_browser.set(true));
    let changes = Memo::new(move |_| {
        if !in_browser.get() {
            return None;
        }
        let after = state.draft.with(|draft| rewritten(draft, by_order, &before)).ok()?;
        Some(diff(&before, &after, Phones::Whole))
    });
    let blocked = opened.route.blocked.is_some();
    let nothing = move || changes.with(|changes| changes.as_ref().is_some_and(Vec::is_empty));
    let (word, send) = match by_order {
        true => ("提交变更申请", PublicationRequestInfoChange::PATH),
        false => ("保存修改", PublicationCorrectRegistration::PATH),
    };
    let ways = (send, PublicationSaveChangeDraft::PATH);
    let request = Request::of(&opened.row, key, words::menu_item(deed), word, ways);
    let known = Known {
        department: Signal::stored(department),
        department_id: Signal::stored(department_id),
        mobile: Signal::stored(live_address),
    };
    let aside = view! {
        <Changes changes/>
        <RouteCard route=opened.route/>
    };
    view! {
        <RequestFrame
            request
            state=*state
            submit
            held=Signal::derive(move || blocked || nothing())
            aside=aside.into_any()
        >
            <input type="hidden" name="action" value=deed.id()/>
            {by_order.then(|| view! { <PartsChoice state/> })}
            <Basic state known><Given field=FieldId::System value=Signal::stored(system_name)/></Basic>
            <Addresses state known/>
            <Card group=Group::Scope><ScopeField state/></Card>
            <Developer state/>
            <Flow state/>
        </RequestFrame>
    }
    .into_any()
}

/// What it changes, as it stands now: before it is sent, and as the order will show it.
#[component]
fn Changes(changes: Memo<Option<Vec<Change>>>) -> AnyView {
    let list = move || match changes.get() {
        None => view! { <p class="quiet">"填写无误后，这里列出会变的内容。"</p> }.into_any(),
        Some(changes) if changes.is_empty() => view! { <p class="quiet">"还没有改动。"</p> }.into_any(),
        Some(changes) => view! { <Comparison changes/> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="changes">
            <h2 id="changes">"变更内容"</h2>
            {list}
        </section>
    }
    .into_any()
}
