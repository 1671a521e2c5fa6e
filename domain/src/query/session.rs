//! The address of 会话.

use serde::{Deserialize, Serialize};

/// The address of everybody's sessions. What an address says wrongly is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SessionQuery {
    /// `q`: part of a name or an account.
    pub keyword: String,
    /// `before` or `after`: where the page begins.
    pub from: SessionFrom,
}

/// Where a page begins: sessions have no key of their own, so by when one was made, and its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionFrom {
    /// At the newest.
    #[default]
    Start,
    /// Below this place ([`place`]).
    Before(String),
    /// Above it.
    After(String),
}

/// Hexadecimal digits of a session's id.
const ID_DIGITS: usize = 32;

/// A session's place in the list.
pub fn place(created_at: i64, id: &str) -> String {
    format!("{created_at}-{id}")
}

/// When the session of a place was made, and its id; `None`: it is none.
pub fn of_place(place: &str) -> Option<(i64, &str)> {
    let (at, id) = place.split_once('-')?;
    let is_id = id.len() == ID_DIGITS && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((at.parse().ok()?, id)).filter(|_| is_id)
}

impl SessionQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        let at = |name| get(name).filter(|place| of_place(place).is_some());
        Self {
            keyword: get("q").map(|text| text.trim().to_owned()).unwrap_or_default(),
            from: match (at("before"), at("after")) {
                (Some(place), _) => SessionFrom::Before(place),
                (None, Some(place)) => SessionFrom::After(place),
                (None, None) => SessionFrom::Start,
            },
        }
    }

    /// The parameters that are not the default, in a fixed order. Values are not escaped yet.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let keyword = Some(self.keyword.clone()).filter(|text| !text.is_empty()).map(|text| ("q", text));
        let from = match &self.from {
            SessionFrom::Start => None,
            SessionFrom::Before(place) => Some(("before", place.clone())),
            SessionFrom::After(place) => Some(("after", place.clone())),
        };
        keyword.into_iter().chain(from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_address_reads_as_it_was_printed_and_nonsense_is_not_there() {
        let id = "0123456789abcdef0123456789abcdef";
        for from in [SessionFrom::Start, SessionFrom::Before(place(7, id)), SessionFrom::After(place(8, id))] {
            let query = SessionQuery { keyword: "王 &".to_owned(), from };
            let parameters: BTreeMap<&str, String> = query.parameters().into_iter().collect();
            let read = SessionQuery::parse(|name| parameters.get(name).cloned());
            assert_eq!(read, query);
        }
        for nonsense in ["", "7", "7-", "x-0123456789abcdef0123456789abcdef", "7-0123456789abcdef0123456789abcdeg"] {
            assert_eq!(SessionQuery::parse(|_| Some(nonsense.to_owned())).from, SessionFrom::Start, "{nonsense}");
        }
    }
}
