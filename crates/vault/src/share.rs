//! The sealed tier: an object's key split among key-holders, M of N.
//!
//! The object is encrypted to an identity made for it alone ([`hybrid::Identity`]). Its seed is split (Shamir, GF(256), crate
//! `blahaj`) and forgotten; each share goes to one key-holder, encrypted to the key that exists only on their machine. Any M
//! shares give the identity back, M-1 say nothing about it. Shares alone prove nothing, so each one's digest is published
//! with the entry, and a wrong one is named before anything is put together.

use core::fmt;

use blahaj::Sharks;
use rand_core::CryptoRng;
use record::canonical::{self, FieldError, Fields, Value};
use record::encoding::base64_text;
use record::hash::Hash;
use record::ids::{CircleId, Origin};
use record::map;
use zeroize::Zeroize;

use crate::binding::{Binding, ObjectId, Purpose};
use crate::derive::sha256;
use crate::hybrid;
use crate::keys::{Identity, Recipient};
use crate::secret::{Secret, SecretBytes};
use crate::small::{self, SmallError, SmallOpenError};

/// The most key-holders of one object; a share's digest for each stands in every share.
pub const HOLDERS_MAX: usize = 32;

/// What a split belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharePlace {
    /// The office.
    pub office: Origin,
    /// The circle whose warrants open it.
    pub circle: CircleId,
    /// The object.
    pub object: ObjectId,
}

impl SharePlace {
    /// Shares belong to no epoch: they outlive all of them.
    fn bind(&self, purpose: Purpose) -> Binding {
        Binding {
            office: self.office.clone(),
            circle: self.circle,
            epoch: 0,
            object: self.object,
            purpose,
        }
    }
}

/// What everybody may know of a split: stands in the entry, and in every share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// What it belongs to.
    pub place: SharePlace,
    /// How many shares open it.
    pub threshold: u8,
    /// SHA-256 of the object's recipient, as text.
    pub recipient: Hash,
    /// The digest of each share; share 1 is the first.
    pub digests: Vec<Hash>,
}

impl Split {
    /// The split as its entry published it.
    pub fn published(
        place: SharePlace,
        threshold: u8,
        recipient: &hybrid::Recipient,
        digests: Vec<Hash>,
    ) -> Split {
        Split {
            place,
            threshold,
            recipient: recipient_digest(recipient),
            digests,
        }
    }
}

/// A share, opened by its key-holder or by the requester. Prints nothing of itself.
#[derive(Clone)]
pub struct Share {
    split: Split,
    index: u8,
    secret: Secret<32>,
}

/// Why a key cannot be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitError {
    /// The threshold is under 2, over the number of key-holders, or there are over [`HOLDERS_MAX`] of them.
    #[error("of at most 32 key-holders at least 2, and no more than there are, must open together")]
    Threshold,
    /// The same key-holder twice: one person would count as two.
    #[error("a key-holder is named twice")]
    HolderTwice,
    /// The share could not be encrypted.
    #[error("could not encrypt a share: {0}")]
    Encrypt(#[source] SmallError),
}

/// Why a share is refused. Ask its key-holder for it again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// It does not open with this key, or belongs to another object.
    #[error("the share does not open: {0}")]
    Open(#[source] SmallOpenError),
    /// It opens, but is not the text of a share.
    #[error("the share is not readable: {0}")]
    Text(String),
    /// Its digest is not the one that was published for it.
    #[error("share {0} is not the one that was made")]
    Altered(u8),
    /// It could not be encrypted.
    #[error("could not encrypt the share: {0}")]
    Encrypt(#[source] SmallError),
}

/// Why shares do not give the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    /// Fewer different shares than the threshold.
    #[error("{have} of {need} shares")]
    TooFew {
        /// Different shares at hand.
        have: usize,
        /// The threshold.
        need: u8,
    },
    /// A share of another split, of another object, or altered.
    #[error("share {0} does not belong to what was published")]
    Wrong(u8),
    /// All shares are as published, but their identity is not the published recipient's: the split itself was false.
    #[error("the shares give another key than the published one")]
    OtherRecipient,
}

