//! A full disk, made real: files and work lie on small file systems in memory, which root alone can make. Wherever it comes to be full,
//! the stage or the upload says so and can be tried again, and nothing half-made is served (packages.md, Bad input).

use crate::pipeline::run_next;
use crate::upload::{begin, in_memory, put_part};
use crate::world::bench::{BUILDING, PAGE, zip};
use crate::world::{On, World};
use crate::{pipeline, version};
use domain::StageStatus::{self, Failed, Passed, Waiting};
use domain::{Stage, VersionId};
use std::path::{Path, PathBuf};
use std::process::Command;

const MB: u64 = 1024 * 1024;

/// A file system of so much room, gone with this.
struct Small(PathBuf);

impl Small {
    /// `None`, and it says 未检查: we may not.
    fn mounted(name: &str, megabytes: u64) -> Option<Self> {
        let place = std::env::temp_dir().join(format!("irs-full-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&place).unwrap();
        let options = format!("size={megabytes}m,mode=755");
        let mut mount = Command::new("mount");
        if mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&place).status().is_ok_and(|ended| ended.success())
        {
            return Some(Self(place));
        }
        std::fs::remove_dir(place).unwrap();
        eprintln!("未检查: {name} on a full disk: a small file system can't be mounted here, as root alone may");
        None
    }

    /// Leaves so many bytes.
    fn leaves(&self, bytes: u64) {
        self.is_free();
        let space = nix::sys::statvfs::statvfs(&self.0).unwrap();
        let filler = vec![1; usize::try_from(space.blocks_available() * space.fragment_size() - bytes).unwrap()];
        std::fs::write(self.0.join("filler"), filler).unwrap();
    }

    /// Somebody has made room.
    fn is_free(&self) {
        let _ = std::fs::remove_file(self.0.join("filler"));
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = std::fs::remove_dir(&self.0);
    }
}

/// A page and a script of so many bytes, half of which can be compressed away.
fn package(bytes: usize) -> Vec<u8> {
    let noise = (0..bytes / 16).map(|n| format!("{:016x}", (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let script = format!("//{}", noise.collect::<String>());
    zip(&[("index.html", PAGE), ("a.css", ""), ("a.js", &script)])
}

impl World {
    async fn stages_say(&self, id: VersionId, which: Stage) -> (Vec<StageStatus>, String) {
        (self.statuses(id).await, self.sentence(id, which).await)
    }
}

fn count(folder: &Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

#[tokio::test]
async fn an_upload_that_finds_the_disk_full_says_so_and_goes_on_when_there_is_room() {
    let Some(disk) = Small::mounted("upload", 32) else { return };
    let w = World::new(On::Sqlite).await;
    let v = w.in_folders(&disk.path().join("files"), &disk.path().join("work"), |_| {}).await;
    let bus = v.hosted("杭州公交查询").await;
    let (zhao, zip) = (v.request_of("zhaolei").await, package(4 << 20));
    let begun = begin(&v.engine, &zhao, bus, "a.zip", i64::try_from(zip.len()).unwrap()).await.unwrap();
    disk.leaves(MB);
    let refused = put_part(&v.engine, &zhao, begun.id, 0, in_memory(zip.clone())).await.unwrap_err();
    assert!(refused.is_disk_full(), "{refused}");
    assert_eq!(count(&disk.path().join(format!("files/part/{}", begun.id))), 0, "nothing half-made is left");
    disk.is_free();
    put_part(&v.engine, &zhao, begun.id, 0, in_memory(zip.clone())).await.unwrap();

    disk.leaves(MB);
    let blobs = count(&disk.path().join("files/blob"));
    let refused = v.finishes(&zhao, bus, begun.id, "1.0.0", &[]).await.unwrap_err();
    assert!(refused.is_disk_full(), "{refused}");
    assert_eq!(count(&disk.path().join("files/blob")), blobs, "nothing half-made is left");
    disk.is_free();
    let id = v.finishes(&zhao, bus, begun.id, "1.0.0", &[]).await.unwrap();
    v.runs_jobs().await;
    assert_eq!(v.statuses(id).await, [Passed; 4]);
    v.engine.close().await;
    w.end().await;
}

#[tokio::test]
async fn a_stage_that_finds_the_disk_full_says_so_and_is_run_again() {
    // Of the script of 4 MB the zip and the compressed variants take some 2 each.
    for (stage, work, files) in [
        (Stage::SourceCheck, MB, 16 * MB),
        (Stage::Build, 4 * MB, 16 * MB),
        (Stage::Build, 16 * MB, 2 * MB),
        (Stage::DeployTest, 16 * MB, 5 * MB),
    ] {
        let name = format!("{}-{}", stage.id(), files / MB);
        let (Some(work_disk), Some(file_disk)) =
            (Small::mounted(&format!("work-{name}"), 32), Small::mounted(&format!("files-{name}"), 32))
        else {
            return;
        };
        let w = World::new(On::Sqlite).await;
        let v = w.in_folders(&file_disk.path().join("files"), &work_disk.path().join("work"), |_| {}).await;
        let id = v.uploads_zip(v.hosted("杭州公交查询").await, "1.0.0", &package(4 << 20)).await;
        work_disk.leaves(work);
        file_disk.leaves(files);
        let at = Stage::ALL.iter().position(|one| *one == stage).unwrap();
        let expected = |status| {
            let mut all = vec![Passed; at];
            all.push(status);
            all.resize(4, Waiting);
            all
        };
        for _ in 0..2 {
            assert!(run_next(&v.engine).await.unwrap());
            let said = "服务器的磁盘已满，稍后会自动重试。".to_owned();
            assert_eq!(v.stages_say(id, stage).await, (expected(Waiting), said), "{name}");
            v.wait_ms(60_000);
        }
        assert!(run_next(&v.engine).await.unwrap());
        let said = "服务器的磁盘已满，已经重试过，仍未成功。请联系系统管理员清理磁盘，然后重新运行。".to_owned();
        assert_eq!(v.stages_say(id, stage).await, (expected(Failed), said), "{name}");
        let zhao = v.request_of("zhaolei").await;
        assert!(version::present_preview(&v.engine, &zhao, id).await.unwrap().is_none());
        assert_eq!(count(&file_disk.path().join("files/bundle")), 0, "nothing is served");
        assert!(pipeline::folder::all(&v.engine.workshop().work).is_empty());

        work_disk.is_free();
        file_disk.is_free();
        version::run_again(&v.engine, &zhao, id).await.unwrap();
        v.runs_jobs().await;
        assert_eq!(v.statuses(id).await, [Passed; 4], "{name}");
        v.engine.close().await;
        w.end().await;
    }
}

#[tokio::test]
async fn a_build_that_finds_the_disk_full_says_so_and_is_run_again() {
    let Some(disk) = Small::mounted("build", 32) else { return };
    let w = World::new(On::Sqlite).await;
    let v = w.in_folders(&w.files_folder(), &disk.path().join("work"), |_| {}).await;
    let build = "const fs = require('fs'); fs.mkdirSync('build'); fs.copyFileSync('page.html', 'build/index.html');
        fs.writeFileSync('build/a.css', ''); fs.writeFileSync('build/a.js', 'let built = 1'); fs.writeFileSync('pad', Buffer.alloc(6 << 20, 1));";
    let package = zip(&[
        ("package.json", r#"{"name":"a","version":"1.0.0","scripts":{"build":"node build.js"}}"#),
        ("build.js", build),
        ("page.html", PAGE),
    ]);
    let id = v.uploads_zip(v.hosted("杭州公交查询").await, "1.0.0", &package).await;
    disk.leaves(4 * MB);
    let alone = BUILDING.lock().await;
    assert!(run_next(&v.engine).await.unwrap());
    drop(alone);
    let said = "服务器的磁盘已满，编译没有完成。请联系系统管理员清理磁盘，然后重新运行。";
    assert_eq!(v.stages_say(id, Stage::Build).await, (vec![Passed, Failed, Waiting, Waiting], said.to_owned()));
    disk.is_free();
    version::run_again(&v.engine, &v.request_of("zhaolei").await, id).await.unwrap();
    v.runs_jobs().await;
    assert_eq!(v.statuses(id).await, [Passed; 4]);
    v.engine.close().await;
    w.end().await;
}
