//! The address of 账号 and of 角色.

use serde::{Deserialize, Serialize};

use super::From;
use crate::region::RegionCode;
use crate::role::Role;
use crate::view::account::Standing;

/// The address of 账号 and of 角色. What an address says wrongly is not there.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PersonQuery {
    /// `q`: part of a name, an account or a department, or a whole mobile number.
    pub keyword: String,
    /// `standing`.
    pub standing: Option<Standing>,
    /// `role`.
    pub role: Option<HasRole>,
    /// `region`: of a seat.
    pub region: Option<RegionCode>,
    /// `before` or `after`: where the page begins.
    pub from: From,
}

/// Which role, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HasRole {
    /// This one.
    Is(Role),
    /// 没有角色.
    Nothing,
}

impl HasRole {
    /// The value of `role`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Is(role) => role.id(),
            Self::Nothing => "none",
        }
    }

    /// What the value of `role` says.
    pub fn from_id(id: &str) -> Option<Self> {
        if id == "none" { Some(Self::Nothing) } else { Role::from_id(id).map(Self::Is) }
    }
}

impl PersonQuery {
    /// Reads the parameters of an address; `get` gives the decoded value of a name.
    pub fn parse(get: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            keyword: get("q").map(|text| text.trim().to_owned()).unwrap_or_default(),
            standing: get("standing").and_then(|id| Standing::from_id(&id)),
            role: get("role").and_then(|id| HasRole::from_id(&id)),
            region: get("region").and_then(|code| RegionCode::parse(&code)),
            from: From::parse(&get),
        }
    }

    /// The parameters that are not the default, in a fixed order. Values are not escaped yet.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let (before, after) = self.from.printed();
        let given = [
            ("q", Some(self.keyword.clone()).filter(|text| !text.is_empty())),
            ("standing", self.standing.map(|standing| standing.id().to_owned())),
            ("role", self.role.map(|role| role.id().to_owned())),
            ("region", self.region.map(|region| region.to_string())),
            ("before", before),
            ("after", after),
        ];
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Whether anything but the page narrows the list.
    pub fn is_filtered(&self) -> bool {
        Self { from: From::Start, ..self.clone() } != Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn an_address_reads_as_it_was_printed() {
        let query = PersonQuery {
            keyword: "王 &".to_owned(),
            standing: Some(Standing::Stopped),
            role: Some(HasRole::Nothing),
            region: RegionCode::parse("330100"),
            from: From::Before(7),
        };
        let parameters: BTreeMap<&str, String> = query.parameters().into_iter().collect();
        assert_eq!(PersonQuery::parse(|name| parameters.get(name).cloned()), query);
        assert_eq!(PersonQuery::parse(|_| Some(String::new())), PersonQuery::default());
        for role in Role::ALL {
            assert_eq!(HasRole::from_id(HasRole::Is(role).id()), Some(HasRole::Is(role)));
        }
    }
}
