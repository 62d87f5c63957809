//! An archive in the hands of somebody who goes on with it: verified first, then its parts.

use std::collections::HashMap;

use crate::archive::{ArchiveReader, ArchiveWriter, BodyLimit, Record, RecordKind};
use crate::group::Group;
use crate::message::decryption::PartialDecryption;
use crate::message::election::Election;
use crate::message::event::{Event, EventType, Owned, SetupData};
use crate::message::shuffle::Shuffle;
use crate::message::tally::{self, Pairs};
use crate::message::{credentials, trustees};
use crate::verify::setup::{self, Roll, Trustees};
use crate::verify::{Context, Failure, Options, Report, check_ballot, combine_ballots, verify};

/// Why an archive cannot be gone on with.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OpenError {
    /// It does not hold: nobody should build on it. The first failure is named.
    #[error("the archive does not hold: record {}, {}: {}", .0.place.record, .0.place.part, .0.reason)]
    DoesNotHold(Failure),
    /// It changed while it was read.
    #[error("the archive changed while it was read")]
    Changed,
}

/// An archive that holds.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the verifier said of it.
    pub report: Report,
    /// The election.
    pub election: Election,
    time: u64,
    records: Vec<Record>,
    /// Where the record of a digest is.
    places: HashMap<[u8; 32], usize>,
    events: Vec<(Event, usize)>,
}

/// The parts of an election in its group.
pub struct Parts<G: Group> {
    /// What everything is checked against.
    pub context: Context<G>,
    /// Who decrypts.
    pub trustees: Trustees<G>,
    /// Who may vote.
    pub roll: Roll,
}

/// Decryptions by the trustees' numbers, from 0.
pub type Factors<G> = Vec<(usize, Vec<Vec<<G as Group>::Element>>)>;

impl Opened {
    /// Verifies the bytes of an archive and takes it apart.
    pub fn read(bytes: &[u8], options: &Options) -> Result<Opened, OpenError> {
        let report = verify(bytes, options, &mut |_| {}).map_err(|_| OpenError::Changed)?;
        if let Some(failure) = report.failures.first() {
            return Err(OpenError::DoesNotHold(failure.clone()));
        }
        let mut reader = ArchiveReader::new(bytes);
        let (mut records, mut events) = (Vec::new(), Vec::new());
        let mut places = HashMap::new();
        while let Some(record) = reader
            .next(BodyLimit::LISTS)
            .map_err(|_| OpenError::Changed)?
        {
            if record.kind == RecordKind::Event {
                let event = Event::read(&record.body).map_err(|_| OpenError::Changed)?;
                events.push((event, records.len()));
            }
            places.entry(record.digest).or_insert(records.len());
            records.push(record);
        }
        let election = records.get(1).ok_or(OpenError::Changed)?;
        Ok(Opened {
            election: Election::read(&election.body).map_err(|_| OpenError::Changed)?,
            time: reader.time().unwrap_or(0),
            report,
            records,
            places,
            events,
        })
    }

    fn message(&self, digest: [u8; 32]) -> Option<&[u8]> {
        let place = self.places.get(&digest)?;
        Some(self.records[*place].body.as_slice())
    }

    /// Whether a message is in the archive.
    pub fn holds(&self, digest: [u8; 32]) -> bool {
        self.places.contains_key(&digest)
    }

    /// What the events of a kind carry, in order.
    pub fn payloads(&self, kind: EventType) -> impl Iterator<Item = &[u8]> {
        let events = self
            .events
            .iter()
            .filter(move |(event, _)| event.kind == kind);
        events.filter_map(|(event, _)| self.message(event.payload?))
    }

    fn owned(&self, kind: EventType) -> impl Iterator<Item = (u64, &[u8])> {
        self.payloads(kind).filter_map(|body| {
            let owned = Owned::read(body).ok()?;
            Some((owned.owner, self.message(owned.payload)?))
        })
    }

    /// A writer that goes on behind the archive.
    pub fn writer(&self) -> Option<ArchiveWriter> {
        let (last, at) = self.events.last()?;
        Some(ArchiveWriter::resume(
            self.time,
            self.records[*at].digest,
            last.height + 1,
        ))
    }

    /// The parts, in the election's group.
    pub fn parts<G: Group>(&self, group: G) -> Option<Parts<G>> {
        let data = SetupData::read(self.payloads(EventType::Setup).next()?).ok()?;
        let context = Context::new(group, self.election.clone(), self.message(data.election)?)?;
        let items = trustees::read(&group, self.message(data.trustees)?).ok()?;
        let listed = credentials::read(&group, self.message(data.credentials)?).ok()?;
        let (trustees, _) = setup::trustees(&group, &items, &context.key.element);
        let (roll, _) = setup::credentials(&group, &self.election, &listed, 1);
        Some(Parts {
            context,
            trustees,
            roll,
        })
    }

    /// What the last ballots of all voters give.
    pub fn combined<G: Group>(&self, parts: &Parts<G>) -> Pairs<G> {
        let mut last: Vec<Option<Vec<u8>>> = vec![None; parts.roll.weights.len()];
        for ballot in self.payloads(EventType::Ballot) {
            let (Some(checked), _) = check_ballot(&parts.context, ballot) else {
                continue;
            };
            if let Some(place) = parts.roll.places.get(&checked.credential) {
                last[*place] = Some(checked.pairs);
            }
        }
        let cast = last.iter().zip(&parts.roll.weights);
        combine_ballots(
            &parts.context,
            cast.filter_map(|(one, weight)| Some((one.as_deref()?, *weight))),
        )
    }

    /// The encrypted tally, with the last shuffle in place.
    pub fn pairs<G: Group>(&self, group: &G) -> Option<Pairs<G>> {
        let sized = self.payloads(EventType::EncryptedTally).next()?;
        let sized = tally::SizedTally::read(sized).ok()?;
        let mut pairs = tally::read(group, self.message(sized.encrypted_tally)?).ok()?;
        if let Some((_, shuffle)) = self.owned(EventType::Shuffle).last() {
            let mut shuffled = Shuffle::read(group, shuffle).ok()?.ciphertexts.into_iter();
            for (question, pairs) in self.election.questions.iter().zip(&mut pairs) {
                if question.is_shuffled() {
                    *pairs = shuffled.next()?;
                }
            }
        }
        Some(pairs)
    }

    /// The decryptions so far.
    pub fn factors<G: Group>(&self, group: &G) -> Factors<G> {
        let decryptions = self.owned(EventType::PartialDecryption);
        let read = decryptions.filter_map(|(owner, body)| {
            let read = PartialDecryption::read(group, body).ok()?;
            Some((owner.checked_sub(1)? as usize, read.factors))
        });
        read.collect()
    }

    /// The numbers, from 1, of the trustees who shuffled or decrypted.
    pub fn owners(&self, kind: EventType) -> impl Iterator<Item = u64> {
        self.owned(kind).map(|(owner, _)| owner)
    }

    /// Whether the shuffles have ended.
    pub fn shuffles_ended(&self) -> bool {
        self.events
            .iter()
            .any(|(event, _)| event.kind == EventType::EndShuffles)
    }
}
