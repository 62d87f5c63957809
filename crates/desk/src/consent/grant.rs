//! One row of a consent: what is allowed or refused, to whom, in how much detail. Its one written form is
//! `allow;un_body;any;pseudonymous` or `refuse;media;named:The Evening Paper;aggregate`.

use core::fmt;
use core::str::FromStr;

use super::Asked;
use crate::fold::fold;
use crate::model::MODEL;

/// The longest name of a recipient, in characters.
pub const RECIPIENT_NAME_CHARS_MAX: usize = 200;
const EVERYBODY: &str = "public";
const CIRCLES_OF_THE_OFFICE: [&str; 2] = ["own_office", "other_circle"];

macro_rules! code {
    ($(#[$doc:meta])* $name:ident of $vocabulary:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(&'static str);

        impl $name {
            /// The term of a code; `None` if the vocabulary has none.
            #[must_use]
            pub fn find(code: &str) -> Option<$name> {
                let known = MODEL.vocabulary($vocabulary)?.term(code)?;
                Some($name(known.code))
            }

            /// Its code in the vocabulary.
            #[must_use]
            pub fn code(self) -> &'static str {
                self.0
            }

            /// Every one that there is, in the order of a menu.
            pub fn every() -> impl Iterator<Item = $name> {
                let terms = MODEL.vocabulary($vocabulary).map(|known| known.terms.iter());
                terms.into_iter().flatten().map(|term| $name(term.code))
            }
        }
    };
}

code! {
    /// What something is wanted for: a term of the vocabulary `purpose`.
    Purpose of "purpose"
}

code! {
    /// What sort of recipient asks: a term of the vocabulary `recipient`.
    Class of "recipient"
}

impl Class {
    /// Whether what it gets is out for everybody, whoever was refused included.
    #[must_use]
    pub fn is_everybody(self) -> bool {
        self.0 == EVERYBODY
    }

    /// Whether it is another circle of this office, which must not learn who a source is.
    #[must_use]
    pub fn is_circle_of_the_office(self) -> bool {
        CIRCLES_OF_THE_OFFICE.contains(&self.0)
    }
}

/// How much of somebody is shown, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only counted with others.
    Aggregate,
    /// Codes stand for names.
    Pseudonymous,
    /// In full.
    Full,
}

impl Level {
    /// All three, from least to most.
    pub const EVERY: [Level; 3] = [Level::Aggregate, Level::Pseudonymous, Level::Full];

    /// Its code in the vocabulary `level`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Level::Aggregate => "aggregate",
            Level::Pseudonymous => "pseudonymous",
            Level::Full => "full",
        }
    }

    /// The level of a code.
    #[must_use]
    pub fn find(code: &str) -> Option<Level> {
        Level::EVERY.into_iter().find(|level| level.code() == code)
    }
}

/// The name of one recipient, as it was said; two names are one if they fold to the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecipientName(String);

impl RecipientName {
    /// Takes a name, its spaces set right; `None` if nothing is left of it when folded, or if it has `;`, characters that
    /// cannot be seen, or more than [`RECIPIENT_NAME_CHARS_MAX`] characters.
    #[must_use]
    pub fn new(text: &str) -> Option<RecipientName> {
        if text.contains(';') || text.chars().any(char::is_control) {
            return None;
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let fits = name.chars().count() <= RECIPIENT_NAME_CHARS_MAX && !fold(&name).is_empty();
        fits.then_some(RecipientName(name))
    }

    /// The name as it was said.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether both mean the same recipient.
    #[must_use]
    pub fn is(&self, other: &RecipientName) -> bool {
        fold(&self.0) == fold(&other.0)
    }
}

/// To whom a row applies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Any recipient.
    Any,
    /// Recipients of a class.
    Class(Class),
    /// This one.
    Named(RecipientName),
}

/// One row. A permission always names its purpose; a refusal can be for all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grant {
    /// For this purpose it may go to these, at this level or with less detail.
    Allow {
        /// For what.
        purpose: Purpose,
        /// To whom.
        to: Audience,
        /// At most this much.
        level: Level,
    },
    /// It may not go to these, at this level or with more detail.
    Refuse {
        /// For what; `None` for everything.
        purpose: Option<Purpose>,
        /// To whom.
        to: Audience,
        /// From this much on; [`Level::Aggregate`] refuses altogether.
        level: Level,
    },
}

