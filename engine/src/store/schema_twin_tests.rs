//! The two databases have one schema: the same tables, columns, indexes, foreign keys, checks and triggers. What one of them has alone is
//! named below, with why.

use super::db::{Address, postgres, sqlite};
use super::upgrade_rules_tests::checks;
use crate::world::{On, World};
use sqlx::{Connection, PgPool, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};

/// A schema in sentences, each thing one.
type Schema = BTreeSet<String>;

/// How a sentence begins that SQLite has alone, and why. Not the keyword index, tables of its own: see [`is_ours`].
const SQLITE_ALONE: [(&str, &str); 6] = [
    ("column audit_check.only_row: number,", "eight bytes there, four here, for a 1"),
    ("index publication_side_key_idx of publication (side,key,state,", "lists are filtered in the index (0012)"),
    ("index publication_side_state_idx of publication (side,state,key,system_id,", "the same"),
    ("check of periodic_run (well): 0, 1", "it has no boolean"),
    ("trigger person_role_no_update of person_role", "person_role_separated does it on PostgreSQL"),
    ("trigger audit_event_no_replace of audit_event", "PostgreSQL has no REPLACE"),
];

/// The same of PostgreSQL.
const POSTGRES_ALONE: [(&str, &str); 5] = [
    ("column audit_check.only_row: integer,", "as above"),
    ("index publication_side_key_idx of publication (side,key)", "a row's first page has what is asked for"),
    ("index publication_side_state_idx of publication (side,state,key)", "the same"),
    ("column publication.grams: ARRAY,", "the keyword index, a table of its own on SQLite"),
    ("index publication_grams_idx of publication (grams)", "the same"),
];

#[tokio::test]
async fn what_one_database_demands_the_other_does() {
    let (on_sqlite, on_postgres) = (schema(On::Sqlite).await, schema(On::Postgres).await);
    for known in [
        "column person.mobile: text, may be null, default none",
        "column publication.stopped: number, set, default 0",
        "unique index person_account_key of person (account)",
        "unique index work_order_open_key of work_order (publication_id) where status = 'in_review'",
        "PRIMARY KEY of person_role (person_id,role,region)",
        "publication_name_side_name_key_key of publication_name (side,name_key)",
        "key upload_part.upload_id to upload.id, CASCADE",
        "check of outbox (carrier): dingtalk, email, webhook",
        "trigger audit_event_no_delete of audit_event",
    ] {
        assert!(on_sqlite.contains(known), "{known}: {on_sqlite:#?}");
        assert!(on_postgres.contains(known), "{known}: {on_postgres:#?}");
    }
    let alone = |this: &Schema, other: &Schema| this.difference(other).cloned().collect::<Vec<_>>();
    are_named(&alone(&on_sqlite, &on_postgres), &SQLITE_ALONE);
    are_named(&alone(&on_postgres, &on_sqlite), &POSTGRES_ALONE);
}

/// Each of these is named once, and there is nothing named that is not one of these.
fn are_named(alone: &[String], named: &[(&str, &str)]) {
    let unnamed: Vec<&String> =
        alone.iter().filter(|thing| !named.iter().any(|(begins, _)| thing.starts_with(begins))).collect();
    assert!(unnamed.is_empty(), "the other database has not: {unnamed:#?}");
    for (begins, why) in named {
        let many = alone.iter().filter(|thing| thing.starts_with(begins)).count();
        assert_eq!(many, 1, "{begins} ({why})");
    }
}

async fn schema(on: On) -> Schema {
    let w = World::new(on).await;
    let address = w.address();
    let schema = match Address::of(&address).unwrap() {
        Address::Sqlite(file) => {
            let mut conn = SqliteConnection::connect_with(&sqlite(file)).await.unwrap();
            let schema = of_sqlite(&mut conn).await;
            conn.close().await.unwrap();
            schema
        }
        Address::Postgres(options) => {
            let pool = postgres(*options).await.unwrap();
            let schema = of_postgres(&pool).await;
            pool.close().await;
            schema
        }
    };
    w.end().await;
    schema
}

/// Neither the migrations' own nor the tables of SQLite and of its keyword index.
fn is_ours(table: &str) -> bool {
    !["_sqlx", "sqlite_", "publication_gram"].iter().any(|begins| table.starts_with(begins))
}

/// Table, column, type, whether it must be set, default.
type Column = (String, String, String, bool, Option<String>);

