//! Rules as a form: there and back, and what is wrong with them.

use super::*;
use crate::ids::PersonId;
use uuid::Uuid;

#[test]
fn the_standard_opens_the_form_and_comes_back_as_it_was() {
    let standard = Routing::standard();
    let draft = RoutingDraft::from(&standard);
    assert_eq!(validate_routing(&draft, &[]).unwrap(), standard);
    let mut turned = draft.clone();
    turned.routes.reverse();
    assert_eq!(validate_routing(&turned, &[]).unwrap(), standard, "顺序 says the order, not the place");
    let mut more = draft;
    more.routes.push(RouteDraft::default());
    more.routes.push(RouteDraft { remove: "yes".to_owned(), ..more.routes[0].clone() });
    assert_eq!(validate_routing(&more, &[]).unwrap(), standard, "an empty line is none");
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
        let errors = validate_routing(&draft, &[]).unwrap_err();
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
    let routing = validate_routing(&fixed, &[]).unwrap();
    assert_eq!(routing.routes[0].steps[0].need, Need::All);
}

fn nameable(n: u128, name: &str, account: &str, role: Role) -> Nameable {
    let named = Named { person: PersonId(Uuid::from_u128(n)), name: name.to_owned(), account: account.to_owned() };
    Nameable { named, role }
}

/// Of a rule whose only step names these people.
fn naming(typed: &str, need: &str, people: &[Nameable]) -> Result<Routing, String> {
    let step = StepDraft {
        role: "reviewer".to_owned(),
        area: NAMED.0.to_owned(),
        people: typed.to_owned(),
        need: need.to_owned(),
    };
    let route = RouteDraft { steps: vec![step], ..RouteDraft::default() };
    validate_routing(&RoutingDraft { routes: vec![route], ..RoutingDraft::default() }, people)
        .map_err(|errors| errors.iter().map(|error| error.text.clone()).collect())
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
    assert_eq!(validate_routing(&draft, &people).unwrap(), routing);
    assert_eq!(draft.routes[0].sentence(&people), "所有工单：李敏、周涛（任意 2 人）");
    assert!(draft.routes[0].sentence(&people[1..]).contains("没有叫「李敏（limin）」的审核人员"), "the role was taken");
}
