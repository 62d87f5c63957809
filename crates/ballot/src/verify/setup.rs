//! Checking how an election is set up: questions, trustees, credentials.

use std::collections::HashMap;

use super::failure::Reason;
use crate::group::{Group, GroupName};
use crate::message::credentials::PublicCredential;
use crate::message::election::{Election, Question};
use crate::message::trustees::{
    CertKeys, Pedersen, TrusteeItem, TrusteeKey, certs_message, read_coefexps,
};
use crate::proof::{exponent, key_prefix, message_prefix};

/// What is wrong, and in which part of the message.
pub type Faults = Vec<(String, Reason)>;

/// The largest sum of weights: a discrete logarithm of this size is found, and 2^53 is far.
pub const TOTAL_WEIGHT_MAX: u64 = 1_000_000_000_000;

/// Who decrypts, in the numbering of owners.
#[derive(Clone, Debug)]
pub struct Trustees<G: Group> {
    /// Every trustee's key, in order.
    pub keys: Vec<G::Element>,
    /// The items, each a range of those keys and how many of them are needed.
    pub items: Vec<(std::ops::Range<usize>, usize, bool)>,
}

/// Checks that the questions can be asked in the group.
pub fn questions(election: &Election) -> Faults {
    let mut faults = Faults::new();
    if election.questions.is_empty() {
        faults.push(("questions".to_owned(), Reason::NoQuestions));
    }
    for (at, question) in election.questions.iter().enumerate() {
        let fits = match question {
            Question::Homomorphic(choice) => !choice.answers.is_empty(),
            Question::NonHomomorphic(ranking) => {
                (1..=integers_max(election.group)).contains(&ranking.answers.len())
            }
        };
        if !fits {
            faults.push((format!("questions[{at}]"), Reason::QuestionGroup));
        }
    }
    faults
}

/// Integers that an element can encode.
fn integers_max(group: GroupName) -> usize {
    match group {
        GroupName::Belenios2048 => 0,
        GroupName::Rfc3526 => 253,
        GroupName::Ed25519 => 29,
    }
}

fn is_key<G: Group>(group: &G, element: &G::Element) -> bool {
    !group.is_identity(element) && group.is_member(element)
}

/// Checks the trustees and that the election's key is the product of theirs.
pub fn trustees<G: Group>(
    group: &G,
    items: &[TrusteeItem<G>],
    election_key: &G::Element,
) -> (Trustees<G>, Faults) {
    let mut faults = Faults::new();
    let mut found = Trustees {
        keys: Vec::new(),
        items: Vec::new(),
    };
    let mut product = group.identity();
    for (at, item) in items.iter().enumerate() {
        let from = found.keys.len();
        let part = format!("trustees[{at}]");
        match item {
            TrusteeItem::Single(key) => {
                check_key(group, key, &part, &mut faults);
                if key.signature.is_some() {
                    faults.push((format!("{part}.signature"), Reason::KeySignature));
                }
                product = group.multiply(&product, &key.public_key);
                found.keys.push(key.public_key.clone());
                found.items.push((from..from + 1, 1, false));
            }
            TrusteeItem::Pedersen(pedersen) => {
                let part_key = check_pedersen(group, pedersen, &part, &mut faults);
                product = group.multiply(&product, &part_key);
                found.keys.extend(
                    pedersen
                        .verification_keys
                        .iter()
                        .map(|one| one.public_key.clone()),
                );
                found
                    .items
                    .push((from..found.keys.len(), pedersen.threshold as usize, true));
            }
        }
    }
    if items.is_empty() {
        faults.push(("trustees".to_owned(), Reason::NoTrustees));
    }
    for (at, key) in found.keys.iter().enumerate() {
        if found.keys[..at].contains(key) {
            faults.push((format!("key {}", at + 1), Reason::KeyTwice));
        }
    }
    if product != *election_key {
        faults.push(("public_key".to_owned(), Reason::KeyProduct));
    }
    (found, faults)
}

fn check_key<G: Group>(group: &G, key: &TrusteeKey<G>, part: &str, faults: &mut Faults) {
    if !is_key(group, &key.public_key) {
        faults.push((format!("{part}.public_key"), Reason::KeyMember));
    }
    if !exponent::holds(
        group,
        &key_prefix(group, &key.public_key),
        &key.public_key,
        &key.pok,
    ) {
        faults.push((format!("{part}.pok"), Reason::KeyProof));
    }
}

