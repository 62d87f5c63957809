//! A Rust file taken apart just far enough for the rules: code without comments and literals, the literals, the functions.

/// One Rust file.
pub struct Source {
    pub path: String,
    /// The text with comments and the insides of literals blanked out; lines stay where they were.
    pub code: String,
    /// String literals with the line they begin on.
    pub literals: Vec<(usize, String)>,
    /// Comments with the line they begin on.
    pub comments: Vec<(usize, String)>,
    /// Lines that only tests compile, from 1, as half-open ranges.
    test_lines: Vec<(usize, usize)>,
}

/// A function with a body: its name, first line and number of lines.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

impl Source {
    pub fn read(path: &str, text: &str) -> Source {
        let mut reader = Reader {
            text: text.chars().collect(),
            at: 0,
            line: 1,
            code: String::new(),
        };
        let (mut literals, mut comments) = (Vec::new(), Vec::new());
        while reader.at < reader.text.len() {
            reader.step(&mut literals, &mut comments);
        }
        let mut source = Source {
            path: path.to_owned(),
            code: reader.code,
            literals,
            comments,
            test_lines: Vec::new(),
        };
        source.test_lines = source.inline_test_modules();
        if path.contains("/tests/") || path.contains("/benches/") || path.contains("/examples/") {
            source.test_lines = vec![(1, usize::MAX)];
        }
        source
    }

    /// The folder under `crates/`, or the empty string.
    pub fn room(&self) -> &str {
        self.path
            .strip_prefix("crates/")
            .and_then(|rest| rest.split('/').next())
            .unwrap_or_default()
    }

    /// Whether a line is compiled for tests only.
    pub fn is_test(&self, line: usize) -> bool {
        self.test_lines
            .iter()
            .any(|(from, to)| (*from..*to).contains(&line))
    }

    /// Lines of code with their numbers from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    /// The code that ships: lines that only tests compile are left out.
    pub fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        self.lines().filter(|(line, _)| !self.is_test(*line))
    }

    /// Every function with a body, nested ones too.
    pub fn functions(&self) -> Vec<Function> {
        let code: Vec<char> = self.code.chars().collect();
        let starts = (0..code.len()).filter(|at| word_at(&code, *at, "fn"));
        starts.filter_map(|at| function_at(&code, at)).collect()
    }

    fn inline_test_modules(&self) -> Vec<(usize, usize)> {
        let code: Vec<char> = self.code.chars().collect();
        let mark: Vec<char> = "#[cfg(test)]".chars().collect();
        let mut found = Vec::new();
        for at in 0..code.len() {
            if code[at..].starts_with(&mark)
                && let Some((open, close)) = body_after(&code, at + mark.len())
            {
                found.push((line_of(&code, at.min(open)), line_of(&code, close) + 1));
            }
        }
        found
    }

    /// Names of modules declared as `#[cfg(test)] mod name;`.
    fn declared_test_modules(&self) -> Vec<String> {
        let code: String = self.code.split_whitespace().collect::<Vec<_>>().join(" ");
        let after = code.split("#[cfg(test)] mod ").skip(1);
        after
            .filter_map(|rest| rest.split_once(';'))
            .map(|(name, _)| name.to_owned())
            .filter(|name| is_word(name))
            .collect()
    }
}

/// A file that its parent declares as `#[cfg(test)] mod name;` is a test from end to end.
pub fn mark_test_modules(sources: &mut [Source]) {
    let mut tests = Vec::new();
    for source in sources.iter() {
        let stem = source.path.trim_end_matches(".rs");
        let folder = match stem.rsplit_once('/') {
            Some((folder, "lib" | "main" | "mod")) => folder,
            _ => stem,
        };
        for name in source.declared_test_modules() {
            tests.push(format!("{folder}/{name}.rs"));
            tests.push(format!("{folder}/{name}/"));
        }
    }
    for source in sources.iter_mut() {
        if tests.iter().any(|test| {
            source.path == *test || (test.ends_with('/') && source.path.starts_with(test))
        }) {
            source.test_lines = vec![(1, usize::MAX)];
        }
    }
}

