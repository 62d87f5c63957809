//! The configuration of a linkage.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use count::block::Rule;
use count::date::Calendar;
use count::field::{Field, Role};
use count::linkage::Settings;
use count::model::Model;
use serde::Deserialize;

use crate::failure::{Failure, malformed};

/// What the fields of the lists mean, and how they are linked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// The column with a record's id; without it rows are numbered from 1.
    #[serde(default)]
    pub id: Option<String>,
    /// The column in which somebody has said who is who.
    #[serde(default)]
    pub gold: Option<String>,
    /// The encoding of text files that are not in UTF-8 or UTF-16.
    #[serde(default)]
    pub encoding: Option<String>,
    /// What is compared.
    pub field: Vec<FieldSetting>,
    /// Columns that have other names on one list: for each list, field to columns.
    #[serde(default)]
    pub lists: BTreeMap<String, ListSetting>,
    /// The probability from which a pair is linked.
    #[serde(default = "half")]
    pub link_from: f64,
    /// The probability from which a pair is kept for review.
    #[serde(default = "twentieth")]
    pub review_from: f64,
    /// How many questions are written for review.
    #[serde(default = "questions")]
    pub review_most: usize,
    /// Fields on which a clear difference excludes.
    #[serde(default)]
    pub cannot_differ: Vec<String>,
    /// Lists on which each person stands once.
    #[serde(default)]
    pub once_on: Vec<String>,
    /// Blocking rules; chosen from the data without them.
    #[serde(default)]
    pub rules: Option<Vec<Rule>>,
    /// Decisions of persons, as JSON lines.
    #[serde(default)]
    pub decisions: Option<PathBuf>,
    /// A model of an earlier run.
    #[serde(default)]
    pub model: Option<PathBuf>,
    /// Chooses the sample.
    #[serde(default)]
    pub seed: u64,
}

/// One field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSetting {
    name: String,
    role: Role,
    #[serde(default)]
    calendar: Option<Calendar>,
    /// The columns whose cells are joined by a space; the field's own name without them.
    #[serde(default)]
    columns: Vec<String>,
}

/// What one list calls its columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListSetting {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    columns: BTreeMap<String, Vec<String>>,
}

fn half() -> f64 {
    0.5
}

fn twentieth() -> f64 {
    0.05
}

fn questions() -> usize {
    500
}

impl Configuration {
    /// Reads a configuration; paths in it are relative to its folder.
    pub fn read(path: &Path) -> Result<Configuration, Failure> {
        let unusable = |why: &dyn std::fmt::Display| {
            malformed("fault-link-config")
                .text("path", path.display())
                .because(why)
        };
        let text = std::fs::read_to_string(path).map_err(|error| unusable(&error))?;
        let read: Result<Configuration, String> = if text.trim_start().starts_with('{') {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        } else {
            toml::from_str(&text).map_err(|error| error.to_string())
        };
        let mut configuration = read.map_err(|error| unusable(&error))?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        for named in [&mut configuration.decisions, &mut configuration.model]
            .into_iter()
            .flatten()
        {
            *named = folder.join(&*named);
        }
        Ok(configuration)
    }

    /// The fields.
    pub fn fields(&self) -> Vec<Field> {
        let field = |one: &FieldSetting| Field {
            name: one.name.clone(),
            role: one.role,
            calendar: one.calendar,
        };
        self.field.iter().map(field).collect()
    }

    /// The columns of a list that make up a field.
    pub fn columns(&self, list: &str, field: &str) -> Vec<String> {
        if let Some(columns) = self
            .lists
            .get(list)
            .and_then(|list| list.columns.get(field))
        {
            return columns.clone();
        }
        let setting = self
            .field
            .iter()
            .find(|one| one.name == field)
            .filter(|one| !one.columns.is_empty());
        setting.map_or_else(|| vec![field.to_owned()], |one| one.columns.clone())
    }

    /// The column with the ids of a list.
    pub fn id_column(&self, list: &str) -> Option<&str> {
        self.lists
            .get(list)
            .and_then(|list| list.id.as_deref())
            .or(self.id.as_deref())
    }

    /// The encoding of a list.
    pub fn encoding_of(&self, list: &str) -> Option<&str> {
        self.lists
            .get(list)
            .and_then(|list| list.encoding.as_deref())
            .or(self.encoding.as_deref())
    }

    /// How to link, decisions not yet read.
    pub fn settings(&self) -> Result<Settings, Failure> {
        let model = self.model.as_deref().map(read_model).transpose()?;
        Ok(Settings {
            rules: self.rules.clone(),
            model,
            link_from: self.link_from,
            review_from: self.review_from,
            cannot_differ: self.cannot_differ.clone(),
            once_on: self.once_on.clone(),
            seed: self.seed,
            ..Settings::default()
        })
    }
}

fn read_model(path: &Path) -> Result<Model, Failure> {
    let unusable = |why: &dyn std::fmt::Display| {
        malformed("fault-link-config")
            .text("path", path.display())
            .because(why)
    };
    let text = std::fs::read_to_string(path).map_err(|error| unusable(&error))?;
    serde_json::from_str(&text).map_err(|error| unusable(&error))
}
