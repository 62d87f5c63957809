//! A form made from the fields of a type: a control for each shape, what stands where people disagree, what is wrong.

use askama::Template;
use askama::filters::HtmlSafe;
use desk::model::{Field, MODEL, Shape, ShapeError, Type};
use office::{FieldFault, FieldFaultKind};

use super::choices::Choices;
use super::told::Told;
use super::typed::Typed;
use crate::words::Words;

/// Up to so many terms are shown all at once; a longer list of which one is chosen folds.
const RADIOS_MAX: usize = 4;
/// Up to so many terms of which several can be chosen are shown all at once.
const BOXES_MAX: usize = 8;
/// What a line takes at most, in characters; the model says what a field takes.
const LINE_LETTERS_MAX: usize = 500;

/// Ways to write a date: a day, a month, a year, in three calendars, about, and between two.
const DATES: [&str; 7] = [
    "1401/6/30",
    "sh:1401-06",
    "2022-09-21",
    "2022",
    "hj:1444-02-25",
    "2022~",
    "2021/2022",
];

/// How many fields one page of a long form has: one thing at a time.
const FIELDS_OF_PART: usize = 12;

/// One field of a form.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/desk_field.html")]
pub struct FieldView {
    id: String,
    name: &'static str,
    words: Words,
    label: &'static str,
    hint: Option<String>,
    examples: &'static [&'static str],
    fault: Option<String>,
    required: bool,
    closed: bool,
    control: Control,
    contested: Vec<Contested>,
}

impl HtmlSafe for FieldView {}

/// One side of a disagreement, beside its field.
#[derive(Clone, Debug)]
pub struct Contested {
    /// The value.
    pub told: Told,
    /// Who stated it.
    pub by: String,
}

#[derive(Clone, Debug)]
enum Control {
    /// Lines of text: each with its own id and what was typed; whether there can be one more.
    Lines(Vec<(String, String)>, bool),
    /// Several lines of text.
    Areas(Vec<(String, String)>, bool),
    /// One of a few.
    Radios(Vec<Choice>),
    /// Several of a list, which folds where it is long.
    Boxes(Vec<Choice>, bool),
    /// One of many.
    Select(Vec<Choice>),
    /// Something else of the circle.
    Point(Pointing),
}

#[derive(Clone, Debug)]
struct Choice {
    id: String,
    value: String,
    label: String,
    chosen: bool,
}

#[derive(Clone, Debug)]
struct Pointing {
    /// What is chosen, and what was found beside it.
    choices: Vec<Choice>,
    many: bool,
    sought: String,
    looked: bool,
    more: bool,
    /// Address and label of what can be added, for whoever does not find it.
    add: Vec<(String, &'static str)>,
}

/// What is wrong with a form: field and sentence, in the order of the page.
#[derive(Clone, Debug, Default)]
pub struct FormFaults(Vec<(String, String)>);

impl FormFaults {
    /// What the office found wrong with a draft.
    #[must_use]
    pub fn of(kind: &Type, faults: &[FieldFault], words: Words) -> FormFaults {
        let told = |fault: &FieldFault| (fault.field.clone(), fault_told(&fault.kind, words));
        let mut faults: Vec<(String, String)> = faults.iter().map(told).collect();
        let place = |name: &str| kind.fields.iter().position(|field| field.name == name);
        faults.sort_by_key(|(name, _)| place(name));
        faults.dedup();
        FormFaults(faults)
    }

