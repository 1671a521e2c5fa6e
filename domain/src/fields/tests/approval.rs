use super::*;
use crate::fields::files::{ATTACHMENT_MAX_BYTES, FileKind};
use crate::fields::requests::HostDraft;
use crate::region::sites;
use crate::time::UtcMillis;

/// 2026-11-24 14:00 in China.
fn now() -> UtcMillis {
    UtcMillis::from_local("2026-11-24T14:00").unwrap()
}

fn case() -> ApprovalCase {
    ApprovalCase { hosted: true, scope: sites(&list(&["330000", "330100", "330102"])).unwrap(), now: now() }
}

fn list(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

fn good() -> ApprovalDraft {
    ApprovalDraft {
        statement: "首次发布".into(),
        test_report: "已通过功能和性能测试".into(),
        contact_name: "王芳".into(),
        contact_phone: "0571-87654321".into(),
        ..ApprovalDraft::default()
    }
}

fn file(name: &str, kind: Option<FileKind>, size: u64) -> AttachmentDraft {
    AttachmentDraft { hash: "h".into(), name: name.into(), kind, size }
}

#[test]
fn the_approval_form_good_and_blank() {
    let valid = validate_approval(&good(), &case(), &ENV).unwrap();
    assert_eq!((valid.expected_date, valid.rollout), (None, ValidRollout::Now));
    let today = ApprovalDraft { expected_date: "2026-11-24".into(), ..good() };
    assert!(validate_approval(&today, &case(), &ENV).unwrap().expected_date.is_some());
    let errors = validate_approval(&ApprovalDraft::default(), &case(), &ENV).unwrap_err();
    let texts: Vec<&str> = errors.iter().map(|error| error.text.as_str()).collect();
    assert_eq!(texts, ["请填写申请说明", "请填写测试情况", "请填写联系人", "请填写联系电话"]);
}

#[test]
fn the_approval_form_bad() {
    let spoil = |change: fn(&mut ApprovalDraft)| {
        let mut draft = good();
        change(&mut draft);
        let errors = validate_approval(&draft, &case(), &ENV).unwrap_err();
        errors.iter().map(|error| format!("{}：{}", error.field.label(), error.text)).collect::<Vec<_>>().join("\n")
    };
    let texts = [
        spoil(|d| d.statement = "字".repeat(501)),
        spoil(|d| d.contact_phone = "110".into()),
        spoil(|d| d.expected_date = "2026-11-23".into()),
        spoil(|d| d.expected_date = "2026-02-30".into()),
        spoil(|d| d.attachments = vec![file("a.pdf", Some(FileKind::Pdf), 1); 6]),
        spoil(|d| {
            d.attachments = vec![file("a.exe", None, 1), file("b.pdf", Some(FileKind::Pdf), ATTACHMENT_MAX_BYTES + 1)]
        }),
        spoil(|d| d.attachments = vec![file("c.png", Some(FileKind::Png), 0)]),
        spoil(|d| d.rollout.mode = "later".into()),
        spoil(|d| d.rollout.mode = "at".into()),
        spoil(|d| (d.rollout.mode, d.rollout.at) = ("at".into(), "2026-11-24T14:00".into())),
        spoil(|d| (d.rollout.mode, d.rollout.at) = ("at".into(), "morgen".into())),
        spoil(|d| d.rollout.mode = "batches".into()),
    ];
    insta::assert_snapshot!(texts.join("\n"));
    let five =
        ApprovalDraft { attachments: vec![file("a.jpg", Some(FileKind::Jpg), ATTACHMENT_MAX_BYTES); 5], ..good() };
    assert!(validate_approval(&five, &case(), &ENV).is_ok());
    let exactly = ApprovalDraft { statement: "字".repeat(500), ..good() };
    assert!(validate_approval(&exactly, &case(), &ENV).is_ok());
}

fn batches(list_of: &[(&str, &[&str], &str)]) -> ApprovalDraft {
    let batch = |(name, codes, at): &(&str, &[&str], &str)| BatchDraft {
        name: (*name).into(),
        sites: list(codes),
        at: (*at).into(),
    };
    let rollout =
        RolloutDraft { mode: "batches".into(), at: String::new(), batches: list_of.iter().map(batch).collect() };
    ApprovalDraft { rollout, ..good() }
}

#[test]
fn every_site_is_in_exactly_one_batch() {
    let draft = batches(&[("试点", &["330102"], ""), ("全部", &["330000", "330100"], "2026-11-25T09:00")]);
    let valid = validate_approval(&draft, &case(), &ENV).unwrap();
    let nine = UtcMillis::from_local("2026-11-25T09:00").unwrap();
    let of = |rollout: ValidRollout| {
        rollout
            .batches(&case().scope)
            .into_iter()
            .map(|batch| (batch.name, batch.sites.len(), batch.at))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(valid.rollout), [("试点".to_owned(), 1, None), ("全部".to_owned(), 2, Some(nine))]);
    assert_eq!(of(ValidRollout::At(nine)), [(String::new(), 3, Some(nine))], "定时 is one batch of all");
    assert_eq!(of(ValidRollout::Now), []);
    let mut text = String::new();
    for bad in [
        batches(&[("试点", &["330102"], ""), ("全部", &["330000"], "")]),
        batches(&[("试点", &["330102", "330000"], ""), ("全部", &["330000", "330100", "330102"], "")]),
        batches(&[("试点", &["330102", "330200"], ""), ("试点", &["330000", "330100"], "")]),
        batches(&[("", &["330102", "330000", "330100"], ""), ("空", &[], "2020-01-01T00:00")]),
        batches(&[("未知", &["330102", "330000", "330100", "330103"], "x")]),
    ] {
        for error in validate_approval(&bad, &case(), &ENV).unwrap_err().iter() {
            text.push_str(&format!("{:?} {}\n", error.item, error.text));
        }
        text.push('\n');
    }
    insta::assert_snapshot!(text);
    let elsewhere = ApprovalCase { hosted: false, ..case() };
    assert_eq!(validate_approval(&batches(&[]), &elsewhere, &ENV).unwrap().rollout, ValidRollout::Now, "hosted only");
}

#[test]
fn the_small_forms() {
    let offline = |reason: &str, substitute: &str| {
        validate_offline(&OfflineDraft { reason: reason.into(), substitute: substitute.into() })
    };
    assert_eq!(offline("系统合并", " ").unwrap().substitute, None);
    assert_eq!(offline("系统合并", "浙里办").unwrap().substitute.as_deref(), Some("浙里办"));
    assert_eq!(offline(" ", "").unwrap_err().iter().next().unwrap().text, "请填写下线原因");
    assert_eq!(validate_reason(" 材料不全 ").as_deref(), Ok("材料不全"));
    assert_eq!(validate_reason("\n").unwrap_err().iter().next().unwrap().text, "请填写原因");
    assert!(validate_reason(&"字".repeat(501)).is_err());
}

#[test]
fn a_version_is_higher_than_what_was_submitted_or_live() {
    let upload = |number: &str| UploadDraft { number: number.into(), ..UploadDraft::default() };
    let taken = Some("1.9.0".parse().unwrap());
    assert!(validate_upload(&upload(" 1.10.0 "), taken).is_ok());
    let text = |number: &str| validate_upload(&upload(number), taken).unwrap_err().iter().next().unwrap().text.clone();
    assert_eq!(text("1.9.0"), "版本号要高于已提交验收或上线过的 1.9.0，例如 1.9.1");
    assert_eq!(text("1.08.0"), "版本号要写成 主.次.修订 三个数字，如 1.2.0，数字前面不加 0");
    assert_eq!(text(""), "请填写版本号");
    assert!(validate_upload(&upload("0.0.1"), None).is_ok());
    let hosts = |list: &[(&str, &str)]| {
        let host = |(host, purpose): &(&str, &str)| HostDraft { host: (*host).into(), purpose: (*purpose).into() };
        validate_upload(&UploadDraft { hosts: list.iter().map(host).collect(), ..upload("1.0.0") }, None)
    };
    assert_eq!(hosts(&[("API.gov.cn", "数据"), ("", "")]).unwrap().hosts[0].host, "api.gov.cn");
    for bad in [&[("https://a.cn", "x")][..], &[("a.cn", "")], &[("a.cn", "x"), ("A.cn", "y")], &[("host", "x")]] {
        assert!(hosts(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn approval_drafts_survive_the_wire() {
    let draft = batches(&[("试点", &["330102"], "")]);
    let text = serde_json::to_string(&draft).unwrap();
    assert_eq!(serde_json::from_str::<ApprovalDraft>(&text).unwrap(), draft);
    let valid = validate_approval(&good(), &case(), &ENV).unwrap();
    let text = serde_json::to_string(&valid).unwrap();
    assert_eq!(serde_json::from_str::<ValidApproval>(&text).unwrap(), valid);
}
