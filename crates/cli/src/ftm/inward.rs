//! FollowTheMoney's entities as drafts. What the desk has no type for is left out and counted, never bent.

use std::collections::BTreeMap;

use desk::model::MODEL;
use serde::Deserialize;

use super::{LANGUAGES, RELATIONS};

/// The longest line that is read, in bytes.
pub const LINE_BYTES_MAX: usize = 4 << 20;
/// In how many passes a file is read: what others point to first.
pub const PASSES: u8 = 4;

/// An entity as a line has it; what else stands in the line is of others' programs.
#[derive(Debug, Deserialize)]
pub struct Incoming {
    /// Its id there.
    pub id: String,
    /// Its schema, such as `Person`.
    pub schema: String,
    /// Its properties, each with all its values.
    #[serde(default)]
    pub properties: BTreeMap<String, Vec<String>>,
}

/// A property that points to another entity of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// The field.
    pub field: &'static str,
    /// The property.
    pub property: &'static str,
    /// Whether the entity is nothing without it.
    pub required: bool,
}

/// What a schema becomes.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// The type.
    pub type_name: &'static str,
    /// In which pass it is read, from 0.
    pub pass: u8,
    /// Which field takes which property; of several for one field of one value the first that is there.
    fields: &'static [(&'static str, &'static str)],
    /// What it points to.
    pub pointers: &'static [Pointer],
}

const GROUP: &[(&str, &str)] = &[
    ("name", "name"),
    ("alias", "alias"),
    ("alias", "weakAlias"),
    ("alias", "previousName"),
    ("alias", "abbreviation"),
    ("founded", "incorporationDate"),
    ("dissolved", "dissolutionDate"),
    ("website", "website"),
    ("identifier", "registrationNumber"),
    ("identifier", "idNumber"),
    ("identifier", "wikidataId"),
    ("description", "description"),
    ("description", "summary"),
    ("note", "notes"),
];
const PERSON: &[(&str, &str)] = &[
    ("name", "name"),
    ("alias", "alias"),
    ("alias", "weakAlias"),
    ("alias", "previousName"),
    ("patronymic", "fatherName"),
    ("mother", "motherName"),
    ("born", "birthDate"),
    ("died", "deathDate"),
    ("sex", "gender"),
    ("nationality", "nationality"),
    ("nationality", "citizenship"),
    ("religion", "religion"),
    ("community", "ethnicity"),
    ("education", "education"),
    ("occupation", "profession"),
    ("rank", "position"),
    ("language", "spokenLanguage"),
    ("identifier", "idNumber"),
    ("identifier", "passportNumber"),
    ("identifier", "wikidataId"),
    ("biography", "biography"),
    ("biography", "summary"),
    ("biography", "description"),
    ("note", "notes"),
];
const ADDRESS: &[(&str, &str)] = &[
    ("name", "full"),
    ("name", "name"),
    ("name", "city"),
    ("former_name", "previousName"),
    ("description", "description"),
    ("note", "notes"),
    ("note", "remarks"),
];
const EVENT: &[(&str, &str)] = &[
    ("title", "name"),
    ("date", "date"),
    ("date", "startDate"),
    ("ended", "endDate"),
    ("summary", "summary"),
    ("context", "description"),
    ("note", "notes"),
];
const LINK: &[(&str, &str)] = &[
    ("title", "summary"),
    ("title", "role"),
    ("title", "relationship"),
    ("kind", "relationship"),
    ("from", "startDate"),
    ("from", "date"),
    ("until", "endDate"),
    ("note", "description"),
];
const INVOLVEMENT: &[(&str, &str)] = &[
    ("role", "role"),
    ("from", "startDate"),
    ("until", "endDate"),
    ("description", "description"),
];

const fn pointer(field: &'static str, property: &'static str, required: bool) -> Pointer {
    Pointer {
        field,
        property,
        required,
    }
}

