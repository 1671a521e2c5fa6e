//! The main navigation: at the left on a desk, a bar with four places at the bottom on a phone, where 我的 leads to the rest. What
//! a role may not use is not there.

use crate::api::session::Current;
use crate::parts::counts::{CountBadge, CountsContext};
use crate::parts::session::may;
use crate::ui::icon::{Drawing, Icon};
use crate::ui::look::NAVIGATION;
use domain::Role;
use domain::view::home::Counts;
use leptos::prelude::*;
use leptos_router::components::A;

/// A room, in the navigation and among 我的.
#[derive(Clone, Copy)]
pub struct Room {
    /// Its address.
    pub href: &'static str,
    /// Its name.
    pub word: &'static str,
    /// Its name in the bar of a phone; not there without one.
    bar: Option<&'static str>,
    /// Stands before its name.
    pub drawing: Drawing,
    roles: &'static [Role],
    /// It is not the room of the pages below its address.
    exact: bool,
    place: Place,
    /// The number beside it.
    count: Option<fn(Counts) -> i64>,
}

/// Where at the desk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// On the left.
    Left,
    /// On the left, below 我的工单.
    Orders,
    /// On the left, last.
    Last,
    /// Not on the left: in the top bar, or nowhere.
    Elsewhere,
    /// Among 我的 alone.
    Mine,
}

/// The first place of a phone's bar.
const TODO: &str = "待办";

const ROOM: Room = Room {
    href: "/",
    word: "工作台",
    bar: None,
    drawing: Drawing::Home,
    roles: &Role::ALL,
    exact: false,
    place: Place::Left,
    count: None,
};

