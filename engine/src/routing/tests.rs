//! Stories of the approval rules: changed, kept by version, tried.

use super::*;
use crate::home;
use crate::publication;
use crate::store::raw;
use crate::work_order;
use crate::world::{World, approval, both};
use domain::fields::{NAMED, Registration, RouteDraft, StepDraft};
use domain::{Action, OrderId, PublicationId};

fn step(role: &str, area: &str, need: &str) -> StepDraft {
    StepDraft { role: role.to_owned(), area: area.to_owned(), need: need.to_owned(), ..StepDraft::default() }
}

/// The province alone decides of this department's releases, before all other rules.
fn with_a_rule_for(department: &str) -> RoutingDraft {
    let mut draft = RoutingDraft::from(&Routing::standard());
    draft.routes.push(RouteDraft {
        order: "1".to_owned(),
        side: "service".to_owned(),
        department: department.to_owned(),
        steps: vec![step("reviewer", "province", "2")],
        ..RouteDraft::default()
    });
    draft
}

impl World {
    /// A page on 政务服务网, which waits for approval at once.
    async fn web_waits(&self, ctx: &Ctx, name: &str) -> PublicationId {
        let draft = Registration {
            channels: vec!["service_web".to_owned()],
            pc_mode: "fill".to_owned(),
            pc_url: "https://example.gov.cn/app".to_owned(),
            ..self.h5(ctx, name).await
        };
        publication::register(&self.engine, ctx, self.sent(draft)).await.unwrap().id
    }

    async fn web_submits(&self, ctx: &Ctx, id: PublicationId) -> OrderId {
        self.does(ctx, id, approval()).await;
        self.order(id).await
    }
}

