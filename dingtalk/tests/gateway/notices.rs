//! Work notifications, sent once and withdrawn.

use super::{DAY_MS, LI, WANG, World, card};
use dingtalk::fake::Fails;
use dingtalk::{ActionCard, By, Delivery, Error, MSG_MOST, RECEIVERS_MOST, Settings};

const NOTIFY: &str = "/message/workNotification";

#[tokio::test]
async fn people_are_told() {
    let w = World::new().await;
    let sent = w.client.work_notification(&[WANG, LI], "row-1", &card("杭州市交通局")).await.unwrap();
    assert!(matches!(sent, Delivery::Taken { msg_id: Some(id) } if id.starts_with("fake-msg-")));
    let [sent] = <[_; 1]>::try_from(w.fake.until_sent(1).await).unwrap();
    assert_eq!((sent.biz_msg_id.as_str(), sent.reached, sent.is_revoked), ("row-1", vec![WANG, LI], false));
    assert_eq!(sent.msg["action_card"]["markdown"], "杭州市交通局");
    assert_eq!(sent.msg["action_card"]["single_url"], "https://fabu.example.gov.cn/m/orders/1");
    assert_eq!(w.calls_of(super::TOKEN), 0, "it carries no token");
}

#[tokio::test]
async fn a_repeat_is_success_and_reaches_nobody_twice() {
    let w = World::new().await;
    for delivery in [false, true] {
        let sent = w.client.work_notification(&[WANG], "row-1", &card("一")).await.unwrap();
        assert_eq!(sent == Delivery::Repeated, delivery);
    }
    assert_eq!(w.fake.sent().len(), 1);
    assert_eq!(w.fake.refusals(), ["bizMsgId 重复"]);
}

/// The gateway took it, its answer was lost, the outbox asks again.
#[tokio::test]
async fn what_was_taken_without_an_answer_is_a_repeat() {
    for lost in [Fails::HalfAnswers, Fails::Hangs] {
        let w = World::new().await;
        w.fake.fails_at(NOTIFY, lost, 1);
        let client = w.impatient();
        let error = client.work_notification(&[WANG], "row-1", &card("一")).await.unwrap_err();
        assert!(error.is_retryable(), "{error}");
        assert_eq!(w.client.work_notification(&[WANG], "row-1", &card("一")).await, Ok(Delivery::Repeated));
        assert_eq!(w.fake.sent()[0].reached, [WANG]);
    }
}

#[tokio::test]
async fn the_same_text_reaches_a_person_once_a_day() {
    let w = World::new().await;
    let tell = async |id: &str, people: &[i64], text: &str| {
        w.client.work_notification(people, id, &card(text)).await.unwrap();
        let sent = w.fake.sent().pop().unwrap();
        (sent.reached, sent.withheld)
    };
    assert_eq!(tell("1", &[WANG], "催办").await, (vec![WANG], vec![]));
    assert_eq!(tell("2", &[WANG, LI], "催办").await, (vec![LI], vec![WANG]), "nobody says so");
    assert_eq!(tell("3", &[WANG], "第 2 次催办 14:05").await, (vec![WANG], vec![]));
    w.wait_ms(DAY_MS);
    assert_eq!(tell("4", &[WANG], "催办").await, (vec![WANG], vec![]));
    assert_eq!(tell("5", &[7], "催办").await, (vec![], vec![7]), "nor of strangers");
}

#[tokio::test]
async fn another_title_and_another_link_do_not_make_a_text_another() {
    let w = World::new().await;
    let url = "https://fabu.example.gov.cn/m/orders/2";
    let other = ActionCard { title: "又一件", text: "待审批", single_url: url, single_pc_url: url }.fitted().unwrap();
    for (id, msg, reached) in [("1", card("待审批"), vec![WANG]), ("2", other, vec![])] {
        w.client.work_notification(&[WANG], id, &msg).await.unwrap();
        assert_eq!(w.fake.sent().pop().unwrap().reached, reached);
    }
}

#[tokio::test]
async fn a_notification_has_one_to_a_thousand_receivers() {
    let w = World::new().await;
    let people: Vec<i64> = (1..=1_001).collect();
    for many in [0, RECEIVERS_MOST + 1] {
        let sent = w.client.work_notification(&people[..many], "row-1", &card("一")).await;
        assert_eq!(sent, Err(Error::Receivers(many)));
    }
    assert_eq!(w.calls_of(NOTIFY), 0, "it is not even asked");
    let sent = w.client.work_notification(&people[..RECEIVERS_MOST], "row-1", &card("一")).await;
    assert!(matches!(sent, Ok(Delivery::Taken { .. })));
}

#[tokio::test]
async fn the_longest_text_passes_the_gateway() {
    let w = World::new().await;
    let msg = card(&"催\"办\n".repeat(1_000));
    assert!((MSG_MOST - 6..=MSG_MOST).contains(&msg.as_json().len()));
    assert!(w.client.work_notification(&[WANG], "row-1", &msg).await.is_ok());
    assert!(w.fake.sent()[0].msg.to_string().contains('…'));
}

#[tokio::test]
async fn what_was_sent_is_withdrawn() {
    let w = World::new().await;
    w.client.work_notification(&[WANG], "row-1", &card("一")).await.unwrap();
    w.client.work_notification(&[WANG], "row-2", &card("二")).await.unwrap();
    assert_eq!(w.client.revoke("row-1").await, Ok(true));
    assert_eq!(w.client.revoke("row-1").await, Ok(true), "twice does no harm");
    assert_eq!(w.client.revoke("row-9").await, Ok(false));
    let revoked: Vec<bool> = w.fake.sent().iter().map(|sent| sent.is_revoked).collect();
    assert_eq!(revoked, [true, false]);
    let client = w.another(|settings| Settings { client_id: "other_dingoa".to_owned(), ..settings });
    assert!(matches!(client.revoke("row-2").await, Err(Error::Refused(refusal)) if refusal.by == By::Service));
}
