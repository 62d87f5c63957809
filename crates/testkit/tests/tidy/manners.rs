//! What nobody leaves behind: skipped tests, unfinished code, silenced lints, sleeps.

use crate::tree::Tree;

/// Forbidden in all Rust code, looked for without spaces.
const NEVER: [(&str, &str); 9] = [
    ("#[ignore", "a skipped test"),
    ("todo!(", "unfinished code"),
    ("unimplemented!(", "unfinished code"),
    ("dbg!(", "a print left behind"),
    (
        "#[allow(",
        "a silenced lint; #[expect(…, reason = …)] says why and ends when it is needless",
    ),
    (
        "#![allow(",
        "a silenced lint; #[expect(…, reason = …)] says why and ends when it is needless",
    ),
    ("unsafe{", "unsafe code"),
    ("unsafefn", "unsafe code"),
    ("unsafeimpl", "unsafe code"),
];

/// A test that waits for time to pass is slow on a good day and wrong on a bad one.
const NOT_IN_TESTS: [&str; 3] = ["thread::sleep", "time::sleep", "sleep(Duration"];

/// Marks of unfinished work, in any file. Put together here, so that this list is not one of them.
const UNFINISHED: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
];

fn code_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for source in tree.sources() {
        for (line, code) in source.lines() {
            let tight: String = code.split_whitespace().collect();
            let never = NEVER.iter().filter(|(name, _)| tight.contains(name));
            faults.extend(
                never.map(|(name, why)| format!("{}:{line}: {name} is {why}", source.path)),
            );
            let sleeps = NOT_IN_TESTS
                .iter()
                .filter(|name| source.is_test(line) && tight.contains(*name));
            faults.extend(sleeps.map(|name| format!("{}:{line}: {name} in a test", source.path)));
            if tight.starts_with("#[expect(") && !reason_follows(&source.code, line) {
                faults.push(format!(
                    "{}:{line}: #[expect] without a reason",
                    source.path
                ));
            }
        }
    }
    faults
}

/// Whether the attribute that begins on `line` has a reason before its `]`.
fn reason_follows(code: &str, line: usize) -> bool {
    let rest: String = code.lines().skip(line - 1).collect::<Vec<_>>().join("\n");
    rest.split_once(']')
        .is_some_and(|(attribute, _)| attribute.contains("reason"))
}

fn unfinished_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        for (index, line) in text.lines().enumerate() {
            let marks = UNFINISHED.iter().filter(|mark| line.contains(*mark));
            faults.extend(marks.map(|mark| format!("{path}:{}: {mark}", index + 1)));
        }
    }
    faults
}

#[test]
fn nothing_is_skipped_silenced_or_unfinished() {
    crate::none(code_faults(&Tree::of_project()));
}

#[test]
fn no_file_carries_a_mark_of_unfinished_work() {
    crate::none(unfinished_faults(&Tree::of_project()));
}

#[cfg(test)]
mod samples {
    use super::*;

    fn in_tests(code: &str) -> usize {
        code_faults(&Tree::sample(&[("crates/a/tests/a.rs", code)])).len()
    }

    #[test]
    fn bad_manners_are_found() {
        assert_eq!(
            in_tests(
                "#[expect(clippy::unwrap_used, reason = \"r\")]\nfn a() {}\n// todo!()\nconst A: &str = \"#[allow(\";"
            ),
            0
        );
        assert_eq!(
            in_tests("#[expect(\n    clippy::unwrap_used,\n    reason = \"r\"\n)]\nfn a() {}"),
            0
        );
        for bad in [
            "#[ignore]\n#[test]\nfn a() {}",
            "fn a() { todo!() }",
            "#[allow(dead_code)]\nfn a() {}",
            "#![allow(dead_code)]",
            "#[expect(dead_code)]\nfn a() {}",
            "fn a() { unsafe { b() } }",
            "fn a() { std::thread::sleep(x); }",
        ] {
            assert_eq!(in_tests(bad), 1, "{bad}");
        }
        assert!(
            code_faults(&Tree::sample(&[(
                "crates/a/src/a.rs",
                "fn a() { thread::sleep(x); }"
            )]))
            .is_empty()
        );
    }

    #[test]
    fn unfinished_work_is_found() {
        assert_eq!(
            unfinished_faults(&Tree::sample(&[(
                "a.md",
                concat!("ok\n", "TO", "DO later")
            )]))
            .len(),
            1
        );
    }
}
