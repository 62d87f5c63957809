//! Something leaves its circle: judged, entered, and only then handed over.
//!
//! The judgement and the entry that says what leaves are one: the first entry names the circle's head that was judged by, so that a
//! consent withdrawn a moment before makes the judgement run again.

use std::collections::BTreeMap;

use desk::consent::Asked;
use desk::ids::{EntityId, ItemId};
use desk::kinds::Mode;
use desk::model::{MODEL, Shape};
use desk::statement::{Disclosure, EntityEntry};
use desk::{Entity, View};

use super::judge::{Verdict, field_goes, judge};
use super::state::{DRAFTS_MAX, Draft, FROM_CIRCLE, StateError};
use super::{Material, OpenItemError, Receipt, ReceiveError};
use crate::entering::{Saying, Together};
use crate::fault::Fault;
use crate::permission::{WriteError, Writer};
use crate::{Office, held};

/// What of an entity may go, once its entry is accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The entity.
    pub entity: EntityId,
    /// Its type.
    pub type_name: String,
    /// The number of the last statement that went with it.
    pub seen: u64,
    /// The fields with their values.
    pub values: BTreeMap<String, Vec<String>>,
    /// What allowed it.
    pub grounds: Vec<String>,
}

/// What became of one entity that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The entity.
    pub entity: EntityId,
    /// May it go.
    pub verdict: Verdict,
    /// What went, if the verdict allows it and something was left.
    pub released: Option<Released>,
}

