//! What follows from ranks and scores, told behind `tally` and `audit`.

use ballot::counting::{Method, count_answered, lot_between, order, value};
use ballot::message::election::Question;
use ballot::message::outcome::Answered;
use clap::Args;
use serde_json::json;

use crate::commands::Run;
use crate::words::say;

/// How ranks and scores are counted.
#[derive(Debug, Args)]
pub struct Counting {
    /// Count ranks or scores by this rule where the archive names none: schulze, stv:SEATS or judgement:GRADES
    #[arg(long = "count", value_name = "RULE", value_parser = method)]
    method: Option<Method>,

    /// An order of the answers that was drawn by lot, the favoured first, for a tie that only a lot can break: 3,1,2
    #[arg(long, value_name = "N,N…", value_delimiter = ',')]
    lot: Vec<usize>,
}

/// A rule from its name on the command line.
fn method(text: &str) -> Result<Method, String> {
    let (name, number) = text.split_once(':').unwrap_or((text, ""));
    let number = number
        .parse()
        .ok()
        .filter(|number| (1..=255).contains(number));
    match (name, number) {
        ("schulze", None) if text == name => Ok(Method::Schulze { blank: true }),
        ("stv", Some(seats)) => Ok(Method::Transferable { seats }),
        ("judgement", Some(grades)) => Ok(Method::Judgement {
            grades,
            blank: true,
        }),
        _ => Err("schulze, stv:SEATS or judgement:GRADES, from 1 to 255".to_owned()),
    }
}

/// Counts each question that has a rule and tells what follows.
pub fn tell(run: &Run, questions: &[Question], result: &[Answered], asked: &Counting) {
    let lot: Vec<usize> = asked
        .lot
        .iter()
        .filter_map(|at| at.checked_sub(1))
        .collect();
    for (number, (question, answered)) in (1_u64..).zip(questions.iter().zip(result)) {
        let counted = count_answered(question, answered, asked.method.as_ref(), &lot);
        let Some((method, counted)) = counted else {
            continue;
        };
        let names = question.answers();
        run.screen.say(
            say("ballot-counted")
                .n("number", number)
                .text("rule", method.name())
                .text("order", order(&counted, names))
                .n("valid", counted.valid)
                .n("blank", counted.blank)
                .n("invalid", counted.invalid),
        );
        let between = lot_between(&counted, names);
        if !between.is_empty() {
            run.screen.say(
                say("ballot-lot")
                    .n("number", number)
                    .text("between", between),
            );
        }
        run.screen
            .answer(&json!({ "question": number, "counted": value(&method, &counted) }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_named_with_their_number() {
        assert_eq!(method("schulze"), Ok(Method::Schulze { blank: true }));
        assert_eq!(method("stv:3"), Ok(Method::Transferable { seats: 3 }));
        for wrong in [
            "stv",
            "stv:0",
            "stv:x",
            "judgement:256",
            "schulze:1",
            "borda",
            "",
        ] {
            assert!(method(wrong).is_err(), "{wrong}");
        }
    }
}
