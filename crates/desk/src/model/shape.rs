//! What may stand in a field, and why something else is refused.

use count::date::{Calendar, DateError, Span};

use super::MODEL;
use crate::consent::{Grant, GrantError};
use crate::ids::{EntityId, ItemId};

/// The longest single line, in characters: a name, a title, an address.
pub const TEXT_CHARS_MAX: usize = 500;
/// The longest narrative, in characters: an entry holds 64 KiB. More belongs into a file that is taken in as material.
pub const NARRATIVE_CHARS_MAX: usize = 20_000;
/// Largest count; canonical numbers end there.
const COUNT_MAX: i64 = 9_007_199_254_740_991;
/// A coordinate's least digit is a millionth of a degree: a tenth of a metre.
const MICRODEGREES: f64 = 1_000_000.0;

/// What may stand in a field. Every value is text in an entry, in the form that the shape says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line.
    Text,
    /// Several lines.
    Narrative,
    /// A date as it is known: EDTF in its own calendar, `1401-07~`, with `sh:` (Solar Hijri) or `hj:` (Hijri) before it.
    Date,
    /// A code of a vocabulary.
    Term(&'static str),
    /// The id of an entity of one of these types.
    Reference(Vec<&'static str>),
    /// The id of an item of material.
    Item,
    /// A whole number from 0 on.
    Count,
    /// A place on the earth: `35.689200,51.389000,500`: degrees north, degrees east, precision in metres.
    Point,
    /// A row of a consent: `allow;un_body;any;pseudonymous`.
    Grant,
}

/// Why a value may not stand in a field. Nothing was entered; the form keeps what was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// Longer than the field takes. Shorten it, or take the text in as a file.
    #[error("longer than {0} characters")]
    Long(usize),
    /// Empty, or with control characters, or a line end where one line is asked.
    #[error("empty, or with characters that cannot be seen")]
    Unseen,
    /// No date that can be read. Write YYYY-MM-DD, YYYY-MM or YYYY, `~` for about, `first/last` for a span.
    #[error(
        "not a date: write 2022-09-21, 2022-09, 2022~, 2021/2022, or sh:1401-06-30 in Solar Hijri"
    )]
    Date(#[source] DateError),
    /// The vocabulary has no such code.
    #[error("the vocabulary {0} has no such term")]
    Term(&'static str),
    /// Not an id.
    #[error("not an id: 32 hex digits")]
    Id,
    /// Not a whole number from 0 on.
    #[error("not a whole number")]
    Count,
    /// Not a place.
    #[error(
        "not a place: write degrees north, degrees east and precision in metres, such as 35.6892,51.389,500"
    )]
    Point,
    /// Not a row of a consent.
    #[error("not a row of a consent")]
    Grant(#[source] GrantError),
}

impl Shape {
    /// Reads a shape of `fields.tsv`: `text`, `narrative`, `date`, `term:NAME`, `ref:TYPE|TYPE`, `item`, `count`, `point`, `grant`.
    pub(super) fn read(text: &'static str) -> Option<Shape> {
        match text.split_once(':') {
            Some(("term", vocabulary)) => Some(Shape::Term(vocabulary)),
            Some(("ref", types)) => Some(Shape::Reference(types.split('|').collect())),
            Some(_) => None,
            None => match text {
                "text" => Some(Shape::Text),
                "narrative" => Some(Shape::Narrative),
                "date" => Some(Shape::Date),
                "item" => Some(Shape::Item),
                "count" => Some(Shape::Count),
                "point" => Some(Shape::Point),
                "grant" => Some(Shape::Grant),
                _ => None,
            },
        }
    }

    /// The value in the one form that is entered, or why it is refused. What a person typed is taken as they meant it: spaces
    /// around it, Persian digits, `۱۴۰۱/۷/۸`.
    pub fn normal(&self, typed: &str) -> Result<String, ShapeError> {
        let typed = typed.trim();
        match self {
            Shape::Text => seen(typed, TEXT_CHARS_MAX, false),
            Shape::Narrative => seen(&typed.replace("\r\n", "\n"), NARRATIVE_CHARS_MAX, true),
            Shape::Date => written_date(typed).map(|(normal, _)| normal),
            Shape::Term(vocabulary) => {
                let known = MODEL.vocabulary(vocabulary).and_then(|one| one.term(typed));
                known
                    .map(|term| term.code.to_owned())
                    .ok_or(ShapeError::Term(vocabulary))
            }
            Shape::Reference(_) => typed
                .parse::<EntityId>()
                .map(|id| id.to_string())
                .map_err(|_| ShapeError::Id),
            Shape::Item => typed
                .parse::<ItemId>()
                .map(|id| id.to_string())
                .map_err(|_| ShapeError::Id),
            Shape::Count => count(typed),
            Shape::Point => point(typed).map(written_point).ok_or(ShapeError::Point),
            Shape::Grant => typed
                .parse::<Grant>()
                .map(|row| row.to_string())
                .map_err(ShapeError::Grant),
        }
    }
}