fn column((table, name, kind, set, default): Column) -> Option<String> {
    let kind = match kind.as_str() {
        "TEXT" | "text" => "text",
        "INTEGER" | "bigint" | "boolean" => "number",
        "BLOB" | "uuid" | "bytea" => "bytes",
        other => other,
    };
    let set = if set { "set" } else { "may be null" };
    // PostgreSQL says the type, too, and has a word for 0 of a boolean.
    let default = default.map_or_else(
        || "none".to_owned(),
        |text| {
            let value = text.split("::").next().unwrap_or_default().trim_matches('\'');
            if value.eq_ignore_ascii_case("false") { "0".to_owned() } else { value.to_owned() }
        },
    );
    is_ours(&table).then(|| format!("column {table}.{name}: {kind}, {set}, default {default}"))
}

/// Table, index, what it is, of which rows, and one of its columns; in the columns' order.
type IndexColumn = (String, String, String, String, String);

fn indexes(rows: Vec<IndexColumn>) -> impl Iterator<Item = String> {
    let mut indexes: BTreeMap<[String; 4], Vec<String>> = BTreeMap::new();
    for (table, index, kind, rows, column) in rows {
        if is_ours(&table) {
            indexes.entry([table, index, kind, rows]).or_default().push(column);
        }
    }
    indexes.into_iter().map(|([table, index, kind, rows], columns)| {
        let named = format!("{table}_{}_key", columns.join("_"));
        let is = match (kind.as_str(), index.as_str()) {
            ("primary", index) if index == named => named,
            ("primary", _) => "PRIMARY KEY".to_owned(),
            // SQLite has no name for it, and store::error makes this one.
            ("unique", index) if index.starts_with("sqlite_autoindex") => format!("unique index {named}"),
            ("unique", index) => format!("unique index {index}"),
            (_, index) => format!("index {index}"),
        };
        let of = if rows.is_empty() { String::new() } else { format!(" where {}", plain(&rows)) };
        format!("{is} of {table} ({}){of}", columns.join(","))
    })
}

/// A condition without what PostgreSQL adds to it, and without what SQLite needs for want of a boolean.
fn plain(condition: &str) -> String {
    let words = condition.replace("::text", "").replace(" = 1", "").replace(['(', ')', '"'], "");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Table, column, and the check's text.
fn check((table, column, text): (String, String, String)) -> String {
    let mut allowed: BTreeSet<&str> = text.split('\'').skip(1).step_by(2).collect();
    if allowed.is_empty() {
        allowed = text.split(|letter: char| !letter.is_ascii_digit()).filter(|number| !number.is_empty()).collect();
    }
    format!("check of {table} ({column}): {}", allowed.into_iter().collect::<Vec<_>>().join(", "))
}

/// Table, column, the table and column that it leads to, and what goes with that.
type Key = (String, String, String, String, String);

fn key((table, column, to, of, deletes): Key) -> Option<String> {
    is_ours(&table).then(|| format!("key {table}.{column} to {to}.{of}, {deletes}"))
}

fn trigger((table, name): (String, String)) -> String {
    format!("trigger {name} of {table}")
}

async fn of_sqlite(conn: &mut SqliteConnection) -> Schema {
    const COLUMNS: &str = "SELECT m.name, c.name, c.type, c.\"notnull\" = 1 OR c.pk > 0, c.dflt_value
        FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'";
    // An integer's primary key is no index.
    const PRIMARY: &str = "SELECT m.name,
            CASE WHEN m.sql LIKE '%CONSTRAINT publication_name_side_name_key_key PRIMARY KEY%'
                THEN 'publication_name_side_name_key_key' ELSE '' END, 'primary', '', c.name
        FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c
        WHERE m.type = 'table' AND c.pk > 0 ORDER BY m.name, c.pk";
    const INDEXES: &str = "SELECT m.name, l.name, CASE l.\"unique\" WHEN 1 THEN 'unique' ELSE 'index' END,
            CASE l.partial WHEN 1 THEN SUBSTR(s.sql, INSTR(s.sql, ' WHERE ') + 7) ELSE '' END, i.name
        FROM sqlite_schema AS m JOIN pragma_index_list(m.name) AS l JOIN pragma_index_info(l.name) AS i
            LEFT JOIN sqlite_schema AS s ON s.type = 'index' AND s.name = l.name
        WHERE m.type = 'table' AND l.origin <> 'pk' ORDER BY m.name, l.name, i.seqno";
    const KEYS: &str = "SELECT m.name, k.\"from\", k.\"table\", COALESCE(k.\"to\", ''), k.on_delete
        FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name) AS k WHERE m.type = 'table'";
    const TRIGGERS: &str = "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger'";
    const TABLES: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'table'";
    let columns: Vec<Column> = sqlx::query_as(COLUMNS).fetch_all(&mut *conn).await.unwrap();
    let mut schema: Schema = columns.into_iter().filter_map(column).collect();
    for statement in [PRIMARY, INDEXES] {
        schema.extend(indexes(sqlx::query_as(statement).fetch_all(&mut *conn).await.unwrap()));
    }
    let keys: Vec<Key> = sqlx::query_as(KEYS).fetch_all(&mut *conn).await.unwrap();
    schema.extend(keys.into_iter().filter_map(key));
    let triggers: Vec<(String, String)> = sqlx::query_as(TRIGGERS).fetch_all(&mut *conn).await.unwrap();
    schema.extend(triggers.into_iter().map(trigger));
    let tables: Vec<(String, String)> = sqlx::query_as(TABLES).fetch_all(&mut *conn).await.unwrap();
    for (table, sql) in &tables {
        schema.extend(checks(sql).map(|text| {
            let after = text.trim_start_matches("CHECK (");
            let column = after.split(|letter: char| !letter.is_alphanumeric() && letter != '_').next();
            check((table.clone(), column.unwrap_or_default().to_owned(), text))
        }));
    }
    schema
}

