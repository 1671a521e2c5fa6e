//! Uploads: in parts, broken off, repeated, by whom, and what is left of them.

use crate::error::Error;
use crate::store::upload as store;
use crate::upload::{PART, begin, finish, in_memory, put_part, state, sweep};
use crate::world::bench::{PAGE, static_zip, zip};
use crate::world::both;
use domain::command::version::Upload;
use domain::fields::UploadDraft;
use domain::{PublicationId, StageStatus};
use uuid::Uuid;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// A package that is larger than so many parts: a page, and what can't be compressed.
fn large(parts: u64) -> Vec<u8> {
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'!' + (state >> 33) as u8 % 94)
    };
    let file: String = (0..PART as u64 * 5 / 4).map(|_| noise()).collect();
    let files: Vec<String> = (0..parts).map(|n| format!("{n}{file}")).collect();
    let names: Vec<String> = (0..parts).map(|n| format!("{n}.txt")).collect();
    let named = names.iter().map(String::as_str).zip(files.iter().map(String::as_str));
    zip(&[("index.html", PAGE)].into_iter().chain(named).collect::<Vec<_>>())
}

both! {
    async fn an_upload_in_parts_becomes_a_version_whose_stages_wait(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let whole = large(2);
        let upload = w.sends(&zhao, bus, &whole).await.unwrap();
        let version = w.finishes(&zhao, bus, upload, "1.0.0", &["api.example.gov.cn"]).await.unwrap();
        let (page, size) = (w.version(version).await, i64::try_from(whole.len()).unwrap());
        assert!(size > 2 * PART);
        assert_eq!((page.package_size, page.file_name.as_str(), page.uploaded_by.as_str()), (size, "app.zip", "赵磊"));
        assert_eq!(page.package, crate::files::hash_of(&whole));
        assert_eq!(page.declared[0].host, "api.example.gov.cn");
        assert_eq!(w.statuses(version).await, [StageStatus::Waiting; 4]);
        assert!(page.under_way && page.in_round && !page.live);
        assert_eq!(w.engine.files().get(&page.package).await.unwrap().unwrap(), whole);
    }

    async fn a_broken_upload_goes_on_where_it_stopped(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let whole = large(1);
        let (first, second) = whole.split_at(PART as usize);
        let size = i64::try_from(whole.len()).unwrap();
        let begun = begin(&w.engine, &zhao, bus, "C:\\temp\\公交.zip", size).await.unwrap();
        assert_eq!(begun.file_name, "公交.zip");
        put_part(&w.engine, &zhao, begun.id, 1, in_memory(second.to_vec())).await.unwrap();
        let Err(Error::InvalidFile(why)) = w.finishes(&zhao, bus, begun.id, "1.0.0", &[]).await else { panic!("not whole") };
        assert_eq!(why, "文件还没有传完整，请继续上传缺少的部分");
        w.wait_ms(20 * HOUR_MS);
        let zhao = w.request_of("zhaolei").await;
        assert_eq!(state(&w.engine, &zhao, begun.id).await.unwrap().parts, [(1, size - PART)]);
        // The first part comes twice, the second time otherwise: the last one counts.
        for part in [vec![0; PART as usize], first.to_vec()] {
            put_part(&w.engine, &zhao, begun.id, 0, in_memory(part)).await.unwrap();
        }
        let version = w.finishes(&zhao, bus, begun.id, "1.0.0", &[]).await.unwrap();
        let kept = w.engine.files().get(&w.version(version).await.package).await.unwrap().unwrap();
        assert!(kept == whole);
    }

    async fn after_a_day_what_is_unfinished_is_swept_away(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let begun = begin(&w.engine, &zhao, bus, "a.zip", 3).await.unwrap();
        put_part(&w.engine, &zhao, begun.id, 0, in_memory(vec![1; 3])).await.unwrap();
        w.wait_ms(24 * HOUR_MS);
        assert_eq!(sweep(&w.engine).await.unwrap(), 0);
        w.wait_ms(1);
        let zhao = w.request_of("zhaolei").await;
        assert!(matches!(state(&w.engine, &zhao, begun.id).await, Err(Error::NotFound)));
        assert_eq!(sweep(&w.engine).await.unwrap(), 1);
        assert!(store::of(&mut w.engine.db().reader().await.unwrap(), begun.id).await.unwrap().is_none());
        assert_eq!(w.engine.files().join_parts(begun.id, &[crate::files::hash_of(&[1; 3])]).await.unwrap(), None);
    }

    async fn the_same_form_sent_twice_makes_one_version(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let upload = w.sends(&zhao, bus, &static_zip("1")).await.unwrap();
        let draft = UploadDraft { number: "1.0.0".to_owned(), ..UploadDraft::default() };
        let command = Upload { id: bus, seen: w.seen(bus).await, key: w.key(), upload, draft };
        let (one, two) = tokio::join!(finish(&w.engine, &zhao, command.clone()), finish(&w.engine, &zhao, command.clone()));
        let first = one.unwrap();
        assert_eq!(two.unwrap(), first);
        assert_eq!(finish(&w.engine, &zhao, command.clone()).await.unwrap(), first);
        assert_eq!(crate::publication::detail(&w.engine, &zhao, bus).await.unwrap().versions.len(), 1);
        let other = Upload { upload: w.sends(&zhao, bus, &static_zip("2")).await.unwrap(), ..command.clone() };
        assert!(matches!(finish(&w.engine, &zhao, other).await, Err(Error::Conflict)), "a key is for one upload");
        let again = Upload { key: w.key(), ..command };
        assert!(matches!(finish(&w.engine, &zhao, again).await, Err(Error::NotFound)), "an upload is one version");
    }

    async fn a_bad_form_makes_nothing_and_what_changed_meanwhile_does_not_matter(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let upload = w.sends(&zhao, bus, &static_zip("1")).await.unwrap();
        assert!(matches!(w.finishes(&zhao, bus, upload, "1.0", &["localhost"]).await, Err(Error::Invalid(errors)) if errors.len() == 2));
        let draft = UploadDraft { number: "1.0.0".to_owned(), ..UploadDraft::default() };
        let stale = Upload { id: bus, seen: w.seen(bus).await - 1, key: w.key(), upload, draft };
        finish(&w.engine, &zhao, stale).await.unwrap();
        assert_eq!(crate::publication::detail(&w.engine, &zhao, bus).await.unwrap().versions.len(), 1);
    }

    async fn only_a_named_contact_uploads_and_only_their_own(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let (zhao, sun, wang) = (w.request_of("zhaolei").await, w.request_of("sunyue").await, w.request_of("wangjianguo").await);
        assert!(matches!(begin(&w.engine, &sun, bus, "a.zip", 3).await, Err(Error::NotFound)));
        assert!(matches!(begin(&w.engine, &wang, bus, "a.zip", 3).await, Err(Error::Forbidden)));
        assert!(matches!(begin(&w.engine, &w.nobody(), bus, "a.zip", 3).await, Err(Error::NotSignedIn)));
        assert!(matches!(begin(&w.engine, &zhao, PublicationId(Uuid::nil()), "a.zip", 3).await, Err(Error::NotFound)));
        let begun = begin(&w.engine, &zhao, bus, "a.zip", 3).await.unwrap();
        assert!(matches!(state(&w.engine, &sun, begun.id).await, Err(Error::NotFound)));
        assert!(matches!(put_part(&w.engine, &sun, begun.id, 0, in_memory(vec![0; 3])).await, Err(Error::NotFound)));
        let suspend = "UPDATE publication_contact SET suspended = TRUE";
        w.engine.db().write(suspend, |conn, s| Box::pin(async move { crate::store::raw(conn, *s).await })).await.unwrap();
        assert!(matches!(put_part(&w.engine, &zhao, begun.id, 0, in_memory(vec![0; 3])).await, Err(Error::NotFound)));
    }

    async fn sizes_and_parts_that_can_not_be_are_refused(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        for (size, why) in [(0, "文件是空的"), (-1, "文件是空的"), (100 * 1024 * 1024 + 1, "压缩包有 101 MB，超过上限 100 MB")] {
            let Err(Error::InvalidFile(said)) = begin(&w.engine, &zhao, bus, "a.zip", size).await else { panic!("{size}") };
            assert!(said.starts_with(why), "{said}");
        }
        let begun = begin(&w.engine, &zhao, bus, "a.zip", 3).await.unwrap();
        for (number, size) in [(0, 2), (0, 4), (1, 3), (-1, 3), (i64::MAX, 3)] {
            let put = put_part(&w.engine, &zhao, begun.id, number, in_memory(vec![0; size])).await;
            assert!(matches!(put, Err(Error::InvalidFile(_))), "{number} {size}");
        }
    }

    async fn a_part_whose_upload_is_given_up_meanwhile_is_not_found_and_leaves_nothing(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let begun = begin(&w.engine, &zhao, bus, "a.zip", 3).await.unwrap();
        let given_up = async {
            crate::upload::forget(&w.engine, begun.id).await?;
            Ok(bytes::Bytes::from_static(b"abc"))
        };
        let put = put_part(&w.engine, &zhao, begun.id, 0, futures_util::stream::once(Box::pin(given_up))).await;
        assert!(matches!(put, Err(Error::NotFound)), "{put:?}");
        assert_eq!(w.engine.files().join_parts(begun.id, &[crate::files::hash_of(b"abc")]).await.unwrap(), None);
    }

    async fn who_sends_many_parts_at_once_waits(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let begun = begin(&w.engine, &zhao, bus, "a.zip", 3).await.unwrap();
        let slow = || async {
            let never = futures_util::stream::pending::<Result<bytes::Bytes, Error>>();
            put_part(&w.engine, &zhao, begun.id, 0, never).await
        };
        let mut eight: Vec<_> = (0..8).map(|_| Box::pin(slow())).collect();
        let all = futures_util::future::join_all(eight.iter_mut().map(|part| part.as_mut()));
        let ninth = async {
            // Until the eight are counted.
            while w.engine.arrivals().of(zhao.person().unwrap().person) < 8 {
                tokio::task::yield_now().await;
            }
            put_part(&w.engine, &zhao, begun.id, 0, in_memory(b"abc".to_vec())).await
        };
        tokio::select! {
            _ = all => panic!("they never end"),
            ninth = ninth => assert!(matches!(ninth, Err(Error::Busy)), "{ninth:?}"),
        }
        drop(eight);
        put_part(&w.engine, &zhao, begun.id, 0, in_memory(b"abc".to_vec())).await.unwrap();
    }

    async fn the_eleventh_unfinished_upload_drops_the_first(w: World) {
        let bus = w.hosted("杭州公交查询").await;
        let zhao = w.request_of("zhaolei").await;
        let first = begin(&w.engine, &zhao, bus, "a.zip", 3).await.unwrap();
        for _ in 0..10 {
            w.wait_ms(1);
            begin(&w.engine, &w.request_of("zhaolei").await, bus, "a.zip", 3).await.unwrap();
        }
        assert!(matches!(state(&w.engine, &zhao, first.id).await, Err(Error::NotFound)));
    }
}
