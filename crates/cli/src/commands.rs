//! The verbs, one file for each, and what they share: the office, and the member who acts.

use std::path::PathBuf;

use ::record::ids::{CircleId, MemberId};
use desk::ids::ItemId;
use office::roster::Roster;
use office::{AdmitError, MembershipError, WriteError};
use office::{Fault, Office, OpeningError, Session, SignInError};
use vault::kdf::KdfCost;
use vault::key_file::Work;
use vault::passphrase::Passphrase;
use zeroize::Zeroizing;

use crate::arguments::{Arguments, Verb};
use crate::failure::{Exit, Failure, fault, malformed};
use crate::screen::Screen;
use crate::secrets::Secrets;
use crate::surroundings;

pub mod add;
pub mod backup;
pub mod ballot;
pub mod bench;
pub mod circle;
pub mod completions;
pub mod demo;
pub mod entity;
pub mod erase;
pub mod estimate;
pub mod fsck;
pub mod import;
pub mod init;
pub mod keyholder;
pub mod leaving;
pub mod link;
pub mod list;
pub mod man;
pub mod member;
pub mod open;
pub mod proof;
pub mod publish;
pub mod record;
pub mod restore;
pub mod serve;
pub mod show;
pub mod week;
pub mod witness;

/// What every verb is given.
#[derive(Debug)]
pub struct Run {
    /// The office's folder.
    pub office_folder: PathBuf,
    /// Who acts, as named on the command line.
    pub acting: Option<String>,
    /// Where secrets come from.
    pub secrets: Secrets,
    /// Where words go.
    pub screen: Screen,
    /// What a guess at a passphrase made now costs.
    pub cost: KdfCost,
    /// The same for the file of a key-holder's key.
    pub key_file_work: Work,
}

/// Costs nothing to guess; for tests, where hundreds of offices are made. It stands beside each salt.
const COST_FOR_TESTS: KdfCost = KdfCost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

/// Does what the command line asks for.
pub fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let run = Run {
        office_folder: arguments.office.clone(),
        acting: arguments.acting.clone(),
        secrets: Secrets::of_process(arguments.passphrase_fd, arguments.unlock_fd),
        screen: Screen::new(arguments.json, arguments.lang),
        cost: if arguments.cheap_passphrases_for_tests {
            COST_FOR_TESTS
        } else {
            KdfCost::STANDARD
        },
        key_file_work: if arguments.cheap_passphrases_for_tests {
            Work::CHEAP
        } else {
            Work::STANDARD
        },
    };
    match &arguments.verb {
        Verb::Init(asked) => init::run(&run, asked),
        Verb::Member(asked) => member::run(&run, asked),
        Verb::Circle(asked) => circle::run(&run, asked),
        Verb::Add(asked) => add::run(&run, asked),
        Verb::List(asked) => list::run(&run, asked),
        Verb::Show(asked) => show::run(&run, asked),
        Verb::Search(asked) => entity::search(&run, asked),
        Verb::Import(asked) => import::run(&run, asked),
        Verb::Share(asked) => leaving::share::run(&run, asked),
        Verb::Export(asked) => leaving::export::run(&run, asked),
        Verb::Week(asked) => week::run(&run, asked),
        Verb::Entity(asked) => entity::run(&run, asked),
        Verb::Open(asked) => open::run(&run, asked),
        Verb::Erase(asked) => erase::run(&run, asked),
        Verb::Proof(asked) => proof::run(&run, asked),
        Verb::Publish(asked) => publish::run(&run, asked),
        Verb::Record(asked) => record::run(&run, asked),
        Verb::Fsck(asked) => fsck::run(&run, asked),
        Verb::Backup(asked) => backup::run(&run, asked),
        Verb::Restore(asked) => restore::run(&run, asked),
        Verb::Witness(asked) => witness::run(&run, asked),
        Verb::Keyholder(asked) => keyholder::run(&run, asked),
        Verb::Estimate(asked) => estimate::run(&run, asked),
        Verb::Link(asked) => link::run(&run, asked),
        Verb::Ballot(asked) => ballot::run(&run, asked),
        Verb::Bench(asked) => bench::run(&run, asked),
        Verb::Serve(asked) => serve::run(&run, asked),
        Verb::Demo(asked) => demo::run(&run, asked),
        Verb::Completions(asked) => completions::run(asked),
        Verb::Man(asked) => man::run(asked),
    }
}