async fn of_postgres(pool: &PgPool) -> Schema {
    const COLUMNS: &str = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT),
            is_nullable = 'NO', CAST(column_default AS TEXT)
        FROM information_schema.columns WHERE table_schema = CURRENT_SCHEMA()";
    const INDEXES: &str = "SELECT CAST(t.relname AS TEXT), CAST(i.relname AS TEXT),
            CASE WHEN x.indisprimary THEN 'primary' WHEN x.indisunique THEN 'unique' ELSE 'index' END,
            COALESCE(pg_get_expr(x.indpred, x.indrelid), ''), CAST(a.attname AS TEXT)
        FROM pg_index AS x JOIN pg_class AS t ON t.oid = x.indrelid JOIN pg_class AS i ON i.oid = x.indexrelid
            JOIN pg_namespace AS n ON n.oid = t.relnamespace
            CROSS JOIN LATERAL UNNEST(x.indkey) WITH ORDINALITY AS k (number, place)
            JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.number
        WHERE n.nspname = CURRENT_SCHEMA() ORDER BY t.relname, i.relname, k.place";
    const KEYS: &str =
        "SELECT CAST(t.relname AS TEXT), CAST(a.attname AS TEXT), CAST(o.relname AS TEXT), CAST(b.attname AS TEXT),
            CASE c.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'a' THEN 'NO ACTION' ELSE CAST(c.confdeltype AS TEXT) END
        FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_class AS o ON o.oid = c.confrelid
            JOIN pg_namespace AS n ON n.oid = t.relnamespace
            CROSS JOIN LATERAL UNNEST(c.conkey, c.confkey) AS k (here, there)
            JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.here
            JOIN pg_attribute AS b ON b.attrelid = o.oid AND b.attnum = k.there
        WHERE c.contype = 'f' AND n.nspname = CURRENT_SCHEMA()";
    const CHECKS: &str = "SELECT CAST(t.relname AS TEXT), CAST(a.attname AS TEXT), pg_get_constraintdef(c.oid)
        FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace
            CROSS JOIN LATERAL UNNEST(c.conkey) AS k (number)
            JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.number
        WHERE c.contype = 'c' AND n.nspname = CURRENT_SCHEMA()";
    const TRIGGERS: &str = "SELECT CAST(t.relname AS TEXT), CAST(g.tgname AS TEXT)
        FROM pg_trigger AS g JOIN pg_class AS t ON t.oid = g.tgrelid JOIN pg_namespace AS n ON n.oid = t.relnamespace
        WHERE NOT g.tgisinternal AND n.nspname = CURRENT_SCHEMA()";
    let columns: Vec<Column> = sqlx::query_as(COLUMNS).fetch_all(pool).await.unwrap();
    let mut schema: Schema = columns.into_iter().filter_map(column).collect();
    schema.extend(indexes(sqlx::query_as(INDEXES).fetch_all(pool).await.unwrap()));
    let keys: Vec<Key> = sqlx::query_as(KEYS).fetch_all(pool).await.unwrap();
    schema.extend(keys.into_iter().filter_map(key));
    let checks: Vec<(String, String, String)> = sqlx::query_as(CHECKS).fetch_all(pool).await.unwrap();
    schema.extend(checks.into_iter().map(check));
    let triggers: Vec<(String, String)> = sqlx::query_as(TRIGGERS).fetch_all(pool).await.unwrap();
    schema.extend(triggers.into_iter().map(trigger));
    schema
}
