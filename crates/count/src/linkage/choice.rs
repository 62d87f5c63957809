//! Which rules: those that together find nearly every likely pair of a sample, at the least cost.

use super::{EVERY_PAIR_RECORDS_MAX, LinkError, Loss, Settings, index, sample};
use crate::block::{Key, Keyring, Piece, Rule};
use crate::compare::{Comparer, Pattern};
use crate::mix::Map;
use crate::model::{Evidence, Model, estimate, probability};
use crate::table::Table;

/// What was learned on the sample.
#[derive(Debug)]
pub struct Learned {
    pub rules: Vec<Rule>,
    pub evidence: Evidence,
    pub loss: Option<Loss>,
}

/// Rules that are tried: each has a bit.
const CANDIDATES_MAX: usize = 64;
/// Pairs for each record that one rule may cost, and all together.
const RULE_PAIRS_PER_RECORD: f64 = 6.0;
const ALL_PAIRS_PER_RECORD: f64 = 20.0;
/// Pairs that are never too many.
const PAIRS_FREE: f64 = 60_000.0;
/// Pairs for each record that are compared to try rules.
const TRIED_PAIRS_PER_RECORD: f64 = 60.0;
/// A rule that finds less than this part of what is likely is not worth its sorting.
const GAIN_MIN: f64 = 0.0004;
/// Sorting a record costs as much as comparing this many pairs.
const SORTING_PAIRS: f64 = 0.3;

/// Chooses rules and gathers what the model is learned from.
pub fn learn(table: &Table, settings: &Settings) -> Result<Learned, LinkError> {
    let rows = sample::rows(table, settings.seed);
    let drawn = sample::drawn(table, &rows);
    let pairs = rows.len() as u64 * (rows.len() as u64 - 1) / 2;
    let candidates = match &settings.rules {
        Some(rules) => rules.clone(),
        None if table.len() <= EVERY_PAIR_RECORDS_MAX => vec![Rule::default()],
        None => candidates(table),
    };
    let are_tried = settings.rules.is_none() && table.len() > EVERY_PAIR_RECORDS_MAX;
    let tried = Tried::new(table, &rows, candidates, are_tried)?;
    let evidence = Evidence {
        found: tried.patterns(),
        drawn,
        pairs,
    };
    if !are_tried {
        let chosen: Vec<usize> = (0..tried.rules.len()).collect();
        let every_pair = tried.rules.iter().any(|rule| rule.0.is_empty());
        let likely = tried.likely(&model(table, settings, &evidence));
        let loss = (!every_pair).then(|| loss(&likely, &chosen));
        return Ok(Learned {
            rules: tried.rules,
            evidence,
            loss,
        });
    }
    let likely = tried.likely(&model(table, settings, &evidence));
    let chosen = tried.cover(&likely, table.len());
    let loss = Some(loss(&likely, &chosen));
    let rules = chosen.iter().map(|at| tried.rules[*at].clone()).collect();
    Ok(Learned {
        rules,
        evidence,
        loss,
    })
}

fn model(table: &Table, settings: &Settings, evidence: &Evidence) -> Model {
    settings
        .model
        .clone()
        .unwrap_or_else(|| estimate(table, evidence))
}

/// From this many records on, two keys together are often too common, and three are tried.
const THREE_KEYS_FROM: usize = 200_000;

/// Every key alone, every two keys of different fields, and in a large table three: of each field what is surest to survive a slip.
fn candidates(table: &Table) -> Vec<Rule> {
    let fields = table.columns().iter().filter(|column| !column.is_empty());
    let fields: Vec<Vec<Key>> = fields
        .map(|column| {
            let key = |part: &Piece| Key {
                field: column.field.name.clone(),
                part: *part,
            };
            Piece::of(column.field.role).iter().map(key).collect()
        })
        .collect();
    let keys: Vec<&Key> = fields.iter().flatten().collect();
    let mut rules: Vec<Rule> = keys.iter().map(|key| Rule(vec![(*key).clone()])).collect();
    for (at, one) in keys.iter().enumerate() {
        let others = keys[at + 1..]
            .iter()
            .filter(|other| other.field != one.field);
        rules.extend(others.map(|other| Rule(vec![(*one).clone(), (*other).clone()])));
    }
    if table.len() >= THREE_KEYS_FROM {
        rules.extend(threes(&fields));
    }
    rules
}

fn threes(fields: &[Vec<Key>]) -> Vec<Rule> {
    let coarse = |keys: &Vec<Key>| {
        keys.iter()
            .find(|key| key.part == Piece::Year)
            .or(keys.first())
            .cloned()
    };
    let keys: Vec<Key> = fields.iter().filter_map(coarse).collect();
    let mut rules = Vec::new();
    for one in 0..keys.len() {
        for two in one + 1..keys.len() {
            rules.extend(
                keys[two + 1..]
                    .iter()
                    .map(|three| Rule(vec![keys[one].clone(), keys[two].clone(), three.clone()])),
            );
        }
    }
    rules
}

/// Candidate rules with what each finds in the sample.
struct Tried {
    rules: Vec<Rule>,
    /// What each would cost on the whole table, in pairs.
    costs: Vec<f64>,
    /// For each pair that some rule found: its pattern, and a bit for each rule.
    pairs: Vec<(Pattern, u64)>,
}

