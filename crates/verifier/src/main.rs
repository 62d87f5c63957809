//! `mahzar-verify`: checks a bundle, or one file and its proof, against a policy, or the archive of a secret ballot,
//! without a network.
//!
//! The checking itself is `record`'s; this program reads files, and says in words that cannot be twisted what was found
//! and what that does not show. Specification: `docs/spec/bundle.md`, sections 4 and 5.

mod arguments;
mod checking;
mod election;
mod json;
mod progress;
mod telling;
mod words;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Arguments, Request, USAGE};
use checking::Outcome;

fn main() -> ExitCode {
    match Request::parse(std::env::args_os().skip(1)) {
        Ok(Request::Check(arguments)) => check(&arguments),
        Ok(Request::Election {
            subject,
            language,
            json,
        }) => {
            let (text, code) = election::answer(&subject, language, json);
            say(&text, ExitCode::from(code))
        }
        Ok(Request::Help) => say(USAGE, ExitCode::SUCCESS),
        Ok(Request::Version) => say(
            concat!("mahzar-verify ", env!("CARGO_PKG_VERSION"), "\n"),
            ExitCode::SUCCESS,
        ),
        Err(error) => {
            // Nothing is left to tell if standard error is gone too; the exit code says it.
            let _ = writeln!(io::stderr(), "mahzar-verify: {error}\n\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn check(arguments: &Arguments) -> ExitCode {
    let outcome = checking::check(arguments);
    let text = match arguments.json {
        true => json::text(&outcome),
        false => telling::text(&outcome, arguments.language.words()),
    };
    say(&text, ExitCode::from(exit_code(&outcome)))
}

/// 0: it holds. 1: it does not hold. 2: it is malformed, or cannot be read.
fn exit_code(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Bundle(_) | Outcome::Proof(_) => 0,
        Outcome::DoesNotHold(..) => 1,
        Outcome::Malformed(..) | Outcome::Unreadable(_) => 2,
    }
}

/// Whoever reads the exit code learns the result even if what reads the words has gone away.
fn say(text: &str, code: ExitCode) -> ExitCode {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    code
}
