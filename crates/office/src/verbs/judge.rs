//! Whether something of a circle may leave it: what bears on the question is gathered from the view, and one function decides
//! ([`desk::consent::decide`]).

use std::collections::BTreeSet;

use desk::consent::{Asked, DecidedRisk, Decision, Level, Reason, Situation, decide};
use desk::ids::{EntityId, ItemId};
use desk::model::{Field, MODEL, Shape};
use desk::{Entity, EntityQuery, Filter, PAGE_ENTITIES_MAX, View};

use crate::fault::Fault;

/// Types that never leave their circle: who a source is, how to reach them, what they allowed.
const STAYS: [&str; 9] = [
    "source",
    "contact_card",
    "consent",
    "risk_decision",
    "risk",
    "check_in",
    "undertaking",
    "referral",
    "physical_object",
];
/// Types that say nothing of a person, so that nobody's consent is asked.
const OF_NOBODY: [&str; 3] = ["place", "group", "unit"];
/// How far one thing is followed to those it was made from or rests on. More is a circle, or somebody's trap.
const THINGS_MAX: usize = 200;
/// Fields that lead to what a thing was made from.
const MADE_FROM: &str = "of";
/// Fields that lead to what a statement rests on.
const RESTS_ON: [&str; 6] = ["rests_on", "supports", "against", "about", "in", "act"];

/// What one thing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may go, resting on these consents (by code) and risk decisions (by id).
    Goes(BTreeSet<String>),
    /// It may not, for all these reasons.
    Withheld(BTreeSet<Withheld>),
}

/// Why something may not go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Withheld {
    /// Things of this type never leave their circle.
    Stays,
    /// It rests on nothing, so there is nothing to judge by. Say what it rests on.
    RestsOnNothing,
    /// Nobody described it, so it states no basis. Describe it as material first.
    NotDescribed,
    /// Something that it was made from or rests on is no longer there, and with it what its people allowed.
    Gone,
    /// It rests on more than can be followed.
    TooMany,
    /// Single things are not given out where only counts may be.
    OnlyCounts,
    /// Consent or its absence.
    Consent(Reason),
}

impl Verdict {
    /// One reason is enough to stay.
    fn of(grounds: BTreeSet<String>, reasons: BTreeSet<Withheld>) -> Verdict {
        if reasons.is_empty() {
            Verdict::Goes(grounds)
        } else {
            Verdict::Withheld(reasons)
        }
    }
}

/// Judges an item of material: everything that describes it, or holds it as its recording, must be allowed to go; what nobody
/// described stays.
pub(crate) fn judge_item(view: &View, item: ItemId, asked: &Asked<'_>) -> Result<Verdict, Fault> {
    let described = referring(view, None, EntityId::from_bytes(*item.as_bytes()))?;
    let mut grounds = BTreeSet::new();
    let mut reasons = BTreeSet::new();
    let mut is_described = false;
    for entity in described {
        let Some(found) = view.entity(entity).map_err(failed)? else {
            continue;
        };
        if !is_thing(&found) {
            continue;
        }
        is_described = true;
        match judge(view, entity, asked)? {
            Verdict::Goes(why) => grounds.extend(why),
            Verdict::Withheld(why) => reasons.extend(why),
        }
    }
    if !is_described {
        reasons.insert(Withheld::NotDescribed);
    }
    Ok(Verdict::of(grounds, reasons))
}

fn failed(error: desk::QueryError) -> Fault {
    Fault::Failed(error.to_string())
}

