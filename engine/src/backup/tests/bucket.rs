//! A site whose files are in a bucket: backed up into a folder, brought back into an empty bucket.

use super::{MANY, seen};
use crate::audit;
use crate::backup::BackupError;
use crate::backup::restore::restore;
use crate::files::peer::Peer;
use crate::hosting::{self, Found};
use crate::publication::view;
use crate::world::bench::static_zip;
use crate::world::{On, World};
use domain::StageStatus::Passed;

/// More than goes to a store in one request. Bytes.
const LARGE: usize = 11 * 1024 * 1024;

#[tokio::test]
async fn files_of_a_bucket_come_back_into_an_empty_one_on_sqlite() {
    Box::pin(come_back(On::Sqlite)).await;
}

#[tokio::test]
async fn files_of_a_bucket_come_back_into_an_empty_one_on_postgres() {
    Box::pin(come_back(On::Postgres)).await;
}

async fn come_back(on: On) {
    let (w, peer) = World::on_bucket(on).await;
    let bus = w.hosted("杭州公交查询").await;
    let version = w.uploads_zip(bus, "1.0.0", &static_zip("let first = 1")).await;
    w.runs_jobs().await;
    assert_eq!(w.statuses(version).await, [Passed; 4]);
    w.makes_live(bus, version).await;
    let large = format!("blob/{}", w.engine.files().put(vec![7; LARGE]).await.unwrap());
    let (folder, manifest) = w.backed_up("backup").await;
    assert!(manifest.lacks() == 0 && manifest.files().1 > LARGE as u64, "{manifest:?}");

    // One that broke off: of what is not what it was nothing is kept, and the next one begins again.
    let (place, there) = (w.elsewhere().await, Peer::start(&w.new_folder("there")).await);
    let copied = folder.join("files").join(&large);
    std::fs::write(&copied, vec![8; LARGE]).unwrap();
    let broken = restore(&folder, &place.address(), &there.files(), &w.clock).await.unwrap_err();
    assert!(matches!(&broken, BackupError::Damaged { file, .. } if *file == format!("files/{large}")), "{broken}");
    assert!(there.files().is_unfinished().await.unwrap() && !there.objects().contains(&large));
    std::fs::write(&copied, vec![7; LARGE]).unwrap();
    restore(&folder, &place.address(), &there.files(), &w.clock).await.unwrap();
    assert!(!there.files().is_unfinished().await.unwrap());
    let back = place.opens_with(&w, there.files()).await;

    let until = manifest.audit_event();
    assert_eq!(back.events(until).await, w.events(until).await);
    assert_eq!(audit::verify(back.engine.db()).await.unwrap().broken, None);
    assert_eq!(seen(&back).await, seen(&w).await);
    back.kept_counts_are_true().await;
    assert_eq!(back.files_kept().await, w.files_kept().await);
    assert_eq!(there.objects(), peer.objects(), "and nothing beside them");
    for object in peer.objects() {
        assert!(
            std::fs::read(peer.place(&object)).unwrap() == std::fs::read(there.place(&object)).unwrap(),
            "{object}"
        );
    }
    assert!(!back.files_folder().exists(), "nothing is kept on the local disk");
    // What was live is served from there.
    let Found::Site(site) = hosting::find(&back.engine, &view::label(1), None).await.unwrap() else {
        panic!("it is there")
    };
    let file = site.resolve("/a.js").unwrap().entry;
    assert_eq!(hosting::content(&back.engine, &file.sha256, file.size).await.unwrap().unwrap(), "let first = 1");

    // A bucket that has files is left alone.
    let other = w.elsewhere().await;
    let said = restore(&folder, &other.address(), &peer.files(), &w.clock).await.unwrap_err().to_string();
    assert!(said.contains("needs an empty place"), "{said}");
    assert!(!peer.files().is_unfinished().await.unwrap() && w.events(MANY).await.len() as i64 >= until);
    other.goes().await;
    back.end().await;
    w.end().await;
}
