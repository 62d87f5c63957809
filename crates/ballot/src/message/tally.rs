//! The encrypted tally and its size (section 4.16).

use super::{ANSWERS_MAX, QUESTIONS_MAX, VOTERS_MAX, read_pair, write_pair};
use crate::group::{Ciphertext, Group};
use crate::text::{Read, Reader, write_list};

/// For each question its pairs: one for each answer, or one for each ballot if it is shuffled.
pub type Pairs<G> = Vec<Vec<Ciphertext<G>>>;

/// Reads `[[{alpha,beta}…]…]`.
pub fn read<G: Group>(group: &G, bytes: &[u8]) -> Read<Pairs<G>> {
    let mut reader = Reader::new(bytes);
    let pairs = read_pairs(group, &mut reader)?;
    reader.end()?;
    Ok(pairs)
}

/// The same in the middle of a message.
pub fn read_pairs<G: Group>(group: &G, reader: &mut Reader<'_>) -> Read<Pairs<G>> {
    reader.list(QUESTIONS_MAX, |reader| {
        reader.list(VOTERS_MAX.max(ANSWERS_MAX), |reader| {
            read_pair(reader, group)
        })
    })
}

/// Writes it.
pub fn write<G: Group>(group: &G, pairs: &[Vec<Ciphertext<G>>], out: &mut String) {
    write_list(pairs, out, |question, out| {
        write_list(question, out, |pair, out| write_pair(group, pair, out));
    });
}

/// What the event `EncryptedTally` carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SizedTally {
    /// Ballots that count: the last of each voter.
    pub num_tallied: u64,
    /// The sum of their weights.
    pub total_weight: u64,
    /// The SHA-256 of the encrypted tally.
    pub encrypted_tally: [u8; 32],
}

impl SizedTally {
    /// Reads it.
    pub fn read(bytes: &[u8]) -> Read<SizedTally> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"num_tallied\":")?;
        let num_tallied = reader.integer()?;
        reader.expect(",\"total_weight\":")?;
        let total_weight = reader.integer()?;
        reader.expect(",\"encrypted_tally\":")?;
        let encrypted_tally = reader.digest()?;
        reader.expect("}")?;
        reader.end()?;
        Ok(SizedTally {
            num_tallied,
            total_weight,
            encrypted_tally,
        })
    }

    /// Writes it.
    pub fn text(&self) -> String {
        format!(
            "{{\"num_tallied\":{},\"total_weight\":{},\"encrypted_tally\":\"{}\"}}",
            self.num_tallied,
            self.total_weight,
            hex::encode(self.encrypted_tally)
        )
    }
}
