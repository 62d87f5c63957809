//! What holds for every situation, however it came about.

use std::collections::{BTreeMap, BTreeSet};

use desk::consent::{
    Asked, Class, DecidedRisk, Decision, Grant, Level, Purpose, QUESTIONS, RecipientName, Replies,
    Reply, Situation, compile, decide, most, summary,
};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use proptest::strategy::ValueTree;

const TODAY: i32 = 20_780;
const PURPOSES: [&str; 4] = ["un_body", "media", "named_publication", "internal"];
const CLASSES: [&str; 4] = ["un", "journalist", "public", "other_circle"];
const LEVELS: [&str; 3] = ["aggregate", "pseudonymous", "full"];
const NAMES: [&str; 2] = ["Mission X", "The Evening Paper"];

type Fields = Vec<(String, String)>;

/// What bears on one thing, as it stands in entities.
#[derive(Clone, Debug)]
struct World {
    thing: Fields,
    consents: Vec<Fields>,
    risks: Vec<(Fields, String, String)>,
}

#[derive(Clone, Debug)]
struct Wish {
    purpose: Purpose,
    class: Class,
    name: Option<RecipientName>,
    level: Level,
}

fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    let pairs = fields.iter();
    pairs
        .map(|(field, value)| (field.as_str(), value.as_str()))
        .collect()
}

impl World {
    fn situation(&self) -> Situation {
        let thing = borrowed(&self.thing);
        let consents: Vec<_> = self.consents.iter().map(borrowed).collect();
        let consents: Vec<_> = consents.iter().map(Vec::as_slice).collect();
        let risks: Vec<_> = self
            .risks
            .iter()
            .map(|(fields, ..)| borrowed(fields))
            .collect();
        let decided = self.risks.iter().zip(&risks).enumerate();
        let decided: Vec<_> = decided
            .map(|(at, ((_, first_by, second_by), values))| DecidedRisk {
                id: ["R0", "R1"][at],
                values,
                first_by,
                second_by,
            })
            .collect();
        Situation::from_values(&[("a", &thing)], &consents, &decided)
    }

    fn decide(&self, wish: &Wish) -> Decision {
        decide(&wish.asked(), &self.situation())
    }
}

impl Wish {
    fn asked(&self) -> Asked<'_> {
        Asked {
            purpose: self.purpose,
            class: self.class,
            name: self.name.as_ref(),
            level: self.level,
            day: TODAY,
        }
    }
}

/// One value of a field, or none.
fn maybe(field: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Fields> {
    let one = select(values).prop_map(move |value| {
        let none = value.is_empty();
        let pair = (field.to_owned(), value.to_owned());
        if none { Vec::new() } else { vec![pair] }
    });
    one.boxed()
}

fn several(field: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Fields> {
    let some = subsequence(values.to_vec(), 0..=values.len());
    some.prop_map(move |some| {
        let pairs = some.into_iter();
        pairs
            .map(|value| (field.to_owned(), value.to_owned()))
            .collect()
    })
}

fn audience() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just("any".to_owned()),
        3 => select(&CLASSES[..]).prop_map(str::to_owned),
        2 => select(&NAMES[..]).prop_map(|name| format!("named:{name}")),
    ]
}

fn row(verdict: &'static str) -> impl Strategy<Value = String> {
    (select(&PURPOSES[..]), audience(), select(&LEVELS[..]))
        .prop_map(move |(purpose, to, level)| format!("{verdict};{purpose};{to};{level}"))
}

fn rows() -> impl Strategy<Value = Fields> {
    let one = prop_oneof![8 => row("allow"), 1 => row("refuse")];
    proptest::collection::vec(one, 0..14).prop_map(|rows| {
        rows.into_iter()
            .map(|row| ("grant".to_owned(), row))
            .collect()
    })
}

