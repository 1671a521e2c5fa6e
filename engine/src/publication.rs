//! 发布: registering, listing.

mod list;
mod register;
#[cfg(test)]
mod tests;

pub use list::list;
pub use register::{Registered, draft, register, save_draft};

use crate::store::StoreResult;
use crate::store::publication::PublicationRow;
use domain::fields::Env;
use domain::{ChannelSet, Facts};
use unicode_normalization::UnicodeNormalization;

/// What the rules need of where they run.
pub(crate) const ENV: Env = Env { nfkc };

fn nfkc(text: &str) -> String {
    text.nfkc().collect()
}

/// What the rules read of a publication, from its row.
///
/// # Errors
/// The row has a word that no enumeration knows.
pub(crate) fn facts_of(row: &PublicationRow) -> StoreResult<Facts> {
    let channels = ChannelSet::from_bits(u8::try_from(row.channels).unwrap_or_default());
    let configuring_from = row.configuring_from.as_deref().and_then(domain::OrderKind::from_id);
    Ok(Facts {
        version: row.version,
        state: Some(row.state()?),
        linked: row.linked,
        republished: row.republished,
        configuring_from,
        ..Facts::unregistered(row.side()?, channels, row.kind()?, row.hosted)
    })
}
