//! A member's keys: one to sign, one to open; kept under the member's passphrase *and* the house key.
//!
//! A stolen disk needs the unlock secret before a passphrase can even be guessed; an operator with the unlock secret
//! needs the passphrase.

use core::fmt;

use rand_core::CryptoRng;
use record::ids::{MemberId, Origin};
use record::signature::{SigningKey, VerifyingKey};

use crate::derive::{hkdf, push_text, sha256};
use crate::house::HouseKey;
use crate::kdf::{self, CostError, Kdf, KdfCost};
use crate::keys::{Identity, Recipient};
use crate::passphrase::{Passphrase, RecoveryKey};
use crate::row::{RowError, RowKey};
use crate::secret::{Secret, SecretBytes};

const KEYS_BYTES: usize = 64;

/// The keys of one member. Prints nothing.
#[derive(Clone)]
pub struct MemberKeys {
    sign: SigningKey,
    secret: Secret<32>,
    identity: Identity,
}

impl MemberKeys {
    /// Draws the keys of a new member, or new keys for one who lost theirs.
    pub fn generate(rng: &mut impl CryptoRng) -> MemberKeys {
        MemberKeys::from_secrets(&Secret::random(rng), Secret::random(rng))
    }

    /// The keys of two secrets: an Ed25519 seed and an X25519 secret, both random.
    pub fn from_secrets(seed: &Secret<32>, secret: Secret<32>) -> MemberKeys {
        let identity = Identity::from_x25519(&secret);
        MemberKeys {
            sign: SigningKey::from_seed(seed.expose()),
            secret,
            identity,
        }
    }

    /// Signs the member's entries.
    pub fn signing_key(&self) -> &SigningKey {
        &self.sign
    }

    /// Under which the member's entries verify.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.sign.verifying_key()
    }

    /// Opens what is wrapped to the member.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// To whom epochs are wrapped for this member.
    pub fn recipient(&self) -> Recipient {
        self.identity.to_recipient()
    }

    fn to_bytes(&self) -> SecretBytes {
        let mut bytes = Vec::with_capacity(KEYS_BYTES);
        bytes.extend_from_slice(self.sign.expose_seed());
        bytes.extend_from_slice(self.secret.expose());
        SecretBytes::new(bytes)
    }

    fn from_bytes(bytes: &SecretBytes) -> Option<MemberKeys> {
        let (seed, secret) = bytes.expose().split_at_checked(32)?;
        Some(MemberKeys::from_secrets(
            &Secret::copy(seed)?,
            Secret::copy(secret)?,
        ))
    }
}

impl fmt::Debug for MemberKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemberKeys")
    }
}

/// Twenty digits that two people compare aloud before one adds the other: the office's register alone could be lying.
pub fn fingerprint(sign_key: &VerifyingKey, recipient: &Recipient) -> String {
    let recipient = recipient.to_string();
    let digest = sha256(&[
        b"mahzar/v1/fingerprint\0",
        sign_key.as_bytes(),
        recipient.as_bytes(),
    ]);
    let groups = digest.chunks_exact(4).take(5).map(|four| {
        let number = four
            .iter()
            .fold(0u32, |sum, byte| (sum << 8) | u32::from(*byte));
        format!("{:04}", number % 10_000)
    });
    groups.collect::<Vec<_>>().join(" ")
}

/// Why a member's keys do not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnwrapError {
    /// Not under this house key, not this member's, or altered. Restore the row from a backup.
    #[error("the member's keys are damaged or belong to another office or member")]
    Damaged,
    /// The row asks for a derivation out of range.
    #[error("the member's keys are damaged: {0}")]
    Cost(#[source] CostError),
    /// The passphrase, or the recovery key, is another one.
    #[error("the passphrase does not open these keys")]
    WrongPassphrase,
}

