//! What a number of the 工单看板 counts, as part of an order list's address (screens.md, 工单看板): the list has as many rows.

use serde::{Deserialize, Serialize};

use crate::dashboard::{AGES, DAYS, begin_of, day_of};
use crate::ids::PersonId;
use crate::region::RegionCode;
use crate::time::{Date, UtcMillis};
use crate::work_order::OrderStatus;

/// When an order ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// On this day in China.
    On(Date),
    /// On one of the last [`DAYS`] days, today included.
    Lately,
}

/// What narrows the list beyond what its form asks. Each part is a parameter of the address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Counted {
    /// `age`: an index of [`AGES`], by the time in the current step.
    pub age: Option<u8>,
    /// `overdue`: 超时.
    pub overdue: bool,
    /// `region`: the current step waits for reviewers of this city and its counties, or of the province; where it names its
    /// people, the building department lies there.
    pub region: Option<RegionCode>,
    /// `department`: the name of the 建设部门.
    pub department: String,
    /// `reviewer`: who may decide the current step.
    pub reviewer: Option<PersonId>,
    /// `ended`.
    pub ended: Option<Ended>,
    /// `status`.
    pub status: Option<OrderStatus>,
    /// `step`: one that was decided.
    pub step: Option<u8>,
    /// `reason`: what the one who refused wrote.
    pub reason: String,
}

impl Counted {
    /// The names of its parameters.
    pub const PARAMETERS: [&'static str; 9] =
        ["age", "overdue", "region", "department", "reviewer", "ended", "status", "step", "reason"];

    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            age: get("age").and_then(|text| text.parse().ok()).filter(|age| usize::from(*age) < AGES.len()),
            overdue: get("overdue").as_deref() == Some("1"),
            region: get("region").and_then(|code| RegionCode::parse(&code)),
            department: get("department").unwrap_or_default(),
            reviewer: get("reviewer").and_then(|id| id.parse().ok().map(PersonId)),
            ended: get("ended").and_then(|text| Ended::parse(&text)),
            status: get("status").and_then(|id| OrderStatus::from_id(&id)),
            step: get("step").and_then(|text| text.parse().ok()),
            reason: get("reason").unwrap_or_default(),
        }
    }

    /// The parameters that are there, in a fixed order. Values are not escaped yet.
    pub fn parameters(&self) -> impl Iterator<Item = (&'static str, String)> + use<> {
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let values = [
            self.age.map(|age| age.to_string()),
            self.overdue.then(|| "1".to_owned()),
            self.region.map(|region| region.code().to_string()),
            text(&self.department),
            self.reviewer.map(|id| id.0.to_string()),
            self.ended.map(Ended::printed),
            self.status.map(|status| status.id().to_owned()),
            self.step.map(|step| step.to_string()),
            text(&self.reason),
        ];
        Self::PARAMETERS.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?)))
    }

    /// Whether it narrows anything.
    pub fn is_there(&self) -> bool {
        *self != Self::default()
    }
}

impl Ended {
    fn parse(text: &str) -> Option<Self> {
        if text == "lately" { Some(Self::Lately) } else { Date::parse(text).map(Self::On) }
    }

    fn printed(self) -> String {
        match self {
            Self::On(day) => day.to_string(),
            Self::Lately => "lately".to_owned(),
        }
    }

    /// From when, and until before when.
    pub fn span(self, now: UtcMillis) -> (UtcMillis, UtcMillis) {
        let last = match self {
            Self::On(day) => day_of(day.begin()),
            Self::Lately => day_of(now),
        };
        let days = if self == Self::Lately { DAYS } else { 1 };
        (begin_of(last + 1 - days), begin_of(last + 1))
    }
}
