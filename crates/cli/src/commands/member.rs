//! `mahzar member`

use clap::Subcommand;
use office::Admitted;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

mod add;
mod list;
mod passphrase;
mod recover;
mod revoke;
mod travel;

/// Members: add, list, revoke, a new passphrase, recovery, travel
#[derive(Debug, Subcommand)]
pub enum Member {
    Add(add::Add),
    List(list::List),
    Revoke(revoke::Revoke),
    Passphrase(passphrase::ChangePassphrase),
    Recover(recover::Recover),
    Travel(travel::Travel),
}

/// Does one of them.
pub fn run(run: &Run, asked: &Member) -> Result<Exit, Failure> {
    match asked {
        Member::Add(asked) => add::run(run, asked),
        Member::List(asked) => list::run(run, asked),
        Member::Revoke(asked) => revoke::run(run, asked),
        Member::Passphrase(asked) => passphrase::run(run, asked),
        Member::Recover(asked) => recover::run(run, asked),
        Member::Travel(asked) => travel::run(run, asked),
    }
}

/// Shows what a member must write down.
fn show_once(run: &Run, name: &str, admitted: &Admitted) {
    let screen = run.screen;
    if let Some(passphrase) = &admitted.passphrase {
        screen.say(
            say("secret-passphrase")
                .text("name", name)
                .text("secret", passphrase.expose()),
        );
    }
    screen.say(
        say("secret-recovery")
            .text("name", name)
            .text("secret", admitted.recovery_key.expose()),
    );
    screen.say(say("member-fingerprint").text("fingerprint", &admitted.fingerprint));
    screen.say(say("secrets-once"));
    screen.answer(&json!({
        "member": admitted.member.to_string(),
        "name": name,
        "passphrase": admitted.passphrase.as_ref().map(|secret| secret.expose()),
        "recovery_key": admitted.recovery_key.expose(),
        "fingerprint": admitted.fingerprint,
    }));
}
