//! Entities as the members of a circle see them: what was stated, by whom, and what of it stands.

use std::collections::BTreeMap;

use desk::ids::EntityId;
use desk::statement::{EntityEntry, Review, ReviewOutcome, Statement};
use desk::{Arrival, Context, EntityQuery, EntitySort, Filter, View};
use proptest::prelude::*;
use record::entry::{Entry, Kind};
use record::hash::Hash;
use record::ids::{CircleId, EntryId, MemberId, Origin};

const LAYLA: u8 = 1;
const KAVEH: u8 = 2;

/// A circle's ledger in memory; `None` is a tombstone.
struct Desk {
    entries: Vec<Option<Entry>>,
    view: View,
}

fn id(number: u8) -> EntityId {
    EntityId::from_bytes([number; 16])
}

fn statement(entity: u8, seen: Option<u64>, set: &[(&str, &[&str])]) -> Statement {
    let values = |values: &[&str]| values.iter().map(|one| (*one).to_owned()).collect();
    Statement {
        entity: id(entity),
        type_name: "person".to_owned(),
        seen,
        version: 1,
        set: set
            .iter()
            .map(|(field, list)| ((*field).to_owned(), values(list)))
            .collect::<BTreeMap<_, _>>(),
        reason: String::new(),
        origin: String::new(),
    }
}

fn arrivals(entries: &[Option<Entry>]) -> impl Iterator<Item = (u64, Arrival<'_>)> {
    (0_u64..).zip(entries).map(|(seq, entry)| {
        let commitment = Hash::from_bytes([seq as u8; 32]);
        let arrival = match entry {
            Some(entry) => Arrival::Entry(entry, Context { commitment }),
            None => Arrival::Erased,
        };
        (seq, arrival)
    })
}

impl Desk {
    fn new() -> Desk {
        Desk {
            entries: Vec::new(),
            view: View::in_memory().expect("the fixture works"),
        }
    }

    fn enter(&mut self, by: u8, said: &EntityEntry) -> u64 {
        let seq = self.entries.len() as u64;
        let mut entry_id = [0; 16];
        entry_id[..8].copy_from_slice(&seq.to_be_bytes());
        self.entries.push(Some(Entry {
            id: EntryId::from_bytes(entry_id),
            office: Origin::new("example.org/office").expect("the fixture works"),
            circle: CircleId::from_bytes([9; 16]),
            at: "2026-11-23T10:00:00Z".parse().expect("the fixture works"),
            by: MemberId::from_bytes([by; 16]),
            kind: Kind::new(said.kind()).expect("the fixture works"),
            body: said.body().expect("the fixture works"),
            after: None,
        }));
        if let EntityEntry::Erased { entity, .. } = said {
            for gone in self
                .view
                .entries_of_entity(*entity)
                .expect("the fixture works")
            {
                self.entries[gone as usize] = None;
            }
        }
        let new = &self.entries[seq as usize..];
        let arrival = arrivals(&self.entries).nth(seq as usize);
        assert_eq!(new.len(), 1);
        self.view.apply_all(arrival).expect("the fixture works");
        seq
    }

    fn state(&mut self, by: u8, statement: Statement) -> u64 {
        self.enter(by, &EntityEntry::Stated(statement))
    }

    fn person(&mut self, number: u8, name: &str) -> u64 {
        self.state(LAYLA, statement(number, None, &[("name", &[name])]))
    }

    fn values(&self, entity: u8, field: &str) -> Vec<String> {
        let entity = self
            .view
            .entity(id(entity))
            .expect("the fixture works")
            .expect("the fixture works");
        entity.values(field).map(str::to_owned).collect()
    }

    fn found(&self, query: &EntityQuery) -> Vec<EntityId> {
        let page = self.view.entities(query).expect("the fixture works");
        page.entities.iter().map(|line| line.entity).collect()
    }

    fn search(&self, text: &str) -> Vec<EntityId> {
        self.found(&EntityQuery {
            text: text.to_owned(),
            sort: EntitySort::Oldest,
            ..EntityQuery::default()
        })
    }
}

#[test]
fn a_name_is_found_in_every_spelling_and_script() {
    let mut desk = Desk::new();
    desk.person(1, "محمد علی‌پور");
    desk.person(2, "محمدعلي پور");
    desk.person(3, "Mohammad Alipour");
    desk.person(4, "شیرین کریمی");
    for text in ["محمد علی‌پور", "محمدعلي پور", "Mohammad Alipour"] {
        assert_eq!(desk.search(text), [id(1), id(2), id(3)], "{text}");
    }
    assert_eq!(desk.search("کريمي"), [id(4)]);
    assert_eq!(desk.search("\" * ' ("), []);
}

