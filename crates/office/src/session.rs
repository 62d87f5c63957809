//! Signed-in members. Their keys live in memory, and only while they are signed in.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use record::ids::{CircleId, MemberId};
use vault::circle::{EpochSecret, Keyring};
use vault::entry_lock::LockKey;
use vault::member::{self, CookieSecret, MemberKeys, UnwrapError};
use vault::passphrase::Passphrase;
use vault::secret::Secret;

use crate::entering::Pen;
use crate::fault::Fault;
use crate::house::row;
use crate::roster::Standing;
use crate::setting::Setting;
use crate::{Office, held};

/// A member who is signed in, with their keys. Prints nothing but the member's id.
pub struct Session {
    member: MemberId,
    keys: MemberKeys,
    rings: Mutex<BTreeMap<CircleId, Arc<Ring>>>,
}

/// The keys of one circle, as far as the member can reach them.
pub(crate) struct Ring {
    pub(crate) keyring: Keyring,
    pub(crate) epoch: u64,
    locks: BTreeMap<u64, Arc<LockKey>>,
}

impl Ring {
    /// The lock of an epoch.
    pub(crate) fn lock(&self, epoch: u64) -> Option<Arc<LockKey>> {
        self.locks.get(&epoch).cloned()
    }

    /// The current epoch's secret.
    pub(crate) fn current(&self) -> Option<&EpochSecret> {
        self.keyring.secret(self.epoch)
    }
}

/// Why somebody was not signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// There is no such member, or the passphrase is another one; which of the two is not told.
    #[error("the name or the passphrase is not right")]
    Refused,
    /// Anything else.
    #[error(transparent)]
    Fault(Fault),
}

impl Office {
    /// Signs a member in by name (or id) and passphrase. Takes the time of a slow derivation also where there is no such member.
    pub fn sign_in(&self, name: &str, passphrase: &Passphrase) -> Result<Session, SignInError> {
        let roster = self.roster().map_err(SignInError::Fault)?;
        let found = roster.find(name).map(|member| member.admission.member);
        // For an unknown name some other row is tried, so that the answer takes as long.
        let tried = found.or_else(|| {
            roster
                .members()
                .next()
                .map(|member| member.admission.member)
        });
        let tried = tried.ok_or(SignInError::Refused)?;
        let row = self
            .cabinet_get(&row::keys(tried))
            .map_err(SignInError::Fault)?
            .ok_or(SignInError::Refused)?;
        let keys =
            member::unwrap(row.expose(), tried, passphrase, &self.house).map_err(|error| {
                match error {
                    UnwrapError::WrongPassphrase => SignInError::Refused,
                    other => SignInError::Fault(Fault::damaged(other)),
                }
            })?;
        match found {
            Some(member) => Ok(Session::new(member, keys)),
            None => Err(SignInError::Refused),
        }
    }

    /// The keys of a circle for a session: of its current epoch, and by it of all earlier ones.
    pub(crate) fn ring(&self, session: &Session, circle: CircleId) -> Result<Arc<Ring>, Fault> {
        let state = self.circle(circle)?;
        let chain = &state.chain;
        // After a recovery the circle still knows the lost keys, and its wrap is for those, until a steward readmits.
        let known = chain
            .member(session.member)
            .is_some_and(|member| member.sign_key == session.keys.verifying_key());
        if !known {
            return Err(Fault::Refused);
        }
        let epoch = chain.current_epoch();
        if let Some(ring) = held(&session.rings)
            .get(&circle)
            .filter(|ring| ring.epoch == epoch)
        {
            return Ok(Arc::clone(ring));
        }
        let wrap = self
            .cabinet_get(&row::wrap(circle, session.member))?
            .ok_or(Fault::Refused)?;
        let place = chain.epoch_place();
        let identity = session.keys.identity();
        let secret = EpochSecret::unwrap_for(
            wrap.expose(),
            &place,
            session.member,
            identity,
            chain.recipient(),
        )
        .map_err(|error| Fault::Damaged(format!("the key of circle {circle}: {error}")))?;
        let keyring = Keyring::open(chain, secret);
        let locks = keyring
            .secrets()
            .map(|secret| (secret.place().epoch, Arc::new(secret.lock())))
            .collect();
        let ring = Arc::new(Ring {
            keyring,
            epoch,
            locks,
        });
        held(&session.rings).insert(circle, Arc::clone(&ring));
        Ok(ring)
    }

    /// A session's member must still be one: a revoked member's open session does nothing more.
    pub(crate) fn check_present(&self, session: &Session) -> Result<(), Fault> {
        let roster = self.roster()?;
        let member = roster.member(session.member).ok_or(Fault::Refused)?;
        let same_keys = member.admission.keys.sign == *session.keys.verifying_key().as_bytes();
        if member.standing == Standing::Revoked || !same_keys {
            return Err(Fault::Refused);
        }
        Ok(())
    }
}

