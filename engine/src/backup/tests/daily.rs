//! 每日备份: made by the clock, once for all processes; old ones go, and what fails is said.

use super::MANY;
use super::damage::{copy, in_manifest};
use crate::DailyBackup;
use crate::audit;
use crate::backup::daily::look;
use crate::backup::restore::hold;
use crate::backup::tidy::{by_the_clock, is_begun_by_the_clock, remove_all_but_the_note};
use crate::backup::{make, overview, start};
use crate::leader::{Job, give_back, runs};
use crate::store::audit_event;
use crate::world::{World, both};
use domain::view::backup::BackupPage;
use domain::view::doctor::PeriodicRun;
use std::path::PathBuf;

const HOUR: i64 = 60 * 60 * 1000;

impl World {
    /// The same world as a server sees it that makes a backup at 02:00 and keeps so many.
    async fn backs_up_daily(&self, keep: u32) -> World {
        let mut here = self.in_its_place().await;
        here.engine = here.engine.with_workshop(|workshop| {
            let daily = Some(DailyBackup { minute: 2 * 60, keep });
            workshop.place = workshop.place.take().map(|place| crate::Place { daily, ..place });
        });
        here
    }

    async fn clock_strikes(&self) {
        look(&self.engine).await.unwrap();
    }

    /// The next day's time comes, 02:00 and a moment.
    async fn sleeps(&self) {
        self.wait_ms(24 * HOUR);
        self.clock_strikes().await;
    }

    async fn backup_page(&self) -> BackupPage {
        overview(&self.engine, &self.request_of("fengxue").await).await.unwrap()
    }

    /// Of what lies there, the newest first; what is whole has a name.
    async fn lie_there(&self) -> Vec<(String, bool)> {
        self.backup_page().await.rows.into_iter().map(|row| (row.name, row.held.is_some())).collect()
    }

    async fn daily_run(&self) -> PeriodicRun {
        let known = runs(&self.engine).await.unwrap();
        known.into_iter().find(|run| run.what == Job::Backup).expect("it is known")
    }

    /// What the log says of backups that nobody asked for: the action, the backup, and whether it was done.
    async fn told_by_the_clock(&self) -> Vec<[String; 3]> {
        let all = audit_event::after(&mut self.engine.db().reader().await.unwrap(), 0, MANY).await.unwrap();
        let ours = all.into_iter().filter(|row| row.object_kind == "backup" && row.person_id.is_none());
        ours.map(|row| [row.action, row.object_id, row.result]).collect()
    }

    fn backups_folder(&self) -> PathBuf {
        self.new_folder("backups")
    }

    /// What the clock of a site began, and did not finish.
    fn broke_off(&self, name: &str, site: &str) {
        let folder = self.backups_folder().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("UNFINISHED.txt"), by_the_clock(site)).unwrap();
    }
}

fn whole(names: &[&str]) -> Vec<(String, bool)> {
    names.iter().map(|name| ((*name).to_owned(), true)).collect()
}

