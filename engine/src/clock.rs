//! The clock. The only place that reads the system's.

use domain::UtcMillis;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's.
    System,
    /// A test's, in UTC milliseconds, moved by hand.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The time.
    #[expect(clippy::disallowed_methods, reason = "this is the clock that all others ask")]
    pub fn now(&self) -> UtcMillis {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                UtcMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
            Self::Set(millis) => UtcMillis(millis.load(Ordering::SeqCst)),
        }
    }

    /// Moves a test's clock on; the system's stays as it is.
    pub fn advance(&self, millis: i64) {
        if let Self::Set(at) = self {
            at.fetch_add(millis, Ordering::SeqCst);
        }
    }
}
