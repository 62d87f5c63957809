//! DSSE envelopes, version 1, written as RFC 8785 (entry.md, section 3): a payload, its type, and signatures over both.

use crate::canonical::{self, CanonicalError, FieldError, Fields, Value};
use crate::encoding::base64_text;
use crate::ids::KeyId;
use crate::map;
use crate::signature::{SIGNATURE_BYTES, SignatureError, SigningKey, VerifyingKey};

/// What a kind of envelope may be: fixed by its specification, so never part of the input.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// The one payload type.
    pub payload_type: &'static str,
    /// The longest envelope, in bytes.
    pub bytes_max: usize,
    /// The most signatures.
    pub signatures_max: usize,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Names the key that is said to have signed.
    pub key_id: KeyId,
    /// R and S.
    pub bytes: [u8; SIGNATURE_BYTES],
}

/// A payload with its signatures; the shape holds, the signatures are not verified yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The signed bytes.
    pub payload: Vec<u8>,
    /// The signer's first.
    pub signatures: Vec<Signature>,
}

/// Why bytes are not an envelope of the wanted shape. Nothing of them may be used; ask for the original bytes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DsseError {
    /// Longer than this kind of envelope may be.
    #[error("the envelope is {found} bytes long; at most {max} are allowed")]
    TooLong {
        /// The length found.
        found: usize,
        /// The limit.
        max: usize,
    },
    /// Not canonical JSON.
    #[error("the envelope: {0}")]
    Canonical(CanonicalError),
    /// A field is missing, unknown or wrong.
    #[error("the envelope: {0}")]
    Field(FieldError),
    /// Another payload type: an envelope made for another purpose.
    #[error("the envelope is of another type")]
    PayloadType,
    /// No signature, or more than this kind allows.
    #[error("the envelope has {0} signatures")]
    SignatureCount(usize),
}

/// Why the signature of a key on an envelope is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// The first signature names another key. Look for the key it names, or treat the text as unsigned.
    #[error("the envelope is signed by the key {found}, not {wanted}")]
    OtherKey {
        /// The key asked for.
        wanted: KeyId,
        /// The key that the envelope names.
        found: KeyId,
    },
    /// The signature does not verify: the payload or the signature was altered.
    #[error("the envelope's signature is refused: {0}")]
    Signature(SignatureError),
}

/// What DSSE signs: the type and the payload with their lengths.
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!(
        "DSSEv1 {} {payload_type} {} ",
        payload_type.len(),
        payload.len()
    );
    [head.as_bytes(), payload].concat()
}

impl Signed {
    /// Signs `payload` alone.
    pub fn sign(shape: &Shape, payload: Vec<u8>, key: &SigningKey) -> Signed {
        let mut signed = Signed {
            payload,
            signatures: Vec::new(),
        };
        signed.add_signature(shape, key);
        signed
    }

    /// Adds a further signature over the same payload.
    pub fn add_signature(&mut self, shape: &Shape, key: &SigningKey) {
        let message = pre_authentication_encoding(shape.payload_type, &self.payload);
        self.signatures.push(Signature {
            key_id: key.verifying_key().key_id(),
            bytes: key.sign(&message),
        });
    }

    /// Reads the bytes of an envelope of this shape.
    pub fn parse(shape: &Shape, bytes: &[u8]) -> Result<Signed, DsseError> {
        if bytes.len() > shape.bytes_max {
            return Err(DsseError::TooLong {
                found: bytes.len(),
                max: shape.bytes_max,
            });
        }
        let map = canonical::parse(bytes).map_err(DsseError::Canonical)?;
        let mut fields = Fields::new(map);
        let payload = fields.base64_bytes("payload").map_err(DsseError::Field)?;
        if fields.text("payloadType").map_err(DsseError::Field)? != shape.payload_type {
            return Err(DsseError::PayloadType);
        }
        let list = fields
            .list_of_fields("signatures")
            .map_err(DsseError::Field)?;
        fields.finish().map_err(DsseError::Field)?;
        let signatures: Result<Vec<_>, _> = list.into_iter().map(read_signature).collect();
        let signed = Signed {
            payload,
            signatures: signatures.map_err(DsseError::Field)?,
        };
        signed.check_signers(shape)?;
        Ok(signed)
    }

    /// Writes the envelope's bytes, refusing what [`Signed::parse`] would refuse.
    pub fn encode(&self, shape: &Shape) -> Result<Vec<u8>, DsseError> {
        self.check_signers(shape)?;
        let signatures: Vec<Value> = self.signatures.iter().map(write_signature).collect();
        let envelope = map! {
            "payload" => base64_text(&self.payload),
            "payloadType" => shape.payload_type,
            "signatures" => signatures,
        };
        let bytes = canonical::encode(&Value::Map(envelope)).map_err(DsseError::Canonical)?;
        if bytes.len() > shape.bytes_max {
            return Err(DsseError::TooLong {
                found: bytes.len(),
                max: shape.bytes_max,
            });
        }
        Ok(bytes)
    }

    /// Checks that the first signature is by `key` and verifies.
    pub fn verify(&self, shape: &Shape, key: &VerifyingKey) -> Result<(), VerifyError> {
        let wanted = key.key_id();
        match self.signatures.first() {
            Some(first) if first.key_id == wanted => {
                let message = pre_authentication_encoding(shape.payload_type, &self.payload);
                key.verify(&message, &first.bytes)
                    .map_err(VerifyError::Signature)
            }
            Some(other) => Err(VerifyError::OtherKey {
                wanted,
                found: other.key_id,
            }),
            None => Err(VerifyError::Signature(SignatureError::Mismatch)),
        }
    }

    fn check_signers(&self, shape: &Shape) -> Result<(), DsseError> {
        match self.signatures.len() {
            count if count == 0 || count > shape.signatures_max => {
                Err(DsseError::SignatureCount(count))
            }
            _ => Ok(()),
        }
    }
}

fn read_signature(mut fields: Fields) -> Result<Signature, FieldError> {
    let signature = Signature {
        key_id: fields.parsed("keyid")?,
        bytes: fields.base64("sig")?,
    };
    fields.finish()?;
    Ok(signature)
}

fn write_signature(signature: &Signature) -> Value {
    Value::Map(map! {
        "keyid" => signature.key_id.to_string(),
        "sig" => base64_text(&signature.bytes),
    })
}
