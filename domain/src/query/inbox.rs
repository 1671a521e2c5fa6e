//! The address of 收件箱.

use serde::{Deserialize, Serialize};

use super::From;

/// The address of 收件箱. What an address says wrongly is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct InboxQuery {
    /// `tab`: 未读 (`unread`), else 全部.
    pub unread: bool,
    /// `before` or `after`: where the page begins.
    pub from: From,
}

impl InboxQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self { unread: get("tab").as_deref() == Some("unread"), from: From::parse(&get) }
    }

    /// The parameters that are not the default, in a fixed order.
    pub fn parameters(self) -> Vec<(&'static str, String)> {
        let (before, after) = self.from.printed();
        let given = [("tab", self.unread.then(|| "unread".to_owned())), ("before", before), ("after", after)];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}
