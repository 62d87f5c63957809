//! What the office makes of the accounts: a case with allegations, findings that disagree, decisions about risk, and one entity of
//! each type that no life needs.

use super::book::{Book, Speaker, marked};
use super::country::Country;
use super::lives::Life;
use super::speech::Tongue;

/// What is spoken about again once it is stated.
pub struct Matters {
    pub capture: String,
    pub risk_decision: String,
    pub contested: String,
    pub case: String,
}

/// Puts the matters of the first lives into the book; at least four.
pub fn put(book: &mut Book<'_>, country: &Country, lives: &[Life], photograph: &str) -> Matters {
    book.spoken_by(Speaker::Documenter);
    let (one, two) = (&lives[0], &lives[1]);
    let contested = people(book, country, one);
    care(book, country, one);
    let (capture, risk_decision) = capture(book);
    let findings = findings(
        book,
        country,
        if photograph.is_empty() {
            &capture
        } else {
            photograph
        },
    );
    let case = case(book, country, one, two, &findings);
    judged(book, two, &findings);
    Matters {
        capture,
        risk_decision,
        contested,
        case,
    }
}

/// Two who are not one, their kin, and one known in Arabic letters only. Gives the one whose birth two members state differently.
fn people(book: &mut Book<'_>, country: &Country, life: &Life) -> String {
    let persian = [
        ("name", "یوسف کمالی‌نسب"),
        ("role", "witness"),
        ("born", "sh:1360-05"),
        ("rests_on", life.transcript.as_str()),
    ];
    let persian = book.put(Tongue::Persian, "person", &persian);
    let arabic = [
        ("name", "يوسف كمالي نسب"),
        ("role", "victim"),
        ("last_seen_place", country.place("prison", 0).id.as_str()),
        ("rests_on", life.transcript.as_str()),
    ];
    let arabic = book.put(Tongue::Arabic, "person", &arabic);
    book.put(
        Tongue::Persian,
        "relation",
        &[
            ("a", persian.as_str()),
            ("kind", "other_relative"),
            ("b", life.person.as_str()),
            ("rests_on", life.transcript.as_str()),
        ],
    );
    book.spoken_by(Speaker::Clerk);
    book.put(
        Tongue::Persian,
        "link_decision",
        &[
            ("decision", "different"),
            ("a", persian.as_str()),
            ("b", arabic.as_str()),
            (
                "reason",
                "یکی آزاد است و دیگری همان روز در زندان دیده شده است",
            ),
            ("by", "Mina"),
            ("date", "2025-06-01"),
        ],
    );
    book.spoken_by(Speaker::Documenter);
    persian
}

/// How the source is reached, helped and kept safe, and who interpreted.
fn care(book: &mut Book<'_>, country: &Country, life: &Life) {
    let source = life.source.as_str();
    book.put(
        Tongue::English,
        "contact_card",
        &[
            ("code", "K-0001"),
            ("source", source),
            ("channel", "an invented messenger"),
            ("hours", "after 20:00"),
            ("never_say", "any name"),
            ("danger_signal", "asks for the recipe of bread"),
            ("next_check_in", "2025-10-01"),
        ],
    );
    let interpreter = [
        ("code", "I-0001"),
        ("kind", "interpreter"),
        ("language", "ckb"),
    ];
    let interpreter = book.put(Tongue::English, "source", &interpreter);
    book.put(
        Tongue::French,
        "undertaking",
        &[
            ("code", "U-0001"),
            ("interpreter", interpreter.as_str()),
            ("role", "interpreter"),
            ("promises", "secrecy"),
            ("promises", "faithful"),
            ("signed", "2025-01-20"),
        ],
    );
    let title = marked(Tongue::Arabic, "إحالة إلى رعاية طبية");
    let referral = [
        ("title", title.as_str()),
        ("source", source),
        ("kind", "medical"),
        ("accepted", "yes"),
    ];
    book.put(Tongue::Arabic, "referral", &referral);
    let title = marked(Tongue::English, "Risk to the family of S-0001");
    book.put(
        Tongue::English,
        "risk",
        &[
            ("title", title.as_str()),
            ("about", source),
            ("kind", "family"),
            ("likelihood", "medium"),
            ("harm", "high"),
            (
                "measures",
                "No calls home; the account stays in this circle.",
            ),
            ("review", "2025-11-01"),
        ],
    );
    objects(book, country, life);
}

fn objects(book: &mut Book<'_>, country: &Country, life: &Life) {
    let source = life.source.as_str();
    let title = marked(Tongue::Persian, "پیراهنی در بقچه");
    book.put(
        Tongue::Persian,
        "physical_object",
        &[
            ("title", title.as_str()),
            ("number", "O-0001"),
            ("identifies", "yes"),
            ("basis", "consent"),
            ("source", source),
            ("found_at", country.place("prison", 1).id.as_str()),
            ("strangers", "no"),
        ],
    );
    let title = marked(Tongue::French, "Examen médical M-0001");
    book.put(
        Tongue::French,
        "medical_report",
        &[
            ("title", title.as_str()),
            ("person", life.person.as_str()),
            ("source", source),
            ("identifies", "unknown"),
            ("basis", "consent"),
            ("consistency", "highly_consistent"),
            (
                "physical",
                "Cicatrices circulaires aux deux poignets, inventées.",
            ),
            ("strangers", "no"),
        ],
    );
}

