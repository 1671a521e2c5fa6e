//! Stories of the way from 部署准备中 to 已下线 and back, of who may go it, and of what is told to whom.

use crate::error::Error;
use crate::publication::ask::Ask;
use crate::store::notice;
use crate::world::{World, approval, both, offline};
use domain::refusal::Reason;
use domain::{PublicationId, Stage, State};

impl World {
    /// Who was told what since the last look, in the order of telling.
    async fn told(&self, before: usize) -> Vec<(String, String)> {
        let all = notice::all(&mut self.engine.db().reader().await.unwrap()).await.unwrap();
        all.into_iter().skip(before).collect()
    }

    async fn told_so_far(&self) -> usize {
        self.told(0).await.len()
    }
}

fn told(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(who, what)| ((*who).to_owned(), (*what).to_owned())).collect()
}

fn reason(outcome: Result<crate::publication::Done, Error>) -> Reason {
    match outcome {
        Err(Error::Refused(refusal)) => refusal.reason,
        other => panic!("it is refused, not {other:?}"),
    }
}

both! {
    async fn a_service_goes_from_registration_to_live_by_city_and_province(w: World) {
        let (wang, zhao, li, zhou) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
        );
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        assert_eq!(w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await, State::AwaitingAcceptance);
        assert_eq!(w.does(&wang, p, Ask::Accept(v)).await, State::AwaitingRelease);
        assert_eq!(w.does(&wang, p, approval()).await, State::ReleaseInReview);
        assert_eq!(w.approves(&li, p).await, State::ReleaseInReview);
        assert_eq!(w.facts(p).await.last_live, None, "one step is not enough");
        assert_eq!(w.approves(&zhou, p).await, State::Published);
        let facts = w.facts(p).await;
        assert_eq!(facts.last_live.map(|live| live.id), Some(v));
        assert_eq!(facts.order, None);
        assert!(w.granted(&li, p).await.is_ok(), "it was theirs to decide");
    }

    async fn everybody_is_told_what_concerns_them_and_nobody_of_their_own_deeds(w: World) {
        let (wang, zhao, li, zhou) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
        );
        let p = w.registers(&wang, "杭州公交查询").await;
        assert_eq!(w.told(0).await, told(&[("赵磊", "registered")]));
        let v = w.uploads(p, "1.0.0").await;
        let mut seen = w.told_so_far().await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        assert_eq!(w.told(seen).await, told(&[("王建国", "submitted_for_acceptance"), ("何敏", "submitted_for_acceptance")]));
        seen = w.told_so_far().await;
        w.does(&wang, p, Ask::Reject(v, "缺少隐私政策".to_owned())).await;
        assert_eq!(w.told(seen).await, told(&[("赵磊", "rejected")]));
        seen = w.told_so_far().await;
        w.does(&wang, p, Ask::Accept(v)).await;
        assert_eq!(w.told(seen).await, told(&[]));
        w.does(&wang, p, approval()).await;
        assert_eq!(w.told(seen).await, told(&[("李敏", "order_waiting")]));
        seen = w.told_so_far().await;
        w.approves(&li, p).await;
        assert_eq!(w.told(seen).await, told(&[("周涛", "order_waiting"), ("吴芳", "order_waiting")]));
        seen = w.told_so_far().await;
        w.approves(&zhou, p).await;
        assert_eq!(w.told(seen).await, told(&[("王建国", "order_approved"), ("赵磊", "published")]));
        seen = w.told_so_far().await;
        w.does(&wang, p, offline()).await;
        let order = w.order(p).await;
        w.does(&wang, p, Ask::Withdraw(order)).await;
        assert_eq!(w.told(seen).await, told(&[("李敏", "order_waiting"), ("李敏", "order_withdrawn")]));
    }

    async fn the_developer_hears_of_every_turn_and_the_initiator_of_every_end(w: World) {
        let (wang, zhao, li, zhou) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
        );
        let p = w.registers(&wang, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        let seen = w.told_so_far().await;
        w.does(&wang, p, Ask::Upgrade).await;
        w.does(&wang, p, Ask::CancelUpgrade).await;
        w.does(&wang, p, Ask::Upgrade).await;
        let v = w.uploads(p, "1.1.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Redeploy).await;
        w.does(&wang, p, Ask::CancelUpgrade).await;
        w.does(&wang, p, offline()).await;
        let order = w.order(p).await;
        w.does(&li, p, Ask::Refuse(order, "仍有用户".to_owned())).await;
        w.does(&wang, p, offline()).await;
        w.approves(&li, p).await;
        w.approves(&zhou, p).await;
        w.does(&wang, p, Ask::Republish).await;
        let all = told(&[
            ("赵磊", "upgrade_begun"),
            ("赵磊", "upgrade_cancelled"),
            ("赵磊", "upgrade_begun"),
            ("王建国", "submitted_for_acceptance"),
            ("何敏", "submitted_for_acceptance"),
            ("赵磊", "redeployed"),
            ("赵磊", "upgrade_cancelled"),
            ("李敏", "order_waiting"),
            ("王建国", "order_refused"),
            ("李敏", "order_waiting"),
            ("周涛", "order_waiting"),
            ("吴芳", "order_waiting"),
            ("王建国", "order_approved"),
            ("赵磊", "offline"),
            ("赵磊", "republished"),
        ]);
        assert_eq!(w.told(seen).await, all);
    }

    async fn a_rejected_version_can_still_be_accepted_and_a_redeployed_one_can_not(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        assert_eq!(w.does(&wang, p, Ask::Reject(v, "缺少隐私政策".to_owned())).await, State::AwaitingAcceptance);
        assert_eq!(w.does(&wang, p, Ask::Accept(v)).await, State::AwaitingRelease);
        assert_eq!(w.does(&wang, p, Ask::Redeploy).await, State::Preparing);
        assert_eq!(reason(w.asks(&zhao, p, Ask::SubmitForAcceptance(v)).await), Reason::VersionFromBefore);
        let half = w.uploads_with(p, "1.0.1", &[Stage::SourceCheck, Stage::Build]).await;
        let stage = Stage::LinkCheck;
        assert_eq!(reason(w.asks(&zhao, p, Ask::SubmitForAcceptance(half)).await), Reason::StageNotPassed { stage });
        let next = w.uploads(p, "1.0.2").await;
        assert_eq!(reason(w.asks(&zhao, p, Ask::SubmitForAcceptance(half)).await), Reason::VersionNotNewest);
        assert_eq!(w.does(&zhao, p, Ask::SubmitForAcceptance(next)).await, State::AwaitingAcceptance);
        assert_eq!(reason(w.asks(&wang, p, Ask::Accept(v)).await), Reason::OtherVersionSubmitted);
        let stale = w.asks(&wang, p, Ask::Reject(v, "缺少隐私政策".to_owned())).await;
        assert_eq!(reason(stale), Reason::OtherVersionSubmitted);
        let blank = w.asks(&wang, p, Ask::Reject(next, " ".to_owned())).await;
        let Err(Error::Invalid(_)) = blank else { panic!("a reason") };
    }

    async fn refused_or_withdrawn_it_waits_for_staff_again(w: World) {
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
        w.does(&wang, p, approval()).await;
        w.approves(&li, p).await;
        let order = w.order(p).await;
        let Err(Error::Invalid(_)) = w.asks(&zhou, p, Ask::Refuse(order, String::new())).await else { panic!("a reason") };
        assert_eq!(w.does(&zhou, p, Ask::Refuse(order, "材料不全".to_owned())).await, State::AwaitingRelease);
        w.does(&wang, p, approval()).await;
        let second = w.order(p).await;
        assert_eq!(reason(w.asks(&li, p, Ask::Approve(order, String::new())).await), Reason::OtherOrder);
        assert_eq!(w.does(&wang, p, Ask::Withdraw(second)).await, State::AwaitingRelease);
        assert_eq!(w.facts(p).await.last_live, None);
    }

    async fn who_is_elsewhere_does_not_learn_that_it_is_there(w: World) {
        let (wang, zhao, chen, sun) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("chenjing").await,
            w.request_of("sunyue").await,
        );
        let ningbo = w.reviewer("yulan", "于兰", "330200").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.uploads(p, "1.0.0").await;
        assert!(matches!(w.asks(&sun, p, Ask::SubmitForAcceptance(v)).await, Err(Error::NotFound)), "no contact");
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        assert!(matches!(w.asks(&chen, p, Ask::Accept(v)).await, Err(Error::NotFound)), "another department");
        assert!(matches!(w.asks(&zhao, p, Ask::Accept(v)).await, Err(Error::Forbidden)), "another role");
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        let order = w.order(p).await;
        let approve = || Ask::Approve(order, String::new());
        assert!(matches!(w.asks(&ningbo, p, approve()).await, Err(Error::NotFound)), "another city");
        assert!(matches!(w.asks(&wang, p, approve()).await, Err(Error::Forbidden)), "staff decide nothing");
        let zhou = w.request_of("zhoutao").await;
        assert_eq!(reason(w.asks(&zhou, p, approve()).await), Reason::NotYourStep { step: 1, of: 2 });
        for (who, sees) in [("wangjianguo", true), ("zhaolei", true), ("limin", true), ("zhengkai", true), ("chenjing", false), ("sunyue", false)] {
            let ctx = w.request_of(who).await;
            assert_eq!(w.granted(&ctx, p).await.is_ok(), sees, "{who}");
        }
        assert!(matches!(w.granted(&ningbo, p).await, Err(Error::NotFound)));
        let feng = w.request_of("fengxue").await;
        assert!(matches!(w.granted(&feng, p).await, Err(Error::Forbidden)));
    }

    async fn nobody_approves_their_own_and_nobody_twice(w: World) {
        // 王建国 reviews for the city, too; 李敏 for the province.
        w.gives_seat("wangjianguo", "330100").await;
        w.gives_seat("limin", "330000").await;
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
        w.does(&wang, p, approval()).await;
        let order = w.order(p).await;
        let approve = || Ask::Approve(order, String::new());
        assert_eq!(reason(w.asks(&wang, p, approve()).await), Reason::OwnOrder);
        w.does(&li, p, approve()).await;
        assert_eq!(reason(w.asks(&li, p, approve()).await), Reason::AlreadyDecided);
        assert_eq!(w.does(&zhou, p, approve()).await, State::Published);
    }

    async fn a_step_that_nobody_may_decide_is_named_and_nothing_is_filed(w: World) {
        let (chen, sun) = (w.request_of("chenjing").await, w.request_of("sunyue").await);
        w.retires("zhoutao").await;
        w.retires("wufang").await;
        let mut draft = w.h5(&chen, "疫苗接种").await;
        draft.contacts[0].phone = "13800000002".to_owned();
        let p = crate::publication::register(&w.engine, &chen, w.sent(draft)).await.unwrap().id;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&sun, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&chen, p, Ask::Accept(v)).await;
        let Err(Error::Refused(refusal)) = w.asks(&chen, p, approval()).await else { panic!("it is refused") };
        assert!(refusal.sentence().contains("浙江省审核人员"), "{}", refusal.sentence());
        assert_eq!(w.facts(p).await.order, None);
    }

    async fn an_upgrade_replaces_what_is_live_only_at_the_last_approval(w: World) {
        let (wang, zhao, li, zhou) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
        );
        let p = w.registers(&wang, "杭州公交查询").await;
        let first = w.publishes(p, "1.0.0").await;
        let live = |facts: domain::Facts| facts.last_live.map(|live| live.id);
        assert_eq!(w.does(&wang, p, Ask::Upgrade).await, State::UpgradeDeploying);
        assert_eq!(reason(w.asks(&zhao, p, Ask::SubmitForAcceptance(first)).await), Reason::VersionFromBefore);
        assert_eq!(w.does(&wang, p, Ask::CancelUpgrade).await, State::Published);
        w.does(&wang, p, Ask::Upgrade).await;
        let second = w.uploads(p, "1.1.0").await;
        assert_eq!(w.does(&zhao, p, Ask::SubmitForAcceptance(second)).await, State::AwaitingUpgradeAcceptance);
        assert_eq!(w.does(&wang, p, Ask::Accept(second)).await, State::AwaitingUpgrade);
        assert_eq!(w.does(&wang, p, approval()).await, State::UpgradeInReview);
        let order = w.order(p).await;
        assert_eq!(w.does(&li, p, Ask::Refuse(order, "截图不清".to_owned())).await, State::AwaitingUpgrade);
        w.does(&wang, p, approval()).await;
        w.approves(&li, p).await;
        assert_eq!(live(w.facts(p).await), Some(first));
        assert_eq!(w.approves(&zhou, p).await, State::Published);
        assert_eq!(live(w.facts(p).await), Some(second));
        let facts = w.facts(p).await;
        assert_eq!(facts.rollback, [first]);
        w.does(&wang, p, Ask::RollBack(first, "新版闪退".to_owned())).await;
        assert_eq!(w.approves(&zhou, p).await, State::Published, "the last step alone");
        assert_eq!(live(w.facts(p).await), Some(first));
        assert_eq!(w.facts(p).await.rollback, [second]);
    }

    async fn offline_it_is_gone_and_republished_the_last_one_may_be_submitted_again(w: World) {
        let (wang, zhao, li, zhou) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
        );
        let p = w.registers(&wang, "杭州公交查询").await;
        let v = w.publishes(p, "1.0.0").await;
        assert_eq!(w.does(&wang, p, offline()).await, State::OfflineInReview);
        w.approves(&li, p).await;
        assert_eq!(w.approves(&zhou, p).await, State::Offline);
        assert!(w.granted(&wang, p).await.unwrap().of.stopped);
        assert_eq!(w.does(&wang, p, Ask::Republish).await, State::Preparing);
        assert_eq!(w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await, State::AwaitingAcceptance);
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        w.approves(&li, p).await;
        assert_eq!(w.approves(&zhou, p).await, State::Published);
        assert!(!w.granted(&wang, p).await.unwrap().of.stopped);
    }

    async fn what_is_not_hosted_goes_without_a_developer(w: World) {
        let (wang, li, zhou) =
            (w.request_of("wangjianguo").await, w.request_of("limin").await, w.request_of("zhoutao").await);
        let p = w.registers_web(&wang, "出租车投诉").await;
        assert_eq!(w.does(&wang, p, approval()).await, State::ReleaseInReview);
        w.approves(&li, p).await;
        assert_eq!(w.approves(&zhou, p).await, State::Published);
        w.does(&wang, p, offline()).await;
        w.approves(&li, p).await;
        w.approves(&zhou, p).await;
        assert_eq!(w.does(&wang, p, Ask::Republish).await, State::AwaitingRelease);
    }

    async fn on_the_governance_side_the_version_made_in_configuration_goes_live(w: World) {
        let (wang, zhao, li) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("limin").await);
        let p = w.registers_governance(&wang, "路网监测").await;
        let v = w.uploads(p, "1.0.0").await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.does(&wang, p, Ask::Accept(v)).await;
        w.does(&wang, p, approval()).await;
        assert_eq!(w.approves(&li, p).await, State::Configuring, "上城区 has nobody: the city above");
        assert_eq!(w.facts(p).await.last_live, None);
        assert_eq!(reason(w.asks(&zhao, p, Ask::CompleteConfiguration(v)).await), Reason::VersionFromBefore);
        let configured = w.uploads(p, "1.0.1").await;
        let seen = w.told_so_far().await;
        assert_eq!(w.does(&zhao, p, Ask::CompleteConfiguration(configured)).await, State::Published);
        let all: Vec<_> = w.told(seen).await.into_iter().filter(|(who, _)| who != "何敏").collect();
        assert_eq!(all, told(&[("王建国", "configuration_completed"), ("李敏", "configuration_completed")]));
        assert_eq!(w.facts(p).await.last_live.map(|live| live.id), Some(configured));
    }
}

impl World {
    async fn registers_web(&self, ctx: &crate::Ctx, name: &str) -> PublicationId {
        let draft = domain::fields::Registration {
            channels: vec!["service_web".to_owned()],
            pc_mode: "fill".to_owned(),
            pc_url: "https://example.gov.cn/taxi".to_owned(),
            ..self.h5(ctx, name).await
        };
        crate::publication::register(&self.engine, ctx, self.sent(draft)).await.unwrap().id
    }

    async fn registers_governance(&self, ctx: &crate::Ctx, name: &str) -> PublicationId {
        let draft = self.governance(ctx, name).await;
        let command = self.sent_to(domain::Side::Governance, draft);
        crate::publication::register(&self.engine, ctx, command).await.unwrap().id
    }
}
