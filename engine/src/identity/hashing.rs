//! Argon2id, never more at once than there are cores: a storm of sign-ins must not stop everything else. Who waits is bounded, for all
//! together, and for each address or each person. A request waits in one place, however many passwords it compares. Start at [`Hashing`].

use crate::error::{Error, Result};
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::PersonId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Sign-ins that may wait for a core; more are turned away with a sentence.
const WAITING: usize = 64;

/// Places that one address has at once. Half of those who wait: nobody keeps everybody else out, and two who try together leave as many places
/// as there are cores. Not fewer: a whole office is behind one address in the morning, and what waits is over in about a second.
pub(super) const SHARE: usize = WAITING / 2;

/// Places that one person has at once, of those who have shown who they are. Whoever changes a password does it in one window; a few more are for who
/// asks again.
pub(super) const OWN_SHARE: usize = 4;

/// A place in the queue, and whose it is; given back with the last work that has it. What a request does one after the other has clones of one
/// place: nothing of it takes another.
#[derive(Clone)]
pub(crate) struct Place {
    #[expect(dead_code, reason = "held, not read")]
    permit: Arc<OwnedSemaphorePermit>,
    shares: Vec<Arc<Share>>,
}

/// How many places each has, by who they are counted as; who has none is not in it.
#[derive(Clone, Default)]
struct Shares(Arc<Mutex<HashMap<String, usize>>>);

/// One of somebody's places.
struct Share {
    whose: String,
    of: Shares,
}

impl Shares {
    /// `None`: they have so many already, which are all that one may have.
    fn take(&self, whose: &str, most: usize) -> Option<Arc<Share>> {
        let mut taken = self.lock();
        let places = taken.entry(whose.to_owned()).or_default();
        if *places >= most {
            return None;
        }
        *places += 1;
        Some(Arc::new(Share { whose: whose.to_owned(), of: self.clone() }))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.of.lock();
        if let Some(places) = taken.get_mut(&self.whose) {
            *places -= 1;
            if *places == 0 {
                taken.remove(&self.whose);
            }
        }
    }
}

/// Bounds the work.
pub(crate) struct Hashing {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    shares: Shares,
    /// Passwords that were compared with a hash: what attempts cost, counted, not timed.
    compared: Arc<AtomicU64>,
}

impl Hashing {
    pub(crate) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            running: Arc::new(Semaphore::new(cores)),
            waiting: Arc::new(Semaphore::new(cores + WAITING)),
            shares: Shares::default(),
            compared: Arc::default(),
        }
    }

    /// A place among those who wait for a core, which is nobody's: for what no request does.
    ///
    /// # Errors
    /// [`Error::Busy`].
    pub(crate) fn place(&self) -> Result<Place> {
        Ok(Place { permit: self.permit()?, shares: Vec::new() })
    }

    /// A place for an address ([`crate::ctx::Ctx::counted_from`]): of who has yet to show who they are.
    ///
    /// # Errors
    /// [`Error::Busy`]: all places are taken, or all that one may have.
    pub(crate) fn place_from(&self, address: &str) -> Result<Place> {
        let share = self.shares.take(address, SHARE).ok_or(Error::Busy)?;
        Ok(Place { permit: self.permit()?, shares: vec![share] })
    }

    /// A place for a person who has shown who they are.
    ///
    /// # Errors
    /// As [`Hashing::place_from`].
    pub(crate) fn place_of(&self, person: PersonId) -> Result<Place> {
        self.counted_for(self.place()?, person)
    }

    /// The same place, counted for this person as well from now on: they have shown who they are, and go on.
    ///
    /// # Errors
    /// [`Error::Busy`]: they have all that one may have; the place is given back.
    pub(crate) fn counted_for(&self, mut place: Place, person: PersonId) -> Result<Place> {
        let whose = format!("person {}", person.0);
        if place.shares.iter().all(|share| share.whose != whose) {
            place.shares.push(self.shares.take(&whose, OWN_SHARE).ok_or(Error::Busy)?);
        }
        Ok(place)
    }

    fn permit(&self) -> Result<Arc<OwnedSemaphorePermit>> {
        Arc::clone(&self.waiting).try_acquire_owned().map(Arc::new).map_err(|_| Error::Busy)
    }

    /// Whether the password fits the hash. Without a hash it takes as long and says no, so that time does not tell which
    /// accounts there are.
    ///
    /// # Errors
    /// [`Error::Busy`].
    pub(crate) async fn fits(&self, place: Place, password: String, hash: Option<String>) -> Result<bool> {
        let compared = Arc::clone(&self.compared);
        let work = move || {
            let known = hash.is_some();
            let hash = hash.as_deref().unwrap_or_else(|| nobody());
            known & verify(&password, hash, &compared)
        };
        self.run(place, work).await
    }

    /// The hash of a new password, in PHC form.
    ///
    /// # Errors
    /// [`Error::Busy`].
    pub(crate) async fn hash(&self, place: Place, password: String) -> Result<String> {
        self.run(place, move || hash(&password)).await?.ok_or(Error::Busy)
    }

    /// How many passwords were compared so far.
    #[cfg(test)]
    pub(crate) fn compared(&self) -> u64 {
        self.compared.load(Ordering::Relaxed)
    }

    /// The place goes with the work: it runs on when whoever asked has gone.
    async fn run<T: Send + 'static>(&self, place: Place, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let core = Arc::clone(&self.running).acquire_owned().await.map_err(|_| Error::Busy)?;
        let run = move || {
            let done = work();
            drop((core, place));
            done
        };
        tokio::task::spawn_blocking(run).await.map_err(|_| Error::Busy)
    }
}

