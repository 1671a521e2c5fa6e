//! 路由: the approval rules as a form (identity.md, The three administrators; lifecycle.md, Work orders).

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use super::errors::FieldErrors;
use super::table::FieldId;
use crate::publication::Side;
use crate::region::RegionCode;
use crate::role::Role;
use crate::routing::{Area, Example, Nameable, Named, Route, Routing, StepRule, Take, When, meant, written};
use crate::words;
use crate::work_order::{Need, OrderKind};

/// Rules, at most.
pub const ROUTES_MOST: usize = 60;

/// Steps of a rule, at most.
pub const STEPS_MOST: usize = 6;

/// People that a step may ask for, at most.
const COUNT_MOST: u16 = 20;

/// Kinds of order that may take a part of their route, in the order of the form.
pub const TAKERS: [OrderKind; 4] =
    [OrderKind::InfoChange, OrderKind::Offline, OrderKind::RollBack, OrderKind::Channels];

/// All rules, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RoutingDraft {
    /// The rules; 顺序 says in which order they are looked at.
    pub routes: Vec<RouteDraft>,
    /// Of each of [`TAKERS`]: `whole`, `first` or `last`.
    pub takes: Vec<String>,
}

/// One rule. Without a step it is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RouteDraft {
    /// `yes`: 删除这条规则.
    pub remove: String,
    /// 顺序: a whole number; smaller ones first.
    pub order: String,
    /// A side's id; empty: both.
    pub side: String,
    /// Kinds' ids; empty: all but 存量关联.
    pub kinds: Vec<String>,
    /// `yes`, `no`; empty: both.
    pub unified: String,
    /// A region's code; empty: everywhere.
    pub region: String,
    /// A department's 浙政钉 ID; empty: all.
    pub department: String,
    /// The steps, in order.
    pub steps: Vec<StepDraft>,
}

/// One step. Without a role it is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StepDraft {
    /// `reviewer` or `operator`; empty: this line is left out.
    pub role: String,
    /// `department_city`, `province`, `own_or_city_above`, a region's code, or [`NAMED`].
    pub area: String,
    /// With [`NAMED`]: names or accounts, 、 between.
    pub people: String,
    /// `one`, `all`, or a number.
    pub need: String,
}

/// What the rules are tried with, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ExampleDraft {
    /// A side's id.
    pub side: String,
    /// A kind's id.
    pub kind: String,
    /// `yes` or `no`; governance side.
    pub unified: String,
    /// 所属区域; governance side.
    pub region: String,
    /// The building department's 浙政钉 ID; may be empty.
    pub department: String,
    /// Where the building department lies.
    pub department_region: String,
}

/// Areas that are no fixed region, with their words.
pub const AREAS: [(&str, Area, &str); 3] = [
    ("department_city", Area::DepartmentCity, "建设部门所在市（省级部门没有这一步）"),
    ("own_or_city_above", Area::OwnOrCityAbove, "所属区域（没有人时由所在市）"),
    ("province", Area::Province, "浙江省"),
];

/// The area of a step whose people are named, and its word.
pub const NAMED: (&str, &str) = ("named", "指定的人员");

/// People that a step may name, at most.
pub const NAMED_MOST: usize = 20;

/// Checks all rules, and brings them into their order. `people` may be named; a browser does not know them, and takes any name.
///
/// # Errors
/// Every error at once, by rule.
pub fn validate_routing(draft: &RoutingDraft, people: Option<&[Nameable]>) -> Result<Routing, FieldErrors> {
    let mut errors = FieldErrors::new();
    let mut routes: Vec<(i64, Route)> = Vec::new();
    for (at, typed) in draft.routes.iter().enumerate().filter(|(_, typed)| typed.remove != "yes") {
        let steps: Vec<&StepDraft> = typed.steps.iter().filter(|step| !step.role.is_empty()).collect();
        if steps.is_empty() {
            if !typed.says_nothing() {
                errors.add_item(FieldId::Routes, at, format!("第 {} 条规则没有步骤，请至少设一步", at + 1));
            }
            continue;
        }
        match typed.read(&steps, people) {
            Ok(route) => routes.push(route),
            Err(text) => errors.add_item(FieldId::Routes, at, format!("第 {} 条规则：{text}", at + 1)),
        }
    }
    if routes.is_empty() && errors.is_empty() {
        errors.add(FieldId::Routes, "至少要有一条规则，否则什么都不能提交审批");
    }
    if routes.len() > ROUTES_MOST {
        errors.add(FieldId::Routes, format!("最多 {ROUTES_MOST} 条规则，请减少"));
    }
    routes.sort_by_key(|(order, _)| *order);
    let take = |(kind, typed): (OrderKind, Option<&String>)| {
        let take = match typed.map(String::as_str) {
            Some("first") => Take::First,
            Some("last") => Take::Last,
            _ => Take::Whole,
        };
        (kind, take)
    };
    let takes = TAKERS.into_iter().zip((0..).map(|at| draft.takes.get(at))).map(take).collect();
    let routes = routes.into_iter().map(|(_, route)| route).collect();
    errors.or(Some(Routing { routes, takes }))
}