#[test]
fn who_had_seen_it_replaces_it_and_who_had_not_stands_beside_it() {
    let mut desk = Desk::new();
    let first = desk.person(1, "Ali");
    let born = |seen, year: &str| statement(1, Some(seen), &[("born", &[year])]);
    let second = desk.state(LAYLA, born(first, "sh:1360"));
    desk.state(KAVEH, born(first, "sh:1361"));
    assert_eq!(desk.values(1, "born"), ["sh:1360", "sh:1361"]);
    assert!(
        desk.view
            .entity(id(1))
            .unwrap()
            .unwrap()
            .is_contested("born")
    );
    let settled = desk.state(KAVEH, born(second + 1, "sh:1360~"));
    assert_eq!(desk.values(1, "born"), ["sh:1360~"]);
    assert_eq!(
        desk.values(1, "name"),
        ["Ali"],
        "what was not stated again stays"
    );
    desk.state(LAYLA, statement(1, Some(settled), &[("born", &[])]));
    assert!(desk.values(1, "born").is_empty());
    let history = desk.view.history(id(1)).unwrap();
    assert_eq!(history.len(), 5, "nothing is overwritten");
    assert_eq!(history[4].set, [("born".to_owned(), Vec::new())]);
}

#[test]
fn the_same_words_twice_contradict_nothing() {
    let mut desk = Desk::new();
    let first = desk.person(1, "Ali");
    desk.state(LAYLA, statement(1, Some(first), &[("born", &["1981"])]));
    desk.state(KAVEH, statement(1, Some(first), &[("born", &["1981"])]));
    assert_eq!(desk.values(1, "born"), ["1981"]);
}

#[test]
fn dates_are_found_as_ranges_in_every_calendar() {
    let mut desk = Desk::new();
    for (number, born) in [
        (1, "sh:1401-06"),
        (2, "2022-09-21"),
        (3, "hj:1444-02"),
        (4, "2021"),
    ] {
        desk.state(
            LAYLA,
            statement(number, None, &[("name", &["x"]), ("born", &[born])]),
        );
    }
    let between = |first, last| EntityQuery {
        filters: vec![Filter::Between {
            field: Some("born".to_owned()),
            first,
            last,
        }],
        sort: EntitySort::Oldest,
        ..EntityQuery::default()
    };
    // 2022-09-21 is day 19,256
    assert_eq!(desk.found(&between(19_256, 19_256)), [id(1), id(2), id(3)]);
    assert_eq!(desk.found(&between(18_700, 18_800)), [id(4)]);
}

#[test]
fn review_is_by_somebody_else_and_of_what_they_saw() {
    let mut desk = Desk::new();
    let first = desk.person(1, "Ali");
    let review = |seen, outcome| {
        EntityEntry::Reviewed(Review {
            entity: id(1),
            seen,
            outcome,
            comment: "read".to_owned(),
        })
    };
    let state = |desk: &Desk| desk.view.entity(id(1)).unwrap().unwrap().line.state;
    desk.enter(LAYLA, &review(first, ReviewOutcome::Submitted));
    assert_eq!(state(&desk), "submitted");
    desk.enter(LAYLA, &review(first, ReviewOutcome::Reviewed));
    assert_eq!(state(&desk), "submitted", "nobody reviews their own words");
    assert_eq!(
        desk.view.reviews(id(1)).unwrap().len(),
        2,
        "but the attempt is shown"
    );
    desk.enter(KAVEH, &review(first, ReviewOutcome::Reviewed));
    assert_eq!(state(&desk), "reviewed");
    let second = desk.state(LAYLA, statement(1, Some(first), &[("born", &["1981"])]));
    assert_eq!(state(&desk), "draft");
    desk.enter(KAVEH, &review(first, ReviewOutcome::Reviewed));
    assert_eq!(state(&desk), "draft", "the new words were not seen");
    desk.enter(KAVEH, &review(second, ReviewOutcome::Returned));
    assert_eq!(state(&desk), "returned");
}

#[test]
fn pages_of_a_list_leave_nothing_out() {
    let mut desk = Desk::new();
    for number in 1..=25 {
        desk.person(number, &format!("name {number:02}"));
    }
    for sort in [EntitySort::Newest, EntitySort::Oldest, EntitySort::Title] {
        let mut query = EntityQuery {
            sort,
            limit: 7,
            ..EntityQuery::default()
        };
        let mut seen = Vec::new();
        loop {
            let page = desk.view.entities(&query).unwrap();
            assert_eq!(page.total, 25);
            seen.extend(page.entities.iter().map(|line| line.entity));
            query.after = page.next;
            if query.after.is_none() {
                break;
            }
        }
        let all: Vec<_> = (1..=25).map(id).collect();
        let mut sorted = seen.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, all, "{sort}");
        assert_eq!(
            seen.first(),
            Some(&if sort == EntitySort::Newest {
                id(25)
            } else {
                id(1)
            })
        );
    }
}

