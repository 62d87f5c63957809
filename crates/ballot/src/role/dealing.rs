//! Trustees of whom some suffice: each deals shares of a polynomial to the others (section 4.6, with the contexts and
//! signatures of releases from 2.5.1 on, which earlier ones pass over).

use rand_core::CryptoRng;
use zeroize::{Zeroize, Zeroizing};

use super::channel::{ChannelError, ChannelKeys, Seed};
use super::trustee;
use crate::group::Group;
use crate::message::TRUSTEES_MAX;
use crate::message::trustees::{
    CertContext, CertKeys, Pedersen, SignedMessage, TrusteeKey, certs_message, coefexps_text,
    read_coefexps,
};
use crate::proof::{Proof, exponent, message_prefix};
use crate::text::{NotCanonical, Reader, write_list, write_scalar, write_string};

/// A sealed polynomial or share, in bytes.
const SEALED_BYTES_MAX: usize = 1024 * 1024;

/// Why a step cannot be taken. Nothing was made; the trustee who is named has to send theirs again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DealError {
    /// A message is out of form.
    #[error("the {what} of trustee {trustee} is out of form: {fault}")]
    Form {
        /// What.
        what: &'static str,
        /// Whose, from 1.
        trustee: usize,
        /// Where.
        #[source]
        fault: NotCanonical,
    },
    /// There are fewer than one trustee, too many, or a threshold above their number.
    #[error(
        "the threshold must be between 1 and the number of trustees, of whom there are at most 100"
    )]
    Threshold,
    /// A certificate is for another group of trustees, or stands in another's place.
    #[error("the certificate of trustee {0} is for other trustees, or in another's place")]
    Context(usize),
    /// A signature does not hold.
    #[error("a signature of trustee {0} does not hold")]
    Signature(usize),
    /// The seed is none of these trustees'.
    #[error("this seed belongs to none of these trustees")]
    Stranger,
    /// A dealt share does not fit what was committed to.
    #[error("trustee {0} dealt a share that does not fit what they committed to")]
    Share(usize),
    /// A message cannot be opened.
    #[error("from trustee {trustee}: {cause}")]
    Channel {
        /// Whose, from 1.
        trustee: usize,
        /// Why.
        #[source]
        cause: ChannelError,
    },
    /// A key does not follow from the commitments.
    #[error("the public key of trustee {0} does not follow from what was dealt")]
    Key(usize),
}

/// What a trustee deals (step 3).
#[derive(Clone, Debug)]
pub struct Dealt<G: Group> {
    /// The polynomial, for the dealer alone.
    pub polynomial: String,
    /// A share for each trustee.
    pub secrets: Vec<String>,
    /// The commitments.
    pub coefexps: SignedMessage<G>,
    /// Over all certificates and the commitments.
    pub signature: Proof<G>,
}

/// What a trustee ends with (step 5).
#[derive(Clone, Debug)]
pub struct Dealing<G: Group> {
    /// The decryption key, sealed for its owner.
    pub private_key: String,
    /// The public key.
    pub public_key: TrusteeKey<G>,
}

/// Step 1: the certificate of a seed, for trustee `index` (from 1) of `size`.
pub fn certificate<G: Group>(
    group: &G,
    seed: &Seed,
    context: CertContext,
    random: &mut dyn CryptoRng,
) -> Result<SignedMessage<G>, DealError> {
    let is_possible = (1..=TRUSTEES_MAX as u64).contains(&context.size)
        && (1..=context.size).contains(&context.threshold)
        && (1..=context.size).contains(&context.index);
    if !is_possible {
        return Err(DealError::Threshold);
    }
    let keys = ChannelKeys::of(group, seed);
    let message = CertKeys {
        context: Some(context),
        verification: keys.verification.clone(),
        encryption: keys.encryption.clone(),
    };
    Ok(keys.signed(group, message.text(group), random))
}

/// The certificates of all trustees, checked.
pub struct Dealers<G: Group> {
    certs: Vec<SignedMessage<G>>,
    keys: Vec<CertKeys<G>>,
    threshold: u64,
}

impl<G: Group> Dealers<G> {
    /// Step 2: checks the certificates, in the order of the trustees.
    pub fn new(group: &G, certs: Vec<SignedMessage<G>>) -> Result<Dealers<G>, DealError> {
        let mut keys: Vec<CertKeys<G>> = Vec::new();
        let mut threshold = 0;
        for (number, cert) in (1..).zip(&certs) {
            let form = |fault| DealError::Form {
                what: "certificate",
                trustee: number,
                fault,
            };
            let read = CertKeys::read(group, &cert.message).map_err(form)?;
            let Some(context) = &read.context else {
                return Err(DealError::Context(number));
            };
            if number == 1 {
                threshold = context.threshold;
            }
            let fits = context.group == group.name().text()
                && context.size == certs.len() as u64
                && context.threshold == threshold
                && context.index == number as u64;
            let is_new = keys.iter().all(|one| one.encryption != read.encryption);
            if !fits || !is_new || !group.is_member(&read.encryption) {
                return Err(DealError::Context(number));
            }
            let prefix = message_prefix(&cert.message);
            if !exponent::holds(group, &prefix, &read.verification, &cert.signature) {
                return Err(DealError::Signature(number));
            }
            keys.push(read);
        }
        match (1..=keys.len() as u64).contains(&threshold) {
            true => Ok(Dealers {
                certs,
                keys,
                threshold,
            }),
            false => Err(DealError::Threshold),
        }
    }

