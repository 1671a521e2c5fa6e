//! Stories with files in an object store: from an upload to what is live, and what people see while the store is away.

use crate::Error;
use crate::hosting::{self, Found, Site};
use crate::publication::view;
use crate::upload;
use crate::world::bench::{PAGE, static_zip, zip};
use crate::world::{On, World};
use domain::StageStatus::{Failed, Passed, Waiting};
use domain::command::version::Upload;
use domain::fields::UploadDraft;
use domain::{PublicationId, Stage, VersionId};
use futures_util::TryStreamExt;
use std::sync::Arc;

/// Too large to be kept in memory by hosting, and no bomb.
fn large() -> String {
    (0..60_000_u64).map(|n| format!("{:016x}\n", n.wrapping_mul(0x9e37_79b9_7f4a_7c15))).collect()
}

async fn site(engine: &crate::Engine, label: &str) -> Arc<Site> {
    let Found::Site(site) = hosting::find(engine, label, None).await.unwrap() else { panic!("it is there") };
    site
}

/// What is served at a path, if it is small.
async fn content(engine: &crate::Engine, site: &Site, path: &str) -> crate::Result<Option<bytes::Bytes>> {
    let file = site.resolve(path).unwrap().entry;
    hosting::content(engine, &file.sha256, file.size).await
}

/// The form of a version, with its key: it may be sent twice.
async fn form(w: &World, id: PublicationId, upload: uuid::Uuid) -> Upload {
    let draft = UploadDraft { number: "1.0.0".to_owned(), ..UploadDraft::default() };
    Upload { id, seen: w.seen(id).await, key: w.key(), upload, draft }
}

async fn from_the_upload_to_what_is_live(on: On) {
    let (w, _peer) = World::on_bucket(on).await;
    let (bus, text) = (w.hosted("杭州公交查询").await, large());
    let package = zip(&[("index.html", PAGE), ("a.css", ""), ("a.js", "let first = 1"), ("lines.txt", &text)]);
    let version = w.uploads_zip(bus, "1.0.0", &package).await;
    w.runs_jobs().await;
    assert_eq!(w.statuses(version).await, [Passed; 4], "{:?}", w.version(version).await.stages);
    w.makes_live(bus, version).await;
    // A second process, which has nothing of its own.
    let other = w.another_engine(true).await.unwrap();
    for engine in [&w.engine, &other] {
        let site = site(engine, &view::label(1)).await;
        assert_eq!(content(engine, &site, "/a.js").await.unwrap().unwrap(), "let first = 1");
        let lines = site.resolve("/lines.txt").unwrap().entry;
        assert_eq!(hosting::content(engine, &lines.sha256, lines.size).await.unwrap(), None, "it is streamed");
        for range in [None, Some(0..17), Some(lines.size - 17..lines.size)] {
            let pieces = hosting::stream(engine, &lines.sha256, range.clone()).await.unwrap().unwrap();
            let got = pieces.try_collect::<Vec<_>>().await.unwrap().concat();
            let wanted = range.map_or(0..text.len(), |range| range.start as usize..range.end as usize);
            assert!(got == text.as_bytes()[wanted]);
        }
        assert!(lines.br.as_ref().is_some_and(|br| br.size < lines.size));
    }
    let work = &w.engine.workshop().work;
    assert!(!work.with_file_name("files").exists(), "nothing is kept on the local disk");
    other.close().await;
    w.end().await;
}

#[tokio::test]
async fn from_the_upload_to_what_is_live_on_sqlite() {
    from_the_upload_to_what_is_live(On::Sqlite).await;
}

#[tokio::test]
async fn from_the_upload_to_what_is_live_on_postgres() {
    from_the_upload_to_what_is_live(On::Postgres).await;
}

