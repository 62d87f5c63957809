//! The desk is filled step by step, as an import would, and then spoken about again: reviewed, contradicted, decided, withdrawn.

use std::collections::BTreeMap;

use desk::ids::{EntityId, ItemId};
use desk::statement::ReviewOutcome;
use desk::{EntityQuery, Filter};
use office::{DRAFTS_MAX, Draft, Office, Session, Writer};

use super::super::people::{self, People, not_done};
use super::book::{Book, Speaker, marked};
use super::country::{self, Country};
use super::lives::{self, Life};
use super::matters::{self, Matters};
use super::speech::Tongue;
use crate::commands::Run;
use crate::commands::entity::state_fault;
use crate::failure::Failure;
use crate::words::say;

/// How many entities the demonstration states, if nobody says.
pub const SCALE_DEFAULT: u64 = 400;
/// The fewest: the country, eight lives and what the office makes of them.
pub const SCALE_LEAST: u64 = 200;
/// Lives that the rest of the story speaks about.
const LIVES_FIRST: u64 = 8;

/// What was stated, for the rest of the story.
pub struct Filled {
    /// The lives that it speaks about.
    pub lives: Vec<Life>,
    /// What the office made of them.
    pub matters: Matters,
    /// Everything in the country that is of nobody: places, groups and units, what contains something first.
    pub of_nobody: Vec<String>,
    /// Those who commanded.
    pub commanders: Vec<String>,
}

/// Fills the circle of the documenter with `scale` entities.
pub fn fill(
    run: &Run,
    people: &People,
    scale: u64,
    materials: &[(String, ItemId)],
) -> Result<Filled, Failure> {
    let office = &people.office;
    let described = describe(run, people, materials)?;
    let photograph = described.get("IMG_20260114_163208.jpg");
    let photograph = photograph.cloned().unwrap_or_default();
    let next_id = || office.new_entity_id();
    let mut book = Book::new(&next_id);
    let country = country::put(&mut book);
    let lives: Vec<Life> = (0..LIVES_FIRST)
        .map(|number| lives::put(&mut book, &country, number))
        .collect();
    let matters = matters::put(&mut book, &country, &lives, &photograph);
    let bar = run.screen.count_bar(
        scale,
        say("demo-desk-filling").text("circle", people::INTAKE),
    );
    let mut left = usize::try_from(scale).unwrap_or(usize::MAX);
    let mut number = LIVES_FIRST;
    loop {
        while book.drafts.len() < left.min(DRAFTS_MAX) {
            lives::put(&mut book, &country, number);
            number += 1;
        }
        book.drafts.truncate(left);
        left -= book.drafts.len();
        state(run, people, std::mem::take(&mut book.drafts), &bar)?;
        if left == 0 {
            break;
        }
    }
    bar.finish_and_clear();
    speak_again(run, people, &lives, &matters)?;
    run.enter_waiting(office)?;
    run.screen.say(
        say("demo-desk-filled")
            .n("count", scale)
            .text("circle", people::INTAKE),
    );
    Ok(filled(country, lives, matters))
}

fn filled(country: Country, lives: Vec<Life>, matters: Matters) -> Filled {
    let places = country.places.into_iter().map(|place| place.id);
    Filled {
        lives,
        matters,
        of_nobody: places.chain(country.groups).chain(country.units).collect(),
        commanders: country.commanders,
    }
}

/// States drafts in their order, each by its speaker, at most [`DRAFTS_MAX`] together.
fn state(
    run: &Run,
    people: &People,
    drafts: Vec<(Speaker, Draft)>,
    bar: &indicatif::ProgressBar,
) -> Result<(), Failure> {
    for run_of_one in drafts.chunk_by(|one, next| one.0 == next.0) {
        for some in run_of_one.chunks(DRAFTS_MAX) {
            let Some((speaker, _)) = some.first() else {
                continue;
            };
            let writer = writer(run, people, session(people, *speaker))?;
            let drafts = some.iter().map(|(_, draft)| draft.clone()).collect();
            let stated = people.office.state_all(&writer, drafts);
            stated.map_err(|error| state_fault(run, error))?;
            bar.inc(some.len() as u64);
        }
    }
    Ok(())
}

fn session(people: &People, speaker: Speaker) -> &Session {
    match speaker {
        Speaker::Documenter => &people.documenter,
        Speaker::Clerk => &people.clerk,
    }
}

fn writer<'a>(run: &Run, people: &'a People, session: &'a Session) -> Result<Writer<'a>, Failure> {
    let writer = people.office.writer(session, people.intake);
    writer.map_err(|error| run.write_fault(error))
}

