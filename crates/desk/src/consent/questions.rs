//! The script by which consent is taken: at most eight plain questions (`model/questions.tsv`), whose answers compile to rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::grant::{Audience, Class, Grant, Level, Purpose, RecipientName};
use crate::model::Label;

/// The questions, in the order in which they are asked.
pub static QUESTIONS: LazyLock<Vec<Question>> = LazyLock::new(shipped);

const TABLE: &str = include_str!("../../model/questions.tsv");

/// One question.
#[derive(Debug)]
pub struct Question {
    /// Its name in forms.
    pub name: &'static str,
    /// What is asked.
    pub text: Label,
    /// What is allowed by a yes; a purpose with a level is allowed at that level, from that answer on.
    purposes: Vec<(Purpose, Option<Level>)>,
    /// To whom, unless the person names who.
    classes: Vec<Class>,
}

/// The answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// No.
    No,
    /// Yes, up to this level.
    Yes {
        /// The most detail.
        level: Level,
        /// If not empty, only to these.
        only: BTreeSet<RecipientName>,
    },
}

/// What a person answered. A question that is not answered allows nothing and refuses nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replies {
    /// By the name of the question.
    pub each: BTreeMap<&'static str, Reply>,
    /// Who must never receive it, whatever else was said.
    pub never: BTreeSet<RecipientName>,
}

impl Question {
    /// The question of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Question> {
        QUESTIONS.iter().find(|one| one.name == name)
    }

    fn rows(&self, reply: &Reply) -> Vec<Grant> {
        match reply {
            Reply::No => self
                .purposes
                .iter()
                .map(|(purpose, _)| refusal(*purpose))
                .collect(),
            Reply::Yes { level, only } => {
                let audiences = self.audiences(only);
                let allowed = self
                    .purposes
                    .iter()
                    .filter_map(|(purpose, from)| match from {
                        None => Some((*purpose, *level)),
                        Some(from) => (*level >= *from).then_some((*purpose, *from)),
                    });
                let rows = |(purpose, level)| {
                    audiences
                        .iter()
                        .cloned()
                        .map(move |to| Grant::Allow { purpose, to, level })
                };
                allowed.flat_map(rows).collect()
            }
        }
    }

    fn audiences(&self, only: &BTreeSet<RecipientName>) -> Vec<Audience> {
        if only.is_empty() {
            return self.classes.iter().copied().map(Audience::Class).collect();
        }
        only.iter().cloned().map(Audience::Named).collect()
    }

    /// Every reply that a set of rows can be of this question, simplest first: its rows must all be there.
    fn reply(&self, rows: &BTreeSet<Grant>) -> Option<Reply> {
        let mut only = BTreeSet::new();
        for row in rows {
            if let Grant::Allow { purpose, to, .. } = row
                && let Audience::Named(name) = to
                && self.purposes.iter().any(|(mine, _)| mine == purpose)
            {
                only.insert(name.clone());
            }
        }
        let yes = Level::EVERY.into_iter().rev().flat_map(|level| {
            [BTreeSet::new(), only.clone()].map(|only| Reply::Yes { level, only })
        });
        core::iter::once(Reply::No).chain(yes).find(|reply| {
            let made = self.rows(reply);
            !made.is_empty() && made.iter().all(|row| rows.contains(row))
        })
    }
}

/// The rows of the answers. What is refused to somebody by name is refused for everything.
#[must_use]
pub fn compile(replies: &Replies) -> Vec<Grant> {
    let answered = QUESTIONS
        .iter()
        .filter_map(|question| Some(question.rows(replies.each.get(question.name)?)));
    let never = replies.never.iter().map(|name| Grant::Refuse {
        purpose: None,
        to: Audience::Named(name.clone()),
        level: Level::Aggregate,
    });
    answered.flatten().chain(never).collect()
}

/// The answers that rows stand for, to be read back to the person, and the rows that no answer makes: they are read back as they
/// are.
#[must_use]
pub fn summary(rows: &[Grant]) -> (Replies, Vec<Grant>) {
    let all: BTreeSet<Grant> = rows.iter().cloned().collect();
    let mut replies = Replies::default();
    for question in QUESTIONS.iter() {
        if let Some(reply) = question.reply(&all) {
            replies.each.insert(question.name, reply);
        }
    }
    replies.never = all.iter().filter_map(excluded).cloned().collect();
    let said = compile(&replies);
    let beyond = rows.iter().filter(|row| !said.contains(row)).cloned();
    let beyond = beyond.collect();
    (replies, beyond)
}

fn excluded(row: &Grant) -> Option<&RecipientName> {
    match row {
        Grant::Refuse {
            purpose: None,
            to: Audience::Named(name),
            level: Level::Aggregate,
        } => Some(name),
        _ => None,
    }
}

fn refusal(purpose: Purpose) -> Grant {
    Grant::Refuse {
        purpose: Some(purpose),
        to: Audience::Any,
        level: Level::Aggregate,
    }
}

fn shipped() -> Vec<Question> {
    let rows = TABLE.lines().skip(1).filter(|line| !line.is_empty());
    rows.filter_map(question).collect()
}

fn question(line: &'static str) -> Option<Question> {
    let cells: Vec<&'static str> = line.split('\t').collect();
    let [name, purposes, classes, en, fa, ar, fr] = cells.as_slice() else {
        return None;
    };
    let purpose = |text: &str| match text.split_once('@') {
        Some((code, level)) => Some((Purpose::find(code)?, Some(Level::find(level)?))),
        None => Some((Purpose::find(text)?, None)),
    };
    Some(Question {
        name,
        text: Label { en, fa, ar, fr },
        purposes: purposes.split(',').map(purpose).collect::<Option<_>>()?,
        classes: classes.split(',').map(Class::find).collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_script_is_read_and_there_are_at_most_eight() {
        let lines = TABLE.lines().skip(1).count();
        assert_eq!(QUESTIONS.len(), lines);
        assert!((1..=8).contains(&lines));
    }

    #[test]
    fn every_purpose_is_asked_about_once() {
        let asked: Vec<_> = QUESTIONS.iter().flat_map(|one| &one.purposes).collect();
        for purpose in Purpose::every() {
            let times = asked.iter().filter(|(mine, _)| *mine == purpose).count();
            assert_eq!(times, 1, "{}", purpose.code());
        }
    }
}
