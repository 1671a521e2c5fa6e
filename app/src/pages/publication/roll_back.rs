//! 版本回退: to which of the last live versions, and why.

use crate::api::ApiError;
use crate::api::publication::request::{
    PublicationRollBack, PublicationSaveRollBackDraft, publication_roll_back, publication_roll_back_form,
    publication_save_roll_back_draft,
};
use crate::pages::Page;
use crate::parts::form::{FormState, Grouped, Opening, TypedField};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::request::{Request, RequestFrame, RouteCard, form_of_address};
use crate::ui::read::Read;
use domain::Role;
use domain::fields::{FieldId, Presence, RollBackDraft, validate_roll_back};
use domain::view::publication::RequestForm;
use domain::view::work_order::ReleaseView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form, and the versions to choose from.
type Opened = Result<(RequestForm<RollBackDraft>, Vec<ReleaseView>), ApiError>;

/// The form of one publication.
pub struct RollBackPage {
    form: Read<Opened>,
}

impl Page for RollBackPage {
    fn data() -> Self {
        Self { form: form_of_address(publication_roll_back_form) }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Gate roles=&[Role::Staff]>
                <Loaded data=this.form draw=|(form, versions)| view! { <Form form versions/> }.into_any()/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Form(form: RequestForm<RollBackDraft>, versions: Vec<ReleaseView>) -> AnyView {
    let (id, seen, key) = (form.row.id, form.row.version, form.key);
    let opening = Opening { first: form.draft, errors: form.errors, saved_at: form.saved_at };
    let check = |draft: &RollBackDraft| validate_roll_back(draft).err().unwrap_or_default();
    let state = FormState::new(opening, check, move |draft| Box::pin(publication_save_roll_back_draft(id, draft)));
    let submit = Action::new(move |draft: &RollBackDraft| publication_roll_back(id, seen, key, draft.clone()));
    let blocked = form.route.blocked.is_some();
    let ways = (PublicationRollBack::PATH, PublicationSaveRollBackDraft::PATH);
    let request = Request::of(&form.row, form.key, "版本回退", "提交回退申请", ways);
    let reason = state.first(|draft| draft.reason.clone());
    let choice = move |version: ReleaseView| {
        let value = version.version.0.to_string();
        let checked = state.first(|draft| draft.version == value);
        let bundle: String = version.bundle.unwrap_or_default().chars().take(16).collect();
        view! {
            <label class="choice">
                <input type="radio" name="draft[version]" value=value checked=checked/>
                {version.number.to_string()} " " <code class="quiet">{bundle}</code>
            </label>
        }
    };
    view! {
        <RequestFrame request state submit held=Signal::stored(blocked) aside=view! { <RouteCard route=form.route/> }.into_any()>
            <section class="card">
                <p>"审批通过后，选中的版本立即重新上线，用的是当时上线的那些文件。"</p>
                <Grouped fields=state.fields() field=FieldId::RollBackTo asks=Signal::stored(Presence::Required)>
                    <div class="choices">{versions.into_iter().map(choice).collect_view()}</div>
                </Grouped>
                <TypedField
                    fields=state.fields()
                    field=FieldId::Reason
                    name="draft[reason]"
                    value=reason
                    asks=Presence::Required
                />
            </section>
        </RequestFrame>
    }
    .into_any()
}
