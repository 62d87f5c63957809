//! What was released, as FollowTheMoney has it. What it has no place for is left out, never bent.

use std::collections::{BTreeMap, BTreeSet};

use desk::model::MODEL;
use office::Released;
use serde_json::{Value, json};

use super::{LANGUAGES, date};

/// Which property a field goes into, by type.
const FIELDS: &[(&str, &[(&str, &str)])] = &[
    (
        "person",
        &[
            ("name", "name"),
            ("alias", "alias"),
            ("transcription", "alias"),
            ("patronymic", "fatherName"),
            ("mother", "motherName"),
            ("born", "birthDate"),
            ("died", "deathDate"),
            ("sex", "gender"),
            ("nationality", "nationality"),
            ("religion", "religion"),
            ("community", "ethnicity"),
            ("education", "education"),
            ("occupation", "profession"),
            ("rank", "position"),
            ("language", "spokenLanguage"),
            ("biography", "biography"),
            ("note", "notes"),
        ],
    ),
    (
        "group",
        &[
            ("name", "name"),
            ("alias", "alias"),
            ("founded", "incorporationDate"),
            ("dissolved", "dissolutionDate"),
            ("website", "website"),
            ("identifier", "registrationNumber"),
            ("description", "description"),
            ("note", "notes"),
        ],
    ),
    (
        "unit",
        &[
            ("name", "name"),
            ("alias", "alias"),
            ("active_from", "incorporationDate"),
            ("active_until", "dissolutionDate"),
            ("identifier", "registrationNumber"),
            ("description", "description"),
            ("note", "notes"),
        ],
    ),
    (
        "place",
        &[
            ("name", "full"),
            ("name", "name"),
            ("name_fa", "alias"),
            ("name_ar", "alias"),
            ("name_en", "alias"),
            ("name_fr", "alias"),
            ("former_name", "previousName"),
            ("description", "description"),
            ("note", "notes"),
        ],
    ),
    (
        "event",
        &[
            ("title", "name"),
            ("date", "date"),
            ("ended", "endDate"),
            ("place", "addressEntity"),
            ("summary", "summary"),
            ("context", "description"),
            ("note", "notes"),
        ],
    ),
    (
        "act",
        &[
            ("title", "name"),
            ("date", "date"),
            ("ended", "endDate"),
            ("place", "addressEntity"),
            ("victim", "involved"),
            ("perpetrator", "involved"),
            ("summary", "summary"),
            ("note", "notes"),
        ],
    ),
    (
        "involvement",
        &[
            ("who", "subject"),
            ("in", "object"),
            ("role", "role"),
            ("from", "startDate"),
            ("until", "endDate"),
            ("description", "description"),
        ],
    ),
    (
        "command",
        &[
            ("person", "director"),
            ("unit", "organization"),
            ("role", "role"),
            ("from", "startDate"),
            ("until", "endDate"),
        ],
    ),
    (
        "relation",
        &[
            ("from", "startDate"),
            ("until", "endDate"),
            ("note", "description"),
        ],
    ),
];

/// Types that are documents of some kind: all of them have these fields or lack them.
const DOCUMENTS: [&str; 5] = [
    "account",
    "material",
    "derivative",
    "capture",
    "medical_report",
];
const OF_DOCUMENTS: &[(&str, &str)] = &[
    ("title", "title"),
    ("original_name", "fileName"),
    ("language", "language"),
    ("date", "date"),
    ("acquired", "date"),
    ("captured_at", "retrievedAt"),
    ("url", "sourceUrl"),
    ("summary", "summary"),
    ("narrative", "bodyText"),
    ("text", "bodyText"),
    ("note", "notes"),
];

/// Properties that hold dates, and those that point to other entities.
const DATES: [&str; 8] = [
    "birthDate",
    "deathDate",
    "incorporationDate",
    "dissolutionDate",
    "date",
    "endDate",
    "startDate",
    "retrievedAt",
];
const POINTERS: [&str; 10] = [
    "addressEntity",
    "involved",
    "subject",
    "object",
    "director",
    "organization",
    "member",
    "person",
    "relative",
    "associate",
];

/// An entity on its way out.
struct Outgoing {
    id: String,
    schema: &'static str,
    properties: BTreeMap<&'static str, Vec<String>>,
}

/// Everything that goes together, so that nothing points to what stayed.
#[derive(Default)]
pub struct Outward {
    entities: Vec<Outgoing>,
    types: BTreeMap<String, String>,
    left_out: u64,
}