impl Schema {
    /// What a schema becomes; `None` if the desk has no type for it.
    pub fn find(name: &str) -> Option<Schema> {
        const PLACE: &[Pointer] = &[pointer("place", "addressEntity", false)];
        const FAMILY: &[Pointer] = &[pointer("a", "person", true), pointer("b", "relative", true)];
        const ASSOCIATE: &[Pointer] = &[
            pointer("a", "person", true),
            pointer("b", "associate", true),
        ];
        const MEMBER: &[Pointer] = &[
            pointer("a", "member", true),
            pointer("b", "organization", true),
        ];
        const DIRECTOR: &[Pointer] = &[
            pointer("a", "director", true),
            pointer("b", "organization", true),
        ];
        const EMPLOYEE: &[Pointer] = &[
            pointer("a", "employee", true),
            pointer("b", "employer", true),
        ];
        const INVOLVED: &[Pointer] = &[
            pointer("who", "subject", true),
            pointer("in", "object", true),
        ];
        let (type_name, pass, fields, pointers): (_, _, _, &'static [Pointer]) = match name {
            "Address" => ("place", 0, ADDRESS, &[]),
            "Person" => ("person", 1, PERSON, &[]),
            "Organization" | "Company" | "PublicBody" | "LegalEntity" => ("group", 1, GROUP, &[]),
            "Event" => ("event", 2, EVENT, PLACE),
            "Family" => ("relation", 3, LINK, FAMILY),
            "Associate" => ("relation", 3, LINK, ASSOCIATE),
            "Membership" => ("relation", 3, LINK, MEMBER),
            "Directorship" => ("relation", 3, LINK, DIRECTOR),
            "Employment" => ("relation", 3, LINK, EMPLOYEE),
            "UnknownLink" => ("involvement", 3, INVOLVEMENT, INVOLVED),
            _ => return None,
        };
        Some(Schema {
            type_name,
            pass,
            fields,
            pointers,
        })
    }

    /// The fields that an entity sets; what it points to is not among them.
    pub fn set(&self, incoming: &Incoming) -> BTreeMap<String, Vec<String>> {
        let mut set: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let model = MODEL.find(self.type_name);
        for (field, property) in self.fields {
            let is_many = model
                .and_then(|model| model.field(field))
                .is_some_and(|field| field.many);
            let given = incoming.properties.get(*property).into_iter().flatten();
            let meant = given.filter_map(|value| meant(self.type_name, field, value));
            let values = set.entry((*field).to_owned()).or_default();
            if *field == "note" || is_many {
                values.extend(meant);
            } else if values.is_empty() {
                values.extend(meant.take(1));
            }
        }
        // A note is one text; several are kept, one under the other.
        if let Some(notes) = set.get_mut("note").filter(|notes| notes.len() > 1) {
            *notes = vec![notes.join("\n")];
        }
        self.complete(incoming, &mut set);
        set.retain(|_, values| !values.is_empty());
        set
    }

    fn complete(&self, incoming: &Incoming, set: &mut BTreeMap<String, Vec<String>>) {
        let kind = match (self.type_name, incoming.schema.as_str()) {
            ("group", "Company") => "company",
            ("relation", "Membership" | "Directorship" | "Employment") => "member",
            ("relation", "Family") => "other_relative",
            ("relation", _) => "other",
            _ => "",
        };
        if !kind.is_empty() && set.get("kind").is_none_or(Vec::is_empty) {
            set.insert("kind".to_owned(), vec![kind.to_owned()]);
        }
        if self.type_name == "place" {
            if set.get("name").is_some_and(Vec::is_empty) {
                set.insert("name".to_owned(), address(incoming));
            }
            if let Some(point) = point(incoming) {
                set.insert("point".to_owned(), vec![point]);
                let reason = "FollowTheMoney says no precision; it is that of the digits";
                set.insert("point_reason".to_owned(), vec![reason.to_owned()]);
            }
        }
    }
}

