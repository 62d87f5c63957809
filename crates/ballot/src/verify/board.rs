//! The order of an archive: which records may follow which, and what each event carries.

use std::io::Read;

use super::failure::{FAILURES_MAX, Failure, Place, Reason};
use super::{Options, Progress, Report, Stage};
use crate::archive::{ArchiveReader, BodyLimit, ReadError, Record, RecordKind};
use crate::group::{ElectionKey, Group};
use crate::message::election::{Election, fingerprint};
use crate::message::event::{Event, EventType, SetupData};
use crate::text::NotCanonical;

/// Why the reading ends before the end.
pub(super) enum Stop {
    /// A failure after which nothing can be read; it is in the report.
    Failed,
    /// The source failed.
    Io(std::io::Error),
}

/// A record with its number.
pub(super) struct Located {
    pub record: Record,
    pub number: usize,
}

impl Located {
    /// A part of its message.
    pub fn part(&self, part: impl Into<String>) -> Place {
        Place {
            record: self.number,
            offset: self.record.offset,
            part: part.into(),
        }
    }

    /// The whole of it.
    pub fn whole(&self) -> Place {
        self.part("")
    }
}

/// An event with what came before it, and its own record.
pub(super) struct Step {
    /// The messages since the last event.
    pub messages: Vec<Located>,
    pub event: Event,
    pub record: Located,
}

/// What an election is checked against.
#[derive(Clone)]
pub struct Context<G: Group> {
    /// Its group.
    pub group: G,
    /// What it asks.
    pub election: Election,
    /// φ.
    pub fingerprint: String,
    /// `y`.
    pub key: ElectionKey<G>,
}

impl<G: Group> Context<G> {
    /// From the election's text; `None` if its key is not in the canonical form of its group.
    pub fn new(group: G, election: Election, text: &[u8]) -> Option<Context<G>> {
        let element = group.element(&election.public_key)?;
        Some(Context {
            group,
            fingerprint: fingerprint(text),
            key: ElectionKey::new(&group, element),
            election,
        })
    }
}

/// The parts of an election's beginning, as they were published.
pub struct Setup {
    /// The election.
    pub election: Vec<u8>,
    /// Its trustees.
    pub trustees: Vec<u8>,
    /// Its public credentials.
    pub credentials: Vec<u8>,
}

/// The reading of one archive.
pub(super) struct Board<'p, R> {
    reader: ArchiveReader<R>,
    pub options: Options,
    progress: &'p mut dyn FnMut(Progress),
    pub report: Report,
    parent: Option<[u8; 32]>,
    height: u64,
}