#[test]
fn what_is_found_is_counted_by_type_and_value() {
    let mut desk = Desk::new();
    for (number, sex) in [(1, "female"), (2, "female"), (3, "male")] {
        desk.state(
            LAYLA,
            statement(number, None, &[("name", &["Ava"]), ("sex", &[sex])]),
        );
    }
    let query = EntityQuery {
        text: "ava".to_owned(),
        ..EntityQuery::default()
    };
    let facets = desk.view.facet(&query, "sex").unwrap();
    let facets: Vec<_> = facets
        .iter()
        .map(|one| (one.value.as_str(), one.count))
        .collect();
    assert_eq!(facets, [("female", 2), ("male", 1)]);
    assert_eq!(desk.view.types_found(&query).unwrap()[0].count, 3);
    assert!(desk.view.facet(&query, "x' OR 1").unwrap().is_empty());
    let missing = EntityQuery {
        filters: vec![Filter::Missing {
            field: "born".to_owned(),
        }],
        ..EntityQuery::default()
    };
    assert_eq!(desk.view.entities(&missing).unwrap().total, 3);
}

#[test]
fn what_is_erased_leaves_no_word() {
    let mut desk = Desk::new();
    desk.person(1, "Unforgettable");
    let erased = EntityEntry::Erased {
        entity: id(1),
        reason: "asked for".to_owned(),
    };
    desk.enter(LAYLA, &erased);
    assert_eq!(desk.view.entity(id(1)).unwrap(), None);
    assert!(desk.search("unforgettable").is_empty());
    assert!(
        !desk
            .view
            .dump()
            .unwrap()
            .to_lowercase()
            .contains("unforgettable")
    );
    desk.person(1, "again");
    assert_eq!(
        desk.view.entity(id(1)).unwrap(),
        None,
        "an id is never used again"
    );
}

#[test]
fn words_and_conditions_hold_together() {
    let mut desk = Desk::new();
    for (number, sex, born) in [
        (1, "female", "1980"),
        (2, "female", "1990"),
        (3, "male", "1980"),
    ] {
        let set: [(&str, &[&str]); 3] = [("name", &["Ava"]), ("sex", &[sex]), ("born", &[born])];
        desk.state(LAYLA, statement(number, None, &set));
    }
    let sex = Filter::Value {
        field: "sex".to_owned(),
        value: "female".to_owned(),
    };
    let born = Filter::Between {
        field: Some("born".to_owned()),
        first: 3_652,
        last: 4_017,
    };
    let query = EntityQuery {
        type_name: Some("person".to_owned()),
        text: "ava".to_owned(),
        filters: vec![sex, born],
        ..EntityQuery::default()
    };
    assert_eq!(desk.found(&query), [id(1)]);
    assert_eq!(desk.view.facet(&query, "sex").unwrap()[0].count, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deleted_and_rebuilt_identically(steps in proptest::collection::vec((0u8..6, 1u8..4, 1u8..3), 1..40)) {
        let mut desk = Desk::new();
        for (action, entity, by) in steps {
            let seen = (desk.entries.len() as u64).checked_sub(u64::from(by));
            let said = match action {
                0 => EntityEntry::Erased { entity: id(entity), reason: String::new() },
                1 => EntityEntry::Reviewed(Review { entity: id(entity), seen: seen.unwrap_or(0), outcome: ReviewOutcome::Reviewed, comment: String::new() }),
                2 => EntityEntry::Stated(statement(entity, seen, &[("born", &["1981-02"])])),
                3 => EntityEntry::Stated(statement(entity, seen, &[("born", &[]), ("name", &["a", "b"])])),
                4 => EntityEntry::Stated(statement(entity, None, &[("name", &["علی"])])),
                _ => EntityEntry::Stated(statement(entity, seen, &[("nothing", &["that is known"])])),
            };
            // An office enters no review of what is not there: the view would refuse it, and once erased could not say so.
            let known = desk.view.entity(id(entity)).unwrap().is_some();
            if action > 1 || known {
                desk.enter(by, &said);
            }
        }
        let mut rebuilt = View::in_memory().unwrap();
        rebuilt.apply_all(arrivals(&desk.entries)).unwrap();
        prop_assert_eq!(rebuilt.dump().unwrap(), desk.view.dump().unwrap());
    }
}