impl RouteDraft {
    /// A line that was left empty.
    fn says_nothing(&self) -> bool {
        Self { order: String::new(), steps: Vec::new(), ..self.clone() } == Self::default()
    }

    fn read(&self, steps: &[&StepDraft], people: Option<&[Nameable]>) -> Result<(i64, Route), String> {
        let order = match self.order.trim() {
            "" => i64::MAX,
            typed => typed.parse().map_err(|_| "顺序要是整数，请改正".to_owned())?,
        };
        let kinds = self.kinds.iter().filter(|id| !id.is_empty());
        let kinds = kinds.map(|id| OrderKind::from_id(id).ok_or_else(|| "没有这种工单，请重新选择".to_owned()));
        let when = When {
            side: chosen(&self.side, Side::from_id, "没有这一侧，请重新选择")?,
            kinds: kinds.collect::<Result<_, String>>()?,
            unified: chosen(&self.unified, yes_or_no, "是否统建请重新选择")?,
            region: chosen(&self.region, RegionCode::parse, "没有这个区域，请重新选择")?,
            department: Some(self.department.trim().to_owned()).filter(|id| !id.is_empty()),
        };
        if when.unified.is_some() && when.side != Some(Side::Governance) {
            return Err("是否统建只用于治理侧，请把“侧”选为治理侧，或不限是否统建".to_owned());
        }
        if steps.len() > STEPS_MOST {
            return Err(format!("最多 {STEPS_MOST} 步，请减少"));
        }
        let steps = steps.iter().map(|step| step.read(people)).collect::<Result<_, String>>()?;
        Ok((order, Route { when, steps }))
    }

    /// The rule in one line, as it was opened, or what is wrong with it.
    pub fn sentence(&self) -> String {
        let steps: Vec<&StepDraft> = self.steps.iter().filter(|step| !step.role.is_empty()).collect();
        match self.read(&steps, None) {
            Ok((_, route)) if route.steps.is_empty() => "新规则，没有步骤的不生效".to_owned(),
            Ok((_, route)) => route.sentence(),
            Err(text) => text,
        }
    }
}

