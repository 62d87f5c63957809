//! How an office begins, and how it is opened again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, RwLock};

use record::ids::{CircleId, MemberId, Origin};
use record::map;
use record::signature::SigningKey;
use register::journal::{Journal, Standing};
use store::disk::{Disk, Spot, read_all};
use store::folder::Folder;
use store::ledger::{GroupCommit, Ledger};
use store::objects::Objects;
use store::packs::Packs;
use store::tiles::Tiles;
use vault::house::{HouseKey, UnlockError};
use vault::kdf::KdfCost;
use vault::member::{self, MemberKeys};
use vault::passphrase::{Passphrase, RecoveryKey};
use vault::secret::SecretText;

use crate::entering::{Pen, Saying, Together, Under};
use crate::fault::Fault;
use crate::house::row;
use crate::roster::{Admission, Duty, HouseAct, PublicKeys, Roster};
use crate::session::Sessions;
use crate::setting::Setting;
use crate::{Office, Purposes};

const LEDGER_FILE: &str = "ledger.db";
pub(crate) const HOUSE_FILE: &str = "house.key";
pub(crate) const HOME_FILE: &str = "home";
const SMALL_FILE_BYTES_MAX: u64 = 4096;

/// What a new office is made of.
#[derive(Debug)]
pub struct Founding {
    /// The folder, absent or empty.
    pub folder: PathBuf,
    /// The name of its record; without one, `mahzar.invalid/` and random digits.
    pub origin: Option<Origin>,
    /// The office's public name.
    pub name: String,
    /// The name of the first administrator.
    pub founder: String,
    /// What the founder chose; without it, one is made.
    pub founder_passphrase: Option<Passphrase>,
    /// The unlock secret, given at every start.
    pub unlock: Passphrase,
    /// What a guess at a passphrase costs.
    pub cost: KdfCost,
    /// How many stewards must approve a recovery.
    pub recovery_stewards: u64,
    /// Seconds between the beginning of a recovery and its end.
    pub recovery_delay_seconds: u64,
}

/// An office that was founded, and what its founder must write down; it is shown once.
#[derive(Debug)]
pub struct Founded {
    /// The office.
    pub office: Office,
    /// The founder.
    pub member: MemberId,
    /// The founder's passphrase, if one was made.
    pub passphrase: Option<SecretText>,
    /// The founder's recovery key, to be printed.
    pub recovery_key: SecretText,
}

/// Why no office was founded. What was begun lies in the folder; delete it and try again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoundingError {
    /// Something lies in the folder already. Choose another, or open the office that is there.
    #[error("the folder is not empty")]
    NotEmpty,
    /// The costs of the passphrase's derivation are out of range.
    #[error("the costs of the passphrase's derivation are out of range")]
    Cost,
    /// Anything else.
    #[error(transparent)]
    Fault(Fault),
}

/// Why an office does not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpeningError {
    /// There is no office in this folder. Name the right one, or make one with `mahzar init`.
    #[error("there is no office in this folder")]
    Absent,
    /// The unlock secret is another one.
    #[error("the unlock secret does not open this office")]
    WrongSecret,
    /// Anything else.
    #[error(transparent)]
    Fault(Fault),
}

impl Office {
    /// Founds an office: its folder, its keys, its first member and the first entries of its record.
    pub fn found(founding: Founding, setting: Setting) -> Result<Founded, FoundingError> {
        let mut dice = setting.dice();
        let origin = founding
            .origin
            .clone()
            .map_or_else(|| drawn_origin(&setting), Ok);
        let origin = origin.map_err(FoundingError::Fault)?;
        let disk = empty_folder(&founding.folder)?;
        let (house, house_file) =
            HouseKey::create(&origin, &founding.unlock, founding.cost, &mut dice)
                .map_err(|_| FoundingError::Cost)?;
        let ledger = Ledger::create(&founding.folder.join(LEDGER_FILE)).map_err(Fault::of_ledger);
        let ledger = Arc::new(ledger.map_err(FoundingError::Fault)?);
        let log_key = SigningKey::from_seed(&dice.bytes());
        let standing = Standing::new(origin.clone(), *log_key.verifying_key().as_bytes());
        ledger
            .found(&standing)
            .map_err(|error| FoundingError::Fault(Fault::Failed(error.to_string())))?;
        let office = Office::put_together(
            founding.folder.clone(),
            disk,
            ledger,
            house,
            log_key,
            [&origin, &origin],
            setting,
        );
        let (member, passphrase, recovery_key) = office.first_entries(&founding)?;
        // Only now is it an office: without this file nothing opens, and the folder is refused as not empty.
        office
            .write_small(HOUSE_FILE, &house_file)
            .map_err(FoundingError::Fault)?;
        office
            .write_small(HOME_FILE, origin.as_str().as_bytes())
            .map_err(FoundingError::Fault)?;
        Ok(Founded {
            office,
            member,
            passphrase,
            recovery_key,
        })
    }

