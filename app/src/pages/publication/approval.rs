//! 提交审批: the approval form of release and upgrade, with the route it will take.

mod attachments;
mod fields;
mod rollout;

use crate::api::ApiError;
use crate::api::publication::act::{
    PublicationSaveApprovalDraft, PublicationSubmitForApproval, publication_approval_form,
    publication_save_approval_draft, publication_submit_for_approval,
};
use crate::pages::Page;
use crate::parts::form::{FormState, Opening};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::registration::ENV;
use crate::parts::request::{Request, RequestFrame, RouteCard, form_of_address};
use crate::ui::read::Read;
use attachments::{AttachmentWithoutScripts, Attachments};
use domain::fields::{ApprovalCase, ApprovalDraft, validate_approval};
use domain::view::publication::ApprovalFormView;
use domain::view::work_order::ReleaseView;
use domain::{Role, words};
use fields::TextFields;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use rollout::RolloutField;

/// The form of one publication.
pub struct ApprovalPage {
    form: Read<Result<ApprovalFormView, ApiError>>,
}

impl Page for ApprovalPage {
    fn data() -> Self {
        Self { form: form_of_address(publication_approval_form) }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Gate roles=&[Role::Staff]>
                <Loaded data=this.form draw=|form| view! { <Form form/> }.into_any()/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Form(form: ApprovalFormView) -> AnyView {
    let (id, seen, key) = (form.row.id, form.row.version, form.key);
    let case = ApprovalCase { hosted: form.hosted, scope: form.scope.clone(), now: form.now };
    let opening = Opening { first: form.draft, errors: form.errors, saved_at: form.saved_at };
    let check = move |draft: &ApprovalDraft| validate_approval(draft, &case, &ENV).err().unwrap_or_default();
    let state = FormState::new(opening, check, move |draft| Box::pin(publication_save_approval_draft(id, draft)));
    let submit =
        Action::new(move |draft: &ApprovalDraft| publication_submit_for_approval(id, seen, key, draft.clone()));
    let blocked = form.route.blocked.is_some();
    let sending = RwSignal::new(0_usize);
    let ways = (PublicationSubmitForApproval::PATH, PublicationSaveApprovalDraft::PATH);
    let request = Request::of(&form.row, form.key, "提交审批", "提交审批", ways);
    let aside = view! {
        <Release release=form.release/>
        <RouteCard route=form.route/>
    };
    view! {
        <RequestFrame request state submit held=Signal::derive(move || blocked || sending.get() > 0) aside=aside.into_any()>
            <section class="card">
                <h2>{format!("审批表单：{}", words::order_kind(form.kind))}</h2>
                <TextFields state/>
                <Attachments state sending/>
                {form.hosted.then(|| view! { <RolloutField state scope=form.scope keep=PublicationSaveApprovalDraft::PATH/> })}
            </section>
        </RequestFrame>
        <AttachmentWithoutScripts id/>
    }
    .into_any()
}

/// What the approval will make live.
#[component]
fn Release(release: Option<ReleaseView>) -> AnyView {
    release
        .map(|release| {
            let bundle = release.bundle.map(|hash| hash.chars().take(16).collect::<String>());
            view! {
                <section class="card">
                    <h2>"将要上线的版本"</h2>
                    <dl class="facts facts-plain">
                        <dt>"版本号"</dt>
                        <dd>{release.number.to_string()}</dd>
                        <dt>"校验和"</dt>
                        <dd><code>{bundle.unwrap_or_else(|| "—".to_owned())}</code></dd>
                    </dl>
                </section>
            }
        })
        .into_any()
}
