//! Brotli 11, in the background: what went live is compressed once more, as small as it gets (packages.md, Hosting). One version at a
//! time in each process, in children: it takes a second a megabyte.

use super::line::{self, CLAIMS};
use super::{as_holder, claim};
use crate::Engine;
use crate::child::Compressor;
use crate::error::{Error, Result};
use crate::hosting;
use crate::hosting::manifest::{self, Variant};
use crate::store::{Conn, StoreResult, job, version};
use domain::UtcMillis;
use std::time::Duration;
use uuid::Uuid;

/// The kind of job; its subject is the version.
const JOB: &str = "recompress";

/// How often the queue is looked at: nobody waits for it.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// After a failure it is tried again in so long, then in twice that. Milliseconds.
const PAUSE_MS: i64 = 60 * 60 * 1000;

const BROTLI: u8 = 11;

/// Has what the version serves compressed once more, some time after this change.
pub(crate) async fn later(conn: &mut Conn, version: Uuid, now: UtcMillis) -> StoreResult<()> {
    job::insert(conn, JOB, version, now).await
}

/// Runs jobs for ever.
pub(super) async fn work(engine: Engine) {
    loop {
        match run_next(&engine).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(error = %error, "what is live could not be recompressed"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Runs the next job that is due, if there is one.
async fn run_next(engine: &Engine) -> Result<bool> {
    as_holder(engine, |holder| run_as(engine, holder)).await
}

async fn run_as(engine: &Engine, holder: Uuid) -> Result<bool> {
    let Some((lease, job)) = claim(engine, JOB, holder).await? else { return Ok(false) };
    if job.attempts > CLAIMS {
        tracing::error!(version.id = %job.subject, job.attempts, "nobody came to an end with compressing version {}", job.subject);
        line::over(engine, &lease).await?;
        return Ok(true);
    }
    let made = tokio::select! {
        made = Box::pin(recompress(engine, job.subject)) => made,
        () = lease.lost() => return Ok(true),
    };
    if let Err(error) = made {
        tracing::warn!(error = %error, version.id = %job.subject, job.attempts, "version {} is as it was", job.subject);
        line::try_later(engine, &lease, PAUSE_MS * job.attempts).await?;
        return Ok(true);
    }
    line::over(engine, &lease).await?;
    Ok(true)
}

/// What the new list names is kept before it: whoever dies in between leaves the old one.
async fn recompress(engine: &Engine, id: Uuid) -> Result<()> {
    let files = engine.files();
    let version = version::of(&mut engine.db().reader().await?, id).await?;
    let Some(bundle) = version.and_then(|version| version.bundle) else { return Ok(()) };
    let Some(mut manifest) = manifest::of(files, &bundle).await?.filter(|manifest| !manifest.recompressed) else {
        return Ok(());
    };
    let (mut before, mut after) = (0, 0);
    for (path, entry) in &mut manifest.files {
        let Some(known) = &mut entry.br else { continue };
        let missing = || Error::Work(format!("the blob {} is not kept", entry.sha256));
        let content = files.get(&entry.sha256).await?.ok_or_else(missing)?;
        // A child for each: its memory is the system's again.
        let compressed = Compressor::start(engine, BROTLI)?.compress(&content).await;
        before += known.size;
        match compressed {
            Ok((_, br)) if (br.len() as u64) < known.size => {
                let size = br.len() as u64;
                *known = Variant { sha256: files.put_unsynced(br.into()).await?, size };
            }
            Ok(_) => {}
            // Too large to come to an end in time.
            Err(error) => tracing::warn!(error = %error, version.id = %id, "{path} is as it was"),
        }
        after += known.size;
    }
    manifest.recompressed = true;
    manifest::keep(files, &bundle, &manifest).await?;
    hosting::recompressed(engine, &bundle);
    tracing::info!(version.id = %id, before, after, "what is live of version {id} was recompressed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{LEASE_MS, claim};
    use super::{JOB, run_next};
    use crate::hosting::{self, Found, Site};
    use crate::publication::view;
    use crate::world::bench::{PAGE, zip};
    use crate::world::{World, both};
    use std::sync::Arc;

    impl World {
        async fn live(&self) -> Arc<Site> {
            let Found::Site(site) = hosting::find(&self.engine, &view::label(1), None).await.unwrap() else {
                panic!("it is live")
            };
            site
        }

        async fn recompressible(&self) -> Arc<Site> {
            let text: String = (0..3_000).map(|n| format!("let stop{n} = \"站点 {}\";\n", n * n % 1_009)).collect();
            let bus = self.hosted("杭州公交查询").await;
            let package = zip(&[("index.html", PAGE), ("a.css", ""), ("a.js", &text)]);
            let version = self.uploads_zip(bus, "1.0.0", &package).await;
            self.runs_jobs().await;
            self.makes_live(bus, version).await;
            self.live().await
        }
    }

    both! {
        async fn what_went_live_gets_smaller_and_stays_what_it_is(w: World) {
            let before = w.recompressible().await;
            let of = |site: &Site| site.manifest.files["a.js"].clone();
            assert!(run_next(&w.engine).await.unwrap());
            let after = w.live().await;
            let (old, new) = (of(&before), of(&after));
            assert_eq!((&old.sha256, &old.gzip), (&new.sha256, &new.gzip));
            let (was, is) = (old.br.unwrap(), new.br.unwrap());
            assert!(is.size < was.size, "{} and {}", was.size, is.size);
            let packed = hosting::content(&w.engine, &is.sha256, is.size).await.unwrap().unwrap();
            let mut plain = Vec::new();
            brotli::BrotliDecompress(&mut packed.as_ref(), &mut plain).unwrap();
            assert_eq!(plain, hosting::content(&w.engine, &new.sha256, new.size).await.unwrap().unwrap());
            assert!(after.manifest.recompressed);
            assert!(!run_next(&w.engine).await.unwrap(), "once");
        }

        async fn whoever_died_at_it_leaves_it_to_another(w: World) {
            let before = w.recompressible().await;
            // Somebody took it, and is not heard of any more.
            assert!(claim(&w.engine, JOB, w.key()).await.unwrap().is_some());
            assert!(!run_next(&w.engine).await.unwrap(), "it is theirs");
            assert_eq!(w.live().await.manifest, before.manifest);
            w.wait_ms(LEASE_MS + 1);
            assert!(run_next(&w.engine).await.unwrap());
            assert!(w.live().await.manifest.recompressed);
        }
    }
}
