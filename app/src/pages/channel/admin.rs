//! 渠道, for the system administrator: what may be applied for (渠道申请), beside the channels that a registration chooses.

use crate::api::ApiError;
use crate::api::directory::directory_path;
use crate::api::further_channel::{
    ChannelAdd, ChannelRename, ChannelSetActive, channel_add, channel_list, channel_rename, channel_set_active,
};
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::problem::sentence_of;
use crate::parts::request::came_to_check;
use crate::parts::row_deed::RowDeed;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::directory::{ChannelRow, DirectoryOf};
use domain::{FurtherChannelId, Role};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::components::A;

/// The list.
pub struct ChannelAdminPage {
    rows: Read<Result<Vec<ChannelRow>, ApiError>>,
}

/// What is done to the list.
#[derive(Clone)]
enum Deed {
    Add(String),
    Rename(FurtherChannelId, String),
    SetActive(FurtherChannelId, bool),
}

type Doing = Action<Deed, Result<(), ApiError>>;

impl Page for ChannelAdminPage {
    fn data() -> Self {
        Self { rows: ask(|| (), |()| channel_list()) }
    }

    fn view(this: Self) -> AnyView {
        let rows = this.rows;
        let doing = Action::new(|deed: &Deed| carry_out(deed.clone()));
        Effect::new(move |_| {
            if let Some(Ok(())) = doing.value().get() {
                rows.refetch();
            }
        });
        // Back from a sending without scripts that was refused: what was typed is gone with it, a name is short.
        let came_wrong = came_to_check();
        let failed = move || match doing.value().get() {
            Some(answer) => answer.err().map(|error| sentence_of(&error)),
            None => came_wrong.then(|| "名称没有保存：请填写 1 到 20 个汉字、不重复的名称。".to_owned()),
        };
        let draw = move |rows: Vec<ChannelRow>| view! { <Rows rows doing/> }.into_any();
        view! {
            <Gate roles=&[Role::SystemAdministrator]>
                <PageTitle text="渠道"/>
                <p class="quiet">"浙里办APP、政务服务网和浙政钉在登记时选择。这里维护可以另外申请的渠道，每个渠道都有自己的目录和 JSON 数据。"</p>
                {move || failed().map(|text| view! { <p class="notice notice-danger" role="alert">{text}</p> })}
                <NameForm path=ChannelAdd::PATH id=None name=String::new() label="新渠道的名称" word="添加渠道" doing/>
                <Loaded data=rows part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

async fn carry_out(deed: Deed) -> Result<(), ApiError> {
    match deed {
        Deed::Add(name) => channel_add(name).await,
        Deed::Rename(id, name) => channel_rename(id, name).await,
        Deed::SetActive(id, active) => channel_set_active(id, active).await,
    }
}

#[component]
fn NameForm(
    path: &'static str,
    id: Option<FurtherChannelId>,
    name: String,
    label: &'static str,
    word: &'static str,
    doing: Doing,
) -> impl IntoView {
    let typed = RwSignal::new(name.clone());
    let send = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let name = typed.get_untracked();
        doing.dispatch(id.map_or_else(|| Deed::Add(name.clone()), |id| Deed::Rename(id, name.clone())));
    };
    // A refused name stays to be mended.
    Effect::new(move |_| {
        if id.is_none() && doing.value().get().is_some_and(|done| done.is_ok()) {
            typed.set(String::new());
        }
    });
    let field = id.map_or_else(|| "new-channel".to_owned(), |id| format!("channel-{}", id.0));
    view! {
        <form method="post" action=path class="channel-form" on:submit=send>
            {id.map(|id| view! { <input type="hidden" name="id" value=id.0.to_string()/> })}
            <div class="field">
                <label for=field.clone()>{label}</label>
                <input
                    id=field
                    name="name"
                    class="field-input"
                    autocomplete="off"
                    value=name
                    prop:value=typed
                    on:input=move |event| typed.set(event_target_value(&event))
                />
            </div>
            <button type="submit" class="button" disabled=doing.pending()>{word}</button>
        </form>
    }
}

#[component]
fn Rows(rows: Vec<ChannelRow>, doing: Doing) -> impl IntoView {
    if rows.is_empty() {
        return view! { <div class="empty"><p>"还没有可以申请的渠道。"</p></div> }.into_any();
    }
    let row = move |row: ChannelRow| {
        let (id, active) = (row.channel.id, row.active);
        let name = row.channel.name.clone();
        let of = name.clone();
        view! {
            <tr>
                <th scope="row">
                    {match active {
                        true => view! { <A href=directory_path(DirectoryOf::Further(id))>{row.channel.name.clone()}</A> }.into_any(),
                        false => view! { <span>{row.channel.name.clone()}</span> }.into_any(),
                    }}
                </th>
                <td data-label="状态">{if active { "可以申请" } else { "已停用" }}</td>
                <td data-label="应用">{row.listed}</td>
                <td data-label="改名">
                    <details>
                        <summary>"改名"</summary>
                        <NameForm path=ChannelRename::PATH id=Some(id) name=name label="新名称" word="保存" doing/>
                    </details>
                </td>
                <td class="table-actions">
                    <RowDeed
                        path=ChannelSetActive::PATH
                        with=vec![("id", id.0.to_string()), ("active", (!active).to_string())]
                        deed=Deed::SetActive(id, !active)
                        doing
                        word=if active { "停用" } else { "启用" }
                        of
                    />
                </td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"名称"</th>
                    <th scope="col">"状态"</th>
                    <th scope="col">"在目录中的应用"</th>
                    <th scope="col">"改名"</th>
                    <th scope="col">"操作"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
