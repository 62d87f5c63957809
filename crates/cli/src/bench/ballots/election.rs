//! An election made in memory: one trustee, one question of three answers, as many ballots as voters.

use ballot::archive::ArchiveWriter;
use ballot::group::Group;
use ballot::message::credentials::{self, PublicCredential};
use ballot::message::election::{Choice, Election, Question};
use ballot::message::event::{EventType, SetupData};
use ballot::message::trustees::{self, TrusteeItem};
use ballot::role::credential::Credential;
use ballot::role::{trustee, voter};
use ballot::verify::Context;

use super::failed;
use crate::failure::Failure;
use crate::surroundings;

const UUID: &str = "MahzarBench111";

/// When the archive says that it began; nothing depends on it.
const TIME: u64 = 1_700_000_000;

const ANSWERS: [&str; 3] = ["For", "Against", "Abstain"];

/// An election's archive.
pub struct Made {
    pub archive: Vec<u8>,
}

impl Made {
    /// Makes one in which `ballots` voters have voted; takes longer than to verify it.
    pub fn of<G: Group>(group: &G, ballots: usize) -> Result<Made, Failure> {
        let random = &mut surroundings::random();
        let secret = trustee::secret(group, random);
        let key = trustee::public_key(group, &secret, random);
        let election = election(group, &key.public_key);
        let text = election.text();
        let context = Context::new(*group, election, text.as_bytes())
            .ok_or_else(|| failed("a key out of form"))?;
        let codes: Vec<Credential> = (0..ballots).map(|_| Credential::generate(random)).collect();
        let mut writer = ArchiveWriter::new(TIME);
        let listed: Vec<PublicCredential<G>> = codes.iter().map(|one| public(group, one)).collect();
        let parts = SetupData {
            election: writer.data(text.as_bytes()),
            trustees: writer.data(trustees::text(group, &[TrusteeItem::Single(key)]).as_bytes()),
            credentials: writer.data(credentials::text(group, &listed).as_bytes()),
        };
        let payload = writer.data(parts.text().as_bytes());
        writer.event(EventType::Setup, Some(payload));
        for ballot in cast_all(&context, &codes)? {
            let payload = writer.data(ballot.as_bytes());
            writer.event(EventType::Ballot, Some(payload));
        }
        Ok(Made {
            archive: writer.take(),
        })
    }

    /// The name that the archive must have.
    pub fn file(&self) -> String {
        format!("{UUID}.bel")
    }
}

fn election<G: Group>(group: &G, key: &G::Element) -> Election {
    Election {
        description: "A measurement".to_owned(),
        name: "Measurement".to_owned(),
        group: group.name(),
        public_key: group.element_text(key),
        questions: vec![Question::Homomorphic(Choice {
            answers: ANSWERS.map(str::to_owned).to_vec(),
            blank: false,
            min: 1,
            max: 1,
            question: "Shall it be measured?".to_owned(),
        })],
        uuid: UUID.to_owned(),
        administrator: None,
        credential_authority: None,
    }
}

fn public<G: Group>(group: &G, code: &Credential) -> PublicCredential<G> {
    PublicCredential {
        element: group.generator_power(&code.exponent(group, UUID)),
        weight: 1,
        has_weight: false,
    }
}

/// The ballots of all voters, made on all cores.
fn cast_all<G: Group>(context: &Context<G>, codes: &[Credential]) -> Result<Vec<String>, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = codes.len().div_ceil(threads).max(1);
    let cast = |(at, code): (usize, &Credential)| {
        let mut choice = vec![0; ANSWERS.len()];
        choice[at % ANSWERS.len()] = 1;
        let cast = voter::cast(context, code, &[choice], &mut surroundings::random());
        cast.map(|ballot| ballot.text(&context.group))
            .map_err(failed)
    };
    std::thread::scope(|scope| {
        let working: Vec<_> = codes
            .chunks(share)
            .map(|codes| {
                let work = move || {
                    codes
                        .iter()
                        .enumerate()
                        .map(cast)
                        .collect::<Result<Vec<_>, _>>()
                };
                scope.spawn(work)
            })
            .collect();
        let mut all = Vec::new();
        for thread in working {
            let cast = thread.join().map_err(|_| failed("a thread ended early"))?;
            all.extend(cast?);
        }
        Ok(all)
    })
}
