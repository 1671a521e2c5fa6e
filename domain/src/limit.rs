//! 限制: what a package and its build may take, as the system administrator sets it (packages.md; identity.md). A limit that the server was
//! told by its settings is fixed; of the others the screen's value counts, else the default.

use crate::fields::{FieldErrors, FieldId};
use crate::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// The zip. Megabytes.
    PackageMegabytes,
    /// All files, unpacked. Megabytes.
    PackageUnpackedMegabytes,
    /// One file, unpacked. Megabytes.
    PackageFileMegabytes,
    /// Files and folders.
    PackageEntries,
    /// Characters of a path.
    PackagePathCharacters,
    /// Levels of a path.
    PackagePathLevels,
    /// Unpacked size to packed size.
    PackageRatio,
    /// A build's time. Minutes.
    BuildMinutes,
    /// A build's memory. Megabytes.
    BuildMemoryMegabytes,
    /// A build's processes and threads.
    BuildProcesses,
    /// What a build puts out. Megabytes.
    BuildOutputMegabytes,
    /// What a build takes on the disk. Megabytes.
    BuildDiskMegabytes,
}

impl Limit {
    /// All, in the order of the page.
    pub const ALL: [Limit; 12] = [
        Limit::PackageMegabytes,
        Limit::PackageUnpackedMegabytes,
        Limit::PackageFileMegabytes,
        Limit::PackageEntries,
        Limit::PackagePathCharacters,
        Limit::PackagePathLevels,
        Limit::PackageRatio,
        Limit::BuildMinutes,
        Limit::BuildMemoryMegabytes,
        Limit::BuildProcesses,
        Limit::BuildOutputMegabytes,
        Limit::BuildDiskMegabytes,
    ];

    /// The name of its setting, the same as in serde.
    pub const fn id(self) -> &'static str {
        match self {
            Limit::PackageMegabytes => "package-megabytes",
            Limit::PackageUnpackedMegabytes => "package-unpacked-megabytes",
            Limit::PackageFileMegabytes => "package-file-megabytes",
            Limit::PackageEntries => "package-entries",
            Limit::PackagePathCharacters => "package-path-characters",
            Limit::PackagePathLevels => "package-path-levels",
            Limit::PackageRatio => "package-ratio",
            Limit::BuildMinutes => "build-minutes",
            Limit::BuildMemoryMegabytes => "build-memory-megabytes",
            Limit::BuildProcesses => "build-processes",
            Limit::BuildOutputMegabytes => "build-output-megabytes",
            Limit::BuildDiskMegabytes => "build-disk-megabytes",
        }
    }

    /// The limit with this id, if there is one.
    pub fn from_id(id: &str) -> Option<Limit> {
        Limit::ALL.into_iter().find(|limit| limit.id() == id)
    }

    /// Its place on the page, counted from 0.
    pub const fn place(self) -> u16 {
        self as u16
    }

    /// What the screen takes. Settings take any number from 1: whoever has the machine knows it.
    pub const fn range(self) -> RangeInclusive<u32> {
        match self {
            Limit::PackageMegabytes | Limit::PackageFileMegabytes => 1..=2048,
            Limit::PackageUnpackedMegabytes | Limit::BuildOutputMegabytes => 1..=10_240,
            Limit::PackageEntries => 10..=200_000,
            Limit::PackagePathCharacters => 20..=1_000,
            Limit::PackagePathLevels => 2..=50,
            Limit::PackageRatio => 10..=10_000,
            Limit::BuildMinutes => 1..=120,
            Limit::BuildMemoryMegabytes => 256..=65_536,
            Limit::BuildProcesses => 32..=8_192,
            Limit::BuildDiskMegabytes => 100..=65_536,
        }
    }
}

/// The form as typed, by the limit's id. An empty one is the default; one that is not there stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitDraft {
    /// As typed.
    pub values: BTreeMap<String, String>,
}

/// What the form says of a limit: a value, or the default.
pub type Typed = BTreeMap<Limit, Option<u32>>;

/// What is wrong, as the errors of a form: each of its own entry, and named, so that the summary says which.
pub fn errors(wrong: &[(Limit, String)]) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (limit, sentence) in wrong {
        errors.add_item(FieldId::Limits, usize::from(limit.place()), format!("{}：{sentence}", words::limit(*limit)));
    }
    errors
}

/// Checks it.
///
/// # Errors
/// A sentence for each that is no good.
pub fn validate(draft: &LimitDraft) -> Result<Typed, Vec<(Limit, String)>> {
    let (mut typed, mut wrong) = (Typed::new(), Vec::new());
    for (id, text) in &draft.values {
        let Some(limit) = Limit::from_id(id) else { continue };
        let (text, range) = (text.trim(), limit.range());
        match text.parse::<u32>() {
            _ if text.is_empty() => drop(typed.insert(limit, None)),
            Ok(value) if range.contains(&value) => drop(typed.insert(limit, Some(value))),
            _ => wrong.push((limit, format!("请填写 {} 到 {} 的整数，或留空用默认值", range.start(), range.end()))),
        }
    }
    // In the order of the page, not of the names.
    wrong.sort_by_key(|(limit, _)| *limit);
    if wrong.is_empty() { Ok(typed) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_number_within_its_range_or_the_default() {
        let draft = |text: &str| LimitDraft { values: BTreeMap::from([("build-minutes".to_owned(), text.to_owned())]) };
        assert_eq!(validate(&draft(" 15 ")), Ok(BTreeMap::from([(Limit::BuildMinutes, Some(15))])));
        assert_eq!(validate(&draft("")), Ok(BTreeMap::from([(Limit::BuildMinutes, None)])));
        for wrong in ["0", "121", "-1", "1.5", "十", "99999999999"] {
            assert_eq!(validate(&draft(wrong)).unwrap_err()[0].0, Limit::BuildMinutes, "{wrong}");
        }
    }

    #[test]
    fn every_wrong_limit_is_named_at_its_own_place_in_the_order_of_the_page() {
        let typed = [("build-minutes", "x"), ("package-megabytes", "0"), ("package-ratio", "100")];
        let values = typed.map(|(id, text)| (id.to_owned(), text.to_owned()));
        let wrong = errors(&validate(&LimitDraft { values: BTreeMap::from(values) }).unwrap_err());
        let said: Vec<_> = wrong.iter().map(|error| (error.item, error.text.split('：').next().unwrap())).collect();
        let expected = [Limit::PackageMegabytes, Limit::BuildMinutes];
        assert_eq!(said, expected.map(|limit| (Some(limit.place()), words::limit(limit))));
        for (at, limit) in Limit::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(limit.place()), at);
        }
    }

    #[test]
    fn ids_are_those_of_serde() {
        for limit in Limit::ALL {
            assert_eq!(serde_json::to_value(limit).unwrap(), limit.id());
            assert_eq!(Limit::from_id(limit.id()), Some(limit));
        }
    }
}
