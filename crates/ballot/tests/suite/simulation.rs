//! An election from beginning to end, in memory.

use ballot::archive::ArchiveWriter;
use ballot::group::{Group, GroupName};
use ballot::message::credentials::PublicCredential;
use ballot::message::election::{Choice, Election, Question, Ranking};
use ballot::message::event::{EventType, Owned, SetupData};
use ballot::message::tally::{self, Pairs, SizedTally};
use ballot::message::trustees::{CertContext, TrusteeItem};
use ballot::message::{credentials, outcome, trustees};
use ballot::role::channel::Seed;
use ballot::role::credential::Credential;
use ballot::role::dealing::{self, Dealers};
use ballot::role::{tallying, trustee, voter};
use ballot::verify::setup::Trustees;
use ballot::verify::{Context, check_ballot, combine_ballots, setup};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;

/// When the archives of the tests begin.
const TIME: u64 = 1_700_000_000;

/// What kind of trustees.
#[derive(Clone, Copy)]
pub enum Keys {
    /// So many, all of whom must decrypt.
    Single(usize),
    /// One who must, and two of three of whom the first and the third do.
    OneAndTwoOfThree,
}

/// What an election is like.
#[derive(Clone)]
pub struct Plan {
    pub group: GroupName,
    pub keys: Keys,
    pub questions: Vec<Question>,
    /// The voters' weights; `None` to write none.
    pub weights: Option<Vec<u64>>,
    pub voters: usize,
    /// Who casts what, in order.
    pub ballots: Vec<(usize, Vec<Vec<u64>>)>,
    pub shuffles: usize,
    pub seed: u64,
}

/// A secret key for each trustee who decrypts, by number from 0.
pub type Secrets<G> = Vec<(usize, <G as Group>::Scalar)>;

/// How far an archive is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    Voting,
    Tallied,
    Finished,
}

/// Writes the archive of an election; its identifier comes with it.
pub fn archive(plan: &Plan, until: Until) -> (String, Vec<u8>) {
    ballot::with_group!(plan.group, group => run(&group, plan, until))
}

/// The secret credentials of an election's voters, drawn behind the trustees' keys.
pub fn codes(plan: &Plan, random: &mut ChaCha20Rng) -> Vec<Credential> {
    let voters = 0..plan.voters;
    voters.map(|_| Credential::generate(random)).collect()
}

pub fn choice(answers: &[&str], blank: bool, (min, max): (u64, u64)) -> Question {
    Question::Homomorphic(Choice {
        answers: answers.iter().map(|one| (*one).to_owned()).collect(),
        blank,
        min,
        max,
        question: "آیا این پیش‌نویس پذیرفته شود؟".to_owned(),
    })
}

pub fn ranking(answers: &[&str]) -> Question {
    Question::NonHomomorphic(Ranking {
        answers: answers.iter().map(|one| (*one).to_owned()).collect(),
        question: "رتبه بدهید".to_owned(),
        extra: None,
    })
}

/// The trustees' keys, drawn first.
pub fn keys<G: Group>(
    group: &G,
    keys: Keys,
    random: &mut ChaCha20Rng,
) -> (Vec<TrusteeItem<G>>, Secrets<G>) {
    let mut items = Vec::new();
    let mut secrets = Vec::new();
    let singles = match keys {
        Keys::Single(count) => count,
        Keys::OneAndTwoOfThree => 1,
    };
    for number in 0..singles {
        let secret = trustee::secret(group, random);
        items.push(TrusteeItem::Single(trustee::public_key(
            group, &secret, random,
        )));
        secrets.push((number, (*secret).clone()));
    }
    if let Keys::OneAndTwoOfThree = keys {
        let seeds: Vec<Seed> = (0..3).map(|_| Seed::generate(random)).collect();
        let certs = seeds.iter().zip(1..).map(|(seed, index)| {
            let context = CertContext {
                group: group.name().text().to_owned(),
                size: 3,
                threshold: 2,
                index,
            };
            dealing::certificate(group, seed, context, random).expect("possible")
        });
        let certs = certs.collect();
        let dealers = Dealers::new(group, certs).expect("good certificates");
        let dealt: Vec<_> = seeds
            .iter()
            .map(|seed| dealers.deal(group, seed, random).expect("dealt"))
            .collect();
        let ended: Vec<_> = seeds
            .iter()
            .map(|seed| {
                dealers
                    .finish(group, seed, &dealt, random)
                    .expect("finished")
            })
            .collect();
        for number in [2, 0] {
            let secret = dealing::open_key(group, &seeds[number], &ended[number].private_key)
                .expect("own key");
            secrets.push((number + 1, (*secret).clone()));
        }
        let public = ended.into_iter().map(|one| one.public_key).collect();
        items.push(TrusteeItem::Pedersen(
            dealers.published(group, dealt, public).expect("published"),
        ));
    }
    (items, secrets)
}

