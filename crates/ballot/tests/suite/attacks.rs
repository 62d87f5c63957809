//! Whoever keeps the archive, without a voter's secret, does to ballots what can be done: each is caught by the verifier, or
//! its voter finds no tracker.

use std::sync::LazyLock;

use ballot::archive::{ArchiveReader, ArchiveWriter, BodyLimit, RecordKind, digest};
use ballot::group::edwards::Ed25519;
use ballot::group::{Group, GroupName};
use ballot::message::ballot as message;
use ballot::message::election::Question;
use ballot::message::event::{Event, EventType};
use ballot::proof::{exponent, signature_prefix};
use ballot::role::credential::Credential;
use ballot::role::opened::Opened;
use ballot::role::voter;
use ballot::verify::{Options, Report, check_ballot};
use proptest::prelude::*;
use proptest::sample::Index;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::elections::checked;
use crate::plans::mixed;
use crate::simulation::{Keys, Plan, Until, archive, codes as codes_of, keys};

/// When the archives of the tests begin.
const TIME: u64 = 1_700_000_000;

/// An archive taken apart: the messages of each event, and its kind.
type Steps = Vec<(Vec<Vec<u8>>, EventType)>;

fn plan() -> Plan {
    mixed(GroupName::Ed25519, Keys::Single(1))
}

/// The secret credentials of an election's voters.
fn credentials_of(plan: &Plan) -> Vec<Credential> {
    let random = &mut ChaCha20Rng::seed_from_u64(plan.seed);
    keys(&Ed25519, plan.keys, random);
    codes_of(plan, random)
}

static OPEN: LazyLock<Steps> = LazyLock::new(|| steps(&archive(&plan(), Until::Voting).1));
static FINISHED: LazyLock<Steps> = LazyLock::new(|| steps(&archive(&plan(), Until::Finished).1));

fn steps(bytes: &[u8]) -> Steps {
    let mut reader = ArchiveReader::new(bytes);
    let (mut steps, mut messages) = (Steps::new(), Vec::new());
    while let Some(record) = reader.next(BodyLimit::LISTS).expect("a whole archive") {
        match record.kind {
            RecordKind::Header => {}
            RecordKind::Data => messages.push(record.body),
            RecordKind::Event => {
                let event = Event::read(&record.body).expect("an event");
                steps.push((std::mem::take(&mut messages), event.kind));
            }
        }
    }
    steps
}

/// An archive whose chain is right whatever was done to the steps.
fn judged(steps: &Steps) -> Report {
    let mut writer = ArchiveWriter::new(TIME);
    for (messages, kind) in steps {
        let digests: Vec<[u8; 32]> = messages.iter().map(|one| writer.data(one)).collect();
        writer.event(*kind, digests.last().copied());
    }
    checked(&writer.take())
}

fn places(steps: &Steps) -> Vec<usize> {
    let all = 0..steps.len();
    all.filter(|at| steps[*at].1 == EventType::Ballot).collect()
}

fn ballots(steps: &Steps) -> Vec<&[u8]> {
    let ballots = steps.iter().filter(|one| one.1 == EventType::Ballot);
    ballots.map(|one| one.0[0].as_slice()).collect()
}

fn codes(report: &Report) -> Vec<&str> {
    let failures = report.failures.iter();
    failures.map(|one| one.reason.code()).collect()
}

/// Whether a voter who kept a tracker finds it.
fn is_found(tracker: [u8; 32], steps: &Steps) -> bool {
    ballots(steps).iter().any(|one| digest(one) == tracker)
}

fn stuffed(steps: &Steps, at: usize, ballot: Vec<u8>) -> Steps {
    let mut altered = steps.clone();
    let first = places(steps)[0];
    altered.insert(first + at, (vec![ballot], EventType::Ballot));
    altered
}

fn cast(plan: &Plan, credential: &Credential, seed: u64) -> Vec<u8> {
    let opened = Opened::read(&archive(plan, Until::Voting).1, &Options::default());
    let parts = opened.expect("it holds").parts(Ed25519).expect("its group");
    let random = &mut ChaCha20Rng::seed_from_u64(seed);
    let choices = [vec![0, 0, 1], vec![1, 0, 0, 0]];
    let cast = voter::cast(&parts.context, credential, &choices, random).expect("allowed");
    cast.text(&Ed25519).into_bytes()
}

