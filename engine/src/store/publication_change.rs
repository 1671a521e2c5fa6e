//! 发布: what a change writes to the row, its contacts, its sites, its names. [`super::publication`] makes new ones.

use super::publication::{index_name, insert_contact, insert_site, unindex_name};
use super::{Conn, StoreError, StoreResult, on, waiting};
use domain::fields::ValidRegistration;
use domain::{OrderKind, Side, State, UtcMillis, VersionId};
use uuid::Uuid;

/// The step of the aggregate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub(crate) publication: Uuid,
    /// The version that the decision saw.
    pub(crate) expects: i64,
    pub(crate) from: State,
    pub(crate) to: State,
    /// It is somebody else's turn from now on.
    pub(crate) turns: bool,
    pub(crate) now: UtcMillis,
}

/// Takes the aggregate one version further. One that is not as the decision saw it would get no version, which its column
/// refuses: at the latest with the commit, the error is [`StoreError::Conflict`].
pub(crate) async fn advance(conn: &mut Conn, step: &Step) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET version = CASE WHEN version = $2 AND state = $3 THEN version + 1 END,
            state = $4, updated_at = $5, turn_since = CASE WHEN $6 THEN $5 ELSE turn_since END WHERE id = $1";
    let (publication, expects, now) = (step.publication.into(), step.expects.into(), step.now.0.into());
    let values = vec![publication, expects, step.from.id().into(), step.to.id().into(), now, step.turns.into()];
    waiting::later(conn, SQL, values).await
}

/// A new round: what was uploaded, submitted or accepted before counts no longer.
pub(crate) async fn begin_round(conn: &mut Conn, publication: Uuid) -> StoreResult<()> {
    const SQL: &str =
        "UPDATE publication SET submitted_version = NULL, accepted_version = NULL, accepted_bundle = NULL,
            republished = FALSE,
            round_after = COALESCE((SELECT MAX(key) FROM version WHERE publication_id = $1), 0) WHERE id = $1";
    one(conn, SQL, publication).await
}

/// The version that was live last may be submitted again.
pub(crate) async fn offer_last_live(conn: &mut Conn, publication: Uuid) -> StoreResult<()> {
    one(conn, "UPDATE publication SET republished = TRUE WHERE id = $1", publication).await
}

/// The approval that led to 配置中 is used up.
pub(crate) async fn use_up_approval(conn: &mut Conn, publication: Uuid) -> StoreResult<()> {
    one(conn, "UPDATE publication SET configuring_from = NULL WHERE id = $1", publication).await
}

/// It stands in the directories of its channels; while a plan is open, at each site when its batch starts.
pub(crate) async fn list(conn: &mut Conn, publication: Uuid) -> StoreResult<()> {
    one(conn, "UPDATE publication SET listed = TRUE WHERE id = $1 AND rollout IS NULL", publication).await
}

/// It stands in no directory.
pub(crate) async fn delist(conn: &mut Conn, publication: Uuid) -> StoreResult<()> {
    one(conn, "UPDATE publication SET listed = FALSE WHERE id = $1", publication).await
}

async fn one(conn: &mut Conn, sql: &'static str, publication: Uuid) -> StoreResult<()> {
    waiting::later(conn, sql, vec![publication.into()]).await
}

/// The version of the last 提交验收.
pub(crate) async fn submit(conn: &mut Conn, publication: Uuid, version: VersionId) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET submitted_version = $2, accepted_version = NULL, accepted_bundle = NULL
        WHERE id = $1";
    waiting::later(conn, SQL, vec![publication.into(), version.0.into()]).await
}

/// The version that staff accepted, with its bytes.
pub(crate) async fn accept(conn: &mut Conn, publication: Uuid, version: VersionId) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET accepted_version = $2,
            accepted_bundle = (SELECT bundle FROM version WHERE id = $2) WHERE id = $1";
    waiting::later(conn, SQL, vec![publication.into(), version.0.into()]).await
}

/// Which approval led to 配置中.
pub(crate) async fn enter_configuring(conn: &mut Conn, publication: Uuid, from: OrderKind) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET configuring_from = $2 WHERE id = $1";
    waiting::later(conn, SQL, vec![publication.into(), from.id().into()]).await
}

/// Its hosted address answers 410 and names the substitute.
pub(crate) async fn stop_serving(conn: &mut Conn, publication: Uuid, substitute: &str) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET stopped = TRUE, substitute = $2 WHERE id = $1";
    on!(conn, c => sqlx::query(SQL).bind(publication).bind(substitute).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A registration in place of another.
#[derive(Debug, Clone)]
pub(crate) struct Rewritten<'a> {
    pub(crate) key: i64,
    pub(crate) publication: Uuid,
    pub(crate) before: &'a ValidRegistration,
    pub(crate) after: &'a ValidRegistration,
    pub(crate) now: UtcMillis,
}

