//! Stories of 发布方式: what each site shows and each directory lists while a version goes live by a plan.

use super::{start_due, steer};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::hosting::{self, Found};
use crate::publication::ask::Ask;
use crate::publication::{detail, history, register};
use crate::store::work_order_change::configured_difference;
use crate::store::{audit_event, notice};
use crate::version::difference;
use crate::world::bench::static_zip;
use crate::world::{World, approval_draft, both, offline};
use crate::{Engine, directory, inbox, work_order};
use domain::command::rollout::Steer;
use domain::fields::{ApprovalDraft, BatchDraft, Registration, RolloutDraft};
use domain::query::{HistoryQuery, InboxQuery};
use domain::refusal::{Reason, Refusal};
use domain::rollout::{RolloutAction, RolloutPhase, RolloutRefusal};
use domain::view::directory::{Address, DirectoryOf};
use domain::view::rollout::{Before, RolloutView};
use domain::{Channel, Occasion, PublicationId, RegionCode, Side, State, VersionId};

/// 杭州市本级 and 上城区, of which 杭州市本级 goes first.
const SITES: [&str; 2] = ["330100", "330102"];
/// 24 hours and an hour after the world begins.
const NEXT_DAY: &str = "2026-11-25T09:00";
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

fn batch(name: &str, site: &str, at: &str) -> BatchDraft {
    BatchDraft { name: name.to_owned(), sites: vec![site.to_owned()], at: at.to_owned() }
}

/// 试点 is started by staff, 其余 at this time, or by staff.
fn two_batches(at: &str) -> RolloutDraft {
    let batches = vec![batch("试点", SITES[0], ""), batch("其余", SITES[1], at)];
    RolloutDraft { mode: "batches".to_owned(), at: String::new(), batches }
}

fn timed() -> RolloutDraft {
    RolloutDraft { mode: "at".to_owned(), at: NEXT_DAY.to_owned(), batches: Vec::new() }
}

/// What a browser gets that comes from a site, or from none.
async fn script(engine: &Engine, site: Option<&str>) -> String {
    let at = site.and_then(RegionCode::parse);
    match hosting::find(engine, "sv00000001", at).await.unwrap() {
        Found::Nothing => "404".to_owned(),
        Found::Stopped { .. } => "410".to_owned(),
        Found::Site(site) => {
            let file = site.manifest.resolve("/a.js").unwrap().entry;
            let bytes = hosting::content(engine, &file.sha256, file.size).await.unwrap().unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        }
    }
}

impl World {
    /// What is shown at 杭州市本级, at 上城区, and where no site is known.
    async fn shown(&self) -> [String; 3] {
        [
            script(&self.engine, Some(SITES[0])).await,
            script(&self.engine, Some(SITES[1])).await,
            script(&self.engine, None).await,
        ]
    }

    /// At how many of 杭州市本级, 上城区 and all sites it stands in the directory.
    async fn listed(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for (count, site) in counts.iter_mut().zip([Some(SITES[0]), Some(SITES[1]), None]) {
            let of = DirectoryOf::Channel(Channel::ZheliApp);
            let page =
                directory::entries(&self.engine, of, site.and_then(RegionCode::parse), None, None).await.unwrap();
            let here = Some(Address::Hosted("sv00000001".to_owned()));
            assert!(page.entries.iter().all(|entry| entry.mobile == here), "{site:?}");
            *count = page.entries.len();
        }
        counts
    }

    /// A hosted application with two sites, and its first version, accepted.
    async fn of_two_sites(&self) -> PublicationId {
        let bus = self.hosted("杭州公交查询").await;
        let wang = self.request_of("wangjianguo").await;
        let registered = self.granted(&wang, bus).await.unwrap().registration().unwrap();
        let scope = SITES.map(str::to_owned).to_vec();
        let draft = Registration { scope, ..Registration::of(&registered) };
        self.does(&wang, bus, Ask::Correct(Box::new(draft))).await;
        bus
    }

