//! The answer for programs: the same fields as `tools/verify.py --json`.

use record::hash::Hash;
use record::policy::Countersigned;
use record::timestamp::Timestamp;
use record::{bundle, exhibit, proof::Extra};
use serde_json::{Map, Value, json};

use crate::checking::Outcome;

/// One object and a newline.
pub fn text(outcome: &Outcome) -> String {
    let value = match outcome {
        Outcome::Bundle(report) => of_bundle(report),
        Outcome::Proof(report) => of_proof(report),
        Outcome::DoesNotHold(reason, detail) => {
            refused("does_not_hold", reason.name(), reason, detail)
        }
        Outcome::Malformed(reason, detail) => refused("malformed", reason.name(), reason, detail),
        Outcome::Unreadable(unreadable) => {
            let detail = format!("{}: {}", unreadable.path.display(), unreadable.cause);
            refused("malformed", "unreadable", &"it cannot be read", &detail)
        }
    };
    format!("{value}\n")
}

fn refused(result: &str, reason: &str, message: &dyn std::fmt::Display, detail: &str) -> Value {
    json!({ "result": result, "reason": reason, "message": message.to_string(), "detail": detail })
}

fn of_bundle(report: &bundle::Report) -> Value {
    let mut fields = of_record(
        report.office.as_str(),
        report.tree_size,
        &report.root,
        &report.countersigned,
    );
    let exhibits: Vec<Value> = report.exhibits.iter().map(of_exhibit).collect();
    fields.insert("title".to_owned(), report.title.as_str().into());
    fields.insert("day".to_owned(), report.day.to_string().into());
    fields.insert("admission".to_owned(), report.admission_index.into());
    fields.insert("publication".to_owned(), report.publication_index.into());
    fields.insert("exhibits".to_owned(), exhibits.into());
    fields.into()
}

fn of_exhibit(exhibit: &bundle::ExhibitReport) -> Value {
    json!({
        "number": exhibit.number,
        "path": exhibit.path.as_str(),
        "media_type": exhibit.media_type.as_str(),
        "size": exhibit.size,
        "sha256": exhibit.sha256.to_string(),
        "index": exhibit.index,
    })
}

fn of_proof(report: &exhibit::Report) -> Value {
    let circle = match report.extra {
        Extra::Private(_) => "private",
        Extra::Public(_) => "public",
    };
    let mut fields = of_record(
        report.office.as_str(),
        report.tree_size,
        &report.root,
        &report.countersigned,
    );
    fields.insert("index".to_owned(), report.index.into());
    fields.insert("size".to_owned(), report.size.into());
    fields.insert("sha256".to_owned(), report.sha256.to_string().into());
    fields.insert("circle".to_owned(), circle.into());
    fields.into()
}

fn of_record(
    office: &str,
    size: u64,
    root: &Hash,
    countersigned: &[Countersigned],
) -> Map<String, Value> {
    let countersigned: Vec<Value> = countersigned
        .iter()
        .map(|one| {
            json!({
                "name": one.name.to_string(),
                "key_name": one.key_name.as_str(),
                "time": one.unix_seconds,
                "at": moment(one.unix_seconds),
            })
        })
        .collect();
    let fields = [
        ("result", "holds".into()),
        ("reason", Value::Null),
        ("office", office.into()),
        ("record_size", size.into()),
        ("root", root.to_base64().into()),
        ("countersigned", countersigned.into()),
    ];
    fields
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// `2025-10-09T08:53:20Z`; a time past the year 9999 is said in seconds.
pub fn moment(unix_seconds: u64) -> String {
    match Timestamp::from_unix_seconds(unix_seconds) {
        Ok(moment) => moment.to_string(),
        Err(_) => format!("{unix_seconds} seconds after 1970-01-01T00:00:00Z"),
    }
}