    /// Opens an office with its unlock secret.
    pub fn open(
        folder: &Path,
        unlock: &Passphrase,
        setting: Setting,
    ) -> Result<Office, OpeningError> {
        let fault = OpeningError::Fault;
        if !folder.join(LEDGER_FILE).is_file() {
            return Err(OpeningError::Absent);
        }
        let disk: Arc<dyn Disk> =
            Arc::new(Folder::open(folder).map_err(|e| fault(Fault::of_disk(e)))?);
        let home = read_small(&*disk, HOME_FILE).map_err(|_| OpeningError::Absent)?;
        let home = String::from_utf8(home)
            .ok()
            .and_then(|text| Origin::new(text).ok());
        let home = home.ok_or_else(|| fault(Fault::damaged("the file \"home\"")))?;
        let file = read_small(&*disk, HOUSE_FILE).map_err(fault)?;
        let house = HouseKey::unlock(&home, &file, unlock).map_err(|error| match error {
            UnlockError::WrongSecret => OpeningError::WrongSecret,
            other => fault(Fault::damaged(other)),
        })?;
        let ledger =
            Ledger::open(&folder.join(LEDGER_FILE)).map_err(|e| fault(Fault::of_ledger(e)))?;
        let standing = ledger
            .standing()
            .map_err(|e| fault(Fault::Failed(e.to_string())))?;
        let standing = standing.ok_or_else(|| fault(Fault::damaged("the ledger has no record")))?;
        let log_key = SigningKey::from_seed(&[0; 32]);
        let origins = [&home, &standing.origin];
        let office = Office::put_together(
            folder.to_owned(),
            disk,
            Arc::new(ledger),
            house,
            log_key,
            origins,
            setting,
        );
        office.take_log_key(&standing).map_err(fault)?;
        office.roster().map_err(fault)?;
        // What a program that was killed left half taken in. On a disk that takes no change it stays until there is one that does.
        let _ = office.objects.sweep();
        office.tidy_up().map_err(fault)?;
        Ok(office)
    }

    /// Puts the house key under another unlock secret. Copies of the old file still open with the old one.
    pub fn change_unlock(&self, unlock: &Passphrase, cost: KdfCost) -> Result<(), FoundingError> {
        let file = self
            .house
            .to_file(unlock, cost, &mut self.setting.dice())
            .map_err(|_| FoundingError::Cost)?;
        self.write_small(HOUSE_FILE, &file)
            .map_err(FoundingError::Fault)
    }

    fn put_together(
        folder: PathBuf,
        disk: Arc<dyn Disk>,
        ledger: Arc<Ledger>,
        house: HouseKey,
        log_key: SigningKey,
        [home, origin]: [&Origin; 2],
        setting: Setting,
    ) -> Office {
        Office {
            folder,
            home: home.clone(),
            origin: RwLock::new(origin.clone()),
            sessions: Sessions::new(setting.clone()),
            purposes: Purposes::default(),
            setting,
            house,
            log_key: RwLock::new(log_key),
            objects: Objects::new(Arc::clone(&disk)),
            packs: Packs::new(Arc::clone(&disk)),
            tiles: Tiles::new(Arc::clone(&disk)),
            disk,
            commit: GroupCommit::new(Arc::clone(&ledger)),
            ledger,
            roster: RwLock::new(Roster::default()),
            circles: RwLock::new(BTreeMap::new()),
            views: Mutex::new(BTreeMap::new()),
        }
    }

    pub(crate) fn take_log_key(&self, standing: &Standing) -> Result<(), Fault> {
        // The second is there if the program ended just after the record had begun anew.
        for name in [row::LOG_KEY, row::NEXT_LOG_KEY] {
            let Some(row) = self.cabinet_get(name)? else {
                continue;
            };
            let key = self
                .house
                .unwrap_log_key(row.expose())
                .map_err(|_| Fault::damaged("the log key does not open"))?;
            if *key.verifying_key().as_bytes() == standing.log_key {
                *self
                    .log_key
                    .write()
                    .unwrap_or_else(std::sync::PoisonError::into_inner) = key;
                return Ok(());
            }
        }
        Err(Fault::damaged(
            "the log key is missing, or not the one of the record",
        ))
    }