fn consent() -> impl Strategy<Value = Fields> {
    (
        maybe("source", &["s", "s", "s", "t", ""]),
        maybe("person", &["p", "", ""]),
        maybe(
            "given",
            &["2026-01-02", "2026-01-02", "2026-05", "2027", ""],
        ),
        maybe("review", &["", "", "2027", "2025"]),
        maybe(
            "capacity",
            &["adult", "adult", "adult", "child", "supported"],
        ),
        maybe("guardian_agrees", &["yes", "no", ""]),
        maybe("withdrawn", &["", "", "", "", "2026-03-01"]),
        maybe("mask", &["", "", "", "voice"]),
        rows(),
    )
        .prop_map(
            |(source, person, given, review, capacity, guardian, withdrawn, mask, rows)| {
                let fixed = vec![("covers".to_owned(), "a".to_owned())];
                [
                    fixed, source, person, given, review, capacity, guardian, withdrawn, mask, rows,
                ]
                .concat()
            },
        )
}

fn risk() -> impl Strategy<Value = (Fields, String, String)> {
    let members = || select(&["m1", "m2", "m3"][..]).prop_map(str::to_owned);
    (
        several("purpose", &PURPOSES),
        several("recipient", &CLASSES),
        several("recipient_name", &["Mission X"]),
        maybe("level", &["full", "full", "pseudonymous"]),
        maybe("first_answer", &["yes", "yes", "yes", "no"]),
        maybe("second_answer", &["yes", "yes", "yes", ""]),
        (members(), members()),
    )
        .prop_map(
            |(purposes, classes, names, level, first, second, (one, two))| {
                let about = vec![("about".to_owned(), "a".to_owned())];
                let fields = [about, purposes, classes, names, level, first, second].concat();
                (fields, one, two)
            },
        )
}

fn world() -> impl Strategy<Value = World> {
    let thing = (
        maybe(
            "basis",
            &[
                "consent",
                "consent",
                "legacy_unknown",
                "public_unreachable",
                "compelled",
                "",
            ],
        ),
        maybe("identifies", &["no", "no", "no", "yes", "unknown"]),
        maybe("strangers", &["no", "no", "no", "no", "yes"]),
        maybe("source", &["s", "s", ""]),
        maybe("shown", &["", "", "p"]),
        maybe("masked", &["", "", "p"]),
        maybe("removed", &["", "voice"]),
    )
        .prop_map(
            |(basis, identifies, strangers, source, shown, masked, removed)| {
                [basis, identifies, strangers, source, shown, masked, removed].concat()
            },
        );
    let consents = proptest::collection::vec(consent(), 0..3);
    let risks = proptest::collection::vec(risk(), 0..3);
    (thing, consents, risks).prop_map(|(thing, mut consents, risks)| {
        for (at, consent) in consents.iter_mut().enumerate() {
            consent.push(("code".to_owned(), format!("C{at}")));
        }
        World {
            thing,
            consents,
            risks,
        }
    })
}

fn wish() -> impl Strategy<Value = Wish> {
    let name = proptest::option::of(select(&NAMES[..]));
    (
        select(&PURPOSES[..]),
        select(&CLASSES[..]),
        name,
        select(&LEVELS[..]),
    )
        .prop_map(|(purpose, class, name, level)| Wish {
            purpose: Purpose::find(purpose).expect("a purpose"),
            class: Class::find(class).expect("a class"),
            name: name.and_then(RecipientName::new),
            level: Level::find(level).expect("a level"),
        })
}

/// Read from the text of a row alone, without the code that is tested.
fn says(row: &str, verdict: &str, wish: &Wish) -> bool {
    let parts: Vec<&str> = row.split(';').collect();
    let place = |level: &str| LEVELS.iter().position(|one| *one == level);
    let named = |name: &RecipientName| format!("named:{}", name.as_str());
    parts[0] == verdict
        && parts[1] == wish.purpose.code()
        && (parts[2] == "any"
            || parts[2] == wish.class.code()
            || wish.name.as_ref().map(named).as_deref() == Some(parts[2]))
        && match verdict {
            "allow" => place(parts[3]) >= place(wish.level.code()),
            _ => place(parts[3]) <= place(wish.level.code()),
        }
}

