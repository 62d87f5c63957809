//! Taking in: one large file, and very many small ones, through the office as any user would.

use std::path::{Path, PathBuf};

use office::{Founding, Material, Office, Receipt, SmallMaterial, Writer};
use record::ids::CircleId;
use vault::kdf::KdfCost;
use vault::keys::Identity;
use vault::passphrase::Passphrase;

use super::ceiling;
use super::figure::{Better, Figure};
use super::laboratory::{Laboratory, cannot_write, noise, sha256_rate, timed};
use crate::failure::{Failure, fault};
use crate::surroundings;

/// Size of a small file.
const SMALL_BYTES: usize = 4096;
/// Files of one batch, as `mahzar add` makes them.
const BATCH: usize = 1_000;
/// Files for the time of one fsync each.
const SINGLE_FILES: usize = 256;
/// The peers are measured this often; the best counts, in their favour.
const PEER_RUNS: usize = 2;
/// The most that one disk's speed can ask of small files, by the limit that the project set itself.
const SMALL_FILES_ENOUGH: f64 = 6_000.0;
/// And the multiple of one fsync for each.
const SMALL_FILES_TIMES: f64 = 10.0;

/// An office with one member and one circle, in the laboratory.
pub struct BenchOffice {
    office: Office,
    passphrase: Passphrase,
    circle: CircleId,
}

impl BenchOffice {
    /// Founds it.
    pub fn found(laboratory: &Laboratory, name: &str) -> Result<BenchOffice, Failure> {
        let setting = surroundings::setting();
        let passphrase = Passphrase::generate(&mut setting.dice());
        let founding = Founding {
            folder: laboratory.path(name),
            origin: None,
            name: "bench".to_owned(),
            founder: "bench".to_owned(),
            founder_passphrase: Some(passphrase.clone()),
            unlock: passphrase.clone(),
            cost: KdfCost {
                memory_kib: 8,
                passes: 1,
                lanes: 1,
            },
            recovery_stewards: 1,
            recovery_delay_seconds: 0,
        };
        let office = Office::found(founding, setting).map_err(failed)?.office;
        let session = office.sign_in("bench", &passphrase).map_err(failed)?;
        let circle = office.create_circle(&session, "bench").map_err(failed)?;
        Ok(BenchOffice {
            office,
            passphrase,
            circle,
        })
    }

    /// The office.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// Where it lies.
    pub fn folder(&self) -> PathBuf {
        self.office.folder().to_owned()
    }

    /// What opens it, and signs its one member in.
    pub fn passphrase(&self) -> &Passphrase {
        &self.passphrase
    }