fn seen(text: &str, chars_max: usize, lines: bool) -> Result<String, ShapeError> {
    if text.chars().count() > chars_max {
        return Err(ShapeError::Long(chars_max));
    }
    let unseen = |one: char| one.is_control() && !(lines && matches!(one, '\n' | '\t'));
    if text.is_empty() || text.chars().any(unseen) {
        return Err(ShapeError::Unseen);
    }
    Ok(text.to_owned())
}

fn count(text: &str) -> Result<String, ShapeError> {
    let digits = count::name::fold::ascii_digits(text);
    let number: i64 = digits.parse().map_err(|_| ShapeError::Count)?;
    let fits = (0..=COUNT_MAX).contains(&number);
    fits.then(|| number.to_string()).ok_or(ShapeError::Count)
}

/// A date as entered, and the days that it can be. Without a prefix a year before 1700 is taken for Solar Hijri.
///
/// What would read differently, or not at all, once it is written in its form is refused: nobody could read it back.
pub fn written_date(typed: &str) -> Result<(String, Span), ShapeError> {
    let (normal, span) = written_once(typed)?;
    let (again, same) = written_once(&normal)?;
    if again == normal && (same.first, same.last) == (span.first, span.last) {
        Ok((normal, span))
    } else {
        Err(ShapeError::Date(DateError::Form))
    }
}

fn written_once(typed: &str) -> Result<(String, Span), ShapeError> {
    let text = count::name::fold::ascii_digits(typed.trim()).to_lowercase();
    let (calendar, rest) = match text.split_once(':') {
        Some(("sh", rest)) => (Some(Calendar::SolarHijri), rest),
        Some(("hj", rest)) => (Some(Calendar::Hijri), rest),
        _ => (None, text.as_str()),
    };
    let span = count::date::read(rest, calendar).map_err(ShapeError::Date)?;
    let (rest, calendar) = match span.written {
        // A time of day that came with it stays.
        Some((calendar, [year, month, day])) if !rest.contains('t') => {
            let doubt = if rest.ends_with('?') { "?" } else { "" };
            let day = format!("{year:04}-{month:02}-{day:02}{doubt}");
            (day, Some(calendar))
        }
        _ => (day_with_hyphens(rest), calendar),
    };
    let solar = calendar == Some(Calendar::SolarHijri) || (calendar.is_none() && is_solar(&rest));
    let prefix = match calendar {
        Some(Calendar::Hijri) => "hj:",
        _ if solar => "sh:",
        _ => "",
    };
    Ok((format!("{prefix}{rest}"), span))
}

/// `1401/7/8` as `1401-07-08` and `1401/7` as `1401-07`; anything else as it is, spans of years included.
fn day_with_hyphens(text: &str) -> String {
    let parts: Vec<&str> = text.split('/').collect();
    let is_number = |part: &&str| !part.is_empty() && part.chars().all(|one| one.is_ascii_digit());
    let are_numbers = parts.iter().all(is_number);
    match parts.as_slice() {
        [year, month, day] if are_numbers && year.len() == 4 => {
            format!("{year}-{month:0>2}-{day:0>2}")
        }
        [year, month] if are_numbers && year.len() == 4 && month.len() <= 2 => {
            format!("{year}-{month:0>2}")
        }
        _ => text.to_owned(),
    }
}

/// Whether a text without a calendar was read as Solar Hijri: its first year is before 1700.
fn is_solar(text: &str) -> bool {
    let year: String = text
        .chars()
        .skip_while(|one| !one.is_ascii_digit())
        .take(4)
        .collect();
    year.starts_with("13") || year.starts_with("14") || year.starts_with("12")
}

/// North and east in millionths of a degree, and the precision in metres.
#[must_use]
pub fn point(text: &str) -> Option<(i64, i64, u32)> {
    let text = count::name::fold::ascii_digits(text);
    let mut parts = text.split(',').map(str::trim);
    let north = microdegrees(parts.next()?, 90.0)?;
    let east = microdegrees(parts.next()?, 180.0)?;
    let precision = parts.next()?.parse().ok()?;
    parts.next().is_none().then_some((north, east, precision))
}

