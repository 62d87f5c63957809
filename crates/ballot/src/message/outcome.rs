//! The result (section 4.19).

use super::{ANSWERS_MAX, QUESTIONS_MAX, VOTERS_MAX};
use crate::message::election::Question;
use crate::text::{Read, Reader, write_list};

/// The result of one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// How often each answer was chosen, weights counted; blank first where it may be chosen.
    Counts(Vec<u64>),
    /// Each ballot's numbers, in the order of the last shuffle.
    Ballots(Vec<Vec<u64>>),
}

/// Reads `{"result":[…]}`, in the shape that the questions ask for.
pub fn read(bytes: &[u8], questions: &[Question]) -> Read<Vec<Answered>> {
    let mut reader = Reader::new(bytes);
    reader.expect("{\"result\":")?;
    let mut ahead = questions.iter();
    let answers = reader.list(QUESTIONS_MAX, |reader| match ahead.next() {
        None => reader.fault("as many results as there are questions"),
        Some(Question::Homomorphic(_)) => reader
            .list(ANSWERS_MAX + 1, Reader::integer)
            .map(Answered::Counts),
        Some(Question::NonHomomorphic(_)) => reader
            .list(VOTERS_MAX, |reader| {
                reader.list(ANSWERS_MAX, Reader::integer)
            })
            .map(Answered::Ballots),
    })?;
    if answers.len() != questions.len() {
        return reader.fault("before here: as many results as there are questions");
    }
    reader.expect("}")?;
    reader.end()?;
    Ok(answers)
}

/// Writes it.
pub fn text(answers: &[Answered]) -> String {
    let write_numbers = |numbers: &[u64], out: &mut String| {
        write_list(numbers, out, |one, out| out.push_str(&one.to_string()))
    };
    let mut out = "{\"result\":".to_owned();
    write_list(answers, &mut out, |one, out| match one {
        Answered::Counts(counts) => write_numbers(counts, out),
        Answered::Ballots(ballots) => write_list(ballots, out, |one, out| write_numbers(one, out)),
    });
    out.push('}');
    out
}