/// Why a text is no row of a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Not four parts. Write `allow;PURPOSE;RECIPIENT;LEVEL`.
    #[error("not four parts: write allow;un_body;any;pseudonymous")]
    Parts,
    /// The first part is another word.
    #[error("begins with neither allow nor refuse")]
    Verdict,
    /// No such purpose, or `any` in a permission: what is allowed for everything is understood by nobody.
    #[error("no such purpose; a permission names one")]
    Purpose,
    /// Neither `any`, nor a class of recipients, nor `named:` and a name without `;`.
    #[error("no such recipient: write any, a class, or named: and a name")]
    Recipient,
    /// No such level.
    #[error("no such level: full, pseudonymous or aggregate")]
    Level,
}

/// How a refusal meets a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It does not.
    Elsewhere,
    /// It does.
    Here,
    /// It may: somebody is excluded by name, and the request has no name.
    Perhaps,
}

impl Grant {
    /// Whether this row allows a request.
    pub(super) fn allows(&self, asked: &Asked) -> bool {
        self.reaches(asked)
            .is_some_and(|level| level >= asked.level)
    }

    /// Whether it allows a request and names its recipient: by name, or as everybody.
    pub(super) fn allows_by_name(&self, asked: &Asked) -> bool {
        let named = match self {
            Grant::Allow { to, .. } => match to {
                Audience::Any => false,
                Audience::Class(class) => class.is_everybody(),
                Audience::Named(_) => true,
            },
            Grant::Refuse { .. } => false,
        };
        named && self.allows(asked)
    }

    /// The level up to which a permission for this purpose and recipient goes.
    pub(super) fn reaches(&self, asked: &Asked) -> Option<Level> {
        match self {
            Grant::Allow { purpose, to, level } => {
                let meant = match to {
                    Audience::Any => true,
                    Audience::Class(class) => *class == asked.class,
                    Audience::Named(_) if asked.class.is_everybody() => false,
                    Audience::Named(name) => asked.name.is_some_and(|asking| name.is(asking)),
                };
                (*purpose == asked.purpose && meant).then_some(*level)
            }
            Grant::Refuse { .. } => None,
        }
    }

    /// Whether this row refuses a request. What goes to everybody reaches whoever is refused.
    pub(super) fn refuses(&self, asked: &Asked) -> Refusal {
        let Grant::Refuse { purpose, to, level } = self else {
            return Refusal::Elsewhere;
        };
        if purpose.is_some_and(|purpose| purpose != asked.purpose) || *level > asked.level {
            return Refusal::Elsewhere;
        }
        let here = match (to, asked.name) {
            _ if asked.class.is_everybody() => true,
            (Audience::Any, _) => true,
            (Audience::Class(class), _) => *class == asked.class,
            (Audience::Named(_), None) => return Refusal::Perhaps,
            (Audience::Named(name), Some(asking)) => name.is(asking),
        };
        if here {
            Refusal::Here
        } else {
            Refusal::Elsewhere
        }
    }
}

impl FromStr for Grant {
    type Err = GrantError;

    /// Reads a row, with spaces around its parts.
    fn from_str(text: &str) -> Result<Grant, GrantError> {
        let parts: Vec<&str> = text.split(';').map(str::trim).collect();
        let [verdict, purpose, to, level] = parts.as_slice() else {
            return Err(GrantError::Parts);
        };
        let to = audience(to)?;
        let level = Level::find(level).ok_or(GrantError::Level)?;
        let named = || Purpose::find(purpose).ok_or(GrantError::Purpose);
        match (*verdict, *purpose) {
            ("allow", _) => named().map(|purpose| Grant::Allow { purpose, to, level }),
            ("refuse", "any") => Ok(Grant::Refuse {
                purpose: None,
                to,
                level,
            }),
            ("refuse", _) => named().map(|purpose| Grant::Refuse {
                purpose: Some(purpose),
                to,
                level,
            }),
            _ => Err(GrantError::Verdict),
        }
    }
}

fn audience(text: &str) -> Result<Audience, GrantError> {
    let known = match text.strip_prefix("named:") {
        Some(name) => RecipientName::new(name).map(Audience::Named),
        None if text == "any" => Some(Audience::Any),
        None => Class::find(text).map(Audience::Class),
    };
    known.ok_or(GrantError::Recipient)
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Audience::Any => f.write_str("any"),
            Audience::Class(class) => f.write_str(class.code()),
            Audience::Named(name) => write!(f, "named:{}", name.as_str()),
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verdict, purpose, to, level) = match self {
            Grant::Allow { purpose, to, level } => ("allow", purpose.code(), to, level),
            Grant::Refuse { purpose, to, level } => {
                ("refuse", purpose.map_or("any", Purpose::code), to, level)
            }
        };
        write!(f, "{verdict};{purpose};{to};{}", level.code())
    }
}
