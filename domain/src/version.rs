//! The number of a version: 主.次.修订. Spec: Registration fields, last paragraph.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Three numbers without leading zeros, compared as numbers. On the wire it is the text `1.20.3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionNumber {
    /// 主.
    pub major: u32,
    /// 次.
    pub minor: u32,
    /// 修订.
    pub patch: u32,
}

/// The largest value of each of the three numbers: nine digits fit every database integer.
pub const MAX_PART: u32 = 999_999_999;

/// The text is not of the form 主.次.修订.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAVersionNumber;

impl VersionNumber {
    /// From its three parts, each at most [`MAX_PART`].
    pub const fn new(major: u32, minor: u32, patch: u32) -> VersionNumber {
        VersionNumber { major, minor, patch }
    }

    /// The next revision, as a proposal for the form.
    pub fn next_patch(self) -> VersionNumber {
        VersionNumber { patch: self.patch.saturating_add(1).min(MAX_PART), ..self }
    }
}

impl FromStr for VersionNumber {
    type Err = NotAVersionNumber;

    fn from_str(text: &str) -> Result<VersionNumber, NotAVersionNumber> {
        let mut parts = text.split('.').map(part);
        let mut next = || parts.next().flatten().ok_or(NotAVersionNumber);
        let number = VersionNumber { major: next()?, minor: next()?, patch: next()? };
        if parts.next().is_some() { Err(NotAVersionNumber) } else { Ok(number) }
    }
}

fn part(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|byte| byte.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    if plain && !leading_zero { text.parse().ok() } else { None }
}

impl fmt::Display for VersionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for VersionNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VersionNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<VersionNumber, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|NotAVersionNumber| de::Error::custom("not a version number"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_three_plain_numbers() {
        for good in ["0.0.0", "1.0.0", "10.20.30", "999999999.0.1"] {
            assert_eq!(good.parse::<VersionNumber>().map(|n| n.to_string()), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "1",
            "1.0",
            "1.0.0.0",
            "01.0.0",
            "1.00.0",
            "1.0.x",
            "1..0",
            "v1.0.0",
            "1.0.0 ",
            "-1.0.0",
            "1.0.1000000000",
            "１.0.0",
        ] {
            assert!(bad.parse::<VersionNumber>().is_err(), "{bad}");
        }
    }

    #[test]
    fn they_compare_as_numbers() {
        let n = |text: &str| text.parse::<VersionNumber>().unwrap();
        assert!(n("1.10.0") > n("1.9.9"));
        assert!(n("2.0.0") > n("1.99.99"));
    }
}
