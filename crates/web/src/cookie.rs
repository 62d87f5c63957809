//! Cookies: read by name, written with the strictest attributes that the address allows.

use axum::http::{HeaderMap, HeaderValue, header};

/// The value of the first cookie of that name.
#[must_use]
pub fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// How this server's cookies are named and guarded. Over https they are `__Host-` and `Secure`: bound to this host and
/// never sent in the clear. On the loopback address, where there is no https, they have plain names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// The pages are reached over https.
    Https,
    /// The pages are reached over http, on the loopback address or an onion service.
    Http,
}

impl Guard {
    /// The full name of a cookie.
    #[must_use]
    pub fn name(self, name: &str) -> String {
        match self {
            Self::Https => format!("__Host-{name}"),
            Self::Http => name.to_owned(),
        }
    }

    /// A `Set-Cookie` line for a cookie that scripts cannot read, that no other site can cause to be sent, and that ends
    /// with the browser's session.
    #[must_use]
    pub fn set(self, name: &str, value: &str) -> Option<HeaderValue> {
        self.line(name, value, "")
    }

    /// A `Set-Cookie` line that removes a cookie.
    #[must_use]
    pub fn clear(self, name: &str) -> Option<HeaderValue> {
        self.line(name, "", "; Max-Age=0")
    }

    fn line(self, name: &str, value: &str, extra: &str) -> Option<HeaderValue> {
        let secure = match self {
            Self::Https => "; Secure",
            Self::Http => "",
        };
        let line = format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{extra}",
            self.name(name)
        );
        HeaderValue::from_str(&line).ok()
    }
}

/// A `Set-Cookie` line for the choice of language: kept for a year, sent when a link from elsewhere is followed.
#[must_use]
pub fn choice(name: &str, value: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("xsession=1; session=2; session=3"),
        );
        assert_eq!(value(&headers, "session"), Some("2"));
        assert_eq!(value(&headers, "sess"), None);
    }

    #[test]
    fn over_https_a_cookie_is_bound_to_the_host() {
        let line = Guard::Https.set("session", "abc").unwrap();
        assert_eq!(
            line,
            "__Host-session=abc; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(
            Guard::Http.set("session", "abc").unwrap(),
            "session=abc; Path=/; HttpOnly; SameSite=Strict"
        );
    }

    #[test]
    fn a_value_cannot_break_out_of_its_line() {
        assert_eq!(Guard::Http.set("session", "a\r\nSet-Cookie: b=c"), None);
    }
}
