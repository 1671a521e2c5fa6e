//! Stories of the lists, the page and the decisions of work orders.

use crate::error::Error;
use crate::publication::ask::Ask;
use crate::store::audit_event;
use crate::store::work_order as stored;
use crate::world::{World, approval_draft, both, offline};
use crate::{Ctx, attachment, home, work_order};
use domain::command::work_order::{Approve, Refuse, Urge, Withdraw};
use domain::fields::{Parts, Registration};
use domain::query::{From, WorkOrderQuery};
use domain::work_order::UrgeRefusal;
use domain::{Action, Offer, OrderId, OrderKind, OrderStatus, PublicationId, State};

impl World {
    /// Of 王建国, with a file attached, waiting in the city.
    async fn waits_in_the_city(&self, name: &str) -> PublicationId {
        let (wang, zhao) = (self.request_of("wangjianguo").await, self.request_of("zhaolei").await);
        let p = self.registers(&wang, name).await;
        let v = self.uploads(p, "1.0.0").await;
        self.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        self.does(&wang, p, Ask::Accept(v)).await;
        let mut draft = approval_draft();
        let pdf = attachment::store(&self.engine, &wang, "测试报告.pdf", b"%PDF-1.7 report".to_vec().into()).await;
        draft.attachments = vec![pdf.unwrap()];
        self.does(&wang, p, Ask::SubmitForApproval(Box::new(draft))).await;
        p
    }

    async fn approve(&self, ctx: &Ctx, id: OrderId) -> Result<State, Error> {
        let command = Approve { id, seen: 0, key: self.key(), comment: "同意上线".to_owned() };
        work_order::approve(&self.engine, ctx, command).await?;
        let order = stored::of(&mut self.engine.db().reader().await?, id.0).await?.unwrap();
        Ok(self.facts(PublicationId(order.publication_id.unwrap())).await.state.unwrap())
    }

    async fn waiting_names(&self, ctx: &Ctx, over: bool) -> Vec<String> {
        let query = WorkOrderQuery { over, ..WorkOrderQuery::default() };
        let page = work_order::waiting(&self.engine, ctx, &query).await.unwrap();
        page.rows.into_iter().map(|row| row.name).collect()
    }
}

fn possible(detail: &domain::view::WorkOrderDetail) -> Vec<Action> {
    detail.offers.iter().filter(|(_, offer)| *offer == Offer::Possible).map(|(action, _)| *action).collect()
}

