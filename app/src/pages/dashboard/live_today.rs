//! 今日上线: the list behind the number.

use crate::api::ApiError;
use crate::api::dashboard::dashboard_live_today;
use crate::pages::Page;
use crate::parts::crumbs::{Crumbs, board_above};
use crate::parts::gate::Gate;
use crate::parts::loaded::Loaded;
use crate::parts::more::detail_page;
use crate::ui::read::{Read, ask};
use crate::ui::title::PageTitle;
use domain::view::dashboard::{LiveRow, LiveToday};
use domain::{Role, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// The page.
pub struct LiveTodayPage {
    lives: Read<Result<LiveToday, ApiError>>,
}

impl Page for LiveTodayPage {
    fn data() -> Self {
        Self { lives: ask(|| (), |()| dashboard_live_today()) }
    }

    fn view(this: Self) -> AnyView {
        let draw = |lives: LiveToday| view! { <Lives lives/> }.into_any();
        view! {
            <Gate roles=&[Role::Staff, Role::Reviewer, Role::Operator]>
                <Crumbs above=board_above()/>
                <PageTitle text="今日上线"/>
                <Loaded data=this.lives part=true draw/>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Lives(lives: LiveToday) -> impl IntoView {
    let LiveToday { rows, opens } = lives;
    if rows.is_empty() {
        return view! { <div class="empty"><p>"今天还没有版本或应用上线。"</p></div> }.into_any();
    }
    let row = move |row: LiveRow| {
        let name = if opens {
            view! { <A href=detail_page(row.publication)>{row.name}</A> }.into_any()
        } else {
            row.name.into_any()
        };
        let version = row.version.map_or_else(|| "—".to_owned(), |version| version.to_string());
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td data-label="发布">{words::side(row.side)}</td>
                <td data-label="版本号">{version}</td>
                <td data-label="上线时间"><time datetime=row.at.datetime()>{row.at.local_text()}</time></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">"服务名称"</th>
                    <th scope="col">"发布"</th>
                    <th scope="col">"版本号"</th>
                    <th scope="col">"上线时间"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
