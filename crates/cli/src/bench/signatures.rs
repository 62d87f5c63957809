//! `fsck --entries`: every entry of a circle opened, placed and its signature checked, beside checking signatures alone.

use office::SmallMaterial;
use record::canonical::Map;
use record::entry::{Entry, Envelope, Kind, Timestamp};
use record::ids::{CircleId, EntryId, MemberId, Origin};
use record::signature::SigningKey;

use super::figure::{Better, Figure};
use super::intake::BenchOffice;
use super::laboratory::{Laboratory, timed};
use crate::failure::{Failure, fault};

/// Threads: the cores of the machine the limits are set for.
const THREADS: usize = 2;
/// Entries of one transaction while the circle is filled.
const BATCH: usize = 1_000;
/// Signatures for the peer's time, on each thread.
const SIGNATURES: usize = 10_000;
/// As much of the signatures' own rate as the check must reach.
const SHARE: f64 = 0.8;

/// A circle of `entries` entries, checked.
pub fn measure(laboratory: &Laboratory, entries: usize) -> Result<Figure, Failure> {
    let bench = BenchOffice::found(laboratory, "signatures")?;
    fill(&bench, entries)?;
    let session = bench
        .office()
        .sign_in("bench", bench.passphrase())
        .map_err(failed)?;
    let (check, time) = timed(|| bench.office().check_entries(&[&session], THREADS));
    let check = check.map_err(failed)?;
    if let Some(finding) = check.findings.first() {
        return Err(failed(format!("{}: {}", finding.place, finding.what)));
    }
    Ok(Figure {
        name: "audit/entries".to_owned(),
        value: check.entries as f64 / time.as_secs_f64(),
        unit: "entries/s",
        beside: "0.8 of checking as many signatures and nothing else, on 2 cores".to_owned(),
        beside_value: SHARE * signature_rate()?,
        better: Better::More,
    })
}

fn fill(bench: &BenchOffice, entries: usize) -> Result<(), Failure> {
    bench.as_writer(|writer| {
        for start in (0..entries).step_by(BATCH) {
            let batch: Vec<SmallMaterial> = (start..(start + BATCH).min(entries))
                .map(|number| SmallMaterial {
                    content: number.to_string().into_bytes(),
                    folder: String::new(),
                    file_name: number.to_string(),
                })
                .collect();
            bench
                .office()
                .receive_small(writer, &batch)
                .map_err(failed)?;
        }
        Ok(())
    })
}

/// Signatures of one entry a second, all threads together.
fn signature_rate() -> Result<f64, Failure> {
    let key = SigningKey::from_seed(&[5; 32]);
    let envelope = example(&key)?;
    let verifying = key.verifying_key();
    let (good, time) = timed(|| {
        std::thread::scope(|scope| {
            let work = || (0..SIGNATURES).all(|_| envelope.verify(&verifying).is_ok());
            let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .all(|thread| thread.join().unwrap_or(false))
        })
    });
    if !good {
        return Err(failed("a signature of our own was refused"));
    }
    Ok((SIGNATURES * THREADS) as f64 / time.as_secs_f64())
}

fn example(key: &SigningKey) -> Result<Envelope, Failure> {
    let entry = Entry {
        id: EntryId::from_bytes([1; 16]),
        office: Origin::new("mahzar.invalid/bench").map_err(failed)?,
        circle: CircleId::from_bytes([2; 16]),
        at: Timestamp::from_unix_seconds(1_700_000_000).map_err(failed)?,
        by: MemberId::from_bytes([3; 16]),
        kind: Kind::new("item.received").map_err(failed)?,
        body: Map::from([("text".to_owned(), "x".repeat(300).into())]),
        after: None,
    };
    entry.sign(key).map_err(failed)
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench").text("name", "audit").because(error)
}
