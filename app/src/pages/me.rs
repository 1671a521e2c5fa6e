//! 我的: who is signed in, and the way to every room. On a phone the bar has four places only.

use crate::api::session::Current;
use crate::pages::Page;
use crate::parts::gate::Gate;
use crate::parts::navigation::rooms;
use crate::parts::session::SessionContext;
use crate::ui::drawn::drawn;
use crate::ui::icon::Icon;
use crate::ui::title::PageTitle;
use domain::{Role, words};
use leptos::prelude::*;
use leptos_router::components::A;

/// The page of who is signed in.
pub struct MePage;

impl Page for MePage {
    fn data() -> Self {
        Self
    }

    fn view(_: Self) -> AnyView {
        let content = || {
            Suspend::new(async {
                view! { <Me current=SessionContext::current_of_page().await/> }
            })
        };
        view! {
            <Gate roles=&Role::ALL>
                <PageTitle text="我的"/>
                <Suspense>{drawn(content)}</Suspense>
            </Gate>
        }
        .into_any()
    }
}

#[component]
fn Me(current: Current) -> impl IntoView {
    let others = rooms(&current).into_iter().filter(|room| room.href != "/me");
    let link = |room: crate::parts::navigation::Room| {
        view! {
            <li>
                <A href=room.href attr:class="me-room">
                    <Icon drawing=room.drawing/>
                    {room.word}
                </A>
            </li>
        }
    };
    let links = others.map(link).collect_view();
    let who = current.me.map(|me| {
        let roles = me.roles.iter().map(|role| words::role(*role)).collect::<Vec<_>>().join("、");
        view! {
            <section class="card">
                <p><strong>{me.name}</strong></p>
                <p class="quiet">{roles}</p>
            </section>
        }
    });
    view! {
        {who}
        <ul class="me-rooms">{links}</ul>
    }
}
