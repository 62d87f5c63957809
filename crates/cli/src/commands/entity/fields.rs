//! `mahzar TYPE fields`

use clap::Args;
use desk::model::{Field, MODEL, Shape, Type};
use serde_json::{Value, json};

use super::tag;
use crate::commands::Run;
use crate::failure::{Exit, Failure};

/// The fields that the type has
#[derive(Debug, Args)]
pub struct Fields {}

/// Lists a type's fields with what may stand in them.
pub fn run(run: &Run, model: &Type) -> Result<Exit, Failure> {
    let language = tag(run.screen.language());
    for field in &model.fields {
        let marks = [
            (field.required, "required"),
            (field.many, "many"),
            (field.closed, "closed"),
        ];
        let marks: Vec<&str> = marks
            .iter()
            .filter(|(has, _)| *has)
            .map(|(_, mark)| *mark)
            .collect();
        run.screen.line(format!(
            "{}  {}  {}  {}",
            field.name,
            shape_name(&field.shape),
            field.label.in_language(language),
            marks.join(", ")
        ));
        for term in terms(field) {
            run.screen.line(format!(
                "    {}  {}",
                term.code,
                term.label.in_language(language)
            ));
        }
        run.screen.answer(&json!({
            "field": field.name, "shape": shape_name(&field.shape), "label": field.label.in_language(language),
            "required": field.required, "many": field.many, "closed": field.closed,
            "terms": terms(field).iter().map(|term| json!({
                "code": term.code, "label": term.label.in_language(language), "mapping": term.mapping,
            })).collect::<Value>(),
        }));
    }
    Ok(Exit::Done)
}

fn terms(field: &Field) -> &'static [desk::model::Term] {
    match field.shape {
        Shape::Term(vocabulary) => MODEL
            .vocabulary(vocabulary)
            .map_or(&[], |one| one.terms.as_slice()),
        _ => &[],
    }
}

/// A shape as `fields.tsv` writes it.
fn shape_name(shape: &Shape) -> String {
    match shape {
        Shape::Term(vocabulary) => format!("term:{vocabulary}"),
        Shape::Reference(types) => format!("ref:{}", types.join("|")),
        other => format!("{other:?}").to_lowercase(),
    }
}
