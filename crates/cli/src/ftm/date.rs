//! Dates as FollowTheMoney has them: beginnings of an ISO 8601 day, in the Gregorian calendar.

use desk::model::written_date;

/// The longest beginning of a day that is certain: `2022-09-21`, `2022-09` or `2022`; none if not even the year is.
pub fn prefix(value: &str) -> Option<String> {
    // Doubt has no sign there: what is doubted would stand as certain.
    if value.contains(['?', '~', '%']) {
        return None;
    }
    let (_, span) = written_date(value).ok()?;
    match (span.year_and_month(), span.month_and_day()) {
        ((Some(year), Some(month)), Some((_, day))) if span.first == span.last => {
            Some(format!("{year:04}-{month:02}-{day:02}"))
        }
        ((Some(year), Some(month)), _) => Some(format!("{year:04}-{month:02}")),
        ((Some(year), None), _) => Some(format!("{year:04}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::prefix;

    #[test]
    fn a_date_says_as_much_as_is_certain() {
        for (value, told) in [
            ("2022-09-21", Some("2022-09-21")),
            ("sh:1401-06-30", Some("2022-09-21")),
            ("2022-09", Some("2022-09")),
            ("2022", Some("2022")),
            // Mordad 1360 began in July and ended in August.
            ("sh:1360-05", Some("1981")),
            ("sh:1360", None),
            ("hj:1444-02-24", Some("2022-09")),
            ("2022~", None),
            ("2022-09-21?", None),
            ("2021/2022", None),
            ("2021/..", None),
        ] {
            assert_eq!(prefix(value).as_deref(), told, "{value}");
        }
    }
}
