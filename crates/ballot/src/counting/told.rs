//! What was counted, as JSON: the same from every program of ours.

use serde_json::{Value, json};

use super::{Counted, Judgement, Method, Outcome, Schulze, Stage, Transfer, UNIT};

/// The order in which a rule puts the answers, such as `1. B  2. A = C`.
pub fn order(counted: &Counted, names: &[String]) -> String {
    let name = |at: &usize| isolated(names.get(*at).map_or("", String::as_str));
    let groups = counted.outcome.order();
    let places = (1_usize..).zip(&groups).map(|(place, group)| {
        let group: Vec<String> = group.iter().map(name).collect();
        format!("{place}. {}", group.join(" = "))
    });
    places.collect::<Vec<_>>().join("  ")
}

/// Names between which a lot decides; empty if none has to.
pub fn lot_between(counted: &Counted, names: &[String]) -> String {
    let between = counted.outcome.lot_between().iter();
    let names = between.map(|at| isolated(names.get(*at).map_or("", String::as_str)));
    names.collect::<Vec<_>>().join(" = ")
}

/// Isolated, so that a name in another script does not turn the line around.
fn isolated(text: &str) -> String {
    let shown = text.chars();
    let shown: String = shown
        .map(|one| if one.is_control() { ' ' } else { one })
        .collect();
    format!("\u{2068}{shown}\u{2069}")
}

/// All that was counted. Answers are numbers from 0; votes that can be parts are texts with five decimal places.
pub fn value(method: &Method, counted: &Counted) -> Value {
    let mut value = match &counted.outcome {
        Outcome::Schulze(found) => schulze(found),
        Outcome::Transferable(found) => transfer(found),
        Outcome::Judgement(found) => judgement(found),
    };
    value["method"] = json!(method.name());
    value["valid"] = json!(counted.valid);
    value["blank"] = json!(counted.blank);
    value["invalid"] = json!(counted.invalid);
    value
}

fn schulze(found: &Schulze) -> Value {
    let strengths = found.paths.iter().map(|row| {
        let row = row.iter().map(|one| json!([one.winning, one.losing()]));
        row.collect::<Vec<_>>()
    });
    json!({
        "preferred": found.duels.preferred,
        "wins_all_duels": found.duels.winner_of_all(),
        "paths": strengths.collect::<Vec<_>>(),
        "ranking": found.ranking,
    })
}

fn judgement(found: &Judgement) -> Value {
    json!({ "given": found.given, "medians": found.medians, "ranking": found.ranking })
}

fn transfer(found: &Transfer) -> Value {
    json!({
        "rules": "SSI 2007/42",
        "seats": found.seats,
        "quota": found.quota,
        "stages": found.stages.iter().map(stage).collect::<Vec<_>>(),
        "elected": found.elected,
        "lot_between": found.lot,
    })
}

fn stage(stage: &Stage) -> Value {
    json!({
        "surplus_of": stage.surplus_of,
        "excluded": stage.excluded,
        "votes": stage.votes.iter().map(|one| decimal(*one)).collect::<Vec<_>>(),
        "non_transferable": decimal(stage.non_transferable),
        "elected": stage.elected,
    })
}

fn decimal(units: u64) -> String {
    format!("{}.{:05}", units / UNIT, units % UNIT)
}
