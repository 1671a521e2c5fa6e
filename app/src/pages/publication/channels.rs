//! 渠道申请: which further channels, and who will decide.

use crate::api::ApiError;
use crate::api::publication::request::{
    PublicationApplyForChannels, PublicationSaveChannelsDraft, publication_apply_for_channels,
    publication_channels_form, publication_save_channels_draft,
};
use crate::pages::Page;
use crate::parts::form::{FormState, Grouped, Opening, TypedField};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::request::{Request, RequestFrame, RouteCard, form_of_address};
use crate::ui::read::Read;
use domain::Role;
use domain::fields::{ChannelsDraft, FieldId, Presence, validate_channels};
use domain::view::directory::FurtherChannel;
use domain::view::publication::RequestForm;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The form, and the channels to choose from.
type Opened = Result<(RequestForm<ChannelsDraft>, Vec<FurtherChannel>), ApiError>;

/// The form of one publication.
pub struct ChannelsPage {
    form: Read<Opened>,
}

impl Page for ChannelsPage {
    fn data() -> Self {
        Self { form: form_of_address(publication_channels_form) }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Gate roles=&[Role::Staff]>
                <Loaded data=this.form draw=|(form, channels)| view! { <Form form channels/> }.into_any()/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Form(form: RequestForm<ChannelsDraft>, channels: Vec<FurtherChannel>) -> AnyView {
    let (id, seen, key) = (form.row.id, form.row.version, form.key);
    let opening = Opening { first: form.draft, errors: form.errors, saved_at: form.saved_at };
    let check = |draft: &ChannelsDraft| validate_channels(draft).err().unwrap_or_default();
    let state = FormState::new(opening, check, move |draft| Box::pin(publication_save_channels_draft(id, draft)));
    let submit = Action::new(move |draft: &ChannelsDraft| publication_apply_for_channels(id, seen, key, draft.clone()));
    let blocked = form.route.blocked.is_some();
    let ways = (PublicationApplyForChannels::PATH, PublicationSaveChannelsDraft::PATH);
    let request = Request::of(&form.row, form.key, "渠道申请", "提交渠道申请", ways);
    let statement = state.first(|draft| draft.statement.clone());
    let choice = move |channel: FurtherChannel| {
        let value = channel.id.0.to_string();
        let checked = state.first(|draft| draft.channels.contains(&value));
        view! {
            <label class="choice">
                <input type="checkbox" name="draft[channels][]" value=value checked=checked/>
                {channel.name}
            </label>
        }
    };
    view! {
        <RequestFrame request state submit held=Signal::stored(blocked) aside=view! { <RouteCard route=form.route/> }.into_any()>
            <section class="card">
                <p>"一次开发，多渠道共享：审批通过后，这个应用立即出现在所选渠道的目录里。发布状态不变，在此之前一切照旧。"</p>
                <Grouped fields=state.fields() field=FieldId::FurtherChannels asks=Signal::stored(Presence::Required)>
                    <div class="choices">{channels.into_iter().map(choice).collect_view()}</div>
                </Grouped>
                <TypedField
                    fields=state.fields()
                    field=FieldId::ChannelsStatement
                    name="draft[statement]"
                    value=statement
                    asks=Presence::Optional
                />
            </section>
        </RequestFrame>
    }
    .into_any()
}
