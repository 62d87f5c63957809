//! The three that judge, and what passes between them.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use record::policy::Policy;
use record::verdict::Failure;
use serde::{Deserialize, Serialize};

/// A bundle, or a proof with its content, and the policy to judge it by.
pub struct Input {
    pub name: String,
    pub policy: Vec<u8>,
    pub subject: Vec<u8>,
    pub content: Option<Vec<u8>>,
}

/// What a verifier says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Answer {
    pub result: String,
    pub reason: Option<String>,
}

#[derive(Serialize)]
struct Asked<'a> {
    mode: &'a str,
    lengths: [usize; 3],
}

impl Input {
    fn content(&self) -> &[u8] {
        self.content.as_deref().unwrap_or_default()
    }

    /// Writes the input where it can be looked at; the folder.
    pub fn keep(&self, seed: u64) -> String {
        let name = format!("disagreement-{seed}-{}", self.name.replace(' ', "-"));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a folder for the input can be made");
        let parts = [
            ("policy", &self.policy[..]),
            ("subject", &self.subject),
            ("content", self.content()),
        ];
        for (name, bytes) in parts {
            fs::write(folder.join(name), bytes).expect("the input can be kept");
        }
        folder.display().to_string()
    }
}

/// Rust.
pub fn library(input: &Input) -> Answer {
    let judged = Policy::parse(&input.policy)
        .map_err(Failure::from)
        .and_then(|policy| match &input.content {
            None => record::bundle::verify(&input.subject[..], &policy).map(drop),
            Some(content) => {
                record::exhibit::verify(&input.subject, &content[..], &policy).map(drop)
            }
        });
    let (result, reason) = match judged {
        Ok(()) => ("holds", None),
        Err(Failure::DoesNotHold(reason, _)) => ("does_not_hold", Some(reason.name())),
        Err(Failure::Malformed(reason, _)) => ("malformed", Some(reason.name())),
        Err(Failure::Unreadable(error)) => {
            panic!("{}: memory could not be read: {error}", input.name)
        }
    };
    Answer {
        result: result.to_owned(),
        reason: reason.map(str::to_owned),
    }
}

/// JavaScript, in a process of its own for the whole test.
pub struct Browser {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Browser {
    pub fn start() -> Browser {
        let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agree/judge.mjs");
        let mut child = Command::new("node")
            .arg("--no-warnings")
            .arg(judge)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs the browser's verifier; install nodejs");
        let questions = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        Browser {
            child,
            questions,
            answers,
        }
    }

    pub fn judge(&mut self, input: &Input) -> Answer {
        let asked = Asked {
            mode: if input.content.is_some() {
                "proof"
            } else {
                "bundle"
            },
            lengths: [
                input.policy.len(),
                input.subject.len(),
                input.content().len(),
            ],
        };
        let mut question = serde_json::to_vec(&asked).expect("a question is JSON");
        question.push(b'\n');
        question.extend([&input.policy[..], &input.subject, input.content()].concat());
        let questions = self
            .questions
            .as_mut()
            .expect("it takes questions until it is dropped");
        questions
            .write_all(&question)
            .expect("JavaScript takes the question");
        let mut line = String::new();
        self.answers
            .read_line(&mut line)
            .expect("JavaScript answers in text");
        serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("{}: JavaScript gave no answer: {error}", input.name))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.questions.take());
        // It ends by itself when there are no more questions; if not, the test has failed already.
        let _ = self.child.wait();
    }
}

/// An input that `tools/agree.py` made, and what Python says of it.
pub struct Made {
    pub input: Input,
    pub python: Answer,
}

#[derive(Deserialize)]
struct Head {
    name: String,
    mode: String,
    lengths: [usize; 3],
    #[serde(flatten)]
    answer: Answer,
}

/// `tools/agree.py` at work.
pub struct Maker {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Maker {
    /// Makes `count` inputs from a seed.
    pub fn start(seed: u64, count: u64) -> Maker {
        let script: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/agree.py");
        let mut child = Command::new("python3")
            .arg("-B")
            .arg(script)
            .args([seed.to_string(), count.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 makes the faults; install python3");
        let output = BufReader::new(child.stdout.take().expect("its output is a pipe"));
        Maker { child, output }
    }
}

impl Iterator for Maker {
    type Item = Made;

    fn next(&mut self) -> Option<Made> {
        let made = read(&mut self.output);
        if made.is_none() {
            let ended = self.child.wait().expect("python3 ends");
            assert!(ended.success(), "tools/agree.py failed: {ended}");
        }
        made
    }
}

fn read(output: &mut BufReader<ChildStdout>) -> Option<Made> {
    let mut line = String::new();
    output
        .read_line(&mut line)
        .expect("Python writes text before each input");
    if line.is_empty() {
        return None;
    }
    let head: Head = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line}: {error}"));
    let mut part = |length: usize| {
        let mut bytes = vec![0; length];
        output
            .read_exact(&mut bytes)
            .expect("Python writes the whole input");
        bytes
    };
    let [policy, subject, content] = head.lengths.map(&mut part);
    let input = Input {
        name: head.name,
        policy,
        subject,
        content: (head.mode == "proof").then_some(content),
    };
    Some(Made {
        input,
        python: head.answer,
    })
}
