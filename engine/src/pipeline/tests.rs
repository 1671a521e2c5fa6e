//! The line in stories: what passes, what fails with which sentence, and what happens when a server dies.

use crate::pipeline::{JOB, run_next};
use crate::store::{job, version_facts};
use crate::world::bench::{PAGE, static_zip, zip};
use crate::world::both;
use crate::{Error, pipeline, version};
use domain::StageStatus::{Cancelled, Failed, Passed, Waiting};
use domain::view::version::FindingSeverity;
use domain::{Stage, UtcMillis};
use std::path::Path;

/// What must be left of a job: nothing.
fn leftovers(work: &Path) -> usize {
    super::folder::all(work).len()
}

fn blobs(files: &Path) -> usize {
    std::fs::read_dir(files.join("blob")).unwrap().count()
        + std::fs::read_dir(files.join("part")).map_or(0, Iterator::count)
}

both! {
    async fn a_static_package_passes_and_can_be_looked_at(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("fetch('/lines.json')")).await;
        w.runs_jobs().await;
        let page = w.version(id).await;
        assert_eq!(w.statuses(id).await, [Passed; 4], "{:?}", page.stages);
        let sentences: Vec<&str> = page.stages.iter().map(|s| s.sentence.as_str()).collect();
        assert_eq!(sentences, [
            "检测了 3 个文件，没有发现问题。",
            "静态包，无需编译",
            "没有外部链接。",
            "已部署 3 个文件，首页和引用的资源都能打开。",
        ]);
        assert!(!page.under_way && page.bundle.is_some());
        assert!(w.log(id, Stage::DeployTest).await.contains("200 /a.js"));
        let preview = version::present_preview(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap().unwrap();
        assert_eq!(preview.label.len(), 32);
        assert_eq!(preview.address, format!("http://{}.apps.localhost:3000", preview.label));
        assert_eq!(leftovers(&w.engine.workshop().work), 0);
        let counted = crate::metrics::stages(&w.engine).into_iter().map(|(_, passed, times)| (passed, times));
        assert!(counted.eq([(false, 0), (true, 1)].repeat(4)), "operators see that each stage passed once");
    }

    async fn a_finding_that_blocks_stops_the_line(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("eval('1 + 1')")).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Failed, Waiting, Waiting, Waiting]);
        let said = w.sentence(id, Stage::SourceCheck).await;
        assert!(said.starts_with("有 1 处必须修改，如 a.js："), "{said}");
        let finding = w.version(id).await.stages[0].findings[0].clone();
        assert_eq!((finding.rule.as_str(), finding.path.as_str(), finding.line), ("code/eval", "a.js", Some(1)));
        assert_eq!(finding.severity, FindingSeverity::Block);
        assert!(!finding.what.is_empty() && !finding.why.is_empty() && !finding.how.is_empty());
        assert!(!w.version(id).await.under_way);
    }

    async fn bad_packages_end_with_one_sentence_and_leave_nothing(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let (good, before) = (static_zip("1"), blobs(&w.files_folder()));
        let cases: Vec<(Vec<u8>, &str)> = vec![
            (b"GIF89a".repeat(100), "这不是完整的 zip 文件"),
            (good[..good.len() - 30].to_vec(), "这不是完整的 zip 文件"),
            (zip(&[("../../etc/passwd", "x"), ("index.html", PAGE)]), "“../../etc/passwd”的名称不能使用"),
            (zip(&[("index.html", PAGE), ("a.zip", "x")]), "“a.zip”是压缩包"),
            (zip(&[("readme.txt", "x")]), "没有找到 index.html"),
            (zip(&[("index.html", PAGE), ("big.txt", &"0".repeat(3 << 20))]), "“big.txt”的压缩比"),
        ];
        for (n, (package, why)) in cases.into_iter().enumerate() {
            let id = w.uploads_zip(bus, &format!("1.0.{n}"), &package).await;
            w.runs_jobs().await;
            assert_eq!(w.statuses(id).await, [Failed, Waiting, Waiting, Waiting], "{why}");
            let said = w.sentence(id, Stage::SourceCheck).await;
            assert!(said.contains(why), "{said}");
            // Not a byte of it is kept, and 重新运行 says it again.
            let page = w.version(id).await;
            assert!(!page.under_way && !w.engine.files().has(&page.package).await.unwrap());
            version::run_again(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap();
            w.runs_jobs().await;
            assert_eq!(w.sentence(id, Stage::SourceCheck).await, said);
        }
        assert_eq!(blobs(&w.files_folder()), before, "nothing, under no name");
        let backup = w.new_folder("backup");
        let made = crate::backup::make(&w.address(), w.engine.files(), &w.clock, &backup).await.unwrap();
        assert_eq!(made.first_missing, Vec::<String>::new(), "what was refused is not missed");
        assert_eq!(leftovers(&w.engine.workshop().work), 0);
    }

    async fn an_undeclared_host_blocks_and_a_declared_one_does_not(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let package = static_zip("fetch('https://api.example.gov.cn/lines')");
        let without = w.uploads_zip(bus, "1.0.0", &package).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(without).await, [Passed, Passed, Failed, Waiting]);
        assert_eq!(
            w.sentence(without, Stage::LinkCheck).await,
            "有 1 个外部域名没有声明：api.example.gov.cn（a.js:1:7）。请从代码中去掉，或在上传时填写其用途后重新上传。"
        );
        let with = w.uploads_zip_with(bus, "1.0.1", &package, &["api.example.gov.cn"]).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(with).await, [Passed; 4]);
        let host = w.version(with).await.external[0].clone();
        assert_eq!((host.host.as_str(), host.allowed, host.purpose.as_deref(), host.count), ("api.example.gov.cn", true, Some("查询数据"), 1));
        assert_eq!((host.places[0].path.as_str(), host.places[0].line), ("a.js", 1));
        let (one, two) = (w.version(without).await.bundle, w.version(with).await.bundle);
        assert_eq!(one, two, "the same content is the same bundle");
    }

    async fn the_smoke_test_finds_what_the_first_page_lacks(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &zip(&[("index.html", PAGE), ("a.css", "")])).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Passed, Passed, Passed, Failed]);
        assert_eq!(
            w.sentence(id, Stage::DeployTest).await,
            "首页引用的“/a.js”不存在。请检查构建的资源路径（base），或把文件放进包里。"
        );
        let preview = version::new_preview(&w.engine, &w.request_of("zhaolei").await, id).await;
        assert!(matches!(preview, Err(Error::NotFound)));
    }

    async fn a_script_that_is_preloaded_is_needed_all_the_same(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let page = PAGE.replace(
            "<script src=\"/a.js\"></script>",
            "<link rel=\"preload\" href=\"/js/app.js\" as=\"script\"><script src=\"/js/app.js\"></script>",
        );
        assert_ne!(page, PAGE);
        let id = w.uploads_zip(bus, "1.0.0", &zip(&[("index.html", &page), ("a.css", "")])).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Passed, Passed, Passed, Failed]);
        assert_eq!(
            w.sentence(id, Stage::DeployTest).await,
            "首页引用的“/js/app.js”不存在。请检查构建的资源路径（base），或把文件放进包里。"
        );
    }

    async fn what_the_host_makes_is_there_and_a_picture_that_is_not_is_named(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let page = PAGE.replace("<script src=\"/a.js\"></script>", "<script src=\"./app-env.js\"></script><img src=logo.png alt=标志>");
        assert_ne!(page, PAGE);
        let id = w.uploads_zip(bus, "1.0.0", &zip(&[("index.html", &page), ("a.css", "")])).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Passed; 4]);
        assert_eq!(
            w.sentence(id, Stage::DeployTest).await,
            "已部署 2 个文件，首页能打开；引用的 1 个图片或其他资源不存在：“logo.png”。请检查路径。"
        );
    }

    async fn what_styles_name_is_asked_for_from_where_they_stand(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let page = PAGE.replace(
            "<script src=\"/a.js\"></script>",
            "<style>p { background: url(img/one.png) }</style><p style=\"background: url('img/two.png')\"></p>\
             <img srcset=\"img/three.png 1x,img/four.png 2x\" alt=\"\"><p style=\"background: url(img/there.png)\"></p>",
        );
        let files = [
            ("index.html", page.as_str()),
            ("a.css", "@import 'css/more.css'; p { background: url(img/five.png), url(#same), url(https://cdn.example.gov.cn/a.png) }"),
            ("css/more.css", "p { background: url(../img/there.png), url(six.png) }"),
            ("img/there.png", "x"),
        ];
        let id = w.uploads_zip_with(bus, "1.0.0", &zip(&files), &["cdn.example.gov.cn"]).await;
        w.runs_jobs().await;
        let log = w.log(id, Stage::DeployTest).await;
        assert_eq!(w.statuses(id).await, [Passed; 4], "{log}");
        let asked: Vec<&str> = log.lines().filter(|line| line.starts_with("200 ") || line.starts_with("404 ")).collect();
        assert_eq!(
            asked,
            [
                "200 ./a.css",
                "404 img/one.png",
                "404 img/two.png",
                "404 img/three.png",
                "404 img/four.png",
                "200 img/there.png",
                "200 css/more.css",
                "404 img/five.png",
                "404 six.png",
            ]
        );
        assert!(w.sentence(id, Stage::DeployTest).await.contains("引用的 6 个图片或其他资源不存在：“img/one.png”"));
    }

    async fn a_script_that_nests_without_end_is_not_parsed_and_has_to_go(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let deep = format!("let a = {}1{}", "(".repeat(2_000_000), ")".repeat(2_000_000));
        // Beside it lies what can't be compressed, so that it is no bomb.
        let noise: String = (0..40_000_u64).map(|n| format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect();
        let id = w.uploads_zip(bus, "1.0.0", &zip(&[("index.html", PAGE), ("a.css", ""), ("a.js", &format!("{deep}//{noise}"))])).await;
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Failed, Waiting, Waiting, Waiting]);
        let said = w.sentence(id, Stage::SourceCheck).await;
        assert!(said.starts_with("有 1 处必须修改，如 a.js：代码过大或嵌套过深，无法检测。"), "{said}");
        let finding = w.version(id).await.stages[0].findings[0].clone();
        assert_eq!((finding.rule.as_str(), finding.path.as_str(), finding.line), ("code/not-checked", "a.js", Some(1)));
    }

    async fn a_dead_checker_is_said_so(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let engine = w.another_engine(true).await.unwrap().with_program("/bin/false");
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        assert!(run_next(&engine).await.unwrap());
        assert_eq!(w.statuses(id).await, [Failed, Waiting, Waiting, Waiting]);
        assert!(w.sentence(id, Stage::SourceCheck).await.starts_with("检测程序处理这个包时异常结束"));
        version::run_again(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap();
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Passed; 4]);
        engine.close().await;
    }

    async fn what_breaks_on_our_side_is_tried_again_and_then_says_so(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let engine = w.another_engine(true).await.unwrap().with_program("/nowhere/server");
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        for status in [Waiting, Waiting, Failed] {
            assert!(run_next(&engine).await.unwrap());
            assert_eq!(w.statuses(id).await[0], status);
            assert!(!run_next(&engine).await.unwrap(), "not at once");
            w.wait_ms(60_000);
        }
        assert!(w.sentence(id, Stage::SourceCheck).await.starts_with("平台处理时出错，已经重试过"));
        engine.close().await;
    }

    async fn a_stage_that_was_running_when_the_server_died_starts_again(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        std::fs::create_dir_all(&w.engine.workshop().work).unwrap();
        let slow = w.engine.workshop().work.join("slow");
        std::fs::write(&slow, "#!/bin/sh\nexec sleep 100\n").unwrap();
        std::fs::set_permissions(&slow, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let dying = w.another_engine(true).await.unwrap().with_program(&slow.to_string_lossy());
        let worker = tokio::spawn({
            let dying = dying.clone();
            async move { run_next(&dying).await }
        });
        w.until_it_runs(id).await;
        assert!(!run_next(&w.engine).await.unwrap(), "it is another's");
        worker.abort();
        let _ = worker.await;
        assert!(!run_next(&w.engine).await.unwrap(), "the lease still holds");
        // What a process that was killed leaves behind is swept when its leases are over.
        let holder = *dying.holders().first().unwrap();
        let left = w.engine.workshop().work.join(holder.simple().to_string());
        std::fs::create_dir_all(left.join("half-made")).unwrap();
        pipeline::sweep(&w.engine).await.unwrap();
        assert!(left.exists());
        w.wait_ms(61_000);
        // Where nobody says who lives, a folder is left alone for a while: its lease may be taken in a moment.
        std::fs::File::open(&left).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
        pipeline::sweep(&w.engine).await.unwrap();
        assert!(!left.exists());
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Passed; 4]);
        dying.close().await;
    }

    async fn a_server_that_stops_in_order_gives_its_job_back(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        let (holder, now) = (w.key(), w.engine.now());
        w.engine.holders().insert(holder);
        let claim = w.engine.db().write((), move |conn, _| Box::pin(async move {
            job::claim(conn, JOB, holder, now, UtcMillis(now.0 + 60_000)).await
        }));
        assert!(claim.await.unwrap().is_some());
        assert!(!run_next(&w.engine).await.unwrap());
        pipeline::give_back(&w.engine).await.unwrap();
        let again = w.engine.db().write((), move |conn, _| Box::pin(async move {
            job::claim(conn, JOB, holder, now, UtcMillis(now.0 + 60_000)).await
        }));
        assert_eq!(again.await.unwrap().unwrap().attempts, 1, "the first time does not count");
        pipeline::give_back(&w.engine).await.unwrap();
        assert!(run_next(&w.engine).await.unwrap());
    }

    async fn what_a_worker_dies_of_leaves_the_worker_and_counts_as_a_try(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        let engine = &w.engine;
        let died = pipeline::as_holder(engine, |holder| async move {
            assert!(pipeline::claim(engine, JOB, holder).await.unwrap().is_none(), "a fault of ours");
            Ok(true)
        });
        assert!(!died.await.unwrap());
        // The server stops in order: what it died of is not undone.
        pipeline::give_back(&w.engine).await.unwrap();
        w.wait_ms(61_000);
        let (holder, now) = (w.key(), w.engine.now());
        let claim = w.engine.db().write((), move |conn, _| Box::pin(async move {
            job::claim(conn, JOB, holder, now, UtcMillis(now.0 + 60_000)).await
        }));
        assert_eq!(claim.await.unwrap().unwrap().attempts, 2);
    }

    async fn what_kills_every_server_that_takes_it_is_given_up(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        for _ in 0..5 {
            let (holder, now) = (w.key(), w.engine.now());
            let claim = w.engine.db().write((), move |conn, _| Box::pin(async move {
                job::claim(conn, JOB, holder, now, UtcMillis(now.0 + 60_000)).await
            }));
            assert!(claim.await.unwrap().is_some());
            w.wait_ms(61_000);
        }
        assert!(run_next(&w.engine).await.unwrap());
        assert_eq!(w.statuses(id).await, [Failed, Waiting, Waiting, Waiting]);
        assert!(w.sentence(id, Stage::SourceCheck).await.starts_with("平台处理时出错，已经重试过"));
        version::run_again(&w.engine, &w.request_of("zhaolei").await, id).await.unwrap();
        w.runs_jobs().await;
        assert_eq!(w.statuses(id).await, [Passed; 4]);
    }

    async fn two_engines_never_take_the_same_job(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let other = w.another_engine(true).await.unwrap();
        for n in 0..6 {
            w.uploads_zip(bus, &format!("1.0.{n}"), &static_zip("1")).await;
        }
        let claims = (0..12).map(|n| {
            let engine = if n % 2 == 0 { w.engine.clone() } else { other.clone() };
            tokio::spawn(async move {
                let (holder, now) = (engine.entropy().id(engine.now()), engine.now());
                engine.db().write((), move |conn, _| Box::pin(async move {
                    job::claim(conn, JOB, holder, now, UtcMillis(now.0 + 60_000)).await
                })).await
            })
        });
        let mut keys = Vec::new();
        for claim in claims.collect::<Vec<_>>() {
            // SQLite's two writers may meet; then nobody has it, and the next look finds it.
            keys.extend(claim.await.unwrap().ok().flatten().map(|job| job.key));
        }
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
        other.close().await;
    }

    async fn cancelling_stops_what_waits_and_what_runs(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let slow = w.engine.workshop().work.join("slow");
        std::fs::create_dir_all(&w.engine.workshop().work).unwrap();
        std::fs::write(&slow, "#!/bin/sh\nexec sleep 100\n").unwrap();
        std::fs::set_permissions(&slow, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let engine = w.another_engine(true).await.unwrap().with_program(&slow.to_string_lossy());
        let id = w.uploads_zip(bus, "1.0.0", &static_zip("1")).await;
        let worker = tokio::spawn({
            let engine = engine.clone();
            async move { run_next(&engine).await }
        });
        w.until_it_runs(id).await;
        let stop = w.engine.db().write(w.engine.now(), move |conn, now| Box::pin(async move { version_facts::cancel_stages(conn, bus.0, *now).await }));
        stop.await.unwrap();
        assert!(worker.await.unwrap().unwrap());
        assert_eq!(w.statuses(id).await, [Cancelled; 4]);
        assert!(!run_next(&w.engine).await.unwrap());
        assert_eq!(leftovers(&w.engine.workshop().work), 0);
        engine.close().await;
    }
}
