//! What the pages say, in each language: Fluent messages, looked up by key.
//!
//! Numbers come out in the digits of the language. Whatever is put into a message is isolated (U+2068, U+2069), so that
//! a Latin name in a Persian sentence leaves the sentence in order. The tests hold that every key exists in every
//! language, that every key a page uses exists, and that every key is used.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use crate::language::Language;
use crate::number::{self, Count};

type Bundle = fluent_bundle::concurrent::FluentBundle<FluentResource>;

macro_rules! sources {
    ($language:literal) => {
        &[
            include_str!(concat!("../locales/", $language, "/shell.ftl")),
            include_str!(concat!("../locales/", $language, "/people.ftl")),
            include_str!(concat!("../locales/", $language, "/items.ftl")),
            include_str!(concat!("../locales/", $language, "/desk.ftl")),
            include_str!(concat!("../locales/", $language, "/leaving.ftl")),
            include_str!(concat!("../locales/", $language, "/record.ftl")),
            include_str!(concat!("../locales/", $language, "/verify.ftl")),
            include_str!(concat!("../locales/", $language, "/limits.ftl")),
        ]
    };
}

fn sources(language: Language) -> &'static [&'static str] {
    match language {
        Language::Persian => sources!("fa"),
        Language::English => sources!("en"),
        Language::Arabic => sources!("ar"),
        Language::French => sources!("fr"),
    }
}

static BUNDLES: LazyLock<[Bundle; 4]> = LazyLock::new(|| Language::ALL.map(bundle));

fn bundle(language: Language) -> Bundle {
    let identifier = language.tag().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    bundle.set_formatter(Some(match language {
        Language::Persian => |value, _| in_digits(value, Language::Persian),
        Language::English => |value, _| in_digits(value, Language::English),
        Language::Arabic => |value, _| in_digits(value, Language::Arabic),
        Language::French => |value, _| in_digits(value, Language::French),
    }));
    for source in sources(language) {
        // A message that does not parse is left out; the tests find it.
        let resource =
            FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn in_digits(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(number::whole(number.value as u64, language)),
        _ => None,
    }
}

/// The words of one language.
#[derive(Clone, Copy, Debug)]
pub struct Words(pub Language);

impl Words {
    /// A message without variables.
    #[must_use]
    pub fn say(self, key: &str) -> String {
        self.of(key).to_string()
    }

    /// A message with variables, which are named next: `words.of("mark-entered").n("number", 7)`.
    #[must_use]
    pub fn of(self, key: &str) -> Saying<'_> {
        Saying {
            language: self.0,
            key,
            variables: FluentArgs::new(),
        }
    }

    /// The keys that begin so, in no order.
    pub fn keys(self, beginning: &'static str) -> impl Iterator<Item = &'static str> {
        let lines = sources(self.0).iter().flat_map(|source| source.lines());
        lines
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
            .filter(move |key| key.starts_with(beginning) && !key.contains(' '))
    }

    fn format(language: Language, key: &str, variables: &FluentArgs<'_>) -> Option<String> {
        let bundle = &BUNDLES[Language::ALL.iter().position(|one| *one == language)?];
        let pattern = bundle.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(variables), &mut faults)
            .into_owned();
        faults.is_empty().then_some(text)
    }
}

/// A message whose variables are being filled in.
#[derive(Debug)]
pub struct Saying<'a> {
    language: Language,
    key: &'a str,
    variables: FluentArgs<'a>,
}

impl<'a> Saying<'a> {
    /// A whole number, which also chooses among plural forms.
    #[must_use]
    pub fn n(mut self, name: &'a str, number: impl Count) -> Self {
        self.variables
            .set(name, FluentValue::from(number.count() as f64));
        self
    }

    /// A text: a name, a date, an id.
    #[must_use]
    pub fn text(mut self, name: &'a str, text: impl fmt::Display) -> Self {
        self.variables
            .set(name, FluentValue::from(text.to_string()));
        self
    }
}

impl fmt::Display for Saying<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Words::format(self.language, self.key, &self.variables) {
            Some(text) => formatter.write_str(&text),
            None => write!(formatter, "[{}]", self.key),
        }
    }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
