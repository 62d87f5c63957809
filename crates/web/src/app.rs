//! What all requests share: the office, the addresses of the pages, and what lives in memory only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use office::roster::{Duty, Standing};
use office::{Fault, Office, Session, Token};
use record::ids::MemberId;
use tokio::sync::{Notify, Semaphore};
use vault::kdf::KdfCost;
use webauthn_rs::prelude::PasskeyRegistration;

use crate::delay::Delays;
use crate::door::Origin;
use crate::passkeys::Passkeys;
use crate::refusal::Refusal;
use crate::second::{Awaiting, WAIT_SECONDS_MAX};
use crate::upload::Uploads;

/// Slow derivations at a time: as many as the target machine has cores, so that a flood of sign-ins leaves the rest alone.
const DERIVATIONS_MAX: usize = 2;

/// Who is signed in, with the keys of this session, for the time of one request.
pub struct Person {
    /// The session.
    pub session: Session,
    /// The member's name.
    pub name: String,
    /// What they may do for the office as a whole.
    pub duty: Duty,
    /// Where they stand.
    pub standing: Standing,
}

impl Person {
    /// Their id.
    #[must_use]
    pub fn member(&self) -> MemberId {
        self.session.member()
    }
}

/// The server's state, shared by all requests.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    office: Arc<Office>,
    name: String,
    origins: Vec<Origin>,
    cost: KdfCost,
    passkeys: Passkeys,
    delays: Mutex<Delays>,
    awaiting: Mutex<HashMap<[u8; 32], Awaiting>>,
    adding: Mutex<HashMap<[u8; 32], (u64, PasskeyRegistration)>>,
    uploads: Uploads,
    derivations: Semaphore,
    ending: Notify,
}

/// Why the pages cannot be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// Give at least one address under which browsers will reach the pages.
    #[error("there is no address under which the pages are reached")]
    NoOrigin,
    /// An address cannot carry passkeys; correct it.
    #[error("the address {0} cannot be used")]
    Origin(String),
    /// The office does not answer.
    #[error(transparent)]
    Office(Fault),
}

impl App {
    /// The pages of `office`, reached under these addresses; the first is the one that is shown. `cost` is what a new
    /// passphrase costs to guess.
    pub fn new(office: Arc<Office>, origins: Vec<Origin>, cost: KdfCost) -> Result<Self, AppError> {
        let origins = with_localhost(origins);
        if origins.is_empty() {
            return Err(AppError::NoOrigin);
        }
        let name = office.roster().map_err(AppError::Office)?.name().to_owned();
        let passkeys = Passkeys::new(&origins, &name)?;
        let inner = Inner {
            office,
            name,
            origins,
            cost,
            passkeys,
            delays: Mutex::default(),
            awaiting: Mutex::default(),
            adding: Mutex::default(),
            uploads: Uploads::default(),
            derivations: Semaphore::new(DERIVATIONS_MAX),
            ending: Notify::new(),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The addresses under which the pages are reached, at least one.
    #[must_use]
    pub fn origins(&self) -> &[Origin] {
        &self.0.origins
    }

    /// The office's public name.
    #[must_use]
    pub fn office_name(&self) -> String {
        self.0.name.clone()
    }

    /// The office, for a thread of its own.
    pub(crate) fn shared_office(&self) -> Arc<Office> {
        Arc::clone(&self.0.office)
    }

    /// What a new passphrase costs to guess.
    #[must_use]
    pub fn cost(&self) -> KdfCost {
        self.0.cost
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.0.office.setting().now().unix_seconds()
    }

    /// As many random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.0.office.setting().dice().bytes()
    }

    /// Passkeys, as far as the address allows them.
    #[must_use]
    pub fn passkeys(&self) -> &Passkeys {
        &self.0.passkeys
    }

    /// The accounts at which somebody lately got it wrong.
    pub fn delays(&self) -> MutexGuard<'_, Delays> {
        self.0.delays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sessions that wait for their second step.
    pub(crate) fn awaiting(&self) -> MutexGuard<'_, HashMap<[u8; 32], Awaiting>> {
        self.0
            .awaiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The passkeys that are being added: when it began, and what the browser's answer is checked against.
    pub(crate) fn adding(&self) -> MutexGuard<'_, HashMap<[u8; 32], (u64, PasskeyRegistration)>> {
        let mut adding = self.0.adding.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        adding.retain(|_, (began, _)| *began + WAIT_SECONDS_MAX > now);
        adding
    }