/// Judges one entity of a view.
pub(crate) fn judge(view: &View, entity: EntityId, asked: &Asked<'_>) -> Result<Verdict, Fault> {
    let Some(found) = view.entity(entity).map_err(failed)? else {
        return Err(Fault::Refused);
    };
    let type_name = found.line.type_name.as_str();
    let withheld = |why| Ok(Verdict::Withheld(BTreeSet::from([why])));
    if STAYS.contains(&type_name) {
        return withheld(Withheld::Stays);
    }
    if asked.level == Level::Aggregate {
        return withheld(Withheld::OnlyCounts);
    }
    if OF_NOBODY.contains(&type_name) {
        return Ok(Verdict::Goes(BTreeSet::new()));
    }
    let things = match things_of(view, &found)? {
        Ok(things) => things,
        Err(why) => return withheld(why),
    };
    let mut grounds = BTreeSet::new();
    let mut reasons = BTreeSet::new();
    for thing in things {
        let gathered = match Gathered::of(view, thing)? {
            Ok(gathered) => gathered,
            Err(why) => {
                reasons.insert(why);
                continue;
            }
        };
        match decide(asked, &gathered.situation()) {
            Decision::Allowed {
                consents, risks, ..
            } => {
                grounds.extend(consents);
                grounds.extend(risks);
            }
            Decision::Refused(why) => reasons.extend(why.into_iter().map(Withheld::Consent)),
        }
    }
    Ok(Verdict::of(grounds, reasons))
}

fn is_thing(entity: &Entity) -> bool {
    let model = MODEL.find(&entity.line.type_name);
    model.is_some_and(|model| model.field("basis").is_some())
}

/// The things that an entity rests on: itself, if it is one; else all that its fields lead to, and what shows a person.
fn things_of(view: &View, entity: &Entity) -> Result<Result<Vec<Entity>, Withheld>, Fault> {
    if is_thing(entity) {
        return Ok(Ok(vec![entity.clone()]));
    }
    let mut found: Vec<Entity> = Vec::new();
    let mut seen = BTreeSet::from([entity.line.entity]);
    let mut next = leading(entity);
    if entity.line.type_name == "person" {
        next.extend(showing(view, entity.line.entity)?);
    }
    if entity.line.type_name == "case" {
        // A case is the office's own sheet; what is in it is judged thing by thing.
        next.extend(within(view, entity.line.entity)?);
    }
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        if seen.len() > THINGS_MAX {
            return Ok(Err(Withheld::TooMany));
        }
        let Some(one) = view.entity(id).map_err(failed)? else {
            return Ok(Err(Withheld::Gone));
        };
        if is_thing(&one) {
            found.push(one);
        } else {
            next.extend(leading(&one));
        }
    }
    Ok(if found.is_empty() {
        Err(Withheld::RestsOnNothing)
    } else {
        Ok(found)
    })
}

fn leading(entity: &Entity) -> Vec<EntityId> {
    let fields = RESTS_ON.iter().flat_map(|field| entity.values(field));
    fields.filter_map(|value| value.parse().ok()).collect()
}

/// Things in which a person can be recognised.
fn showing(view: &View, person: EntityId) -> Result<Vec<EntityId>, Fault> {
    referring(view, Some("shown"), person)
}

fn within(view: &View, case: EntityId) -> Result<Vec<EntityId>, Fault> {
    referring(view, Some("case"), case)
}

/// Everything that points there with a field: a refusal on the last page counts as much as one on the first.
fn referring(view: &View, field: Option<&str>, target: EntityId) -> Result<Vec<EntityId>, Fault> {
    let mut query = EntityQuery {
        filters: vec![Filter::Refers {
            field: field.map(str::to_owned),
            target,
        }],
        limit: PAGE_ENTITIES_MAX,
        ..EntityQuery::default()
    };
    let mut found = Vec::new();
    loop {
        let page = view.entities(&query).map_err(failed)?;
        found.extend(page.entities.iter().map(|line| line.entity));
        query.after = page.next;
        if query.after.is_none() {
            return Ok(found);
        }
    }
}

/// A thing, what it was made from, and what was said about either.
struct Gathered {
    chain: Vec<Entity>,
    consents: Vec<Entity>,
    risks: Vec<Entity>,
}