    /// How many trustees there are.
    pub fn size(&self) -> usize {
        self.keys.len()
    }

    fn own(&self, keys: &ChannelKeys<G>) -> Result<usize, DealError> {
        let is_own = |one: &CertKeys<G>| {
            one.verification == keys.verification && one.encryption == keys.encryption
        };
        self.keys.iter().position(is_own).ok_or(DealError::Stranger)
    }

    /// Step 3: a polynomial, and a share of it for each.
    pub fn deal(
        &self,
        group: &G,
        seed: &Seed,
        random: &mut dyn CryptoRng,
    ) -> Result<Dealt<G>, DealError> {
        let keys = ChannelKeys::of(group, seed);
        let own = self.own(&keys)?;
        let mut coefficients: Vec<G::Scalar> = (0..self.threshold)
            .map(|_| group.random_scalar(random))
            .collect();
        let commitments: Vec<G::Element> = coefficients
            .iter()
            .map(|one| group.generator_power(one))
            .collect();
        let mut polynomial = Zeroizing::new("{\"polynomial\":".to_owned());
        write_list(&coefficients, &mut polynomial, |one, out| {
            write_scalar(group, one, out)
        });
        polynomial.push('}');
        let mut secrets = Vec::new();
        for (index, receiver) in (1..).zip(&self.keys) {
            let mut share = value(group, &coefficients, index);
            let message = scalar_message(group, "secret", &share);
            share.zeroize();
            secrets.push(keys.send(group, &receiver.encryption, &message, random));
        }
        coefficients.zeroize();
        let signature = keys.sign(
            group,
            &certs_message(group, &self.certs, &commitments),
            random,
        );
        Ok(Dealt {
            polynomial: keys.send(group, &self.keys[own].encryption, &polynomial, random),
            secrets,
            coefexps: keys.signed(group, coefexps_text(group, &commitments), random),
            signature,
        })
    }

    /// The commitments of all, checked.
    fn commitments(
        &self,
        group: &G,
        dealt: &[Dealt<G>],
    ) -> Result<Vec<Vec<G::Element>>, DealError> {
        let mut all = Vec::new();
        for (number, (dealt, dealer)) in (1..).zip(dealt.iter().zip(&self.keys)) {
            let form = |fault| DealError::Form {
                what: "commitment",
                trustee: number,
                fault,
            };
            let read = read_coefexps(group, &dealt.coefexps.message).map_err(form)?;
            let is_signed = |message: &str, proof: &Proof<G>| {
                exponent::holds(group, &message_prefix(message), &dealer.verification, proof)
            };
            let holds = is_signed(&dealt.coefexps.message, &dealt.coefexps.signature)
                && is_signed(&certs_message(group, &self.certs, &read), &dealt.signature);
            if !holds
                || read.len() as u64 != self.threshold
                || !read.iter().all(|one| group.is_member(one))
            {
                return Err(DealError::Signature(number));
            }
            all.push(read);
        }
        match all.len() == self.size() {
            true => Ok(all),
            false => Err(DealError::Threshold),
        }
    }

    /// Step 5: a trustee checks what was dealt to them, and has their key.
    pub fn finish(
        &self,
        group: &G,
        seed: &Seed,
        dealt: &[Dealt<G>],
        random: &mut dyn CryptoRng,
    ) -> Result<Dealing<G>, DealError> {
        let keys = ChannelKeys::of(group, seed);
        let own = self.own(&keys)?;
        let commitments = self.commitments(group, dealt)?;
        let mut key = group.scalar(0);
        for (number, ((dealt, dealer), committed)) in
            (1..).zip(dealt.iter().zip(&self.keys).zip(&commitments))
        {
            let channel = |cause| DealError::Channel {
                trustee: number,
                cause,
            };
            let sealed = dealt.secrets.get(own).ok_or(DealError::Share(number))?;
            let message = keys
                .receive(group, &dealer.verification, sealed)
                .map_err(channel)?;
            let mut share = read_scalar_message(group, "{\"secret\":", &message)
                .ok_or(DealError::Share(number))?;
            if group.generator_power(&share) != committed_value(group, committed, own as u64 + 1) {
                return Err(DealError::Share(number));
            }
            key = group.add(&key, &share);
            share.zeroize();
        }
        let mut public_key = trustee::public_key(group, &key, random);
        let text = group.element_text(&public_key.public_key);
        public_key.signature = Some(keys.sign(group, &text, random));
        let message = scalar_message(group, "decryption_key", &key);
        key.zeroize();
        Ok(Dealing {
            private_key: keys.send(group, &self.keys[own].encryption, &message, random),
            public_key,
        })
    }

