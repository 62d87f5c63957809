//! Entities as the program shows them.

use std::collections::BTreeMap;

use desk::EntityLine;
use desk::model::{MODEL, Shape, Type};
use desk::name::visible;
use office::roster::Roster;
use office::{EntitySheet, FieldFault, FieldFaultKind};
use record::ids::CircleId;
use serde_json::{Value, json};

use super::tag;
use crate::commands::Run;
use crate::words::{Language, say};

/// An entity as a line of a list.
pub fn line(language: Language, line: &EntityLine) -> String {
    let type_label = MODEL
        .find(&line.type_name)
        .map_or(line.type_name.as_str(), |one| {
            one.label.in_language(tag(language))
        });
    format!(
        "{}  {type_label}  {}  {}",
        line.entity,
        line.state,
        visible(&line.title_in(tag(language)))
    )
}

/// The same for machines.
pub fn line_json(line: &EntityLine, circle: CircleId) -> Value {
    json!({
        "entity": line.entity.to_string(), "circle": circle.to_string(), "type": line.type_name, "title": line.title,
        "state": line.state, "seq": line.seq, "changed": line.changed, "at": line.at.to_string(), "by": line.by.to_string(),
    })
}

/// A field with its values, in words.
pub fn field_line(language: Language, model: &Type, name: &str, values: &[String]) -> String {
    let field = model.field(name);
    let label = field.map_or(name, |field| field.label.in_language(tag(language)));
    let words: Vec<String> = values
        .iter()
        .map(|value| value_words(language, field.map(|field| &field.shape), value))
        .collect();
    format!("    {label}: {}", words.join("; "))
}

fn value_words(language: Language, shape: Option<&Shape>, value: &str) -> String {
    let term = match shape {
        Some(Shape::Term(vocabulary)) => {
            MODEL.vocabulary(vocabulary).and_then(|one| one.term(value))
        }
        _ => None,
    };
    term.map_or_else(
        || visible(value),
        |term| term.label.in_language(tag(language)).to_owned(),
    )
}

/// A sheet for people.
pub fn sheet(run: &Run, roster: &Roster, sheet: &EntitySheet) {
    let (screen, language) = (run.screen, run.screen.language());
    screen.line(line(language, &sheet.entity.line));
    screen.line(format!(
        "  {}",
        crate::shown::mark(&sheet.mark).in_language(language)
    ));
    if let Some(model) = MODEL.find(&sheet.entity.line.type_name) {
        for field in &model.fields {
            facts(run, roster, sheet, model, field.name);
        }
    }
    for relation in &sheet.relations {
        let label = MODEL
            .find(&relation.type_name)
            .map_or(relation.type_name.as_str(), |one| {
                one.many.in_language(tag(language))
            });
        screen.line(format!(
            "  ← {label} ({}): {}",
            relation.field, relation.count
        ));
    }
    for review in &sheet.reviews {
        let by = crate::shown::member(roster, review.by);
        screen.line(format!(
            "  {}  {}  {by}  {}",
            review.at,
            review.outcome,
            visible(&review.comment)
        ));
    }
    for gone in &sheet.disclosures {
        let by = crate::shown::member(roster, gone.by);
        screen.line(format!(
            "  → {}  {by}  {}  {} {}  {}",
            gone.at,
            gone.purpose,
            gone.recipient,
            visible(&gone.named),
            gone.level
        ));
    }
}

/// A field's values; where two people contradict each other, each with who said it.
fn facts(run: &Run, roster: &Roster, sheet: &EntitySheet, model: &Type, name: &str) {
    let (screen, language) = (run.screen, run.screen.language());
    let entity = &sheet.entity;
    if !entity.is_contested(name) {
        let values: Vec<String> = entity.values(name).map(str::to_owned).collect();
        if !values.is_empty() {
            screen.line(field_line(language, model, name, &values));
        }
        return;
    }
    screen.say(say("entity-contested"));
    for fact in entity.facts.iter().filter(|fact| fact.field == name) {
        let value = field_line(language, model, name, std::slice::from_ref(&fact.value));
        screen.line(format!(
            "{value}  ({}, {})",
            crate::shown::member(roster, fact.by),
            fact.at
        ));
    }
}

/// A sheet for machines.
pub fn sheet_json(sheet: &EntitySheet) -> Value {
    let mut fields: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for fact in &sheet.entity.facts {
        fields.entry(&fact.field).or_default().push(json!({
            "value": fact.value, "seq": fact.seq, "by": fact.by.to_string(), "at": fact.at.to_string(),
        }));
    }
    let mut value = line_json(&sheet.entity.line, sheet.circle);
    value["fields"] = json!(fields);
    value["mark"] = crate::shown::mark_json(&sheet.mark);
    value["statements"] = json!(sheet.history.len());
    value["relations"] = sheet
        .relations
        .iter()
        .map(|one| json!({ "type": one.type_name, "field": one.field, "count": one.count }))
        .collect();
    value["reviews"] = sheet
        .reviews
        .iter()
        .map(|one| json!({ "outcome": one.outcome, "comment": one.comment, "by": one.by.to_string(), "at": one.at.to_string() }))
        .collect();
    value["disclosures"] = sheet
        .disclosures
        .iter()
        .map(|one| {
            json!({
                "purpose": one.purpose, "recipient": one.recipient, "named": one.named, "level": one.level,
                "fields": one.fields, "by": one.by.to_string(), "at": one.at.to_string(),
            })
        })
        .collect();
    value
}

/// What is wrong with a field.
pub fn field_fault(fault: &FieldFault) -> String {
    let why = match &fault.kind {
        FieldFaultKind::Unknown => "there is no such field".to_owned(),
        FieldFaultKind::Missing => "it must be filled in".to_owned(),
        FieldFaultKind::TooMany => "it takes one value only".to_owned(),
        FieldFaultKind::Shape(error) => error.to_string(),
        FieldFaultKind::Target => {
            "what it points to is not in this circle, or does not belong there".to_owned()
        }
    };
    format!("{}: {why}", fault.field)
}
