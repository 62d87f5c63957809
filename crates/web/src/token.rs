//! The token in every form: only a page of ours, read by the browser that holds the cookie, can know it. It is derived
//! from the cookie's secret, so nothing needs to be kept.

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Hex digits of a cookie's secret: 256 bits.
pub const SECRET_DIGITS: usize = 64;

/// The form token of a cookie's secret.
#[must_use]
pub fn of(secret: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"mahzar/v1/form token\0");
    digest.update(secret.as_bytes());
    hex::encode(digest.finalize())
}

/// Whether a form's token is that of one of these secrets.
#[must_use]
pub fn fits<'a>(token: &str, secrets: impl IntoIterator<Item = &'a str>) -> bool {
    secrets
        .into_iter()
        .any(|secret| bool::from(of(secret).as_bytes().ct_eq(token.as_bytes())))
}

/// A cookie's secret as it came, if it has the form of one.
#[must_use]
pub fn secret(text: &str) -> Option<&str> {
    let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == SECRET_DIGITS && text.bytes().all(digits)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_own_secret_only() {
        let (one, other) = ("a".repeat(64), "b".repeat(64));
        assert!(fits(&of(&one), [one.as_str()]));
        assert!(fits(&of(&one), [other.as_str(), one.as_str()]));
        assert!(!fits(&of(&one), [other.as_str()]));
        assert!(!fits("", [one.as_str()]));
        assert!(!fits(&of(&one), []));
    }

    #[test]
    fn only_64_lower_hex_digits_are_a_secret() {
        assert!(secret(&"0f".repeat(32)).is_some());
        for wrong in [
            "",
            "0f",
            &"0F".repeat(32),
            &"0g".repeat(32),
            &"0f".repeat(33),
        ] {
            assert_eq!(secret(wrong), None);
        }
    }
}
