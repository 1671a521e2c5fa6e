//! A part on its way, which is on the disk already as far as it came.

use super::{part_size, theirs};
use crate::Engine;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::store::upload::{self as store, PartRow};
use bytes::Bytes;
use domain::PersonId;
use futures_util::Stream;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// Parts of one person on their way to one server, at most: 64 MiB of disk. The page and `irs` send one after the other.
const MOST: u32 = 8;

/// Takes part `number` (from 0), as it comes; the last one of a number counts.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::InvalidFile`]: not a part of this upload; [`Error::Busy`]: the person sends
/// eight others; what `pieces` fail with.
pub async fn put_part(
    engine: &Engine,
    ctx: &Ctx,
    upload: Uuid,
    number: i64,
    pieces: impl Stream<Item = Result<Bytes>>,
) -> Result<()> {
    let row = theirs(engine, ctx, upload).await?;
    let size = part_size(row.size, number).ok_or_else(no_part)?;
    let _arriving = Arriving::begin(engine, PersonId(row.person_id))?;
    match kept(engine, upload, number, size, pieces).await {
        // The upload was given up or finished meanwhile, and its folder may have been made anew.
        Err(Error::Files(_) | Error::Store(_)) if is_over(engine, upload).await? => {
            engine.files().delete_parts(upload).await?;
            Err(Error::NotFound)
        }
        other => other,
    }
}

async fn kept(
    engine: &Engine,
    upload: Uuid,
    number: i64,
    size: i64,
    pieces: impl Stream<Item = Result<Bytes>>,
) -> Result<()> {
    let hash = engine.files().put_part(upload, number, size.unsigned_abs(), pieces).await?.ok_or_else(no_part)?;
    let part = PartRow { number, size, hash };
    let write =
        engine.db().write((upload, part), |conn, s| Box::pin(async move { store::put_part(conn, s.0, &s.1).await }));
    Ok(write.await?)
}

fn no_part() -> Error {
    Error::InvalidFile("这一段的序号或长度与开始上传时不符，请重新选择文件上传".to_owned())
}

async fn is_over(engine: &Engine, upload: Uuid) -> Result<bool> {
    let row = store::of(&mut engine.db().reader().await?, upload).await?;
    Ok(row.is_none_or(|row| row.package.is_some()))
}

/// How many parts of whom are on their way to this server.
#[derive(Default)]
pub(crate) struct Arrivals(Mutex<BTreeMap<PersonId, u32>>);

#[cfg(test)]
impl Arrivals {
    /// This person's.
    pub(crate) fn of(&self, person: PersonId) -> u32 {
        self.0.lock().unwrap().get(&person).copied().unwrap_or_default()
    }
}

/// One of them, until it is dropped.
struct Arriving<'a> {
    engine: &'a Engine,
    person: PersonId,
}

impl<'a> Arriving<'a> {
    fn begin(engine: &'a Engine, person: PersonId) -> Result<Self> {
        let mut all = engine.arrivals().0.lock().unwrap_or_else(PoisonError::into_inner);
        let many = all.entry(person).or_default();
        if *many >= MOST {
            return Err(Error::Busy);
        }
        *many += 1;
        Ok(Self { engine, person })
    }
}

impl Drop for Arriving<'_> {
    fn drop(&mut self) {
        let mut all = self.engine.arrivals().0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(many) = all.get_mut(&self.person) {
            *many -= 1;
            if *many == 0 {
                all.remove(&self.person);
            }
        }
    }
}
