//! What a verb leaves behind: entries that wait for their place in the record. Before the program ends it gives them their places, if no
//! other process does that already, and has the new head countersigned.

use office::{Office, Round};
use register::witness::Witness;
use web::witness::client::HttpWitness;

use crate::commands::Run;
use crate::failure::{Exit, Failure, fault};
use crate::words::say;

/// The outside offices that this office names, as far as their addresses can be used.
pub fn witnesses(run: &Run, office: &Office) -> Result<Vec<HttpWitness>, Failure> {
    let roster = office.roster().map_err(|error| run.fault(&error))?;
    let usable =
        roster
            .witnesses()
            .filter_map(|named| match HttpWitness::new(&named.vkey, &named.url) {
                Ok(witness) => Some(witness),
                Err(error) => {
                    run.screen.say(
                        say("witness-unusable")
                            .text("name", &named.name)
                            .text("cause", error),
                    );
                    None
                }
            });
    Ok(usable.collect())
}

impl Run {
    /// Gives what is pending its place in the record. Says so if another process will, or why no head was signed.
    pub fn enter_waiting(&self, office: &Office) -> Result<Option<Round>, Failure> {
        let witnesses = witnesses(self, office)?;
        let asked: Vec<&dyn Witness> = witnesses
            .iter()
            .map(|witness| witness as &dyn Witness)
            .collect();
        let round = office.sequence_now(&asked).map_err(|error| {
            if error.is_fatal() {
                return self.fault(&error);
            }
            // What was accepted before stays accepted; only its place in the record waits.
            let mut waits = fault("fault-pending").because(error);
            waits.exit = Exit::Pending;
            waits
        })?;
        match &round {
            None => self.screen.say(say("record-elsewhere")),
            Some(round) => self.tell(round),
        }
        Ok(round)
    }

    fn tell(&self, round: &Round) {
        if let Some(why) = &round.unsigned {
            self.screen.say(say("record-unsigned").text("cause", why));
            return;
        }
        for (name, why) in &round.without {
            self.screen.say(
                say("record-not-countersigned")
                    .text("name", name)
                    .text("cause", why),
            );
        }
    }
}
