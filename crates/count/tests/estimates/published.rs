//! Tables from the literature, refitted; the expected numbers are R 4.2.2's `glm(…, poisson)`, model by model.

use count::estimate::analysis::{Settings, analyse};
use count::estimate::selection::{Criterion, Tried, compare};
use count::estimate::table::Table;

/// Infants with spina bifida in upstate New York, 1969-1974, on birth certificates, death certificates and a rehabilitation register: Hook,
/// Albagli and Regal 1980, as tabulated in the R package conting (`spina`), the three groups added up.
fn spina() -> Table {
    let lists = ["S1", "S2", "S3"].map(str::to_owned).to_vec();
    Table::new(lists, vec![0, 244, 48, 142, 60, 111, 4, 12]).unwrap()
}

#[test]
fn spina_bifida_agrees_with_r() {
    let comparison = compare(&spina(), None);
    assert_eq!(comparison.fits.len(), 8);
    let lists = spina().lists().to_vec();
    for (name, aic, bic, estimate, low, high, deviance) in SPINA {
        let fit = comparison
            .fits
            .iter()
            .find(|fit| fit.model.name(&lists) == name)
            .unwrap();
        let found = [
            fit.aic,
            fit.bic,
            fit.estimate(),
            fit.interval().0,
            fit.interval().1,
            fit.deviance,
        ];
        for (found, expected) in found.iter().zip([aic, bic, estimate, low, high, deviance]) {
            assert!(
                (found - expected).abs() < 1e-3 * (1.0 + expected.abs() / 100.0),
                "{name}: {found} is not {expected}"
            );
        }
    }
}

/// A table as sparse as that of modern slavery in the United Kingdom, 2013 (2,744 people; Bales, Hesketh and Silverman 2015; Silverman
/// 2020): most pairs of lists share a handful of people, some nobody.
pub fn slavery(lists: &[&str]) -> Table {
    const SIX: [(&str, u64); 25] = [
        ("LA", 54),
        ("NG", 463),
        ("PF", 907),
        ("GO", 695),
        ("GP", 316),
        ("NCA", 57),
        ("LA NG", 15),
        ("LA PF", 19),
        ("LA GO", 3),
        ("NG PF", 56),
        ("NG GO", 19),
        ("NG GP", 1),
        ("NG NCA", 3),
        ("PF GO", 69),
        ("PF GP", 10),
        ("PF NCA", 31),
        ("GO GP", 8),
        ("GO NCA", 6),
        ("GP NCA", 1),
        ("LA NG PF", 1),
        ("LA NG GO", 1),
        ("NG PF GO", 4),
        ("NG PF NCA", 3),
        ("PF GO NCA", 1),
        ("NG PF GO NCA", 1),
    ];
    let mut counts = vec![0; 1 << lists.len()];
    for (cell, count) in SIX {
        // With five lists the police forces and the National Crime Agency are one.
        let place = |name: &str| {
            lists
                .iter()
                .position(|list| list.split('/').any(|part| part == name))
                .unwrap()
        };
        let set = cell
            .split(' ')
            .fold(0usize, |set, name| set | 1 << place(name));
        counts[set] += count;
    }
    Table::new(
        lists.iter().map(|name| (*name).to_owned()).collect(),
        counts,
    )
    .unwrap()
}

#[test]
fn five_sparse_lists_agree_with_r() {
    let table = slavery(&["LA", "NG", "PF/NCA", "GO", "GP"]);
    assert_eq!(table.observed(), 2744);
    let comparison = compare(&table, Some(2));
    assert_eq!(
        (comparison.tried, comparison.tried_count()),
        (Tried::UpTo(2), 1024)
    );
    let by_aic = comparison.best(Criterion::Aic).unwrap();
    assert!(
        (by_aic.aic - 122.8980).abs() < 1e-3 && (by_aic.estimate() - 11_116.94).abs() < 0.5,
        "{by_aic:?}"
    );
    // Nobody is on LA and GP: that parameter is minus infinity and counts in the criterion.
    assert_eq!(by_aic.infinite.count_ones(), 1);
    let by_bic = comparison.best(Criterion::Bic).unwrap();
    assert!((by_bic.bic - 195.2005).abs() < 1e-3 && (by_bic.estimate() - 22_781.11).abs() < 1.0);
}

/// The two criteria differ by a factor of two on that table, and so do rivals by one of them: no confident number.
#[test]
fn a_sparse_table_is_not_given_with_confidence() {
    let analysis = analyse(
        &slavery(&["LA", "NG", "PF/NCA", "GO", "GP"]),
        &Settings {
            order_max: Some(2),
            ..Settings::default()
        },
    );
    let codes: Vec<&str> = analysis
        .warnings
        .iter()
        .map(|warning| warning.code())
        .collect();
    for code in [
        "sparse",
        "no_overlap",
        "rivals_disagree",
        "criteria_disagree",
    ] {
        assert!(codes.contains(&code), "{code} not in {codes:?}");
    }
    let averaged = analysis.averaged.unwrap();
    assert!(
        averaged.low < 12_000.0 && averaged.high > 24_000.0,
        "{averaged:?}"
    );
}

#[test]
fn all_models_of_five_lists_and_the_search_of_six() {
    let five = compare(&slavery(&["LA", "NG", "PF/NCA", "GO", "GP"]), None);
    assert_eq!((five.tried, five.tried_count()), (Tried::Whole, 6893));
    let six = compare(&slavery(&["LA", "NG", "PF", "GO", "GP", "NCA"]), None);
    assert_eq!(six.tried, Tried::PairsThenSteps);
    assert!(six.tried_count() > 32_768);
    assert!(
        six.best(Criterion::Bic).unwrap().bic
            <= compare(&slavery(&["LA", "NG", "PF", "GO", "GP", "NCA"]), Some(2))
                .best(Criterion::Bic)
                .unwrap()
                .bic
    );
}

/// Model, AIC, BIC, estimate, interval, deviance.
const SPINA: [(&str, f64, f64, f64, f64, f64, f64); 8] = [
    (
        "S1 + S2 + S3",
        106.7873,
        124.5126,
        756.7575,
        727.5953,
        793.8977,
        58.85781,
    ),
    (
        "S1*S2 + S3",
        96.48788,
        118.6445,
        826.0394,
        769.7213,
        903.6841,
        46.5584,
    ),
    (
        "S1*S3 + S2",
        108.3906,
        130.5473,
        747.0759,
        711.0026,
        797.6076,
        58.46114,
    ),
    (
        "S1*S2 + S1*S3",
        89.49918,
        116.0872,
        1341.0,
        872.7251,
        2680.389,
        37.56969,
    ),
    (
        "S2*S3 + S1",
        54.25623,
        76.41288,
        724.1245,
        700.9893,
        753.9511,
        4.326742,
    ),
    (
        "S1*S2 + S2*S3",
        51.93003,
        78.51802,
        752.8919,
        715.0464,
        805.967,
        0.0005426226,
    ),
    (
        "S1*S3 + S2*S3",
        52.62311,
        79.2111,
        703.4789,
        679.0948,
        738.0977,
        0.6936278,
    ),
    (
        "S1*S2 + S1*S3 + S2*S3",
        53.92949,
        84.9488,
        754.7495,
        660.2688,
        1076.551,
        0.0,
    ),
];
