//! API 令牌. The token is with its owner; here is its hash.

use super::{Conn, StoreError, StoreResult, on};
use domain::UtcMillis;
use domain::api_token::ApiScope;
use domain::view::api_token::ApiTokenRow;
use sqlx_macros::FromRow;
use uuid::Uuid;

/// One that is listed.
#[derive(Debug, Clone, FromRow)]
struct Row {
    id: Uuid,
    name: String,
    scopes: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl Row {
    fn view(self) -> StoreResult<ApiTokenRow> {
        Ok(ApiTokenRow {
            id: self.id,
            name: self.name,
            scopes: scopes_of(&self.scopes)?,
            created_at: UtcMillis(self.created_at),
            expires_at: UtcMillis(self.expires_at),
            used_at: self.used_at.map(UtcMillis),
        })
    }
}

/// One that is used, with its owner.
#[derive(Debug, Clone, FromRow)]
pub(crate) struct UsedToken {
    pub(crate) id: Uuid,
    pub(crate) person_id: Uuid,
    pub(crate) person_name: String,
    pub(crate) publication_id: Uuid,
    scopes: String,
    pub(crate) used_at: Option<i64>,
}

impl UsedToken {
    /// # Errors
    /// They can't be read.
    pub(crate) fn scopes(&self) -> StoreResult<Vec<ApiScope>> {
        scopes_of(&self.scopes)
    }
}

fn scopes_of(json: &str) -> StoreResult<Vec<ApiScope>> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Unreadable { what: "api_token.scopes", value: error.to_string() })
}

/// A new one.
#[derive(Debug, Clone)]
pub(crate) struct NewToken {
    pub(crate) row: ApiTokenRow,
    pub(crate) hash: [u8; 32],
    pub(crate) person: Uuid,
    pub(crate) publication: Uuid,
}

/// Writes it.
pub(crate) async fn insert(conn: &mut Conn, new: &NewToken) -> StoreResult<()> {
    const SQL: &str =
        "INSERT INTO api_token (id, token_hash, person_id, publication_id, name, scopes, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let scopes = serde_json::json!(new.row.scopes).to_string();
    on!(conn, c => sqlx::query(SQL)
        .bind(new.row.id)
        .bind(new.hash.as_slice())
        .bind(new.person)
        .bind(new.publication)
        .bind(&new.row.name)
        .bind(scopes)
        .bind(new.row.created_at.0)
        .bind(new.row.expires_at.0)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Those of a person and a publication that hold, newest first.
pub(crate) async fn of_person(
    conn: &mut Conn,
    person: Uuid,
    publication: Uuid,
    now: UtcMillis,
) -> StoreResult<Vec<ApiTokenRow>> {
    const SQL: &str = "SELECT id, name, scopes, created_at, expires_at, used_at FROM api_token
        WHERE person_id = $1 AND publication_id = $2 AND revoked_at IS NULL AND expires_at > $3
        ORDER BY created_at DESC, id DESC";
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(SQL)
        .bind(person)
        .bind(publication)
        .bind(now.0)
        .fetch_all(c)
        .await)?;
    rows.into_iter().map(Row::view).collect()
}

/// The one of this hash, if it holds and its owner's account is active.
pub(crate) async fn by_hash(conn: &mut Conn, hash: &[u8; 32], now: UtcMillis) -> StoreResult<Option<UsedToken>> {
    const SQL: &str = "SELECT t.id, t.person_id, p.name AS person_name, t.publication_id, t.scopes, t.used_at
        FROM api_token AS t JOIN person AS p ON p.id = t.person_id
        WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND p.active = TRUE";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(hash.as_slice()).bind(now.0).fetch_optional(c).await?))
}

/// Notes that it was used.
pub(crate) async fn touch(conn: &mut Conn, id: Uuid, now: UtcMillis) -> StoreResult<()> {
    const SQL: &str = "UPDATE api_token SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < $2)";
    on!(conn, c => sqlx::query(SQL).bind(id).bind(now.0).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// 吊销 of a person's token: its name and its publication; `None`: they have no such token, or it was revoked before.
pub(crate) async fn revoke(
    conn: &mut Conn,
    id: Uuid,
    person: Uuid,
    now: UtcMillis,
) -> StoreResult<Option<(String, Uuid)>> {
    const SQL: &str = "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND person_id = $2 AND revoked_at IS NULL
        RETURNING name, publication_id";
    on!(conn, c => Ok(sqlx::query_as(SQL).bind(id).bind(person).bind(now.0).fetch_optional(c).await?))
}
