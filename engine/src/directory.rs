//! The directory of a channel: what is live in it, by site and kind of user. Public (lifecycle.md, Channels).

use crate::Engine;
use crate::access::registration_of;
use crate::error::{Error, Result};
use crate::publication::view;
use crate::store::directory::{self as store, EntryRow};
use crate::store::further_channel;
use crate::store::publication_list::Part;
use domain::fields::{Audience, PcAddress, ValidRegistration};
use domain::view::directory::{Address, DirectoryEntry, DirectoryOf, DirectoryPage, directories};
use domain::{Channel, RegionCode};

/// Entries of a page.
const PAGE: usize = 100;

/// A page of what is live in the channel: at exactly this site, and for this kind of user (个人和法人 is both), if they are
/// given; after the entry with the key `after`.
///
/// # Errors
/// [`Error::NotFound`]: no such channel, or it was stopped; the store fails.
pub async fn entries(
    engine: &Engine,
    of: DirectoryOf,
    site: Option<RegionCode>,
    audience: Option<Audience>,
    after: Option<i64>,
) -> Result<DirectoryPage> {
    let mut conn = engine.db().reader().await?;
    let directories = directories(&further_channel::active(&mut conn).await?);
    if directories.iter().all(|(known, _)| *known != of) {
        return Err(Error::NotFound);
    }
    let part = after.map_or(Part::First, Part::Before);
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = store::rows(&mut conn, of, site, audience, part, limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.key);
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        let registration = registration_of(&row.registration)?;
        entries.push(entry(&row, registration, of));
    }
    Ok(DirectoryPage { directories, entries, next })
}

/// 浙里办APP shows 移动端地址, 政务服务网 PC端地址, 浙政钉 and further channels both; 备用地址 nobody.
fn entry(row: &EntryRow, registration: ValidRegistration, of: DirectoryOf) -> DirectoryEntry {
    let hosted = row.hosted && (row.live_version.is_some() || row.started);
    let mobile =
        if hosted { Some(Address::Hosted(view::label(row.key))) } else { registration.mobile_url.map(Address::Url) };
    let pc = match registration.pc {
        PcAddress::None => None,
        PcAddress::SameAsMobile => mobile.clone(),
        PcAddress::Url(url) => Some(Address::Url(url)),
    };
    let (shows_mobile, shows_pc) = match of {
        DirectoryOf::Channel(Channel::ZheliApp) => (true, false),
        DirectoryOf::Channel(Channel::ServiceWeb) => (false, true),
        DirectoryOf::Channel(Channel::Zhezhengding) | DirectoryOf::Further(_) => (true, true),
    };
    DirectoryEntry {
        service_id: view::service_id(row.key),
        name: registration.name,
        intro: registration.intro,
        icon: registration.icon,
        audience: registration.audience,
        mobile: mobile.filter(|_| shows_mobile),
        pc: pc.filter(|_| shows_pc),
    }
}

#[cfg(test)]
mod tests;
