//! The languages of the interface, and which one a visitor gets: the one they chose, else the one their browser
//! prefers, else English.

use axum::http::{HeaderMap, header};

use crate::cookie;

/// A language that the interface speaks in full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// فارسی
    Persian,
    /// English
    English,
    /// العربية
    Arabic,
    /// Français
    French,
}

/// The cookie that remembers a visitor's choice. It says nothing about who they are.
pub const COOKIE: &str = "language";

impl Language {
    /// All of them, in the order in which the pages offer them.
    pub const ALL: [Self; 4] = [Self::Persian, Self::English, Self::Arabic, Self::French];

    /// Its BCP 47 tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Persian => "fa",
            Self::English => "en",
            Self::Arabic => "ar",
            Self::French => "fr",
        }
    }

    /// Its own name for itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Persian => "فارسی",
            Self::English => "English",
            Self::Arabic => "العربية",
            Self::French => "Français",
        }
    }

    /// The direction of its script, as HTML's `dir` wants it.
    #[must_use]
    pub fn direction(self) -> &'static str {
        match self {
            Self::Persian | Self::Arabic => "rtl",
            Self::English | Self::French => "ltr",
        }
    }

    /// The language of a tag such as `fa` or `fa-AF`.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split('-').next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// What a visitor with these request headers reads.
    #[must_use]
    pub fn of_request(headers: &HeaderMap) -> Self {
        let chosen = cookie::value(headers, COOKIE).and_then(Self::of_tag);
        chosen
            .or_else(|| preferred(headers))
            .unwrap_or(Self::English)
    }
}

/// The first language of `Accept-Language` by weight that we speak.
fn preferred(headers: &HeaderMap) -> Option<Language> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut offers: Vec<(u32, Language)> = accepted.split(',').take(20).filter_map(offer).collect();
    offers.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    offers.first().map(|(_, language)| *language)
}

/// `fa-IR;q=0.8` as its weight in thousandths and its language.
fn offer(text: &str) -> Option<(u32, Language)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, "q=1"));
    let weight: f32 = parameters.trim().strip_prefix("q=")?.parse().ok()?;
    let language = Language::of_tag(tag)?;
    (weight > 0.0).then_some(((weight.min(1.0) * 1000.0) as u32, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: header::HeaderName, value: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(name, header::HeaderValue::from_static(value));
        Language::of_request(&headers)
    }

    #[test]
    fn the_heaviest_language_that_we_speak_wins() {
        assert_eq!(
            asked(
                header::ACCEPT_LANGUAGE,
                "de, fr;q=0.4, fa-IR;q=0.8, en;q=0.5"
            ),
            Language::Persian
        );
        assert_eq!(asked(header::ACCEPT_LANGUAGE, "ar"), Language::Arabic);
        assert_eq!(
            asked(header::ACCEPT_LANGUAGE, "fa;q=0, fr"),
            Language::French
        );
    }

    #[test]
    fn what_makes_no_sense_is_english() {
        assert_eq!(
            asked(header::ACCEPT_LANGUAGE, "de;q=x,,;;"),
            Language::English
        );
        assert_eq!(Language::of_request(&HeaderMap::new()), Language::English);
    }

    #[test]
    fn a_choice_stands_over_the_browsers_wish() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_LANGUAGE,
            header::HeaderValue::from_static("fr"),
        );
        headers.insert(
            header::COOKIE,
            header::HeaderValue::from_static("a=b; language=fa"),
        );
        assert_eq!(Language::of_request(&headers), Language::Persian);
    }
}
