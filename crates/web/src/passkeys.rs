//! Passkeys (WebAuthn) as a second step. They belong to an address with a name: an IP address has none, so there they
//! are not offered.

use record::ids::MemberId;
use webauthn_rs::prelude::{
    CreationChallengeResponse, Passkey, PasskeyAuthentication, PasskeyRegistration,
    RequestChallengeResponse, Url, Uuid, Webauthn, WebauthnBuilder,
};

use crate::app::AppError;
use crate::door::Origin;

/// What each address can do.
pub struct Passkeys(Vec<(Origin, Option<Webauthn>)>);

impl Passkeys {
    pub(crate) fn new(origins: &[Origin], office: &str) -> Result<Self, AppError> {
        let one = |origin: &Origin| Ok((origin.clone(), party(origin, office)?));
        origins.iter().map(one).collect::<Result<_, _>>().map(Self)
    }

    /// Whether passkeys work under this address.
    #[must_use]
    pub fn work_at(&self, origin: &Origin) -> bool {
        self.at(origin).is_some()
    }

    fn at(&self, origin: &Origin) -> Option<&Webauthn> {
        self.0
            .iter()
            .find(|(one, _)| one == origin)
            .and_then(|(_, party)| party.as_ref())
    }

    /// Begins to add a passkey: what the browser is asked, and what its answer will be checked against.
    #[must_use]
    pub fn begin_adding(
        &self,
        origin: &Origin,
        member: MemberId,
        name: &str,
        has: &[Passkey],
    ) -> Option<(CreationChallengeResponse, PasskeyRegistration)> {
        let known = has
            .iter()
            .map(|passkey| passkey.cred_id().clone())
            .collect();
        let member = Uuid::from_bytes(*member.as_bytes());
        self.at(origin)?
            .start_passkey_registration(member, name, name, Some(known))
            .ok()
    }

    /// Checks the browser's answer; the new passkey.
    #[must_use]
    pub fn end_adding(
        &self,
        origin: &Origin,
        answer: &str,
        state: &PasskeyRegistration,
    ) -> Option<Passkey> {
        let answer = serde_json::from_str(answer).ok()?;
        self.at(origin)?
            .finish_passkey_registration(&answer, state)
            .ok()
    }

    /// Begins a second step.
    #[must_use]
    pub fn begin_step(
        &self,
        origin: &Origin,
        passkeys: &[Passkey],
    ) -> Option<(RequestChallengeResponse, PasskeyAuthentication)> {
        self.at(origin)?.start_passkey_authentication(passkeys).ok()
    }

    /// Checks the browser's answer, and counts it in the passkey that gave it. `None` if none of them did.
    #[must_use]
    pub fn end_step<'a>(
        &self,
        origin: &Origin,
        answer: &str,
        state: &PasskeyAuthentication,
        passkeys: impl IntoIterator<Item = &'a mut Passkey>,
    ) -> Option<()> {
        let answer = serde_json::from_str(answer).ok()?;
        let result = self
            .at(origin)?
            .finish_passkey_authentication(&answer, state)
            .ok()?;
        if !result.user_verified() {
            return None;
        }
        passkeys
            .into_iter()
            .find_map(|passkey| passkey.update_credential(&result).map(drop))
    }
}

fn party(origin: &Origin, office: &str) -> Result<Option<Webauthn>, AppError> {
    let wrong = || AppError::Origin(origin.as_str().to_owned());
    let named = origin
        .host()
        .contains(|letter: char| letter.is_ascii_lowercase())
        && !origin.host().starts_with('[');
    let secure =
        origin.is_https() || origin.host() == "localhost" || origin.host().ends_with(".onion");
    if !named || !secure {
        return Ok(None);
    }
    let url = Url::parse(origin.as_str()).map_err(|_| wrong())?;
    let builder = WebauthnBuilder::new(origin.host(), &url).map_err(|_| wrong())?;
    builder
        .rp_name(office)
        .build()
        .map(Some)
        .map_err(|_| wrong())
}
