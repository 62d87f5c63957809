//! Reading and writing the messages: compact JSON with the fields in one order, so that every message has one text.
//!
//! The reader takes exactly the canonical form. It therefore needs no tree in memory, does not recurse, and can say at
//! which byte a text departs from it.

use crate::group::Group;

/// Where a text stops being a canonical message, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {at}: expected {expected}")]
pub struct NotCanonical {
    /// The byte, counted from 0.
    pub at: usize,
    /// What the canonical form has there.
    pub expected: &'static str,
}

/// What is left of a text.
#[derive(Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// The result of reading a part.
pub type Read<T> = Result<T, NotCanonical>;

impl<'a> Reader<'a> {
    /// Begins at the first byte.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// How many bytes were read.
    pub fn position(&self) -> usize {
        self.at
    }

    /// A failure here.
    pub fn fault<T>(&self, expected: &'static str) -> Read<T> {
        Err(NotCanonical {
            at: self.at,
            expected,
        })
    }

    /// The text must be at its end.
    pub fn end(&self) -> Read<()> {
        match self.at == self.bytes.len() {
            true => Ok(()),
            false => self.fault("the end of the message"),
        }
    }

    /// Takes a literal if it is next.
    pub fn take(&mut self, literal: &str) -> bool {
        let is_next = self.bytes[self.at..].starts_with(literal.as_bytes());
        if is_next {
            self.at += literal.len();
        }
        is_next
    }

    /// Takes a literal that must be next.
    pub fn expect(&mut self, literal: &'static str) -> Read<()> {
        match self.take(literal) {
            true => Ok(()),
            false => self.fault(literal),
        }
    }

    /// `[a,b,…]`, at most `max` of them.
    pub fn list<T>(
        &mut self,
        max: usize,
        mut item: impl FnMut(&mut Self) -> Read<T>,
    ) -> Read<Vec<T>> {
        self.expect("[")?;
        let mut items = Vec::new();
        if self.take("]") {
            return Ok(items);
        }
        loop {
            if items.len() == max {
                return self.fault("a shorter list");
            }
            items.push(item(self)?);
            if self.take("]") {
                return Ok(items);
            }
            self.expect(",")?;
        }
    }

    /// A whole number from 0 to 2^53.
    pub fn integer(&mut self) -> Read<u64> {
        let digits = self.bytes[self.at..]
            .iter()
            .take(17)
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let text = std::str::from_utf8(&self.bytes[self.at..self.at + digits]).unwrap_or_default();
        let number = crate::decimal::is_canonical(text)
            .then(|| text.parse().ok())
            .flatten()
            .filter(|number| *number <= 1_u64 << 53);
        match number {
            None => self.fault("a whole number without leading zeros, at most 2^53"),
            Some(number) => {
                self.at += digits;
                Ok(number)
            }
        }
    }

