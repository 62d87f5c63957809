//! Whether a request may come in at all: it is for an address of ours, and what changes something comes from a page of
//! ours.

use axum::http::{HeaderMap, Method, header};

use crate::refusal::Refusal;

/// An address under which the pages are reached, such as `http://localhost:7400`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    text: String,
}

/// Why a text is no address for the pages. Give scheme, host and port only: `https://office.example`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an address of the pages is http:// or https://, a host and perhaps a port, and no more")]
pub struct OriginError;

impl Origin {
    /// Reads an address.
    pub fn new(text: &str) -> Result<Self, OriginError> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(OriginError)?;
        let sound = |letter: char| {
            letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-:[]".contains(letter)
        };
        match rest.is_empty() || !rest.chars().all(sound) {
            true => Err(OriginError),
            false => Ok(Self {
                text: text.to_owned(),
            }),
        }
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and port, as a `Host` header has them.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.text
            .split_once("://")
            .map_or("", |(_, authority)| authority)
    }

    /// The host alone.
    #[must_use]
    pub fn host(&self) -> &str {
        match self.authority().rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => self.authority(),
        }
    }

    /// Whether it is reached over https.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.text.starts_with("https://")
    }
}

/// Refuses a request for a host that is not ours: a page elsewhere may have pointed its own name at this machine.
///
/// Gives the address that was used.
pub fn for_us(headers: &HeaderMap, origins: &[Origin]) -> Result<Origin, Refusal> {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default();
    origins
        .iter()
        .find(|origin| origin.authority().eq_ignore_ascii_case(host))
        .cloned()
        .ok_or(Refusal::Senseless)
}

/// Refuses a request that changes something and comes from another site. What no browser says anything about is left to
/// the form's token, which every such request needs besides.
pub fn from_us(method: &Method, headers: &HeaderMap, origins: &[Origin]) -> Result<(), Refusal> {
    if method.is_safe() {
        return Ok(());
    }
    let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let site = said("sec-fetch-site").is_none_or(|site| matches!(site, "same-origin" | "none"));
    // `null` is what browsers say for a form of a page without referrer; then Sec-Fetch-Site and the token decide.
    let origin = said("origin").is_none_or(|origin| {
        origin == "null" || origins.iter().any(|ours| ours.as_str() == origin)
    });
    match site && origin {
        true => Ok(()),
        false => Err(Refusal::StaleForm),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| {
                (
                    header::HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn ours() -> Vec<Origin> {
        vec![
            Origin::new("http://localhost:7400").unwrap(),
            Origin::new("http://127.0.0.1:7400").unwrap(),
        ]
    }

    #[test]
    fn a_name_that_somebody_pointed_at_us_is_refused() {
        assert!(for_us(&headers(&[("host", "127.0.0.1:7400")]), &ours()).is_ok());
        assert!(for_us(&headers(&[("host", "evil.example:7400")]), &ours()).is_err());
        assert!(for_us(&headers(&[]), &ours()).is_err());
    }

    #[test]
    fn only_our_own_pages_change_anything() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            from_us(&Method::POST, &headers(pairs), &ours())
        };
        assert!(
            check(&[
                ("sec-fetch-site", "same-origin"),
                ("origin", "http://localhost:7400")
            ])
            .is_ok()
        );
        assert!(check(&[("sec-fetch-site", "same-origin"), ("origin", "null")]).is_ok());
        assert!(check(&[]).is_ok());
        assert!(check(&[("sec-fetch-site", "cross-site"), ("origin", "null")]).is_err());
        assert!(check(&[("sec-fetch-site", "same-site")]).is_err());
        assert!(check(&[("origin", "https://evil.example")]).is_err());
    }

    #[test]
    fn an_address_has_a_host_and_nothing_behind_it() {
        assert_eq!(
            Origin::new("https://office.example:8443").unwrap().host(),
            "office.example"
        );
        assert_eq!(Origin::new("http://[::1]:7400").unwrap().host(), "[::1]");
        for wrong in [
            "office.example",
            "https://",
            "https://a/b",
            "ftp://a",
            "https://A",
            "https://a b",
        ] {
            assert_eq!(Origin::new(wrong), Err(OriginError), "{wrong}");
        }
    }
}
