//! Which steps nobody could decide, before an order hurts: every example there can be, tried.

use std::collections::BTreeMap;

use super::{Example, Routing, SeatHolder, Step, Whose, pick, undecidable};
use crate::publication::Side;
use crate::region::RegionCode;
use crate::time::UtcMillis;
use crate::words;
use crate::work_order::{Need, OrderKind};

/// Whoever has not signed in for so long is away. Milliseconds.
pub const AWAY_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Whether a holder who was last seen then (`None`: never) is away.
pub fn is_away(seen_at: Option<UtcMillis>, now: UtcMillis) -> bool {
    seen_at.is_none_or(|at| now.0 - at.0 > AWAY_MS)
}

/// Steps that are short of people, with whose orders meet them; and, first, orders that no rule fits. `seats` route the orders. With
/// `there`, these of them alone count, and 会签 wants all whom it was meant for. Rules for single departments are tried with these,
/// by 浙政钉 ID and region.
pub fn vacant(
    routing: &Routing,
    seats: &[SeatHolder],
    there: Option<&[SeatHolder]>,
    departments: &[(String, RegionCode)],
) -> Vec<(String, String)> {
    let mut found: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let mut add = |step: String, of: &'static str| {
        let whose = found.entry(step).or_default();
        if !whose.contains(&of) {
            whose.push(of);
        }
    };
    for (example, of) in examples(departments) {
        match pick(routing, &example, seats, None) {
            Err(_) => add("没有适用的规则".to_owned(), of),
            Ok(steps) => {
                let short = undecidable(&steps, there.unwrap_or(seats), crate::ids::PersonId(uuid::Uuid::nil()));
                for (at, step) in steps.iter().enumerate() {
                    // 会签 waits for each of them.
                    let lacks_one = step.need == Need::All && there.is_some_and(|there| lacks_one(step, seats, there));
                    if lacks_one || short.contains(&at) {
                        add(step.name(), of);
                    }
                }
            }
        }
    }
    found.into_iter().map(|(step, whose)| (step, whose.join("、"))).collect()
}

/// Whether somebody of the step is not there, or who is named has the role no more.
fn lacks_one(step: &Step, seats: &[SeatHolder], there: &[SeatHolder]) -> bool {
    match &step.whose {
        Whose::Region(_) => seats.iter().any(|seat| step.is_seat(seat) && !there.contains(seat)),
        Whose::Named(people) => {
            people.iter().any(|named| !there.iter().any(|seat| step.is_seat(seat) && seat.person == named.person))
        }
    }
}

fn examples(departments: &[(String, RegionCode)]) -> impl Iterator<Item = (Example, &'static str)> {
    let anywhere = RegionCode::all().map(|region| (String::new(), region));
    let places: Vec<(String, RegionCode)> = anywhere.chain(departments.iter().cloned()).collect();
    places.into_iter().flat_map(|(department, region)| {
        let of = move |side, kind, unified: Option<bool>, name| {
            let own = unified.map(|_| region);
            let department = department.clone();
            (Example { side, kind, unified, region: own, department, department_region: region }, name)
        };
        let mut all = Vec::new();
        for kind in OrderKind::ALL {
            match kind {
                OrderKind::Link => all.push(of(Side::Service, kind, None, words::order_kind(kind))),
                OrderKind::Channels => all.push(of(Side::Service, kind, None, words::side(Side::Service))),
                _ => {
                    all.push(of(Side::Service, kind, None, words::side(Side::Service)));
                    all.push(of(Side::Governance, kind, Some(true), "治理侧统建"));
                    all.push(of(Side::Governance, kind, Some(false), "治理侧自建"));
                }
            }
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Area, Named, Route, StepRule, When};
    use super::*;
    use crate::ids::PersonId;
    use crate::role::Role;
    use uuid::Uuid;

    #[test]
    fn who_was_not_seen_for_thirty_days_is_away() {
        let now = UtcMillis(AWAY_MS * 2);
        assert!(is_away(None, now), "never activated");
        assert!(!is_away(Some(UtcMillis(AWAY_MS)), now));
        assert!(is_away(Some(UtcMillis(AWAY_MS - 1)), now));
    }

    #[test]
    fn all_who_sign_together_have_to_be_there() {
        let seat = |n: u128| SeatHolder {
            person: PersonId(Uuid::from_u128(n)),
            role: Role::Reviewer,
            region: RegionCode::PROVINCE,
        };
        let all = StepRule { role: Role::Reviewer, area: Area::Province, need: Need::All };
        let route = Route { when: When { kinds: OrderKind::ALL.to_vec(), ..When::default() }, steps: vec![all] };
        let routing = Routing { routes: vec![route], takes: Vec::new() };
        let seats = [seat(1), seat(2), seat(3)];
        assert_eq!(vacant(&routing, &seats, Some(&seats), &[]), []);
        let names = |found: Vec<(String, String)>| found.into_iter().map(|(step, _)| step).collect::<Vec<_>>();
        assert_eq!(names(vacant(&routing, &seats, Some(&seats[..2]), &[])), ["浙江省审核人员（会签）"]);
        // Who is named, and has the role no more, is missed, too; the others can decide.
        let named = |n: u128, name: &str| Named {
            person: PersonId(Uuid::from_u128(n)),
            name: name.to_owned(),
            account: format!("p{n}"),
        };
        let mut by_name = routing;
        by_name.routes[0].steps[0].area = Area::Named(vec![named(1, "李敏"), named(4, "陈刚")]);
        assert_eq!(names(vacant(&by_name, &seats, None, &[])), Vec::<String>::new());
        assert_eq!(names(vacant(&by_name, &seats, Some(&seats), &[])), ["李敏、陈刚（会签）"]);
    }

    #[test]
    fn a_seat_is_vacant_until_somebody_holds_it() {
        let seat = |n: u128, role, region| SeatHolder { person: PersonId(Uuid::from_u128(n)), role, region };
        let province = RegionCode::PROVINCE;
        let mut seats = vec![
            seat(1, Role::Operator, province),
            seat(2, Role::Reviewer, province),
            seat(3, Role::Reviewer, province),
        ];
        let of = |seats: &[SeatHolder]| vacant(&Routing::standard(), seats, None, &[]);
        assert_eq!(of(&seats).len(), 11, "every city: {:?}", of(&seats));
        for (city, n) in RegionCode::cities().zip(10..) {
            seats.push(seat(n, Role::Reviewer, city));
        }
        assert_eq!(of(&seats), []);
        // The one of Hangzhou is away: it is Hangzhou's step that lacks somebody.
        let there: Vec<SeatHolder> = seats.iter().copied().filter(|seat| seat.person.0.as_u128() != 10).collect();
        let away = vacant(&Routing::standard(), &seats, Some(&there), &[]);
        assert!(away.iter().all(|(step, _)| step == "杭州市审核人员"), "{away:?}");
        assert_eq!(away.len(), 1);
        seats.remove(2);
        assert_eq!(of(&seats), [("浙江省审核人员（任意 2 人）".to_owned(), "治理侧统建".to_owned())]);
        let nothing = Routing { routes: Vec::new(), takes: Vec::new() };
        assert_eq!(vacant(&nothing, &seats, None, &[])[0].0, "没有适用的规则");
    }
}
