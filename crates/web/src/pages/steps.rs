//! What changes something goes in steps: fill in a form, check the answers, do it, see what was done. The form keeps
//! what was typed; the check shows what will be entered, because what is entered stays.

use askama::Template;
use axum::response::Response;

use crate::form::{Faults, Field};
use crate::refusal::Refusal;
use crate::shell::{self, Place, Shell};

/// Where a form stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To be filled in, or corrected.
    Fill,
    /// To be checked before it is done.
    Check,
    /// To be done.
    Do,
}

impl Step {
    /// What a form that was sent asks for.
    #[must_use]
    pub fn of(sure: &str, change: &str, faults: &Faults) -> Self {
        match (change, faults.is_empty(), sure) {
            ("yes", _, _) | (_, false, _) => Self::Fill,
            (_, true, "yes") => Self::Do,
            _ => Self::Check,
        }
    }
}

/// A page with one form.
#[derive(Template)]
#[template(path = "form.html")]
pub struct FormPage {
    /// Around it.
    pub page: Shell,
    /// What is wrong.
    pub faults: Faults,
    /// The page that leads here: address and name.
    pub back: (String, String),
    /// The heading.
    pub title: String,
    /// What to know before.
    pub paragraphs: Vec<String>,
    /// Where the form goes.
    pub action: String,
    /// The fields.
    pub fields: Vec<Field>,
    /// The button.
    pub button: String,
    /// The section of the limits that belongs to it.
    pub limits: Option<&'static str>,
}

/// A page that shows what will be entered.
#[derive(Template)]
#[template(path = "check.html")]
pub struct CheckPage {
    /// Around it.
    pub page: Shell,
    /// The heading.
    pub title: String,
    /// What will follow from it.
    pub warning: Option<String>,
    /// Label and value.
    pub answers: Vec<(String, String)>,
    /// Where the form goes.
    pub action: String,
    /// What the form carries.
    pub hidden: Vec<(&'static str, String)>,
    /// The button.
    pub button: String,
    /// Whether it takes something away.
    pub grave: bool,
    /// Whether something can be changed before.
    pub changeable: bool,
    /// Where to go instead.
    pub back: String,
    /// The section of the limits that belongs to it.
    pub limits: Option<&'static str>,
}

/// A page that says what was done.
#[derive(Template)]
#[template(path = "done.html")]
pub struct DonePage {
    /// Around it.
    pub page: Shell,
    /// What was done.
    pub title: String,
    /// What follows.
    pub paragraphs: Vec<String>,
    /// Label, hint and secret, shown once.
    pub secrets: Vec<(String, String, String)>,
    /// Address and words of what to do next.
    pub next: Vec<(String, String)>,
    /// The section of the limits that belongs to it.
    pub limits: Option<&'static str>,
}

impl FormPage {
    /// As an answer: 422 if something must be corrected.
    pub fn answer(&self) -> Result<Response, Refusal> {
        if self.faults.is_empty() {
            shell::page(self)
        } else {
            shell::faulty(self)
        }
    }
}

/// A text as it is entered: without space around it, and not too long.
pub fn needed(faults: &mut Faults, field: &'static str, text: &str, letters_max: usize) -> String {
    let text = text.trim();
    faults.unless(!text.is_empty(), field, "form-required");
    faults.unless(text.chars().count() <= letters_max, field, "form-too-long");
    text.to_owned()
}
