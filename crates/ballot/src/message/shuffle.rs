//! A shuffle: the ballots of every shuffled question, re-encrypted in another order, and the proof (section 4.17).

use super::{QUESTIONS_MAX, VOTERS_MAX, tally};
use crate::group::Group;
use crate::text::{Read, Reader, write_element, write_list, write_scalar};

/// A shuffle of all shuffled questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shuffle<G: Group> {
    /// The new pairs of each such question.
    pub ciphertexts: tally::Pairs<G>,
    /// The proof of each.
    pub proofs: Vec<ShuffleProof<G>>,
}

/// The proof of one shuffle, after CHVote 1.3.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShuffleProof<G: Group> {
    /// The commitments t1, t2, t3, t41, t42.
    pub commitments: [G::Element; 5],
    /// The commitments t̂.
    pub chained_commitments: Vec<G::Element>,
    /// The responses s1, s2, s3, s4.
    pub responses: [G::Scalar; 4],
    /// The responses ŝ.
    pub chained_responses: Vec<G::Scalar>,
    /// The responses s'.
    pub permuted_responses: Vec<G::Scalar>,
    /// The commitments c to the permutation.
    pub permutation: Vec<G::Element>,
    /// The chain of commitments ĉ.
    pub chain: Vec<G::Element>,
}

impl<G: Group> Shuffle<G> {
    /// Reads it.
    pub fn read(group: &G, bytes: &[u8]) -> Read<Shuffle<G>> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"ciphertexts\":")?;
        let ciphertexts = tally::read_pairs(group, &mut reader)?;
        reader.expect(",\"proofs\":")?;
        let proofs = reader.list(QUESTIONS_MAX, |reader| read_proof(group, reader))?;
        reader.expect("}")?;
        reader.end()?;
        Ok(Shuffle {
            ciphertexts,
            proofs,
        })
    }

    /// Writes it.
    pub fn text(&self, group: &G) -> String {
        let mut out = "{\"ciphertexts\":".to_owned();
        tally::write(group, &self.ciphertexts, &mut out);
        out.push_str(",\"proofs\":");
        write_list(&self.proofs, &mut out, |proof, out| {
            write_proof(group, proof, out)
        });
        out.push('}');
        out
    }
}

fn read_proof<G: Group>(group: &G, reader: &mut Reader<'_>) -> Read<ShuffleProof<G>> {
    reader.expect("[[")?;
    let first = reader.element(group)?;
    reader.expect(",")?;
    let second = reader.element(group)?;
    reader.expect(",")?;
    let third = reader.element(group)?;
    reader.expect(",[")?;
    let fourth = reader.element(group)?;
    reader.expect(",")?;
    let fifth = reader.element(group)?;
    reader.expect("],")?;
    let chained_commitments = read_elements(group, reader)?;
    reader.expect("],[")?;
    let mut responses = [(); 4].map(|()| group.scalar(0));
    for response in &mut responses {
        *response = reader.scalar(group)?;
        reader.expect(",")?;
    }
    let chained_responses = read_scalars(group, reader)?;
    reader.expect(",")?;
    let permuted_responses = read_scalars(group, reader)?;
    reader.expect("],")?;
    let permutation = read_elements(group, reader)?;
    reader.expect(",")?;
    let chain = read_elements(group, reader)?;
    reader.expect("]")?;
    Ok(ShuffleProof {
        commitments: [first, second, third, fourth, fifth],
        chained_commitments,
        responses,
        chained_responses,
        permuted_responses,
        permutation,
        chain,
    })
}

fn read_elements<G: Group>(group: &G, reader: &mut Reader<'_>) -> Read<Vec<G::Element>> {
    reader.list(VOTERS_MAX, |reader| reader.element(group))
}

fn read_scalars<G: Group>(group: &G, reader: &mut Reader<'_>) -> Read<Vec<G::Scalar>> {
    reader.list(VOTERS_MAX, |reader| reader.scalar(group))
}

fn write_proof<G: Group>(group: &G, proof: &ShuffleProof<G>, out: &mut String) {
    let elements = |list: &[G::Element], out: &mut String| {
        write_list(list, out, |one, out| write_element(group, one, out));
    };
    let scalars = |list: &[G::Scalar], out: &mut String| {
        write_list(list, out, |one, out| write_scalar(group, one, out));
    };
    out.push_str("[[");
    for one in &proof.commitments[..3] {
        write_element(group, one, out);
        out.push(',');
    }
    elements(&proof.commitments[3..], out);
    out.push(',');
    elements(&proof.chained_commitments, out);
    out.push_str("],[");
    for one in &proof.responses {
        write_scalar(group, one, out);
        out.push(',');
    }
    scalars(&proof.chained_responses, out);
    out.push(',');
    scalars(&proof.permuted_responses, out);
    out.push_str("],");
    elements(&proof.permutation, out);
    out.push(',');
    elements(&proof.chain, out);
    out.push(']');
}
