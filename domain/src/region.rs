//! Regions of Zhejiang by official code: the sites of 适用范围, 所属区域, and the areas of reviewers.
//! A city's own code stands for its 本级, the province's for 省本级. Source: docs/regions.md.

mod table;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use table::TABLE;

/// An official six-digit code that is in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct RegionCode(u32);

/// How high a region stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 省 (as a site: 省本级).
    Province,
    /// 市 (as a site: its 本级).
    City,
    /// 县 (市, 区).
    County,
}

/// The code is not in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchRegion;

impl fmt::Display for NoSuchRegion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such region code")
    }
}

impl TryFrom<u32> for RegionCode {
    type Error = NoSuchRegion;

    fn try_from(code: u32) -> Result<RegionCode, NoSuchRegion> {
        TABLE.binary_search_by_key(&code, |row| row.0).map(|_| RegionCode(code)).map_err(|_| NoSuchRegion)
    }
}

impl From<RegionCode> for u32 {
    fn from(region: RegionCode) -> u32 {
        region.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl RegionCode {
    /// Zhejiang; as a site 省本级.
    pub const PROVINCE: RegionCode = RegionCode(330_000);

    /// From six digits as typed or sent.
    pub fn parse(text: &str) -> Option<RegionCode> {
        let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { text.parse::<u32>().ok()?.try_into().ok() } else { None }
    }

    /// The number: fits every database integer.
    pub const fn code(self) -> u32 {
        self.0
    }

    /// How high it stands.
    pub const fn level(self) -> Level {
        if self.0.is_multiple_of(10_000) {
            Level::Province
        } else if self.0.is_multiple_of(100) {
            Level::City
        } else {
            Level::County
        }
    }

    /// The official name: 浙江省, 杭州市, 上城区.
    pub fn name(self) -> &'static str {
        TABLE.binary_search_by_key(&self.0, |row| row.0).map_or("", |index| TABLE[index].1)
    }

    /// The name as a site: 省本级, 杭州市本级, 上城区.
    pub fn site_name(self) -> String {
        match self.level() {
            Level::Province => "省本级".to_owned(),
            Level::City => format!("{}本级", self.name()),
            Level::County => self.name().to_owned(),
        }
    }

    /// The names from the province down: 浙江省 / 杭州市 / 上城区.
    pub fn path_name(self) -> String {
        match self.parent() {
            Some(parent) => format!("{} / {}", parent.path_name(), self.name()),
            None => self.name().to_owned(),
        }
    }

    /// The city it lies in; a city is its own, the province has none.
    pub const fn city(self) -> Option<RegionCode> {
        match self.level() {
            Level::Province => None,
            Level::City | Level::County => Some(RegionCode(self.0 / 100 * 100)),
        }
    }

    /// The region above.
    pub const fn parent(self) -> Option<RegionCode> {
        match self.level() {
            Level::Province => None,
            Level::City => Some(RegionCode::PROVINCE),
            Level::County => Some(RegionCode(self.0 / 100 * 100)),
        }
    }

    /// The regions directly below, in order of code.
    pub fn children(self) -> impl Iterator<Item = RegionCode> {
        RegionCode::all().filter(move |region| region.parent() == Some(self))
    }

    /// What a city's box chooses: the city's 本级 and all its counties. For others: itself.
    pub fn whole(self) -> Vec<RegionCode> {
        match self.level() {
            Level::City => std::iter::once(self).chain(self.children()).collect(),
            Level::Province | Level::County => vec![self],
        }
    }

    /// All regions, in order of code: the province first, each city before its counties.
    pub fn all() -> impl Iterator<Item = RegionCode> {
        TABLE.iter().map(|row| RegionCode(row.0))
    }

    /// The 11 cities, in order of code.
    pub fn cities() -> impl Iterator<Item = RegionCode> {
        RegionCode::PROVINCE.children()
    }
}

/// The regions whose name, site name, code or city's name contains the typed text, in order of code;
/// all for blank text. For the search of the region tree.
pub fn search(typed: &str) -> Vec<RegionCode> {
    let wanted = typed.trim();
    let in_name = |region: RegionCode| region.site_name().contains(wanted) || region.name().contains(wanted);
    RegionCode::all()
        .filter(|region| {
            in_name(*region)
                || region.city().is_some_and(|city| city.name().contains(wanted))
                || (wanted.len() >= 2 && region.to_string().starts_with(wanted))
        })
        .collect()
}

/// The sites with these codes, without doubles, in order.
///
/// # Errors
/// The codes that are none, as given.
pub fn sites(codes: &[String]) -> Result<BTreeSet<RegionCode>, Vec<String>> {
    let mut known = BTreeSet::new();
    let mut unknown = Vec::new();
    for code in codes {
        match RegionCode::parse(code.trim()) {
            Some(region) => {
                known.insert(region);
            }
            None => unknown.push(code.clone()),
        }
    }
    if unknown.is_empty() { Ok(known) } else { Err(unknown) }
}

/// The sites as people read them: whole cities as 杭州市（全部）, the rest by site name.
pub fn summary(sites: &BTreeSet<RegionCode>) -> Vec<String> {
    let mut words = Vec::new();
    let mut told = BTreeSet::new();
    for site in sites {
        let whole = site.city().map(RegionCode::whole).unwrap_or_default();
        if told.contains(site) {
            continue;
        }
        if !whole.is_empty() && whole.iter().all(|part| sites.contains(part)) {
            words.push(format!("{}（全部）", whole[0].name()));
            told.extend(whole);
        } else {
            words.push(site.site_name());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(code: u32) -> RegionCode {
        RegionCode::try_from(code).unwrap()
    }

    #[test]
    fn the_table_is_whole() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0), "codes are unique and in order");
        assert_eq!(RegionCode::cities().count(), 11);
        let counties: Vec<usize> = RegionCode::cities().map(|city| city.children().count()).collect();
        assert_eq!(counties, [13, 10, 12, 7, 5, 6, 9, 6, 4, 9, 9]);
        assert_eq!(counties.iter().sum::<usize>(), 90);
        assert_eq!(RegionCode::all().count(), 102);
        for region in RegionCode::all().filter(|region| *region != RegionCode::PROVINCE) {
            let parent = region.parent().unwrap();
            assert!(RegionCode::try_from(parent.code()).is_ok(), "{region} has a parent in the table");
            assert!(!region.name().is_empty());
        }
    }

