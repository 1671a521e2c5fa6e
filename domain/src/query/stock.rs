//! The address of 存量应用.

use serde::{Deserialize, Serialize};

use super::{From, PAGE_SIZE, size};
use crate::state::StockState;

/// The address of 存量应用. What an address says wrongly is not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockQuery {
    /// `q`: part of the Chinese or English name, or 原应用ID.
    pub keyword: String,
    /// `state`.
    pub state: Option<StockState>,
    /// `size`: rows of a page.
    pub size: u8,
    /// `before` or `after`: where the page begins.
    pub from: From,
}

impl Default for StockQuery {
    fn default() -> Self {
        Self { keyword: String::new(), state: None, size: PAGE_SIZE, from: From::Start }
    }
}

impl StockQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            keyword: get("q").map(|text| text.trim().to_owned()).unwrap_or_default(),
            state: get("state").and_then(|id| StockState::from_id(&id)),
            size: size(&get),
            from: From::parse(&get),
        }
    }

    /// The parameters that are not the default, in a fixed order. Values are not escaped yet.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let (before, after) = self.from.printed();
        let given = [
            ("q", Some(self.keyword.clone()).filter(|text| !text.is_empty())),
            ("state", self.state.map(|state| state.id().to_owned())),
            ("size", Some(self.size).filter(|size| *size != PAGE_SIZE).map(|size| size.to_string())),
            ("before", before),
            ("after", after),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The same list from its start with this state, or all: a tab.
    pub fn tab(&self, state: Option<StockState>) -> Self {
        Self { state, from: From::Start, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_address_reads_as_it_was_printed() {
        let query = StockQuery {
            keyword: "公交 bus&".to_owned(),
            state: Some(StockState::LinkInReview),
            size: 50,
            from: From::Before(7),
        };
        let parameters: BTreeMap<&str, String> = query.parameters().into_iter().collect();
        assert_eq!(StockQuery::parse(|name| parameters.get(name).cloned()), query);
        assert_eq!(StockQuery::parse(|_| Some("x".to_owned()).filter(|_| false)), StockQuery::default());
    }
}
