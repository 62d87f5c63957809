//! Hexadecimal, base64 and decimal, read strictly: each value has exactly one way to be written.

use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The largest integer that every reader of these formats keeps exactly, JavaScript included: 2^53 - 1.
/// Tree sizes, indexes and the integers of canonical JSON stay within it.
pub const INTEGER_MAX: u64 = (1 << 53) - 1;

/// Why a text is not the hexadecimal, base64 or decimal that was expected. Ask whoever wrote it for the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// A character outside `0-9a-f`, or an odd number of them.
    #[error("not lower-case hexadecimal")]
    Hex,
    /// Outside RFC 4648 section 4 with padding, or with trailing bits that are not zero.
    #[error("not base64 with padding")]
    Base64,
    /// Right characters, but another number of bytes than this field holds.
    #[error("{found} bytes where {wanted} are expected")]
    Length {
        /// How many bytes the field holds.
        wanted: usize,
        /// How many were found.
        found: usize,
    },
    /// Not decimal digits, or with a leading zero or sign, or beyond the limit of this field.
    #[error("not a plain decimal number within its limit")]
    Decimal,
}

/// The text of `bytes` in base64 with padding.
pub fn base64_text(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads base64 with padding and zero trailing bits.
pub fn base64_bytes(text: &str) -> Result<Vec<u8>, EncodingError> {
    STANDARD.decode(text).map_err(|_| EncodingError::Base64)
}

/// Reads base64 that holds exactly `N` bytes.
pub fn base64_array<const N: usize>(text: &str) -> Result<[u8; N], EncodingError> {
    let bytes = base64_bytes(text)?;
    let found = bytes.len();
    bytes
        .try_into()
        .map_err(|_| EncodingError::Length { wanted: N, found })
}

/// Reads exactly `2 * N` lower-case hex digits.
pub fn hex_array<const N: usize>(text: &str) -> Result<[u8; N], EncodingError> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if !text.bytes().all(lower) {
        return Err(EncodingError::Hex);
    }
    let bytes = hex::decode(text).map_err(|_| EncodingError::Hex)?;
    let found = bytes.len();
    bytes
        .try_into()
        .map_err(|_| EncodingError::Length { wanted: N, found })
}

/// Reads a number without sign or leading zero, at most `max`.
pub fn decimal(text: &str, max: u64) -> Result<u64, EncodingError> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || (text.len() > 1 && text.starts_with('0')) {
        return Err(EncodingError::Decimal);
    }
    let number: u64 = text.parse().map_err(|_| EncodingError::Decimal)?;
    if number > max {
        return Err(EncodingError::Decimal);
    }
    Ok(number)
}

pub(crate) fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(base64_bytes("AA=="), Ok(vec![0]));
        for loose in ["AA", "AB==", "AA==\n", " AA==", "A_==", "AA="] {
            assert_eq!(base64_bytes(loose), Err(EncodingError::Base64), "{loose:?}");
        }
        let wanted = EncodingError::Length {
            wanted: 2,
            found: 1,
        };
        assert_eq!(base64_array::<2>("AA=="), Err(wanted));
    }

    #[test]
    fn hex_has_one_spelling() {
        assert_eq!(hex_array::<2>("00ff"), Ok([0, 255]));
        for wrong in ["00FF", "0g00", "000"] {
            assert_eq!(hex_array::<2>(wrong), Err(EncodingError::Hex), "{wrong:?}");
        }
        assert!(hex_array::<2>("00ff00").is_err());
    }

    #[test]
    fn decimal_has_one_spelling() {
        assert_eq!(decimal("0", 9), Ok(0));
        assert_eq!(decimal("18446744073709551615", u64::MAX), Ok(u64::MAX));
        for wrong in [
            "",
            "00",
            "01",
            "+1",
            "-1",
            "1 ",
            "10",
            "18446744073709551616",
            "١",
        ] {
            assert_eq!(decimal(wrong, 9), Err(EncodingError::Decimal), "{wrong:?}");
        }
    }
}
