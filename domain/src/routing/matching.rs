//! Whether every step can be decided: a person decides at most one step of an order, so the people are
//! dealt out to the steps (a matching by augmenting paths; steps and seats are few).

use std::collections::BTreeMap;

use super::{SeatHolder, Step};
use crate::ids::PersonId;
use crate::work_order::Need;

/// The steps, counted from 0, that would be left without the people to decide them. Not empty: the
/// submission is refused with the steps' names ([`Step::name`]).
///
/// 会签 asks of a step all who have not decided an earlier one, so it needs at least one of them.
pub fn undecidable(steps: &[Step], seats: &[SeatHolder], initiator: PersonId) -> Vec<usize> {
    let mut slots: BTreeMap<PersonId, usize> = BTreeMap::new();
    let mut short = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let wanted = match step.need {
            Need::Count(count) => count.max(1),
            Need::One | Need::All => 1,
        };
        let dealt = (0..wanted).all(|_| {
            let mut tried = Vec::new();
            deal(index, steps, seats, initiator, &mut slots, &mut tried)
        });
        if !dealt {
            short.push(index);
            slots.retain(|_, of| *of != index);
        }
    }
    short
}

/// Gives the step one more person, moving others if need be.
fn deal(
    step: usize,
    steps: &[Step],
    seats: &[SeatHolder],
    initiator: PersonId,
    slots: &mut BTreeMap<PersonId, usize>,
    tried: &mut Vec<PersonId>,
) -> bool {
    for seat in seats.iter().filter(|seat| steps[step].is_seat(seat) && seat.person != initiator) {
        if tried.contains(&seat.person) {
            continue;
        }
        tried.push(seat.person);
        let free = match slots.get(&seat.person).copied() {
            None => true,
            Some(holder) if holder == step => false,
            Some(holder) => deal(holder, steps, seats, initiator, slots, tried),
        };
        if free {
            slots.insert(seat.person, step);
            return true;
        }
    }
    false
}
