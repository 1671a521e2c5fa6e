//! What labels show, when, and after a switch.

use crate::error::Error;
use crate::hosting::{self, Found, ReportOutcome};
use crate::publication::{history, running, view};
use crate::world::bench::static_zip;
use crate::world::{World, both};
use crate::{pipeline, version};
use domain::PublicationId;
use domain::query::HistoryQuery;

/// What going live, going offline and coming back write, until work orders do.
const LIVE: &str =
    "UPDATE publication SET live_version = (SELECT id FROM version ORDER BY key DESC LIMIT 1), stopped = FALSE";
const STOPPED: &str = "UPDATE publication SET stopped = TRUE, substitute = '浙里办 · 公共出行'";

impl World {
    async fn writes(&self, statement: &'static str) {
        let write =
            self.engine.db().write(statement, |conn, s| Box::pin(async move { crate::store::raw(conn, *s).await }));
        write.await.unwrap();
    }

    async fn goes_live(&self, publication: PublicationId) {
        self.writes(LIVE).await;
        hosting::switched(&self.engine, publication);
    }
}

async fn script(engine: &crate::Engine, label: &str) -> Option<String> {
    let Found::Site(site) = hosting::find(engine, label, None).await.unwrap() else { return None };
    let file = site.manifest.resolve("/a.js").unwrap().entry;
    let bytes = hosting::content(engine, &file.sha256, file.size).await.unwrap().unwrap();
    Some(String::from_utf8(bytes.to_vec()).unwrap())
}

