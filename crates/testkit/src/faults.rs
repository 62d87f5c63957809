//! What goes wrong, and when: every write of a simulation is a numbered step, and one step can be chosen to fail.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How a step goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The power goes before it is done.
    CrashBefore,
    /// The power goes once it is done, or is on its way.
    CrashAfter,
    /// It is not done and says so.
    NotDone,
    /// It is done, and says that it failed.
    DoneButFailed,
    /// An fsync says that the data is lost, and it is. Other steps: not done.
    Lost,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 5] = [
        Fault::CrashBefore,
        Fault::CrashAfter,
        Fault::NotDone,
        Fault::DoneButFailed,
        Fault::Lost,
    ];
}

/// The step counter, shared by all that a simulated machine writes to.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    steps: u64,
    armed: Option<(u64, Fault)>,
    has_crashed: bool,
    has_struck: bool,
    log: Vec<String>,
}

/// The machine has lost its power; nothing works until it is started again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crashed;

impl Faults {
    /// Without any fault.
    pub fn new() -> Faults {
        Faults::default()
    }

    /// Lets the `steps`th step from now on (counted from 1) go wrong, once.
    pub fn arm(&self, steps: u64, fault: Fault) {
        let mut state = self.state();
        let at = state.steps + steps;
        state.armed = Some((at, fault));
    }

    /// Nothing goes wrong from now on.
    pub fn disarm(&self) {
        self.state().armed = None;
    }

    /// How many steps were made.
    pub fn steps(&self) -> u64 {
        self.state().steps
    }

    /// Whether the power is gone.
    pub fn has_crashed(&self) -> bool {
        self.state().has_crashed
    }

    /// Takes the power away.
    pub fn crash(&self) {
        self.state().has_crashed = true;
    }

    /// The power is back.
    pub fn restart(&self) {
        self.state().has_crashed = false;
    }

    /// Whether a fault has struck since this was last asked.
    pub fn take_struck(&self) -> bool {
        std::mem::take(&mut self.state().has_struck)
    }

    /// The last steps, for whoever looks for the reason of a failure.
    pub fn log(&self) -> Vec<String> {
        self.state().log.clone()
    }

    /// Makes a step: which fault it has, if any. `Err` if the power is gone, or goes before it.
    pub fn step(&self, what: impl FnOnce() -> String) -> Result<Option<Fault>, Crashed> {
        let mut state = self.state();
        if state.has_crashed {
            return Err(Crashed);
        }
        state.steps += 1;
        let fault = state
            .armed
            .filter(|(at, _)| *at == state.steps)
            .map(|(_, fault)| fault);
        state.has_struck |= fault.is_some();
        let line = format!("{}: {} {fault:?}", state.steps, what());
        state.log.push(line);
        match fault {
            Some(Fault::CrashBefore) => {
                state.has_crashed = true;
                Err(Crashed)
            }
            Some(Fault::CrashAfter) => {
                state.has_crashed = true;
                Ok(fault)
            }
            _ => Ok(fault),
        }
    }

    /// Whether the power is there, for what is not a step.
    pub fn alive(&self) -> Result<(), Crashed> {
        if self.has_crashed() {
            Err(Crashed)
        } else {
            Ok(())
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
