//! Which steps an order takes, and whether somebody can decide them. The rules are data, kept by the
//! security administrator; [`Routing::standard`] is the spec's default. Spec: Work orders.

mod matching;
mod named;
#[cfg(test)]
mod tests;
mod vacant;

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::publication::Side;
use crate::region::{Level, RegionCode};
use crate::role::Role;
use crate::work_order::{Need, OrderKind};

pub use matching::undecidable;
pub use named::{Nameable, Named, meant, names, written};
pub use vacant::{AWAY_MS, is_away, vacant};

/// The steps for an example (a real order, or the preview of the security administrator). `seats` is
/// who holds which seat now, active accounts only; `initiator` files the order and decides no step.
///
/// # Errors
/// No route fits, or none of its steps applies.
pub fn pick(
    routing: &Routing,
    example: &Example,
    seats: &[SeatHolder],
    initiator: Option<PersonId>,
) -> Result<Vec<Step>, NoRoute> {
    let route = routing.routes.iter().find(|route| route.fits(example)).ok_or(NoRoute)?;
    let held = |role, region| {
        seats.iter().any(|seat| seat.role == role && seat.region == region && Some(seat.person) != initiator)
    };
    let mut steps: Vec<Step> = route.steps.iter().filter_map(|rule| rule.step(example, &held)).collect();
    match routing.take(example.kind) {
        Take::Whole => {}
        Take::First => steps.truncate(1),
        Take::Last => steps = steps.split_off(steps.len().saturating_sub(1)),
    }
    if steps.is_empty() { Err(NoRoute) } else { Ok(steps) }
}

/// All rules. The first route that fits is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routing {
    /// In order: special ones before general ones.
    pub routes: Vec<Route>,
    /// Which part of the route a kind of order takes; a kind that is not named takes the whole route.
    pub takes: Vec<(OrderKind, Take)>,
}

/// One route: for which orders, and its steps in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// For which orders.
    pub when: When,
    /// The steps, in order.
    pub steps: Vec<StepRule>,
}

/// For which orders. Every condition that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct When {
    /// The side.
    pub side: Option<Side>,
    /// One of these kinds; empty: all but 存量关联.
    pub kinds: Vec<OrderKind>,
    /// 统建 (true) or 自建 (false); governance only.
    pub unified: Option<bool>,
    /// 所属区域 (governance) or the department's region (service) is this one or lies in it.
    pub region: Option<RegionCode>,
    /// The building department, by its 浙政钉 ID.
    pub department: Option<String>,
}

/// One step of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRule {
    /// Whose role.
    pub role: Role,
    /// Which of its holders.
    pub area: Area,
    /// How many of them.
    pub need: Need,
}

/// Whose people decide a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Area {
    /// The city in whose area the building department lies; the step falls away for provincial ones.
    DepartmentCity,
    /// The province.
    Province,
    /// 所属区域; where it has nobody, the city above.
    OwnOrCityAbove,
    /// Always this one.
    Fixed(RegionCode),
    /// These people, as long as they hold the role for any region.
    Named(Vec<Named>),
}

/// Which part of a route an order takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Take {
    /// All steps.
    Whole,
    /// The first step.
    First,
    /// The last step.
    Last,
}

/// What the routing reads of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// The side; a stock application is service side.
    pub side: Side,
    /// The kind of order.
    pub kind: OrderKind,
    /// 是否统建; `None` on the service side.
    pub unified: Option<bool>,
    /// 所属区域; `None` on the service side.
    pub region: Option<RegionCode>,
    /// The building department's 浙政钉 ID.
    pub department: String,
    /// Where the building department lies.
    pub department_region: RegionCode,
}

/// A step as it is fixed when the order is filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Whose role.
    pub role: Role,
    /// Which of its holders.
    pub whose: Whose,
    /// How many of them.
    pub need: Need,
}

/// Which holders of a role decide a step of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Those of this region.
    Region(RegionCode),
    /// These people.
    Named(Vec<Named>),
}

