//! Rules as a form: there and back, and what is wrong with them.

use super::*;
use crate::ids::PersonId;
use uuid::Uuid;

#[test]
fn the_standard_opens_the_form_and_comes_back_as_it_was() {
    let standard = Routing::standard();
    let draft = RoutingDraft::from(&standard);
    assert_eq!(validate_routing(&draft, Some(&[])).unwrap(), standard);
    let mut turned = draft.clone();
    turned.routes.reverse();
    assert_eq!(validate_routing(&turned, Some(&[])).unwrap(), standard, "顺序 says the order, not the place");
    let mut more = draft;
    more.routes.push(RouteDraft::default());
    more.routes.push(RouteDraft { remove: "yes".to_owned(), ..more.routes[0].clone() });
    assert_eq!(validate_routing(&more, Some(&[])).unwrap(), standard, "an empty line is none");
}

#[test]
fn every_rule_says_what_is_wrong_with_it() {
    let step = |role: &str, area: &str, need: &str| StepDraft {
        role: role.to_owned(),
        area: area.to_owned(),
        need: need.to_owned(),
        ..StepDraft::default()
    };
    let rule = |side: &str, unified: &str, steps: Vec<StepDraft>| RouteDraft {
        side: side.to_owned(),
        unified: unified.to_owned(),
        steps,
        ..RouteDraft::default()
    };
    let good = step("reviewer", "province", "2");
    let wrong = |route: RouteDraft| {
        let draft = RoutingDraft { routes: vec![route], ..RoutingDraft::default() };
        let errors = validate_routing(&draft, Some(&[])).unwrap_err();
        errors.iter().map(|error| error.text.clone()).collect::<String>()
    };
    assert!(wrong(rule("service", "", Vec::new())).contains("没有步骤"));
    assert!(wrong(rule("service", "yes", vec![good.clone()])).contains("只用于治理侧"));
    assert!(wrong(rule("", "", vec![step("staff", "province", "")])).contains("由谁审批"));
    assert!(wrong(rule("", "", vec![step("reviewer", "", "")])).contains("审批人的区域"));
    assert!(wrong(rule("", "", vec![step("reviewer", "province", "0")])).contains("1 到 20"));
    assert!(wrong(rule("", "", vec![good.clone(); STEPS_MOST + 1])).contains("最多 6 步"));
    assert!(wrong(RouteDraft::default()).contains("至少要有一条规则"));
    let fixed = rule("", "", vec![step("reviewer", "330100", "all")]);
    let fixed = RoutingDraft { routes: vec![fixed], ..RoutingDraft::default() };
    let routing = validate_routing(&fixed, Some(&[])).unwrap();
    assert_eq!(routing.routes[0].steps[0].need, Need::All);
}

fn nameable(n: u128, name: &str, account: &str, role: Role) -> Nameable {
    let named = Named { person: PersonId(Uuid::from_u128(n)), name: name.to_owned(), account: account.to_owned() };
    Nameable { named, role }
}

/// A rule whose only step names these people.
fn naming_unchecked(typed: &str) -> RoutingDraft {
    let step = StepDraft {
        role: "reviewer".to_owned(),
        area: NAMED.0.to_owned(),
        people: typed.to_owned(),
        need: "one".to_owned(),
    };
    let route = RouteDraft { steps: vec![step], ..RouteDraft::default() };
    RoutingDraft { routes: vec![route], ..RoutingDraft::default() }
}

fn naming(typed: &str, need: &str, people: &[Nameable]) -> Result<Routing, String> {
    let mut draft = naming_unchecked(typed);
    need.clone_into(&mut draft.routes[0].steps[0].need);
    validate_routing(&draft, Some(people)).map_err(|errors| errors.iter().map(|error| error.text.clone()).collect())
}

#[test]
fn people_are_named_by_name_or_account() {
    let people = [
        nameable(1, "李敏", "limin", Role::Reviewer),
        nameable(2, "周涛", "zhoutao", Role::Reviewer),
        nameable(3, "周涛", "zhoutao2", Role::Reviewer),
        nameable(4, "孙丽", "sunli", Role::Operator),
    ];
    let named = |typed: &str| match &naming(typed, "one", &people).unwrap().routes[0].steps[0].area {
        Area::Named(found) => found.iter().map(|named| named.account.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(named("李敏"), ["limin"]);
    assert_eq!(named("zhoutao2, 李敏；李敏"), ["zhoutao2", "limin"], "each once, as they were typed");
    assert_eq!(named("周涛(zhoutao)、李敏（limin）"), ["zhoutao", "limin"]);
    let wrong = |typed: &str, need: &str| naming(typed, need, &people).unwrap_err();
    assert!(wrong("周涛", "one").contains("有不止一位「周涛」"), "{}", wrong("周涛", "one"));
    assert!(wrong("孙丽", "one").contains("没有叫「孙丽」的审核人员"), "another role");
    assert!(wrong(" 、", "one").contains("请写明指定的人员"));
    assert!(wrong("李敏、zhoutao", "3").contains("指定了 2 人，不能要 3 人同意"));
    let many: Vec<Nameable> = (0..=20).map(|n| nameable(n, "某", &format!("p{n}"), Role::Reviewer)).collect();
    let all = many.iter().map(|one| one.named.written()).collect::<Vec<_>>().join("、");
    assert!(naming(&all, "all", &many).unwrap_err().contains("最多指定 20 人"));
    // Opened again, and saved as it is.
    let routing = naming("李敏、zhoutao", "2", &people).unwrap();
    let draft = RoutingDraft::from(&routing);
    assert_eq!(draft.routes[0].steps[0].people, "李敏（limin）、周涛（zhoutao）");
    assert_eq!(validate_routing(&draft, Some(&people)).unwrap(), routing);
    assert_eq!(draft.routes[0].sentence(), "所有工单：李敏（limin）、周涛（zhoutao）（任意 2 人）");
    assert_eq!(routing.routes[0].sentence(), draft.routes[0].sentence());
    let gone = validate_routing(&draft, Some(&people[1..])).unwrap_err();
    assert!(gone.iter().next().unwrap().text.contains("没有叫「李敏（limin）」的审核人员"), "the role was taken");
    let any = naming_unchecked("没有此人");
    assert!(validate_routing(&any, None).is_ok(), "a browser knows nobody");
}

#[test]
fn a_name_may_be_corrected_and_may_look_like_a_form() {
    let people = [
        nameable(1, "李小敏", "limin", Role::Reviewer),
        nameable(2, "王伟(杭州)", "wangwei", Role::Reviewer),
        nameable(3, "甲,乙", "jiayi", Role::Reviewer),
    ];
    let accounts = |routing: &Routing| match &routing.routes[0].steps[0].area {
        Area::Named(found) => found.iter().map(|named| named.account.clone()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let renamed = naming("李敏（limin）", "one", &people).unwrap();
    assert_eq!(accounts(&renamed), ["limin"], "who is meant is who was meant");
    let all = naming("王伟(杭州)、jiayi", "one", &people).unwrap();
    assert_eq!(accounts(&all), ["wangwei", "jiayi"]);
    let again = validate_routing(&RoutingDraft::from(&all), Some(&people)).unwrap();
    assert_eq!(again, all, "opened and saved as it is");
}
