//! The stages of an election in the order of its archive, each checked against those before it.

use std::collections::HashSet;
use std::io::Read;

use super::Stage;
use super::ballots::{check_all, size_max};
use super::board::{Board, Context, Located, Step, Stop};
use super::decryptions;
use super::failure::Reason;
use super::setup::{self, Faults, Roll, Trustees};
use crate::archive::BodyLimit;
use crate::group::{Ciphertext, Group};
use crate::message::decryption::PartialDecryption;
use crate::message::election::Question;
use crate::message::event::{EventType, Owned};
use crate::message::shuffle::Shuffle;
use crate::message::tally::{self, Pairs, SizedTally};
use crate::message::{credentials, outcome, trustees};
use crate::shuffle;

/// Ballots that wait to be checked together, for each thread.
const BATCH_BALLOTS: usize = 64;

/// Bytes of ballots that wait together.
const BATCH_BYTES: usize = 16 * 1024 * 1024;

/// The ballots that count, so far.
struct BallotBox {
    roll: Roll,
    /// The packed pairs of the last ballot, by the voter's place in the list.
    last: Vec<Option<Vec<u8>>>,
    seen: HashSet<[u8; 32]>,
}

impl<R: Read> Board<'_, R> {
    /// Everything behind the election itself.
    pub(super) fn stages<G: Group>(
        &mut self,
        context: Context<G>,
        (election, trustee_list, credential_list): (&Located, &Located, &Located),
    ) -> Result<(), Stop> {
        let group = &context.group;
        self.note_all(election, setup::questions(&context.election));
        let items = trustees::read(group, &trustee_list.record.body);
        let items = self.formed(trustee_list, "", items)?;
        let (found, faults) = setup::trustees(group, &items, &context.key.element);
        self.note_all(trustee_list, faults);
        let listed = credentials::read(group, &credential_list.record.body);
        let listed = self.formed(credential_list, "", listed)?;
        self.report.voters = listed.len() as u64;
        let threads = self.options.threads;
        let (roll, faults) = setup::credentials(group, &context.election, &listed, threads);
        self.note_all(credential_list, faults);
        drop(listed);
        let mut ballots = BallotBox {
            last: vec![None; roll.weights.len()],
            roll,
            seen: HashSet::new(),
        };
        match self.voting(&context, &mut ballots)? {
            None => Ok(()),
            Some(step) => self.ended(&context, &ballots, &found, step),
        }
    }

    fn note_all(&mut self, at: &Located, faults: Faults) {
        for (part, reason) in faults {
            self.note(at.part(part), reason);
        }
    }

    /// The ballots; the event that ends them, if one does.
    fn voting<G: Group>(
        &mut self,
        context: &Context<G>,
        ballots: &mut BallotBox,
    ) -> Result<Option<Step>, Stop> {
        let limit = BodyLimit(size_max(&context.group, &context.election.questions));
        let mut waiting: Vec<Located> = Vec::new();
        let mut bytes = 0;
        loop {
            let step = match self.step(limit, 1) {
                Ok(step) => step,
                Err(stop) => return self.give_up(context, ballots, waiting, stop),
            };
            let Some(mut step) = step else {
                self.admit(context, ballots, &mut waiting);
                return Ok(None);
            };
            if step.event.kind != EventType::Ballot {
                self.admit(context, ballots, &mut waiting);
                return Ok(Some(step));
            }
            let ballot = match self.payload(&mut step) {
                Ok(ballot) => ballot,
                Err(stop) => return self.give_up(context, ballots, waiting, stop),
            };
            bytes += ballot.record.body.len();
            waiting.push(ballot);
            if waiting.len() >= BATCH_BALLOTS * self.options.threads.max(1) || bytes >= BATCH_BYTES
            {
                self.admit(context, ballots, &mut waiting);
                bytes = 0;
            }
        }
    }

    /// The ballots before a break in the archive are still checked.
    fn give_up<G: Group, T>(
        &mut self,
        context: &Context<G>,
        ballots: &mut BallotBox,
        mut waiting: Vec<Located>,
        stop: Stop,
    ) -> Result<T, Stop> {
        self.admit(context, ballots, &mut waiting);
        Err(stop)
    }

    fn admit<G: Group>(
        &mut self,
        context: &Context<G>,
        ballots: &mut BallotBox,
        waiting: &mut Vec<Located>,
    ) {
        let results = check_all(context, waiting, self.options.threads);
        for (ballot, (checked, faults)) in waiting.iter().zip(results) {
            self.note_all(ballot, faults);
            self.report.ballots += 1;
            if !ballots.seen.insert(ballot.record.digest) {
                self.note(ballot.whole(), Reason::BallotTwice);
            }
            let Some(checked) = checked else { continue };
            match ballots.roll.places.get(&checked.credential) {
                None => self.note(ballot.part("credential"), Reason::BallotCredential),
                Some(place) => ballots.last[*place] = Some(checked.pairs),
            }
        }
        waiting.clear();
        let cast = || {
            ballots
                .last
                .iter()
                .zip(&ballots.roll.weights)
                .filter(|(last, _)| last.is_some())
        };
        self.report.tallied = cast().count() as u64;
        self.report.weight = cast().map(|(_, weight)| weight).sum();
        self.tell();
    }

    fn expected(&mut self, step: &Step, kind: EventType) -> Result<(), Stop> {
        match step.event.kind == kind {
            true => Ok(()),
            false => self.stop(step.record.part("type"), Reason::EventOrder),
        }
    }

    /// From the event that ends the ballots on.
    fn ended<G: Group>(
        &mut self,
        context: &Context<G>,
        ballots: &BallotBox,
        trustees: &Trustees<G>,
        step: Step,
    ) -> Result<(), Stop> {
        self.expected(&step, EventType::EndBallots)?;
        self.empty(&step)?;
        self.report.stage = Stage::Ended;
        let Some(step) = self.step(BodyLimit::LISTS, 2)? else {
            return Ok(());
        };
        let mut pairs = self.tally(context, ballots, step)?;
        self.report.stage = Stage::Tallied;
        if context.election.is_shuffled() {
            match self.shuffles(context, trustees, pairs)? {
                None => return Ok(()),
                Some(shuffled) => pairs = shuffled,
            }
        }
        self.decryptions(context, trustees, &pairs)
    }

    /// The encrypted tally: read, and compared with what the ballots give.
    fn tally<G: Group>(
        &mut self,
        context: &Context<G>,
        ballots: &BallotBox,
        mut step: Step,
    ) -> Result<Pairs<G>, Stop> {
        self.expected(&step, EventType::EncryptedTally)?;
        let sized_record = self.payload(&mut step)?;
        let sized = self.formed(
            &sized_record,
            "",
            SizedTally::read(&sized_record.record.body),
        )?;
        let Some(record) = step.messages.pop() else {
            return self.stop(sized_record.part("encrypted_tally"), Reason::TallyDigest);
        };
        if record.record.digest != sized.encrypted_tally {
            return self.stop(sized_record.part("encrypted_tally"), Reason::TallyDigest);
        }
        if sized.num_tallied != self.report.tallied {
            self.note(sized_record.part("num_tallied"), Reason::TallyNumber);
        }
        if sized.total_weight != self.report.weight {
            self.note(sized_record.part("total_weight"), Reason::TallyWeight);
        }
        let pairs = self.formed(
            &record,
            "",
            tally::read(&context.group, &record.record.body),
        )?;
        let expected = expected_tally(context, ballots);
        let shape = |pairs: &Pairs<G>| pairs.iter().map(Vec::len).collect::<Vec<_>>();
        if shape(&pairs) != shape(&expected) {
            self.note(record.whole(), Reason::TallyShape);
        } else {
            for (at, (one, other)) in pairs.iter().zip(&expected).enumerate() {
                if one != other {
                    self.note(record.part(format!("[{at}]")), Reason::TallyContent);
                }
            }
        }
        Ok(pairs)
    }

    /// The owner of a shuffle or a decryption, from 1, if it is a trustee who has not come before.
    fn owner(
        &mut self,
        at: &Located,
        owned: &Owned,
        count: usize,
        came: &mut Vec<u64>,
        reason: Reason,
    ) -> Option<usize> {
        let is_trustee = (1..=count as u64).contains(&owned.owner);
        if !is_trustee || came.contains(&owned.owner) {
            self.note(at.part("owner"), reason);
            return None;
        }
        came.push(owned.owner);
        Some(owned.owner as usize - 1)
    }

    /// What belongs to an owner: the record that says so, and the message.
    fn owned(&mut self, step: &mut Step) -> Result<(Located, Owned, Located), Stop> {
        let record = self.payload(step)?;
        let owned = self.formed(&record, "", Owned::read(&record.record.body))?;
        match step.messages.pop() {
            Some(message) if message.record.digest == owned.payload => Ok((record, owned, message)),
            _ => {
                let place = record.part("payload");
                self.stop(place, Reason::EventPayload)
            }
        }
    }

    /// The shuffles; the pairs of all questions after the last, `None` if the archive ends before.
    fn shuffles<G: Group>(
        &mut self,
        context: &Context<G>,
        trustees: &Trustees<G>,
        mut pairs: Pairs<G>,
    ) -> Result<Option<Pairs<G>>, Stop> {
        let mut came = Vec::new();
        loop {
            let Some(mut step) = self.step(BodyLimit::LISTS, 2)? else {
                return Ok(None);
            };
            if step.event.kind != EventType::Shuffle {
                self.expected(&step, EventType::EndShuffles)?;
                self.empty(&step)?;
                if came.is_empty() {
                    self.note(step.record.whole(), Reason::ShuffleNone);
                }
                return Ok(Some(pairs));
            }
            let (record, owned, message) = self.owned(&mut step)?;
            self.nothing_left(&step)?;
            self.owner(
                &record,
                &owned,
                trustees.keys.len(),
                &mut came,
                Reason::ShuffleOwner,
            );
            let read = Shuffle::read(&context.group, &message.record.body);
            let read = self.formed(&message, "", read)?;
            self.shuffle(context, &message, read, &mut pairs);
            self.report.shuffles += 1;
            self.tell();
        }
    }

    fn shuffle<G: Group>(
        &mut self,
        context: &Context<G>,
        at: &Located,
        read: Shuffle<G>,
        pairs: &mut Pairs<G>,
    ) {
        let questions = context.election.questions.iter().enumerate();
        let shuffled: Vec<usize> = questions
            .filter(|(_, one)| one.is_shuffled())
            .map(|(at, _)| at)
            .collect();
        if read.ciphertexts.len() != shuffled.len() || read.proofs.len() != shuffled.len() {
            self.note(at.whole(), Reason::ShuffleShape);
            return;
        }
        let parts = read.ciphertexts.into_iter().zip(&read.proofs);
        for (number, ((new, proof), question)) in parts.zip(shuffled).enumerate() {
            let Some(old) = pairs.get_mut(question) else {
                continue;
            };
            if new.len() != old.len() {
                self.note(
                    at.part(format!("ciphertexts[{number}]")),
                    Reason::ShuffleShape,
                );
            } else if !shuffle::holds(
                &context.group,
                &context.key,
                &context.fingerprint,
                (old, &new),
                proof,
            ) {
                self.note(at.part(format!("proofs[{number}]")), Reason::ShuffleProof);
            }
            *old = new;
        }
    }

    /// The decryptions and the result.
    fn decryptions<G: Group>(
        &mut self,
        context: &Context<G>,
        trustees: &Trustees<G>,
        pairs: &Pairs<G>,
    ) -> Result<(), Stop> {
        let mut came = Vec::new();
        let mut factors: Vec<(usize, Vec<Vec<G::Element>>)> = Vec::new();
        loop {
            let Some(mut step) = self.step(BodyLimit::LISTS, 2)? else {
                return Ok(());
            };
            if step.event.kind != EventType::PartialDecryption {
                return self.result(context, trustees, pairs, &factors, step);
            }
            self.report.stage = Stage::Decrypting;
            let (record, owned, message) = self.owned(&mut step)?;
            self.nothing_left(&step)?;
            let owner = self.owner(
                &record,
                &owned,
                trustees.keys.len(),
                &mut came,
                Reason::FactorOwner,
            );
            let read = PartialDecryption::read(&context.group, &message.record.body);
            let read = self.formed(&message, "", read)?;
            if let Some(owner) = owner {
                let public = &trustees.keys[owner];
                let faults = decryptions::check(context, public, pairs, &read);
                let is_good = faults.is_empty();
                self.note_all(&message, faults);
                if is_good {
                    factors.push((owner, read.factors));
                }
            }
            self.report.decryptions += 1;
            self.tell();
        }
    }

    fn result<G: Group>(
        &mut self,
        context: &Context<G>,
        trustees: &Trustees<G>,
        pairs: &Pairs<G>,
        factors: &[(usize, Vec<Vec<G::Element>>)],
        mut step: Step,
    ) -> Result<(), Stop> {
        self.expected(&step, EventType::Result)?;
        let message = self.payload(&mut step)?;
        let read = outcome::read(&message.record.body, &context.election.questions);
        let read = self.formed(&message, "", read)?;
        match decryptions::combine(&context.group, trustees, pairs, factors) {
            None => self.note(message.whole(), Reason::FactorMissing),
            Some(combined) => {
                let faults =
                    decryptions::compare(context, pairs, &combined, &read, self.report.weight);
                self.note_all(&message, faults);
            }
        }
        self.report.stage = Stage::Finished;
        self.report.result = Some(read);
        self.tell();
        match self.step(BodyLimit::LISTS, 2)? {
            None => Ok(()),
            Some(step) => self.stop(step.record.part("type"), Reason::EventOrder),
        }
    }
}

