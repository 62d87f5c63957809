//! Tables on which a model fitted without thought gives a number with confidence that the data do not have.

use count::estimate::analysis::{Analysis, Refusal, Settings, analyse};
use count::estimate::fit::{Margins, Unfit};
use count::estimate::model::Model;
use count::estimate::selection::compare;
use count::estimate::strata::analyse_strata;
use count::estimate::table::{Stratified, Table};

fn table(lists: &[&str], counts: &[u64]) -> Table {
    Table::new(
        lists.iter().map(|name| (*name).to_owned()).collect(),
        counts.to_vec(),
    )
    .unwrap()
}

fn codes(analysis: &Analysis) -> Vec<&'static str> {
    analysis
        .warnings
        .iter()
        .map(|warning| warning.code())
        .collect()
}

#[test]
fn lists_without_overlap_give_no_number() {
    let analysis = analyse(
        &table(&["A", "B", "C"], &[0, 50, 60, 0, 70, 0, 0, 0]),
        &Settings::default(),
    );
    assert_eq!(analysis.answer, Err(Refusal::NoOverlap));
    assert!(codes(&analysis).contains(&"isolated_list"));
    assert_eq!(
        analyse(&table(&["A", "B"], &[0, 50, 60, 0]), &Settings::default()).answer,
        Err(Refusal::NoOverlap)
    );
}

#[test]
fn two_lists_warn_always() {
    let analysis = analyse(
        &table(&["A", "B"], &[0, 170, 120, 30]),
        &Settings::default(),
    );
    let answer = analysis.answer.clone().unwrap();
    assert_eq!(answer.model, "Chapman");
    assert!((answer.estimate - 978.06).abs() < 0.01);
    assert!(codes(&analysis).contains(&"two_lists"));
}

/// One person on both lists: the interval spans a factor of dozens and no number is given.
#[test]
fn a_single_shared_person_carries_no_number() {
    let analysis = analyse(
        &table(&["A", "B", "C"], &[0, 400, 300, 1, 200, 0, 0, 0]),
        &Settings::default(),
    );
    assert!(
        codes(&analysis).contains(&"little_overlap"),
        "{:?}",
        codes(&analysis)
    );
    assert!(codes(&analysis).contains(&"isolated_list"));
    if let Ok(answer) = &analysis.answer {
        assert!(codes(&analysis).contains(&"wide_interval") && answer.high > 5.0 * answer.low);
    }
}

/// Everybody on A is on B. With their interaction the likelihood has no finite maximum; `glm` reports one all the same.
#[test]
fn a_list_inside_another_is_told_of() {
    let contained = table(&["A", "B", "C"], &[0, 0, 80, 60, 70, 0, 25, 20]);
    let with = Model::read("A*B", contained.lists()).unwrap();
    assert_eq!(
        Margins::new(contained.counts()).fit(with).unwrap_err(),
        Unfit::NoMaximum
    );
    let analysis = analyse(&contained, &Settings::default());
    let codes = codes(&analysis);
    assert!(
        codes.contains(&"contained_list") && codes.contains(&"models_undetermined"),
        "{codes:?}"
    );
}

/// Chan, Silverman and Vincent's artificial case: A and B share nobody, and with the term A*B the constant is not identified.
#[test]
fn a_model_that_is_not_identified_is_left_out() {
    let sparse = table(&["A", "B", "C"], &[0, 20, 30, 0, 40, 0, 10, 0]);
    let all_pairs = Model::read("A*B, A*C, B*C", sparse.lists()).unwrap();
    assert_eq!(
        Margins::new(sparse.counts()).fit(all_pairs).unwrap_err(),
        Unfit::NotIdentified
    );
    let comparison = compare(&sparse, None);
    assert!(
        comparison.unfit.contains_key("not_identified"),
        "{:?}",
        comparison.unfit
    );
    let analysis = analyse(&sparse, &Settings::default());
    assert!(codes(&analysis).contains(&"models_undetermined"));
}

