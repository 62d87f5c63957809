//! What one invented person told, and what follows from it: the source, the account, its transcript without names, the consent,
//! the person, what was done, by whom, and where they were held.

use count::invention::{Invention, Scripts};

use super::book::{Book, Speaker, marked};
use super::country::Country;
use super::speech::Tongue;

/// Seed of the invented names.
const SEED: u64 = 1_405;
/// The life whose consent is withdrawn later.
pub const WITHDRAWN: u64 = 6;
/// The life whose consent is due to be asked for again.
pub const DUE: u64 = 5;

/// What matters need of a life.
#[derive(Default)]
pub struct Life {
    pub source: String,
    pub account: String,
    pub transcript: String,
    pub consent: String,
    pub person: String,
    pub event: String,
    pub act: String,
}

/// What was done, how, and to whom it usually happens.
const ACTS: [(&str, &str, &str); 4] = [
    ("arbitrary_detention", "sleep_deprivation", "protest"),
    ("killing_at_protest", "live_ammunition", "protest"),
    ("enforced_disappearance", "isolation", "family_tie"),
    ("torture", "suspension", "political_opinion"),
];

/// Puts the nth life into the book. The order is such that the book may end after any of its entities.
pub fn put(book: &mut Book<'_>, country: &Country, number: u64) -> Life {
    book.spoken_by(Speaker::Documenter);
    let tongue = Tongue::of(number);
    let mut life = Life {
        source: source(book, tongue, number),
        ..Life::default()
    };
    (life.account, life.transcript) = told(book, country, tongue, number, &life.source);
    life.consent = consent(book, tongue, number, &life);
    life.person = person(book, country, tongue, number, &life);
    life.event = event(book, country, tongue, number, &life);
    life.act = act(book, country, tongue, number, &life);
    detentions(book, country, tongue, number, &life);
    check_in(book, tongue, number, &life.source);
    life
}

fn source(book: &mut Book<'_>, tongue: Tongue, number: u64) -> String {
    let code = format!("S-{:04}", number + 1);
    let connection = ["happened_to_them", "saw", "relative", "saw"][(number % 4) as usize];
    let values = [
        ("code", code.as_str()),
        ("kind", "person"),
        ("connection", connection),
        ("language", tongue.code()),
        ("first_contact", "2025-02"),
        ("sensitivity", "dangerous"),
    ];
    book.put(tongue, "source", &values)
}

/// The account, which can tell who the source is, and a transcript of it that cannot.
fn told(
    book: &mut Book<'_>,
    country: &Country,
    tongue: Tongue,
    number: u64,
    source: &str,
) -> (String, String) {
    let (words, at) = (tongue.words(), (number / 4 % 4) as usize);
    let place = country.place("city", number);
    let name = place.name(tongue);
    let title = marked(tongue, &words.account[at].replace("{place}", name));
    let narrative = words.narrative[at].replace("{place}", name);
    let date = date(tongue, 2025, number, 2);
    let account = book.put(
        tongue,
        "account",
        &[
            ("title", title.as_str()),
            ("source", source),
            ("identifies", "yes"),
            ("basis", "consent"),
            ("sensitivity", "dangerous"),
            ("date", date.as_str()),
            (
                "channel",
                if number.is_multiple_of(3) {
                    "video_call"
                } else {
                    "in_person"
                },
            ),
            ("place", place.id.as_str()),
            ("language", tongue.code()),
            (
                "first_account",
                if number.is_multiple_of(5) {
                    "no"
                } else {
                    "yes"
                },
            ),
            ("form", "both"),
            ("narrative", narrative.as_str()),
            ("read_back", "yes"),
            ("assent", "voice"),
            ("strangers", "no"),
        ],
    );
    let title = marked(tongue, &format!("{} {:04}", words.transcript, number + 1));
    let transcript = book.put(
        tongue,
        "derivative",
        &[
            ("title", title.as_str()),
            ("of", account.as_str()),
            ("kind", "transcript"),
            ("identifies", "no"),
            ("basis", "consent"),
            ("level", "pseudonymous"),
            ("language", tongue.code()),
            ("text", words.told[at]),
            ("removed", "name"),
            ("removed", "place"),
            ("removed", "kin"),
            ("strangers", "no"),
        ],
    );
    (account, transcript)
}

