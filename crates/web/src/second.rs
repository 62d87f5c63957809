//! The second step of signing in: a passkey or a six-digit code, after the passphrase. What a member has set up lies in
//! the office's cabinet, encrypted under the house key.

use office::{Fault, Office, Session};
use record::ids::MemberId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Secret, Totp};
use webauthn_rs::prelude::{Passkey, PasskeyAuthentication};

/// The name under which the cabinet keeps them.
const CABINET_NAME: &str = "second-steps";

/// The most second steps of one member: two in use, some forgotten in drawers.
pub const STEPS_MAX: usize = 10;

/// A session whose passphrase was right waits this long for the second step.
pub const WAIT_SECONDS_MAX: u64 = 300;

/// Wrong answers before the whole sign-in begins anew; the passphrase then costs its time again.
pub const WRONG_MAX: u32 = 5;

/// A session that waits for its second step.
pub(crate) struct Awaiting {
    pub(crate) since: u64,
    pub(crate) wrong: u32,
    pub(crate) question: Option<PasskeyAuthentication>,
}

/// What a member has set up.
#[derive(Default, Serialize, Deserialize)]
pub struct Steps {
    /// Passkeys and code generators, in the order in which they were added.
    pub steps: Vec<Step>,
}

/// One second step.
#[derive(Serialize, Deserialize)]
pub struct Step {
    /// Random, to name it in addresses.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was added, seconds since 1970.
    pub since: u64,
    /// What it is.
    pub kind: Kind,
}

/// What a second step is.
#[derive(Serialize, Deserialize)]
pub enum Kind {
    /// A passkey.
    Passkey(Box<Passkey>),
    /// A generator of six-digit codes: its secret, and the last step whose code was used, which is used only once.
    Codes {
        /// 20 bytes, in hex.
        secret: String,
        /// The last time step that was accepted.
        used: u64,
    },
}

/// The name of a cookie's session in tables: a digest, from which the cookie cannot be had.
#[must_use]
pub fn name_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

impl Steps {
    /// What a member has set up.
    pub fn of(office: &Office, member: MemberId) -> Result<Self, Fault> {
        let Some(kept) = office.factor(member, CABINET_NAME)? else {
            return Ok(Self::default());
        };
        serde_json::from_slice(kept.expose())
            .map_err(|_| Fault::Damaged("a member's second steps".to_owned()))
    }

    /// Keeps them for the signed-in member.
    pub fn keep(&self, office: &Office, session: &Session) -> Result<(), Fault> {
        let body = serde_json::to_vec(self).map_err(|error| Fault::Failed(error.to_string()))?;
        office.keep_factor(session, CABINET_NAME, &body)
    }

    /// All passkeys.
    #[must_use]
    pub fn passkeys(&self) -> Vec<Passkey> {
        let passkey = |step: &Step| match &step.kind {
            Kind::Passkey(passkey) => Some((**passkey).clone()),
            Kind::Codes { .. } => None,
        };
        self.steps.iter().filter_map(passkey).collect()
    }

    /// All passkeys, to count their use.
    pub fn passkeys_mut(&mut self) -> impl Iterator<Item = &mut Passkey> {
        self.steps
            .iter_mut()
            .filter_map(|step| match &mut step.kind {
                Kind::Passkey(passkey) => Some(&mut **passkey),
                Kind::Codes { .. } => None,
            })
    }

    /// Whether there is a generator of codes.
    #[must_use]
    pub fn has_codes(&self) -> bool {
        self.steps
            .iter()
            .any(|step| matches!(step.kind, Kind::Codes { .. }))
    }

    /// Whether a code is right now and was not used before; then it is used.
    pub fn use_code(&mut self, code: &str, now: u64) -> bool {
        let code: String = code
            .chars()
            .filter_map(|letter| letter.to_digit(10).or_else(|| own_digit(letter)))
            .filter_map(|digit| char::from_digit(digit, 10))
            .collect();
        self.steps.iter_mut().any(|step| match &mut step.kind {
            Kind::Codes { secret, used } => generator(secret)
                .and_then(|codes| codes.check(&code, now))
                .is_some_and(|step| {
                    let new = step > *used;
                    *used = step.max(*used);
                    new
                }),
            Kind::Passkey(_) => false,
        })
    }
}

/// Persian and Arabic keyboards type their own digits.
fn own_digit(letter: char) -> Option<u32> {
    match letter {
        '۰'..='۹' => Some(letter as u32 - '۰' as u32),
        '٠'..='٩' => Some(letter as u32 - '٠' as u32),
        _ => None,
    }
}

/// The generator of a secret in hex: SHA-1, six digits, 30 seconds, one step of tolerance, which every app knows.
#[must_use]
pub fn generator(secret: &str) -> Option<Totp> {
    let secret = hex::decode(secret).ok()?;
    Builder::new()
        .with_secret(Secret::from(secret))
        .build()
        .ok()
}

/// The secret as apps take it.
#[must_use]
pub fn secret_in_base32(secret: &str) -> String {
    hex::decode(secret)
        .map(|bytes| Secret::from(bytes).to_base32())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps() -> Steps {
        let kind = Kind::Codes {
            secret: hex::encode(b"12345678901234567890"),
            used: 0,
        };
        Steps {
            steps: vec![Step {
                id: "a".to_owned(),
                name: "phone".to_owned(),
                since: 0,
                kind,
            }],
        }
    }

    #[test]
    fn the_published_values_of_rfc_6238_are_codes() {
        assert!(steps().use_code("287082", 59));
        assert!(steps().use_code("081804", 1_111_111_109));
        assert!(!steps().use_code("287083", 59));
    }

    #[test]
    fn a_code_is_used_once_and_an_older_one_never_again() {
        let mut steps = steps();
        assert!(steps.use_code("287082", 59));
        assert!(!steps.use_code("287082", 59));
        assert!(!steps.use_code("755224", 59), "the code of the step before");
    }

    #[test]
    fn codes_are_read_in_persian_and_arabic_digits_and_with_spaces() {
        assert!(steps().use_code("۲۸۷ ۰۸۲", 59));
        assert!(steps().use_code("٢٨٧٠٨٢", 59));
    }

    #[test]
    fn nothing_is_no_code() {
        assert!(!steps().use_code("", 59));
        assert!(!Steps::default().use_code("287082", 59));
    }
}
