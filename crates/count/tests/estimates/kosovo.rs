//! Killings of Kosovo Albanians, 20 March to 22 June 1999, by which of four lists named the victim. Ball, Betts, Scheuren, Dudukovic and
//! Asher, *Killings and Refugee Flow in Kosovo, March-June 1999*, AAAS and ABA/CEELI, 2002; the table is the aggregate
//! `kosovo_aggregate` of the R package LCMCR. Counts are facts.

use count::estimate::analysis::{Settings, analyse};
use count::estimate::fit::Margins;
use count::estimate::lcmcr::{LcmcrSettings, sample};
use count::estimate::model::Model;
use count::estimate::selection::{Criterion, compare};
use count::estimate::table::Table;

pub const KOSOVO: &str = "EXH,ABA,OSCE,HRW,count\n0,0,0,1,306\n0,0,1,0,936\n0,0,1,1,123\n0,1,0,0,845\n0,1,0,1,31\n0,1,1,0,217\n0,1,1,1,32\n1,0,0,0,1131\n1,0,0,1,106\n1,0,1,0,228\n1,0,1,1,42\n1,1,0,0,177\n1,1,0,1,18\n1,1,1,0,181\n1,1,1,1,27\n";

pub fn table() -> Table {
    Table::read(KOSOVO.as_bytes()).unwrap()
}

/// The published number: 10,356. The interval 9,005 to 12,105 is `n + exp(β_0 ± 1.96 se)`.
#[test]
fn the_best_model_by_bic_gives_the_published_number() {
    let analysis = analyse(&table(), &Settings::default());
    let answer = analysis.answer.unwrap();
    assert_eq!(answer.model, "EXH*ABA*OSCE + EXH*HRW + OSCE*HRW");
    assert!(
        (answer.estimate - 10_356.5).abs() < 0.05,
        "{}",
        answer.estimate
    );
    assert_eq!((answer.low.round(), answer.high.round()), (9005.0, 12105.0));
    assert_eq!(analysis.observed, 4400);
}

/// R 4.2.2, `glm(count ~ …, poisson)` on each of the 113 hierarchical models: the first and second by each criterion.
#[test]
fn every_model_agrees_with_r() {
    let comparison = compare(&table(), None);
    assert_eq!(
        (comparison.fits.len(), comparison.tried_count()),
        (113, 113)
    );
    let best = comparison.best(Criterion::Bic).unwrap();
    assert!((best.bic - 203.0296).abs() < 1e-4 && (best.aic - 132.7467).abs() < 1e-4);
    assert!((best.standard_error - 0.131_302_1).abs() < 1e-7);
    let second = &comparison.fits[1];
    assert!((second.bic - 203.1134).abs() < 1e-4 && (second.estimate() - 12_740.968).abs() < 1e-2);
    let by_aic = comparison.best(Criterion::Aic).unwrap();
    assert_eq!(by_aic.model, second.model);
    assert!((by_aic.aic - 126.4411).abs() < 1e-4);
}

/// The same number comes from the model named beforehand, and from its profile likelihood an interval near by.
#[test]
fn a_named_model_and_its_profile() {
    let table = table();
    let model = Model::read("EXH*ABA*OSCE, EXH*HRW, OSCE*HRW", table.lists()).unwrap();
    let fit = Margins::new(table.counts()).fit(model).unwrap();
    assert!((fit.estimate() - 10_356.519).abs() < 1e-3);
    assert_eq!(fit.degrees_of_freedom(), 4);
    let analysis = analyse(
        &table,
        &Settings {
            model: Some(model),
            ..Settings::default()
        },
    );
    let (low, high) = analysis.profile.unwrap();
    println!("profile interval {low:.0} to {:.0}", high.unwrap());
    assert!((low - 9005.0).abs() < 150.0 && (high.unwrap() - 12_105.0).abs() < 250.0);
}

/// The published number hides that a model as good by BIC says 12,741 and one nearly as good 18,393: that must be told.
#[test]
fn rivals_that_disagree_are_told_of() {
    let analysis = analyse(&table(), &Settings::default());
    let codes: Vec<&str> = analysis
        .warnings
        .iter()
        .map(|warning| warning.code())
        .collect();
    assert!(
        codes.contains(&"rivals_disagree") && codes.contains(&"criteria_disagree"),
        "{codes:?}"
    );
    let averaged = analysis.averaged.unwrap();
    assert!(
        averaged.high > 15_000.0 && averaged.low < 9500.0,
        "{averaged:?}"
    );
}

#[test]
fn the_latent_class_sampler_is_reproducible() {
    let short = LcmcrSettings {
        samples: 200,
        burn_in: 100,
        thinning: 1,
        ..LcmcrSettings::default()
    };
    let run = |seed| sample(&table(), LcmcrSettings { seed, ..short }, |_, _| {}).unwrap();
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).chains, run(2).chains);
}

/// Chains from different starts come to the same place. The default takes four times as long and brings R-hat to about 1.01; its posterior
/// is 10,330 (8,600 to 13,400).
#[test]
fn the_latent_class_chains_meet() {
    let settings = LcmcrSettings {
        samples: 2000,
        burn_in: 3000,
        thinning: 20,
        ..LcmcrSettings::default()
    };
    let posterior = sample(&table(), settings, |_, _| {}).unwrap();
    println!(
        "latent classes: {:.0} ({:.0} to {:.0}), R-hat {:.4}, effective {:.0}",
        posterior.median, posterior.low, posterior.high, posterior.r_hat, posterior.effective
    );
    assert!(posterior.r_hat < 1.1, "{}", posterior.r_hat);
    assert!(
        (9500.0..11_500.0).contains(&posterior.median)
            && posterior.low < 9500.0
            && posterior.high > 11_500.0
    );
}