/// What is known of the files that were invented: kind, document kind, language, title.
const FILES: [(&str, &str, &str, Tongue, &str); 7] = [
    (
        "روایت-چاپخانه‌دار.txt",
        "document",
        "statement",
        Tongue::Persian,
        "روایت چاپخانه‌دار",
    ),
    (
        "رواية معلّمة.txt",
        "document",
        "statement",
        Tongue::Arabic,
        "رواية معلمة",
    ),
    (
        "account-lorry-driver.txt",
        "document",
        "statement",
        Tongue::English,
        "Account of a lorry driver",
    ),
    (
        "récit infirmière.txt",
        "document",
        "statement",
        Tongue::French,
        "Récit d'une infirmière",
    ),
    (
        "IMG_20260114_163208.jpg",
        "photograph",
        "",
        Tongue::English,
        "Ridges at dusk",
    ),
    (
        "letter.pdf",
        "document",
        "letter",
        Tongue::English,
        "A letter",
    ),
    (
        "voice-note.wav",
        "sound",
        "",
        Tongue::English,
        "A voice note",
    ),
];

/// Says of each invented file what it is; gives the entities by the files' names.
fn describe(
    run: &Run,
    people: &People,
    materials: &[(String, ItemId)],
) -> Result<BTreeMap<String, String>, Failure> {
    let writer = writer(run, people, &people.documenter)?;
    let mut described = BTreeMap::new();
    for (name, item) in materials {
        let known = FILES.iter().find(|file| file.0 == name);
        let Some((_, kind, document, tongue, title)) = known else {
            continue;
        };
        let Some(entity) = material_of(run, &people.office, &writer, *item)? else {
            continue;
        };
        let title = marked(*tongue, title);
        let values = [
            ("title", title.as_str()),
            ("kind", *kind),
            ("document_kind", *document),
            ("language", tongue.code()),
            ("note", tongue.words().note),
        ];
        set(
            run,
            &people.office,
            &writer,
            entity,
            "material",
            &values,
            None,
            "",
        )?;
        described.insert(name.clone(), entity.to_string());
    }
    Ok(described)
}

fn material_of(
    run: &Run,
    office: &Office,
    writer: &Writer<'_>,
    item: ItemId,
) -> Result<Option<EntityId>, Failure> {
    let query = EntityQuery {
        type_name: Some("material".to_owned()),
        filters: vec![Filter::Refers {
            field: Some("item".to_owned()),
            target: EntityId::from_bytes(*item.as_bytes()),
        }],
        ..EntityQuery::default()
    };
    let found = office
        .entities(writer.reader(), &query, &[])
        .map_err(|error| run.fault(&error))?;
    Ok(found.page.entities.first().map(|line| line.entity))
}

#[expect(clippy::too_many_arguments, reason = "a statement has that many parts")]
fn set(
    run: &Run,
    office: &Office,
    writer: &Writer<'_>,
    entity: EntityId,
    type_name: &str,
    values: &[(&str, &str)],
    seen: Option<u64>,
    reason: &str,
) -> Result<(), Failure> {
    let values = values.iter().filter(|(_, value)| !value.is_empty());
    let draft = Draft {
        entity: Some(entity),
        type_name: type_name.to_owned(),
        seen,
        set: values
            .map(|(field, value)| ((*field).to_owned(), vec![(*value).to_owned()]))
            .collect(),
        reason: reason.to_owned(),
        ..Draft::default()
    };
    let stated = office.state(writer, draft);
    stated.map_err(|error| state_fault(run, error)).map(drop)
}

/// Review, a contradiction, the second answer about a risk, and a consent that is withdrawn.
fn speak_again(
    run: &Run,
    people: &People,
    lives: &[Life],
    matters: &Matters,
) -> Result<(), Failure> {
    let office = &people.office;
    let documenter = writer(run, people, &people.documenter)?;
    let clerk = writer(run, people, &people.clerk)?;
    for (at, life) in lives.iter().enumerate().take(4) {
        let account = id(&life.account)?;
        let (outcome, comment) = match at {
            3 => (
                ReviewOutcome::Returned,
                "Which gate of the prison? Please ask again.",
            ),
            _ => (ReviewOutcome::Reviewed, "Read against the recording."),
        };
        for (writer, outcome, comment) in [
            (&documenter, ReviewOutcome::Submitted, ""),
            (&clerk, outcome, comment),
        ] {
            let reviewed = office.review(writer, account, outcome, comment);
            reviewed.map_err(|error| state_fault(run, error))?;
        }
    }
    contradict(run, people, matters)?;
    let second = [
        ("second_answer", "yes"),
        (
            "second_reasons",
            "Looked at it again without sound: nobody can be told.",
        ),
    ];
    let decision = id(&matters.risk_decision)?;
    set(
        run,
        office,
        &clerk,
        decision,
        "risk_decision",
        &second,
        None,
        "",
    )?;
    let withdrawn = usize::try_from(lives::WITHDRAWN).unwrap_or_default();
    let consent = lives
        .get(withdrawn)
        .map_or("", |life| life.consent.as_str());
    let values = [("withdrawn", "2025-09-01")];
    let why = "the source asked for it";
    set(
        run,
        office,
        &documenter,
        id(consent)?,
        "consent",
        &values,
        None,
        why,
    )
}

