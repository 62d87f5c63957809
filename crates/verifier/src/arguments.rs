//! The command line. Read by hand: a checker that outsiders should be able to read whole takes no crate for five options.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::election::is_archive;
use crate::words::Language;

/// What `--help` prints.
pub const USAGE: &str = "\
Checks a bundle, or one file and its proof, against a policy, or the archive of
a secret ballot. Needs no network.

  mahzar-verify BUNDLE --policy FILE
  mahzar-verify PROOF.tlog-proof --content FILE --policy FILE
  mahzar-verify ELECTION.bel

  BUNDLE              a .mahzar file; - reads it from standard input
  ELECTION.bel        the archive of a secret ballot; it needs no policy
  --policy FILE       whose signatures you trust, in C2SP's tlog-policy format;
                      get it by another way than the bundle
  --content FILE      the file that the proof is about
  --lang en|fa|ar|fr  the language of the answer; English otherwise
  --json              the answer as one JSON object
  --help, --version

Exit code 0: it holds. 1: it does not hold. 2: it is malformed or cannot be read.
";

/// What is asked of the program.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// To check something.
    Check(Arguments),
    /// To check the archive of a ballot.
    Election {
        /// The archive.
        subject: PathBuf,
        /// Of the answer.
        language: Language,
        /// Whether the answer is JSON.
        json: bool,
    },
    /// To say how it is used.
    Help,
    /// To say its version.
    Version,
}

/// What to check, and how to answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// The bundle, or the proof if there is content.
    pub subject: PathBuf,
    /// The policy file.
    pub policy: PathBuf,
    /// What the proof is about.
    pub content: Option<PathBuf>,
    /// Of the answer.
    pub language: Language,
    /// Whether the answer is JSON.
    pub json: bool,
}

/// Why the command line cannot be followed. Correct it; `--help` shows what is understood.
#[derive(Debug, PartialEq, Eq)]
pub enum ArgumentError {
    /// An option that is not known.
    Unknown(String),
    /// An option without its value.
    NoValue(&'static str),
    /// An option given twice.
    Twice(&'static str),
    /// A language that the program does not speak.
    Language(String),
    /// No bundle or proof is named.
    NoSubject,
    /// More than one is.
    TwoSubjects,
    /// No policy is named.
    NoPolicy,
}

impl std::fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ArgumentError::Unknown(option) => write!(f, "there is no option {option}"),
            ArgumentError::NoValue(option) => write!(f, "{option} needs a value"),
            ArgumentError::Twice(option) => write!(f, "{option} is given twice"),
            ArgumentError::Language(tag) => {
                write!(f, "there is no language {tag}; choose en, fa, ar or fr")
            }
            ArgumentError::NoSubject => f.write_str("name a bundle, or a proof with --content"),
            ArgumentError::TwoSubjects => f.write_str("only one bundle or proof at a time"),
            ArgumentError::NoPolicy => f.write_str("name the policy with --policy"),
        }
    }
}

#[derive(Default)]
struct Given {
    subject: Option<PathBuf>,
    policy: Option<PathBuf>,
    content: Option<PathBuf>,
    language: Option<Language>,
    json: bool,
}

impl Request {
    /// Reads the arguments after the program's name.
    pub fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Request, ArgumentError> {
        let mut arguments = arguments;
        let mut given = Given::default();
        let mut options_end = false;
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy().into_owned();
            match text.as_str() {
                _ if options_end || text == "-" || !text.starts_with('-') => {
                    put(
                        &mut given.subject,
                        argument.into(),
                        ArgumentError::TwoSubjects,
                    )?;
                }
                "--" => options_end = true,
                "--help" | "-h" => return Ok(Request::Help),
                "--version" | "-V" => return Ok(Request::Version),
                "--json" => given.json = true,
                _ => given.take_value(&argument, &text, &mut arguments)?,
            }
        }
        given.request()
    }
}

