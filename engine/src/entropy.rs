//! Randomness: ids and secrets. The only place that asks the system for it.

use domain::UtcMillis;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use uuid::Uuid;

/// Where randomness comes from.
#[derive(Clone, Debug)]
pub enum Entropy {
    /// The system's.
    System,
    /// A test's: the same sequence every time. Never for secrets that matter.
    Seeded(Arc<AtomicU64>),
}

impl Entropy {
    /// A new id, UUIDv7: ordered by time.
    pub fn id(&self, now: UtcMillis) -> Uuid {
        let random: [u8; 10] = self.bytes();
        uuid::Builder::from_unix_timestamp_millis(now.0.unsigned_abs(), &random).into_uuid()
    }

    /// Random bytes.
    ///
    /// # Panics
    /// When the operating system has no randomness: nothing could be signed in safely then.
    #[expect(clippy::disallowed_methods, clippy::panic, reason = "this is the source that all others ask")]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match self {
            Self::System => {
                if let Err(error) = getrandom::fill(&mut bytes) {
                    panic!("the operating system has no randomness: {error}");
                }
            }
            Self::Seeded(counter) => {
                use sha2::{Digest, Sha256};
                let seed = counter.fetch_add(1, Ordering::SeqCst).to_be_bytes();
                for (chunk, n) in bytes.chunks_mut(32).zip(0_u8..) {
                    let block = Sha256::new().chain_update(seed).chain_update([n]).finalize();
                    chunk.copy_from_slice(&block[..chunk.len()]);
                }
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::Entropy;
    use std::collections::HashSet;

    /// Of 256 draws a bit is always the same once in 2^255 runs.
    #[test]
    fn all_bits_of_what_the_system_gives_are_free_and_nothing_comes_twice() {
        let drawn: Vec<[u8; 32]> = (0..256).map(|_| Entropy::System.bytes()).collect();
        assert_eq!(drawn.iter().collect::<HashSet<_>>().len(), drawn.len());
        for at in 0..256 {
            let set = drawn.iter().filter(|bytes| bytes[at / 8] >> (at % 8) & 1 == 1).count();
            assert!(set > 0 && set < drawn.len(), "bit {at} is never another");
        }
    }
}
