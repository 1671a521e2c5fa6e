//! The database of the release before (schema up to 0021), as its own program made it, is migrated by this one: the same lists, files and
//! chain are there, work goes on, and what the old program writes still goes in (expand, then contract: a rolling update).
//!
//! `engine/fixtures/0021` says how it was made.

use super::StoreResult;
use super::db::{Address, postgres, sqlite};
use super::restore::at_schema;
use crate::Database;
use crate::publication::list;
use crate::world::{On, World};
use crate::{inbox, work_order};
use domain::query::{InboxQuery, PublicationQuery, WorkOrderQuery};
use domain::{PublicationId, Side, State};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, Executor};
use std::collections::BTreeMap;
use std::io::Read;

/// The last migration of the release before.
pub(super) const BEFORE: i64 = 21;

const SQLITE: &[u8] = include_bytes!("../../fixtures/0021/irs.db.br");
const POSTGRES: &[u8] = include_bytes!("../../fixtures/0021/irs.sql.br");
const SAID: &str = include_str!("../../fixtures/0021/said.json");
const ICON: &[u8] = include_bytes!("../../fixtures/0021/icon");

/// Each table with its columns: its type, whether it must be set, and whether it is set by itself.
pub(super) type Columns = BTreeMap<String, BTreeMap<String, (String, bool, bool)>>;

#[tokio::test]
async fn the_release_befores_site_goes_on_on_sqlite() {
    goes_on(On::Sqlite).await;
}

#[tokio::test]
async fn the_release_befores_site_goes_on_on_postgres() {
    goes_on(On::Postgres).await;
}

async fn goes_on(on: On) {
    let said: Value = serde_json::from_str(SAID).unwrap();
    let w = World::made_before(on, put).await;
    let (wang, li) = (w.request_of("wangjianguo").await, w.request_of("limin").await);
    let zhao = w.request_of("zhaolei").await;
    let page = list(&w.engine, &wang, Side::Service, &PublicationQuery::default()).await.unwrap();
    let rows: Vec<[String; 4]> = page
        .rows
        .iter()
        .map(|row| [row.name.clone(), row.service_id.clone(), row.state.id().to_owned(), row.icon.clone()])
        .collect();
    let expected = said["rows"].as_array().unwrap().iter();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    let expected: Vec<[String; 4]> =
        expected.map(|row| ["name", "service_id", "state", "icon"].map(|field| text(row, field))).collect();
    assert_eq!(rows, expected);
    assert_eq!(rows.len(), 3);
    let waiting = work_order::waiting(&w.engine, &li, &WorkOrderQuery::default()).await.unwrap();
    let names: Vec<&str> = waiting.rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, [said["waiting"][0]["name"].as_str().unwrap()]);
    let told = inbox::page(&w.engine, &zhao, InboxQuery::default()).await.unwrap();
    assert_eq!(told.rows.len() as u64, said["inbox"].as_u64().unwrap());
    let icon = w.engine.files().get(&expected[0][3]).await.unwrap();
    assert_eq!(icon.as_deref(), Some(ICON), "files are where they were");
    // Whoever waits decides, and a name is found by its letters: kept counts and grams are whole.
    let id: PublicationId = serde_json::from_value(said["rows"][1]["id"].clone()).unwrap();
    assert_eq!(w.approves(&li, id).await, State::ReleaseInReview);
    assert_eq!(w.approves(&w.request_of("zhoutao").await, id).await, State::Published);
    let found = PublicationQuery { keyword: "地铁".to_owned(), ..PublicationQuery::default() };
    let found = list(&w.engine, &wang, Side::Service, &found).await.unwrap();
    assert_eq!(found.rows.iter().map(|row| row.state).collect::<Vec<_>>(), [State::Published]);
    as_the_old_program_writes(&w).await;
    // The chain of both programs is one: the end of every story looks at it.
    w.end().await;
}

/// The tables that have more columns now take what the old program writes, which knows nothing of these.
async fn as_the_old_program_writes(w: &World) {
    const PERSON: &str = "INSERT INTO person
            (id, account, name, department_id, mobile, active, created_at, password_hash, email)
        SELECT $1, 'oldhand', '旧程', department_id, NULL, active, created_at, NULL, NULL FROM person WHERE account = 'limin'";
    const ROLE: &str = "INSERT INTO person_role (person_id, role, region)
        SELECT $1, role, region FROM person_role WHERE person_id = (SELECT id FROM person WHERE account = 'limin')";
    let id = uuid::Uuid::from_bytes([7; 16]);
    let write = w.engine.db().write(id, |conn, id| {
        Box::pin(async move {
            for statement in [PERSON, ROLE] {
                super::on!(&mut *conn, c => sqlx::query(statement).bind(*id).execute(c).await.map(|_| ()))?;
            }
            Ok(())
        })
    });
    write.await.unwrap();
    w.request_of("oldhand").await.person().unwrap();
    // A role that the old program gives has its seat.
    const SEATS: &str = "SELECT COUNT(*) FROM seat WHERE person_id = $1";
    let mut conn = w.engine.db().reader().await.unwrap();
    let count: StoreResult<i64> =
        async { super::on!(&mut conn, c => Ok(sqlx::query_scalar(SEATS).bind(id).fetch_one(c).await?)) }.await;
    assert_eq!(count.unwrap(), 1);
}

