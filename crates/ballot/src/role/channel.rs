//! Messages between trustees, carried by somebody whom they need not trust: signed by the sender, encrypted to the
//! receiver with ElGamal and AES-256 in GCM mode (sections 4.6.1 and 4.6.3; the form of releases from 2.5.1 on).

use aes_gcm::AesGcm;
use aes_gcm::aead::consts::U32;
use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::aes::Aes256;
use rand_core::CryptoRng;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::credential::random_letters;
use crate::group::Group;
use crate::message::election::BASE58;
use crate::message::trustees::SignedMessage;
use crate::proof::{Proof, exponent, message_prefix};
use crate::text::{Read, Reader, write_element, write_string};

/// AES-256 in GCM mode; what the nonce is made from is a whole SHA-256.
type Cipher = AesGcm<Aes256, U32>;

/// Characters of a seed: 128 bits.
const SEED_LETTERS: usize = 22;

/// The largest message: a polynomial of as many coefficients as trustees may be.
const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

/// Why a message from another trustee cannot be used. Ask for it again, by another way than before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// It is not in the form of a message.
    #[error("a message is out of form: {0}")]
    Form(#[source] crate::text::NotCanonical),
    /// It was encrypted for somebody else, or changed on the way.
    #[error("a message is for somebody else, or was changed on the way")]
    Sealed,
    /// Its signature is not its sender's.
    #[error("a message is not signed by the trustee it is said to be from")]
    Signature,
    /// It was sent to somebody else and passed on.
    #[error("a message was sent to another trustee")]
    Recipient,
}

/// Where a trustee's four keys come from: 22 characters, wiped from memory when dropped.
#[derive(Clone)]
pub struct Seed(Zeroizing<String>);

impl Seed {
    /// A new one.
    pub fn generate(random: &mut dyn CryptoRng) -> Seed {
        Seed(random_letters(SEED_LETTERS, random))
    }

