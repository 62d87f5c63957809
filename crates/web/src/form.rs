//! Forms, after the habits of good public services: a label above each field, a hint under it, errors in words beside
//! the field and again in a summary at the top that links to it, and nothing that was typed is lost.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::words::Words;

/// What is wrong with a form: the field's id and the key of the message, in the order of the page.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<(&'static str, &'static str)>);

impl Faults {
    /// Notes a fault unless the condition holds.
    pub fn unless(&mut self, holds: bool, field: &'static str, message: &'static str) {
        if !holds {
            self.0.push((field, message));
        }
    }

    /// A form with one fault.
    #[must_use]
    pub fn one(field: &'static str, message: &'static str) -> Self {
        Self(vec![(field, message)])
    }

    /// Whether the form can go on.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The message for a field.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&'static str> {
        self.0
            .iter()
            .find(|(id, _)| *id == field)
            .map(|(_, message)| *message)
    }

    /// The summary for the top of the page; nothing where nothing is wrong.
    #[must_use]
    pub fn summary(&self, words: &Words) -> Summary {
        Summary {
            title: words.say("form-summary"),
            faults: self
                .0
                .iter()
                .map(|(id, message)| ((*id).to_owned(), words.say(message)))
                .collect(),
        }
    }
}

/// The list of what is wrong, at the top of a page.
#[derive(Debug, Template)]
#[template(path = "parts/summary.html")]
pub struct Summary {
    title: String,
    faults: Vec<(String, String)>,
}

impl Summary {
    /// A summary of faults that are told already: the field's id and the sentence.
    #[must_use]
    pub fn told(words: Words, faults: Vec<(String, String)>) -> Self {
        Self {
            title: words.say("form-summary"),
            faults,
        }
    }
}

impl HtmlSafe for Summary {}

/// How a field is filled in.
#[derive(Clone, Debug)]
pub enum Control {
    /// One line; the strings are HTML's `type`, `autocomplete` and `inputmode`.
    Line(&'static str, &'static str, &'static str),
    /// Several lines.
    Area,
    /// One of a list: value and label.
    OneOf(Vec<(String, String)>),
}

/// One field of a form, with all that stands around it.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/field.html")]
pub struct Field {
    id: &'static str,
    label: String,
    hint: Option<String>,
    fault: Option<String>,
    fault_word: String,
    value: String,
    control: Control,
    narrow: bool,
    required: bool,
    letters_max: usize,
}

impl HtmlSafe for Field {}

/// The most letters that a one-line field takes unless it says otherwise.
const LETTERS_MAX: usize = 300;

impl Field {
    /// A required line of text.
    #[must_use]
    pub fn line(words: Words, id: &'static str, label: &str) -> Self {
        Self {
            id,
            label: words.say(label),
            hint: None,
            fault: None,
            fault_word: words.say("form-error"),
            value: String::new(),
            control: Control::Line("text", "off", "text"),
            narrow: false,
            required: true,
            letters_max: LETTERS_MAX,
        }
    }

    /// Another way to fill it in.
    #[must_use]
    pub fn control(mut self, control: Control) -> Self {
        self.control = control;
        self
    }

    /// A hint under the label.
    #[must_use]
    pub fn hint(mut self, hint: impl ToString) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// What was typed.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// What is wrong with it.
    #[must_use]
    pub fn faults(mut self, words: Words, faults: &Faults) -> Self {
        self.fault = faults.of(self.id).map(|message| words.say(message));
        self
    }

    /// May be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// Short, such as a code.
    #[must_use]
    pub fn narrow(mut self) -> Self {
        self.narrow = true;
        self
    }

    fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let fault = self.fault.as_ref().map(|_| format!("{}-error", self.id));
        match (hint, fault) {
            (Some(hint), Some(fault)) => Some(format!("{hint} {fault}")),
            (one, other) => one.or(other),
        }
    }
}
