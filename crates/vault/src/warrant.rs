//! Warrants: what a key-holder's program must see before a share moves.
//!
//! A warrant is an entry (`warrant.issued`) of the circle that the object belongs to. The key-holder gets a [`WarrantFile`]: the
//! entry with everything that opens its commitment, and the proof that this commitment stands in the office's record under a
//! checkpoint that outside offices have countersigned. So a share never moves for a warrant that could later be denied.

use rand_core::CryptoRng;
use record::canonical::{self, CanonicalError, FieldError, Fields, Map, Value};
use record::commitment::{self, Place};
use record::encoding::base64_text;
use record::entry::{Entry, EntryError, Envelope, Kind, Timestamp, VerifyError};
use record::hash::Hash;
use record::ids::MemberId;
use record::map;
use record::policy::{Countersigned, Policy};
use record::proof::{Extra, Proof};
use record::signature::VerifyingKey;
use record::tree::InclusionError;
use record::verdict::{DoesNotHold, Failure};

use crate::binding::ObjectId;
use crate::hybrid;
use crate::share::{Share, ShareError, SharePlace};

/// The kind of the entry.
pub const KIND: &str = "warrant.issued";
/// The kind of the public entry by which a record says whose record it continues (docs/spec/kinds.md).
pub const CONTINUED_KIND: &str = "record.continued";
/// An envelope and two proofs, all at their longest, in base64.
pub const WARRANT_FILE_BYTES_MAX: usize = 1024 * 1024;
/// A warrant that is open for longer is not a decision but a standing permission.
pub const WARRANT_DAYS_MAX: u64 = 90;
/// The issuer's clock may run ahead of the key-holder's by this much.
const CLOCK_DIFFERENCE_SECONDS_MAX: u64 = 600;
const REASON_CHARACTERS_MAX: usize = 2000;

/// What a warrant says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warrant {
    /// The object that is to be opened.
    pub object: ObjectId,
    /// The commitment of the entry that received it.
    pub commitment: Hash,
    /// Why, in the issuer's words.
    pub reason: String,
    /// Who may open it: shares are encrypted anew to this recipient and no other.
    pub requester: hybrid::Recipient,
    /// Until when shares may move.
    pub expires: Timestamp,
    /// How many shares it takes; must be the split's.
    pub threshold: u8,
}

impl Warrant {
    /// The entry's kind.
    pub fn kind() -> Kind {
        Kind::new(KIND).expect("the kind is well-formed")
    }

    /// The entry's body.
    pub fn to_body(&self) -> Map {
        map! {
            "object" => self.object.to_string(),
            "commitment" => self.commitment.to_string(),
            "reason" => self.reason.as_str(),
            "requester" => self.requester.to_string(),
            "expires" => self.expires.to_string(),
            "threshold" => i64::from(self.threshold),
        }
    }

    /// What an entry of this kind says.
    pub fn read(entry: &Entry) -> Result<Warrant, FieldError> {
        if entry.kind.as_str() != KIND {
            return Err(FieldError::value("kind", "the entry is no warrant"));
        }
        let mut fields = Fields::new(entry.body.clone());
        let warrant = Warrant {
            object: fields.parsed("object")?,
            commitment: fields.hash("commitment")?,
            reason: reason(&mut fields)?,
            requester: fields.parsed("requester")?,
            expires: fields.parsed("expires")?,
            threshold: u8::try_from(fields.count("threshold")?)
                .map_err(|_| FieldError::value("threshold", "it is too large"))?,
        };
        fields.finish()?;
        Ok(warrant)
    }
}

fn reason(fields: &mut Fields) -> Result<String, FieldError> {
    let reason = fields.text("reason")?;
    let fits = !reason.trim().is_empty() && reason.chars().count() <= REASON_CHARACTERS_MAX;
    if fits {
        Ok(reason)
    } else {
        Err(FieldError::value("reason", "1 to 2,000 characters"))
    }
}

/// What is carried to a key-holder: the warrant's entry, opened, and its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarrantFile {
    /// The warrant's entry.
    pub envelope: Envelope,
    /// Where it stands in its circle.
    pub place: Place,
    /// Opens `C_env`.
    pub salt1: [u8; 32],
    /// The entry has no object, so this is 32 random bytes.
    pub c_content: Hash,
    /// That the commitment stands in the record; without an extra line.
    pub proof: Proof,
    /// Where the record has got another name since the office was founded: the public entry that says so, under the same checkpoint.
    /// What is private keeps the name of the founding.
    pub continued: Option<Proof>,
}

