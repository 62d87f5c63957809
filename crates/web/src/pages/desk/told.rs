//! One value as a reader sees it: a term in their language, a date in two calendars, a title in place of an id.

use std::collections::BTreeMap;

use askama::Template;
use askama::filters::HtmlSafe;
use desk::EntityLine;
use desk::consent::{Audience, Grant};
use desk::model::{Field, MODEL, Shape, written_date};
use desk::name::visible;
use record::ids::CircleId;

use crate::calendar::Moment;
use crate::number;
use crate::words::Words;

/// How many letters of a long text a table shows.
const SHORT_LETTERS: usize = 240;

/// A value, told.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/told.html")]
pub struct Told {
    kind: Kind,
}

impl HtmlSafe for Told {}

#[derive(Clone, Debug)]
enum Kind {
    /// One line that somebody typed.
    Line(String),
    /// Several lines that somebody typed.
    Lines(String),
    /// Words of the office's own.
    Own(String),
    /// A number, a place: read from left to right.
    Code(String),
    /// Something else of the circle.
    Link(String, String, Option<String>),
    /// A day, or the first and the last that it can be; how it was written, where that says more.
    Date(Moment, Option<Moment>, Option<String>),
}

/// What ids stand for: the titles of a circle's entities and the names of its items.
#[derive(Clone, Debug, Default)]
pub struct Titles {
    circle: String,
    entities: BTreeMap<String, (String, &'static str)>,
    items: BTreeMap<String, String>,
}

impl Titles {
    /// Those of a circle.
    #[must_use]
    pub fn of(circle: CircleId, lines: &[EntityLine], words: Words) -> Titles {
        let titled = |line: &EntityLine| {
            let type_label = MODEL
                .find(&line.type_name)
                .map_or("", |one| one.label.in_language(words.0.tag()));
            (line.entity.to_string(), (title(line, words), type_label))
        };
        Titles {
            circle: circle.to_string(),
            entities: lines.iter().map(titled).collect(),
            items: BTreeMap::new(),
        }
    }

    /// The same with the titles of a circle's entities.
    #[must_use]
    pub fn and_entities(mut self, circle: CircleId, lines: &[EntityLine], words: Words) -> Titles {
        let more = Titles::of(circle, lines, words);
        self.circle = more.circle;
        self.entities.extend(more.entities);
        self
    }

    /// The same with the names of items, by id.
    #[must_use]
    pub fn with_items(mut self, items: impl IntoIterator<Item = (String, String)>) -> Titles {
        self.items.extend(items);
        self
    }

    /// The title behind an id.
    #[must_use]
    pub fn title(&self, id: &str) -> Option<&str> {
        let entity = self.entities.get(id).map(|(title, _)| title);
        entity.or_else(|| self.items.get(id)).map(String::as_str)
    }

    fn link(&self, id: &str, many_types: bool) -> Kind {
        match (self.entities.get(id), self.items.get(id)) {
            (Some((title, type_label)), _) => Kind::Link(
                format!("/desk/{}/{id}", self.circle),
                title.clone(),
                many_types.then(|| (*type_label).to_owned()),
            ),
            (None, Some(name)) => {
                Kind::Link(format!("/items/{}/{id}", self.circle), name.clone(), None)
            }
            (None, None) => Kind::Code(id.to_owned()),
        }
    }
}

impl Told {
    /// A value of a field. A term is told in the wording that it was coded with, where that version is known.
    #[must_use]
    pub fn of(
        field: &Field,
        value: &str,
        version: Option<u32>,
        titles: &Titles,
        words: Words,
    ) -> Told {
        let kind = match &field.shape {
            Shape::Text => Kind::Line(visible(value)),
            Shape::Narrative => Kind::Lines(seen_lines(value)),
            Shape::Date => dated(value, words),
            Shape::Term(vocabulary) => Kind::Own(term(vocabulary, value, version, words)),
            Shape::Reference(types) => titles.link(value, types.len() > 1),
            Shape::Item => titles.link(value, false),
            Shape::Count => Kind::Code(count(value, words)),
            Shape::Point => Kind::Code(value.to_owned()),
            Shape::Grant => Kind::Own(granted(value, words)),
        };
        Told { kind }
    }

