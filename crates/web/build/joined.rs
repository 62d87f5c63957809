//! Joins modules into one script, because browsers load no modules from a saved file. `tests/js` holds that ours can be
//! joined: imports on one line, exports before a declaration, no name used for two things.

use std::fmt::Write as _;
use std::path::Path;

use crate::{Outcome, read};

/// The module `name` of `folder`, behind all that it needs and after `before`, as one script.
pub fn joined(folder: &Path, name: &str, before: &str, after: &str) -> Outcome<String> {
    let mut names = Vec::new();
    in_order(folder, name, &mut names)?;
    let mut script = format!("(() => {{\n\"use strict\";\n{before}");
    for name in &names {
        script.push_str(&without_modules(&text(&folder.join(name))?));
    }
    script.push_str(after);
    script.push_str("})();\n");
    Ok(script)
}

/// The modules that `name` needs, each after those that it needs, itself last.
fn in_order(folder: &Path, name: &str, found: &mut Vec<String>) -> Outcome<()> {
    let module = text(&folder.join(name))?;
    for needed in module.lines().filter_map(imported) {
        in_order(folder, needed, found)?;
    }
    if !found.iter().any(|one| one == name) {
        found.push(name.to_owned());
    }
    Ok(())
}

fn imported(line: &str) -> Option<&str> {
    let (_, path) = line.strip_prefix("import { ")?.split_once("from \"./")?;
    path.strip_suffix("\";")
}

fn without_modules(module: &str) -> String {
    let kept = module.lines().filter(|line| imported(line).is_none());
    kept.map(|line| format!("{}\n", line.strip_prefix("export ").unwrap_or(line)))
        .collect()
}

/// Modules of `@noble/curves` that make points of an Edwards curve, each after those that it needs.
const NOBLE: [(&str, &str); 5] = [
    ("hashes_utils", "hashes/utils.js"),
    ("utils", "curves/utils.js"),
    ("modular", "curves/abstract/modular.js"),
    ("curve", "curves/abstract/curve.js"),
    ("edwards", "curves/abstract/edwards.js"),
];

/// A script that sets `nobleEdwards`. Others' modules use a name for two things, so each becomes a function that gives
/// what it exports.
pub fn noble(packages: &Path) -> Outcome<String> {
    let mut script = String::new();
    for (name, path) in NOBLE {
        let module = text(&packages.join("@noble").join(path))?;
        write!(
            script,
            "const noble_{name} = (() => {{\n{}}})();\n",
            enclosed(&module)?
        )?;
    }
    script.push_str("const nobleEdwards = noble_edwards.edwards;\n");
    Ok(script)
}

/// The module's body with its imports taken from the other functions, and its exports returned.
fn enclosed(module: &str) -> Outcome<String> {
    let mut body = String::new();
    let mut exported = Vec::new();
    for line in without_remarks(module) {
        if line.starts_with("import ") {
            body.push_str(&taken(line)?);
        } else if let Some(declaration) = line.strip_prefix("export ") {
            exported.push(declared(declaration)?);
            writeln!(body, "{declaration}")?;
        } else {
            writeln!(body, "{line}")?;
        }
    }
    writeln!(body, "return {{ {} }};", exported.join(", "))?;
    Ok(body)
}

/// The lines that are not remarks by themselves; the licence's stays.
fn without_remarks(module: &str) -> Vec<&str> {
    let mut is_inside = false;
    let mut kept = Vec::new();
    for line in module.lines() {
        let start = line.trim_start();
        let begins = start.starts_with("/*") && !start.starts_with("/*!") && !start.contains("*/ ");
        is_inside |= begins;
        if !is_inside && !start.starts_with("//") {
            kept.push(line);
        }
        is_inside &= !line.trim_end().ends_with("*/");
    }
    kept
}

fn taken(line: &str) -> Outcome<String> {
    let (names, path) = line
        .strip_prefix("import {")
        .and_then(|rest| rest.split_once("} from "))
        .ok_or_else(|| format!("an import of a form that is not known: {line}"))?;
    let path = path.trim_matches(|letter| "'\";".contains(letter));
    let file = path.rsplit('/').next().unwrap_or(path);
    let name = match (path.starts_with("@noble/hashes/"), file) {
        (true, "utils.js") => "hashes_utils",
        (false, "utils.js") => "utils",
        (false, "modular.js") => "modular",
        (false, "curve.js") => "curve",
        _ => return Err(format!("a module that is not joined: {path}").into()),
    };
    let names = names.replace(" as ", ": ");
    Ok(format!("const {{ {names} }} = noble_{name};\n"))
}

fn declared(declaration: &str) -> Outcome<&str> {
    let rest = ["async function ", "function ", "const ", "class "]
        .iter()
        .find_map(|kind| declaration.strip_prefix(kind));
    let rest =
        rest.ok_or_else(|| format!("an export of a form that is not known: {declaration}"))?;
    let end = rest
        .find(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .unwrap_or(rest.len());
    Ok(&rest[..end])
}

fn text(path: &Path) -> Outcome<String> {
    Ok(String::from_utf8(read(path)?)?)
}
