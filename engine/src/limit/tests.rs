use super::{Limits, change, page, present, versions};
use crate::Engine;
use crate::error::Error;
use crate::store::audit_event;
use crate::workshop::MB;
use crate::world::both;
use domain::limit::{Limit, LimitDraft};
use domain::view::limit::LimitRow;
use domain::view::setting::{Setting, SettingGroup, SettingValue, Source};

fn draft(values: &[(Limit, &str)]) -> LimitDraft {
    LimitDraft { values: values.iter().map(|(limit, text)| (limit.id().to_owned(), (*text).to_owned())).collect() }
}

/// The limit as the server's file has it.
fn told(limit: Limit) -> Setting {
    Setting {
        name: limit.id().to_owned(),
        variable: String::new(),
        group: SettingGroup::Limits,
        meaning: String::new(),
        value: SettingValue::Unset,
        source: Source::File,
    }
}

async fn in_force(engine: &Engine) -> Limits {
    present(engine, &mut engine.db().reader().await.unwrap()).await.unwrap()
}

fn of(rows: &[LimitRow], limit: Limit) -> &LimitRow {
    rows.iter().find(|row| row.limit == limit).expect("all are there")
}

both! {
    async fn what_is_set_counts_in_every_process_but_not_where_the_server_was_told(w: World) {
        let fengxue = w.request_of("fengxue").await;
        let open = page(&w.engine, &fengxue, false).await.unwrap();
        assert_eq!((open.number, of(&open.rows, Limit::PackageMegabytes).value), (0, 100));
        let typed = draft(&[(Limit::PackageMegabytes, "1"), (Limit::BuildMinutes, "5"), (Limit::BuildProcesses, "")]);
        change(&w.engine, &fengxue, 0, &typed).await.unwrap();
        let other = w.another_process().await;
        let limits = in_force(&other.engine).await;
        assert_eq!((limits.package.packed_bytes, limits.build.time.as_secs()), (MB, 300));
        other.engine.close().await;
        let fixed = w.another_engine(true).await.unwrap().with_workshop(|workshop| {
            let settings = vec![told(Limit::PackageMegabytes)];
            workshop.place = Some(crate::Place {
                data: "/nowhere".into(),
                database: String::new(),
                bucket: false,
                public_url: None,
                backups: "/nowhere".into(),
                daily: None,
                file: None,
                settings,
            });
        });
        let limits = in_force(&fixed).await;
        assert_eq!((limits.package.packed_bytes, limits.build.time.as_secs()), (100 * MB, 300));
        let open = page(&fixed, &fengxue, false).await.unwrap();
        assert_eq!(of(&open.rows, Limit::PackageMegabytes).fixed, Some(Source::File));
        change(&fixed, &fengxue, 1, &draft(&[(Limit::PackageMegabytes, "7"), (Limit::BuildMinutes, "")])).await.unwrap();
        fixed.close().await;

        let open = page(&w.engine, &fengxue, false).await.unwrap();
        assert_eq!(of(&open.rows, Limit::PackageMegabytes).value, 1, "what is fixed there is not changed from there");
        assert_eq!(of(&open.rows, Limit::BuildMinutes).value, 10);
        let made = versions(&w.engine, &fengxue, None).await.unwrap();
        assert_eq!(made.rows[0].moves, ["一次编译的时间，包括安装依赖：5 分钟 → 默认"]);
        let newest = audit_event::newest(&mut w.engine.db().reader().await.unwrap()).await.unwrap();
        let last = audit_event::after(&mut w.engine.db().reader().await.unwrap(), newest - 1, 1).await.unwrap();
        assert_eq!(last[0].action, "limit_set.change");
        assert!(last[0].detail.contains("默认"), "{}", last[0].detail);
    }

    async fn the_changes_are_paged_and_the_form_stays_the_present_one(w: World) {
        let fengxue = w.request_of("fengxue").await;
        for n in 0..21 {
            let minutes = (n + 1).to_string();
            change(&w.engine, &fengxue, n, &draft(&[(Limit::BuildMinutes, &minutes)])).await.unwrap();
        }
        let first = versions(&w.engine, &fengxue, None).await.unwrap();
        assert_eq!(first.rows.len(), 20);
        // The oldest of a page knows what was before it.
        assert_eq!(first.rows[19].moves, ["一次编译的时间，包括安装依赖：1 分钟 → 2 分钟"]);
        let second = versions(&w.engine, &fengxue, first.pages.older).await.unwrap();
        let moves: Vec<_> = second.rows.iter().flat_map(|row| &row.moves).collect();
        assert_eq!(moves, ["一次编译的时间，包括安装依赖：默认 → 1 分钟"]);
        let open = page(&w.engine, &fengxue, false).await.unwrap();
        assert_eq!((open.number, of(&open.rows, Limit::BuildMinutes).typed.as_str()), (21, "21"));
        assert_eq!(versions(&w.engine, &fengxue, second.pages.newer).await.unwrap(), first);
    }

    async fn a_package_that_is_over_the_limit_of_the_screen_is_refused_from_the_next_upload_on(w: World) {
        let fengxue = w.request_of("fengxue").await;
        let wang = w.request_of("wangjianguo").await;
        let p = w.registers(&wang, "限制_公交").await;
        let zhao = w.request_of("zhaolei").await;
        let two = i64::try_from(2 * MB).unwrap();
        crate::upload::begin(&w.engine, &zhao, p, "a.zip", two).await.unwrap();
        change(&w.engine, &fengxue, 0, &draft(&[(Limit::PackageMegabytes, "1")])).await.unwrap();
        let Err(Error::InvalidFile(said)) = crate::upload::begin(&w.engine, &zhao, p, "a.zip", two).await else {
            panic!("it is refused")
        };
        assert!(said.contains("超过上限 1 MB"), "{said}");
    }

    async fn what_is_wrong_is_kept_and_two_do_not_overwrite_each_other(w: World) {
        let fengxue = w.request_of("fengxue").await;
        let wrong = draft(&[(Limit::PackageMegabytes, "0"), (Limit::BuildMinutes, "5")]);
        assert!(matches!(change(&w.engine, &fengxue, 0, &wrong).await, Err(Error::Invalid(_))));
        let open = page(&w.engine, &fengxue, true).await.unwrap();
        assert!(of(&open.rows, Limit::PackageMegabytes).wrong.is_some());
        assert_eq!(of(&open.rows, Limit::BuildMinutes).typed, "5");
        change(&w.engine, &fengxue, 0, &draft(&[(Limit::BuildMinutes, "5")])).await.unwrap();
        let late = change(&w.engine, &fengxue, 0, &draft(&[(Limit::BuildMinutes, "6")])).await;
        assert!(matches!(late, Err(Error::Conflict)));
        for other in ["chuqiang", "weiping", "zhaolei"] {
            let ctx = w.request_of(other).await;
            assert!(matches!(page(&w.engine, &ctx, false).await, Err(Error::Forbidden)), "{other}");
            assert!(matches!(versions(&w.engine, &ctx, None).await, Err(Error::Forbidden)), "{other}");
            assert!(matches!(change(&w.engine, &ctx, 1, &draft(&[])).await, Err(Error::Forbidden)), "{other}");
        }
    }
}
