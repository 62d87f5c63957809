//! Days that are known, half known or written in another calendar, and how alike two of them are.
//!
//! A date is a span of days: one day, a month, a year, a decade, or what somebody could say ("between 1980 and 1983"). Texts are
//! read as ISO 8601 and EDTF, and as people write them, in the Gregorian, the Solar Hijri and the Hijri calendar.

mod calendar;
mod text;

pub use calendar::Calendar;
pub use text::{DateError, read};

/// A span of days in which something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first day that it can be, counted from 1970-01-01 (Gregorian).
    pub first: i32,
    /// The last.
    pub last: i32,
    /// Year, month and day as they were written, and in which calendar, where all three were.
    pub written: Option<(Calendar, [i32; 3])>,
}

/// How alike two dates are, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateLikeness {
    /// More than two years apart.
    Apart,
    /// At most two years apart: an age that was guessed.
    Years,
    /// One of the two is known to the year or worse, and they can be the same.
    Possible,
    /// One is known to the month, and they can be the same.
    Month,
    /// Two days of which two parts are equal: year and month, year and day, or month and day.
    TwoParts,
    /// Two days that differ by a slip: one digit, two digits swapped, day and month swapped.
    Slip,
    /// The same day.
    Day,
}

/// A span of this many days or fewer counts as a day: Hijri months begin when the moon is seen.
const DAY_SPAN_MAX: i32 = 3;
const MONTH_SPAN_MAX: i32 = 33;
/// Two years, in days.
const YEARS_DAYS: i32 = 731;

impl Span {
    /// One day, by its number.
    pub fn day(number: i32) -> Span {
        Span {
            first: number,
            last: number,
            written: None,
        }
    }

    /// A span of several days.
    pub fn between(first: i32, last: i32) -> Span {
        Span {
            first,
            last,
            written: None,
        }
    }

    fn length(&self) -> i32 {
        self.last - self.first + 1
    }

    /// Whether it is known to the day.
    pub fn is_day(&self) -> bool {
        self.length() <= DAY_SPAN_MAX
    }

    /// The Gregorian year and month that the whole span lies in.
    pub fn year_and_month(&self) -> (Option<i32>, Option<i32>) {
        let (first, last) = (
            calendar::gregorian(self.first),
            calendar::gregorian(self.last),
        );
        let year = (first.0 == last.0).then_some(first.0);
        (year, year.filter(|_| first.1 == last.1).map(|_| first.1))
    }

    /// Gregorian month and day, of a span that is a day.
    pub fn month_and_day(&self) -> Option<(i32, i32)> {
        let (_, month, day) = calendar::gregorian((self.first + self.last) / 2);
        self.is_day().then_some((month, day))
    }
}

/// Compares two dates; the order of the two does not matter.
pub fn compare(one: &Span, other: &Span) -> DateLikeness {
    let gap = one.first.max(other.first) - one.last.min(other.last);
    let longest = one.length().max(other.length());
    if gap <= 0 {
        return match () {
            () if longest <= DAY_SPAN_MAX => DateLikeness::Day,
            () if longest <= MONTH_SPAN_MAX => DateLikeness::Month,
            () => DateLikeness::Possible,
        };
    }
    if one.is_day() && other.is_day() {
        if is_slip(one, other) {
            return DateLikeness::Slip;
        }
        if has_two_parts(one, other) {
            return DateLikeness::TwoParts;
        }
    }
    if gap <= YEARS_DAYS {
        DateLikeness::Years
    } else {
        DateLikeness::Apart
    }
}

fn has_two_parts(one: &Span, other: &Span) -> bool {
    let parts = |span: &Span| match span.written {
        Some((Calendar::Gregorian, parts)) => parts,
        _ => calendar::gregorian((span.first + span.last) / 2).into(),
    };
    parts(one)
        .iter()
        .zip(parts(other))
        .filter(|(one, other)| **one == *other)
        .count()
        == 2
}

fn is_slip(one: &Span, other: &Span) -> bool {
    let (Some((calendar, one)), Some((other_calendar, other))) = (one.written, other.written)
    else {
        return false;
    };
    let swapped = one[0] == other[0] && one[1] == other[2] && one[2] == other[1];
    calendar == other_calendar && (swapped || differ_by_a_slip(digits(one), digits(other)))
}

fn digits(date: [i32; 3]) -> [u8; 8] {
    let [year, month, day] = date;
    let number = year * 10_000 + month * 100 + day;
    std::array::from_fn(|at| (number / 10_i32.pow(7 - at as u32) % 10) as u8)
}

/// One digit is another, or two neighbours changed places.
fn differ_by_a_slip(one: [u8; 8], other: [u8; 8]) -> bool {
    let differ = |at: &usize| one[*at] != other[*at];
    let mut places = (0..8).filter(differ);
    match (places.next(), places.next(), places.next()) {
        (Some(_), None, _) => true,
        (Some(first), Some(second), None) => {
            second == first + 1 && one[first] == other[second] && one[second] == other[first]
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> DateLikeness {
        let read = |text| read(text, None).unwrap();
        assert_eq!(
            compare(&read(one), &read(other)),
            compare(&read(other), &read(one))
        );
        compare(&read(one), &read(other))
    }

    #[test]
    fn dates_are_compared_as_far_as_they_are_known() {
        for (one, other, expected) in [
            ("1985-03-21", "1364/01/01", DateLikeness::Day),
            ("1985-03-21", "21.3.1985", DateLikeness::Day),
            ("1985-03-21", "1985-03", DateLikeness::Month),
            ("1985-03-21", "1985-03-04", DateLikeness::TwoParts),
            ("1985-03-21", "1985-04-21", DateLikeness::Slip),
            ("1985-03-12", "1985-12-03", DateLikeness::Slip),
            ("1985-03-21", "1985", DateLikeness::Possible),
            ("1985-03-21", "198X", DateLikeness::Possible),
            ("1985-03-21", "1980/1990", DateLikeness::Possible),
            ("1985-03-21", "1984", DateLikeness::Years),
            ("1985-03-21", "1960", DateLikeness::Apart),
        ] {
            assert_eq!(alike(one, other), expected, "{one} {other}");
        }
    }
}