impl Given {
    /// An option with its value, which follows it or stands behind `=`.
    fn take_value(
        &mut self,
        argument: &OsString,
        text: &str,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<(), ArgumentError> {
        let (name, inside) = match text.split_once('=') {
            Some((name, _)) => (name, after_equals(argument, name.len())),
            None => (text, None),
        };
        let mut value = |option| {
            inside
                .clone()
                .or_else(|| rest.next())
                .ok_or(ArgumentError::NoValue(option))
        };
        match name {
            "--policy" => put(
                &mut self.policy,
                value("--policy")?.into(),
                ArgumentError::Twice("--policy"),
            ),
            "--content" => put(
                &mut self.content,
                value("--content")?.into(),
                ArgumentError::Twice("--content"),
            ),
            "--lang" => {
                let tag = value("--lang")?.to_string_lossy().into_owned();
                let language = Language::of_tag(&tag).ok_or(ArgumentError::Language(tag))?;
                put(&mut self.language, language, ArgumentError::Twice("--lang"))
            }
            _ => Err(ArgumentError::Unknown(text.to_owned())),
        }
    }

    /// An archive of a ballot, unless a policy is named: then it is read as what the policy is for.
    fn request(self) -> Result<Request, ArgumentError> {
        match &self.subject {
            Some(subject)
                if is_archive(subject) && self.policy.is_none() && self.content.is_none() =>
            {
                Ok(Request::Election {
                    subject: subject.clone(),
                    language: self.language.unwrap_or(Language::English),
                    json: self.json,
                })
            }
            _ => self.complete().map(Request::Check),
        }
    }

    fn complete(self) -> Result<Arguments, ArgumentError> {
        Ok(Arguments {
            subject: self.subject.ok_or(ArgumentError::NoSubject)?,
            policy: self.policy.ok_or(ArgumentError::NoPolicy)?,
            content: self.content,
            language: self.language.unwrap_or(Language::English),
            json: self.json,
        })
    }
}

/// What stands behind the `=`, byte for byte where the system's names are bytes.
fn after_equals(argument: &OsString, name_length: usize) -> Option<OsString> {
    let bytes = argument.as_encoded_bytes().get(name_length + 1..)?;
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.into()),
        Err(_) => raw(bytes),
    }
}

#[cfg(unix)]
fn raw(bytes: &[u8]) -> Option<OsString> {
    use std::os::unix::ffi::OsStringExt;
    Some(OsString::from_vec(bytes.to_vec()))
}

#[cfg(not(unix))]
fn raw(_: &[u8]) -> Option<OsString> {
    None
}

fn put<T>(slot: &mut Option<T>, value: T, twice: ArgumentError) -> Result<(), ArgumentError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(twice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Request, ArgumentError> {
        Request::parse(arguments.iter().map(OsString::from))
    }

    fn checked(arguments: &[&str]) -> Arguments {
        match parse(arguments) {
            Ok(Request::Check(arguments)) => arguments,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn options_may_come_in_any_order() {
        let arguments = checked(&["--lang", "fa", "--policy=p=q", "b.mahzar", "--json"]);
        assert_eq!(arguments.subject, PathBuf::from("b.mahzar"));
        assert_eq!(arguments.policy, PathBuf::from("p=q"));
        assert_eq!(arguments.language, Language::Persian);
        assert!(arguments.json && arguments.content.is_none());
    }

    #[test]
    fn a_name_may_begin_with_a_hyphen_behind_two() {
        assert_eq!(
            checked(&["--policy", "p", "--", "-b"]).subject,
            PathBuf::from("-b")
        );
        assert_eq!(checked(&["--policy", "p", "-"]).subject, PathBuf::from("-"));
    }

    #[cfg(unix)]
    #[test]
    fn names_need_not_be_text() {
        use std::os::unix::ffi::OsStringExt;
        let odd = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        let request = Request::parse([odd(b"b\xff"), odd(b"--policy=\xfep")].into_iter());
        let Ok(Request::Check(arguments)) = request else {
            panic!("{request:?}");
        };
        assert_eq!(arguments.subject.into_os_string(), odd(b"b\xff"));
        assert_eq!(arguments.policy.into_os_string(), odd(b"\xfep"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (arguments, expected) in [
            (&[][..], ArgumentError::NoSubject),
            (&["b"], ArgumentError::NoPolicy),
            (&["b", "c", "--policy", "p"], ArgumentError::TwoSubjects),
            (&["b", "--policy"], ArgumentError::NoValue("--policy")),
            (
                &["b", "--policy", "p", "--policy", "q"],
                ArgumentError::Twice("--policy"),
            ),
            (
                &["b", "--lang", "xx"],
                ArgumentError::Language("xx".to_owned()),
            ),
            (
                &["b", "--polciy", "p"],
                ArgumentError::Unknown("--polciy".to_owned()),
            ),
            (&["b", "-p"], ArgumentError::Unknown("-p".to_owned())),
        ] {
            assert_eq!(parse(arguments), Err(expected));
        }
    }

    #[test]
    fn help_and_version_need_nothing_else() {
        assert_eq!(parse(&["b", "--help"]), Ok(Request::Help));
        assert_eq!(parse(&["-V"]), Ok(Request::Version));
    }
}
