//! What pages and rules see of versions, and who sees them.

use crate::error::Error;
use crate::version;
use crate::world::bench::static_zip;
use crate::world::both;
use domain::{Stage, StageSet, VersionNumber};

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
