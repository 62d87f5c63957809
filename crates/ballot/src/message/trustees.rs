//! The trustees: single ones, all of whom must decrypt, and groups of which some suffice (sections 4.5 to 4.7).

use super::{TEXT_BYTES_MAX, TRUSTEES_MAX};
use crate::group::Group;
use crate::proof::Proof;
use crate::text::{Read, Reader, write_element, write_list, write_string};

/// A trustee's public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrusteeKey<G: Group> {
    /// That the trustee knows the secret of it.
    pub pok: Proof<G>,
    /// `g^x`.
    pub public_key: G::Element,
    /// Of a trustee of a group, in releases from 2.5.1 on: their signature over the key.
    pub signature: Option<Proof<G>>,
}

/// A message and its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedMessage<G: Group> {
    /// The text that is signed.
    pub message: String,
    /// The signature.
    pub signature: Proof<G>,
}

/// An item of the trustees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrusteeItem<G: Group> {
    /// One who must decrypt.
    Single(TrusteeKey<G>),
    /// A group of which `threshold` must.
    Pedersen(Pedersen<G>),
}

/// A group's parameters (section 4.6.7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pedersen<G: Group> {
    /// How many suffice.
    pub threshold: u64,
    /// Everybody's keys for signing and for messages.
    pub certs: Vec<SignedMessage<G>>,
    /// Everybody's commitments to their polynomial.
    pub coefexps: Vec<SignedMessage<G>>,
    /// From 2.5.1 on: everybody's signature over all certificates and their own commitments.
    pub signatures: Option<Vec<Proof<G>>>,
    /// Everybody's public key.
    pub verification_keys: Vec<TrusteeKey<G>>,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertKeys<G: Group> {
    /// From 2.5.1 on: what the certificate is for.
    pub context: Option<CertContext>,
    /// For signatures.
    pub verification: G::Element,
    /// For messages.
    pub encryption: G::Element,
}

/// What a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertContext {
    /// The group's name.
    pub group: String,
    /// How many trustees there are.
    pub size: u64,
    /// How many suffice.
    pub threshold: u64,
    /// Which this is, from 1.
    pub index: u64,
}

impl<G: Group> TrusteeKey<G> {
    /// Reads it.
    pub fn read(reader: &mut Reader<'_>, group: &G) -> Read<TrusteeKey<G>> {
        reader.expect("{\"pok\":")?;
        let pok = Proof::read(reader, group)?;
        reader.expect(",\"public_key\":")?;
        let public_key = reader.element(group)?;
        let signature = match reader.take(",\"signature\":") {
            true => Some(Proof::read(reader, group)?),
            false => None,
        };
        reader.expect("}")?;
        Ok(TrusteeKey {
            pok,
            public_key,
            signature,
        })
    }

    /// Writes it.
    pub fn write(&self, group: &G, out: &mut String) {
        out.push_str("{\"pok\":");
        self.pok.write(group, out);
        out.push_str(",\"public_key\":");
        write_element(group, &self.public_key, out);
        if let Some(signature) = &self.signature {
            out.push_str(",\"signature\":");
            signature.write(group, out);
        }
        out.push('}');
    }
}

impl<G: Group> SignedMessage<G> {
    /// Reads it.
    pub fn read(reader: &mut Reader<'_>, group: &G) -> Read<SignedMessage<G>> {
        reader.expect("{\"message\":")?;
        let message = reader.string(TEXT_BYTES_MAX)?;
        reader.expect(",\"signature\":")?;
        let signature = Proof::read(reader, group)?;
        reader.expect("}")?;
        Ok(SignedMessage { message, signature })
    }

    /// Writes it.
    pub fn write(&self, group: &G, out: &mut String) {
        out.push_str("{\"message\":");
        write_string(&self.message, out);
        out.push_str(",\"signature\":");
        self.signature.write(group, out);
        out.push('}');
    }
}

impl<G: Group> CertKeys<G> {
    /// Reads the message of a certificate.
    pub fn read(group: &G, message: &str) -> Read<CertKeys<G>> {
        let mut reader = Reader::new(message.as_bytes());
        reader.expect("{")?;
        let context = match reader.take("\"context\":") {
            true => {
                let context = read_context(&mut reader)?;
                reader.expect(",")?;
                Some(context)
            }
            false => None,
        };
        reader.expect("\"verification\":")?;
        let verification = reader.element(group)?;
        reader.expect(",\"encryption\":")?;
        let encryption = reader.element(group)?;
        reader.expect("}")?;
        reader.end()?;
        Ok(CertKeys {
            context,
            verification,
            encryption,
        })
    }

    /// Writes it.
    pub fn text(&self, group: &G) -> String {
        let mut out = "{".to_owned();
        if let Some(context) = &self.context {
            out.push_str("\"context\":{\"group\":");
            write_string(&context.group, &mut out);
            out.push_str(&format!(
                ",\"size\":{},\"threshold\":{},\"index\":{}}},",
                context.size, context.threshold, context.index
            ));
        }
        out.push_str("\"verification\":");
        write_element(group, &self.verification, &mut out);
        out.push_str(",\"encryption\":");
        write_element(group, &self.encryption, &mut out);
        out.push('}');
        out
    }
}

