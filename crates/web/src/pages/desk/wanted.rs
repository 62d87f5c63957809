//! What a search asks for, as its address says it, so that a search can be sent to a colleague.

use desk::ids::EntityId;
use desk::model::{MODEL, Shape, ShapeError, Type, written_date};
use desk::{EntityQuery, EntitySort, Filter};
use record::ids::CircleId;

use crate::address::escaped;
use crate::refusal::Refusal;

/// The states that a search can ask for.
pub const STATES: [&str; 4] = ["draft", "submitted", "reviewed", "returned"];
/// The most conditions of one search.
const CONDITIONS_MAX: usize = 20;

/// A search in a circle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words or names.
    pub text: String,
    /// Only this type.
    pub kind: Option<&'static str>,
    /// Only in this state of review.
    pub state: String,
    /// From this day, as typed.
    pub from: String,
    /// To this day, as typed.
    pub to: String,
    /// Fields with a value: `is=FIELD:VALUE`.
    pub is: Vec<(String, String)>,
    /// Fields in which nothing stands: `missing=FIELD`.
    pub missing: Vec<String>,
    /// What is pointed to, with which field: `refers=FIELD:ID`.
    pub refers: Option<(String, EntityId)>,
    /// The order.
    pub sort: EntitySort,
    /// Whether a table is wanted.
    pub shape: Layout,
    /// Where the page before ended.
    pub after: String,
}

/// How what was found is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// One below the other.
    #[default]
    List,
    /// In rows and columns.
    Table,
}

impl Wanted {
    /// Reads a query; a name that no page of ours writes makes no sense.
    pub fn of(query: Vec<(String, String)>) -> Result<Wanted, Refusal> {
        let mut wanted = Wanted::default();
        for (name, value) in query {
            wanted.take(&name, value).ok_or(Refusal::Senseless)?;
        }
        Ok(wanted)
    }

    fn take(&mut self, name: &str, value: String) -> Option<()> {
        match name {
            _ if value.trim().is_empty() => {}
            "text" => self.text = value,
            "type" => self.kind = Some(MODEL.find(&value)?.name),
            "state" => {
                STATES.contains(&value.as_str()).then_some(())?;
                self.state = value;
            }
            "from" => self.from = value,
            "to" => self.to = value,
            "is" => self.is.push(pair(&value)?),
            "missing" => self.missing.push(value),
            "refers" => {
                let (field, id) = pair(&value)?;
                self.refers = Some((field, id.parse().ok()?));
            }
            "sort" => self.sort = value.parse().ok()?,
            "as" => {
                self.shape = match value.as_str() {
                    "table" => Layout::Table,
                    "list" => Layout::List,
                    _ => return None,
                }
            }
            "after" => self.after = value,
            _ => return None,
        }
        (self.is.len() + self.missing.len() <= CONDITIONS_MAX).then_some(())
    }

