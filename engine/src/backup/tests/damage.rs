//! Backups that are no good, and places that are not empty: refused by name.

use crate::backup::restore::restore;
use crate::backup::{BackupError, make};
use crate::files::hash_of;
use crate::store::restore::{at_schema, in_the_way};
use crate::world::{Elsewhere, On, World, both};
use serde_json::Value;
use std::path::{Path, PathBuf};

impl World {
    /// Why it does not come back into this place, in which no database comes to be.
    async fn is_refused(&self, folder: &Path, place: &Elsewhere) -> String {
        let refused = restore(folder, &place.address(), &place.files(), &self.clock).await;
        let said = refused.expect_err("it is refused").to_string();
        assert_eq!(in_the_way(&place.address()).await.unwrap(), None, "{said}");
        said
    }

    /// The folder over its files.
    fn root(&self) -> PathBuf {
        self.files_folder().parent().unwrap().to_owned()
    }

    /// A file of the database in a backup.
    fn of_database(&self) -> &'static str {
        match self.on() {
            On::Sqlite => "database/irs.db",
            On::Postgres => "database/audit_event.copy",
        }
    }

    async fn makes_a_good_one(&self) -> PathBuf {
        let wang = self.request_of("wangjianguo").await;
        self.registers(&wang, "杭州公交查询").await;
        let good = self.new_folder("good");
        make(&self.address(), self.engine.files(), &self.clock, &good).await.unwrap();
        good
    }

    /// Does it to a copy of the good backup, and says why that does not come back.
    async fn with(&self, place: &Elsewhere, damage: impl Fn(&Path)) -> String {
        let folder = self.new_folder("bad");
        copy(&self.new_folder("good"), &folder);
        damage(&folder);
        let said = self.is_refused(&folder, place).await;
        std::fs::remove_dir_all(folder).unwrap();
        said
    }
}

pub(super) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn first_blob(folder: &Path) -> PathBuf {
    std::fs::read_dir(folder.join("files/blob")).unwrap().next().unwrap().unwrap().path()
}

/// One bit, in the middle.
fn flip(file: &Path) {
    let mut bytes = std::fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(file, bytes).unwrap();
}

fn cut(file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    std::fs::write(file, &bytes[..bytes.len() - 1]).unwrap();
}

pub(super) fn in_manifest(folder: &Path, change: impl Fn(&mut Value)) {
    let file = folder.join("manifest.json");
    let mut manifest = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    change(&mut manifest);
    std::fs::write(file, manifest.to_string()).unwrap();
}

/// As whoever can write the backup, and knows how it is made.
fn sign_anew(folder: &Path, name: &str) {
    let list = std::fs::read_to_string(folder.join("files.txt")).unwrap();
    let bytes = std::fs::read(folder.join(name)).unwrap();
    let line = |line: &str| match line.ends_with(name) {
        true => format!("{} {} {name}\n", hash_of(&bytes), bytes.len()),
        false => format!("{line}\n"),
    };
    let list: String = list.lines().map(line).collect();
    std::fs::write(folder.join("files.txt"), &list).unwrap();
    in_manifest(folder, |manifest| manifest["list"]["sha256"] = hash_of(list.as_bytes()).into());
}