impl Route {
    /// In one line: 服务侧：建设部门所在市审核人员（或签）→ …
    pub fn sentence(&self) -> String {
        let when = &self.when;
        let unified = when.unified.map(|yes| if yes { "统建" } else { "自建" }.to_owned());
        let kinds: Vec<&str> = when.kinds.iter().map(|kind| words::order_kind(*kind)).collect();
        let parts = [
            when.side.map(|side| words::side(side).to_owned()),
            unified,
            Some(kinds.join("、")).filter(|kinds| !kinds.is_empty()),
            when.region.map(|region| format!("{}及其下级", region.name())),
            when.department.as_ref().map(|id| format!("部门 {id}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let whose = if parts.is_empty() { "所有工单".to_owned() } else { parts.join(" · ") };
        let step = |rule: &StepRule| {
            let role = words::role(rule.role);
            let people = match &rule.area {
                Area::DepartmentCity => format!("建设部门所在市{role}"),
                Area::OwnOrCityAbove => format!("所属区域{role}"),
                Area::Province => format!("{}{role}", RegionCode::PROVINCE.name()),
                Area::Fixed(region) => format!("{}{role}", region.name()),
                Area::Named(people) => written(people),
            };
            match rule.need {
                Need::One | Need::Count(0 | 1) => format!("{people}（或签）"),
                Need::Count(count) => format!("{people}（任意 {count} 人）"),
                Need::All => format!("{people}（会签）"),
            }
        };
        format!("{whose}：{}", self.steps.iter().map(step).collect::<Vec<_>>().join(" → "))
    }
}

impl StepDraft {
    fn read(&self, people: Option<&[Nameable]>) -> Result<StepRule, String> {
        let role = Role::from_id(&self.role).filter(|role| matches!(role, Role::Reviewer | Role::Operator));
        let role = role.ok_or("由谁审批请重新选择")?;
        let area = match AREAS.iter().find(|(id, ..)| *id == self.area) {
            Some((_, area, _)) => area.clone(),
            None if self.area == NAMED.0 => Area::Named(self.named(role, people)?),
            None => RegionCode::parse(&self.area).map(Area::Fixed).ok_or("请选择审批人的区域，或“指定的人员”")?,
        };
        let need = match self.need.as_str() {
            "" | "one" => Need::One,
            "all" => Need::All,
            typed => {
                let count = typed.trim().parse().ok().filter(|count| (1..=COUNT_MOST).contains(count));
                count.map(Need::Count).ok_or_else(|| format!("同意人数要是 1 到 {COUNT_MOST}，请改正"))?
            }
        };
        match (&area, need) {
            (Area::Named(people), Need::Count(count)) if usize::from(count) > people.len() => {
                Err(format!("指定了 {} 人，不能要 {count} 人同意，请改正", people.len()))
            }
            _ => Ok(StepRule { role, area, need }),
        }
    }

    fn named(&self, role: Role, people: Option<&[Nameable]>) -> Result<Vec<Named>, String> {
        match meant(&self.people, role, people)? {
            none if none.is_empty() => Err("请写明指定的人员：姓名或账号，用顿号分开".to_owned()),
            many if many.len() > NAMED_MOST => Err(format!("一步最多指定 {NAMED_MOST} 人，请减少")),
            found => Ok(found),
        }
    }
}

/// Nothing, or one of the known.
fn chosen<T>(typed: &str, read: impl Fn(&str) -> Option<T>, wrong: &str) -> Result<Option<T>, String> {
    match typed {
        "" => Ok(None),
        typed => read(typed).map(Some).ok_or_else(|| wrong.to_owned()),
    }
}

fn yes_or_no(id: &str) -> Option<bool> {
    match id {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// The rules as the form opens with them.
impl From<&Routing> for RoutingDraft {
    fn from(routing: &Routing) -> Self {
        let id = |take: Take| match take {
            Take::Whole => "whole",
            Take::First => "first",
            Take::Last => "last",
        };
        Self {
            routes: routing.routes.iter().enumerate().map(|(at, route)| RouteDraft::of(at, route)).collect(),
            takes: TAKERS.map(|kind| id(routing.take(kind)).to_owned()).to_vec(),
        }
    }
}

impl RouteDraft {
    fn of(at: usize, route: &Route) -> Self {
        let when = &route.when;
        let area = |area: &Area| match area {
            Area::Fixed(region) => region.to_string(),
            Area::Named(_) => NAMED.0.to_owned(),
            other => AREAS.iter().find(|(_, known, _)| known == other).map_or("", |(id, ..)| *id).to_owned(),
        };
        let people = |area: &Area| match area {
            Area::Named(people) => written(people),
            _ => String::new(),
        };
        let need = |need: Need| match need {
            Need::One | Need::Count(0) => "one".to_owned(),
            Need::Count(count) => count.to_string(),
            Need::All => "all".to_owned(),
        };
        let step = |rule: &StepRule| StepDraft {
            role: rule.role.id().to_owned(),
            area: area(&rule.area),
            people: people(&rule.area),
            need: need(rule.need),
        };
        Self {
            remove: String::new(),
            order: ((at + 1) * 10).to_string(),
            side: when.side.map(|side| side.id().to_owned()).unwrap_or_default(),
            kinds: when.kinds.iter().map(|kind| kind.id().to_owned()).collect(),
            unified: when.unified.map(|yes| if yes { "yes" } else { "no" }.to_owned()).unwrap_or_default(),
            region: when.region.map(|region| region.to_string()).unwrap_or_default(),
            department: when.department.clone().unwrap_or_default(),
            steps: route.steps.iter().map(step).collect(),
        }
    }
}

/// What the rules are tried with; what is not said has the first value there is.
pub fn example(typed: &ExampleDraft) -> Example {
    let kind = OrderKind::from_id(&typed.kind).unwrap_or(OrderKind::Release);
    let side = Side::from_id(&typed.side).filter(|_| kind != OrderKind::Link).unwrap_or(Side::Service);
    let governance = side == Side::Governance;
    let department_region = RegionCode::parse(&typed.department_region).unwrap_or(RegionCode::PROVINCE);
    Example {
        side,
        kind,
        unified: governance.then(|| typed.unified == "yes"),
        region: governance.then(|| RegionCode::parse(&typed.region).unwrap_or(department_region)),
        department: typed.department.trim().to_owned(),
        department_region,
    }
}