fn read_context(reader: &mut Reader<'_>) -> Read<CertContext> {
    reader.expect("{\"group\":")?;
    let group = reader.plain(64)?.to_owned();
    reader.expect(",\"size\":")?;
    let size = reader.integer()?;
    reader.expect(",\"threshold\":")?;
    let threshold = reader.integer()?;
    reader.expect(",\"index\":")?;
    let index = reader.integer()?;
    reader.expect("}")?;
    Ok(CertContext {
        group,
        size,
        threshold,
        index,
    })
}

/// Reads the message of commitments: `{"coefexps":[…]}`.
pub fn read_coefexps<G: Group>(group: &G, message: &str) -> Read<Vec<G::Element>> {
    let mut reader = Reader::new(message.as_bytes());
    reader.expect("{\"coefexps\":")?;
    let coefexps = reader.list(TRUSTEES_MAX, |reader| reader.element(group))?;
    reader.expect("}")?;
    reader.end()?;
    Ok(coefexps)
}

/// Writes it.
pub fn coefexps_text<G: Group>(group: &G, coefexps: &[G::Element]) -> String {
    let mut out = "{\"coefexps\":".to_owned();
    write_list(coefexps, &mut out, |one, out| {
        write_element(group, one, out)
    });
    out.push('}');
    out
}

/// What each trustee of a group signs: all certificates and their own commitments.
pub fn certs_message<G: Group>(
    group: &G,
    certs: &[SignedMessage<G>],
    coefexps: &[G::Element],
) -> String {
    let mut out = "certs_sig|{\"certs\":".to_owned();
    write_list(certs, &mut out, |one, out| one.write(group, out));
    out.push_str(",\"coefexps\":");
    write_list(coefexps, &mut out, |one, out| {
        write_element(group, one, out)
    });
    out.push('}');
    out
}

/// Reads the trustees of an election.
pub fn read<G: Group>(group: &G, bytes: &[u8]) -> Read<Vec<TrusteeItem<G>>> {
    let mut reader = Reader::new(bytes);
    let items = reader.list(TRUSTEES_MAX, |reader| {
        if reader.take("[\"Single\",") {
            let key = TrusteeKey::read(reader, group)?;
            reader.expect("]")?;
            return Ok(TrusteeItem::Single(key));
        }
        reader.expect("[\"Pedersen\",")?;
        let pedersen = read_pedersen(group, reader)?;
        reader.expect("]")?;
        Ok(TrusteeItem::Pedersen(pedersen))
    })?;
    reader.end()?;
    Ok(items)
}

fn read_pedersen<G: Group>(group: &G, reader: &mut Reader<'_>) -> Read<Pedersen<G>> {
    reader.expect("{\"threshold\":")?;
    let threshold = reader.integer()?;
    reader.expect(",\"certs\":")?;
    let certs = reader.list(TRUSTEES_MAX, |reader| SignedMessage::read(reader, group))?;
    reader.expect(",\"coefexps\":")?;
    let coefexps = reader.list(TRUSTEES_MAX, |reader| SignedMessage::read(reader, group))?;
    let signatures = match reader.take(",\"signatures\":") {
        true => Some(reader.list(TRUSTEES_MAX, |reader| Proof::read(reader, group))?),
        false => None,
    };
    reader.expect(",\"verification_keys\":")?;
    let verification_keys = reader.list(TRUSTEES_MAX, |reader| TrusteeKey::read(reader, group))?;
    reader.expect("}")?;
    Ok(Pedersen {
        threshold,
        certs,
        coefexps,
        signatures,
        verification_keys,
    })
}

/// Writes the trustees of an election.
pub fn text<G: Group>(group: &G, items: &[TrusteeItem<G>]) -> String {
    let mut out = String::new();
    write_list(items, &mut out, |item, out| match item {
        TrusteeItem::Single(key) => {
            out.push_str("[\"Single\",");
            key.write(group, out);
            out.push(']');
        }
        TrusteeItem::Pedersen(pedersen) => {
            out.push_str("[\"Pedersen\",");
            write_pedersen(group, pedersen, out);
            out.push(']');
        }
    });
    out
}

/// Writes a group's parameters.
pub fn write_pedersen<G: Group>(group: &G, pedersen: &Pedersen<G>, out: &mut String) {
    out.push_str(&format!(
        "{{\"threshold\":{},\"certs\":",
        pedersen.threshold
    ));
    write_list(&pedersen.certs, out, |one, out| one.write(group, out));
    out.push_str(",\"coefexps\":");
    write_list(&pedersen.coefexps, out, |one, out| one.write(group, out));
    if let Some(signatures) = &pedersen.signatures {
        out.push_str(",\"signatures\":");
        write_list(signatures, out, |one, out| one.write(group, out));
    }
    out.push_str(",\"verification_keys\":");
    write_list(&pedersen.verification_keys, out, |one, out| {
        one.write(group, out)
    });
    out.push('}');
}
