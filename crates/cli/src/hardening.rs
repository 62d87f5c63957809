//! What the process does before it reads a secret, so that a fault gives nothing away.

use std::fmt;
use std::panic::{self, Location};

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

/// Says so if memory may be written to a disk in the clear: keys are in this process's memory while members are signed in.
pub fn warn_of_swap() {
    let swaps = std::fs::read_to_string("/proc/swaps").unwrap_or_default();
    for place in in_the_clear(&swaps) {
        eprintln!(
            "mahzar: memory may be written to {place}; switch this swap off, or encrypt it, before members sign in"
        );
    }
}

/// The swap areas of `/proc/swaps` that are neither compressed memory (zram) nor a mapped device, which is how encrypted swap appears.
fn in_the_clear(swaps: &str) -> impl Iterator<Item = &str> {
    swaps
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next())
        .filter(|place| !place.starts_with("/dev/zram") && !place.starts_with("/dev/dm-"))
}

/// From now on a panic says where it happened and nothing else: its message may quote what somebody wrote.
pub fn keep_panics_quiet() {
    panic::set_hook(Box::new(|panic| {
        eprintln!("{}", Panicked(panic.location()));
    }));
}

/// What is said of a panic.
struct Panicked<'a>(Option<&'a Location<'a>>);

impl fmt::Display for Panicked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("mahzar: a fault in the program itself")?;
        if let Some(place) = self.0 {
            write!(f, ", at {}:{}", place.file(), place.line())?;
        }
        f.write_str("; what it was about is not shown")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[test]
    fn swap_in_the_clear_is_told_from_other_swap() {
        let swaps = "Filename Type Size Used Priority\n/dev/zram0 partition 1 0 100\n\
            /dev/dm-1 partition 1 0 -2\n/swapfile file 1 0 -3\n/dev/sda2 partition 1 0 -4\n";
        let found: Vec<&str> = in_the_clear(swaps).collect();
        assert_eq!(found, ["/swapfile", "/dev/sda2"]);
        assert_eq!(in_the_clear("").count(), 0);
    }

    #[test]
    fn a_panic_says_where_and_not_what() {
        let told = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&told);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            *kept.lock().unwrap() = Panicked(panic.location()).to_string();
        }));
        let nobody: Option<u8> = std::hint::black_box(None);
        let caught = panic::catch_unwind(|| nobody.expect("the name of a source"));
        panic::set_hook(before);
        assert!(caught.is_err());
        let told = told.lock().unwrap();
        assert!(told.contains("hardening.rs:"), "{told}");
        assert!(!told.contains("source"), "{told}");
    }
}