impl Tried {
    fn new(
        table: &Table,
        rows: &[u32],
        candidates: Vec<Rule>,
        by_cost: bool,
    ) -> Result<Tried, LinkError> {
        let keyring = Keyring::of_rules(table, &candidates)?;
        let scale = (table.len() as f64 / rows.len() as f64).powi(2);
        let allowed = (RULE_PAIRS_PER_RECORD * table.len() as f64).max(PAIRS_FREE);
        let mut measured: Vec<(f64, usize)> = Vec::new();
        for (at, rule) in candidates.iter().enumerate() {
            let cost = index(table, &keyring, rule, rows).pairs() as f64 * scale;
            if !by_cost || (cost > 0.0 && cost <= allowed) {
                measured.push((cost, at));
            }
        }
        // The cheapest come first, as many as a word has bits for and as trying may cost.
        measured.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let mut spent = 0.0;
        let most = (TRIED_PAIRS_PER_RECORD * table.len() as f64).max(4.0 * PAIRS_FREE);
        measured.retain(|(cost, _)| {
            spent += cost;
            !by_cost || spent <= most
        });
        measured.truncate(CANDIDATES_MAX);
        measured.sort_by_key(|(_, at)| *at);
        let rules: Vec<Rule> = measured
            .iter()
            .map(|(_, at)| candidates[*at].clone())
            .collect();
        let costs = measured.iter().map(|(cost, _)| *cost).collect();
        let pairs = found(table, &keyring, &rules, rows);
        Ok(Tried {
            rules,
            costs,
            pairs,
        })
    }

    fn patterns(&self) -> Map<u64, u64> {
        let mut patterns = Map::default();
        self.pairs
            .iter()
            .for_each(|(pattern, _)| *patterns.entry(pattern.0).or_default() += 1);
        patterns
    }

    /// For each pair that is likely one person, the rules that find it.
    fn likely(&self, model: &Model) -> Vec<u64> {
        let weights = model.weights();
        let prior = model.prior_weight();
        let is_likely = |pattern: Pattern| {
            let levels = (0..weights.len())
                .filter_map(|at| Some(weights[at][usize::from(pattern.level(at)?) + 1]));
            probability(prior + levels.sum::<f64>()) >= 0.5
        };
        self.pairs
            .iter()
            .filter(|(pattern, _)| is_likely(*pattern))
            .map(|(_, rules)| *rules)
            .collect()
    }

    /// Takes the rule that finds most for its cost, again and again.
    fn cover(&self, likely: &[u64], records: usize) -> Vec<usize> {
        let budget = (ALL_PAIRS_PER_RECORD * records as f64).max(2.0 * PAIRS_FREE);
        let mut chosen: Vec<usize> = Vec::new();
        let (mut covered, mut spent) = (0u64, 0.0);
        loop {
            let best = (0..self.rules.len())
                .filter(|at| !chosen.contains(at) && spent + self.costs[*at] <= budget)
                .map(|at| {
                    let gain = likely
                        .iter()
                        .filter(|rules| *rules & covered == 0 && *rules & (1 << at) != 0)
                        .count() as f64;
                    (
                        gain,
                        gain / (self.costs[at] + SORTING_PAIRS * records as f64),
                        at,
                    )
                })
                .filter(|(gain, _, _)| *gain > GAIN_MIN * likely.len() as f64)
                .max_by(|one, other| one.1.total_cmp(&other.1).then(other.2.cmp(&one.2)));
            let Some((_, _, at)) = best else { break };
            chosen.push(at);
            covered |= 1 << at;
            spent += self.costs[at];
        }
        if chosen.is_empty() {
            // Nothing is likely: the cheapest rules at least look.
            chosen = self.cheapest(budget);
        }
        chosen
    }

    fn cheapest(&self, budget: f64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rules.len()).collect();
        order.sort_by(|one, other| self.costs[*one].total_cmp(&self.costs[*other]));
        let mut spent = 0.0;
        order.retain(|at| {
            spent += self.costs[*at];
            spent <= budget
        });
        order.truncate(3);
        order
    }
}

fn found(table: &Table, keyring: &Keyring, rules: &[Rule], rows: &[u32]) -> Vec<(Pattern, u64)> {
    let mut bits: Vec<(u32, u32, u64)> = Vec::new();
    for (at, rule) in rules.iter().enumerate() {
        let index = index(table, keyring, rule, rows);
        for block in index.blocks() {
            index.pairs_of(block, |one, other| {
                bits.push((one.min(other), one.max(other), 1 << at))
            });
        }
        // Pairs that several rules find are put together now and then, so that memory stays bounded.
        merge(&mut bits);
    }
    let mut comparer = Comparer::new(table);
    bits.into_iter()
        .map(|(one, other, rules)| (comparer.pattern(one, other), rules))
        .collect()
}

fn merge(bits: &mut Vec<(u32, u32, u64)>) {
    bits.sort_unstable();
    bits.dedup_by(|later, kept| {
        let same = (later.0, later.1) == (kept.0, kept.1);
        if same {
            kept.2 |= later.2;
        }
        same
    });
}

/// Chao's lower bound for what no rule finds, from what one and what two rules find.
fn loss(likely: &[u64], chosen: &[usize]) -> Loss {
    let mask = chosen.iter().fold(0u64, |mask, at| mask | (1 << at));
    let by_count = |count: u32| {
        likely
            .iter()
            .filter(|rules| (**rules & mask).count_ones() == count)
            .count() as f64
    };
    let (none, once, twice) = (by_count(0), by_count(1), by_count(2));
    let found = likely.len() as f64 - none;
    // One rule alone says nothing about what it does not find.
    let unseen = if chosen.len() < 2 {
        0.0
    } else {
        once * (once - 1.0).max(0.0) / (2.0 * (twice + 1.0))
    };
    let passed_over = none.max(0.0);
    let whole = found + passed_over.max(unseen);
    Loss {
        found: found as u64,
        passed_over: passed_over as u64,
        unseen,
        share: if whole == 0.0 {
            0.0
        } else {
            1.0 - found / whole
        },
    }
}
