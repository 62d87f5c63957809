//! Texts that mean a date: ISO 8601, EDTF, and what people write.

use thiserror::Error;

use super::{Calendar, Span};
use crate::name::fold::ascii_digits;

/// Why a text is no date. The value is then taken as missing, and its row is named in a warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DateError {
    /// Neither ISO 8601 nor EDTF nor a common way to write a date: write YYYY-MM-DD, YYYY-MM or YYYY.
    #[error("not a date that can be read")]
    Form,
    /// A month 13, a 31st of April: a slip in the source; correct the list or leave the day out.
    #[error("a day that does not exist")]
    NoSuchDay,
    /// A year in which nobody on a list lived: often the wrong calendar; name it in the configuration.
    #[error("a year that cannot be")]
    Year,
}

/// Names of months, by calendar and number; longer ones are known by their beginning.
const MONTHS: [(&str, Calendar, i32); 50] = {
    use Calendar::{Gregorian as G, Hijri as H, SolarHijri as S};
    [
        ("jan", G, 1),
        ("feb", G, 2),
        ("fév", G, 2),
        ("mar", G, 3),
        ("apr", G, 4),
        ("avr", G, 4),
        ("may", G, 5),
        ("mai", G, 5),
        ("jun", G, 6),
        ("juin", G, 6),
        ("jul", G, 7),
        ("juil", G, 7),
        ("aug", G, 8),
        ("aoû", G, 8),
        ("sep", G, 9),
        ("oct", G, 10),
        ("okt", G, 10),
        ("nov", G, 11),
        ("dec", G, 12),
        ("déc", G, 12),
        ("dez", G, 12),
        ("ژانویه", G, 1),
        ("فوریه", G, 2),
        ("مارس", G, 3),
        ("آوریل", G, 4),
        ("ژوئن", G, 6),
        ("اوت", G, 8),
        ("سپتامبر", G, 9),
        ("اکتبر", G, 10),
        ("نوامبر", G, 11),
        ("دسامبر", G, 12),
        ("فروردین", S, 1),
        ("اردیبهشت", S, 2),
        ("خرداد", S, 3),
        ("تیر", S, 4),
        ("مرداد", S, 5),
        ("شهریور", S, 6),
        ("مهر", S, 7),
        ("آبان", S, 8),
        ("آذر", S, 9),
        ("دی", S, 10),
        ("بهمن", S, 11),
        ("اسفند", S, 12),
        ("محرم", H, 1),
        ("صفر", H, 2),
        ("رجب", H, 7),
        ("شعبان", H, 8),
        ("رمضان", H, 9),
        ("شوال", H, 10),
        ("ذوالحجه", H, 12),
    ]
};

/// The longest text that is read as a date, in characters.
const DATE_CHARS_MAX: usize = 40;
/// How far an open interval reaches, in days: a long life.
const OPEN_DAYS: i32 = 40_000;
/// What `~` adds on each side of a year, in days.
const ABOUT_DAYS: i32 = 365;

/// Reads a date. Without a calendar the year tells: 1700 and later is Gregorian, less is Solar Hijri.
///
/// ```
/// use count::date::{Calendar, read};
/// let nowruz = read("۱۴۰۳/۰۱/۰۱", None)?;
/// assert_eq!((nowruz.first, nowruz.last), (19_802, 19_802)); // 2024-03-20
/// assert_eq!(read("198X", None)?.year_and_month(), (None, None));
/// assert!(read("1985-02-30", None).is_err());
/// # Ok::<(), count::date::DateError>(())
/// ```
pub fn read(text: &str, calendar: Option<Calendar>) -> Result<Span, DateError> {
    let text: String = ascii_digits(text.trim())
        .to_lowercase()
        .chars()
        .take(DATE_CHARS_MAX)
        .collect();
    let text = text
        .trim_matches(|one| matches!(one, '[' | ']' | '{' | '}'))
        .trim();
    if let Some((first, last)) = ends(text) {
        return interval(first.trim(), last.trim(), calendar);
    }
    single(text, calendar)
}

/// The two ends of an interval. A slash also parts day, month and year, but then there are two.
fn ends(text: &str) -> Option<(&str, &str)> {
    text.split_once("..")
        .filter(|(first, last)| !first.contains('/') && !last.contains('/'))
        .or_else(|| {
            let (first, last) = text.split_once('/')?;
            let is_whole = |end: &str| end.len() >= 4 || matches!(end, ".." | "");
            (!last.contains('/') && is_whole(first) && is_whole(last)).then_some((first, last))
        })
}

