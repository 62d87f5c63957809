//! What the program says, in each language: Fluent messages by key. A fault is a message (what failed) with the attribute
//! `.do` (what to do about it).

use std::fmt;
use std::sync::LazyLock;

use clap::ValueEnum;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

/// A language of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// English
    #[default]
    En,
    /// فارسی
    Fa,
    /// العربية
    Ar,
    /// Français
    Fr,
}

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 4]> =
    LazyLock::new(|| [Language::En, Language::Fa, Language::Ar, Language::Fr].map(bundle));

fn bundle(language: Language) -> Bundle {
    let (tag, source) = match language {
        Language::En => ("en", include_str!("../locales/en.ftl")),
        Language::Fa => ("fa", include_str!("../locales/fa.ftl")),
        Language::Ar => ("ar", include_str!("../locales/ar.ftl")),
        Language::Fr => ("fr", include_str!("../locales/fr.ftl")),
    };
    let mut bundle = Bundle::new_concurrent(vec![tag.parse().unwrap_or_default()]);
    // A copied id must hold nothing invisible; in lines that run from right to left it has to be isolated to stay in order.
    bundle.set_use_isolating(matches!(language, Language::Fa | Language::Ar));
    // A message that does not parse is left out; the tests find it.
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
}

/// A message with what goes into it.
#[derive(Clone, Debug)]
pub struct Saying {
    key: &'static str,
    put: Vec<(&'static str, Put)>,
}

#[derive(Clone, Debug)]
enum Put {
    Text(String),
    Number(u64),
}

/// Begins a message: `say(KEY).n("count", 3)`.
pub fn say(key: &'static str) -> Saying {
    Saying {
        key,
        put: Vec::new(),
    }
}

impl Saying {
    /// Puts a text in: a name, an id, a path.
    pub fn text(mut self, name: &'static str, text: impl fmt::Display) -> Saying {
        self.put.push((name, Put::Text(text.to_string())));
        self
    }

    /// Puts a whole number in, which also chooses among plural forms.
    pub fn n(mut self, name: &'static str, number: impl TryInto<u64>) -> Saying {
        self.put
            .push((name, Put::Number(number.try_into().unwrap_or(u64::MAX))));
        self
    }

    /// The key of the message, for machines.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// The message in a language; in English where that language lacks it.
    pub fn in_language(&self, language: Language) -> String {
        self.part(language, None)
            .unwrap_or_else(|| format!("[{}]", self.key))
    }

    /// What to do about a fault.
    pub fn remedy(&self, language: Language) -> Option<String> {
        self.part(language, Some("do"))
    }

    fn part(&self, language: Language, attribute: Option<&str>) -> Option<String> {
        self.format(language, attribute)
            .or_else(|| self.format(Language::En, attribute))
    }

    fn format(&self, language: Language, attribute: Option<&str>) -> Option<String> {
        let bundle = &BUNDLES[language as usize];
        let message = bundle.get_message(self.key)?;
        let pattern = match attribute {
            None => message.value()?,
            Some(name) => message.get_attribute(name)?.value(),
        };
        let mut arguments = FluentArgs::new();
        for (name, put) in &self.put {
            arguments.set(*name, value(put));
        }
        let mut faults = Vec::new();
        let text = bundle
            .format_pattern(pattern, Some(&arguments), &mut faults)
            .into_owned();
        faults.is_empty().then_some(text)
    }
}

fn value(put: &Put) -> FluentValue<'_> {
    match put {
        Put::Text(text) => FluentValue::from(text.as_str()),
        Put::Number(number) => FluentValue::from(*number as f64),
    }
}

#[cfg(test)]
mod tests;
