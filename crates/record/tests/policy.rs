//! Policies: the whole syntax of tlog-policy, every reason to refuse one, and the quorum.

mod demo;

use demo::{key, origin, witness};
use record::checkpoint::log_vkey;
use record::note::VkeyError;
use record::policy::{Name, Policy, PolicyReason};

fn parse(text: &str) -> Result<Policy, PolicyReason> {
    Policy::parse(text.as_bytes()).map_err(|error| error.reason)
}

fn log() -> String {
    log_vkey(origin(), &key(1)).to_string()
}

/// The example of the specification, its elided keys filled in.
fn example() -> String {
    let mut text = format!("log {}\n\n", log());
    for (number, name) in (1..).zip(["X1", "X2", "X3"]) {
        text += &format!("witness {name} {}\n", witness(number));
    }
    text += "group X-witnesses 2 X1 X2 X3\n\n";
    for (number, name) in (4..).zip(["Y1", "Y2", "Y3"]) {
        text += &format!("witness {name} {}\n", witness(number));
    }
    text + "group Y-witnesses any Y1 Y2 Y3\n\ngroup X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
}

fn names<'a>(policy: &'a Policy, wanted: &[&str]) -> Vec<&'a Name> {
    let is_wanted = |name: &&Name| wanted.contains(&name.to_string().as_str());
    let found: Vec<&Name> = policy
        .witnesses()
        .map(|(name, _)| name)
        .filter(is_wanted)
        .collect();
    assert_eq!(found.len(), wanted.len());
    found
}

#[test]
fn the_example_of_the_specification_is_evaluated() {
    let policy = parse(&example()).expect("a policy");
    let is_quorum = |wanted: &[&str]| policy.is_quorum(names(&policy, wanted));
    for enough in [
        &["X1", "X2", "Y1"][..],
        &["X1", "X3", "Y3"],
        &["X1", "X2", "X3", "Y1", "Y2", "Y3"],
    ] {
        assert!(is_quorum(enough), "{enough:?}");
    }
    for few in [
        &[][..],
        &["X1", "Y1", "Y2", "Y3"],
        &["X1", "X2", "X3"],
        &["X1", "X2"],
        &["Y1"],
    ] {
        assert!(!is_quorum(few), "{few:?}");
    }
}

#[test]
fn simple_quorums() {
    let none = parse(&format!("log {}\nquorum none\n", log())).expect("a policy");
    assert!(none.is_quorum([]));
    let one = parse(&format!("witness a {}\nquorum a", witness(1))).expect("a policy");
    assert!(!one.is_quorum([]));
    assert!(one.is_quorum(names(&one, &["a"])));
    assert_eq!(one.logs().count(), 0);
}

#[test]
fn spaces_comments_names_and_urls_are_as_the_specification_says() {
    let mut text = b"# \xff any octets\n \t \n\t# indented\n".to_vec();
    text.extend_from_slice(format!("  log\t {} \t https://log.example/\t\n", log()).as_bytes());
    text.extend_from_slice(b"witness \xe2\x84\xaa ");
    text.extend_from_slice(format!("{} \n", witness(1)).as_bytes());
    text.extend_from_slice(format!("witness K {} ", witness(2)).as_bytes());
    text.extend_from_slice(b"https://\xc3\xa9\n");
    text.extend_from_slice(b"group # 1 K \xe2\x84\xaa\nquorum #");
    let policy = Policy::parse(&text).expect("a policy");
    let log = policy.log(&origin()).expect("the log");
    assert_eq!(log.url.as_deref(), Some(&b"https://log.example/"[..]));
    let urls: Vec<Option<&[u8]>> = policy.witnesses().map(|(_, w)| w.url.as_deref()).collect();
    assert_eq!(
        urls,
        [Some(&b"https://\xc3\xa9"[..]), None],
        "K and the Kelvin sign are two names"
    );
    assert!(policy.is_quorum(policy.witnesses().map(|(name, _)| name).take(1)));
}

/// The text with keys in the places of their names.
fn filled(text: &str) -> String {
    let other_log = log_vkey("other.example".parse().expect("an origin"), &key(1));
    let same_name = log_vkey(origin(), &key(2));
    text.replace("{two}", "witness a {w1}\nwitness b {w2}\n")
        .replace("{log}", &log())
        .replace("{w1}", &witness(1).to_string())
        .replace("{w2}", &witness(2).to_string())
        .replace("{other_log}", &other_log.to_string())
        .replace("{same_name}", &same_name.to_string())
}

