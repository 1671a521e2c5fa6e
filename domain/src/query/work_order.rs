//! The address of 我发起的 and 待我审批: the same struct for both, the page says which list it is.

use serde::{Deserialize, Serialize};

use super::{Counted, From, PAGE_SIZE, size};
use crate::work_order::OrderKind;

/// The address of 我发起的 or 待我审批. What an address says wrongly is not there: an old link still opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOrderQuery {
    /// `tab`: 已完成 (`over`), else 审批中.
    pub over: bool,
    /// `kind`.
    pub kind: Option<OrderKind>,
    /// `q`: part of the publication's name, or its 服务ID.
    pub keyword: String,
    /// What a number of the 工单看板 counts.
    #[serde(default)]
    pub counted: Counted,
    /// `size`: rows of a page.
    pub size: u8,
    /// `before` or `after`: where the page begins.
    pub from: From,
}

impl Default for WorkOrderQuery {
    fn default() -> Self {
        Self {
            over: false,
            kind: None,
            keyword: String::new(),
            counted: Counted::default(),
            size: PAGE_SIZE,
            from: From::Start,
        }
    }
}

impl WorkOrderQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            over: get("tab").as_deref() == Some("over"),
            kind: get("kind").and_then(|id| OrderKind::from_id(&id)),
            keyword: get("q").map(|text| text.trim().to_owned()).unwrap_or_default(),
            counted: Counted::parse(&get),
            size: size(&get),
            from: From::parse(&get),
        }
    }

    /// The parameters that are not the default, in a fixed order. Values are not escaped yet.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let (before, after) = self.from.printed();
        let given = [
            ("tab", self.over.then(|| "over".to_owned())),
            ("kind", self.kind.map(|kind| kind.id().to_owned())),
            ("q", Some(self.keyword.clone()).filter(|text| !text.is_empty())),
            ("size", Some(self.size).filter(|size| *size != PAGE_SIZE).map(|size| size.to_string())),
            ("before", before),
            ("after", after),
        ];
        let given = given.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.chain(self.counted.parameters()).collect()
    }

    /// The same list from its start on this tab. What the 工单看板 counts is of one tab.
    pub fn tab(&self, over: bool) -> Self {
        let counted = if over == self.over { self.counted.clone() } else { Counted::default() };
        Self { over, from: From::Start, counted, ..self.clone() }
    }

    /// Whether anything but the tab and the page narrows the list.
    pub fn is_filtered(&self) -> bool {
        self.kind.is_some() || !self.keyword.is_empty() || self.counted.is_there()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Ended;
    use super::*;
    use crate::dashboard::{AGES, DAY_MS};
    use crate::ids::PersonId;
    use crate::region::RegionCode;
    use crate::time::UtcMillis;
    use crate::work_order::OrderStatus;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    prop_compose! {
        fn counted()(
            age in proptest::option::of(0..AGES.len() as u8),
            overdue: bool,
            region in proptest::option::of(proptest::sample::select(RegionCode::all().collect::<Vec<_>>())),
            (department, reason) in ("[a-z厅&=%]{0,8}", "[a-z错 &=%]{0,8}"),
            reviewer in proptest::option::of(any::<u128>().prop_map(|id| PersonId(uuid::Uuid::from_u128(id)))),
            ended in proptest::option::of(prop_oneof![
                Just(Ended::Lately), (0_i64..40_000).prop_map(|day| Ended::On(UtcMillis(day * DAY_MS).date()))]),
            status in proptest::option::of(proptest::sample::select(OrderStatus::ALL.to_vec())),
            step in proptest::option::of(any::<u8>()),
        ) -> Counted {
            Counted { age, overdue, region, department, reviewer, ended, status, step, reason }
        }
    }

    proptest! {
        #[test]
        fn an_address_reads_as_it_was_printed(
            over: bool,
            kind in proptest::option::of(proptest::sample::select(OrderKind::ALL.to_vec())),
            keyword in "[a-z公交_&=%]{0,8}",
            counted in counted(),
            size in proptest::sample::select(super::super::PAGE_SIZES.to_vec()),
            from in prop_oneof![Just(From::Start), any::<i64>().prop_map(From::Before), any::<i64>().prop_map(From::After)],
        ) {
            let query = WorkOrderQuery { over, kind, keyword, counted, size, from };
            let parameters: BTreeMap<&str, String> = query.parameters().into_iter().collect();
            prop_assert_eq!(WorkOrderQuery::parse(|name| parameters.get(name).cloned()), query);
        }
    }

    #[test]
    fn what_is_wrong_in_an_address_is_not_there() {
        let wrong = ["tab", "kind", "size", "before", "age", "region", "reviewer", "ended", "status", "step"];
        let query = WorkOrderQuery::parse(|name| wrong.contains(&name).then(|| "x".to_owned()));
        assert_eq!(query, WorkOrderQuery::default());
    }
}
