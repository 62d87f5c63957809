//! What ends a verb early: what failed, what to do about it, and with which exit code.

use std::fmt;
use std::process::ExitCode;

use crate::words::{Language, Saying, say};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// It failed, or what was checked does not hold.
    Failed = 1,
    /// The command line or a file has not the form that it must have.
    Malformed = 2,
    /// Accepted, but not entered in the record yet: ask again later.
    Pending = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// What ended a verb.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The exit code that it means.
    pub exit: Exit,
    saying: Saying,
    cause: Option<String>,
}

/// A verb that failed: begins a [`Failure`] from the message `key`.
pub fn fault(key: &'static str) -> Failure {
    Failure {
        exit: Exit::Failed,
        saying: say(key),
        cause: None,
    }
}

/// As [`fault`], for input that has not the right form.
pub fn malformed(key: &'static str) -> Failure {
    Failure {
        exit: Exit::Malformed,
        saying: say(key),
        cause: None,
    }
}

impl Failure {
    /// Puts a text into the message.
    pub fn text(mut self, name: &'static str, text: impl fmt::Display) -> Failure {
        self.saying = self.saying.text(name, text);
        self
    }

    /// Adds what the layer below said, in its own words.
    pub fn because(mut self, cause: impl fmt::Display) -> Failure {
        self.cause = Some(cause.to_string());
        self
    }

    /// A secret that nobody gave.
    pub fn secret_missing(what: &str, variable: &str, option: &str) -> Failure {
        malformed("fault-secret-missing")
            .text("what", what)
            .text("variable", variable)
            .text("option", option)
    }

    /// A descriptor from which no secret could be read.
    pub fn secret_unreadable(what: &str, descriptor: u32, why: String) -> Failure {
        malformed("fault-secret-unreadable")
            .text("what", what)
            .text("descriptor", descriptor)
            .because(why)
    }

    /// For people: what failed, why, what to do.
    pub fn in_language(&self, language: Language) -> String {
        let mut text = self.saying.in_language(language);
        if let Some(cause) = &self.cause {
            text.push_str("\n  ");
            text.push_str(cause);
        }
        if let Some(remedy) = self.saying.remedy(language) {
            text.push_str("\n  ");
            text.push_str(&remedy);
        }
        text
    }

    /// For machines.
    pub fn to_json(&self, language: Language) -> serde_json::Value {
        serde_json::json!({ "error": {
            "key": self.saying.key(),
            "what": self.saying.in_language(language),
            "cause": self.cause,
            "do": self.saying.remedy(language),
        }})
    }
}