    /// The uploads under way.
    #[must_use]
    pub fn uploads(&self) -> &Uploads {
        &self.0.uploads
    }

    /// The right to make one slow derivation.
    pub async fn derivation(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Refusal> {
        self.0
            .derivations
            .acquire()
            .await
            .map_err(|_| Refusal::Trouble)
    }

    /// Does something with the office where it may block.
    pub async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Office) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let office = Arc::clone(&self.0.office);
        tokio::task::spawn_blocking(move || work(&office))
            .await
            .map_err(|_| Refusal::Trouble)
    }

    /// As [`App::work`], for what fails with a fault.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Office) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Refusal> {
        self.work(work).await?.map_err(|fault| self.refusal(fault))
    }

    /// What a visitor is told of a fault; after a fatal one the server ends.
    pub fn refusal(&self, fault: Fault) -> Refusal {
        match fault {
            Fault::Refused => Refusal::NotFound,
            Fault::Full(_) => Refusal::ReadOnly,
            Fault::Busy | Fault::Moved => Refusal::Busy,
            Fault::Fatal(cause) => {
                tracing::error!(cause, "the disk failed");
                self.0.ending.notify_one();
                Refusal::Trouble
            }
            Fault::Damaged(cause) => {
                tracing::error!(cause, "something is damaged");
                Refusal::Trouble
            }
            Fault::Failed(cause) => {
                tracing::warn!(cause, "a verb failed");
                Refusal::Trouble
            }
        }
    }

    /// Returns when the process must end because the disk failed.
    pub async fn ending(&self) {
        self.0.ending.notified().await;
    }

    /// Who is signed in under a cookie's secret; nobody while the second step is awaited.
    pub async fn person(&self, secret: &str) -> Option<Arc<Person>> {
        let awaited = self
            .awaiting()
            .contains_key(&crate::second::name_of(secret));
        if awaited {
            None
        } else {
            self.resumed(secret).await
        }
    }

    /// The session under a cookie's secret, whether or not its second step is done.
    pub(crate) async fn resumed(&self, secret: &str) -> Option<Arc<Person>> {
        let token = token(secret)?;
        self.work(move |office| resume(office, &token))
            .await
            .ok()
            .flatten()
            .map(Arc::new)
    }
}

/// The loopback addresses have a name besides, under which passkeys work too.
fn with_localhost(mut origins: Vec<Origin>) -> Vec<Origin> {
    let named = |origin: &Origin| {
        let loopback = ["http://127.0.0.1:", "http://[::1]:"]
            .iter()
            .find_map(|start| origin.as_str().strip_prefix(start));
        loopback.and_then(|port| Origin::new(&format!("http://localhost:{port}")).ok())
    };
    let names: Vec<Origin> = origins
        .iter()
        .filter_map(named)
        .filter(|name| !origins.contains(name))
        .collect();
    origins.extend(names);
    origins
}

/// The token that a cookie's secret writes in hex.
pub(crate) fn token(secret: &str) -> Option<Token> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(secret, &mut bytes).ok()?;
    Some(Token::from_bytes(bytes))
}

fn resume(office: &Office, token: &Token) -> Option<Person> {
    let session = office.sessions().resume(token)?;
    let roster = office.roster().ok()?;
    let member = roster
        .member(session.member())
        .filter(|member| member.standing != Standing::Revoked)?;
    let (name, duty, standing) = (
        member.admission.name.clone(),
        member.admission.duty,
        member.standing,
    );
    Some(Person {
        session,
        name,
        duty,
        standing,
    })
}
