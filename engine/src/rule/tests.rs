//! Stories of the rules: changed by the system administrator, seen on results, taken over by developers.

use super::{change, page, versions};
use crate::error::Error;
use crate::publication::ask::Ask;
use crate::store::audit_event;
use crate::version;
use crate::world::bench::static_zip;
use crate::world::{World, both};
use checks::RULE_SET;
use domain::Stage;
use domain::StageStatus::{Failed, Passed};
use domain::view::change_pages::ChangePage;
use domain::view::rule::RuleLevel;
use std::collections::BTreeMap;

impl World {
    async fn weighs(&self, seen: i64, rule: &str, level: RuleLevel) -> crate::error::Result<()> {
        let levels = BTreeMap::from([(rule.to_owned(), level)]);
        change(&self.engine, &self.request_of("fengxue").await, seen, &levels).await
    }
}

/// What the first rule of each change weighed before, and weighs after it.
fn moved(page: &ChangePage) -> Vec<&str> {
    page.rows.iter().filter_map(|row| Some(row.moves.first()?.split_once('：')?.1)).collect()
}

both! {
    async fn a_level_that_was_changed_counts_for_the_next_package_and_is_named_on_it(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let before = w.uploads_zip(bus, "1.0.0", &static_zip("eval('1')")).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(before).await[0], Failed);
        w.weighs(0, "code/eval", RuleLevel::Warn).await.unwrap();
        let after = w.uploads_zip(bus, "1.0.1", &static_zip("eval('1')")).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(after).await, [Passed; 4]);
        let set = |detail: domain::view::VersionDetail| detail.stages[0].rule_set.clone();
        assert_eq!(set(w.version(before).await), RULE_SET, "what was found before stands as it is");
        assert_eq!(set(w.version(after).await), format!("{RULE_SET}.1"));
        w.weighs(1, "code/eval", RuleLevel::Off).await.unwrap();
        let off = w.uploads_zip(bus, "1.0.2", &static_zip("eval('1')")).await;
        w.runs_jobs().await;
        assert_eq!(w.version(off).await.stages[0].findings, []);
        w.weighs(2, "code/eval", RuleLevel::Block).await.unwrap();
        let feng = w.request_of("fengxue").await;
        let shown = page(&w.engine, &feng).await.unwrap();
        assert!(shown.categories.iter().flat_map(|of| &of.rules).all(|rule| rule.level == rule.standard), "all as it was");
        let made = versions(&w.engine, &feng, None).await.unwrap();
        assert!(made.rows.iter().all(|row| row.by == "冯雪"), "{made:?}");
        assert_eq!(moved(&made), ["关闭 → 阻断", "警告 → 关闭", "阻断 → 警告"]);
        assert_eq!((made.rows[0].word.as_str(), made.number), (shown.set.as_str(), 3));
    }

    async fn a_change_is_the_system_administrators_and_never_undoes_anothers(w: World) {
        for who in ["zhaolei", "wangjianguo", "limin", "zhengkai", "chuqiang", "weiping"] {
            let ctx = w.request_of(who).await;
            let levels = BTreeMap::from([("code/eval".to_owned(), RuleLevel::Off)]);
            assert!(matches!(change(&w.engine, &ctx, 0, &levels).await, Err(Error::Forbidden)), "{who}");
            assert!(!page(&w.engine, &ctx).await.unwrap().may_change, "{who}");
        }
        assert!(matches!(w.weighs(0, "code/none", RuleLevel::Off).await, Err(Error::NotFound)));
        w.weighs(0, "code/eval", RuleLevel::Block).await.unwrap();
        assert_eq!(page(&w.engine, &w.request_of("fengxue").await).await.unwrap().number, 0, "nothing changed");
        w.weighs(0, "code/debugger", RuleLevel::Block).await.unwrap();
        assert!(matches!(w.weighs(0, "code/eval", RuleLevel::Off).await, Err(Error::Conflict)));
        let mut conn = w.engine.db().reader().await.unwrap();
        let events = audit_event::after(&mut conn, 0, 100).await.unwrap();
        let last = events.iter().rfind(|event| event.action == "rule_set.change").unwrap();
        assert!(last.person_name == "冯雪" && last.detail.contains("\"警告\",\"阻断\""), "{}", last.detail);
    }

    async fn the_changes_are_paged_and_each_says_what_it_changed(w: World) {
        let levels = [RuleLevel::Off, RuleLevel::Warn];
        for n in 0..21 {
            w.weighs(n, "code/eval", levels[usize::try_from(n % 2).unwrap()]).await.unwrap();
        }
        let feng = w.request_of("fengxue").await;
        let first = versions(&w.engine, &feng, None).await.unwrap();
        assert_eq!((first.rows.len(), first.number), (20, 21));
        // The oldest of a page knows what was before it.
        assert_eq!(moved(&first)[19], "关闭 → 警告");
        let second = versions(&w.engine, &feng, first.pages.older).await.unwrap();
        assert_eq!(moved(&second), ["阻断 → 关闭"]);
        assert_eq!((second.number, second.pages.older), (21, None));
        assert_eq!(versions(&w.engine, &feng, second.pages.newer).await.unwrap(), first);
    }

    async fn a_warning_is_taken_over_with_a_reason_until_it_is_submitted(w: World) {
        let (zhao, wang) = (w.request_of("zhaolei").await, w.request_of("wangjianguo").await);
        let bus = w.hosted("杭州公交查询").await;
        let v = w.uploads_zip(bus, "1.0.0", &static_zip("debugger;")).await;
        w.runs_jobs().await;
        let keep = |rule: &'static str, reason: &'static str| version::keep_warning(&w.engine, &zhao, v, rule, reason);
        assert!(matches!(keep("code/debugger", " ").await, Err(Error::Invalid(_))));
        assert!(matches!(keep("code/eval", "不会执行").await, Err(Error::NotFound)), "it has none of that rule");
        keep("code/debugger", "只在调试开关打开时执行").await.unwrap();
        keep("code/debugger", "只在测试环境执行").await.unwrap();
        for who in ["wangjianguo", "sunyue"] {
            let other = w.request_of(who).await;
            let refused = version::keep_warning(&w.engine, &other, v, "code/debugger", "x").await;
            assert!(matches!(refused, Err(Error::Forbidden | Error::NotFound)), "{who}");
        }
        assert!(w.version(v).await.may_keep);
        w.does(&zhao, bus, Ask::SubmitForAcceptance(v)).await;
        let seen = version::detail(&w.engine, &wang, v).await.unwrap();
        assert_eq!((seen.kept[0].reason.as_str(), seen.kept[0].by.as_str()), ("只在测试环境执行", "赵磊"));
        assert!(!seen.may_keep && !w.version(v).await.may_keep, "what is submitted stands");
        assert!(matches!(keep("code/debugger", "换个说法").await, Err(Error::Refused(_))));
        assert!(seen.stages.iter().find(|stage| stage.stage == Stage::SourceCheck).is_some_and(|stage| !stage.findings.is_empty()));
    }
}