    /// Uploads, accepts and approves a version that goes live by this plan.
    async fn releases(&self, p: PublicationId, number: &str, rollout: RolloutDraft) -> VersionId {
        let (wang, zhao) = (self.request_of("wangjianguo").await, self.request_of("zhaolei").await);
        let version = self.uploads_zip(p, number, &static_zip(number)).await;
        self.runs_jobs().await;
        self.does(&zhao, p, Ask::SubmitForAcceptance(version)).await;
        self.does(&wang, p, Ask::Accept(version)).await;
        let draft = ApprovalDraft { rollout, ..approval_draft() };
        self.does(&wang, p, Ask::SubmitForApproval(Box::new(draft))).await;
        self.approves(&self.request_of("limin").await, p).await;
        let state = self.approves(&self.request_of("zhoutao").await, p).await;
        assert_eq!(state, State::Published, "at once, whatever the plan says");
        version
    }

    async fn steers(&self, ctx: &Ctx, id: PublicationId, action: RolloutAction) -> Result<crate::publication::Done> {
        let wang = self.request_of("wangjianguo").await;
        let version = self.plan(&wang, id).await.map_or(VersionId(self.key()), |plan| plan.version_id);
        let seen = self.seen(id).await;
        steer(&self.engine, ctx, Steer { id, seen, key: self.key(), version, action }).await
    }

    async fn plan(&self, ctx: &Ctx, id: PublicationId) -> Option<RolloutView> {
        detail(&self.engine, ctx, id).await.unwrap().plan
    }

    async fn last_words(&self, ctx: &Ctx, id: PublicationId, n: usize) -> Vec<(String, String)> {
        let page = history(&self.engine, ctx, id, &HistoryQuery::default()).await.unwrap();
        page.rows.into_iter().take(n).map(|row| (row.who, row.word)).collect()
    }
}

