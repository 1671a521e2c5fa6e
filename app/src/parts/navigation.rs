//! The main navigation: at the left on a desk, a bar at the bottom on a phone. What a role may not use is not there.

use crate::api::session::Current;
use crate::parts::session::may;
use crate::parts::waiting::WaitingBadge;
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
        href: "/governance",
        word: "治理侧名称列表",
        short: "治理",
        drawing: Drawing::Shield,
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

/// 我的工单.
const ORDERS: &[Room] = &[
    Room {
        href: "/orders/initiated",
        word: "我发起的",
        short: "工单",
        drawing: Drawing::Ticket,
        roles: &[Role::Staff],
        exact: false,
    },
    Room {
        href: WAITING,
        word: "待我审批",
        short: "待办",
        drawing: Drawing::Review,
        roles: &[Role::Reviewer, Role::Operator],
        exact: false,
    },
];

/// The room with the number beside it.
const WAITING: &str = "/orders/waiting";

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
    let open = |room: &&'static Room| room.roles.iter().any(|role| may(&current, *role));
    // For who decides, 待办 is what waits for a decision.
    let decides = may(&current, Role::Reviewer) || may(&current, Role::Operator);
    let link = move |room: &'static Room| {
        let short = if decides && room.href == "/" { room.word } else { room.short };
        view! {
            <A href=room.href exact=room.exact attr:class="navigation-room">
                <Icon drawing=room.drawing/>
                <span class="navigation-word">{room.word}</span>
                <span class="navigation-short">{short}</span>
                {(room.href == WAITING).then(|| view! { <WaitingBadge/> })}
            </A>
        }
    };
    let orders = ORDERS.iter().filter(open).map(link).collect::<Vec<_>>();
    view! {
        <nav class="navigation" aria-label="主导航">
            {ROOMS.iter().filter(open).map(link).collect_view()}
            {(!orders.is_empty()).then(|| view! { <p class="navigation-group">"我的工单"</p> })}
            {orders}
            <A href="/about" attr:class="navigation-room">
                <Icon drawing=Drawing::Info/>
                <span class="navigation-word">"关于"</span>
                <span class="navigation-short">"关于"</span>
            </A>
        </nav>
    }
}
