//! How fast an outsider checks: one proof, and a bundle of a thousand items.

use std::io::{Cursor, Read};

use record::bundle::{self, Exhibit, FileLine, Manifest, MediaType, Publisher, Title, Writer};
use record::canonical::Value;
use record::checkpoint::{Checkpoint, SignedCheckpoint, log_vkey};
use record::commitment;
use record::cosignature::{cosign, witness_vkey};
use record::entry::{Entry, Envelope, Kind, Timestamp};
use record::hash::{Hash, leaf_hash, node_hash, sha256};
use record::ids::{CircleId, EntryId, MemberId, Origin};
use record::policy::Policy;
use record::proof::{Extra, OpenedContent, Proof};
use record::signature::SigningKey;
use record::tree::{NodeReader, inclusion_proof};

use super::figure::{Better, Figure};
use super::laboratory::{median, noise, sha256_rate, timed};
use crate::failure::{Failure, fault};

/// Leaves of the tree: a middling office, so proofs of some 17 hashes.
const LEAVES: u64 = 1 << 17;
/// Size of the one proved file.
const FILE_BYTES: usize = 4096;
/// How often one proof is checked; the median counts.
const TIMES: usize = 200;
/// Items of the bundle.
const ITEMS: usize = 1_000;
/// Size of each; together 64 MiB.
const ITEM_BYTES: usize = 64 * 1024;
/// The limit for one proof, in microseconds.
const PROOF_LIMIT_MICROS: f64 = 1_000.0;
/// A day long gone; nothing here goes to anybody.
const AT: u64 = 1_800_000_000;

/// Measures both.
pub fn measure() -> Result<Vec<Figure>, Failure> {
    let office = Sample::make().ok_or_else(sample_failed)?;
    let proof = office.proof().ok_or_else(sample_failed)?;
    let bundle = office.bundle().ok_or_else(sample_failed)?;
    Ok(vec![
        one_proof(&office, &proof)?,
        whole_bundle(&office, &bundle)?,
    ])
}

fn one_proof(office: &Sample, proof: &str) -> Result<Figure, Failure> {
    let content = content_of(ITEMS, FILE_BYTES);
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let (report, time) =
            timed(|| record::exhibit::verify(proof.as_bytes(), content.as_slice(), &office.policy));
        report.map_err(|error| {
            fault("fault-bench")
                .text("name", "verify-proof")
                .because(error)
        })?;
        times.push(time);
    }
    Ok(Figure {
        name: "verify-proof".to_owned(),
        value: median(times).as_secs_f64() * 1e6,
        unit: "µs",
        beside: "limit for one proof with two countersignatures".to_owned(),
        beside_value: PROOF_LIMIT_MICROS,
        better: Better::Less,
    })
}

fn whole_bundle(office: &Sample, bytes: &[u8]) -> Result<Figure, Failure> {
    let hash_rate = sha256_rate();
    let mut rates = Vec::new();
    for _ in 0..3 {
        let (report, time) = timed(|| bundle::verify(Cursor::new(bytes), &office.policy));
        report.map_err(|error| {
            fault("fault-bench")
                .text("name", "verify-proof")
                .because(error)
        })?;
        rates.push(time);
    }
    Ok(Figure {
        name: "verify-proof/bundle".to_owned(),
        value: bytes.len() as f64 / median(rates).as_secs_f64() / 1e6,
        unit: "MB/s",
        beside: "SHA-256 alone, one core".to_owned(),
        beside_value: hash_rate / 1e6,
        better: Better::More,
    })
}

/// An office that exists only here: its keys are constants, its material is noise.
struct Sample {
    origin: Origin,
    log: SigningKey,
    publisher: SigningKey,
    policy: Policy,
    witnesses: [(Origin, SigningKey); 2],
    tree: Tree,
    items: Vec<OpenedContent>,
    admitted: Envelope,
    published: Envelope,
}