impl Session {
    pub(crate) fn new(member: MemberId, keys: MemberKeys) -> Session {
        Session {
            member,
            keys,
            rings: Mutex::new(BTreeMap::new()),
        }
    }

    /// Who is signed in.
    pub fn member(&self) -> MemberId {
        self.member
    }

    pub(crate) fn keys(&self) -> &MemberKeys {
        &self.keys
    }

    pub(crate) fn pen(&self) -> Pen<'_> {
        Pen {
            by: self.member,
            key: self.keys.signing_key(),
        }
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Session({})", self.member)
    }
}

/// What a cookie holds: the secret under which the session's keys lie encrypted between two requests. Prints nothing.
pub struct Token(Secret<32>);

impl Token {
    /// Takes the bytes that a cookie brought back.
    pub fn from_bytes(mut bytes: [u8; 32]) -> Token {
        Token(Secret::take(&mut bytes))
    }

    /// The bytes, for the cookie alone.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

/// How long a session of the pages lasts.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Seconds without a request.
    pub idle_seconds: u64,
    /// Seconds altogether.
    pub whole_seconds: u64,
}

impl SessionLimits {
    /// Half an hour without a request, a working day altogether.
    pub const STANDARD: SessionLimits = SessionLimits {
        idle_seconds: 30 * 60,
        whole_seconds: 8 * 3600,
    };
}

/// The most sessions at a time; further ones push out the one that was idle longest.
const SESSIONS_MAX: usize = 2_000;

/// The sessions of the pages: in memory only, each encrypted under its cookie's secret.
pub struct Sessions {
    setting: Setting,
    limits: SessionLimits,
    sleeping: Mutex<BTreeMap<[u8; 32], Sleeping>>,
}

struct Sleeping {
    member: MemberId,
    keys: Vec<u8>,
    began: u64,
    last: u64,
}

impl Sessions {
    pub(crate) fn new(setting: Setting) -> Sessions {
        Sessions {
            setting,
            limits: SessionLimits::STANDARD,
            sleeping: Mutex::new(BTreeMap::new()),
        }
    }

    /// Puts a session to sleep until its cookie comes back.
    pub fn begin(&self, session: &Session) -> Token {
        let mut dice = self.setting.dice();
        let token = Token(Secret::random(&mut dice));
        let cookie = CookieSecret::new(token.0.clone());
        let now = self.now();
        let keys = cookie.wrap(&session.keys, session.member, &mut dice);
        let mut sleeping = held(&self.sleeping);
        sleeping.retain(|_, one| self.is_alive(one, now));
        if sleeping.len() >= SESSIONS_MAX
            && let Some(oldest) = sleeping
                .iter()
                .min_by_key(|(_, one)| one.last)
                .map(|(name, _)| *name)
        {
            sleeping.remove(&oldest);
        }
        let one = Sleeping {
            member: session.member,
            keys,
            began: now,
            last: now,
        };
        sleeping.insert(cookie.session_name(), one);
        token
    }

    /// Wakes the session of a cookie; `None` if it has ended or never was.
    pub fn resume(&self, token: &Token) -> Option<Session> {
        let cookie = CookieSecret::new(token.0.clone());
        let name = cookie.session_name();
        let now = self.now();
        let (member, keys) = {
            let mut sleeping = held(&self.sleeping);
            let one = sleeping.get_mut(&name)?;
            if !self.is_alive(one, now) {
                sleeping.remove(&name);
                return None;
            }
            one.last = now;
            (one.member, one.keys.clone())
        };
        let keys = cookie.unwrap(&keys, member).ok()?;
        Some(Session::new(member, keys))
    }

    /// Ends the session of a cookie.
    pub fn end(&self, token: &Token) {
        let name = CookieSecret::new(token.0.clone()).session_name();
        held(&self.sleeping).remove(&name);
    }

    /// Ends all sessions of a member, at once.
    pub fn end_all(&self, member: MemberId) {
        held(&self.sleeping).retain(|_, one| one.member != member);
    }

    /// Who is signed in now, each once.
    pub fn members(&self) -> Vec<MemberId> {
        let now = self.now();
        let mut sleeping = held(&self.sleeping);
        sleeping.retain(|_, one| self.is_alive(one, now));
        let mut members: Vec<MemberId> = sleeping.values().map(|one| one.member).collect();
        members.sort_unstable();
        members.dedup();
        members
    }

    fn now(&self) -> u64 {
        self.setting.now().unix_seconds()
    }

    fn is_alive(&self, one: &Sleeping, now: u64) -> bool {
        now.saturating_sub(one.last) < self.limits.idle_seconds
            && now.saturating_sub(one.began) < self.limits.whole_seconds
            && one.began <= now
    }
}
