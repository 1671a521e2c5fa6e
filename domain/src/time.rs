//! Points in time and calendar dates, without a clock and without zone tables: the zone is +08:00.
//! design.md, Live events ("the zone is a constant +08:00").

use std::fmt;

use serde::{Deserialize, Serialize};

/// UTC milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UtcMillis(pub i64);

/// A day of the calendar in China.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    /// Year, 1970 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
const OFFSET: i64 = 8 * 60 * MINUTE;

impl UtcMillis {
    /// The day in China at this moment.
    pub fn date(self) -> Date {
        Date::from_days((self.0 + OFFSET).div_euclid(DAY))
    }

    /// `2026-11-24T14:05`, as the field of a browser types it, taken as time in China. `None`: not of
    /// this form. Seconds, if given, are read and must be whole.
    pub fn from_local(text: &str) -> Option<UtcMillis> {
        let (date, time) = text.split_once(['T', ' '])?;
        let mut parts = time.split(':').map(two_digits);
        let hour = parts.next()??;
        let minute = parts.next()??;
        let second = parts.next().unwrap_or(Some(0))?;
        if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let in_day = i64::from(hour) * 60 * MINUTE + i64::from(minute) * MINUTE + i64::from(second) * 1000;
        Some(UtcMillis(Date::parse(date)?.days() * DAY + in_day - OFFSET))
    }

    /// `2026-11-24 14:05` in China.
    pub fn local_text(self) -> String {
        let local = self.0 + OFFSET;
        let minutes = local.rem_euclid(DAY) / MINUTE;
        format!("{} {:02}:{:02}", self.date(), minutes / 60, minutes % 60)
    }

    /// `2026-11-24 14:05:09` in China.
    pub fn second_text(self) -> String {
        format!("{}:{:02}", self.local_text(), self.0.rem_euclid(MINUTE) / 1000)
    }

    /// How long ago it was, roughly, for people: 刚刚, 5 分钟, 2 小时, 3 天.
    pub fn age_text(self, now: UtcMillis) -> String {
        let minutes = (now.0 - self.0).max(0) / 60_000;
        match minutes {
            0 => "刚刚".to_owned(),
            1..60 => format!("{minutes} 分钟"),
            60..1440 => format!("{} 小时", minutes / 60),
            _ => format!("{} 天", minutes / 1440),
        }
    }

    /// The same as a point in time: 刚刚, 5 分钟前, 2 小时前.
    pub fn ago_text(self, now: UtcMillis) -> String {
        let age = self.age_text(now);
        if age == "刚刚" { age } else { format!("{age}前") }
    }

    /// The time of day in China: `14:05`.
    pub fn clock_text(self) -> String {
        self.local_text().split_off(11)
    }

    /// `2026-11-24T14:05:09+08:00` (RFC 3339), for machines.
    pub fn rfc3339(self) -> String {
        format!("{}+08:00", self.second_text().replacen(' ', "T", 1))
    }

    /// `2026-11-24T14:05+08:00`, for `<time datetime>`.
    pub fn datetime(self) -> String {
        format!("{}+08:00", self.local_text().replacen(' ', "T", 1))
    }
}

impl Date {
    /// `2026-11-24`, a day that exists. `None` for anything else.
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 || !year.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let date = Date { year: year.parse().ok()?, month: two_digits(month)?, day: two_digits(day)? };
        let exists = date.year >= 1970 && (1..=12).contains(&date.month) && Date::from_days(date.days()) == date;
        exists.then_some(date)
    }

    /// Its midnight in China.
    pub fn begin(self) -> UtcMillis {
        UtcMillis(self.days() * DAY - OFFSET)
    }

    /// Its end in China: the next midnight.
    pub fn end(self) -> UtcMillis {
        UtcMillis(self.begin().0 + DAY)
    }

    /// The day before.
    pub fn before(self) -> Date {
        Date::from_days(self.days() - 1)
    }

    /// Days since 1970-01-01 (the civil calendar in integers, after Howard Hinnant).
    fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn from_days(days: i64) -> Date {
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        Date {
            year: u16::try_from(year).unwrap_or(0),
            month: u8::try_from(month).unwrap_or(0),
            day: u8::try_from(day).unwrap_or(0),
        }
    }
}

fn two_digits(text: &str) -> Option<u8> {
    (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_exist_or_are_refused() {
        for good in ["1970-01-01", "2024-02-29", "2026-11-24", "2000-02-29", "2026-12-31"] {
            assert_eq!(Date::parse(good).map(|d| d.to_string()).as_deref(), Some(good));
        }
        for bad in [
            "",
            "2026-2-01",
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-01-00",
            "26-01-01",
            "2026-01-01-01",
            "1969-12-31",
        ] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn local_time_is_eight_hours_ahead() {
        let at = UtcMillis::from_local("2026-11-24T07:59").unwrap();
        assert_eq!(at, UtcMillis(1_795_478_340_000));
        assert_eq!(at.local_text(), "2026-11-24 07:59");
        assert_eq!(at.datetime(), "2026-11-24T07:59+08:00");
        assert_eq!(UtcMillis(at.0 + 9_999).second_text(), "2026-11-24 07:59:09");
        assert_eq!(at.date().before().end(), at.date().begin());
        assert_eq!(UtcMillis(at.0 - 8 * 3_600_000).date().to_string(), "2026-11-23");
        for bad in ["2026-11-24", "2026-11-24T24:00", "2026-11-24T7:00", "2026-11-24T07:60", "2026-11-24T07:00:00:00"] {
            assert_eq!(UtcMillis::from_local(bad), None, "{bad}");
        }
    }

    #[test]
    fn ages_are_rough() {
        let now = UtcMillis(1_795_478_340_000);
        let ago = |millis: i64| UtcMillis(now.0 - millis).age_text(now);
        let ages = [-5, 59_999, 60_000, 3_599_999, 3_600_000, 86_399_999, 86_400_000].map(ago);
        assert_eq!(ages, ["刚刚", "刚刚", "1 分钟", "59 分钟", "1 小时", "23 小时", "1 天"]);
        assert_eq!(now.clock_text(), "07:59");
        assert_eq!([now.ago_text(now), UtcMillis(now.0 - 3_600_000).ago_text(now)], ["刚刚", "1 小时前"]);
    }

    #[test]
    fn every_day_of_four_centuries_survives_a_round_trip() {
        for days in 0..160_000 {
            assert_eq!(Date::from_days(days).days(), days);
        }
    }
}
