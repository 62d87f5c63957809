//! A form that was sent: from a page of ours, small, and with exactly the fields that the page has.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;
use serde::de::value::{Error as ValueError, MapDeserializer};

use crate::refusal::Refusal;
use crate::visit::Visit;

/// The most bytes of a form without files: several pages of Persian text, percent-encoded.
pub const FORM_BYTES_MAX: usize = 64 * 1024;

/// The most bytes of a long form: more than one entry holds, percent-encoded, so that the office says what is too long.
pub const LONG_FORM_BYTES_MAX: usize = 384 * 1024;

/// The fields of a form whose token has been checked. `T` denies fields that it does not know.
#[derive(Clone, Debug)]
pub struct Filled<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Filled<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        let fields = sent(request, FORM_BYTES_MAX).await?;
        let fields = MapDeserializer::<_, ValueError>::new(fields.into_iter());
        T::deserialize(fields)
            .map(Self)
            .map_err(|_| Refusal::Senseless)
    }
}

/// The fields of a long form whose token has been checked, in the order of the page; several may have one name.
#[derive(Clone, Debug)]
pub struct Long(pub Vec<(String, String)>);

impl<S: Sync> FromRequest<S> for Long {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        sent(request, LONG_FORM_BYTES_MAX).await.map(Self)
    }
}

/// A long form whose token is still to be checked, and the request as it came.
pub struct Loose {
    /// The fields besides the token.
    pub fields: Vec<(String, String)>,
    /// The request, its body in memory.
    pub request: Request,
    token: Option<String>,
}

impl Loose {
    /// Whether it comes from a page of this visitor's.
    #[must_use]
    pub fn is_known(&self, visit: &Visit) -> bool {
        let token = self.token.as_deref();
        token.is_some_and(|token| visit.knows(token))
    }
}

impl<S: Sync> FromRequest<S> for Loose {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        check_kind(&request)?;
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LONG_FORM_BYTES_MAX)
            .await
            .map_err(|_| Refusal::TooLarge)?;
        let (fields, token) = told_apart(&body);
        Ok(Self {
            fields,
            token,
            request: Request::from_parts(parts, body.into()),
        })
    }
}

fn check_kind(request: &Request) -> Result<(), Refusal> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    let is_form = |kind: &str| kind.starts_with("application/x-www-form-urlencoded");
    match kind.is_some_and(is_form) {
        true => Ok(()),
        false => Err(Refusal::Senseless),
    }
}

/// The fields of a form, and its token apart from them.
fn told_apart(body: &[u8]) -> (Vec<(String, String)>, Option<String>) {
    let mut fields = fields(body);
    let token = fields
        .iter()
        .position(|(name, _)| name == "token")
        .map(|at| fields.remove(at).1);
    (fields, token)
}

async fn sent(request: Request, bytes_max: usize) -> Result<Vec<(String, String)>, Refusal> {
    let visit = request
        .extensions()
        .get::<Visit>()
        .cloned()
        .ok_or(Refusal::Trouble)?;
    check_kind(&request)?;
    let body = to_bytes(request.into_body(), bytes_max)
        .await
        .map_err(|_| Refusal::TooLarge)?;
    let (fields, token) = told_apart(&body);
    if token.is_some_and(|token| visit.knows(&token)) {
        Ok(fields)
    } else {
        Err(Refusal::StaleForm)
    }
}

fn fields(body: &[u8]) -> Vec<(String, String)> {
    body.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(field)
        .collect()
}

fn field(pair: &[u8]) -> (String, String) {
    let middle = pair.iter().position(|byte| *byte == b'=');
    let (name, value) = middle.map_or((pair, &b""[..]), |at| (&pair[..at], &pair[at + 1..]));
    (unescaped(name), unescaped(value))
}

/// Percent-decoding as forms have it. What is not UTF-8 becomes U+FFFD; line ends become one newline.
fn unescaped(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, behind)) = rest.split_first() {
        let escape = (*first == b'%')
            .then(|| behind.get(..2))
            .flatten()
            .and_then(|digits| hex::decode(digits).ok());
        rest = if escape.is_some() {
            &behind[2..]
        } else {
            behind
        };
        match (escape, first) {
            (Some(byte), _) => bytes.extend(byte),
            (None, b'+') => bytes.push(b' '),
            (None, other) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_as_browsers_write_them() {
        let read =
            fields(b"name=%D9%85%DB%8C%D9%86%D8%A7+A%2Bb&empty=&bare&a=b%0D%0Ac&=x&&bad=%zz%4");
        let wanted = [
            ("name", "مینا A+b"),
            ("empty", ""),
            ("bare", ""),
            ("a", "b\nc"),
            ("", "x"),
            ("bad", "%zz%4"),
        ];
        assert_eq!(
            read,
            wanted.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn what_is_not_text_becomes_visible() {
        assert_eq!(fields(b"a=%FF%FE")[0].1, "\u{fffd}\u{fffd}");
    }
}
