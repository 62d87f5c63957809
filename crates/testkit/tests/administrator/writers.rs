//! Attempts to change what was entered, or when, or to enter what nobody may.

use record::ids::CircleId;
use record::map;
use rusqlite::params;

use crate::attacker::{Attacker, Forgery, copy_folder};
use crate::scene::Scene;

fn found(scene: &Scene, what: &str) {
    let findings = scene.findings(&scene.office());
    assert!(
        findings.iter().any(|finding| finding.contains(what)),
        "{what}: {findings:?}"
    );
}

/// A note in the circle, signed by a member's own key under the epoch that they know.
fn append_note(
    attacker: &mut Attacker,
    scene: &Scene,
    (by, name): (record::ids::MemberId, &str),
    secret: &vault::circle::EpochSecret,
    at: record::entry::Timestamp,
) -> record::ids::EntryId {
    let keys = attacker.keys_of(by, name);
    let lock = secret.lock();
    attacker.append(Forgery {
        circle: scene.circle,
        by,
        key: keys.signing_key(),
        at,
        kind: "circle.noted",
        body: map! { "words" => "a note" },
        lock: Some(&lock),
    })
}

#[test]
fn an_entry_that_is_dated_back_is_found() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let secret = attacker.secret_of(&scene, scene.dara, "Dara");
    let then = scene.now();
    scene.pass(30 * 86_400);
    let office = scene.office();
    scene.give(&office, "Parvin", scene.circle, "a month later");
    drop(office);
    append_note(&mut attacker, &scene, (scene.dara, "Dara"), &secret, then);
    found(
        &scene,
        "dated earlier than an entry that was accepted before it",
    );
}

#[test]
fn an_entry_signed_after_its_signer_was_removed_is_found() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let secret = attacker.secret_of(&scene, scene.dara, "Dara");
    let office = scene.office();
    let parvin = scene.sign_in(&office, "Parvin");
    let steward = office.steward(&parvin, scene.circle).expect("a steward");
    office
        .remove_from_circle(&steward, scene.dara, "left")
        .expect("removed");
    office.renew_epoch(steward.reader()).expect("renewed");
    drop(office);
    let now = scene.now();
    append_note(&mut attacker, &scene, (scene.dara, "Dara"), &secret, now);
    found(&scene, "is not under epoch 2");
}

#[test]
fn a_revoked_members_key_signs_nothing_more_in_any_circle() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let keys = attacker.keys_of(scene.dara, "Dara");
    revoke_dara(&scene);
    attacker.append(Forgery {
        circle: CircleId::PUBLIC,
        by: scene.dara,
        key: keys.signing_key(),
        at: scene.now(),
        kind: "publication.made",
        body: map! {},
        lock: None,
    });
    let office = scene.office();
    let parvin = scene.sign_in(&office, "Parvin");
    let check = office.check_entries(&[&parvin], 2).expect("checked");
    let found: Vec<&str> = check
        .findings
        .iter()
        .map(|finding| finding.what.as_str())
        .collect();
    assert_eq!(
        found,
        ["it is signed with a key that had been revoked or replaced"]
    );
}

fn revoke_dara(scene: &Scene) {
    let office = scene.office();
    let session = scene.sign_in(&office, "Administrator");
    let administrator = office.administrator(&session).expect("a right");
    office
        .revoke_member(&administrator, scene.dara, "the device was lost")
        .expect("revoked");
    let parvin = scene.sign_in(&office, "Parvin");
    let reader = office.reader(&parvin, scene.circle).expect("a reader");
    office.renew_epoch(&reader).expect("renewed");
    scene.publish(&office);
}

/// The same, with the ledger's numbers rewritten so that the forgery comes before the revocation: the record shows that it came after.
#[test]
fn an_entry_that_is_renumbered_to_before_a_revocation_is_found() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let keys = attacker.keys_of(scene.dara, "Dara");
    revoke_dara(&scene);
    let id = attacker.append(Forgery {
        circle: CircleId::PUBLIC,
        by: scene.dara,
        key: keys.signing_key(),
        at: scene.now(),
        kind: "publication.made",
        body: map! {},
        lock: None,
    });
    scene.publish(&scene.office());
    let connection = attacker.sql();
    let number: i64 = connection
        .query_row(
            "SELECT number FROM entries WHERE id = ?1",
            [id.as_bytes()],
            |row| row.get(0),
        )
        .expect("a number");
    // Number 3 is the naming of the witness: long before.
    for table in ["entries", "wraps", "leaves"] {
        for (from, to) in [(3, -1), (number, 3), (-1, number)] {
            let sql = format!("UPDATE {table} SET number = ?2 WHERE number = ?1");
            connection
                .execute(&sql, params![from, to])
                .expect("renumbered");
        }
    }
    drop(connection);
    attacker.mend_sums();
    found(
        &scene,
        "was not accepted in the order that the record shows",
    );
}