/// Writes it whole: name, keyword index, contacts, sites. A name that is taken is refused (`publication_name_side_name_key_key`).
pub(crate) async fn rewrite(conn: &mut Conn, new: &Rewritten<'_>) -> StoreResult<()> {
    const SQL: &str = "UPDATE publication SET name = $2, name_key = $3, icon = $4, registration = $5 WHERE id = $1";
    let (before, after, id) = (new.before, new.after, new.publication);
    let json = serde_json::to_string(after)
        .map_err(|error| StoreError::Unreadable { what: "registration", value: error.to_string() })?;
    take_name(conn, after.shape.side, &after.name_key(), id).await?;
    on!(conn, c => sqlx::query(SQL)
        .bind(id)
        .bind(&after.name)
        .bind(after.name_key())
        .bind(&after.icon)
        .bind(json)
        .execute(c)
        .await
        .map(|_| ()))?;
    keep_name(conn, id, &after.name_key()).await?;
    if before.name_key() != after.name_key() {
        unindex_name(conn, new.key, &before.name_key()).await?;
        index_name(conn, new.key, &after.name_key()).await?;
    }
    rewrite_contacts(conn, new).await?;
    rewrite_sites(conn, new).await
}

/// Who stays keeps what was said of their number (联系人待确认); who goes has no access from now on, and nor have their API tokens.
async fn rewrite_contacts(conn: &mut Conn, new: &Rewritten<'_>) -> StoreResult<()> {
    const GONE: &str = "DELETE FROM publication_contact WHERE publication_id = $1 AND mobile = $2";
    // Named again, they make new ones.
    const TOKENS: &str = "UPDATE api_token SET revoked_at = $3 WHERE publication_id = $1 AND revoked_at IS NULL
        AND person_id IN (SELECT id FROM person WHERE mobile = $2)";
    const NAME: &str = "UPDATE publication_contact SET name = $3 WHERE publication_id = $1 AND mobile = $2";
    let (before, after) = (&new.before.contacts, &new.after.contacts);
    for gone in before.iter().filter(|old| after.iter().all(|contact| contact.phone != old.phone)) {
        on!(conn, c => sqlx::query(GONE).bind(new.publication).bind(&gone.phone).execute(c).await.map(|_| ()))?;
        let values = vec![new.publication.into(), gone.phone.as_str().into(), new.now.0.into()];
        waiting::later(conn, TOKENS, values).await?;
    }
    for contact in after {
        match before.iter().find(|old| old.phone == contact.phone) {
            Some(old) if old.name == contact.name => {}
            Some(_) => on!(conn, c => sqlx::query(NAME)
                .bind(new.publication)
                .bind(&contact.phone)
                .bind(&contact.name)
                .execute(c)
                .await
                .map(|_| ()))?,
            None => insert_contact(conn, new.publication, &contact.phone, &contact.name).await?,
        }
    }
    Ok(())
}

async fn rewrite_sites(conn: &mut Conn, new: &Rewritten<'_>) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM publication_site WHERE publication_key = $1";
    if new.before.scope == new.after.scope {
        return Ok(());
    }
    on!(conn, c => sqlx::query(SQL).bind(new.key).execute(c).await.map(|_| ()))?;
    for region in &new.after.scope {
        insert_site(conn, new.key, i64::from(region.code())).await?;
    }
    Ok(())
}

/// Takes a name for a publication, which may have it already.
pub(crate) async fn take_name(conn: &mut Conn, side: Side, name_key: &str, publication: Uuid) -> StoreResult<()> {
    const OWN: &str = "SELECT COUNT(*) FROM publication_name WHERE side = $1 AND name_key = $2 AND publication_id = $3";
    const SQL: &str = "INSERT INTO publication_name (side, name_key, publication_id) VALUES ($1, $2, $3)";
    let own: i64 = on!(conn, c => sqlx::query_scalar(OWN)
        .bind(side.id())
        .bind(name_key)
        .bind(publication)
        .fetch_one(c)
        .await)?;
    if own == 0 {
        on!(conn, c => sqlx::query(SQL).bind(side.id()).bind(name_key).bind(publication).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Of the names that a publication has taken it keeps this one.
pub(crate) async fn keep_name(conn: &mut Conn, publication: Uuid, name_key: &str) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM publication_name WHERE publication_id = $1 AND name_key <> $2";
    on!(conn, c => sqlx::query(SQL).bind(publication).bind(name_key).execute(c).await.map(|_| ()))?;
    Ok(())
}
