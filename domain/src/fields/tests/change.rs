use super::*;
use crate::fields::diff::{Phones, diff, parts};

fn now() -> ValidRegistration {
    check(&app(), SERVICE).unwrap()
}

fn changed(parts: Parts, change: impl FnOnce(&mut Registration)) -> Vec<Change> {
    let now = now();
    let mut typed = Registration::of(&now);
    change(&mut typed);
    let after = validate(&typed.only(parts, &now), Form::Existing(now.shape), &ENV).unwrap();
    diff(&now, &after, Phones::Masked)
}

#[test]
fn what_is_typed_back_unchanged_is_no_change() {
    assert_eq!(changed(Parts::BOTH, |_| {}), []);
    for (draft, form) in
        [(governance(), GOVERNANCE), (Registration { mobile_url: "https://a.cn".into(), ..app() }, Form::Stock)]
    {
        let now = check(&draft, form).unwrap();
        let again = validate(&Registration::of(&now), Form::Existing(now.shape), &ENV).unwrap();
        assert_eq!(diff(&now, &again, Phones::Whole), []);
    }
}

#[test]
fn changes_tell_before_and_after_and_what_came_and_went() {
    let list = changed(Parts::BOTH, |d| {
        d.name = "杭州公交".into();
        d.scope = RegionsOf(330_900).codes();
        d.health_url = "https://a.cn/health".into();
        d.contacts[0].phone = "13900001234".into();
        d.parameters.push(ParameterDraft { name: "API".into(), value: "https://a.cn".into() });
    });
    let mut text = String::new();
    for change in &list {
        text.push_str(&format!(
            "{} {}：{} → {}  ＋{:?} －{:?}\n",
            change.part.word(),
            change.field.label(),
            change.before,
            change.after,
            change.added,
            change.removed
        ));
    }
    insta::assert_snapshot!(text);
    assert_eq!(parts(&list), Parts::BOTH);
}

#[test]
fn the_old_address_of_a_linked_one_is_no_change() {
    let now = check(&Registration { mobile_url: "https://old.cn".into(), ..app() }, Form::Stock).unwrap();
    let live = Shape { live_here: true, ..now.shape };
    let typed = Registration { vendor: "新的开发商".into(), ..Registration::of(&now) };
    let after = validate(&typed, Form::Existing(live), &ENV).unwrap();
    let fields: Vec<FieldId> = diff(&now, &after, Phones::Whole).iter().map(|change| change.field).collect();
    assert_eq!(fields, [FieldId::Vendor]);
}

/// A city's box.
struct RegionsOf(u32);

impl RegionsOf {
    fn codes(&self) -> Vec<String> {
        let city = crate::region::RegionCode::try_from(self.0).unwrap();
        city.whole().iter().map(ToString::to_string).collect()
    }
}

#[test]
fn only_the_chosen_part_is_read() {
    let both = |d: &mut Registration| {
        d.intro = "新的介绍".into();
        d.vendor = "新的开发商".into();
    };
    let fields = |parts| changed(parts, both).iter().map(|change| change.field).collect::<Vec<_>>();
    assert_eq!(fields(Parts::BOTH), [FieldId::Intro, FieldId::Vendor]);
    assert_eq!(fields(Parts { listing: true, release: false }), [FieldId::Intro]);
    assert_eq!(fields(Parts { listing: false, release: true }), [FieldId::Vendor]);
    assert_eq!(fields(Parts::default()), []);
}

/// Spec: 上架信息 and 发布信息, as listed there.
#[test]
fn the_two_parts_are_those_of_the_spec() {
    let of = |part| {
        let fields = table::REGISTRATION.iter().filter(move |field| field.part == Some(part));
        fields.map(|field| field.label).collect::<Vec<_>>()
    };
    assert_eq!(of(Part::Listing), ["服务名称", "服务介绍", "图标", "服务用户类型", "适用范围"]);
    assert_eq!(
        of(Part::Release),
        [
            "是否支持国产操作系统",
            "移动端地址",
            "备用地址",
            "PC端地址",
            "健康地址",
            "前端路由",
            "运行参数",
            "开发商",
            "统一社会信用代码",
            "开发商联系方式",
            "是否统建",
            "所属区域"
        ]
    );
}

#[test]
fn every_part_of_a_registration_is_compared() {
    let mut typed = Registration::of(&now());
    typed.name = "a".into();
    typed.intro = "b".into();
    typed.icon = "c".into();
    typed.audience = "person".into();
    typed.domestic_os = "no".into();
    typed.health_url = "http://d.cn".into();
    typed.scope.pop();
    typed.vendor = "e".into();
    typed.credit_code = "91512081MA62K0260E".into();
    typed.contacts[0].name = "李四".into();
    let after = validate(&typed, Form::Existing(now().shape), &ENV).unwrap();
    assert_eq!(diff(&now(), &after, Phones::Whole).len(), 10);
    let mut governed = Registration::of(&check(&governance(), GOVERNANCE).unwrap());
    governed.backup_url = "http://b.cn".into();
    governed.pc_mode = "same".into();
    governed.unified = "yes".into();
    governed.region = "330100".into();
    let now = check(&governance(), GOVERNANCE).unwrap();
    let after = validate(&governed, Form::Existing(now.shape), &ENV).unwrap();
    assert_eq!(diff(&now, &after, Phones::Whole).len(), 4);
}
