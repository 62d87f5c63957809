//! The papers: links lead somewhere, files that a page names exist, decisions are numbered and say what they cost.

use crate::tree::Tree;

/// Text in backticks that begins like this names a file or a folder of the project.
const NAMED: [&str; 6] = ["crates/", "docs/", "tools/", "fuzz/", "tests/", ".ci/"];

/// Every page with the number and text of each line outside code blocks.
fn pages(tree: &Tree) -> Vec<(&str, Vec<(usize, &str)>)> {
    let pages = tree.texts().filter(|(path, _)| path.ends_with(".md"));
    pages.map(|(path, text)| (path, prose(text))).collect()
}

fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let lines = text.lines().enumerate().filter(|(_, line)| {
        let fence = line.trim_start().starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    });
    lines.map(|(index, line)| (index + 1, line)).collect()
}

fn link_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, lines) in pages(tree) {
        for (line, text) in lines {
            let targets = text
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split_once(')'))
                .map(|(target, _)| target);
            let broken = targets.filter(|target| !leads_somewhere(tree, path, target));
            faults
                .extend(broken.map(|target| {
                    format!("{path}:{line}: a link to {target}, which is not there")
                }));
        }
    }
    faults
}

fn leads_somewhere(tree: &Tree, page: &str, target: &str) -> bool {
    if ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
    {
        return true;
    }
    let (file, heading) = target.split_once('#').unwrap_or((target, ""));
    let file = if file.is_empty() {
        page.to_owned()
    } else {
        beside(page, file)
    };
    tree.has(&file)
        && (heading.is_empty()
            || headings(tree.text(&file).unwrap_or_default()).contains(&heading.to_owned()))
}

/// The path that a relative link in `page` means.
fn beside(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// Headings as links name them: lower case, spaces to hyphens, punctuation gone.
fn headings(text: &str) -> Vec<String> {
    let titles = prose(text)
        .into_iter()
        .filter(|(_, line)| line.starts_with('#'));
    let slug = |title: &str| -> String {
        let kept = title.to_lowercase();
        kept.chars()
            .filter(|one| one.is_alphanumeric() || " -_".contains(*one))
            .map(|one| if one == ' ' { '-' } else { one })
            .collect()
    };
    titles
        .map(|(_, line)| slug(line.trim_start_matches('#').trim()))
        .collect()
}

fn naming_faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, lines) in pages(tree) {
        for (line, text) in lines {
            let quoted = text.split('`').skip(1).step_by(2);
            let names = quoted.filter(|name| NAMED.iter().any(|start| name.starts_with(start)));
            // `docs/*.md` and `tile/<L>` are patterns, `tools/test fmt` is a command.
            let plain = names
                .map(|name| name.split(' ').next().unwrap_or(name))
                .filter(|name| !name.contains(['*', '<', '{', '…']));
            let missing = plain.filter(|name| !tree.has(name.trim_end_matches('/')));
            faults.extend(
                missing.map(|name| format!("{path}:{line}: names {name}, which is not there")),
            );
        }
    }
    faults
}

fn decision_faults(tree: &Tree) -> Vec<String> {
    let decisions: Vec<&str> = tree
        .paths()
        .filter(|path| path.starts_with("docs/decisions/"))
        .collect();
    let mut faults = Vec::new();
    for (index, path) in decisions.iter().enumerate() {
        if !path.starts_with(&format!("docs/decisions/{:04}-", index + 1)) {
            faults.push(format!(
                "{path}: decisions are numbered from 0001 without gaps"
            ));
        }
        if !tree.text(path).unwrap_or_default().contains("\n## Cost\n") {
            faults.push(format!("{path}: does not say what it costs"));
        }
    }
    faults
}

#[test]
fn links_lead_somewhere() {
    crate::none(link_faults(&Tree::of_project()));
}

#[test]
fn files_named_in_pages_exist() {
    crate::none(naming_faults(&Tree::of_project()));
}

#[test]
fn decisions_are_numbered_and_say_what_they_cost() {
    crate::none(decision_faults(&Tree::of_project()));
}

#[cfg(test)]
mod samples {
    use super::*;

    #[test]
    fn a_broken_link_is_found() {
        let page = |text: &str| {
            Tree::sample(&[
                ("docs/a.md", text),
                ("docs/spec/b.md", "# One, two"),
                ("LICENSE", ""),
            ])
        };
        for good in [
            "[x](spec/b.md)",
            "[x](../LICENSE)",
            "[x](https://c2sp.org)",
            "[x](spec/b.md#one-two)",
            "# Top\n[x](#top)",
        ] {
            crate::none(link_faults(&page(good)));
        }
        for bad in [
            "[x](b.md)",
            "[x](spec/b.md#three)",
            "![x](images/none.png)",
            "[x](#none)",
        ] {
            assert_eq!(link_faults(&page(bad)).len(), 1, "{bad}");
        }
        assert!(link_faults(&page("```\n[x](b.md)\n```")).is_empty());
    }

    #[test]
    fn a_file_that_is_not_there_is_found() {
        let tree = |text: &str| Tree::sample(&[("a.md", text), ("tools/test", "")]);
        crate::none(naming_faults(&tree(
            "`tools/test fmt` and `tools/` and `docs/*.md` and `other/thing`",
        )));
        assert_eq!(naming_faults(&tree("`tools/none`")).len(), 1);
    }

    #[test]
    fn a_decision_out_of_order_or_without_cost_is_found() {
        let one = ("docs/decisions/0001-a.md", "# A\n\n## Cost\n\nNone.");
        assert!(decision_faults(&Tree::sample(&[one])).is_empty());
        assert_eq!(
            decision_faults(&Tree::sample(&[
                one,
                ("docs/decisions/0003-b.md", "\n## Cost\n")
            ]))
            .len(),
            1
        );
        assert_eq!(
            decision_faults(&Tree::sample(&[("docs/decisions/0001-a.md", "# A")])).len(),
            1
        );
    }
}