fn microdegrees(text: &str, limit: f64) -> Option<i64> {
    let degrees: f64 = text.parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "at most 180 million")]
    (degrees.abs() <= limit).then(|| (degrees * MICRODEGREES).round() as i64)
}

fn written_point((north, east, precision): (i64, i64, u32)) -> String {
    let degrees = |micro: i64| {
        let sign = if micro < 0 { "-" } else { "" };
        let micro = micro.unsigned_abs();
        format!("{sign}{}.{:06}", micro / 1_000_000, micro % 1_000_000)
    };
    format!("{},{},{precision}", degrees(north), degrees(east))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_taken_as_people_write_them() {
        for (typed, normal) in [
            ("۱۴۰۱/۷/۸", "sh:1401-07-08"),
            ("۱۳۶۰/۵", "sh:1360-05"),
            ("2022-09-21", "2022-09-21"),
            ("21/9/2022", "2022-09-21"),
            ("30 شهریور 1401", "sh:1401-06-30"),
            ("2022-09-21?", "2022-09-21?"),
            ("sh:1401-06", "sh:1401-06"),
            ("hj:1444-02", "hj:1444-02"),
            ("2022~", "2022~"),
            ("2021/2022", "2021/2022"),
        ] {
            assert_eq!(Shape::Date.normal(typed).as_deref(), Ok(normal), "{typed}");
            assert_eq!(
                Shape::Date.normal(normal).as_deref(),
                Ok(normal),
                "{normal} is its own form"
            );
        }
        assert!(Shape::Date.normal("2022-02-30").is_err());
        assert!(Shape::Date.normal("yesterday").is_err());
    }

    #[test]
    fn a_day_is_the_same_day_in_each_calendar() {
        let day = |text| written_date(text).map(|(_, span)| (span.first, span.last));
        assert_eq!(day("sh:1401-06-30"), day("2022-09-21"));
        assert_eq!(day("۱۴۰۱/۰۶/۳۰"), day("2022-09-21"));
    }

    #[test]
    fn places_and_counts_have_one_form() {
        assert_eq!(
            Shape::Point.normal("۳۵.۶۸۹۲, 51.389, 500").as_deref(),
            Ok("35.689200,51.389000,500")
        );
        assert_eq!(
            Shape::Point.normal("-0.5,-179,10").as_deref(),
            Ok("-0.500000,-179.000000,10")
        );
        assert!(Shape::Point.normal("91,0,1").is_err());
        assert!(Shape::Point.normal("NaN,0,1").is_err());
        assert_eq!(Shape::Count.normal("۰۱۲").as_deref(), Ok("12"));
        assert!(Shape::Count.normal("-1").is_err());
    }

    #[test]
    fn rows_of_a_consent_have_one_form() {
        for (typed, normal) in [
            (" allow ; un_body; any ;full", "allow;un_body;any;full"),
            (
                "refuse;any;named:  The  Evening Paper ;aggregate",
                "refuse;any;named:The Evening Paper;aggregate",
            ),
            (
                "allow;national_court;prosecutor;pseudonymous",
                "allow;national_court;prosecutor;pseudonymous",
            ),
        ] {
            assert_eq!(Shape::Grant.normal(typed).as_deref(), Ok(normal));
            assert_eq!(Shape::Grant.normal(normal).as_deref(), Ok(normal));
        }
        for (typed, error) in [
            ("allow;un_body;any", GrantError::Parts),
            ("allow;un_body;named:a;b;full", GrantError::Parts),
            ("permit;un_body;any;full", GrantError::Verdict),
            ("allow;any;any;full", GrantError::Purpose),
            ("allow;gossip;any;full", GrantError::Purpose),
            ("allow;media;named: ;full", GrantError::Recipient),
            ("allow;media;somebody;full", GrantError::Recipient),
            ("allow;media;any;most", GrantError::Level),
        ] {
            assert_eq!(Shape::Grant.normal(typed), Err(ShapeError::Grant(error)));
        }
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        assert_eq!(Shape::Text.normal("a\nb"), Err(ShapeError::Unseen));
        assert_eq!(Shape::Narrative.normal(" a\r\nb ").as_deref(), Ok("a\nb"));
        assert_eq!(Shape::Text.normal("  "), Err(ShapeError::Unseen));
        assert_eq!(
            Shape::Text.normal(&"x".repeat(501)),
            Err(ShapeError::Long(500))
        );
    }
}
