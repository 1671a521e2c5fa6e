//! 变更记录: the pages of a list of versions, which are numbered from 1 without a gap (检测规则, 限制, 审批路由, 登录策略).

use crate::time::UtcMillis;
use serde::{Deserialize, Serialize};

/// Versions of a page.
pub const CHANGES: i64 = 20;

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangePage {
    /// The present version; 0: nobody made one.
    pub number: i64,
    /// Newest first; at most [`CHANGES`].
    pub rows: Vec<ChangeRow>,
    /// The ways to those around it.
    pub pages: ChangePages,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRow {
    /// From 1.
    pub number: i64,
    /// What it is called.
    pub word: String,
    /// What it changed, or says, a line each; none: it is opened to be seen.
    pub moves: Vec<String>,
    /// Who made it.
    pub by: String,
    /// When.
    pub at: UtcMillis,
}

/// The ways to the pages around one: each begins below a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ChangePages {
    /// Of the newer page, if there is one.
    pub newer: Option<i64>,
    /// Of the older page, if there is one.
    pub older: Option<i64>,
}

impl ChangePages {
    /// Around the page that begins below `before`; `None`: at the newest.
    pub fn around(newest: i64, before: Option<i64>) -> Self {
        let top = below(newest, before) - 1;
        Self {
            newer: (top < newest).then(|| (top + CHANGES).min(newest) + 1),
            older: (top > CHANGES).then(|| top - CHANGES + 1),
        }
    }
}

/// Below which number the page begins, whatever the address says.
pub fn below(newest: i64, before: Option<i64>) -> i64 {
    before.map_or(newest, |before| before.saturating_sub(1).clamp(newest.min(1), newest)) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_goes_down_and_up_again_sees_every_version_once() {
        for newest in [0, 1, 20, 21, 40, 41, 65] {
            let (mut before, mut seen) = (None, Vec::new());
            loop {
                let top = below(newest, before) - 1;
                seen.extend(((top - CHANGES + 1).max(1)..=top).rev());
                match ChangePages::around(newest, before).older {
                    Some(older) => before = Some(older),
                    None => break,
                }
            }
            assert_eq!(seen, (1..=newest).rev().collect::<Vec<_>>(), "{newest}");
            let mut steps = 0;
            while let Some(newer) = ChangePages::around(newest, before).newer {
                (before, steps) = (Some(newer), steps + 1);
            }
            assert_eq!(below(newest, before), newest + 1, "back at the newest of {newest}");
            assert_eq!(steps, (newest - 1).max(0) / CHANGES);
        }
    }

    #[test]
    fn an_address_that_says_nonsense_shows_a_page() {
        for before in [i64::MIN, -1, 0, 1] {
            assert_eq!(below(5, Some(before)), 2, "{before}");
        }
        assert_eq!(below(5, Some(i64::MAX)), 6);
        assert_eq!(below(0, Some(7)), 1);
    }
}
