//! What the process asks of the system before it reads a secret.

use rustix::fs::Mode;
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit, umask,
};

/// No core file, no reading of this process's memory by others of the same user, and new files for their owner only.
///
/// A system that refuses one of these still runs the program: they narrow what a fault gives away, and nothing rests on them.
pub fn harden() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let refused = setrlimit(Resource::Core, none).is_err()
        | set_dumpable_behavior(DumpableBehavior::NotDumpable).is_err();
    if refused {
        eprintln!("mahzar: the system keeps core files possible; a crash could write keys to disk");
    }
    umask(Mode::RWXG | Mode::RWXO);
}