both! {
    async fn a_damaged_backup_is_refused_by_name_and_leaves_the_place_as_it_was(w: World) {
        let good = w.makes_a_good_one().await;
        let blob = first_blob(&good).strip_prefix(&good).unwrap().to_string_lossy().into_owned();
        let (database, place) = (w.of_database(), w.elsewhere().await);

        let said = w.with(&place, |bad| cut(&bad.join(&blob))).await;
        assert!(said.contains(&format!("{blob}: it has ")), "{said}");
        let said = w.with(&place, |bad| flip(&bad.join(&blob))).await;
        assert!(said.contains(&format!("{blob}: it is not what was backed up")), "{said}");
        let said = w.with(&place, |bad| std::fs::remove_file(bad.join(&blob)).unwrap()).await;
        assert!(said.contains(&format!("{blob}: No such file")), "{said}");
        let said = w.with(&place, |bad| cut(&bad.join(database))).await;
        assert!(said.contains(&format!("{database}: it has ")), "{said}");
        let said = w.with(&place, |bad| flip(&bad.join(database))).await;
        assert!(said.contains(&format!("{database}: it is not what was backed up")), "{said}");
        let said = w.with(&place, |bad| flip(&bad.join("files.txt"))).await;
        assert!(said.contains("files.txt: it is not the list that the manifest names"), "{said}");
        // The place is as good for another one as it was.
        restore(&good, &place.address(), &place.files(), &w.clock).await.unwrap();
        place.goes().await;
    }

    async fn a_manifest_that_does_not_fit_is_refused_by_name(w: World) {
        let (good, place) = (w.makes_a_good_one().await, w.elsewhere().await);
        let said = w.with(&place, |bad| std::fs::remove_file(bad.join("manifest.json")).unwrap()).await;
        assert!(said.contains("it has no manifest.json"), "{said}");
        let said = w.with(&place, |bad| cut(&bad.join("manifest.json"))).await;
        assert!(said.contains("manifest.json: "), "{said}");
        let said = w.with(&place, |bad| in_manifest(bad, |m| m["database"]["schema"] = 9999.into())).await;
        assert!(said.contains("newer than this program"), "{said}");
        let said = w.with(&place, |bad| in_manifest(bad, |m| m["format"] = 2.into())).await;
        assert!(said.contains("newer than this program"), "{said}");
        let said = w.with(&place, |bad| in_manifest(bad, |m| m["database"]["tables"][0]["rows"] = 77.into())).await;
        assert!(said.contains(" rows of 77"), "{said}");
        let said = w.with(&place, |bad| in_manifest(bad, |m| m["database"]["audit"][0] = 1.into())).await;
        assert!(said.contains("the audit log ends with another event"), "{said}");
        restore(&good, &place.address(), &place.files(), &w.clock).await.unwrap();
        place.goes().await;
    }

    async fn who_changes_an_event_and_signs_the_backup_anew_is_found_out_by_the_chain(w: World) {
        w.makes_a_good_one().await;
        let place = w.elsewhere().await;
        let said = w.with(&place, |bad| {
            let file = bad.join(w.of_database());
            let bytes = std::fs::read(&file).unwrap();
            let (from, to) = ("session.sign_in", "session.sign_on");
            let at = bytes.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
            std::fs::write(&file, [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()).unwrap();
            sign_anew(bad, w.of_database());
        }).await;
        assert!(said.contains("the audit log in the backup does not fit from row 1 on"), "{said}");
        place.goes().await;
    }

    async fn only_an_empty_place_is_restored_into(w: World) {
        let folder = w.makes_a_good_one().await;
        let place = w.elsewhere().await;
        let said = restore(&folder, &w.address(), &place.files(), &w.clock).await.unwrap_err().to_string();
        let what = match w.on() {
            On::Sqlite => "irs.db is there",
            On::Postgres => "the database has tables (_sqlx_migrations)",
        };
        assert!(said.contains("needs an empty place") && said.contains(what), "{said}");
        let said = restore(&folder, &place.address(), w.engine.files(), &w.clock).await.unwrap_err().to_string();
        assert!(said.contains("the folder of files has some"), "{said}");
        // Nothing was touched.
        assert!(!w.engine.files().is_unfinished().await.unwrap());
        w.registers(&w.request_of("wangjianguo").await, "出租车投诉").await;
        let other = match w.on() {
            On::Sqlite => "postgres://localhost/nowhere".to_owned(),
            On::Postgres => w.new_folder("irs.db").to_string_lossy().into_owned(),
        };
        let said = restore(&folder, &other, &place.files(), &w.clock).await.unwrap_err().to_string();
        assert!(said.contains("and is restored into"), "{said}");
        place.goes().await;
    }

    async fn a_backup_that_broke_off_says_so_and_begins_again(w: World) {
        w.makes_a_good_one().await;
        let (folder, source, place) = (w.new_folder("backup"), first_blob(&w.root()), w.elsewhere().await);
        let copied = folder.join("files/blob").join(source.file_name().unwrap());
        // A file can't be written, after the database was.
        std::fs::create_dir_all(&copied).unwrap();
        std::fs::write(folder.join("UNFINISHED.txt"), b"").unwrap();
        make(&w.address(), w.engine.files(), &w.clock, &folder).await.unwrap_err();
        assert!(folder.join(w.of_database()).exists());
        let note = std::fs::read_to_string(folder.join("UNFINISHED.txt")).unwrap();
        assert!(note.starts_with("This backup did not come to its end"), "{note}");
        assert!(w.is_refused(&folder, &place).await.contains("it has no manifest.json"));
        std::fs::remove_dir(&copied).unwrap();
        // A file that came in part, too.
        std::fs::write(&copied, b"half").unwrap();
        make(&w.address(), w.engine.files(), &w.clock, &folder).await.unwrap();
        assert!(!folder.join("UNFINISHED.txt").exists());
        assert_eq!(std::fs::read(copied).unwrap(), std::fs::read(source).unwrap());
        restore(&folder, &place.address(), &place.files(), &w.clock).await.unwrap();
        place.goes().await;
        // One that ended is left alone.
        let again = make(&w.address(), w.engine.files(), &w.clock, &folder).await;
        assert!(matches!(again, Err(BackupError::FolderNotEmpty(_))), "{again:?}");
    }

    async fn a_file_that_is_damaged_already_is_named_and_left_out(w: World) {
        w.registers(&w.request_of("wangjianguo").await, "杭州公交查询").await;
        let blob = first_blob(&w.root());
        flip(&blob);
        std::fs::write(w.files_folder().join("blob/not-ours"), b"x").unwrap();
        let folder = w.new_folder("backup");
        let made = make(&w.address(), w.engine.files(), &w.clock, &folder).await.unwrap();
        assert_eq!(made.damaged, [format!("blob/{}", blob.file_name().unwrap().to_string_lossy())]);
        assert_eq!(made.missing, 1, "a publication has it for its icon");
        let place = w.elsewhere().await;
        restore(&folder, &place.address(), &place.files(), &w.clock).await.unwrap();
        place.goes().await;
    }

    async fn an_older_backup_comes_back_and_is_migrated(w: World) {
        let (old, folder) = (w.elsewhere().await, w.new_folder("old"));
        at_schema(&old.address(), 10).await.unwrap();
        let made = make(&old.address(), &old.files(), &w.clock, &folder).await.unwrap();
        assert_eq!(made.database.schema, 10);
        let place = w.elsewhere().await;
        restore(&folder, &place.address(), &place.files(), &w.clock).await.unwrap();
        let back = place.opens(w).await;
        back.registers(&back.request_of("wangjianguo").await, "杭州公交查询").await;
        back.end().await;
        old.goes().await;
    }
}
