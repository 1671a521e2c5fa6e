//! Stories of messages: written with the change, sent once, tried again, given up, sent again.

use super::fakes::{Does, Peer};
use super::{ATTEMPTS, BACK_OFF_MS, Carriers, deliver_next, overview, resend, resend_all, stop, sweep, work};
use crate::outbox::store::{self, Row};
use crate::publication::apply::{Change, apply};
use crate::publication::ask::Ask;
use crate::publication::register;
use crate::store::audit_event;
use crate::world::{World, approval, both};
use crate::{Engine, Error};
use domain::PublicationId;
use domain::query::{DeadLetterQuery, From};
use domain::view::outbox::Carrier;
use std::time::Duration;

/// Long enough on loopback.
const SHORT: Duration = Duration::from_millis(300);

/// A message is somebody's for less than this. Milliseconds.
const LEASE_MS: i64 = 60_000;

impl World {
    /// The same site, with these carriers; its workers run when they are told to.
    pub(super) async fn telling(&self, carriers: Carriers) -> Engine {
        self.another_engine(true).await.unwrap().with_workshop(|workshop| workshop.carriers = carriers)
    }

    pub(super) async fn outbox(&self) -> Vec<Row> {
        store::all(&mut self.engine.db().reader().await.unwrap()).await.unwrap()
    }

    /// The only message there is.
    async fn message(&self) -> Row {
        let [row] = <[Row; 1]>::try_from(self.outbox().await).unwrap();
        row
    }
}

/// 王建国 registers, and 赵磊, the contact, is told.
async fn registers(w: &World, engine: &Engine, name: &str) -> PublicationId {
    let wang = w.request_of("wangjianguo").await;
    let draft = w.h5(&wang, name).await;
    register(engine, &wang, w.sent(draft)).await.unwrap().id
}

pub(super) async fn by_robot(engine: &Engine) -> bool {
    deliver_next(engine, Carrier::Webhook).await.unwrap()
}

pub(super) async fn by_mail(engine: &Engine) -> bool {
    deliver_next(engine, Carrier::Email).await.unwrap()
}

