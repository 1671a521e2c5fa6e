//! What a migration could forbid to the program of the release before, which works beside this one during a rolling update: checks,
//! unique indexes, triggers and foreign keys of the tables that it knows, and keys that lead to these, whose rows they keep from being
//! deleted. Each that came since is named below, with why the old program lives with it.

use super::db::{Address, postgres, sqlite};
use super::restore::at_schema;
use super::upgrade_tests::{BEFORE, columns};
use crate::Database;
use crate::world::{On, World};
use sqlx::Connection;
use std::collections::BTreeSet;

/// A table with what it demands, as the database says it.
type Rules = BTreeSet<(String, String)>;

/// Table, what tells the rule, and why the old program lives with it.
const LIVES_WITH: [(&str, &str, &str); 10] = [
    ("person", "person_dingtalk_id_key", "it does not know the column, which stays null: nulls are not equal"),
    ("outbox", "'dingtalk'", "wider than before: its own carriers are taken as they were"),
    ("outbox", "outbox_revokes_key", "it does not know the column, which stays null, and the index has no nulls"),
    ("outbox", "FOREIGN KEY (order_id)", "it does not know the column, which stays null: null leads nowhere"),
    ("person", "REFERENCED BY", "it deletes no person, and changes nobody's id"),
    ("work_order", "REFERENCED BY outbox:", "it deletes no order, and changes no order's id"),
    ("audit_event", "REFERENCED BY auditor_event:", "it deletes no event: a trigger that it knows forbids that"),
    ("audit_event", "audit_event_auditor", "adds the event's new number to a table of its own, once"),
    ("person_role", "person_role_given", "adds a seat to a table of its own, which has as many as there are roles"),
    ("person_role", "person_role_taken", "takes seats from a table of its own"),
];

#[tokio::test]
async fn what_is_demanded_of_the_old_program_now_is_known_on_sqlite() {
    is_known(On::Sqlite).await;
}

#[tokio::test]
async fn what_is_demanded_of_the_old_program_now_is_known_on_postgres() {
    is_known(On::Postgres).await;
}

async fn is_known(on: On) {
    let w = World::new(on).await;
    let place = w.elsewhere().await;
    at_schema(&place.address(), BEFORE).await.unwrap();
    let (tables, before) = (columns(&place.address()).await, rules(&place.address()).await);
    Database::open(&place.address()).await.unwrap().close().await;
    let now = rules(&place.address()).await;
    for known in [
        ("publication_name", "UNIQUE"),
        ("outbox", "'email'"),
        ("outbox", "FOREIGN KEY (person_id)"),
        ("person", "REFERENCED BY outbox:"),
        ("audit_event", "audit_event_no_update"),
    ] {
        assert!(before.iter().any(|rule| tells(rule, known)), "{known:?}: {before:?}");
    }
    let new: Vec<_> = now.difference(&before).filter(|(table, _)| tables.contains_key(table)).collect();
    for rule in &new {
        let named = LIVES_WITH.iter().filter(|(table, part, _)| tells(rule, (*table, *part))).count();
        assert_eq!(named, 1, "the old program may be refused by it; say in LIVES_WITH why not: {rule:?}");
    }
    for (table, part, _) in LIVES_WITH {
        assert!(new.iter().any(|rule| tells(rule, (table, part))), "{table}, {part}: not new any more");
    }
    place.goes().await;
    w.end().await;
}

fn tells((of, rule): &(String, String), (table, part): (&str, &str)) -> bool {
    of == table && rule.contains(part)
}

/// All of them; a trigger with what it does, a foreign key once of the table that has it and once of the one that it leads to.
async fn rules(address: &str) -> Rules {
    const ON_SQLITE: &str = "SELECT tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'
        UNION ALL
        SELECT m.name, COALESCE(s.sql, 'UNIQUE ' || (SELECT GROUP_CONCAT(i.name) FROM pragma_index_info(l.name) AS i))
        FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS l
            LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = l.name
        WHERE m.type = 'table' AND l.\"unique\" = 1";
    const KEYS_ON_SQLITE: &str =
        "SELECT m.name, k.\"table\", 'FOREIGN KEY (' || GROUP_CONCAT(k.\"from\") || ') REFERENCES '
            || k.\"table\" || '(' || COALESCE(GROUP_CONCAT(k.\"to\"), '') || ') ON DELETE ' || k.on_delete
        FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS k
        WHERE m.type = 'table' GROUP BY m.name, k.id, k.\"table\", k.on_delete";
    const TABLES: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'";
    const ON_POSTGRES: &str = "SELECT CAST(t.relname AS TEXT), r.rule
        FROM pg_class AS t JOIN pg_namespace AS n ON n.oid = t.relnamespace JOIN (
            SELECT conrelid AS whose, pg_get_constraintdef(oid) AS rule FROM pg_constraint WHERE contype IN ('c', 'x', 'f')
            UNION ALL
            SELECT confrelid, 'REFERENCED BY ' || CAST(CAST(conrelid AS REGCLASS) AS TEXT) || ': ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE contype = 'f'
            UNION ALL
            SELECT indrelid, pg_get_indexdef(indexrelid) FROM pg_index WHERE indisunique
            UNION ALL
            SELECT g.tgrelid, pg_get_triggerdef(g.oid) || ' ' || p.prosrc
            FROM pg_trigger AS g JOIN pg_proc AS p ON p.oid = g.tgfoid WHERE NOT g.tgisinternal
        ) AS r ON r.whose = t.oid WHERE n.nspname = CURRENT_SCHEMA()";
    match Address::of(address).unwrap() {
        Address::Sqlite(file) => {
            let mut conn = sqlx::sqlite::SqliteConnection::connect_with(&sqlite(file)).await.unwrap();
            let mut rules: Vec<(String, String)> = sqlx::query_as(ON_SQLITE).fetch_all(&mut conn).await.unwrap();
            let tables: Vec<(String, String)> = sqlx::query_as(TABLES).fetch_all(&mut conn).await.unwrap();
            let keys: Vec<(String, String, String)> =
                sqlx::query_as(KEYS_ON_SQLITE).fetch_all(&mut conn).await.unwrap();
            conn.close().await.unwrap();
            for (from, to, key) in keys {
                rules.push((to, format!("REFERENCED BY {from}: {key}")));
                rules.push((from, key));
            }
            for (table, sql) in &tables {
                rules.extend(checks(sql).map(|check| (table.clone(), check)));
            }
            rules.into_iter().collect()
        }
        Address::Postgres(options) => {
            let pool = postgres(*options).await.unwrap();
            let rules: Vec<(String, String)> = sqlx::query_as(ON_POSTGRES).fetch_all(&pool).await.unwrap();
            pool.close().await;
            rules.into_iter().collect()
        }
    }
}

/// The checks of a table, which SQLite lists nowhere but in its text.
pub(super) fn checks(sql: &str) -> impl Iterator<Item = String> {
    sql.match_indices("CHECK (").map(|(at, _)| {
        let (rest, mut open) = (&sql[at..], 0);
        let end = rest.char_indices().find_map(|(at, letter)| {
            open += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            (letter == ')' && open == 0).then_some(at + 1)
        });
        rest[..end.unwrap_or(rest.len())].split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

#[test]
fn a_check_ends_where_its_parenthesis_does() {
    let sql = "CREATE TABLE a (b TEXT CHECK (b IN ('c',\n    'd')), e INTEGER CHECK (e = (1)) NOT NULL)";
    assert_eq!(checks(sql).collect::<Vec<_>>(), ["CHECK (b IN ('c', 'd'))", "CHECK (e = (1))"]);
}