    /// One fault of a field.
    #[must_use]
    pub fn one(field: &str, told: String) -> FormFaults {
        FormFaults(vec![(field.to_owned(), told)])
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of_field(&self, name: &str) -> Option<String> {
        let told = self.0.iter().filter(|(field, _)| field == name);
        let told: Vec<&str> = told.map(|(_, told)| told.as_str()).collect();
        (!told.is_empty()).then(|| told.join(" "))
    }

    /// For the summary at the top: where each fault is, and the sentence with the field's label before it.
    #[must_use]
    pub fn summary(&self, kind: &Type, words: Words) -> Vec<(String, String)> {
        let line = |(name, told): &(String, String)| match kind.field(name) {
            Some(field) => {
                let label = field.label.in_language(words.0.tag());
                (input_id(field.name), format!("{label}: {told}"))
            }
            None => (name.clone(), told.clone()),
        };
        self.0.iter().map(line).collect()
    }
}

fn fault_told(kind: &FieldFaultKind, words: Words) -> String {
    match kind {
        FieldFaultKind::Missing => words.say("form-required"),
        FieldFaultKind::TooMany => words.say("desk-fault-too-many"),
        FieldFaultKind::Target => words.say("desk-fault-target"),
        FieldFaultKind::Unknown => words.say("desk-fault-term"),
        FieldFaultKind::Shape(error) => match error {
            ShapeError::Long(most) => words.of("desk-fault-long").n("count", *most).to_string(),
            ShapeError::Unseen => words.say("desk-fault-unseen"),
            ShapeError::Date(_) => words.say("desk-fault-date"),
            ShapeError::Term(_) => words.say("desk-fault-term"),
            ShapeError::Id => words.say("desk-fault-id"),
            ShapeError::Count => words.say("desk-fault-count"),
            ShapeError::Point => words.say("desk-fault-point"),
            ShapeError::Grant(_) => words.say("desk-fault-grant"),
        },
    }
}

fn input_id(name: &str) -> String {
    format!("f-{name}")
}

/// All that the fields of one form are made from.
pub struct Making<'a> {
    /// The type.
    pub kind: &'static Type,
    /// The circle's id, for the links to what can be added.
    pub circle: String,
    /// What was typed.
    pub typed: &'a Typed,
    /// What fields can point to.
    pub choices: &'a Choices,
    /// What is wrong.
    pub faults: &'a FormFaults,
    /// The field that asked for one more line.
    pub more: Option<&'static str>,
    /// The language.
    pub words: Words,
}

impl Making<'_> {
    /// How many parts the form has, and which of them this page is, from 0.
    #[must_use]
    pub fn parts(&self) -> (usize, usize) {
        let count = self.kind.fields.len().div_ceil(FIELDS_OF_PART).max(1);
        (count, self.typed.part.min(count - 1))
    }

    /// The fields of this page: those that are to be corrected, or else those of its part.
    pub fn shown(&self) -> Vec<&'static Field> {
        let wrong = |field: &&Field| self.faults.of_field(field.name).is_some();
        let wrong: Vec<&Field> = self.kind.fields.iter().filter(wrong).collect();
        if !wrong.is_empty() {
            return wrong;
        }
        let (_, part) = self.parts();
        let fields = self.kind.fields.chunks(FIELDS_OF_PART).nth(part);
        fields.unwrap_or_default().iter().collect()
    }

    /// One field; `contested` tells both sides where people disagree.
    pub fn field(&self, field: &'static Field, contested: Vec<Contested>) -> FieldView {
        FieldView {
            id: input_id(field.name),
            name: field.name,
            words: self.words,
            label: field.label.in_language(self.words.0.tag()),
            hint: self.hint(field),
            examples: match field.shape {
                Shape::Date => &DATES,
                Shape::Point => &["35.6892, 51.389, 500"],
                Shape::Grant => &["allow;un_body;any;pseudonymous", "refuse;any;media;full"],
                _ => &[],
            },
            fault: self.faults.of_field(field.name),
            required: field.required,
            closed: field.closed,
            control: self.control(field),
            contested,
        }
    }

    fn hint(&self, field: &Field) -> Option<String> {
        let key = match field.shape {
            Shape::Date => "desk-hint-date",
            Shape::Point => "desk-hint-point",
            Shape::Grant => "desk-hint-grant",
            Shape::Count => "desk-hint-count",
            Shape::Reference(_) => "desk-hint-reference",
            Shape::Item => "desk-hint-item",
            Shape::Text if field.name_of_person && field.title => "desk-hint-name",
            Shape::Term(_) if field.many => "desk-hint-several",
            Shape::Text | Shape::Narrative | Shape::Term(_) => return None,
        };
        Some(self.words.say(key))
    }

    fn control(&self, field: &'static Field) -> Control {
        match &field.shape {
            Shape::Text | Shape::Date | Shape::Count | Shape::Point | Shape::Grant => {
                Control::Lines(self.inputs(field), field.many)
            }
            Shape::Narrative => Control::Areas(self.inputs(field), field.many),
            Shape::Term(vocabulary) => self.terms(field, vocabulary),
            Shape::Reference(types) => Control::Point(self.pointing(field, types)),
            Shape::Item => Control::Point(self.pointing(field, &[])),
        }
    }

    /// What was typed, and room for more: as many lines as were there, one more where somebody asked for it.
    fn inputs(&self, field: &Field) -> Vec<(String, String)> {
        let mut values = self.typed.of(field.name).to_vec();
        let is_filled = values.last().is_some_and(|last| !last.trim().is_empty());
        if values.is_empty() || (field.many && is_filled) || self.more == Some(field.name) {
            values.push(String::new());
        }
        if !field.many && values.len() > 1 {
            values.retain(|value| !value.trim().is_empty());
        }
        let id = |place: usize| match place {
            0 => input_id(field.name),
            _ => format!("{}-{}", input_id(field.name), place + 1),
        };
        let numbered = values.into_iter().enumerate();
        numbered.map(|(place, value)| (id(place), value)).collect()
    }

    fn terms(&self, field: &'static Field, vocabulary: &str) -> Control {
        let typed = self.typed.of(field.name);
        let mut choices: Vec<Choice> = Vec::new();
        let terms = MODEL.vocabulary(vocabulary).map(|one| one.terms.as_slice());
        for term in terms.unwrap_or_default() {
            // A code whose wording changed stands in several versions; the newest is told.
            choices.retain(|one| one.value != term.code);
            choices.push(Choice {
                id: String::new(),
                value: term.code.to_owned(),
                label: term.label.in_language(self.words.0.tag()).to_owned(),
                chosen: typed.iter().any(|one| one == term.code),
            });
        }
        let count = choices.len();
        if !field.many && (count > RADIOS_MAX || !field.required) {
            let none = Choice {
                id: String::new(),
                value: String::new(),
                label: self.words.say("desk-not-stated"),
                chosen: typed.iter().all(String::is_empty),
            };
            choices.insert(0, none);
        }
        number_choices(&mut choices, field);
        match field.many {
            true => Control::Boxes(choices, count > BOXES_MAX),
            false if count > RADIOS_MAX => Control::Select(choices),
            false => Control::Radios(choices),
        }
    }

    fn pointing(&self, field: &'static Field, types: &[&'static str]) -> Pointing {
        let found = self.choices.found.get(field.name);
        let typed = self.typed.of(field.name);
        let mut ids: Vec<&String> = typed.iter().filter(|id| !id.trim().is_empty()).collect();
        ids.extend(found.iter().flat_map(|found| &found.ids));
        let mut choices: Vec<Choice> = Vec::new();
        for id in ids {
            if !choices.iter().any(|one| one.value == *id) {
                let title = self.choices.titles.title(id);
                choices.push(Choice {
                    id: String::new(),
                    value: id.clone(),
                    label: title.map_or_else(|| desk::name::visible(id), str::to_owned),
                    chosen: typed.contains(id),
                });
            }
        }
        if !field.many && !field.required && !choices.is_empty() {
            choices.push(Choice {
                id: String::new(),
                value: String::new(),
                label: self.words.say("desk-none-of-these"),
                chosen: typed.iter().all(|one| one.trim().is_empty()),
            });
        }
        number_choices(&mut choices, field);
        let add = types.iter().filter_map(|name| MODEL.find(name));
        Pointing {
            choices,
            many: field.many,
            sought: self.typed.sought(field.name).to_owned(),
            looked: found.is_some(),
            more: found.is_some_and(|found| found.more),
            add: add
                .map(|kind| {
                    let label = kind.label.in_language(self.words.0.tag());
                    (format!("/desk/{}/new/{}", self.circle, kind.name), label)
                })
                .collect(),
        }
    }
}

