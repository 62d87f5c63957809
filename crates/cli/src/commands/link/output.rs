//! What a linkage writes: files that another program reads, and totals that reconcile.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use count::evaluation::{Evaluation, evaluate};
use serde_json::{Value, json};

use super::configuration::Configuration;
use super::{Linked, unwritable};
use crate::failure::Failure;

/// Who is who, as somebody has said: for a list's record the person.
#[derive(Debug, Default)]
pub struct Gold {
    persons: HashMap<String, u64>,
    of: HashMap<(String, String), u64>,
}

impl Gold {
    /// Keeps what was said of one record.
    pub fn put(&mut self, list: &str, id: &str, person: &str) {
        let next = self.persons.len() as u64;
        let number = *self.persons.entry(person.to_owned()).or_insert(next);
        self.of.insert((list.to_owned(), id.to_owned()), number);
    }
}

/// Totals that reconcile: `records` is `records_alone` and `records_together`, `persons` is `alone` and the rest.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    /// Persons.
    pub persons: u64,
    /// Persons with one record.
    pub alone: u64,
    /// Persons on more than one list.
    pub on_several_lists: u64,
    /// Records that share a person with another.
    pub records_together: u64,
    /// Pairs that a person should look at.
    pub review: u64,
}

impl Totals {
    /// Counts.
    pub fn of(linked: &Linked<'_>) -> Totals {
        let mut sizes: HashMap<u32, u64> = HashMap::new();
        linked
            .linkage
            .clusters
            .of
            .iter()
            .for_each(|cluster| *sizes.entry(*cluster).or_default() += 1);
        let several = linked.linkage.overlap(linked.table);
        let several = several
            .iter()
            .filter(|(on, _)| on.iter().filter(|is_on| **is_on).count() > 1);
        Totals {
            persons: sizes.len() as u64,
            alone: sizes.values().filter(|size| **size == 1).count() as u64,
            on_several_lists: several.map(|(_, count)| count).sum(),
            records_together: sizes.values().filter(|size| **size > 1).sum(),
            review: linked
                .linkage
                .questions(&linked.settings.decided, usize::MAX)
                .len() as u64,
        }
    }
}

/// The clusters against the gold column; `None` without one.
pub fn evaluation(linked: &Linked<'_>) -> Option<Evaluation> {
    if linked.gold.of.is_empty() {
        return None;
    }
    let table = linked.table;
    let pairs: Vec<(u64, u64)> = (0..table.len() as u32)
        .filter_map(|row| {
            let key = (
                table.lists()[table.list_of(row)].clone(),
                table.id(row).to_owned(),
            );
            Some((
                u64::from(linked.linkage.clusters.of[row as usize]),
                *linked.gold.of.get(&key)?,
            ))
        })
        .collect();
    Some(evaluate(&pairs))
}

/// Writes every file but the summary.
pub fn write(
    folder: &Path,
    configuration: &Configuration,
    linked: &Linked<'_>,
) -> Result<(), Failure> {
    let file = |name: &str, fill: &dyn Fn(&mut BufWriter<File>) -> std::io::Result<()>| {
        let path = folder.join(name);
        let written = File::create(&path).and_then(|file| {
            let mut writer = BufWriter::with_capacity(1 << 20, file);
            fill(&mut writer)?;
            writer.flush()
        });
        written.map_err(|error| unwritable(&path, error))
    };
    file("clusters.csv", &|writer| clusters(writer, linked))?;
    file("pairs.jsonl", &|writer| pairs(writer, linked))?;
    file("review.jsonl", &|writer| {
        review(writer, configuration, linked)
    })?;
    file("overlap.csv", &|writer| overlap(writer, linked))?;
    file("model.json", &|writer| {
        let model = serde_json::to_string_pretty(&linked.linkage.model)?;
        writeln!(writer, "{model}")
    })
}

fn clusters(writer: &mut BufWriter<File>, linked: &Linked<'_>) -> std::io::Result<()> {
    let table = linked.table;
    let name = |row: u32| (table.lists()[table.list_of(row)].as_str(), table.id(row));
    // A person is named by the first of its records in order of list and id, whatever was linked before it.
    let mut first: HashMap<u32, (&str, &str)> = HashMap::new();
    for (row, cluster) in linked.linkage.clusters.of.iter().enumerate() {
        let name = name(row as u32);
        first
            .entry(*cluster)
            .and_modify(|known| *known = (*known).min(name))
            .or_insert(name);
    }
    let mut rows: Vec<_> = (0..table.len() as u32)
        .map(|row| (first[&linked.linkage.clusters.of[row as usize]], name(row)))
        .collect();
    rows.sort_unstable();
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(["person", "list", "id"])?;
    for ((person_list, person_id), (list, id)) in rows {
        csv.write_record([&format!("{person_list}:{person_id}"), list, id])?;
    }
    csv.flush()
}

