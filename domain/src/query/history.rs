//! The address of 历史, a tab of a publication's page.

use serde::{Deserialize, Serialize};

use super::From;
use crate::action::Action;

/// The address of 历史. What an address says wrongly is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct HistoryQuery {
    /// `action`: what was done.
    pub action: Option<Action>,
    /// `who`: part of the name of who did it.
    pub who: String,
    /// `before` or `after`: where the page begins.
    pub from: From,
}

impl HistoryQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            action: get("action").and_then(|id| Action::from_id(&id)),
            who: get("who").map(|text| text.trim().to_owned()).unwrap_or_default(),
            from: From::parse(&get),
        }
    }

    /// The parameters that are not the default, in a fixed order. Values are not escaped yet.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let (before, after) = self.from.printed();
        let given = [
            ("action", self.action.map(|action| action.id().to_owned())),
            ("who", Some(self.who.clone()).filter(|text| !text.is_empty())),
            ("before", before),
            ("after", after),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Whether only a part of the history is asked for.
    pub fn is_filtered(&self) -> bool {
        self.action.is_some() || !self.who.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_address_reads_as_it_was_printed() {
        let query = HistoryQuery { action: Some(Action::Reject), who: "王 &".to_owned(), from: From::After(7) };
        let parameters: BTreeMap<&str, String> = query.parameters().into_iter().collect();
        assert_eq!(HistoryQuery::parse(|name| parameters.get(name).cloned()), query);
        assert!(HistoryQuery::default().parameters().is_empty());
    }
}
