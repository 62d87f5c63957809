//! Invented people on invented lists, with known truth: for tests and for `mahzar bench`. Nobody in them exists.
//!
//! A person has a given name, a father's name, a family name, a day of birth and a place. Each record writes them in one of five
//! scripts and habits (Persian, Arabic, Kurdish in Latin letters, English or French transliteration, Cyrillic), with the errors that
//! real lists have: titles, half-spaces, parts left out, letters swapped or lost, days known to the year only, another calendar.

mod names;

use crate::mix;
use names::{FAMILY, FEMALE, MALE, PLACES};

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Who it is, in truth.
    pub person: u64,
    /// The given name.
    pub given: String,
    /// The family name.
    pub family: String,
    /// The father's given name.
    pub father: String,
    /// The date of birth.
    pub born: String,
    /// The place.
    pub place: String,
}

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Arabic script as Persian has it.
    Persian,
    /// Arabic script as Arabic has it: other yeh and kaf.
    Arabic,
    /// Latin letters with an English ear.
    English,
    /// Latin letters with a French ear.
    French,
    /// Kurdish in Latin letters.
    Kurdish,
    /// Cyrillic.
    Cyrillic,
}

/// What kind of lists are invented.
#[derive(Clone, Copy, Debug)]
pub struct Invention {
    /// Chooses everything.
    pub seed: u64,
    /// How many people there are.
    pub persons: u64,
    /// Of a thousand records, how many are further records of somebody.
    pub repeated_of_thousand: u64,
    /// Whether names are in all scripts, or all in English letters.
    pub scripts: Scripts,
}

/// Which scripts an invention uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    /// Every list has its own.
    All,
    /// English letters only: what other programs can compare.
    English,
}

/// A small source of numbers: the same seed gives the same list on every machine.
#[derive(Clone, Copy, Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = mix::mix(self.0, 0x5EED);
        (mix::fraction(self.0) * sides as f64) as u64
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    /// Few names are borne by many: the square of an even throw.
    fn name<'a>(&mut self, names: &'a [(&'a str, &'a str)]) -> (&'a str, &'a str) {
        self.0 = mix::mix(self.0, 0x5EED);
        let throw = mix::fraction(self.0);
        names[((throw * throw * names.len() as f64) as usize).min(names.len() - 1)]
    }
}

impl Invention {
    /// The records of one person, one after the other; most have one.
    pub fn records_of(&self, person: u64) -> Vec<Record> {
        let mut dice = Dice(mix::mix(mix::mix(1, self.seed), person));
        let truth = Truth::new(&mut dice);
        let mut records = vec![self.record(person, &truth, &mut dice)];
        while records.len() < 5 && dice.roll(1000) < self.repeated_of_thousand {
            records.push(self.record(person, &truth, &mut dice));
        }
        records
    }

    /// Every record, in an order that does not give the truth away.
    pub fn records(&self) -> Vec<Record> {
        let mut records: Vec<Record> = (0..self.persons)
            .flat_map(|person| self.records_of(person))
            .collect();
        let mut dice = Dice(mix::mix(2, self.seed));
        for at in (1..records.len()).rev() {
            records.swap(at, dice.roll(at as u64 + 1) as usize);
        }
        records
    }

    fn record(&self, person: u64, truth: &Truth, dice: &mut Dice) -> Record {
        let habit = match (self.scripts, dice.roll(10)) {
            (Scripts::English, _) | (_, 5 | 6) => Habit::English,
            (_, 0..=3) => Habit::Persian,
            (_, 4) => Habit::Arabic,
            (_, 7) => Habit::French,
            (_, 8) => Habit::Kurdish,
            _ => Habit::Cyrillic,
        };
        let mut given = truth
            .given
            .iter()
            .map(|name| write(*name, habit))
            .collect::<Vec<_>>();
        if given.len() > 1 && dice.one_in(12) {
            given.remove(0);
        }
        let joint = if habit == Habit::Persian && dice.one_in(2) {
            "\u{200C}"
        } else {
            " "
        };
        let mut record = Record {
            person,
            given: slip(given.join(joint), dice),
            family: slip(truth.family(habit, dice), dice),
            father: if dice.one_in(5) {
                String::new()
            } else {
                slip(write(truth.father, habit), dice)
            },
            born: truth.born(self.scripts, habit, dice),
            place: if dice.one_in(10) {
                String::new()
            } else {
                slip(write(truth.place, habit), dice)
            },
        };
        if dice.one_in(150) {
            std::mem::swap(&mut record.given, &mut record.family);
        }
        if self.scripts == Scripts::All && dice.one_in(15) {
            record.given = format!(
                "{} {}",
                if habit == Habit::Persian {
                    "سید"
                } else {
                    "Seyed"
                },
                record.given
            );
        }
        record
    }
}

struct Truth {
    given: Vec<(&'static str, &'static str)>,
    family: (&'static str, &'static str),
    ending: usize,
    father: (&'static str, &'static str),
    place: (&'static str, &'static str),
    day: [u64; 3],
}

/// Endings of family names; the first is none.
const ENDINGS: [(&str, &str); 8] = [
    ("", ""),
    ("ی", "i"),
    ("پور", "pour"),
    ("زاده", "zadeh"),
    ("نژاد", "nejad"),
    ("یان", "ian"),
    ("نیا", "nia"),
    ("فر", "far"),
];

