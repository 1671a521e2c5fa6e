use super::*;
use crate::publication::{Channel, ChannelSet, PublicationType};

fn with(change: impl FnOnce(&mut Registration)) -> Registration {
    let mut draft = app();
    change(&mut draft);
    draft
}

fn list(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[test]
fn a_good_form_of_each_kind_is_valid() {
    let valid = check(&app(), SERVICE).unwrap();
    assert_eq!(valid.shape.kind, PublicationType::H5);
    assert!(valid.shape.hosted && valid.mobile_url.is_none() && valid.pc == PcAddress::None);
    let web = with(|d| {
        d.channels = list(&["service_web"]);
        d.pc_mode = "fill".to_owned();
        d.pc_url = "https://www.zjzwfw.gov.cn/a".to_owned();
    });
    let valid = check(&web, SERVICE).unwrap();
    assert_eq!((valid.shape.kind, valid.shape.hosted), (PublicationType::Pc, false));
    let both = with(|d| {
        d.channels = list(&["service_web", "zheli_app"]);
        d.pc_mode = "same".to_owned();
    });
    let valid = check(&both, SERVICE).unwrap();
    assert_eq!((valid.shape.kind, valid.shape.hosted, valid.pc), (PublicationType::H5, true, PcAddress::SameAsMobile));
    let valid = check(&governance(), GOVERNANCE).unwrap();
    assert_eq!(valid.shape.channels, ChannelSet::of(&[Channel::Zhezhengding]));
    assert!(valid.shape.hosted && valid.unified == Some(false));
    let mini =
        Registration { kind: "mini_program".into(), mobile_url: "https://m.example.gov.cn".into(), ..governance() };
    assert!(!check(&mini, GOVERNANCE).unwrap().shape.hosted);
    let stock = Registration { mobile_url: "https://old.zj.gov.cn:8080/h5?x=1#/".into(), ..app() };
    let valid = check(&stock, Form::Stock).unwrap();
    assert!(valid.shape.linked && valid.mobile_url.is_some());
}

#[test]
fn all_errors_of_a_blank_form_come_at_once() {
    let mut text = String::new();
    for (name, form) in [("服务侧", SERVICE), ("治理侧", GOVERNANCE), ("存量关联", Form::Stock)] {
        text.push_str(&format!("## {name}\n"));
        for error in check(&Registration::default(), form).unwrap_err().iter() {
            text.push_str(&format!("{}：{}\n", error.field.label(), error.text));
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_bad_value_in_each_field_is_that_fields_error() {
    let long = "长".repeat(101);
    type Bad<'a> = (FieldId, Box<dyn Fn(&mut Registration) + 'a>);
    let cases: Vec<Bad<'_>> = vec![
        (FieldId::Channels, Box::new(|d| d.channels = list(&["zheli_app", "zhezhengding"]))),
        (FieldId::System, Box::new(|d| d.system = "x".into())),
        (FieldId::Name, Box::new(|d| d.name = "1号线".into())),
        (FieldId::Name, Box::new(|d| d.name = "公交-查询".into())),
        (FieldId::Name, Box::new(|d| d.name = "公交 查询".into())),
        (FieldId::Intro, Box::new(|d| d.intro = long.clone())),
        (FieldId::Intro, Box::new(|d| d.intro = "a\u{7}b".into())),
        (FieldId::Icon, Box::new(|d| d.icon = " ".into())),
        (FieldId::Audience, Box::new(|d| d.audience = "all".into())),
        (FieldId::DomesticOs, Box::new(|d| d.domestic_os = "maybe".into())),
        (FieldId::HealthUrl, Box::new(|d| d.health_url = "ftp://a.gov.cn".into())),
        (FieldId::Scope, Box::new(|d| d.scope = list(&["330103"]))),
        (FieldId::Scope, Box::new(|d| d.scope = Vec::new())),
        (FieldId::Vendor, Box::new(|d| d.vendor = long.clone())),
        (FieldId::CreditCode, Box::new(|d| d.credit_code = "91350211M0000XUF46".into())),
        (FieldId::Contacts, Box::new(|d| d.contacts.clear())),
    ];
    let mut text = String::new();
    for (field, spoil) in cases {
        text.push_str(&format!("{}：{}\n", field.label(), only_error(check(&with(&*spoil), SERVICE), field)));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn governance_chooses_a_type_and_a_route() {
    let spoil = |change: fn(&mut Registration), field| {
        let mut draft = governance();
        change(&mut draft);
        only_error(check(&draft, GOVERNANCE), field)
    };
    assert_eq!(spoil(|d| d.kind = "pc".into(), FieldId::Type), "请选择发布类型");
    assert_eq!(spoil(|d| d.unified.clear(), FieldId::Unified), "请选择是否统建：是或否");
    assert_eq!(spoil(|d| d.region.clear(), FieldId::Region), "请选择所属区域");
    spoil(|d| d.region = "330103".into(), FieldId::Region);
    spoil(|d| d.hosted = "no".into(), FieldId::MobileUrl);
    let service = with(|d| d.unified = "yes".into());
    assert_eq!(check(&service, SERVICE).unwrap().unified, None, "governance only");
}

#[test]
fn addresses_follow_the_kind() {
    let url = "https://a.gov.cn/x";
    let filled = |mut draft: Registration| {
        for field in [&mut draft.mobile_url, &mut draft.backup_url, &mut draft.pc_url, &mut draft.health_url] {
            *field = url.to_owned();
        }
        draft.pc_mode = "fill".to_owned();
        draft
    };
    let shown = |draft: Registration, form| {
        let valid = check(&filled(draft), form).unwrap();
        let pc = matches!(valid.pc, PcAddress::Url(_));
        (valid.mobile_url.is_some(), valid.backup_url.is_some(), pc, valid.health_url.is_some())
    };
    let channels = |ids: &[&str]| Registration { channels: list(ids), ..app() };
    //                                                                      mobile backup pc     health
    assert_eq!(shown(channels(&["zheli_app"]), SERVICE), (false, false, false, true));
    assert_eq!(shown(channels(&["service_web"]), SERVICE), (false, false, true, true));
    assert_eq!(shown(channels(&["zheli_app", "service_web"]), SERVICE), (false, false, true, true));
    assert_eq!(shown(governance(), GOVERNANCE), (false, true, true, true));
    let elsewhere = Registration { hosted: "no".into(), ..governance() };
    assert_eq!(shown(elsewhere, GOVERNANCE), (true, false, true, true));
    let mini = Registration { kind: "mini_program".into(), ..governance() };
    assert_eq!(shown(mini, GOVERNANCE), (true, false, true, true));
    assert_eq!(shown(app(), Form::Stock), (true, false, false, true));
}

#[test]
fn the_pc_address_is_filled_in_or_the_same() {
    let web = |mode: &str, url: &str| Registration {
        channels: list(&["service_web"]),
        pc_mode: mode.into(),
        pc_url: url.into(),
        ..app()
    };
    let both = |mode: &str, url: &str| Registration { channels: list(&["zheli_app", "service_web"]), ..web(mode, url) };
    assert_eq!(
        only_error(check(&web("same", ""), SERVICE), FieldId::PcUrl),
        "没有移动端地址，PC端地址请选「填充」并填写网址"
    );
    assert_eq!(only_error(check(&web("", ""), SERVICE), FieldId::PcUrl), "请填写PC端地址");
    assert_eq!(only_error(check(&both("", ""), SERVICE), FieldId::PcUrl), "请选择PC端地址：填充，或同移动端地址");
    assert_eq!(only_error(check(&both("fill", ""), SERVICE), FieldId::PcUrl), "请填写PC端地址");
    assert!(check(&both("fill", "http://a.cn"), SERVICE).is_ok());
    let governed = |mode: &str| Registration { pc_mode: mode.into(), ..governance() };
    assert_eq!(check(&governed(""), GOVERNANCE).unwrap().pc, PcAddress::None);
    assert_eq!(check(&governed("same"), GOVERNANCE).unwrap().pc, PcAddress::SameAsMobile);
    only_error(check(&governed("fill"), GOVERNANCE), FieldId::PcUrl);
}

#[test]
fn a_linked_one_keeps_its_address_until_a_version_is_live_here() {
    let draft = Registration { mobile_url: String::new(), ..app() };
    only_error(check(&draft, Form::Stock), FieldId::MobileUrl);
    let linked = Shape::stock();
    only_error(validate(&draft, Form::Existing(linked), &ENV), FieldId::MobileUrl);
    let live = Shape { live_here: true, ..linked };
    let typed = Registration { mobile_url: "https://new.gov.cn".into(), ..app() };
    assert_eq!(validate(&typed, Form::Existing(live), &ENV).unwrap().mobile_url, None, "the system's");
}

#[test]
fn what_never_changes_is_not_read_from_an_existing_one() {
    let now = check(&app(), SERVICE).unwrap();
    let typed = Registration {
        channels: list(&["service_web"]),
        kind: "pc".into(),
        hosted: "no".into(),
        system: String::new(),
        ..app()
    };
    let valid = validate(&typed, Form::Existing(now.shape), &ENV).unwrap();
    assert_eq!((valid.shape, valid.system), (now.shape, None));
}

#[test]
fn contacts_are_one_to_twenty_and_none_twice() {
    let contact = |name: &str, phone: &str| ContactDraft { name: name.into(), phone: phone.into() };
    let contacts = |list: Vec<ContactDraft>| check(&with(|d| d.contacts = list), SERVICE);
    let many = |count: u32| (0..count).map(|n| contact("李四", &format!("139{n:08}"))).collect::<Vec<_>>();
    assert_eq!(contacts(many(20)).unwrap().contacts.len(), 20);
    assert!(only_error(contacts(many(21)), FieldId::Contacts).contains("现在是 21 位"));
    let twice = contacts(vec![contact("张三", "13812341234"), contact("张三丰", "+86 138-1234-1234")]);
    assert_eq!(only_error(twice, FieldId::Contacts), "手机号与第 1 位相同，请去掉一位");
    let blank_rows = contacts(vec![contact(" ", ""), contact("张三", "１３８ 1234 1234"), contact("", "")]);
    assert_eq!(blank_rows.unwrap().contacts, [Contact { name: "张三".into(), phone: "13812341234".into() }]);
    let errors = contacts(vec![contact("张三", "13812341234"), contact("", "12345")]).unwrap_err();
    assert_eq!(errors.iter().map(|error| error.item).collect::<Vec<_>>(), [Some(1), Some(1)]);
    for good in ["买买提·艾力", "O'Neil John", "José"] {
        assert!(contacts(vec![contact(good, "13812341234")]).is_ok(), "{good}");
    }
    for bad in ["张3", "张三！", "··", "<b>"] {
        assert!(contacts(vec![contact(bad, "13812341234")]).is_err(), "{bad}");
    }
}

#[test]
fn parameters_belong_to_what_is_hosted_and_exists() {
    let parameter = |name: &str, value: &str| ParameterDraft { name: name.into(), value: value.into() };
    let draft = |list: &[ParameterDraft]| Registration { parameters: list.to_vec(), ..app() };
    let shape = check(&app(), SERVICE).unwrap().shape;
    let existing = |draft: &Registration| validate(draft, Form::Existing(shape), &ENV);
    assert!(check(&draft(&[parameter("9", "")]), SERVICE).unwrap().parameters.is_empty(), "not on a new form");
    let two = existing(&draft(&[parameter("B", "2"), parameter("A_1", "")])).unwrap();
    assert_eq!(two.parameters.iter().map(|found| found.name.as_str()).collect::<Vec<_>>(), ["A_1", "B"]);
    only_error(existing(&draft(&[parameter("9A", "")])), FieldId::Parameters);
    only_error(existing(&draft(&[parameter("A", "1"), parameter("A", "2")])), FieldId::Parameters);
    only_error(existing(&draft(&[parameter("A", &"x".repeat(2001))])), FieldId::Parameters);
}

#[test]
fn front_routing_belongs_to_what_is_hosted_and_exists() {
    let draft = |id: &str| Registration { front_routing: id.into(), ..app() };
    let shape = check(&app(), SERVICE).unwrap().shape;
    let existing = |id: &str| validate(&draft(id), Form::Existing(shape), &ENV);
    assert_eq!(check(&draft("hash"), SERVICE).unwrap().front_routing, FrontRouting::History, "not on a new form");
    assert_eq!(existing("").unwrap().front_routing, FrontRouting::History);
    assert_eq!(existing("hash").unwrap().front_routing, FrontRouting::Hash);
    only_error(existing("browser"), FieldId::FrontRouting);
}

#[test]
fn presence_of_every_field_by_kind() {
    let mut text = String::new();
    let channels = |ids: &[&str]| Registration { channels: list(ids), ..app() };
    let app_shape = Shape::guess(Side::Service, &app());
    let linked_live = Shape { live_here: true, ..Shape::stock() };
    let kinds = [
        ("服务侧 浙里办APP", SERVICE, Shape::guess(Side::Service, &channels(&["zheli_app"]))),
        ("服务侧 政务服务网", SERVICE, Shape::guess(Side::Service, &channels(&["service_web"]))),
        ("服务侧 两端", SERVICE, Shape::guess(Side::Service, &channels(&["zheli_app", "service_web"]))),
        ("治理侧 H5 托管", GOVERNANCE, Shape::guess(Side::Governance, &governance())),
        (
            "治理侧 H5 不托管",
            GOVERNANCE,
            Shape::guess(Side::Governance, &Registration { hosted: "no".into(), ..governance() }),
        ),
        (
            "治理侧 小程序",
            GOVERNANCE,
            Shape::guess(Side::Governance, &Registration { kind: "mini_program".into(), ..governance() }),
        ),
        ("存量关联", Form::Stock, Shape::stock()),
        ("变更 浙里办APP", Form::Existing(app_shape), app_shape),
        ("变更 存量，本平台已上线", Form::Existing(linked_live), linked_live),
    ];
    for (name, form, shape) in kinds {
        text.push_str(&format!("## {name}\n"));
        for (title, wanted) in [
            ("必填", Presence::Required),
            ("选填", Presence::Optional),
            ("系统", Presence::System),
            ("无", Presence::Absent),
        ] {
            let labels: Vec<&str> = table::REGISTRATION
                .iter()
                .filter(|field| presence(field.id, form, &shape) == wanted)
                .map(|field| field.label)
                .collect();
            text.push_str(&format!("{title}：{}\n", labels.join("、")));
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn every_field_id_has_one_row() {
    let mut ids: Vec<FieldId> = table::FORMS.iter().copied().flatten().map(|field| field.id).collect();
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for id in ids {
        assert_eq!(id.field().id, id);
    }
}

#[test]
fn drafts_survive_the_wire_and_old_ones_open() {
    let draft =
        Registration { parameters: vec![ParameterDraft { name: "A".into(), value: "1".into() }], ..governance() };
    let text = serde_json::to_string(&draft).unwrap();
    assert_eq!(serde_json::from_str::<Registration>(&text).unwrap(), draft);
    let old: Registration = serde_json::from_str(r#"{"name":"公交"}"#).unwrap();
    assert_eq!(old, Registration { name: "公交".into(), ..Registration::default() });
    let valid = check(&app(), SERVICE).unwrap();
    let text = serde_json::to_string(&valid).unwrap();
    assert_eq!(serde_json::from_str::<ValidRegistration>(&text).unwrap(), valid);
}