    /// Step 6: what is published of the group.
    pub fn published(
        self,
        group: &G,
        dealt: Vec<Dealt<G>>,
        verification_keys: Vec<TrusteeKey<G>>,
    ) -> Result<Pedersen<G>, DealError> {
        let commitments = self.commitments(group, &dealt)?;
        if verification_keys.len() != self.size() {
            return Err(DealError::Threshold);
        }
        for (number, key) in (1..).zip(&verification_keys) {
            let expected = commitments.iter().fold(group.identity(), |product, one| {
                group.multiply(&product, &committed_value(group, one, number))
            });
            if key.public_key != expected {
                return Err(DealError::Key(number as usize));
            }
        }
        let (coefexps, signatures) = dealt
            .into_iter()
            .map(|one| (one.coefexps, one.signature))
            .unzip();
        Ok(Pedersen {
            threshold: self.threshold,
            certs: self.certs,
            coefexps,
            signatures: Some(signatures),
            verification_keys,
        })
    }
}

/// A trustee's decryption key, from what was sealed for them.
pub fn open_key<G: Group>(
    group: &G,
    seed: &Seed,
    sealed: &str,
) -> Result<Zeroizing<G::Scalar>, ChannelError> {
    let keys = ChannelKeys::of(group, seed);
    let message = keys.receive(group, &keys.verification, sealed)?;
    let read = read_scalar_message(group, "{\"decryption_key\":", &message);
    read.map(Zeroizing::new).ok_or(ChannelError::Sealed)
}

/// The polynomial at a place, by Horner's rule.
fn value<G: Group>(group: &G, coefficients: &[G::Scalar], place: u64) -> G::Scalar {
    let place = group.scalar(place);
    coefficients.iter().rev().fold(group.scalar(0), |sum, one| {
        group.add(&group.times(&sum, &place), one)
    })
}

/// What a polynomial's commitments say of its value at a place.
fn committed_value<G: Group>(group: &G, commitments: &[G::Element], place: u64) -> G::Element {
    let place = group.scalar(place);
    commitments.iter().rev().fold(group.identity(), |sum, one| {
        group.multiply(&group.power_public(&sum, &place), one)
    })
}

fn scalar_message<G: Group>(group: &G, name: &str, scalar: &G::Scalar) -> Zeroizing<String> {
    let mut message = Zeroizing::new(format!("{{\"{name}\":"));
    write_scalar(group, scalar, &mut message);
    message.push('}');
    message
}

fn read_scalar_message<G: Group>(
    group: &G,
    start: &'static str,
    message: &str,
) -> Option<G::Scalar> {
    let mut reader = Reader::new(message.as_bytes());
    reader.expect(start).ok()?;
    let scalar = reader.scalar(group).ok()?;
    reader.expect("}").ok()?;
    reader.end().ok()?;
    Some(scalar)
}

impl<G: Group> Dealt<G> {
    /// Its text, as the trustee's file has it.
    pub fn text(&self, group: &G) -> String {
        let mut out = "{\"polynomial\":".to_owned();
        write_string(&self.polynomial, &mut out);
        out.push_str(",\"secrets\":");
        write_list(&self.secrets, &mut out, |one, out| write_string(one, out));
        out.push_str(",\"coefexps\":");
        self.coefexps.write(group, &mut out);
        out.push_str(",\"signature\":");
        self.signature.write(group, &mut out);
        out.push('}');
        out
    }

    /// Reads it.
    pub fn read(group: &G, bytes: &[u8]) -> Result<Dealt<G>, NotCanonical> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"polynomial\":")?;
        let polynomial = reader.string(SEALED_BYTES_MAX)?;
        reader.expect(",\"secrets\":")?;
        let secrets = reader.list(TRUSTEES_MAX, |reader| reader.string(SEALED_BYTES_MAX))?;
        reader.expect(",\"coefexps\":")?;
        let coefexps = SignedMessage::read(&mut reader, group)?;
        reader.expect(",\"signature\":")?;
        let signature = Proof::read(&mut reader, group)?;
        reader.expect("}")?;
        reader.end()?;
        Ok(Dealt {
            polynomial,
            secrets,
            coefexps,
            signature,
        })
    }
}

impl<G: Group> Dealing<G> {
    /// Its text, as the trustee's file has it.
    pub fn text(&self, group: &G) -> String {
        let mut out = "{\"private_key\":".to_owned();
        write_string(&self.private_key, &mut out);
        out.push_str(",\"public_key\":");
        self.public_key.write(group, &mut out);
        out.push('}');
        out
    }

    /// Reads it.
    pub fn read(group: &G, bytes: &[u8]) -> Result<Dealing<G>, NotCanonical> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"private_key\":")?;
        let private_key = reader.string(SEALED_BYTES_MAX)?;
        reader.expect(",\"public_key\":")?;
        let public_key = TrusteeKey::read(&mut reader, group)?;
        reader.expect("}")?;
        reader.end()?;
        Ok(Dealing {
            private_key,
            public_key,
        })
    }
}
