//! Fellegi and Sunter's model: how often each level occurs between records of one person (`m`) and of two (`u`), and what a pair
//! therefore weighs.

mod estimation;

use serde::{Deserialize, Serialize};

use crate::compare::Pattern;
use crate::field::{LEVELS_MAX, Role};
use crate::table::{MISSING, Table};

pub use estimation::{Evidence, estimate};

/// What is known of one field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldModel {
    /// Its name.
    pub field: String,
    /// What it means.
    pub role: Role,
    /// The chance of each level between two records of one person.
    pub m: Vec<f64>,
    /// The chance of each level between records of two persons.
    pub u: Vec<f64>,
}

/// A model: reproducible, readable, and kept beside the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// The chance that two records drawn at random are one person's.
    pub prior: f64,
    /// The fields, in the order of the table's columns.
    pub fields: Vec<FieldModel>,
}

/// What one field says for or against a pair.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FieldWeight {
    /// The field.
    pub field: String,
    /// What is on one list.
    pub one: String,
    /// What is on the other.
    pub other: String,
    /// The level, in words; `missing` where nothing is known.
    pub level: String,
    /// The weight of the level, in bits: positive speaks for one person.
    pub weight: f64,
    /// What the frequency of the value adds: positive for a rare one.
    pub frequency: f64,
}

/// The strongest word of one field, in bits: no single slip of the model decides alone.
const WEIGHT_MAX: f64 = 20.0;
/// How much the frequency of a value can add or take, in bits.
const FREQUENCY_MAX: f64 = 10.0;

impl Model {
    /// A model with no data behind it: where estimation begins.
    pub fn expected(table: &Table) -> Model {
        let part = |level: f64, scale: &[(&str, f64, f64)], of: fn(&(&str, f64, f64)) -> f64| {
            level / scale.iter().map(of).sum::<f64>()
        };
        let fields = table.columns().iter().map(|column| {
            let scale = column.field.role.scale();
            FieldModel {
                field: column.field.name.clone(),
                role: column.field.role,
                m: scale
                    .iter()
                    .map(|level| part(level.1, scale, |one| one.1))
                    .collect(),
                u: scale
                    .iter()
                    .map(|level| part(level.2, scale, |one| one.2))
                    .collect(),
            }
        });
        let records = table.len().max(2) as f64;
        // One in two records has a partner, until the data say otherwise.
        Model {
            prior: (1.0 / (2.0 * records)).min(0.1),
            fields: fields.collect(),
        }
    }

    /// The weight of each code of a pattern's field, for quick adding.
    pub fn weights(&self) -> Vec<[f64; LEVELS_MAX + 1]> {
        self.fields
            .iter()
            .map(|field| {
                let mut weights = [0.0; LEVELS_MAX + 1];
                for (level, (m, u)) in field.m.iter().zip(&field.u).enumerate() {
                    weights[level + 1] = (m / u).log2().clamp(-WEIGHT_MAX, WEIGHT_MAX);
                }
                weights
            })
            .collect()
    }

    /// The prior in bits.
    pub fn prior_weight(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }
}

/// Weighs pairs of a table by a model.
#[derive(Debug)]
pub struct Scale<'a> {
    table: &'a Table,
    model: &'a Model,
    weights: Vec<[f64; LEVELS_MAX + 1]>,
    prior: f64,
}

impl<'a> Scale<'a> {
    /// A scale for the pairs of a table.
    pub fn new(table: &'a Table, model: &'a Model) -> Scale<'a> {
        Scale {
            table,
            model,
            weights: model.weights(),
            prior: model.prior_weight(),
        }
    }

    /// The posterior weight of a pair, in bits: 0 is even odds that the two are one person.
    pub fn weigh(&self, pattern: Pattern, one: u32, other: u32) -> f64 {
        let (left, right) = (self.table.row(one), self.table.row(other));
        let mut weight = self.prior;
        for at in 0..self.weights.len() {
            if let Some(level) = pattern.level(at) {
                weight += self.weights[at][usize::from(level) + 1]
                    + self.frequency(at, level, left[at], right[at]);
            }
        }
        weight
    }

    /// The greatest weight that a pattern can have, whatever its values are.
    pub fn at_most(&self, pattern: Pattern) -> f64 {
        let of_field = |at: usize| {
            let level = pattern.level(at)?;
            let share = self.model.fields[at].role.frequency_share(level);
            Some(self.weights[at][usize::from(level) + 1] + share * FREQUENCY_MAX)
        };
        self.prior + (0..self.weights.len()).filter_map(of_field).sum::<f64>()
    }

    fn frequency(&self, at: usize, level: u8, left: u32, right: u32) -> f64 {
        let share = self.model.fields[at].role.frequency_share(level);
        let column = &self.table.columns()[at];
        if share == 0.0 || left == MISSING || right == MISSING || column.agreement <= 0.0 {
            return 0.0;
        }
        let commonest = column.frequency(left).max(column.frequency(right));
        share
            * (column.agreement / commonest)
                .log2()
                .clamp(-FREQUENCY_MAX, FREQUENCY_MAX)
    }

    /// Each field's word, in the order of the columns.
    pub fn explain(&self, pattern: Pattern, one: u32, other: u32) -> Vec<FieldWeight> {
        let (left, right) = (self.table.row(one), self.table.row(other));
        let of_field = |at: usize| {
            let column = &self.table.columns()[at];
            let level = pattern.level(at);
            let name = level.and_then(|level| column.field.role.scale().get(usize::from(level)));
            FieldWeight {
                field: column.field.name.clone(),
                one: column.raw(left[at]).to_owned(),
                other: column.raw(right[at]).to_owned(),
                level: name.map_or("missing", |name| name.0).to_owned(),
                weight: level.map_or(0.0, |level| self.weights[at][usize::from(level) + 1]),
                frequency: level
                    .map_or(0.0, |level| self.frequency(at, level, left[at], right[at])),
            }
        };
        (0..self.weights.len()).map(of_field).collect()
    }
}

/// The chance that a pair of this weight is one person.
pub fn probability(weight: f64) -> f64 {
    1.0 / (1.0 + (-weight).exp2())
}
