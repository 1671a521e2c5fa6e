use super::*;
use uuid::Uuid;

fn region(code: u32) -> RegionCode {
    RegionCode::try_from(code).unwrap()
}

const HANGZHOU: u32 = 330_100;
const SHANGCHENG: u32 = 330_102;
const PROVINCE: u32 = 330_000;

fn reviewer(person: u128, code: u32) -> SeatHolder {
    SeatHolder { person: PersonId(Uuid::from_u128(person)), role: Role::Reviewer, region: region(code) }
}

fn service(kind: OrderKind, department: u32) -> Example {
    Example {
        side: Side::Service,
        kind,
        unified: None,
        region: None,
        department: "GO_1".to_owned(),
        department_region: region(department),
    }
}

fn governance(kind: OrderKind, unified: bool, own: u32) -> Example {
    Example { side: Side::Governance, unified: Some(unified), region: Some(region(own)), ..service(kind, HANGZHOU) }
}

fn names(example: &Example, seats: &[SeatHolder]) -> Vec<String> {
    pick(&Routing::standard(), example, seats, None).unwrap().iter().map(Step::name).collect()
}

#[test]
fn the_service_side_asks_the_city_then_the_province() {
    let whole = ["杭州市审核人员", "浙江省审核人员"];
    for kind in [OrderKind::Release, OrderKind::Upgrade, OrderKind::Offline] {
        assert_eq!(names(&service(kind, SHANGCHENG), &[]), whole);
        assert_eq!(names(&service(kind, HANGZHOU), &[]), whole);
        assert_eq!(names(&service(kind, PROVINCE), &[]), ["浙江省审核人员"]);
    }
}

#[test]
fn some_kinds_take_a_part_of_the_route() {
    assert_eq!(names(&service(OrderKind::InfoChange, SHANGCHENG), &[]), ["杭州市审核人员"]);
    assert_eq!(names(&service(OrderKind::InfoChange, PROVINCE), &[]), ["浙江省审核人员"]);
    assert_eq!(names(&service(OrderKind::RollBack, SHANGCHENG), &[]), ["浙江省审核人员"]);
    assert_eq!(names(&service(OrderKind::Channels, SHANGCHENG), &[]), ["浙江省审核人员"]);
    assert_eq!(names(&service(OrderKind::Link, SHANGCHENG), &[]), ["浙江省数浙运营人员"]);
}

#[test]
fn governance_asks_two_of_the_province_or_the_region() {
    assert_eq!(names(&governance(OrderKind::Release, true, SHANGCHENG), &[]), ["浙江省审核人员（任意 2 人）"]);
    let own = governance(OrderKind::Release, false, SHANGCHENG);
    assert_eq!(names(&own, &[reviewer(1, SHANGCHENG)]), ["上城区审核人员"]);
    assert_eq!(names(&own, &[]), ["杭州市审核人员"], "nobody there: the city above");
    assert_eq!(names(&governance(OrderKind::Release, false, PROVINCE), &[]), ["浙江省审核人员"]);
    let initiator = Some(PersonId(Uuid::from_u128(1)));
    let steps = pick(&Routing::standard(), &own, &[reviewer(1, SHANGCHENG)], initiator).unwrap();
    assert_eq!(steps[0].whose, Whose::Region(region(HANGZHOU)), "the initiator decides nothing");
}

#[test]
fn special_routes_come_before_general_ones() {
    let mut routing = Routing::standard();
    let when = When { region: Some(region(HANGZHOU)), department: Some("GO_1".to_owned()), ..When::default() };
    let area = Area::Fixed(region(HANGZHOU));
    let steps = vec![StepRule { role: Role::Reviewer, area, need: Need::All }];
    routing.routes.insert(0, Route { when, steps });
    let steps = pick(&routing, &service(OrderKind::Release, SHANGCHENG), &[], None).unwrap();
    assert_eq!(steps.iter().map(Step::name).collect::<Vec<_>>(), ["杭州市审核人员（会签）"]);
    let elsewhere = pick(&routing, &service(OrderKind::Release, 330_200), &[], None).unwrap();
    assert_eq!(elsewhere.len(), 2);
    let nothing = Routing { routes: Vec::new(), takes: Vec::new() };
    assert_eq!(pick(&nothing, &service(OrderKind::Release, HANGZHOU), &[], None), Err(NoRoute));
}

#[test]
fn a_step_without_people_is_found() {
    let wang = PersonId(Uuid::from_u128(1));
    let steps = pick(&Routing::standard(), &service(OrderKind::Release, HANGZHOU), &[], None).unwrap();
    let check = |seats: &[SeatHolder]| undecidable(&steps, seats, wang);
    assert_eq!(check(&[]), [0, 1]);
    assert_eq!(check(&[reviewer(2, HANGZHOU)]), [1]);
    assert_eq!(check(&[reviewer(1, HANGZHOU), reviewer(3, PROVINCE)]), [0], "the initiator does not count");
    assert_eq!(check(&[reviewer(2, HANGZHOU), reviewer(2, PROVINCE)]), [1], "one person, one step");
    assert_eq!(
        check(&[reviewer(2, HANGZHOU), reviewer(2, PROVINCE), reviewer(3, HANGZHOU)]),
        Vec::<usize>::new(),
        "the second person is moved to the city"
    );
    let two = pick(&Routing::standard(), &governance(OrderKind::Release, true, HANGZHOU), &[], None).unwrap();
    assert_eq!(undecidable(&two, &[reviewer(2, PROVINCE)], wang), [0]);
    assert_eq!(undecidable(&two, &[reviewer(2, PROVINCE), reviewer(3, PROVINCE)], wang), Vec::<usize>::new());
}

#[test]
fn named_people_decide_while_they_hold_the_role() {
    let named = |n: u128, name: &str| Named {
        person: PersonId(Uuid::from_u128(n)),
        name: name.to_owned(),
        account: format!("p{n}"),
    };
    let area = Area::Named(vec![named(1, "李敏"), named(2, "周涛")]);
    let steps = vec![StepRule { role: Role::Reviewer, area, need: Need::Count(2) }];
    let routing = Routing { routes: vec![Route { when: When::default(), steps }], takes: Vec::new() };
    let steps = pick(&routing, &service(OrderKind::Release, HANGZHOU), &[], None).unwrap();
    assert_eq!(steps[0].name(), "李敏、周涛（任意 2 人）");
    let wang = PersonId(Uuid::from_u128(9));
    // Wherever their seats are, and also with two of them.
    let both = [reviewer(1, HANGZHOU), reviewer(1, PROVINCE), reviewer(2, SHANGCHENG)];
    assert_eq!(undecidable(&steps, &both, wang), Vec::<usize>::new());
    assert_eq!(undecidable(&steps, &both[..2], wang), [0], "one person with two seats is one");
    let operator = SeatHolder { role: Role::Operator, ..reviewer(2, PROVINCE) };
    assert_eq!(undecidable(&steps, &[both[0], operator], wang), [0], "another role");
    assert_eq!(undecidable(&steps, &both, PersonId(Uuid::from_u128(2))), [0], "the initiator does not count");
}

#[test]
fn rules_survive_the_wire() {
    let text = serde_json::to_string(&Routing::standard()).unwrap();
    assert_eq!(serde_json::from_str::<Routing>(&text).unwrap(), Routing::standard());
}
