//! A ballot: encrypted answers with their proofs, signed with the voter's credential (sections 4.11 and 4.15).

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use super::election::{Choice, Question, UUID_LENGTH_MAX};
use super::{read_pair, write_pair};
use crate::group::{Ciphertext, Group};
use crate::proof::Proof;
use crate::text::{Read, Reader, write_element, write_list};

/// Characters of a SHA-256 in base 64 without padding.
pub const HASH_LENGTH: usize = 43;

/// A ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot<G: Group> {
    /// The election's identifier.
    pub election_uuid: String,
    /// The election's fingerprint.
    pub election_hash: String,
    /// The voter's public credential.
    pub credential: G::Element,
    /// An answer to each question.
    pub answers: Vec<Answer<G>>,
    /// The hash that is signed: of the ballot without its signature.
    pub signed_hash: String,
    /// The signature.
    pub signature: Proof<G>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<G: Group> {
    /// To a question that is only counted.
    Homomorphic(ChoiceAnswer<G>),
    /// To one that is shuffled.
    NonHomomorphic {
        /// The encrypted numbers.
        choices: Ciphertext<G>,
        /// That the voter knows what is encrypted.
        proof: Proof<G>,
    },
}

/// A choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceAnswer<G: Group> {
    /// Whether it is blank if that may be, then for each answer whether it is chosen.
    pub choices: Vec<Ciphertext<G>>,
    /// That each is 0 or 1.
    pub individual_proofs: Vec<Vec<Proof<G>>>,
    /// That as many were chosen as may be.
    pub overall_proof: Vec<Proof<G>>,
    /// That it is not blank, or nothing is chosen.
    pub blank_proof: Option<Vec<Proof<G>>>,
}

/// A ballot that was read, with the texts that its hashes need.
#[derive(Clone, Debug)]
pub struct ReadBallot<G: Group> {
    /// The ballot.
    pub ballot: Ballot<G>,
    /// Its credential as it is written.
    pub credential_text: String,
    /// What its signature has to be over.
    pub hash: String,
}

/// Base 64 without padding of a SHA-256.
pub fn hash_text(bytes: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    bytes.iter().for_each(|part| digest.update(part));
    STANDARD_NO_PAD.encode(digest.finalize())
}

/// The tracker that the voter keeps: the hash of the whole ballot.
pub fn tracker(ballot: &[u8]) -> String {
    hash_text(&[ballot])
}

/// Reads a ballot in the shape that the questions ask for.
pub fn read<G: Group>(group: &G, questions: &[Question], bytes: &[u8]) -> Read<ReadBallot<G>> {
    let mut reader = Reader::new(bytes);
    reader.expect("{\"election_uuid\":")?;
    let election_uuid = reader.plain(UUID_LENGTH_MAX)?.to_owned();
    reader.expect(",\"election_hash\":")?;
    let election_hash = reader.plain(HASH_LENGTH)?.to_owned();
    reader.expect(",\"credential\":")?;
    let from = reader.position();
    let credential = reader.element(group)?;
    let text = reader.since(from);
    let credential_text = String::from_utf8_lossy(&text[1..text.len() - 1]).into_owned();
    reader.expect(",\"answers\":[")?;
    let mut answers = Vec::with_capacity(questions.len());
    for (at, question) in questions.iter().enumerate() {
        if at > 0 {
            reader.expect(",")?;
        }
        answers.push(read_answer(group, question, &mut reader)?);
    }
    reader.expect("]")?;
    let hash = hash_text(&[reader.since(0), b"}"]);
    reader.expect(",\"signature\":{\"hash\":")?;
    let signed_hash = reader.plain(HASH_LENGTH)?.to_owned();
    reader.expect(",\"proof\":")?;
    let signature = Proof::read(&mut reader, group)?;
    reader.expect("}}")?;
    reader.end()?;
    let ballot = Ballot {
        election_uuid,
        election_hash,
        credential,
        answers,
        signed_hash,
        signature,
    };
    Ok(ReadBallot {
        ballot,
        credential_text,
        hash,
    })
}