fn number_choices(choices: &mut [Choice], field: &Field) {
    for (place, choice) in choices.iter_mut().enumerate() {
        choice.id = match place {
            0 => input_id(field.name),
            _ => format!("{}-{}", input_id(field.name), place + 1),
        };
    }
}

impl FieldView {
    /// The id of the first control of a field that can be chosen from and looked in: its first choice has the field's own id.
    fn sought_id(&self) -> String {
        match &self.control {
            Control::Point(pointing) if pointing.choices.is_empty() => self.id.clone(),
            _ => format!("{}-find", self.id),
        }
    }

    fn is_group(&self) -> bool {
        match &self.control {
            Control::Lines(inputs, many) | Control::Areas(inputs, many) => {
                *many || inputs.len() > 1
            }
            Control::Select(_) => false,
            Control::Radios(_) | Control::Boxes(..) | Control::Point(_) => true,
        }
    }

    fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let fault = self.fault.as_ref().map(|_| format!("{}-error", self.id));
        match (hint, fault) {
            (Some(hint), Some(fault)) => Some(format!("{hint} {fault}")),
            (one, other) => one.or(other),
        }
    }

    fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    /// The attributes that tie a control to its hint and its fault.
    fn tied(&self) -> Tied {
        Tied {
            described: self.described(),
            wrong: self.fault.is_some(),
        }
    }
}

/// `aria-describedby` and `aria-invalid`; ids only, so safe in a page as they are.
struct Tied {
    described: Option<String>,
    wrong: bool,
}

impl std::fmt::Display for Tied {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(described) = &self.described {
            write!(formatter, " aria-describedby=\"{described}\"")?;
        }
        if self.wrong {
            formatter.write_str(" aria-invalid=\"true\"")?;
        }
        Ok(())
    }
}

impl HtmlSafe for Tied {}