/// What sources allowed, in turn: much, under codes only, nothing outside, a refusal, and one that names who is excluded.
fn grants(number: u64) -> &'static [&'static str] {
    match number % 5 {
        0 => &[
            "allow;case_building;any;full",
            "allow;un_body;un;pseudonymous",
            "refuse;media;any;aggregate",
        ],
        1 => &["allow;case_building;any;pseudonymous"],
        2 => &["allow;internal;own_office;full"],
        3 => &[
            "allow;case_building;any;full",
            "allow;un_body;any;full",
            "allow;statistics;any;aggregate",
        ],
        _ => &[
            "allow;case_building;any;full",
            "refuse;any;named:The Lomak Mirror;aggregate",
        ],
    }
}

fn consent(book: &mut Book<'_>, tongue: Tongue, number: u64, life: &Life) -> String {
    let code = format!("C-{:04}", number + 1);
    let given = date(Tongue::English, 2025, number, 3);
    let mut values = vec![
        ("code", code.as_str()),
        ("identifies", "yes"),
        ("source", life.source.as_str()),
        ("covers", life.account.as_str()),
        ("covers", life.transcript.as_str()),
        ("given", given.as_str()),
        ("language", tongue.code()),
        ("explained_by", "Yusuf"),
        ("explained", "uses"),
        ("explained", "withdrawal"),
        ("explained", "withdrawal_limits"),
        ("capacity", "adult"),
        ("form", "voice"),
        ("review", if number == DUE { "2025-12-01" } else { "2095" }),
    ];
    values.extend(grants(number).iter().map(|row| ("grant", *row)));
    book.put(tongue, "consent", &values)
}