/// Why nothing was shared.
#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    /// It may not go; the reasons are in the verdict.
    #[error("this may not leave its circle")]
    Withheld(Verdict),
    /// It was shared into that circle before, as this entity, and has not changed.
    #[error("it is there already")]
    There(EntityId),
    /// The other circle does not take it.
    #[error("{0}")]
    State(#[source] StateError),
    /// A file could not be opened.
    #[error("{0}")]
    Open(#[source] OpenItemError),
    /// A file could not be taken in.
    #[error("{0}")]
    Receive(#[source] ReceiveError),
}

impl Office {
    /// Judges entities and enters what leaves, in one transaction. What is returned as released may be handed over; nothing else.
    /// At most [`DRAFTS_MAX`] at a time.
    pub fn disclose(
        &self,
        writer: &Writer<'_>,
        entities: &[EntityId],
        asked: &Asked<'_>,
    ) -> Result<Vec<Judged>, WriteError> {
        if entities.len() > DRAFTS_MAX {
            return Err(WriteError::Fault(Fault::Failed(
                "too many at a time".to_owned(),
            )));
        }
        let (session, circle) = (writer.reader.session, writer.reader.circle);
        let mut judged = self
            .judge_all(writer, entities, asked)
            .map_err(WriteError::Fault)?;
        if judged.iter().all(|one| one.released.is_none()) {
            return Ok(judged);
        }
        self.enter_judged(WriteError::Fault, || {
            let now = self.writer(session, circle)?;
            // The head first: the view then holds at least what the head says.
            let head = self
                .ledger()
                .head_of_circle(circle)
                .map_err(|error| WriteError::Fault(Fault::of_ledger(error)))?;
            let head = head.map(|head| head.commitment);
            judged = self
                .judge_all(&now, entities, asked)
                .map_err(WriteError::Fault)?;
            let mut together = Together {
                guards: vec![now.guard.clone()],
                ..Together::default()
            };
            let (pen, under) = (
                now.reader.session.pen(),
                now.under().map_err(WriteError::Fault)?,
            );
            for released in judged.iter().filter_map(|one| one.released.as_ref()) {
                let entry = EntityEntry::Disclosed(disclosure(released, asked));
                let body = entry
                    .body()
                    .map_err(|error| WriteError::Fault(Fault::Failed(error.to_string())))?;
                let saying = if together.said.is_empty() {
                    Saying::membership(circle, entry.kind(), body, head)
                } else {
                    Saying::plain(circle, entry.kind(), body, head)
                };
                together
                    .said
                    .push(self.say(&pen, &under, saying).map_err(WriteError::Fault)?);
            }
            Ok(together)
        })?;
        Ok(judged)
    }

    /// The same judgement without entering or handing over anything: what a plan shows.
    pub fn judge_each(
        &self,
        writer: &Writer<'_>,
        entities: &[EntityId],
        asked: &Asked<'_>,
    ) -> Result<Vec<Judged>, Fault> {
        self.judge_all(writer, entities, asked)
    }

    fn judge_all(
        &self,
        writer: &Writer<'_>,
        entities: &[EntityId],
        asked: &Asked<'_>,
    ) -> Result<Vec<Judged>, Fault> {
        let view = self.view(&writer.reader)?;
        let view = held(&view);
        entities
            .iter()
            .map(|entity| judged(&view, *entity, asked))
            .collect()
    }

    /// Gives another circle a copy of an entity, as far as it may go there. Files go with it.
    pub fn share(
        &self,
        from: &Writer<'_>,
        to: &Writer<'_>,
        entity: EntityId,
        asked: &Asked<'_>,
    ) -> Result<EntityId, ShareError> {
        let on_write = |error| ShareError::State(StateError::of_write(error));
        let origin = format!("{FROM_CIRCLE}{} {entity}", from.reader.circle);
        let known = self
            .entity_of_origin(to.reader(), &origin)
            .map_err(|error| ShareError::State(StateError::Fault(error)))?;
        let mut judged = self.disclose(from, &[entity], asked).map_err(on_write)?;
        let Some(Judged {
            verdict, released, ..
        }) = judged.pop()
        else {
            return Err(ShareError::State(StateError::Fault(Fault::Refused)));
        };
        let Some(released) = released else {
            return Err(ShareError::Withheld(verdict));
        };
        let set = self.translated(from, to, &released, asked)?;
        let draft = Draft {
            entity: known,
            type_name: released.type_name,
            set,
            origin,
            ..Draft::default()
        };
        match self.state(to, draft) {
            Ok((made, _)) => Ok(made),
            Err(StateError::Unchanged) => Err(ShareError::There(known.unwrap_or(entity))),
            Err(error) => Err(ShareError::State(error)),
        }
    }

    /// The values as the other circle can hold them: what points to something points to its copy there, or is left out.
    fn translated(
        &self,
        from: &Writer<'_>,
        to: &Writer<'_>,
        released: &Released,
        asked: &Asked<'_>,
    ) -> Result<BTreeMap<String, Vec<String>>, ShareError> {
        let mut set = BTreeMap::new();
        let Some(model) = MODEL.find(&released.type_name) else {
            return Ok(set);
        };
        for (name, values) in &released.values {
            let shape = model.field(name).map(|field| &field.shape);
            let mut kept = Vec::new();
            for value in values {
                match shape {
                    Some(Shape::Reference(_)) => kept.extend(self.copy_there(from, to, value)?),
                    Some(Shape::Item) => kept.extend(self.copy_item(from, to, value, asked)?),
                    _ => kept.push(value.clone()),
                }
            }
            set.insert(name.clone(), kept);
        }
        Ok(set)
    }

    fn copy_there(
        &self,
        from: &Writer<'_>,
        to: &Writer<'_>,
        target: &str,
    ) -> Result<Option<String>, ShareError> {
        let origin = format!("{FROM_CIRCLE}{} {target}", from.reader.circle);
        let found = self.entity_of_origin(to.reader(), &origin);
        let found = found.map_err(|error| ShareError::State(StateError::Fault(error)))?;
        Ok(found.map(|entity| entity.to_string()))
    }

    /// Opens a file, which is entered, and takes it into the other circle.
    fn copy_item(
        &self,
        from: &Writer<'_>,
        to: &Writer<'_>,
        item: &str,
        asked: &Asked<'_>,
    ) -> Result<Option<String>, ShareError> {
        let Ok(item) = item.parse::<ItemId>() else {
            return Ok(None);
        };
        let purpose = format!("shared with another circle: {}", asked.purpose.code());
        let content = self
            .open_item(from, item, &purpose, Mode::Copy)
            .map_err(ShareError::Open)?;
        let file_name = format!("{item}");
        let material = Material {
            content,
            folder: String::new(),
            file_name,
        };
        let receipt = self.receive(to, material).map_err(ShareError::Receive)?;
        Ok(Some(match receipt {
            Receipt::New { item, .. } | Receipt::Duplicate { of: item, .. } => item.to_string(),
        }))
    }
}

fn judged(view: &View, entity: EntityId, asked: &Asked<'_>) -> Result<Judged, Fault> {
    let verdict = judge(view, entity, asked)?;
    let found = view
        .entity(entity)
        .map_err(|error| Fault::Failed(error.to_string()))?;
    let released = match (&verdict, found) {
        (Verdict::Goes(grounds), Some(found)) => {
            Some(released(&found, grounds.iter().cloned().collect(), asked))
        }
        _ => None,
    };
    Ok(Judged {
        entity,
        verdict,
        released,
    })
}

fn released(entity: &Entity, grounds: Vec<String>, asked: &Asked<'_>) -> Released {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let model = MODEL.find(&entity.line.type_name);
    for field in model.into_iter().flat_map(|model| &model.fields) {
        if field_goes(&entity.line.type_name, field, asked.level) {
            let stated: Vec<String> = entity.values(field.name).map(str::to_owned).collect();
            if !stated.is_empty() {
                values.insert(field.name.to_owned(), stated);
            }
        } else if field.required && field.name_of_person && !field.closed {
            // Under codes a person is one all the same: the code tells two apart and nobody who they are.
            values.insert(field.name.to_owned(), vec![code_of(entity.line.entity)]);
        }
    }
    Released {
        entity: entity.line.entity,
        type_name: entity.line.type_name.clone(),
        seen: entity.line.changed,
        values,
        grounds,
    }
}

/// A code for somebody whose name stays: the beginning of a random id.
fn code_of(entity: EntityId) -> String {
    let id = entity.to_string();
    format!("P-{}", id.get(..8).unwrap_or(&id))
}

fn disclosure(released: &Released, asked: &Asked<'_>) -> Disclosure {
    Disclosure {
        entity: released.entity,
        seen: released.seen,
        purpose: asked.purpose.code().to_owned(),
        recipient: asked.class.code().to_owned(),
        named: asked
            .name
            .map(|name| name.as_str().to_owned())
            .unwrap_or_default(),
        level: asked.level.code().to_owned(),
        grounds: released.grounds.clone(),
        fields: released.values.keys().cloned().collect(),
    }
}
