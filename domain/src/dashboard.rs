//! What the 工单看板 counts: ages, percentiles, days. screens.md: 工单看板.

use crate::time::UtcMillis;

/// How many days are looked back on, today included.
pub const DAYS: i64 = 30;

/// The ages of what waits: under 4 hours, a day, two days, five days, and longer. The second number is where the next begins.
pub const AGES: [(&str, i64); 5] = [
    ("4 小时内", 4 * HOUR_MS),
    ("1 天内", DAY_MS),
    ("2 天内", 2 * DAY_MS),
    ("5 天内", 5 * DAY_MS),
    ("超过 5 天", i64::MAX),
];

/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * HOUR_MS;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// The zone is a constant: +08:00.
const ZONE_MS: i64 = 8 * HOUR_MS;

/// The local day, counted from 1970-01-01.
pub const fn day_of(at: UtcMillis) -> i64 {
    (at.0 + ZONE_MS).div_euclid(DAY_MS)
}

/// When the local day begins.
pub const fn begin_of(day: i64) -> UtcMillis {
    UtcMillis(day * DAY_MS - ZONE_MS)
}

/// The value below which `percent` of 100 lie (nearest rank); `sorted` is in rising order.
pub fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// So long: "3 小时", "2.5 天".
pub fn span_text(ms: i64) -> String {
    let minutes = ms.max(0) / 60_000;
    match minutes {
        0 => "1 分钟内".to_owned(),
        1..60 => format!("{minutes} 分钟"),
        60..1440 => format!("{} 小时", tenths(minutes, 60)),
        _ => format!("{} 天", tenths(minutes, 1440)),
    }
}

/// With one decimal place, if it is not zero.
fn tenths(n: i64, unit: i64) -> String {
    let tenths = n * 10 / unit;
    if tenths % 10 == 0 { (tenths / 10).to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_begin_at_midnight_in_the_constant_zone() {
        let begin = begin_of(20_000);
        assert_eq!(day_of(begin), 20_000);
        assert_eq!(day_of(UtcMillis(begin.0 - 1)), 19_999);
        assert!(begin.local_text().ends_with("00:00"), "{}", begin.local_text());
    }

    #[test]
    fn spans_are_read_at_a_glance() {
        let texts = [30_000, 5 * 60_000, 90 * 60_000, 2 * HOUR_MS, 36 * HOUR_MS, 3 * DAY_MS].map(span_text);
        assert_eq!(texts, ["1 分钟内", "5 分钟", "1.5 小时", "2 小时", "1.5 天", "3 天"]);
    }

    proptest! {
        #[test]
        fn a_percentile_is_one_of_the_values_and_has_its_share_at_or_below_it(mut all in prop::collection::vec(0_i64..1000, 1..200), percent in 1_usize..=100) {
            all.sort_unstable();
            let found = percentile(&all, percent).unwrap();
            let at_or_below = all.iter().filter(|value| **value <= found).count();
            prop_assert!(at_or_below * 100 >= all.len() * percent);
            let below = all.iter().filter(|value| **value < found).count();
            prop_assert!(below * 100 < all.len() * percent);
        }
    }

    #[test]
    fn nothing_has_no_percentile() {
        assert_eq!(percentile(&[], 50), None);
    }
}
