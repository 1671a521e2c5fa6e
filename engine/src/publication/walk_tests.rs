//! People who press whatever they find, one after the other and all at once.

use crate::Ctx;
use crate::publication::ask::Ask;
use crate::publication::register;
use crate::world::{approval, both, offline};
use domain::fields::ChannelsDraft;
use domain::{Facts, State, VersionId};

both! {
    async fn however_people_press_counts_are_true_and_nothing_is_live_without_approval(w: World) {
        let people = [
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
            w.request_of("wufang").await,
        ];
        let mut dice = Dice(7);
        let service = w.registers(&people[0], "杭州公交查询").await;
        let draft = w.governance(&people[0], "路网监测").await;
        let governance =
            register(&w.engine, &people[0], w.sent_to(domain::Side::Governance, draft)).await.unwrap().id;
        let mut approved = [false, false];
        let (mut lives, mut patch) = (0, 0);
        for _ in 0..1_200 {
            let which = dice.below(2);
            let p = [service, governance][which];
            let facts = w.facts(p).await;
            if may_upload(&facts, &people[1]) && dice.below(2) == 0 {
                patch += 1;
                w.uploads(p, &format!("1.0.{patch}")).await;
                continue;
            }
            let ask = dice.ask(&facts);
            let votes = matches!(ask, Ask::Approve(..));
            let who = dice.presser(&ask);
            let who = &people[who];
            let Ok(done) = w.asks(who, p, ask).await else { continue };
            match (votes, done.state) {
                (true, State::Published | State::Configuring) => approved[which] = true,
                (_, State::Offline | State::Preparing) => approved[which] = false,
                _ => {}
            }
            let of = w.granted(&people[0], p).await.unwrap().of;
            assert!(!of.listed || approved[which], "listed in {:?} without an approval", done.state);
            assert!(w.facts(p).await.is_consistent());
            lives += usize::from(votes && of.listed);
        }
        assert!(lives > 3, "the walk goes somewhere: {lives}");
        w.counts_are_true().await;
    }

    async fn a_storm_of_people_leaves_one_order_at_most_and_every_change_counted_once(w: World) {
        let people = [
            w.request_of("wangjianguo").await,
            w.request_of("zhaolei").await,
            w.request_of("limin").await,
            w.request_of("zhoutao").await,
            w.request_of("wufang").await,
        ];
        let p = w.registers(&people[0], "杭州公交查询").await;
        w.uploads(p, "1.0.0").await;
        let before = w.facts(p).await.version;
        let presses = (1..=8_u64).map(|n| {
            let people = &people;
            async move {
                let (mut dice, mut done) = (Dice(n.wrapping_mul(0x9e37_79b9_7f4a_7c15)), 0);
                for turn in 0..40 {
                    let facts = w.facts(p).await;
                    if dice.below(3) == 0 && may_upload(&facts, &people[1]) {
                        w.uploads(p, &format!("1.{n}.{turn}")).await;
                        done += 1;
                        continue;
                    }
                    let ask = dice.ask(&facts);
                    let who = &people[dice.presser(&ask)];
                    done += i64::from(w.asks(who, p, ask).await.is_ok());
                }
                done
            }
        });
        let done: i64 = all(presses.collect()).await.into_iter().sum();
        let facts = w.facts(p).await;
        assert!(facts.is_consistent(), "{facts:?}");
        assert!(done > 10, "{done}");
        assert_eq!(facts.version, before + done, "each change is one step of the aggregate");
        w.counts_are_true().await;
    }
}

/// Polls all of them, in turns, until each is ready.
async fn all<F: Future<Output = i64>>(futures: Vec<F>) -> Vec<i64> {
    let mut waiting: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|cx| {
        waiting.retain_mut(|future| match future.as_mut().poll(cx) {
            std::task::Poll::Ready(value) => {
                done.push(value);
                false
            }
            std::task::Poll::Pending => true,
        });
        if waiting.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

/// Whether this named contact may upload now.
fn may_upload(facts: &Facts, ctx: &Ctx) -> bool {
    let person = ctx.person().unwrap();
    let relation = domain::Relation { contact: true, ..domain::Relation::default() };
    let actor = domain::Actor { person: person.person, roles: person.roles, relation };
    domain::offer(facts, &actor, domain::Action::Upload) == domain::Offer::Possible
}

/// The same throws every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    /// Who asks it: of staff, developer, three reviewers one whose role it is; now and then somebody else.
    fn presser(&mut self, ask: &Ask) -> usize {
        match domain::decide::who_may(ask.action()) {
            _ if self.below(5) == 0 => self.below(5),
            Some(domain::Who::Developer) => 1,
            Some(domain::Who::Reviewer) => 2 + self.below(3),
            _ => 0,
        }
    }

    /// Something to ask: what leads on more often than what leads back, and now and then nonsense.
    fn ask(&mut self, facts: &Facts) -> Ask {
        let newest = facts.newest.map_or(VersionId(uuid::Uuid::nil()), |version| version.id);
        let submitted = facts.submitted.map_or(newest, |version| version.id);
        let order = facts.order.map_or(domain::OrderId(uuid::Uuid::nil()), |order| order.id);
        match self.below(41) {
            0..4 => Ask::SubmitForAcceptance(newest),
            4..7 => Ask::Accept(submitted),
            7..10 => approval(),
            10..32 => Ask::Approve(order, String::new()),
            32 => Ask::CompleteConfiguration(newest),
            33 => Ask::Upgrade,
            34 => Ask::Redeploy,
            35 => offline(),
            36 => Ask::Republish,
            37 => Ask::Refuse(order, "材料不全".to_owned()),
            38 => facts.rollback.first().map_or(Ask::CancelUpgrade, |v| Ask::RollBack(*v, "闪退".to_owned())),
            39 => Ask::ApplyForChannels(ChannelsDraft {
                channels: facts.further_channels.first().map(|channel| channel.0.to_string()).into_iter().collect(),
                statement: String::new(),
            }),
            _ => Ask::Withdraw(order),
        }
    }
}
