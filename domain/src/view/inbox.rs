//! 收件箱: what a person was told of. Spec: Work orders ("Who is told").

use serde::{Deserialize, Serialize};

use crate::decide::Occasion;
use crate::ids::{OrderId, PublicationId};
use crate::time::UtcMillis;
use crate::work_order::OrderKind;

/// A page of the inbox, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxPage {
    /// The notices.
    pub rows: Vec<NoticeRow>,
    /// How many are unread, counted up to 1,000.
    pub unread: i64,
    /// The key above which the newer page lies, if there is one.
    pub newer: Option<i64>,
    /// The key below which the older page lies, if there is one.
    pub older: Option<i64>,
    /// When it was read.
    pub now: UtcMillis,
}

/// One notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// In order of telling.
    pub key: i64,
    /// Of what.
    pub occasion: Occasion,
    /// The publication; `None` while a stock application is being linked.
    pub publication: Option<PublicationId>,
    /// Its name.
    pub name: String,
    /// A second sentence: of 配置完成 what it changed. Mostly empty.
    pub more: String,
    /// The order that was filed, decided or urged with it.
    pub order: Option<(OrderId, OrderKind)>,
    /// When.
    pub at: UtcMillis,
    /// It was read.
    pub read: bool,
}

/// The page where a notice leads: what is decided to its order, what is accepted to the acceptance, the developer to the
/// workbench. A path below the product's own address.
///
/// Told of a stock application that is being linked, which is no publication yet: to its order.
pub fn way(occasion: Occasion, publication: Option<PublicationId>, order: Option<OrderId>) -> String {
    let Some(PublicationId(id)) = publication else {
        return order.map_or_else(|| "/inbox".to_owned(), |order| format!("/orders/{}", order.0));
    };
    match (occasion, order) {
        (
            Occasion::OrderWaiting
            | Occasion::OrderApproved
            | Occasion::OrderRefused
            | Occasion::OrderWithdrawn
            | Occasion::Urged,
            Some(order),
        ) => format!("/orders/{}", order.0),
        // There is what it changed.
        (Occasion::ConfigurationCompleted, Some(order)) => format!("/orders/{}", order.0),
        (Occasion::SubmittedForAcceptance, _) => format!("/publications/{id}/acceptance"),
        (Occasion::ConfigurationCompleted | Occasion::ReturnedToOld, _) => format!("/publications/{id}"),
        (Occasion::Unhealthy | Occasion::Healthy, _) => format!("/publications/{id}?tab=running"),
        _ => format!("/dev/{id}"),
    }
}
