//! What must hold whatever people do, and when: one winner, one answer, all or nothing, counts that are true, nothing live
//! without an approval.

use crate::error::Error;
use crate::publication::apply::{Change, apply};
use crate::publication::ask::Ask;
use crate::publication::{Done, list, register};
use crate::store::{application_system, audit_event, notice, publication, raw};
use crate::world::{World, approval, both, offline};
use crate::{Ctx, audit};
use domain::fields::{ChannelsDraft, FieldId, Parts, Registration};
use domain::query::PublicationQuery;
use domain::{Facts, PublicationId, Side, State, VersionId};

impl World {
    async fn at_acceptance(&self, name: &str) -> (PublicationId, VersionId) {
        let (wang, zhao) = (self.request_of("wangjianguo").await, self.request_of("zhaolei").await);
        let p = self.registers(&wang, name).await;
        let v = self.uploads(p, "1.0.0").await;
        self.does(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        (p, v)
    }

    async fn in_review(&self, name: &str) -> PublicationId {
        let wang = self.request_of("wangjianguo").await;
        let (p, v) = self.at_acceptance(name).await;
        self.does(&wang, p, Ask::Accept(v)).await;
        self.does(&wang, p, approval()).await;
        p
    }

    /// Everything that a failed change must leave as it was.
    async fn everything(&self, p: PublicationId) -> (Facts, String, usize, usize) {
        let mut conn = self.engine.db().reader().await.unwrap();
        let events = audit_event::after(&mut conn, 0, 10_000).await.unwrap();
        // A session or a refusal is no change.
        let events = events.iter().filter(|event| event.object_kind == "publication" && event.result == "done").count();
        let notices = notice::all(&mut conn).await.unwrap().len();
        drop(conn);
        let registration = self.granted(&self.request_of("zhengkai").await, p).await.unwrap().of.registration;
        (self.facts(p).await, registration, events, notices)
    }

    /// Asks again and again, and lets the store fail at one place after the other, until there is none left.
    async fn fails_everywhere(&self, ctx: &Ctx, p: PublicationId, ask: Ask) {
        let before = self.everything(p).await;
        for place in 0.. {
            self.engine.fail_at(place);
            let outcome = self.asks(ctx, p, ask.clone()).await;
            self.engine.fail_at(-1);
            self.counts_are_true().await;
            if outcome.is_ok() {
                assert!(place >= 3, "there are {place} places in {ask:?}");
                return;
            }
            assert!(matches!(outcome, Err(Error::Store(_))), "{outcome:?}");
            assert_eq!(self.everything(p).await, before, "place {place} of {ask:?}");
        }
    }

    pub(super) async fn counts_are_true(&self) {
        for [kept, counted] in publication::counted(&mut self.engine.db().reader().await.unwrap()).await.unwrap() {
            assert_eq!(kept, counted);
        }
    }
}

async fn at_once(w: &World, changes: Vec<(Ctx, Change)>) -> Vec<Result<Done, Error>> {
    let tasks: Vec<_> = changes
        .into_iter()
        .map(|(ctx, change)| {
            let engine = w.engine.clone();
            tokio::spawn(async move { apply(&engine, &ctx, change).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

/// The sentence that a person reads.
fn sentence(outcome: &Result<Done, Error>) -> Option<String> {
    match outcome {
        Err(Error::Refused(refusal)) => Some(refusal.sentence()),
        _ => None,
    }
}

both! {
    async fn of_two_who_file_at_once_one_does_and_the_other_is_told_why_not(w: World) {
        let (wang, he) = (w.request_of("wangjianguo").await, w.request_of("hemin").await);
        let p = w.registers(&he, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        let seen = w.facts(p).await.version;
        let change = |ask| Change { publication: p, seen, key: w.key(), ask };
        let asks = vec![(wang, change(offline())), (he, change(Ask::Upgrade))];
        let outcomes = at_once(w, asks).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let told: Vec<String> = outcomes.iter().filter_map(sentence).collect();
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("下线审批中") || told[0].contains("升级部署中"), "{}", told[0]);
    }

    async fn of_two_reviewers_who_press_at_once_one_decides(w: World) {
        let (li, zhou, wu) = (w.request_of("limin").await, w.request_of("zhoutao").await, w.request_of("wufang").await);
        let p = w.in_review("杭州公交查询").await;
        w.approves(&li, p).await;
        let (order, seen) = (w.order(p).await, w.facts(p).await.version);
        let change = |ask| Change { publication: p, seen, key: w.key(), ask };
        let asks = vec![
            (zhou, change(Ask::Approve(order, String::new()))),
            (wu, change(Ask::Refuse(order, "材料不全".to_owned()))),
        ];
        let outcomes = at_once(w, asks).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert_eq!(outcomes.iter().filter_map(sentence).count(), 1);
    }

    async fn counts_follow_who_administers_a_system(w: World) {
        let (wang, chen) = (w.request_of("wangjianguo").await, w.request_of("chenjing").await);
        let p = w.registers(&wang, "公交一号").await;
        w.registers(&wang, "公交二号").await;
        let (system, person) = (w.granted(&wang, p).await.unwrap().of.system_id, chen.person().unwrap().person);
        let comes = w.engine.db().write((system, person), |conn, who| {
            Box::pin(async move { application_system::insert_administrator(conn, who.0, who.1).await })
        });
        comes.await.unwrap();
        let query = PublicationQuery::default();
        let page = list(&w.engine, &chen, Side::Service, &query).await.unwrap();
        assert_eq!((page.total, page.counts), (2, vec![(State::Preparing, 2)]));
        w.counts_are_true().await;
        let goes = w.engine.db().write((), |conn, _| Box::pin(raw(conn, "DELETE FROM application_system_administrator
            WHERE person_id IN (SELECT id FROM person WHERE account = 'wangjianguo')")));
        goes.await.unwrap();
        assert_eq!(list(&w.engine, &wang, Side::Service, &query).await.unwrap().total, 0);
        w.counts_are_true().await;
    }

    async fn two_processes_decide_one_order_once(w: World) {
        let other = w.another_engine(true).await.unwrap();
        let (zhou, wu) = (w.request_of("zhoutao").await, w.request_of("wufang").await);
        for n in 0..4 {
            let p = w.in_review(&format!("公交{n}号")).await;
            w.approves(&w.request_of("limin").await, p).await;
            let (order, seen) = (w.order(p).await, w.facts(p).await.version);
            let change = |ask| Change { publication: p, seen, key: w.key(), ask };
            let (yes, no) = (Ask::Approve(order, String::new()), Ask::Refuse(order, "材料不全".to_owned()));
            let (one, two) =
                tokio::join!(apply(&w.engine, &zhou, change(yes)), apply(&other, &wu, change(no)));
            assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1, "{one:?} {two:?}");
            assert!(sentence(&one).or(sentence(&two)).is_some(), "{one:?} {two:?}");
        }
        w.counts_are_true().await;
        other.close().await;
    }

    async fn the_same_form_sent_again_gives_the_first_answer(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let (p, v) = w.at_acceptance("杭州公交查询").await;
        let change = Change { publication: p, seen: w.facts(p).await.version, key: w.key(), ask: Ask::Accept(v) };
        let outcomes = at_once(w, vec![(wang.clone(), change.clone()); 4]).await;
        let first = outcomes[0].as_ref().unwrap().clone();
        assert!(outcomes.iter().all(|outcome| outcome.as_ref().unwrap() == &first), "{outcomes:?}");
        assert_eq!(w.facts(p).await.version, first.version, "it was done once");
        w.does(&wang, p, approval()).await;
        assert_eq!(apply(&w.engine, &wang, change.clone()).await.unwrap(), first, "also when the state has moved on");
        let (other, _) = w.at_acceptance("出租车投诉").await;
        for odd in [Change { ask: Ask::Redeploy, ..change.clone() }, Change { publication: other, ..change }] {
            assert!(matches!(apply(&w.engine, &wang, odd).await, Err(Error::Conflict)), "the key is for one deed");
        }
    }

    async fn whatever_fails_in_the_middle_nothing_is_left_of_it(w: World) {
        let (wang, zhao, li, zhou) = (
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
        );
        let p = w.registers(&wang, "杭州公交查询").await;
        let mut renamed = Registration::of(&w.granted(&wang, p).await.unwrap().registration().unwrap());
        renamed.name = "地铁客流".to_owned();
        renamed.contacts[0].name = "赵磊磊".to_owned();
        w.fails_everywhere(&wang, p, Ask::Correct(Box::new(renamed.clone()))).await;
        let v = w.uploads(p, "1.0.0").await;
        w.fails_everywhere(&zhao, p, Ask::SubmitForAcceptance(v)).await;
        w.fails_everywhere(&wang, p, Ask::Reject(v, "缺少隐私政策".to_owned())).await;
        w.fails_everywhere(&wang, p, Ask::Accept(v)).await;
        w.fails_everywhere(&wang, p, approval()).await;
        let order = w.order(p).await;
        w.fails_everywhere(&li, p, Ask::Approve(order, String::new())).await;
        w.fails_everywhere(&zhou, p, Ask::Approve(order, String::new())).await;
        assert_eq!(w.facts(p).await.state, Some(State::Published));
        renamed.name = "杭州出行".to_owned();
        let parts = Parts { listing: true, release: false };
        w.fails_everywhere(&wang, p, Ask::ChangeInfo(parts, Box::new(renamed))).await;
        let order = w.order(p).await;
        w.fails_everywhere(&li, p, Ask::Approve(order, String::new())).await;
        let channels = w.facts(p).await.further_channels.iter().map(|channel| channel.0.to_string()).collect();
        w.fails_everywhere(&wang, p, Ask::ApplyForChannels(ChannelsDraft { channels, statement: String::new() })).await;
        let order = w.order(p).await;
        w.fails_everywhere(&zhou, p, Ask::Approve(order, String::new())).await;
        assert_eq!(w.facts(p).await.further_channels, []);
        w.fails_everywhere(&wang, p, offline()).await;
        let order = w.order(p).await;
        w.fails_everywhere(&wang, p, Ask::Withdraw(order)).await;
        assert_eq!(w.granted(&wang, p).await.unwrap().of.row.name, "杭州出行");
    }

    async fn a_refusal_is_in_the_audit_log_with_its_sentence(w: World) {
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "杭州公交查询").await;
        assert!(w.asks(&wang, p, Ask::Upgrade).await.is_err());
        let mut conn = w.engine.db().reader().await.unwrap();
        let events = audit_event::after(&mut conn, 0, 100).await.unwrap();
        let last = events.last().unwrap();
        assert_eq!((last.action.as_str(), last.result.as_str()), ("publication.upgrade", "refused"));
        assert!(last.detail.contains("部署准备中"), "{}", last.detail);
        let (zhao, chen) = (w.request_of("zhaolei").await, w.request_of("chenjing").await);
        assert!(w.asks(&zhao, p, Ask::Upgrade).await.is_err());
        assert!(w.asks(&chen, p, Ask::Upgrade).await.is_err());
        let events = audit_event::after(&mut conn, last.seq, 100).await.unwrap();
        let refused: Vec<_> = events.iter().filter(|event| event.result == "refused").collect();
        let who: Vec<_> = refused.iter().map(|event| event.person_name.as_str()).collect();
        assert_eq!(who, ["赵磊", "陈静"], "another role, another department");
        assert_eq!(audit::first_broken(&mut conn).await.unwrap(), None);
    }

    async fn a_correction_moves_name_sites_and_contacts_at_once(w: World) {
        let (wang, zhao, sun) =
            (w.request_of("wangjianguo").await, w.request_of("zhaolei").await, w.request_of("sunyue").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        w.registers(&wang, "出租车投诉").await;
        let now = w.granted(&wang, p).await.unwrap().registration().unwrap();
        let same = Registration::of(&now);
        let Err(Error::Refused(refusal)) = w.asks(&wang, p, Ask::Correct(Box::new(same.clone()))).await else { panic!() };
        assert_eq!(refusal.reason, domain::refusal::Reason::NothingChanged);
        let mut taken = same.clone();
        taken.name = "出租车投诉".to_owned();
        let Err(Error::Invalid(errors)) = w.asks(&wang, p, Ask::Correct(Box::new(taken))).await else { panic!() };
        assert_eq!(errors.iter().map(|error| error.field).collect::<Vec<_>>(), [FieldId::Name]);
        let mut other = same.clone();
        other.name = "地铁客流".to_owned();
        other.scope = vec!["330200".to_owned()];
        other.contacts[0].phone = "13800000002".to_owned();
        let seen = w.facts(p).await.version;
        w.does(&wang, p, Ask::Correct(Box::new(other))).await;
        assert!(matches!(w.granted(&zhao, p).await, Err(Error::NotFound)), "not a contact any more");
        assert!(w.granted(&sun, p).await.is_ok());
        let query = |keyword: &str| PublicationQuery { keyword: keyword.to_owned(), ..Default::default() };
        for (keyword, total) in [("公交", 0), ("客流", 1)] {
            let page = list(&w.engine, &wang, Side::Service, &query(keyword)).await.unwrap();
            assert_eq!(page.total, total, "{keyword}");
        }
        w.registers(&wang, "杭州公交查询").await;
        let stale = Change { publication: p, seen, key: w.key(), ask: Ask::Correct(Box::new(same)) };
        assert!(matches!(apply(&w.engine, &wang, stale).await, Err(Error::Conflict)), "it would undo the other's");
    }

    async fn an_information_change_holds_its_name_and_is_written_at_approval(w: World) {
        let (wang, li) = (w.request_of("wangjianguo").await, w.request_of("limin").await);
        let p = w.registers(&wang, "杭州公交查询").await;
        w.publishes(p, "1.0.0").await;
        let mut draft = Registration::of(&w.granted(&wang, p).await.unwrap().registration().unwrap());
        draft.name = "杭州出行".to_owned();
        draft.vendor = "另一家公司".to_owned();
        let listing = Parts { listing: true, release: false };
        let change = || Ask::ChangeInfo(listing, Box::new(draft.clone()));
        assert_eq!(w.does(&wang, p, change()).await, State::InfoChangeInReview);
        let held = register(&w.engine, &wang, w.sent(w.h5(&wang, "杭州出行").await)).await;
        assert!(matches!(held, Err(Error::Invalid(_))), "the name is asked for");
        let order = w.order(p).await;
        w.does(&li, p, Ask::Refuse(order, "名称不妥".to_owned())).await;
        let free = register(&w.engine, &wang, w.sent(w.h5(&wang, "杭州出行").await)).await.unwrap().id;
        let Err(Error::Invalid(errors)) = w.asks(&wang, p, change()).await else { panic!("taken") };
        assert_eq!(errors.of(FieldId::Name).count(), 1);
        let mut renamed = Registration::of(&w.granted(&wang, free).await.unwrap().registration().unwrap());
        renamed.name = "别的名字".to_owned();
        w.does(&wang, free, Ask::Correct(Box::new(renamed))).await;
        w.does(&wang, p, change()).await;
        assert_eq!(w.approves(&li, p).await, State::Published, "the first step alone");
        let now = w.granted(&wang, p).await.unwrap().registration().unwrap();
        assert_eq!((now.name.as_str(), now.vendor.as_str()), ("杭州出行", "杭州云途科技有限公司"), "the chosen part");
        w.registers(&wang, "杭州公交查询").await;
    }
}