impl Gathered {
    fn of(view: &View, thing: Entity) -> Result<Result<Gathered, Withheld>, Fault> {
        let mut seen = BTreeSet::from([thing.line.entity]);
        let mut chain = vec![thing];
        while let Some(from) = chain.last().and_then(|last| last.values(MADE_FROM).next()) {
            let Ok(id) = from.parse::<EntityId>() else {
                return Ok(Err(Withheld::Gone));
            };
            if !seen.insert(id) || chain.len() >= THINGS_MAX {
                return Ok(Err(Withheld::TooMany));
            }
            match view.entity(id).map_err(failed)? {
                Some(original) => chain.push(original),
                None => return Ok(Err(Withheld::Gone)),
            }
        }
        let mut gathered = Gathered {
            consents: Vec::new(),
            risks: Vec::new(),
            chain,
        };
        let ids: Vec<EntityId> = gathered.chain.iter().map(|one| one.line.entity).collect();
        for id in ids {
            gathered.consents.extend(about(view, "covers", id)?);
            gathered.risks.extend(about(view, "about", id)?);
        }
        gathered
            .consents
            .retain(|one| one.line.type_name == "consent");
        gathered
            .risks
            .retain(|one| one.line.type_name == "risk_decision");
        Ok(Ok(gathered))
    }

    fn situation(&self) -> Situation {
        let ids: Vec<String> = self
            .chain
            .iter()
            .map(|one| one.line.entity.to_string())
            .collect();
        let values: Vec<Vec<(&str, &str)>> = self.chain.iter().map(pairs).collect();
        let chain: Vec<(&str, &[(&str, &str)])> = ids
            .iter()
            .map(String::as_str)
            .zip(values.iter().map(Vec::as_slice))
            .collect();
        let consents: Vec<Vec<(&str, &str)>> = self.consents.iter().map(pairs).collect();
        let consents: Vec<&[(&str, &str)]> = consents.iter().map(Vec::as_slice).collect();
        let risks: Vec<Weighed<'_>> = self.risks.iter().map(Weighed::of).collect();
        let risks: Vec<DecidedRisk<'_>> = risks.iter().map(Weighed::decided).collect();
        Situation::from_values(&chain, &consents, &risks)
    }
}

/// A risk decision with the signers of its two answers.
struct Weighed<'a> {
    id: String,
    values: Vec<(&'a str, &'a str)>,
    first_by: String,
    second_by: String,
}

impl<'a> Weighed<'a> {
    fn of(risk: &'a Entity) -> Weighed<'a> {
        Weighed {
            id: risk.line.entity.to_string(),
            values: pairs(risk),
            first_by: signer(risk, "first_answer"),
            second_by: signer(risk, "second_answer"),
        }
    }

    fn decided(&self) -> DecidedRisk<'_> {
        DecidedRisk {
            id: &self.id,
            values: &self.values,
            first_by: &self.first_by,
            second_by: &self.second_by,
        }
    }
}

fn about(view: &View, field: &str, thing: EntityId) -> Result<Vec<Entity>, Fault> {
    let ids = referring(view, Some(field), thing)?;
    ids.into_iter()
        .filter_map(|id| view.entity(id).map_err(failed).transpose())
        .collect()
}

fn pairs(entity: &Entity) -> Vec<(&str, &str)> {
    let facts = entity.facts.iter();
    facts
        .map(|fact| (fact.field.as_str(), fact.value.as_str()))
        .collect()
}

/// Who entered a field: the signer of the statement, not what somebody typed.
fn signer(entity: &Entity, field: &str) -> String {
    let fact = entity.facts.iter().find(|fact| fact.field == field);
    fact.map_or_else(String::new, |fact| fact.by.to_string())
}

/// Whether a field may go at a level. Closed fields never do; under codes no name goes, and no text but of a derivative, which
/// somebody made and checked for that.
pub(crate) fn field_goes(type_name: &str, field: &Field, level: Level) -> bool {
    if field.closed {
        return false;
    }
    let is_text = matches!(field.shape, Shape::Text | Shape::Narrative);
    match level {
        Level::Full => true,
        Level::Pseudonymous => {
            !field.name_of_person
                && (!is_text || type_name == "derivative" || OF_NOBODY.contains(&type_name))
        }
        Level::Aggregate => false,
    }
}
