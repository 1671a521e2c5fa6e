//! Times as the gateway has them: ISO 8601 with milliseconds at +08:00 (identity.md, Signing of 专有钉钉 calls).

/// China has one zone, without summer time. Milliseconds.
const ZONE_MS: i64 = 8 * 60 * 60_000;

const DAY_MS: i64 = 24 * 60 * 60_000;

/// `2026-11-24T08:00:00.000+08:00`; `utc`: UTC milliseconds.
pub(crate) fn iso(utc: i64) -> String {
    let local = utc.saturating_add(ZONE_MS);
    let (days, of_day) = (local.div_euclid(DAY_MS), local.rem_euclid(DAY_MS));
    let (year, month, day) = date(days);
    let (hours, minutes) = (of_day / 3_600_000, of_day / 60_000 % 60);
    let (seconds, millis) = (of_day / 1_000 % 60, of_day % 1_000);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{millis:03}+08:00")
}

/// The day in China, counted from 1970-01-01.
#[cfg(feature = "fake")]
pub(crate) fn day(utc: i64) -> i64 {
    utc.saturating_add(ZONE_MS).div_euclid(DAY_MS)
}

/// Year, month and day of a day counted from 1970-01-01: Howard Hinnant's `civil_from_days`, in years that begin in March.
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python's datetime.
    #[test]
    fn times_are_written_in_chinas_zone() {
        for (utc, text) in [
            (1_795_478_400_000, "2026-11-24T08:00:00.000+08:00"),
            (0, "1970-01-01T08:00:00.000+08:00"),
            (-1, "1970-01-01T07:59:59.999+08:00"),
            (951_839_999_999, "2000-02-29T23:59:59.999+08:00"),
            (951_840_000_000, "2000-03-01T00:00:00.000+08:00"),
            (1_735_660_800_001, "2025-01-01T00:00:00.001+08:00"),
            (4_107_513_599_999, "2100-02-28T23:59:59.999+08:00"),
            (4_107_513_600_000, "2100-03-01T00:00:00.000+08:00"),
        ] {
            assert_eq!(iso(utc), text);
        }
    }
}
