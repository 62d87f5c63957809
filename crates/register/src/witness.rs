//! The port to the offices that countersign, and how they are asked: all at once, each at most three times, none of them waited for.

use std::collections::BTreeMap;

use record::checkpoint::SignedCheckpoint;
use record::cosignature;
use record::hash::Hash;
use record::note::{Signature, Vkey};
use record::witness_request::AddCheckpoint;

/// How often a witness is asked about one checkpoint: with the size we remember, with the size it names, and once more if it has moved meanwhile.
const TRIES_MAX: usize = 3;

/// What a witness answered to `add-checkpoint` (C2SP tlog-witness).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// 200: cosignature lines.
    Cosigned(Vec<Signature>),
    /// 409: it has last cosigned another size than the request's old one, namely this.
    Conflict {
        /// The size that it last cosigned for this record.
        size: u64,
    },
    /// 422: the consistency proof does not verify, so it has cosigned another history of this record.
    Inconsistent,
    /// Any other refusal: it does not know the record (404), or not its key (403), or understands nothing (400). The words are for the operator.
    Refused(String),
    /// No answer within the client's time.
    Silent(String),
}

/// Another office that countersigns.
///
/// **Concurrency.** May be called from any thread. **Time.** Returns within a bound that the implementation sets, a few seconds.
/// **Errors.** They are answers; nothing is retried inside. The answer is not believed: its lines are verified here.
pub trait Witness: Send + Sync {
    /// The key by which its cosignatures verify; its name is the witness's name.
    fn vkey(&self) -> &Vkey;
    /// Sends one request.
    fn add_checkpoint(&self, request: &AddCheckpoint) -> Answer;
}

/// What asking one witness came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It cosigned; the line verifies.
    Cosigned(Signature),
    /// It has cosigned a larger record under our name: another copy of this office signs. Stop.
    Larger {
        /// The size it named.
        size: u64,
    },
    /// It has cosigned another history under our name. Stop.
    Inconsistent,
    /// It gave no cosignature, for a reason that says nothing about the record.
    Without(String),
}

/// Something that a proof was asked for could not be read.
pub(crate) type Proof<'a> = &'a (dyn Fn(u64) -> Result<Vec<Hash>, String> + Sync);

/// Asks all witnesses about one checkpoint, each in a thread of its own; `known` are the sizes they last cosigned, by name.
pub(crate) fn ask_all(
    witnesses: &[&dyn Witness],
    checkpoint: &SignedCheckpoint,
    known: &BTreeMap<String, u64>,
    proof: Proof<'_>,
) -> BTreeMap<String, Outcome> {
    std::thread::scope(|scope| {
        let asked: Vec<_> = witnesses
            .iter()
            .map(|witness| {
                let name = witness.vkey().name().to_string();
                let size = known.get(&name).copied().unwrap_or(0);
                (
                    name,
                    scope.spawn(move || ask(*witness, checkpoint, size, proof)),
                )
            })
            .collect();
        let died = |_| Outcome::Without("the client died".to_owned());
        asked
            .into_iter()
            .map(|(name, thread)| (name, thread.join().unwrap_or_else(died)))
            .collect()
    })
}

fn ask(
    witness: &dyn Witness,
    checkpoint: &SignedCheckpoint,
    known_size: u64,
    proof: Proof<'_>,
) -> Outcome {
    let our_size = checkpoint.checkpoint().size;
    let mut old_size = known_size.min(our_size);
    for _ in 0..TRIES_MAX {
        let proof = match proof(old_size) {
            Ok(proof) => proof,
            Err(cause) => return Outcome::Without(cause),
        };
        let request = AddCheckpoint {
            old_size,
            proof,
            checkpoint: checkpoint.clone(),
        };
        match witness.add_checkpoint(&request) {
            Answer::Cosigned(lines) => return judge(witness.vkey(), checkpoint, lines),
            Answer::Conflict { size } if size > our_size => return Outcome::Larger { size },
            Answer::Conflict { size } => old_size = size,
            Answer::Inconsistent => return Outcome::Inconsistent,
            Answer::Refused(cause) | Answer::Silent(cause) => return Outcome::Without(cause),
        }
    }
    Outcome::Without("it names another size each time".to_owned())
}

/// A witness may send several lines, with keys that we do not know; one must be its own and verify.
fn judge(vkey: &Vkey, checkpoint: &SignedCheckpoint, lines: Vec<Signature>) -> Outcome {
    let text = checkpoint.note().text();
    let own = lines
        .into_iter()
        .find(|line| line.is_by(vkey) && cosignature::verify(text, vkey, line).is_ok());
    own.map_or_else(
        || Outcome::Without("its cosignature does not verify".to_owned()),
        Outcome::Cosigned,
    )
}