/// A value as the field has it; none if it says nothing there.
fn meant(type_name: &str, field: &str, value: &str) -> Option<String> {
    match (type_name, field) {
        (_, "language") => {
            let value = value.to_lowercase();
            let known = LANGUAGES
                .iter()
                .find(|(ours, theirs)| value == *ours || value == *theirs);
            Some(known.map_or("other", |known| known.0).to_owned())
        }
        ("relation", "kind") => {
            let value = value.trim().to_lowercase();
            let is_code = MODEL
                .vocabulary("relation")
                .is_some_and(|one| one.term(&value).is_some());
            let known = RELATIONS.iter().find(|(theirs, _)| *theirs == value);
            match known {
                Some(known) => Some(known.1.to_owned()),
                None => is_code.then_some(value),
            }
        }
        _ => Some(value.to_owned()),
    }
}

/// An address out of its parts.
fn address(incoming: &Incoming) -> Vec<String> {
    let parts = ["street", "street2", "postalCode", "city", "region", "state"];
    let parts = parts
        .iter()
        .filter_map(|name| incoming.properties.get(*name)?.first());
    let whole: Vec<&str> = parts.map(String::as_str).collect();
    if whole.is_empty() {
        Vec::new()
    } else {
        vec![whole.join(", ")]
    }
}

/// Coordinates, as precise as their digits: a degree is 111 kilometres.
fn point(incoming: &Incoming) -> Option<String> {
    let of = |name: &str| incoming.properties.get(name)?.first().cloned();
    let (north, east) = (of("latitude")?, of("longitude")?);
    let digits = |text: &str| {
        text.trim()
            .split_once('.')
            .map_or(0, |(_, rest)| rest.len())
    };
    let digits = digits(&north).min(digits(&east)).min(5);
    let metres = 111_000 / 10_u32.pow(u32::try_from(digits).unwrap_or(0));
    Some(format!("{north},{east},{}", metres.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(line: &str) -> Incoming {
        serde_json::from_str(line).expect("an entity")
    }

    #[test]
    fn a_person_is_read_with_all_names_and_one_birth() {
        let line = r#"{"id":"x","schema":"Person","caption":"?","properties":{"name":["Ali"],"weakAlias":["علی"],
            "birthDate":["1981","1982"],"gender":["male"],"spokenLanguage":["fas"],"notes":["a","b"]}}"#;
        let set = Schema::find("Person").expect("known").set(&incoming(line));
        assert_eq!(set["alias"], ["علی"]);
        assert_eq!(set["born"], ["1981"]);
        assert_eq!(set["language"], ["fa"]);
        assert_eq!(set["note"], ["a\nb"]);
    }

    #[test]
    fn a_point_is_as_precise_as_its_digits() {
        let line = r#"{"id":"x","schema":"Address","properties":{"city":["Kelva"],"latitude":["-47.05"],"longitude":["-123.3"]}}"#;
        let set = Schema::find("Address").expect("known").set(&incoming(line));
        assert_eq!(set["point"], ["-47.05,-123.3,11100"]);
        assert_eq!(set["name"], ["Kelva"]);
    }

    #[test]
    fn kinship_is_a_code_and_documents_have_no_type() {
        let line = r#"{"id":"x","schema":"Family","properties":{"relationship":["Mother"]}}"#;
        let set = Schema::find("Family").expect("known").set(&incoming(line));
        assert_eq!(set["kind"], ["parent"]);
        let line = r#"{"id":"x","schema":"Family","properties":{"relationship":["cousin"]}}"#;
        let set = Schema::find("Family").expect("known").set(&incoming(line));
        assert_eq!(
            (&set["kind"], &set["title"]),
            (
                &vec!["other_relative".to_owned()],
                &vec!["cousin".to_owned()]
            )
        );
        assert!(Schema::find("Document").is_none());
    }
}
