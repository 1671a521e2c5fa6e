//! What the page does to its order, and what came of it. One action for all four deeds.

use crate::api::ApiError;
use crate::api::work_order::{
    Came, Deed, order_page, work_order_approve, work_order_refuse, work_order_urge, work_order_withdraw,
};
use crate::parts::counts::CountsContext;
use crate::ui::dialog::close;
use domain::OrderId;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use uuid::Uuid;

/// One deed with all that the server needs.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) deed: Deed,
    pub(super) id: OrderId,
    pub(super) seen: i64,
    pub(super) key: Uuid,
    /// The comment of 同意, the reason of 拒绝.
    pub(super) text: String,
}

/// What came of a deed, and of which order.
#[derive(Clone)]
struct Answer {
    id: OrderId,
    deed: Deed,
    outcome: Result<(), ApiError>,
}

/// The state of the page. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    action: Action<Sent, Answer>,
    came: Memo<Option<Came>>,
    asked: Memo<Option<Deed>>,
    /// What is typed into a question and not sent yet: it survives when the page is read again.
    pub(super) typed: StoredValue<Option<(OrderId, Deed, String)>>,
    dialogs: [NodeRef<html::Dialog>; 3],
}

impl Desk {
    /// `reload` reads the page again.
    pub(super) fn new(id: Memo<Option<OrderId>>, reload: Callback<()>) -> Self {
        let map = use_query_map();
        let desk = Self {
            action: Action::new(|sent: &Sent| carry_out(sent.clone())),
            came: Memo::new(move |_| map.with(|map| Came::parse(|name| map.get(name)))),
            asked: Memo::new(move |_| map.with(|map| Deed::from_id(&map.get("ask")?))),
            typed: StoredValue::new(None),
            dialogs: [NodeRef::new(), NodeRef::new(), NodeRef::new()],
        };
        let navigate = use_navigate();
        Effect::new(move |_| {
            let Some(answer) = desk.action.value().get().filter(|answer| Some(answer.id) == id.get_untracked()) else {
                return;
            };
            if desk.wrong_of(&answer).is_some() {
                return;
            }
            desk.dialogs.into_iter().for_each(close);
            if answer.outcome.is_ok() {
                desk.typed.set_value(None);
            }
            reload.run(());
            if let Some(counts) = CountsContext::get() {
                counts.refresh();
            }
            if desk.asked.get_untracked().is_some() {
                let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                navigate(&order_page(answer.id), options);
            }
        });
        desk
    }

    /// The page is drawn anew when the address asks something else.
    pub(super) fn follow_the_address(self) {
        // Read, not only tracked: a memo that was never read counts as changed when it is read first, and the page would be
        // drawn twice.
        let _ = (self.came.get(), self.asked.get());
    }

    /// What the address asks: a question that stands in the page.
    pub(super) fn asked(self) -> Option<Deed> {
        self.asked.get_untracked()
    }

    /// What came of a form without scripts.
    pub(super) fn came(self) -> Option<Came> {
        self.came.get_untracked()
    }

    /// What came of the last deed to this order.
    pub(super) fn latest(self, id: OrderId) -> Option<(Deed, Result<(), ApiError>)> {
        let answer = self.action.value().get().filter(|answer| answer.id == id)?;
        Some((answer.deed, answer.outcome))
    }

    /// What is to be mended in the question of this deed.
    pub(super) fn wrong(self, id: OrderId, deed: Deed) -> Option<String> {
        let answer = self.action.value().get().filter(|answer| answer.id == id && answer.deed == deed)?;
        self.wrong_of(&answer)
    }

    /// What was typed, or what the network or the database lost: the question stays open. All else changes the page.
    fn wrong_of(self, answer: &Answer) -> Option<String> {
        match &answer.outcome {
            Err(ApiError::Invalid(errors)) => errors.iter().next().map(|error| error.text.clone()),
            Err(ApiError::TooLarge) => Some(ApiError::TooLarge.to_string()),
            Err(error) if error.is_passing() => Some(error.to_string()),
            _ => None,
        }
    }

    pub(super) fn pending(self) -> Memo<bool> {
        self.action.pending()
    }

    pub(super) fn send(self, sent: Sent) {
        // A second press while the first is under way does nothing.
        if !self.action.pending().get_untracked() {
            self.action.dispatch(sent);
        }
    }

    /// The dialog that asks before this deed; 催办 has none.
    pub(super) fn dialog(self, deed: Deed) -> NodeRef<html::Dialog> {
        match deed {
            Deed::Approve | Deed::Urge => self.dialogs[0],
            Deed::Refuse => self.dialogs[1],
            Deed::Withdraw => self.dialogs[2],
        }
    }
}

async fn carry_out(sent: Sent) -> Answer {
    let Sent { deed, id, seen, key, text } = sent;
    let outcome = match deed {
        Deed::Approve => work_order_approve(id, seen, key, text).await,
        Deed::Refuse => work_order_refuse(id, seen, key, text).await,
        Deed::Withdraw => work_order_withdraw(id, seen, key).await,
        Deed::Urge => work_order_urge(id, seen, key).await,
    };
    Answer { id, deed, outcome }
}
