//! Wrong passphrases cost time, per account and ever more of it, but never lock anyone out: the owner who knows the
//! passphrase waits in the same line and gets in.

use std::collections::HashMap;
use std::time::Duration;

use sha2::{Digest, Sha256};

/// The longest wait before an attempt is looked at. Long enough that guessing is hopeless, short enough to sit through.
pub const WAIT_SECONDS_MAX: u64 = 30;

/// Wrong attempts that cost nothing yet: fingers slip.
const FREE_ATTEMPTS: u32 = 3;

/// Attempts for one account that may wait at once; further ones are told to come back.
const WAITING_MAX: u32 = 8;

/// After this long without a wrong attempt an account is as new.
const FORGET_SECONDS: u64 = 3_600;

/// Accounts remembered at once, so that invented names cannot fill the memory; the oldest give way.
const ACCOUNTS_MAX: usize = 10_000;

/// The accounts at which somebody lately got it wrong. Names are kept as digests only.
#[derive(Debug, Default)]
pub struct Delays {
    accounts: HashMap<[u8; 32], Account>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Account {
    wrong: u32,
    last: u64,
    waiting: u32,
}

/// Too many attempts for this account wait already. Come back in a few seconds; nothing is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many attempts for one account wait already")]
pub struct Crowded;

fn digest(name: &str) -> [u8; 32] {
    Sha256::digest(name.trim().to_lowercase().as_bytes()).into()
}

impl Delays {
    /// Says how long this attempt must wait before it is looked at. Each call must be followed by [`Delays::settle`].
    pub fn begin(&mut self, name: &str, now: u64) -> Result<Duration, Crowded> {
        self.forget(now);
        let account = self.accounts.entry(digest(name)).or_default();
        if account.waiting >= WAITING_MAX {
            return Err(Crowded);
        }
        if account.last + FORGET_SECONDS <= now {
            account.wrong = 0;
        }
        account.waiting += 1;
        account.last = now;
        let doublings = account.wrong.saturating_sub(FREE_ATTEMPTS).min(8);
        let seconds = if account.wrong < FREE_ATTEMPTS {
            0
        } else {
            (1 << doublings).min(WAIT_SECONDS_MAX)
        };
        Ok(Duration::from_secs(seconds))
    }

    /// Notes how the attempt ended.
    pub fn settle(&mut self, name: &str, ended: Ended, now: u64) {
        let digest = digest(name);
        let Some(account) = self.accounts.get_mut(&digest) else {
            return;
        };
        account.waiting = account.waiting.saturating_sub(1);
        account.last = now;
        match ended {
            Ended::Right => account.wrong = 0,
            Ended::Wrong => account.wrong = account.wrong.saturating_add(1),
            Ended::Unknown => {}
        }
    }

    fn forget(&mut self, now: u64) {
        if self.accounts.len() < ACCOUNTS_MAX {
            return;
        }
        self.accounts
            .retain(|_, account| account.waiting > 0 || account.last + FORGET_SECONDS > now);
        if self.accounts.len() >= ACCOUNTS_MAX {
            let mut ages: Vec<u64> = self.accounts.values().map(|account| account.last).collect();
            ages.sort_unstable();
            let middle = ages[ages.len() / 2];
            self.accounts
                .retain(|_, account| account.waiting > 0 || account.last > middle);
        }
    }
}

/// How an attempt to sign in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The secret was right.
    Right,
    /// The secret was wrong.
    Wrong,
    /// The attempt broke off before the secret was looked at.
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(delays: &mut Delays, ended: Ended) -> u64 {
        let waited = delays.begin("Mina", 0).unwrap();
        delays.settle("Mina", ended, 0);
        waited.as_secs()
    }

    #[test]
    fn each_wrong_attempt_doubles_the_wait_up_to_a_limit_and_never_locks() {
        let mut delays = Delays::default();
        let waits: Vec<u64> = (0..12)
            .map(|_| attempt(&mut delays, Ended::Wrong))
            .collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30]);
        assert_eq!(attempt(&mut delays, Ended::Right), 30);
        assert_eq!(attempt(&mut delays, Ended::Wrong), 0);
    }

    #[test]
    fn one_name_however_written_is_one_account_and_others_do_not_wait() {
        let mut delays = Delays::default();
        for _ in 0..5 {
            attempt(&mut delays, Ended::Wrong);
        }
        assert!(delays.begin(" MINA ", 0).unwrap().as_secs() > 0);
        assert_eq!(delays.begin("Reza", 0).unwrap().as_secs(), 0);
    }

    #[test]
    fn a_crowd_is_turned_away_until_one_leaves() {
        let mut delays = Delays::default();
        for _ in 0..WAITING_MAX {
            delays.begin("Mina", 0).unwrap();
        }
        assert_eq!(delays.begin("Mina", 0), Err(Crowded));
        delays.settle("Mina", Ended::Unknown, 0);
        assert!(delays.begin("Mina", 0).is_ok());
    }

    #[test]
    fn after_an_hour_an_account_is_as_new() {
        let mut delays = Delays::default();
        for _ in 0..8 {
            attempt(&mut delays, Ended::Wrong);
        }
        assert_eq!(delays.begin("Mina", FORGET_SECONDS).unwrap().as_secs(), 0);
    }

    #[test]
    fn invented_names_do_not_fill_the_memory() {
        let mut delays = Delays::default();
        for number in 0..3 * ACCOUNTS_MAX as u64 {
            let name = number.to_string();
            delays.begin(&name, number).unwrap();
            delays.settle(&name, Ended::Wrong, number);
        }
        assert!(delays.accounts.len() <= ACCOUNTS_MAX);
    }
}
