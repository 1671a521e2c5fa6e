//! With whom of the OpenID provider's an account is linked, on its page.

use crate::api::oidc::{OidcUnlink, oidc_unlink};
use crate::parts::row_deed::{DeedFailed, RowDeed};
use domain::PersonId;
use domain::view::oidc::OutsideIdentity;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use uuid::Uuid;

/// The list, and 解除关联.
#[component]
pub(super) fn Identities(person: PersonId, of: Vec<OutsideIdentity>, again: Callback<()>) -> impl IntoView {
    let unlink = Action::new(move |id: &Uuid| oidc_unlink(*id, person));
    Effect::new(move |_| {
        if let Some(Ok(())) = unlink.value().get() {
            again.run(());
        }
    });
    let one = move |it: OutsideIdentity| {
        let id = it.id;
        let of = called(&it);
        view! {
            <tr>
                <th scope="row">{called(&it)} <span class="table-second">{it.subject.clone()}</span></th>
                <td data-label="登录平台">{it.issuer}</td>
                <td data-label="关联时间"><time datetime=it.since.rfc3339()>{it.since.local_text()}</time></td>
                <td class="table-actions">
                    <RowDeed
                        path=OidcUnlink::PATH
                        with=vec![("id", id.to_string()), ("person", person.0.to_string())]
                        deed=id
                        doing=unlink
                        word="解除关联"
                        of
                    />
                </td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-labelledby="identities">
            <h2 id="identities">"关联的登录"</h2>
            <p class="quiet">"解除关联后不能再这样登录这个账号，所有会话同时结束。"</p>
            <DeedFailed doing=unlink/>
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"姓名 / 编号"</th>
                        <th scope="col">"登录平台"</th>
                        <th scope="col">"关联时间"</th>
                        <th scope="col">"操作"</th>
                    </tr>
                </thead>
                <tbody>{of.into_iter().map(one).collect_view()}</tbody>
            </table>
        </section>
    }
}

/// The name that the provider gives them, which may be none.
pub(super) fn called(of: &OutsideIdentity) -> String {
    if of.name.is_empty() { "（没有姓名）".to_owned() } else { of.name.clone() }
}
