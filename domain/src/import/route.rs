//! A row of a table of approval rules: one rule, its steps in the words in which the product shows them ([`Route::sentence`]).
//!
//! [`Route::sentence`]: crate::routing::Route::sentence

use super::Cells;
use super::rows::region;
use crate::fields::{NAMED, RouteDraft, StepDraft};
use crate::publication::Side;
use crate::role::Role;
use crate::words;
use crate::work_order::OrderKind;

/// What decides a step, by the words before the role.
const AREAS: [(&str, &str); 2] = [("建设部门所在市", "department_city"), ("所属区域", "own_or_city_above")];

/// Roles that decide steps; people who are named without one have the first.
const ROLES: [Role; 2] = [Role::Reviewer, Role::Operator];

/// One rule as the form has it.
///
/// # Errors
/// A sentence with everything that is wrong with the row.
pub fn route_entry(cells: Cells<'_>) -> Result<RouteDraft, String> {
    let mut wrong = Vec::new();
    let mut said = |read: Result<String, String>| read.map_err(|sentence| wrong.push(sentence)).unwrap_or_default();
    let order = cells.get(0).to_owned();
    let side = said(one_of(cells.get(2), "侧", &[Side::Service, Side::Governance].map(|s| (words::side(s), s.id()))));
    let unified = said(one_of(cells.get(4), "是否统建", &[("统建", "yes"), ("自建", "no")]));
    let region = said(match cells.get(5) {
        "" => Ok(String::new()),
        typed => region(typed).map(|region| region.to_string()),
    });
    let kinds = parts(cells.get(3), &['、', '，', ',']).map(|kind| {
        let known = OrderKind::ALL.map(|kind| (words::order_kind(kind), kind.id()));
        one_of(kind, "工单类型", &known)
    });
    let kinds = kinds.map(&mut said).filter(|id| !id.is_empty()).collect();
    let steps: Vec<Result<StepDraft, String>> = parts(&cells.get(1).replace("->", "→"), &['→']).map(step).collect();
    if order.parse::<i64>().is_err() {
        wrong.push("顺序要是整数，小的先看".to_owned());
    }
    if steps.is_empty() {
        wrong.push("缺少步骤".to_owned());
    }
    let steps = steps.into_iter().filter_map(|step| step.map_err(|sentence| wrong.push(sentence)).ok()).collect();
    let department = cells.text(6, false, &mut wrong);
    if wrong.is_empty() {
        Ok(RouteDraft { remove: String::new(), order, side, kinds, unified, region, department, steps })
    } else {
        Err(wrong.join("；"))
    }
}

fn parts<'a>(cell: &'a str, between: &'a [char]) -> impl Iterator<Item = &'a str> {
    cell.split(between).map(str::trim).filter(|part| !part.is_empty())
}

/// The id of a word; of none, none.
fn one_of(cell: &str, heading: &str, known: &[(&str, &str)]) -> Result<String, String> {
    let cell = cell.trim();
    match known.iter().find(|(word, _)| *word == cell) {
        Some((_, id)) => Ok((*id).to_owned()),
        None if cell.is_empty() => Ok(String::new()),
        None => {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            Err(format!("{heading}不能是「{}」，可以填：{}", short(cell), words.join("、")))
        }
    }
}

/// 建设部门所在市审核人员（或签）, 浙江省审核人员（任意 2 人）, 李敏、陈刚（会签）, 数浙运营人员：张三.
fn step(said: &str) -> Result<StepDraft, String> {
    let said = said.replace('(', "（").replace(')', "）");
    let (people, need) = need(&said)?;
    if let Some((role, people)) = ROLES.iter().find_map(|role| Some((role, people.strip_prefix(words::role(*role))?)))
        && let Some(people) = people.strip_prefix(['：', ':'])
    {
        return Ok(named(*role, people, need));
    }
    let Some((role, of)) = ROLES.iter().find_map(|role| Some((role, people.strip_suffix(words::role(*role))?))) else {
        return Ok(named(Role::Reviewer, people, need));
    };
    let area = match AREAS.iter().find(|(word, _)| *word == of) {
        Some((_, id)) => (*id).to_owned(),
        None if of == "浙江省" => "province".to_owned(),
        None => region(of).map_err(|why| format!("步骤「{}」：{why}", short(&said)))?.to_string(),
    };
    Ok(StepDraft { role: role.id().to_owned(), area, people: String::new(), need })
}