both! {
    async fn what_is_told_is_written_with_the_change_or_not_at_all(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let engine = w.telling(peer.with_mail(peer.as_robot())).await;
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        assert_eq!(w.outbox().await, [], "a site without carriers writes nothing");
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        let change = |seen| Change { publication: p, seen, key: w.key(), ask: approval() };
        for place in 0.. {
            engine.fail_at(place);
            let seen = w.facts(p).await.version;
            let outcome = apply(&engine, &wang, change(seen)).await;
            engine.fail_at(-1);
            if outcome.is_ok() {
                break;
            }
            assert!(place < 100, "it never succeeds: {outcome:?}");
            assert_eq!(w.outbox().await, [], "place {place}");
        }
        let order = w.order(p).await;
        let rows: Vec<_> = w.outbox().await.into_iter().map(|row| (row.carrier, row.address, row.body)).collect();
        let path = format!("/orders/{}", order.0);
        let asked = serde_json::json!({ "step": { "order": order.0, "step": 1 } });
        let body = |title: &str| {
            serde_json::json!({ "title": title, "people": ["李敏"], "path": path, "asked": asked }).to_string()
        };
        let to = Some("limin@example.gov.cn".to_owned());
        assert_eq!(rows, [
            ("webhook".to_owned(), None, body("「杭州公交查询」的发布申请待审批")),
            ("email".to_owned(), to, body("「杭州公交查询」的发布申请等你审批")),
        ]);
        engine.close().await;
    }

    async fn a_group_is_told_once_of_what_several_people_are_told(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let engine = w.telling(peer.with_mail(peer.as_robot())).await;
        let p = w.registers(&w.request_of("wangjianguo").await, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        let (wang, zhao, li) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("limin").await);
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        let (order, seen) = (w.order(p).await, w.facts(p).await.version);
        let ask = Ask::Approve(order, String::new());
        apply(&engine, &li, Change { publication: p, seen, key: w.key(), ask }).await.unwrap();
        let rows = w.outbox().await;
        let to: Vec<_> = rows.iter().map(|row| row.address.as_deref().unwrap_or("group")).collect();
        assert_eq!(to, ["group", "zhoutao@example.gov.cn", "wufang@example.gov.cn"]);
        assert!(rows[0].body.contains(r#"["周涛","吴芳"]"#), "{}", rows[0].body);
        engine.close().await;
    }

    async fn a_message_goes_once_signed_and_under_its_id(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let engine = w.telling(peer.as_robot()).await;
        let p = registers(w, &engine, "杭州公交查询").await;
        assert!(by_robot(&engine).await);
        assert!(!by_robot(&engine).await, "there was one");
        let row = w.message().await;
        assert_eq!((row.state.as_str(), row.attempts, row.last_error), ("sent", 1, None));
        let [came] = <[_; 1]>::try_from(peer.came()).unwrap();
        assert_eq!(came.id, row.id.to_string());
        let json: serde_json::Value = serde_json::from_str(&came.body).unwrap();
        let card = &json["actionCard"];
        assert_eq!(card["title"], "「杭州公交查询」已登记，联系人可以上传程序包了");
        assert_eq!(card["text"], "### 「杭州公交查询」已登记，联系人可以上传程序包了\n\n通知：赵磊\n\n2026-11-24 08:00");
        assert_eq!(card["singleURL"], format!("http://localhost:3000/dev/{}", p.0));
        w.wait_ms(31 * 24 * 60 * 60_000);
        sweep(&engine).await.unwrap();
        assert_eq!(w.outbox().await, [], "what was sent is kept for a month");
        engine.close().await;
    }

    async fn whatever_goes_wrong_it_is_tried_again_with_the_same_id(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let engine = w.telling(peer.as_robot().with_patience(SHORT)).await;
        for (n, (wrong, sentence)) in [
            (Does::Status(500), "对方答复 HTTP 500"),
            (Does::Status(302), "对方答复 HTTP 302"),
            (Does::Status(429), "对方答复 HTTP 429"),
            (Does::Hangs, "对方在 1 秒内没有答复"),
            (Does::Resets, "与对方的连接中断了"),
            (Does::HalfAnswers, "对方的答复不完整"),
            (Does::Babbles, "对方的答复读不出来"),
            (Does::Code(130_101), "机器人发送太频繁，对方要求稍后再发"),
            (Does::Code(310_000), "对方答复 errcode 310000：不行 138****1234"),
        ].into_iter().enumerate() {
            registers(w, &engine, &format!("公交{n}路")).await;
            peer.does(wrong);
            assert!(by_robot(&engine).await);
            let row = w.outbox().await.pop().unwrap();
            assert_eq!((row.state.as_str(), row.attempts), ("waiting", 1), "{wrong:?}");
            assert_eq!(row.last_error.as_deref(), Some(sentence), "{wrong:?}");
            let after = row.next_at - w.engine.now().0;
            assert!((10_000..=12_000).contains(&after), "{after}");
            w.wait_ms(9_999);
            assert!(!by_robot(&engine).await, "not yet");
            w.wait_ms(2_001);
            assert!(by_robot(&engine).await);
            assert_eq!(w.outbox().await.pop().unwrap().state, "sent", "{wrong:?}");
            let all = peer.came();
            assert_eq!(all.last().unwrap().id, row.id.to_string());
            let twice = all.iter().filter(|came| came.id == row.id.to_string()).count();
            let took = matches!(wrong, Does::Hangs | Does::HalfAnswers);
            assert_eq!(twice, if took { 2 } else { 1 }, "twice only where the peer took it and did not say so: {wrong:?}");
        }
        engine.close().await;
    }

    async fn it_is_given_up_after_the_last_attempt_and_sent_again_by_the_administrator(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let engine = w.telling(peer.as_robot()).await;
        registers(w, &engine, "杭州公交查询").await;
        for attempt in 0..ATTEMPTS {
            peer.does(Does::Status(503));
            assert!(by_robot(&engine).await, "attempt {attempt}");
            let wait = BACK_OFF_MS[usize::try_from(attempt).unwrap().min(BACK_OFF_MS.len() - 1)];
            if attempt + 1 < ATTEMPTS {
                let after = w.message().await.next_at - w.engine.now().0;
                assert!((wait..=wait + wait / 5).contains(&after), "{attempt}: {after}");
            }
            w.wait_ms(wait + wait / 5);
        }
        assert_eq!(w.message().await.state, "dead");
        assert!(!by_robot(&engine).await, "nobody tries it any more");

        let feng = w.request_of("fengxue").await;
        let page = overview(&engine, &feng, DeadLetterQuery::default()).await.unwrap();
        let states: Vec<_> = page.carriers.iter().map(|it| (it.host.is_some(), it.waiting, it.dead)).collect();
        assert_eq!(states, [(true, 0, 1), (false, 0, 0), (false, 0, 0)]);
        let letter = &page.dead[0];
        assert_eq!((letter.to.as_str(), letter.attempts), ("群机器人（赵磊）", ATTEMPTS));
        assert_eq!(letter.error, "对方答复 HTTP 503");
        for other in ["chuqiang", "weiping", "wangjianguo", "zhaolei", "limin", "zhengkai"] {
            let other = w.request_of(other).await;
            assert!(matches!(overview(&engine, &other, DeadLetterQuery::default()).await, Err(Error::Forbidden)));
            assert!(matches!(resend(&engine, &other, letter.id).await, Err(Error::Forbidden)));
            assert!(matches!(resend_all(&engine, &other).await, Err(Error::Forbidden)));
        }
        assert!(matches!(resend(&engine, &feng, w.key()).await, Err(Error::NotFound)));
        resend(&engine, &feng, letter.id).await.unwrap();
        assert!(matches!(resend(&engine, &feng, letter.id).await, Err(Error::NotFound)), "it waits already");
        assert!(by_robot(&engine).await);
        assert_eq!((w.message().await.state.as_str(), peer.came()[0].id.clone()), ("sent", letter.id.to_string()));

        for name in ["公交1路", "公交2路"] {
            registers(w, &engine, name).await;
            peer.does(Does::Status(400));
            assert!(by_robot(&engine).await);
        }
        let page = overview(&engine, &feng, DeadLetterQuery::default()).await.unwrap();
        let dead: Vec<_> = page.dead.iter().map(|letter| (letter.attempts, letter.error.as_str())).collect();
        assert_eq!(dead, [(1, "对方答复 HTTP 400"); 2], "what the peer refuses for good is given up at once");
        resend_all(&engine, &feng).await.unwrap();
        assert!(by_robot(&engine).await && by_robot(&engine).await && !by_robot(&engine).await);
        assert_eq!(overview(&engine, &feng, DeadLetterQuery::default()).await.unwrap().dead, []);
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let ours = events.iter().filter(|e| e.object_kind == "outbox");
        let (done, refused): (Vec<_>, Vec<_>) = ours.partition(|e| e.result == "done");
        assert_eq!(done.iter().map(|e| e.action.as_str()).collect::<Vec<_>>(), ["outbox.resend", "outbox.resend_all"]);
        assert_eq!(refused.len(), 12, "each of the six who may not, twice");
        engine.close().await;
    }

    async fn what_was_given_up_is_seen_page_by_page(w: World) {
        let (feng, at) = (w.request_of("fengxue").await, w.engine.now());
        let ids: Vec<_> = (0..120).map(|_| w.key()).collect();
        let write = w.engine.db().write(ids.clone(), move |conn, ids| {
            Box::pin(async move {
                for id in &*ids {
                    let (body, carrier) = ("{}".to_owned(), Carrier::Webhook);
                    let new = store::NewMessage { id: *id, carrier, person: None, body, at, asks: None, revokes: None };
                    store::insert(conn, new).await?;
                }
                crate::store::raw(conn, "UPDATE outbox SET state = 'dead'").await
            })
        });
        write.await.unwrap();
        let newest_first: Vec<_> = ids.into_iter().rev().collect();
        let (mut from, mut seen, mut sizes) = (From::Start, Vec::new(), Vec::new());
        loop {
            let page = overview(&w.engine, &feng, DeadLetterQuery { from }).await.unwrap();
            seen.extend(page.dead.iter().map(|letter| letter.id));
            sizes.push((page.dead.len(), page.newer.is_some()));
            let Some(older) = page.older else { from = From::After(page.newer.unwrap()); break };
            from = From::Before(older);
        }
        assert_eq!((seen, sizes), (newest_first.clone(), vec![(50, false), (50, true), (20, true)]));
        let back = overview(&w.engine, &feng, DeadLetterQuery { from }).await.unwrap();
        assert_eq!(back.dead.iter().map(|letter| letter.id).collect::<Vec<_>>(), newest_first[50..100]);
    }

    async fn what_one_process_is_sending_no_other_sends(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let (one, two) = (w.telling(peer.as_robot()).await, w.telling(peer.as_robot()).await);
        registers(w, &one, "杭州公交查询").await;
        peer.does(Does::Hangs);
        let sending = tokio::spawn({
            let one = one.clone();
            async move { by_robot(&one).await }
        });
        let id = peer.until(1).await[0].id.clone();
        assert!(!by_robot(&two).await, "the other has it");
        sending.abort();
        assert!(!by_robot(&two).await, "nobody knows yet that the other died");
        w.wait_ms(LEASE_MS);
        assert!(by_robot(&two).await);
        assert_eq!(peer.came().iter().map(|came| came.id.clone()).collect::<Vec<_>>(), [id.clone(), id], "the same id");

        for n in 0..12 {
            registers(w, &one, &format!("公交{n}路")).await;
        }
        let all = |engine: Engine| async move { while by_robot(&engine).await {} };
        tokio::join!(all(one.clone()), all(two.clone()));
        // Who lost a race for a row looks no further.
        all(one.clone()).await;
        let mut ids: Vec<_> = peer.came().into_iter().skip(2).map(|came| came.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((peer.came().len(), ids.len()), (14, 12), "each once");
        one.close().await;
        two.close().await;
    }

    async fn what_was_taken_but_not_noted_goes_again_with_the_same_id(w: World) {
        let peer = Peer::robot(&w.clock).await;
        let engine = w.telling(peer.as_robot()).await;
        registers(w, &engine, "杭州公交查询").await;
        engine.fail_at(0);
        assert!(deliver_next(&engine, Carrier::Webhook).await.is_err());
        assert_eq!((w.message().await.state.as_str(), peer.came().len()), ("waiting", 1));
        w.wait_ms(LEASE_MS);
        assert!(by_robot(&engine).await);
        assert_eq!((w.message().await.state.as_str(), w.message().await.attempts), ("sent", 2));
        let ids: Vec<_> = peer.came().into_iter().map(|came| came.id).collect();
        assert_eq!(ids, [w.message().await.id.to_string(), w.message().await.id.to_string()]);
        engine.close().await;
    }

    async fn workers_send_at_once_and_a_peer_that_hangs_holds_nothing_up(w: World) {
        let (robot, mail) = (Peer::robot(&w.clock).await, Peer::mail_server(&w.clock).await);
        let engine = w.telling(mail.with_mail(robot.as_robot())).await;
        let working = tokio::spawn(work(engine.clone()));
        robot.does(Does::Hangs);
        registers(w, &engine, "公交1路").await;
        robot.until(1).await;
        registers(w, &engine, "公交2路").await;
        assert_eq!(mail.until(2).await.len(), 2, "mail goes though the robot hangs");
        stop(&engine);
        working.abort();
        let _ = working.await;
        engine.close().await;
    }

    async fn mail_has_an_id_a_subject_and_a_link(w: World) {
        let peer = Peer::mail_server(&w.clock).await;
        let engine = w.telling(peer.with_mail(Carriers::default())).await;
        let p = registers(w, &engine, "杭州公交查询").await;
        assert!(by_mail(&engine).await && !by_mail(&engine).await);
        let row = w.message().await;
        assert_eq!((row.state.as_str(), row.address.as_deref()), ("sent", Some("zhaolei@example.gov.cn")));
        let mail = peer.came().remove(0);
        assert_eq!(mail.id, format!("<{}@example.gov.cn>", row.id));
        let (head, body) = mail.body.split_once("\r\n\r\n").unwrap();
        for line in ["Auto-Submitted: auto-generated", "Content-Type: text/plain; charset=utf-8", "Subject: =?utf-8?b?"] {
            assert!(head.contains(line), "{line} in {head}");
        }
        assert!(head.contains("<zhaolei@example.gov.cn>") && head.contains("<publish@example.gov.cn>"), "{head}");
        assert!(head.contains("Date: Tue, 24 Nov 2026 00:00:00 +0000"), "{head}");
        let text = decoded(head, body);
        assert!(text.starts_with("赵磊，你好：\r\n\r\n你是「杭州公交查询」的开发商联系人，可以上传程序包了。"), "{text}");
        assert!(text.contains(&format!("查看详情：http://localhost:3000/dev/{}", p.0)), "{text}");
        engine.close().await;
    }

    async fn an_answer_that_comes_late_is_not_taken_for_that_to_the_next_mail(w: World) {
        let peer = Peer::mail_server(&w.clock).await;
        let engine = w.telling(peer.with_mail(Carriers::default()).with_patience(SHORT)).await;
        registers(w, &engine, "公交一路").await;
        peer.does(Does::Hangs);
        assert!(by_mail(&engine).await);
        registers(w, &engine, "公交二路").await;
        peer.does(Does::Refuses("550 no such user"));
        assert!(by_mail(&engine).await);
        let states: Vec<String> = w.outbox().await.into_iter().map(|row| row.state).collect();
        assert_eq!(states, ["waiting", "dead"], "the second one was refused");
        engine.close().await;
    }

    async fn mail_that_is_refused_is_given_up_and_what_passes_is_tried_again(w: World) {
        let peer = Peer::mail_server(&w.clock).await;
        let engine = w.telling(peer.with_mail(Carriers::default()).with_patience(SHORT)).await;
        for (n, (wrong, state, sentence)) in [
            (Does::Refuses("550 no such user 13812341234"), "dead", "邮件服务器拒收：550 no such user 138****1234"),
            (Does::Refuses("451 greylisted"), "waiting", "邮件服务器要求稍后再试：451 greylisted"),
            (Does::FallsSilent, "waiting", "邮件服务器的答复读不出来"),
            (Does::Hangs, "waiting", "邮件服务器在 1 秒内没有答复"),
        ].into_iter().enumerate() {
            registers(w, &engine, &format!("公交{n}路")).await;
            peer.does(wrong);
            assert!(by_mail(&engine).await);
            let row = w.outbox().await.pop().unwrap();
            assert_eq!((row.state.as_str(), row.last_error.as_deref()), (state, Some(sentence)), "{wrong:?}");
            w.wait_ms(12_000);
            assert_eq!(by_mail(&engine).await, state == "waiting");
            assert_eq!(w.outbox().await.pop().unwrap().state == "sent", state == "waiting", "{wrong:?}");
        }
        let ids: Vec<_> = peer.came().into_iter().map(|came| came.id).collect();
        assert_eq!((ids[1].clone(), ids[3].clone()), (ids[2].clone(), ids[4].clone()), "the same id: {ids:?}");
        engine.close().await;
    }
}

/// The text of a mail, whichever way it was made fit for the wire.
fn decoded(head: &str, body: &str) -> String {
    use base64::Engine as _;
    let body = body.trim_end_matches("\r\n.\r\n");
    if !head.contains("Content-Transfer-Encoding: base64") {
        return body.to_owned();
    }
    let letters: String = body.split_whitespace().collect();
    String::from_utf8(base64::engine::general_purpose::STANDARD.decode(letters).unwrap()).unwrap()
}
