//! The election: what is asked, in which group, under which key (section 4.10).

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::{Digest, Sha256};

use super::{ANSWERS_MAX, QUESTIONS_MAX, TEXT_BYTES_MAX};
use crate::group::GroupName;
use crate::text::{Read, Reader, write_list, write_string};

/// Characters of an identifier of an election and of secrets that people type.
pub const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The shortest identifier of an election (section 4.2).
pub const UUID_LENGTH_MIN: usize = 14;

/// The longest we read.
pub const UUID_LENGTH_MAX: usize = 64;

/// The extra field of a question is not ours to understand.
const EXTRA_BYTES_MAX: usize = 4096;
const EXTRA_DEPTH_MAX: usize = 16;

/// An election, as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Election {
    /// What it is about.
    pub description: String,
    /// Its name.
    pub name: String,
    /// Where its numbers live.
    pub group: GroupName,
    /// `y`, as it is written.
    pub public_key: String,
    /// What is asked.
    pub questions: Vec<Question>,
    /// Its identifier, at least 14 characters of base 58.
    pub uuid: String,
    /// Who runs it, if that is said.
    pub administrator: Option<String>,
    /// Who makes the credentials, if that is said.
    pub credential_authority: Option<String>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Only the sum of the answers is ever decrypted.
    Homomorphic(Choice),
    /// Every answer is decrypted, after shuffling.
    NonHomomorphic(Ranking),
}

/// To choose between `min` and `max` answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What can be chosen.
    pub answers: Vec<String>,
    /// Whether the voter may choose to choose nothing.
    pub blank: bool,
    /// The fewest that may be chosen.
    pub min: u64,
    /// The most.
    pub max: u64,
    /// The question.
    pub question: String,
}

/// To give each answer a number from 0 to 255: a rank or a score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranking {
    /// What is ranked.
    pub answers: Vec<String>,
    /// The question.
    pub question: String,
    /// A hint for counting, JSON that is carried and not read.
    pub extra: Option<String>,
}

impl Question {
    /// The answers that it offers.
    pub fn answers(&self) -> &[String] {
        match self {
            Question::Homomorphic(choice) => &choice.answers,
            Question::NonHomomorphic(ranking) => &ranking.answers,
        }
    }

    /// Whether its ballots have to be shuffled.
    pub fn is_shuffled(&self) -> bool {
        matches!(self, Question::NonHomomorphic(_))
    }
}

impl Choice {
    /// Pairs in an answer: one for each choice, and one before them for blank.
    pub fn width(&self) -> usize {
        self.answers.len() + usize::from(self.blank)
    }

    /// Proofs in the overall proof.
    pub fn overall_length(&self) -> usize {
        (self.max - self.min + 1) as usize + usize::from(self.blank)
    }
}

impl Election {
    /// Reads the one text of an election.
    pub fn read(bytes: &[u8]) -> Read<Election> {
        let mut reader = Reader::new(bytes);
        reader.expect("{\"version\":1,\"description\":")?;
        let description = reader.string(TEXT_BYTES_MAX)?;
        reader.expect(",\"name\":")?;
        let name = reader.string(TEXT_BYTES_MAX)?;
        reader.expect(",\"group\":")?;
        let group = match GroupName::of_text(reader.plain(64)?) {
            Some(group) => group,
            None => return reader.fault("before here: BELENIOS-2048, RFC-3526-2048 or Ed25519"),
        };
        reader.expect(",\"public_key\":")?;
        let public_key = reader.plain(1024)?.to_owned();
        reader.expect(",\"questions\":")?;
        let questions = reader.list(QUESTIONS_MAX, read_question)?;
        reader.expect(",\"uuid\":")?;
        let uuid = reader.plain(UUID_LENGTH_MAX)?.to_owned();
        if !is_uuid(&uuid) {
            return reader.fault("before here: at least 14 characters of base 58");
        }
        let administrator = optional_text(&mut reader, ",\"administrator\":")?;
        let credential_authority = optional_text(&mut reader, ",\"credential_authority\":")?;
        reader.expect("}")?;
        reader.end()?;
        Ok(Election {
            description,
            name,
            group,
            public_key,
            questions,
            uuid,
            administrator,
            credential_authority,
        })
    }

