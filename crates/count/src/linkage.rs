//! From a table to persons: a sample, rules, a model, one pass over the pairs, clusters.

mod choice;
mod pass;
mod sample;

use serde::Serialize;
use thiserror::Error;

use crate::block::{BLOCK_MAX, Index, Keyring, NoSuchField, Oversize, Rule};
use crate::cluster::{self, Clusters, Constraints, Contradiction, Link};
use crate::compare::{Comparer, Pattern};
use crate::model::{FieldWeight, Model, Scale, estimate, probability};
use crate::table::Table;

/// How records are linked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Blocking rules; without them they are chosen by what they would find and cost.
    pub rules: Option<Vec<Rule>>,
    /// A model that was learned before; without it one is learned.
    pub model: Option<Model>,
    /// The probability from which a pair is linked.
    pub link_from: f64,
    /// The probability from which a pair is kept for a person to look at.
    pub review_from: f64,
    /// Fields on which a clear difference says that two records cannot be one person.
    pub cannot_differ: Vec<String>,
    /// Lists on which each person stands once.
    pub once_on: Vec<String>,
    /// Decisions of persons, as rows.
    pub decided: Constraints,
    /// Chooses the sample.
    pub seed: u64,
    /// How many threads compare; the result does not depend on it.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            rules: None,
            model: None,
            link_from: 0.5,
            review_from: 0.05,
            cannot_differ: Vec::new(),
            once_on: Vec::new(),
            decided: Constraints::default(),
            seed: 0,
            threads: 1,
        }
    }
}

/// Why nothing was linked.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum LinkError {
    /// With fewer than two records there is nothing to link: look whether the lists are empty.
    #[error("{0} records; two at least are needed")]
    TooFew(usize),
    /// See [`NoSuchField`].
    #[error(transparent)]
    NoSuchField(#[from] NoSuchField),
    /// No field has a value in two records: look at the columns that the configuration names.
    #[error("no two records have a value in the same field")]
    NothingToCompare,
    /// A probability must lie between 0 and 1, and the one for review not above the one for linking.
    #[error("thresholds must be 0 < review <= link < 1")]
    Thresholds,
    /// A model for other fields: learn one for these.
    #[error("the model was made for other fields")]
    OtherModel,
    /// See [`Contradiction`].
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
}

/// What one rule did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleUse {
    /// The rule.
    pub rule: Rule,
    /// Pairs that it brought together, those of earlier rules included.
    pub pairs: u64,
    /// Pairs that an earlier rule had not compared.
    pub compared: u64,
}

/// What blocking loses, estimated from pairs that only one rule, or only two, would have found (Chao's lower bound).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Loss {
    /// Likely pairs of the sample that the rules find.
    pub found: u64,
    /// Likely pairs of the sample that other rules found and these do not.
    pub passed_over: u64,
    /// Likely pairs that no rule finds, at least.
    pub unseen: f64,
    /// What part of all likely pairs is not compared.
    pub share: f64,
}

/// Records linked.
#[derive(Clone, Debug)]
pub struct Linkage {
    /// The model, learned or given.
    pub model: Model,
    /// The rules, in the order in which they were used.
    pub rules: Vec<RuleUse>,
    /// What they lose; `None` where every pair was compared.
    pub loss: Option<Loss>,
    /// Blocks that were too large to compare pair by pair.
    pub oversize: Vec<Oversize>,
    /// Pairs from the threshold of review on, by row.
    pub links: Vec<Link>,
    /// Who is one person.
    pub clusters: Clusters,
    /// Pairs compared.
    pub compared: u64,
}

/// Up to this many records every pair is compared.
const EVERY_PAIR_RECORDS_MAX: usize = 700;

/// What a run tells while it goes on.
pub trait Progress: Sync {
    /// A step began, with so many pairs to compare; 0 where that is not known.
    fn begin(&self, step: Step, pairs: u64);
    /// So many pairs more were compared.
    fn advance(&self, pairs: u64);
}

/// The steps of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Choosing rules on a sample, and learning the model.
    Learning,
    /// Comparing pairs.
    Comparing,
    /// Making clusters.
    Clustering,
}

/// Says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _step: Step, _pairs: u64) {}
    fn advance(&self, _pairs: u64) {}
}

