//! The sealed tier through the program: an office, an outside office that runs, key-holders with folders of their own, a requester.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use house::{House, Ran, program};
use serde_json::Value;

/// An outside office that countersigns, as a process of its own; ended with the test.
struct Outside {
    child: Child,
    url: String,
    vkey: String,
}

impl Outside {
    fn start(house: &House, folder: &str, log: &str) -> Outside {
        let mut child = program()
            .args(["--json", "witness", "serve", "--name", "outside.example/w"])
            .args(["--state", &house.at(folder), "--log", log])
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let stdout = child.stdout.take().expect("piped");
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        let text = |name: &str| told[name].as_str().expect("a text").to_owned();
        Outside {
            url: text("url"),
            vkey: text("vkey"),
            child,
        }
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        // It may have ended already; then there is nothing to end.
        let _ended = self.child.kill().and_then(|()| self.child.wait());
    }
}

/// A person with a folder, a key in it, and its passphrase.
struct Person {
    key: String,
    recipient: String,
    passphrase: String,
}

impl Person {
    /// Makes a key; the program makes the passphrase and shows it once.
    fn new(house: &House, name: &str) -> Person {
        fs::create_dir(house.path(name)).expect("a folder");
        let key = house.at(&format!("{name}/key"));
        let output = program()
            .args(["--json", "--cheap-passphrases-for-tests"])
            .args(["keyholder", "keygen", "--to", &key])
            .output()
            .expect("it runs");
        let made = Ran::of(&output);
        assert_eq!(made.code, Some(0), "{}", made.told);
        let text = |name: &str| made.lines[0][name].as_str().expect("a text").to_owned();
        Person {
            key,
            recipient: text("recipient"),
            passphrase: text("passphrase"),
        }
    }

    /// Runs the program on this person's own machine: no office, no member.
    fn run(&self, passphrase: &str, arguments: &[&str]) -> Ran {
        let output = program()
            .args(["--json", "keyholder"])
            .args(arguments)
            .args(["--identity", &self.key])
            .env("MAHZAR_PASSPHRASE", passphrase)
            .output()
            .expect("it runs");
        Ran::of(&output)
    }
}

/// An office with an outside office, three key-holders, and something sealed for two of them.
struct Stage {
    house: House,
    outside: Outside,
    /// In the order of their shares, that of their names.
    holders: Vec<Person>,
    requester: Person,
    sealed: String,
    issuer: String,
}

impl Stage {
    fn set() -> Stage {
        let house = House::found();
        house.done("founder", &["circle", "create", "sources"]);
        let policy = text(&house.done("founder", &["record", "policy"]), "policy");
        let log = policy.lines().find_map(|line| line.strip_prefix("log "));
        let outside = Outside::start(&house, "outside", log.expect("a log"));
        let named = ["--vkey", &outside.vkey, "--url", &outside.url];
        let add = [&["witness", "add", "outside"][..], &named].concat();
        house.done("founder", &add);
        house.done("founder", &["witness", "quorum", "1"]);
        let named = |(name, country): (&str, &str)| {
            let person = Person::new(&house, name);
            let who = ["--recipient", &person.recipient, "--jurisdiction", country];
            house.done("founder", &[&["keyholder", "add", name][..], &who].concat());
            person
        };
        let holders = [("A", "north"), ("B", "south"), ("C", "west")].map(named);
        let requester = Person::new(&house, "requester");
        let secret = house.file("source.txt", b"who it was");
        let seal = ["keyholder", "seal", &secret, "--threshold", "2"];
        let sealed = text(&house.done("founder", &seal), "item");
        let members = house.done("founder", &["member", "list"]);
        let issuer = text(&members, "sign_key");
        let stage = Stage {
            house,
            outside,
            holders: holders.into(),
            requester,
            sealed,
            issuer,
        };
        stage.export();
        stage
    }

    /// What the office hands out: the sealed material, the shares, the policy.
    fn export(&self) {
        let (export, policy) = (self.house.at("export"), self.house.at("policy"));
        let founder = |arguments: &[&str]| self.house.done("founder", arguments);
        founder(&["keyholder", "export", &self.sealed, "--to", &export]);
        founder(&["record", "policy", "--to", &policy]);
    }

    fn warrant(&self, name: &str) -> String {
        let to = self.house.at(name);
        let asked = [
            &["keyholder", "warrant", &self.sealed][..],
            &["--reason", "a court asks", "--days", "3", "--to", &to],
            &["--requester", &self.requester.recipient],
        ];
        self.house.done("founder", &asked.concat());
        to
    }

    /// The key-holder of this number gives their share for a warrant.
    fn give(&self, number: usize, passphrase: &str, warrant: &str) -> (Ran, String) {
        let to = self.house.at(&format!("given-{number}"));
        let share = self.house.at(&format!("export/{number}.share"));
        let policy = self.house.at("policy");
        let asked = [
            &["share", "--share", &share, "--warrant", warrant][..],
            &["--policy", &policy, "--issuer", &self.issuer],
            &["--to", &to, "--yes"],
        ];
        let ran = self.holders[number - 1].run(passphrase, &asked.concat());
        (ran, to)
    }

    fn given(&self, number: usize, warrant: &str) -> String {
        let passphrase = &self.holders[number - 1].passphrase;
        let (ran, to) = self.give(number, passphrase, warrant);
        assert_eq!(ran.code, Some(0), "{}", ran.told);
        to
    }

    /// The requester puts shares together.
    fn open(&self, shares: &[&str], to: &str) -> Ran {
        let export = self.house.at("export");
        let asked = [&["open", "--sealed", &export, "--to", to][..], shares];
        self.requester
            .run(&self.requester.passphrase, &asked.concat())
    }
}

