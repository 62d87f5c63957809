//! More than a hundred attempts to get something out against consent (`attempts.txt`), each refused for the reason that
//! stands beside it.

use std::collections::BTreeMap;

use desk::consent::{
    Asked, Class, DecidedRisk, Decision, Level, Purpose, RecipientName, Situation, decide,
};

const TABLE: &str = include_str!("attempts.txt");
/// 2026-11-23.
const TODAY: i32 = 20_780;

type Fields = Vec<(String, String)>;

/// A small world: entities by their letter. The first two stand in it from the beginning.
struct World(BTreeMap<char, Fields>);

fn fields(of: char) -> Fields {
    let text = match of {
        'a' => "basis=consent identifies=no strangers=no source=s",
        'c' => "code=C source=s covers=a given=2026-01-02 review=2027-12-31 capacity=adult",
        'd' => "basis=consent identifies=no strangers=no",
        'e' => "code=E person=p covers=a given=2026-01-02 capacity=adult",
        'f' => "code=F source=s covers=a given=2026-01-02 capacity=adult",
        'r' => {
            "about=a purpose=un_body recipient=un level=full first_answer=yes second_answer=yes first_by=m1 second_by=m2"
        }
        other => panic!("no entity {other}"),
    };
    let pairs = text.split(' ').filter_map(|pair| pair.split_once('='));
    let mut fields: Fields = pairs
        .map(|(field, value)| (field.to_owned(), value.to_owned()))
        .collect();
    if matches!(of, 'c' | 'e' | 'f') {
        for row in [
            "allow;un_body;un;pseudonymous",
            "allow;statistics;any;aggregate",
            "allow;national_court;named:German prosecutor;full",
            "allow;case_building;other_circle;full",
            "refuse;media;any;aggregate",
        ] {
            fields.push(("grant".to_owned(), row.to_owned()));
        }
    }
    fields
}

impl World {
    fn changed(changes: &str) -> World {
        let mut world = World(['a', 'c'].map(|one| (one, fields(one))).into());
        for change in changes
            .split(" & ")
            .map(str::trim)
            .filter(|one| !one.is_empty())
        {
            let (entity, change) = change.split_once('.').expect("entity.field");
            let entity = entity.chars().next().expect("a letter");
            let values = world.0.entry(entity).or_insert_with(|| fields(entity));
            if let Some(field) = change.strip_suffix('-') {
                values.retain(|(name, _)| name != field);
            } else if let Some((field, value)) = change.split_once("+=") {
                values.push((field.to_owned(), value.to_owned()));
            } else if let Some((field, value)) = change.split_once('=') {
                values.retain(|(name, _)| name != field);
                values.push((field.to_owned(), value.to_owned()));
            } else {
                panic!("no change: {change}");
            }
        }
        world
    }

    fn values(&self, of: char) -> Vec<(&str, &str)> {
        let fields = self.0.get(&of).into_iter().flatten();
        fields
            .map(|(field, value)| (field.as_str(), value.as_str()))
            .collect()
    }

    fn situation(&self) -> Situation {
        let (thing, derived) = (self.values('a'), self.values('d'));
        let mut chain = vec![("a", thing.as_slice())];
        if !derived.is_empty() {
            chain.insert(0, ("d", derived.as_slice()));
        }
        let consents = ['c', 'e', 'f'].map(|one| self.values(one));
        let present = consents.iter().filter(|values| !values.is_empty());
        let consents: Vec<_> = present.map(Vec::as_slice).collect();
        let risk = self.values('r');
        let by = |field| risk.iter().find(|(name, _)| *name == field);
        let decided = DecidedRisk {
            id: "R",
            values: &risk,
            first_by: by("first_by").map_or("", |(_, member)| member),
            second_by: by("second_by").map_or("", |(_, member)| member),
        };
        Situation::from_values(&chain, &consents, &[decided])
    }
}

#[test]
fn each_attempt_is_refused_for_its_reason() {
    let mut refused = 0;
    let lines = TABLE.lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [what, changes, asked, expected] = cells.as_slice() else {
            panic!("four cells: {line}");
        };
        let words: Vec<&str> = asked.splitn(4, ' ').collect();
        let name = words
            .get(3)
            .map(|name| RecipientName::new(name).expect("a name"));
        let asked = Asked {
            purpose: Purpose::find(words[0]).expect(what),
            class: Class::find(words[1]).expect(what),
            level: Level::find(words[2]).expect(what),
            name: name.as_ref(),
            day: TODAY,
        };
        let decision = decide(&asked, &World::changed(changes).situation());
        match decision {
            Decision::Allowed { .. } => assert_eq!(*expected, "Allowed", "{what}"),
            Decision::Refused(reasons) => {
                let named = reasons.iter().map(|reason| format!("{reason:?}"));
                let named: Vec<String> = named
                    .map(|text| {
                        text.split(['(', ' ', '{'])
                            .next()
                            .unwrap_or_default()
                            .to_owned()
                    })
                    .collect();
                assert!(
                    named.iter().any(|name| name == expected),
                    "{what}: {reasons:?}"
                );
                refused += 1;
            }
        }
    }
    assert!(refused >= 100, "{refused} attempts");
}
