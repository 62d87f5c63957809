//! The house key: what the unlock secret gives at start, and everything that lies under it.
//!
//! It covers the log key, names, membership and wraps, so that a stolen disk shows no one. The key itself is random and
//! wrapped under the unlock secret, so that changing the secret rewrites one small file.

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use record::ids::Origin;
use record::signature::SigningKey;
use sha2::Sha256;

use crate::derive::{hkdf, push_text};
use crate::entry_lock::LockKey;
use crate::kdf::{self, CostError, Kdf, KdfCost};
use crate::passphrase::Passphrase;
use crate::row::{RowError, RowKey};
use crate::secret::{Secret, SecretBytes};

/// Begins the file that holds the wrapped house key.
const FILE_LABEL: &[u8] = b"mahzar/v1/house\0";

/// The name of a row of the cabinet: a keyed hash, so that it says nothing and cannot be guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CabinetName([u8; 32]);

impl CabinetName {
    /// The 32 bytes, under which the row is stored.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Takes a stored name.
    pub fn from_bytes(bytes: [u8; 32]) -> CabinetName {
        CabinetName(bytes)
    }
}

/// Why an office does not unlock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnlockError {
    /// The file is not a house file, or was cut. Restore it from a backup: without it nothing opens.
    #[error("the house file is damaged")]
    Damaged,
    /// The file asks for a derivation out of range: somebody altered it.
    #[error("the house file is damaged: {0}")]
    Cost(#[source] CostError),
    /// Another secret, another office's file, or an altered file; they cannot be told apart.
    #[error("the unlock secret does not open this office")]
    WrongSecret,
}

/// The key of one office's house, and the keys derived from it. Prints nothing.
pub struct HouseKey {
    office: Origin,
    root: Secret<32>,
    names: Secret<32>,
    rows: RowKey,
    log: RowKey,
    members: RowKey,
}

impl HouseKey {
    /// Makes a house key, and the file that holds it under `unlock`.
    pub fn create(
        office: &Origin,
        unlock: &Passphrase,
        cost: KdfCost,
        rng: &mut impl CryptoRng,
    ) -> Result<(HouseKey, Vec<u8>), CostError> {
        let house = HouseKey::from_root(office, Secret::random(rng));
        let file = house.to_file(unlock, cost, rng)?;
        Ok((house, file))
    }

    /// Opens the house key with the unlock secret.
    pub fn unlock(
        office: &Origin,
        file: &[u8],
        unlock: &Passphrase,
    ) -> Result<HouseKey, UnlockError> {
        let rest = file.strip_prefix(FILE_LABEL).ok_or(UnlockError::Damaged)?;
        let (record, row) = rest
            .split_first_chunk::<{ kdf::RECORD_BYTES }>()
            .ok_or(UnlockError::Damaged)?;
        let key = Kdf::decode(record)
            .map_err(UnlockError::Cost)?
            .derive(unlock);
        let opened = RowKey::new(&key)
            .open(&file_place(office, record), row)
            .map_err(|RowError| UnlockError::WrongSecret)?;
        let root = Secret::copy(opened.expose()).ok_or(UnlockError::Damaged)?;
        Ok(HouseKey::from_root(office, root))
    }

    /// The file that holds this key under an unlock secret: for a new office, or when the secret changes.
    ///
    /// A copy of the old file still opens with the old secret.
    pub fn to_file(
        &self,
        unlock: &Passphrase,
        cost: KdfCost,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, CostError> {
        let kdf = Kdf::new(cost, rng)?;
        let record = kdf.encode();
        let key = RowKey::new(&kdf.derive(unlock));
        let row = key.seal(&file_place(&self.office, &record), self.root.expose(), rng);
        Ok([FILE_LABEL, &record, &row].concat())
    }

    fn from_root(office: &Origin, root: Secret<32>) -> HouseKey {
        let key = |label: &[u8]| hkdf(root.expose(), b"mahzar/v1/house\0", &[label]);
        HouseKey {
            office: office.clone(),
            names: key(b"cabinet names\0"),
            rows: RowKey::new(&key(b"cabinet rows\0")),
            log: RowKey::new(&key(b"log key\0")),
            members: RowKey::new(&key(b"member keys\0")),
            root,
        }
    }

    /// The office whose house this is.
    pub fn office(&self) -> &Origin {
        &self.office
    }

    /// The name under which the cabinet's row `name` is stored.
    pub fn cabinet_name(&self, name: &str) -> CabinetName {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.names.expose()).expect("HMAC takes any key");
        mac.update(name.as_bytes());
        CabinetName(mac.finalize().into_bytes().into())
    }

    /// Encrypts the body of a row of the cabinet.
    pub fn seal_row(&self, name: &CabinetName, body: &[u8], rng: &mut impl CryptoRng) -> Vec<u8> {
        self.rows
            .seal(&self.place(b"mahzar/v1/cabinet\0", &name.0), body, rng)
    }

    /// Opens a row of the cabinet, which must lie under its own name.
    pub fn open_row(&self, name: &CabinetName, row: &[u8]) -> Result<SecretBytes, RowError> {
        self.rows
            .open(&self.place(b"mahzar/v1/cabinet\0", &name.0), row)
    }

    /// Encrypts the log key.
    pub fn wrap_log_key(&self, key: &SigningKey, rng: &mut impl CryptoRng) -> Vec<u8> {
        self.log.seal(
            &self.place(b"mahzar/v1/log-key\0", b""),
            key.expose_seed(),
            rng,
        )
    }

    /// Opens the log key.
    pub fn unwrap_log_key(&self, row: &[u8]) -> Result<SigningKey, RowError> {
        let seed = self
            .log
            .open(&self.place(b"mahzar/v1/log-key\0", b""), row)?;
        let seed = Secret::<32>::copy(seed.expose()).ok_or(RowError)?;
        Ok(SigningKey::from_seed(seed.expose()))
    }

    /// The key of the record's fillers (entry.md, section 5).
    pub fn filler_key(&self) -> Secret<32> {
        hkdf(self.root.expose(), b"mahzar/v1/house\0", &[b"fillers\0"])
    }

    /// Lock 0: what the house itself can read, its own circle and the membership entries of all.
    pub fn lock(&self) -> LockKey {
        let key = hkdf(self.root.expose(), b"mahzar/v1/house\0", &[b"lock 0\0"]);
        LockKey::new(0, &key)
    }

    /// The outer layer of what a member's passphrase also covers.
    pub(crate) fn members(&self) -> &RowKey {
        &self.members
    }

    fn place(&self, label: &[u8], name: &[u8]) -> Vec<u8> {
        let mut place = label.to_vec();
        push_text(&mut place, self.office.as_str());
        place.extend_from_slice(name);
        place
    }
}

fn file_place(office: &Origin, record: &[u8]) -> Vec<u8> {
    let mut place = FILE_LABEL.to_vec();
    push_text(&mut place, office.as_str());
    place.extend_from_slice(record);
    place
}

impl fmt::Debug for HouseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HouseKey")
    }
}
