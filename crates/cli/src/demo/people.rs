//! The people of the demonstration. They are invented, and so are their passphrases.

use office::roster::Duty;
use office::{Founding, Office, Session};
use record::ids::CircleId;
use vault::passphrase::Passphrase;
use zeroize::Zeroizing;

use crate::commands::Run;
use crate::failure::{Failure, fault};
use crate::surroundings;
use crate::words::say;

/// Admits members, looks after both circles.
pub const CLERK: &str = "Mina";
/// Takes material in; sees the intake circle only.
pub const DOCUMENTER: &str = "Yusuf";
/// Prepares cases; sees the legal circle only.
pub const LAWYER: &str = "Claire";

/// The circle in which material arrives.
pub const INTAKE: &str = "Intake";
/// The circle in which cases are prepared.
pub const LEGAL: &str = "Legal";

/// Everybody signed in, and where they may go.
pub struct People {
    /// The office.
    pub office: Office,
    /// The clerk's session.
    pub clerk: Session,
    /// The documenter's session.
    pub documenter: Session,
    /// The lawyer's session.
    pub lawyer: Session,
    /// The circle in which material arrives.
    pub intake: CircleId,
    /// The circle in which cases are prepared.
    pub legal: CircleId,
}

/// Founds the office, admits its members, makes its circles, and shows every secret that it made.
pub fn gather(run: &Run) -> Result<People, Failure> {
    let setting = surroundings::setting();
    let unlock = Passphrase::generate(&mut setting.dice());
    let founding = Founding {
        folder: run.office_folder.clone(),
        origin: None,
        name: "Demonstration office".to_owned(),
        founder: CLERK.to_owned(),
        founder_passphrase: None,
        unlock: unlock.clone(),
        cost: run.cost,
        recovery_stewards: 2,
        recovery_delay_seconds: 24 * 3600,
    };
    let founded = Office::found(founding, setting).map_err(|error| match error {
        office::FoundingError::NotEmpty => {
            fault("fault-init-not-empty").text("folder", run.office_folder.display())
        }
        other => not_done("founding", other),
    })?;
    let office = founded.office;
    run.screen.say(
        say("demo-founded")
            .text("folder", run.office_folder.display())
            .text("origin", office.origin()),
    );
    run.screen
        .answer(&serde_json::json!({ "unlock": unlock.to_printed().expose() }));
    run.screen
        .say(say("secret-unlock").text("secret", unlock.to_printed().expose()));
    let made = founded
        .passphrase
        .ok_or_else(|| not_done("founding", "no passphrase was made"))?;
    let clerk = sign_in(
        run,
        &office,
        CLERK,
        Zeroizing::new(made.expose().to_owned()),
    )?;
    let documenter = admit(run, &office, &clerk, DOCUMENTER)?;
    let lawyer = admit(run, &office, &clerk, LAWYER)?;
    let intake = circle(run, &office, &clerk, INTAKE, &documenter)?;
    let legal = circle(run, &office, &clerk, LEGAL, &lawyer)?;
    Ok(People {
        office,
        clerk,
        documenter,
        lawyer,
        intake,
        legal,
    })
}

fn admit(run: &Run, office: &Office, clerk: &Session, name: &str) -> Result<Session, Failure> {
    let administrator = office
        .administrator(clerk)
        .map_err(|error| run.fault(&error))?;
    let admitted = office
        .admit_member(&administrator, name, Duty::Member, None, run.cost)
        .map_err(|error| run.admit_fault(&error))?;
    let made = admitted
        .passphrase
        .ok_or_else(|| not_done("admission", "no passphrase was made"))?;
    sign_in(run, office, name, Zeroizing::new(made.expose().to_owned()))
}

fn sign_in(
    run: &Run,
    office: &Office,
    name: &str,
    passphrase: Zeroizing<String>,
) -> Result<Session, Failure> {
    run.screen.say(
        say("secret-passphrase")
            .text("name", name)
            .text("secret", passphrase.as_str()),
    );
    run.screen
        .answer(&serde_json::json!({ "member": name, "passphrase": passphrase.as_str() }));
    let passphrase = Passphrase::read(&passphrase).map_err(|error| not_done("sign-in", error))?;
    office
        .sign_in(name, &passphrase)
        .map_err(|error| not_done("sign-in", error))
}

fn circle(
    run: &Run,
    office: &Office,
    clerk: &Session,
    name: &str,
    other: &Session,
) -> Result<CircleId, Failure> {
    let circle = office
        .create_circle(clerk, name)
        .map_err(|error| run.membership_fault(&error))?;
    let steward = office
        .steward(clerk, circle)
        .map_err(|error| run.fault(&error))?;
    office
        .add_to_circle(&steward, other.member(), false)
        .map_err(|error| run.membership_fault(&error))?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let other = crate::shown::member(&roster, other.member());
    run.screen.say(
        say("demo-circle")
            .text("name", name)
            .text("one", CLERK)
            .text("two", other),
    );
    Ok(circle)
}

/// A step of the demonstration that did not hold.
pub fn not_done(step: &str, why: impl std::fmt::Display) -> Failure {
    fault("fault-demo").text("step", step).because(why)
}