/// What the last ballots of all voters give (section 4.16).
fn expected_tally<G: Group>(context: &Context<G>, ballots: &BallotBox) -> Pairs<G> {
    let cast = ballots.last.iter().zip(&ballots.roll.weights);
    let cast =
        cast.filter_map(|(last, weight)| last.as_ref().map(|last| (last.as_slice(), *weight)));
    combine_ballots(context, cast)
}

/// The encrypted tally of packed ballots with their weights.
pub fn combine_ballots<'a, G: Group>(
    context: &Context<G>,
    ballots: impl Iterator<Item = (&'a [u8], u64)>,
) -> Pairs<G> {
    let group = &context.group;
    let questions = &context.election.questions;
    let size = group.pack(&group.identity()).len();
    let mut tally: Pairs<G> = questions
        .iter()
        .map(|question| empty(group, question))
        .collect();
    for (packed, weight) in ballots {
        let mut pairs = packed.chunks_exact(2 * size).map(|pair| Ciphertext {
            alpha: group.unpack(&pair[..size]),
            beta: group.unpack(&pair[size..]),
        });
        for (sums, question) in tally.iter_mut().zip(questions) {
            match question {
                Question::NonHomomorphic(_) => sums.extend(pairs.next()),
                Question::Homomorphic(_) => {
                    for (sum, pair) in sums.iter_mut().zip(&mut pairs) {
                        *sum = sum.times(&pair.to_power(weight, group), group);
                    }
                }
            }
        }
    }
    for (sums, question) in tally.iter_mut().zip(questions) {
        if question.is_shuffled() {
            sums.sort_by_cached_key(|pair| {
                (group.order_key(&pair.alpha), group.order_key(&pair.beta))
            });
        }
    }
    tally
}

fn empty<G: Group>(group: &G, question: &Question) -> Vec<Ciphertext<G>> {
    match question {
        Question::Homomorphic(choice) => vec![Ciphertext::neutral(group); choice.width()],
        Question::NonHomomorphic(_) => Vec::new(),
    }
}