fn refusal<T: std::fmt::Debug>(answer: Result<T>) -> RolloutRefusal {
    match answer {
        Err(Error::Rollout(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

const FIRST: RolloutAction = RolloutAction::StartBatch { batch: 0 };
const SECOND: RolloutAction = RolloutAction::StartBatch { batch: 1 };

both! {
    async fn a_first_release_goes_live_and_is_listed_batch_by_batch(w: World) {
        let bus = w.of_two_sites().await;
        let wang = w.request_of("wangjianguo").await;
        let version = w.releases(bus, "1.0.0", two_batches(NEXT_DAY)).await;
        assert_eq!((w.shown().await, w.listed().await), (["404", "404", "404"].map(str::to_owned), [0, 0, 0]));
        let page = detail(&w.engine, &wang, bus).await.unwrap();
        assert_eq!((page.row.rollout, page.live_address.as_str()), (Some(RolloutPhase::Waiting), ""));
        let plan = page.plan.unwrap();
        assert_eq!((plan.version.to_string().as_str(), plan.before, plan.steers), ("1.0.0", Before::Nothing, true));
        let batches: Vec<_> = plan.batches.iter().map(|of| (of.name.as_str(), of.sites.len(), of.at.is_some())).collect();
        assert_eq!(batches, [("试点", 1, false), ("其余", 1, true)]);

        w.steers(&wang, bus, FIRST).await.unwrap();
        assert_eq!((w.shown().await, w.listed().await), (["1.0.0", "404", "404"].map(str::to_owned), [1, 0, 0]));
        assert_eq!(w.plan(&wang, bus).await.unwrap().phase, RolloutPhase::InBatches);
        assert_eq!(refusal(w.steers(&wang, bus, FIRST).await), RolloutRefusal::Started);

        w.steers(&wang, bus, RolloutAction::Pause).await.unwrap();
        w.wait_ms(2 * DAY_MS);
        start_due(&w.engine).await.unwrap();
        let wang = w.request_of("wangjianguo").await;
        assert_eq!(w.plan(&wang, bus).await.unwrap().phase, RolloutPhase::Paused);
        assert_eq!(refusal(w.steers(&wang, bus, SECOND).await), RolloutRefusal::Paused);
        assert_eq!(w.listed().await, [1, 0, 0], "a pause takes nothing away, and adds nothing");
        w.steers(&wang, bus, RolloutAction::Resume).await.unwrap();
        start_due(&w.engine).await.unwrap();
        assert_eq!((w.shown().await, w.listed().await), (["1.0.0"; 3].map(str::to_owned), [1, 1, 1]));
        let page = detail(&w.engine, &wang, bus).await.unwrap();
        assert_eq!((page.plan, page.row.rollout, page.live_address.as_str()), (None, None, "sv00000001"));
        assert_eq!(w.facts(bus).await.last_live.map(|live| live.id), Some(version));
        let words = [("系统", "上线：其余"), ("王建国", "继续上线"), ("王建国", "暂停上线"), ("王建国", "上线：试点")];
        let words = words.map(|(who, word)| (if who == "系统" { "" } else { who }.to_owned(), word.to_owned()));
        assert_eq!(w.last_words(&wang, bus, 4).await, words);
        assert_eq!(refusal(w.steers(&wang, bus, RolloutAction::Pause).await), RolloutRefusal::Finished);
    }

    async fn an_upgrade_leaves_the_old_version_where_its_batch_has_not_started_and_can_go_back(w: World) {
        let bus = w.of_two_sites().await;
        let wang = w.request_of("wangjianguo").await;
        let first = w.releases(bus, "1.0.0", RolloutDraft::default()).await;
        w.does(&wang, bus, Ask::Upgrade).await;
        let second = w.releases(bus, "1.1.0", two_batches("")).await;
        assert_eq!((w.shown().await, w.listed().await), (["1.0.0"; 3].map(str::to_owned), [1, 1, 1]));
        w.steers(&wang, bus, FIRST).await.unwrap();
        assert_eq!((w.shown().await, w.listed().await), (["1.1.0", "1.0.0", "1.0.0"].map(str::to_owned), [1, 1, 1]));
        let other = w.another_engine(true).await.unwrap();
        assert_eq!(script(&other, Some(SITES[0])).await, "1.1.0", "another process");
        other.close().await;
        for ask in [Ask::Upgrade, Ask::RollBack(first, "x".to_owned())] {
            let Err(Error::Refused(refused)) = w.asks(&wang, bus, ask).await else { panic!("it is not finished") };
            let Refusal { reason, .. } = *refused;
            assert_eq!(reason, Reason::RolloutUnfinished);
        }

        w.steers(&wang, bus, RolloutAction::ReturnToOld).await.unwrap();
        assert_eq!((w.shown().await, w.listed().await), (["1.0.0"; 3].map(str::to_owned), [1, 1, 1]));
        assert_eq!((w.plan(&wang, bus).await, w.facts(bus).await.last_live.unwrap().id), (None, first));
        let told = notice::all(&mut w.engine.db().reader().await.unwrap()).await.unwrap();
        let told: Vec<_> = told.into_iter().filter(|(_, of)| of == "returned_to_old").map(|(who, _)| who).collect();
        assert_eq!(told, ["何敏", "赵磊"], "not who did it");
        w.does(&wang, bus, Ask::Upgrade).await;
        let third = w.releases(bus, "1.2.0", two_batches("")).await;
        w.steers(&wang, bus, SECOND).await.unwrap();
        w.steers(&wang, bus, FIRST).await.unwrap();
        assert_eq!(w.shown().await, ["1.2.0"; 3].map(str::to_owned), "in any order");
        let facts = w.facts(bus).await;
        assert_eq!((facts.last_live.unwrap().id, facts.rollback), (third, vec![first]), "what went back was not live");
        assert_ne!(second, third);
    }

    async fn a_first_release_that_goes_back_is_not_live_and_another_may_follow(w: World) {
        let bus = w.of_two_sites().await;
        let wang = w.request_of("wangjianguo").await;
        w.releases(bus, "1.0.0", two_batches("")).await;
        w.steers(&wang, bus, FIRST).await.unwrap();
        w.steers(&wang, bus, RolloutAction::ReturnToOld).await.unwrap();
        assert_eq!((w.shown().await, w.listed().await), (["404"; 3].map(str::to_owned), [0, 0, 0]));
        w.does(&wang, bus, Ask::Upgrade).await;
        w.releases(bus, "1.0.1", RolloutDraft::default()).await;
        assert_eq!((w.shown().await, w.listed().await), (["1.0.1"; 3].map(str::to_owned), [1, 1, 1]));
    }

    async fn taking_offline_ends_the_plan(w: World) {
        let bus = w.of_two_sites().await;
        let wang = w.request_of("wangjianguo").await;
        w.releases(bus, "1.0.0", two_batches(NEXT_DAY)).await;
        w.steers(&wang, bus, FIRST).await.unwrap();
        w.does(&wang, bus, offline()).await;
        w.approves(&w.request_of("limin").await, bus).await;
        w.steers(&wang, bus, RolloutAction::Pause).await.unwrap();
        w.approves(&w.request_of("zhoutao").await, bus).await;
        w.wait_ms(2 * DAY_MS);
        start_due(&w.engine).await.unwrap();
        assert_eq!((w.shown().await, w.listed().await), (["410"; 3].map(str::to_owned), [0, 0, 0]));
        let wang = w.request_of("wangjianguo").await;
        assert_eq!(refusal(w.steers(&wang, bus, FIRST).await), RolloutRefusal::Finished);
        w.does(&wang, bus, Ask::Republish).await;
        w.releases(bus, "1.0.1", two_batches("")).await;
        w.steers(&wang, bus, FIRST).await.unwrap();
        assert_eq!((w.shown().await, w.listed().await), (["1.0.1", "410", "410"].map(str::to_owned), [1, 0, 0]));
        w.steers(&wang, bus, SECOND).await.unwrap();
        assert_eq!(w.shown().await, ["1.0.1"; 3].map(str::to_owned));
    }

    async fn at_its_time_a_version_goes_live_once_however_many_processes_look(w: World) {
        let bus = w.of_two_sites().await;
        w.releases(bus, "1.0.0", timed()).await;
        w.wait_ms(DAY_MS);
        start_due(&w.engine).await.unwrap();
        assert_eq!(w.shown().await, ["404"; 3].map(str::to_owned), "an hour too early");
        w.wait_ms(60 * 60 * 1000);
        let other = w.another_engine(true).await.unwrap();
        let (ours, theirs) = tokio::join!(start_due(&w.engine), start_due(&other));
        ours.and(theirs).unwrap();
        other.close().await;
        // Who was second remembers for two seconds what it knew before.
        let fresh = w.another_engine(true).await.unwrap();
        assert_eq!((script(&fresh, None).await.as_str(), w.listed().await), ("1.0.0", [1, 1, 1]));
        fresh.close().await;
        let wang = w.request_of("wangjianguo").await;
        let words = w.last_words(&wang, bus, 2).await;
        assert_eq!(words[0], (String::new(), "上线".to_owned()));
        assert_ne!(words[1].1, "上线");
    }

    async fn what_configuration_makes_live_follows_the_plan_that_was_approved(w: World) {
        let (wang, zhao) = (w.request_of("wangjianguo").await, w.request_of("zhaolei").await);
        let draft = Registration { hosted: "yes".to_owned(), ..w.governance(&wang, "公交调度").await };
        let p = register(&w.engine, &wang, w.sent_to(Side::Governance, draft)).await.unwrap().id;
        let version = w.uploads_zip(p, "1.0.0", &static_zip("1.0.0")).await;
        w.runs_jobs().await;
        w.does(&zhao, p, Ask::SubmitForAcceptance(version)).await;
        w.does(&wang, p, Ask::Accept(version)).await;
        let draft = ApprovalDraft { rollout: two_batches(""), ..approval_draft() };
        w.does(&wang, p, Ask::SubmitForApproval(Box::new(draft))).await;
        assert_eq!(w.approves(&w.request_of("limin").await, p).await, State::Configuring);
        assert_eq!(w.plan(&wang, p).await, None, "not before it is configured");
        let version = w.uploads_zip(p, "1.0.1", &static_zip("1.0.1")).await;
        w.runs_jobs().await;
        let order = w.history(&wang, p).await.iter().find_map(|row| row.order);
        assert_eq!(w.does(&zhao, p, Ask::CompleteConfiguration(version)).await, State::Published);
        for who in ["wangjianguo", "limin"] {
            let inbox = inbox::page(&w.engine, &w.request_of(who).await, InboxQuery::default()).await.unwrap();
            let told = inbox.rows.iter().find(|row| row.occasion == Occasion::ConfigurationCompleted).unwrap();
            assert_eq!(told.more, "与审批的版本相比：文件新增 0、修改 1、删除 0", "{who}");
            assert_eq!(told.order.map(|(order, _)| order), order, "it leads to what it changed");
        }
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 1_000).await.unwrap();
        let done = events.iter().find(|event| event.action == "publication.complete_configuration").unwrap();
        let detail: serde_json::Value = serde_json::from_str(&done.detail).unwrap();
        assert_eq!(detail["difference"]["files"]["changed"], 1);
        // With the order, too, which shows both.
        let order = order.unwrap();
        let kept = configured_difference(&mut w.engine.db().reader().await.unwrap(), order.0).await.unwrap().unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&kept).unwrap(), detail["difference"]);
        for who in ["wangjianguo", "limin"] {
            let ctx = w.request_of(who).await;
            let release = work_order::detail(&w.engine, &ctx, order).await.unwrap().release.unwrap();
            let (configured, number, _) = release.configured.unwrap();
            assert_eq!((configured, number.to_string(), release.number.to_string()), (version, "1.0.1".to_owned(), "1.0.0".to_owned()));
            let shown = difference(&w.engine, &ctx, configured, Some(release.version)).await.unwrap().unwrap();
            assert_eq!(shown.files.unwrap().changed, 1, "{who}");
        }
        w.steers(&wang, p, FIRST).await.unwrap();
        assert_eq!(w.shown().await, ["1.0.1", "404", "404"].map(str::to_owned));
    }

    async fn only_its_staff_steer_and_the_same_form_is_one_step(w: World) {
        let bus = w.of_two_sites().await;
        w.releases(bus, "1.0.0", two_batches("")).await;
        for (who, missing) in [("zhaolei", false), ("limin", false), ("fengxue", false), ("chenjing", true)] {
            let refused = w.steers(&w.request_of(who).await, bus, FIRST).await.unwrap_err();
            assert_eq!(matches!(refused, Error::NotFound), missing, "{who}: {refused}");
            assert_eq!(matches!(refused, Error::Forbidden), !missing, "{who}: {refused}");
        }
        assert!(!w.plan(&w.request_of("zhaolei").await, bus).await.unwrap().steers);
        let wang = w.request_of("wangjianguo").await;
        assert_eq!(refusal(w.steers(&wang, bus, RolloutAction::StartBatch { batch: 9 }).await), RolloutRefusal::NoSuchBatch);
        let (seen, key) = (w.seen(bus).await, w.key());
        let version = w.plan(&wang, bus).await.unwrap().version_id;
        let form = Steer { id: bus, seen, key, version, action: FIRST };
        let first = steer(&w.engine, &wang, form.clone()).await.unwrap();
        assert_eq!(steer(&w.engine, &wang, form.clone()).await.unwrap(), first);
        for action in [SECOND, RolloutAction::Pause] {
            let other = Steer { action, ..form.clone() };
            assert!(matches!(steer(&w.engine, &wang, other).await, Err(Error::Conflict)), "a key is of one deed");
        }
        let another = Steer { key: w.key(), version: VersionId(w.key()), action: SECOND, ..form };
        assert!(matches!(steer(&w.engine, &wang, another).await, Err(Error::Conflict)), "another plan was meant");
        assert_eq!(w.plan(&wang, bus).await.unwrap().batches[1].started_at, None);
    }
}