impl Sample {
    fn make() -> Option<Sample> {
        let origin = Origin::new("mahzar.invalid/bench").ok()?;
        let log = SigningKey::from_seed(&[1; 32]);
        let publisher = SigningKey::from_seed(&[2; 32]);
        let witnesses = [
            witness("mahzar.invalid/one", 3)?,
            witness("mahzar.invalid/two", 4)?,
        ];
        let policy = policy(&origin, &log, &witnesses)?;
        let items: Vec<OpenedContent> = (0..ITEMS).map(opened).collect();
        let key = record::encoding::base64_text(publisher.verifying_key().as_bytes());
        let admission = record::map! { "key" => key, "purpose" => "publication" };
        let admitted = public_entry(&origin, "publisher.admitted", admission, &log)?;
        let contents = record::map! {
            "contents" => bundle::contents_digest(&exhibits(&items, |_| Some(Vec::new()))?).ok()?.to_string(),
            "count" => ITEMS as u64,
            "title" => "bench",
        };
        let published = public_entry(&origin, "publication.made", contents, &publisher)?;
        let mut leaves = vec![leaf_hash(admitted.bytes()), leaf_hash(published.bytes())];
        leaves.extend(items.iter().map(|item| leaf_hash(item.leaf().as_bytes())));
        let alone = opened_from(ITEMS, &content_of(ITEMS, FILE_BYTES));
        leaves.push(leaf_hash(alone.leaf().as_bytes()));
        leaves.extend(
            (leaves.len() as u64..LEAVES)
                .map(|index| leaf_hash(&commitment::filler(&[5; 32], index))),
        );
        let tree = Tree::over(leaves);
        Some(Sample {
            origin,
            log,
            publisher,
            policy,
            witnesses,
            tree,
            items,
            admitted,
            published,
        })
    }

    fn checkpoint(&self) -> Option<SignedCheckpoint> {
        let root = *self.tree.levels.last()?.first()?;
        let mut signed = Checkpoint {
            origin: self.origin.clone(),
            size: LEAVES,
            root,
        }
        .sign(&self.log);
        for (name, key) in &self.witnesses {
            let line = cosign(
                &signed.checkpoint().text(),
                AT,
                &witness_vkey(name.clone(), key),
                key,
            );
            signed.add_signature(line);
        }
        Some(signed)
    }

    fn proof_of(&self, index: u64, extra: Extra) -> Option<String> {
        let hashes = self.prove(index)?;
        let proof = Proof {
            extra: Some(extra),
            index,
            hashes,
            checkpoint: self.checkpoint()?,
        };
        proof.encode().ok()
    }

    /// The proof of one small file.
    fn proof(&self) -> Option<String> {
        let opened = opened_from(ITEMS, &content_of(ITEMS, FILE_BYTES));
        self.proof_of(ITEMS as u64 + 2, Extra::Private(opened))
    }

    fn prove(&self, index: u64) -> Option<Vec<Hash>> {
        inclusion_proof(&mut &self.tree, index, LEAVES).ok()
    }

    fn bundle(&self) -> Option<Vec<u8>> {
        let proofs = [
            (
                "proofs/admitted.tlog-proof",
                self.proof_of(0, Extra::Public(Box::new(self.admitted.clone())))?,
            ),
            (
                "proofs/published.tlog-proof",
                self.proof_of(1, Extra::Public(Box::new(self.published.clone())))?,
            ),
        ];
        let contents = exhibits(&self.items, |index| self.prove(index))?;
        let mut files: Vec<FileLine> = contents
            .iter()
            .map(|exhibit| FileLine {
                path: exhibit.path.clone(),
                sha256: exhibit.opened.sha256,
                size: exhibit.opened.size,
            })
            .collect();
        for (path, text) in &proofs {
            let path = bundle::Path::new(*path).ok()?;
            files.push(FileLine {
                path,
                sha256: sha256(text.as_bytes()),
                size: text.len() as u64,
            });
        }
        let manifest = Manifest {
            office: self.origin.clone(),
            day: Timestamp::from_unix_seconds(AT).ok()?.day(),
            title: Title::new("bench").ok()?,
            checkpoint: self.checkpoint()?.to_string(),
            publisher: Publisher {
                key: *self.publisher.verifying_key().as_bytes(),
                admitted: bundle::Path::new(proofs[0].0).ok()?,
            },
            publication: bundle::Path::new(proofs[1].0).ok()?,
            contents,
            files,
        };
        let mut writer = Writer::begin(Vec::new(), &manifest, &self.publisher).ok()?;
        for (number, file) in manifest.files.iter().enumerate() {
            let content: Box<dyn Read> = match number.checked_sub(ITEMS) {
                None => Box::new(Cursor::new(content_of(number, ITEM_BYTES))),
                Some(proof) => Box::new(proofs.get(proof)?.1.as_bytes()),
            };
            writer.add(&file.path, content).ok()?;
        }
        writer.finish().ok()
    }
}

