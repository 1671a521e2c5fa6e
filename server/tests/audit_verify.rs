//! `server audit verify`, the real program, on a good database, after a changed byte, a removed row, a row that was added by hand: its
//! exit code, and the row that it names (identity.md, Audit).

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
}
