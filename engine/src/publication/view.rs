//! A publication's row as lists, cards and pages show it, from what the rules read.

use crate::store::StoreResult;
use crate::store::publication::PublicationRow as StoredRow;
use domain::fields::{PcAddress, ValidRegistration};
use domain::turn::whose_turn;
use domain::view::publication::PublicationRow;
use domain::{Actor, Facts, PublicationId, UtcMillis, actions, text};

/// The row, with the menu for who looks.
///
/// # Errors
/// The row has a word that no enumeration knows.
pub(crate) fn row(row: &StoredRow, facts: &Facts, actor: &Actor) -> StoreResult<PublicationRow> {
    Ok(PublicationRow {
        id: PublicationId(row.id),
        version: row.version,
        service_id: service_id(row.key),
        name: row.name.clone(),
        icon: row.icon.clone(),
        channels: facts.channels,
        kind: facts.kind,
        state: row.state()?,
        rollout: row.rollout()?,
        turn: whose_turn(facts),
        turn_since: UtcMillis(row.turn_since),
        order: facts.order.map(|order| order.id),
        updated_at: UtcMillis(row.updated_at),
        menu: actions(facts, actor).into(),
    })
}

/// 服务ID, from the row's number.
pub(crate) fn service_id(key: i64) -> String {
    text::service_id(u32::try_from(key).unwrap_or(u32::MAX))
}

/// The host's label of a hosted publication: its 服务ID in small letters without punctuation, the same for ever. The base
/// (`apps.localhost`, or a wildcard domain in production) is the server's setting: who draws an address puts it behind a dot.
pub(crate) fn label(key: i64) -> String {
    service_id(key).chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Where people reach what is listed: of what is served here the host's label (see [`label`]); else the address itself.
pub(crate) fn live_address(key: i64, served_here: bool, registration: &ValidRegistration) -> String {
    if served_here {
        return label(key);
    }
    let pc = match &registration.pc {
        PcAddress::Url(url) => url.clone(),
        PcAddress::None | PcAddress::SameAsMobile => String::new(),
    };
    registration.mobile_url.clone().unwrap_or(pc)
}