    /// The founder, the log key and the publisher's key, in one transaction.
    fn first_entries(
        &self,
        founding: &Founding,
    ) -> Result<(MemberId, Option<SecretText>, SecretText), FoundingError> {
        let mut dice = self.setting.dice();
        let member = MemberId::from_bytes(dice.bytes());
        let keys = MemberKeys::generate(&mut dice);
        let chosen = founding.founder_passphrase.clone();
        let passphrase = chosen
            .clone()
            .unwrap_or_else(|| Passphrase::generate(&mut dice));
        let recovery = RecoveryKey::generate(&mut dice);
        let wrapped = member::wrap(
            &keys,
            member,
            &passphrase,
            &self.house,
            founding.cost,
            &mut dice,
        );
        let wrapped = wrapped.map_err(|_| FoundingError::Cost)?;
        let act = HouseAct::Founded {
            name: founding.name.clone(),
            founder: Admission {
                member,
                name: founding.founder.clone(),
                keys: public_keys(&keys),
                duty: Duty::Administrator,
            },
            recovery_stewards: founding.recovery_stewards,
            recovery_delay_seconds: founding.recovery_delay_seconds,
        };
        let spare = member::wrap_for_recovery(&keys, member, &recovery, &self.house, &mut dice);
        let publisher = SigningKey::from_seed(&dice.bytes());
        let log_row = self.house.wrap_log_key(&self.log_key(), &mut dice);
        let founded = Saying::membership(CircleId::HOUSE, act.kind(), act.body(), None);
        let key = record::encoding::base64_text(publisher.verifying_key().as_bytes());
        let body = map! { "key" => key, "purpose" => "publication" };
        let admitted = Saying::plain(CircleId::PUBLIC, "publisher.admitted", body, None);
        let log_key = self.log_key();
        let said = vec![
            self.say(
                &Pen {
                    by: member,
                    key: keys.signing_key(),
                },
                &Under::Key(self.house_lock()),
                founded,
            ),
            self.say(
                &Pen {
                    by: MemberId::OFFICE,
                    key: &log_key,
                },
                &Under::Public,
                admitted,
            ),
        ];
        let together = Together {
            said: said
                .into_iter()
                .collect::<Result<_, _>>()
                .map_err(FoundingError::Fault)?,
            cabinet: vec![
                self.cabinet_put(row::LOG_KEY, &log_row),
                self.cabinet_put(row::PUBLISHER_KEY, publisher.expose_seed()),
                self.cabinet_put(&row::keys(member), &wrapped),
                self.cabinet_put(&row::recovery(member), &spare),
            ],
            ..Together::default()
        };
        self.enter(together).map_err(FoundingError::Fault)?;
        // Read back as any start would: a name that the roster refuses must not make an office that never opens.
        self.roster().map_err(FoundingError::Fault)?;
        let made = chosen.is_none().then(|| passphrase.to_printed());
        Ok((member, made, recovery.to_printed()))
    }

    /// Writes a small file so that either the old or the new one is there, whole.
    pub(crate) fn write_small(&self, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        let spot = |name: &str| {
            Spot::parse(name).ok_or_else(|| Fault::Failed("a bad file name".to_owned()))
        };
        let (new, to) = (spot(&format!("{name}.new"))?, spot(name)?);
        let written = self.disk.remove(&new).or_else(|error| match error {
            store::disk::DiskError::Absent(_) => Ok(()),
            other => Err(other),
        });
        let written = written
            .and_then(|()| self.disk.create(&new))
            .and_then(|mut file| {
                file.append(bytes)?;
                file.sync()?;
                self.disk.rename(&new, &to)?;
                self.disk.sync(&[], &[Spot::root()])
            });
        written.map_err(Fault::of_disk)
    }
}

pub(crate) fn public_keys(keys: &MemberKeys) -> PublicKeys {
    PublicKeys {
        sign: *keys.verifying_key().as_bytes(),
        recipient: keys.recipient().to_string(),
    }
}

fn drawn_origin(setting: &Setting) -> Result<Origin, Fault> {
    let digits = hex::encode(setting.dice().bytes::<16>());
    Origin::new(format!("mahzar.invalid/{digits}"))
        .map_err(|error| Fault::Failed(error.to_string()))
}

fn empty_folder(path: &Path) -> Result<Arc<dyn Disk>, FoundingError> {
    let fault = |error: std::io::Error| FoundingError::Fault(Fault::of_io(error));
    std::fs::create_dir_all(path).map_err(fault)?;
    if std::fs::read_dir(path).map_err(fault)?.next().is_some() {
        return Err(FoundingError::NotEmpty);
    }
    let folder = Folder::open(path).map_err(|error| FoundingError::Fault(Fault::of_disk(error)))?;
    Ok(Arc::new(folder))
}

fn read_small(disk: &dyn Disk, name: &str) -> Result<Vec<u8>, Fault> {
    let spot = Spot::parse(name).ok_or_else(|| Fault::Failed("a bad file name".to_owned()))?;
    read_all(disk, &spot, SMALL_FILE_BYTES_MAX).map_err(Fault::of_disk)
}