fn text(ran: &Ran, field: &str) -> String {
    let line = ran.with(field).next().expect("a line with the field");
    line[field].as_str().expect("a text").to_owned()
}

fn key(ran: &Ran) -> &str {
    assert!(
        matches!(ran.code, Some(1 | 2)),
        "{:?} {}",
        ran.code,
        ran.told
    );
    let line = ran.lines.last().expect("a line");
    line["error"]["key"].as_str().expect("a key")
}

#[test]
fn two_of_three_open_for_a_countersigned_warrant() {
    let stage = Stage::set();
    let open = ["open", &stage.sealed, "--to", &stage.house.at("copy")];
    let open = [&open[..], &["--purpose", "looking"]].concat();
    assert_eq!(stage.house.refused("founder", &open), "fault-sealed");
    let warrant = stage.warrant("warrant");
    let (one, three) = (stage.given(1, &warrant), stage.given(3, &warrant));
    let to = stage.house.at("opened");
    let alone = stage.open(&[&one], &to);
    assert_eq!(key(&alone), "fault-share");
    assert!(alone.told.contains("1 of 2 shares"), "{}", alone.told);
    assert!(!stage.house.path("opened").exists());
    let together = stage.open(&[&one, &three], &to);
    assert_eq!(together.code, Some(0), "{}", together.told);
    assert_eq!(fs::read(&to).expect("opened"), b"who it was");
}

#[test]
fn a_key_opens_with_its_passphrase_only() {
    let stage = Stage::set();
    let warrant = stage.warrant("warrant");
    let (refused, to) = stage.give(1, "another passphrase altogether", &warrant);
    assert_eq!(key(&refused), "fault-keyholder-passphrase");
    assert!(!std::path::Path::new(&to).exists());
    let file = fs::read(&stage.holders[0].key).expect("the key's file");
    assert!(file.starts_with(b"age-encryption.org/v1\n-> scrypt "));
    let text = String::from_utf8_lossy(&file).to_uppercase();
    assert!(!text.contains("AGE-SECRET-KEY"));
}

#[test]
fn a_share_that_the_office_did_not_publish_is_named() {
    let stage = Stage::set();
    let warrant = stage.warrant("warrant");
    let (one, two) = (stage.given(1, &warrant), stage.given(2, &warrant));
    let sealing = stage.house.path("export/sealing.json");
    let text = fs::read_to_string(&sealing).expect("a text");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let second = value["digests"][1].as_str().expect("a digest");
    fs::write(&sealing, text.replace(second, &"0".repeat(64))).expect("written");
    let refused = stage.open(&[&one, &two], &stage.house.at("opened"));
    assert_eq!(key(&refused), "fault-share");
    assert!(
        refused
            .told
            .contains("does not belong to what was published"),
        "{}",
        refused.told
    );
}

#[test]
fn no_share_moves_for_a_warrant_of_somebody_else_or_under_a_head_that_nobody_countersigned() {
    let mut stage = Stage::set();
    let warrant = stage.warrant("warrant");
    let issuer = std::mem::take(&mut stage.issuer);
    // Another member's key: well-formed, and not the issuer's.
    stage.house.admit("karim", "member");
    let members = stage.house.done("founder", &["member", "list"]);
    let other = members
        .with("sign_key")
        .filter_map(|line| line["sign_key"].as_str())
        .find(|key| *key != issuer);
    stage.issuer = other.expect("another key").to_owned();
    let passphrase = stage.holders[0].passphrase.clone();
    let (refused, to) = stage.give(1, &passphrase, &warrant);
    assert_eq!(key(&refused), "fault-warrant");
    assert!(
        refused.told.contains("not signed by anyone"),
        "{}",
        refused.told
    );
    assert!(!std::path::Path::new(&to).exists());

    // The outside office is silent, and nobody is asked to countersign any more: the warrant stands in the record all the same.
    stage.issuer = issuer;
    stage.house.done("founder", &["witness", "quorum", "0"]);
    let ended = stage.outside.child.kill();
    ended.expect("it was running");
    let warrant = stage.warrant("uncountersigned");
    let (refused, to) = stage.give(1, &passphrase, &warrant);
    assert_eq!(key(&refused), "fault-warrant");
    assert!(!std::path::Path::new(&to).exists());
}

#[test]
fn a_warrant_holds_after_the_record_went_on_under_another_name() {
    let mut stage = Stage::set();
    stage
        .house
        .done("founder", &["record", "reconcile", "--accept-loss"]);
    // The outside office knows the old name only; another one is asked.
    let policy = text(
        &stage.house.done("founder", &["record", "policy"]),
        "policy",
    );
    let log = policy.lines().find_map(|line| line.strip_prefix("log "));
    stage.house.done("founder", &["witness", "quorum", "0"]);
    stage
        .house
        .done("founder", &["witness", "remove", "outside"]);
    let outside = Outside::start(&stage.house, "outside-again", log.expect("a log"));
    let add = ["witness", "add", "again", "--vkey", &outside.vkey];
    let add = [&add[..], &["--url", &outside.url]].concat();
    stage.house.done("founder", &add);
    stage.house.done("founder", &["witness", "quorum", "1"]);
    stage.outside = outside;
    fs::remove_file(stage.house.path("policy")).expect("removed");
    let policy = stage.house.at("policy");
    stage
        .house
        .done("founder", &["record", "policy", "--to", &policy]);
    let warrant = stage.warrant("warrant");
    let (one, two) = (stage.given(1, &warrant), stage.given(2, &warrant));
    let to = stage.house.at("opened");
    let opened = stage.open(&[&one, &two], &to);
    assert_eq!(opened.code, Some(0), "{}", opened.told);
    assert_eq!(fs::read(&to).expect("opened"), b"who it was");
}