impl<'p, R: Read> Board<'p, R> {
    pub fn new(
        reader: ArchiveReader<R>,
        options: Options,
        progress: &'p mut dyn FnMut(Progress),
    ) -> Board<'p, R> {
        Board {
            reader,
            options,
            progress,
            report: Report::default(),
            parent: None,
            height: 0,
        }
    }

    pub fn into_report(self) -> Report {
        self.report
    }

    /// Notes a failure; goes on.
    pub fn note(&mut self, place: Place, reason: Reason) {
        match self.report.failures.len() < FAILURES_MAX {
            true => self.report.failures.push(Failure { place, reason }),
            false => self.report.failures_omitted += 1,
        }
    }

    /// Notes a failure after which nothing can be read.
    pub fn stop<T>(&mut self, place: Place, reason: Reason) -> Result<T, Stop> {
        self.report.failures.truncate(FAILURES_MAX - 1);
        self.note(place, reason);
        Err(Stop::Failed)
    }

    /// The value, or the place at which a message is not canonical.
    pub fn formed<T>(
        &mut self,
        at: &Located,
        part: &str,
        read: Result<T, NotCanonical>,
    ) -> Result<T, Stop> {
        read.or_else(|fault| self.stop(at.part(part), Reason::Form(fault)))
    }

    /// Tells how far it is.
    pub fn tell(&mut self) {
        (self.progress)(Progress {
            bytes: self.reader.offset(),
            ballots: self.report.ballots,
        });
    }

    fn record(&mut self, limit: BodyLimit) -> Result<Option<Located>, Stop> {
        let number = self.reader.number();
        let here = Place {
            record: number,
            offset: self.reader.offset(),
            part: String::new(),
        };
        match self.reader.next(limit) {
            Ok(record) => Ok(record.map(|record| Located { record, number })),
            Err(ReadError::Io(error)) => Err(Stop::Io(error)),
            Err(error) => self.stop(here, error.into()),
        }
    }

    /// The next event and the messages before it, at most `messages_max`; `None` at the end of the archive.
    pub fn step(&mut self, limit: BodyLimit, messages_max: usize) -> Result<Option<Step>, Stop> {
        let mut messages: Vec<Located> = Vec::new();
        loop {
            let Some(record) = self.record(limit)? else {
                return match messages.first() {
                    None => Ok(None),
                    Some(message) => {
                        let place = message.whole();
                        self.stop(place, Reason::Foreign)
                    }
                };
            };
            match record.record.kind {
                RecordKind::Event => return self.event(record, messages).map(Some),
                _ if messages.len() == messages_max => {
                    return self.stop(record.whole(), Reason::Foreign);
                }
                _ => messages.push(record),
            }
        }
    }

    fn event(&mut self, record: Located, messages: Vec<Located>) -> Result<Step, Stop> {
        let event = self.formed(&record, "", Event::read(&record.record.body))?;
        if event.parent != self.parent {
            return self.stop(record.part("parent"), Reason::EventParent);
        }
        if event.height != self.height {
            return self.stop(record.part("height"), Reason::EventHeight);
        }
        self.parent = Some(record.record.digest);
        self.height += 1;
        Ok(Step {
            messages,
            event,
            record,
        })
    }

    /// Reads the whole archive.
    pub fn run(&mut self) -> Result<(), Stop> {
        if self.record(BodyLimit(0))?.is_none() {
            return self.stop(
                Place::default(),
                Reason::Archive(crate::archive::ArchiveFault::NoHeader),
            );
        }
        let Some(step) = self.step(BodyLimit::LISTS, 4)? else {
            return self.stop(Place::default(), Reason::Incomplete);
        };
        let [election, trustees, credentials] = self.parts(step)?;
        let read = Election::read(&election.record.body);
        let read = self.formed(&election, "", read)?;
        self.report.uuid = read.uuid.clone();
        self.report.name = read.name.clone();
        self.report.group = read.group.text().to_owned();
        self.report.questions = read.questions.clone();
        crate::with_group!(read.group, group => {
            let Some(context) = Context::new(group, read, &election.record.body) else {
                return self.stop(election.part("public_key"), Reason::KeyMember);
            };
            self.report.fingerprint = context.fingerprint.clone();
            self.stages(context, (&election, &trustees, &credentials))
        })
    }

    /// The messages of the event `Setup`: election, trustees, credentials.
    fn parts(&mut self, step: Step) -> Result<[Located; 3], Stop> {
        if step.event.kind != EventType::Setup {
            return self.stop(step.record.part("type"), Reason::EventOrder);
        }
        let mut messages = step.messages;
        let Some(last) = messages.pop() else {
            return self.stop(step.record.part("payload"), Reason::EventPayload);
        };
        if step.event.payload != Some(last.record.digest) {
            return self.stop(step.record.part("payload"), Reason::EventPayload);
        }
        let setup = self.formed(&last, "", SetupData::read(&last.record.body))?;
        let parts: Result<[Located; 3], _> = messages.try_into();
        let Ok(parts) = parts else {
            return self.stop(last.whole(), Reason::EventPayload);
        };
        let digests = [setup.election, setup.trustees, setup.credentials];
        for (part, digest) in parts.iter().zip(digests) {
            if part.record.digest != digest {
                return self.stop(part.whole(), Reason::EventPayload);
            }
        }
        self.report.stage = Stage::Voting;
        Ok(parts)
    }

    /// The one message to which an event refers.
    pub fn payload(&mut self, step: &mut Step) -> Result<Located, Stop> {
        match step.messages.pop() {
            Some(last) if step.event.payload == Some(last.record.digest) => Ok(last),
            _ => {
                let place = step.record.part("payload");
                self.stop(place, Reason::EventPayload)
            }
        }
    }

    /// An event must carry nothing.
    pub fn empty(&mut self, step: &Step) -> Result<(), Stop> {
        match step.event.payload.is_none() && step.messages.is_empty() {
            true => Ok(()),
            false => self.stop(step.record.part("payload"), Reason::EventPayload),
        }
    }

    /// Nothing may be left of a step's messages.
    pub fn nothing_left(&mut self, step: &Step) -> Result<(), Stop> {
        match step.messages.first() {
            None => Ok(()),
            Some(message) => {
                let place = message.whole();
                self.stop(place, Reason::Foreign)
            }
        }
    }
}