struct Reader {
    text: Vec<char>,
    at: usize,
    line: usize,
    code: String,
}

impl Reader {
    fn peek(&self, ahead: usize) -> char {
        self.text.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn keep(&mut self) {
        let next = self.peek(0);
        self.line += usize::from(next == '\n');
        self.code.push(next);
        self.at += 1;
    }

    /// Takes one character and leaves a blank (or the line's end) in the code.
    fn blank(&mut self, taken: &mut String) {
        let next = self.peek(0);
        taken.push(next);
        self.line += usize::from(next == '\n');
        self.code.push(if next == '\n' { '\n' } else { ' ' });
        self.at += 1;
    }

    fn step(&mut self, literals: &mut Vec<(usize, String)>, comments: &mut Vec<(usize, String)>) {
        let line = self.line;
        match (self.peek(0), self.peek(1)) {
            ('/', '/') => comments.push((line, self.line_comment())),
            ('/', '*') => comments.push((line, self.block_comment())),
            ('"', _) => literals.push((line, self.string())),
            ('r', '"' | '#') if !self.inside_word() && self.raw_hashes(1).is_some() => {
                literals.push((line, self.raw(1)))
            }
            ('b' | 'c', 'r') if !self.inside_word() && self.raw_hashes(2).is_some() => {
                literals.push((line, self.raw(2)))
            }
            ('\'', _) => self.quote(),
            _ => self.keep(),
        }
    }

    fn inside_word(&self) -> bool {
        self.at > 0 && (self.text[self.at - 1].is_alphanumeric() || self.text[self.at - 1] == '_')
    }

    fn line_comment(&mut self) -> String {
        let mut taken = String::new();
        while self.at < self.text.len() && self.peek(0) != '\n' {
            self.blank(&mut taken);
        }
        taken
    }

    fn block_comment(&mut self) -> String {
        let (mut taken, mut depth) = (String::new(), 0);
        while self.at < self.text.len() {
            match (self.peek(0), self.peek(1)) {
                ('/', '*') => depth += 1,
                ('*', '/') => depth -= 1,
                _ => {
                    self.blank(&mut taken);
                    continue;
                }
            }
            self.blank(&mut taken);
            self.blank(&mut taken);
            if depth == 0 {
                break;
            }
        }
        taken
    }

    fn string(&mut self) -> String {
        let mut taken = String::new();
        self.keep();
        while self.at < self.text.len() && self.peek(0) != '"' {
            if self.peek(0) == '\\' {
                self.blank(&mut taken);
            }
            self.blank(&mut taken);
        }
        self.keep();
        taken
    }

    /// The number of `#` before the quote of a raw string that begins `prefix` characters back.
    fn raw_hashes(&self, prefix: usize) -> Option<usize> {
        let hashes = self
            .text
            .iter()
            .skip(self.at + prefix)
            .take_while(|next| **next == '#')
            .count();
        (self.peek(prefix + hashes) == '"').then_some(hashes)
    }

    fn raw(&mut self, prefix: usize) -> String {
        let hashes = self.raw_hashes(prefix).unwrap_or_default();
        for _ in 0..=prefix + hashes {
            self.keep();
        }
        let mut taken = String::new();
        while self.at < self.text.len() {
            if self.peek(0) == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == '#') {
                break;
            }
            self.blank(&mut taken);
        }
        for _ in 0..=hashes {
            self.keep();
        }
        taken
    }

    /// A character literal is blanked; a lifetime or a label is code.
    fn quote(&mut self) {
        let mut taken = String::new();
        if self.peek(1) == '\\' {
            self.keep();
            self.blank(&mut taken);
            self.blank(&mut taken);
            while self.at < self.text.len() && self.peek(0) != '\'' {
                self.blank(&mut taken);
            }
        } else if self.peek(2) == '\'' {
            self.keep();
            self.blank(&mut taken);
        }
        self.keep();
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|one| one.is_alphanumeric() || one == '_')
}