fn interval(first: &str, last: &str, calendar: Option<Calendar>) -> Result<Span, DateError> {
    let open = |end: &str| matches!(end, "" | "..");
    match (open(first), open(last)) {
        (true, true) => Err(DateError::Form),
        (true, false) => {
            single(last, calendar).map(|span| Span::between(span.last - OPEN_DAYS, span.last))
        }
        (false, true) => {
            single(first, calendar).map(|span| Span::between(span.first, span.first + OPEN_DAYS))
        }
        (false, false) => {
            let (first, last) = (single(first, calendar)?, single(last, calendar)?);
            if first.first > last.last {
                return Err(DateError::NoSuchDay);
            }
            Ok(Span::between(first.first, last.last))
        }
    }
}

fn single(text: &str, calendar: Option<Calendar>) -> Result<Span, DateError> {
    let plain = text.trim_end_matches(['~', '?', '%']);
    let about = text[plain.len()..].contains(['~', '%']);
    // What follows a T is a time of day.
    let plain = match plain.split_once('t') {
        Some((day, time))
            if day.len() == 10 && time.starts_with(|one: char| one.is_ascii_digit()) =>
        {
            day
        }
        _ => plain,
    };
    let span = of_pieces(&pieces(plain), calendar)?;
    if about {
        return Ok(Span::between(
            span.first - ABOUT_DAYS,
            span.last + ABOUT_DAYS,
        ));
    }
    Ok(span)
}

/// The parts between separators; eight digits are year, month and day.
fn pieces(text: &str) -> Vec<&str> {
    if text.len() == 8 && text.bytes().all(|one| one.is_ascii_digit()) {
        return vec![&text[..4], &text[4..6], &text[6..]];
    }
    text.split(['-', '/', '.', ' ', ',', '،', '_'])
        .filter(|piece| !piece.is_empty())
        .collect()
}

fn of_pieces(pieces: &[&str], calendar: Option<Calendar>) -> Result<Span, DateError> {
    match pieces {
        [year] => of_year(year, calendar),
        [year, month] if year.len() == 4 => of_day(year, month, "xx", calendar),
        [month, year] => of_day(year, month, "xx", calendar),
        [year, month, day] if year.len() == 4 => of_day(year, month, day, calendar),
        [day, month, year] if year.len() == 4 => {
            // 03/21/1985 can only be the American order.
            let is_american = number(month).is_some_and(|middle| middle > 12)
                && number(day).is_some_and(|first| first <= 12);
            let is_named_first = month_named(day).is_some();
            if is_american || is_named_first {
                of_day(year, day, month, calendar)
            } else {
                of_day(year, month, day, calendar)
            }
        }
        _ => Err(DateError::Form),
    }
}

fn number(text: &str) -> Option<i32> {
    text.parse()
        .ok()
        .filter(|_| text.bytes().all(|one| one.is_ascii_digit()))
}

fn is_unknown(text: &str) -> bool {
    matches!(text, "xx" | "x" | "uu" | "??" | "00" | "0")
}

fn month_named(text: &str) -> Option<(Calendar, i32)> {
    let found = MONTHS
        .iter()
        .filter(|(name, _, _)| text.starts_with(name))
        .max_by_key(|(name, _, _)| name.len());
    found.map(|(_, calendar, month)| (*calendar, *month))
}

fn calendar_of(year: i32, named: Option<Calendar>) -> Result<Calendar, DateError> {
    let calendar = named.unwrap_or(if year >= 1700 {
        Calendar::Gregorian
    } else {
        Calendar::SolarHijri
    });
    calendar
        .has_year(year)
        .then_some(calendar)
        .ok_or(DateError::Year)
}

/// A year, or a decade or century with `X` for the digits that are not known.
fn of_year(text: &str, calendar: Option<Calendar>) -> Result<Span, DateError> {
    if text.len() != 4 || !text.bytes().all(|one| one.is_ascii_digit() || one == b'x') {
        return Err(DateError::Form);
    }
    let first = number(&text.replace('x', "0")).ok_or(DateError::Form)?;
    let last = number(&text.replace('x', "9")).ok_or(DateError::Form)?;
    let calendar = calendar_of(if text.contains('x') { last } else { first }, calendar)?;
    Ok(Span::between(
        calendar.number(first, 1, 1),
        calendar.number(last + 1, 1, 1) - 1,
    ))
}

