//! Small drawings beside words; never alone, never said aloud.

use leptos::prelude::*;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawing {
    /// A house: 工作台.
    Home,
    /// A stack: 应用系统.
    Stack,
    /// A box with a lid: 存量应用.
    Box,
    /// Lines: a list.
    List,
    /// A ticket: 工单.
    Ticket,
    /// Bars: 工单看板.
    Chart,
    /// A bell: 收件箱.
    Bell,
    /// Angle brackets: the developer's.
    Code,
    /// A letter i.
    Info,
    /// A person: staff's turn.
    Person,
    /// A tick in a circle: a reviewer's turn.
    Review,
    /// A shield: the governance side.
    Shield,
    /// A full dot: live.
    Live,
    /// A stroke in a circle: offline.
    Off,
    /// An empty circle: nobody's turn.
    Ring,
    /// A window with a bar at its side.
    Fold,
    /// A lens.
    Search,
}

/// 16 × 16 px, in the colour of the text.
#[component]
pub fn Icon(
    /// Which.
    drawing: Drawing,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d=path(drawing)/>
        </svg>
    }
}

const fn path(drawing: Drawing) -> &'static str {
    match drawing {
        Drawing::Home => "M2.5 7.5 8 3l5.5 4.5M4 6.5V13h3V9.5h2V13h3V6.5",
        Drawing::Stack => "M8 2.5 14 5.5 8 8.5 2 5.5ZM2 8.5l6 3 6-3M2 11l6 3 6-3",
        Drawing::Box => "M2.5 3h11v3h-11ZM3.5 6v7h9V6M6.5 8.5h3",
        Drawing::List => "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.5M2.5 8h.5M2.5 12h.5",
        Drawing::Ticket => "M4 2.5h8v11l-2-1.5-2 1.5-2-1.5-2 1.5ZM6.5 6h3M6.5 8.5h3",
        Drawing::Chart => "M2.5 13.5h11M4 11V8M8 11V4M12 11V6",
        Drawing::Bell => "M3.5 11.5c1-1 1-2 1-4a3.5 3.5 0 0 1 7 0c0 2 0 3 1 4ZM6.5 13.5h3",
        Drawing::Code => "M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5M9 3.5l-2 9",
        Drawing::Info => "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM8 7.5v3.5M8 5v.5",
        Drawing::Person => "M8 2.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4",
        Drawing::Review => "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM5.5 8l2 2 3-4",
        Drawing::Shield => "M8 2l5 2v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4l5-2Z",
        Drawing::Live => "M8 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7ZM8 6.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3Z",
        Drawing::Off => "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11ZM5.5 8h5",
        Drawing::Search => "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9ZM10.5 10.5l3 3",
        Drawing::Fold => "M2.5 3h11v10h-11ZM6.5 3v10M11 6.5 9 8l2 1.5",
        Drawing::Ring => "M8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9Z",
    }
}