/// Splits `identity` so that any `threshold` of `holders` can open together, and encrypts one share to each, in their order.
pub fn split(
    identity: &hybrid::Identity,
    place: &SharePlace,
    threshold: u8,
    holders: &[hybrid::Recipient],
    rng: &mut impl CryptoRng,
) -> Result<(Split, Vec<Vec<u8>>), SplitError> {
    if threshold < 2 || usize::from(threshold) > holders.len() || holders.len() > HOLDERS_MAX {
        return Err(SplitError::Threshold);
    }
    let twice = |(at, holder)| holders[..at].contains(holder);
    if holders.iter().enumerate().any(twice) {
        return Err(SplitError::HolderTwice);
    }
    let secrets = deal(identity.seed(), threshold, holders.len(), rng);
    let digests = (1..)
        .zip(&secrets)
        .map(|(index, secret)| digest(place, index, secret));
    let split = Split {
        place: place.clone(),
        threshold,
        recipient: recipient_digest(&identity.to_recipient()),
        digests: digests.collect(),
    };
    let shares = (1..).zip(secrets).map(|(index, secret)| Share {
        split: split.clone(),
        index,
        secret,
    });
    let files: Result<Vec<_>, _> = shares
        .zip(holders)
        .map(|(share, holder)| share.encrypt(holder, Purpose::Share, rng))
        .collect();
    Ok((split, files.map_err(SplitError::Encrypt)?))
}

/// Puts shares together. They are compared with what the entry published, and the identity with the published recipient.
pub fn combine(
    shares: &[Share],
    published: &Split,
    recipient: &hybrid::Recipient,
) -> Result<hybrid::Identity, CombineError> {
    let mut different: Vec<&Share> = Vec::new();
    for share in shares {
        if share.split != *published || !share.is_as_published() {
            return Err(CombineError::Wrong(share.index));
        }
        if different.iter().all(|other| other.index != share.index) {
            different.push(share);
        }
    }
    let need = published.threshold;
    if different.len() < usize::from(need) {
        return Err(CombineError::TooFew {
            have: different.len(),
            need,
        });
    }
    let seed = recover(need, &different).ok_or(CombineError::OtherRecipient)?;
    let identity = hybrid::Identity::from_seed(seed);
    if identity.to_recipient() != *recipient || recipient_digest(recipient) != published.recipient {
        return Err(CombineError::OtherRecipient);
    }
    Ok(identity)
}

impl Share {
    /// Opens a share as its key-holder.
    pub fn open(
        file: &[u8],
        place: &SharePlace,
        holder: &hybrid::Identity,
    ) -> Result<Share, ShareError> {
        Share::decrypt(file, place, holder, Purpose::Share)
    }

    /// Opens a share that was released, as the requester.
    pub fn open_released(
        file: &[u8],
        place: &SharePlace,
        requester: &hybrid::Identity,
    ) -> Result<Share, ShareError> {
        Share::decrypt(file, place, requester, Purpose::Release)
    }

    /// What was split.
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// The share's number, from 1.
    pub fn index(&self) -> u8 {
        self.index
    }