    /// Reads one; `None` if these are not 22 letters of base 58.
    pub fn read(text: &str) -> Option<Seed> {
        let text = text.trim();
        let is_seed = text.len() == SEED_LETTERS && text.bytes().all(|byte| BASE58.contains(&byte));
        is_seed.then(|| Seed(Zeroizing::new(text.to_owned())))
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// A trustee's keys for signatures and messages.
pub struct ChannelKeys<G: Group> {
    signing: G::Scalar,
    decryption: G::Scalar,
    /// What the others check signatures with.
    pub verification: G::Element,
    /// What the others encrypt to.
    pub encryption: G::Element,
}

impl<G: Group> Drop for ChannelKeys<G> {
    fn drop(&mut self) {
        self.signing.zeroize();
        self.decryption.zeroize();
    }
}

impl<G: Group> ChannelKeys<G> {
    /// The keys of a seed.
    pub fn of(group: &G, seed: &Seed) -> ChannelKeys<G> {
        let derive = |label: &str| {
            let text = Zeroizing::new(format!("{label}|{}", seed.text()));
            group.reduce(&Sha256::digest(text.as_bytes()))
        };
        let (signing, decryption) = (derive("sk"), derive("dk"));
        ChannelKeys {
            verification: group.generator_power(&signing),
            encryption: group.generator_power(&decryption),
            signing,
            decryption,
        }
    }

    /// A signature over a text.
    pub fn sign(&self, group: &G, message: &str, random: &mut dyn CryptoRng) -> Proof<G> {
        exponent::prove(group, &message_prefix(message), &self.signing, random)
    }

    /// A text with its signature.
    pub fn signed(
        &self,
        group: &G,
        message: String,
        random: &mut dyn CryptoRng,
    ) -> SignedMessage<G> {
        let signature = self.sign(group, &message, random);
        SignedMessage { message, signature }
    }

    /// A message for the holder of `recipient`.
    pub fn send(
        &self,
        group: &G,
        recipient: &G::Element,
        message: &str,
        random: &mut dyn CryptoRng,
    ) -> String {
        let mut inside = Zeroizing::new("{\"recipient\":".to_owned());
        write_element(group, recipient, &mut inside);
        inside.push_str(",\"message\":");
        write_string(message, &mut inside);
        inside.push('}');
        let mut signed = self.signed(group, inside.to_string(), random);
        let mut plain = Zeroizing::new(String::new());
        signed.write(group, &mut plain);
        signed.message.zeroize();
        let (blinding, secret) = (group.random_scalar(random), group.random_scalar(random));
        let key = group.generator_power(&secret);
        let alpha = group.generator_power(&blinding);
        let beta = group.multiply(&group.power(recipient, &blinding), &key);
        let (cipher, nonce) = cipher(group, &key, &alpha);
        // GCM refuses only messages of gigabytes.
        let data = cipher
            .encrypt(&nonce.into(), plain.as_bytes())
            .unwrap_or_default();
        let mut out = "{\"algorithm\":\"AES-GCM\",\"alpha\":".to_owned();
        write_element(group, &alpha, &mut out);
        out.push_str(",\"beta\":");
        write_element(group, &beta, &mut out);
        out.push_str(&format!(",\"data\":\"{}\"}}", hex::encode(data)));
        out
    }

    /// The message that the holder of `sender` sent us.
    pub fn receive(
        &self,
        group: &G,
        sender: &G::Element,
        text: &str,
    ) -> Result<Zeroizing<String>, ChannelError> {
        let (alpha, beta, data) = read_sealed(group, text).map_err(ChannelError::Form)?;
        let blinding = group.power(&alpha, &self.decryption);
        let key = group.multiply(&beta, &group.inverse_public(&blinding));
        let (cipher, nonce) = cipher(group, &key, &alpha);
        let plain = cipher
            .decrypt(&nonce.into(), data.as_slice())
            .map_err(|_| ChannelError::Sealed)?;
        let plain = Zeroizing::new(plain);
        let mut reader = Reader::new(&plain);
        let signed = SignedMessage::read(&mut reader, group).map_err(ChannelError::Form)?;
        let signed_text = Zeroizing::new(signed.message);
        if !exponent::holds(
            group,
            &message_prefix(&signed_text),
            sender,
            &signed.signature,
        ) {
            return Err(ChannelError::Signature);
        }
        let (recipient, message) = read_inside(group, &signed_text).map_err(ChannelError::Form)?;
        match recipient == self.encryption {
            true => Ok(message),
            false => Err(ChannelError::Recipient),
        }
    }
}

fn cipher<G: Group>(group: &G, key: &G::Element, alpha: &G::Element) -> (Cipher, [u8; 32]) {
    let text = Zeroizing::new(format!("key|{}", group.element_text(key)));
    let digest = Sha256::digest(text.as_bytes());
    let nonce = Sha256::digest(format!("iv|{}", group.element_text(alpha)));
    (Cipher::new(&digest), nonce.into())
}

type Sealed<G> = (<G as Group>::Element, <G as Group>::Element, Vec<u8>);

fn read_sealed<G: Group>(group: &G, text: &str) -> Read<Sealed<G>> {
    let mut reader = Reader::new(text.trim().as_bytes());
    reader.expect("{\"algorithm\":\"AES-GCM\",\"alpha\":")?;
    let alpha = reader.element(group)?;
    reader.expect(",\"beta\":")?;
    let beta = reader.element(group)?;
    reader.expect(",\"data\":")?;
    let data = reader.plain(MESSAGE_BYTES_MAX)?;
    let Ok(data) = hex::decode(data) else {
        return reader.fault("before here: hexadecimal");
    };
    reader.expect("}")?;
    reader.end()?;
    Ok((alpha, beta, data))
}

fn read_inside<G: Group>(group: &G, text: &str) -> Read<(G::Element, Zeroizing<String>)> {
    let mut reader = Reader::new(text.as_bytes());
    reader.expect("{\"recipient\":")?;
    let recipient = reader.element(group)?;
    reader.expect(",\"message\":")?;
    let message = Zeroizing::new(reader.string(MESSAGE_BYTES_MAX)?);
    reader.expect("}")?;
    reader.end()?;
    Ok((recipient, message))
}
