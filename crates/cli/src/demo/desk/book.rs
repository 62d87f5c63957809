//! What will be stated, in an order in which everything points to what was stated before it.

use std::collections::BTreeMap;

use desk::ids::EntityId;
use desk::model::MODEL;
use office::Draft;

use super::speech::Tongue;

/// Who states something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The one who takes material in.
    Documenter,
    /// The one who looks after the circles.
    Clerk,
}

/// Drafts with their speakers.
pub struct Book<'a> {
    next_id: &'a dyn Fn() -> EntityId,
    /// What is stated, first things first.
    pub drafts: Vec<(Speaker, Draft)>,
    speaker: Speaker,
}

impl<'a> Book<'a> {
    /// An empty book; `next_id` gives ids to what is put into it.
    pub fn new(next_id: &'a dyn Fn() -> EntityId) -> Book<'a> {
        Book {
            next_id,
            drafts: Vec::new(),
            speaker: Speaker::Documenter,
        }
    }

    /// Who states what is put in from now on.
    pub fn spoken_by(&mut self, speaker: Speaker) {
        self.speaker = speaker;
    }

    /// Puts an entity in, with the note that it is invented; gives its id as values have it. Empty values are left out.
    pub fn put(&mut self, tongue: Tongue, type_name: &str, values: &[(&str, &str)]) -> String {
        let mut set: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (field, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            set.entry((*field).to_owned())
                .or_default()
                .push((*value).to_owned());
        }
        if MODEL
            .find(type_name)
            .is_some_and(|model| model.field("note").is_some())
        {
            let note = vec![tongue.words().note.to_owned()];
            set.insert("note".to_owned(), note);
        }
        let entity = (self.next_id)();
        let draft = Draft {
            entity: Some(entity),
            type_name: type_name.to_owned(),
            set,
            ..Draft::default()
        };
        self.drafts.push((self.speaker, draft));
        entity.to_string()
    }
}

/// A title that says of itself that it is invented.
pub fn marked(tongue: Tongue, title: &str) -> String {
    format!("{title} ({})", tongue.words().invented)
}