impl Truth {
    fn new(dice: &mut Dice) -> Truth {
        let names = if dice.one_in(3) {
            &FEMALE[..]
        } else {
            &MALE[..]
        };
        let mut given = vec![dice.name(names)];
        if dice.one_in(4) {
            given.push(dice.name(names));
            given.dedup();
        }
        Truth {
            given,
            family: dice.name(&FAMILY),
            ending: [1, 1, 1, 2, 3, 4, 5, 6, 7, 0][dice.roll(10) as usize],
            father: dice.name(&MALE),
            place: dice.name(&PLACES),
            day: [1940 + dice.roll(70), 1 + dice.roll(12), 1 + dice.roll(28)],
        }
    }

    fn family(&self, habit: Habit, dice: &mut Dice) -> String {
        let (persian, latin) = ENDINGS[self.ending];
        let joint = match habit {
            Habit::Persian if self.ending > 1 && dice.one_in(2) => "\u{200C}",
            Habit::Persian | Habit::Arabic if self.ending > 1 && dice.one_in(3) => " ",
            _ => "",
        };
        let (stem, stem_latin) = self.family;
        // Karimi, not Karimii
        let latin = if stem_latin.ends_with('i') {
            latin.trim_start_matches('i')
        } else {
            latin
        };
        let persian = if stem.ends_with('ی') {
            persian.trim_start_matches('ی')
        } else {
            persian
        };
        let whole = (
            format!("{stem}{joint}{persian}"),
            format!("{stem_latin}{latin}"),
        );
        write((&whole.0, &whole.1), habit)
    }

    fn born(&self, scripts: Scripts, habit: Habit, dice: &mut Dice) -> String {
        let [year, month, day] = self.day;
        let (year, month, day) = match dice.roll(20) {
            0 => (year, 1 + dice.roll(12), day),
            1 => (year, month, 1 + dice.roll(28)),
            2 => (year + 1, month, day),
            _ => (year, month, day),
        };
        match (scripts, dice.roll(12)) {
            (_, 0) => String::new(),
            (Scripts::All, 1) => format!("{year}"),
            (Scripts::All, 2..=4) if habit == Habit::Persian => solar(year, month, day),
            _ => format!("{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// The same day in the Solar Hijri calendar.
fn solar(year: u64, month: u64, day: u64) -> String {
    let gregorian = format!("{year:04}-{month:02}-{day:02}");
    let fits = |text: &String| crate::date::read(text, None).ok().map(|span| span.first);
    let Some(number) = fits(&gregorian) else {
        return gregorian;
    };
    let years = [year as i64 - 622, year as i64 - 621];
    let days = years.iter().flat_map(|year| {
        (1..=12).flat_map(move |month| {
            (1..=31).map(move |day| format!("{year:04}/{month:02}/{day:02}"))
        })
    });
    days.into_iter()
        .find(|text| fits(text) == Some(number))
        .unwrap_or(gregorian)
}

/// A name in a habit, from its Persian and its English spelling.
pub fn write(name: (&str, &str), habit: Habit) -> String {
    let (persian, english) = name;
    let spelled = |pairs: &[(&str, &str)]| {
        pairs.iter().fold(english.to_owned(), |text, (from, to)| {
            text.replace(from, to)
        })
    };
    match habit {
        Habit::Persian => persian.to_owned(),
        Habit::Arabic => persian.replace('ی', "ي").replace('ک', "ك"),
        Habit::English => capital(english),
        Habit::French => capital(&spelled(&[
            ("kh", "kh"),
            ("sh", "ch"),
            ("zh", "j"),
            ("oo", "ou"),
            ("ee", "i"),
            ("j", "dj"),
            ("gh", "gh"),
        ])),
        Habit::Kurdish => capital(&spelled(&[
            ("sh", "ş"),
            ("zh", "ĵ"),
            ("j", "c"),
            ("ĵ", "j"),
            ("ch", "ç"),
            ("kh", "x"),
            ("gh", "q"),
            ("ou", "û"),
            ("oo", "û"),
            ("ee", "î"),
            ("v", "w"),
        ])),
        Habit::Cyrillic => cyrillic(english),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

fn cyrillic(english: &str) -> String {
    const LETTERS: [(&str, &str); 33] = [
        ("sh", "ш"),
        ("kh", "х"),
        ("zh", "ж"),
        ("ch", "ч"),
        ("gh", "г"),
        ("ou", "у"),
        ("oo", "у"),
        ("ee", "и"),
        ("ei", "ей"),
        ("ya", "я"),
        ("j", "дж"),
        ("a", "а"),
        ("b", "б"),
        ("d", "д"),
        ("e", "е"),
        ("f", "ф"),
        ("g", "г"),
        ("h", "х"),
        ("i", "и"),
        ("k", "к"),
        ("l", "л"),
        ("m", "м"),
        ("n", "н"),
        ("o", "о"),
        ("p", "п"),
        ("q", "к"),
        ("r", "р"),
        ("s", "с"),
        ("t", "т"),
        ("u", "у"),
        ("v", "в"),
        ("y", "й"),
        ("z", "з"),
    ];
    let text = LETTERS.iter().fold(english.to_owned(), |text, (from, to)| {
        text.replace(from, to)
    });
    capital(&text)
}

/// Now and then a letter is lost, doubled, or changes places with its neighbour.
fn slip(text: String, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 4 || !dice.one_in(14) {
        return text;
    }
    let at = 1 + dice.roll(letters.len() as u64 - 2) as usize;
    match dice.roll(3) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        _ => letters.swap(at, at + 1),
    }
    letters.into_iter().collect()
}
