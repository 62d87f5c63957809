//! The parts of the page.

use super::Report;
use super::charts::{Line, combinations, intervals, traces, upset};
use super::svg::{escaped, isolated};
use super::words::{Language, put};
use crate::estimate::analysis::Analysis;
use crate::estimate::fit::Fit;
use crate::estimate::selection::Criterion;

/// How many of the best models are listed.
const MODELS_LISTED: usize = 10;

/// The number in a sentence, before anything else.
pub(super) fn answer(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let found = &report.found.analysis;
    let whole = &found.whole;
    let observed = language.number(whole.observed as f64);
    let mut text = match &whole.answer {
        Ok(answer) => {
            let values = [
                observed,
                strong(&language.number(answer.estimate)),
                strong(&language.range(answer.low, answer.high)),
            ];
            format!("<p class=\"lead\">{}</p>", put(words.finding, &values))
        }
        Err(why) => {
            format!(
                "<p class=\"lead\">{}</p>",
                put(
                    words.no_finding,
                    &[observed, escaped(&language.refusal(why))]
                )
            )
        }
    };
    if let (Ok(_), Some(mixed), Some(comparison)) =
        (&whole.answer, whole.averaged, &whole.comparison)
        && comparison.fits.len() > 1
    {
        let values = [
            language.number(comparison.fits.len() as f64),
            strong(&language.number(mixed.estimate)),
            strong(&language.range(mixed.low, mixed.high)),
        ];
        text += &format!("<p>{}</p>", put(words.averaged_finding, &values));
    }
    if let Some(total) = found.total {
        let values = [
            strong(&language.number(total.estimate)),
            strong(&language.range(total.low, total.high)),
        ];
        text += &format!("<p>{}</p>", put(words.strata_finding, &values));
    }
    section("answer", words.answer, &text)
}

/// What the number means, in plain words.
pub(super) fn meaning(language: Language) -> String {
    let words = language.words();
    section(
        "meaning",
        words.what_it_means,
        &list(words.meaning.iter().map(|text| escaped(text))),
    )
}

/// Every doubt, those of strata under their names.
pub(super) fn doubts(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let found = &report.found.analysis;
    let own = found
        .whole
        .warnings
        .iter()
        .chain(&found.warnings)
        .map(|doubt| escaped(&language.doubt(doubt)));
    let of_strata = found.strata.iter().flat_map(|(name, part)| {
        part.warnings
            .iter()
            .map(move |doubt| format!("{}: {}", isolated(name), escaped(&language.doubt(doubt))))
    });
    let all: Vec<String> = own.chain(of_strata).collect();
    let body = if all.is_empty() {
        format!("<p>{}</p>", words.no_doubts)
    } else {
        list(all.into_iter())
    };
    section("doubts", words.doubts, &body)
}

/// The overlap, drawn and as a table.
pub(super) fn overlap(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let Some(table) = &report.found.analysis.whole.table else {
        return String::new();
    };
    let rows = combinations(table).into_iter().map(|(cell, count)| {
        let lists = (0..table.lists().len())
            .filter(|list| cell >> list & 1 == 1)
            .map(|list| isolated(&table.lists()[list]));
        vec![
            lists.collect::<Vec<_>>().join(" + "),
            language.number(count as f64),
        ]
    });
    let body = format!(
        "<p>{}</p><figure tabindex=\"0\">{}{}</figure>{}",
        words.overlap_explained,
        upset(table, language),
        origin(report, language),
        grid(
            words.overlap,
            &[words.combination, words.people],
            rows,
            "columns"
        )
    );
    section("overlap-section", words.overlap, &body)
}

/// Every estimate, drawn and as a table.
pub(super) fn estimates(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let found = &report.found.analysis;
    let mut lines = lines_of(&found.whole, String::new(), language);
    for (name, part) in &found.strata {
        lines.extend(
            lines_of(part, name.clone(), language)
                .into_iter()
                .filter(|line| line.chosen || line.numbers.is_none()),
        );
    }
    if let Some(total) = found.total {
        lines.push(Line {
            scope: String::new(),
            method: words.total.to_owned(),
            observed: found.strata.iter().map(|(_, part)| part.observed).sum(),
            numbers: Some((total.estimate, Some(total.low), Some(total.high))),
            chosen: true,
            bound: false,
        });
    }
    let rows = lines.iter().map(|line| row(line, language));
    let heads = [
        words.scope,
        words.method,
        words.observed,
        words.estimate,
        words.interval,
    ];
    let body = format!(
        "<p>{}</p><figure tabindex=\"0\">{}{}</figure>{}",
        words.estimates_explained,
        intervals(&lines, language, "intervals"),
        origin(report, language),
        grid(words.estimates, &heads, rows, "")
    );
    section("estimates", words.estimates, &body)
}

