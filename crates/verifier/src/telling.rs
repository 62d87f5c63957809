//! The answer for people: what was found, who vouches for it, and what it does not show.

use record::hash::Hash;
use record::policy::Countersigned;
use record::verdict::{DoesNotHold, Malformed};
use record::{bundle, exhibit, proof::Extra};

use crate::checking::{Outcome, Unreadable};
use crate::json::moment;
use crate::words::Words;

/// The whole answer, ending with a newline.
pub fn text(outcome: &Outcome, words: &Words) -> String {
    let telling = Telling { words };
    let paragraphs = match outcome {
        Outcome::Bundle(report) => telling.bundle(report),
        Outcome::Proof(report) => telling.proof(report),
        Outcome::DoesNotHold(reason, detail) => telling.does_not_hold(*reason, detail),
        Outcome::Malformed(reason, detail) => telling.malformed(*reason, detail),
        Outcome::Unreadable(unreadable) => telling.unreadable(unreadable),
    };
    paragraphs.join("\n\n") + "\n"
}

/// The state of a record that was checked.
struct Head<'a> {
    office: &'a str,
    size: u64,
    root: &'a Hash,
    countersigned: &'a [Countersigned],
}

struct Telling<'a> {
    words: &'a Words,
}

impl Telling<'_> {
    fn bundle(&self, report: &bundle::Report) -> Vec<String> {
        let head = Head {
            office: report.office.as_str(),
            size: report.tree_size,
            root: &report.root,
            countersigned: &report.countersigned,
        };
        let exhibits: Vec<String> = report
            .exhibits
            .iter()
            .map(|one| self.exhibit(one, &head))
            .collect();
        let published = self.fill(
            self.words.published,
            &[
                ("title", &self.text(report.title.as_str())),
                ("day", &self.text(&report.day.to_string())),
                ("publication", &self.number(report.publication_index)),
                ("admission", &self.number(report.admission_index)),
            ],
        );
        let mut paragraphs = vec![self.words.holds.to_owned(), published, exhibits.join("\n")];
        paragraphs.extend(self.head(&head));
        paragraphs.push(self.not_shown());
        paragraphs
    }

    fn exhibit(&self, exhibit: &bundle::ExhibitReport, head: &Head) -> String {
        let path = self.text(exhibit.path.as_str());
        let named = format!("{}. {path}", self.number(exhibit.number));
        let unaltered = self.unaltered(&named, exhibit.index, head);
        format!(
            "{unaltered}\n{}",
            self.digest(exhibit.size, &exhibit.sha256)
        )
    }

    fn proof(&self, report: &exhibit::Report) -> Vec<String> {
        let head = Head {
            office: report.office.as_str(),
            size: report.tree_size,
            root: &report.root,
            countersigned: &report.countersigned,
        };
        let named = match report.extra {
            Extra::Private(_) => self.words.the_file,
            Extra::Public(_) => self.words.the_public_entry,
        };
        let unaltered = self.unaltered(named, report.index, &head);
        let digest = self.digest(report.size, &report.sha256);
        let mut paragraphs = vec![
            self.words.holds.to_owned(),
            format!("{unaltered}\n{digest}"),
        ];
        paragraphs.extend(self.head(&head));
        paragraphs.push(self.not_shown());
        paragraphs
    }

    fn unaltered(&self, named: &str, index: u64, head: &Head) -> String {
        self.fill(
            self.words.unaltered,
            &[
                ("file", named),
                ("index", &self.number(index)),
                ("office", &self.text(head.office)),
                ("size", &self.number(head.size)),
            ],
        )
    }

    fn digest(&self, size: u64, sha256: &Hash) -> String {
        let sha256 = self.text(&sha256.to_string());
        self.fill(
            self.words.digest,
            &[("bytes", &self.number(size)), ("sha256", &sha256)],
        )
    }

    /// Who vouches for the record, and for what.
    fn head(&self, head: &Head) -> Vec<String> {
        let office = self.text(head.office);
        let root = self.text(&head.root.to_base64());
        let size = self.number(head.size);
        let mut lines = vec![self.fill(
            self.words.signed,
            &[("office", &office), ("size", &size), ("root", &root)],
        )];
        lines.extend(head.countersigned.iter().map(|one| self.countersigned(one)));
        let meaning = match head.countersigned.iter().min_by_key(|one| one.unix_seconds) {
            None => self.words.nobody.to_owned(),
            Some(first) => self.fill(
                self.words.countersigning_means,
                &[
                    ("name", &self.text(&first.name.to_string())),
                    ("time", &self.text(&moment(first.unix_seconds))),
                ],
            ),
        };
        vec![lines.join("\n"), meaning]
    }

    fn countersigned(&self, one: &Countersigned) -> String {
        self.fill(
            self.words.countersigned,
            &[
                ("name", &self.text(&one.name.to_string())),
                ("key", &self.text(one.key_name.as_str())),
                ("time", &self.text(&moment(one.unix_seconds))),
            ],
        )
    }

    fn not_shown(&self) -> String {
        let lines: Vec<String> = self
            .words
            .not_shown
            .iter()
            .map(|line| format!("- {line}"))
            .collect();
        format!("{}\n{}", self.words.not_shown_title, lines.join("\n"))
    }

    fn does_not_hold(&self, reason: DoesNotHold, detail: &str) -> Vec<String> {
        let reason = (self.words.does_not_hold_reason)(reason);
        self.refused(
            self.words.does_not_hold,
            reason,
            detail,
            self.words.does_not_hold_advice,
        )
    }

    fn malformed(&self, reason: Malformed, detail: &str) -> Vec<String> {
        let advice = match reason {
            Malformed::Policy => self.words.policy_advice,
            _ => self.words.malformed_advice,
        };
        self.refused(
            self.words.malformed,
            (self.words.malformed_reason)(reason),
            detail,
            advice,
        )
    }

    fn unreadable(&self, unreadable: &Unreadable) -> Vec<String> {
        let detail = format!("{}: {}", unreadable.path.display(), unreadable.cause);
        vec![format!("{} {}", self.words.unreadable, self.text(&detail))]
    }

    fn refused(&self, title: &str, reason: &str, detail: &str, advice: &str) -> Vec<String> {
        let mut paragraphs = vec![format!("{title} {reason}"), advice.to_owned()];
        if !detail.is_empty() {
            paragraphs.insert(1, format!("({})", self.text(detail)));
        }
        paragraphs
    }

    /// The template with each `{name}` replaced by its value; a value is never looked into again.
    fn fill(&self, template: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            let value = values.iter().find(|(one, _)| *one == name);
            filled.push_str(before);
            filled.push_str(value.map_or("", |(_, value)| value));
            rest = behind;
        }
        filled + rest
    }

    fn number(&self, number: u64) -> String {
        self.words.numerals.write(number)
    }

    /// Text from outside: what could move or hide other text is replaced, and where lines run from right to left the text
    /// is kept apart from its surroundings.
    fn text(&self, text: &str) -> String {
        let shown: String = text
            .chars()
            .map(|one| if is_hidden(one) { '\u{fffd}' } else { one })
            .collect();
        match self.words.is_right_to_left {
            true => format!("\u{2068}{shown}\u{2069}"),
            false => shown,
        }
    }
}

/// A control character, a line or paragraph separator, or one that changes the direction of others.
fn is_hidden(character: char) -> bool {
    let moves = matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    moves || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Language;

    #[test]
    fn a_value_is_not_taken_for_a_template() {
        let telling = Telling {
            words: Language::English.words(),
        };
        let filled = telling.fill("a {x} b {y} c", &[("x", "{y}"), ("y", "2")]);
        assert_eq!(filled, "a {y} b 2 c");
    }

    #[test]
    fn text_from_outside_stays_in_its_place() {
        let english = Telling {
            words: Language::English.words(),
        };
        assert_eq!(
            english.text("a\u{202e}b\nc\u{1b}[2J"),
            "a\u{fffd}b\u{fffd}c\u{fffd}[2J"
        );
        let persian = Telling {
            words: Language::Persian.words(),
        };
        assert_eq!(persian.text("a\u{2069}b"), "\u{2068}a\u{fffd}b\u{2069}");
    }
}
