//! What every answer says to the browser: load nothing from anywhere else, run nothing that is not ours, keep nothing
//! that is private, tell nobody where the visitor came from.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::cookie::Guard;

/// Only our own style sheet, typeface, scripts and pictures; forms go nowhere else; nobody may frame a page. There is no
/// report address, because a report would say who looked at what.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Devices and signals that no page uses; the passkey is asked for by our own pages only.
const PERMISSIONS_POLICY: &str = "accelerometer=(), ambient-light-sensor=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)";

const EVERYWHERE: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        PERMISSIONS_POLICY,
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// How long an answer may be kept, and by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// By nobody: it shows what only this person may see, or what changes.
    Nowhere,
    /// By anyone for ever: its address names its content.
    ForEver,
    /// By anyone, but asked for anew each time: the record's head.
    AskAgain,
}

impl Keep {
    fn value(self) -> &'static str {
        match self {
            Self::Nowhere => "no-store",
            Self::ForEver => "public, max-age=31536000, immutable",
            Self::AskAgain => "no-cache",
        }
    }
}

/// Puts the headers of every answer in place. `keep` is what the route declares; an answer that is not a success is
/// never kept.
pub fn dress(headers: &mut HeaderMap, keep: Keep, guard: Guard) {
    for (name, value) in EVERYWHERE {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(keep.value()),
    );
    if guard == Guard::Https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000"),
        );
    }
}
