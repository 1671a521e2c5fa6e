//! 备份 as the system administrator sees it: made and verified beside the request, and brought back by a command.

use crate::backup::{overview, restore::restore, start, start_verify};
use crate::error::Error;
use crate::store::audit_event;
use crate::world::{World, both};
use domain::view::backup::{BackupDeed, BackupPage, Held};
use std::path::PathBuf;

impl World {
    /// Reads the page until nothing is done any more.
    pub(super) async fn backups_when_done(&self) -> BackupPage {
        loop {
            let read = overview(&self.engine, &self.request_of("fengxue").await).await.unwrap();
            if read.working.is_none() {
                return read;
            }
        }
    }

    /// What the log says of backups, in its order: the action, and whether it was done.
    async fn told_of_backups(&self) -> Vec<(String, String)> {
        let all = audit_event::after(&mut self.engine.db().reader().await.unwrap(), 0, super::MANY).await.unwrap();
        let ours = all.into_iter().filter(|row| row.object_kind == "backup");
        ours.map(|row| (row.action, row.result)).collect()
    }
}

fn held(page: &BackupPage) -> Held {
    page.rows[0].held.clone().expect("it is whole")
}

both! {
    async fn an_administrator_makes_one_verifies_it_and_it_comes_back(w: World) {
        w.brings_live("备份_公交").await;
        let here = w.in_its_place().await;
        let fengxue = here.request_of("fengxue").await;
        let empty = here.backups_when_done().await;
        assert!(empty.rows.is_empty() && empty.unreadable.is_none() && empty.free_bytes.is_some(), "{empty:?}");
        start(&here.engine, &fengxue).await.unwrap();
        let page = here.backups_when_done().await;
        assert_eq!(page.failed, None);
        assert_eq!((page.rows[0].name.as_str(), page.total), ("2026-11-24-080000", 1));
        let made = held(&page);
        assert_eq!((made.by.as_deref(), &made.verified), (Some("冯雪"), &None));
        assert!(made.files > 1 && made.bytes > 0 && made.server.is_some(), "{made:?}");

        start_verify(&here.engine, &fengxue, &page.rows[0].name).await.unwrap();
        let page = here.backups_when_done().await;
        assert_eq!(held(&page).verified.unwrap().wrong, None);
        let place = w.elsewhere().await;
        restore(&PathBuf::from(&page.rows[0].path), &place.address(), &place.files(), &w.clock).await.unwrap();
        place.goes().await;

        // A byte of it changes on the disk.
        let blobs = PathBuf::from(&page.rows[0].path).join("files/blob");
        let blob = std::fs::read_dir(blobs).unwrap().next().unwrap().unwrap().path();
        let mut bytes = std::fs::read(&blob).unwrap();
        bytes[0] ^= 1;
        std::fs::write(&blob, bytes).unwrap();
        start_verify(&here.engine, &fengxue, &page.rows[0].name).await.unwrap();
        let page = here.backups_when_done().await;
        assert!(held(&page).verified.unwrap().wrong.unwrap().contains("已损坏"));
        assert_eq!(page.failed.unwrap().deed, BackupDeed::Verify);
        let told = w.told_of_backups().await;
        let told: Vec<(&str, &str)> = told.iter().map(|(action, result)| (action.as_str(), result.as_str())).collect();
        assert_eq!(told, [
            ("backup.begin", "done"), ("backup.make", "done"),
            ("backup.begin_verify", "done"), ("backup.verify", "done"),
            ("backup.begin_verify", "done"), ("backup.verify", "refused"),
        ]);
        here.engine.close().await;
    }

    async fn what_fails_is_said_and_what_did_not_come_to_its_end_is_no_backup(w: World) {
        let here = w.in_its_place().await;
        let fengxue = here.request_of("fengxue").await;
        // Somebody's file is where the folder should be.
        std::fs::write(w.new_folder("backups"), "x").unwrap();
        start(&here.engine, &fengxue).await.unwrap();
        let page = here.backups_when_done().await;
        assert!(page.failed.unwrap().why.contains("读写失败") && page.unreadable.is_some());
        assert_eq!(w.told_of_backups().await.pop().unwrap(), ("backup.make".to_owned(), "refused".to_owned()));
        std::fs::remove_file(w.new_folder("backups")).unwrap();

        let broken = w.new_folder("backups").join("2026-11-23-080000");
        std::fs::create_dir_all(&broken).unwrap();
        std::fs::write(broken.join("UNFINISHED.txt"), "x").unwrap();
        std::fs::create_dir_all(w.new_folder("backups").join("lost+found")).unwrap();
        start(&here.engine, &fengxue).await.unwrap();
        let page = here.backups_when_done().await;
        let names: Vec<(&str, bool)> = page.rows.iter().map(|row| (row.name.as_str(), row.held.is_some())).collect();
        assert_eq!(names, [("2026-11-24-080000", true), ("2026-11-23-080000", false)]);
        for name in ["2026-11-23-080000", "../files", "", "nothing"] {
            assert!(matches!(start_verify(&here.engine, &fengxue, name).await, Err(Error::NotFound)), "{name}");
        }
        here.engine.close().await;
    }

    async fn backups_are_the_system_administrators_alone(w: World) {
        let here = w.in_its_place().await;
        for other in ["chuqiang", "weiping", "wangjianguo"] {
            let ctx = here.request_of(other).await;
            assert!(matches!(overview(&here.engine, &ctx).await, Err(Error::Forbidden)), "{other}");
            assert!(matches!(start(&here.engine, &ctx).await, Err(Error::Forbidden)), "{other}");
            assert!(matches!(start_verify(&here.engine, &ctx, "x").await, Err(Error::Forbidden)), "{other}");
        }
        assert!(here.backups_when_done().await.rows.is_empty());
        here.engine.close().await;
    }
}
