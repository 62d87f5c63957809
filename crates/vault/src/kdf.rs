//! Passphrases made slow to guess: Argon2id (RFC 9106).

use argon2::{Algorithm, Argon2, Block, Params, Version};
use rand_core::CryptoRng;

use crate::passphrase::Passphrase;
use crate::secret::Secret;

const SALT_BYTES: usize = 16;

/// What a stored derivation takes: costs and salt.
pub(crate) const RECORD_BYTES: usize = 4 + 4 + 4 + SALT_BYTES;

/// A stored record may not ask for more memory than this: whoever can write it could otherwise stop the machine.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 64;
const LANES_MAX: u32 = 16;

/// What a guess costs. Stored beside the salt, so that it can be raised with the next change of the passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KdfCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes that could run beside each other; they run one after the other here.
    pub lanes: u32,
}

impl KdfCost {
    /// The second recommendation of RFC 9106: 64 MiB, three passes, four lanes. About 0.15 s on the target machine.
    pub const STANDARD: KdfCost = KdfCost {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 4,
    };
}

/// The costs are zero, contradict each other, or exceed what a stored record may ask for (1 GiB, 64 passes, 16 lanes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the costs of the passphrase's derivation are out of range")]
pub struct CostError;

/// A derivation that can be repeated: costs and salt, both public.
#[derive(Clone)]
pub(crate) struct Kdf {
    params: Params,
    salt: [u8; SALT_BYTES],
}

impl Kdf {
    pub(crate) fn new(cost: KdfCost, rng: &mut impl CryptoRng) -> Result<Kdf, CostError> {
        let mut salt = [0; SALT_BYTES];
        rng.fill_bytes(&mut salt);
        Ok(Kdf {
            params: params(cost)?,
            salt,
        })
    }

    /// `u32be(memory) || u32be(passes) || u32be(lanes) || salt`.
    pub(crate) fn encode(&self) -> [u8; RECORD_BYTES] {
        let mut record = [0; RECORD_BYTES];
        record[..4].copy_from_slice(&self.params.m_cost().to_be_bytes());
        record[4..8].copy_from_slice(&self.params.t_cost().to_be_bytes());
        record[8..12].copy_from_slice(&self.params.p_cost().to_be_bytes());
        record[12..].copy_from_slice(&self.salt);
        record
    }

    pub(crate) fn decode(record: &[u8; RECORD_BYTES]) -> Result<Kdf, CostError> {
        let number = |at: usize| {
            let mut bytes = [0; 4];
            bytes.copy_from_slice(&record[at..at + 4]);
            u32::from_be_bytes(bytes)
        };
        let cost = KdfCost {
            memory_kib: number(0),
            passes: number(4),
            lanes: number(8),
        };
        let mut salt = [0; SALT_BYTES];
        salt.copy_from_slice(&record[12..]);
        Ok(Kdf {
            params: params(cost)?,
            salt,
        })
    }

    pub(crate) fn derive(&self, passphrase: &Passphrase) -> Secret<32> {
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone());
        let text = passphrase.folded().as_bytes();
        let mut memory = vec![Block::default(); self.params.block_count()];
        let key = Secret::fill(|key| {
            argon
                .hash_password_into_with_memory(text, &self.salt, key, &mut memory)
                .expect("costs were checked, salt and key have fixed lengths");
        });
        // The memory itself is the derivation's work, from which the key follows.
        memory.iter_mut().for_each(zeroize::Zeroize::zeroize);
        key
    }
}

fn params(cost: KdfCost) -> Result<Params, CostError> {
    let fits =
        cost.memory_kib <= MEMORY_KIB_MAX && cost.passes <= PASSES_MAX && cost.lanes <= LANES_MAX;
    if !fits {
        return Err(CostError);
    }
    Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| CostError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_out_of_range_are_refused() {
        for (memory_kib, passes, lanes) in [
            (0, 1, 1),
            (8, 0, 1),
            (8, 1, 0),
            (7, 1, 1),
            (u32::MAX, 1, 1),
            (64, 65, 1),
            (1024, 1, 17),
        ] {
            let cost = KdfCost {
                memory_kib,
                passes,
                lanes,
            };
            assert!(params(cost).is_err(), "{cost:?}");
        }
        assert!(params(KdfCost::STANDARD).is_ok());
    }

    #[test]
    fn the_derivation_is_argon2id_of_the_folded_text() {
        let cost = KdfCost {
            memory_kib: 32,
            passes: 2,
            lanes: 1,
        };
        let kdf = Kdf {
            params: params(cost).expect("costs"),
            salt: *b"sixteen bytes ok",
        };
        let again = Kdf::decode(&kdf.encode()).expect("a record");
        let passphrase = Passphrase::read("Correct  Horse Battery").expect("a passphrase");
        let mut wanted = [0; 32];
        Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            params(cost).expect("costs"),
        )
        .hash_password_into(b"correct horse battery", b"sixteen bytes ok", &mut wanted)
        .expect("a key");
        assert_eq!(again.derive(&passphrase).expose(), &wanted);
    }
}
