//! What leaves a circle, through the program: only what consent allows, and nothing from the moment it is withdrawn.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use std::fs;

use house::{House, Ran};
use serde_json::Value;

/// An inner circle that holds what identifies a source, a case circle, and one account with its consent.
struct Desk {
    house: House,
    account: String,
    voice: String,
    transcript: String,
    consent: String,
}

fn entity(ran: &Ran) -> String {
    ran.lines[0]["entity"]
        .as_str()
        .expect("an entity")
        .to_owned()
}

/// Two circles, and a recording in the inner one.
fn circles() -> (House, String) {
    let mut house = House::found();
    house.admit("layla", "member");
    house.admit("kaveh", "member");
    house.done("layla", &["circle", "create", "inner"]);
    house.done("layla", &["circle", "create", "case"]);
    house.done("layla", &["circle", "add", "case", "kaveh"]);
    let path = house.file("voice.ogg", b"the voice of CANARY");
    let item = house.done("layla", &["add", &path, "--circle", "inner"]);
    let voice = item
        .with("item")
        .next()
        .and_then(|line| line["item"].as_str())
        .expect("an item")
        .to_owned();
    (house, voice)
}

impl Desk {
    fn new() -> Desk {
        let (house, voice) = circles();
        let mut desk = Desk {
            house,
            account: String::new(),
            voice,
            transcript: String::new(),
            consent: String::new(),
        };
        let source = desk.add("source", &["code=S-7"]);
        desk.account = desk.add(
            "account",
            &[
                "title=What happened in the prison",
                &format!("source={source}"),
                "identifies=yes",
                "basis=consent",
                "date=2026-05",
                "first_account=yes",
                "narrative=I was held in CANARY-village",
                "strangers=no",
                &format!("recording={}", desk.voice),
            ],
        );
        let of = format!("of={}", desk.account);
        desk.transcript = desk.add(
            "derivative",
            &[
                "title=Transcript",
                &of,
                "kind=transcript",
                "identifies=no",
                "basis=consent",
                "strangers=no",
                "text=Somebody was held somewhere",
            ],
        );
        let covers = [
            format!("covers={}", desk.account),
            format!("covers={}", desk.transcript),
        ];
        desk.consent = desk.add(
            "consent",
            &[
                "code=C-7",
                "identifies=yes",
                &format!("source={source}"),
                &covers[0],
                &covers[1],
                "given=2026-05-02",
                "explained_by=layla",
                "capacity=adult",
                "grant=allow;case_building;any;pseudonymous",
                "grant=allow;un_body;un;pseudonymous",
            ],
        );
        desk
    }

    fn add(&self, type_name: &str, set: &[&str]) -> String {
        entity(&self.house.done(
            "layla",
            &[&[type_name, "add", "--circle", "inner"][..], set].concat(),
        ))
    }

    fn share(&self, id: &str) -> Ran {
        self.house.run(
            "layla",
            &["share", id, "--with", "case", "--purpose", "case_building"],
        )
    }

    fn export(&self, to: &str, more: &[&str]) -> Ran {
        let to = self.house.at(to);
        let arguments = [
            "export",
            "--circle",
            "inner",
            "--to",
            &to,
            "--recipient",
            "un",
        ];
        self.house.run("layla", &[&arguments[..], more].concat())
    }
}

fn reasons(ran: &Ran) -> String {
    let reasons = ran
        .lines
        .iter()
        .flat_map(|line| line["reasons"].as_array().cloned().unwrap_or_default());
    reasons.map(|one| one.to_string()).collect()
}

