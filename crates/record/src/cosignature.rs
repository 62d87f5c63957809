//! Cosignatures: what a witness adds to a checkpoint it found consistent (C2SP tlog-cosignature, the Ed25519 kind 0x04).

use crate::note::{KeyKind, Signature, Vkey};
use crate::signature::{SIGNATURE_BYTES, SigningKey};

/// The last second that a cosignature may say.
pub const TIME_MAX: u64 = i64::MAX as u64;

/// A line claims to be a known witness's cosignature and is not. Refuse the whole checkpoint; the witness or the way is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the cosignature does not verify")]
pub struct CosignatureError;

/// What the witness signs: a header, the time, and the checkpoint's whole text.
pub fn message(checkpoint_text: &str, unix_seconds: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {unix_seconds}\n{checkpoint_text}").into_bytes()
}

/// Cosigns a checkpoint's text as the witness `name`, at a time in seconds since 1970.
///
/// Whoever calls this has checked that the checkpoint is consistent with the last one cosigned for its log, and has stored it.
pub fn cosign(
    checkpoint_text: &str,
    unix_seconds: u64,
    witness: &Vkey,
    key: &SigningKey,
) -> Signature {
    let signature = key.sign(&message(checkpoint_text, unix_seconds));
    let bytes = [unix_seconds.to_be_bytes().as_slice(), &signature].concat();
    Signature::new(witness, bytes)
}

/// The vkey of a witness that signs with `key`.
pub fn witness_vkey(name: crate::ids::Origin, key: &SigningKey) -> Vkey {
    Vkey::new(name, KeyKind::Witness, *key.verifying_key().as_bytes())
}

/// Checks a line that [is by](Signature::is_by) this witness; gives its time in seconds since 1970.
pub fn verify(
    checkpoint_text: &str,
    witness: &Vkey,
    line: &Signature,
) -> Result<u64, CosignatureError> {
    let (time, signature) = line
        .bytes()
        .split_first_chunk::<8>()
        .ok_or(CosignatureError)?;
    let signature: &[u8; SIGNATURE_BYTES] = signature.try_into().map_err(|_| CosignatureError)?;
    let time = u64::from_be_bytes(*time);
    if time > TIME_MAX || witness.kind() != KeyKind::Witness {
        return Err(CosignatureError);
    }
    witness
        .verify(&message(checkpoint_text, time), signature)
        .map(|()| time)
        .map_err(|_| CosignatureError)
}
