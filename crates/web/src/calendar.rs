//! Dates as people read them: Solar Hijri and Gregorian side by side, the reader's own first, in the language's digits,
//! and the time in UTC.

use std::fmt;

use icu_calendar::cal::Persian;
use icu_calendar::types::RataDie;
use icu_calendar::{Date, Iso};

use crate::language::Language;
use crate::number;
use crate::words::Words;

/// The fixed day number of 1970-01-01.
const EPOCH_DAY: i64 = 719_163;

/// A moment that a page shows. It writes itself as an HTML `time` element whose parts are isolated from the direction of
/// the text around them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    words: Language,
    machine: String,
    dates: [String; 2],
    time: Option<String>,
}

impl Moment {
    /// The moment that a text such as `2026-11-22T17:22:05Z` names; a day alone (`2026-11-22`) has no time.
    #[must_use]
    pub fn of(text: &str, words: Words) -> Option<Self> {
        let known = |letter: char| letter.is_ascii_digit() || "-:TZ".contains(letter);
        if !text.chars().all(known) || ![10, 20].contains(&text.len()) {
            return None;
        }
        let (day, time) = text
            .split_once('T')
            .map_or((text, None), |(day, time)| (day, Some(time)));
        let mut parts = day.splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        let date = Date::try_new_iso(year, month, day).ok()?;
        let dates = [gregorian(date, words), solar(date, words)];
        Some(Self {
            words: words.0,
            machine: text.to_owned(),
            dates: in_order(dates, words.0),
            time: time.map(|time| clock(time, words)),
        })
    }

    /// A day, by its number from 1970-01-01 (Gregorian).
    #[must_use]
    pub fn of_day(day: i32, words: Words) -> Self {
        let date = Date::from_rata_die(RataDie::new(EPOCH_DAY + i64::from(day)), Iso);
        let (year, month) = (date.year().extended_year(), date.month().ordinal);
        Self {
            words: words.0,
            machine: format!("{year:04}-{month:02}-{:02}", date.day_of_month().0),
            dates: in_order([gregorian(date, words), solar(date, words)], words.0),
            time: None,
        }
    }

    /// The date in the reader's own calendar alone.
    #[must_use]
    pub fn own_calendar(&self) -> &str {
        &self.dates[0]
    }

    /// In one line of plain text, for titles and tables that are copied.
    #[must_use]
    pub fn plain(&self) -> String {
        let [first, second] = &self.dates;
        self.time.as_ref().map_or_else(
            || format!("{first} ({second})"),
            |time| format!("{first} ({second}) {time}"),
        )
    }
}

fn in_order(dates: [String; 2], language: Language) -> [String; 2] {
    let [gregorian, solar] = dates;
    match language {
        Language::Persian => [solar, gregorian],
        Language::English | Language::Arabic | Language::French => [gregorian, solar],
    }
}

fn gregorian(date: Date<Iso>, words: Words) -> String {
    named(
        date.day_of_month().0,
        &format!("month-gregorian-{}", date.month().ordinal),
        date.year().extended_year(),
        words,
    )
}

fn solar(date: Date<Iso>, words: Words) -> String {
    let date = date.to_calendar(Persian);
    named(
        date.day_of_month().0,
        &format!("month-solar-{}", date.month().ordinal),
        date.year().extended_year(),
        words,
    )
}

fn named(day: u8, month: &str, year: i32, words: Words) -> String {
    number::digits(&format!("{day} {} {year}", words.say(month)), words.0)
}

/// `17:22:05Z` as `17:22 UTC`.
fn clock(time: &str, words: Words) -> String {
    let minutes: String = time.chars().take(5).collect();
    format!("{} UTC", number::digits(&minutes, words.0))
}

impl fmt::Display for Moment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = &self.dates;
        write!(
            formatter,
            "<time datetime=\"{}\"><bdi>{first}</bdi> <span class=\"other-calendar\"><bdi>{second}</bdi></span>",
            self.machine
        )?;
        if let Some(time) = &self.time {
            write!(formatter, " <bdi dir=\"ltr\" class=\"clock\">{time}</bdi>")?;
        }
        formatter.write_str("</time>")
    }
}

/// Safe to put in a page as it is: it is made of numbers, month names and a text that parsed as a date.
impl askama::filters::HtmlSafe for Moment {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_calendars_stand_side_by_side() {
        let text = "2026-11-22T17:22:05Z";
        let plain = |language| Moment::of(text, Words(language)).unwrap().plain();
        assert_eq!(
            plain(Language::Persian),
            "۱ آذر ۱۴۰۵ (۲۲ نوامبر ۲۰۲۶) ۱۷:۲۲ UTC"
        );
        assert_eq!(
            plain(Language::English),
            "22 November 2026 (1 Azar 1405) 17:22 UTC"
        );
    }

    #[test]
    fn the_persian_new_year_falls_where_it_does() {
        let day = |text| Moment::of(text, Words(Language::English)).unwrap().dates[1].clone();
        assert_eq!(day("2024-03-20"), "1 Farvardin 1403");
        assert_eq!(day("2025-03-20"), "30 Esfand 1403");
        assert_eq!(day("2025-03-21"), "1 Farvardin 1404");
    }

    #[test]
    fn a_day_has_a_number() {
        let words = Words(Language::English);
        assert_eq!(
            Moment::of_day(0, words),
            Moment::of("1970-01-01", words).unwrap()
        );
        assert_eq!(
            Moment::of_day(19_256, words).plain(),
            "21 September 2022 (30 Shahrivar 1401)"
        );
        assert_eq!(
            Moment::of_day(-100_000, words),
            Moment::of("1696-03-17", words).unwrap()
        );
    }

    #[test]
    fn what_is_no_date_is_none_and_writes_no_markup() {
        for text in [
            "",
            "2026-13-01",
            "2026-02-30",
            "<b>",
            "2026-01-01<b>",
            "99999999999-01-01",
        ] {
            assert_eq!(Moment::of(text, Words(Language::English)), None, "{text}");
        }
        assert_eq!(
            Moment::of("2026-01-01T<b>:05Z", Words(Language::English)),
            None
        );
    }
}