#[test]
fn what_was_not_altered_holds() {
    assert_eq!(judged(&OPEN).failures, []);
    assert_eq!(judged(&FINISHED).failures, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_mutated_ballot_is_caught(which: Index, place: Index, byte: u8) {
        let mut altered = OPEN.clone();
        let step = places(&altered)[which.index(4)];
        let ballot = &mut altered[step].0[0];
        let at = place.index(ballot.len());
        // A digit for a digit keeps the form, so that the proofs are asked.
        let new = match ballot[at].is_ascii_digit() {
            true => b'0' + byte % 10,
            false => byte,
        };
        prop_assume!(ballot[at] != new);
        ballot[at] = new;
        prop_assert!(!judged(&altered).holds());
    }

    #[test]
    fn parts_of_two_ballots_do_not_mix(one in 0_usize..4, other in 0_usize..4, part in 0_usize..3) {
        prop_assume!(one != other);
        let mut altered = OPEN.clone();
        let texts: Vec<String> = ballots(&OPEN).iter().map(|one| String::from_utf8_lossy(one).into_owned()).collect();
        let field = |text: &str| {
            let begin = |name: &str| text.find(name).expect("a field");
            let ends = [begin("\"credential\""), begin("\"answers\""), begin("\"signature\""), text.len() - 1];
            ends[part]..ends[part + 1]
        };
        let foreign = texts[other][field(&texts[other])].to_owned();
        let mut text = texts[one].clone();
        text.replace_range(field(&text), &foreign);
        // Two ballots of one voter have the same credential.
        prop_assume!(!texts.contains(&text));
        let step = places(&OPEN)[one];
        altered[step].0[0] = text.into_bytes();
        prop_assert!(!judged(&altered).holds());
    }

    #[test]
    fn a_replayed_ballot_is_caught(which: Index, at in 0_usize..5) {
        for steps in [&*OPEN, &*FINISHED] {
            let ballot = which.get(&ballots(steps)).to_vec();
            let report = judged(&stuffed(steps, at, ballot));
            prop_assert!(codes(&report).contains(&"ballot-twice"));
        }
    }

    /// The voter of a ballot that is gone finds no tracker; where the ballot counted, everybody sees that it is gone.
    #[test]
    fn a_dropped_ballot_is_noticed(gone in proptest::collection::vec(any::<bool>(), 4)) {
        prop_assume!(gone.contains(&true));
        for steps in [&*OPEN, &*FINISHED] {
            let places = places(steps);
            let is_gone = |at: usize| places.iter().position(|one| *one == at).is_some_and(|number| gone[number]);
            let mut altered = steps.clone();
            let mut at = 0;
            altered.retain(|_| { at += 1; !is_gone(at - 1) });
            for (ballot, gone) in ballots(steps).into_iter().zip(&gone) {
                prop_assert_eq!(is_found(digest(ballot), &altered), !gone);
            }
            // The first ballot is replaced by the last one, of the same voter.
            let is_replaced_only = gone == [true, false, false, false];
            let is_finished = std::ptr::eq(steps, &*FINISHED);
            prop_assert_eq!(judged(&altered).holds(), !is_finished || is_replaced_only);
        }
    }

    #[test]
    fn another_order_of_a_voters_ballots_is_caught_once_they_are_counted(one in 0_usize..4, other in 0_usize..4) {
        let mut altered = FINISHED.clone();
        let places = places(&altered);
        altered.swap(places[one], places[other]);
        // The last of the voter who voted twice must stay the last: the first and the fourth are theirs.
        let order = |number: usize| match number {
            number if number == one => other,
            number if number == other => one,
            number => number,
        };
        prop_assert_eq!(judged(&altered).holds(), order(0) < order(3));
    }

    #[test]
    fn a_stuffed_ballot_is_caught(seed: u64, at in 0_usize..5) {
        let random = &mut ChaCha20Rng::seed_from_u64(seed);
        let stranger = Credential::generate(random);
        let ballot = cast(&plan(), &stranger, seed);
        for steps in [&*OPEN, &*FINISHED] {
            let report = judged(&stuffed(steps, at, ballot.clone()));
            prop_assert!(codes(&report).contains(&"ballot-credential"));
        }
    }
}

/// A voter who takes the answers of another for their own, under their own signature: what is to be copied is proved for one
/// credential alone.
#[test]
fn a_copied_ballot_is_caught() {
    let plan = plan();
    let opened = Opened::read(&archive(&plan, Until::Voting).1, &Options::default());
    let parts = opened.expect("it holds").parts(Ed25519).expect("its group");
    let thief = &credentials_of(&plan)[3];
    let secret = thief.exponent(&Ed25519, &parts.context.election.uuid);
    for (number, victim) in ballots(&OPEN).into_iter().enumerate() {
        let questions = &parts.context.election.questions;
        let read = message::read(&Ed25519, questions, victim).expect("it holds");
        let mut copied = read.ballot;
        copied.credential = Ed25519.generator_power(&secret);
        copied.signed_hash = message::hash_text(&[copied.unsigned_text(&Ed25519).as_bytes()]);
        let prefix = signature_prefix(&copied.signed_hash);
        let random = &mut ChaCha20Rng::seed_from_u64(1);
        copied.signature = exponent::prove(&Ed25519, &prefix, &secret, random);
        let copied = copied.text(&Ed25519);
        let (_, faults) = check_ballot(&parts.context, copied.as_bytes());
        let reasons: Vec<&str> = faults.iter().map(|one| one.1.code()).collect();
        assert!(
            reasons.contains(&"ballot-individual-proof"),
            "{number}: {reasons:?}"
        );
        assert!(
            !reasons.contains(&"ballot-signature"),
            "the thief signs well: {reasons:?}"
        );
        assert!(!judged(&stuffed(&OPEN, 4, copied.into_bytes())).holds());
    }
}

/// The same voters, the same trustee, another question: a ballot of one election is none of the other.
#[test]
fn a_ballot_of_another_election_is_caught() {
    let mut other = plan();
    if let Question::Homomorphic(choice) = &mut other.questions[0] {
        choice.question.push('!');
    }
    for (number, credential) in credentials_of(&plan()).iter().enumerate() {
        let ballot = cast(&other, credential, 5);
        let report = judged(&stuffed(&OPEN, number, ballot));
        let codes = codes(&report);
        assert!(codes.contains(&"ballot-election"), "{codes:?}");
        assert!(codes.contains(&"ballot-individual-proof"), "{codes:?}");
    }
}
