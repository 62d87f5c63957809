//! Days of three calendars as one number.

/// A calendar in which dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Calendar {
    /// The civil calendar of most of the world.
    Gregorian,
    /// Iran's and Afghanistan's: the year begins in March.
    SolarHijri,
    /// The Muslim lunar calendar, in its civil arithmetic; the moon may be seen a day earlier or later.
    Hijri,
}

/// Years that a date of a person's life can have, in each calendar: people and their grandparents. After 1502 the cycle of 33 years
/// and the sun disagree about leap days.
const YEARS: [(Calendar, i32, i32); 3] = [
    (Calendar::Gregorian, 1700, 2199),
    (Calendar::SolarHijri, 1150, 1502),
    (Calendar::Hijri, 1110, 1620),
];

/// The day 1 of month 1 of year 1, from 1970-01-01: 21 March 622 (Gregorian).
const SOLAR_HIJRI_EPOCH: i32 = -492_268;
/// 19 July 622 (Gregorian), the civil epoch.
const HIJRI_EPOCH: i32 = -492_148;

impl Calendar {
    /// Whether a person's life can have this year.
    pub(super) fn has_year(self, year: i32) -> bool {
        YEARS
            .iter()
            .any(|(calendar, first, last)| *calendar == self && (*first..=*last).contains(&year))
    }

    /// How many days a month has; 0 for one that there is not.
    pub(super) fn month_days(self, year: i32, month: i32) -> i32 {
        match (self, month) {
            (_, ..=0 | 13..) => 0,
            (Calendar::Gregorian, 2) => {
                28 + i32::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
            }
            (Calendar::Gregorian, 4 | 6 | 9 | 11) => 30,
            (Calendar::Gregorian, _) => 31,
            (Calendar::SolarHijri, 1..=6) => 31,
            (Calendar::SolarHijri, 12) => 29 + i32::from((25 * year + 11) % 33 < 8),
            (Calendar::SolarHijri, _) => 30,
            (Calendar::Hijri, 12) => 29 + i32::from((11 * year + 14) % 30 < 11),
            (Calendar::Hijri, _) => 29 + month % 2,
        }
    }

    /// The number of a day, from 1970-01-01.
    pub(super) fn number(self, year: i32, month: i32, day: i32) -> i32 {
        match self {
            Calendar::Gregorian => {
                // Years that begin in March have their leap day at their end.
                let (year, month) = if month <= 2 {
                    (year - 1, month + 9)
                } else {
                    (year, month - 3)
                };
                365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day
                    - 1
                    - 719_468
            }
            Calendar::SolarHijri => {
                let months = (month - 1) * 30 + (month - 1).min(6);
                SOLAR_HIJRI_EPOCH + 365 * (year - 1) + (8 * year + 21) / 33 + months + day - 1
            }
            Calendar::Hijri => {
                HIJRI_EPOCH
                    + 354 * (year - 1)
                    + (3 + 11 * year) / 30
                    + (59 * (month - 1) + 1) / 2
                    + day
                    - 1
            }
        }
    }
}

/// Year, month and day of a number.
pub(super) fn gregorian(number: i32) -> (i32, i32, i32) {
    let days = number + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year_of_era + era * 400 + i32::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use icu_calendar::Date;
    use icu_calendar::cal::Hijri;
    use icu_calendar::types::RataDie;

    /// 1970-01-01.
    const EPOCH: RataDie = RataDie::new(719_163);

    fn iso(year: i32, month: i32, day: i32) -> i32 {
        Calendar::Gregorian.number(year, month, day)
    }

    #[test]
    fn the_first_days_of_years_agree_with_another_implementation() {
        for year in 1150..=1502 {
            let theirs = Date::try_new_persian(year, 1, 1).unwrap().to_rata_die() - EPOCH;
            let ours = i64::from(Calendar::SolarHijri.number(year, 1, 1));
            assert_eq!(ours, theirs, "{year}");
            assert_eq!(
                Calendar::SolarHijri.number(year, 12, Calendar::SolarHijri.month_days(year, 12))
                    + 1,
                Calendar::SolarHijri.number(year + 1, 1, 1),
                "{year}"
            );
        }
    }

    #[test]
    fn hijri_years_agree_with_another_implementation() {
        for year in (1110..=1620).step_by(7) {
            for month in 1..=12u8 {
                let tabular = Hijri::new_tabular(
                    icu_calendar::cal::hijri::TabularAlgorithmLeapYears::TypeII,
                    icu_calendar::cal::hijri::TabularAlgorithmEpoch::Friday,
                );
                let theirs = Date::try_new_hijri_with_calendar(year, month, 1, tabular).unwrap();
                let ours = Calendar::Hijri.number(year, i32::from(month), 1);
                assert_eq!(
                    i64::from(ours),
                    theirs.to_rata_die() - EPOCH,
                    "{year} {month}"
                );
            }
        }
    }

    #[test]
    fn every_day_has_its_number_and_back() {
        assert_eq!(gregorian(0), (1970, 1, 1));
        assert_eq!(iso(1979, 2, 11), Calendar::SolarHijri.number(1357, 11, 22));
        for number in (-90_000..60_000).step_by(13) {
            let (year, month, day) = gregorian(number);
            assert_eq!(iso(year, month, day), number);
        }
    }
}