    /// Does something as a member who may enter.
    pub fn as_writer<T>(
        &self,
        work: impl FnOnce(&Writer<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let session = self
            .office
            .sign_in("bench", &self.passphrase)
            .map_err(failed)?;
        let writer = self.office.writer(&session, self.circle).map_err(failed)?;
        work(&writer)
    }
}

/// One large file.
pub fn large(laboratory: &Laboratory, bytes: u64) -> Result<Vec<Figure>, Failure> {
    let source = laboratory.file("large", bytes)?;
    let bench = BenchOffice::found(laboratory, "large-office")?;
    let taken = bench.as_writer(|writer| {
        let content =
            std::fs::File::open(&source).map_err(|error| cannot_write(&source, &error))?;
        let material = Material {
            content,
            folder: String::new(),
            file_name: "large".to_owned(),
        };
        let (receipt, time) = timed(|| bench.office.receive(writer, material));
        receipt.map_err(failed)?;
        Ok(time)
    })?;
    let rate = mebibytes(bytes, taken.as_secs_f64());
    let cipher = ceiling::cipher_rate().ok_or_else(|| failed("the cipher"))?;
    let write = laboratory.durable_write_rate(bytes)?;
    let best = ceiling::overlapped(sha256_rate(), cipher, write);
    let mut figures = vec![Figure {
        name: "intake-large".to_owned(),
        value: rate,
        unit: "MiB/s",
        beside: "ceiling: SHA-256, ChaCha20-Poly1305 and the durable write, overlapped on 2 cores"
            .to_owned(),
        beside_value: best / MEBIBYTE,
        better: Better::More,
    }];
    if let Some(peer) = age(laboratory, &source)? {
        figures.push(Figure {
            name: "intake-large/age".to_owned(),
            value: rate,
            unit: "MiB/s",
            beside: "age of this machine, then sync of its output".to_owned(),
            beside_value: mebibytes(bytes, peer),
            better: Better::More,
        });
    }
    Ok(figures)
}

/// The best time of the age that is installed, in seconds.
fn age(laboratory: &Laboratory, source: &Path) -> Result<Option<f64>, Failure> {
    let recipient = Identity::generate(&mut surroundings::setting().dice())
        .to_recipient()
        .to_string();
    let mut best: Option<f64> = None;
    for _ in 0..PEER_RUNS {
        let to = laboratory.path("large.age");
        let Some(time) = ceiling::age_and_sync(&recipient, source, &to).map_err(failed)? else {
            return Ok(None);
        };
        best = Some(best.map_or(time.as_secs_f64(), |best| best.min(time.as_secs_f64())));
    }
    Ok(best)
}

/// Many small files, from the disk.
pub fn small(laboratory: &Laboratory, files: usize) -> Result<Vec<Figure>, Failure> {
    let folder = laboratory.path("small");
    make_small(&folder, files).map_err(|error| cannot_write(&folder, &error))?;
    let bench = BenchOffice::found(laboratory, "small-office")?;
    let taken = bench.as_writer(|writer| {
        let (done, time) = timed(|| take_small(&bench.office, writer, &folder, files));
        done.map(|()| time)
    })?;
    let singles =
        ceiling::one_fsync_per_file(&laboratory.path("singles"), SINGLE_FILES, SMALL_BYTES)
            .map_err(failed)?;
    Ok(vec![Figure {
        name: "intake-small".to_owned(),
        value: files as f64 / taken.as_secs_f64(),
        unit: "files/s",
        beside: format!(
            "the lower of 6,000 and 10 times one fsync per file ({singles:.0} files/s here)"
        ),
        beside_value: (SMALL_FILES_TIMES * singles).min(SMALL_FILES_ENOUGH),
        better: Better::More,
    }])
}

fn make_small(folder: &Path, files: usize) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut content = noise(SMALL_BYTES);
    (0..files).try_for_each(|number| {
        content[..8].copy_from_slice(&(number as u64).to_be_bytes());
        std::fs::write(folder.join(number.to_string()), &content)
    })
}

/// As `mahzar add` does it: one batch is read while the other is taken in.
fn take_small(
    office: &Office,
    writer: &Writer<'_>,
    folder: &Path,
    files: usize,
) -> Result<(), Failure> {
    let (hand, batches) = std::sync::mpsc::sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for start in (0..files).step_by(BATCH) {
                let batch: std::io::Result<Vec<SmallMaterial>> = (start
                    ..(start + BATCH).min(files))
                    .map(|number| read_small(folder, number))
                    .collect();
                if hand.send(batch).is_err() {
                    return;
                }
            }
        });
        for batch in batches {
            let receipts = office
                .receive_small(writer, &batch.map_err(failed)?)
                .map_err(failed)?;
            if !receipts
                .iter()
                .all(|receipt| matches!(receipt, Receipt::New { .. }))
            {
                return Err(failed("a file was taken for a copy of another"));
            }
        }
        Ok(())
    })
}

fn read_small(folder: &Path, number: usize) -> std::io::Result<SmallMaterial> {
    let content = std::fs::read(folder.join(number.to_string()))?;
    Ok(SmallMaterial {
        content,
        folder: String::new(),
        file_name: number.to_string(),
    })
}

const MEBIBYTE: f64 = 1024.0 * 1024.0;

fn mebibytes(bytes: u64, seconds: f64) -> f64 {
    bytes as f64 / MEBIBYTE / seconds
}

fn failed(error: impl std::fmt::Display) -> Failure {
    fault("fault-bench").text("name", "intake").because(error)
}