fn values<'a>(fields: &'a Fields, of: &str) -> Vec<&'a str> {
    let found = fields.iter().filter(|(field, _)| field == of);
    found.map(|(_, value)| value.as_str()).collect()
}

/// Worlds in which something is allowed are rare by chance alone: here every consent is in order and gives what is wanted.
fn generous(world: &World, wish: &Wish) -> World {
    let mut world = world.clone();
    for consent in &mut world.consents {
        consent.retain(|(field, value)| {
            let drawn = ["source", "given", "capacity", "withdrawn"].contains(&field.as_str());
            !drawn && !value.starts_with("refuse")
        });
        let row = format!("allow;{};{};full", wish.purpose.code(), wish.class.code());
        for (field, value) in [
            ("source", "s"),
            ("given", "2026-01-02"),
            ("capacity", "adult"),
            ("grant", &row),
        ] {
            consent.push((field.to_owned(), value.to_owned()));
        }
    }
    world
}

fn either() -> impl Strategy<Value = (World, Wish)> {
    (world(), wish(), any::<bool>()).prop_map(|(world, wish, give)| {
        let world = if give { generous(&world, &wish) } else { world };
        (world, wish)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn nothing_is_allowed_without_a_row_that_allows_it((world, wish) in either()) {
        if let Decision::Allowed { level, consents, risks } = world.decide(&wish) {
            prop_assert_eq!(level, wish.level);
            prop_assert!(!consents.is_empty() || !risks.is_empty());
            for code in &consents {
                let consent = world.consents.iter().find(|one| values(one, "code") == [code]);
                let grants = values(consent.expect("a consent of ours"), "grant");
                prop_assert!(grants.iter().any(|row| says(row, "allow", &wish)));
            }
            for id in &risks {
                let (fields, one, two) = &world.risks[usize::from(id == "R1")];
                prop_assert_ne!(one, two);
                prop_assert_eq!(values(fields, "first_answer"), ["yes"]);
                prop_assert_eq!(values(fields, "second_answer"), ["yes"]);
                prop_assert!(values(fields, "purpose").contains(&wish.purpose.code()));
                prop_assert!(values(fields, "recipient").contains(&wish.class.code()));
            }
            prop_assert_eq!(values(&world.thing, "basis").len(), 1);
        }
    }

    #[test]
    fn withdrawing_stops_the_next_decision((world, wish) in either(), which in any::<Index>()) {
        if let Decision::Allowed { consents, .. } = world.decide(&wish)
            && !consents.is_empty()
        {
            let code = which.get(&consents.iter().collect::<Vec<_>>()).to_string();
            let mut later = world.clone();
            for consent in &mut later.consents {
                if values(consent, "code") == [code.as_str()] {
                    consent.retain(|(field, _)| field != "withdrawn");
                    consent.push(("withdrawn".to_owned(), "2026-11-23".to_owned()));
                }
            }
            prop_assert!(!later.decide(&wish).is_allowed());
        }
    }

    #[test]
    fn a_refusal_more_never_allows_more(
        (world, wish) in either(), added in row("refuse"), which in any::<Index>(),
    ) {
        let mut later = world.clone();
        if !later.consents.is_empty() {
            let at = which.index(later.consents.len());
            later.consents[at].push(("grant".to_owned(), added.clone()));
            let (before, after) = (world.decide(&wish), later.decide(&wish));
            prop_assert!(before.is_allowed() || !after.is_allowed());
            let people = values(&later.consents[at], "person");
            let of_source = !values(&later.consents[at], "source").is_empty();
            let heard = of_source || people.is_empty() || people != values(&world.thing, "masked");
            if heard && says(&added, "refuse", &wish) {
                prop_assert!(!after.is_allowed());
            }
        }
    }

    #[test]
    fn a_permission_less_never_allows_more((world, wish) in either(), which in any::<Index>()) {
        let mut places = Vec::new();
        for (at, consent) in world.consents.iter().enumerate() {
            for (place, (field, value)) in consent.iter().enumerate() {
                if field == "grant" && value.starts_with("allow") {
                    places.push((at, place));
                }
            }
        }
        if !places.is_empty() {
            let (at, place) = *which.get(&places);
            let mut later = world.clone();
            later.consents[at].remove(place);
            prop_assert!(world.decide(&wish).is_allowed() || !later.decide(&wish).is_allowed());
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter((world, wish) in either(), turn in 0_usize..20) {
        let mut later = world.clone();
        for consent in &mut later.consents {
            let places = consent.len();
            consent.rotate_left(turn % places);
            consent.reverse();
        }
        later.consents.reverse();
        prop_assert_eq!(world.decide(&wish), later.decide(&wish));
    }

    #[test]
    fn less_detail_is_never_refused_where_more_is_allowed((world, wish) in either()) {
        if values(&world.thing, "identifies") == ["no"] && world.decide(&wish).is_allowed() {
            for level in Level::EVERY.into_iter().filter(|level| *level < wish.level) {
                let less = Wish { level, ..wish.clone() };
                prop_assert!(world.decide(&less).is_allowed());
            }
        }
    }

    #[test]
    fn the_most_is_the_most((world, wish) in either()) {
        let most = most(&wish.asked(), &world.situation());
        for level in Level::EVERY {
            let allowed = world.decide(&Wish { level, ..wish.clone() }).is_allowed();
            prop_assert!(!allowed || most.is_some_and(|most| level <= most));
            prop_assert!(most != Some(level) || allowed);
        }
    }

    #[test]
    fn who_a_source_is_never_reaches_another_circle((world, wish) in either()) {
        if values(&world.thing, "identifies") != ["no"] && wish.class.is_circle_of_the_office() {
            prop_assert!(!world.decide(&wish).is_allowed());
        }
    }

    #[test]
    fn a_row_has_one_form(text in prop_oneof![row("allow"), row("refuse")]) {
        let read: Grant = text.parse().expect("a row");
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn a_text_is_a_row_or_an_error(text in "(allow|refuse)?[;a-z_: ]{0,40}|.{0,60}") {
        if let Ok(read) = text.parse::<Grant>() {
            prop_assert_eq!(read.to_string().parse(), Ok(read));
        }
    }

    #[test]
    fn answers_become_rows_and_rows_answers(replies in replies()) {
        let rows = compile(&replies);
        let (read, beyond) = summary(&rows);
        prop_assert_eq!(&read, &replies);
        prop_assert_eq!(beyond, []);
    }

    #[test]
    fn nothing_is_lost_when_rows_are_read_back(texts in rows()) {
        let rows: Vec<Grant> = texts.iter().map(|(_, row)| row.parse().expect("a row")).collect();
        let (replies, beyond) = summary(&rows);
        let said: BTreeSet<Grant> = compile(&replies).into_iter().chain(beyond).collect();
        prop_assert_eq!(said, rows.into_iter().collect::<BTreeSet<_>>());
    }
}

fn replies() -> impl Strategy<Value = Replies> {
    let names = |most: usize| {
        let some = subsequence(NAMES.to_vec(), 0..=most);
        some.prop_map(|some| some.into_iter().filter_map(RecipientName::new).collect())
    };
    let reply = prop_oneof![
        Just(None),
        Just(Some(Reply::No)),
        (select(&Level::EVERY[..]), names(2))
            .prop_map(|(level, only)| Some(Reply::Yes { level, only })),
    ];
    let each = proptest::collection::vec(reply, QUESTIONS.len());
    (each, names(2)).prop_map(|(each, never)| {
        let asked = QUESTIONS.iter().zip(each);
        let each: BTreeMap<_, _> = asked
            .filter_map(|(question, reply)| Some((question.name, reply?)))
            .collect();
        Replies { each, never }
    })
}

#[test]
fn the_situations_of_these_tests_are_not_all_refused() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let allowed = (0..2_000).filter(|_| {
        let tree = either().new_tree(&mut runner).expect("a world");
        let (world, wish) = tree.current();
        world.decide(&wish).is_allowed()
    });
    assert!(allowed.count() > 150);
}
