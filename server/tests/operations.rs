//! The real program, as an administrator has it: backed up while it serves and while people write, brought back elsewhere, looked at by
//! the doctor.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod busy;
mod program;
mod registrar;
mod registration;
mod socket;
mod workbench;

use busy::Busy;
use domain::StageStatus;
use program::{Place, SOON, database, until};
use registrar::Registrar;
use sha2::{Digest, Sha256};
use socket::{Asked, ask};
use std::collections::BTreeSet;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;
use tokio::net::unix::pipe::OpenOptions;

#[tokio::test]
async fn on_sqlite_a_site_is_backed_up_brought_back_and_examined() {
    let here = Place::new("sqlite-here", None);
    let there = Place::new("sqlite-there", None);
    story(&here, &there).await;
    // The embedded database is everybody's to read, until somebody takes the doctor's advice.
    let database = there.folder.join("data/irs.db");
    std::fs::set_permissions(&database, PermissionsExt::from_mode(0o644)).unwrap();
    let found = there.runs(&["--demo", "--builds", "0", "doctor"]).await;
    assert!(!found.good && found.said.contains("WRONG data folder: "), "{}", found.said);
    assert!(
        found.said.contains("→ chmod o-rwx")
            && found.failed.contains("server: found wrong: 1, each with its remedy above"),
        "{found:?}"
    );
    std::fs::set_permissions(&database, PermissionsExt::from_mode(0o600)).unwrap();
    let found = there.runs(&["--demo", "--builds", "0", "doctor"]).await;
    assert!(found.good && !found.said.contains("WRONG"), "{}", found.said);
    here.end();
    there.end();
}

#[tokio::test]
async fn on_postgres_a_site_is_backed_up_brought_back_and_examined() {
    let (one, other) = (database("irs_operations_here").await, database("irs_operations_there").await);
    let here = Place::new("postgres-here", Some(one));
    let there = Place::new("postgres-there", Some(other));
    story(&here, &there).await;
    // A server for tests may lose everything, and the doctor says so.
    let found = there.runs(&["--demo", "--builds", "0", "doctor"]).await;
    assert!(!found.good && found.said.contains("WRONG database settings: fsync is off"), "{found:?}");
    here.end();
    there.end();
}

#[tokio::test]
async fn on_sqlite_a_site_is_backed_up_while_people_write() {
    under_load(Place::new("busy-here", None), Place::new("busy-there", None)).await;
}

#[tokio::test]
async fn on_postgres_a_site_is_backed_up_while_people_write() {
    let (one, other) = (database("irs_busy_here").await, database("irs_busy_there").await);
    under_load(Place::new("busy-postgres-here", Some(one)), Place::new("busy-postgres-there", Some(other))).await;
}

#[tokio::test]
async fn a_variable_is_stronger_than_the_settings_file_and_a_flag_stronger_than_both() {
    let place = Place::new("settings", None);
    let (file, folder) = (place.folder.join("server.toml"), |name: &str| place.folder.join(name));
    std::fs::write(&file, format!("data = {:?}\n", folder("by-file"))).unwrap();
    let migrated = |name: &str| folder(name).join("irs.db").exists();
    for (variable, flag, name) in [(false, false, "by-file"), (true, false, "by-variable"), (true, true, "by-flag")] {
        let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_server"));
        program.env_remove("DATABASE_URL").env("IRS_CONFIG", &file);
        if variable {
            program.env("IRS_DATA", folder("by-variable"));
        }
        if flag {
            program.arg("--data").arg(folder("by-flag"));
        }
        assert!(!migrated(name));
        assert!(program.arg("migrate").status().await.unwrap().success());
        assert!(migrated(name), "{name}");
    }
    let mut program = tokio::process::Command::new(env!("CARGO_BIN_EXE_server"));
    program.env_remove("DATABASE_URL").env("RUST_LOG", "warn").env("IRS_DATA", folder("by-no-setting"));
    // Beside what the tests themselves are told so.
    program.env("IRS_TEST_POSTGRES", "postgres://nowhere").env("IRS_PUBLC_URL", "https://a.cn");
    let said = program.arg("migrate").output().await.unwrap();
    let named = String::from_utf8(said.stderr).unwrap();
    let sentence = "server: IRS_PUBLC_URL is set, and there is no such setting: `server --help` lists all\n";
    assert_eq!((said.status.code(), named.as_str()), (Some(1), sentence), "and nothing else is named");
    assert!(!migrated("by-no-setting"));
    std::fs::write(&file, "demo = false\nlisen = \"127.0.0.1:1\"\n").unwrap();
    let refused = place.runs(&["--config", file.to_str().unwrap(), "migrate"]).await;
    let said = format!("server: {}, line 2: there is no setting \"lisen\"", file.display());
    assert!(!refused.good && refused.failed.starts_with(&said), "{refused:?}");
    place.end();
}