fn row(line: &Line, language: Language) -> Vec<String> {
    let words = language.words();
    let (estimate, interval) = match line.numbers {
        None => (words.none.to_owned(), words.none.to_owned()),
        Some((estimate, ..)) if line.bound => (
            put(words.at_least, &[language.number(estimate)]),
            words.none.to_owned(),
        ),
        Some((estimate, Some(low), Some(high))) => {
            (language.number(estimate), language.range(low, high))
        }
        Some((estimate, low, _)) => (
            language.number(estimate),
            format!(
                "{} – {}",
                language.number(low.unwrap_or(estimate)),
                words.no_limit
            ),
        ),
    };
    let scope = if line.scope.is_empty() {
        words.whole.to_owned()
    } else {
        isolated(&line.scope)
    };
    vec![
        scope,
        escaped(&line.method),
        language.number(line.observed as f64),
        estimate,
        interval,
    ]
}

fn lines_of(analysis: &Analysis, scope: String, language: Language) -> Vec<Line> {
    let words = language.words();
    let line = |method: String, numbers, chosen| Line {
        scope: scope.clone(),
        method,
        observed: analysis.observed,
        numbers,
        chosen,
        bound: false,
    };
    let Ok(answer) = &analysis.answer else {
        return vec![line(words.none.to_owned(), None, false)];
    };
    let mut lines = Vec::new();
    let all = |estimate, low, high| Some((estimate, Some(low), Some(high)));
    match &analysis.comparison {
        None => lines.push(line(
            words.two_lists.to_owned(),
            all(answer.estimate, answer.low, answer.high),
            true,
        )),
        Some(comparison) => {
            for criterion in [analysis.criterion, other(analysis.criterion)] {
                let name = [criterion.name().to_owned()];
                let chosen = criterion == analysis.criterion;
                if let Some(fit) = comparison.best(criterion) {
                    let (low, high) = fit.interval();
                    lines.push(line(
                        put(words.best_by, &name),
                        all(fit.estimate(), low, high),
                        chosen,
                    ));
                }
                if let Some(mixed) = comparison.averaged(criterion) {
                    lines.push(line(
                        put(words.averaged_by, &name),
                        all(mixed.estimate, mixed.low, mixed.high),
                        false,
                    ));
                }
            }
        }
    }
    if let Some((low, high)) = analysis.profile {
        lines.push(line(
            words.profile.to_owned(),
            Some((answer.estimate, Some(low), high)),
            false,
        ));
    }
    if let Some(posterior) = &analysis.posterior {
        lines.push(line(
            words.latent.to_owned(),
            all(posterior.median, posterior.low, posterior.high),
            false,
        ));
    }
    if let Some(chao) = analysis.chao {
        lines.push(Line {
            bound: true,
            ..line(
                words.chao.to_owned(),
                Some((chao.for_few_lists(), None, None)),
                false,
            )
        });
    }
    lines
}

fn other(criterion: Criterion) -> Criterion {
    match criterion {
        Criterion::Bic => Criterion::Aic,
        Criterion::Aic => Criterion::Bic,
    }
}

/// The best models, with what decides between them.
pub(super) fn models(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let whole = &report.found.analysis.whole;
    let (Some(comparison), Some(table)) = (&whole.comparison, &whole.table) else {
        return String::new();
    };
    let weights = comparison.weights(whole.criterion);
    let mut fits: Vec<(&Fit, f64)> = comparison.fits.iter().zip(weights).collect();
    fits.sort_by(|a, b| whole.criterion.of(a.0).total_cmp(&whole.criterion.of(b.0)));
    let rows = fits.into_iter().take(MODELS_LISTED).map(|(fit, weight)| {
        let (low, high) = fit.interval();
        vec![
            isolated(&fit.model.name(table.lists())),
            language.decimal(fit.bic, 2),
            language.decimal(fit.aic, 2),
            language.decimal(weight, 3),
            language.number(f64::from(fit.model.parameters())),
            format!(
                "{} ({})",
                language.decimal(fit.deviance, 2),
                language.number(f64::from(fit.degrees_of_freedom()))
            ),
            language.number(fit.estimate()),
            language.range(low, high),
        ]
    });
    let heads = [
        words.model,
        "BIC",
        "AIC",
        words.weight,
        words.parameters,
        words.deviance,
        words.estimate,
        words.interval,
    ];
    let counts = [
        language.number(comparison.tried_count() as f64),
        language.number(comparison.fits.len() as f64),
    ];
    let body = format!(
        "<p>{}</p>{}",
        put(words.models_explained, &counts),
        grid(words.models, &heads, rows, "")
    );
    section("models", words.models, &body)
}