/// Checks a group of trustees; its part of the election's key.
fn check_pedersen<G: Group>(
    group: &G,
    pedersen: &Pedersen<G>,
    part: &str,
    faults: &mut Faults,
) -> G::Element {
    let size = pedersen.verification_keys.len();
    let signatures = pedersen.signatures.as_ref().map_or(size, Vec::len);
    let lengths = [pedersen.certs.len(), pedersen.coefexps.len(), signatures];
    let is_possible = (1..=size as u64).contains(&pedersen.threshold);
    if lengths.iter().any(|length| *length != size) || !is_possible {
        faults.push((part.to_owned(), Reason::Threshold));
        return group.identity();
    }
    let certs = check_certs(group, pedersen, part, faults);
    let commitments = check_commitments(group, pedersen, &certs, part, faults);
    for (at, key) in pedersen.verification_keys.iter().enumerate() {
        let place = format!("{part}.verification_keys[{at}]");
        check_key(group, key, &place, faults);
        if key.public_key != committed_key(group, &commitments, at as u64 + 1) {
            faults.push((place.clone(), Reason::CommitmentKey));
        }
        check_signatures(group, pedersen, (&certs, &commitments), at, part, faults);
    }
    let firsts = commitments.iter().filter_map(|one| one.first());
    firsts.fold(group.identity(), |product, one| {
        group.multiply(&product, one)
    })
}

fn check_certs<G: Group>(
    group: &G,
    pedersen: &Pedersen<G>,
    part: &str,
    faults: &mut Faults,
) -> Vec<Option<CertKeys<G>>> {
    let mut all = Vec::new();
    let has_signatures = pedersen.signatures.is_some();
    for (at, cert) in pedersen.certs.iter().enumerate() {
        let place = format!("{part}.certs[{at}]");
        let keys = match CertKeys::read(group, &cert.message) {
            Ok(keys) => keys,
            Err(fault) => {
                faults.push((place, Reason::Form(fault)));
                all.push(None);
                continue;
            }
        };
        let belongs = is_key(group, &keys.verification) && is_key(group, &keys.encryption);
        if !belongs {
            faults.push((place.clone(), Reason::KeyMember));
        }
        let is_mine = match &keys.context {
            None => !has_signatures,
            Some(context) => {
                has_signatures
                    && context.group == group.name().text()
                    && context.size == pedersen.certs.len() as u64
                    && context.threshold == pedersen.threshold
                    && context.index == at as u64 + 1
            }
        };
        if !is_mine {
            faults.push((place.clone(), Reason::CertContext));
        }
        if !exponent::holds(
            group,
            &message_prefix(&cert.message),
            &keys.verification,
            &cert.signature,
        ) {
            faults.push((place, Reason::CertSignature));
        }
        all.push(Some(keys));
    }
    all
}

fn check_commitments<G: Group>(
    group: &G,
    pedersen: &Pedersen<G>,
    certs: &[Option<CertKeys<G>>],
    part: &str,
    faults: &mut Faults,
) -> Vec<Vec<G::Element>> {
    let mut all = Vec::new();
    for (at, (message, cert)) in pedersen.coefexps.iter().zip(certs).enumerate() {
        let place = format!("{part}.coefexps[{at}]");
        let commitments = read_coefexps(group, &message.message).unwrap_or_else(|fault| {
            faults.push((place.clone(), Reason::Form(fault)));
            Vec::new()
        });
        if commitments.len() as u64 != pedersen.threshold {
            faults.push((place.clone(), Reason::CommitmentLength));
        }
        if !commitments.iter().all(|one| group.is_member(one)) {
            faults.push((place.clone(), Reason::KeyMember));
        }
        let is_signed = cert.as_ref().is_some_and(|keys| {
            exponent::holds(
                group,
                &message_prefix(&message.message),
                &keys.verification,
                &message.signature,
            )
        });
        if !is_signed {
            faults.push((place, Reason::CommitmentSignature));
        }
        all.push(commitments);
    }
    all
}

