//! What a circle knows: its entities, searched and shown.

use desk::ids::EntityId;
use desk::{
    DisclosureMade, Entity, EntityLine, EntityPage, EntityQuery, Facet, Relation, ReviewStep,
    StatementMade,
};
use record::ids::CircleId;

use crate::fault::Fault;
use crate::mark::{Mark, mark_of};
use crate::permission::Reader;
use crate::session::Session;
use crate::{Office, held};

/// A page of a search, with what else it found.
#[derive(Clone, Debug)]
pub struct EntitiesOnPage {
    /// The page.
    pub page: EntityPage,
    /// How many of each type were found, whatever type was asked for.
    pub types: Vec<Facet>,
    /// How many have each value of a field, for each field that was asked for.
    pub facets: Vec<(String, Vec<Facet>)>,
}

/// One entity with everything that is known of it.
#[derive(Clone, Debug)]
pub struct EntitySheet {
    /// Its circle.
    pub circle: CircleId,
    /// What stands.
    pub entity: Entity,
    /// Every statement that was made, first made first.
    pub history: Vec<StatementMade>,
    /// The steps of its review.
    pub reviews: Vec<ReviewStep>,
    /// What of it left the circle.
    pub disclosures: Vec<DisclosureMade>,
    /// What points to it, counted.
    pub relations: Vec<Relation>,
    /// The lines of what it points to itself.
    pub targets: Vec<EntityLine>,
    /// How far its last statement has come.
    pub mark: Mark,
}

/// The most disclosures that a sheet shows.
const DISCLOSURES_MAX: u32 = 200;

fn failed(error: desk::QueryError) -> Fault {
    Fault::Failed(error.to_string())
}

impl Office {
    /// A page of entities, and counts by the given fields.
    pub fn entities(
        &self,
        reader: &Reader<'_>,
        query: &EntityQuery,
        facets: &[&str],
    ) -> Result<EntitiesOnPage, Fault> {
        let view = self.view(reader)?;
        let view = held(&view);
        let facets = facets
            .iter()
            .map(|field| {
                Ok((
                    (*field).to_owned(),
                    view.facet(query, field).map_err(failed)?,
                ))
            })
            .collect::<Result<_, Fault>>()?;
        Ok(EntitiesOnPage {
            page: view.entities(query).map_err(failed)?,
            types: view.types_found(query).map_err(failed)?,
            facets,
        })
    }

    /// One entity of a circle; refused if the circle has none of this id.
    pub fn entity(&self, reader: &Reader<'_>, entity: EntityId) -> Result<EntitySheet, Fault> {
        let view = self.view(reader)?;
        let view = held(&view);
        let found = view.entity(entity).map_err(failed)?.ok_or(Fault::Refused)?;
        let targets: Vec<EntityId> = found
            .facts
            .iter()
            .filter_map(|fact| fact.value.parse().ok())
            .collect();
        let row = self
            .ledger()
            .entry_at(reader.circle, found.line.changed)
            .map_err(Fault::of_ledger)?;
        Ok(EntitySheet {
            circle: reader.circle,
            history: view.history(entity).map_err(failed)?,
            reviews: view.reviews(entity).map_err(failed)?,
            disclosures: view
                .disclosures(Some(entity), DISCLOSURES_MAX)
                .map_err(failed)?,
            relations: view.relations(entity).map_err(failed)?,
            targets: view.entity_lines(&targets).map_err(failed)?,
            mark: mark_of(row.and_then(|row| row.leaf_index), self.head()?.as_ref()),
            entity: found,
        })
    }

    /// Several entities with what stands of each, in the order asked for; those that are not there are left out.
    pub fn entities_whole(
        &self,
        reader: &Reader<'_>,
        entities: &[EntityId],
    ) -> Result<Vec<Entity>, Fault> {
        let view = self.view(reader)?;
        let view = held(&view);
        let whole = entities
            .iter()
            .filter_map(|entity| view.entity(*entity).transpose());
        whole.collect::<Result<_, _>>().map_err(failed)
    }

    /// What came from there before: how an import that is run again finds what it made.
    pub fn entity_of_origin(
        &self,
        reader: &Reader<'_>,
        origin: &str,
    ) -> Result<Option<EntityId>, Fault> {
        let view = self.view(reader)?;
        held(&view).entity_of_origin(origin).map_err(failed)
    }

    /// What left a circle, last first.
    pub fn disclosures(
        &self,
        reader: &Reader<'_>,
        limit: u32,
    ) -> Result<Vec<DisclosureMade>, Fault> {
        let view = self.view(reader)?;
        held(&view).disclosures(None, limit).map_err(failed)
    }

    /// In which of the member's circles an entity lies; refused if in none.
    pub fn circle_of_entity(&self, session: &Session, entity: EntityId) -> Result<CircleId, Fault> {
        for circle in self.all_circles()? {
            let reader = match self.reader(session, circle) {
                Ok(reader) => reader,
                Err(Fault::Refused) => continue,
                Err(error) => return Err(error),
            };
            let view = self.view(&reader)?;
            let lines = held(&view).entity_lines(&[entity]).map_err(failed)?;
            if !lines.is_empty() {
                return Ok(circle);
            }
        }
        Err(Fault::Refused)
    }
}
