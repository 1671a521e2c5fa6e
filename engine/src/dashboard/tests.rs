//! Stories of the 工单看板.

use crate::Ctx;
use crate::dashboard::dashboard;
use crate::publication::ask::Ask;
use crate::world::{World, approval, both, offline};
use domain::dashboard::DAY_MS;
use domain::{Action, OrderKind, PublicationId, RegionCode};

impl World {
    async fn waits_for_approval(&self, wang: &Ctx, name: &str) -> PublicationId {
        let zhao = self.request_of("zhaolei").await;
        let p = self.registers(wang, name).await;
        let v = self.uploads(p, "1.0.0").await;
        self.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        self.does(wang, p, Ask::Accept(v)).await;
        self.does(wang, p, approval()).await;
        p
    }
}

both! {
    async fn what_waits_is_counted_by_kind_age_place_and_person(w: World) {
        let (wang, li, kai) =
            (w.request_of("wangjianguo").await, w.request_of("limin").await, w.request_of("zhengkai").await);
        let first = w.waits_for_approval(&wang, "杭州公交查询").await;
        w.waits_for_approval(&wang, "出租车投诉").await;
        let now = dashboard(&w.engine, &kai).await.unwrap();
        assert_eq!((now.in_review, now.overdue, now.done_today(), now.live_today), (2, 0, 0, 0));
        assert_eq!(now.waiting, [(OrderKind::Release, [2, 0, 0, 0, 0])]);
        assert_eq!(now.regions, [(RegionCode::parse("330100").unwrap(), 2)]);
        assert_eq!(now.departments, [("杭州市交通运输局".to_owned(), 2)]);
        assert_eq!(now.reviewers.iter().map(|it| (it.name.as_str(), it.n)).collect::<Vec<_>>(), [("李敏", 2)]);
        assert_eq!((now.median_ms, now.refused_percent()), (None, None));

        w.approves(&li, first).await;
        let later = dashboard(&w.engine, &Ctx { now: domain::UtcMillis(kai.now.0 + 3 * DAY_MS), ..kai.clone() }).await.unwrap();
        assert_eq!(later.waiting, [(OrderKind::Release, [0, 0, 0, 2, 0])], "three days old");
        assert_eq!(later.overdue, 2);
        assert_eq!(later.regions.len(), 2, "the city and the province");
    }

    async fn what_ended_is_counted_by_day_with_how_long_its_steps_took(w: World) {
        let (wang, li, zhou, kai) = (
            w.request_of("wangjianguo").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
            w.request_of("zhengkai").await,
        );
        let p = w.waits_for_approval(&wang, "杭州公交查询").await;
        w.approves(&li, p).await;
        w.approves(&zhou, p).await;
        w.does(&wang, p, offline()).await;
        let order = w.order(p).await;
        w.does(&li, p, Ask::Refuse(order, "仍有用户".to_owned())).await;
        let now = dashboard(&w.engine, &kai).await.unwrap();
        let today = now.days.last().unwrap();
        assert_eq!((now.days.len(), today.approved, today.refused, today.withdrawn), (30, 1, 1, 0));
        assert_eq!((now.done_today(), now.live_today, now.refused_percent()), (2, 1, Some(50)));
        assert_eq!(now.reasons, [("仍有用户".to_owned(), 1)]);
        assert_eq!(now.steps.iter().map(|it| (it.step, it.n)).collect::<Vec<_>>(), [(1, 2), (2, 1)]);
        assert!(now.steps.iter().all(|it| it.median_ms >= 0 && it.median_ms <= it.p90_ms), "{:?}", now.steps);
        let tomorrow = Ctx { now: domain::UtcMillis(kai.now.0 + DAY_MS), ..kai.clone() };
        for _ in 0..2 {
            let later = dashboard(&w.engine, &tomorrow).await.unwrap();
            assert_eq!((later.done_today(), later.live_today), (0, 0));
            assert_eq!(later.days[28], *today, "kept as it was");
        }
    }

    async fn the_feed_has_what_the_viewer_may_see(w: World) {
        let (wang, chen, kai) =
            (w.request_of("wangjianguo").await, w.request_of("chenjing").await, w.request_of("zhengkai").await);
        w.registers(&wang, "杭州公交查询").await;
        let seen = |ctx: Ctx| {
            let engine = w.engine.clone();
            async move {
                let feed = dashboard(&engine, &ctx).await.unwrap().feed;
                feed.into_iter().map(|row| (row.who, row.action, row.name)).collect::<Vec<_>>()
            }
        };
        let registered = [("王建国".to_owned(), Action::Register, "杭州公交查询".to_owned())];
        assert_eq!(seen(wang).await, registered);
        assert_eq!(seen(kai).await, registered, "operators see everything");
        assert_eq!(seen(chen).await, [], "another department");
    }
}
