//! The database. SQL lives here, one file a noun, one function a statement; nothing else imports sqlx.
//!
//! Only [`db`] and [`writer`] know that there are two databases.

pub(crate) mod account;
pub(crate) mod api_token;
pub(crate) mod application_system;
pub(crate) mod attachment;
pub(crate) mod audit_check;
pub(crate) mod audit_event;
pub(crate) mod audit_list;
pub(crate) mod audit_object;
pub(crate) mod authenticator;
pub(crate) mod build_result;
pub(crate) mod command_answer;
pub(crate) mod condition;
pub(crate) mod dashboard;
mod db;
pub(crate) mod department;
pub(crate) mod directory;
pub(crate) mod draft;
mod error;
pub(crate) mod further_channel;
mod grams;
pub(crate) mod home;
pub(crate) mod hosted;
pub(crate) mod installation;
pub(crate) mod job;
pub(crate) mod kept_warning;
pub(crate) mod lease;
pub(crate) mod metrics;
pub(crate) mod notice;
pub(crate) mod numbered;
pub(crate) mod oidc;
pub(crate) mod outbox;
pub(crate) mod periodic_run;
pub(crate) mod person;
pub(crate) mod person_kept;
pub(crate) mod preview;
pub(crate) mod probe;
pub(crate) mod publication;
pub(crate) mod publication_change;
pub(crate) mod publication_list;
pub(crate) mod reach;
pub(crate) mod read;
pub(crate) mod refusal_count;
pub(crate) mod refused_host;
pub(crate) mod refused_package;
pub(crate) mod restore;
pub(crate) mod restored;
pub(crate) mod rollout;
pub(crate) mod seat;
pub(crate) mod session;
pub(crate) mod sign_in_code;
pub(crate) mod sign_in_failure;
pub(crate) mod sign_in_trip;
pub(crate) mod snapshot;
pub(crate) mod stage;
mod statement;
pub(crate) mod stock;
pub(crate) mod stuck_order;
pub(crate) mod system_host;
pub(crate) mod turn_time;
pub(crate) mod upload;
pub(crate) mod version;
pub(crate) mod version_facts;
mod waiting;
pub(crate) mod work_order;
pub(crate) mod work_order_change;
pub(crate) mod work_order_list;
pub(crate) mod workbench;
pub(crate) mod workbench_list;
mod writer;

pub use db::Database;
pub(crate) use db::{Conn, on};
pub use error::StoreError;
pub(crate) use error::StoreResult;

/// Makes a database of this name, in place of one that is there: for tests. The name is a test's own.
#[cfg(feature = "bench")]
pub(crate) async fn fresh_postgres(server: &str, name: &str) -> StoreResult<()> {
    use sqlx::{Connection, Executor};
    let mut conn = sqlx::postgres::PgConnection::connect(server).await?;
    for statement in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
        conn.execute(sqlx::AssertSqlSafe(statement)).await?;
    }
    Ok(conn.close().await?)
}

/// Runs a statement that no noun has, for tests that try what must not be possible.
#[cfg(any(test, feature = "bench"))]
pub(crate) async fn raw(conn: &mut Conn, statement: &'static str) -> StoreResult<()> {
    on!(conn, c => sqlx::query(statement).execute(c).await.map(|_| ()))?;
    Ok(())
}

#[cfg(test)]
mod schema_twin_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod upgrade_rules_tests;
#[cfg(test)]
mod upgrade_tests;