#[test]
fn the_case_circle_finds_the_transcript_and_not_the_voice_the_name_or_the_village() {
    let desk = Desk::new();
    let refused = desk.share(&desk.account);
    assert_eq!(refused.code, Some(1));
    assert!(
        reasons(&refused).contains("identifies a source"),
        "{}",
        refused.told
    );
    let shared = desk.share(&desk.transcript);
    assert_eq!(shared.code, Some(0), "{}", shared.told);
    let found = desk.house.done("kaveh", &["search", "somewhere"]);
    assert_eq!(found.lines.len(), 1);
    let copy = found.lines[0]["entity"].as_str().expect("an entity");
    let shown = desk.house.done("kaveh", &["derivative", "show", copy]);
    let fields = shown.lines[0]["fields"].to_string();
    assert!(
        !fields.contains(&desk.account),
        "a copy points to nothing that stayed: {fields}"
    );
    for word in ["CANARY", "prison", "S-7", "village"] {
        assert!(
            desk.house.done("kaveh", &["search", word]).lines.is_empty(),
            "{word}"
        );
    }
    assert!(
        desk.house.done("kaveh", &["list"]).lines.is_empty(),
        "no file came along"
    );
    let again = desk.share(&desk.transcript);
    assert_eq!(
        again.lines[0]["copy"], copy,
        "sharing again makes no second copy"
    );
    let sheet = desk
        .house
        .done("layla", &["derivative", "show", &desk.transcript]);
    assert_eq!(
        sheet.lines[0]["disclosures"][0]["recipient"],
        "other_circle"
    );
}

#[test]
fn an_act_goes_only_if_all_that_it_rests_on_may_go() {
    let desk = Desk::new();
    let act = |rests_on: &str| {
        desk.add(
            "act",
            &["violation=torture", &format!("rests_on={rests_on}")],
        )
    };
    assert_eq!(desk.share(&act(&desk.transcript)).code, Some(0));
    assert_eq!(desk.share(&act(&desk.account)).code, Some(1));
    let nothing = desk.add("act", &["violation=torture"]);
    assert!(reasons(&desk.share(&nothing)).contains("rests on nothing"));
    let consent = desk.share(&desk.consent);
    assert!(reasons(&consent).contains("never leave"));
}

#[test]
fn an_export_holds_what_is_allowed_and_checks_itself() {
    let desk = Desk::new();
    let un = ["--purpose", "un_body"];
    let plan = desk.export("planned", &[&un[..], &["--plan"]].concat());
    assert_eq!(plan.code, Some(0), "{}", plan.told);
    assert!(
        !desk.house.path("planned").exists(),
        "a plan writes nothing"
    );
    let ran = desk.export("bag", &un);
    assert_eq!(ran.code, Some(0), "{}", ran.told);
    let goes = ran
        .lines
        .iter()
        .filter(|line| line["goes"] == Value::Bool(true))
        .count();
    assert_eq!(goes, 1, "{:?}", ran.lines);
    let line =
        fs::read_to_string(desk.house.path("bag/data/entities/derivative.jsonl")).expect("written");
    assert!(line.contains("Somebody was held somewhere"), "{line}");
    let checked = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", "manifest-sha256.txt"])
        .current_dir(desk.house.path("bag"))
        .output()
        .expect("sha256sum runs");
    assert!(checked.status.success());
    let everything = std::process::Command::new("grep")
        .args(["-rl", "CANARY", &desk.house.at("bag")])
        .output()
        .expect("grep runs");
    assert!(
        everything.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&everything.stdout)
    );
    assert_eq!(
        desk.export("media", &["--purpose", "media"])
            .lines
            .iter()
            .filter(|line| line["goes"] == Value::Bool(true))
            .count(),
        0
    );
}

#[test]
fn withdrawal_stops_the_next_use_at_once() {
    let desk = Desk::new();
    let un = ["--purpose", "un_body"];
    assert!(desk.export("before", &un).told.contains("1 go"));
    desk.house.done(
        "layla",
        &[
            "consent",
            "set",
            &desk.consent,
            "withdrawn=2026-06-01",
            "--reason",
            "she asked",
        ],
    );
    let after = desk.export("after", &un);
    assert!(after.told.contains("0 go"), "{}", after.told);
    assert!(reasons(&after).contains("withdrawn"));
    assert!(
        !desk
            .house
            .path("after/data/entities/derivative.jsonl")
            .exists()
    );
    assert_eq!(desk.share(&desk.transcript).code, Some(1));
    desk.house.done("layla", &["fsck"]);
}
