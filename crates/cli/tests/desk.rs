//! The documentation desk through the program: what is stated, searched, contradicted, reviewed and erased.

#[expect(dead_code, reason = "the other tests live in the rest of the house")]
mod house;

use house::{House, Ran};

/// Two documenters of one circle, and a member outside it.
fn desk() -> House {
    let mut house = House::found();
    for name in ["layla", "kaveh", "outsider"] {
        house.admit(name, "member");
    }
    house.done("layla", &["circle", "create", "intake"]);
    house.done("layla", &["circle", "add", "intake", "kaveh"]);
    house
}

fn entity(ran: &Ran) -> String {
    let id = ran.lines[0]["entity"].as_str().expect("an entity");
    id.to_owned()
}

fn values(house: &House, id: &str, field: &str) -> Vec<String> {
    let shown = house.done("layla", &["person", "show", id]);
    let facts = shown.lines[0]["fields"][field]
        .as_array()
        .cloned()
        .unwrap_or_default();
    facts
        .iter()
        .map(|fact| fact["value"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn a_person_is_stated_found_in_every_spelling_and_kept_from_others() {
    let house = desk();
    let id = entity(&house.done(
        "layla",
        &["person", "add", "name=محمد علی‌پور", "born=۱۳۶۰/۵"],
    ));
    for words in ["محمدعلي پور", "Mohammad Alipour", "علی‌پور محمد"] {
        let found = house.done("kaveh", &["search", words]);
        assert_eq!(found.lines.len(), 1, "{words}");
        assert_eq!(found.lines[0]["entity"], id.as_str());
    }
    assert_eq!(values(&house, &id, "born"), ["sh:1360-05"]);
    assert!(house.done("outsider", &["search", "محمد"]).lines.is_empty());
    let hidden = house.refused("outsider", &["person", "show", &id]);
    let absent = house.refused("outsider", &["person", "show", &"0".repeat(32)]);
    assert_eq!(
        (hidden.as_str(), absent.as_str()),
        ("fault-refused", "fault-refused")
    );
}

#[test]
fn two_who_did_not_see_one_another_are_both_kept() {
    let house = desk();
    let made = house.done("layla", &["person", "add", "name=Ali"]);
    let (id, seen) = (entity(&made), made.lines[0]["seq"].to_string());
    house.done(
        "layla",
        &["person", "set", &id, "born=1981", "--seen", &seen],
    );
    house.done(
        "kaveh",
        &["person", "set", &id, "born=1982", "--seen", &seen],
    );
    assert_eq!(values(&house, &id, "born"), ["1981", "1982"]);
    house.done(
        "kaveh",
        &[
            "person",
            "set",
            &id,
            "born=1982",
            "--reason",
            "his birth certificate",
        ],
    );
    assert_eq!(values(&house, &id, "born"), ["1982"]);
    let history = house.done("layla", &["person", "history", &id]);
    assert_eq!(history.lines.len(), 4);
    assert_eq!(history.lines[3]["reason"], "his birth certificate");
    assert_eq!(
        house.refused("kaveh", &["person", "set", &id, "born=1982"]),
        "fault-unchanged"
    );
}

#[test]
fn what_is_wrong_is_named_field_by_field_and_nothing_is_entered() {
    let house = desk();
    let ran = house.run(
        "layla",
        &["person", "add", "born=1981-02-30", "colour=blue"],
    );
    assert_eq!(ran.code, Some(2));
    let cause = ran.lines[0]["error"]["cause"].as_str().expect("a cause");
    for field in [
        "born: not a date",
        "colour: there is no such field",
        "name: it must be filled in",
    ] {
        assert!(cause.contains(field), "{cause}");
    }
    assert!(house.done("layla", &["person", "list"]).lines.is_empty());
    assert_eq!(
        house.refused("layla", &["person", "add", "Ali"]),
        "fault-field-form"
    );
}

#[test]
fn somebody_else_reviews_and_what_is_erased_is_gone() {
    let house = desk();
    let id = entity(&house.done("layla", &["person", "add", "name=Unforgettable"]));
    house.done("layla", &["person", "review", &id, "submitted"]);
    assert_eq!(
        house.refused("layla", &["person", "review", &id, "reviewed"]),
        "fault-own-words"
    );
    house.done(
        "kaveh",
        &[
            "person",
            "review",
            &id,
            "reviewed",
            "--comment",
            "read twice",
        ],
    );
    let reviewed = house.done("layla", &["person", "list", "--state", "reviewed"]);
    assert_eq!(reviewed.lines.len(), 1);
    house.done(
        "layla",
        &["person", "erase", &id, "--reason", "asked for", "--yes"],
    );
    assert!(
        house
            .done("layla", &["search", "unforgettable"])
            .lines
            .is_empty()
    );
    assert_eq!(
        house.refused("layla", &["person", "show", &id]),
        "fault-refused"
    );
    house.done("layla", &["fsck"]);
}
