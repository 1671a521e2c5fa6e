//! Stories of work notifications, against the gateway of the tests: told once, in all its ways to fail, withdrawn when what they
//! ask for is over (identity.md, Work notifications).

use super::tests::by_robot;
use super::{ATTEMPTS, Carriers, deliver_next, overview, work_notice};
use crate::outside::DingTalk;
use crate::publication::apply::{Change, apply};
use crate::publication::ask::Ask;
use crate::store::person;
use crate::work_order::urge;
use crate::world::{World, approval, both};
use crate::{Ctx, Engine, Entropy};
use dingtalk::fake::{Fails, Fake, Person, Sent, Setup};
use domain::command::work_order::Urge;
use domain::query::DeadLetterQuery;
use domain::view::outbox::Carrier;
use domain::{OrderId, PublicationId};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Long enough on loopback.
const SHORT: Duration = Duration::from_millis(1_000);

/// A message is somebody's for less than this. Milliseconds.
const LEASE_MS: i64 = 60_000;

const URGE_EVERY_MS: i64 = domain::work_order::URGE_EVERY_MS;

impl World {
    /// A gateway that knows these people of the demo, all of whom are linked.
    pub(crate) async fn gateway(&self, accounts: &[&str]) -> Fake {
        let mut people = Vec::new();
        for (account, n) in accounts.iter().zip(1..) {
            let mut conn = self.engine.db().reader().await.unwrap();
            let person = person::by_account(&mut conn, account).await.unwrap().unwrap();
            let mobile = person.mobile.unwrap_or_else(|| format!("1390000000{n}"));
            let account_id = person.dingtalk_id.unwrap();
            people.push(Person { account_id, name: person.name, mobile, area_code: "86".to_owned() });
        }
        let clock = self.clock.clone();
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Fake::start(Setup { people, ..Setup::default() }, move || clock.now().0, at).await.unwrap()
    }

    /// Links an account with 浙政钉, or no longer.
    pub(crate) async fn link(&self, account: &'static str, dingtalk_id: Option<i64>) {
        let link = self
            .engine
            .db()
            .write((), move |conn, _| Box::pin(async move { person::link(conn, account, dingtalk_id).await }));
        link.await.unwrap();
    }

    /// 浙政钉, there.
    pub(crate) fn dingtalk(&self, fake: &Fake) -> DingTalk {
        DingTalk::of_fake(fake, &self.clock, &Entropy::System, SHORT)
    }

    /// The same site with it, where nothing is sent by itself.
    pub(crate) async fn linked(&self, fake: &Fake) -> Engine {
        let dingtalk = self.dingtalk(fake);
        self.another_engine(true).await.unwrap().with_workshop(|workshop| {
            workshop.carriers = Carriers::default().with_dingtalk(Some(&dingtalk));
            workshop.dingtalk = Some(dingtalk);
        })
    }
}

async fn sends(engine: &Engine) -> bool {
    deliver_next(engine, Carrier::DingTalk).await.unwrap()
}

async fn sends_all(engine: &Engine) {
    while sends(engine).await {}
}

/// 王建国 asks for approval; 李敏 is the first to decide.
async fn asks(w: &World, engine: &Engine, name: &str) -> (PublicationId, OrderId) {
    let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
    let p = w.registers(&wang, name).await;
    let v = w.uploads(p, "1.0.0").await;
    w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
    w.does(&wang, p, Ask::Accept(v)).await;
    does(w, engine, &wang, p, approval()).await;
    (p, w.order(p).await)
}

async fn does(w: &World, engine: &Engine, who: &Ctx, p: PublicationId, ask: Ask) {
    let seen = w.facts(p).await.version;
    apply(engine, who, Change { publication: p, seen, key: w.key(), ask }).await.unwrap();
}

fn text(sent: &Sent) -> &str {
    sent.msg["action_card"]["markdown"].as_str().unwrap()
}

