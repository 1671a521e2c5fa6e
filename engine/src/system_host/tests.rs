//! Stories of hosts that are decided on for all applications.

use super::*;
use crate::hosting::{Found, find};
use crate::store::audit_event;
use crate::world::bench::static_zip;
use crate::world::{World, both};
use domain::Stage;
use domain::StageStatus::{Failed, Passed};

fn decides(host: &str, allowed: &str, purpose: &str) -> SystemHostDraft {
    SystemHostDraft { host: host.to_owned(), allowed: allowed.to_owned(), purpose: purpose.to_owned() }
}

impl World {
    async fn policy_of(&self, label: &str) -> String {
        let Found::Site(site) = find(&self.engine, label, None).await.unwrap() else { panic!("it is served") };
        site.policy.clone()
    }
}

both! {
    async fn what_is_allowed_counts_for_all_and_is_dropped_at_once(w: World) {
        let (feng, zhao) = (w.request_of("fengxue").await, w.request_of("zhaolei").await);
        let bus = w.hosted("杭州公交查询").await;
        let asks = static_zip("fetch('https://map.example.com/a.json')");
        let unknown = w.uploads_zip(bus, "1.0.0", &asks).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(unknown).await[2], Failed);
        put(&w.engine, &feng, &decides("MAP.example.com", "yes", "省级地图")).await.unwrap();
        assert_eq!(allowed(&w.engine).await.unwrap(), ["map.example.com"]);
        let known = w.uploads_zip(bus, "1.0.1", &asks).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(known).await, [Passed; 4]);
        let preview = crate::version::present_preview(&w.engine, &zhao, known).await.unwrap().unwrap();
        assert!(w.policy_of(&preview.label).await.contains("map.example.com"));
        remove(&w.engine, &feng, "map.example.com").await.unwrap();
        assert!(!w.policy_of(&preview.label).await.contains("map.example.com"), "with the next request");
        assert!(matches!(remove(&w.engine, &feng, "map.example.com").await, Err(Error::NotFound)));
    }

    async fn what_is_forbidden_is_refused_whatever_is_declared(w: World) {
        let (feng, zhao) = (w.request_of("fengxue").await, w.request_of("zhaolei").await);
        let bus = w.hosted("杭州公交查询").await;
        let asks = static_zip("fetch('https://cdn.evil.example/a.js')");
        let declared = ["cdn.evil.example"];
        let before = w.uploads_zip_with(bus, "1.0.0", &asks, &declared).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(before).await, [Passed; 4]);
        let preview = crate::version::present_preview(&w.engine, &zhao, before).await.unwrap().unwrap();
        assert!(w.policy_of(&preview.label).await.contains("cdn.evil.example"));
        put(&w.engine, &feng, &decides("*.evil.example", "no", "泄露过数据")).await.unwrap();
        assert!(!w.policy_of(&preview.label).await.contains("evil.example"), "dropped at once");
        let after = w.uploads_zip_with(bus, "1.0.1", &asks, &declared).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(after).await[2], Failed);
        let said = w.sentence(after, Stage::LinkCheck).await;
        assert!(said.contains("cdn.evil.example") && said.contains("平台禁止"), "{said}");
        let external = &w.version(after).await.external[0];
        assert_eq!((external.allowed, external.purpose.as_deref()), (false, Some("平台禁止：泄露过数据")));
    }

    async fn only_the_system_administrator_decides_and_all_of_it_is_in_the_log(w: World) {
        let feng = w.request_of("fengxue").await;
        for account in ["chuqiang", "weiping", "wangjianguo", "zhaolei"] {
            let who = w.request_of(account).await;
            assert!(matches!(put(&w.engine, &who, &decides("a.cn", "yes", "x")).await, Err(Error::Forbidden)));
            assert!(matches!(remove(&w.engine, &who, "a.cn").await, Err(Error::Forbidden)));
            assert!(matches!(list(&w.engine, &who).await, Err(Error::Forbidden)));
        }
        for wrong in [decides("https://a.cn/x", "yes", "x"), decides("a.cn", "", "x"), decides("a.cn", "yes", " ")] {
            assert!(matches!(put(&w.engine, &feng, &wrong).await, Err(Error::Invalid(_))), "{wrong:?}");
        }
        put(&w.engine, &feng, &decides("a.cn", "yes", "地图")).await.unwrap();
        put(&w.engine, &feng, &decides("a.cn", "no", "停用")).await.unwrap();
        assert_eq!(list(&w.engine, &feng).await.unwrap().len(), 1, "in place of what was decided before");
        remove(&w.engine, &feng, "a.cn").await.unwrap();
        let events = audit_event::after(&mut w.engine.db().reader().await.unwrap(), 0, 100).await.unwrap();
        let details: Vec<serde_json::Value> = events
            .iter()
            .filter(|event| event.object_kind == "system_host" && event.result == "done")
            .map(|event| serde_json::from_str(&event.detail).unwrap())
            .collect();
        assert_eq!(details.len(), 3);
        let refused = events.iter().filter(|event| event.object_kind == "system_host" && event.result == "refused");
        assert_eq!(refused.count(), 8, "each of the four who may not, twice");
        assert_eq!((&details[1]["before"], &details[1]["after"]), (&json!("允许：地图"), &json!("禁止：停用")));
    }
}
