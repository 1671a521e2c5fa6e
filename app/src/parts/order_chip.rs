//! How far an order is, as a chip.

use crate::ui::icon::{Drawing, Icon};
use domain::{OrderStatus, words};
use leptos::prelude::*;

/// The chip of an order's status.
#[component]
pub fn OrderChip(
    /// How far it is.
    status: OrderStatus,
    /// 无人可审.
    #[prop(optional)]
    nobody: bool,
) -> impl IntoView {
    let (class, drawing) = match status {
        OrderStatus::InReview if nobody => ("state-chip state-chip-refused", Drawing::Off),
        OrderStatus::InReview => ("state-chip state-chip-reviewer", Drawing::Review),
        OrderStatus::Approved => ("state-chip state-chip-live", Drawing::Live),
        OrderStatus::Refused => ("state-chip state-chip-refused", Drawing::Off),
        OrderStatus::Withdrawn => ("state-chip state-chip-offline", Drawing::Off),
    };
    let word = if nobody { words::NOBODY_CAN_DECIDE } else { words::order_status(status) };
    view! { <span class=class><Icon drawing/>{word}</span> }
}
