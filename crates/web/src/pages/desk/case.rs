//! A case on its own page: who is who, its acts as a table and in the order of time, its allegations with what supports them
//! and what speaks against them, what is missing, and where people disagree.

use std::collections::{BTreeMap, BTreeSet};

use desk::ids::EntityId;
use desk::model::{Field, MODEL, Type};
use desk::{Entity, EntityQuery, Filter};
use office::{EntitySheet, Fault, Office, Reader};

use super::choices;
use super::timeline::{Timeline, happening};
use super::told::{self, Titles, Told};
use crate::words::Words;

/// The most events, acts and allegations that a case's page gathers of each; its searches have all of them.
const GATHERED_MAX: u32 = 100;
/// For how many acts and events the page looks who was involved.
const INVOLVED_IN_MAX: usize = 60;

/// The types of which somebody can be who in a case.
const PEOPLE: [&str; 3] = ["person", "group", "unit"];
/// What a case should have of each thing before it stands up; one of each is enough.
const NEEDED: [(&str, &[&str]); 9] = [
    ("act", &["victim", "victim_described"]),
    (
        "act",
        &["perpetrator", "perpetrator_described", "perpetrator_kind"],
    ),
    ("act", &["date"]),
    ("act", &["place"]),
    ("act", &["rests_on"]),
    ("event", &["date"]),
    ("event", &["place"]),
    ("allegation", &["supports"]),
    ("allegation", &["reply_asked"]),
];

/// What a case's sheet shows besides.
pub struct CaseView {
    /// Who is who: address, name, and as what.
    pub people: Vec<(String, String, Vec<String>)>,
    /// Its acts.
    pub acts: Vec<ActRow>,
    /// Its events, acts and periods of detention in the order of time.
    pub timeline: Option<Timeline>,
    /// Its allegations.
    pub allegations: Vec<AllegationRow>,
    /// What should be stated and is not.
    pub gaps: Vec<Noted>,
    /// Where people disagree.
    pub contradictions: Vec<Noted>,
    /// Whether there is more than the page gathers.
    pub more: bool,
}

/// An act in the table.
pub struct ActRow {
    /// Address and title.
    pub link: (String, String),
    /// Against whom.
    pub victims: Vec<Told>,
    /// By whom, allegedly.
    pub perpetrators: Vec<Told>,
    /// When.
    pub when: Vec<Told>,
    /// Where.
    pub places: Vec<Told>,
    /// On how many things it rests.
    pub rests_on: usize,
}

/// An allegation with what it rests on.
pub struct AllegationRow {
    /// Address and title.
    pub link: (String, String),
    /// The legal element.
    pub element: Vec<Told>,
    /// Against whom, allegedly.
    pub accused: Vec<Told>,
    /// What supports it.
    pub supports: Vec<Told>,
    /// What speaks against it.
    pub against: Vec<Told>,
}

/// Something about one thing of the case: address, title, the fields.
pub struct Noted {
    /// Address and title.
    pub link: (String, String),
    /// The fields, by their labels.
    pub fields: Vec<&'static str>,
}

impl CaseView {
    /// What a case's sheet shows besides; nothing for any other type.
    pub fn of(
        office: &Office,
        reader: &Reader<'_>,
        sheet: &EntitySheet,
        words: Words,
    ) -> Result<Option<CaseView>, Fault> {
        if sheet.entity.line.type_name != "case" {
            return Ok(None);
        }
        let mut gathering = Gathering {
            office,
            reader,
            more: false,
        };
        let gathered = gathering.gather(&sheet.entity)?;
        let titles = gathered.titles(office, reader, words)?;
        let more = gathering.more;
        let telling = Telling {
            address: format!("/desk/{}", reader.circle()),
            gathered: &gathered,
            titles: &titles,
            words,
        };
        Ok(Some(CaseView {
            people: telling.people(),
            acts: telling.acts(),
            timeline: telling.timeline(more),
            allegations: telling.allegations(),
            gaps: telling.gaps(),
            contradictions: telling.contradictions(&sheet.entity),
            more,
        }))
    }
}

/// Everything of a case, each once.
#[derive(Default)]
struct Gathered {
    events: Vec<Entity>,
    acts: Vec<Entity>,
    detentions: Vec<Entity>,
    involvements: Vec<Entity>,
    allegations: Vec<Entity>,
    /// Who the case itself names, or who names the case.
    named: Vec<EntityId>,
}

struct Gathering<'a> {
    office: &'a Office,
    reader: &'a Reader<'a>,
    more: bool,
}

