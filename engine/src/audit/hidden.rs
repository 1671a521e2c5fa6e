//! What auditors do is kept from them (`auditor_event`), and the chain knows nothing of that list: who has the database's password can put
//! anybody's event there, with all guards in place, and no auditor reads it any more. Here it is found, unless the same hand wrote into
//! `person_role` that this person is an auditor: the roles as they stand are believed, and the chain knows nothing of them either (not every
//! role has its row in the log: those of a demo have none). docs/operations.md, Audit, says what people compare.

use crate::store::audit_list as store;
use crate::store::{Conn, Database, StoreError, StoreResult, condition};
use domain::{Role, words};

/// The migration that made the list.
const SINCE_SCHEMA: i64 = 23;

/// The number of the first event that is kept from auditors though who did it is none and, by the log, was none; `None`: there is none. Of
/// a database that is looked at from outside.
///
/// An event that somebody did before they became an auditor, or after, is not told apart from those that they did as one.
///
/// # Errors
/// The store fails, or has no audit log.
pub async fn hidden(db: &Database) -> Result<Option<i64>, StoreError> {
    let mut conn = db.reader().await?;
    match condition::schema(&mut conn).await?.is {
        Some(is) if is >= SINCE_SCHEMA => first_hidden(&mut conn).await,
        _ => Ok(None),
    }
}

/// The same, of our own database.
pub(super) async fn first_hidden(conn: &mut Conn) -> StoreResult<Option<i64>> {
    for (person, seq) in store::kept_from_auditors(conn).await? {
        let was_one = match person {
            // A role is not taken without a row of the log that says what the person had.
            Some(person) => store::has_had_role(conn, person, words::role(Role::Auditor)).await?,
            None => false,
        };
        if !was_one {
            return Ok(Some(seq));
        }
    }
    Ok(None)
}