fn run<G: Group>(group: &G, plan: &Plan, until: Until) -> (String, Vec<u8>) {
    let random = &mut ChaCha20Rng::seed_from_u64(plan.seed);
    let (items, secrets) = keys(group, plan.keys, random);
    let (_, faults) = setup::trustees(group, &items, &group.identity());
    assert_eq!(faults.len(), 1, "{faults:?}");
    let public = items
        .iter()
        .fold(group.identity(), |product, item| match item {
            TrusteeItem::Single(key) => group.multiply(&product, &key.public_key),
            TrusteeItem::Pedersen(pedersen) => {
                pedersen.coefexps.iter().fold(product, |product, one| {
                    let first = &trustees::read_coefexps(group, &one.message).expect("ours")[0];
                    group.multiply(&product, first)
                })
            }
        });
    let uuid = "Mahzar1234567A".to_owned();
    let election = Election {
        description: "یک نمونه / \"a sample\"".to_owned(),
        name: "انتخاب هیئت رئیسه".to_owned(),
        group: plan.group,
        public_key: group.element_text(&public),
        questions: plan.questions.clone(),
        uuid: uuid.clone(),
        administrator: None,
        credential_authority: None,
    };
    let election_text = election.text();
    let context = Context::new(*group, election, election_text.as_bytes()).expect("a key of ours");
    let codes = codes(plan, random);
    let listed: Vec<PublicCredential<G>> = codes
        .iter()
        .enumerate()
        .map(|(at, code)| PublicCredential {
            element: group.generator_power(&code.exponent(group, &uuid)),
            weight: plan.weights.as_ref().map_or(1, |weights| weights[at]),
            has_weight: plan.weights.is_some(),
        })
        .collect();
    let mut writer = ArchiveWriter::new(TIME);
    let parts = SetupData {
        election: writer.data(election_text.as_bytes()),
        trustees: writer.data(trustees::text(group, &items).as_bytes()),
        credentials: writer.data(credentials::text(group, &listed).as_bytes()),
    };
    let payload = writer.data(parts.text().as_bytes());
    writer.event(EventType::Setup, Some(payload));
    let mut last: Vec<Option<Vec<u8>>> = vec![None; plan.voters];
    for (voter, choices) in &plan.ballots {
        let cast =
            voter::cast(&context, &codes[*voter], choices, random).expect("an allowed choice");
        let text = cast.text(group);
        let (checked, faults) = check_ballot(&context, text.as_bytes());
        assert_eq!(faults, []);
        last[*voter] = checked.map(|one| one.pairs);
        let payload = writer.data(text.as_bytes());
        writer.event(EventType::Ballot, Some(payload));
    }
    if until > Until::Voting {
        let weight = |at: usize| listed[at].weight;
        let cast: Vec<(&[u8], u64)> = last
            .iter()
            .enumerate()
            .filter_map(|(at, one)| one.as_ref().map(|one| (one.as_slice(), weight(at))))
            .collect();
        let (trustees, _) = setup::trustees(group, &items, &public);
        count(
            &context,
            plan,
            &mut writer,
            &cast,
            (&trustees, &secrets),
            until,
            random,
        );
    }
    (uuid, writer.take())
}

fn count<G: Group>(
    context: &Context<G>,
    plan: &Plan,
    writer: &mut ArchiveWriter,
    cast: &[(&[u8], u64)],
    (trustees, secrets): (&Trustees<G>, &Secrets<G>),
    until: Until,
    random: &mut ChaCha20Rng,
) {
    let group = &context.group;
    writer.event(EventType::EndBallots, None);
    let mut pairs: Pairs<G> = combine_ballots(context, cast.iter().copied());
    let mut text = String::new();
    tally::write(group, &pairs, &mut text);
    let total_weight = cast.iter().map(|(_, weight)| weight).sum();
    let sized = SizedTally {
        num_tallied: cast.len() as u64,
        total_weight,
        encrypted_tally: writer.data(text.as_bytes()),
    };
    let payload = writer.data(sized.text().as_bytes());
    writer.event(EventType::EncryptedTally, Some(payload));
    if until == Until::Tallied {
        return;
    }
    if context.election.is_shuffled() {
        for owner in 1..=plan.shuffles {
            let shuffle = trustee::shuffle(context, &pairs, random).expect("generators");
            owned(writer, EventType::Shuffle, owner, &shuffle.text(group));
            let mut shuffled = shuffle.ciphertexts.into_iter();
            for (question, pairs) in context.election.questions.iter().zip(&mut pairs) {
                if question.is_shuffled() {
                    *pairs = shuffled.next().expect("as many");
                }
            }
        }
        writer.event(EventType::EndShuffles, None);
    }
    let mut factors = Vec::new();
    for (number, secret) in secrets {
        let decryption = trustee::decrypt(context, secret, &pairs, random);
        owned(
            writer,
            EventType::PartialDecryption,
            number + 1,
            &decryption.text(group),
        );
        factors.push((*number, decryption.factors));
    }
    let result =
        tallying::result(context, trustees, &pairs, &factors, total_weight).expect("enough");
    let payload = writer.data(outcome::text(&result).as_bytes());
    writer.event(EventType::Result, Some(payload));
}

fn owned(writer: &mut ArchiveWriter, kind: EventType, owner: usize, message: &str) {
    let payload = writer.data(message.as_bytes());
    let owned = Owned {
        owner: owner as u64,
        payload,
    };
    let payload = writer.data(owned.text().as_bytes());
    writer.event(kind, Some(payload));
}
