//! The public credentials: who may vote, and with what weight (section 4.8).

use super::VOTERS_MAX;
use crate::group::Group;
use crate::text::{Read, Reader};

/// The largest weight of one voter. The sum stays far below 2^53, so that a discrete logarithm can be found.
pub const WEIGHT_MAX: u64 = 1_000_000_000;

/// A public credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCredential<G: Group> {
    /// `g^secret`.
    pub element: G::Element,
    /// How often the voter's ballot counts; 1 where none is written.
    pub weight: u64,
    /// Whether it is written.
    pub has_weight: bool,
}

/// Reads the list.
pub fn read<G: Group>(group: &G, bytes: &[u8]) -> Read<Vec<PublicCredential<G>>> {
    let mut reader = Reader::new(bytes);
    let credentials = reader.list(VOTERS_MAX, |reader| read_one(group, reader))?;
    reader.end()?;
    Ok(credentials)
}

fn read_one<G: Group>(group: &G, reader: &mut Reader<'_>) -> Read<PublicCredential<G>> {
    let text = reader.plain(group.element_text_max() + 11)?;
    let (element, weight) = match text.split_once(',') {
        None => (text, None),
        Some((element, weight)) => (element, Some(weight)),
    };
    let Some(element) = group.element(element) else {
        return reader.fault("before here: an element of the group in its canonical form");
    };
    let is_given = weight.is_some();
    let weight = weight.unwrap_or("1");
    let number = crate::decimal::is_canonical(weight)
        .then(|| weight.parse().ok())
        .flatten()
        .filter(|number| (1..=WEIGHT_MAX).contains(number));
    match number {
        None => reader.fault("before here: a weight from 1 to 10^9, without leading zeros"),
        Some(weight) => Ok(PublicCredential {
            element,
            weight,
            has_weight: is_given,
        }),
    }
}

/// Writes the list; weights are written if any is not 1.
pub fn text<G: Group>(group: &G, credentials: &[PublicCredential<G>]) -> String {
    let mut out = String::new();
    crate::text::write_list(credentials, &mut out, |one, out| {
        out.push('"');
        group.write_element(&one.element, out);
        if one.has_weight {
            out.push_str(&format!(",{}", one.weight));
        }
        out.push('"');
    });
    out
}