#[tokio::test]
async fn permission_to_build_without_a_sandbox_is_said_by_the_board_the_doctor_and_the_log() {
    const SAID: &str = "已设置 --allow-unsandboxed-builds：";
    for allowed in [false, true] {
        let place = Place::new(if allowed { "allowed" } else { "refused" }, None);
        let flags: &[&str] = if allowed { &["--allow-unsandboxed-builds"] } else { &[] };
        let server = place.serves(flags).await;
        let cookie = server.signs_in().await;
        let page = ask(server.address, Asked::get("/dashboard").cookie(&cookie)).await;
        let red = format!("<p role=\"alert\" class=\"notice notice-danger\">{SAID}");
        assert_eq!(page.text().contains(&red), allowed, "{}", page.text());
        server.ends().await;
        let doctor = ["--demo", "--builds", "1", "--bubblewrap", "/nowhere/bwrap", "doctor"];
        let found = place.runs(&[flags, &doctor].concat()).await.said;
        assert!(found.contains("WRONG build sandbox: /nowhere/bwrap cannot be run"), "{found}");
        assert_eq!(found.contains("built WITHOUT a sandbox"), allowed, "{found}");
        assert_eq!(found.contains("source packages are refused"), !allowed, "{found}");
        place.end();
    }
}

#[tokio::test]
async fn the_link_of_the_first_start_is_for_a_terminal_and_not_for_the_journal() {
    for is_journal in [false, true] {
        let place = Place::new(if is_journal { "journal" } else { "terminal" }, None);
        let printed = place.runs(&["init"]).await.said;
        let code = printed.split("/setup?code=").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let out = std::fs::File::create(place.folder.join("out")).unwrap();
        let file = out.metadata().unwrap();
        let journal = if is_journal { file.ino() } else { 1 };
        let mut program = place.program();
        program.args(["--builds", "0"]).env("JOURNAL_STREAM", format!("{}:{journal}", file.dev())).stdout(out);
        let mut child = program.spawn().unwrap();
        let out = place.folder.join("out");
        let said = until(SOON, "where it listens", async || {
            Some(std::fs::read_to_string(&out).unwrap()).filter(|said| said.contains("\nhttp://localhost:"))
        })
        .await;
        assert!(said.contains("nobody is here yet") && said.contains("/setup?code=") != is_journal, "{said}");
        // The link that was printed by hand stays good, unless another was.
        let port = said.rsplit_once("://localhost:").unwrap().1.trim().parse().unwrap();
        let address = format!("/api/first_start/look?code={code}");
        let asked = Asked { headers: &[("Accept", "application/json")], ..Asked::get(&address) };
        let opened = ask(([127, 0, 0, 1], port).into(), asked).await.status;
        assert_eq!(opened == 200, is_journal, "{opened}");
        child.kill().await.unwrap();
        place.end();
    }
}