both! {
    async fn when_its_time_comes_one_is_made_listed_and_brought_back(w: World) {
        w.brings_live("每日备份_公交").await;
        let here = w.backs_up_daily(14).await;
        here.clock_strikes().await;
        assert!(here.daily_run().await.done_at.is_none(), "today's time was before anybody asked for it");
        w.wait_ms(18 * HOUR - 1);
        here.clock_strikes().await;
        assert_eq!(here.lie_there().await, []);
        w.wait_ms(1);
        here.clock_strikes().await;
        let page = here.backup_page().await;
        assert_eq!((page.rows[0].name.as_str(), page.total, page.failed), ("2026-11-25-020000", 1, None));
        let daily = page.daily.unwrap();
        assert_eq!((daily.at.as_str(), daily.keep), ("02:00", 14));
        assert_eq!(page.rows[0].held.as_ref().unwrap().by.as_deref(), Some("系统"));
        let of = |action: &str| [action, "2026-11-25-020000", "done"].map(str::to_owned);
        assert_eq!(w.told_by_the_clock().await, [of("backup.begin"), of("backup.make")]);
        let run = here.daily_run().await;
        assert_eq!((run.well, run.done_at), (true, Some(w.engine.now())));
        // The version that is live was planted, without a package.
        assert!(run.took_ms.is_some() && run.said.as_ref().unwrap().contains("平台自己缺 1 个文件"), "{run:?}");
        w.wait_ms(HOUR);
        here.clock_strikes().await;
        assert_eq!(here.backup_page().await.total, 1, "once a day");

        let (back, restored) = w.comes_back(&PathBuf::from(&page.rows[0].path)).await;
        let until = restored.manifest.audit_event();
        assert_eq!(back.events(until).await, w.events(until).await);
        assert_eq!(back.list().await, w.list().await);
        assert_eq!(runs(&back.engine).await.unwrap(), [], "there, none was made yet");
        back.end().await;
        here.engine.close().await;
    }

    async fn of_several_processes_one_makes_it_and_when_that_is_gone_another(w: World) {
        let (one, other) = (w.backs_up_daily(14).await, w.backs_up_daily(14).await);
        // Both draw from the same seed: one draws once more, and is another process.
        other.engine.new_key();
        assert_ne!(one.engine.process(), other.engine.process());
        one.clock_strikes().await;
        w.wait_ms(18 * HOUR);
        tokio::join!(one.clock_strikes(), other.clock_strikes());
        assert_eq!(one.lie_there().await, whole(&["2026-11-25-020000"]));
        assert_eq!(w.told_by_the_clock().await.len(), 2);
        // The next day nobody is up at two; who comes first makes up for it.
        give_back(&one.engine).await.unwrap();
        one.engine.close().await;
        w.wait_ms(27 * HOUR);
        other.clock_strikes().await;
        assert_eq!(other.lie_there().await, whole(&["2026-11-26-020000", "2026-11-25-020000"]));
        other.engine.close().await;
    }

    async fn where_who_led_before_is_still_at_it_nothing_fails(w: World) {
        let here = w.backs_up_daily(14).await;
        here.clock_strikes().await;
        w.wait_ms(18 * HOUR);
        w.broke_off("2026-11-25-020000", &audit::site(&w.engine).await.unwrap());
        let note = w.backups_folder().join("2026-11-25-020000/UNFINISHED.txt");
        let note = std::fs::File::options().append(true).open(note).unwrap();
        note.lock().unwrap();
        here.clock_strikes().await;
        assert!(w.told_by_the_clock().await.is_empty());
        assert_eq!(here.daily_run().await.failed_at, None);
        drop(note);
        here.clock_strikes().await;
        assert_eq!(here.lie_there().await, whole(&["2026-11-25-020000"]), "it goes on there");
        here.engine.close().await;
    }

    async fn so_many_of_its_own_are_kept_and_nobody_elses_is_touched(w: World) {
        let here = w.backs_up_daily(2).await;
        here.clock_strikes().await;
        start(&here.engine, &here.request_of("fengxue").await).await.unwrap();
        here.backups_when_done().await;
        let folder = w.backups_folder();
        make(&w.address(), w.engine.files(), &w.clock, &folder.join("by-a-command")).await.unwrap();
        // Two that broke off: a person's, and the clock's.
        std::fs::create_dir_all(folder.join("2026-11-20-090000")).unwrap();
        std::fs::write(folder.join("2026-11-20-090000/UNFINISHED.txt"), "x").unwrap();
        w.broke_off("2026-11-20-020000", &audit::site(&w.engine).await.unwrap());
        w.wait_ms(18 * HOUR);
        here.clock_strikes().await;
        assert!(!folder.join("2026-11-20-020000").exists());
        for _ in 0..3 {
            here.sleeps().await;
        }
        let lie = here.lie_there().await;
        let mut names: Vec<&str> = lie.iter().map(|(name, _)| name.as_str()).collect();
        names[2..4].sort_unstable();
        assert_eq!(names, ["2026-11-28-020000", "2026-11-27-020000", "2026-11-24-080000", "by-a-command", "2026-11-20-090000"]);
        let removed: Vec<String> = w.told_by_the_clock().await.into_iter()
            .filter(|[action, ..]| action == "backup.remove").map(|[_, name, _]| name).collect();
        assert_eq!(removed, ["2026-11-20-020000", "2026-11-25-020000", "2026-11-26-020000"]);
        here.engine.close().await;
    }

    async fn what_somebody_copied_and_what_another_site_made_stays(w: World) {
        let here = w.backs_up_daily(1).await;
        here.clock_strikes().await;
        w.wait_ms(18 * HOUR);
        here.clock_strikes().await;
        let folder = w.backups_folder();
        let made = folder.join("2026-11-25-020000");
        copy(&made, &folder.join("before-the-move"));
        let others = folder.join("2026-11-25-013000");
        copy(&made, &others);
        in_manifest(&others, |manifest| manifest["daily_of"] = "another".into());
        w.broke_off("2026-11-24-013000", "another");
        here.sleeps().await;
        let mut names: Vec<String> = here.lie_there().await.into_iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        assert_eq!(names, ["2026-11-24-013000", "2026-11-25-013000", "2026-11-26-020000", "before-the-move"]);
        here.engine.close().await;
    }

    async fn a_removal_that_breaks_off_is_the_clocks_to_the_last(w: World) {
        let site = audit::site(&w.engine).await.unwrap();
        let name = "2026-11-24-020000";
        w.broke_off(name, &site);
        let folder = w.backups_folder().join(name);
        std::fs::create_dir_all(folder.join("files/blob")).unwrap();
        std::fs::write(folder.join("files.txt"), "x").unwrap();
        std::os::unix::fs::symlink(w.files_folder(), folder.join("a-link")).unwrap();
        remove_all_but_the_note(&folder).unwrap();
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        assert!(is_begun_by_the_clock(&folder, &site) && w.files_folder().is_dir());
    }

    async fn what_is_being_read_is_removed_later(w: World) {
        let here = w.backs_up_daily(1).await;
        here.clock_strikes().await;
        w.wait_ms(18 * HOUR);
        here.clock_strikes().await;
        let held = hold(&w.backups_folder().join("2026-11-25-020000")).unwrap().unwrap();
        here.sleeps().await;
        assert_eq!(here.lie_there().await, whole(&["2026-11-26-020000", "2026-11-25-020000"]));
        let run = here.daily_run().await;
        assert!(run.well && run.said.is_none(), "{run:?}");
        drop(held);
        here.sleeps().await;
        assert_eq!(here.lie_there().await, whole(&["2026-11-27-020000"]));
        here.engine.close().await;
    }

    async fn a_disk_that_fails_is_said_costs_no_old_one_and_is_tried_again(w: World) {
        let here = w.backs_up_daily(1).await;
        here.clock_strikes().await;
        w.wait_ms(18 * HOUR);
        here.clock_strikes().await;
        // The folder is gone, and a file is in its place.
        let (folder, aside) = (w.backups_folder(), w.new_folder("aside"));
        std::fs::rename(&folder, &aside).unwrap();
        std::fs::write(&folder, "x").unwrap();
        here.sleeps().await;
        let run = here.daily_run().await;
        assert_eq!((run.well, run.failed_at), (false, Some(w.engine.now())));
        assert!(run.said.as_ref().unwrap().contains("读写失败"), "{run:?}");
        assert!(here.backup_page().await.failed.unwrap().why.contains("读写失败"));
        let of = |action: &str, result: &str| [action, "2026-11-26-020000", result].map(str::to_owned);
        assert_eq!(w.told_by_the_clock().await[2..], [of("backup.begin", "done"), of("backup.make", "refused")]);

        std::fs::remove_file(&folder).unwrap();
        std::fs::rename(&aside, &folder).unwrap();
        w.wait_ms(HOUR - 1);
        here.clock_strikes().await;
        assert_eq!(here.lie_there().await, whole(&["2026-11-25-020000"]), "the last good one is there");
        w.wait_ms(1);
        here.clock_strikes().await;
        assert_eq!(here.lie_there().await, whole(&["2026-11-26-020000"]), "that of its time, in place of the old one");
        let run = here.daily_run().await;
        assert!(run.well && run.said.is_none() && run.failed_at.is_some(), "{run:?}");
        here.engine.close().await;
    }

    async fn where_there_is_no_room_nothing_is_begun(w: World) {
        let here = w.backs_up_daily(14).await;
        here.clock_strikes().await;
        w.wait_ms(18 * HOUR);
        here.clock_strikes().await;
        // The last one took more than any disk has.
        let manifest = w.backups_folder().join("2026-11-25-020000/manifest.json");
        let mut read: serde_json::Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
        read["list"]["bytes"] = 1_000_000_000_000_000_u64.into();
        std::fs::write(&manifest, read.to_string()).unwrap();
        w.broke_off("2026-11-24-020000", &audit::site(&w.engine).await.unwrap());
        here.sleeps().await;
        let run = here.daily_run().await;
        assert!(!run.well && run.said.as_ref().unwrap().contains("请腾出空间"), "{run:?}");
        assert_eq!(here.lie_there().await, whole(&["2026-11-25-020000"]), "and what broke off gave way");
        here.engine.close().await;
    }

    async fn where_there_is_no_room_those_that_are_too_many_go_first(w: World) {
        let here = w.backs_up_daily(14).await;
        here.clock_strikes().await;
        w.wait_ms(18 * HOUR);
        here.clock_strikes().await;
        here.sleeps().await;
        here.sleeps().await;
        here.engine.close().await;
        assert_eq!(w.told_by_the_clock().await.len(), 6, "three are begun and made");
        // The last one took more than any disk has, and somebody does what is said of that.
        in_manifest(&w.backups_folder().join("2026-11-27-020000"), |manifest| {
            manifest["list"]["bytes"] = 1_000_000_000_000_000_u64.into();
        });
        let fewer = w.backs_up_daily(1).await;
        fewer.sleeps().await;
        let run = fewer.daily_run().await;
        assert!(!run.well && run.said.as_ref().unwrap().contains("请腾出空间"), "{run:?}");
        assert_eq!(fewer.lie_there().await, whole(&["2026-11-27-020000"]), "never the last good one");
        let of = |action: &str, name: &str, result: &str| [action, name, result].map(str::to_owned);
        assert_eq!(w.told_by_the_clock().await[6..], [
            of("backup.begin", "2026-11-28-020000", "done"),
            of("backup.remove", "2026-11-25-020000", "done"),
            of("backup.remove", "2026-11-26-020000", "done"),
            of("backup.make", "2026-11-28-020000", "refused"),
        ]);
        fewer.engine.close().await;
    }
}