/// A birth that two members state differently, neither having seen the other's word.
fn contradict(run: &Run, people: &People, matters: &Matters) -> Result<(), Failure> {
    let office = &people.office;
    let documenter = writer(run, people, &people.documenter)?;
    let clerk = writer(run, people, &people.clerk)?;
    let contested = id(&matters.contested)?;
    let seen = office
        .entity(documenter.reader(), contested)
        .map_err(|error| run.fault(&error))?;
    let seen = Some(seen.entity.line.changed);
    for (writer, born) in [(&documenter, "sh:1360-05-12"), (&clerk, "sh:1361-02")] {
        set(
            run,
            office,
            writer,
            contested,
            "person",
            &[("born", born)],
            seen,
            "from a document",
        )?;
    }
    Ok(())
}

/// An id that the book gave.
pub fn id(text: &str) -> Result<EntityId, Failure> {
    text.parse()
        .map_err(|_| not_done("desk", "an entity has no id"))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeSet;

    use desk::model::MODEL;

    use super::*;

    fn drafts() -> Vec<Draft> {
        let count = Cell::new(0_u128);
        let next_id = || {
            count.set(count.get() + 1);
            EntityId::from_bytes(count.get().to_be_bytes())
        };
        let mut book = Book::new(&next_id);
        let country = country::put(&mut book);
        let lives: Vec<Life> = (0..40)
            .map(|number| lives::put(&mut book, &country, number))
            .collect();
        matters::put(&mut book, &country, &lives, "");
        book.drafts.into_iter().map(|(_, draft)| draft).collect()
    }

    #[test]
    fn the_desk_is_the_same_each_time_and_every_value_fits_its_field() {
        let drafts = drafts();
        assert_eq!(drafts, super::tests::drafts());
        for draft in &drafts {
            let model = MODEL.find(&draft.type_name).expect("a type");
            for (name, values) in &draft.set {
                let field = model.field(name).unwrap_or_else(|| panic!("{name}"));
                assert!(field.many || values.len() == 1, "{}.{name}", model.name);
                for value in values {
                    let normal = field.shape.normal(value);
                    assert!(
                        normal.is_ok(),
                        "{}.{name} {value:?}: {normal:?}",
                        model.name
                    );
                }
            }
            let required = model.fields.iter().filter(|field| field.required);
            for field in required {
                assert!(
                    draft.set.contains_key(field.name),
                    "{}.{}",
                    model.name,
                    field.name
                );
            }
        }
    }

    #[test]
    fn every_type_is_there_in_every_language_and_everything_says_that_it_is_invented() {
        let drafts = drafts();
        let mut types: BTreeSet<&str> = drafts.iter().map(|one| one.type_name.as_str()).collect();
        types.insert("material");
        assert_eq!(types.len(), MODEL.types().len());
        let mut marks = BTreeSet::new();
        for draft in &drafts {
            let note = draft.set.get("note").and_then(|note| note.first());
            marks.insert(note.expect("a note").split([':', ' ']).next().unwrap_or(""));
        }
        assert_eq!(marks.len(), 4, "{marks:?}");
    }

    #[test]
    fn everything_points_to_what_was_stated_before_it() {
        let mut known = BTreeSet::new();
        for draft in drafts() {
            let model = MODEL.find(&draft.type_name).expect("a type");
            for (name, values) in &draft.set {
                let is_pointer = model
                    .field(name)
                    .is_some_and(|field| matches!(field.shape, desk::model::Shape::Reference(_)));
                for value in values.iter().filter(|_| is_pointer) {
                    assert!(known.contains(value), "{}.{name}", draft.type_name);
                }
            }
            known.extend(draft.entity.map(|entity| entity.to_string()));
        }
    }

    #[test]
    fn the_fewest_hold_the_whole_story() {
        let all = drafts().len() as u64;
        let later_lives = (40 - LIVES_FIRST) * 11;
        assert!(all - later_lives <= SCALE_LEAST, "{}", all - later_lives);
    }
}
