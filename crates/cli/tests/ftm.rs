//! FollowTheMoney both ways through the program: totals that reconcile, again without doubles, and only what consent allows.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use std::fs;

use house::{House, Ran};
use serde_json::Value;

const ENTITIES: &str = concat!(
    r#"{"id":"l1","schema":"Family","properties":{"person":["p1"],"relative":["p2"],"relationship":["mother"]}}"#,
    "\n",
    r#"{"id":"p1","schema":"Person","caption":"x","properties":{"name":["محمد علی‌پور"],"alias":["Mohammad Alipour"],"birthDate":["1981-08"],"gender":["male"],"nationality":["ir"]}}"#,
    "\n",
    r#"{"id":"p2","schema":"Person","properties":{"name":["Shirin Karimi"]}}"#,
    "\n",
    r#"{"id":"o1","schema":"Company","properties":{"name":["Kelva Bread"],"incorporationDate":["1999"]}}"#,
    "\n",
    r#"{"id":"m1","schema":"Membership","properties":{"member":["p1"],"organization":["o1"],"role":["baker"]}}"#,
    "\n",
    r#"{"id":"a1","schema":"Address","properties":{"full":["Kelva"],"latitude":["-47.05"],"longitude":["-123.3"]}}"#,
    "\n",
    r#"{"id":"e1","schema":"Event","properties":{"name":["Gathering"],"date":["2022-09-21"],"addressEntity":["a1"]}}"#,
    "\n",
    r#"{"id":"d1","schema":"Document","properties":{"fileName":["x.pdf"]}}"#,
    "\n\n",
    r#"{"id":"p3","schema":"Person","properties":{"name":["Ali"],"birthDate":["1981-02-30"]}}"#,
    "\n",
    r#"{"id":"l2","schema":"Family","properties":{"person":["p1"],"relative":["p9"]}}"#,
    "\n",
    r#"{"id":"p2","schema":"Person","properties":{"name":["again"]}}"#,
    "\nnot an entity\n",
);

/// Rows, new, unchanged, empty, rejected, left out.
fn totals(ran: &Ran) -> [u64; 6] {
    let last = ran.lines.last().expect("totals");
    ["rows", "new", "unchanged", "empty", "rejected", "left_out"]
        .map(|name| last[name].as_u64().expect("a number"))
}

fn desk() -> House {
    let mut house = House::found();
    house.admit("layla", "member");
    house.done("layla", &["circle", "create", "intake"]);
    house
}

#[test]
fn entities_come_in_once_and_every_line_is_accounted_for() {
    let house = desk();
    let file = house.file("list.ftm.json", ENTITIES.as_bytes());
    let counted = [13, 7, 0, 1, 4, 1];
    let dry = house.run("layla", &["import", &file, "--dry-run"]);
    assert_eq!(totals(&dry), counted, "{}", dry.told);
    assert!(house.done("layla", &["person", "list"]).lines.is_empty());
    let report = house.at("report.jsonl");
    let ran = house.run("layla", &["import", &file, "--report", &report]);
    assert_eq!((ran.code, totals(&ran)), (Some(1), counted), "{}", ran.told);
    assert!(
        ran.told
            .contains("relative: what it points to was not taken"),
        "{}",
        ran.told
    );
    let told = fs::read_to_string(&report).expect("written");
    assert_eq!(told.lines().count(), 13);
    let again = house.run("layla", &["import", &file]);
    assert_eq!(totals(&again), [13, 0, 7, 1, 4, 1], "{}", again.told);
    let found = house.done("layla", &["search", "محمدعلي پور"]);
    let id = found.lines[0]["entity"].as_str().expect("an entity");
    let shown = house.done("layla", &["person", "show", id]);
    assert_eq!(shown.lines[0]["fields"]["born"][0]["value"], "1981-08");
    let relations = house.done("layla", &["relation", "list"]);
    assert_eq!(relations.lines.len(), 2, "{:?}", relations.lines);
}

/// A page that may go and one that was refused, a person and a relation resting on each, and a group.
fn with_one_refusal(house: &House) {
    let add = |type_name: &str, set: &[&str]| {
        let ran = house.done("layla", &[&[type_name, "add"][..], set].concat());
        ran.lines[0]["entity"].as_str().expect("an id").to_owned()
    };
    let page = |title: &str| {
        add(
            "capture",
            &[
                &format!("title={title}"),
                "url=https://a.invalid/1",
                "identifies=no",
                "basis=own",
                "captured_at=2022-09-22",
                "relevance=r",
                "strangers=no",
            ],
        )
    };
    let open = page("open");
    let closed = page("CANARY");
    let _refused = add(
        "consent",
        &[
            "code=C-1",
            "identifies=no",
            &format!("covers={closed}"),
            "given=2022-10",
            "explained_by=layla",
            "capacity=adult",
            "grant=refuse;un_body;any;aggregate",
        ],
    );
    let group = add("group", &["name=Kelva Guard", "kind=security_service"]);
    for (name, rests_on) in [("Shown", &open), ("CANARY", &closed)] {
        let rests_on = format!("rests_on={rests_on}");
        let person = add(
            "person",
            &[&format!("name={name}"), "born=sh:1360-02-10", &rests_on],
        );
        let (a, b) = (format!("a={person}"), format!("b={group}"));
        add("relation", &[&a, "kind=member", &b, &rests_on]);
    }
}

#[test]
fn what_goes_out_goes_through_the_same_decision_and_comes_in_again() {
    let house = desk();
    with_one_refusal(&house);
    let bag = house.at("bag");
    let arguments = [
        "export",
        "--to",
        &bag,
        "--recipient",
        "un",
        "--purpose",
        "un_body",
    ];
    let ran = house.done(
        "layla",
        &[&arguments[..], &["--level", "full", "--format", "ftm"]].concat(),
    );
    let text = fs::read_to_string(house.path("bag/data/ftm.json")).expect("written");
    assert!(!text.contains("CANARY"), "{text}");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let mut schemata: Vec<&str> = lines
        .iter()
        .filter_map(|line| line["schema"].as_str())
        .collect();
    schemata.sort_unstable();
    assert_eq!(
        schemata,
        ["Document", "Membership", "Person", "PublicBody"],
        "{}",
        ran.told
    );
    let person = lines
        .iter()
        .find(|line| line["schema"] == "Person")
        .expect("a person");
    assert_eq!(person["properties"]["birthDate"][0], "1981-04-30");
    let manifest = fs::read_to_string(house.path("bag/manifest-sha256.txt")).expect("written");
    assert!(manifest.contains("data/ftm.json"));
    house.done("layla", &["circle", "create", "other"]);
    let back = house.run(
        "layla",
        &[
            "import",
            &house.at("bag/data/ftm.json"),
            "--circle",
            "other",
        ],
    );
    assert_eq!(totals(&back), [4, 3, 0, 0, 0, 1], "{}", back.told);
}
