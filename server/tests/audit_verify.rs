//! `server audit verify`, the real program, on a good database, after a changed byte, a removed row, a row that was added by hand: its
//! exit code, and the row that it names; after the newest rows were taken away, the anchor (identity.md, Audit).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod program;
mod socket;

use engine::bench::by_hand;
use program::{Place, database};

/// The guards are off, and the rows are kept as they were.
const SQLITE_GUARDS: &[&str] = &[
    "DROP TRIGGER audit_event_no_update",
    "DROP TRIGGER audit_event_no_delete",
    "DROP TRIGGER audit_event_no_replace",
    "CREATE TABLE kept AS SELECT * FROM audit_event",
];
const POSTGRES_GUARDS: &[&str] = &[
    "DROP TRIGGER audit_event_no_update ON audit_event",
    "DROP TRIGGER audit_event_no_delete ON audit_event",
    "CREATE TABLE kept AS SELECT * FROM audit_event",
];
const MENDED: &[&str] = &["DELETE FROM audit_event", "INSERT INTO audit_event SELECT * FROM kept"];

/// What was done by hand, and the first row that does not fit then.
const DONE: [(&[&str], i64); 4] = [
    (&["UPDATE audit_event SET person_name = '王建围' WHERE seq = 3"], 3),
    (&["DELETE FROM audit_event WHERE seq = 3"], 4),
    (&["DELETE FROM audit_event WHERE seq = 1"], 2),
    (
        &["INSERT INTO audit_event SELECT seq + 1, at, request_id, person_id, person_name, address, action, object_kind,
            object_id, result, detail, hash, hash FROM audit_event WHERE seq = 5"],
        6,
    ),
];

#[tokio::test]
async fn the_program_names_the_first_row_that_does_not_fit_on_sqlite() {
    let place = Place::new("verify-sqlite", None);
    let database = place.folder.join("data/irs.db").to_string_lossy().into_owned();
    story(&place, &database, SQLITE_GUARDS).await;
    place.end();
}

#[tokio::test]
async fn the_program_names_the_first_row_that_does_not_fit_on_postgres() {
    let database = database("irs_audit_verify").await;
    let place = Place::new("verify-postgres", Some(database.clone()));
    story(&place, &database, POSTGRES_GUARDS).await;
    place.end();
}

async fn story(place: &Place, database: &str, guards: &'static [&'static str]) {
    let server = place.serves(&[]).await;
    for _ in 0..5 {
        server.signs_in().await;
    }
    server.ends().await;
    let good = place.runs(&["audit", "verify"]).await;
    assert!(good.good && good.said.starts_with("the audit log is whole: 5 rows, the last has the hash "), "{good:?}");

    by_hand(database, guards).await.unwrap();
    for (statements, row) in DONE {
        by_hand(database, statements).await.unwrap();
        let found = place.runs(&["audit", "verify"]).await;
        let said = format!("server: the audit log does not fit from row {row} on");
        assert!(
            !found.good && found.failed.contains(&said) && !found.said.contains("whole"),
            "{statements:?}: {found:?}"
        );
        by_hand(database, MENDED).await.unwrap();
    }
    let mended = place.runs(&["audit", "verify"]).await;
    assert!(mended.good && mended.said == good.said, "{mended:?}");
    anchors(place, database, &good.said).await;

    // No guard is in the way of this.
    by_hand(database, &["INSERT INTO auditor_event (seq) VALUES (4)"]).await.unwrap();
    let hidden = place.runs(&["audit", "verify"]).await;
    let said = "server: row 4 of the audit log is kept from the auditors, and no auditor did it";
    assert!(!hidden.good && hidden.failed.contains(said) && !hidden.said.contains("whole"), "{hidden:?}");
}

/// The newest rows go unnoticed but for an anchor that was kept; so does a chain that was made anew.
async fn anchors(place: &Place, database: &str, good: &str) {
    let line = good.lines().last().unwrap();
    assert!(line.contains("\"seq\":5,"), "{line}");
    let fits = place.runs(&["audit", "verify", "--anchor", line]).await;
    assert!(
        fits.good && fits.said.contains("anchors that fit: 1\n") && fits.said.ends_with(&format!("{line}\n")),
        "{fits:?}"
    );

    // As it is of a chain that was made anew.
    let (head, hash) = line.split_once("\"hash\":\"").unwrap();
    let other = format!("{head}\"hash\":\"{}", hash.chars().rev().skip(2).chain("\"}".chars()).collect::<String>());
    let anew = place.runs(&["audit", "verify", "--anchor", line, "--anchor", &other]).await;
    let said = format!("an anchor does not fit, its row has another hash: {other}\n");
    assert!(!anew.good && anew.failed.contains(&said) && !anew.failed.contains(line), "{anew:?}");

    by_hand(database, &["DELETE FROM audit_event WHERE seq > 3"]).await.unwrap();
    let cut = place.runs(&["audit", "verify"]).await;
    assert!(cut.good && cut.said.starts_with("the audit log is whole: 3 rows, "), "the chain can't tell: {cut:?}");
    let found = place.runs(&["audit", "verify", "--anchor", line]).await;
    let said = format!("an anchor does not fit, the audit log has no such row: {line}\n");
    assert!(!found.good && found.failed.contains(&said) && !found.said.contains("whole"), "{found:?}");
    assert!(found.failed.contains("server: the audit log lacks what 1 anchors say"), "{found:?}");
    by_hand(database, MENDED).await.unwrap();

    let no_anchor = place.runs(&["audit", "verify", "--anchor", "5"]).await;
    assert!(!no_anchor.good && no_anchor.failed.contains("an anchor is one line"), "{no_anchor:?}");
}