    /// Writes it.
    pub fn text(&self) -> String {
        let mut out = "{\"version\":1,\"description\":".to_owned();
        write_string(&self.description, &mut out);
        out.push_str(",\"name\":");
        write_string(&self.name, &mut out);
        out.push_str(",\"group\":");
        write_string(self.group.text(), &mut out);
        out.push_str(",\"public_key\":");
        write_string(&self.public_key, &mut out);
        out.push_str(",\"questions\":");
        write_list(&self.questions, &mut out, write_question);
        out.push_str(",\"uuid\":");
        write_string(&self.uuid, &mut out);
        for (field, text) in [
            (",\"administrator\":", &self.administrator),
            (",\"credential_authority\":", &self.credential_authority),
        ] {
            if let Some(text) = text {
                out.push_str(field);
                write_string(text, &mut out);
            }
        }
        out.push('}');
        out
    }

    /// Whether some question has to be shuffled.
    pub fn is_shuffled(&self) -> bool {
        self.questions.iter().any(Question::is_shuffled)
    }
}

/// The fingerprint φ: base 64 without padding of the SHA-256 of the election's text.
pub fn fingerprint(text: &[u8]) -> String {
    STANDARD_NO_PAD.encode(Sha256::digest(text))
}

/// Whether it can identify an election.
pub fn is_uuid(text: &str) -> bool {
    (UUID_LENGTH_MIN..=UUID_LENGTH_MAX).contains(&text.len())
        && text.bytes().all(|byte| BASE58.contains(&byte))
}

fn optional_text(reader: &mut Reader<'_>, field: &str) -> Read<Option<String>> {
    match reader.take(field) {
        true => reader.string(TEXT_BYTES_MAX).map(Some),
        false => Ok(None),
    }
}

fn read_answers(reader: &mut Reader<'_>) -> Read<Vec<String>> {
    reader.list(ANSWERS_MAX, |reader| reader.string(TEXT_BYTES_MAX))
}

fn read_question(reader: &mut Reader<'_>) -> Read<Question> {
    if reader.take("{\"type\":") {
        return read_ranking(reader).map(Question::NonHomomorphic);
    }
    reader.expect("{\"answers\":")?;
    let answers = read_answers(reader)?;
    let blank = reader.take(",\"blank\":true");
    reader.expect(",\"min\":")?;
    let min = reader.integer()?;
    reader.expect(",\"max\":")?;
    let max = reader.integer()?;
    reader.expect(",\"question\":")?;
    let question = reader.string(TEXT_BYTES_MAX)?;
    reader.expect("}")?;
    let choice = Choice {
        answers,
        blank,
        min,
        max,
        question,
    };
    match min <= max && max <= choice.answers.len() as u64 {
        true => Ok(Question::Homomorphic(choice)),
        false => {
            reader.fault("before here: min at most max, and max at most the number of answers")
        }
    }
}

fn read_ranking(reader: &mut Reader<'_>) -> Read<Ranking> {
    reader.expect("\"NonHomomorphic\",\"value\":{\"answers\":")?;
    let answers = read_answers(reader)?;
    reader.expect(",\"question\":")?;
    let question = reader.string(TEXT_BYTES_MAX)?;
    reader.expect("}")?;
    let extra = match reader.take(",\"extra\":") {
        true => Some(reader.value(EXTRA_BYTES_MAX, EXTRA_DEPTH_MAX)?),
        false => None,
    };
    reader.expect("}")?;
    Ok(Ranking {
        answers,
        question,
        extra,
    })
}

fn write_question(question: &Question, out: &mut String) {
    let write_answers = |answers: &[String], out: &mut String| {
        write_list(answers, out, |one, out| write_string(one, out))
    };
    match question {
        Question::Homomorphic(choice) => {
            out.push_str("{\"answers\":");
            write_answers(&choice.answers, out);
            if choice.blank {
                out.push_str(",\"blank\":true");
            }
            out.push_str(&format!(
                ",\"min\":{},\"max\":{},\"question\":",
                choice.min, choice.max
            ));
            write_string(&choice.question, out);
            out.push('}');
        }
        Question::NonHomomorphic(ranking) => {
            out.push_str("{\"type\":\"NonHomomorphic\",\"value\":{\"answers\":");
            write_answers(&ranking.answers, out);
            out.push_str(",\"question\":");
            write_string(&ranking.question, out);
            out.push('}');
            if let Some(extra) = &ranking.extra {
                out.push_str(",\"extra\":");
                out.push_str(extra);
            }
            out.push('}');
        }
    }
}