/// A whole tree in memory; its size is a power of two.
struct Tree {
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    fn over(leaves: Vec<Hash>) -> Tree {
        let mut levels = vec![leaves];
        while let Some(last) = levels.last().filter(|last| last.len() > 1) {
            let above = last
                .chunks_exact(2)
                .map(|pair| node_hash(&pair[0], &pair[1]))
                .collect();
            levels.push(above);
        }
        Tree { levels }
    }
}

impl NodeReader for &Tree {
    type Error = &'static str;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, &'static str> {
        let index = usize::try_from(index).map_err(|_| "beyond the tree")?;
        self.levels
            .get(usize::from(level))
            .and_then(|nodes| nodes.get(index))
            .copied()
            .ok_or("beyond the tree")
    }
}

fn exhibits(
    items: &[OpenedContent],
    prove: impl Fn(u64) -> Option<Vec<Hash>>,
) -> Option<Vec<Exhibit>> {
    let exhibit = |(at, opened): (usize, &OpenedContent)| {
        let index = at as u64 + 2;
        Some(Exhibit {
            number: at as u64 + 1,
            path: bundle::Path::new(format!("exhibits/{:04}.bin", at + 1)).ok()?,
            media_type: MediaType::new("application/octet-stream").ok()?,
            opened: opened.clone(),
            index,
            proof: prove(index)?,
        })
    };
    items.iter().enumerate().map(exhibit).collect()
}

fn content_of(number: usize, bytes: usize) -> Vec<u8> {
    let mut content = noise(bytes);
    content[..8].copy_from_slice(&(number as u64).to_be_bytes());
    content
}

fn opened(number: usize) -> OpenedContent {
    opened_from(number, &content_of(number, ITEM_BYTES))
}

fn opened_from(number: usize, content: &[u8]) -> OpenedContent {
    let salt = commitment::filler(&[6; 32], number as u64);
    let commitment_env = sha256(&salt);
    OpenedContent {
        commitment_env,
        salt,
        sha256: sha256(content),
        size: content.len() as u64,
    }
}

fn witness(name: &str, seed: u8) -> Option<(Origin, SigningKey)> {
    Some((Origin::new(name).ok()?, SigningKey::from_seed(&[seed; 32])))
}

fn policy(
    origin: &Origin,
    log: &SigningKey,
    witnesses: &[(Origin, SigningKey); 2],
) -> Option<Policy> {
    let [one, two] = witnesses
        .each_ref()
        .map(|(name, key)| witness_vkey(name.clone(), key));
    let log = log_vkey(origin.clone(), log);
    let text = format!(
        "log {log}\nwitness one {one}\nwitness two {two}\ngroup both all one two\nquorum both\n"
    );
    Policy::parse(text.as_bytes()).ok()
}

fn public_entry(
    origin: &Origin,
    kind: &str,
    body: std::collections::BTreeMap<String, Value>,
    key: &SigningKey,
) -> Option<Envelope> {
    let entry = Entry {
        id: EntryId::from_bytes(*sha256(kind.as_bytes()).as_bytes().first_chunk()?),
        office: origin.clone(),
        circle: CircleId::PUBLIC,
        at: Timestamp::from_unix_seconds(AT).ok()?,
        by: MemberId::OFFICE,
        kind: Kind::new(kind).ok()?,
        body,
        after: None,
    };
    entry.sign(key).ok()
}

fn sample_failed() -> Failure {
    fault("fault-bench").text("name", "verify-proof")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_really_verifies() {
        for figure in measure().expect("the sample verifies") {
            assert!(
                figure.value > 0.0 && figure.beside_value > 0.0,
                "{figure:?}"
            );
        }
    }
}
