//! Where a verb's words go: for people by default, one JSON value a line with `--json`, a moving bar only on a terminal.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use crate::failure::Failure;
use crate::words::{Language, Saying};

/// How often a bar moves: often enough to look alive.
const TICK: Duration = Duration::from_millis(120);

/// The output of this run.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    json: bool,
    language: Language,
}

impl Screen {
    /// Output as asked for on the command line.
    pub fn new(json: bool, language: Language) -> Screen {
        Screen { json, language }
    }

    /// The language of the words.
    pub fn language(self) -> Language {
        self.language
    }

    /// Says a line to a person.
    pub fn say(self, saying: Saying) {
        self.line(saying.in_language(self.language));
    }

    /// Writes a line for a person: to stdout, or to stderr where stdout belongs to a machine.
    pub fn line(self, line: impl AsRef<str>) {
        let line = line.as_ref();
        // A reader that has gone away (`mahzar list | head`) is no fault of the verb.
        let _gone = if self.json {
            writeln!(std::io::stderr(), "{line}")
        } else {
            writeln!(std::io::stdout(), "{line}")
        };
    }

    /// Gives a machine its answer; people do not see it.
    pub fn answer(self, value: &Value) {
        if self.json {
            let _gone = writeln!(std::io::stdout(), "{value}");
        }
    }

    /// Reports why a verb ended early.
    pub fn fail(self, failure: &Failure) {
        let _gone = writeln!(
            std::io::stderr(),
            "mahzar: {}",
            failure.in_language(self.language)
        );
        self.answer(&failure.to_json(self.language));
    }

    /// A bar over `bytes`, visible on a terminal only.
    pub fn bytes_bar(self, bytes: u64) -> ProgressBar {
        self.bar(
            bytes,
            "{bar:30} {bytes} / {total_bytes}  {bytes_per_sec}  {msg}",
        )
    }

    /// A bar over so many things, visible on a terminal only.
    pub fn count_bar(self, count: u64, saying: Saying) -> ProgressBar {
        let bar = self.bar(count, "{bar:30} {human_pos} / {human_len}  {eta}  {msg}");
        bar.set_message(saying.in_language(self.language));
        bar
    }

    /// A sign that something goes on, visible on a terminal only.
    pub fn spinner(self, saying: Saying) -> ProgressBar {
        let bar = self.bar(0, "{spinner} {msg}");
        bar.set_message(saying.in_language(self.language));
        bar
    }

    /// A bar over steps whose number is not known yet, visible on a terminal only.
    pub fn steps_bar(self, saying: Saying) -> ProgressBar {
        let bar = self.bar(0, "{bar:30} {percent} %  {msg}");
        bar.set_message(saying.in_language(self.language));
        bar
    }

    fn bar(self, length: u64, template: &str) -> ProgressBar {
        if !std::io::stderr().is_terminal() {
            return ProgressBar::hidden();
        }
        let bar = ProgressBar::new(length);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        bar
    }

    /// Asks a person to agree; nobody at the terminal means no.
    pub fn agreed(self, question: Saying) -> bool {
        if !std::io::stdin().is_terminal() {
            return false;
        }
        eprint!("{} ", question.in_language(self.language));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer).is_ok();
        read && matches!(
            answer.trim().to_lowercase().as_str(),
            "y" | "yes" | "بله" | "آری" | "نعم" | "o" | "oui"
        )
    }
}

/// A size for people: binary units, one decimal.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut amount = bytes as f64;
    let mut unit = 0;
    while amount >= 1024.0 && unit + 1 < UNITS.len() {
        amount /= 1024.0;
        unit += 1;
    }
    if unit == 0 {
        format!("{bytes} B")
    } else {
        format!("{amount:.1} {}", UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(1023), "1023 B");
        assert_eq!(size(1536), "1.5 KiB");
        assert_eq!(size(1 << 30), "1.0 GiB");
        assert_eq!(size(u64::MAX), "16777216.0 TiB");
    }
}