impl Run {
    /// Opens the office with its unlock secret.
    pub fn office(&self) -> Result<Office, Failure> {
        let secret = self.secrets.unlock()?;
        let unlock = Passphrase::read(&secret)
            .map_err(|error| malformed("fault-unlock-form").because(error))?;
        Office::open(&self.office_folder, &unlock, surroundings::setting()).map_err(|error| {
            match error {
                OpeningError::Absent => {
                    fault("fault-office-absent").text("folder", self.office_folder.display())
                }
                OpeningError::WrongSecret => fault("fault-unlock-wrong"),
                OpeningError::Fault(fault) => self.fault(&fault),
            }
        })
    }

    /// Signs in the member who acts.
    pub fn session(&self, office: &Office) -> Result<Session, Failure> {
        let name = self
            .acting
            .as_deref()
            .ok_or_else(|| malformed("fault-acting-missing"))?;
        let secret = self.secrets.passphrase()?;
        let passphrase = Passphrase::read(&secret)
            .map_err(|error| malformed("fault-passphrase-form").because(error))?;
        office
            .sign_in(name, &passphrase)
            .map_err(|error| match error {
                SignInError::Refused => fault("fault-sign-in"),
                SignInError::Fault(fault) => self.fault(&fault),
            })
    }

    /// What the office's faults are called here. One after which nothing may go on ends the process.
    pub fn fault(&self, error: &Fault) -> Failure {
        let failure = match error {
            Fault::Refused => fault("fault-refused"),
            Fault::Full(cause) => fault("fault-full").because(cause),
            Fault::Busy => fault("fault-busy"),
            Fault::Moved => fault("fault-moved"),
            Fault::Damaged(cause) => fault("fault-damaged").because(cause),
            Fault::Fatal(cause) => fault("fault-fatal").because(cause),
            Fault::Failed(cause) => fault("fault-failed").because(cause),
        };
        if error.is_fatal() {
            self.screen.fail(&failure);
            std::process::exit(Exit::Failed as i32);
        }
        failure
    }
}

impl Run {
    /// The circle that was named; without a name the only one that the member can read.
    pub fn circle(
        &self,
        office: &Office,
        session: &Session,
        named: Option<&str>,
    ) -> Result<CircleId, Failure> {
        let circles = office
            .circles(session)
            .map_err(|error| self.fault(&error))?;
        let Some(name) = named else {
            let mut readable = circles.iter().filter(|circle| circle.readable);
            return match (readable.next(), readable.next()) {
                (Some(only), None) => Ok(only.id),
                _ => Err(malformed("fault-circle-missing")),
            };
        };
        let wanted = name.trim().to_lowercase();
        let mut found = circles
            .iter()
            .filter(|one| one.id.to_string() == wanted || one.name.trim().to_lowercase() == wanted);
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only.id),
            (Some(_), Some(_)) => Err(malformed("fault-circle-ambiguous").text("name", name)),
            _ => Err(fault("fault-circle-unknown").text("name", name)),
        }
    }

    /// The item of an id, and its circle.
    pub fn item(
        &self,
        office: &Office,
        session: &Session,
        id: &str,
    ) -> Result<(ItemId, CircleId), Failure> {
        let item: ItemId = id
            .trim()
            .parse()
            .map_err(|_| malformed("fault-id-form").text("id", id))?;
        let circle = office
            .circle_of_item(session, item)
            .map_err(|error| self.fault(&error))?;
        Ok((item, circle))
    }

    /// The member of this name or id.
    pub fn member(&self, roster: &Roster, named: &str) -> Result<MemberId, Failure> {
        let found = roster
            .find(named)
            .ok_or_else(|| fault("fault-member-unknown").text("name", named))?;
        Ok(found.admission.member)
    }

    /// Why nothing could be entered in a circle.
    pub fn write_fault(&self, error: WriteError) -> Failure {
        match error {
            WriteError::RotationDue => fault("fault-rotation"),
            WriteError::Fault(fault) => self.fault(&fault),
        }
    }

    /// Why a circle's membership was not changed.
    pub fn membership_fault(&self, error: &MembershipError) -> Failure {
        match error {
            MembershipError::Chain(why) => fault("fault-failed").because(why),
            MembershipError::Fault(fault) => self.fault(fault),
        }
    }

    /// Why the roster was not changed.
    pub fn admit_fault(&self, error: &AdmitError) -> Failure {
        match error {
            AdmitError::Fault(fault) => self.fault(fault),
            other => fault("fault-failed").because(other),
        }
    }
}

/// A passphrase that somebody chose must be a strong one.
pub fn chosen(secret: Option<Zeroizing<String>>) -> Result<Option<Passphrase>, Failure> {
    let chosen = secret.map(|secret| Passphrase::choose(&secret)).transpose();
    chosen.map_err(|error| malformed("fault-passphrase-form").because(error))
}