    /// The same, shortened for a table.
    #[must_use]
    pub fn short(mut self) -> Told {
        if let Kind::Lines(text) | Kind::Line(text) = &self.kind {
            self.kind = Kind::Line(shortened(text));
        }
        self
    }

    /// In a few words of plain text, for a line of a list.
    #[must_use]
    pub fn brief(&self) -> String {
        match &self.kind {
            Kind::Line(text) | Kind::Lines(text) => shortened(text),
            Kind::Own(text) | Kind::Code(text) | Kind::Link(_, text, _) => text.clone(),
            Kind::Date(_, _, Some(written)) => written.clone(),
            Kind::Date(first, _, None) => first.own_calendar().to_owned(),
        }
    }

    /// A text that somebody typed.
    #[must_use]
    pub fn line(text: &str) -> Told {
        Told {
            kind: Kind::Line(visible(text)),
        }
    }
}

fn shortened(text: &str) -> String {
    let one_line = text.replace('\n', " ");
    match one_line.char_indices().nth(SHORT_LETTERS) {
        Some((end, _)) => format!("{}…", &one_line[..end]),
        None => one_line,
    }
}

/// Line by line, so that line ends stay and nothing else that cannot be seen.
fn seen_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| visible(&line.replace('\t', " ")))
        .collect();
    lines.join("\n")
}

fn count(value: &str, words: Words) -> String {
    value
        .parse()
        .map_or_else(|_| value.to_owned(), |count| number::whole(count, words.0))
}

/// A term in the reader's language; a code that the vocabulary does not have is told as it is.
#[must_use]
pub fn term(vocabulary: &str, code: &str, version: Option<u32>, words: Words) -> String {
    let known = MODEL.vocabulary(vocabulary).and_then(|vocabulary| {
        let then = version.and_then(|version| vocabulary.term_at(code, version));
        then.or_else(|| vocabulary.term(code))
    });
    known.map_or_else(
        || visible(code),
        |term| term.label.in_language(words.0.tag()).to_owned(),
    )
}

fn dated(value: &str, words: Words) -> Kind {
    let Ok((written, span)) = written_date(value) else {
        return Kind::Line(visible(value));
    };
    let first = Moment::of_day(span.first, words);
    let last = (span.last > span.first).then(|| Moment::of_day(span.last, words));
    let about = written.contains(['~', '?', '%']);
    // A day that was written as one is told by its two calendars; anything else also says how it was written.
    let is_plain = last.is_none() && !about;
    let written = (!is_plain).then(|| number::digits(&written, words.0));
    Kind::Date(first, last, written)
}

/// What an entity is called, as a reader may safely see it; the name of its type where nothing names it.
#[must_use]
pub fn title(line: &EntityLine, words: Words) -> String {
    let tag = words.0.tag();
    let title = visible(&line.title_in(tag));
    if !title.trim().is_empty() {
        return title;
    }
    let kind = MODEL.find(&line.type_name);
    let kind = kind.map_or_else(
        || visible(&line.type_name),
        |kind| kind.label.in_language(tag).to_owned(),
    );
    words.of("desk-untitled").text("what", kind).to_string()
}

/// A row of a consent in words; one that cannot be read is told as it is.
fn granted(value: &str, words: Words) -> String {
    let Ok(row) = value.parse::<Grant>() else {
        return visible(value);
    };
    let (verdict, purpose, to, level) = match &row {
        Grant::Allow { purpose, to, level } => ("desk-grant-allow", Some(*purpose), to, level),
        Grant::Refuse { purpose, to, level } => ("desk-grant-refuse", *purpose, to, level),
    };
    let purpose = purpose.map_or_else(
        || words.say("desk-grant-every-purpose"),
        |purpose| term("purpose", purpose.code(), None, words),
    );
    let to = match to {
        Audience::Any => words.say("desk-grant-anybody"),
        Audience::Class(class) => term("recipient", class.code(), None, words),
        Audience::Named(name) => visible(name.as_str()),
    };
    let level = term("level", level.code(), None, words);
    [words.say(verdict), purpose, to, level].join(" · ")
}