impl Gathering<'_> {
    fn gather(&mut self, case: &Entity) -> Result<Gathered, Fault> {
        let id = case.line.entity;
        let mut gathered = Gathered {
            events: self.pointing("event", "case", id)?,
            acts: self.pointing("act", "case", id)?,
            detentions: self.pointing("detention", "case", id)?,
            allegations: self.pointing("allegation", "case", id)?,
            ..Gathered::default()
        };
        let named = self
            .office
            .entities_whole(self.reader, &ids(case, &["event"]))?;
        add(&mut gathered.events, named);
        for event in gathered.events.iter().take(INVOLVED_IN_MAX) {
            let acts = self.pointing("act", "event", event.line.entity)?;
            add(&mut gathered.acts, acts);
        }
        let happened = gathered.acts.iter().chain(&gathered.events);
        let happened: Vec<EntityId> = happened.map(|one| one.line.entity).collect();
        self.more |= happened.len() > INVOLVED_IN_MAX;
        for one in happened.into_iter().take(INVOLVED_IN_MAX) {
            let involved = self.pointing("involvement", "in", one)?;
            add(&mut gathered.involvements, involved);
        }
        gathered.named = ids(case, &["person", "organisation"]);
        for type_name in PEOPLE {
            let own = self.pointing(type_name, "case", id)?;
            gathered.named.extend(own.iter().map(|one| one.line.entity));
        }
        Ok(gathered)
    }

    fn pointing(
        &mut self,
        type_name: &str,
        field: &str,
        target: EntityId,
    ) -> Result<Vec<Entity>, Fault> {
        let query = EntityQuery {
            type_name: Some(type_name.to_owned()),
            filters: vec![Filter::Refers {
                field: Some(field.to_owned()),
                target,
            }],
            limit: GATHERED_MAX,
            ..EntityQuery::default()
        };
        let page = self.office.entities(self.reader, &query, &[])?.page;
        self.more |= page.next.is_some();
        let ids: Vec<EntityId> = page.entities.iter().map(|line| line.entity).collect();
        self.office.entities_whole(self.reader, &ids)
    }
}

/// What an entity points to with these fields.
fn ids(entity: &Entity, fields: &[&str]) -> Vec<EntityId> {
    let values = fields.iter().flat_map(|field| entity.values(field));
    values.filter_map(|value| value.parse().ok()).collect()
}

fn add(all: &mut Vec<Entity>, more: Vec<Entity>) {
    for one in more {
        if !all.iter().any(|known| known.line.entity == one.line.entity) {
            all.push(one);
        }
    }
}

impl Gathered {
    fn all(&self) -> impl Iterator<Item = &Entity> {
        self.acts
            .iter()
            .chain(&self.events)
            .chain(&self.detentions)
            .chain(&self.involvements)
            .chain(&self.allegations)
    }

    fn titles(&self, office: &Office, reader: &Reader<'_>, words: Words) -> Result<Titles, Fault> {
        let facts = self.all().flat_map(|entity| {
            let kind = MODEL.find(&entity.line.type_name);
            let facts = entity.facts.iter();
            facts.filter_map(move |fact| Some((kind?.field(&fact.field)?, &fact.value)))
        });
        let pointing = choices::titles_of(office, reader, facts, words)?;
        let named = office.entities_whole(reader, &self.named)?;
        let lines: Vec<_> = named.into_iter().map(|one| one.line).collect();
        Ok(pointing.and_entities(reader.circle(), &lines, words))
    }
}

struct Telling<'a> {
    address: String,
    gathered: &'a Gathered,
    titles: &'a Titles,
    words: Words,
}