fn verify(password: &str, hash: &str, compared: &AtomicU64) -> bool {
    compared.fetch_add(1, Ordering::Relaxed);
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

fn hash(password: &str) -> Option<String> {
    Argon2::default().hash_password(password.as_bytes()).ok().map(|hash| hash.to_string())
}

/// A hash that no password fits, of the same cost.
fn nobody() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| hash("nobody").unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::{Hashing, hash, nobody};
    use futures_util::FutureExt;
    use std::sync::{Arc, Mutex, mpsc};
    use tokio::task::spawn_blocking;

    #[test]
    fn no_more_passwords_are_at_work_than_there_are_cores_also_when_whoever_asked_has_gone() {
        let hashing = Hashing::new();
        let cores = hashing.running.available_permits();
        assert_eq!(cores, std::thread::available_parallelism().unwrap().get());
        // One thread is left for what should not be at work, and it does first what was asked first.
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(cores + 1).build().unwrap();
        runtime.block_on(async {
            let (open, gate) = mpsc::channel::<()>();
            let gate = Arc::new(Mutex::new(gate));
            let mut at_work = Vec::new();
            for _ in 0..cores {
                let (place, gate) = (hashing.place().unwrap(), Arc::clone(&gate));
                let mut work = Box::pin(hashing.run(place, move || gate.lock().unwrap().recv().is_err()));
                assert!((&mut work).now_or_never().is_none());
                at_work.push(work);
            }
            let mut compares = Box::pin(hashing.fits(hashing.place().unwrap(), "one too many".to_owned(), None));
            let mut hashes = Box::pin(hashing.hash(hashing.place().unwrap(), "one too many".to_owned()));
            assert!((&mut compares).now_or_never().is_none() && (&mut hashes).now_or_never().is_none());
            spawn_blocking(|| ()).await.unwrap();
            assert_eq!(hashing.compared(), 0, "all cores are taken");
            assert!((&mut hashes).now_or_never().is_none(), "all cores are taken");
            drop(at_work);
            spawn_blocking(|| ()).await.unwrap();
            assert!((&mut compares).now_or_never().is_none(), "nobody waits for it, and it is at work all the same");
            assert_eq!(hashing.compared(), 0);
            drop(open);
            assert!(!compares.await.unwrap());
            assert!(hashes.await.unwrap().starts_with("$argon2id$"));
            assert_eq!(hashing.compared(), 1);
        });
    }

    #[test]
    fn a_hash_costs_19_mib_and_two_passes_that_of_nobody_too() {
        let made = hash("Qiantang-Chao-18").unwrap();
        for phc in [made.as_str(), nobody()] {
            assert!(phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{phc}");
        }
        assert_ne!(made, hash("Qiantang-Chao-18").unwrap(), "each has a salt of its own");
    }
}
