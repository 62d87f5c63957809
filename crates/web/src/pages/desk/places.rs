//! Where a page of the desk is: its circle, its type, its entity. What does not read as one is not there.

use desk::ids::EntityId;
use desk::model::{MODEL, Type};
use office::{CircleSummary, Fault, Office};
use record::ids::CircleId;

use crate::app::{App, Person};
use crate::refusal::Refusal;
use crate::shell::{Place, Shell};
use crate::view::band;
use crate::visit::Signed;

/// A circle and an entity of it.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// The circle.
    pub circle: CircleId,
    /// The entity.
    pub entity: EntityId,
}

impl Places {
    /// Those that an address names.
    pub fn of((circle, entity): (String, String)) -> Result<Places, Refusal> {
        match (circle.parse(), entity.parse()) {
            (Ok(circle), Ok(entity)) => Ok(Places { circle, entity }),
            _ => Err(Refusal::NotFound),
        }
    }

    /// The address of the sheet.
    #[must_use]
    pub fn address(self) -> String {
        format!("/desk/{}/{}", self.circle, self.entity)
    }
}

/// The type of a name in an address.
pub fn kind(name: &str) -> Result<&'static Type, Refusal> {
    MODEL.find(name).ok_or(Refusal::NotFound)
}

/// The circles that a member can read.
pub fn open_circles(office: &Office, person: &Person) -> Result<Vec<CircleSummary>, Fault> {
    let circles = office.circles(&person.session)?.into_iter();
    Ok(circles.filter(|circle| circle.readable).collect())
}

/// A circle that a member can read; refused otherwise.
pub fn open_circle(
    office: &Office,
    person: &Person,
    circle: CircleId,
) -> Result<CircleSummary, Fault> {
    open_circles(office, person)?
        .into_iter()
        .find(|one| one.id == circle)
        .ok_or(Fault::Refused)
}

/// What stands around a page of the desk about one circle.
#[must_use]
pub fn shell(app: &App, signed: &Signed, circle: &CircleSummary) -> Shell {
    signed.visit.shell(app).at(Place::Desk).about(band(circle))
}