/// A person in a seat: a role for a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatHolder {
    /// The account, active.
    pub person: PersonId,
    /// The role.
    pub role: Role,
    /// For exactly this region.
    pub region: RegionCode,
}

/// No route fits, or it has no step for this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRoute;

impl Routing {
    /// The default of the spec, in its order.
    pub fn standard() -> Routing {
        let reviewers = |area, need| StepRule { role: Role::Reviewer, area, need };
        let governance = |unified| When { side: Some(Side::Governance), unified: Some(unified), ..When::default() };
        let route = |when, steps| Route { when, steps };
        Routing {
            routes: vec![
                route(
                    When { kinds: vec![OrderKind::Link], ..When::default() },
                    vec![StepRule { role: Role::Operator, area: Area::Province, need: Need::One }],
                ),
                route(
                    When { side: Some(Side::Service), ..When::default() },
                    vec![reviewers(Area::DepartmentCity, Need::One), reviewers(Area::Province, Need::One)],
                ),
                route(governance(true), vec![reviewers(Area::Province, Need::Count(2))]),
                route(governance(false), vec![reviewers(Area::OwnOrCityAbove, Need::One)]),
            ],
            takes: vec![
                (OrderKind::InfoChange, Take::First),
                (OrderKind::Offline, Take::Whole),
                (OrderKind::RollBack, Take::Last),
                (OrderKind::Channels, Take::Last),
            ],
        }
    }

    /// Which part of its route a kind takes.
    pub fn take(&self, kind: OrderKind) -> Take {
        self.takes.iter().find(|(of, _)| *of == kind).map_or(Take::Whole, |(_, take)| *take)
    }
}

impl Route {
    fn fits(&self, example: &Example) -> bool {
        let when = &self.when;
        let region = example.region.unwrap_or(example.department_region);
        let kind =
            if when.kinds.is_empty() { example.kind != OrderKind::Link } else { when.kinds.contains(&example.kind) };
        kind && when.side.is_none_or(|side| side == example.side)
            && when.unified.is_none_or(|unified| Some(unified) == example.unified)
            && when.region.is_none_or(|area| lies_in(region, area))
            && when.department.as_ref().is_none_or(|department| *department == example.department)
    }
}

fn lies_in(region: RegionCode, area: RegionCode) -> bool {
    region == area || region.parent().is_some_and(|parent| lies_in(parent, area))
}

impl StepRule {
    fn step(&self, example: &Example, held: &impl Fn(Role, RegionCode) -> bool) -> Option<Step> {
        let region = match &self.area {
            Area::Named(people) => {
                return Some(Step { role: self.role, whose: Whose::Named(people.clone()), need: self.need });
            }
            Area::DepartmentCity => example.department_region.city()?,
            Area::Province => RegionCode::PROVINCE,
            Area::OwnOrCityAbove => {
                let own = example.region.unwrap_or(example.department_region);
                match own.city() {
                    Some(city) if own.level() == Level::County && !held(self.role, own) => city,
                    _ => own,
                }
            }
            Area::Fixed(region) => *region,
        };
        Some(Step { role: self.role, whose: Whose::Region(region), need: self.need })
    }
}

impl Step {
    /// The step's name, for the timeline and the refusal: 杭州市审核人员, 浙江省审核人员（任意 2 人）, 李敏、陈刚（会签）.
    pub fn name(&self) -> String {
        let people = match &self.whose {
            Whose::Region(region) => format!("{}{}", region.name(), crate::words::role(self.role)),
            Whose::Named(people) => names(people),
        };
        match self.need {
            Need::Count(count) if count > 1 => format!("{people}（任意 {count} 人）"),
            Need::All => format!("{people}（会签）"),
            Need::One | Need::Count(_) => people,
        }
    }

    /// Whether this seat is the step's.
    pub fn is_seat(&self, seat: &SeatHolder) -> bool {
        seat.role == self.role
            && match &self.whose {
                Whose::Region(region) => *region == seat.region,
                Whose::Named(people) => people.iter().any(|named| named.person == seat.person),
            }
    }
}
