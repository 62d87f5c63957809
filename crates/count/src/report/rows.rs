//! The figures as CSV.

use super::Report;
use crate::estimate::analysis::Analysis;
use crate::estimate::selection::Criterion;

const HEAD: [&str; 13] = [
    "scope",
    "method",
    "criterion",
    "model",
    "observed",
    "estimate",
    "low",
    "high",
    "seed",
    "data_sha256",
    "program",
    "status",
    "approved_by",
];

/// One row for each scope (the whole table, each stratum, their total) and method.
pub(super) fn write(report: Report<'_>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let found = &report.found.analysis;
    let mut rows = of_analysis("whole", &found.whole);
    for (name, part) in &found.strata {
        rows.extend(of_analysis(name, part));
    }
    if let Some(total) = found.total {
        let observed = found.strata.iter().map(|(_, part)| part.observed).sum();
        rows.push(Row::new(
            "strata total",
            "sum of strata",
            "",
            "",
            observed,
            Some((total.estimate, total.low, total.high)),
        ));
    }
    let provenance = &report.found.provenance;
    let seed = report
        .found
        .settings
        .lcmcr
        .map(|lcmcr| lcmcr.seed.to_string())
        .unwrap_or_default();
    let status = if report.approved_by.is_some() {
        "approved"
    } else {
        "draft"
    };
    let tail = [
        seed.as_str(),
        &provenance.data_sha256,
        &provenance.program,
        status,
        report.approved_by.unwrap_or_default(),
    ];
    // Writing to memory does not fail; were it to, the text would end early and its head would be missing.
    let _written = writer.write_record(HEAD);
    for row in rows {
        let cells = row.cells.iter().map(String::as_str).chain(tail);
        let _written = writer.write_record(cells.map(harmless));
    }
    writer
        .into_inner()
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_default()
}

struct Row {
    cells: Vec<String>,
}

impl Row {
    fn new(
        scope: &str,
        method: &str,
        criterion: &str,
        model: &str,
        observed: u64,
        numbers: Option<(f64, f64, f64)>,
    ) -> Row {
        let number = |of: fn((f64, f64, f64)) -> f64| {
            numbers
                .map(|all| format!("{:.1}", of(all)))
                .unwrap_or_default()
        };
        let cells = [scope, method, criterion, model]
            .map(str::to_owned)
            .into_iter();
        let numbers = [
            observed.to_string(),
            number(|all| all.0),
            number(|all| all.1),
            number(|all| all.2),
        ];
        Row {
            cells: cells.chain(numbers).collect(),
        }
    }
}

fn of_analysis(scope: &str, analysis: &Analysis) -> Vec<Row> {
    let observed = analysis.observed;
    let Ok(answer) = &analysis.answer else {
        return vec![Row::new(scope, "no estimate", "", "", observed, None)];
    };
    let mut rows = Vec::new();
    if let (Some(comparison), Some(table)) = (&analysis.comparison, &analysis.table) {
        for criterion in [Criterion::Bic, Criterion::Aic] {
            if let Some(fit) = comparison.best(criterion) {
                let (low, high) = fit.interval();
                let model = fit.model.name(table.lists());
                rows.push(Row::new(
                    scope,
                    "log-linear, best",
                    criterion.name(),
                    &model,
                    observed,
                    Some((fit.estimate(), low, high)),
                ));
            }
            if let Some(mixed) = comparison.averaged(criterion) {
                let numbers = Some((mixed.estimate, mixed.low, mixed.high));
                rows.push(Row::new(
                    scope,
                    "log-linear, averaged",
                    criterion.name(),
                    "",
                    observed,
                    numbers,
                ));
            }
        }
    } else {
        rows.push(Row::new(
            scope,
            "Chapman",
            "",
            "",
            observed,
            Some((answer.estimate, answer.low, answer.high)),
        ));
    }
    if let Some(posterior) = &analysis.posterior {
        let numbers = Some((posterior.median, posterior.low, posterior.high));
        rows.push(Row::new(scope, "latent classes", "", "", observed, numbers));
    }
    rows
}

/// A spreadsheet would run a text that begins like a formula.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
