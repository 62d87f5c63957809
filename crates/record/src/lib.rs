//! The record of an office: what is said in it, and how an outsider proves it.
//!
//! Everything of consequence in an office is an [`entry`]: a signed sentence. The record holds one leaf for each, a
//! [`commitment`] or, for what is public, the entry itself, in a transparency log in the formats of C2SP. A [`proof`] or a
//! [`bundle`] then shows to somebody who trusts nobody that material is unaltered since it was entered, and which outside
//! offices countersigned that.
//!
//! **Specification.** `docs/spec/entry.md` ([`canonical`], [`dsse`], [`entry`], [`commitment`], [`signature`]),
//! `docs/spec/record.md` ([`tree`], [`tile`], [`note`], [`checkpoint`], [`cosignature`], [`policy`], [`proof`],
//! [`witness_request`]) and `docs/spec/bundle.md` ([`bundle`], [`exhibit`], [`verdict`]).
//!
//! **Deliberately absent.** No clock, file, network, environment or random source: times, keys, salts and bytes are
//! arguments, so the same input always gives the same answer. No encryption (that is the vault's), no storage and no
//! sequencing (the register's), no meaning of the kinds of entries (the office's). No signature type but Ed25519, and no
//! other tree hash than RFC 6962's with SHA-256.
//!
//! # An example
//! A text is entered, the office signs the head of its record, a witness countersigns, and somebody else checks the file.
//!
//! ```
//! use record::checkpoint::{Checkpoint, log_vkey};
//! use record::commitment::{Place, c_env};
//! use record::cosignature::{cosign, witness_vkey};
//! use record::hash::{Hash, leaf_hash, sha256};
//! use record::ids::{CircleId, Origin};
//! use record::policy::Policy;
//! use record::proof::{Extra, OpenedContent, Proof};
//! use record::signature::SigningKey;
//! use record::tree::RightEdge;
//!
//! // Random and secret in earnest.
//! let (office_key, witness_key) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
//! let (salt1, salt2) = ([3; 32], [4; 32]);
//!
//! // The leaf commits to the envelope, which stays closed, and to the material.
//! let material = b"What was seen on the morning of the twelfth.";
//! let place = Place { circle: CircleId::from_bytes([5; 16]), seq: 0, prev: Hash::ZERO };
//! let opened = OpenedContent {
//!     commitment_env: c_env(&salt1, &place, b"the bytes of a signed envelope"),
//!     salt: salt2,
//!     sha256: sha256(material),
//!     size: material.len() as u64,
//! };
//! let mut record = RightEdge::new();
//! record.append(leaf_hash(opened.leaf().as_bytes()));
//!
//! // The office signs the head, and an outside office countersigns it.
//! let origin = Origin::new("office.example")?;
//! let witness = witness_vkey(Origin::new("witness.example")?, &witness_key);
//! let head = Checkpoint { origin: origin.clone(), size: record.size(), root: record.root() };
//! let mut checkpoint = head.sign(&office_key);
//! let line = cosign(checkpoint.note().text(), 1_795_348_800, &witness, &witness_key);
//! checkpoint.add_signature(line);
//! let extra = Some(Extra::Private(opened));
//! let proof = Proof { extra, index: 0, hashes: vec![], checkpoint }.encode()?;
//!
//! // What the other person has: the file, the proof, and a policy.
//! let log = log_vkey(origin, &office_key);
//! let policy = Policy::parse(format!("log {log}\nwitness W {witness}\nquorum W\n").as_bytes())?;
//! let report = record::exhibit::verify(proof.as_bytes(), &material[..], &policy)?;
//! assert_eq!(report.index, 0);
//! assert_eq!(report.countersigned[0].unix_seconds, 1_795_348_800);
//! assert!(record::exhibit::verify(proof.as_bytes(), &b"altered"[..], &policy).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod commitment;
pub mod cosignature;
pub mod dsse;
pub mod encoding;
pub mod entry;
pub mod exhibit;
pub mod hash;
pub mod ids;
pub mod note;
pub mod policy;
pub mod proof;
pub mod signature;
pub mod tile;
pub mod timestamp;
pub mod tree;
pub mod verdict;
pub mod witness_request;