/// All rooms, in the order of screens.md (Shell).
#[rustfmt::skip]
const ROOMS: &[Room] = &[
    Room { exact: true, ..ROOM },
    Room { href: "/systems", word: "应用系统", drawing: Drawing::Stack, roles: &[Role::Staff, Role::SystemAdministrator], ..ROOM },
    Room { href: "/service", word: "服务侧名称列表", bar: Some("发布"), drawing: Drawing::List, roles: &[Role::Staff], ..ROOM },
    Room { href: "/governance", word: "治理侧名称列表", drawing: Drawing::Shield, roles: &[Role::Staff], ..ROOM },
    Room {
        href: "/stock", word: "存量应用", drawing: Drawing::Box,
        roles: &[Role::Staff, Role::Operator, Role::SystemAdministrator], ..ROOM
    },
    Room { href: "/dev", word: "开发者工作台", bar: Some("发布"), drawing: Drawing::Code, roles: &[Role::Developer], ..ROOM },
    Room { href: "/rules", word: "检测规则", drawing: Drawing::Shield, roles: &[Role::Developer, Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/limits", word: "限制", drawing: Drawing::List, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/hosts", word: "外部域名", drawing: Drawing::Shield, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/accounts", word: "账号", bar: Some("账号"), drawing: Drawing::Person, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/departments", word: "部门", drawing: Drawing::List, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/import", word: "数据导入", drawing: Drawing::Stack, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/roles", word: "角色", bar: Some("角色"), drawing: Drawing::Person, roles: &[Role::SecurityAdministrator], ..ROOM },
    Room { href: "/admin/routing", word: "审批路由", drawing: Drawing::Ticket, roles: &[Role::SecurityAdministrator], ..ROOM },
    Room { href: "/admin/sessions", word: "会话", drawing: Drawing::Person, roles: &[Role::SecurityAdministrator], ..ROOM },
    Room { href: "/admin/policy", word: "登录策略", drawing: Drawing::Shield, roles: &[Role::SecurityAdministrator], ..ROOM },
    Room { href: "/admin/channels", word: "渠道", drawing: Drawing::Stack, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/settings", word: "系统设置", drawing: Drawing::List, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/backups", word: "备份", drawing: Drawing::Box, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/health", word: "运行状况", drawing: Drawing::Chart, roles: &[Role::SystemAdministrator], ..ROOM },
    Room { href: "/admin/notifications", word: "通知", drawing: Drawing::Bell, roles: &[Role::SystemAdministrator], ..ROOM },
    Room {
        href: "/admin/audit", word: "审计", bar: Some("审计"), drawing: Drawing::Review,
        roles: &[Role::Auditor, Role::SecurityAdministrator], ..ROOM
    },
    Room { href: "/orders/initiated", word: "我发起的", drawing: Drawing::Ticket, roles: &[Role::Staff], place: Place::Orders, ..ROOM },
    Room {
        href: "/orders/waiting", word: "待我审批", bar: Some(TODO), drawing: Drawing::Review,
        roles: &[Role::Reviewer, Role::Operator], place: Place::Orders, count: Some(|counts| counts.waiting), ..ROOM
    },
    Room { href: "/orders/all", word: "全部工单", drawing: Drawing::List, roles: &[Role::Operator], place: Place::Orders, ..ROOM },
    Room {
        href: "/dashboard", word: "工单看板", drawing: Drawing::Chart,
        roles: &[Role::Staff, Role::Reviewer, Role::Operator], place: Place::Orders, ..ROOM
    },
    Room {
        href: "/inbox", word: "收件箱", bar: Some("收件箱"), drawing: Drawing::Bell,
        place: Place::Elsewhere, count: Some(|counts| counts.unread), ..ROOM
    },
    Room { href: "/search", word: "搜索", drawing: Drawing::Search, place: Place::Mine, ..ROOM },
    Room { href: "/me", word: "我的", bar: Some("我的"), drawing: Drawing::Person, place: Place::Elsewhere, ..ROOM },
    Room { href: "/about", word: "关于", drawing: Drawing::Info, place: Place::Last, ..ROOM },
];

/// The rooms that are open to who is signed in.
pub fn rooms(current: &Current) -> Vec<Room> {
    // For who decides, 待办 is what waits for a decision; for others, their desk. One place for each word.
    let decides = may(current, Role::Reviewer) || may(current, Role::Operator);
    let open = |room: &&Room| room.href == "/about" || room.roles.iter().any(|role| may(current, *role));
    let with_bar = |room: &Room| match room.href {
        "/" if !decides => Room { bar: Some(TODO), ..*room },
        "/dev" if may(current, Role::Staff) => Room { bar: None, ..*room },
        "/admin/audit" if may(current, Role::SecurityAdministrator) => Room { bar: None, ..*room },
        // Who is not signed in has no other room.
        "/about" if current.me.is_none() => Room { bar: Some(room.word), ..*room },
        _ => *room,
    };
    ROOMS.iter().filter(open).map(with_bar).collect()
}

/// Links to the rooms of the person's roles.
#[component]
pub fn Navigation(
    /// Who is signed in.
    current: Current,
) -> impl IntoView {
    let (rooms, first) = (rooms(&current), current.counts);
    if let Some(counts) = CountsContext::get().filter(|_| current.me.is_some()) {
        counts.follow();
    }
    let at = |place: Place| {
        let of = rooms.iter().copied().filter(move |room| room.place == place);
        of.map(|room| view! { <RoomLink room first/> }).collect_view()
    };
    let orders = rooms.iter().any(|room| room.place == Place::Orders);
    view! {
        <nav class="navigation" aria-label="主导航">
            {at(Place::Left)}
            {orders.then(|| view! { <p class="navigation-group">"我的工单"</p> })}
            {at(Place::Orders)}
            {at(Place::Last)}
            {at(Place::Elsewhere)}
            <Collapse/>
        </nav>
    }
}

#[component]
fn RoomLink(room: Room, first: Counts) -> impl IntoView {
    let class = match (room.place, room.bar) {
        (Place::Elsewhere, _) => "navigation-room navigation-on-phone",
        (_, Some(TODO)) => "navigation-room navigation-first",
        (_, Some(_)) => "navigation-room",
        (_, None) => "navigation-room navigation-at-desk",
    };
    view! {
        <A href=room.href exact=room.exact attr:class=class attr:title=room.word>
            <Icon drawing=room.drawing/>
            <span class="navigation-word">{room.word}</span>
            {room.bar.map(|word| view! { <span class="navigation-short">{word}</span> })}
            {room.count.map(|of| view! { <CountBadge of first/> })}
        </A>
    }
}

/// Makes the navigation a row of icons, or whole again.
#[component]
fn Collapse() -> impl IntoView {
    let narrow = RwSignal::new(NAVIGATION.has("narrow"));
    let word = move || if narrow.get() { "展开导航" } else { "收起导航" };
    view! {
        <button
            type="button"
            class="navigation-room navigation-collapse with-scripts"
            on:click=move |_| narrow.set(NAVIGATION.turn("narrow"))
        >
            <Icon drawing=Drawing::Fold/>
            <span class="navigation-word">{word}</span>
        </button>
    }
}

/// 收件箱 in the top bar of a desk.
#[component]
pub fn InboxLink(
    /// The numbers as they came with the page.
    first: Counts,
) -> impl IntoView {
    view! {
        <A href="/inbox" attr:class="top-bar-inbox">
            <Icon drawing=Drawing::Bell/>
            "收件箱"
            <CountBadge of=|counts| counts.unread first/>
        </A>
    }
}
