//! The accounts that build where the server is root: the system counts processes by account, and without a sandbox all of an account's
//! are ended with a build, so that no two builds of this process ever have the same. (Other processes have the same 3,000: see
//! docs/operations.md, Without a sandbox.)

use crate::child::NO_ONE;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use uuid::Uuid;

/// As many accounts behind [`NO_ONE`] are for builds.
const BUILDERS: u32 = 3000;

/// Those that build in this process.
pub(super) static ACCOUNTS: Accounts = Accounts(Mutex::new(BTreeSet::new()));

pub(super) struct Accounts(Mutex<BTreeSet<u32>>);

/// One of them, free again when this goes.
pub(super) struct Account {
    pub(super) id: u32,
    of: &'static Accounts,
}

impl Accounts {
    /// The version's own, by its number, or the next that is free; `None`: all build.
    pub(super) fn take(&'static self, version: Uuid) -> Option<Account> {
        let first = u32::try_from(version.as_u128() % u128::from(BUILDERS)).unwrap_or_default();
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let id = (0..BUILDERS).map(|n| NO_ONE + 1 + (first + n) % BUILDERS).find(|id| !taken.contains(id))?;
        taken.insert(id);
        Some(Account { id, of: self })
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        self.of.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::{Accounts, BUILDERS, NO_ONE};
    use std::collections::BTreeSet;
    use std::sync::Mutex;
    use uuid::Uuid;

    #[test]
    fn no_two_builds_at_once_have_the_same_account() {
        static ALL: Accounts = Accounts(Mutex::new(BTreeSet::new()));
        // They meet: 3,000 lie between them.
        let (one, two) = (Uuid::from_u128(7), Uuid::from_u128(3007));
        let (first, second) = (ALL.take(one).unwrap(), ALL.take(two).unwrap());
        assert_eq!((first.id, second.id), (NO_ONE + 8, NO_ONE + 9));
        drop(first);
        assert_eq!(ALL.take(two).unwrap().id, NO_ONE + 8);
        let all: Vec<_> = std::iter::from_fn(|| ALL.take(Uuid::max())).collect();
        let ids: BTreeSet<u32> = all.iter().map(|account| account.id).chain([second.id]).collect();
        assert_eq!(ids, (NO_ONE + 1..=NO_ONE + BUILDERS).collect());
        assert_eq!(all.len() + 1, BUILDERS as usize);
    }
}