/// What of it could be said.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// One object a line.
    pub lines: Vec<Value>,
    /// Released entities that FollowTheMoney has no place for, or that point to what stayed.
    pub left_out: u64,
}

impl Outward {
    /// Takes what was released.
    pub fn take(&mut self, released: &Released) {
        let id = released.entity.to_string();
        self.types.insert(id.clone(), released.type_name.clone());
        match outgoing(id, released) {
            Some(entity) => self.entities.push(entity),
            None => self.left_out += 1,
        }
    }

    /// The lines, once everything was taken.
    pub fn finish(self) -> Told {
        let mut left_out = self.left_out;
        let mut lines = Vec::new();
        let there: BTreeSet<String> = self.entities.iter().map(|one| one.id.clone()).collect();
        for mut entity in self.entities {
            if entity.schema == "Family" {
                relation_schema(&mut entity, &self.types);
            }
            for name in POINTERS {
                if let Some(values) = entity.properties.get_mut(name) {
                    values.retain(|value| there.contains(value));
                }
            }
            entity.properties.retain(|_, values| !values.is_empty());
            if is_whole(&entity) {
                let Outgoing {
                    id,
                    schema,
                    properties,
                } = entity;
                lines.push(json!({ "id": id, "schema": schema, "properties": properties }));
            } else {
                left_out += 1;
            }
        }
        Told { lines, left_out }
    }
}

/// Whether it has what its schema cannot do without.
fn is_whole(entity: &Outgoing) -> bool {
    let needed: &[&str] = match entity.schema {
        "Family" => &["person", "relative"],
        "Associate" => &["person", "associate"],
        "Membership" => &["member", "organization"],
        "Directorship" => &["director", "organization"],
        "UnknownLink" => &["subject", "object"],
        "Address" => &["full"],
        "Document" => &["fileName"],
        _ => &["name"],
    };
    needed
        .iter()
        .all(|name| entity.properties.contains_key(name))
}

fn outgoing(id: String, released: &Released) -> Option<Outgoing> {
    let type_name = released.type_name.as_str();
    let is_document = DOCUMENTS.contains(&type_name);
    let fields = if is_document {
        OF_DOCUMENTS
    } else {
        FIELDS.iter().find(|one| one.0 == type_name)?.1
    };
    let mut entity = Outgoing {
        id,
        schema: schema(type_name, first(released, "kind")),
        properties: BTreeMap::new(),
    };
    for (field, property) in fields {
        for value in released.values.get(*field).into_iter().flatten() {
            entity.add(property, said(property, value));
        }
    }
    match type_name {
        "place" => point(&mut entity, first(released, "point")),
        "relation" => {
            for (field, property) in [("a", "a"), ("b", "b"), ("kind", "relationship")] {
                entity.add(property, first(released, field).map(str::to_owned));
            }
            let title = first(released, "title");
            entity.add("summary", title.map(str::to_owned));
        }
        "act" if !entity.properties.contains_key("name") => {
            entity.add("name", first(released, "violation").and_then(violation));
        }
        _ if is_document && !entity.properties.contains_key("fileName") => {
            let name = first(released, "title").unwrap_or(&entity.id).to_owned();
            entity.add("fileName", Some(name));
        }
        _ => {}
    }
    Some(entity)
}

impl Outgoing {
    fn add(&mut self, property: &'static str, value: Option<String>) {
        let Some(value) = value else {
            return;
        };
        let values = self.properties.entry(property).or_default();
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

fn first<'a>(released: &'a Released, field: &str) -> Option<&'a str> {
    released.values.get(field)?.first().map(String::as_str)
}

fn schema(type_name: &str, kind: Option<&str>) -> &'static str {
    match (type_name, kind) {
        ("person", _) => "Person",
        ("group", Some("ministry" | "court" | "security_service" | "armed_force")) => "PublicBody",
        ("group", Some("company")) => "Company",
        ("group" | "unit", _) => "Organization",
        ("place", _) => "Address",
        ("event" | "act", _) => "Event",
        ("involvement", _) => "UnknownLink",
        ("command", _) => "Directorship",
        ("relation", _) => "Family",
        _ => "Document",
    }
}

