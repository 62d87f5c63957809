//! An office with a record, two witnesses and a bundle, made of fixed keys, so that every run makes the same bytes.
#![expect(dead_code, reason = "each test program uses its own part of the demo")]

use record::bundle::{
    Exhibit, FileLine, Manifest, MediaType, Path, Publisher, Title, Writer, contents_digest,
};
use record::canonical::Map;
use record::checkpoint::{Checkpoint, SignedCheckpoint, log_vkey};
use record::commitment::{Place, c_env, filler};
use record::cosignature::{cosign, witness_vkey};
use record::encoding::base64_text;
use record::entry::{Entry, Envelope, Kind, Timestamp};
use record::hash::{Hash, leaf_hash, sha256};
use record::ids::{CircleId, EntryId, MemberId, Origin};
use record::map;
use record::note::{Signature, Vkey};
use record::policy::Policy;
use record::proof::{Extra, OpenedContent, Proof};
use record::signature::SigningKey;
use record::tree::{NodeReader, RightEdge, inclusion_proof};
use record::verdict::{DoesNotHold, Failure, Malformed};
use std::convert::Infallible;

pub const NOON: &str = "2026-11-22T12:00:00Z";
pub const COSIGNED_AT: u64 = 1_795_349_000;
pub const ADMISSION_INDEX: u64 = 3;
pub const PUBLICATION_INDEX: u64 = 14;

pub fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32])
}

pub fn office_key() -> SigningKey {
    key(1)
}

pub fn publisher_key() -> SigningKey {
    key(2)
}

pub fn witness_key(number: u8) -> SigningKey {
    key(10 + number)
}

pub fn origin() -> Origin {
    Origin::new("mahzar.invalid/00112233445566778899aabbccddeeff").expect("an origin")
}

pub fn witness(number: u8) -> Vkey {
    let name = Origin::new(format!("witness{number}.example")).expect("an origin");
    witness_vkey(name, &witness_key(number))
}

/// Two witnesses of two.
pub fn policy_text() -> String {
    format!(
        "# The office and its outside offices.\nlog {}\nwitness W1 {}\nwitness W2 {} https://w2.example/\ngroup both all W1 W2\nquorum both\n",
        log_vkey(origin(), &office_key()),
        witness(1),
        witness(2)
    )
}

pub fn policy() -> Policy {
    Policy::parse(policy_text().as_bytes()).expect("a policy")
}

pub fn public_entry(id: u8, kind: &str, body: Map) -> Entry {
    Entry {
        id: EntryId::from_bytes([id; 16]),
        office: origin(),
        circle: CircleId::PUBLIC,
        at: NOON.parse().expect("a moment"),
        by: MemberId::OFFICE,
        kind: Kind::new(kind).expect("a kind"),
        body,
        after: None,
    }
}

/// A tree in memory.
#[derive(Default)]
pub struct Tree {
    pub edge: RightEdge,
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    pub fn push(&mut self, leaf: &[u8]) -> u64 {
        let index = self.edge.size();
        let levels = &mut self.levels;
        self.edge
            .append_leaves([leaf_hash(leaf)], |level, _, node| {
                if levels.len() == usize::from(level) {
                    levels.push(Vec::new());
                }
                levels[usize::from(level)].push(*node);
            });
        index
    }

    pub fn prove(&self, index: u64) -> Vec<Hash> {
        inclusion_proof(&mut &*self, index, self.edge.size()).expect("a leaf of the tree")
    }
}

impl NodeReader for &Tree {
    type Error = Infallible;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, Infallible> {
        Ok(self.levels[usize::from(level)][index as usize])
    }
}

/// What goes into a bundle, with a hook for each thing that a test wants to be false.
pub struct Recipe {
    pub materials: Vec<Vec<u8>>,
    pub admission: fn(&mut Entry),
    pub admission_key: SigningKey,
    pub publication: fn(&mut Entry),
    pub publication_key: SigningKey,
    pub manifest: fn(&mut Manifest),
    pub manifest_key: SigningKey,
    pub checkpoint: fn(&mut Checkpoint),
    pub log_key: SigningKey,
    pub signed: fn(&mut SignedCheckpoint),
    pub proof: fn(&mut Proof),
}

fn nothing<T>(_: &mut T) {}

impl Default for Recipe {
    fn default() -> Recipe {
        Recipe {
            materials: vec![
                b"What was seen on the morning of the twelfth.\n".to_vec(),
                "آنچه در بامداد دوازدهم دیده شد.\n".as_bytes().to_vec(),
                Vec::new(),
            ],
            admission: nothing,
            admission_key: office_key(),
            publication: nothing,
            publication_key: publisher_key(),
            manifest: nothing,
            manifest_key: publisher_key(),
            checkpoint: nothing,
            log_key: office_key(),
            signed: |checkpoint| {
                for number in [1, 2] {
                    let line = cosigned(checkpoint, number, COSIGNED_AT + u64::from(number));
                    checkpoint.add_signature(line);
                }
            },
            proof: nothing,
        }
    }
}

