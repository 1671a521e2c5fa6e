//! Linking a stock application (存量应用). Spec: the small table after "Transitions".

pub mod import;

use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::actor::{Actor, Who};
use crate::command::StockCommand;
use crate::decide::{Audience, Decision, Effect, Notice, Occasion, Offer, OrderEffect, judge};
use crate::facts::OpenOrder;
use crate::guard::Guard;
use crate::refusal::{At, Reason, Refusal};
use crate::state::{State, StockState};
use crate::transitions::{STOCK_TABLE, StockRow};
use crate::work_order::{OrderKind, OrderStatus};

/// Decides what happens to a stock application. As [`crate::decide::decide`].
///
/// # Errors
/// The [`Refusal`], with the stock application's state.
pub fn decide_stock(
    facts: &StockFacts,
    actor: &Actor,
    command: &StockCommand,
) -> Result<Decision<StockState>, Refusal> {
    let action = command.action();
    let row = row_for(facts, actor, action, Some(command)).map_err(|reason| Refusal {
        at: At::Stock(facts.state),
        action,
        reason,
    })?;
    let order = order_effect(facts, row);
    let to = if matches!(order, OrderEffect::Vote { .. }) { facts.state } else { row.to };
    Ok(Decision {
        action,
        from: Some(facts.state),
        to,
        order,
        effects: effects(facts, order),
        audit: action.audit_event(),
        notices: notices(order),
        expects: facts.version,
    })
}

/// A stock application as the rules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockFacts {
    /// The aggregate's version.
    pub version: i64,
    /// Where it stands in being linked.
    pub state: StockState,
    /// The state in the stock list: the publication is created in it at approval.
    pub listed: State,
    /// The undecided link order.
    pub order: Option<OpenOrder>,
}

/// The states that an import accepts; rows in other ones are refused: 请先在原平台办结.
pub const IMPORTABLE: [State; 8] = [
    State::Preparing,
    State::AwaitingAcceptance,
    State::AwaitingRelease,
    State::Published,
    State::UpgradeDeploying,
    State::AwaitingUpgradeAcceptance,
    State::AwaitingUpgrade,
    State::Offline,
];

/// Whether a later import may change the row: not while 关联审核中, not once 已关联.
pub const fn import_may_change(state: StockState) -> bool {
    matches!(state, StockState::Unlinked)
}

/// Judges 关联, or an action on its order ([`Action::ORDER`]), as the stock list and the page of the order show it. Once 已关联 nothing is
/// offered.
pub fn offer_stock(facts: &StockFacts, actor: &Actor, action: Action) -> Offer {
    let within = who_may(action).is_some_and(|who| who.reaches(actor).is_ok());
    if !within || facts.state == StockState::Linked {
        return Offer::Never;
    }
    match row_for(facts, actor, action, None) {
        Ok(_) => Offer::Possible,
        Err(reason) => Offer::Refused(Refusal { at: At::Stock(facts.state), action, reason }),
    }
}

fn who_may(action: Action) -> Option<Who> {
    STOCK_TABLE.iter().find(|row| row.action == action).map(|row| row.who)
}

/// Without a command: whether a well-formed one would be taken.
fn row_for(
    facts: &StockFacts,
    actor: &Actor,
    action: Action,
    command: Option<&StockCommand>,
) -> Result<&'static StockRow, Reason> {
    let who = who_may(action).ok_or(Reason::WrongState)?;
    who.reaches(actor)?;
    let mut rows = STOCK_TABLE.iter().filter(|row| row.action == action);
    let row = rows.find(|row| row.from == facts.state).ok_or(Reason::WrongState)?;
    if action != Action::Link {
        let order = facts.order.ok_or(Reason::NoOpenOrder)?;
        if command.and_then(StockCommand::order).is_some_and(|asked| asked != order.id) {
            return Err(Reason::OtherOrder);
        }
        who.takes_part(actor, Some(&order))?;
    }
    judge([row].into_iter(), |row| first_failure(row, facts, command))
}

fn first_failure(row: &StockRow, facts: &StockFacts, command: Option<&StockCommand>) -> Option<(usize, Reason)> {
    row.guards.iter().enumerate().find_map(|(depth, guard)| Some((depth, failure(*guard, facts, command)?)))
}

/// The guards of the small table; the others are about publications and never stand in it.
fn failure(guard: Guard, facts: &StockFacts, command: Option<&StockCommand>) -> Option<Reason> {
    match guard {
        Guard::FormValid => match command {
            Some(StockCommand::Link { form }) if form.errors > 0 => Some(Reason::FormInvalid { errors: form.errors }),
            _ => None,
        },
        Guard::NoOrderOpen => facts.order.map(|order| Reason::OrderOpen { kind: order.kind }),
        Guard::ReasonGiven => match command {
            Some(StockCommand::Refuse { reason, .. }) if reason.trim().is_empty() => Some(Reason::ReasonMissing),
            _ => None,
        },
        _ => Some(Reason::OtherKind),
    }
}

/// The default route has one step, but the security administrator may give it more.
fn order_effect(facts: &StockFacts, row: &StockRow) -> OrderEffect {
    match row.action {
        Action::Link => OrderEffect::File { kind: OrderKind::Link, version: None },
        Action::Approve => match facts.order {
            Some(order) if !order.completes_order() => {
                OrderEffect::Vote { step: order.step, advance: order.completes_step() }
            }
            _ => OrderEffect::Close { status: OrderStatus::Approved },
        },
        Action::Refuse => OrderEffect::Close { status: OrderStatus::Refused },
        _ => OrderEffect::Close { status: OrderStatus::Withdrawn },
    }
}

fn effects(facts: &StockFacts, order: OrderEffect) -> Vec<Effect> {
    match order {
        OrderEffect::Close { status: OrderStatus::Approved } if is_live(facts.listed) => {
            vec![Effect::CreateLinked(facts.listed), Effect::List]
        }
        OrderEffect::Close { status: OrderStatus::Approved } => vec![Effect::CreateLinked(facts.listed)],
        OrderEffect::Close { status: OrderStatus::Refused } => vec![Effect::RecordStockRefusal],
        _ => Vec::new(),
    }
}

/// Live, at its old address; while an upgrade is under way, what is live stays live.
const fn is_live(listed: State) -> bool {
    matches!(
        listed,
        State::Published | State::UpgradeDeploying | State::AwaitingUpgradeAcceptance | State::AwaitingUpgrade
    )
}

fn notices(order: OrderEffect) -> Vec<Notice> {
    let mut notices = crate::decide::order_notices(order);
    if order == (OrderEffect::Close { status: OrderStatus::Approved }) {
        notices.push(Notice { audience: Audience::Contacts, occasion: Occasion::Registered });
    }
    notices
}

#[cfg(test)]
mod tests;
