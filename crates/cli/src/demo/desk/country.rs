//! The invented country: its places, its ministries and units, and who commanded them when.

use super::book::{Book, Speaker};
use super::speech::Tongue;

/// Key, kind, key of what it lies in, names in four languages, degrees north and east, precision in metres.
const LAND: &str = include_str!("land.tsv");

/// A place that was put into the book.
pub struct Place {
    pub id: String,
    pub kind: &'static str,
    names: [&'static str; 4],
}

impl Place {
    /// Its name in a language.
    pub fn name(&self, tongue: Tongue) -> &'static str {
        let [fa, ar, en, fr] = self.names;
        match tongue {
            Tongue::Persian => fa,
            Tongue::Arabic => ar,
            Tongue::English => en,
            Tongue::French => fr,
        }
    }
}

/// Names of a body in Persian and English, its kind, and its place in the chain.
const UNITS: [(&str, &str, &str, Option<usize>); 8] = [
    (
        "ستاد نظم ناردانا",
        "Nardana Public Order Staff",
        "general_staff",
        None,
    ),
    ("فرماندهی شمال", "Northern Command", "command", Some(0)),
    ("فرماندهی ساحل", "Coastal Command", "command", Some(0)),
    ("تیپ سوم کلوا", "Third Brigade of Kelva", "brigade", Some(1)),
    (
        "گردان ویژهٔ مورین",
        "Special Battalion of Murin",
        "battalion",
        Some(2),
    ),
    ("گروهان دوازدهم", "Twelfth Company", "company", Some(3)),
    (
        "ادارهٔ زندان‌های ناردانا",
        "Nardana Prison Administration",
        "prison_administration",
        None,
    ),
    ("یگان سایبری نیسترا", "Nistra Cyber Unit", "cyber", Some(0)),
];

const GROUPS: [(&str, &str, &str); 6] = [
    (
        "وزارت نظم ناردانا",
        "Nardana Ministry of Public Order",
        "ministry",
    ),
    (
        "سازمان پاسداری ناردانا",
        "Nardana Guard Service",
        "security_service",
    ),
    (
        "اتحادیهٔ نانوایان کلوا",
        "Kelva Bakers' Union",
        "trade_union",
    ),
    ("روزنامهٔ آینهٔ لوماک", "The Lomak Mirror", "media"),
    ("دادگاه ویژهٔ ناردانا", "Nardana Special Court", "court"),
    ("انجمن مادران تاشه", "Mothers of Tasheh", "human_rights"),
];

/// Who commanded: Persian, Arabic and English spelling, which unit, from, until.
const COMMANDERS: [(&str, &str, &str, usize, &str, &str); 6] = [
    (
        "روزبه کاروانی",
        "روزبه كارواني",
        "Ruzbeh Karvani",
        3,
        "sh:1401-02-01",
        "sh:1402-06-31",
    ),
    (
        "شاهین کوهساری",
        "شاهين كوهساري",
        "Shahin Kuhsari",
        3,
        "sh:1402-07-01",
        "..",
    ),
    (
        "بهمن یکتافر",
        "بهمن يكتافر",
        "Bahman Yektafar",
        4,
        "2021-05",
        "2023~",
    ),
    (
        "کیوان لنگرودیان",
        "كيوان لنكروديان",
        "Keyvan Langarudian",
        0,
        "2020",
        "2024",
    ),
    (
        "مهیار پاکزادگان",
        "مهيار باكزادكان",
        "Mahyar Pakzadegan",
        6,
        "2022-01-10",
        "..",
    ),
    (
        "تیمور یزدان‌کیا",
        "تيمور يزدان كيا",
        "Teymur Yazdankia",
        5,
        "2022-03",
        "2023-11",
    ),
];

/// What the lives and matters point to.
pub struct Country {
    pub places: Vec<Place>,
    pub groups: Vec<String>,
    pub units: Vec<String>,
    pub commanders: Vec<String>,
}