/// An empty overlap inside the model sets its parameter to minus infinity; the rest is fitted on the other cells, as `SparseMSE` does.
/// R 4.2.2, `glm(count ~ A + B + C, poisson)` on the five cells without A & B.
#[test]
fn an_empty_overlap_is_fitted_as_minus_infinity() {
    let sparse = table(&["A", "B", "C"], &[0, 30, 40, 0, 50, 6, 8, 0]);
    let fit = Margins::new(sparse.counts())
        .fit(Model::read("A*B", sparse.lists()).unwrap())
        .unwrap();
    assert_eq!(
        (
            fit.infinite.count_ones(),
            fit.cells,
            fit.model.parameters(),
            fit.degrees_of_freedom()
        ),
        (1, 5, 5, 1)
    );
    // Without A & B, C is independent of the rest: unseen = C alone · (A or B without C) / (A or B with C).
    assert!(
        (fit.estimate() - (134.0 + 50.0 * 70.0 / 14.0)).abs() < 1e-6,
        "{}",
        fit.estimate()
    );
}

#[test]
fn copies_and_few_people_are_told_of() {
    let copy = analyse(
        &table(&["A", "B", "C"], &[0, 0, 0, 30, 20, 0, 0, 10]),
        &Settings::default(),
    );
    assert!(codes(&copy).contains(&"same_lists"), "{:?}", codes(&copy));
    let few = analyse(
        &table(&["A", "B", "C"], &[0, 5, 4, 3, 6, 2, 1, 1]),
        &Settings::default(),
    );
    assert!(codes(&few).contains(&"few_people"));
}

#[test]
fn large_counts_are_fitted_like_small_ones() {
    let small = table(&["A", "B", "C"], &[0, 90, 80, 30, 70, 28, 25, 12]);
    let large = table(
        &["A", "B", "C"],
        &[0, 90, 80, 30, 70, 28, 25, 12].map(|count| count * 10_000_000_000),
    );
    let model = Model::read("A*B", small.lists()).unwrap();
    let one = Margins::new(small.counts()).fit(model).unwrap();
    let other = Margins::new(large.counts()).fit(model).unwrap();
    assert!((one.estimate() * 1e10 / other.estimate() - 1.0).abs() < 1e-8);
    assert!((one.standard_error / 1e5 / other.standard_error - 1.0).abs() < 1e-6);
}

#[test]
fn a_stratum_that_says_nothing_withholds_the_total() {
    let text = "A,B,C,place,count\n1,0,0,x,90\n0,1,0,x,80\n0,0,1,x,70\n1,1,0,x,30\n1,0,1,x,28\n0,1,1,x,25\n1,1,1,x,12\n1,0,0,y,9\n0,1,0,y,8\n";
    let both = analyse_strata(
        &Stratified::read(text.as_bytes(), Some("place")).unwrap(),
        &Settings::default(),
    );
    assert!(both.total.is_none());
    assert_eq!(both.warnings[0].code(), "strata_withheld");
    assert!(codes(&both.strata[1].1).contains(&"empty_in_stratum"));
    let without = text.replace(
        "1,0,0,y,9\n0,1,0,y,8\n",
        "1,0,0,y,50\n0,1,0,y,40\n1,1,0,y,20\n0,0,1,y,30\n1,0,1,y,15\n0,1,1,y,12\n1,1,1,y,6\n",
    );
    let both = analyse_strata(
        &Stratified::read(without.as_bytes(), Some("place")).unwrap(),
        &Settings::default(),
    );
    let (total, sum) = (
        both.total.unwrap(),
        both.strata
            .iter()
            .map(|(_, one)| one.answer.as_ref().unwrap().estimate)
            .sum::<f64>(),
    );
    assert!((total.estimate - sum).abs() < 1e-9 && total.low < sum && sum < total.high);
}