    #[test]
    fn a_code_is_read_or_refused() {
        assert_eq!(RegionCode::parse("330102").map(RegionCode::name), Some("上城区"));
        for bad in ["", "33", "330103", "330104", "999999", "3301020", "33010a", "+33010"] {
            assert_eq!(RegionCode::parse(bad), None, "{bad}");
        }
        assert_eq!(serde_json::from_str::<RegionCode>("330100").unwrap(), region(330_100));
        assert!(serde_json::from_str::<RegionCode>("330103").is_err());
    }

    #[test]
    fn names_go_from_the_province_down() {
        assert_eq!(region(330_102).path_name(), "浙江省 / 杭州市 / 上城区");
        assert_eq!(region(330_100).site_name(), "杭州市本级");
        assert_eq!(RegionCode::PROVINCE.site_name(), "省本级");
        assert_eq!(region(330_102).city(), Some(region(330_100)));
        assert_eq!(region(330_100).city(), Some(region(330_100)));
        assert_eq!(RegionCode::PROVINCE.city(), None);
    }

    #[test]
    fn searching_finds_a_city_with_its_counties() {
        assert_eq!(search("上城").len(), 1);
        assert_eq!(search("舟山").len(), 5);
        assert_eq!(search("3309").len(), 5);
        assert_eq!(search("").len(), 102);
        assert_eq!(search("没有").len(), 0);
        assert!(search("本级").len() == 12);
    }

    #[test]
    fn a_set_is_checked_and_summed_up() {
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        assert_eq!(sites(&codes(&["330102", "330103", "x"])), Err(codes(&["330103", "x"])));
        let mut chosen = sites(&codes(&["330000", "330102", "330102"])).unwrap();
        assert_eq!(summary(&chosen), ["省本级", "上城区"]);
        chosen.extend(region(330_900).whole());
        assert_eq!(summary(&chosen), ["省本级", "上城区", "舟山市（全部）"]);
    }
}
