//! Links one CSV file with a gold column, for trying out.
use count::{
    evaluation,
    field::{Field, Role},
    linkage::{self, Settings, Silent},
    table::Builder,
};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let fields: Vec<Field> = args[2]
        .split(',')
        .map(|one| {
            let (name, role) = one.split_once('=').unwrap();
            Field {
                name: name.into(),
                role: serde_json::from_value::<Role>(serde_json::json!(role)).unwrap(),
                calendar: None,
            }
        })
        .collect();
    let t0 = std::time::Instant::now();
    let mut builder = Builder::new(fields).unwrap();
    let columns: Vec<usize> = builder
        .fields()
        .map(|f| head.iter().position(|h| *h == f.name).unwrap())
        .collect();
    let gold_at = head.iter().position(|h| *h == "gold").unwrap();
    let mut gold = std::collections::HashMap::new();
    for (n, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split('\t').collect();
        let id = n.to_string();
        gold.insert(id.clone(), cells[gold_at].to_string());
        builder
            .push(
                "list",
                &id,
                columns.iter().map(|c| cells.get(*c).copied().unwrap_or("")),
            )
            .unwrap();
    }
    let table = builder.finish().unwrap();
    eprintln!("read {:?} warned {}", t0.elapsed(), table.warned());
    let settings = Settings {
        threads: 2,
        ..Settings::default()
    };
    let linked = linkage::link(&table, &settings, &Silent).unwrap();
    eprintln!(
        "linked {:?} compared {} links {} refused {}",
        t0.elapsed(),
        linked.compared,
        linked.links.len(),
        linked.clusters.refused.len()
    );
    for rule in &linked.rules {
        eprintln!("  {} {} {}", rule.rule, rule.pairs, rule.compared);
    }
    eprintln!("{:?} oversize {}", linked.loss, linked.oversize.len());
    let mut names = std::collections::HashMap::new();
    let score = |of: &[u32], names: &mut std::collections::HashMap<String, u64>| {
        let pairs: Vec<(u64, u64)> = (0..table.len())
            .map(|row| {
                let n = names.len() as u64;
                (
                    u64::from(of[row]),
                    *names.entry(gold[table.id(row as u32)].clone()).or_insert(n),
                )
            })
            .collect();
        evaluation::evaluate(&pairs)
    };
    let e = score(&linked.clusters.of, &mut names);
    println!(
        "P {:.4} R {:.4} F1 {:.4} B3 {:.4}",
        e.precision, e.recall, e.f1, e.bcubed_f1
    );
    if args.len() > 3 {
        for f in &linked.model.fields {
            println!("{} m {:.4?} u {:.5?}", f.field, f.m, f.u);
        }
        println!("prior {}", linked.model.prior);
        let mut explainer = linked.explainer(&table);
        for q in linked.links.iter() {
            let same = gold[table.id(q.one)] == gold[table.id(q.other)];
            let linked_ =
                linked.clusters.of[q.one as usize] == linked.clusters.of[q.other as usize];
            if same != linked_ {
                println!("same {same} w {:.1}", q.weight);
                for w in explainer.explain(q.one, q.other) {
                    println!(
                        "    {} {:?} {:?} {} {:.1} {:.1}",
                        w.field, w.one, w.other, w.level, w.weight, w.frequency
                    );
                }
            }
        }
    }
}