#[test]
fn an_entry_that_was_dropped_leaves_its_leaf() {
    let scene = Scene::new();
    let attacker = Attacker::new(&scene);
    let connection = attacker.sql();
    let last: i64 = connection
        .query_row(
            "SELECT number FROM entries WHERE circle = ?1 ORDER BY seq DESC LIMIT 1",
            [scene.circle.as_bytes()],
            |row| row.get(0),
        )
        .expect("an entry");
    for table in ["leaves", "wraps", "entries"] {
        let sql = format!("DELETE FROM {table} WHERE number = ?1");
        connection.execute(&sql, [last]).expect("deleted");
    }
    drop(connection);
    found(
        &scene,
        "is neither a filler nor an entry that the ledger accounts for",
    );
}

#[test]
fn an_entry_that_was_dropped_from_the_middle_is_missed_by_the_next() {
    let scene = Scene::new();
    let attacker = Attacker::new(&scene);
    let connection = attacker.sql();
    let dropped = connection.execute(
        "DELETE FROM entries WHERE circle = ?1 AND seq = 2",
        [scene.circle.as_bytes()],
    );
    assert_eq!(dropped, Ok(1));
    drop(connection);
    found(&scene, "it does not follow the entry before it");
}

/// Exchanges the places of two entries, with all sums made right again.
fn exchange(scene: &Scene, one: (CircleId, i64), other: (CircleId, i64)) {
    let attacker = Attacker::new(scene);
    let connection = attacker.sql();
    let aside = (CircleId::from_bytes([0xee; 16]), 999_999);
    for (from, to) in [(one, aside), (other, one), (aside, other)] {
        let moved = connection.execute(
            "UPDATE entries SET circle = ?3, seq = ?4 WHERE circle = ?1 AND seq = ?2",
            params![from.0.as_bytes(), from.1, to.0.as_bytes(), to.1],
        );
        assert_eq!(moved, Ok(1));
    }
    drop(connection);
    attacker.mend_sums();
}

#[test]
fn two_entries_that_changed_places_are_found() {
    let scene = Scene::new();
    exchange(&scene, (scene.circle, 2), (scene.circle, 3));
    found(&scene, "it does not follow the entry before it");
}

#[test]
fn entries_that_changed_circles_are_found() {
    let scene = Scene::new();
    exchange(&scene, (scene.circle, 4), (scene.other, 1));
    found(&scene, "it does not follow the entry before it");
    found(&scene, &format!("entry 1 of circle {}", scene.other));
}

/// With `prev` mended too, so that every row follows: then it is the commitment, which the record holds, that tells.
#[test]
fn entries_that_changed_places_and_were_chained_anew_are_found() {
    let scene = Scene::new();
    exchange(&scene, (scene.circle, 4), (scene.other, 1));
    let attacker = Attacker::new(&scene);
    let connection = attacker.sql();
    connection
        .execute_batch(
            "UPDATE entries SET prev = coalesce((SELECT before.commitment FROM entries before
               WHERE before.circle = entries.circle AND before.seq = entries.seq - 1), prev)",
        )
        .expect("chained anew");
    drop(connection);
    attacker.mend_sums();
    let findings = scene.findings(&scene.office());
    let place = format!("entry 1 of circle {}", scene.other);
    assert!(
        findings
            .iter()
            .any(|finding| finding.starts_with(&place) && !finding.contains("does not follow")),
        "{findings:?}"
    );
}

/// The whole office as it was before, and another future: the log key signs it, the outside office does not.
#[test]
fn another_history_from_an_old_copy_is_refused_by_the_outside_office_and_by_readers() {
    let scene = Scene::new();
    let old = tempfile::tempdir().expect("a folder");
    copy_folder(&scene.path(), old.path());
    let office = scene.office();
    let item = scene.give(&office, "Parvin", scene.circle, "what shall be forgotten");
    assert_eq!(scene.publish(&office).unsigned, None);
    let policy = office.policy().expect("a policy");
    let policy = record::policy::Policy::parse(policy.as_bytes()).expect("parsed");
    assert!(policy.evaluate(&scene.published()).is_ok());
    drop(office);

    std::fs::remove_dir_all(scene.path()).expect("removed");
    copy_folder(old.path(), &scene.path());
    let office = scene.office();
    scene.give(&office, "Parvin", scene.circle, "something else");
    let stopped = office.sequence_now(&[&scene.witness]);
    let stopped = stopped.expect_err("nothing is signed").to_string();
    assert!(stopped.contains("another copy of it signs"), "{stopped}");

    // Without asking anybody the log key signs; but no reader takes a head that the outside office has not countersigned.
    drop(office);
    let office = scene.office();
    scene.give(&office, "Parvin", scene.circle, "and more");
    office
        .sequence_now(&[])
        .expect("a round")
        .expect("the lock");
    let refused = policy.evaluate(&scene.published());
    assert_eq!(refused.err(), Some(record::verdict::DoesNotHold::Quorum));
    let parvin = scene.sign_in(&office, "Parvin");
    let reader = office.reader(&parvin, scene.circle).expect("a reader");
    assert!(office.item(&reader, item).is_err());
}
