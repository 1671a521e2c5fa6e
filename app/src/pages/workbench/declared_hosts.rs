//! 外部域名 of an upload: what the version may reach besides its own files, each with its purpose.

use crate::parts::form::{Fields, Grouped, anchor, described};
use domain::fields::{FieldId, HostDraft, Presence};
use leptos::prelude::*;

/// 外部域名: a row a host.
#[component]
pub(super) fn DeclaredHosts(fields: Fields, hosts: RwSignal<Vec<(usize, HostDraft)>>) -> impl IntoView {
    let add = move |_| {
        hosts.update(|rows| {
            let id = rows.iter().map(|(id, _)| id + 1).max().unwrap_or_default();
            rows.push((id, HostDraft::default()));
        });
    };
    let change = move |id: usize, change: fn(&mut HostDraft, String), value: String| {
        hosts.update_untracked(|rows| {
            if let Some((_, host)) = rows.iter_mut().find(|(other, _)| *other == id) {
                change(host, value);
            }
        });
    };
    view! {
        <Grouped fields field=FieldId::ExternalHosts asks=Signal::stored(Presence::Optional)>
            <ul class="declared-hosts">
                <ForEnumerate each=move || hosts.get() key=|(id, _)| *id let(index, (id, host))>
                    <li class="declared-hosts-one">
                        <input
                            id=move || anchor(FieldId::ExternalHosts, u16::try_from(index.get()).ok())
                            class="field-input"
                            placeholder="api.example.gov.cn"
                            aria-label=move || format!("第 {} 个外部域名", index.get() + 1)
                            aria-describedby=described(FieldId::ExternalHosts)
                            value=host.host
                            on:input=move |e| change(id, |host, value| host.host = value, event_target_value(&e))
                        />
                        <input
                            class="field-input"
                            placeholder="用途"
                            aria-label=move || format!("第 {} 个外部域名的用途", index.get() + 1)
                            value=host.purpose
                            on:input=move |e| change(id, |host, value| host.purpose = value, event_target_value(&e))
                        />
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| hosts.update(|rows| rows.retain(|(other, _)| *other != id))
                        >
                            "删除"
                            <span class="visually-hidden">{move || format!("第 {} 个外部域名", index.get() + 1)}</span>
                        </button>
                    </li>
                </ForEnumerate>
            </ul>
            <div><button type="button" class="button" on:click=add>"声明外部域名"</button></div>
        </Grouped>
    }
}