/// A value in the form of its property; none if it cannot be said there.
fn said(property: &str, value: &str) -> Option<String> {
    match property {
        _ if DATES.contains(&property) => date::prefix(value),
        "gender" => ["male", "female", "other"]
            .contains(&value)
            .then(|| value.to_owned()),
        "nationality" => {
            let code = value.trim().to_lowercase();
            let is_code = code.len() == 2 && code.bytes().all(|one| one.is_ascii_lowercase());
            is_code.then_some(code)
        }
        "language" | "spokenLanguage" => {
            let known = LANGUAGES.iter().find(|one| one.0 == value);
            known.map(|one| one.1.to_owned())
        }
        "website" | "sourceUrl" => {
            let is_address = value.starts_with("https://") || value.starts_with("http://");
            is_address.then(|| value.to_owned())
        }
        _ => Some(value.to_owned()),
    }
}

fn point(entity: &mut Outgoing, point: Option<&str>) {
    let mut parts = point.unwrap_or_default().split(',');
    for property in ["latitude", "longitude"] {
        let part = parts.next().filter(|part| !part.is_empty());
        entity.add(property, part.map(str::to_owned));
    }
}

/// What an act is called there, which knows no acts.
fn violation(code: &str) -> Option<String> {
    let term = MODEL.vocabulary("violation")?.term(code)?;
    Some(term.label.en.to_owned())
}

/// A relation is of kin, of other people, or of a person and a group.
fn relation_schema(entity: &mut Outgoing, types: &BTreeMap<String, String>) {
    const KIN: [&str; 5] = ["parent", "child", "sibling", "spouse", "other_relative"];
    let a = entity.properties.remove("a").unwrap_or_default();
    let b = entity.properties.remove("b").unwrap_or_default();
    let kind = entity
        .properties
        .get("relationship")
        .and_then(|kinds| kinds.first());
    let is_kin = kind.is_some_and(|kind| KIN.contains(&kind.as_str()));
    let is_group = b
        .first()
        .and_then(|id| types.get(id))
        .is_some_and(|type_name| type_name == "group");
    let (schema, one, other) = match (is_group, is_kin) {
        (true, _) => ("Membership", "member", "organization"),
        (false, true) => ("Family", "person", "relative"),
        (false, false) => ("Associate", "person", "associate"),
    };
    if is_group && let Some(role) = entity.properties.remove("relationship") {
        entity.properties.insert("role", role);
    }
    entity.schema = schema;
    entity.properties.insert(one, a);
    entity.properties.insert(other, b);
}

#[cfg(test)]
mod tests {
    use desk::ids::EntityId;

    use super::*;

    fn released(id: u8, type_name: &str, values: &[(&str, &str)]) -> Released {
        let mut set: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (field, value) in values {
            set.entry((*field).to_owned())
                .or_default()
                .push((*value).to_owned());
        }
        Released {
            entity: EntityId::from_bytes([id; 16]),
            type_name: type_name.to_owned(),
            seen: 1,
            values: set,
            grounds: Vec::new(),
        }
    }

    fn id(id: u8) -> String {
        EntityId::from_bytes([id; 16]).to_string()
    }

    #[test]
    fn a_person_keeps_names_and_what_is_certain() {
        let mut outward = Outward::default();
        outward.take(&released(
            1,
            "person",
            &[
                ("name", "محمد"),
                ("alias", "Mohammad"),
                ("born", "sh:1401-06-30"),
                ("died", "2022~"),
                ("sex", "unknown"),
                ("nationality", "IR"),
                ("nationality", "somewhere"),
            ],
        ));
        let told = outward.finish();
        assert_eq!(
            told.lines,
            [json!({ "id": id(1), "schema": "Person", "properties": {
                "name": ["محمد"], "alias": ["Mohammad"], "birthDate": ["2022-09-21"], "nationality": ["ir"],
            } })]
        );
    }

    #[test]
    fn nothing_points_to_what_stayed() {
        let mut outward = Outward::default();
        outward.take(&released(1, "person", &[("name", "a")]));
        outward.take(&released(2, "group", &[("name", "b"), ("kind", "court")]));
        for (relation, b) in [(3, 2), (4, 9)] {
            outward.take(&released(
                relation,
                "relation",
                &[("a", &id(1)), ("b", &id(b)), ("kind", "member")],
            ));
        }
        outward.take(&released(5, "case", &[("title", "c")]));
        let told = outward.finish();
        let schemata: Vec<&str> = told
            .lines
            .iter()
            .filter_map(|line| line["schema"].as_str())
            .collect();
        assert_eq!(schemata, ["Person", "PublicBody", "Membership"]);
        assert_eq!(told.left_out, 2, "a case, and a link whose end stayed");
        assert_eq!(told.lines[2]["properties"]["organization"][0], id(2));
    }
}