both! {
    async fn a_new_version_routes_what_is_filed_from_now_on(w: World) {
        let (chu, wang) = (w.request_of("chuqiang").await, w.request_of("wangjianguo").await);
        let before = w.web_waits(&wang, "旧规则的应用").await;
        let old = w.web_submits(&wang, before).await;
        change(&w.engine, &chu, 0, &with_a_rule_for("GO_330100_0017")).await.unwrap();
        let after = w.web_waits(&wang, "新规则的应用").await;
        let shown = work_order::route(&w.engine, &wang, after, Action::SubmitForApproval).await.unwrap();
        assert_eq!(shown.steps.iter().map(|step| step.name.as_str()).collect::<Vec<_>>(), ["浙江省审核人员（任意 2 人）"]);
        let new = w.web_submits(&wang, after).await;
        let steps = async |id| work_order::detail(&w.engine, &wang, id).await.unwrap().timeline.len();
        assert_eq!((steps(old).await, steps(new).await), (2, 1), "what runs keeps the steps that it was filed with");
        let number = async |id: OrderId| {
            crate::store::work_order::routing_number(&mut w.engine.db().reader().await.unwrap(), id.0).await.unwrap()
        };
        assert_eq!((number(old).await, number(new).await), (Some(0), Some(1)));
        let page = page(&w.engine, &chu, None, false).await.unwrap();
        let made = versions(&w.engine, &chu, None).await.unwrap();
        assert_eq!((page.number, made.rows.len(), made.rows[0].by.as_str()), (1, 1, "褚强"));
        assert_eq!(page.draft.routes[0].department, "GO_330100_0017", "in its order");
    }

    async fn people_named_one_by_one_decide_while_they_hold_the_role(w: World) {
        let (chu, wang) = (w.request_of("chuqiang").await, w.request_of("wangjianguo").await);
        let (li, zhou) = (w.request_of("limin").await, w.request_of("zhoutao").await);
        let mut rules = RoutingDraft::from(&Routing::standard());
        let both = StepDraft { people: "李敏、zhoutao".to_owned(), ..step("reviewer", NAMED.0, "2") };
        rules.routes.push(RouteDraft { order: "1".to_owned(), steps: vec![both], ..RouteDraft::default() });
        change(&w.engine, &chu, 0, &rules).await.unwrap();
        let opened = page(&w.engine, &chu, None, false).await.unwrap();
        assert_eq!(opened.draft.routes[0].steps[0].people, "李敏（limin）、周涛（zhoutao）");
        change(&w.engine, &chu, 1, &opened.draft).await.unwrap();
        let p = w.web_waits(&wang, "指定审批的应用").await;
        let shown = work_order::route(&w.engine, &wang, p, Action::SubmitForApproval).await.unwrap();
        assert_eq!(shown.steps[0].people, ["李敏", "周涛"]);
        let order = w.web_submits(&wang, p).await;
        let waits = async |ctx: &Ctx| home::cards(&w.engine, ctx).await.unwrap().orders.total;
        assert_eq!((waits(&li).await, waits(&zhou).await), (1, 1));
        assert_eq!(waits(&w.request_of("wufang").await).await, 0, "the province's, but not named");
        let timeline = async || work_order::detail(&w.engine, &wang, order).await.unwrap().timeline;
        assert_eq!((timeline().await[0].name.as_str(), timeline().await[0].lacks), ("李敏、周涛（任意 2 人）", 2));
        // Without the role nobody decides; with it, wherever, the same person does again.
        w.takes_seat("limin", "330100").await;
        assert_eq!(timeline().await[0].may_decide, ["周涛"]);
        let stuck = page(&w.engine, &chu, None, false).await.unwrap();
        assert_eq!(stuck.stuck.rows[0].step, "李敏、周涛（任意 2 人）");
        assert!(stuck.vacant.iter().any(|(step, _)| step == "李敏、周涛（任意 2 人）"), "{:?}", stuck.vacant);
        let other = w.web_waits(&wang, "人不够的应用").await;
        let blocked = work_order::route(&w.engine, &wang, other, Action::SubmitForApproval).await.unwrap().blocked;
        assert!(blocked.unwrap().contains("李敏、周涛（任意 2 人）"));
        let Err(Error::Invalid(errors)) = change(&w.engine, &chu, 1, &opened.draft).await else {
            panic!("the rules as they are name who has the role no more")
        };
        assert!(errors.iter().next().unwrap().text.contains("没有叫「李敏（limin）」的审核人员"));
        w.gives_seat("limin", "330200").await;
        w.approves(&w.request_of("limin").await, p).await;
        assert_eq!(timeline().await[0].lacks, 1);
        w.approves(&zhou, p).await;
        assert!(timeline().await[0].decided.iter().all(|person| person.approved));
        assert_eq!(waits(&zhou).await, 0);
    }

    async fn a_seat_among_named_people_is_right_whoever_was_first(w: World) {
        let (chu, wang) = (w.request_of("chuqiang").await, w.request_of("wangjianguo").await);
        let mut rules = RoutingDraft::from(&Routing::standard());
        let all = StepDraft { people: "李敏、周涛、吴芳".to_owned(), ..step("reviewer", NAMED.0, "1") };
        rules.routes.push(RouteDraft { order: "1".to_owned(), steps: vec![all], ..RouteDraft::default() });
        change(&w.engine, &chu, 0, &rules).await.unwrap();
        let p = w.web_waits(&wang, "同时的应用").await;
        // The group is made by the first order, while one loses the role and another gets it for one more region.
        let files = w.web_submits(&wang, p);
        let (order, (), ()) = futures_util::join!(files, w.takes_seat("limin", "330100"), w.gives_seat("wufang", "330200"));
        let may = async || work_order::detail(&w.engine, &wang, order).await.unwrap().timeline[0].may_decide.clone();
        assert_eq!(may().await, ["周涛", "吴芳"]);
        w.takes_seat("wufang", "330000").await;
        assert_eq!(may().await, ["周涛", "吴芳"], "there is another region yet");
        w.takes_seat("wufang", "330200").await;
        assert_eq!(may().await, ["周涛"]);
        w.gives_seat("limin", "330300").await;
        assert_eq!(may().await, ["李敏", "周涛"]);
    }

    async fn versions_are_kept_and_two_at_once_are_told(w: World) {
        let chu = w.request_of("chuqiang").await;
        change(&w.engine, &chu, 0, &with_a_rule_for("GO_330100_0017")).await.unwrap();
        let stale = change(&w.engine, &chu, 0, &RoutingDraft::from(&Routing::standard())).await;
        assert!(matches!(stale, Err(Error::Conflict)));
        let first = page(&w.engine, &chu, Some(0), false).await.unwrap();
        assert_eq!((first.shown, first.number), (0, 1));
        change(&w.engine, &chu, 1, &first.draft).await.unwrap();
        let now = page(&w.engine, &chu, None, false).await.unwrap();
        assert_eq!((now.number, now.draft), (2, RoutingDraft::from(&Routing::standard())));
        change(&w.engine, &chu, 2, &first.draft).await.unwrap();
        assert_eq!(page(&w.engine, &chu, None, false).await.unwrap().number, 2, "the same rules are no new version");
        assert!(matches!(page(&w.engine, &chu, Some(9), false).await, Err(Error::NotFound)));
    }

    async fn the_versions_are_paged(w: World) {
        let chu = w.request_of("chuqiang").await;
        let rules = [with_a_rule_for("GO_330100_0017"), RoutingDraft::from(&Routing::standard())];
        for n in 0..21 {
            change(&w.engine, &chu, n, &rules[usize::try_from(n % 2).unwrap()]).await.unwrap();
        }
        let numbers = |page: &ChangePage| page.rows.iter().map(|version| version.number).collect::<Vec<_>>();
        let first = versions(&w.engine, &chu, None).await.unwrap();
        assert_eq!(numbers(&first), (2..=21).rev().collect::<Vec<_>>());
        let second = versions(&w.engine, &chu, first.pages.older).await.unwrap();
        assert_eq!((numbers(&second), second.number, second.pages.older), (vec![1], 21, None));
        assert_eq!(versions(&w.engine, &chu, second.pages.newer).await.unwrap(), first);
    }

    async fn what_is_wrong_is_said_and_not_lost(w: World) {
        let chu = w.request_of("chuqiang").await;
        let Err(Error::Invalid(errors)) = change(&w.engine, &chu, 0, &with_a_rule_for("GO_X")).await else {
            panic!("an unknown department is refused")
        };
        assert!(errors.iter().next().unwrap().text.contains("GO_X"));
        let kept = page(&w.engine, &chu, None, true).await.unwrap();
        assert_eq!((kept.number, kept.draft), (0, with_a_rule_for("GO_X")));
        for account in ["fengxue", "weiping", "wangjianguo"] {
            let who = w.request_of(account).await;
            assert!(matches!(page(&w.engine, &who, None, false).await, Err(Error::Forbidden)));
            assert!(matches!(versions(&w.engine, &who, None).await, Err(Error::Forbidden)));
            let refused = change(&w.engine, &who, 0, &RoutingDraft::default()).await;
            assert!(matches!(refused, Err(Error::Forbidden)));
        }
    }

    async fn an_example_shows_the_steps_and_vacant_seats_are_seen_before_they_hurt(w: World) {
        let chu = w.request_of("chuqiang").await;
        let rules = RoutingDraft::from(&Routing::standard());
        let example = |region: &str| ExampleDraft {
            side: "service".to_owned(),
            kind: "release".to_owned(),
            department_region: region.to_owned(),
            ..ExampleDraft::default()
        };
        let hangzhou = preview(&w.engine, &chu, &rules, &example("330100")).await.unwrap();
        assert_eq!(hangzhou.steps.iter().map(|step| step.people.len()).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(hangzhou.blocked, None);
        let ningbo = preview(&w.engine, &chu, &rules, &example("330200")).await.unwrap();
        assert!(ningbo.blocked.unwrap().contains("宁波市审核人员"));
        let vacant = page(&w.engine, &chu, None, false).await.unwrap().vacant;
        assert!(vacant.iter().any(|(step, _)| step == "宁波市审核人员"));
        assert!(!vacant.iter().any(|(step, _)| step == "杭州市审核人员"), "{vacant:?}");
        let wang = w.request_of("wangjianguo").await;
        assert!(matches!(preview(&w.engine, &wang, &rules, &example("330100")).await, Err(Error::Forbidden)));
    }

    async fn what_nobody_can_decide_is_listed_for_who_can_help(w: World) {
        let (wang, chu) = (w.request_of("wangjianguo").await, w.request_of("chuqiang").await);
        let stuck = async || page(&w.engine, &chu, None, false).await.unwrap().stuck;
        let number = async |who: &Ctx| home::cards(&w.engine, who).await.unwrap().stuck;
        let p = w.web_waits(&wang, "杭州公交查询").await;
        let in_the_city = w.web_waits(&wang, "杭州地铁查询").await;
        for id in [p, in_the_city] {
            w.web_submits(&wang, id).await;
        }
        assert_eq!((stuck().await.total, number(&chu).await), (0, 0));
        w.approves(&w.request_of("limin").await, p).await;
        w.retires("zhoutao").await;
        assert_eq!(stuck().await.total, 0, "one of two is left, and one is enough");
        w.retires("wufang").await;
        let found = stuck().await;
        assert_eq!((found.total, found.rows.len()), (1, 1));
        let order = &found.rows[0];
        assert_eq!((order.name.as_str(), order.step.as_str()), ("杭州公交查询", "浙江省审核人员"));
        assert_eq!((order.kind, order.initiator.as_str()), (domain::OrderKind::Release, "王建国"));
        assert_eq!((number(&chu).await, number(&wang).await), (1, 0));
        w.gives_seat("hemin", "330000").await;
        assert_eq!((stuck().await.total, number(&chu).await), (0, 0));
    }

    async fn too_few_of_several_are_too_few(w: World) {
        let (wang, chu) = (w.request_of("wangjianguo").await, w.request_of("chuqiang").await);
        change(&w.engine, &chu, 0, &with_a_rule_for("GO_330100_0017")).await.unwrap();
        let p = w.web_waits(&wang, "两人同意的应用").await;
        w.web_submits(&wang, p).await;
        let stuck = async || page(&w.engine, &chu, None, false).await.unwrap().stuck;
        assert_eq!(stuck().await.total, 0);
        w.retires("wufang").await;
        assert_eq!(stuck().await.rows.pop().unwrap().step, "浙江省审核人员（任意 2 人）");
        w.approves(&w.request_of("zhoutao").await, p).await;
        assert_eq!(stuck().await.total, 1, "one has decided, and nobody is left for the second");
    }

    async fn who_was_not_seen_for_long_is_away(w: World) {
        let chu = w.request_of("chuqiang").await;
        let away = async |ctx: &Ctx| page(&w.engine, ctx, None, false).await.unwrap().away;
        let steps = |found: Vec<(String, String)>| found.into_iter().map(|(step, _)| step).collect::<Vec<_>>();
        assert_eq!(away(&chu).await, [], "accounts that were just made");
        // Accounts of the demo are made a second after each other.
        w.wait_ms(domain::routing::AWAY_MS + 60_000);
        w.request_of("zhoutao").await;
        w.request_of("wufang").await;
        let chu = w.request_of("chuqiang").await;
        let names = steps(away(&chu).await);
        assert!(names.contains(&"杭州市审核人员".to_owned()), "{names:?}");
        assert!(!names.iter().any(|step| step.starts_with("浙江省审核人员")), "{names:?}");
        w.request_of("limin").await;
        let names = steps(away(&chu).await);
        assert!(!names.contains(&"杭州市审核人员".to_owned()), "{names:?}");
        // An account that was never activated is nobody yet.
        const NEVER: &str = "UPDATE person SET seen_at = NULL, password_hash = NULL WHERE account = 'limin'";
        w.engine.db().write((), |conn, _| Box::pin(raw(conn, NEVER))).await.unwrap();
        let names = steps(away(&chu).await);
        assert!(names.contains(&"杭州市审核人员".to_owned()), "{names:?}");
    }
}