/// The signatures of releases from 2.5.1 on: both or neither.
fn check_signatures<G: Group>(
    group: &G,
    pedersen: &Pedersen<G>,
    (certs, commitments): (&[Option<CertKeys<G>>], &[Vec<G::Element>]),
    at: usize,
    part: &str,
    faults: &mut Faults,
) {
    let signer = certs[at].as_ref().map(|keys| &keys.verification);
    let is_signed = |message: &str, proof: &crate::proof::Proof<G>| {
        signer.is_some_and(|signer| exponent::holds(group, &message_prefix(message), signer, proof))
    };
    if let Some(proof) = pedersen.signatures.as_ref().and_then(|all| all.get(at)) {
        let message = certs_message(group, &pedersen.certs, &commitments[at]);
        if !is_signed(&message, proof) {
            faults.push((format!("{part}.signatures[{at}]"), Reason::CertsSignature));
        }
    }
    let key = &pedersen.verification_keys[at];
    let holds = match (&key.signature, &pedersen.signatures) {
        (None, None) => true,
        (Some(proof), Some(_)) => is_signed(&group.element_text(&key.public_key), proof),
        _ => false,
    };
    if !holds {
        faults.push((
            format!("{part}.verification_keys[{at}].signature"),
            Reason::KeySignature,
        ));
    }
}

/// `∏ A_ik^(j^k)` over all trustees i and coefficients k.
fn committed_key<G: Group>(group: &G, commitments: &[Vec<G::Element>], index: u64) -> G::Element {
    let place = group.scalar(index);
    let mut factors = Vec::new();
    for coefficients in commitments {
        let mut power = group.scalar(1);
        for coefficient in coefficients {
            factors.push((coefficient.clone(), power.clone()));
            power = group.times(&power, &place);
        }
    }
    group.product_public(&factors)
}

/// Who may vote: by packed credential, the place in the list.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    /// Places by credential.
    pub places: HashMap<Vec<u8>, usize>,
    /// Weights by place.
    pub weights: Vec<u64>,
}

/// Checks the credentials; membership in slices on several threads.
pub fn credentials<G: Group>(
    group: &G,
    election: &Election,
    list: &[PublicCredential<G>],
    threads: usize,
) -> (Roll, Faults) {
    let mut faults = Faults::new();
    for at in outsiders(group, list, threads) {
        faults.push((format!("credentials[{at}]"), Reason::CredentialMember));
    }
    let mut roll = Roll::default();
    for (at, one) in list.iter().enumerate() {
        if roll.places.insert(group.pack(&one.element), at).is_some() {
            faults.push((format!("credentials[{at}]"), Reason::CredentialTwice));
        }
        roll.weights.push(one.weight);
    }
    let with_weight = list.iter().filter(|one| one.has_weight).count();
    let total = list
        .iter()
        .fold(0_u64, |sum, one| sum.saturating_add(one.weight));
    let is_shuffled_with_weights = election.is_shuffled() && list.iter().any(|one| one.weight != 1);
    let is_mixed = with_weight != 0 && with_weight != list.len();
    if total > TOTAL_WEIGHT_MAX || is_shuffled_with_weights || is_mixed {
        faults.push(("credentials".to_owned(), Reason::CredentialWeight));
    }
    (roll, faults)
}

/// The places of credentials that are not of the group.
fn outsiders<G: Group>(group: &G, list: &[PublicCredential<G>], threads: usize) -> Vec<usize> {
    let slice = list.len().div_ceil(threads.max(1)).max(1);
    let check = |from: usize, part: &[PublicCredential<G>]| -> Vec<usize> {
        let places = part.iter().enumerate();
        places
            .filter(|(_, one)| !is_key(group, &one.element))
            .map(|(at, _)| from + at)
            .collect()
    };
    std::thread::scope(|scope| {
        let parts = list.chunks(slice).enumerate();
        let workers: Vec<_> = parts
            .map(|(number, part)| scope.spawn(move || check(number * slice, part)))
            .collect();
        // A worker panics only if the process is out of memory; its slice then counts as outside.
        let results = workers.into_iter().enumerate();
        results
            .flat_map(|(number, worker)| worker.join().unwrap_or_else(|_| vec![number * slice]))
            .collect()
    })
}