#[tokio::test]
async fn nothing_that_the_old_program_names_is_gone_or_wants_more_on_sqlite() {
    expands(On::Sqlite).await;
}

#[tokio::test]
async fn nothing_that_the_old_program_names_is_gone_or_wants_more_on_postgres() {
    expands(On::Postgres).await;
}

/// Each table and column of the release before is there, of the same type, and asks for no more; what came to its tables may be left out.
async fn expands(on: On) {
    let w = World::new(on).await;
    let place = w.elsewhere().await;
    at_schema(&place.address(), BEFORE).await.unwrap();
    let before = columns(&place.address()).await;
    assert!(before.len() > 20 && !before["person"].contains_key("totp_secret"), "{before:?}");
    Database::open(&place.address()).await.unwrap().close().await;
    let now = columns(&place.address()).await;
    assert!(now["person"].contains_key("totp_secret"));
    for (table, columns) in &before {
        for (column, (kind, must, by_itself)) in columns {
            let Some((kind_now, must_now, by_itself_now)) = now.get(table).and_then(|of| of.get(column)) else {
                panic!("{table}.{column} is gone, and the old program names it")
            };
            assert_eq!(kind, kind_now, "{table}.{column}");
            assert!(!must_now || *must, "{table}.{column} must be set now");
            assert!(*by_itself_now || !by_itself, "{table}.{column} is not set by itself any more");
        }
        for (column, (_, must, by_itself)) in &now[table] {
            assert!(
                columns.contains_key(column) || !must || *by_itself,
                "{table}.{column} is new and must be set, which the old program does not"
            );
        }
    }
    place.goes().await;
    w.end().await;
}

pub(super) async fn columns(address: &str) -> Columns {
    const ON_SQLITE: &str = "SELECT m.name, c.name, c.type, c.\"notnull\" = 1 AND c.pk = 0,
            c.dflt_value IS NOT NULL OR c.pk > 0 FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
    const ON_POSTGRES: &str = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT),
            is_nullable = 'NO', column_default IS NOT NULL OR is_identity = 'YES' OR is_generated = 'ALWAYS'
        FROM information_schema.columns WHERE table_schema = CURRENT_SCHEMA() AND table_name NOT LIKE '\\_sqlx%'";
    type Row = (String, String, String, bool, bool);
    let rows: Vec<Row> = match Address::of(address).unwrap() {
        Address::Sqlite(file) => {
            let mut conn = sqlx::sqlite::SqliteConnection::connect_with(&sqlite(file)).await.unwrap();
            let rows = sqlx::query_as(ON_SQLITE).fetch_all(&mut conn).await.unwrap();
            conn.close().await.unwrap();
            rows
        }
        Address::Postgres(options) => {
            let pool = postgres(*options).await.unwrap();
            let rows = sqlx::query_as(ON_POSTGRES).fetch_all(&pool).await.unwrap();
            pool.close().await;
            rows
        }
    };
    let mut columns = Columns::new();
    for (table, column, kind, must, by_itself) in rows {
        columns.entry(table).or_default().insert(column, (kind, must, by_itself));
    }
    columns
}

/// Puts the old site where the address and the folder of files say.
async fn put(address: String, files: std::path::PathBuf) {
    std::fs::create_dir_all(files.join("blob")).unwrap();
    let icon = serde_json::from_str::<Value>(SAID).unwrap()["rows"][0]["icon"].as_str().unwrap().to_owned();
    std::fs::write(files.join("blob").join(icon), ICON).unwrap();
    match Address::of(&address).unwrap() {
        Address::Sqlite(file) => std::fs::write(file, unpacked(SQLITE)).unwrap(),
        Address::Postgres(options) => {
            let pool = postgres(*options).await.unwrap();
            let dump = String::from_utf8(unpacked(POSTGRES)).unwrap();
            pool.execute(AssertSqlSafe(dump)).await.unwrap();
            pool.close().await;
        }
    }
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    brotli::Decompressor::new(packed, 4096).read_to_end(&mut bytes).unwrap();
    bytes
}