    /// A string in which nothing needs escaping, such as a hash or a number.
    pub fn plain(&mut self, max: usize) -> Read<&'a str> {
        let begin = self.at;
        if !self.take("\"") {
            return self.fault("a string");
        }
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take(max + 1).position(|byte| *byte == b'"');
        let text = length.and_then(|length| std::str::from_utf8(&rest[..length]).ok());
        match text.filter(|text| {
            text.bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        }) {
            Some(text) => {
                self.at += text.len() + 1;
                Ok(text)
            }
            None => {
                self.at = begin;
                self.fault("a string of the expected length, without escapes")
            }
        }
    }

    /// Any string, with the escapes that Belenios writes and no others.
    pub fn string(&mut self, bytes_max: usize) -> Read<String> {
        self.expect("\"")?;
        let mut text = Vec::new();
        loop {
            if text.len() > bytes_max {
                return self.fault("a shorter text");
            }
            match self.bytes.get(self.at) {
                None => return self.fault("the end of a string"),
                Some(b'"') => break,
                Some(b'\\') => text.push(self.escape()?),
                Some(0..=0x1f | 0x7f) => return self.fault("an escaped control character"),
                Some(byte) => {
                    text.push(*byte);
                    self.at += 1;
                }
            }
        }
        match String::from_utf8(text) {
            Ok(text) => {
                self.at += 1;
                Ok(text)
            }
            Err(_) => self.fault("UTF-8"),
        }
    }

    fn escape(&mut self) -> Read<u8> {
        for code in (0..=0x1f).chain([b'"', b'\\', 0x7f]) {
            if self.take(&escaped(code)) {
                return Ok(code);
            }
        }
        self.fault("an escape that the canonical form has")
    }

    /// A number below the order of the group, in quotes.
    pub fn scalar<G: Group>(&mut self, group: &G) -> Read<G::Scalar> {
        let begin = self.at;
        let text = self.plain(group.element_text_max().max(80))?;
        match group.read_scalar(text) {
            Some(scalar) => Ok(scalar),
            None => {
                self.at = begin;
                self.fault(
                    "a number below the order of the group, in base 10 without leading zeros",
                )
            }
        }
    }

    /// An element of the group's surrounding set, in quotes.
    pub fn element<G: Group>(&mut self, group: &G) -> Read<G::Element> {
        let begin = self.at;
        let text = self.plain(group.element_text_max())?;
        match group.element(text) {
            Some(element) => Ok(element),
            None => {
                self.at = begin;
                self.fault("an element of the group in its canonical form")
            }
        }
    }

    /// A SHA-256 in hexadecimal, in quotes.
    pub fn digest(&mut self) -> Read<[u8; 32]> {
        let begin = self.at;
        let text = self.plain(64)?;
        match digest_of_text(text) {
            Some(digest) => Ok(digest),
            None => {
                self.at = begin;
                self.fault("a SHA-256 in lowercase hexadecimal")
            }
        }
    }

    /// Any JSON value that is already compact, at most `bytes_max` long and `depth_max` deep; its text. Only the extra
    /// field of a question is so free.
    pub fn value(&mut self, bytes_max: usize, depth_max: usize) -> Read<String> {
        let begin = self.at;
        let mut depth = 0_usize;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.string(bytes_max)?;
                }
                Some(b'[' | b'{') => {
                    depth += 1;
                    self.at += 1;
                }
                Some(b']' | b'}' | b',') if depth == 0 => break,
                Some(b']' | b'}') => {
                    depth -= 1;
                    self.at += 1;
                }
                Some(byte) if byte.is_ascii_alphanumeric() || b",:.+-".contains(byte) => {
                    self.at += 1
                }
                _ => return self.fault("a compact JSON value"),
            }
            if depth > depth_max || self.at - begin > bytes_max {
                return self.fault("a smaller JSON value");
            }
        }
        match std::str::from_utf8(&self.bytes[begin..self.at]) {
            Ok(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => self.fault("a compact JSON value"),
        }
    }

    /// The bytes from a position to here.
    pub fn since(&self, from: usize) -> &'a [u8] {
        &self.bytes[from..self.at]
    }
}

/// A digest from its 64 lowercase digits.
pub fn digest_of_text(text: &str) -> Option<[u8; 32]> {
    let is_lowercase = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let mut digest = [0; 32];
    let decodes = is_lowercase && hex::decode_to_slice(text, &mut digest).is_ok();
    decodes.then_some(digest)
}

fn escaped(code: u8) -> String {
    match code {
        b'"' => "\\\"".to_owned(),
        b'\\' => "\\\\".to_owned(),
        b'\n' => "\\n".to_owned(),
        b'\r' => "\\r".to_owned(),
        b'\t' => "\\t".to_owned(),
        0x08 => "\\b".to_owned(),
        0x0c => "\\f".to_owned(),
        code => format!("\\u{code:04x}"),
    }
}

/// Writes a string in quotes.
pub fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for one in text.chars() {
        match one {
            '"' | '\\' | '\0'..='\u{1f}' | '\u{7f}' => out.push_str(&escaped(one as u8)),
            one => out.push(one),
        }
    }
    out.push('"');
}

/// Writes a list.
pub fn write_list<T>(items: &[T], out: &mut String, mut write: impl FnMut(&T, &mut String)) {
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write(item, out);
    }
    out.push(']');
}

/// Writes an element in quotes.
pub fn write_element<G: Group>(group: &G, element: &G::Element, out: &mut String) {
    out.push('"');
    group.write_element(element, out);
    out.push('"');
}

/// Writes an exponent in quotes.
pub fn write_scalar<G: Group>(group: &G, scalar: &G::Scalar, out: &mut String) {
    out.push('"');
    group.write_scalar(scalar, out);
    out.push('"');
}