/// Links the records of a table. The same table and settings give the same result, whatever the order in which records came.
pub fn link(
    table: &Table,
    settings: &Settings,
    progress: &dyn Progress,
) -> Result<Linkage, LinkError> {
    check(table, settings)?;
    progress.begin(Step::Learning, 0);
    let learned = choice::learn(table, settings)?;
    let model = match &settings.model {
        Some(model) => model.clone(),
        None => estimate(table, &learned.evidence),
    };
    let keyring = Keyring::of_rules(table, &learned.rules)?;
    let found = pass::compare_all(table, settings, &model, &learned.rules, &keyring, progress);
    progress.begin(Step::Clustering, 0);
    let clusters = clusters(table, settings, &model, &found.links)?;
    Ok(Linkage {
        model,
        rules: found.rules,
        loss: learned.loss,
        oversize: found.oversize,
        links: found.links,
        clusters,
        compared: found.compared,
    })
}

fn check(table: &Table, settings: &Settings) -> Result<(), LinkError> {
    if table.len() < 2 {
        return Err(LinkError::TooFew(table.len()));
    }
    if table.columns().iter().all(|column| column.is_empty()) {
        return Err(LinkError::NothingToCompare);
    }
    if !(settings.review_from > 0.0
        && settings.review_from <= settings.link_from
        && settings.link_from < 1.0)
    {
        return Err(LinkError::Thresholds);
    }
    if let Some(model) = &settings.model {
        let same = model.fields.len() == table.columns().len()
            && model
                .fields
                .iter()
                .zip(table.columns())
                .all(|(one, other)| {
                    one.field == other.field.name
                        && one.m.len() == other.field.role.scale().len()
                        && one.u.len() == one.m.len()
                });
        if !same {
            return Err(LinkError::OtherModel);
        }
    }
    Ok(())
}

/// The weight of a probability, in bits.
pub fn weight_of(probability: f64) -> f64 {
    (probability / (1.0 - probability)).log2()
}

/// What two records weigh that contradict each other on a field of [`Settings::cannot_differ`].
const CONTRADICTED: f64 = -1_000.0;

fn clusters(
    table: &Table,
    settings: &Settings,
    model: &Model,
    links: &[Link],
) -> Result<Clusters, LinkError> {
    let scale = Scale::new(table, model);
    let mut comparer = Comparer::new(table);
    let firm = contradicting(table, settings);
    let mut weigh = |one: u32, other: u32| {
        let pattern = comparer.pattern(one, other);
        if contradicts(pattern, &firm) {
            CONTRADICTED
        } else {
            scale.weigh(pattern, one, other)
        }
    };
    let least = weight_of(settings.link_from) as f32;
    let mut strong: Vec<Link> = links
        .iter()
        .filter(|link| link.weight >= least)
        .copied()
        .collect();
    let mut constraints = settings.decided.clone();
    strong.retain(|link| {
        let holds = firm.is_empty() || weigh(link.one, link.other) > CONTRADICTED;
        if !holds {
            constraints.different.push((link.one, link.other));
        }
        holds
    });
    let decided: crate::mix::Set<(u32, u32)> = settings.decided.same.iter().copied().collect();
    // A person's word stands above a contradiction that the program sees.
    constraints
        .different
        .retain(|pair| settings.decided.different.contains(pair) || !decided.contains(pair));
    if !settings.once_on.is_empty() {
        let once: Vec<bool> = table
            .lists()
            .iter()
            .map(|list| settings.once_on.contains(list))
            .collect();
        let rows = 0..table.len() as u32;
        constraints.once_on = rows
            .map(|row| table.list_of(row))
            .map(|list| if once[list] { list as u16 } else { u16::MAX })
            .collect();
    }
    Ok(cluster::cluster(table.len(), &strong, &constraints, weigh)?)
}

/// The columns on which a clear difference is a contradiction.
fn contradicting(table: &Table, settings: &Settings) -> Vec<usize> {
    let columns = table.columns().iter().enumerate();
    columns
        .filter(|(_, column)| settings.cannot_differ.contains(&column.field.name))
        .map(|(at, _)| at)
        .collect()
}

fn contradicts(pattern: Pattern, firm: &[usize]) -> bool {
    firm.iter().any(|at| pattern.level(*at) == Some(0))
}

/// A pair that a person should look at.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// A row.
    pub one: u32,
    /// Another.
    pub other: u32,
    /// The weight in bits.
    pub weight: f64,
    /// The probability that the two are one person.
    pub probability: f64,
    /// How many records the answer would move.
    pub moves: u64,
}

