//! What a visitor gets when there is nothing to show. Handlers only say which refusal it is; the page is made in one
//! place (the shell), from the language alone, so that "absent" and "not yours" are the same bytes.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Why a request gets no page of its own.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such thing, or it is not this person's to know of. The two are one on purpose.
    #[error("absent, or not for this person")]
    NotFound,
    /// The page is for members and nobody is signed in. Sends to the sign-in page, which leads back to the path here.
    #[error("nobody is signed in")]
    SignInFirst {
        /// Where to go afterwards: the path and query that was asked for.
        back: String,
    },
    /// The form's token is missing or old, or the request came from another site. Open the page again and send it again.
    #[error("the form is not from a page of this session")]
    StaleForm,
    /// The request is not one that a page of ours makes.
    #[error("the request makes no sense")]
    Senseless,
    /// The request is larger than this address takes.
    #[error("the request is too large")]
    TooLarge,
    /// Too many attempts for one account stand in line. Wait a few seconds; nothing is locked.
    #[error("too many attempts at once")]
    TooMany,
    /// Somebody else was faster, or holds the office up. Nothing was done; look again and try again.
    #[error("the office was busy, or something changed meanwhile")]
    Busy,
    /// The office cannot write: a full or failing disk. What was sent is not received.
    #[error("the office cannot write now")]
    ReadOnly,
    /// Something broke. The page says nothing about what; the log says which step.
    #[error("something broke")]
    Trouble,
}

impl Refusal {
    /// The HTTP status that says it to programs.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignInFirst { .. } => StatusCode::SEE_OTHER,
            Self::StaleForm => StatusCode::FORBIDDEN,
            Self::Senseless => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Busy => StatusCode::CONFLICT,
            Self::ReadOnly => StatusCode::INSUFFICIENT_STORAGE,
            Self::Trouble => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The refusal that a bare status, made by the router itself, stands for.
    #[must_use]
    pub fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some(Self::NotFound),
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::INTERNAL_SERVER_ERROR => Some(Self::Trouble),
            status if status.is_client_error() => Some(Self::Senseless),
            _ => None,
        }
    }

    /// The name by which the words of its page are found: `refusal-NAME-title` and `refusal-NAME-text`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::SignInFirst { .. } => "sign-in-first",
            Self::StaleForm => "stale-form",
            Self::Senseless => "senseless",
            Self::TooLarge => "too-large",
            Self::TooMany => "too-many",
            Self::Busy => "busy",
            Self::ReadOnly => "read-only",
            Self::Trouble => "trouble",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::SignInFirst { back } = &self {
            let target = format!("/sign-in?back={}", crate::address::escaped(back));
            if let Ok(value) = HeaderValue::from_str(&target) {
                response.headers_mut().insert(header::LOCATION, value);
            }
        }
        response.extensions_mut().insert(self);
        response
    }
}
