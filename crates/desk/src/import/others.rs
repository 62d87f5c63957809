//! How other programs write a cell: Uwazi's moments in seconds, its spans, places and links, and its columns for languages.

use count::date::Span;

use crate::model::{Field, Shape};

/// Seconds of a day.
const DAY_SECONDS: i64 = 86_400;
/// Digits of a moment in seconds. Eight digits are a day, `20220921`.
const MOMENT_DIGITS: core::ops::RangeInclusive<usize> = 9..=11;
/// Fields that hold an address of the web.
const ADDRESSES: [&str; 3] = ["url", "final_url", "website"];
/// Metres of a degree.
const DEGREE_METRES: u32 = 111_000;
/// More digits than this are noise: a metre.
const DIGITS_MAX: usize = 5;

/// `title` of `title__en`: a column of one language.
pub(super) fn language_column(heading: &str) -> Option<&str> {
    let (name, language) = heading.rsplit_once("__")?;
    let is_tag =
        (2..=3).contains(&language.len()) && language.bytes().all(|one| one.is_ascii_lowercase());
    (is_tag && !name.is_empty()).then_some(name)
}

/// A cell as the field writes it.
pub(super) fn plain(field: &Field, cell: &str) -> String {
    let meant = match field.shape {
        Shape::Date => date(cell),
        Shape::Point => point(cell),
        Shape::Text if ADDRESSES.contains(&field.name) => address(cell),
        _ => None,
    };
    meant.unwrap_or_else(|| cell.to_owned())
}

/// A moment in seconds since 1970, or a span `FIRST~LAST` of moments or days.
fn date(cell: &str) -> Option<String> {
    let Some((first, last)) = cell.split_once('~') else {
        return moment(cell);
    };
    let end = |text: &str| {
        let text = text.trim();
        (text.len() >= 4).then(|| moment(text).unwrap_or_else(|| text.to_owned()))
    };
    Some(format!("{}/{}", end(first)?, end(last)?))
}

fn moment(cell: &str) -> Option<String> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let is_moment =
        MOMENT_DIGITS.contains(&digits.len()) && digits.bytes().all(|one| one.is_ascii_digit());
    if !is_moment {
        return None;
    }
    let seconds: i64 = cell.parse().ok()?;
    let day = Span::day(i32::try_from(seconds.div_euclid(DAY_SECONDS)).ok()?);
    let (Some(year), Some(month)) = day.year_and_month() else {
        return None;
    };
    let (_, day) = day.month_and_day()?;
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// `lat|lon`, as precise as its digits: nobody said more.
fn point(cell: &str) -> Option<String> {
    let (north, east) = cell.split_once('|')?;
    let (north, east) = (north.trim(), east.trim());
    let digits = |text: &str| text.split_once('.').map_or(0, |(_, rest)| rest.len());
    let digits = digits(north).min(digits(east)).min(DIGITS_MAX);
    let metres = DEGREE_METRES / 10_u32.pow(u32::try_from(digits).unwrap_or(0));
    Some(format!("{north},{east},{}", metres.max(1)))
}

/// `label|https://…`: the address.
fn address(cell: &str) -> Option<String> {
    let (_, address) = cell.rsplit_once('|')?;
    let is_address = address.starts_with("https://") || address.starts_with("http://");
    is_address.then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_spans_are_days() {
        for (cell, meant) in [
            ("1663718400", Some("2022-09-21")),
            ("-315619200", Some("1960-01-01")),
            ("1663718400~1663804800", Some("2022-09-21/2022-09-22")),
            ("2022-09-21~2022-10", Some("2022-09-21/2022-10")),
            ("20220921", None),
            ("2022~", None),
            ("2022", None),
        ] {
            assert_eq!(date(cell).as_deref(), meant, "{cell}");
        }
    }

    #[test]
    fn places_and_links_are_read_as_uwazi_writes_them() {
        assert_eq!(
            point("-47.05|-123.3").as_deref(),
            Some("-47.05,-123.3,11100")
        );
        assert_eq!(point("12,4,5"), None);
        assert_eq!(
            address("The page|https://a.invalid/x").as_deref(),
            Some("https://a.invalid/x")
        );
        assert_eq!(address("a|b"), None);
        assert_eq!(language_column("title__en"), Some("title"));
        assert_eq!(language_column("title_en"), None);
    }
}
