//! Cards that fit, and cards that are cut.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

const URL: &str = "https://fabu.example.gov.cn/orders/019386a0-0000-7000-8000-000000000001";

fn card<'a>(title: &'a str, text: &'a str) -> ActionCard<'a> {
    ActionCard { title, text, single_url: URL, single_pc_url: URL }
}

fn parsed(msg: &Msg) -> Value {
    serde_json::from_str(msg.as_json()).unwrap()
}

#[test]
fn a_card_that_fits_is_as_published() {
    let msg = card("「杭州公交查询」的发布申请等你审批", "第 2 次催办 14:05").fitted().unwrap();
    assert_eq!(
        parsed(&msg),
        json!({
            "msgtype": "action_card",
            "action_card": {
                "title": "「杭州公交查询」的发布申请等你审批",
                "markdown": "第 2 次催办 14:05",
                "single_title": "查看详情",
                "single_url": URL,
                "single_pc_url": URL,
            },
        })
    );
}

#[test]
fn a_long_text_is_cut_between_letters_and_says_so() {
    let text = "催办".repeat(1_000);
    let msg = card("待审批", &text).fitted().unwrap();
    let cut = parsed(&msg)["action_card"]["markdown"].as_str().unwrap().to_owned();
    assert!((MSG_MOST - 2..=MSG_MOST).contains(&msg.as_json().len()), "{}", msg.as_json().len());
    assert!(text.starts_with(cut.strip_suffix('…').unwrap()));
}

#[test]
fn a_long_title_leaves_half_to_the_text() {
    let (title, text) = ("题".repeat(2_000), "文".repeat(2_000));
    let msg = card(&title, &text).fitted().unwrap();
    let sent = &parsed(&msg)["action_card"];
    let letters = |name: &str| sent[name].as_str().unwrap().chars().count();
    assert!(letters("title").abs_diff(letters("markdown")) <= 2);
    let msg = card(&title, "短").fitted().unwrap();
    assert_eq!(parsed(&msg)["action_card"]["markdown"], "短");
}

#[test]
fn addresses_that_leave_no_room_are_refused() {
    let long = format!("https://a/{}", "x".repeat(1_000));
    let card = ActionCard { title: "t", text: "t", single_url: &long, single_pc_url: &long };
    assert_eq!(card.fitted(), Err(TooLong { bytes: card.json("", "").len() }));
}

proptest! {
    /// What is escaped counts as it is written.
    #[test]
    fn bytes_are_counted_as_they_are_written(text in "\\PC{0,20}[\u{0}-\u{7f}]{0,40}\\PC{0,20}") {
        prop_assert_eq!(written(&text), serde_json::json!(text).to_string().len() - 2);
    }

    /// It always fits, is valid JSON, is a beginning of what was given, and no more was cut than had to be.
    #[test]
    fn every_card_fits(
        title in "[\u{0}-\u{7f}您有👍\"\\\\]{0,900}",
        text in "[\u{0}-\u{7f}您有👍\"\\\\]{0,2500}",
        path in "[a-z?&=%\"]{0,400}",
    ) {
        let url = format!("https://fabu.example.gov.cn/{path}");
        let card = ActionCard { title: &title, text: &text, single_url: &url, single_pc_url: &url };
        let msg = card.fitted().unwrap();
        prop_assert!(msg.as_json().len() <= MSG_MOST);
        let json = parsed(&msg);
        let sent = |name: &str| json["action_card"][name].as_str().unwrap().to_owned();
        for (given, sent) in [(&title, sent("title")), (&text, sent("markdown"))] {
            prop_assert!(*given == sent || given.starts_with(sent.strip_suffix('…').unwrap()), "{}", sent);
        }
        if sent("markdown") != text {
            // The next letter, six bytes at most, had no room any more.
            prop_assert!(msg.as_json().len() > MSG_MOST - 6);
        }
        prop_assert_eq!(json["action_card"]["single_url"].as_str(), Some(url.as_str()));
    }
}
