//! Epochs: the secret that every present member of a circle holds, and how it reaches them.

use core::fmt;
use std::collections::BTreeMap;

use rand_core::CryptoRng;
use record::ids::{CircleId, MemberId, Origin};

use super::act::EpochMade;
use super::chain::Chain;
use crate::binding::{Binding, ObjectId, Purpose};
use crate::derive::{hkdf, push_text};
use crate::entry_lock::LockKey;
use crate::keys::{Identity, Recipient, x25519_secret};
use crate::secret::{Secret, SecretBytes};
use crate::small::{self, SmallError, SmallOpenError};

/// The text of a secret is filled with newlines to a multiple of this, which is a padded size already: a decrypted file
/// is then an identity file that `age -i` takes as it is.
const TEXT_BYTES: usize = 256;

/// Which epoch of which circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochPlace {
    /// The office.
    pub office: Origin,
    /// The circle.
    pub circle: CircleId,
    /// The epoch, from 1.
    pub epoch: u64,
}

impl EpochPlace {
    fn bind(&self, object: ObjectId, purpose: Purpose) -> Binding {
        Binding {
            office: self.office.clone(),
            circle: self.circle,
            epoch: self.epoch,
            object,
            purpose,
        }
    }
}

/// The secret of one epoch: an age identity. Prints nothing.
#[derive(Clone)]
pub struct EpochSecret {
    place: EpochPlace,
    secret: Secret<32>,
    identity: Identity,
}

/// Why a wrapped epoch's secret is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EpochError {
    /// It does not open with this key, or belongs to another member, circle or epoch.
    #[error("the wrapped epoch does not open: {0}")]
    Open(#[source] SmallOpenError),
    /// It opens, but is not the text of an epoch's secret.
    #[error("the wrapped epoch holds something else")]
    Text,
    /// It is a secret, but not the one whose recipient the chain names: whoever wrapped it was mistaken or lied.
    #[error("the wrapped secret is not that of the epoch in the chain")]
    OtherRecipient,
}

impl EpochSecret {
    /// Draws the secret of a new epoch.
    pub fn generate(place: EpochPlace, rng: &mut impl CryptoRng) -> EpochSecret {
        EpochSecret::new(place, Secret::random(rng))
    }

    fn new(place: EpochPlace, secret: Secret<32>) -> EpochSecret {
        let identity = Identity::from_x25519(&secret);
        EpochSecret {
            place,
            secret,
            identity,
        }
    }

    /// Which epoch it is.
    pub fn place(&self) -> &EpochPlace {
        &self.place
    }

    /// To whom anyone may encrypt for this circle.
    pub fn recipient(&self) -> Recipient {
        self.identity.to_recipient()
    }

    /// Opens what was encrypted to this epoch.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Wraps and unwraps the keys of the circle's entries of this epoch.
    pub fn lock(&self) -> LockKey {
        let mut info = Vec::new();
        push_text(&mut info, self.place.office.as_str());
        info.extend_from_slice(self.place.circle.as_bytes());
        info.extend_from_slice(&self.place.epoch.to_be_bytes());
        let key = hkdf(self.secret.expose(), b"mahzar/v1/lock\0", &[&info]);
        LockKey::new(self.place.epoch, &key)
    }

