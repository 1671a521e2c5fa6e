//! What a list is asked for: the URL is the state. One struct parses the address, prints it, and says which list it is.
//! screens.md: List page; style.md: lists and state.

mod audit;
mod counted;
mod dead_letter;
mod history;
mod inbox;
mod person;
mod session;
mod stock;
mod work_order;

pub use audit::AuditQuery;
pub use counted::{Counted, Ended};
pub use dead_letter::DeadLetterQuery;
pub use history::HistoryQuery;
pub use inbox::InboxQuery;
pub use person::{HasRole, PersonQuery};
pub use session::{SessionFrom, SessionQuery, of_place, place};
pub use stock::StockQuery;
pub use work_order::WorkOrderQuery;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::publication::Channel;
use crate::region::RegionCode;
use crate::state::State;

/// Rows a page may have, as the list offers them.
pub const PAGE_SIZES: [u8; 4] = [10, 20, 50, 100];

/// Rows of a page, unless the address says otherwise.
pub const PAGE_SIZE: u8 = 20;

/// The address of 服务侧名称列表 or 治理侧名称列表. What an address says wrongly is not there: an old link still opens.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PublicationQuery {
    /// `q`: part of the name, or a 服务ID.
    pub keyword: String,
    /// `state`.
    pub state: Option<State>,
    /// `channel`: 发布端.
    pub channel: Option<Channel>,
    /// `region`: one of 适用范围.
    pub region: Option<RegionCode>,
    /// `days`: changed within so many days, 1 to 3,650.
    pub days: Option<u16>,
    /// `system`: coming from 更多 of one application system.
    pub system: Option<Uuid>,
    /// `size`: rows of a page.
    pub size: u8,
    /// `before` or `after`: where the page begins.
    pub from: From,
}

/// Where a page begins, by the key of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// At the newest row.
    #[default]
    Start,
    /// Below this row.
    Before(i64),
    /// Above this row.
    After(i64),
}

impl Default for PublicationQuery {
    fn default() -> Self {
        Self {
            keyword: String::new(),
            state: None,
            channel: None,
            region: None,
            days: None,
            system: None,
            size: PAGE_SIZE,
            from: From::Start,
        }
    }
}

impl PublicationQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            keyword: get("q").map(|text| text.trim().to_owned()).unwrap_or_default(),
            state: get("state").and_then(|id| State::from_id(&id)),
            channel: get("channel").and_then(|id| Channel::from_id(&id)),
            region: get("region").and_then(|code| RegionCode::parse(&code)),
            days: get("days").and_then(|text| text.parse().ok()).filter(|days| (1..=3650).contains(days)),
            system: get("system").and_then(|id| id.parse().ok()),
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
            ("channel", self.channel.map(|channel| channel.id().to_owned())),
            ("region", self.region.map(|region| region.to_string())),
            ("days", self.days.map(|days| days.to_string())),
            ("system", self.system.map(|system| system.to_string())),
            ("size", Some(self.size).filter(|size| *size != PAGE_SIZE).map(|size| size.to_string())),
            ("before", before),
            ("after", after),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The same list from its start with this state, or all: a tab.
    pub fn tab(&self, state: Option<State>) -> Self {
        Self { state, from: From::Start, ..self.clone() }
    }

    /// Whether anything but the tab, the system and the page narrows the list.
    pub fn is_filtered(&self) -> bool {
        !self.keyword.is_empty() || self.channel.is_some() || self.region.is_some() || self.days.is_some()
    }
}

impl From {
    /// From `before` or `after`.
    fn parse(get: &impl Fn(&str) -> Option<String>) -> Self {
        let number = |name| get(name).and_then(|text| text.parse().ok());
        match (number("before"), number("after")) {
            (Some(key), _) => From::Before(key),
            (None, Some(key)) => From::After(key),
            (None, None) => From::Start,
        }
    }

    /// The values of `before` and `after`.
    fn printed(self) -> (Option<String>, Option<String>) {
        match self {
            From::Start => (None, None),
            From::Before(key) => (Some(key.to_string()), None),
            From::After(key) => (None, Some(key.to_string())),
        }
    }
}

/// `size`, one of those that the list offers.
fn size(get: &impl Fn(&str) -> Option<String>) -> u8 {
    get("size").and_then(|text| text.parse().ok()).filter(|n| PAGE_SIZES.contains(n)).unwrap_or(PAGE_SIZE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn read_back(query: &PublicationQuery) -> PublicationQuery {
        let parameters: BTreeMap<&str, String> = query.parameters().into_iter().collect();
        PublicationQuery::parse(|name| parameters.get(name).cloned())
    }

    fn any_query() -> impl Strategy<Value = PublicationQuery> {
        let from =
            prop_oneof![Just(From::Start), any::<i64>().prop_map(From::Before), any::<i64>().prop_map(From::After)];
        let state = proptest::option::of(proptest::sample::select(State::ALL.to_vec()));
        let channel = proptest::option::of(proptest::sample::select(Channel::ALL.to_vec()));
        let region = proptest::option::of(proptest::sample::select(RegionCode::all().collect::<Vec<_>>()));
        let days = proptest::option::of(1_u16..=3650);
        let system = proptest::option::of(any::<u128>().prop_map(Uuid::from_u128));
        let size = proptest::sample::select(PAGE_SIZES.to_vec());
        ("[a-z公交_&=%]{0,8}", state, channel, region, days, system, size, from).prop_map(
            |(keyword, state, channel, region, days, system, size, from)| PublicationQuery {
                keyword,
                state,
                channel,
                region,
                days,
                system,
                size,
                from,
            },
        )
    }

    proptest! {
        #[test]
        fn an_address_reads_as_it_was_printed(query in any_query()) {
            prop_assert_eq!(read_back(&query), query);
        }
    }

    #[test]
    fn what_is_wrong_in_an_address_is_not_there() {
        let wrong = ["q", "state", "channel", "region", "days", "system", "size", "before"];
        let query = PublicationQuery::parse(|name| wrong.contains(&name).then(|| " 'x-9 ".to_owned()));
        assert_eq!(query, PublicationQuery { keyword: "'x-9".to_owned(), ..PublicationQuery::default() });
    }
}
