//! A witness in memory: C2SP's tlog-witness without the network, and moody on demand.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use record::checkpoint::Checkpoint;
use record::cosignature::{cosign, witness_vkey};
use record::hash::Hash;
use record::ids::Origin;
use record::note::Vkey;
use record::signature::SigningKey;
use record::tree::verify_consistency;
use record::witness_request::AddCheckpoint;
use register::witness::{Answer, Witness};

use crate::random::Random;

/// How a witness behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// It answers each time.
    Good,
    /// Now and then it is silent, before or after it has done its work.
    Moody,
    /// It never answers and does nothing.
    Silent,
}

/// See the module.
pub struct TestWitness {
    key: SigningKey,
    vkey: Vkey,
    state: Mutex<State>,
}

struct State {
    random: Random,
    mood: Mood,
    logs: BTreeMap<Vec<u8>, Vkey>,
    heads: BTreeMap<Origin, Checkpoint>,
    seen: Vec<Checkpoint>,
}

impl TestWitness {
    /// A witness of this name whose key and moods come from the seed.
    pub fn new(name: &str, seed: u64, mood: Mood) -> Option<TestWitness> {
        let mut random = Random::new(seed);
        let key = SigningKey::from_seed(&random.array());
        let vkey = witness_vkey(Origin::new(name).ok()?, &key);
        let (logs, heads, seen) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        let state = Mutex::new(State {
            random,
            mood,
            logs,
            heads,
            seen,
        });
        Some(TestWitness { key, vkey, state })
    }

    /// It serves this log from now on.
    pub fn know(&self, log: Vkey) {
        self.state()
            .logs
            .insert(log.name().as_str().as_bytes().to_vec(), log);
    }

    /// It behaves so from now on.
    pub fn set_mood(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// Every head that it was shown with a good signature of the log, cosigned or not.
    pub fn seen(&self) -> Vec<Checkpoint> {
        self.state().seen.clone()
    }

    /// The size it last cosigned for this origin.
    pub fn size(&self, origin: &Origin) -> u64 {
        self.state().heads.get(origin).map_or(0, |head| head.size)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn judge(&mut self, request: &AddCheckpoint) -> Result<(), Answer> {
        let new = request.checkpoint.checkpoint().clone();
        let log = self.logs.get(new.origin.as_str().as_bytes());
        let log = log.ok_or_else(|| Answer::Refused("unknown log".to_owned()))?;
        if request.checkpoint.verify_log(log).is_err() {
            return Err(Answer::Refused("bad signature".to_owned()));
        }
        self.seen.push(new.clone());
        let (size, root) = self
            .heads
            .get(&new.origin)
            .map_or((0, Hash::ZERO), |head| (head.size, head.root));
        if size != request.old_size {
            return Err(Answer::Conflict { size });
        }
        let root = if size == 0 {
            record::hash::empty_root()
        } else {
            root
        };
        if verify_consistency(size, &root, new.size, &new.root, &request.proof).is_err() {
            return Err(Answer::Inconsistent);
        }
        self.heads.insert(new.origin.clone(), new);
        Ok(())
    }
}

impl Witness for TestWitness {
    fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    fn add_checkpoint(&self, request: &AddCheckpoint) -> Answer {
        let mut state = self.state();
        let silent = || Answer::Silent("simulated".to_owned());
        let is_moody = state.mood == Mood::Moody;
        if state.mood == Mood::Silent || is_moody && state.random.once_in(4) {
            return silent();
        }
        if let Err(answer) = state.judge(request) {
            return answer;
        }
        if is_moody && state.random.once_in(4) {
            return silent();
        }
        let line = cosign(
            request.checkpoint.note().text(),
            1_700_000_000,
            &self.vkey,
            &self.key,
        );
        Answer::Cosigned(vec![line])
    }
}