impl Linkage {
    /// The pairs whose answer is worth most: uncertain, and deciding about many records. Decided pairs are left out.
    pub fn questions(&self, decided: &Constraints, most: usize) -> Vec<Question> {
        let mut sizes: crate::mix::Map<u32, u64> = crate::mix::Map::default();
        self.clusters
            .of
            .iter()
            .for_each(|cluster| *sizes.entry(*cluster).or_default() += 1);
        let known: crate::mix::Set<(u32, u32)> = decided
            .same
            .iter()
            .chain(&decided.different)
            .copied()
            .collect();
        let open = self
            .links
            .iter()
            .filter(|link| !known.contains(&(link.one, link.other)));
        let mut questions: Vec<Question> = open
            .map(|link| {
                let size = |row: u32| sizes[&self.clusters.of[row as usize]];
                let weight = f64::from(link.weight);
                let moves = size(link.one).min(size(link.other));
                Question {
                    one: link.one,
                    other: link.other,
                    weight,
                    probability: probability(weight),
                    moves,
                }
            })
            .filter(|question| question.probability < 0.999)
            .collect();
        let worth = |question: &Question| {
            question.probability * (1.0 - question.probability) * (question.moves as f64)
        };
        questions.sort_by(|one, other| {
            worth(other)
                .total_cmp(&worth(one))
                .then((one.one, one.other).cmp(&(other.one, other.other)))
        });
        questions.truncate(most);
        questions
    }

    /// Why pairs weigh what they weigh.
    pub fn explainer<'a>(&'a self, table: &'a Table) -> Explainer<'a> {
        Explainer {
            comparer: Comparer::new(table),
            scale: Scale::new(table, &self.model),
        }
    }

    /// One draw of who is one person, for carrying the uncertainty of linkage into an estimate.
    pub fn draw(
        &self,
        table: &Table,
        settings: &Settings,
        seed: u64,
    ) -> Result<Clusters, LinkError> {
        let drawn = cluster::draw(&self.links, seed, |row| table.mark(row));
        let lifted = Settings {
            link_from: settings.review_from,
            ..settings.clone()
        };
        clusters(table, &lifted, &self.model, &drawn)
    }

    /// In how many persons each combination of lists meets: for each combination, whether the person is on each list, and how many
    /// persons. In the order of [`Table::lists`].
    pub fn overlap(&self, table: &Table) -> Vec<(Vec<bool>, u64)> {
        let mut on: std::collections::BTreeMap<u32, Vec<bool>> = std::collections::BTreeMap::new();
        for (row, cluster) in self.clusters.of.iter().enumerate() {
            let lists = on
                .entry(*cluster)
                .or_insert_with(|| vec![false; table.lists().len()]);
            lists[table.list_of(row as u32)] = true;
        }
        let mut counts: std::collections::BTreeMap<Vec<bool>, u64> =
            std::collections::BTreeMap::new();
        on.into_values()
            .for_each(|lists| *counts.entry(lists).or_default() += 1);
        counts.into_iter().rev().collect()
    }
}

/// Explains pairs of one table.
#[derive(Debug)]
pub struct Explainer<'a> {
    comparer: Comparer<'a>,
    scale: Scale<'a>,
}

impl Explainer<'_> {
    /// Why two records weigh what they weigh, field by field; with the prior these add up to the weight of the pair.
    pub fn explain(&mut self, one: u32, other: u32) -> Vec<FieldWeight> {
        let pattern = self.comparer.pattern(one, other);
        self.scale.explain(pattern, one, other)
    }

    /// The weight of two records, in bits.
    pub fn weigh(&mut self, one: u32, other: u32) -> f64 {
        let pattern = self.comparer.pattern(one, other);
        self.scale.weigh(pattern, one, other)
    }
}

fn block_max(records: usize, sampled: usize) -> usize {
    // In a sample every block is smaller by the same part.
    (BLOCK_MAX * sampled / records.max(1)).clamp(2, BLOCK_MAX)
}

fn index(table: &Table, keyring: &Keyring, rule: &Rule, among: &[u32]) -> Index {
    Index::build(
        table,
        keyring,
        rule,
        among,
        block_max(table.len(), among.len()),
    )
}