#[tokio::test]
async fn while_the_store_is_away_nothing_is_half_made_and_afterwards_all_goes_on() {
    let (w, mut peer) = World::on_bucket(On::Sqlite).await;
    let bus = w.hosted("杭州公交查询").await;
    let (zhao, package) = (w.request_of("zhaolei").await, static_zip("let first = 1"));

    let size = i64::try_from(package.len()).unwrap();
    let begun = upload::begin(&w.engine, &zhao, bus, "app.zip", size).await.unwrap().id;
    let sends = async || upload::put_part(&w.engine, &zhao, begun, 0, upload::in_memory(package.clone())).await;
    peer.goes_away().await;
    assert!(matches!(sends().await, Err(Error::Files(_))));
    assert_eq!(upload::state(&w.engine, &zhao, begun).await.unwrap().parts, []);
    peer.comes_back().await;
    sends().await.unwrap();

    let form = form(&w, bus, begun).await;
    peer.goes_away().await;
    assert!(matches!(upload::finish(&w.engine, &zhao, form.clone()).await, Err(Error::Files(_))));
    assert_eq!(crate::publication::detail(&w.engine, &zhao, bus).await.unwrap().versions.len(), 0);
    peer.comes_back().await;
    let version = upload::finish(&w.engine, &zhao, form.clone()).await.unwrap();
    assert_eq!(upload::finish(&w.engine, &zhao, form).await.unwrap(), version);

    peer.goes_away().await;
    w.runs_jobs().await;
    assert_eq!(w.statuses(version).await, [Waiting; 4]);
    assert_eq!(w.sentence(version, Stage::SourceCheck).await, "平台处理时出错，稍后会自动重试。");
    peer.comes_back().await;
    w.wait_ms(10_000);
    w.runs_jobs().await;
    assert_eq!(w.statuses(version).await, [Passed; 4]);

    w.makes_live(bus, version).await;
    let site = site(&w.engine, &view::label(1)).await;
    content(&w.engine, &site, "/a.js").await.unwrap().unwrap();
    peer.goes_away().await;
    content(&w.engine, &site, "/a.js").await.unwrap().expect("it is in memory");
    assert!(matches!(content(&w.engine, &site, "/").await, Err(Error::Files(_))));
    peer.comes_back().await;
    assert_eq!(content(&w.engine, &site, "/").await.unwrap().unwrap(), PAGE);
    w.end().await;
}

#[tokio::test]
async fn a_package_that_was_cut_short_or_lost_in_the_store_is_our_fault_not_the_developers() {
    let (w, peer) = World::on_bucket(On::Sqlite).await;
    let bus = w.hosted("杭州公交查询").await;
    let version = w.uploads_zip(bus, "1.0.0", &static_zip("let first = 1")).await;
    let blob = peer.place(&format!("blob/{}", w.version(version).await.package));
    let whole = std::fs::read(&blob).unwrap();
    let fails = async |version: VersionId| {
        w.wait_ms(60_000);
        w.runs_jobs().await;
        assert_eq!(w.statuses(version).await, [Waiting; 4]);
        assert_eq!(w.sentence(version, Stage::SourceCheck).await, "平台处理时出错，稍后会自动重试。");
    };
    std::fs::write(&blob, &whole[..whole.len() / 2]).unwrap();
    fails(version).await;
    std::fs::remove_file(&blob).unwrap();
    fails(version).await;
    std::fs::write(&blob, whole).unwrap();
    w.wait_ms(60_000);
    w.runs_jobs().await;
    assert_eq!(w.statuses(version).await, [Passed; 4]);
    w.end().await;
}

#[tokio::test]
async fn of_a_package_that_is_refused_the_store_keeps_no_object() {
    let (w, peer) = World::on_bucket(On::Sqlite).await;
    let (bus, zhao) = (w.hosted("杭州公交查询").await, w.request_of("zhaolei").await);
    let before = peer.objects();
    // Two parts; and one, which is a zip that lost its end.
    let cut = static_zip("let first = 1");
    let packages = [vec![7; usize::try_from(upload::PART).unwrap() + 1000], cut[..cut.len() - 10].to_vec()];
    for (n, package) in packages.into_iter().enumerate() {
        let sent = w.sends(&zhao, bus, &package).await.unwrap();
        assert_eq!(peer.objects().len(), before.len() + 2 - n, "its parts are there");
        let version = w.finishes(&zhao, bus, sent, &format!("1.0.{n}"), &[]).await.unwrap();
        assert_eq!(w.statuses(version).await, [Failed, Waiting, Waiting, Waiting]);
        assert_eq!(peer.objects(), before);
    }
    // One that is taken leaves its blob.
    let taken = w.uploads_zip(bus, "1.0.2", &static_zip("let first = 1")).await;
    let blob = format!("blob/{}", w.version(taken).await.package);
    assert_eq!(peer.objects().iter().filter(|name| !before.contains(name)).collect::<Vec<_>>(), [&blob]);
    w.end().await;
}