both! {
    async fn an_order_waits_for_those_who_may_decide_it_now_and_is_done_for_who_has(w: World) {
        let (wang, li, zhou, wu) = (
            w.request_of("wangjianguo").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
            w.request_of("wufang").await,
        );
        let p = w.waits_in_the_city("杭州公交查询").await;
        let order = w.order(p).await;
        let nothing: [&str; 0] = [];
        assert_eq!(w.waiting_names(&li, false).await, ["杭州公交查询"]);
        assert_eq!(w.waiting_names(&zhou, false).await, nothing, "not yet");
        assert_eq!(w.approve(&li, order).await.unwrap(), State::ReleaseInReview);
        assert_eq!(w.waiting_names(&li, false).await, nothing);
        assert_eq!(w.waiting_names(&li, true).await, ["杭州公交查询"], "running, and decided by her");
        for reviewer in [&zhou, &wu] {
            assert_eq!(home::counts(&w.engine, reviewer).await.unwrap().waiting, 1);
        }
        w.approve(&zhou, order).await.unwrap();
        assert_eq!(home::counts(&w.engine, &wu).await.unwrap().waiting, 0);
        assert_eq!(w.waiting_names(&wu, true).await, nothing, "she decided nothing");
        assert_eq!(home::counts(&w.engine, &wang).await.unwrap().waiting, 0, "staff decide none");
        let query = WorkOrderQuery { over: true, ..WorkOrderQuery::default() };
        let page = work_order::initiated(&w.engine, &wang, &query).await.unwrap();
        assert_eq!((page.rows[0].status, page.in_review, page.over), (OrderStatus::Approved, 0, 1));
        let he = w.request_of("hemin").await;
        assert_eq!(work_order::initiated(&w.engine, &he, &query).await.unwrap().over, 0, "a colleague filed it");
        assert!(matches!(work_order::waiting(&w.engine, &wang, &query).await, Err(Error::Forbidden)));
    }

    async fn the_page_shows_the_form_the_steps_and_what_the_viewer_may_do(w: World) {
        let (wang, li, zhou) =
            (w.request_of("wangjianguo").await, w.request_of("limin").await, w.request_of("zhoutao").await);
        let p = w.waits_in_the_city("杭州公交查询").await;
        let order = w.order(p).await;
        let of = |ctx: Ctx| async move { work_order::detail(&w.engine, &ctx, order).await.unwrap() };
        let detail = of(li.clone()).await;
        assert_eq!(detail.form[0], ("申请说明".to_owned(), "首次发布".to_owned()));
        assert!(detail.form.contains(&("联系电话".to_owned(), "13900000009".to_owned())), "who decides may call");
        assert_eq!(detail.release.unwrap().number.to_string(), "1.0.0");
        assert_eq!(possible(&of(li.clone()).await), [Action::Approve, Action::Refuse]);
        assert_eq!(possible(&of(wang.clone()).await), [Action::Withdraw]);
        assert_eq!(possible(&of(zhou.clone()).await), []);
        assert_eq!(of(wang.clone()).await.urge_wait_ms, Some(0));
        assert_eq!(of(li.clone()).await.urge_wait_ms, None);
        let people = |detail: &domain::view::WorkOrderDetail| -> Vec<Vec<String>> {
            detail.timeline.iter().map(|step| step.may_decide.clone()).collect()
        };
        assert_eq!(people(&of(wang.clone()).await), [vec!["李敏".to_owned()], vec!["周涛".to_owned(), "吴芳".to_owned()]]);
        w.approve(&li, order).await.unwrap();
        let detail = of(wang.clone()).await;
        let decided = &detail.timeline[0].decided[0];
        assert_eq!((decided.name.as_str(), decided.approved, decided.comment.as_str()), ("李敏", true, "同意上线"));
        assert!(!detail.timeline[0].current && detail.timeline[1].current);
        let operator = of(w.request_of("zhengkai").await).await;
        assert!(operator.form.contains(&("联系电话".to_owned(), "139****0009".to_owned())));
        for (who, error) in [("chenjing", "not found"), ("zhaolei", "forbidden")] {
            let ctx = w.request_of(who).await;
            let refused = work_order::detail(&w.engine, &ctx, order).await.unwrap_err();
            assert_eq!(refused.to_string(), error, "{who}");
        }
        let ningbo = w.reviewer("yulan", "于兰", "330200").await;
        assert!(matches!(work_order::detail(&w.engine, &ningbo, order).await, Err(Error::NotFound)));
        assert!(matches!(w.approve(&ningbo, order).await, Err(Error::NotFound)));
    }

    async fn a_reason_that_was_not_taken_is_kept_until_the_order_is_refused(w: World) {
        let (li, zhou) = (w.request_of("limin").await, w.request_of("zhoutao").await);
        let (p, other) = (w.waits_in_the_city("杭州公交查询").await, w.waits_in_the_city("地铁客流").await);
        let (order, next) = (w.order(p).await, w.order(other).await);
        work_order::keep_reason(&w.engine, &li, order, "请补充").await.unwrap();
        let detail = work_order::detail(&w.engine, &li, order).await.unwrap();
        assert_eq!((detail.reason.as_str(), detail.next), ("请补充", Some((next, "地铁客流".to_owned()))));
        assert!(detail.opens_publication && detail.key != detail.urge_key);
        assert_eq!(work_order::detail(&w.engine, &zhou, order).await.unwrap().reason, "", "another's");
        let wang = w.request_of("wangjianguo").await;
        assert!(matches!(work_order::keep_reason(&w.engine, &wang, order, "x").await, Err(Error::Forbidden)));
        let refuse = Refuse { id: order, seen: 0, key: w.key(), reason: "请补充测试报告".to_owned() };
        work_order::refuse(&w.engine, &li, refuse).await.unwrap();
        assert_eq!(work_order::detail(&w.engine, &li, order).await.unwrap().reason, "");
    }

    async fn whoever_sees_the_order_gets_its_attachments_and_nobody_else(w: World) {
        let (wang, li) = (w.request_of("wangjianguo").await, w.request_of("limin").await);
        let p = w.waits_in_the_city("杭州公交查询").await;
        let order = w.order(p).await;
        let listed = work_order::detail(&w.engine, &li, order).await.unwrap().attachments;
        assert_eq!((listed[0].name.as_str(), listed[0].size, listed[0].index), ("测试报告.pdf", 15, 0));
        let file = attachment::of_order(&w.engine, &li, order, 0).await.unwrap();
        assert_eq!((file.name.as_str(), &file.bytes[..]), ("测试报告.pdf", b"%PDF-1.7 report".as_slice()));
        assert!(matches!(attachment::of_order(&w.engine, &li, order, 1).await, Err(Error::NotFound)));
        let chen = w.request_of("chenjing").await;
        assert!(matches!(attachment::of_order(&w.engine, &chen, order, 0).await, Err(Error::NotFound)));
        let rows = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let rows: Vec<_> = rows.iter().filter(|row| row.action == "work_order.attachment").collect();
        assert!(rows.iter().all(|row| row.object_id == order.0.to_string()));
        let taken: Vec<_> = rows.iter().map(|row| (row.person_name.as_str(), row.result.as_str())).collect();
        assert_eq!(taken, [("李敏", "done"), ("李敏", "refused"), ("陈静", "refused")]);
        assert!(rows[0].detail.contains("\"file\":\"测试报告.pdf\""), "{}", rows[0].detail);
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg"/>"#.to_vec();
        for wrong in [b"MZ\x90\x00".to_vec(), svg, Vec::new(), [b"%PDF-".to_vec(), vec![0; 10_485_760]].concat()] {
            let refused = attachment::store(&w.engine, &wang, "a.pdf", wrong.into()).await;
            assert!(matches!(refused, Err(Error::InvalidFile(_))));
        }
        let zhao = w.request_of("zhaolei").await;
        let refused = attachment::store(&w.engine, &zhao, "a.pdf", b"%PDF-".to_vec().into()).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
    }

    async fn a_form_can_not_name_the_file_of_somebody_else(w: World) {
        let (wang, zhao, chen) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("chenjing").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        let theirs = attachment::store(&w.engine, &chen, "机密.pdf", b"%PDF-1.7".to_vec().into()).await.unwrap();
        let mut draft = approval_draft();
        draft.attachments = vec![theirs];
        let Err(Error::Invalid(errors)) = w.asks(&wang, p, Ask::SubmitForApproval(Box::new(draft))).await else { panic!() };
        assert!(errors.iter().all(|error| error.field == domain::fields::FieldId::Attachments));
    }

    async fn who_comes_too_late_hears_who_was_faster(w: World) {
        let (wang, li, zhou, wu) = (
            w.request_of("wangjianguo").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
            w.request_of("wufang").await,
        );
        let p = w.waits_in_the_city("杭州公交查询").await;
        let order = w.order(p).await;
        w.approve(&li, order).await.unwrap();
        w.approve(&zhou, order).await.unwrap();
        let late = Refuse { id: order, seen: 0, key: w.key(), reason: "材料不全".to_owned() };
        let Err(Error::OrderOver { status, by, at }) = work_order::refuse(&w.engine, &wu, late).await else { panic!() };
        assert_eq!((status, by.as_str()), (OrderStatus::Approved, "周涛"));
        assert_eq!(domain::words::order_over(status, &by, at), "周涛 已于 2026-11-24 08:00 通过了此工单。请刷新页面查看结果。");
        w.does(&wang, p, offline()).await;
        let second = w.order(p).await;
        let withdraw = || Withdraw { id: second, seen: 0, key: w.key() };
        let he = w.request_of("hemin").await;
        let Err(Error::Refused(refusal)) = work_order::withdraw(&w.engine, &he, withdraw()).await else { panic!() };
        assert_eq!(refusal.reason, domain::refusal::Reason::NotInitiator);
        w.retires("wangjianguo").await;
        work_order::withdraw(&w.engine, &he, withdraw()).await.unwrap();
        assert!(matches!(w.approve(&li, second).await, Err(Error::OrderOver { status: OrderStatus::Withdrawn, .. })));
    }

    async fn urging_is_the_initiators_once_in_ten_minutes(w: World) {
        let (wang, he, li) =
            (w.request_of("wangjianguo").await, w.request_of("hemin").await, w.request_of("limin").await);
        let p = w.waits_in_the_city("杭州公交查询").await;
        let order = w.order(p).await;
        let urge = |ctx: Ctx| async move {
            let ctx = Ctx { now: w.engine.now(), ..ctx };
            work_order::urge(&w.engine, &ctx, Urge { id: order, seen: 0, key: w.key() }).await
        };
        assert!(matches!(urge(he).await, Err(Error::Urge(UrgeRefusal::NotInitiator))));
        assert!(matches!(urge(li.clone()).await, Err(Error::Forbidden)));
        urge(wang.clone()).await.unwrap();
        w.wait_ms(599_000);
        assert!(matches!(urge(wang.clone()).await, Err(Error::Urge(UrgeRefusal::TooSoon { wait_ms: 1_000 }))));
        w.wait_ms(1_000);
        urge(wang.clone()).await.unwrap();
        let detail = work_order::detail(&w.engine, &wang, order).await.unwrap();
        assert_eq!(detail.timeline[0].urged_at.len(), 2);
        w.approve(&li, order).await.unwrap();
        urge(wang.clone()).await.unwrap();
        let told = crate::store::notice::all(&mut w.engine.db().reader().await.unwrap()).await.unwrap();
        let urged: Vec<_> = told.iter().filter(|(_, what)| what == "urged").map(|(who, _)| who.as_str()).collect();
        assert_eq!(urged, ["李敏", "李敏", "周涛", "吴芳"], "another step has its own ten minutes");
    }

    async fn lists_are_filtered_and_lead_down_and_up(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let mut names = Vec::new();
        for n in 0..12 {
            names.push(format!("公交{n:02}号"));
            w.waits_in_the_city(&names[n]).await;
        }
        names.reverse();
        let list = |query: WorkOrderQuery| {
            let wang = wang.clone();
            async move { work_order::initiated(&w.engine, &wang, &query).await.unwrap() }
        };
        let of = |page: &domain::view::work_order::WorkOrderPage| -> Vec<String> {
            page.rows.iter().map(|row| row.name.clone()).collect()
        };
        let ten = WorkOrderQuery { size: 10, ..WorkOrderQuery::default() };
        let first = list(ten.clone()).await;
        assert_eq!((of(&first), first.newer, first.in_review), (names[..10].to_vec(), None, 12));
        let second = list(WorkOrderQuery { from: From::Before(first.older.unwrap()), ..ten.clone() }).await;
        assert_eq!((of(&second), second.older), (names[10..].to_vec(), None));
        let up = list(WorkOrderQuery { from: From::After(second.newer.unwrap()), ..ten.clone() }).await;
        assert_eq!(of(&up), names[..10]);
        for (keyword, found) in [("11号", 1), ("公交", 10), ("SV-00000003", 1), ("地铁", 0)] {
            let page = list(WorkOrderQuery { keyword: keyword.to_owned(), ..ten.clone() }).await;
            assert_eq!(page.rows.len(), found, "{keyword}");
        }
        let kind = |kind| WorkOrderQuery { kind: Some(kind), ..ten.clone() };
        assert_eq!(list(kind(OrderKind::Release)).await.rows.len(), 10);
        assert_eq!(list(kind(OrderKind::Offline)).await.rows.len(), 0);
    }

    async fn an_information_change_is_compared_and_its_numbers_are_masked(w: World) {
        let (wang, li) = (w.request_of("wangjianguo").await, w.request_of("limin").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        let mut draft = Registration::of(&w.granted(&wang, p).await.unwrap().registration().unwrap());
        draft.contacts[0].phone = "13800000002".to_owned();
        w.does(&wang, p, Ask::ChangeInfo(Parts { listing: false, release: true }, Box::new(draft))).await;
        let order = w.order(p).await;
        let after = |ctx: Ctx| async move {
            work_order::detail(&w.engine, &ctx, order).await.unwrap().changes[0].after.clone()
        };
        assert_eq!(after(wang).await, "赵磊 13800000002");
        assert_eq!(after(li).await, "赵磊 138****0002");
    }

    async fn the_route_is_shown_before_it_is_filed(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        let route = work_order::route(&w.engine, &wang, p, Action::SubmitForApproval).await.unwrap();
        let steps: Vec<(&str, usize)> = route.steps.iter().map(|step| (step.name.as_str(), step.people.len())).collect();
        assert_eq!((steps, route.blocked), (vec![("杭州市审核人员", 1), ("浙江省审核人员", 2)], None));
        let change = work_order::route(&w.engine, &wang, p, Action::RequestInfoChange).await.unwrap();
        assert_eq!(change.steps.len(), 1);
        w.retires("zhoutao").await;
        w.retires("wufang").await;
        let blocked = work_order::route(&w.engine, &wang, p, Action::SubmitForApproval).await.unwrap().blocked.unwrap();
        assert!(blocked.contains("浙江省审核人员"), "{blocked}");
    }

    async fn an_order_that_nobody_can_decide_any_more_is_marked(w: World) {
        let (wang, li) = (w.request_of("wangjianguo").await, w.request_of("limin").await);
        let p = w.waits_in_the_city("杭州公交查询").await;
        let order = w.order(p).await;
        w.approve(&li, order).await.unwrap();
        w.retires("zhoutao").await;
        assert!(!work_order::detail(&w.engine, &wang, order).await.unwrap().row.nobody_can_decide);
        w.retires("wufang").await;
        assert!(work_order::detail(&w.engine, &wang, order).await.unwrap().row.nobody_can_decide);
    }
}