fn named(role: Role, people: &str, need: String) -> StepDraft {
    StepDraft { role: role.id().to_owned(), area: NAMED.0.to_owned(), people: people.trim().to_owned(), need }
}

/// What stands before the last bracket, and how many must agree, if that is what the bracket says.
fn need(said: &str) -> Result<(&str, String), String> {
    let Some((people, bracket)) = said.strip_suffix('）').and_then(|said| said.rsplit_once('（')) else {
        return Ok((said, "one".to_owned()));
    };
    let count = bracket.strip_prefix("任意").and_then(|rest| rest.strip_suffix('人')).map(str::trim);
    match (bracket, count) {
        ("或签", _) => Ok((people, "one".to_owned())),
        ("会签", _) => Ok((people, "all".to_owned())),
        (_, Some(count)) if count.parse::<u16>().is_ok() => Ok((people, count.to_owned())),
        (_, Some(_)) => Err(format!("步骤「{}」：人数要是数字，如（任意 2 人）", short(said))),
        // An account: 李敏（limin）.
        (_, None) => Ok((said, "one".to_owned())),
    }
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Columns, ImportKind};
    use super::*;
    use crate::fields::{RoutingDraft, validate_routing};
    use crate::routing::Routing;

    fn read(row: &[&str]) -> Result<RouteDraft, String> {
        let owned = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
        let columns = Columns::find(ImportKind::Routes, &owned(ImportKind::Routes.headings())).unwrap();
        route_entry(columns.cells(&owned(row)))
    }

    /// The rule as the product shows it, cut into the table's cells.
    fn row_of(order: &str, route: &crate::routing::Route) -> [String; 7] {
        let when = &route.when;
        let (_, steps) = route.sentence().split_once('：').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        [
            order.to_owned(),
            steps,
            when.side.map(words::side).unwrap_or_default().to_owned(),
            when.kinds.iter().map(|kind| words::order_kind(*kind)).collect::<Vec<_>>().join("、"),
            when.unified.map(|yes| if yes { "统建" } else { "自建" }).unwrap_or_default().to_owned(),
            when.region.map(|region| region.to_string()).unwrap_or_default(),
            when.department.clone().unwrap_or_default(),
        ]
    }

    #[test]
    fn the_rules_as_the_product_shows_them_are_the_rules() {
        let standard = Routing::standard();
        let rows = standard.routes.iter().zip(1..).map(|(route, n)| {
            let row = row_of(&(n * 10).to_string(), route);
            read(&row.each_ref().map(String::as_str)).unwrap()
        });
        let draft = RoutingDraft { routes: rows.collect(), takes: RoutingDraft::from(&standard).takes };
        assert_eq!(validate_routing(&draft, None).unwrap(), standard);
    }

    #[test]
    fn steps_are_read_in_the_words_of_the_screen() {
        let of = |steps: &str| read(&["1", steps]).unwrap().steps;
        let line = |role: &str, area: &str, people: &str, need: &str| StepDraft {
            role: role.to_owned(),
            area: area.to_owned(),
            people: people.to_owned(),
            need: need.to_owned(),
        };
        assert_eq!(
            of("杭州市审核人员 -> 李敏(limin)、周涛（任意2人）→ 数浙运营人员：张三（zhangsan）"),
            [
                line("reviewer", "330100", "", "one"),
                line("reviewer", NAMED.0, "李敏（limin）、周涛", "2"),
                line("operator", NAMED.0, "张三（zhangsan）", "one"),
            ]
        );
    }

    #[test]
    fn all_that_is_wrong_is_said_at_once() {
        let why = read(&["一", "火星审核人员（会签）→ 李敏（任意两人）", "中间", "发布、加急", "都有", "月球", ""])
            .unwrap_err();
        for part in [
            "顺序",
            "没有区域「火星」",
            "人数要是数字",
            "侧不能是",
            "工单类型不能是「加急」",
            "是否统建不能是",
            "没有区域「月球」",
        ] {
            assert!(why.contains(part), "{part}: {why}");
        }
        assert!(read(&["1", ""]).unwrap_err().contains("缺少步骤"));
    }
}
