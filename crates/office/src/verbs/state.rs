//! Somebody states something about an entity: checked against the model, signed, entered.

use std::collections::{BTreeMap, BTreeSet};

use desk::ids::{EntityId, ItemId};
use desk::model::{Field, MODEL, Shape, ShapeError, Type};
use desk::statement::{
    ENTITY_ERASED, ENTITY_REVIEWED, EntityEntry, Review, ReviewOutcome, Statement,
};

use crate::fault::Fault;
use crate::permission::{Reader, Steward, WriteError, Writer};
use crate::{Accepted, Office, held};

/// The most statements that are entered together: an import's step, after which it can go on where it stopped.
pub const DRAFTS_MAX: usize = 500;

/// How the origin of a copy from another circle begins.
pub(crate) const FROM_CIRCLE: &str = "circle ";

/// What somebody wants to state, as they typed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The entity; `None` makes a new one.
    pub entity: Option<EntityId>,
    /// Its type.
    pub type_name: String,
    /// The last statement that the writer saw, by its number in the circle.
    pub seen: Option<u64>,
    /// The fields to set, with all their values; none empties the field.
    pub set: BTreeMap<String, Vec<String>>,
    /// Why something was changed.
    pub reason: String,
    /// Where it came from, if not from the writer.
    pub origin: String,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// The field.
    pub field: String,
    /// The place of the value among the field's values.
    pub place: usize,
    /// What is wrong.
    pub kind: FieldFaultKind,
}

/// The ways in which a field is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldFaultKind {
    /// The type has no such field.
    Unknown,
    /// It must be filled in.
    Missing,
    /// It takes one value only.
    TooMany,
    /// The value has not the field's form.
    Shape(ShapeError),
    /// What it points to is not in this circle, or of a type that does not belong there.
    Target,
}

/// Why nothing was stated. Nothing was entered; keep what was typed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// There is no such type.
    #[error("there is no type of this name")]
    Type,
    /// Fields are wrong; all of them are named.
    #[error("{} fields are not as they should be", .0.len())]
    Fields(Vec<FieldFault>),
    /// Nothing differs from what stands.
    #[error("nothing was changed")]
    Unchanged,
    /// More than an entry can hold. Take long text in as a file.
    #[error("more than one entry can hold")]
    Large,
    /// Nobody reviews what they stated themselves.
    #[error("somebody else has to review this")]
    OwnWords,
    /// Somebody left the circle; renew its key first.
    #[error(
        "somebody left this circle; a member must renew its key before anything new is entered"
    )]
    RotationDue,
    /// Anything else.
    #[error(transparent)]
    Fault(Fault),
}

impl StateError {
    pub(crate) fn of_write(error: WriteError) -> StateError {
        match error {
            WriteError::RotationDue => StateError::RotationDue,
            WriteError::Fault(fault) => StateError::Fault(fault),
        }
    }
}

impl Office {
    /// A new entity's id.
    pub fn new_entity_id(&self) -> EntityId {
        EntityId::from_bytes(self.setting.dice().bytes())
    }

    /// States one thing.
    pub fn state(
        &self,
        writer: &Writer<'_>,
        draft: Draft,
    ) -> Result<(EntityId, Accepted), StateError> {
        let mut done = self.state_all(writer, vec![draft])?;
        done.pop().ok_or(StateError::Fault(Fault::Failed(
            "nothing was entered".to_owned(),
        )))
    }

    /// States several things together: all are accepted or none is. They may point to one another.
    pub fn state_all(
        &self,
        writer: &Writer<'_>,
        drafts: Vec<Draft>,
    ) -> Result<Vec<(EntityId, Accepted)>, StateError> {
        let statements = self
            .checked_all(&writer.reader, drafts)?
            .into_iter()
            .collect::<Result<Vec<_>, _>>()?;
        self.enter_statements(writer, statements)
    }

    /// States what can be stated of several drafts, in one transaction, and says of each what came of it.
    pub fn state_each(
        &self,
        writer: &Writer<'_>,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Result<EntityId, StateError>>, StateError> {
        let checked = self.checked_all(&writer.reader, drafts)?;
        let (good, outcome): (Vec<_>, Vec<_>) = checked
            .into_iter()
            .map(|one| match one {
                Ok(statement) => (Some(statement.clone()), Ok(statement.entity)),
                Err(error) => (None, Err(error)),
            })
            .unzip();
        let good: Vec<Statement> = good.into_iter().flatten().collect();
        if !good.is_empty() {
            self.enter_statements(writer, good)?;
        }
        Ok(outcome)
    }

    /// What a person would be told of drafts, without entering any.
    pub fn check_each(
        &self,
        reader: &Reader<'_>,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Result<EntityId, StateError>>, StateError> {
        let checked = self.checked_all(reader, drafts)?;
        Ok(checked
            .into_iter()
            .map(|one| one.map(|statement| statement.entity))
            .collect())
    }

