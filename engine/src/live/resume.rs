//! What a listener missed, from the audit log.

use super::{Happened, may_hear, news};
use crate::Engine;
use crate::ctx::SignedIn;
use crate::error::Result;
use crate::store::audit_event;
use crate::store::{StoreError, StoreResult, reach};
use domain::view::live::Heard;
use domain::{OrderId, PublicationId};
use serde::Deserialize;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use uuid::Uuid;

/// Two that were committed in turn may be told in the other: so many numbers are looked through again.
const OVERLAP: i64 = 32;

/// Who is more events behind than these reads the page again.
const EVENTS_MOST: i64 = 2_000;

/// Who missed more changes than these, too.
const CHANGES_MOST: usize = 200;

/// What the person may hear of what came after this number, and up to which number that is whole.
pub(super) async fn backlog(engine: &Engine, who: &SignedIn, after: i64) -> Result<(VecDeque<Heard>, i64)> {
    let newest = engine.live().newest();
    let from = (after.min(engine.live().followed()) - OVERLAP).max(0);
    if newest - from > EVENTS_MOST {
        return Ok((VecDeque::from([Heard::Missed(newest)]), newest));
    }
    let mut conn = engine.db().reader().await?;
    let most = i64::try_from(CHANGES_MOST + 1).unwrap_or(i64::MAX);
    let changes = audit_event::changes_after(&mut conn, from, most).await?;
    let whole = changes.last().map_or(newest, |change| change.seq);
    if changes.len() > CHANGES_MOST {
        let newest = newest.max(whole);
        return Ok((VecDeque::from([Heard::Missed(newest)]), newest));
    }
    let mut audiences = BTreeMap::new();
    let mut backlog = VecDeque::new();
    for change in changes {
        let happened = happened(change.seq, &change.object_id, &change.detail)?;
        let publication = happened.publication.0;
        let audience = match audiences.entry(publication) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(reach::audience(&mut conn, publication).await?),
        };
        let heard = audience.as_ref().filter(|it| may_hear(who, it)).map(|it| Heard::News(news(happened, it)));
        backlog.extend(heard);
    }
    Ok((backlog, whole))
}

/// What the row of a publication's event says of it; what is served may be another since.
pub(super) fn happened(seq: i64, object_id: &str, detail: &str) -> StoreResult<Happened> {
    #[derive(Deserialize)]
    struct Detail {
        order: Option<OrderId>,
    }
    let unreadable = |what, value: &str| StoreError::Unreadable { what, value: value.to_owned() };
    let publication = Uuid::parse_str(object_id).map_err(|_| unreadable("audit_event.object_id", object_id))?;
    let detail: Detail = serde_json::from_str(detail).map_err(|_| unreadable("audit_event.detail", detail))?;
    Ok(Happened { seq, publication: PublicationId(publication), order: detail.order, switched: true })
}