    /// The type that is asked for.
    #[must_use]
    pub fn kind(&self) -> Option<&'static Type> {
        self.kind.and_then(|name| MODEL.find(name))
    }

    /// The fields whose values are counted: the terms of the type that is asked for.
    #[must_use]
    pub fn facets(&self, most: usize) -> Vec<&'static str> {
        let fields = self.kind().map(|kind| kind.fields.as_slice());
        let terms = fields.unwrap_or_default().iter();
        terms
            .filter(|field| matches!(field.shape, Shape::Term(_)))
            .map(|field| field.name)
            .take(most)
            .collect()
    }

    /// Whether more is asked for than a type.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        let open = Wanted {
            kind: self.kind,
            sort: self.sort,
            shape: self.shape,
            after: self.after.clone(),
            ..Wanted::default()
        };
        *self != open
    }

    /// The query of the desk, and what is wrong with the two days; a wrong day narrows nothing.
    #[must_use]
    pub fn query(&self, limit: u32) -> (EntityQuery, [Option<ShapeError>; 2]) {
        let mut filters: Vec<Filter> = Vec::new();
        let value = |(field, value): &(String, String)| Filter::Value {
            field: field.clone(),
            value: value.clone(),
        };
        filters.extend(self.is.iter().map(value));
        filters.extend(self.missing.iter().map(|field| Filter::Missing {
            field: field.clone(),
        }));
        filters.extend(self.refers.as_ref().map(|(field, target)| Filter::Refers {
            field: Some(field.clone()).filter(|field| !field.is_empty()),
            target: *target,
        }));
        if !self.state.is_empty() {
            filters.push(Filter::State(self.state.clone()));
        }
        let (between, faults) = self.between();
        filters.extend(between);
        let query = EntityQuery {
            type_name: self.kind.map(str::to_owned),
            text: self.text.clone(),
            filters,
            sort: self.sort,
            limit,
            after: self.after.parse().ok(),
        };
        (query, faults)
    }

    fn between(&self) -> (Option<Filter>, [Option<ShapeError>; 2]) {
        let day = |typed: &str| match typed.trim() {
            "" => Ok(None),
            typed => written_date(typed).map(|(_, span)| Some((span.first, span.last))),
        };
        let (from, to) = (day(&self.from), day(&self.to));
        let first = from
            .as_ref()
            .ok()
            .copied()
            .flatten()
            .map(|(first, _)| first);
        let last = to.as_ref().ok().copied().flatten().map(|(_, last)| last);
        let filter = (first.is_some() || last.is_some()).then(|| Filter::Between {
            field: None,
            first: first.unwrap_or(i32::MIN),
            last: last.unwrap_or(i32::MAX),
        });
        (filter, [from.err(), to.err()])
    }

    /// The address of this search in a circle.
    #[must_use]
    pub fn address(&self, circle: CircleId) -> String {
        let pairs: Vec<String> = self
            .pairs()
            .iter()
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        if pairs.is_empty() {
            format!("/desk/{circle}")
        } else {
            format!("/desk/{circle}?{}", pairs.join("&"))
        }
    }

    /// Names and values of the address.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![
            ("text", self.text.clone()),
            ("type", self.kind.unwrap_or_default().to_owned()),
            ("state", self.state.clone()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
        ];
        let is = self.is.iter();
        pairs.extend(is.map(|(field, value)| ("is", format!("{field}:{value}"))));
        pairs.extend(self.missing.iter().map(|field| ("missing", field.clone())));
        let refers = self.refers.iter();
        pairs.extend(refers.map(|(field, id)| ("refers", format!("{field}:{id}"))));
        if self.sort != EntitySort::default() {
            pairs.push(("sort", self.sort.to_string()));
        }
        if self.shape == Layout::Table {
            pairs.push(("as", "table".to_owned()));
        }
        pairs.push(("after", self.after.clone()));
        pairs.retain(|(_, value)| !value.is_empty());
        pairs
    }

    /// The same search from its first page, changed.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Wanted)) -> Wanted {
        let mut other = self.clone();
        other.after.clear();
        change(&mut other);
        other
    }
}

fn pair(value: &str) -> Option<(String, String)> {
    let (field, value) = value.split_once(':')?;
    Some((field.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<Wanted, Refusal> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Wanted::of(query.iter().map(owned).collect())
    }

    #[test]
    fn an_address_says_the_whole_search() {
        let id = "0123456789abcdef0123456789abcdef";
        let query = [
            ("text", "علی پور"),
            ("type", "person"),
            ("state", "draft"),
            ("from", "1401/6/30"),
            ("is", "sex:female"),
            ("missing", "born"),
            ("refers", &format!("place:{id}")),
            ("sort", "title"),
            ("as", "table"),
            ("after", "7"),
        ];
        let wanted = read(&query).unwrap();
        let pairs: Vec<(&str, String)> = wanted.pairs();
        let pairs: Vec<(&str, &str)> = pairs
            .iter()
            .map(|(one, two)| (*one, two.as_str()))
            .collect();
        assert_eq!(read(&pairs).unwrap(), wanted);
        let (query, faults) = wanted.query(10);
        assert_eq!(query.filters.len(), 5);
        assert_eq!(faults, [None, None]);
        assert!(wanted.is_narrowed());
    }

    #[test]
    fn what_no_page_writes_makes_no_sense() {
        for (name, value) in [
            ("type", "nonsense"),
            ("state", "' OR 1"),
            ("sort", "size"),
            ("refers", "place:x"),
            ("other", "x"),
            ("is", "sex"),
        ] {
            assert_eq!(read(&[(name, value)]), Err(Refusal::Senseless), "{name}");
        }
        assert_eq!(
            read(&[("type", ""), ("text", " ")]).unwrap(),
            Wanted::default()
        );
    }

    #[test]
    fn days_are_taken_in_each_calendar_and_a_wrong_one_narrows_nothing() {
        let between = |from: &str, to: &str| read(&[("from", from), ("to", to)]).unwrap().between();
        let (one, _) = between("1401/6/30", "1401/6/30");
        let (other, _) = between("2022-09-21", "2022-09-21");
        assert_eq!(one, other);
        let (none, faults) = between("yesterday", "");
        assert_eq!(none, None);
        assert!(faults[0].is_some() && faults[1].is_none());
    }
}
