//! What a process took: CPU and wall time, and the peak of its memory. Read from `/proc`, as Linux tells it.

use std::fs;
use std::io;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::bench::laboratory::timed;

/// Ticks a second in which Linux tells CPU time to programs, on every machine.
const TICKS: f64 = 100.0;

/// Fields of `/proc/self/stat` behind the name: user and system time of children that have ended.
const CHILDREN_FIELDS: [usize; 2] = [13, 14];

/// How often the memory is looked at. The peak only grows, so that the last look before the end is all but it.
const LOOK: Duration = Duration::from_millis(10);

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// Seconds of all cores.
    pub cpu: f64,
    /// Seconds on the clock.
    pub wall: f64,
    /// The largest resident set.
    pub memory_mib: f64,
}

/// Runs a program to its end; an error if it fails.
pub fn run(command: &mut Command) -> io::Result<Spent> {
    let before = children_seconds()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let (id, has_ended) = (child.id(), AtomicBool::new(false));
    let (ended, wall, memory_mib) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| watched(id, &has_ended));
        let mut said = String::new();
        let (ended, wall) = timed(|| {
            if let Some(stderr) = &mut child.stderr {
                io::Read::read_to_string(stderr, &mut said)?;
            }
            child.wait()
        });
        has_ended.store(true, Ordering::Relaxed);
        let last = said.lines().last().unwrap_or_default().to_owned();
        (
            ended.map(|status| (status, last)),
            wall,
            watch.join().unwrap_or(0.0),
        )
    });
    let (status, last) = ended?;
    if !status.success() {
        return Err(io::Error::other(format!("{status}: {last}")));
    }
    Ok(Spent {
        cpu: children_seconds()? - before,
        wall: wall.as_secs_f64(),
        memory_mib,
    })
}

/// The peak of a process's memory in MiB, looked at until it has ended.
fn watched(id: u32, has_ended: &AtomicBool) -> f64 {
    let mut peak = 0.0;
    while !has_ended.load(Ordering::Relaxed) {
        if let Ok(status) = fs::read_to_string(format!("/proc/{id}/status")) {
            peak = peak_mib(&status).unwrap_or(peak);
        }
        std::thread::sleep(LOOK);
    }
    peak
}

fn peak_mib(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}

fn children_seconds() -> io::Result<f64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let malformed = || io::Error::other("/proc/self/stat has another form");
    let (_, behind) = text.rsplit_once(')').ok_or_else(malformed)?;
    let fields: Vec<&str> = behind.split_whitespace().collect();
    let mut ticks = 0.0;
    for field in CHILDREN_FIELDS {
        let value = fields
            .get(field)
            .and_then(|field| field.parse::<f64>().ok());
        ticks += value.ok_or_else(malformed)?;
    }
    Ok(ticks / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_takes_is_seen() {
        // A shell that counts: some tenths of a second of one core.
        let mut command = Command::new("sh");
        command.args(["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"]);
        let spent = run(&mut command).expect("it ends");
        assert!(spent.cpu > 0.0 && spent.wall > 0.0, "{spent:?}");
        assert!((0.1..100.0).contains(&spent.memory_mib), "{spent:?}");
    }

    #[test]
    fn one_that_fails_is_not_measured() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo no >&2; exit 3"]);
        let error = run(&mut command).expect_err("it fails").to_string();
        assert!(error.ends_with("no"), "{error}");
    }
}
