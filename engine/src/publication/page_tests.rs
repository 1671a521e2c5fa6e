//! Stories of the page of a publication, its approval form and the menus of a list.

use crate::error::Error;
use crate::publication::ask::Ask;
use crate::publication::{approval_form, detail, list, save_approval_draft};
use crate::store::raw;
use crate::world::{approval, approval_draft, both, offline};
use domain::query::PublicationQuery;
use domain::turn::WhoseTurn;
use domain::{Action, Offer, Side, Stage, StageStatus, State};

both! {
    async fn a_page_has_what_its_viewer_needs(w: World) {
        let (wang, zhao, li) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("limin").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        w.uploads_with(p, "1.0.0", &[Stage::SourceCheck]).await;
        let page = detail(&w.engine, &wang, p).await.unwrap();
        assert_eq!((page.department.as_str(), page.live_address.as_str()), ("杭州市交通运输局", ""));
        assert_eq!(page.versions[0].stages[..2], [(Stage::SourceCheck, StageStatus::Passed), (Stage::Build, StageStatus::Running)]);
        assert_eq!(page.workbench, [], "the workbench is the developer's");
        let page = detail(&w.engine, &zhao, p).await.unwrap();
        let offers: Vec<_> = page.workbench.iter().map(|(action, offer)| (*action, *offer == Offer::Possible)).collect();
        assert_eq!(offers, [(Action::Upload, true), (Action::SubmitForAcceptance, false)]);
        let v = w.uploads(p, "1.0.1").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Reject(v, "缺少隐私政策".to_owned())).await;
        assert_eq!(detail(&w.engine, &zhao, p).await.unwrap().rejection.as_deref(), Some("缺少隐私政策"));
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        let page = detail(&w.engine, &li, p).await.unwrap();
        assert_eq!((page.rejection, page.orders.len()), (None, 1));
        assert_eq!(page.registration.contacts[0].phone, "138****0001", "a reviewer need not call the developer");
        assert_eq!(detail(&w.engine, &zhao, p).await.unwrap().registration.contacts[0].phone, "13800000001");
        assert_eq!(detail(&w.engine, &zhao, p).await.unwrap().orders, [], "orders are not for developers");
    }

    async fn whose_turn_it_is_says_why_the_last_request_was_refused(w: World) {
        let (wang, zhao, li) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("limin").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let said = async |of| {
            let refused = detail(&w.engine, of, p).await.unwrap().refused;
            refused.map(|refused| (refused.reason, refused.by, refused.order))
        };
        let why = |reason: &str, order| Some((reason.to_owned(), "李敏".to_owned(), order));
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        let order = w.order(p).await;
        assert_eq!(said(&wang).await, None);
        w.does(&li, p, Ask::Refuse(order, "材料不全".to_owned())).await;
        for (of, opens) in [(&wang, Some(order)), (&li, Some(order)), (&zhao, None)] {
            assert_eq!(said(of).await, why("材料不全", opens), "only who may open the order is led to it");
        }
        w.does(&wang, p, Ask::Redeploy).await;
        assert_eq!(said(&zhao).await, why("材料不全", None), "it is what the next version must do better");
        w.publishes(p, "1.0.1").await;
        assert_eq!(said(&wang).await, None, "the next request went through");
        w.does(&wang, p, offline()).await;
        let order = w.order(p).await;
        w.does(&li, p, Ask::Refuse(order, "仍有人在用".to_owned())).await;
        assert_eq!(said(&wang).await, why("仍有人在用", Some(order)));
        assert_eq!(said(&zhao).await, None, "what else staff ask for is not for developers");
        w.wait_ms(1);
        w.does(&wang, p, Ask::Upgrade).await;
        assert_eq!(said(&wang).await, None, "something else is under way");
    }

    async fn a_refused_upgrade_that_was_given_up_says_nothing_of_the_next(w: World) {
        let (wang, zhao, li) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("limin").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        w.does(&wang, p, Ask::Upgrade).await;
        let v = w.uploads(p, "1.1.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        let order = w.order(p).await;
        w.does(&li, p, Ask::Refuse(order, "截图不清".to_owned())).await;
        w.wait_ms(1);
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let said = async |of| detail(&w.engine, of, p).await.unwrap().refused.map(|refused| refused.reason);
        w.does(&wang, p, Ask::Redeploy).await;
        for of in [&wang, &zhao] {
            assert_eq!(said(of).await.as_deref(), Some("截图不清"), "the same upgrade goes on");
        }
        w.does(&wang, p, Ask::CancelUpgrade).await;
        assert_eq!(said(&wang).await, None, "it is over");
        w.does(&wang, p, Ask::Upgrade).await;
        for of in [&wang, &zhao] {
            assert_eq!(said(of).await, None, "another upgrade");
        }
        let v = w.uploads(p, "1.2.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        assert_eq!(said(&wang).await, None, "nothing of it was refused");
    }

    async fn the_address_is_there_while_it_is_live(w: World) {
        let (wang, li, zhou) =
            (w.request_of("wangjianguo").await, w.request_of("limin").await, w.request_of("zhoutao").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        let page = detail(&w.engine, &wang, p).await.unwrap();
        assert_eq!((page.live_address.as_str(), page.versions[0].live), ("sv00000001", true));
        w.does(&wang, p, offline()).await;
        w.approves(&li, p).await;
        w.approves(&zhou, p).await;
        let page = detail(&w.engine, &wang, p).await.unwrap();
        assert_eq!((page.live_address.as_str(), page.versions[0].live), ("", false));
    }

    async fn the_approval_form_opens_with_the_account_then_with_the_draft(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let Err(Error::Refused(refusal)) = approval_form(&w.engine, &wang, p, false).await else { panic!("not yet") };
        assert!(refusal.sentence().contains("部署准备中"), "{}", refusal.sentence());
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        let form = approval_form(&w.engine, &wang, p, false).await.unwrap();
        assert_eq!((form.draft.contact_name.as_str(), form.saved_at, form.hosted), ("王建国", None, true));
        assert_eq!(form.release.unwrap().version, v);
        assert_eq!((form.route.steps.len(), form.route.blocked), (2, None));
        let saved = save_approval_draft(&w.engine, &wang, p, &approval_draft()).await.unwrap();
        let form = approval_form(&w.engine, &wang, p, false).await.unwrap();
        assert_eq!((form.draft, form.saved_at), (approval_draft(), Some(saved)));
        let mut later = approval_draft();
        (later.rollout.mode, later.statement) = ("at".to_owned(), String::new());
        save_approval_draft(&w.engine, &wang, p, &later).await.unwrap();
        let errors = approval_form(&w.engine, &wang, p, true).await.unwrap().errors;
        let Err(Error::Invalid(sent)) = w.asks(&wang, p, Ask::SubmitForApproval(Box::new(later))).await else { panic!() };
        assert_eq!(errors, sent, "the form that comes back says what sending it says");
        w.does(&wang, p, approval()).await;
        let order = w.order(p).await;
        w.does(&wang, p, Ask::Withdraw(order)).await;
        let form = approval_form(&w.engine, &wang, p, false).await.unwrap();
        assert_eq!(form.draft.statement, "", "what was sent is no draft any more");
        let chen = w.request_of("chenjing").await;
        assert!(matches!(approval_form(&w.engine, &chen, p, false).await, Err(Error::NotFound)));
        assert!(matches!(save_approval_draft(&w.engine, &chen, p, &approval_draft()).await, Err(Error::NotFound)));
    }

    async fn the_page_says_how_long_its_step_usually_takes_once_five_cases_tell(w: World) {
        const HOUR: i64 = 60 * 60 * 1000;
        let usual = async |of| detail(&w.engine, &w.request_of("wangjianguo").await, of).await.unwrap().usual_ms;
        let waits = w.registers(&w.request_of("wangjianguo").await, "还在等的服务").await;
        for hours in [5, 1, 4, 2, 3] {
            assert_eq!(usual(waits).await, None);
            let p = w.registers(&w.request_of("wangjianguo").await, &format!("服务{hours}")).await;
            let v = w.uploads(p, "1.0.0").await;
            w.wait_ms(hours * HOUR);
            w.does(&w.request_of("zhaolei").await, p, Ask::SubmitForAcceptance(v)).await;
            assert_eq!(usual(p).await, None, "nothing was accepted yet");
        }
        assert_eq!(usual(waits).await, Some(3 * HOUR));
        w.wait_ms((30 * 24 - 9) * HOUR);
        assert_eq!(usual(waits).await, None, "the first is longer ago than 30 days: four are left");
    }

    async fn every_row_of_a_list_has_the_menu_of_its_own_page(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let live = w.registers(&wang, "杭州公交查询").await;
        let first = w.publishes(live, "1.0.0").await;
        w.does(&wang, live, Ask::Upgrade).await;
        w.does(&wang, live, Ask::CancelUpgrade).await;
        let waits = w.registers(&wang, "出租车投诉").await;
        let v = w.uploads(waits, "2.0.0").await;
        w.does(&zhao, waits, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, waits, Ask::Accept(v)).await;
        let open = w.registers(&wang, "地铁客流").await;
        w.publishes(open, "1.0.0").await;
        w.does(&wang, open, offline()).await;
        w.registers(&wang, "共享单车").await;
        let page = list(&w.engine, &wang, Side::Service, &PublicationQuery::default()).await.unwrap();
        assert_eq!(page.rows.len(), 4);
        for row in &page.rows {
            assert_eq!(row, &detail(&w.engine, &wang, row.id).await.unwrap().row, "{}", row.name);
        }
        let of = |id| page.rows.iter().find(|row| row.id == id).unwrap();
        assert_eq!(of(open).turn, WhoseTurn::Reviewer { step: 1, of: 2 });
        assert_eq!(of(open).order, Some(w.order(open).await));
        assert_eq!(of(waits).menu.possible[0], Action::SubmitForApproval);
        assert!(of(live).menu.refused.iter().any(|(action, _)| *action == Action::RollBack), "{first:?} alone");
    }

    async fn bytes_that_are_not_those_accepted_and_approved_do_not_go_live(w: World) {
        let (wang, zhao, li, zhou) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
        );
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        let tamper = w.engine.db().write((), |conn, _| Box::pin(raw(conn, "UPDATE version SET bundle = 'odd'")));
        tamper.await.unwrap();
        let Err(Error::Refused(refusal)) = w.asks(&wang, p, approval()).await else { panic!() };
        assert_eq!(refusal.reason, domain::refusal::Reason::OtherBundle, "not what was accepted");
        w.does(&wang, p, Ask::Redeploy).await;
        let v = w.uploads(p, "1.0.1").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        w.approves(&li, p).await;
        let tamper = w.engine.db().write((), |conn, _| Box::pin(raw(conn, "UPDATE version SET bundle = 'other'")));
        tamper.await.unwrap();
        let order = w.order(p).await;
        let Err(Error::Refused(refusal)) = w.asks(&zhou, p, Ask::Approve(order, String::new())).await else { panic!() };
        assert_eq!(refusal.reason, domain::refusal::Reason::OtherBundle);
        assert_eq!(w.facts(p).await.state, Some(State::ReleaseInReview));
    }

    async fn giving_up_an_upgrade_cancels_what_runs(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        w.does(&wang, p, Ask::Upgrade).await;
        w.uploads_with(p, "1.1.0", &[Stage::SourceCheck]).await;
        w.does(&wang, p, Ask::CancelUpgrade).await;
        let page = detail(&w.engine, &wang, p).await.unwrap();
        assert_eq!(page.versions[0].stages[1], (Stage::Build, StageStatus::Cancelled));
        assert!(page.versions[1].stages.iter().all(|(_, status)| *status == StageStatus::Passed));
        w.does(&wang, p, Ask::Upgrade).await;
    }
}
