//! The address of 通知.

use super::From;
use serde::{Deserialize, Serialize};

/// Which page of what could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct DeadLetterQuery {
    /// `before` or `after`: where the page begins.
    #[serde(default)]
    pub from: From,
}

impl DeadLetterQuery {
    /// Rows of a page.
    pub const ROWS: u8 = 50;

    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self { from: From::parse(&get) }
    }

    /// The parameters that are not the default, in a fixed order.
    pub fn parameters(self) -> Vec<(&'static str, String)> {
        let (before, after) = self.from.printed();
        [("before", before), ("after", after)].into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
