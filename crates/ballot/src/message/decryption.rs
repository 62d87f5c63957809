//! A trustee's part of the decryption (section 4.18).

use super::{QUESTIONS_MAX, VOTERS_MAX};
use crate::group::Group;
use crate::proof::Proof;
use crate::text::{Read, Reader, write_element, write_list};

/// For each pair of the tally, `alpha^x` and the proof that it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartialDecryption<G: Group> {
    /// The factors, in the shape of the tally.
    pub factors: Vec<Vec<G::Element>>,
    /// Their proofs, in the same shape.
    pub proofs: Vec<Vec<Proof<G>>>,
}

impl<G: Group> PartialDecryption<G> {
    /// Reads it.
    pub fn read(group: &G, bytes: &[u8]) -> Read<PartialDecryption<G>> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"decryption_factors\":")?;
        let factors = reader.list(QUESTIONS_MAX, |reader| {
            reader.list(VOTERS_MAX, |reader| reader.element(group))
        })?;
        reader.expect(",\"decryption_proofs\":")?;
        let proofs = reader.list(QUESTIONS_MAX, |reader| {
            reader.list(VOTERS_MAX, |reader| Proof::read(reader, group))
        })?;
        reader.expect("}")?;
        reader.end()?;
        Ok(PartialDecryption { factors, proofs })
    }

    /// Writes it.
    pub fn text(&self, group: &G) -> String {
        let mut out = "{\"decryption_factors\":".to_owned();
        write_list(&self.factors, &mut out, |question, out| {
            write_list(question, out, |one, out| write_element(group, one, out));
        });
        out.push_str(",\"decryption_proofs\":");
        write_list(&self.proofs, &mut out, |question, out| {
            write_list(question, out, |one, out| one.write(group, out));
        });
        out.push('}');
        out
    }
}