/// Whether the sampler settled.
pub(super) fn convergence(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let Some(posterior) = &report.found.analysis.whole.posterior else {
        return String::new();
    };
    let settings = posterior.settings;
    let count = |number: usize| language.number(number as f64);
    let values = [
        language.decimal(posterior.r_hat, 4),
        language.number(posterior.effective),
        count(settings.samples),
        count(settings.chains),
        count(settings.burn_in),
        count(settings.thinning),
        count(settings.classes),
    ];
    let body = format!(
        "<p>{}</p><figure tabindex=\"0\">{}{}</figure>",
        put(words.convergence_explained, &values),
        traces(posterior, language),
        origin(report, language)
    );
    section("convergence", words.convergence, &body)
}

/// The methods in short.
pub(super) fn methods(language: Language) -> String {
    let words = language.words();
    section(
        "methods",
        words.made_how,
        &list(words.methods.iter().map(|text| escaped(text))),
    )
}

/// Data, program, seed, and the command that repeats it.
pub(super) fn provenance(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let provenance = &report.found.provenance;
    let seed = report
        .found
        .settings
        .lcmcr
        .map_or_else(|| words.none.to_owned(), |lcmcr| lcmcr.seed.to_string());
    let pairs = [
        (words.table, isolated(&provenance.table)),
        (
            words.digest,
            format!("<code>{}</code>", escaped(&provenance.data_sha256)),
        ),
        (words.program, isolated(&provenance.program)),
        (words.seed, isolated(&seed)),
        (
            words.command,
            format!("<code>{}</code>", escaped(&provenance.command)),
        ),
    ];
    section("provenance", words.provenance, &definitions(&pairs))
}

/// The place for the statistician who answers for the number.
pub(super) fn approval(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let blank = || "<span class=\"blank\"></span>".to_owned();
    let (text, name) = match report.approved_by {
        Some(name) => (words.approval_given, strong(&isolated(name))),
        None => (words.approval_asked, blank()),
    };
    let pairs = [
        (words.name, name),
        (words.qualification, blank()),
        (words.date, blank()),
        (words.signature, blank()),
    ];
    section(
        "approval",
        words.approval,
        &format!("<p>{text}</p>{}", definitions(&pairs)),
    )
}

/// What a figure rests on, under the figure itself: it may be cut out of the page.
fn origin(report: Report<'_>, language: Language) -> String {
    let words = language.words();
    let provenance = &report.found.provenance;
    let seed = report
        .found
        .settings
        .lcmcr
        .map(|lcmcr| format!(" · {} {}", words.seed, lcmcr.seed))
        .unwrap_or_default();
    let status = report
        .approved_by
        .map_or(words.draft_short.to_owned(), |name| {
            put(words.approved, &[isolated(name)])
        });
    format!(
        "<figcaption>{} · SHA-256 <code>{}</code> · {}{seed} · {status}</figcaption>",
        isolated(&provenance.table),
        escaped(&provenance.data_sha256),
        isolated(&provenance.program),
    )
}

fn definitions(pairs: &[(&str, String)]) -> String {
    let inside: String = pairs
        .iter()
        .map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"))
        .collect();
    format!("<dl>{inside}</dl>")
}

fn section(id: &str, title: &str, body: &str) -> String {
    format!("<section aria-labelledby=\"{id}-h\"><h2 id=\"{id}-h\">{title}</h2>{body}</section>\n")
}

fn strong(text: &str) -> String {
    format!("<strong>{text}</strong>")
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!(
        "<ul>{}</ul>",
        items
            .map(|item| format!("<li>{item}</li>"))
            .collect::<String>()
    )
}

/// A table whose first column names the rows.
fn grid(
    caption: &str,
    heads: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
    class: &str,
) -> String {
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .collect();
    let cells = |row: Vec<String>| {
        let cell = |(index, text): (usize, &String)| {
            if index == 0 {
                format!("<th scope=\"row\">{text}</th>")
            } else {
                format!("<td>{text}</td>")
            }
        };
        format!(
            "<tr>{}</tr>",
            row.iter().enumerate().map(cell).collect::<String>()
        )
    };
    let rows: String = rows.map(cells).collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table class=\"{class}\"><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}