    /// Encrypts the share anew to a requester; only a warrant gives the occasion ([`crate::warrant::Warranted::release`]).
    pub(crate) fn release(
        &self,
        requester: &hybrid::Recipient,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, ShareError> {
        self.encrypt(requester, Purpose::Release, rng)
            .map_err(ShareError::Encrypt)
    }

    fn is_as_published(&self) -> bool {
        let published = self
            .split
            .digests
            .get(usize::from(self.index).wrapping_sub(1));
        published == Some(&digest(&self.split.place, self.index, &self.secret))
    }

    fn encrypt(
        &self,
        recipient: &hybrid::Recipient,
        purpose: Purpose,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SmallError> {
        let recipient = Recipient::Hybrid(Box::new(recipient.clone()));
        let binding = self.split.place.bind(purpose);
        let text = self.to_text();
        small::seal(text.expose(), &[recipient], &binding, rng).map(small::SmallSealed::into_file)
    }

    fn decrypt(
        file: &[u8],
        place: &SharePlace,
        identity: &hybrid::Identity,
        purpose: Purpose,
    ) -> Result<Share, ShareError> {
        let identity = Identity::Hybrid(Box::new(identity.clone()));
        let text =
            small::open_file(file, &identity, &place.bind(purpose)).map_err(ShareError::Open)?;
        let share = Share::from_text(&text)?;
        if share.split.place != *place || !share.is_as_published() {
            return Err(ShareError::Altered(share.index));
        }
        Ok(share)
    }

    /// Canonical JSON; the padding that follows it in the file is zeros.
    fn to_text(&self) -> SecretBytes {
        let split = &self.split;
        let digests = split
            .digests
            .iter()
            .map(|digest| Value::from(digest.to_string()));
        let map = map! {
            "v" => 1i64,
            "office" => split.place.office.as_str(),
            "circle" => split.place.circle.to_string(),
            "object" => split.place.object.to_string(),
            "threshold" => i64::from(split.threshold),
            "recipient" => split.recipient.to_string(),
            "digests" => digests.collect::<Vec<_>>(),
            "index" => i64::from(self.index),
            "share" => base64_text(self.secret.expose()),
        };
        let text = canonical::encode(&Value::Map(map));
        SecretBytes::new(text.expect("small numbers and two levels are within all limits"))
    }

    fn from_text(text: &SecretBytes) -> Result<Share, ShareError> {
        let end = text
            .expose()
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1);
        let map = canonical::parse_payload(&text.expose()[..end])
            .map_err(|error| ShareError::Text(error.to_string()))?;
        let share =
            share_of(Fields::new(map)).map_err(|error| ShareError::Text(error.to_string()))?;
        let holders = share.split.digests.len();
        let fits = share.split.threshold >= 2
            && usize::from(share.split.threshold) <= holders
            && (1..=holders).contains(&usize::from(share.index));
        if holders > HOLDERS_MAX || !fits {
            return Err(ShareError::Text(
                "its numbers contradict each other".to_owned(),
            ));
        }
        Ok(share)
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({})", self.index)
    }
}

fn share_of(mut fields: Fields) -> Result<Share, FieldError> {
    fields.version(1)?;
    let place = SharePlace {
        office: fields.parsed("office")?,
        circle: fields.parsed("circle")?,
        object: fields.parsed("object")?,
    };
    let threshold = small_number(&mut fields, "threshold")?;
    let recipient = fields.hash("recipient")?;
    let digests = digests(&mut fields)?;
    let index = small_number(&mut fields, "index")?;
    let mut bytes = fields.base64("share")?;
    let share = Share {
        split: Split {
            place,
            threshold,
            recipient,
            digests,
        },
        index,
        secret: Secret::take(&mut bytes),
    };
    fields.finish()?;
    Ok(share)
}

/// Takes the digests of shares out of a body.
pub fn digests(fields: &mut Fields) -> Result<Vec<Hash>, FieldError> {
    let digests = fields.list("digests")?.into_iter();
    digests
        .map(|value| match value {
            Value::Text(text) => text
                .parse()
                .map_err(|error| FieldError::value("digests", error)),
            _ => Err(FieldError::Type {
                name: "digests",
                wanted: "a list of text",
            }),
        })
        .collect()
}

fn small_number(fields: &mut Fields, name: &'static str) -> Result<u8, FieldError> {
    u8::try_from(fields.count(name)?).map_err(|_| FieldError::value(name, "it is too large"))
}

/// Share `index` has `index` as its x.
fn deal(
    seed: &Secret<32>,
    threshold: u8,
    holders: usize,
    rng: &mut impl CryptoRng,
) -> Vec<Secret<32>> {
    let shares = Sharks(threshold)
        .dealer_rng(seed.expose(), rng)
        .take(holders);
    shares
        .map(|share| {
            let mut bytes = Vec::from(&share);
            let secret = Secret::fill(|place| place.copy_from_slice(&bytes[1..]));
            bytes.zeroize();
            secret
        })
        .collect()
}

fn recover(threshold: u8, shares: &[&Share]) -> Option<Secret<32>> {
    let points = shares.iter().take(usize::from(threshold)).map(|share| {
        let mut bytes = Vec::with_capacity(33);
        bytes.push(share.index);
        bytes.extend_from_slice(share.secret.expose());
        let point = blahaj::Share::try_from(&bytes[..]).ok();
        bytes.zeroize();
        point
    });
    let points: Vec<blahaj::Share> = points.collect::<Option<_>>()?;
    let mut bytes = Sharks(threshold).recover(&points).ok()?;
    let seed = Secret::copy(&bytes);
    bytes.zeroize();
    seed
}

/// A share is 32 random bytes, so its digest tells nothing of it.
fn digest(place: &SharePlace, index: u8, secret: &Secret<32>) -> Hash {
    Hash::from_bytes(sha256(&[
        b"mahzar/v1/share\0",
        place.object.as_bytes(),
        &[index],
        secret.expose(),
    ]))
}

fn recipient_digest(recipient: &hybrid::Recipient) -> Hash {
    Hash::from_bytes(sha256(&[recipient.to_string().as_bytes()]))
}