both! {
    async fn a_preview_shows_the_version_until_it_expires(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip_with(bus, "1.0.0", &static_zip("let first = 1"), &["api.example.gov.cn"]).await;
        w.runs_jobs().await;
        let first = version::present_preview(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap().unwrap();
        assert_eq!(script(&w.engine, &first.label).await.as_deref(), Some("let first = 1"));
        let Found::Site(site) = hosting::find(&w.engine, &first.label.to_uppercase(), None).await.unwrap() else { panic!("it is there") };
        assert!(site.policy.contains("connect-src 'self' api.example.gov.cn:*"));
        assert_eq!(site.environment, "window.__APP_ENV__ = Object.freeze({});\n");
        let second = version::new_preview(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap();
        assert_eq!(script(&w.engine, &first.label).await, None, "the old address is gone at once");
        assert!(script(&w.engine, &second.label).await.is_some());
        w.wait_ms(60 * 60 * 1000);
        assert_eq!(script(&w.engine, &second.label).await, None);
    }

    async fn a_preview_that_is_pinned_holds_until_it_is_given_back(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("let first = 1")).await;
        w.runs_jobs().await;
        let pins = async |who: &str, pin| version::pin_preview(&w.engine, &w.request_of(who).await, id, pin).await;
        let first = pins("wangjianguo", true).await.unwrap();
        assert_eq!(first.expires_at, None);
        w.wait_ms(400 * 24 * 60 * 60 * 1000);
        pipeline::sweep_previews(&w.engine).await.unwrap();
        assert!(script(&w.engine, &first.label).await.is_some(), "a year later");
        for (who, missing) in [("limin", false), ("fengxue", false), ("sunyue", true), ("chenjing", true)] {
            let refused = pins(who, false).await.unwrap_err();
            assert_eq!(matches!(refused, Error::NotFound), missing, "{who}: {refused}");
            assert_eq!(matches!(refused, Error::Forbidden), !missing, "{who}: {refused}");
        }
        let second = version::new_preview(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap();
        assert_eq!(second.expires_at, None, "another address is pinned as the one before");
        assert_eq!(script(&w.engine, &first.label).await, None);
        assert_eq!(pins("zhaolei", true).await.unwrap(), second, "it is already");
        let given_back = pins("zhaolei", false).await.unwrap();
        assert_eq!((given_back.label.as_str(), given_back.expires_at.is_some()), (second.label.as_str(), true));
        assert_eq!(pins("zhaolei", false).await.unwrap(), given_back, "nor longer than that");
        w.wait_ms(60 * 60 * 1000);
        assert_eq!(script(&w.engine, &second.label).await, None);
        assert!(matches!(pins("zhaolei", true).await, Err(Error::NotFound)), "what is gone can't be held");
        let done = history(&w.engine, &w.request_of("zhaolei").await, bus, &HistoryQuery::default()).await.unwrap();
        let words: Vec<_> = done.rows.iter().take(3).map(|row| (row.word.as_str(), row.who.as_str())).collect();
        assert_eq!(words, [("取消固定预览地址", "赵磊"), ("更换预览地址", "赵磊"), ("固定预览地址", "王建国")]);
    }

    async fn a_publication_shows_what_is_live_and_then_names_its_substitute(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let label = view::label(1);
        assert_eq!(label, "sv00000001");
        assert_eq!(script(&w.engine, &label).await, None);
        w.uploads_zip(bus, "1.0.0", &static_zip("let first = 1")).await;
        w.runs_jobs().await;
        assert_eq!(script(&w.engine, &label).await, None, "in preview is not live");
        w.goes_live(bus).await;
        assert_eq!(script(&w.engine, &label).await.as_deref(), Some("let first = 1"));
        w.wait_ms(1);
        w.uploads_zip(bus, "1.1.0", &static_zip("let second = 2")).await;
        w.runs_jobs().await;
        assert_eq!(script(&w.engine, &label).await.as_deref(), Some("let first = 1"));
        w.goes_live(bus).await;
        assert_eq!(script(&w.engine, &label).await.as_deref(), Some("let second = 2"));
        w.writes(STOPPED).await;
        hosting::switched(&w.engine, bus);
        let Found::Stopped { name, substitute } = hosting::find(&w.engine, &label, None).await.unwrap() else { panic!("it is stopped") };
        assert_eq!((name.as_str(), substitute.as_str()), ("杭州公交查询", "浙里办 · 公共出行"));
        for nothing in ["sv00000002", "sv1", "sv0000000001", "svx", "", "a.b"] {
            assert!(matches!(hosting::find(&w.engine, nothing, None).await.unwrap(), Found::Nothing), "{nothing}");
        }
    }

    async fn a_hit_does_not_touch_the_database(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        w.uploads_zip(bus, "1.0.0", &static_zip("let first = 1")).await;
        w.runs_jobs().await;
        w.goes_live(bus).await;
        let engine = w.another_engine(true).await.unwrap();
        assert!(script(&engine, "sv00000001").await.is_some());
        engine.close().await;
        assert!(script(&engine, "sv00000001").await.is_some());
        w.wait_ms(60_000);
        assert!(script(&engine, "sv00000001").await.is_some(), "it stays as it was while the database is away");
        hosting::switched(&engine, bus);
        assert!(hosting::find(&engine, "sv00000001", None).await.is_err(), "a miss does");
    }

    async fn what_browsers_refuse_is_counted_by_host_and_not_without_end(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let report = |uri: &str| format!(r#"{{"csp-report":{{"blocked-uri":"{uri}"}}}}"#);
        for uri in ["https://evil.example.com/a?b", "https://EVIL.example.com:8443/", "inline", "http://", "x://<script>"] {
            assert_eq!(hosting::report(&w.engine, bus, report(uri).as_bytes()), ReportOutcome::Taken);
        }
        assert_eq!(hosting::report(&w.engine, bus, b"not json"), ReportOutcome::Taken);
        let zhao = w.request_of("zhaolei").await;
        let refused = async || {
            let refused = running(&w.engine, &zhao, bus).await.unwrap().refused;
            refused.into_iter().map(|refused| (refused.host, refused.count)).collect::<Vec<_>>()
        };
        let twice = [("evil.example.com".to_owned(), 2)];
        assert_eq!(refused().await, twice, "not written yet");
        hosting::write_reports(&w.engine).await.unwrap();
        assert_eq!(refused().await, twice, "written");
        w.wait_ms(1);
        for uri in ["https://evil.example.com", "https://map.example.com"] {
            hosting::report(&w.engine, bus, report(uri).as_bytes());
        }
        let more = [("evil.example.com".to_owned(), 3), ("map.example.com".to_owned(), 1)];
        assert_eq!(refused().await, more, "both together");
        w.engine.fail_at(0);
        hosting::write_reports(&w.engine).await.unwrap_err();
        assert_eq!(refused().await, more, "nothing is lost");
        hosting::write_reports(&w.engine).await.unwrap();
        hosting::write_reports(&w.engine).await.unwrap();
        assert_eq!(refused().await, more, "and nothing counted twice");
        let other = running(&w.engine, &w.request_of("sunyue").await, bus).await;
        assert!(matches!(other, Err(Error::NotFound)));
        for _ in 0..100 {
            hosting::report(&w.engine, bus, report("https://a.example.com").as_bytes());
        }
        let last = hosting::report(&w.engine, bus, report("https://a.example.com").as_bytes());
        assert_eq!(last, ReportOutcome::TooMany);
    }
}