async fn story(here: &Place, there: &Place) {
    let backup = here.folder.join("backup");
    let folder = backup.to_str().unwrap();
    let server = here.serves(&[]).await;
    // Asked to read its certificate again, it has none, and goes on.
    server.gets("HUP").await;
    let cookie = server.signs_in().await;
    let icon = server.keeps_an_icon(&cookie).await;
    let made = here.runs(&["backup", folder]).await;
    assert!(made.good && made.said.contains("rows up to audit event 1, "), "{made:?}");
    let again = here.runs(&["backup", folder]).await;
    assert!(!again.good && again.failed.contains("is not empty"), "{again:?}");
    server.ends().await;

    let refused = here.runs(&["restore", folder]).await;
    assert!(!refused.good && refused.failed.contains("restoring needs an empty place"), "{refused:?}");
    let blob = backup.join("files/blob").join(&icon);
    let bytes = std::fs::read(&blob).unwrap();
    std::fs::write(&blob, [&bytes[..bytes.len() - 1], &[!bytes[bytes.len() - 1]]].concat()).unwrap();
    let refused = there.runs(&["restore", folder]).await;
    assert!(!refused.good && refused.failed.contains(&icon), "{refused:?}");
    // Nobody serves from what is half there.
    let refused = there.runs(&["--demo", "serve"]).await;
    assert!(!refused.good && refused.failed.contains("did not come to its end"), "{refused:?}");
    std::fs::write(&blob, bytes).unwrap();
    let restored = there.runs(&["restore", folder]).await;
    assert!(restored.good && restored.said.contains("not brought back to life: 1 sessions"), "{restored:?}");
    let verified = there.runs(&["audit", "verify"]).await;
    assert!(verified.good, "{verified:?}");

    let server = there.serves(&[]).await;
    let form = Asked::get("/api/publication/form?side=service&check=false");
    assert_eq!(ask(server.address, form.cookie(&cookie)).await.status, 401, "the session has ended");
    let cookie = server.signs_in().await;
    let answer = ask(server.address, form.cookie(&cookie)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let kept = ask(server.address, Asked::get(&format!("/icon/{icon}")).cookie(&cookie)).await;
    assert_eq!(kept.status, 200);
    server.ends().await;
}

/// What a backup waits for.
const HELD: &[u8] = b"as long as people wish";

/// Keeps a file in the site, and puts a pipe in place of its copy into a backup that broke off: whoever goes on with that is held there, in
/// the middle of all files, until somebody writes. The pipe.
fn held(here: &Place, backup: &Path) -> PathBuf {
    let name: String = Sha256::digest(HELD).iter().map(|byte| format!("{byte:02x}")).collect();
    std::fs::write(here.folder.join("data/files/blob").join(&name), HELD).unwrap();
    let copies = backup.join("files/blob");
    std::fs::create_dir_all(&copies).unwrap();
    std::fs::write(backup.join("UNFINISHED.txt"), "").unwrap();
    let pipe = copies.join(name);
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    pipe
}

/// What was answered before the backup began is in it, nobody waits for its end, and nothing in it is half: each package goes through its
/// stages elsewhere.
async fn under_load(here: Place, there: Place) {
    let backup = here.folder.join("backup");
    let folder = backup.to_str().unwrap();
    let server = here.serves(&[]).await;
    let busy = Busy::begin(&server).await;
    busy.until_more(2).await;
    let (before, held) = (busy.answered(), held(&here, &backup));
    let people_get_on = async {
        // Nobody can, before the other side has it open.
        let opened = until(SOON, "a backup at its files", async || OpenOptions::new().open_sender(&held).ok());
        let mut way = opened.await;
        busy.until_another_change().await;
        way.write_all(HELD).await.unwrap();
    };
    let backup = ["backup", folder];
    let (made, ()) = tokio::join!(here.runs(&backup), people_get_on);
    assert!(made.good, "nothing is damaged or missing: {made:?}");
    std::fs::remove_file(&held).unwrap();
    std::fs::write(&held, HELD).unwrap();
    busy.until_more(1).await;
    let answered = busy.ends().await;
    server.ends().await;

    let restored = there.runs(&["restore", folder]).await;
    assert!(restored.good, "{restored:?}");
    let verified = there.runs(&["audit", "verify"]).await;
    assert!(verified.good, "{verified:?}");
    let server = there.serves(&["--builds", "2"]).await;
    let names = |apps: &[busy::App]| apps.iter().map(|app| app.name.clone()).collect::<BTreeSet<_>>();
    let listed = Registrar::of(&server).await.listed(server.address, busy::WORD).await;
    assert!(listed.is_superset(&names(&before)), "{listed:?}: {before:?}");
    assert!(listed.is_subset(&names(&answered)) && listed.len() < answered.len(), "{listed:?}: {answered:?}");
    let zhao = server.signs_in_as("zhaolei").await;
    let mut whole = BTreeSet::new();
    for app in &answered {
        let Some(page) = busy::until_over(&server, &zhao, app.version).await else { continue };
        assert!(page.stages.iter().all(|of| of.status == StageStatus::Passed), "{}: {:?}", app.name, page.stages);
        assert!(listed.contains(&app.name), "a version has its application: {}", app.name);
        whole.insert(app.name.clone());
    }
    assert!(whole.is_superset(&names(&before)), "{whole:?}: {before:?}");
    server.ends().await;
    here.end();
    there.end();
}