/// A page that somebody posted and whom nobody reaches; whether it may be used two members decide.
fn capture(book: &mut Book<'_>) -> (String, String) {
    let title = marked(Tongue::Persian, "فیلم میدان، پست همگانی");
    let capture = book.put(
        Tongue::Persian,
        "capture",
        &[
            ("title", title.as_str()),
            ("url", "https://posts.invalid/nardana/1"),
            ("identifies", "no"),
            ("basis", "public_unreachable"),
            ("captured_at", "2025-03-02"),
            ("method", "saved_page"),
            ("platform", "an invented network"),
            (
                "relevance",
                "The square and the lorries of the Twelfth Company can be seen.",
            ),
            ("strangers", "no"),
        ],
    );
    let title = marked(Tongue::English, "May the public film be used?");
    let decision = book.put(
        Tongue::English,
        "risk_decision",
        &[
            ("title", title.as_str()),
            ("about", capture.as_str()),
            ("purpose", "case_building"),
            ("recipient", "other_circle"),
            ("level", "full"),
            (
                "search_made",
                "Asked on the network twice in March; no answer.",
            ),
            ("who_is_hurt", "The one who filmed stood at a window."),
            ("first_answer", "yes"),
            (
                "first_reasons",
                "The window cannot be told from the picture.",
            ),
            ("until", "2095"),
        ],
    );
    (capture, decision)
}

/// Two members find different places in one picture: both stay, with their reasons.
fn findings(book: &mut Book<'_>, country: &Country, about: &str) -> [String; 2] {
    let mut found = |speaker, at: u64, reasoning, method| {
        book.spoken_by(speaker);
        let place = country.place("city", at);
        let values = [
            ("question", "place"),
            ("value", place.name(Tongue::English)),
            ("about", about),
            ("standing", "disputed"),
            ("place", place.id.as_str()),
            ("reasoning", reasoning),
            ("method", method),
            ("certainty", "probable"),
        ];
        book.put(Tongue::English, "finding", &values)
    };
    [
        found(
            Speaker::Documenter,
            0,
            "The ridge behind the square is that of Kelva, seen from the east.",
            "landmarks",
        ),
        found(
            Speaker::Clerk,
            1,
            "The sun stands too low for Kelva in June; the same ridge is seen from Murin.",
            "shadows",
        ),
    ]
}

fn case(
    book: &mut Book<'_>,
    country: &Country,
    one: &Life,
    two: &Life,
    findings: &[String; 2],
) -> String {
    book.spoken_by(Speaker::Documenter);
    let title = marked(Tongue::Persian, "پروندهٔ تیپ سوم کلوا");
    let case = book.put(
        Tongue::Persian,
        "case",
        &[
            ("title", title.as_str()),
            ("number", "N-1"),
            ("state", "open"),
            ("question", "چه کسی در میدان کلوا فرمان داد؟"),
            ("opened", "2025-04-01"),
            ("purpose", "case_building"),
            ("person", one.person.as_str()),
            ("person", two.person.as_str()),
            ("organisation", country.units[3].as_str()),
            ("event", one.event.as_str()),
            ("gap", "دفتر نگهبانی آن شب در دست نیست"),
            ("contradiction", "دو یافته دربارهٔ جای عکس هم‌خوان نیستند"),
        ],
    );
    let elements = [
        ("cah_imprisonment", "شرط بازداشت", "supported", one, None),
        (
            "torture_pain",
            "شرط درد شدید",
            "open",
            two,
            Some(&findings[1]),
        ),
        (
            "command_responsibility",
            "شرط فرماندهی",
            "contradicted",
            two,
            Some(&findings[0]),
        ),
    ];
    for (element, title, state, life, against) in elements {
        let title = marked(Tongue::Persian, title);
        let values = [
            ("title", title.as_str()),
            ("case", case.as_str()),
            ("accused", country.commanders[0].as_str()),
            ("element", element),
            ("state", state),
            ("supports", life.act.as_str()),
            ("supports", life.transcript.as_str()),
            ("against", against.map_or("", String::as_str)),
        ];
        book.put(Tongue::Persian, "allegation", &values);
    }
    case
}

/// How far a source and what it says are believed, on separate axes.
fn judged(book: &mut Book<'_>, life: &Life, findings: &[String; 2]) {
    let title = marked(Tongue::English, "How far S-0002 is believed");
    book.put(
        Tongue::English,
        "assessment",
        &[
            ("title", title.as_str()),
            ("about", life.account.as_str()),
            ("reliability", "b"),
            ("credibility", "2"),
            (
                "reasons",
                "Stood there; two details agree with the film, one does not.",
            ),
            ("independent", "yes"),
            ("date", "2025-05-05"),
            ("supports", findings[0].as_str()),
        ],
    );
}
