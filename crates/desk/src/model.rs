//! The model: which types of entity the desk knows, which fields they have, and what may stand in them.
//!
//! It is data, not code: `model/types.tsv`, `model/fields.tsv` and `model/terms.tsv` (docs/spec/desk.md). Forms, pages, search,
//! import, export and the rules that refuse a wrong value all read the same rows, so a field that is added there is
//! everywhere. The types are those of the Events Standard Formats of HURIDOCS and of the Berkeley Protocol, under our words.

use std::sync::LazyLock;

mod shape;
mod table;
mod terms;

pub use shape::{Shape, ShapeError, point, written_date};
pub use terms::{Term, Vocabulary};

/// The model that this version of the program ships with.
pub static MODEL: LazyLock<Model> = LazyLock::new(table::shipped);

/// A word in the four languages of the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// English.
    pub en: &'static str,
    /// Persian.
    pub fa: &'static str,
    /// Arabic.
    pub ar: &'static str,
    /// French.
    pub fr: &'static str,
}

impl Label {
    /// The word in a language, by its tag (`fa`); English for a language that has none.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> &'static str {
        match tag {
            "fa" => self.fa,
            "ar" => self.ar,
            "fr" => self.fr,
            _ => self.en,
        }
    }
}

impl Label {
    /// The word in every language.
    #[must_use]
    pub fn all(&self) -> [&'static str; 4] {
        [self.en, self.fa, self.ar, self.fr]
    }
}

/// All types and vocabularies.
#[derive(Debug)]
pub struct Model {
    types: Vec<Type>,
    vocabularies: Vec<Vocabulary>,
}

/// A type of entity: a person, an act, an account.
#[derive(Debug)]
pub struct Type {
    /// Its name in entries and on the command line, such as `person`.
    pub name: &'static str,
    /// What one is called.
    pub label: Label,
    /// What several are called.
    pub many: Label,
    /// Its fields, in the order of a form.
    pub fields: Vec<Field>,
}

/// One field of a type.
#[derive(Debug)]
pub struct Field {
    /// Its name in entries, such as `born`.
    pub name: &'static str,
    /// What it is called.
    pub label: Label,
    /// What may stand in it.
    pub shape: Shape,
    /// Whether it may hold several values.
    pub many: bool,
    /// Whether nothing can be entered without it.
    pub required: bool,
    /// Whether its first value names the entity in lists.
    pub title: bool,
    /// Whether it holds names of persons, which are found by how they sound.
    pub name_of_person: bool,
    /// Whether it can tell who a source is, so that it never leaves its circle unless somebody names it.
    pub closed: bool,
}

impl Model {
    /// The types, in the order of a menu.
    #[must_use]
    pub fn types(&self) -> &[Type] {
        &self.types
    }

    /// The type of a name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Type> {
        self.types.iter().find(|one| one.name == name)
    }

    /// The version of the vocabularies: that of the newest term.
    #[must_use]
    pub fn version(&self) -> u32 {
        let versions = self.vocabularies.iter().map(Vocabulary::version);
        versions.max().unwrap_or(1)
    }

    /// The vocabularies.
    #[must_use]
    pub fn vocabularies(&self) -> &[Vocabulary] {
        &self.vocabularies
    }

    /// The vocabulary of a name.
    #[must_use]
    pub fn vocabulary(&self, name: &str) -> Option<&Vocabulary> {
        self.vocabularies.iter().find(|one| one.name == name)
    }
}

impl Type {
    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|one| one.name == name)
    }

    /// The fields whose first value names the entity.
    pub fn titles(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.title)
    }
}