both! {
    async fn who_decides_is_told_once_with_the_way_for_phone_and_desk(w: World) {
        let fake = w.gateway(&["limin", "zhoutao", "wufang", "wangjianguo"]).await;
        let engine = w.linked(&fake).await;
        let (_, order) = asks(w, &engine, "杭州公交查询").await;
        assert!(sends(&engine).await && !sends(&engine).await, "李敏 alone");
        let [sent] = <[Sent; 1]>::try_from(fake.sent()).unwrap();
        let row = w.outbox().await.remove(0);
        assert_eq!((sent.biz_msg_id.clone(), row.state.as_str()), (row.id.to_string(), "sent"));
        assert_eq!(sent.reached, [row.address.unwrap().parse::<i64>().unwrap()]);
        let card = &sent.msg["action_card"];
        assert_eq!(card["title"], "「杭州公交查询」的发布申请等你审批");
        assert_eq!(text(&sent), "2026-11-24 08:00:00 「杭州公交查询」的发布申请等你审批");
        assert_eq!(card["single_title"], "查看详情");
        let (id, console) = (order.0, "http://localhost:3000");
        assert_eq!(card["single_url"], format!("{console}/dingtalk/enter?next=%2Forders%2F{id}"));
        assert_eq!(card["single_pc_url"], format!("{console}/orders/{id}"));
        assert_eq!(fake.refusals(), Vec::<String>::new(), "signed byte for byte");
        assert!(!by_robot(&engine).await, "there is no robot");
        engine.close().await;
    }

    async fn whom_the_gateway_does_not_know_by_id_gets_no_message(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        w.link("limin", None).await;
        asks(w, &engine, "杭州公交查询").await;
        assert!(!sends(&engine).await && w.outbox().await.is_empty());
        engine.close().await;
    }

    async fn every_urging_differs_from_the_last_and_reaches_its_person(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        let (_, order) = asks(w, &engine, "杭州公交查询").await;
        sends_all(&engine).await;
        for _ in 0..3 {
            w.wait_ms(URGE_EVERY_MS);
            let wang = w.request_of("wangjianguo").await;
            urge(&engine, &wang, Urge { id: order, seen: 0, key: w.key() }).await.unwrap();
            sends_all(&engine).await;
        }
        let sent = fake.sent();
        assert!(sent.iter().all(|one| one.withheld.is_empty()), "{sent:?}");
        let texts: Vec<&str> = sent.iter().skip(1).map(text).collect();
        assert_eq!(texts, [
            "催办 08:10:00 「杭州公交查询」的发布申请被催办",
            "第 2 次催办 08:20 「杭州公交查询」的发布申请被催办",
            "第 3 次催办 08:30 「杭州公交查询」的发布申请被催办",
        ]);
        engine.close().await;
    }

    async fn what_is_filed_again_within_the_minute_reaches_its_person_again(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        let wang = w.request_of("wangjianguo").await;
        let (p, order) = asks(w, &engine, "杭州公交查询").await;
        sends_all(&engine).await;
        does(w, &engine, &wang, p, Ask::Withdraw(order)).await;
        w.wait_ms(1_000);
        let wang = w.request_of("wangjianguo").await;
        does(w, &engine, &wang, p, approval()).await;
        sends_all(&engine).await;
        let sent = fake.sent();
        assert!(sent.iter().all(|one| one.withheld.is_empty()), "{sent:?}");
        assert_eq!(sent.iter().filter(|one| text(one).ends_with("等你审批")).count(), 2, "{sent:?}");
        engine.close().await;
    }

    async fn however_the_gateway_fails_the_order_goes_on_and_the_message_comes_once(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        for (n, (fails, state, sentence)) in [
            (Fails::Http500, "waiting", "浙政钉网关答复 HTTP 500"),
            (Fails::Hangs, "waiting", "浙政钉网关在 1 秒内没有答复"),
            (Fails::Resets, "waiting", "与浙政钉网关的连接中断了"),
            (Fails::HalfAnswers, "waiting", "与浙政钉网关的连接中断了"),
            (Fails::Babbles, "waiting", "浙政钉网关的答复读不出来"),
            (Fails::GatewayRefuses, "waiting", "浙政钉网关不受理：1001 没有权限调用"),
            (Fails::ServiceRefuses, "dead", "浙政钉拒绝：1002 不行 138****1234"),
            (Fails::ServiceIsBusy, "waiting", "浙政钉拒绝：1003 系统繁忙，请稍后再试"),
            (Fails::ExpiredToken, "waiting", ""),
        ].into_iter().enumerate() {
            let before = fake.sent().len();
            // The expired one is asked once more by the client, then it is taken.
            fake.fails_at("/message/workNotification", fails, 1);
            let (p, order) = asks(w, &engine, &format!("公交{n}路")).await;
            assert!(sends(&engine).await);
            let row = w.outbox().await.pop().unwrap();
            if sentence.is_empty() {
                assert_eq!((row.state.as_str(), fake.sent().len()), ("sent", before + 1), "{fails:?}");
                continue;
            }
            assert_eq!((row.state.as_str(), row.last_error.as_deref()), (state, Some(sentence)), "{fails:?}");
            w.wait_ms(12_001);
            assert_eq!(sends(&engine).await, state == "waiting", "{fails:?}");
            let sent: Vec<_> = fake.sent().into_iter().skip(before).collect();
            let ids: Vec<String> = sent.iter().map(|one| one.biz_msg_id.clone()).collect();
            let due = if state == "waiting" { vec![row.id.to_string()] } else { Vec::new() };
            assert_eq!(ids, due, "once, under the row's id: {fails:?}");
            assert_eq!(w.order(p).await, order, "the order knows nothing of it");
        }
        engine.close().await;
    }

    async fn what_was_taken_when_its_sender_died_is_not_taken_twice(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        asks(w, &engine, "杭州公交查询").await;
        // Killed between the gateway's yes and the note.
        engine.fail_at(0);
        assert!(deliver_next(&engine, Carrier::DingTalk).await.is_err());
        assert_eq!((fake.sent().len(), w.outbox().await[0].state.as_str()), (1, "waiting"));
        w.wait_ms(LEASE_MS);
        assert!(sends(&engine).await);
        assert_eq!((fake.sent().len(), w.outbox().await[0].state.as_str()), (1, "sent"));
        assert_eq!(fake.refusals(), ["bizMsgId 重复"], "which is a success");
        engine.close().await;
    }

    async fn it_is_given_up_and_listed_with_whom_it_was_for(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        asks(w, &engine, "杭州公交查询").await;
        for _ in 0..ATTEMPTS {
            fake.fails(Fails::Http500);
            assert!(sends(&engine).await);
            w.wait_ms(3 * 60 * 60_000);
        }
        let page = overview(&engine, &w.request_of("fengxue").await, DeadLetterQuery::default()).await.unwrap();
        let state = page.carriers.iter().find(|it| it.carrier == Carrier::DingTalk).unwrap();
        assert_eq!((state.host.as_deref(), state.dead), (fake.address().strip_prefix("http://"), 1));
        assert_eq!((page.dead[0].to.as_str(), page.dead[0].error.as_str()), ("李敏 100106", "浙政钉网关答复 HTTP 500"));
        engine.close().await;
    }

    async fn what_asks_is_withdrawn_when_the_order_is_withdrawn_or_decided(w: World) {
        let fake = w.gateway(&["limin", "zhoutao", "wufang"]).await;
        let engine = w.linked(&fake).await;
        let wang = w.request_of("wangjianguo").await;
        let (p, order) = asks(w, &engine, "杭州公交查询").await;
        sends_all(&engine).await;
        does(w, &engine, &wang, p, Ask::Withdraw(order)).await;
        sends_all(&engine).await;
        let revoked = || fake.sent().iter().map(|one| (text(one)[20..].to_owned(), one.is_revoked)).collect::<Vec<_>>();
        assert_eq!(revoked(), [
            ("「杭州公交查询」的发布申请等你审批".to_owned(), true),
            ("「杭州公交查询」的发布申请已撤回，不用再审批".to_owned(), false),
        ]);

        // The first step is decided while the gateway is away: what it has is withdrawn, what waits is never sent.
        w.wait_ms(60_000);
        does(w, &engine, &wang, p, approval()).await;
        let order = w.order(p).await;
        sends_all(&engine).await;
        fake.fails_at("/message/revoke", Fails::Http500, 1);
        does(w, &engine, &w.request_of("limin").await, p, Ask::Approve(order, String::new())).await;
        sends_all(&engine).await;
        assert!(!fake.sent()[2].is_revoked, "not yet");
        w.wait_ms(12_001);
        sends_all(&engine).await;
        assert!(fake.sent()[2].is_revoked, "it is tried again");
        let to: Vec<usize> = fake.sent().iter().skip(3).map(|one| one.reached.len()).collect();
        assert_eq!(to, [1, 1], "周涛 and 吴芳, a message each");
        // 或签: one of them is enough, and the other need not look any more.
        does(w, &engine, &w.request_of("zhoutao").await, p, Ask::Approve(order, String::new())).await;
        sends_all(&engine).await;
        assert!(fake.sent()[3].is_revoked && fake.sent()[4].is_revoked, "the order is decided: {:?}", fake.sent());
        let last: Vec<_> = fake.sent().into_iter().skip(5).filter(|one| one.is_revoked).collect();
        assert!(last.is_empty(), "what tells of the end stays: {last:?}");
        assert_eq!(fake.refusals(), Vec::<String>::new());
        engine.close().await;
    }

    async fn what_was_never_sent_is_not_withdrawn_either(w: World) {
        let fake = w.gateway(&["limin"]).await;
        let engine = w.linked(&fake).await;
        let wang = w.request_of("wangjianguo").await;
        let (p, order) = asks(w, &engine, "杭州公交查询").await;
        does(w, &engine, &wang, p, Ask::Withdraw(order)).await;
        sends_all(&engine).await;
        assert!(!fake.calls().contains(&"/message/revoke".to_owned()), "{:?}", fake.calls());
        assert_eq!(w.outbox().await.len(), 1, "that it is withdrawn");

        // One that may have been taken is.
        w.wait_ms(60_000);
        fake.fails_at("/message/workNotification", Fails::HalfAnswers, 1);
        does(w, &engine, &wang, p, approval()).await;
        let order = w.order(p).await;
        assert!(sends(&engine).await);
        does(w, &engine, &wang, p, Ask::Withdraw(order)).await;
        for _ in 0..3 {
            w.wait_ms(72_001);
            sends_all(&engine).await;
        }
        assert!(fake.sent()[1].is_revoked, "{:?}", fake.sent());
        assert!(w.outbox().await.iter().all(|row| row.state == "sent"), "{:?}", w.outbox().await);
        engine.close().await;
    }
}

#[test]
fn the_way_is_one_address_whatever_the_path_has() {
    let way = work_notice::entrance("https://publish.example.gov.cn", "/publications/1?tab=running&x=公");
    assert_eq!(
        way,
        "https://publish.example.gov.cn/dingtalk/enter?next=%2Fpublications%2F1%3Ftab%3Drunning%26x%3D%E5%85%AC"
    );
}
