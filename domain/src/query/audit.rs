//! The address of 审计.

use serde::{Deserialize, Serialize};

use super::From;
use crate::time::Date;

/// The address of 审计. What an address says wrongly is not there: an old link still opens.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AuditQuery {
    /// `who`: part of a name or an account.
    pub who: String,
    /// `kind`: the id of a kind of object (`words::AUDIT_OBJECTS`); empty: all.
    pub kind: String,
    /// `object`: the name of what it was done to, its 服务ID, or its id.
    pub object: String,
    /// `action`: the event's name (`words::AUDIT_ACTIONS`); empty: all.
    pub action: String,
    /// `since`: from this day in China on.
    pub since: Option<Date>,
    /// `until`: to the end of this day in China.
    pub until: Option<Date>,
    /// `result`: `done` or `refused`.
    pub done: Option<bool>,
    /// `before` or `after`: where the page begins.
    pub from: From,
}

impl AuditQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name| get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        let day = |name| get(name).and_then(|day| Date::parse(&day));
        Self {
            who: text("who"),
            kind: text("kind"),
            object: text("object"),
            action: text("action"),
            since: day("since"),
            until: day("until"),
            done: get("result").and_then(|result| match result.as_str() {
                "done" => Some(true),
                "refused" => Some(false),
                _ => None,
            }),
            from: From::parse(&get),
        }
    }

    /// The parameters that are not the default, in a fixed order. Values are not escaped yet.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let (before, after) = self.from.printed();
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let given = [
            ("who", text(&self.who)),
            ("kind", text(&self.kind)),
            ("object", text(&self.object)),
            ("action", text(&self.action)),
            ("since", self.since.map(|day| day.to_string())),
            ("until", self.until.map(|day| day.to_string())),
            ("result", self.done.map(|done| if done { "done" } else { "refused" }.to_owned())),
            ("before", before),
            ("after", after),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The same from its start: what is exported, and what a filter leads to.
    pub fn whole(&self) -> Self {
        Self { from: From::Start, ..self.clone() }
    }

    /// Whether only a part of the log is asked for.
    pub fn is_filtered(&self) -> bool {
        self.whole() != Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::UtcMillis;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn any_day() -> impl Strategy<Value = Option<Date>> {
        proptest::option::of((0_i64..40_000).prop_map(|day| UtcMillis(day * 86_400_000).date()))
    }

    proptest! {
        #[test]
        fn an_address_reads_as_it_was_printed(
            (who, object) in ("[a-z王_&=%]{0,8}", "[A-Z公交0-9-]{0,8}"),
            (kind, action) in ("[a-z_]{0,8}", "[a-z_.]{0,8}"),
            (since, until) in (any_day(), any_day()),
            done in proptest::option::of(any::<bool>()),
            from in prop_oneof![Just(From::Start), any::<i64>().prop_map(From::Before), any::<i64>().prop_map(From::After)],
        ) {
            let query = AuditQuery { who, kind, object, action, since, until, done, from };
            let parameters: BTreeMap<&str, String> = query.parameters().into_iter().collect();
            prop_assert_eq!(AuditQuery::parse(|name| parameters.get(name).cloned()), query);
        }
    }

    #[test]
    fn what_is_wrong_in_an_address_is_not_there() {
        let wrong = ["since", "until", "result", "before", "after"];
        let query = AuditQuery::parse(|name| wrong.contains(&name).then(|| "2026-02-30".to_owned()));
        assert_eq!(query, AuditQuery::default());
        assert!(!AuditQuery { from: From::Before(7), ..AuditQuery::default() }.is_filtered());
    }
}