pub fn cosigned(checkpoint: &SignedCheckpoint, number: u8, at: u64) -> Signature {
    cosign(
        checkpoint.note().text(),
        at,
        &witness(number),
        &witness_key(number),
    )
}

/// A bundle and what it was made of.
pub struct Made {
    pub bundle: Vec<u8>,
    pub manifest: Manifest,
    pub checkpoint: SignedCheckpoint,
    pub files: Vec<(Path, Vec<u8>)>,
    pub admission: Envelope,
    pub publication: Envelope,
    /// For each material the proof that opens it.
    pub proofs: Vec<String>,
}

fn opened(number: usize, material: &[u8]) -> OpenedContent {
    let place = Place {
        circle: CircleId::from_bytes([7; 16]),
        seq: number as u64,
        prev: Hash::ZERO,
    };
    OpenedContent {
        commitment_env: c_env(
            &[number as u8; 32],
            &place,
            b"an envelope that stays closed",
        ),
        salt: [(100 + number) as u8; 32],
        sha256: sha256(material),
        size: material.len() as u64,
    }
}

fn path(text: &str) -> Path {
    Path::new(text).expect("a path")
}

impl Recipe {
    pub fn make(&self) -> Made {
        let mut tree = Tree::default();
        let admission = self.admission_envelope();
        let mut exhibits: Vec<Exhibit> = self.exhibits();
        let publication = self.publication_envelope(&exhibits);
        for index in 0..16 + self.materials.len() as u64 {
            match index {
                ADMISSION_INDEX => tree.push(admission.bytes()),
                PUBLICATION_INDEX => tree.push(publication.bytes()),
                16.. => tree.push(exhibits[index as usize - 16].opened.leaf().as_bytes()),
                _ => tree.push(&filler(&[9; 32], index)),
            };
        }
        for exhibit in &mut exhibits {
            exhibit.proof = tree.prove(exhibit.index);
        }
        let checkpoint = self.signed_checkpoint(&tree);
        let files = self.files(&tree, &checkpoint, &admission, &publication);
        let manifest = self.signed_manifest(exhibits.clone(), &checkpoint, &files);
        let bundle = self.archive(&manifest, &files);
        let proofs = exhibits.into_iter().map(|exhibit| {
            let proof = Proof {
                extra: Some(Extra::Private(exhibit.opened)),
                index: exhibit.index,
                hashes: exhibit.proof,
                checkpoint: checkpoint.clone(),
            };
            proof.encode().expect("within the limits")
        });
        let proofs = proofs.collect();
        Made {
            bundle,
            manifest,
            checkpoint,
            files,
            admission,
            publication,
            proofs,
        }
    }

    fn admission_envelope(&self) -> Envelope {
        let body = map! {
            "key" => base64_text(publisher_key().verifying_key().as_bytes()),
            "purpose" => "publication",
        };
        let mut admission = public_entry(1, "publisher.admitted", body);
        (self.admission)(&mut admission);
        admission.sign(&self.admission_key).expect("an entry")
    }

    fn publication_envelope(&self, exhibits: &[Exhibit]) -> Envelope {
        let body = map! {
            "contents" => contents_digest(exhibits).expect("small numbers").to_string(),
            "count" => exhibits.len() as u64,
            "title" => "The twelfth",
        };
        let mut publication = public_entry(2, "publication.made", body);
        (self.publication)(&mut publication);
        publication.sign(&self.publication_key).expect("an entry")
    }

    fn exhibits(&self) -> Vec<Exhibit> {
        let exhibits = self
            .materials
            .iter()
            .enumerate()
            .map(|(at, material)| Exhibit {
                number: at as u64 + 1,
                path: path(&format!("exhibits/{}.txt", at + 1)),
                media_type: MediaType::new("text/plain").expect("a media type"),
                opened: opened(at + 1, material),
                index: 16 + at as u64,
                proof: Vec::new(),
            });
        exhibits.collect()
    }

    fn signed_checkpoint(&self, tree: &Tree) -> SignedCheckpoint {
        let mut checkpoint = Checkpoint {
            origin: origin(),
            size: tree.edge.size(),
            root: tree.edge.root(),
        };
        (self.checkpoint)(&mut checkpoint);
        let mut signed = checkpoint.sign(&self.log_key);
        (self.signed)(&mut signed);
        signed
    }