const REFUSALS: &[(&str, PolicyReason)] = &[
    ("", PolicyReason::NoQuorum),
    ("{two}", PolicyReason::NoQuorum),
    ("quorum none\nquorum none\n", PolicyReason::QuorumTwice),
    ("quorum a\n", PolicyReason::NotDefined),
    ("quorum a\nwitness a {w1}\n", PolicyReason::NotDefined),
    ("quorum\n", PolicyReason::Items),
    ("quorum none none\n", PolicyReason::Items),
    ("quorum none # not a comment\n", PolicyReason::Items),
    ("Quorum none\n", PolicyReason::Word),
    ("quorum none\r\n", PolicyReason::Character),
    ("quorum none\0\n", PolicyReason::Character),
    ("# \u{7f}\nquorum none\n", PolicyReason::Character),
    ("quorum\u{b}none\n", PolicyReason::Character),
    (
        "log {log} https://a more\nquorum none\n",
        PolicyReason::Items,
    ),
    ("log\nquorum none\n", PolicyReason::Items),
    (
        "log {log}\nlog {log}\nquorum none\n",
        PolicyReason::LogTwice,
    ),
    (
        "log {log}\nlog {other_log}\nquorum none\n",
        PolicyReason::LogTwice,
    ),
    (
        "log {log}\nlog {same_name}\nquorum none\n",
        PolicyReason::LogTwice,
    ),
    (
        "log {w1}\nquorum none\n",
        PolicyReason::Vkey(VkeyError::Kind),
    ),
    (
        "witness a {log}\nquorum none\n",
        PolicyReason::Vkey(VkeyError::Kind),
    ),
    ("log x\nquorum none\n", PolicyReason::Vkey(VkeyError::Form)),
    ("witness a\nquorum none\n", PolicyReason::Items),
    ("witness a {w1} b c\nquorum none\n", PolicyReason::Items),
    ("witness none {w1}\nquorum none\n", PolicyReason::NameTwice),
    (
        "witness a {w1}\nwitness a {w2}\nquorum none\n",
        PolicyReason::NameTwice,
    ),
    (
        "witness a {w1}\nwitness b {w1}\nquorum none\n",
        PolicyReason::WitnessTwice,
    ),
    ("{two}group a any b\nquorum a\n", PolicyReason::NameTwice),
    (
        "{two}group none any a\nquorum none\n",
        PolicyReason::NameTwice,
    ),
    ("{two}group g any g\nquorum g\n", PolicyReason::NotDefined),
    (
        "{two}group g any none\nquorum g\n",
        PolicyReason::NotDefined,
    ),
    ("{two}group g any\nquorum g\n", PolicyReason::Items),
    (
        "{two}group g any a a\nquorum g\n",
        PolicyReason::MemberTwice,
    ),
    (
        "{two}group g any a\ngroup h any a b\nquorum h\n",
        PolicyReason::MemberTwice,
    ),
    ("{two}group g 0 a b\nquorum g\n", PolicyReason::Threshold),
    ("{two}group g 3 a b\nquorum g\n", PolicyReason::Threshold),
    ("{two}group g 01 a b\nquorum g\n", PolicyReason::Threshold),
];

#[test]
fn each_refusal_has_its_reason_and_line() {
    for (text, reason) in REFUSALS {
        assert_eq!(parse(&filled(text)), Err(reason.clone()), "{text:?}");
    }
    let error = Policy::parse(b"# one\n\nlog\nquorum none\n").expect_err("too few items");
    assert_eq!((error.line, error.reason), (3, PolicyReason::Items));
    let long = format!("#{}\nquorum none\n", "x".repeat(64 << 10));
    assert_eq!(parse(&long), Err(PolicyReason::TooLong));
    for wrong in ["ALL", "1.0", "-1", "+1", "x"] {
        let text = filled("{two}group g WRONG a b\nquorum g\n").replace("WRONG", wrong);
        assert_eq!(parse(&text), Err(PolicyReason::Threshold));
    }
}

#[test]
fn far_more_than_32_of_each_are_read() {
    let mut text = String::new();
    for number in 0..100u8 {
        let name = format!("log{number}.example").parse().expect("an origin");
        text += &format!("log {}\n", log_vkey(name, &key(number + 100)));
        text += &format!(
            "witness w{number} {}\ngroup g{number} all w{number}\n",
            witness(number)
        );
    }
    let members: Vec<String> = (0..100).map(|number| format!("g{number}")).collect();
    text += &format!("group all 99 {}\nquorum all\n", members.join(" "));
    let policy = parse(&text).expect("a policy");
    assert_eq!(
        (policy.logs().count(), policy.witnesses().count()),
        (100, 100)
    );
    let all: Vec<&Name> = policy.witnesses().map(|(name, _)| name).collect();
    assert!(policy.is_quorum(all[..99].iter().copied()));
    assert!(!policy.is_quorum(all[..98].iter().copied()));
}
