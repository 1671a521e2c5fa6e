//! What a site needs of others, each thing wrong once: the gateway of 浙政钉, the object store, namespaces, tools; and the daily backup.

use super::backup::judge_daily;
use super::building::{judge_sandbox, judge_tools};
use super::tests::{is_wrong, of, wrong};
use super::{Verdict, examine};
use crate::files::peer::{BLIND, Peer};
use crate::leader::{self, Ended, Job};
use crate::outside::DingTalk;
use crate::pipeline::Trouble;
use crate::store::periodic_run::PeriodicRun;
use crate::world::{World, both};
use crate::{Bucket, DailyBackup, Entropy, Files, Workshop};
use dingtalk::fake::{Fails, Fake, Setup};
use domain::UtcMillis;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

const HOUR: i64 = 60 * 60 * 1000;

impl World {
    async fn empty_gateway(&self) -> Fake {
        let clock = self.clock.clone();
        Fake::start(Setup::default(), move || clock.now().0, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await.unwrap()
    }

    /// What the doctor says of it, whose secret it is to keep.
    async fn says_of_gateway(&self, fake: &Fake) -> Vec<super::Diagnosis> {
        let mut site = self.site();
        site.workshop.dingtalk =
            Some(DingTalk::of_fake(fake, &self.clock, &Entropy::System, Duration::from_millis(1_000)));
        examine(&site).await
    }
}

both! {
    async fn a_gateway_that_is_wrong_away_or_refuses_is_named(w: World) {
        assert!(matches!(of(&examine(&w.site()).await, "dingtalk gateway")[..], [Verdict::Skipped(_)]));
        let fake = w.empty_gateway().await;
        assert!(matches!(of(&w.says_of_gateway(&fake).await, "dingtalk gateway")[..], [Verdict::Fine(_)]));
        // It fails, is somebody else's, knows no such application, or never answers.
        for how in [Fails::Http500, Fails::Babbles, Fails::GatewayRefuses, Fails::ServiceRefuses, Fails::Resets, Fails::Hangs] {
            let fake = w.empty_gateway().await;
            fake.fails_at("/gettoken.json", how, 10);
            let said = wrong(&w.says_of_gateway(&fake).await, "dingtalk gateway");
            assert!(said.contains("key, secret and --dingtalk-sign-encoding") && !said.contains("test-secret"), "{how:?}: {said}");
        }
        // Its clock, or ours, is of another day: no signature holds.
        let clock = w.clock.clone();
        let at = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let other = Fake::start(Setup::default(), move || clock.now().0 + 24 * HOUR, at).await.unwrap();
        wrong(&w.says_of_gateway(&other).await, "dingtalk gateway");
        assert!(!other.refusals().is_empty(), "it was asked, and refused");
        let mut site = w.site();
        site.workshop.dingtalk = Some(DingTalk::of_fake(&other, &w.clock, &Entropy::System, Duration::from_millis(1_000)));
        drop(other);
        wrong(&examine(&site).await, "dingtalk gateway");
    }

    async fn a_bucket_that_refuses_or_whose_restore_broke_off_is_named(w: World) {
        let peer = Peer::start(&w.new_folder("store")).await;
        let (mut site, endpoint) = (w.site(), peer.endpoint());
        site.bucket = Some(peer.files());
        assert!(matches!(of(&examine(&site).await, "object store")[..], [Verdict::Fine(_)]));
        peer.files().set_unfinished(true).await.unwrap();
        assert!(wrong(&examine(&site).await, "object store").contains("a restore into this bucket did not come to its end"));
        peer.files().set_unfinished(false).await.unwrap();
        let blind = Bucket { access_key: BLIND, ..peer.bucket(&endpoint) };
        site.bucket = Some(Files::bucket(&blind).unwrap());
        assert!(wrong(&examine(&site).await, "object store").contains("--s3-"));
    }

    async fn a_daily_backup_that_fails_is_named(w: World) {
        let mut site = w.site();
        assert!(matches!(of(&examine(&site).await, "daily backup")[..], [Verdict::Skipped(_)]));
        let here = w.in_its_place().await;
        site.workshop.place = here.engine.workshop().place.clone().map(|place| crate::Place {
            daily: Some(DailyBackup { minute: 120, keep: 14 }),
            ..place
        });
        here.engine.close().await;
        assert!(matches!(of(&examine(&site).await, "daily backup")[..], [Verdict::Fine(_)]));
        let failed = Ended::Failed(Some("磁盘满了".to_owned()));
        leader::ran(&w.engine, Job::Backup, Ended::Well(Duration::from_secs(3), None)).await.unwrap();
        w.wait_ms(24 * HOUR);
        leader::ran(&w.engine, Job::Backup, failed).await.unwrap();
        let found = examine(&site).await;
        assert!(wrong(&found, "daily backup").contains("no good one for 24 hours"));
        let [Verdict::Wrong(said)] = of(&found, "daily backup")[..] else { unreachable!("it is wrong") };
        assert!(said.what.chinese.contains("磁盘满了。已 24 小时没有备份"), "{said:?}");
        let lacks = Ended::Well(Duration::from_secs(3), Some("平台自己缺 2 个文件".to_owned()));
        leader::ran(&w.engine, Job::Backup, lacks).await.unwrap();
        assert!(matches!(of(&examine(&site).await, "daily backup")[..], [Verdict::Note(_)]));
        leader::ran(&w.engine, Job::Backup, Ended::Well(Duration::from_secs(3), None)).await.unwrap();
        assert!(matches!(of(&examine(&site).await, "daily backup")[..], [Verdict::Fine(_)]));
        // Nobody makes them any more.
        w.wait_ms(31 * HOUR);
        assert!(wrong(&examine(&site).await, "daily backup").contains("there has been none for 31 hours"));
    }

    async fn a_system_without_namespaces_and_a_browser_that_is_not_there_are_named(w: World) {
        let mut site = w.site();
        site.workshop.builds = 1;
        site.workshop.registry = Some("http://127.0.0.1:9/".to_owned());
        // As bubblewrap does where the system lets it make none: it starts, and ends with an error.
        site.workshop.bubblewrap = PathBuf::from("/usr/bin/false");
        site.workshop.chromium = Some(PathBuf::from("/nowhere/chromium"));
        let found = examine(&site).await;
        let said = wrong(&found, "build sandbox");
        assert!(said.contains("does not allow namespaces") && said.contains("sysctl kernel.unprivileged_userns_clone=1"), "{said}");
        assert!(wrong(&found, "Chromium").contains("/nowhere/chromium cannot be run"));
    }
}

#[test]
fn namespaces_that_are_shut_and_tools_that_are_missing_are_wrong() {
    let said = "bwrap: No permissions to create new namespace, likely because the kernel does not allow non-privileged user namespaces.";
    let workshop = |unsandboxed| Workshop { unsandboxed, ..Workshop::default() };
    let shut = || Some(Trouble::NotAllowed(said.to_owned()));
    is_wrong(&judge_sandbox(shut(), &workshop(false)), "No permissions to create new namespace");
    is_wrong(&judge_sandbox(shut(), &workshop(true)), "built WITHOUT a sandbox, as --allow-unsandboxed-builds says");
    is_wrong(&judge_tools(None), "source packages are refused");
    let there = judge_tools(Some("node v22, npm 10, no pnpm, no yarn 3 or later".to_owned()));
    assert!(matches!(there, Verdict::Fine(said) if said.chinese == "node v22，npm 10，没有 pnpm，没有 yarn 3 以上"));
}

#[test]
fn a_daily_backup_that_is_late_is_wrong_also_if_there_never_was_one() {
    let daily = DailyBackup { minute: 120, keep: 14 };
    let known = PeriodicRun {
        name: String::new(),
        since: 0,
        well: true,
        done_at: None,
        took_ms: None,
        failed_at: None,
        said: None,
        machine: "a".to_owned(),
    };
    let judged = |run: Option<&PeriodicRun>, hours: i64| judge_daily(daily, run, UtcMillis(hours * HOUR));
    assert!(matches!(judged(None, 1_000), Verdict::Fine(said) if said.chinese.contains("第一次在 02:00")));
    assert!(matches!(judged(Some(&known), 30), Verdict::Fine(_)));
    is_wrong(&judged(Some(&known), 31), "none for 31 hours");
    let never = PeriodicRun { well: false, failed_at: Some(HOUR), ..known };
    is_wrong(&judged(Some(&never), 2), "no good one for 2 hours");
}
