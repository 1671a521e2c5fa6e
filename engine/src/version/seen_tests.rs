//! What is said of a version before somebody decides: what it is built with, and how long it waits.

use crate::Engine;
use crate::pipeline;
use crate::publication::ask::Ask;
use crate::version;
use crate::world::bench::{BUILDING, PAGE, static_zip, zip};
use crate::world::registry::registry;
use crate::world::{World, approval, both};
use domain::{PublicationId, Stage, StageStatus, VersionId};

/// Built of sources with these dependencies, without a lock file.
fn depends_on(dependencies: &str) -> Vec<u8> {
    let manifest = format!(
        r#"{{"name":"a","version":"1.0.0","dependencies":{dependencies},"scripts":{{"build":"mkdir dist && cp page.html dist/index.html && touch dist/a.css dist/a.js"}}}}"#
    );
    zip(&[("package.json", manifest.as_str()), ("page.html", PAGE)])
}

impl World {
    /// Builds with packages of this registry.
    async fn builder(&self, registry: &str) -> Engine {
        self.another_engine(true).await.unwrap().with_workshop(|s| s.registry = Some(registry.to_owned()))
    }

    async fn builds(&self, engine: &Engine, publication: PublicationId, number: &str, package: &[u8]) -> VersionId {
        let id = self.uploads_zip(publication, number, package).await;
        let alone = BUILDING.lock().await;
        while pipeline::run_next(engine).await.unwrap() {}
        drop(alone);
        assert_eq!(self.statuses(id).await, [StageStatus::Passed; 4], "{}", self.log(id, Stage::Build).await);
        id
    }
}

both! {
    async fn a_build_without_a_lock_file_says_and_keeps_what_was_chosen(w: World) {
        let engine = w.builder(&registry(&[("near", &["1.0.0", "1.2.0", "2.0.0"])]).await).await;
        let bus = w.hosted("杭州公交查询").await;
        let id = w.builds(&engine, bus, "1.0.0", &depends_on(r#"{"near":"^1.0.0"}"#)).await;
        let log = w.log(id, Stage::Build).await;
        let line = log.lines().find(|line| line.starts_with("没有锁文件")).unwrap();
        assert!(line.contains("near 1.2.0"), "{line}");
        let hash = line.rsplit_once("摘要 ").unwrap().1;
        let kept = w.engine.files().get(hash).await.unwrap().expect("the lock file is kept");
        let kept: serde_json::Value = serde_json::from_slice(&kept).unwrap();
        assert_eq!(kept["packages"]["node_modules/near"]["version"], "1.2.0");
        engine.close().await;
    }

    async fn new_dependencies_are_seen_before_submitting_at_acceptance_and_on_the_order(w: World) {
        let engine = w.builder(&registry(&[("near", &["1.0.0", "2.0.0"]), ("far", &["3.0.0"])]).await).await;
        let (zhao, wang, li) =
            (w.request_of("zhaolei").await, w.request_of("wangjianguo").await, w.request_of("limin").await);
        let bus = w.hosted("杭州公交查询").await;
        let first = w.builds(&engine, bus, "1.0.0", &depends_on(r#"{"near":"1.0.0"}"#)).await;
        w.makes_live(bus, first).await;
        w.does(&wang, bus, Ask::Upgrade).await;
        let second = w.builds(&engine, bus, "1.1.0", &depends_on(r#"{"near":"2.0.0","far":"3.0.0"}"#)).await;
        let seen = async |ctx| {
            let difference = version::difference(&w.engine, ctx, second, None).await.unwrap().unwrap();
            assert_eq!(difference.dependencies_changed, 2);
            let line = |change: &domain::view::difference::DependencyChange| {
                format!("{} {}→{} {}", change.name, change.before, change.after, change.direct)
            };
            difference.dependencies.iter().map(line).collect::<Vec<_>>()
        };
        let both = ["far →3.0.0 true", "near 1.0.0→2.0.0 true"];
        assert_eq!(seen(&zhao).await, both, "before 提交验收");
        w.does(&zhao, bus, Ask::SubmitForAcceptance(second)).await;
        assert_eq!(seen(&wang).await, both, "at 验收");
        w.does(&wang, bus, Ask::Accept(second)).await;
        w.does(&wang, bus, approval()).await;
        assert_eq!(seen(&li).await, both, "on the order");
        engine.close().await;
    }

    async fn a_warning_that_was_taken_over_is_seen_with_its_reason_on_the_order(w: World) {
        let (zhao, wang, li) =
            (w.request_of("zhaolei").await, w.request_of("wangjianguo").await, w.request_of("limin").await);
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("debugger;")).await;
        w.runs_jobs().await;
        version::keep_warning(&w.engine, &zhao, id, "code/debugger", "只在测试环境执行").await.unwrap();
        w.does(&zhao, bus, Ask::SubmitForAcceptance(id)).await;
        w.does(&wang, bus, Ask::Accept(id)).await;
        w.does(&wang, bus, approval()).await;
        for ctx in [&wang, &li] {
            let seen = version::detail(&w.engine, ctx, id).await.unwrap();
            let kept: Vec<_> = seen.kept.iter().map(|kept| (kept.rule.as_str(), kept.reason.as_str(), kept.by.as_str())).collect();
            assert_eq!(kept, [("code/debugger", "只在测试环境执行", "赵磊")]);
            assert!(!seen.may_keep);
            assert!(seen.stages.iter().any(|stage| stage.findings.iter().any(|finding| finding.rule == "code/debugger")));
        }
    }

    async fn what_waits_is_told_when_it_begins_by_what_others_took(w: World) {
        let (bus, park) = (w.hosted("杭州公交查询").await, w.hosted("停车缴费").await);
        let sleeping = zip(&[
            ("package.json", r#"{"name":"a","version":"1.0.0","scripts":{"build":"node wait.js"}}"#),
            ("package-lock.json", r#"{"name":"a","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"a","version":"1.0.0"}}}"#),
            ("wait.js", "console.log('BUILDING'); setInterval(() => {}, 1000)"),
        ]);
        let long = w.uploads_zip(bus, "1.0.0", &sleeping).await;
        let alone = BUILDING.lock().await;
        let engine = w.another_engine(true).await.unwrap().with_workshop(|s| s.limits.time = std::time::Duration::from_secs(10));
        let working = tokio::spawn(async move {
            let done = pipeline::run_next(&engine).await;
            engine.close().await;
            done
        });
        let begun = async {
            while !w.log(long, Stage::Build).await.contains("BUILDING") {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), begun).await.unwrap();
        w.wait_ms(20_000);
        assert!(working.await.unwrap().unwrap());
        drop(alone);
        let second = w.uploads_zip(park, "1.0.0", &static_zip("1")).await;
        let third = w.uploads_zip(bus, "1.0.1", &static_zip("1")).await;
        let place = async |id| w.version(id).await.queue.map(|place| (place.ahead, place.starts_in_ms));
        assert_eq!(place(second).await, Some((0, Some(0))));
        // One is before it, and the one that is known took so long.
        assert_eq!(place(third).await, Some((1, Some(20_000))));
        w.runs_jobs().await;
        assert_eq!((place(second).await, place(third).await), (None, None));
    }
}