impl Country {
    /// A place of a kind, another for each number.
    pub fn place(&self, kind: &str, number: u64) -> &Place {
        let of_kind: Vec<&Place> = self.places.iter().filter(|one| one.kind == kind).collect();
        let at = usize::try_from(number).unwrap_or_default();
        match of_kind.get(at % of_kind.len().max(1)) {
            Some(place) => place,
            None => self.nth(at),
        }
    }

    fn nth(&self, at: usize) -> &Place {
        &self.places[at % self.places.len()]
    }
}

/// Puts the country into the book; the clerk knows it.
pub fn put(book: &mut Book<'_>) -> Country {
    book.spoken_by(Speaker::Clerk);
    let places = places(book);
    let groups: Vec<String> = GROUPS
        .iter()
        .map(|(fa, en, kind)| {
            let values = [("name", *fa), ("alias", *en), ("kind", *kind)];
            book.put(Tongue::Persian, "group", &values)
        })
        .collect();
    let units = units(book, &places, &groups);
    let commanders = commanders(book, &units);
    Country {
        places,
        groups,
        units,
        commanders,
    }
}

fn places(book: &mut Book<'_>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    let mut keys: Vec<&str> = Vec::new();
    for line in LAND.lines().skip(1) {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [key, kind, within, fa, ar, en, fr, north, east, precision] = cells[..] else {
            continue;
        };
        let around = keys.iter().position(|one| *one == within);
        let around = around.map_or(String::new(), |at| places[at].id.clone());
        let point = format!("{north},{east},{precision}");
        let values = [
            ("name", en),
            ("name", fa),
            ("name_fa", fa),
            ("name_ar", ar),
            ("name_en", en),
            ("name_fr", fr),
            ("kind", kind),
            ("within", around.as_str()),
            ("point", point.as_str()),
            ("point_reason", "invented: open ocean, far from any land"),
        ];
        keys.push(key);
        places.push(Place {
            id: book.put(Tongue::English, "place", &values),
            kind,
            names: [fa, ar, en, fr],
        });
    }
    places
}

fn units(book: &mut Book<'_>, places: &[Place], groups: &[String]) -> Vec<String> {
    let mut units: Vec<String> = Vec::new();
    for (at, (fa, en, kind, parent)) in UNITS.iter().enumerate() {
        let parent = parent.map_or(String::new(), |above| units[above].clone());
        let group = &groups[at % 2];
        let base = &places[(at * 3 + 4) % places.len()].id;
        let values = [
            ("name", *fa),
            ("alias", *en),
            ("kind", *kind),
            ("parent", parent.as_str()),
            ("group", group.as_str()),
            ("base", base.as_str()),
            ("active_from", "2015"),
        ];
        let unit = book.put(Tongue::Persian, "unit", &values);
        units.push(unit);
    }
    units
}

fn commanders(book: &mut Book<'_>, units: &[String]) -> Vec<String> {
    let mut persons = Vec::new();
    for (at, (fa, ar, en, unit, from, until)) in COMMANDERS.iter().enumerate() {
        let unit = units[*unit].as_str();
        let person = book.put(
            Tongue::Persian,
            "person",
            &[
                ("name", *fa),
                ("alias", *ar),
                ("alias", *en),
                ("role", "official"),
                ("affiliation", unit),
            ],
        );
        let title = format!("{en}, from {from}");
        let until = if *until == ".." { "" } else { *until };
        book.put(
            Tongue::English,
            "command",
            &[
                ("title", title.as_str()),
                ("unit", unit),
                ("role", if at == 4 { "warden" } else { "commander" }),
                ("person", person.as_str()),
                ("rank", if at < 2 { "colonel" } else { "major" }),
                ("standing", if at == 5 { "in_fact" } else { "by_law" }),
                ("from", *from),
                ("until", until),
                (
                    "certainty",
                    if at % 2 == 0 { "confirmed" } else { "probable" },
                ),
            ],
        );
        persons.push(person);
    }
    persons
}