    /// The secret as an age file for one member.
    pub fn wrap_for(
        &self,
        member: MemberId,
        recipient: &Recipient,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SmallError> {
        let binding = self.place.bind(member.into(), Purpose::EpochWrap);
        self.wrap(&binding, recipient, rng)
    }

    /// Opens a member's wrap and compares it with the recipient that the chain names.
    pub fn unwrap_for(
        file: &[u8],
        place: &EpochPlace,
        member: MemberId,
        identity: &Identity,
        published: &Recipient,
    ) -> Result<EpochSecret, EpochError> {
        let binding = place.bind(member.into(), Purpose::EpochWrap);
        EpochSecret::unwrap(file, place, &binding, identity, published)
    }

    /// Makes the epoch that follows this one; the body of the entry carries this secret on to it.
    pub fn succeed(
        &self,
        rng: &mut impl CryptoRng,
    ) -> Result<(EpochSecret, EpochMade), SmallError> {
        let place = EpochPlace {
            epoch: self.place.epoch + 1,
            ..self.place.clone()
        };
        let next = EpochSecret::generate(place, rng);
        let binding = self
            .place
            .bind(ObjectId::from_bytes([0; 16]), Purpose::EarlierEpoch);
        let previous = self.wrap(&binding, &next.recipient(), rng)?;
        let made = EpochMade {
            epoch: next.place.epoch,
            recipient: next.recipient(),
            previous,
        };
        Ok((next, made))
    }

    /// Opens the secret of the epoch before this one.
    fn unwrap_earlier(
        &self,
        file: &[u8],
        published: &Recipient,
    ) -> Result<EpochSecret, EpochError> {
        let place = EpochPlace {
            epoch: self.place.epoch - 1,
            ..self.place.clone()
        };
        let binding = place.bind(ObjectId::from_bytes([0; 16]), Purpose::EarlierEpoch);
        EpochSecret::unwrap(file, &place, &binding, &self.identity, published)
    }

    fn wrap(
        &self,
        binding: &Binding,
        recipient: &Recipient,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SmallError> {
        let recipients = core::slice::from_ref(recipient);
        let sealed = small::seal(self.to_text().expose(), recipients, binding, rng)?;
        Ok(sealed.into_file())
    }

    fn unwrap(
        file: &[u8],
        place: &EpochPlace,
        binding: &Binding,
        identity: &Identity,
        published: &Recipient,
    ) -> Result<EpochSecret, EpochError> {
        let text = small::open_file(file, identity, binding).map_err(EpochError::Open)?;
        let secret = EpochSecret::from_text(place, &text).ok_or(EpochError::Text)?;
        if secret.recipient() != *published {
            return Err(EpochError::OtherRecipient);
        }
        Ok(secret)
    }

    fn to_text(&self) -> SecretBytes {
        let key = self.identity.to_text();
        let mut text = Vec::with_capacity(TEXT_BYTES * 3);
        text.extend_from_slice(preamble(&self.place).as_bytes());
        text.extend_from_slice(key.expose().as_bytes());
        text.push(b'\n');
        text.resize(text.len().next_multiple_of(TEXT_BYTES), b'\n');
        SecretBytes::new(text)
    }

    fn from_text(place: &EpochPlace, text: &SecretBytes) -> Option<EpochSecret> {
        let rest = text.expose().strip_prefix(preamble(place).as_bytes())?;
        let line = rest.split(|byte| *byte == b'\n').next()?;
        let secret = x25519_secret(core::str::from_utf8(line).ok()?).ok()?;
        let secret = EpochSecret::new(place.clone(), secret);
        // One secret has one text.
        (secret.to_text().expose() == text.expose()).then_some(secret)
    }
}

impl fmt::Debug for EpochSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EpochSecret({})", self.place.epoch)
    }
}

/// What stands before the key, as comments: whoever finds the file knows what it opens.
fn preamble(place: &EpochPlace) -> String {
    format!(
        "# mahzar epoch secret\n# office: {}\n# circle: {}\n# epoch: {}\n",
        place.office, place.circle, place.epoch
    )
}

/// The secrets of a circle that a present member can reach: the current epoch's, and by it all earlier ones.
pub struct Keyring {
    secrets: BTreeMap<u64, EpochSecret>,
    broken: Option<(u64, EpochError)>,
}

impl Keyring {
    /// Goes back from `latest` through the chain, as far as it leads.
    pub fn open(chain: &Chain, latest: EpochSecret) -> Keyring {
        let mut ring = Keyring {
            secrets: BTreeMap::new(),
            broken: None,
        };
        let mut current = latest;
        while let Some(earlier) = ring.earlier(chain, &current) {
            let number = current.place.epoch;
            ring.secrets.insert(number, current);
            current = earlier;
        }
        ring.secrets.insert(current.place.epoch, current);
        ring
    }

    fn earlier(&mut self, chain: &Chain, current: &EpochSecret) -> Option<EpochSecret> {
        let number = current.place.epoch;
        let file = chain.epoch(number)?.previous.as_deref()?;
        let published = &chain.epoch(number - 1)?.recipient;
        match current.unwrap_earlier(file, published) {
            Ok(earlier) => Some(earlier),
            Err(error) => {
                self.broken = Some((number, error));
                None
            }
        }
    }

    /// The secret of an epoch.
    pub fn secret(&self, epoch: u64) -> Option<&EpochSecret> {
        self.secrets.get(&epoch)
    }

    /// All secrets, the earliest first.
    pub fn secrets(&self) -> impl Iterator<Item = &EpochSecret> {
        self.secrets.values()
    }

    /// The epoch whose maker did not hand the earlier secret on, and what is wrong: what lies before it stays closed
    /// until a member who holds those secrets makes a new circle of the archive.
    pub fn broken(&self) -> Option<(u64, EpochError)> {
        self.broken
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.secrets.values()).finish()
    }
}
