//! The page: one file, without a script, a font or a request.

use super::Report;
use super::sections::{
    answer, approval, convergence, doubts, estimates, meaning, methods, models, overlap, provenance,
};
use super::svg::{escaped, isolated};
use super::words::{Language, put};

const STYLE: &str = include_str!("report.css");

/// The whole page.
pub(super) fn write(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let (status, mark) = match report.approved_by {
        Some(name) => ("approved", put(words.approved, &[isolated(name)])),
        None => ("draft", words.draft.to_owned()),
    };
    let parts = [
        answer(report, language),
        doubts(report, language),
        estimates(report, language),
        meaning(language),
        overlap(report, language),
        models(report, language),
        convergence(report, language),
        methods(language),
        provenance(report, language),
        approval(report, language),
    ];
    // A printed page may be parted from the first.
    let on_each_page = if report.approved_by.is_none() {
        format!(
            "@page {{ @top-center {{ content: '{}'; font-size: 9pt; }} }}\n",
            words.draft_short
        )
    } else {
        String::new()
    };
    let table = escaped(&report.found.provenance.table);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{} – {table}</title>\n<style>\n{STYLE}{on_each_page}</style>\n</head>\n<body class=\"{status}\">\n<header><p class=\"status\" role=\"note\">{mark}</p><h1>{}</h1><p><bdi>{table}</bdi></p></header>\n<main>\n{}</main>\n</body>\n</html>\n",
        words.tag,
        words.direction,
        words.title,
        words.title,
        parts.concat()
    )
}
