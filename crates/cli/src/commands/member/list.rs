//! `mahzar member list`

use clap::Args;
use office::roster::Standing;
use record::encoding::base64_text;
use serde_json::json;

use crate::commands::Run;
use crate::failure::{Exit, Failure};
use crate::words::say;

/// List the members of the office
#[derive(Debug, Args)]
pub struct List {}

/// Lists them by name.
pub fn run(run: &Run, _asked: &List) -> Result<Exit, Failure> {
    let office = run.office()?;
    let session = run.session(&office)?;
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    // Who is in the office is for its members to see; the session shows that one of them asks.
    roster
        .member(session.member())
        .ok_or_else(|| run.fault(&office::Fault::Refused))?;
    for member in roster.members() {
        let (word, saying) = match member.standing {
            Standing::Present => ("present", say("standing-present")),
            Standing::Travelling => ("travelling", say("standing-travelling")),
            Standing::Revoked => ("revoked", say("standing-revoked")),
        };
        let name = desk::name::visible(&member.admission.name);
        let standing = saying.in_language(run.screen.language());
        // By this key a key-holder names those from whom they accept warrants.
        let sign_key = base64_text(&member.admission.keys.sign);
        run.screen.line(format!(
            "{}  {name}  {}  {standing}  {sign_key}",
            member.admission.member,
            member.admission.duty.word()
        ));
        run.screen.answer(&json!({
            "member": member.admission.member.to_string(),
            "name": member.admission.name,
            "duty": member.admission.duty.word(),
            "standing": word,
            "sign_key": sign_key,
            "recovery": member.recovery.is_some(),
        }));
    }
    Ok(Exit::Done)
}