/// A person as lists have them: one spelling as the name, the others beside it.
fn person(
    book: &mut Book<'_>,
    country: &Country,
    tongue: Tongue,
    number: u64,
    life: &Life,
) -> String {
    let invention = Invention {
        seed: SEED,
        persons: u64::MAX,
        repeated_of_thousand: 1_000,
        scripts: Scripts::All,
    };
    let records = invention.records_of(number);
    let mut names: Vec<String> = Vec::new();
    for record in &records {
        let name = format!("{} {}", record.given, record.family);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let father = records.iter().map(|one| one.father.as_str());
    let father = father.into_iter().find(|one| !one.is_empty()).unwrap_or("");
    let born = format!("{}~", 1955 + number * 7 % 50);
    let mut values = vec![
        ("patronymic", father),
        (
            "role",
            if number % 4 == 2 {
                "relative"
            } else {
                "victim"
            },
        ),
        ("born", born.as_str()),
        ("birth_place", country.place("city", number).id.as_str()),
        (
            "occupation",
            tongue.words().occupation[(number / 3 % 4) as usize],
        ),
        (
            "whereabouts",
            ["free", "detained", "disappeared", "exile"][(number / 4 % 4) as usize],
        ),
        ("rests_on", life.transcript.as_str()),
        ("certainty", "probable"),
    ];
    let names = names.iter().enumerate();
    values.extend(names.map(|(at, name)| (if at == 0 { "name" } else { "alias" }, name.as_str())));
    book.put(tongue, "person", &values)
}

fn event(
    book: &mut Book<'_>,
    country: &Country,
    tongue: Tongue,
    number: u64,
    life: &Life,
) -> String {
    let at = (number / 4 % 4) as usize;
    let place = country.place("city", number);
    let title = tongue.words().event[at].replace("{place}", place.name(tongue));
    let title = marked(tongue, &title);
    let date = date(tongue, 2022, number, 0);
    let (least, most) = ((number % 4).to_string(), (number % 4 + 3).to_string());
    let values = [
        ("title", title.as_str()),
        ("kind", ["arrests", "protest", "crackdown", "raid"][at]),
        ("date", date.as_str()),
        ("place", place.id.as_str()),
        ("killed_least", if at == 2 { least.as_str() } else { "" }),
        ("killed_most", if at == 2 { most.as_str() } else { "" }),
        ("held_least", "12"),
        ("rests_on", life.transcript.as_str()),
        ("certainty", "probable"),
    ];
    book.put(tongue, "event", &values)
}

fn act(book: &mut Book<'_>, country: &Country, tongue: Tongue, number: u64, life: &Life) -> String {
    let (violation, method, targeted) = ACTS[(number % 4) as usize];
    let unit = &country.units[(number % 6) as usize];
    let date = date(tongue, 2022, number, 1);
    let act = book.put(
        tongue,
        "act",
        &[
            ("violation", violation),
            ("event", life.event.as_str()),
            ("victim", life.person.as_str()),
            ("perpetrator", unit.as_str()),
            ("targeted_for", targeted),
            ("method", method),
            ("date", date.as_str()),
            ("place", country.place("city", number).id.as_str()),
            ("rests_on", life.transcript.as_str()),
            (
                "certainty",
                ["confirmed", "probable", "suspected"][(number % 3) as usize],
            ),
        ],
    );
    let commander = &country.commanders[(number % 6) as usize];
    book.put(
        tongue,
        "involvement",
        &[
            ("in", act.as_str()),
            ("who", commander.as_str()),
            ("role", "commander"),
            (
                "degree",
                if number.is_multiple_of(2) {
                    "gave_order"
                } else {
                    "did_not_punish"
                },
            ),
            ("rests_on", life.transcript.as_str()),
            ("certainty", "suspected"),
        ],
    );
    act
}

/// Held by those who arrested, then in a prison: two periods in their order.
fn detentions(book: &mut Book<'_>, country: &Country, tongue: Tongue, number: u64, life: &Life) {
    let periods = [
        ("police_custody", "police_station", 0, 1, "fate_unknown"),
        ("pre_trial", "prison", 1, 4, "bail"),
    ];
    for (order, (kind, facility, from, until, release)) in periods.into_iter().enumerate() {
        let (from, until) = (
            date(tongue, 2022, number, from),
            date(tongue, 2022, number, until),
        );
        let order = (order + 1).to_string();
        let values = [
            ("kind", kind),
            ("person", life.person.as_str()),
            ("order", order.as_str()),
            ("from", from.as_str()),
            ("until", until.as_str()),
            ("facility", country.place(facility, number).id.as_str()),
            ("authority", country.units[6].as_str()),
            ("condition", "incommunicado"),
            ("conditions", tongue.words().detention),
            ("family_told", "no"),
            ("release", if order == "2" { release } else { "" }),
            ("rests_on", life.transcript.as_str()),
        ];
        book.put(tongue, "detention", &values);
    }
}

/// When the source is asked next whether they are well; every third was, the others are due.
fn check_in(book: &mut Book<'_>, tongue: Tongue, number: u64, source: &str) {
    let code = format!("W-{:04}", number + 1);
    let (made, outcome) = if number.is_multiple_of(3) {
        ("2025-10-02", "well")
    } else {
        ("", "")
    };
    let values = [
        ("code", code.as_str()),
        ("source", source),
        ("due", "2025-10-01"),
        ("made", made),
        ("outcome", outcome),
    ];
    book.put(tongue, "check_in", &values);
}

/// A month or day in the calendar in which it would be said: Persian speakers say Solar Hijri.
fn date(tongue: Tongue, year: u64, number: u64, later: u64) -> String {
    let month = 1 + (number * 5 % 7) + later;
    let day = 1 + number * 11 % 28;
    match tongue {
        Tongue::Persian => format!("sh:{}-{month:02}-{day:02}", year - 621),
        _ if number % 7 == 6 => format!("{year}-{month:02}"),
        _ => format!("{year}-{month:02}-{day:02}"),
    }
}
