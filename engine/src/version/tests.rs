//! What pages and rules see of versions, and who sees them.

use crate::error::Error;
use crate::publication::ask::Ask;
use crate::version;
use crate::world::bench::static_zip;
use crate::world::both;
use domain::{Stage, StageSet, StageStatus, VersionNumber};

both! {
    async fn the_newest_version_is_a_fact_with_what_it_passed(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        w.uploads_zip(bus, "1.0.1", &static_zip("eval('2')")).await;
        w.runs_jobs().await;
        let third = w.uploads_zip(bus, "1.0.2", &static_zip("3")).await;
        let facts = w.facts(bus).await;
        let newest = facts.newest.unwrap();
        assert_eq!((newest.id, newest.number, newest.in_round), (third, VersionNumber::new(1, 0, 2), true));
        assert_eq!(newest.passed, StageSet::default());
        assert_eq!((facts.submitted, facts.accepted, facts.last_live), (None, None, None));
        w.runs_jobs().await;
        assert_eq!(w.facts(bus).await.newest.unwrap().passed, StageSet::ALL);
    }

    async fn contacts_and_the_systems_administrators_see_a_version_and_nobody_else(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        w.runs_jobs().await;
        for who in ["zhaolei", "wangjianguo"] {
            assert!(version::detail(&w.engine, &w.request_of(who).await, id).await.is_ok(), "{who}");
        }
        for (who, missing) in [("sunyue", true), ("chenjing", true), ("limin", true), ("fengxue", false)] {
            let ctx = w.request_of(who).await;
            let detail = version::detail(&w.engine, &ctx, id).await.unwrap_err();
            let log = version::log(&w.engine, &ctx, id, Stage::Build, -1).await.unwrap_err();
            let preview = version::present_preview(&w.engine, &ctx, id).await.unwrap_err();
            for error in [detail, log, preview] {
                assert_eq!(matches!(error, Error::NotFound), missing, "{who}: {error}");
                assert_eq!(matches!(error, Error::Forbidden), !missing, "{who}: {error}");
            }
        }
    }

    async fn a_preview_is_replaced_on_demand_by_whose_it_is(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        w.runs_jobs().await;
        let zhao = w.request_of("zhaolei").await;
        let first = version::present_preview(&w.engine, &zhao, id).await.unwrap().unwrap();
        w.wait_ms(30 * 60 * 1000);
        assert_eq!(version::present_preview(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap(), Some(first.clone()));
        for who in ["zhaolei", "wangjianguo"] {
            let other = version::new_preview(&w.engine, &w.request_of(who).await, id).await.unwrap();
            assert_ne!(other.label, first.label, "{who}");
        }
        for who in ["limin", "fengxue"] {
            let refused = version::new_preview(&w.engine, &w.request_of(who).await, id).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{who}");
        }
        w.wait_ms(61 * 60 * 1000);
        assert_eq!(version::present_preview(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap(), None);
    }

    async fn a_version_differs_from_the_one_live_before_it_or_from_any_other(w: World) {
        let (zhao, wang) = (w.request_of("zhaolei").await, w.request_of("wangjianguo").await);
        let differs = async |id, with| version::difference(&w.engine, &zhao, id, with).await;
        let bus = w.hosted("杭州公交查询").await;
        let first = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        w.runs_jobs().await;
        assert_eq!(differs(first, None).await.unwrap(), None, "nothing was live");
        w.makes_live(bus, first).await;
        assert_eq!(differs(first, None).await.unwrap(), None, "it is the first");
        w.does(&wang, bus, Ask::Upgrade).await;
        let script = "fetch('https://a.example.com/x'); el.innerHTML = x";
        let second = w.uploads_zip_with(bus, "1.1.0", &static_zip(script), &["a.example.com"]).await;
        assert_eq!(differs(second, None).await.unwrap().unwrap().files, None, "it is not deployed yet");
        w.runs_jobs().await;
        let found = differs(second, None).await.unwrap().unwrap();
        assert_eq!((found.with, found.number, found.live), (first, VersionNumber::new(1, 0, 0), true));
        let files = found.files.clone().unwrap();
        assert_eq!((files.added, files.changed, files.removed, files.same), (0, 1, 0, 2));
        assert_eq!((files.files[0].path.as_str(), files.files[0].before), ("a.js", Some(1)));
        assert_eq!((found.hosts_added, found.hosts_removed), (vec!["a.example.com".to_owned()], vec![]));
        let rules: Vec<_> = found.findings.iter().map(|f| (f.rule.as_str(), f.before, f.after)).collect();
        assert_eq!(rules, [("code/html-injection", 0, 1)]);
        // Live itself, it is still compared with the one before; and each with any other.
        w.makes_live(bus, second).await;
        let again = differs(second, None).await.unwrap().unwrap();
        assert_eq!((again.with, again.live, again.files), (first, false, Some(files)));
        let back = differs(first, Some(second)).await.unwrap().unwrap();
        assert_eq!((back.live, back.hosts_removed), (true, vec!["a.example.com".to_owned()]));
        assert!(differs(first, Some(first)).await.unwrap().unwrap().is_empty());
        // Not with one of another publication.
        let other = w.registers(&wang, "停车缴费").await;
        let other = w.uploads(other, "1.0.0").await;
        assert!(matches!(differs(first, Some(other)).await, Err(Error::NotFound)));
        let stranger = w.request_of("sunyue").await;
        let refused = version::difference(&w.engine, &stranger, first, Some(second)).await;
        assert!(matches!(refused, Err(Error::NotFound)));
    }

    async fn what_waits_has_a_place_and_can_be_cancelled_and_run_again(w: World) {
        let (bus, park) = (w.hosted("杭州公交查询").await, w.hosted("停车缴费").await);
        let first = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        let second = w.uploads_zip(park, "1.0.0", &static_zip("1")).await;
        let ahead = async |id| w.version(id).await.queue.map(|place| place.ahead);
        assert_eq!((ahead(first).await, ahead(second).await), (Some(0), Some(1)));
        let zhao = w.request_of("zhaolei").await;
        for (who, missing) in [("wangjianguo", false), ("limin", false), ("sunyue", true)] {
            let refused = version::cancel(&w.engine, &w.request_of(who).await, first).await.unwrap_err();
            assert_eq!(matches!(refused, Error::NotFound), missing, "{who}: {refused}");
            assert_eq!(matches!(refused, Error::Forbidden), !missing, "{who}: {refused}");
        }
        version::cancel(&w.engine, &zhao, first).await.unwrap();
        assert_eq!(w.statuses(first).await, [StageStatus::Cancelled; 4]);
        assert_eq!((ahead(first).await, ahead(second).await), (None, Some(0)));
        assert!(matches!(version::cancel(&w.engine, &zhao, first).await, Err(Error::Conflict)), "it is cancelled");
        version::run_again(&w.engine, &w.request_of("zhaolei").await, first).await.unwrap();
        w.runs_jobs().await;
        assert_eq!(w.statuses(first).await, [StageStatus::Passed; 4]);
        assert_eq!(ahead(first).await, None);
        assert!(matches!(version::cancel(&w.engine, &zhao, first).await, Err(Error::Conflict)), "it is over");
    }

    async fn only_what_stopped_is_run_again(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        let zhao = w.request_of("zhaolei").await;
        assert!(matches!(version::run_again(&w.engine, &zhao, id).await, Err(Error::Conflict)), "it waits already");
        w.runs_jobs().await;
        assert!(matches!(version::run_again(&w.engine, &zhao, id).await, Err(Error::Conflict)), "it passed");
        for who in ["wangjianguo", "limin", "fengxue"] {
            let refused = version::run_again(&w.engine, &w.request_of(who).await, id).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{who}");
        }
    }
}
