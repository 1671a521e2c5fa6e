//! What a build put out is searched like a static package.

use super::tests::{after, source};
use crate::rule;
use crate::world::both;
use domain::Stage;
use domain::StageStatus::{Failed, Passed, Waiting};
use domain::view::rule::RuleLevel;
use domain::view::version::FindingSeverity::{self, Block, Warn};
use std::collections::BTreeMap;

/// Beside the page: a source map, a script of a server, a program, settings.
const OUTPUT: &str = r#"
    fs.writeFileSync('build/a.js.map', '{"version":3,"mappings":"AAAA"}');
    fs.writeFileSync('build/deploy.sh', '#!/bin/sh\nrm -rf /\n');
    fs.writeFileSync('build/tool', Buffer.from('\x7fELF0000', 'latin1'));
    fs.writeFileSync('build/.env.production', 'A=1');"#;

fn build() -> Vec<u8> {
    source(&format!("{}{OUTPUT}", after("")))
}

impl crate::world::World {
    async fn found_in_build(&self, id: domain::VersionId) -> Vec<(String, FindingSeverity, String)> {
        let stages = self.version(id).await.stages.into_iter().find(|stage| stage.stage == Stage::Build);
        stages.unwrap().findings.into_iter().map(|found| (found.rule, found.severity, found.path)).collect()
    }
}

both! {
    async fn programs_scripts_and_source_maps_that_a_build_puts_out_are_findings(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let refused = w.uploads_zip(bus, "1.0.0", &build()).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(refused).await, [Passed, Failed, Waiting, Waiting], "{}", w.log(refused, Stage::Build).await);
        assert_eq!(w.version(refused).await.bundle, None);
        let said = w.sentence(refused, Stage::Build).await;
        assert!(said.starts_with("编译成功，但输出中有 2 处必须修改，如 deploy.sh：静态包内有脚本程序。"), "{said}");
        let of = |rule: &str, severity, path: &str| (rule.to_owned(), severity, path.to_owned());
        assert_eq!(w.found_in_build(refused).await, [
            of("secrets/env-file", Warn, ".env.production"),
            of("code/source-map", Warn, "a.js.map"),
            of("package/server-script", Block, "deploy.sh"),
            of("package/executable", Block, "tool"),
        ]);
        assert!(w.log(refused, Stage::Build).await.contains("[阻断] deploy.sh 静态包内有脚本程序"));

        // What the administrator says of a rule counts here, too, also of a result that is taken over.
        let levels = [("package/server-script", RuleLevel::Warn), ("package/executable", RuleLevel::Off)];
        let levels = BTreeMap::from(levels.map(|(rule, level)| (rule.to_owned(), level)));
        rule::change(&w.engine, &w.request_of("fengxue").await, 0, &levels).await.unwrap();
        for (number, began) in [("1.0.1", "编译成功："), ("1.0.2", "同一个包编译过")] {
            let id = w.uploads_zip(bus, number, &build()).await;
            w.runs_jobs().await;
            assert_eq!(w.statuses(id).await, [Passed; 4]);
            let said = w.sentence(id, Stage::Build).await;
            assert!(said.starts_with(began) && said.ends_with("。输出中有 3 条警告。"), "{said}");
            assert_eq!(w.found_in_build(id).await, [
                of("secrets/env-file", Warn, ".env.production"),
                of("code/source-map", Warn, "a.js.map"),
                of("package/server-script", Warn, "deploy.sh"),
            ]);
        }
    }
}