fn read_answer<G: Group>(
    group: &G,
    question: &Question,
    reader: &mut Reader<'_>,
) -> Read<Answer<G>> {
    match question {
        Question::Homomorphic(choice) => {
            read_choice(group, choice, reader).map(Answer::Homomorphic)
        }
        Question::NonHomomorphic(_) => {
            reader.expect("{\"choices\":")?;
            let choices = read_pair(reader, group)?;
            reader.expect(",\"proof\":")?;
            let proof = Proof::read(reader, group)?;
            reader.expect("}")?;
            Ok(Answer::NonHomomorphic { choices, proof })
        }
    }
}

fn read_choice<G: Group>(
    group: &G,
    choice: &Choice,
    reader: &mut Reader<'_>,
) -> Read<ChoiceAnswer<G>> {
    reader.expect("{\"choices\":")?;
    let choices = exactly(reader, choice.width(), |reader| read_pair(reader, group))?;
    reader.expect(",\"individual_proofs\":")?;
    let individual_proofs = exactly(reader, choice.width(), |reader| {
        read_proofs(group, reader, 2)
    })?;
    reader.expect(",\"overall_proof\":")?;
    let overall_proof = read_proofs(group, reader, choice.overall_length())?;
    let blank_proof = match choice.blank {
        true => {
            reader.expect(",\"blank_proof\":")?;
            Some(read_proofs(group, reader, 2)?)
        }
        false => None,
    };
    reader.expect("}")?;
    Ok(ChoiceAnswer {
        choices,
        individual_proofs,
        overall_proof,
        blank_proof,
    })
}

fn read_proofs<G: Group>(group: &G, reader: &mut Reader<'_>, length: usize) -> Read<Vec<Proof<G>>> {
    exactly(reader, length, |reader| Proof::read(reader, group))
}

fn exactly<T>(
    reader: &mut Reader<'_>,
    length: usize,
    item: impl FnMut(&mut Reader<'_>) -> Read<T>,
) -> Read<Vec<T>> {
    let items = reader.list(length, item)?;
    match items.len() == length {
        true => Ok(items),
        false => reader.fault("before here: a list as long as the question asks for"),
    }
}

impl<G: Group> Ballot<G> {
    /// The text without the signature: what is hashed to be signed.
    pub fn unsigned_text(&self, group: &G) -> String {
        let mut out = self.signed_part(group);
        out.push('}');
        out
    }

    /// The text.
    pub fn text(&self, group: &G) -> String {
        let mut out = self.signed_part(group);
        out.push_str(&format!(
            ",\"signature\":{{\"hash\":\"{}\",\"proof\":",
            self.signed_hash
        ));
        self.signature.write(group, &mut out);
        out.push_str("}}");
        out
    }

    fn signed_part(&self, group: &G) -> String {
        let mut out = format!(
            "{{\"election_uuid\":\"{}\",\"election_hash\":\"{}\",\"credential\":",
            self.election_uuid, self.election_hash
        );
        write_element(group, &self.credential, &mut out);
        out.push_str(",\"answers\":");
        write_list(&self.answers, &mut out, |answer, out| {
            write_answer(group, answer, out)
        });
        out
    }
}

fn write_answer<G: Group>(group: &G, answer: &Answer<G>, out: &mut String) {
    match answer {
        Answer::NonHomomorphic { choices, proof } => {
            out.push_str("{\"choices\":");
            write_pair(group, choices, out);
            out.push_str(",\"proof\":");
            proof.write(group, out);
        }
        Answer::Homomorphic(answer) => {
            out.push_str("{\"choices\":");
            write_list(&answer.choices, out, |pair, out| {
                write_pair(group, pair, out)
            });
            out.push_str(",\"individual_proofs\":");
            write_list(&answer.individual_proofs, out, |proofs, out| {
                write_proofs(group, proofs, out);
            });
            out.push_str(",\"overall_proof\":");
            write_proofs(group, &answer.overall_proof, out);
            if let Some(proofs) = &answer.blank_proof {
                out.push_str(",\"blank_proof\":");
                write_proofs(group, proofs, out);
            }
        }
    }
    out.push('}');
}

fn write_proofs<G: Group>(group: &G, proofs: &[Proof<G>], out: &mut String) {
    write_list(proofs, out, |proof, out| proof.write(group, out));
}
