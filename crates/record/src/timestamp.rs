//! Moments and days, as text and as seconds; pure arithmetic, no clock.

use core::fmt;
use core::str::FromStr;

/// The last second that a timestamp can say: 9999-12-31T23:59:59Z.
pub const UNIX_SECONDS_MAX: u64 = 253_402_300_799;

const SECONDS_PER_DAY: u64 = 86_400;

/// A moment in UTC, to the second: `YYYY-MM-DDTHH:MM:SSZ`, from 1970 to 9999, without leap seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

/// A day of the Gregorian calendar: `YYYY-MM-DD`, from 1970 to 9999.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u64);

/// Why a text or number is not a moment or day. Write it as the documentation of [`Timestamp`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not in the one form, or with a digit that is not ASCII.
    #[error("a moment is written YYYY-MM-DDTHH:MM:SSZ, a day YYYY-MM-DD")]
    Form,
    /// No such day or second, such as 30 February or 23:59:60; or outside 1970 to 9999.
    #[error("there is no such day or second from 1970 to 9999")]
    Range,
}

impl Timestamp {
    /// The moment so many seconds after 1970-01-01T00:00:00Z.
    pub fn from_unix_seconds(seconds: u64) -> Result<Timestamp, TimestampError> {
        if seconds > UNIX_SECONDS_MAX {
            return Err(TimestampError::Range);
        }
        Ok(Timestamp(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_seconds(self) -> u64 {
        self.0
    }

    /// The day of this moment, in UTC.
    pub fn day(self) -> Day {
        Day(self.0 / SECONDS_PER_DAY)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0 % SECONDS_PER_DAY;
        let (hours, minutes) = (second / 3600, second / 60 % 60);
        write!(
            f,
            "{}T{hours:02}:{minutes:02}:{:02}Z",
            self.day(),
            second % 60
        )
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Timestamp, TimestampError> {
        let [y, m, d, hours, minutes, seconds] = numbers(text, "dddd-dd-ddTdd:dd:ddZ")?;
        if hours > 23 || minutes > 59 || seconds > 59 {
            return Err(TimestampError::Range);
        }
        let day = days_of(y, m, d)?;
        Ok(Timestamp(
            day * SECONDS_PER_DAY + hours * 3600 + minutes * 60 + seconds,
        ))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.0);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Day {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Day, TimestampError> {
        let [year, month, day] = numbers(text, "dddd-dd-dd")?;
        days_of(year, month, day).map(Day)
    }
}

/// Reads the `N` groups of digits of `text`, which must follow `form`: `d` for a digit, all else itself.
fn numbers<const N: usize>(text: &str, form: &str) -> Result<[u64; N], TimestampError> {
    if text.len() != form.len() {
        return Err(TimestampError::Form);
    }
    let mut groups = [0u64; N];
    let mut group = 0;
    for (byte, wanted) in text.bytes().zip(form.bytes()) {
        match wanted {
            b'd' if byte.is_ascii_digit() && group < N => {
                groups[group] = groups[group] * 10 + u64::from(byte - b'0');
            }
            b'd' => return Err(TimestampError::Form),
            _ if byte == wanted => group += 1,
            _ => return Err(TimestampError::Form),
        }
    }
    Ok(groups)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from year 0 to the first of January of `year`, counted as if the calendar had always held.
fn days_before_year(year: u64) -> u64 {
    let past = year - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

fn days_of(year: u64, month: u64, day: u64) -> Result<u64, TimestampError> {
    let valid_month = (1..=12).contains(&month);
    if !(1970..=9999).contains(&year) || !valid_month {
        return Err(TimestampError::Range);
    }
    if day == 0 || day > days_in_month(year, month) {
        return Err(TimestampError::Range);
    }
    let months: u64 = (1..month).map(|month| days_in_month(year, month)).sum();
    Ok(days_before_year(year) - days_before_year(1970) + months + day - 1)
}

fn date_of(days: u64) -> (u64, u64, u64) {
    // A first guess that is never too late, then at most a few steps forward.
    let mut year = 1970 + days / 366;
    while days_before_year(year + 1) - days_before_year(1970) <= days {
        year += 1;
    }
    let mut rest = days - (days_before_year(year) - days_before_year(1970));
    let mut month = 1;
    while rest >= days_in_month(year, month) {
        rest -= days_in_month(year, month);
        month += 1;
    }
    (year, month, rest + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        for (text, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:34:56Z", 951_827_696),
            ("2026-11-22T00:00:00Z", 1_795_305_600),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
            ("9999-12-31T23:59:59Z", UNIX_SECONDS_MAX),
        ] {
            let moment = Timestamp::from_unix_seconds(seconds).expect("in range");
            assert_eq!(moment.to_string(), text);
            assert_eq!(text.parse(), Ok(moment));
        }
        assert!(Timestamp::from_unix_seconds(UNIX_SECONDS_MAX + 1).is_err());
    }

    #[test]
    fn every_day_reads_back_and_follows_the_one_before() {
        let last = UNIX_SECONDS_MAX / SECONDS_PER_DAY;
        for day in 0..=last {
            let text = Day(day).to_string();
            assert_eq!(text.parse(), Ok(Day(day)), "{text}");
        }
        assert_eq!(Day(last).to_string(), "9999-12-31");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "2026-02-29T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T23:60:00Z",
            "2026-01-01T23:59:60Z",
            "1969-12-31T23:59:59Z",
        ] {
            assert_eq!(
                text.parse::<Timestamp>(),
                Err(TimestampError::Range),
                "{text}"
            );
        }
        for text in [
            "",
            "2026-01-01",
            "2026-01-01t00:00:00Z",
            "2026-01-01T00:00:00z",
            "2026-01-01T00:00:00",
            "2026-01-01T00:00:00+",
            "2026-1-001T00:00:00Z",
            "+026-01-01T00:00:00Z",
            "٢٠-01-01T00:00:00Z",
        ] {
            assert_eq!(
                text.parse::<Timestamp>(),
                Err(TimestampError::Form),
                "{text}"
            );
        }
    }
}
