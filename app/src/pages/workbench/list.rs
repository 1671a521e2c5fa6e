//! My publications, those that wait for me first.

use crate::api::ApiError;
use crate::api::developer::developer_publications;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::more::workbench_page;
use crate::parts::state_chip::StateChip;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::publication::{WorkbenchFrom, WorkbenchPage as View, WorkbenchRow};
use domain::{Action, Offer, Role, words};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;

/// The list of the workbench; its state is the address: `after` (where the page begins).
pub struct WorkbenchPage {
    page: Read<Result<View, ApiError>>,
}

impl Page for WorkbenchPage {
    fn data() -> Self {
        let query = use_query_map();
        let from = Memo::new(move |_| query.with(|map| from_text(&map.get("after")?)));
        Self { page: ask(move || from.get(), developer_publications) }
    }

    fn view(this: Self) -> AnyView {
        view! {
            <Gate roles=&[Role::Developer]>
                <PageTitle text="开发者工作台"/>
                <Loaded data=this.page part=true draw=|page| view! { <List page/> }.into_any()/>
            </Gate>
        }
        .into_any()
    }
}

/// `t12`: after row 12, which waits for the person; `f12`: which does not.
fn from_text(text: &str) -> Option<WorkbenchFrom> {
    let (theirs, key) = text.split_at_checked(1)?;
    Some(WorkbenchFrom { theirs: theirs == "t", key: key.parse().ok()? })
}

#[component]
fn List(page: View) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <div class="empty">
                <p>"这里列出把你的手机号登记为开发商联系人的发布。现在还没有：请业主单位在登记信息里填写你的姓名和手机号。"</p>
            </div>
        }
        .into_any();
    }
    let next = page.next.map(|from| format!("/dev?after={}{}", if from.theirs { "t" } else { "f" }, from.key));
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"服务名称"</th>
                    <th scope="col">"侧"</th>
                    <th scope="col">"状态"</th>
                    <th scope="col">"需要你做的"</th>
                    <th scope="col">"更新时间"</th>
                </tr>
            </thead>
            <tbody>{page.rows.into_iter().map(|row| view! { <Row row/> }).collect_view()}</tbody>
        </table>
        <nav class="pager" aria-label="分页">
            {next.map(|href| view! { <A href=href attr:class="button">"下一页 ›"</A> })}
        </nav>
    }
    .into_any()
}

#[component]
fn Row(row: WorkbenchRow) -> impl IntoView {
    let asked: Vec<Action> =
        row.offers.iter().filter(|(_, offer)| *offer == Offer::Possible).map(|(action, _)| *action).collect();
    // What is asked last in the line of work is what brings it on.
    let asked = asked.last().map(|action| words::action(*action));
    view! {
        <tr>
            <th scope="row">
                <div class="named">
                    <img src=format!("/icon/{}", row.row.icon) width="32" height="32" alt="" loading="lazy" class="named-icon"/>
                    <div>
                        <A href=workbench_page(row.row.id)>{row.row.name}</A>
                        <span class="table-second">{row.row.service_id}</span>
                    </div>
                </div>
            </th>
            <td data-label="侧">{words::side(row.side)}</td>
            <td data-label="状态"><StateChip state=row.row.state rollout=row.row.rollout/></td>
            <td data-label="需要你做的">{asked.unwrap_or("—")}</td>
            <td data-label="更新时间">
                <time datetime=row.row.updated_at.datetime()>{row.row.updated_at.local_text()}</time>
            </td>
        </tr>
    }
}
