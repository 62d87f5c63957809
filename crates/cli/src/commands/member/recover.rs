//! `mahzar member recover`: a lost laptop brought back to work.

use clap::{Args, Subcommand};
use office::RecoverError;
use record::ids::MemberId;
use serde_json::json;
use vault::passphrase::RecoveryKey;

use super::{passphrase, show_once};
use crate::commands::{Run, chosen};
use crate::failure::{Exit, Failure, fault, malformed};
use crate::words::say;

/// Bring a member back who lost their passphrase or their keys
#[derive(Debug, Args)]
pub struct Recover {
    #[command(subcommand)]
    step: Step,
}

/// The two ways back, and their steps.
#[derive(Debug, Subcommand)]
pub enum Step {
    /// With the printed recovery key (MAHZAR_RECOVERY_KEY, or asked for): a new passphrase for the same keys
    Key(Named),
    /// Without it, first: an administrator makes new keys, which open nothing yet
    Begin(Named),
    /// Then stewards approve, each having compared the fingerprint with the member by a channel they trust
    Approve(Named),
    /// Anybody concerned can stop it
    Stop(Named),
    /// After the delay an administrator puts the new keys in the place of the old ones
    End(Named),
    /// And the stewards of the circles let the new keys in
    Readmit(Named),
}

/// Who is brought back.
#[derive(Debug, Args)]
pub struct Named {
    /// The member's name or id
    member: String,
}

/// Does one step.
pub fn run(run: &Run, asked: &Recover) -> Result<Exit, Failure> {
    if let Step::Key(named) = &asked.step {
        return with_key(run, named);
    }
    let office = run.office()?;
    let session = run.session(&office)?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let administrator = || {
        office
            .administrator(&session)
            .map_err(|error| run.fault(&error))
    };
    let refused = |error: RecoverError| refused(run, &error);
    match &asked.step {
        Step::Key(_) => {}
        Step::Begin(named) => {
            let member = run.member(&roster, &named.member)?;
            let new = chosen(run.secrets.new_passphrase_if_given()?)?;
            let admitted = office
                .begin_recovery(&administrator()?, member, new, run.cost)
                .map_err(refused)?;
            run.screen.say(
                say("recovery-began")
                    .text("name", &named.member)
                    .n("stewards", roster.recovery_stewards()),
            );
            show_once(run, &named.member, &admitted);
        }
        Step::Approve(named) => {
            let member = run.member(&roster, &named.member)?;
            office.approve_recovery(&session, member).map_err(refused)?;
            done(run, "approved", member);
        }
        Step::Stop(named) => {
            let member = run.member(&roster, &named.member)?;
            office.stop_recovery(&session, member).map_err(refused)?;
            done(run, "stopped", member);
        }
        Step::End(named) => {
            let member = run.member(&roster, &named.member)?;
            office
                .end_recovery(&administrator()?, member)
                .map_err(refused)?;
            done(run, "ended", member);
        }
        Step::Readmit(named) => {
            let member = run.member(&roster, &named.member)?;
            let circles = office.readmit(&session, member).map_err(refused)?;
            run.screen
                .say(say("recovery-readmitted").n("circles", circles));
            run.screen
                .answer(&json!({ "member": member.to_string(), "readmitted": circles }));
        }
    }
    run.enter_waiting(&office)?;
    Ok(Exit::Done)
}

fn with_key(run: &Run, named: &Named) -> Result<Exit, Failure> {
    let office = run.office()?;
    let typed = run.secrets.recovery_key()?;
    let key = RecoveryKey::read(&typed)
        .map_err(|error| malformed("fault-passphrase-form").because(error))?;
    let new = chosen(run.secrets.new_passphrase_if_given()?)?;
    let made = office.recover_with_key(&named.member, &key, new, run.cost);
    let made = made.map_err(|error| passphrase::refused(run, &error))?;
    passphrase::tell(
        run,
        &named.member,
        made.as_ref().map(|secret| secret.expose()),
    );
    Ok(Exit::Done)
}

fn done(run: &Run, step: &str, member: MemberId) {
    run.screen.say(
        say("recovery-step")
            .text("step", step)
            .text("member", member),
    );
    run.screen
        .answer(&json!({ "member": member.to_string(), "recovery": step }));
}

fn refused(run: &Run, error: &RecoverError) -> Failure {
    match error {
        RecoverError::Fault(fault) => run.fault(fault),
        other => fault("fault-failed").because(other),
    }
}
