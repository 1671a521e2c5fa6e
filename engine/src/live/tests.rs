//! Who hears of what, when, and from where a stream goes on.

use super::{Listener, follow, listen};
use crate::account;
use crate::identity::session::{self, Token};
use crate::identity::sign_in;
use crate::publication::ask::Ask;
use crate::store::raw;
use crate::world::{On, World, approval, both};
use crate::{Ctx, Engine};
use domain::view::live::{Heard, News};
use domain::{PublicationId, Side};

impl World {
    async fn ear(&self, ctx: &Ctx) -> Listener {
        listen(&self.engine, ctx, self.engine.heard()).await.unwrap()
    }

    /// PostgreSQL ends the connections on which the log's growth is heard.
    async fn cuts_off_listeners(&self) {
        let mut conn = self.engine.db().reader().await.unwrap();
        raw(
            &mut conn,
            // By nothing it can't divide: there is one.
            "SELECT 1 / COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND query LIKE 'LISTEN%'",
        )
        .await
        .unwrap();
    }
}

/// The next news that is new to the page: what was told before it was opened comes again.
async fn news(ear: &mut Listener, heard: i64) -> News {
    loop {
        match ear.next().await {
            Some(Heard::News(news)) if news.seq > heard => return news,
            Some(Heard::News(_)) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// What comes long before the sessions are looked at by the clock.
async fn soon(ear: &mut Listener) -> Option<Heard> {
    tokio::time::timeout(std::time::Duration::from_secs(20), ear.next()).await.expect("it comes at once")
}

both! {
    async fn those_hear_who_may_see_it(w: World) {
        let (wang, chen, zheng) = (w.request_of("wangjianguo").await, w.request_of("chenjing").await, w.request_of("zhengkai").await);
        let (zhao, li) = (w.request_of("zhaolei").await, w.request_of("limin").await);
        let bus = w.registers(&wang, "杭州公交查询").await;
        let begun = w.engine.heard();
        let (mut of_wang, mut of_zhao, mut of_li) = (w.ear(&wang).await, w.ear(&zhao).await, w.ear(&li).await);
        let (mut of_chen, mut of_zheng) = (w.ear(&chen).await, w.ear(&zheng).await);

        let version = w.uploads(bus, "1.0.0").await;
        w.does(&zhao, bus, Ask::SubmitForAcceptance(version)).await;
        w.does(&wang, bus, Ask::Accept(version)).await;
        w.does(&wang, bus, approval()).await;
        let clinic = w.registers(&chen, "门诊候诊查询").await;

        for ear in [&mut of_wang, &mut of_zhao, &mut of_zheng] {
            let first = news(ear, begun).await;
            assert_eq!((first.publication, first.side, first.order), (bus, Side::Service, None));
            let (second, third) = (news(ear, begun).await, news(ear, begun).await);
            assert!(first.seq < second.seq && second.seq < third.seq);
            assert_eq!(third.order, Some(w.order(bus).await));
            assert_eq!(third.version, w.facts(bus).await.version);
        }
        // The order is what makes it the reviewer's business.
        let first = news(&mut of_li, begun).await;
        assert_eq!(first.publication, bus);
        // Nothing of another department.
        assert_eq!(news(&mut of_chen, begun).await.publication, clinic);
        // Operators hear of everything.
        assert_eq!(news(&mut of_zheng, begun).await.publication, clinic);
    }

    async fn a_stream_goes_on_where_it_broke_off(w: World) {
        let wang = w.request_of("wangjianguo").await;
        w.registers(&wang, "杭州公交查询").await;
        let heard = w.engine.heard();
        let missed = [w.registers(&wang, "杭州地铁查询").await, w.registers(&wang, "杭州单车查询").await];
        let mut ear = listen(&w.engine, &wang, heard).await.unwrap();
        let got = [news(&mut ear, heard).await.publication, news(&mut ear, heard).await.publication];
        assert_eq!(got, missed);
        // Nothing is told twice, and what comes next is heard.
        let next = w.registers(&wang, "杭州轮渡查询").await;
        assert_eq!(news(&mut ear, heard).await.publication, next);
    }

    async fn who_missed_too_much_reads_again(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let bus = w.registers(&wang, "杭州公交查询").await;
        w.publishes(bus, "1.0.0").await;
        for _ in 0..101 {
            w.does(&wang, bus, Ask::Upgrade).await;
            w.does(&wang, bus, Ask::CancelUpgrade).await;
        }
        let mut ear = listen(&w.engine, &wang, 0).await.unwrap();
        assert_eq!(ear.next().await, Some(Heard::Missed(w.engine.heard())));
        let next = w.registers(&wang, "杭州轮渡查询").await;
        assert_eq!(news(&mut ear, 0).await.publication, next);
    }

    async fn a_stream_ends_with_the_session_and_keeps_none_alive(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let ear = w.ear(&wang).await;
        assert_eq!(ear.still_signed_in().await, Some(()));
        w.wait_ms(session::IDLE_MS - 1);
        assert_eq!(ear.still_signed_in().await, Some(()));
        w.wait_ms(1);
        assert_eq!(ear.still_signed_in().await, None, "listening is no use of the session");

        let wang = w.request_of("wangjianguo").await;
        let ear = w.ear(&wang).await;
        session::end(&w.engine, &wang).await.unwrap();
        assert_eq!(ear.still_signed_in().await, None);

        let wang = w.request_of("wangjianguo").await;
        let ear = w.ear(&wang).await;
        w.retires("wangjianguo").await;
        assert_eq!(ear.still_signed_in().await, None);
        assert!(listen(&w.engine, &w.nobody(), 0).await.is_err());
    }

    async fn a_stream_ends_at_once_when_its_session_does_and_others_go_on(w: World) {
        let (wang, zhao, chen) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("chenjing").await);
        let (mut signs_out, mut is_stopped, mut stays) = (w.ear(&wang).await, w.ear(&zhao).await, w.ear(&chen).await);
        session::end(&w.engine, &wang).await.unwrap();
        assert_eq!(soon(&mut signs_out).await, None);
        // As the system administrator does; the next look at all would be a minute later.
        let feng = w.request_of("fengxue").await;
        account::set_active(&w.engine, &feng, zhao.person().unwrap().person, false).await.unwrap();
        assert_eq!(soon(&mut is_stopped).await, None);
        let clinic = w.registers(&chen, "门诊候诊查询").await;
        assert!(matches!(soon(&mut stays).await, Some(Heard::News(news)) if news.publication == clinic));
        // Nor does a sign-in of somebody else end it.
        w.request_of("limin").await;
        assert_eq!(stays.still_signed_in().await, Some(()));
    }

    async fn a_server_that_stops_ends_the_streams(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let mut ear = listen(&w.engine, &wang, w.engine.heard()).await.unwrap();
        w.engine.hang_up();
        while let Some(heard) = ear.next().await {
            assert!(matches!(heard, Heard::News(_)), "only what was told before");
        }
        assert_eq!(listen(&w.engine, &wang, w.engine.heard()).await.unwrap().next().await, None);
    }

    async fn caches_hear_of_it_after_the_commit(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let p: PublicationId = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        let mut hub = w.engine.live().subscribe();
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        let (first, second) = (hub.try_recv().unwrap().happened, hub.try_recv().unwrap().happened);
        assert!(first.seq < second.seq && first.publication == p && !first.switched);
        assert_eq!(second.order, Some(w.order(p).await));
        w.approves(&w.request_of("limin").await, p).await;
        w.approves(&w.request_of("zhoutao").await, p).await;
        let heard: Vec<bool> = (0..2).map(|_| hub.try_recv().unwrap().happened.switched).collect();
        assert_eq!(heard, [false, true]);
    }
}

/// Two processes of one database: what one does is heard in the other, once, and its caches forget.
#[tokio::test]
async fn what_another_process_did_is_heard() {
    let w = World::new(On::Postgres).await;
    let other = w.another_process().await;
    let following = [tokio::spawn(follow(w.engine.clone())), tokio::spawn(follow(other.engine.clone()))];
    let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
    let begun = w.engine.heard();
    let (mut here, mut there) = (w.ear(&wang).await, other.ear(&wang).await);

    let bus = w.registers(&wang, "杭州公交查询").await;
    let version = w.uploads(bus, "1.0.0").await;
    w.does(&zhao, bus, Ask::SubmitForAcceptance(version)).await;
    w.does(&wang, bus, Ask::Accept(version)).await;
    w.does(&wang, bus, approval()).await;
    let ferry = other.registers(&wang, "杭州轮渡查询").await;
    let (mut of_here, mut of_there) = (Vec::new(), Vec::new());
    for (ear, told) in [(&mut here, &mut of_here), (&mut there, &mut of_there)] {
        while told.last().is_none_or(|news: &News| news.publication != ferry) {
            told.push(news(ear, begun).await);
        }
    }
    // Here the ferry came by the log, so the log's rows of the bus had been passed over by then.
    assert_eq!(of_here, of_there);
    assert!(of_here.is_sorted_by(|a, b| a.seq < b.seq), "each once, in the order of the log: {of_here:?}");
    assert!(of_here.iter().any(|news| news.publication == bus && news.order.is_some()));
    assert_eq!(w.engine.heard(), other.engine.heard());

    // A session that is ended here is over there: the log says so before it says what comes next.
    let token = w.token_of("chenjing").await;
    let knows = |engine: Engine, token: &Token| {
        let (token, now) = (token.as_str().to_owned(), engine.now());
        async move { session::resolve(&engine, &token, now, true).await.unwrap().is_some() }
    };
    assert!(knows(other.engine.clone(), &token).await);
    session::end(&w.engine, &w.request_with(&token).await).await.unwrap();
    let tram = w.registers(&wang, "杭州电车查询").await;
    assert_eq!(news(&mut there, begun).await.publication, tram);
    assert!(!knows(other.engine.clone(), &token).await);
    // So is one in whose place another person signs in.
    let token = w.token_of("chenjing").await;
    assert!(knows(other.engine.clone(), &token).await);
    sign_in::by_demo_click(&w.engine, &w.request_with(&token).await, "limin", "test").await.unwrap();
    let rail = w.registers(&wang, "杭州地铁查询").await;
    assert_eq!(news(&mut there, begun).await.publication, rail);
    assert!(!knows(other.engine.clone(), &token).await);

    following.iter().for_each(tokio::task::JoinHandle::abort);
    other.engine.close().await;
    w.end().await;
}

/// Whoever follows goes on after the connection was lost, and misses nothing of what was done meanwhile.
#[tokio::test]
async fn a_lost_connection_loses_nothing() {
    let w = World::new(On::Postgres).await;
    let other = w.another_process().await;
    let following = tokio::spawn(follow(other.engine.clone()));
    let wang = w.request_of("wangjianguo").await;
    let mut there = other.ear(&wang).await;
    let begun = w.engine.heard();
    let bus = w.registers(&wang, "杭州公交查询").await;
    assert_eq!(news(&mut there, begun).await.publication, bus);
    w.cuts_off_listeners().await;
    let ferry = w.registers(&wang, "杭州轮渡查询").await;
    assert_eq!(news(&mut there, w.engine.heard() - 1).await.publication, ferry);
    following.abort();
    other.engine.close().await;
    w.end().await;
}
