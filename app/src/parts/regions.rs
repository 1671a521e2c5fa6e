//! All regions, to choose one of.

use crate::ui::select::Options;
use domain::RegionCode;

/// Cities before their counties, which are set in.
pub fn regions() -> Options {
    let word = |region: RegionCode| match region.city() {
        Some(city) if city != region => format!("　{}", region.name()),
        _ => region.site_name(),
    };
    RegionCode::all().map(|region| (region.to_string(), word(region))).collect()
}
