//! Stories of the 工单看板.

use crate::Ctx;
use crate::dashboard::{dashboard, live_today};
use crate::publication::ask::Ask;
use crate::world::{World, approval, both, offline};
use crate::{routing, work_order};
use domain::dashboard::{AGES, DAY_MS};
use domain::fields::{NAMED, RouteDraft, RoutingDraft, StepDraft};
use domain::query::{Counted, Ended, WorkOrderQuery};
use domain::routing::Routing;
use domain::view::dashboard::{Dashboard, OrderList};
use domain::{Action, OrderKind, OrderStatus, PublicationId, RegionCode, UtcMillis};

/// Each number of orders, with what its list is asked.
fn numbers(board: &Dashboard) -> Vec<(String, i64, WorkOrderQuery)> {
    let none = Counted::default;
    let waits = |kind, counted| WorkOrderQuery { kind, counted, ..WorkOrderQuery::default() };
    let ended = |ended, counted| {
        let counted = Counted { ended: Some(ended), ..counted };
        WorkOrderQuery { over: true, counted, ..WorkOrderQuery::default() }
    };
    let status = |status| Counted { status: Some(status), ..none() };
    let mut all = vec![
        ("审批中".to_owned(), board.in_review, waits(None, none())),
        ("超时".to_owned(), board.overdue, waits(None, Counted { overdue: true, ..none() })),
        ("今日完成".to_owned(), board.done_today(), ended(Ended::On(board.now.date()), none())),
    ];
    for (kind, ages) in &board.waiting {
        for (at, n) in (0..).zip(ages) {
            let counted = Counted { age: Some(at), ..none() };
            all.push((format!("{kind:?} {}", AGES[usize::from(at)].0), *n, waits(Some(*kind), counted)));
        }
    }
    for (region, n) in &board.regions {
        all.push((region.site_name(), *n, waits(None, Counted { region: Some(*region), ..none() })));
    }
    for (name, n) in &board.departments {
        all.push((name.clone(), *n, waits(None, Counted { department: name.clone(), ..none() })));
    }
    for load in &board.reviewers {
        all.push((load.name.clone(), load.n, waits(None, Counted { reviewer: Some(load.person), ..none() })));
    }
    for step in &board.steps {
        let counted = Counted { step: Some(step.step), ..none() };
        all.push((format!("step {}", step.step), step.n, ended(Ended::Lately, counted)));
    }
    for (reason, n) in &board.reasons {
        let counted = Counted { reason: reason.clone(), ..status(OrderStatus::Refused) };
        all.push((reason.clone(), *n, ended(Ended::Lately, counted)));
    }
    for day in &board.days {
        let on = Ended::On(day.begin.date());
        all.push((format!("{on:?} approved"), day.approved, ended(on, status(OrderStatus::Approved))));
        all.push((format!("{on:?} refused"), day.refused, ended(on, status(OrderStatus::Refused))));
        all.push((format!("{on:?} withdrawn"), day.withdrawn, ended(on, status(OrderStatus::Withdrawn))));
    }
    all
}

impl World {
    /// Asks each number's list, and finds as many rows; answers how many numbers were not zero.
    async fn every_number_has_its_list(&self, ctx: &Ctx) -> usize {
        let board = dashboard(&self.engine, ctx).await.unwrap();
        let mut counted = 0;
        for (what, n, query) in numbers(&board) {
            let page = match board.list {
                OrderList::All => work_order::all(&self.engine, ctx, &query).await,
                OrderList::Administered => work_order::administered(&self.engine, ctx, &query).await,
                OrderList::Waiting => work_order::waiting(&self.engine, ctx, &query).await,
                OrderList::Initiated => unreachable!("no board leads there"),
            };
            let page = page.unwrap();
            assert_eq!(i64::try_from(page.rows.len()).unwrap(), n, "{what}: {query:?}");
            assert_eq!(page.found.unwrap_or(n), n, "{what}");
            counted += usize::from(n > 0);
        }
        let lives = live_today(&self.engine, ctx).await.unwrap();
        assert_eq!(i64::try_from(lives.rows.len()).unwrap(), board.live_today);
        counted + usize::from(board.live_today > 0)
    }

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
        let later = dashboard(&w.engine, &Ctx { now: UtcMillis(kai.now.0 + 3 * DAY_MS), ..kai.clone() }).await.unwrap();
        assert_eq!(later.waiting, [(OrderKind::Release, [0, 0, 0, 2, 0])], "three days old");
        assert_eq!(later.overdue, 2);
        assert_eq!(later.regions.len(), 2, "the city and the province");

        // Two of the province who are named: it is the department that lies in the city.
        let mut rules = RoutingDraft::from(&Routing::standard());
        let named = StepDraft {
            role: "reviewer".to_owned(),
            area: NAMED.0.to_owned(),
            people: "周涛、吴芳".to_owned(),
            need: "all".to_owned(),
        };
        rules.routes.push(RouteDraft { order: "1".to_owned(), steps: vec![named], ..RouteDraft::default() });
        routing::change(&w.engine, &w.request_of("chuqiang").await, 0, &rules).await.unwrap();
        w.waits_for_approval(&wang, "地铁查询").await;
        let by_name = dashboard(&w.engine, &kai).await.unwrap();
        assert_eq!(by_name.regions[0], (RegionCode::parse("330100").unwrap(), 2), "and one of before");
        assert!(w.every_number_has_its_list(&kai).await > 0);
        assert!(w.every_number_has_its_list(&w.request_of("wufang").await).await > 0);
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
        let tomorrow = Ctx { now: UtcMillis(kai.now.0 + DAY_MS), ..kai.clone() };
        for _ in 0..2 {
            let later = dashboard(&w.engine, &tomorrow).await.unwrap();
            assert_eq!((later.done_today(), later.live_today), (0, 0));
            assert_eq!(later.days[28], *today, "kept as it was");
        }
    }

    async fn each_number_has_a_list_of_as_many_rows_for_whoever_looks(w: World) {
        let (wang, li, zhou) =
            (w.request_of("wangjianguo").await, w.request_of("limin").await, w.request_of("zhoutao").await);
        let names = ["杭州公交查询", "出租车投诉", "道路运输年审", "航道查询", "高速通行费"];
        let mut all = Vec::new();
        for name in names {
            all.push(w.waits_for_approval(&wang, name).await);
        }
        w.approves(&li, all[0]).await;
        w.approves(&zhou, all[0]).await;
        w.approves(&li, all[1]).await;
        let order = w.order(all[2]).await;
        w.does(&li, all[2], Ask::Refuse(order, "材料不全".to_owned())).await;
        w.does(&wang, all[0], offline()).await;
        let order = w.order(all[3]).await;
        w.does(&wang, all[3], Ask::Withdraw(order)).await;
        for (days, at_least) in [(0, 8), (1, 8), (3, 8), (40, 4)] {
            let mut found = Vec::new();
            for who in ["wangjianguo", "chenjing", "limin", "zhoutao", "zhengkai"] {
                let ctx = w.request_of(who).await;
                let later = Ctx { now: UtcMillis(ctx.now.0 + days * DAY_MS), ..ctx };
                found.push((who, w.every_number_has_its_list(&later).await));
            }
            assert!(found[0].1 >= at_least && found[4].1 >= at_least, "{days}: {found:?}");
            assert_eq!(found[1].1, 0, "another department's staff: {found:?}");
            assert!(found[2].1 > 0, "{found:?}");
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