/// Encrypts a member's keys under the passphrase and the house key.
pub fn wrap(
    keys: &MemberKeys,
    member: MemberId,
    passphrase: &Passphrase,
    house: &HouseKey,
    cost: KdfCost,
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, CostError> {
    let kdf = Kdf::new(cost, rng)?;
    let key = RowKey::new(&kdf.derive(passphrase));
    let place = place(b"mahzar/v1/member-passphrase\0", house.office(), member);
    let mut inner = kdf.encode().to_vec();
    inner.extend_from_slice(&key.seal(&place, keys.to_bytes().expose(), rng));
    Ok(house
        .members()
        .seal(&outer_place(b"passphrase\0", house, member), &inner, rng))
}

/// Opens a member's keys.
pub fn unwrap(
    row: &[u8],
    member: MemberId,
    passphrase: &Passphrase,
    house: &HouseKey,
) -> Result<MemberKeys, UnwrapError> {
    let outer = outer_place(b"passphrase\0", house, member);
    let inner = house
        .members()
        .open(&outer, row)
        .map_err(|RowError| UnwrapError::Damaged)?;
    let (record, row) = inner
        .expose()
        .split_first_chunk::<{ kdf::RECORD_BYTES }>()
        .ok_or(UnwrapError::Damaged)?;
    let kdf = Kdf::decode(record).map_err(UnwrapError::Cost)?;
    let place = place(b"mahzar/v1/member-passphrase\0", house.office(), member);
    open_inner(&RowKey::new(&kdf.derive(passphrase)), &place, row)
}

/// Encrypts a member's keys a second time, under a printed recovery key and the house key.
pub fn wrap_for_recovery(
    keys: &MemberKeys,
    member: MemberId,
    recovery: &RecoveryKey,
    house: &HouseKey,
    rng: &mut impl CryptoRng,
) -> Vec<u8> {
    let place = place(b"mahzar/v1/member-recovery\0", house.office(), member);
    let inner = recovery_key(recovery).seal(&place, keys.to_bytes().expose(), rng);
    house
        .members()
        .seal(&outer_place(b"recovery\0", house, member), &inner, rng)
}

/// Opens a member's keys with the printed recovery key.
pub fn unwrap_for_recovery(
    row: &[u8],
    member: MemberId,
    recovery: &RecoveryKey,
    house: &HouseKey,
) -> Result<MemberKeys, UnwrapError> {
    let outer = outer_place(b"recovery\0", house, member);
    let inner = house
        .members()
        .open(&outer, row)
        .map_err(|RowError| UnwrapError::Damaged)?;
    let place = place(b"mahzar/v1/member-recovery\0", house.office(), member);
    open_inner(&recovery_key(recovery), &place, inner.expose())
}

fn open_inner(key: &RowKey, place: &[u8], row: &[u8]) -> Result<MemberKeys, UnwrapError> {
    let opened = key
        .open(place, row)
        .map_err(|RowError| UnwrapError::WrongPassphrase)?;
    MemberKeys::from_bytes(&opened).ok_or(UnwrapError::Damaged)
}

/// 132 bits of chance need no slow derivation.
fn recovery_key(recovery: &RecoveryKey) -> RowKey {
    RowKey::new(&hkdf(
        recovery.digits().as_bytes(),
        b"mahzar/v1/recovery-key\0",
        &[],
    ))
}

fn outer_place(how: &[u8], house: &HouseKey, member: MemberId) -> Vec<u8> {
    let mut place = place(b"mahzar/v1/member-house\0", house.office(), member);
    place.extend_from_slice(how);
    place
}

fn place(label: &[u8], office: &Origin, member: MemberId) -> Vec<u8> {
    let mut place = label.to_vec();
    push_text(&mut place, office.as_str());
    place.extend_from_slice(member.as_bytes());
    place
}

/// What a signed-in browser holds, and nobody else: the secret of its cookie. Prints nothing.
///
/// Between two requests a session's keys lie in memory encrypted under it; whoever reads the memory then finds nothing.
#[derive(Clone, Debug)]
pub struct CookieSecret(Secret<32>);

impl CookieSecret {
    /// Draws the secret of a new session.
    pub fn random(rng: &mut impl CryptoRng) -> CookieSecret {
        CookieSecret(Secret::random(rng))
    }

    /// Takes the secret that a cookie brought back.
    pub fn new(secret: Secret<32>) -> CookieSecret {
        CookieSecret(secret)
    }

    /// The bytes, for the cookie alone.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// The session's name in the server's memory, which says nothing of the secret.
    pub fn session_name(&self) -> [u8; 32] {
        sha256(&[b"mahzar/v1/session-name\0", self.0.expose()])
    }

    /// Encrypts a member's keys for the time between two requests.
    pub fn wrap(&self, keys: &MemberKeys, member: MemberId, rng: &mut impl CryptoRng) -> Vec<u8> {
        self.key()
            .seal(&session_place(member), keys.to_bytes().expose(), rng)
    }

    /// Opens them again.
    pub fn unwrap(&self, row: &[u8], member: MemberId) -> Result<MemberKeys, RowError> {
        let opened = self.key().open(&session_place(member), row)?;
        MemberKeys::from_bytes(&opened).ok_or(RowError)
    }

    fn key(&self) -> RowKey {
        RowKey::new(&hkdf(self.0.expose(), b"mahzar/v1/session-key\0", &[]))
    }
}

fn session_place(member: MemberId) -> Vec<u8> {
    [&b"mahzar/v1/session\0"[..], member.as_bytes()].concat()
}
