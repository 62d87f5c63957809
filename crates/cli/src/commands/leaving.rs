//! What leaves a circle: `mahzar share` and `mahzar export`. Both show first what goes and what is withheld, and why.

use std::collections::BTreeMap;

use clap::Args;
use desk::consent::{Asked, Class, Level, Purpose, Reason, RecipientName};
use office::{Judged, Office, Verdict, Withheld};
use serde_json::{Value, json};

use crate::commands::Run;
use crate::failure::{Failure, malformed};
use crate::words::say;

pub mod bag;
pub mod export;
pub mod share;

/// What for, to whom, and in how much detail.
#[derive(Debug, Args)]
pub struct Leaving {
    /// What for: case_building, un_body, national_court, international_court, media …
    #[arg(long, value_name = "PURPOSE")]
    purpose: String,

    /// In how much detail: full or pseudonymous
    #[arg(long, value_name = "LEVEL", default_value = "pseudonymous")]
    level: String,

    /// Show the plan, enter nothing and hand nothing over
    #[arg(long)]
    plan: bool,
}

/// The parts of a request, from which [`Asked`] is made.
pub struct Request {
    purpose: Purpose,
    class: Class,
    name: Option<RecipientName>,
    level: Level,
    day: i32,
}

impl Request {
    /// Reads what was asked for; the day is today's.
    pub fn read(
        office: &Office,
        leaving: &Leaving,
        class: &str,
        name: Option<&str>,
    ) -> Result<Request, Failure> {
        let unknown = |what: &str| malformed("fault-leaving-word").text("word", what);
        Ok(Request {
            purpose: Purpose::find(&leaving.purpose).ok_or_else(|| unknown(&leaving.purpose))?,
            class: Class::find(class).ok_or_else(|| unknown(class))?,
            name: match name {
                None => None,
                Some(name) => Some(RecipientName::new(name).ok_or_else(|| unknown(name))?),
            },
            level: Level::find(&leaving.level).ok_or_else(|| unknown(&leaving.level))?,
            day: office.setting().today(),
        })
    }

    /// The question that the one function decides.
    pub fn asked(&self) -> Asked<'_> {
        Asked {
            purpose: self.purpose,
            class: self.class,
            name: self.name.as_ref(),
            level: self.level,
            day: self.day,
        }
    }
}

/// Shows what of a plan goes and what is withheld, with every reason.
pub fn tell_plan(run: &Run, judged: &[Judged]) {
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    let mut withheld = 0;
    for one in judged {
        if let Verdict::Withheld(why) = &one.verdict {
            withheld += 1;
            for reason in why {
                *reasons.entry(reason_text(reason)).or_default() += 1;
            }
        }
        run.screen.answer(&judged_json(one));
    }
    let goes = judged.len() - withheld;
    run.screen.say(
        say("leaving-plan")
            .n("all", judged.len())
            .n("goes", goes)
            .n("withheld", withheld),
    );
    for (reason, count) in reasons {
        run.screen.say(
            say("leaving-reason")
                .n("count", count)
                .text("reason", reason),
        );
    }
}

/// One judged entity for machines.
pub fn judged_json(judged: &Judged) -> Value {
    match &judged.verdict {
        Verdict::Goes(grounds) => {
            json!({ "entity": judged.entity.to_string(), "goes": true, "grounds": grounds })
        }
        Verdict::Withheld(why) => json!({
            "entity": judged.entity.to_string(), "goes": false,
            "reasons": why.iter().map(reason_text).collect::<Vec<_>>(),
        }),
    }
}

/// A reason in words.
pub fn reason_text(reason: &Withheld) -> String {
    match reason {
        Withheld::Stays => "things of this type never leave their circle".to_owned(),
        Withheld::RestsOnNothing => {
            "it rests on nothing, so there is nothing to judge by".to_owned()
        }
        Withheld::NotDescribed => {
            "nobody described it, so it states no basis on which it is held".to_owned()
        }
        Withheld::Gone => {
            "something that it was made from or rests on is no longer there".to_owned()
        }
        Withheld::TooMany => "it rests on more than can be followed".to_owned(),
        Withheld::OnlyCounts => {
            "single things are not given out where only counts may be".to_owned()
        }
        Withheld::Consent(reason) => consent_reason(reason),
    }
}

fn consent_reason(reason: &Reason) -> String {
    match reason {
        Reason::NoBasis => "it states no basis on which it is held".to_owned(),
        Reason::IdentifiesUnknown => "nobody said whether it identifies a source".to_owned(),
        Reason::IdentifiesToCircle => {
            "it identifies a source: give a checked derivative".to_owned()
        }
        Reason::IdentifiesUnderCode => {
            "it identifies a source, which codes do not hide: give a checked derivative".to_owned()
        }
        Reason::IdentifiesUnnamed => {
            "it identifies a source, and no consent names this recipient".to_owned()
        }
        Reason::NoConsent(_) => "no consent covers it".to_owned(),
        Reason::NotAllowed { consent } => {
            format!("consent {consent} does not allow this purpose and recipient")
        }
        Reason::LevelTooHigh { consent, most } => {
            format!("consent {consent} allows at most: {}", most.code())
        }
        Reason::Refused { consent } => format!("consent {consent} refuses it"),
        Reason::RecipientUnnamed { consent } => {
            format!("consent {consent} excludes somebody by name: say who receives it (--name)")
        }
        Reason::Withdrawn { consent } => format!("consent {consent} was withdrawn"),
        Reason::NotYetGiven { consent } => format!("consent {consent} says no day, or a later one"),
        Reason::ReviewOverdue { consent } => {
            format!("consent {consent} should have been asked for again")
        }
        Reason::NoCapacity { consent } => {
            format!("consent {consent}: nobody stated that the person could decide")
        }
        Reason::PersonDisagrees { consent } => {
            format!("consent {consent}: the person does not agree, or nobody said so")
        }
        Reason::GuardianDisagrees { consent } => {
            format!("consent {consent}: the guardian does not agree, or nobody said so")
        }
        Reason::Unreadable { consent } => format!("part of consent {consent} cannot be read"),
        Reason::NotMasked { consent, what } => {
            format!("consent {consent} wants this left out: {what}")
        }
        Reason::Strangers => "other people can be recognised, or nobody looked".to_owned(),
        Reason::RiskUndecided => {
            "held without consent, and no two members decided about the risk".to_owned()
        }
        Reason::RiskOneMember { .. } => {
            "held without consent, and only one member decided about the risk".to_owned()
        }
        Reason::RiskAgainst { .. } => "a member decided against it".to_owned(),
        Reason::RiskLapsed { .. } => "the risk decision no longer holds".to_owned(),
    }
}