    fn files(
        &self,
        tree: &Tree,
        checkpoint: &SignedCheckpoint,
        admission: &Envelope,
        publication: &Envelope,
    ) -> Vec<(Path, Vec<u8>)> {
        let public = |envelope: &Envelope, index: u64| {
            let mut proof = Proof {
                extra: Some(Extra::Public(Box::new(envelope.clone()))),
                index,
                hashes: tree.prove(index),
                checkpoint: checkpoint.clone(),
            };
            (self.proof)(&mut proof);
            proof.encode().expect("within the limits").into_bytes()
        };
        let mut files = vec![
            (
                path("proofs/publisher.tlog-proof"),
                public(admission, ADMISSION_INDEX),
            ),
            (
                path("proofs/publication.tlog-proof"),
                public(publication, PUBLICATION_INDEX),
            ),
        ];
        let names = (1..).map(|number| path(&format!("exhibits/{number}.txt")));
        files.extend(names.zip(self.materials.iter().cloned()));
        files
    }

    fn signed_manifest(
        &self,
        contents: Vec<Exhibit>,
        checkpoint: &SignedCheckpoint,
        files: &[(Path, Vec<u8>)],
    ) -> Manifest {
        let lines = files.iter().map(|(path, bytes)| FileLine {
            path: path.clone(),
            sha256: sha256(bytes),
            size: bytes.len() as u64,
        });
        let mut manifest = Manifest {
            office: origin(),
            day: "2026-11-22".parse().expect("a day"),
            title: Title::new("The twelfth").expect("a title"),
            checkpoint: checkpoint.to_string(),
            publisher: Publisher {
                key: *publisher_key().verifying_key().as_bytes(),
                admitted: files[0].0.clone(),
            },
            publication: files[1].0.clone(),
            contents,
            files: lines.collect(),
        };
        (self.manifest)(&mut manifest);
        manifest
    }

    /// Written by the crate where the manifest describes the files, otherwise by hand.
    fn archive(&self, manifest: &Manifest, files: &[(Path, Vec<u8>)]) -> Vec<u8> {
        let write = || -> Result<Vec<u8>, record::bundle::WriteError> {
            let mut writer = Writer::begin(Vec::new(), manifest, &self.manifest_key)?;
            for (path, bytes) in files {
                writer.add(path, bytes.as_slice())?;
            }
            writer.finish()
        };
        write().unwrap_or_else(|_| {
            let signed = manifest
                .sign(&self.manifest_key)
                .expect("a manifest in shape");
            let files = files
                .iter()
                .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
            raw_archive(
                [("manifest.json", signed.as_slice())]
                    .into_iter()
                    .chain(files),
            )
        })
    }
}

/// A ustar header written independently of the crate, from the specification's list of fields.
pub fn raw_header(name: &str, size: u64) -> Vec<u8> {
    let mut header = Vec::new();
    let mut field = |text: &[u8], width: usize| {
        header.extend_from_slice(text);
        header.resize(header.len() + width - text.len(), 0);
    };
    field(name.as_bytes(), 100);
    field(b"0000644", 8);
    field(b"0000000", 8);
    field(b"0000000", 8);
    field(format!("{size:011o}").as_bytes(), 12);
    field(b"00000000000", 12);
    field(b"        ", 8);
    field(b"0", 1);
    field(b"", 100);
    field(b"ustar", 6);
    field(b"00", 2);
    field(b"", 32);
    field(b"", 32);
    field(b"0000000", 8);
    field(b"0000000", 8);
    field(b"", 155);
    field(b"", 12);
    sum_header(&mut header);
    header
}

/// Puts the right checksum into a header.
pub fn sum_header(header: &mut [u8]) {
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

/// An archive of these files, whatever they are.
pub fn raw_archive<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, bytes) in files {
        archive.extend_from_slice(&raw_header(name, bytes.len() as u64));
        archive.extend_from_slice(bytes);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize((archive.len() + 1024).next_multiple_of(10_240), 0);
    archive
}

pub fn timestamp(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// What a check says, comparable.
#[derive(Debug, PartialEq)]
pub enum Verdict {
    Holds,
    Malformed(Malformed),
    DoesNotHold(DoesNotHold),
    Unreadable,
}

pub fn verdict<T>(result: Result<T, Failure>) -> Verdict {
    match result {
        Ok(_) => Verdict::Holds,
        Err(Failure::Malformed(reason, _)) => Verdict::Malformed(reason),
        Err(Failure::DoesNotHold(reason, _)) => Verdict::DoesNotHold(reason),
        Err(Failure::Unreadable(_)) => Verdict::Unreadable,
    }
}

pub fn judge(bundle: &[u8]) -> Verdict {
    verdict(record::bundle::verify(bundle, &policy()))
}

pub fn judge_recipe(change: impl FnOnce(&mut Recipe)) -> Verdict {
    let mut recipe = Recipe::default();
    change(&mut recipe);
    judge(&recipe.make().bundle)
}