impl Telling<'_> {
    fn link(&self, entity: &Entity) -> (String, String) {
        let address = format!("{}/{}", self.address, entity.line.entity);
        (address, told::title(&entity.line, self.words))
    }

    /// The values of these fields, those of the first first.
    fn told(&self, entity: &Entity, fields: &[&str]) -> Vec<Told> {
        let kind = MODEL.find(&entity.line.type_name);
        let fields = fields.iter().filter_map(|name| kind?.field(name));
        let told = fields.flat_map(|field| {
            let values = entity.values(field.name);
            values.map(|value| Told::of(field, value, None, self.titles, self.words).short())
        });
        told.collect()
    }

    fn people(&self) -> Vec<(String, String, Vec<String>)> {
        let mut people: BTreeMap<EntityId, BTreeSet<String>> = BTreeMap::new();
        for named in &self.gathered.named {
            people.entry(*named).or_default();
        }
        let tag = self.words.0.tag();
        let mut add = |entity: &Entity, name: &str| {
            let field = MODEL
                .find(&entity.line.type_name)
                .and_then(|kind| kind.field(name));
            for id in ids(entity, &[name]) {
                let label = field.map(|field| field.label.in_language(tag).to_owned());
                people.entry(id).or_default().extend(label);
            }
        };
        for act in &self.gathered.acts {
            add(act, "victim");
            add(act, "perpetrator");
        }
        for detention in &self.gathered.detentions {
            add(detention, "person");
        }
        for one in &self.gathered.involvements {
            let roles: Vec<String> = one
                .values("role")
                .map(|code| told::term("role", code, None, self.words))
                .collect();
            for id in ids(one, &["who"]) {
                people.entry(id).or_default().extend(roles.iter().cloned());
            }
        }
        let mut told: Vec<_> = people
            .into_iter()
            .filter_map(|(id, roles)| {
                let title = self.titles.title(&id.to_string())?.to_owned();
                let address = format!("{}/{id}", self.address);
                Some((address, title, roles.into_iter().collect()))
            })
            .collect();
        told.sort_by(|(_, one, _), (_, other, _)| one.cmp(other));
        told
    }

    fn acts(&self) -> Vec<ActRow> {
        let row = |act: &Entity| ActRow {
            link: self.link(act),
            victims: self.told(act, &["victim", "victim_described"]),
            perpetrators: self.told(
                act,
                &["perpetrator", "perpetrator_described", "perpetrator_kind"],
            ),
            when: self.told(act, &["date"]),
            places: self.told(act, &["place"]),
            rests_on: act.values("rests_on").count(),
        };
        self.gathered.acts.iter().map(row).collect()
    }

    fn timeline(&self, more: bool) -> Option<Timeline> {
        let things = [
            &self.gathered.events,
            &self.gathered.acts,
            &self.gathered.detentions,
        ];
        let moments = things.into_iter().flatten().filter_map(|one| {
            let kind = MODEL.find(&one.line.type_name)?;
            happening(kind, one, &self.address, self.words)
        });
        Timeline::in_order(moments.collect(), more)
    }

    fn allegations(&self) -> Vec<AllegationRow> {
        let row = |one: &Entity| AllegationRow {
            link: self.link(one),
            element: self.told(one, &["element"]),
            accused: self.told(one, &["accused"]),
            supports: self.told(one, &["supports"]),
            against: self.told(one, &["against"]),
        };
        self.gathered.allegations.iter().map(row).collect()
    }

    fn gaps(&self) -> Vec<Noted> {
        let missing = |entity: &Entity| {
            let kind = MODEL.find(&entity.line.type_name)?;
            let needed = NEEDED.iter().filter(|(name, _)| *name == kind.name);
            let fields = needed.filter(|(_, fields)| {
                fields
                    .iter()
                    .all(|field| entity.values(field).next().is_none())
            });
            let labels = fields.filter_map(|(_, fields)| label(kind, fields.first()?, self.words));
            self.noted(entity, labels.collect())
        };
        self.gathered.all().filter_map(missing).collect()
    }

    fn contradictions(&self, case: &Entity) -> Vec<Noted> {
        let contested = |entity: &Entity| {
            let kind = MODEL.find(&entity.line.type_name)?;
            let fields = kind.fields.iter();
            let fields = fields.filter(|field| entity.is_contested(field.name));
            let labels = fields.map(|field: &Field| field.label.in_language(self.words.0.tag()));
            self.noted(entity, labels.collect())
        };
        let all = std::iter::once(case).chain(self.gathered.all());
        all.filter_map(contested).collect()
    }

    fn noted(&self, entity: &Entity, fields: Vec<&'static str>) -> Option<Noted> {
        (!fields.is_empty()).then(|| Noted {
            link: self.link(entity),
            fields,
        })
    }
}

fn label(kind: &'static Type, field: &str, words: Words) -> Option<&'static str> {
    let field = kind.field(field)?;
    Some(field.label.in_language(words.0.tag()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_case_looks_for_is_in_the_model() {
        for (type_name, fields) in NEEDED {
            let kind = MODEL.find(type_name).unwrap();
            for field in fields {
                assert!(kind.field(field).is_some(), "{type_name}.{field}");
            }
        }
        for (type_name, field) in [
            ("event", "case"),
            ("act", "case"),
            ("act", "event"),
            ("act", "victim"),
            ("act", "perpetrator"),
            ("detention", "case"),
            ("detention", "person"),
            ("allegation", "case"),
            ("allegation", "element"),
            ("allegation", "accused"),
            ("allegation", "supports"),
            ("allegation", "against"),
            ("involvement", "in"),
            ("involvement", "who"),
            ("involvement", "role"),
            ("case", "event"),
            ("case", "person"),
            ("case", "organisation"),
            ("person", "case"),
            ("group", "case"),
            ("unit", "case"),
        ] {
            let kind = MODEL.find(type_name).unwrap();
            assert!(kind.field(field).is_some(), "{type_name}.{field}");
        }
        assert!(MODEL.vocabulary("role").is_some());
    }
}
