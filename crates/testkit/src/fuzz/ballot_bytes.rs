//! The messages of a secret ballot, on the curve, and the archive that holds them.

use std::sync::LazyLock;

use ballot::archive::{ArchiveReader, BodyLimit, RecordKind};
use ballot::counting::{Method, Outcome, count, value};
use ballot::group::edwards::Ed25519;
use ballot::message::decryption::PartialDecryption;
use ballot::message::election::{Election, Question};
use ballot::message::event::{Event, Owned, SetupData};
use ballot::message::shuffle::Shuffle;
use ballot::message::tally::SizedTally;
use ballot::message::trustees::{CertContext, CertKeys, Pedersen, TrusteeItem, read_coefexps};
use ballot::message::{ballot as message, credentials, outcome, tally, trustees};
use ballot::role::channel::Seed;
use ballot::role::credential::Credential;
use ballot::role::dealing::{self, Dealers, Dealing, Dealt};
use ballot::verify::{FAILURES_MAX, Options, verify};

use super::{Reading, Target};
use crate::random::Random;

/// Trustees of whom some suffice, weights, a blank vote.
const MIXED: &[u8] = include_bytes!("../../../../vectors/ballot/positive/mixed.bel");

/// Ranks and shuffles.
const RANKED: &[u8] = include_bytes!("../../../../vectors/ballot/positive/ranked.bel");

/// An election that is open.
const OPEN: &[u8] = include_bytes!("../../../../vectors/ballot/positive/other.bel");

pub(super) const TARGETS: [Target; 11] = [
    Target {
        name: "ballot_archive",
        read: archive,
        seeds: || vec![set_up()],
    },
    Target {
        name: "ballot_election",
        read: |bytes| again(bytes, Election::read(bytes), |one| one.text()),
        seeds: || both(|body| body.starts_with(b"{\"version\":1,\"description\"")),
    },
    Target {
        name: "ballot_trustees",
        read: read_trustees,
        seeds: || both(|body| body.starts_with(b"[[\"Single\"")),
    },
    Target {
        name: "ballot_credentials",
        read: |bytes| {
            let read = credentials::read(&Ed25519, bytes);
            again(bytes, read, |one| credentials::text(&Ed25519, one))
        },
        seeds: || both(|body| body.starts_with(b"[\"")),
    },
    Target {
        name: "ballot_message",
        read: ballot,
        seeds: || both(|body| body.starts_with(b"{\"election_uuid\"")),
    },
    Target {
        name: "ballot_tally",
        read: |bytes| {
            again(bytes, tally::read(&Ed25519, bytes), |pairs| {
                let mut text = String::new();
                tally::write(&Ed25519, pairs, &mut text);
                text
            })
        },
        seeds: || both(|body| body.starts_with(b"[[{\"alpha\"")),
    },
    Target {
        name: "ballot_shuffle",
        read: |bytes| {
            again(bytes, Shuffle::read(&Ed25519, bytes), |one| {
                one.text(&Ed25519)
            })
        },
        seeds: || both(|body| body.starts_with(b"{\"ciphertexts\"")),
    },
    Target {
        name: "ballot_decryption",
        read: |bytes| {
            let read = PartialDecryption::read(&Ed25519, bytes);
            again(bytes, read, |one| one.text(&Ed25519))
        },
        seeds: || both(|body| body.starts_with(b"{\"decryption_factors\"")),
    },
    Target {
        name: "ballot_event",
        read: event,
        seeds: || {
            let starts: [&[u8]; 4] = [
                b"{\"parent\"",
                b"{\"election\"",
                b"{\"owner\"",
                b"{\"num_tallied\"",
            ];
            let of = |start: &[u8]| both(|body| body.starts_with(start)).into_iter().take(2);
            starts.into_iter().flat_map(of).collect()
        },
    },
    Target {
        name: "ballot_dealing",
        read: dealing,
        seeds: dealings,
    },
    Target {
        name: "ballot_result",
        read: result,
        seeds: results,
    },
];

/// An election in which nobody has voted yet: ballots have a target of their own, and take long to check.
fn set_up() -> Vec<u8> {
    let mut reader = ArchiveReader::new(OPEN);
    while let Some(record) = reader.next(BodyLimit::LISTS).expect("a frozen archive") {
        if record.kind == RecordKind::Event {
            break;
        }
    }
    OPEN[..reader.offset() as usize].to_vec()
}

/// The bodies of both elections of which something is so, each once.
fn both(is_wanted: impl Fn(&[u8]) -> bool) -> Vec<Vec<u8>> {
    let mut bodies = Vec::new();
    for archive in [MIXED, RANKED] {
        let mut reader = ArchiveReader::new(archive);
        while let Some(record) = reader.next(BodyLimit::LISTS).expect("a frozen archive") {
            let is_body = record.kind != RecordKind::Header && is_wanted(&record.body);
            if is_body && !bodies.contains(&record.body) {
                bodies.push(record.body);
            }
        }
    }
    bodies
}

/// What is accepted is written again as the same bytes.
fn again<T, E>(bytes: &[u8], read: Result<T, E>, text: impl Fn(&T) -> String) -> Reading {
    if let Ok(value) = &read {
        assert_eq!(text(value).as_bytes(), bytes, "two texts for one value");
    }
    Reading::of(&read)
}

fn archive(bytes: &[u8]) -> Reading {
    let report = verify(bytes, &Options::default(), &mut |_| {}).expect("memory can be read");
    assert!(report.failures.len() <= FAILURES_MAX);
    match report.is_malformed() {
        true => Reading::Refused,
        false => Reading::Accepted,
    }
}