fn of_day(
    year: &str,
    month: &str,
    day: &str,
    calendar: Option<Calendar>,
) -> Result<Span, DateError> {
    if is_unknown(month) {
        return of_year(year, calendar);
    }
    let named = month_named(month);
    let year = number(year)
        .filter(|_| year.len() == 4)
        .ok_or(DateError::Form)?;
    let calendar = calendar_of(year, named.map(|(calendar, _)| calendar).or(calendar))?;
    let month = named
        .map(|(_, month)| month)
        .or_else(|| number(month))
        .ok_or(DateError::Form)?;
    let days = calendar.month_days(year, month);
    if days == 0 {
        return Err(DateError::NoSuchDay);
    }
    // The moon may have been seen a day earlier or later.
    let slack = i32::from(calendar == Calendar::Hijri);
    if is_unknown(day) {
        return Ok(Span::between(
            calendar.number(year, month, 1) - slack,
            calendar.number(year, month, days) + slack,
        ));
    }
    let day = number(day).ok_or(DateError::Form)?;
    if !(1..=days).contains(&day) {
        return Err(DateError::NoSuchDay);
    }
    let at = calendar.number(year, month, day);
    Ok(Span {
        first: at - slack,
        last: at + slack,
        written: Some((calendar, [year, month, day])),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Result<(i32, i32, i32), DateError> {
        read(text, None).map(|span| super::super::calendar::gregorian((span.first + span.last) / 2))
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in [
            "1985-03-21",
            "19850321",
            "21/3/1985",
            "21.03.1985",
            "3/21/1985",
            "21 March 1985",
            "march 21, 1985",
            "۱۳۶۴/۱/۱",
            "1 فروردین 1364",
            "1985-03-21T10:00:00Z",
            "١٩٨٥-٠٣-٢١",
            "1364-01-01",
        ] {
            assert_eq!(day(text), Ok((1985, 3, 21)), "{text}");
        }
        assert_eq!(
            read("1405-06-29", Some(Calendar::Hijri)).map(|span| span.first),
            Ok(Calendar::Hijri.number(1405, 6, 29) - 1)
        );
    }

    #[test]
    fn spans_are_read() {
        let span = |text: &str| read(text, None).map(|span| (span.first, span.last));
        let days = |first: (i32, i32, i32), last: (i32, i32, i32)| {
            let number = |day: (i32, i32, i32)| Calendar::Gregorian.number(day.0, day.1, day.2);
            Ok((number(first), number(last)))
        };
        assert_eq!(span("1985"), days((1985, 1, 1), (1985, 12, 31)));
        assert_eq!(span("1985-02"), days((1985, 2, 1), (1985, 2, 28)));
        assert_eq!(span("1985-02-xx"), span("1985-02"));
        assert_eq!(span("198x"), days((1980, 1, 1), (1989, 12, 31)));
        assert_eq!(span("1985/1987-05"), days((1985, 1, 1), (1987, 5, 31)));
        assert_eq!(span("[1985..1987]"), days((1985, 1, 1), (1987, 12, 31)));
        assert_eq!(span("1364"), days((1985, 3, 21), (1986, 3, 20)));
        assert_eq!(span("1985?"), span("1985"));
        assert!(span("1985~").unwrap().0 < span("1985").unwrap().0);
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for (text, error) in [
            ("", DateError::Form),
            ("yesterday", DateError::Form),
            ("12", DateError::Form),
            ("../..", DateError::Form),
            ("1985-13-01", DateError::NoSuchDay),
            ("1985-02-30", DateError::NoSuchDay),
            ("1404-12-30", DateError::NoSuchDay),
            ("1987/1985", DateError::NoSuchDay),
            ("9999", DateError::Year),
            ("0600-01-01", DateError::Year),
            ("2300-01-01", DateError::Year),
            ("99999999999999999999", DateError::Form),
            ("-1", DateError::Form),
            ("1985-1-é", DateError::Form),
        ] {
            assert_eq!(read(text, None), Err(error), "{text}");
        }
    }
}
