//! 外部域名, for the system administrator: what every application may ask, and what none may.

use crate::api::ApiError;
use crate::api::system_host::{SystemHostPut, SystemHostRemove, system_host_list, system_host_put, system_host_remove};
use crate::pages::Page;
use crate::parts::form::typed;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::request::came_to_check;
use crate::parts::row_deed::RowDeed;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::Role;
use domain::fields::SystemHostDraft;
use domain::view::system_host::SystemHost;
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

/// The list.
pub struct SystemHostPage {
    rows: Read<Result<Vec<SystemHost>, ApiError>>,
}

/// What is done to the list.
#[derive(Clone)]
enum Deed {
    Put(SystemHostDraft),
    Remove(String),
}

type Doing = Action<Deed, Result<(), ApiError>>;

impl Page for SystemHostPage {
    fn data() -> Self {
        Self { rows: ask(|| (), |()| system_host_list()) }
    }

    fn view(this: Self) -> AnyView {
        let rows = this.rows;
        let doing = Action::new(|deed: &Deed| carry_out(deed.clone()));
        Effect::new(move |_| {
            if let Some(Ok(())) = doing.value().get() {
                rows.refetch();
            }
        });
        // Back from a sending without scripts that was refused.
        let came_wrong = came_to_check();
        let failed = move || match doing.value().get() {
            Some(answer) => answer.err().map_or_else(Vec::new, |error| sentences(&error)),
            None if came_wrong => {
                vec!["没有保存：请填写域名（如 map.example.gov.cn）、允许或禁止，以及用途。".to_owned()]
            }
            None => Vec::new(),
        };
        let failure = move || {
            let failed = failed();
            let lines = || failed.iter().map(|text| view! { <p>{text.clone()}</p> }).collect_view();
            (!failed.is_empty()).then(|| view! { <div class="notice notice-danger" role="alert">{lines()}</div> })
        };
        let draw = move |rows: Vec<SystemHost>| view! { <Rows rows doing/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="外部域名"/>
                <p class="quiet">
                    "允许的域名，所有应用不用声明就能访问；禁止的域名，声明了也不能访问。改动对以后的外链检查有效，已经上线的应用马上按新的名单限制。"
                </p>
                {failure}
                <PutForm doing/>
                <Loaded data=rows part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

async fn carry_out(deed: Deed) -> Result<(), ApiError> {
    match deed {
        Deed::Put(draft) => system_host_put(draft).await,
        Deed::Remove(host) => system_host_remove(host).await,
    }
}

fn sentences(error: &ApiError) -> Vec<String> {
    match error {
        ApiError::Invalid(errors) => errors.iter().map(|error| error.text.clone()).collect(),
        other => vec![other.to_string()],
    }
}

#[component]
fn PutForm(doing: Doing) -> impl IntoView {
    let element = NodeRef::<html::Form>::new();
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(draft) = element.get_untracked().and_then(|form| typed::<SystemHostDraft>(&form)) {
            doing.dispatch(Deed::Put(draft));
        }
    };
    // What was refused stays to be mended.
    Effect::new(move |_| {
        if doing.value().get().is_some_and(|done| done.is_ok())
            && let Some(form) = element.get_untracked()
        {
            form.reset();
        }
    });
    view! {
        <form node_ref=element method="post" action=SystemHostPut::PATH class="system-host-form" on:submit=send>
            <div class="field">
                <label for="host">"域名"</label>
                <p class="field-hint" id="host-hint">"如 map.example.gov.cn；*.example.gov.cn 指它下面的所有域名"</p>
                <input id="host" name="draft[host]" class="field-input" autocomplete="off" aria-describedby="host-hint"/>
            </div>
            <div class="field">
                <label for="allowed">"允许或禁止"</label>
                <select id="allowed" name="draft[allowed]" class="field-input">
                    <option value="yes">"允许"</option>
                    <option value="no">"禁止"</option>
                </select>
            </div>
            <div class="field">
                <label for="purpose">"用途或原因"</label>
                <input id="purpose" name="draft[purpose]" class="field-input" autocomplete="off"/>
            </div>
            <button type="submit" class="button button-main" disabled=doing.pending()>"保存"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Rows(rows: Vec<SystemHost>, doing: Doing) -> impl IntoView {
    if rows.is_empty() {
        return view! { <div class="empty"><p>"还没有设置：应用只能访问版本里声明的域名。"</p></div> }.into_any();
    }
    let row = move |row: SystemHost| {
        view! {
            <tr>
                <th scope="row"><code>{row.host.clone()}</code></th>
                <td data-label="状态">{if row.allowed { "允许" } else { "禁止" }}</td>
                <td data-label="用途或原因">{row.purpose}</td>
                <td data-label="时间"><time datetime=row.changed_at.rfc3339()>{row.changed_at.local_text()}</time></td>
                <td class="table-actions">
                    <RowDeed
                        path=SystemHostRemove::PATH
                        with=vec![("host", row.host.clone())]
                        deed=Deed::Remove(row.host.clone())
                        doing
                        word="移除"
                        of=row.host
                    />
                </td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"域名"</th>
                    <th scope="col">"状态"</th>
                    <th scope="col">"用途或原因"</th>
                    <th scope="col">"时间"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