/// The messages inside are read too: they are texts that trustees signed.
fn read_trustees(bytes: &[u8]) -> Reading {
    let read = trustees::read(&Ed25519, bytes);
    for item in read.iter().flatten() {
        let TrusteeItem::Pedersen(Pedersen {
            certs, coefexps, ..
        }) = item
        else {
            continue;
        };
        for cert in certs {
            let text = cert.message.as_bytes();
            again(text, CertKeys::read(&Ed25519, &cert.message), |one| {
                one.text(&Ed25519)
            });
        }
        for one in coefexps {
            let read = read_coefexps(&Ed25519, &one.message);
            again(one.message.as_bytes(), read, |all| {
                trustees::coefexps_text(&Ed25519, all)
            });
        }
    }
    again(bytes, read, |items| trustees::text(&Ed25519, items))
}

fn questions(archive: &[u8]) -> Vec<Question> {
    let report = verify(archive, &Options::default(), &mut |_| {}).expect("memory can be read");
    report.questions
}

static QUESTIONS: LazyLock<[Vec<Question>; 2]> =
    LazyLock::new(|| [questions(MIXED), questions(RANKED)]);

/// A ballot in the shape of either election.
fn ballot(bytes: &[u8]) -> Reading {
    let shapes = QUESTIONS.iter();
    let readings = shapes.map(|questions| {
        let read = message::read(&Ed25519, questions, bytes);
        again(bytes, read, |one| one.ballot.text(&Ed25519))
    });
    accepted_once(readings.collect())
}

fn accepted_once(readings: Vec<Reading>) -> Reading {
    match readings.contains(&Reading::Accepted) {
        true => Reading::Accepted,
        false => Reading::Refused,
    }
}

fn event(bytes: &[u8]) -> Reading {
    accepted_once(vec![
        again(bytes, Event::read(bytes), Event::text),
        again(bytes, SetupData::read(bytes), SetupData::text),
        again(bytes, Owned::read(bytes), Owned::text),
        again(bytes, SizedTally::read(bytes), SizedTally::text),
    ])
}

/// What trustees send one another, a key that only its owner opens, and a credential as somebody types it.
fn dealing(bytes: &[u8]) -> Reading {
    let read = Dealing::read(&Ed25519, bytes);
    if let Ok(dealing) = &read {
        let random = &mut Random::new(2);
        // Nobody's seed: whatever was sealed, it opens for its owner alone.
        assert!(
            dealing::open_key(&Ed25519, &Seed::generate(random), &dealing.private_key).is_err()
        );
    }
    let typed = std::str::from_utf8(bytes).ok().map(Credential::read);
    if let Some(Ok(credential)) = &typed {
        assert!(
            Credential::read(credential.text()).is_ok_and(|one| one.text() == credential.text())
        );
    }
    accepted_once(vec![
        again(bytes, Dealt::read(&Ed25519, bytes), |one| {
            one.text(&Ed25519)
        }),
        again(bytes, read, |one| one.text(&Ed25519)),
        Reading::of(&typed.ok_or(()).and_then(|read| read.map_err(|_| ()))),
    ])
}

fn dealings() -> Vec<Vec<u8>> {
    let random = &mut Random::new(1);
    let seeds: Vec<Seed> = (0..2).map(|_| Seed::generate(random)).collect();
    let certs = seeds.iter().zip(1..).map(|(seed, index)| {
        let context = CertContext {
            group: "Ed25519".to_owned(),
            size: 2,
            threshold: 2,
            index,
        };
        dealing::certificate(&Ed25519, seed, context, random).expect("possible")
    });
    let certs = certs.collect();
    let dealers = Dealers::new(&Ed25519, certs).expect("good certificates");
    let mut deal = |seed| dealers.deal(&Ed25519, seed, random).expect("dealt");
    let dealt: Vec<Dealt<Ed25519>> = seeds.iter().map(&mut deal).collect();
    let finished = dealers
        .finish(&Ed25519, &seeds[0], &dealt, random)
        .expect("finished");
    vec![
        dealt[0].text(&Ed25519).into_bytes(),
        finished.text(&Ed25519).into_bytes(),
        Credential::generate(random).text().as_bytes().to_vec(),
    ]
}

/// A result, and behind it a line with the rule of counting: what was counted adds up.
fn result(bytes: &[u8]) -> Reading {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else {
        return Reading::Refused;
    };
    let (said, rule) = (&bytes[..end], &bytes[end + 1..]);
    let read = outcome::read(said, &QUESTIONS[1]);
    let rule = std::str::from_utf8(rule).ok().and_then(Method::of_extra);
    if let (Ok(results), Some(method)) = (&read, rule) {
        for answered in results {
            let outcome::Answered::Ballots(ballots) = answered else {
                continue;
            };
            let counted = count(&method, 3, ballots, &[2, 1, 0]);
            assert_eq!(
                counted.valid + counted.blank + counted.invalid,
                ballots.len() as u64
            );
            assert!(value(&method, &counted).is_object());
            match &counted.outcome {
                Outcome::Transferable(found) => assert_eq!(found.elected.len(), found.seats.min(3)),
                ranked => assert_eq!(ranked.order().concat().len(), 3),
            }
        }
    }
    again(said, read, |all| outcome::text(all))
}

fn results() -> Vec<Vec<u8>> {
    let rules = [
        r#"{"method":"Schulze","blank":true}"#,
        r#"{"method":"STV","seats":2}"#,
        r#"{"method":"MajorityJudgment","grades":["a","b","c"]}"#,
    ];
    let said = r#"{"result":[[1,2],[[1,2,3],[2,1,3],[0,0,0],[1,1,2],[3,2,1]]]}"#;
    rules
        .map(|rule| format!("{said}\n{rule}").into_bytes())
        .to_vec()
}
