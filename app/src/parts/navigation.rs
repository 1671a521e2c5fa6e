//! The main navigation: at the left on a desk, a bar at the bottom on a phone. What a role may not use is not there.

use crate::api::session::Current;
use crate::parts::session::may;
use crate::ui::icon::{Drawing, Icon};
use domain::Role;
use leptos::prelude::*;
use leptos_router::components::A;

/// All rooms, in the order of screens.md (Shell).
const ROOMS: &[Room] = &[
    Room { href: "/", word: "工作台", short: "待办", drawing: Drawing::Home, roles: &Role::ALL, exact: true },
    Room {
        href: "/systems",
        word: "应用系统",
        short: "系统",
        drawing: Drawing::Stack,
        roles: &[Role::Staff],
        exact: false,
    },
    Room {
        href: "/service",
        word: "服务侧名称列表",
        short: "发布",
        drawing: Drawing::List,
        roles: &[Role::Staff],
        exact: false,
    },
    Room {
        href: "/dev",
        word: "开发者工作台",
        short: "开发",
        drawing: Drawing::Code,
        roles: &[Role::Developer],
        exact: false,
    },
];

struct Room {
    href: &'static str,
    word: &'static str,
    /// On a phone.
    short: &'static str,
    drawing: Drawing,
    roles: &'static [Role],
    /// It is not the room of the pages below its address.
    exact: bool,
}

/// Links to the rooms of the person's roles.
#[component]
pub fn Navigation(
    /// Who is signed in.
    current: Current,
) -> impl IntoView {
    let open = |room: &&Room| room.roles.iter().any(|role| may(&current, *role));
    let link = |room: &'static Room| {
        view! {
            <A href=room.href exact=room.exact attr:class="navigation-room">
                <Icon drawing=room.drawing/>
                <span class="navigation-word">{room.word}</span>
                <span class="navigation-short">{room.short}</span>
            </A>
        }
    };
    view! {
        <nav class="navigation" aria-label="主导航">
            {ROOMS.iter().filter(open).map(link).collect_view()}
            <A href="/about" attr:class="navigation-room">
                <Icon drawing=Drawing::Info/>
                <span class="navigation-word">"关于"</span>
                <span class="navigation-short">"关于"</span>
            </A>
        </nav>
    }
}