fn word_at(code: &[char], at: usize, word: &str) -> bool {
    let in_word = |index: usize| {
        code.get(index)
            .is_some_and(|one| one.is_alphanumeric() || *one == '_')
    };
    let end = at + word.len();
    code[at..].iter().take(word.len()).copied().eq(word.chars())
        && !in_word(end)
        && (at == 0 || !in_word(at - 1))
}

fn line_of(code: &[char], at: usize) -> usize {
    1 + code[..at].iter().filter(|one| **one == '\n').count()
}

/// The braces of the body that follows, unless a `;` outside parentheses comes first.
fn body_after(code: &[char], from: usize) -> Option<(usize, usize)> {
    let mut depth = 0usize;
    let open = (from..code.len()).find_map(|at| {
        match code[at] {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ';' if depth == 0 => return Some(None),
            '{' if depth == 0 => return Some(Some(at)),
            _ => {}
        }
        None
    })??;
    let mut braces = 0usize;
    for (at, one) in code.iter().enumerate().skip(open) {
        match one {
            '{' => braces += 1,
            '}' => braces -= 1,
            _ => {}
        }
        if braces == 0 {
            return Some((open, at));
        }
    }
    None
}

fn function_at(code: &[char], at: usize) -> Option<Function> {
    let name: String = code[at + 2..]
        .iter()
        .skip_while(|one| one.is_whitespace())
        .take_while(|one| one.is_alphanumeric() || **one == '_')
        .collect();
    // `fn(u8) -> u8` is a type.
    if name.is_empty() {
        return None;
    }
    let (_, close) = body_after(code, at)?;
    let line = line_of(code, at);
    Some(Function {
        name,
        line,
        lines: line_of(code, close) - line + 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r##"//! doc
fn one<'a>(x: &'a str) -> char { /* a { brace */ '{' }
const S: &str = "SELECT \" {";
const R: &str = r#"raw " { "#;
trait T { fn none(&self) -> [u8; 4]; }
fn two(f: fn(u8) -> u8) {
    let b = br"{";
    let c = '\'';
}
#[cfg(test)]
mod tests {
    fn three() {}
}
fn four() {}
"##;

    #[test]
    fn comments_and_literals_are_told_from_code() {
        let source = Source::read("crates/record/src/x.rs", SAMPLE);
        let literals: Vec<&str> = source
            .literals
            .iter()
            .map(|(_, text)| text.as_str())
            .collect();
        assert_eq!(literals, ["SELECT \\\" {", "raw \" { ", "{"]);
        assert_eq!(source.literals[0].0, 3);
        assert_eq!(source.comments.len(), 2);
        assert!(
            !source.code.contains("SELECT")
                && !source.code.contains("brace")
                && source.code.contains("'a str")
        );
        assert_eq!(source.code.lines().count(), SAMPLE.lines().count());
        assert_eq!(source.room(), "record");
    }

    #[test]
    fn functions_are_measured() {
        let found = Source::read("x.rs", SAMPLE).functions();
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.line, one.lines))
            .collect();
        assert_eq!(
            found,
            [
                ("one", 2, 1),
                ("two", 6, 4),
                ("three", 12, 1),
                ("four", 14, 1)
            ]
        );
    }

    #[test]
    fn what_only_tests_compile_is_known() {
        let source = Source::read("crates/record/src/x.rs", SAMPLE);
        assert!(source.is_test(10) && source.is_test(12) && source.is_test(13));
        assert!(!source.is_test(9) && !source.is_test(14));
        assert!(Source::read("crates/record/tests/x.rs", "fn a() {}").is_test(1));

        let mut all =
            ["a/lib.rs", "a/proof.rs", "a/proof/bad.rs"].map(|path| Source::read(path, ""));
        all[0] = Source::read("a/lib.rs", "#[cfg(test)]\nmod proof;\nmod other;");
        mark_test_modules(&mut all);
        assert_eq!(
            all.each_ref().map(|one| one.is_test(1)),
            [false, true, true]
        );
    }
}
