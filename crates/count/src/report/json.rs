//! The figures for machines.

use serde_json::{Map, Value, json};

use super::Report;
use crate::estimate::analysis::Analysis;
use crate::estimate::fit::Fit;
use crate::estimate::lcmcr::Posterior;
use crate::estimate::mixture::Mixed;
use crate::estimate::selection::{Comparison, Criterion};
use crate::estimate::warning::Warning;

/// How many of the best models are listed.
const MODELS_LISTED: usize = 10;

/// `{estimate, low, high, model, criterion, averaged, chao_lower, warnings}` and more beside; numbers are null where none can be given.
pub(super) fn write(report: Report<'_>) -> Value {
    let analysis = &report.found.analysis;
    let mut answer = of_analysis(&analysis.whole);
    let provenance = &report.found.provenance;
    if !analysis.strata.is_empty() {
        let strata = analysis.strata.iter().map(|(name, part)| {
            let mut value = of_analysis(part);
            value.insert("stratum".to_owned(), json!(name));
            Value::Object(value)
        });
        answer.insert("strata".to_owned(), strata.collect());
        let total = analysis
            .total
            .map(|total| three(total.estimate, total.low, total.high));
        answer.insert("strata_total".to_owned(), json!(total));
        extend(&mut answer, &analysis.warnings);
    }
    answer.insert(
        "status".to_owned(),
        json!(if report.approved_by.is_some() {
            "approved"
        } else {
            "draft"
        }),
    );
    answer.insert("approved_by".to_owned(), json!(report.approved_by));
    answer.insert(
        "seed".to_owned(),
        json!(report.found.settings.lcmcr.map(|lcmcr| lcmcr.seed)),
    );
    answer.insert("data_sha256".to_owned(), json!(provenance.data_sha256));
    answer.insert("program".to_owned(), json!(provenance.program));
    Value::Object(answer)
}

fn extend(answer: &mut Map<String, Value>, warnings: &[Warning]) {
    for (key, word) in [("warnings", false), ("warning_codes", true)] {
        if let Some(Value::Array(list)) = answer.get_mut(key) {
            list.extend(warnings.iter().map(|one| {
                if word {
                    json!(one.code())
                } else {
                    json!(one.to_string())
                }
            }));
        }
    }
}

fn of_analysis(analysis: &Analysis) -> Map<String, Value> {
    let answer = analysis.answer.as_ref().ok();
    let number =
        |of: fn(&crate::estimate::analysis::Answer) -> f64| answer.map(|answer| tenth(of(answer)));
    let value = json!({
        "estimate": number(|answer| answer.estimate),
        "low": number(|answer| answer.low),
        "high": number(|answer| answer.high),
        "model": answer.map(|answer| answer.model.clone()),
        "criterion": analysis.criterion.name(),
        "averaged": analysis.comparison.as_ref().and_then(|comparison| averaged(analysis, comparison)),
        "chao_lower": analysis.chao.map(|chao| tenth(chao.classic)),
        "warnings": analysis.warnings.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "warning_codes": analysis.warnings.iter().map(Warning::code).collect::<Vec<_>>(),
        "refused": analysis.answer.as_ref().err().map(ToString::to_string),
        "observed": analysis.observed,
        "interval": "n + exp(b0 ± 1.96 se(b0))",
        "profile": analysis.profile.map(|(low, high)| json!({"low": tenth(low), "high": high.map(tenth)})),
        "chao": analysis.chao.map(|chao| json!({
            "classic": tenth(chao.classic),
            "bias_corrected": tenth(chao.bias_corrected),
            "equal_lists": chao.equal_lists.map(tenth),
            "unequal_lists": chao.unequal_lists.map(tenth),
            "once": chao.once,
            "twice": chao.twice,
        })),
        "best": analysis.comparison.as_ref().map(|comparison| best(analysis, comparison)),
        "models_tried": analysis.comparison.as_ref().map(Comparison::tried_count),
        "models_fitted": analysis.comparison.as_ref().map(|comparison| comparison.fits.len()),
        "models": analysis.comparison.as_ref().map(|comparison| models(analysis, comparison)),
        "lcmcr": analysis.posterior.as_ref().map(posterior),
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Averages by both criteria; the numbers at the top are by the chosen one. Nothing is averaged where no number can be given.
fn averaged(analysis: &Analysis, comparison: &Comparison) -> Option<Value> {
    let of = |criterion| {
        comparison
            .averaged(criterion)
            .filter(|_| analysis.answer.is_ok())
    };
    let whole: Mixed = of(analysis.criterion)?;
    let mut value = three(whole.estimate, whole.low, whole.high);
    for (key, criterion) in [("bic", Criterion::Bic), ("aic", Criterion::Aic)] {
        value[key] = json!(of(criterion).map(|mixed| three(mixed.estimate, mixed.low, mixed.high)));
    }
    value["criterion"] = json!(analysis.criterion.name());
    value["models"] = json!(comparison.fits.len());
    Some(value)
}

fn best(analysis: &Analysis, comparison: &Comparison) -> Value {
    let of = |criterion| comparison.best(criterion).map(|fit| model(analysis, fit));
    json!({ "bic": of(Criterion::Bic), "aic": of(Criterion::Aic) })
}

fn models(analysis: &Analysis, comparison: &Comparison) -> Vec<Value> {
    let mut fits: Vec<&Fit> = comparison.fits.iter().collect();
    fits.sort_by(|a, b| {
        analysis
            .criterion
            .of(a)
            .total_cmp(&analysis.criterion.of(b))
    });
    fits.into_iter()
        .take(MODELS_LISTED)
        .map(|fit| model(analysis, fit))
        .collect()
}

fn model(analysis: &Analysis, fit: &Fit) -> Value {
    let (low, high) = fit.interval();
    let mut value = three(fit.estimate(), low, high);
    value["model"] = json!(
        analysis
            .table
            .as_ref()
            .map(|table| fit.model.name(table.lists()))
    );
    value["aic"] = json!(thousandth(fit.aic));
    value["bic"] = json!(thousandth(fit.bic));
    value["parameters"] = json!(fit.model.parameters());
    value["deviance"] = json!(thousandth(fit.deviance));
    value["degrees_of_freedom"] = json!(fit.degrees_of_freedom());
    value
}

fn posterior(posterior: &Posterior) -> Value {
    let settings = posterior.settings;
    json!({
        "median": tenth(posterior.median),
        "mean": tenth(posterior.mean),
        "low": tenth(posterior.low),
        "high": tenth(posterior.high),
        "r_hat": thousandth(posterior.r_hat),
        "effective_samples": tenth(posterior.effective),
        "samples": settings.samples,
        "burn_in": settings.burn_in,
        "thinning": settings.thinning,
        "chains": settings.chains,
        "classes": settings.classes,
        "seed": settings.seed,
    })
}

fn three(estimate: f64, low: f64, high: f64) -> Value {
    json!({ "estimate": tenth(estimate), "low": tenth(low), "high": tenth(high) })
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn thousandth(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
