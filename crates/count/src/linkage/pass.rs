//! One pass over the pairs of all rules, on several threads; the result does not depend on how many.

use super::{Progress, RuleUse, Settings, Step, contradicting, contradicts, index, weight_of};
use crate::block::{Index, Keyring, Oversize, Rule};
use crate::cluster::Link;
use crate::compare::Comparer;
use crate::model::{Model, Scale};
use crate::table::Table;

/// What the pass found.
#[derive(Debug, Default)]
pub struct Found {
    pub links: Vec<Link>,
    pub rules: Vec<RuleUse>,
    pub oversize: Vec<Oversize>,
    pub compared: u64,
}

/// Blocks above the limit that are named; and records of each.
const OVERSIZE_NAMED: usize = 100;
const FIRST_NAMED: usize = 5;
/// Pairs between two words to the progress bar.
const PROGRESS_PAIRS: u64 = 50_000;

/// Compares the pairs of each rule that no earlier rule compared.
pub fn compare_all(
    table: &Table,
    settings: &Settings,
    model: &Model,
    rules: &[Rule],
    keyring: &Keyring,
    progress: &dyn Progress,
) -> Found {
    let rows: Vec<u32> = (0..table.len() as u32).collect();
    let mut found = Found::default();
    let mut earlier: Vec<Index> = Vec::new();
    for rule in rules {
        let mut now = index(table, keyring, rule, &rows);
        progress.begin(Step::Comparing, now.pairs());
        name_oversize(table, rule, &now, &mut found.oversize);
        let work = Work {
            table,
            settings,
            model,
            earlier: &earlier,
            index: &now,
            progress,
        };
        let (mut links, compared) = work.on_threads();
        found.links.append(&mut links);
        found.compared += compared;
        found.rules.push(RuleUse {
            rule: rule.clone(),
            pairs: now.pairs(),
            compared,
        });
        now.forget_blocks();
        earlier.push(now);
    }
    found
        .links
        .sort_unstable_by_key(|link| (link.one, link.other));
    found.links.dedup_by_key(|link| (link.one, link.other));
    found
}

fn name_oversize(table: &Table, rule: &Rule, index: &Index, named: &mut Vec<Oversize>) {
    for block in index
        .oversize_blocks()
        .take(OVERSIZE_NAMED.saturating_sub(named.len()))
    {
        let name = |row: &u32| format!("{}:{}", table.lists()[table.list_of(*row)], table.id(*row));
        let first = block.iter().take(FIRST_NAMED).map(name).collect();
        named.push(Oversize {
            rule: rule.to_string(),
            records: block.len(),
            first,
        });
    }
}

struct Work<'a> {
    table: &'a Table,
    settings: &'a Settings,
    model: &'a Model,
    earlier: &'a [Index],
    index: &'a Index,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    fn on_threads(&self) -> (Vec<Link>, u64) {
        let blocks: Vec<&[u32]> = self.index.blocks().collect();
        let threads = self.settings.threads.max(1);
        let share = blocks.len().div_ceil(threads * 8).max(1);
        let shares: Vec<&[&[u32]]> = blocks.chunks(share).collect();
        let next = std::sync::atomic::AtomicUsize::new(0);
        let done = std::sync::Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads.min(shares.len()) {
                scope.spawn(|| {
                    let mut links = Vec::new();
                    let mut compared = 0;
                    let mut comparer = Comparer::new(self.table);
                    loop {
                        let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                        let Some(blocks) = shares.get(at) else { break };
                        compared += self.compare(blocks, &mut comparer, &mut links);
                    }
                    done.lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .push((links, compared));
                });
            }
        });
        let done = done
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let compared = done.iter().map(|(_, compared)| compared).sum();
        (
            done.into_iter().flat_map(|(links, _)| links).collect(),
            compared,
        )
    }

    fn compare(
        &self,
        blocks: &[&[u32]],
        comparer: &mut Comparer<'_>,
        links: &mut Vec<Link>,
    ) -> u64 {
        let scale = Scale::new(self.table, self.model);
        let least = weight_of(self.settings.review_from);
        let firm = contradicting(self.table, self.settings);
        let (mut compared, mut told) = (0, 0);
        for block in blocks {
            self.index.pairs_of(block, |one, other| {
                if self.earlier.iter().any(|index| index.joins(one, other)) {
                    return;
                }
                compared += 1;
                let (one, other) = (one.min(other), one.max(other));
                let pattern = comparer.pattern(one, other);
                if scale.at_most(pattern) < least || contradicts(pattern, &firm) {
                    return;
                }
                let weight = scale.weigh(pattern, one, other);
                if weight >= least {
                    links.push(Link {
                        one,
                        other,
                        weight: weight as f32,
                    });
                }
            });
            if compared - told >= PROGRESS_PAIRS {
                self.progress.advance(compared - told);
                told = compared;
            }
        }
        self.progress.advance(compared - told);
        compared
    }
}