/// Why a file is no warrant file. Ask the office for it again.
#[derive(Debug, thiserror::Error)]
pub enum WarrantFileError {
    /// Over [`WARRANT_FILE_BYTES_MAX`].
    #[error("the warrant file is longer than 1 MiB")]
    TooLong,
    /// Not canonical JSON.
    #[error("the warrant file: {0}")]
    Canonical(#[source] CanonicalError),
    /// A field is missing, unknown or wrong.
    #[error("the warrant file: {0}")]
    Field(#[source] FieldError),
    /// The entry in it.
    #[error("the warrant's entry: {0}")]
    Entry(#[source] EntryError),
    /// The proof in it.
    #[error("the warrant's proof: {0}")]
    Proof(#[source] Failure),
}

impl WarrantFile {
    /// The file's bytes: canonical JSON.
    pub fn encode(&self) -> Result<Vec<u8>, WarrantFileError> {
        let map = map! {
            "v" => 1i64,
            "envelope" => base64_text(self.envelope.bytes()),
            "seq" => self.place.seq,
            "prev" => self.place.prev.to_string(),
            "salt" => Hash::from_bytes(self.salt1).to_string(),
            "commitment_content" => self.c_content.to_string(),
            "proof" => self.proof.encode().map_err(WarrantFileError::Canonical)?,
            "continued" => self.continued.as_ref().map(Proof::encode).transpose().map_err(WarrantFileError::Canonical)?,
        };
        canonical::encode(&Value::Map(map)).map_err(WarrantFileError::Canonical)
    }

    /// Reads a file; nothing is verified.
    pub fn parse(bytes: &[u8]) -> Result<WarrantFile, WarrantFileError> {
        if bytes.len() > WARRANT_FILE_BYTES_MAX {
            return Err(WarrantFileError::TooLong);
        }
        let map = canonical::parse_payload(bytes).map_err(WarrantFileError::Canonical)?;
        let raw = RawFile::read(Fields::new(map)).map_err(WarrantFileError::Field)?;
        let envelope = Envelope::parse(&raw.envelope).map_err(WarrantFileError::Entry)?;
        let circle = envelope.entry().circle;
        Ok(WarrantFile {
            envelope,
            place: Place {
                circle,
                seq: raw.seq,
                prev: raw.prev,
            },
            salt1: raw.salt1,
            c_content: raw.c_content,
            proof: Proof::parse(raw.proof.as_bytes()).map_err(WarrantFileError::Proof)?,
            continued: raw
                .continued
                .map(|text| Proof::parse(text.as_bytes()))
                .transpose()
                .map_err(WarrantFileError::Proof)?,
        })
    }
}

/// The fields before what is in them is read.
struct RawFile {
    envelope: Vec<u8>,
    seq: u64,
    prev: Hash,
    salt1: [u8; 32],
    c_content: Hash,
    proof: String,
    continued: Option<String>,
}

impl RawFile {
    fn read(mut fields: Fields) -> Result<RawFile, FieldError> {
        fields.version(1)?;
        let raw = RawFile {
            envelope: fields.base64_bytes("envelope")?,
            seq: fields.count("seq")?,
            prev: fields.hash("prev")?,
            salt1: fields.hex("salt")?,
            c_content: fields.hash("commitment_content")?,
            proof: fields.text("proof")?,
            continued: fields.parsed_or_null("continued")?,
        };
        fields.finish()?;
        Ok(raw)
    }
}

/// Why a warrant is refused. Give no share; tell the other key-holders.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WarrantError {
    /// The entry's body is not that of a warrant.
    #[error("the warrant's body: {0}")]
    Body(#[source] FieldError),
    /// The entry is signed by none of those who may issue warrants.
    #[error("the warrant is not signed by anyone who may issue one")]
    Issuer,
    /// The issuer's signature does not verify.
    #[error("the warrant's signature: {0}")]
    Signature(#[source] VerifyError),
    /// The proof discloses something, or is of another office than the entry.
    #[error("the proof is not that of this warrant's office")]
    OtherProof,
    /// The office's log or the quorum of outside offices did not sign the checkpoint.
    #[error("the record's checkpoint: {0}")]
    Checkpoint(DoesNotHold),
    /// The policy asks for no outside office, so a warrant could be shown here and denied elsewhere.
    #[error("no outside office has countersigned the checkpoint")]
    NotCountersigned,
    /// The commitment is not in the record.
    #[error("the warrant is not in the record: {0}")]
    NotIncluded(#[source] InclusionError),
    /// It is past its date.
    #[error("the warrant expired at {0}")]
    Expired(Timestamp),
    /// Issued later than now, or open for over [`WARRANT_DAYS_MAX`].
    #[error("the warrant's dates are not plausible")]
    Dates,
}

/// Why a share is not given although the warrant holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// The share is of another office, circle or object.
    #[error("the warrant is for something else than this share")]
    OtherObject,
    /// The warrant says another number of shares than the split.
    #[error("the warrant names another number of shares than it takes")]
    Threshold,
    /// The share could not be encrypted.
    #[error("{0}")]
    Share(#[source] ShareError),
}

/// A warrant that holds, at the time it was checked. Only this releases a share.
#[derive(Clone, Debug)]
pub struct Warranted {
    warrant: Warrant,
    place: SharePlace,
    countersigned: Vec<Countersigned>,
}

/// Checks a warrant as a key-holder's program must: `issuers` are the keys that this key-holder accepts warrants from,
/// `policy` the log and the outside offices that they trust, `now` their own clock.
pub fn check(
    file: &WarrantFile,
    policy: &Policy,
    issuers: &[VerifyingKey],
    now: Timestamp,
) -> Result<Warranted, WarrantError> {
    let entry = file.envelope.entry();
    let warrant = Warrant::read(entry).map_err(WarrantError::Body)?;
    check_issuer(&file.envelope, issuers)?;
    check_dates(entry.at, warrant.expires, now)?;
    let checkpoint = &file.proof.checkpoint;
    if file.proof.extra.is_some() {
        return Err(WarrantError::OtherProof);
    }
    check_name(file, policy)?;
    let countersigned = policy
        .evaluate(checkpoint)
        .map_err(WarrantError::Checkpoint)?;
    if countersigned.is_empty() {
        return Err(WarrantError::NotCountersigned);
    }
    let c_env = commitment::c_env(&file.salt1, &file.place, file.envelope.bytes());
    let leaf = commitment::private(&c_env, &file.c_content);
    file.proof
        .verify_leaf(leaf.as_bytes())
        .map_err(WarrantError::NotIncluded)?;
    let place = SharePlace {
        office: entry.office.clone(),
        circle: entry.circle,
        object: warrant.object,
    };
    Ok(Warranted {
        warrant,
        place,
        countersigned,
    })
}

/// The record is that of the warrant's office: by its name, or because the log whose key stands in the policy says in a public
/// entry, under the very checkpoint of the warrant, that it continues the record that was founded under that name.
fn check_name(file: &WarrantFile, policy: &Policy) -> Result<(), WarrantError> {
    let office = &file.envelope.entry().office;
    let checkpoint = &file.proof.checkpoint;
    let origin = &checkpoint.checkpoint().origin;
    let Some(proof) = &file.continued else {
        return match origin == office {
            true => Ok(()),
            false => Err(WarrantError::OtherProof),
        };
    };
    let Some(Extra::Public(envelope)) = &proof.extra else {
        return Err(WarrantError::OtherProof);
    };
    let entry = envelope.entry();
    let says_so = entry.kind.as_str() == CONTINUED_KIND
        && entry.by == MemberId::OFFICE
        && entry.office == *origin
        && entry.body.get("founded") == Some(&office.as_str().into());
    if !says_so || proof.checkpoint != *checkpoint {
        return Err(WarrantError::OtherProof);
    }
    let log = policy.log(origin).and_then(|log| log.vkey.verifying_key());
    let key = log.ok_or(WarrantError::Checkpoint(DoesNotHold::OfficeUnknown))?;
    envelope.verify(&key).map_err(WarrantError::Signature)?;
    proof
        .verify_leaf(envelope.bytes())
        .map_err(WarrantError::NotIncluded)
}

fn check_issuer(envelope: &Envelope, issuers: &[VerifyingKey]) -> Result<(), WarrantError> {
    let first = envelope.signers().next();
    let issuer = issuers.iter().find(|key| Some(key.key_id()) == first);
    let issuer = issuer.ok_or(WarrantError::Issuer)?;
    envelope.verify(issuer).map_err(WarrantError::Signature)
}

fn check_dates(at: Timestamp, expires: Timestamp, now: Timestamp) -> Result<(), WarrantError> {
    let (at, until, now) = (
        at.unix_seconds(),
        expires.unix_seconds(),
        now.unix_seconds(),
    );
    if now >= until {
        return Err(WarrantError::Expired(expires));
    }
    if at > now + CLOCK_DIFFERENCE_SECONDS_MAX || until - at.min(until) > WARRANT_DAYS_MAX * 86_400
    {
        return Err(WarrantError::Dates);
    }
    Ok(())
}

impl Warranted {
    /// What the warrant says, to be shown to the key-holder.
    pub fn warrant(&self) -> &Warrant {
        &self.warrant
    }

    /// What it opens.
    pub fn place(&self) -> &SharePlace {
        &self.place
    }

    /// Which outside offices countersigned, and when.
    pub fn countersigned(&self) -> &[Countersigned] {
        &self.countersigned
    }

    /// Encrypts the key-holder's share anew, to the requester whom the warrant names and nobody else.
    pub fn release(
        &self,
        share: &Share,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, ReleaseError> {
        if share.split().place != self.place {
            return Err(ReleaseError::OtherObject);
        }
        if share.split().threshold != self.warrant.threshold {
            return Err(ReleaseError::Threshold);
        }
        share
            .release(&self.warrant.requester, rng)
            .map_err(ReleaseError::Share)
    }
}
