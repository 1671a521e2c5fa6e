//! The further channels (渠道申请), and which publication is in which.

use super::read::Read;
use super::statement::over_list;
use super::{Conn, StoreResult, on, waiting};
use domain::FurtherChannelId;
use domain::UtcMillis;
use domain::view::directory::{ChannelRow, FurtherChannel};
use sqlx_macros::FromRow;
use uuid::Uuid;

/// A channel.
#[derive(Debug, Clone, FromRow)]
struct Row {
    id: Uuid,
    name: String,
}

impl From<Row> for FurtherChannel {
    fn from(row: Row) -> Self {
        Self { id: FurtherChannelId(row.id), name: row.name }
    }
}

/// Those that are not stopped, in order of creation.
pub(crate) async fn active(conn: &mut Conn) -> StoreResult<Vec<FurtherChannel>> {
    const SQL: &str = "SELECT id, name FROM further_channel WHERE active = TRUE ORDER BY key";
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    Ok(rows.into_iter().map(FurtherChannel::from).collect())
}

/// Those that a publication is in and that are not stopped, in order of creation.
pub(crate) async fn given(conn: &mut Conn, publication: i64) -> StoreResult<Vec<FurtherChannel>> {
    const SQL: &str = "SELECT c.id, c.name FROM publication_further_channel AS g
        JOIN further_channel AS c ON c.id = g.channel_id
        WHERE g.publication_key = $1 AND c.active = TRUE ORDER BY c.key";
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(SQL).bind(publication).fetch_all(c).await)?;
    Ok(rows.into_iter().map(FurtherChannel::from).collect())
}

/// Of the publications with these keys: each channel that is not stopped and that it is not in, in order of creation.
pub(crate) fn open(conn: &Conn, keys: &str) -> Read<(i64, Uuid)> {
    const SQL: [&str; 2] = over_list!(
        "SELECT p.key, c.id FROM publication AS p JOIN further_channel AS c ON c.active = TRUE
        WHERE p.side = 'service' AND NOT EXISTS (SELECT 1 FROM publication_further_channel AS g
            WHERE g.channel_id = c.id AND g.publication_key = p.key) AND p.key IN ",
        "BIGINT",
        " ORDER BY p.key, c.key"
    );
    Read::new(SQL[usize::from(conn.is_postgres())], vec![keys.into()])
}

/// A publication is in a channel from now on.
pub(crate) async fn give(conn: &mut Conn, publication: i64, channel: FurtherChannelId) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO publication_further_channel (channel_id, publication_key) VALUES ($1, $2)
        ON CONFLICT DO NOTHING";
    waiting::later(conn, SQL, vec![channel.0.into(), publication.into()]).await
}

/// A publication is in none any more.
pub(crate) async fn end(conn: &mut Conn, publication: i64) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM publication_further_channel WHERE publication_key = $1";
    waiting::later(conn, SQL, vec![publication.into()]).await
}

/// All, also those that are stopped, with how many publications are listed in each; in order of creation.
pub(crate) async fn all(conn: &mut Conn) -> StoreResult<Vec<ChannelRow>> {
    const SQL: &str = "SELECT c.id, c.name, c.active, (SELECT COUNT(*) FROM publication_further_channel AS g
            JOIN publication AS p ON p.key = g.publication_key WHERE g.channel_id = c.id AND p.listed = TRUE) AS listed
        FROM further_channel AS c ORDER BY c.key";
    let rows: Vec<(Uuid, String, bool, i64)> = on!(conn, c => sqlx::query_as(SQL).fetch_all(c).await)?;
    let row = |(id, name, active, listed)| ChannelRow {
        channel: FurtherChannel { id: FurtherChannelId(id), name },
        active,
        listed,
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Its name, if it is there.
pub(crate) async fn name(conn: &mut Conn, id: FurtherChannelId) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT name FROM further_channel WHERE id = $1";
    on!(conn, c => Ok(sqlx::query_scalar(SQL).bind(id.0).fetch_optional(c).await?))
}

/// Another name, as [`insert`] has it; whether it is there.
pub(crate) async fn rename(conn: &mut Conn, id: FurtherChannelId, name: &str) -> StoreResult<bool> {
    const SQL: &str = "UPDATE further_channel SET name = $2 WHERE id = $1";
    let rows = on!(conn, c => sqlx::query(SQL).bind(id.0).bind(name).execute(c).await.map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// Stops it, or takes it up again; whether it is there.
pub(crate) async fn set_active(conn: &mut Conn, id: FurtherChannelId, active: bool) -> StoreResult<bool> {
    const SQL: &str = "UPDATE further_channel SET active = $2 WHERE id = $1";
    let rows = on!(conn, c => sqlx::query(SQL).bind(id.0).bind(active).execute(c).await.map(|it| it.rows_affected()))?;
    Ok(rows == 1)
}

/// One more on the list. A name that is taken is refused (`further_channel_name_key`).
pub(crate) async fn insert(conn: &mut Conn, id: Uuid, name: &str, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO further_channel (id, name, active, created_at) VALUES ($1, $2, TRUE, $3)";
    on!(conn, c => sqlx::query(SQL).bind(id).bind(name).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}