    fn checked_all(
        &self,
        reader: &Reader<'_>,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Result<Statement, StateError>>, StateError> {
        if drafts.len() > DRAFTS_MAX {
            return Err(StateError::Large);
        }
        let together: BTreeMap<EntityId, String> = drafts
            .iter()
            .filter_map(|draft| Some((draft.entity?, draft.type_name.clone())))
            .collect();
        drafts
            .into_iter()
            .map(|draft| match self.checked(reader, draft, &together) {
                Err(fault @ StateError::Fault(_)) => Err(fault),
                other => Ok(other),
            })
            .collect()
    }

    fn enter_statements(
        &self,
        writer: &Writer<'_>,
        statements: Vec<Statement>,
    ) -> Result<Vec<(EntityId, Accepted)>, StateError> {
        let entities: Vec<EntityId> = statements.iter().map(|one| one.entity).collect();
        let said = statements
            .into_iter()
            .map(|one| {
                let entry = EntityEntry::Stated(one);
                entry.body().map(|body| (entry.kind(), body))
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| StateError::Large)?;
        let accepted = self
            .enter_all_as_writer(writer, &said, &[])
            .map_err(StateError::of_write)?;
        Ok(entities.into_iter().zip(accepted).collect())
    }

    /// What a draft would come to, in the form in which it would be entered, or everything that is wrong with it. Nothing is
    /// entered: it is what a page shows before somebody enters it.
    pub fn plan_statement(
        &self,
        reader: &Reader<'_>,
        draft: Draft,
    ) -> Result<Statement, StateError> {
        self.checked(reader, draft, &BTreeMap::new())
    }

    /// The statement that a draft comes to, or everything that is wrong with it.
    fn checked(
        &self,
        reader: &Reader<'_>,
        draft: Draft,
        together: &BTreeMap<EntityId, String>,
    ) -> Result<Statement, StateError> {
        let model = MODEL.find(&draft.type_name).ok_or(StateError::Type)?;
        let known = match draft.entity {
            Some(entity) => self.known_entity(reader, entity)?,
            None => None,
        };
        if let Some(known) = &known
            && known.line.type_name != draft.type_name
        {
            return Err(StateError::Type);
        }
        let mut faults = Vec::new();
        let mut set = BTreeMap::new();
        for (name, values) in &draft.set {
            let normal = normal_values(model, name, values, &mut faults);
            set.insert(name.clone(), normal);
        }
        // Of a copy from another circle, what stayed there is not missing.
        if !draft.origin.starts_with(FROM_CIRCLE) {
            missing_fields(model, &set, known.is_none(), &mut faults);
        }
        self.check_targets(reader, model, &set, together, &mut faults)?;
        if !faults.is_empty() {
            return Err(StateError::Fields(faults));
        }
        if let Some(known) = &known {
            set.retain(|name, values| {
                known.is_contested(name)
                    || !known.values(name).eq(values.iter().map(String::as_str))
            });
        }
        set.retain(|_, values| known.is_some() || !values.is_empty());
        if set.is_empty() {
            return Err(StateError::Unchanged);
        }
        let statement = Statement {
            entity: draft.entity.unwrap_or_else(|| self.new_entity_id()),
            type_name: draft.type_name,
            seen: draft
                .seen
                .or_else(|| known.as_ref().map(|known| known.line.changed)),
            version: MODEL.version(),
            set,
            reason: draft.reason.trim().to_owned(),
            origin: draft.origin,
        };
        let body = EntityEntry::Stated(statement.clone()).body();
        if body.is_ok_and(|body| bytes_of(&body) <= BODY_BYTES_MAX) {
            Ok(statement)
        } else {
            Err(StateError::Large)
        }
    }

    fn known_entity(
        &self,
        reader: &Reader<'_>,
        entity: EntityId,
    ) -> Result<Option<desk::Entity>, StateError> {
        let view = self.view(reader).map_err(StateError::Fault)?;
        let found = held(&view).entity(entity);
        found.map_err(|error| StateError::Fault(Fault::Failed(error.to_string())))
    }

    /// Whatever a value points to must be there.
    fn check_targets(
        &self,
        reader: &Reader<'_>,
        model: &Type,
        set: &BTreeMap<String, Vec<String>>,
        together: &BTreeMap<EntityId, String>,
        faults: &mut Vec<FieldFault>,
    ) -> Result<(), StateError> {
        let pointing = set
            .iter()
            .filter_map(|(name, values)| Some((model.field(name)?, values)));
        let pointing: Vec<(&Field, &Vec<String>)> = pointing
            .filter(|(field, values)| {
                !values.is_empty() && matches!(field.shape, Shape::Reference(_) | Shape::Item)
            })
            .collect();
        if pointing.is_empty() {
            return Ok(());
        }
        let view = self.view(reader).map_err(StateError::Fault)?;
        let view = held(&view);
        for (field, values) in pointing {
            for (place, value) in values.iter().enumerate() {
                let is_there = is_target(&view, &field.shape, value, together)
                    .map_err(|error| StateError::Fault(Fault::Failed(error.to_string())))?;
                if !is_there {
                    let kind = FieldFaultKind::Target;
                    let field = field.name.to_owned();
                    faults.push(FieldFault { field, place, kind });
                }
            }
        }
        Ok(())
    }

    /// Moves an entity through review.
    pub fn review(
        &self,
        writer: &Writer<'_>,
        entity: EntityId,
        outcome: ReviewOutcome,
        comment: &str,
    ) -> Result<Accepted, StateError> {
        let known = self
            .known_entity(&writer.reader, entity)?
            .ok_or(StateError::Fault(Fault::Refused))?;
        let own = known
            .facts
            .iter()
            .any(|fact| fact.by == writer.reader.session.member());
        if own && outcome == ReviewOutcome::Reviewed {
            return Err(StateError::OwnWords);
        }
        let entry = EntityEntry::Reviewed(Review {
            entity,
            seen: known.line.changed,
            outcome,
            comment: comment.trim().to_owned(),
        });
        let body = entry.body().map_err(|_| StateError::Large)?;
        self.enter_as_writer(writer, ENTITY_REVIEWED, &body, &[])
            .map_err(StateError::of_write)
    }

    /// Destroys everything that was stated about an entity. One entry says so and why.
    pub fn erase_entity(
        &self,
        steward: &Steward<'_>,
        entity: EntityId,
        reason: &str,
    ) -> Result<Accepted, StateError> {
        let reader = &steward.reader;
        self.known_entity(reader, entity)?
            .ok_or(StateError::Fault(Fault::Refused))?;
        let view = self.view(reader).map_err(StateError::Fault)?;
        let entries = held(&view).entries_of_entity(entity);
        let entries =
            entries.map_err(|error| StateError::Fault(Fault::Failed(error.to_string())))?;
        let erased: Vec<_> = entries
            .into_iter()
            .map(|seq| (reader.circle, seq))
            .collect();
        let writer = self
            .writer(reader.session, reader.circle)
            .map_err(StateError::of_write)?;
        let entry = EntityEntry::Erased {
            entity,
            reason: reason.trim().to_owned(),
        };
        let body = entry.body().map_err(|_| StateError::Large)?;
        let accepted = self
            .enter_as_writer(&writer, ENTITY_ERASED, &body, &erased)
            .map_err(StateError::of_write)?;
        self.destroy_discarded().map_err(StateError::Fault)?;
        Ok(accepted)
    }
}

/// What of an envelope's 65,535 bytes is left for a body, once it is base64 and has its signatures around it.
const BODY_BYTES_MAX: usize = 47_000;

fn bytes_of(body: &record::canonical::Map) -> usize {
    record::canonical::encode(&record::canonical::Value::Map(body.clone()))
        .map_or(usize::MAX, |bytes| bytes.len())
}

/// The values in the field's form; what is wrong with them goes to `faults`. Empty ones are left out.
fn normal_values(
    model: &Type,
    name: &str,
    values: &[String],
    faults: &mut Vec<FieldFault>,
) -> Vec<String> {
    let mut fault = |place, kind| {
        faults.push(FieldFault {
            field: name.to_owned(),
            place,
            kind,
        });
    };
    let Some(field) = model.field(name) else {
        fault(0, FieldFaultKind::Unknown);
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut normal = Vec::new();
    for (place, value) in values
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.trim().is_empty())
    {
        match field.shape.normal(value) {
            Ok(value) if seen.insert(value.clone()) => normal.push(value),
            Ok(_) => {}
            Err(error) => fault(place, FieldFaultKind::Shape(error)),
        }
    }
    if normal.len() > 1 && !field.many {
        fault(1, FieldFaultKind::TooMany);
    }
    normal
}

fn missing_fields(
    model: &Type,
    set: &BTreeMap<String, Vec<String>>,
    is_new: bool,
    faults: &mut Vec<FieldFault>,
) {
    for field in model.fields.iter().filter(|field| field.required) {
        let is_missing = match set.get(field.name) {
            Some(values) => values.is_empty(),
            None => is_new,
        };
        let is_known_fault = faults.iter().any(|fault| fault.field == field.name);
        if is_missing && !is_known_fault {
            let (place, kind) = (0, FieldFaultKind::Missing);
            let field = field.name.to_owned();
            faults.push(FieldFault { field, place, kind });
        }
    }
}

fn is_target(
    view: &desk::View,
    shape: &Shape,
    value: &str,
    together: &BTreeMap<EntityId, String>,
) -> Result<bool, desk::QueryError> {
    match shape {
        Shape::Reference(types) => {
            let Ok(id) = value.parse::<EntityId>() else {
                return Ok(false);
            };
            if let Some(type_name) = together.get(&id) {
                return Ok(types.contains(&type_name.as_str()));
            }
            let lines = view.entity_lines(&[id])?;
            Ok(lines
                .first()
                .is_some_and(|line| types.contains(&line.type_name.as_str())))
        }
        Shape::Item => match value.parse::<ItemId>() {
            Ok(id) => Ok(view.item(id)?.is_some()),
            Err(_) => Ok(false),
        },
        _ => Ok(true),
    }
}