fn pairs(writer: &mut BufWriter<File>, linked: &Linked<'_>) -> std::io::Result<()> {
    let (table, linkage) = (linked.table, linked.linkage);
    let mut explainer = linkage.explainer(table);
    for link in &linkage.links {
        let together =
            linkage.clusters.of[link.one as usize] == linkage.clusters.of[link.other as usize];
        let line = json!({
            "one": record(linked, link.one), "other": record(linked, link.other),
            "weight": rounded(f64::from(link.weight)), "probability": count::model::probability(f64::from(link.weight)),
            "prior": rounded(linkage.model.prior_weight()), "together": together,
            "fields": fields(&explainer.explain(link.one, link.other)),
        });
        writeln!(writer, "{line}")?;
    }
    Ok(())
}

fn review(
    writer: &mut BufWriter<File>,
    configuration: &Configuration,
    linked: &Linked<'_>,
) -> std::io::Result<()> {
    let mut explainer = linked.linkage.explainer(linked.table);
    for question in linked
        .linkage
        .questions(&linked.settings.decided, configuration.review_most)
    {
        let line = json!({
            "one": record(linked, question.one), "other": record(linked, question.other),
            "probability": question.probability, "moves": question.moves,
            "fields": fields(&explainer.explain(question.one, question.other)),
        });
        writeln!(writer, "{line}")?;
    }
    Ok(())
}

fn record(linked: &Linked<'_>, row: u32) -> Value {
    json!({ "list": linked.table.lists()[linked.table.list_of(row)], "id": linked.table.id(row) })
}

fn fields(weights: &[count::model::FieldWeight]) -> Value {
    let field = |one: &count::model::FieldWeight| {
        json!({ "field": one.field, "one": one.one, "other": one.other, "level": one.level,
            "weight": rounded(one.weight), "frequency": rounded(one.frequency) })
    };
    weights.iter().map(field).collect()
}

fn rounded(number: f64) -> f64 {
    (number * 1e4).round() / 1e4
}

/// A column for each list and how many persons are on exactly these: what `mahzar estimate` reads.
fn overlap(writer: &mut BufWriter<File>, linked: &Linked<'_>) -> std::io::Result<()> {
    let mut csv = csv::Writer::from_writer(writer);
    csv.write_record(
        linked
            .table
            .lists()
            .iter()
            .map(String::as_str)
            .chain(["count"]),
    )?;
    for (on, count) in linked.linkage.overlap(linked.table) {
        let cells = on
            .iter()
            .map(|is_on| u8::from(*is_on).to_string())
            .chain([count.to_string()]);
        csv.write_record(cells)?;
    }
    csv.flush()
}

/// For machines.
pub fn summary(configuration: &Configuration, linked: &Linked<'_>) -> Value {
    let (table, linkage) = (linked.table, linked.linkage);
    let totals = Totals::of(linked);
    let mut by_list = vec![0u64; table.lists().len()];
    (0..table.len() as u32).for_each(|row| by_list[table.list_of(row)] += 1);
    let lists: Vec<Value> = table
        .lists()
        .iter()
        .zip(by_list)
        .map(|(list, records)| json!({ "list": list, "records": records }))
        .collect();
    let warning = |one: &count::table::Warning| json!({ "list": one.list, "id": one.id, "field": one.field, "why": one.why.to_string() });
    let records = table.len() as u64;
    json!({
        "program": concat!("mahzar ", env!("CARGO_PKG_VERSION")),
        "method": "Fellegi-Sunter, expectation-maximisation, frequencies of values",
        "seed": configuration.seed, "link_from": configuration.link_from, "review_from": configuration.review_from,
        "lists": lists,
        "records": records, "records_alone": totals.alone, "records_together": totals.records_together,
        "persons": totals.persons, "persons_alone": totals.alone, "persons_together": totals.persons - totals.alone,
        "persons_on_several_lists": totals.on_several_lists,
        "pairs_compared": linkage.compared, "pairs_kept": linkage.links.len(), "pairs_refused": linkage.clusters.refused.len(),
        "review": totals.review,
        "rules": linkage.rules.iter().map(|one| json!({ "rule": one.rule.to_string(), "pairs": one.pairs, "compared": one.compared })).collect::<Vec<_>>(),
        "loss": linkage.loss, "oversize": linkage.oversize,
        "values_taken_as_missing": table.warned(), "warnings": table.warnings().iter().take(100).map(warning).collect::<Vec<_>>(),
        "evaluation": evaluation(linked),
    })
}
