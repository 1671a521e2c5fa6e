//! The log of a build that prints more than is kept.

use super::tests::{after, small, source};
use crate::world::bench::BUILDING;
use crate::world::both;
use crate::{pipeline, version};
use domain::Stage;
use domain::StageStatus::Passed;
use domain::view::version::LogPiece;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Prints 4 MB, says a word, and goes on when it is told to: then 2 MB more.
const CHATTY: &str = "const line = '编译'.repeat(100);
    const say = (from, to) => { for (let n = from; n < to; n++) fs.writeSync(1, n + ' ' + line + '\\n'); };
    say(0, 7000); fs.writeSync(1, 'THE NEWEST WORD\\n'); fs.writeFileSync('begun', '');
    while (!fs.existsSync('go')) require('child_process').execSync('sleep 0.05');
    say(7000, 11000);";

fn begun(work: &Path) -> Option<PathBuf> {
    let runs = pipeline::folder::all(work).into_iter().map(|(_, run)| run.join("work"));
    runs.into_iter().find(|folder| folder.join("begun").exists())
}

both! {
    async fn the_newest_lines_of_a_long_log_are_shown_and_its_two_ends_are_kept(w: World) {
        let id = w.uploads_zip(w.hosted("杭州公交查询").await, "1.0.0", &source(&after(CHATTY))).await;
        let engine = w.another_engine(true).await.unwrap().with_workshop(|workshop| workshop.limits = small());
        let _alone = BUILDING.lock().await;
        let running = tokio::spawn({
            let engine = engine.clone();
            async move { pipeline::run_next(&engine).await }
        });
        let zhao = w.request_of("zhaolei").await;
        let (mut shown, mut last) = (String::new(), -1);
        let newest = async {
            while !shown.contains("THE NEWEST WORD") {
                let page = version::log(&w.engine, &zhao, id, Stage::Build, last).await.unwrap();
                assert!(!page.over);
                last = page.pieces.last().map_or(last, |piece| piece.number);
                shown.extend(page.pieces.into_iter().map(|piece| piece.body));
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(40), newest).await.expect("the log goes on");
        assert!((LogPiece::MIDDLE..LogPiece::END).contains(&last), "{last}");
        assert!(shown.len() < 3_500_000, "not all of it is shown: {}", shown.len());
        let folder = begun(&w.engine.workshop().work).unwrap();
        std::fs::write(folder.join("go"), "").unwrap();
        assert!(running.await.unwrap().unwrap());
        assert_eq!(w.statuses(id).await, [Passed; 4]);

        // Whoever has followed gets the end; whoever comes later gets beginning and end, and what passed by is gone.
        let end = version::log(&w.engine, &zhao, id, Stage::Build, last).await.unwrap();
        assert!(end.pieces[0].number == LogPiece::END && end.pieces[0].body.starts_with("\n……（中间省略 "));
        let log = w.log(id, Stage::Build).await;
        assert!(log.len() > 4_800_000 && log.len() <= 5_000_100, "{}", log.len());
        assert_eq!(log.matches("……（中间省略 ").count(), 1);
        assert_eq!((log.matches("\n0 编译").count(), log.matches("\n10999 编译").count()), (1, 1));
        engine.close().await;
    }
}
