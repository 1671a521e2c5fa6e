//! 联系人待确认: the notice on a publication's page, with the way on.

use crate::api::publication::{PublicationConfirmContacts, publication_confirm_contacts};
use domain::PublicationId;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// Whose numbers moved to other accounts, and 确认联系人.
#[component]
pub(super) fn Suspended(id: PublicationId, people: Vec<(String, String)>, reload: Callback<()>) -> impl IntoView {
    let confirm = Action::new(move |(): &()| publication_confirm_contacts(id));
    Effect::new(move |_| {
        if let Some(Ok(())) = confirm.value().get() {
            reload.run(());
        }
    });
    let refused = move || confirm.value().get()?.err().map(|error| error.to_string());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        confirm.dispatch(());
    };
    let named: Vec<String> = people.into_iter().map(|(name, mobile)| format!("{name}（{mobile}）")).collect();
    view! {
        <form method="post" action=PublicationConfirmContacts::PATH class="notice notice-warning" on:submit=send>
            <p>
                <strong>"联系人待确认："</strong>
                {format!(
                    "{} 的手机号从原来的账号移走了，用这个号码登录的人暂时看不到这个应用。核实仍是这位开发商后再确认；不是的，请修改开发商联系方式。",
                    named.join("、"),
                )}
            </p>
            {move || refused().map(|text| view! { <p role="alert">{text}</p> })}
            <input type="hidden" name="id" value=id.0.to_string()/>
            <button type="submit" class="button" disabled=confirm.pending()>"确认联系人"</button>
        </form>
    }
    .into_any()
}
