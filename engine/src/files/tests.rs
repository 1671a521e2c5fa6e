//! Files on a local disk and in an object store: one behaviour.

use super::copy::Sum;
use super::peer::{BLIND, Peer};
use super::{Bucket, BucketError, Files, FilesError, hash_of, local};
use crate::upload::PART;
use bytes::Bytes;
use futures_util::{TryStreamExt, stream};
use std::path::PathBuf;
use std::sync::{Arc, Weak};
use uuid::Uuid;

/// A place of files, and where a test finds on the disk what is kept.
struct Kept {
    folder: PathBuf,
    files: Files,
    peer: Option<Peer>,
}

impl Kept {
    async fn on(name: &str, store: bool) -> Self {
        let folder = std::env::temp_dir().join(format!("irs-files-{name}-{store}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let peer = if store { Some(Peer::start(&folder).await) } else { None };
        let files = peer.as_ref().map_or_else(|| Files::local(&folder.join("files")).unwrap(), Peer::files);
        Self { folder, files, peer }
    }

    fn place(&self, object: &str) -> PathBuf {
        self.peer.as_ref().map_or_else(|| self.folder.join("files").join(object), |peer| peer.place(object))
    }

    fn blob(&self, hash: &str) -> PathBuf {
        self.place(&format!("blob/{hash}"))
    }

    fn end(self) {
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

/// Comes in two pieces.
async fn part_of_size(files: &Files, upload: Uuid, number: i64, bytes: &[u8], size: u64) -> Option<String> {
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let pieces = [first, second].map(|piece| Ok::<_, FilesError>(Bytes::copy_from_slice(piece)));
    files.put_part(upload, number, size, stream::iter(pieces)).await.unwrap()
}

async fn kept_part(files: &Files, upload: Uuid, number: i64, bytes: Vec<u8>) -> String {
    part_of_size(files, upload, number, &bytes, bytes.len() as u64).await.unwrap()
}

/// Makes two tests of one.
macro_rules! both {
    ($(async fn $name:ident($kept:ident: &Kept) $body:block)*) => {
        $(mod $name {
            use super::*;

            async fn story($kept: &Kept) $body

            #[tokio::test]
            async fn on_a_local_disk() {
                let kept = Kept::on(stringify!($name), false).await;
                story(&kept).await;
                kept.end();
            }

            #[tokio::test]
            async fn in_an_object_store() {
                let kept = Kept::on(stringify!($name), true).await;
                story(&kept).await;
                kept.end();
            }
        })*
    };
}

async fn read(files: &Files, hash: &str, range: Option<std::ops::Range<u64>>) -> Option<Vec<u8>> {
    let pieces: Vec<_> = files.stream(hash, range).await.unwrap()?.try_collect().await.unwrap();
    Some(pieces.concat())
}

#[test]
fn a_copy_that_nobody_waits_for_any_more_stops_and_names_its_file() {
    let folder = std::env::temp_dir().join(format!("irs-files-awaited-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (from, to) = (folder.join("from"), folder.join("to"));
    assert_eq!(local::fetch(&from, &to, Weak::new()).unwrap(), None, "there is no such file");
    std::fs::write(&from, b"0123456789").unwrap();
    let why = local::fetch(&from, &to, Weak::new()).unwrap_err().to_string();
    assert!(why.contains(&*from.to_string_lossy()), "{why}");
    assert_eq!(std::fs::read(&to).unwrap(), b"");
    let here = Arc::new(());
    let copied = local::fetch(&from, &to, Arc::downgrade(&here)).unwrap();
    assert_eq!(copied, Some(Sum { sha256: hash_of(b"0123456789"), size: 10 }));
    std::fs::remove_dir_all(folder).unwrap();
}

both! {
    async fn what_is_put_is_found_whole_and_by_ranges(kept: &Kept) {
        let files = &kept.files;
        files.try_out().await.unwrap();
        let hash = files.put(b"0123456789".to_vec()).await.unwrap();
        assert_eq!(hash, hash_of(b"0123456789"));
        assert_eq!(files.put_unsynced(b"0123456789".as_slice().into()).await.unwrap(), hash);
        assert_eq!(files.get(&hash).await.unwrap().unwrap(), b"0123456789".as_slice());
        assert_eq!(read(files, &hash, None).await.unwrap(), b"0123456789");
        assert_eq!(read(files, &hash, Some(3..7)).await.unwrap(), b"3456");
        let copy = kept.folder.join("copy");
        assert!(files.has(&hash).await.unwrap() && files.fetch(&hash, &copy).await.unwrap());
        assert_eq!(std::fs::read(copy).unwrap(), b"0123456789");
        let nothing = hash_of(b"nothing");
        assert!(!files.has(&nothing).await.unwrap() && !files.fetch(&nothing, &kept.folder.join("none")).await.unwrap());
        assert_eq!((files.get(&nothing).await.unwrap(), read(files, &nothing, Some(0..1)).await), (None, None));
        files.put_list("bundle", &hash, b"[]".to_vec()).await.unwrap();
        assert_eq!(files.list("bundle", &hash).await.unwrap().unwrap(), b"[]".as_slice());
        assert_eq!(files.list("built", &hash).await.unwrap(), None);
    }

    async fn a_file_of_the_disk_is_taken_whole_or_not_at_all(kept: &Kept) {
        let (files, place) = (&kept.files, kept.folder.join("made"));
        std::fs::write(&place, b"0123456789").unwrap();
        let open = || {
            let place = place.clone();
            move || std::fs::File::open(place)
        };
        let hash = hash_of(b"0123456789");
        let whole = Sum { sha256: hash.clone(), size: 10 };
        assert!(files.take_unsynced(open(), 9).await.unwrap_err().to_string().contains("larger"));
        assert!(!files.has(&hash).await.unwrap());
        for _ in 0..2 {
            assert_eq!(files.take_unsynced(open(), 10).await.unwrap(), whole);
            assert_eq!(read(files, &hash, None).await.unwrap(), b"0123456789");
        }
        std::fs::write(kept.blob(&hash), b"01234").unwrap();
        assert_eq!(files.take_unsynced(open(), 10).await.unwrap(), whole, "what was cut short is written again");
        assert_eq!(std::fs::read(kept.blob(&hash)).unwrap(), b"0123456789");
        let blobs = kept.blob(&hash);
        assert_eq!(std::fs::read_dir(blobs.parent().unwrap()).unwrap().count(), 1, "nothing beside it");
    }

    async fn parts_become_one_blob_and_go(kept: &Kept) {
        let (files, id) = (&kept.files, Uuid::from_u128(7));
        let whole: Vec<u8> = (0..PART * 2 + 7).map(|n| (n % 251) as u8).collect();
        let mut parts = Vec::new();
        for (n, part) in (0..).zip(whole.chunks(PART as usize)) {
            parts.push(kept_part(files, id, n, part.to_vec()).await);
        }
        let hash = files.join_parts(id, &parts).await.unwrap().unwrap();
        assert_eq!(hash, hash_of(&whole));
        assert!(files.get(&hash).await.unwrap().unwrap() == whole);
        let odd = [parts[0].clone(), parts[2].clone()];
        assert_eq!(files.join_parts(id, &odd).await.unwrap(), None, "not what came");
        files.delete_parts(id).await.unwrap();
        assert_eq!(files.join_parts(id, &parts).await.unwrap(), None, "they are gone");
        assert!(!kept.place(&format!("part/{id}/0")).exists() && kept.blob(&hash).exists());
        files.delete_parts(id).await.unwrap();
    }

    async fn a_part_that_does_not_arrive_whole_is_none(kept: &Kept) {
        let (files, id) = (&kept.files, Uuid::from_u128(9));
        let good = kept_part(files, id, 0, vec![1; 10]).await;
        for size in [9, 11] {
            assert_eq!(part_of_size(files, id, 0, &[2; 10], size).await, None);
        }
        let broken = stream::iter([Ok(Bytes::from_static(b"half")), Err(FilesError("gone".to_owned()))]);
        assert!(files.put_part(id, 0, 10, broken).await.is_err());
        let folder = kept.place(&format!("part/{id}"));
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "nothing beside it");
        assert_eq!(files.join_parts(id, &[good]).await.unwrap().unwrap(), hash_of(&[1; 10]), "the one before counts");
        if kept.peer.is_none() {
            // What a killed server leaves goes with the upload.
            std::fs::write(folder.join("0#1"), b"half").unwrap();
            files.delete_parts(id).await.unwrap();
            assert!(!folder.exists());
        }
    }

    async fn a_blob_that_was_cut_short_is_no_blob_and_is_written_again(kept: &Kept) {
        let (files, whole) = (&kept.files, b"whole".as_slice());
        let blob = kept.blob(&hash_of(whole));
        let part = kept_part(files, Uuid::nil(), 0, whole.to_vec()).await;
        for way in 0..2 {
            std::fs::create_dir_all(blob.parent().unwrap()).unwrap();
            std::fs::write(&blob, b"who").unwrap();
            let copy = kept.folder.join("copy");
            for error in [files.get(&hash_of(whole)).await.unwrap_err(), files.fetch(&hash_of(whole), &copy).await.unwrap_err()] {
                assert!(error.to_string().contains("is not what it was"), "{error}");
            }
            if way == 0 {
                files.put_unsynced(whole.into()).await.unwrap();
            } else {
                files.join_parts(Uuid::nil(), std::slice::from_ref(&part)).await.unwrap();
            }
            assert_eq!(std::fs::read(&blob).unwrap(), whole);
        }
    }
}

#[tokio::test]
async fn a_store_that_refuses_is_named_without_the_keys_and_one_that_is_silent_may_come_back() {
    let mut kept = Kept::on("refusals", true).await;
    let peer = kept.peer.as_mut().unwrap();
    let endpoint = peer.endpoint();
    let good = peer.bucket(&endpoint);
    for (bucket, why) in [
        (Bucket { secret_key: "not-the-secret", ..good }, "the object store refuses us"),
        (Bucket { access_key: "not-the-key", ..good }, "the object store refuses us"),
        (Bucket { access_key: BLIND, ..good }, "does not list them"),
        (Bucket { name: "another-bucket", ..good }, "there is no such bucket"),
    ] {
        let said = Files::bucket(&bucket).unwrap().try_out().await.unwrap_err().to_string();
        assert!(said.contains(why) && !said.contains("not-the") && !said.contains(good.secret_key), "{said}");
    }
    peer.goes_away().await;
    kept.files.try_out().await.unwrap();
    let said = kept.files.put(b"a".to_vec()).await.unwrap_err().to_string();
    assert!(!said.contains(good.secret_key) && !said.contains(good.access_key), "{said}");
    kept.peer.as_mut().unwrap().comes_back().await;
    kept.files.put(b"a".to_vec()).await.unwrap();
    kept.end();
}

#[tokio::test]
async fn a_blob_that_cannot_be_joined_is_not_there() {
    let kept = Kept::on("joined", true).await;
    let (files, id, mut parts) = (&kept.files, Uuid::from_u128(7), Vec::new());
    for (n, part) in (0..).zip([vec![1; 16], vec![2; 16]]) {
        parts.push(kept_part(files, id, n, part).await);
    }
    // Smaller than the store takes: uploads have none of this size.
    let error = files.join_parts(id, &parts).await.unwrap_err();
    assert!(error.to_string().contains("EntityTooSmall"), "{error}");
    assert!(!files.has(&hash_of(&[[1; 16], [2; 16]].concat())).await.unwrap());
    kept.end();
}

#[test]
fn a_bucket_is_a_folder_or_a_label_of_the_host() {
    let good = Bucket {
        name: "irs",
        endpoint: "https://s3.example.gov.cn",
        region: "us-east-1",
        access_key: "key",
        secret_key: "secret1",
        virtual_host: false,
    };
    let there = |bucket: Bucket| bucket.check();
    assert_eq!(there(good).unwrap(), "https://s3.example.gov.cn");
    assert_eq!(there(Bucket { virtual_host: true, ..good }).unwrap(), "https://irs.s3.example.gov.cn");
    let with_port = Bucket { endpoint: "http://10.0.0.7:9000/", virtual_host: true, ..good };
    assert_eq!(there(with_port).unwrap(), "http://irs.10.0.0.7:9000");
    for endpoint in [
        "",
        "s3.example.gov.cn",
        "ftp://s3.example.gov.cn",
        "https://k:s@s3.example.gov.cn",
        "https://h/irs",
        "https://h?a",
    ] {
        assert_eq!(there(Bucket { endpoint, ..good }), Err(BucketError::Endpoint), "{endpoint}");
    }
    for name in ["", "ab", "Irs-Files", "irs/files", "irs_files"] {
        assert_eq!(there(Bucket { name, ..good }), Err(BucketError::Name), "{name}");
    }
    assert_eq!(there(Bucket { access_key: "a\nb", ..good }), Err(BucketError::AccessKey));
    assert_eq!(there(Bucket { region: "杭州", ..good }), Err(BucketError::Region));
}
