//! 下线: the reason, the substitute, and who will decide.

use crate::api::ApiError;
use crate::api::publication::request::{
    PublicationSaveOfflineDraft, PublicationTakeOffline, publication_offline_form, publication_save_offline_draft,
    publication_take_offline,
};
use crate::pages::Page;
use crate::parts::form::{FormState, Opening, TypedField};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::request::{Request, RequestFrame, RouteCard, form_of_address};
use crate::ui::read::Read;
use domain::Role;
use domain::fields::{FieldId, OfflineDraft, Presence, validate_offline};
use domain::view::publication::RequestForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form of one publication.
pub struct OfflinePage {
    form: Read<Result<RequestForm<OfflineDraft>, ApiError>>,
}

impl Page for OfflinePage {
    fn data() -> Self {
        Self { form: form_of_address(publication_offline_form) }
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
fn Form(form: RequestForm<OfflineDraft>) -> AnyView {
    let (id, seen, key) = (form.row.id, form.row.version, form.key);
    let opening = Opening { first: form.draft, errors: form.errors, saved_at: form.saved_at };
    let check = |draft: &OfflineDraft| validate_offline(draft).err().unwrap_or_default();
    let state = FormState::new(opening, check, move |draft| Box::pin(publication_save_offline_draft(id, draft)));
    let submit = Action::new(move |draft: &OfflineDraft| publication_take_offline(id, seen, key, draft.clone()));
    let blocked = form.route.blocked.is_some();
    let ways = (PublicationTakeOffline::PATH, PublicationSaveOfflineDraft::PATH);
    let request = Request::of(&form.row, form.key, "下线", "提交下线申请", ways);
    let (reason, substitute) = state.first(|draft| (draft.reason.clone(), draft.substitute.clone()));
    view! {
        <RequestFrame request state submit held=Signal::stored(blocked) aside=view! { <RouteCard route=form.route/> }.into_any()>
            <section class="card">
                <p>"审批通过后立即下线：从渠道目录撤下，原地址显示已下线和替代服务。在此之前一切照旧。以后可以重新发布。"</p>
                <TypedField
                    fields=state.fields()
                    field=FieldId::OfflineReason
                    name="draft[reason]"
                    value=reason
                    asks=Presence::Required
                />
                <TypedField
                    fields=state.fields()
                    field=FieldId::OfflineSubstitute
                    name="draft[substitute]"
                    value=substitute
                    asks=Presence::Optional
                />
            </section>
        </RequestFrame>
    }
    .into_any()
}
