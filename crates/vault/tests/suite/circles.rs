//! Circles: the rules one by one.

use record::canonical::Value;
use record::hash::Hash;
use record::ids::{EntryId, MemberId};
use vault::circle::{
    self, Act, Chain, Created, EpochError, EpochSecret, Keyring, Violation, WriteRefusal,
};

use crate::cast::{Administrators, Person, entry, office, placed, rng};
use crate::world::World;

/// Anna founds with Babak as a member; Chiara is a stranger, Dara an administrator and no member.
struct Four {
    world: World,
    anna: Person,
    babak: Person,
    chiara: Person,
    dara: Person,
}

fn four() -> Four {
    let mut rng = rng(1);
    let [anna, babak, chiara, dara] = core::array::from_fn(|_| Person::new(&mut rng));
    let members = vec![anna.as_member(true), babak.as_member(false)];
    let mut world = World::found(members, &anna, rng);
    world.administrators = Administrators::from([(dara.id, dara.keys.verifying_key())]);
    Four {
        world,
        anna,
        babak,
        chiara,
        dara,
    }
}

fn violation(result: Result<(), circle::ChainError>) -> Violation {
    result.expect_err("refused").violation
}

#[test]
fn stewards_add_and_nobody_else() {
    let Four {
        mut world,
        anna,
        babak,
        chiara,
        dara,
    } = four();
    assert_eq!(
        violation(world.add(&babak, &chiara, false)),
        Violation::NotSteward(babak.id)
    );
    assert_eq!(
        violation(world.add(&chiara, &chiara, true)),
        Violation::NotSteward(chiara.id)
    );
    assert_eq!(
        violation(world.add(&dara, &chiara, false)),
        Violation::NotSteward(dara.id)
    );
    world.add(&anna, &chiara, true).expect("a steward adds");
    assert_eq!(
        violation(world.add(&anna, &chiara, true)),
        Violation::AlreadyMember(chiara.id)
    );
    assert_eq!(world.epochs_open_to(&chiara), [1]);
    world
        .add(&chiara, &dara, false)
        .expect("the new steward adds");
}

#[test]
fn keys_belong_to_one_member() {
    let Four {
        mut world,
        anna,
        babak,
        chiara,
        ..
    } = four();
    let cases = [
        Person {
            id: chiara.id,
            keys: babak.keys.clone(),
        },
        Person {
            id: chiara.id,
            keys: anna.keys.clone(),
        },
    ];
    for thief in cases {
        assert_eq!(
            violation(world.add(&anna, &thief, false)),
            Violation::KeyInUse(chiara.id)
        );
    }
    let mut epoch_key = chiara.as_member(false);
    epoch_key.recipient = world.chain.recipient().clone();
    let act = Act::MemberAdded(epoch_key);
    assert_eq!(
        violation(world.act(&anna, &act)),
        Violation::KeyInUse(chiara.id)
    );
    let mut nobody = chiara.as_member(false);
    nobody.member = MemberId::OFFICE;
    assert_eq!(
        violation(world.act(&anna, &Act::MemberAdded(nobody))),
        Violation::OfficeAsMember
    );
    world.remove(&anna, babak.id).expect("removed");
    let heir = Person {
        id: chiara.id,
        keys: babak.keys.clone(),
    };
    assert_eq!(
        violation(world.add(&anna, &heir, false)),
        Violation::KeyInUse(chiara.id)
    );
    world
        .add(&anna, &babak, false)
        .expect("the same person may come back");
}

#[test]
fn removal_is_for_stewards_administrators_and_oneself() {
    let Four {
        mut world,
        anna,
        babak,
        chiara,
        dara,
    } = four();
    assert_eq!(
        violation(world.remove(&babak, anna.id)),
        Violation::MayNotRemove(babak.id)
    );
    assert_eq!(
        violation(world.remove(&chiara, babak.id)),
        Violation::MayNotRemove(chiara.id)
    );
    assert_eq!(
        violation(world.remove(&anna, chiara.id)),
        Violation::NotMember(chiara.id)
    );
    assert_eq!(
        violation(world.remove(&anna, anna.id)),
        Violation::LastSteward
    );
    world.add(&anna, &chiara, true).expect("added");
    world.remove(&babak, babak.id).expect("oneself");
    world.remove(&chiara, anna.id).expect("a steward, another");
    world
        .cut_off(&dara, chiara.id)
        .expect("an administrator, even the last steward");
    assert_eq!(world.chain.members().count(), 0);
}

#[test]
fn a_removal_makes_the_rotation_due_and_only_a_member_makes_the_epoch() {
    let Four {
        mut world,
        anna,
        babak,
        dara,
        ..
    } = four();
    assert_eq!(world.chain.check_write(anna.id, 1), Ok(()));
    assert_eq!(
        world.chain.check_write(dara.id, 1),
        Err(WriteRefusal::NotMember)
    );
    world.cut_off(&dara, babak.id).expect("cut off");
    assert!(world.chain.rotation_due());
    assert_eq!(
        world.chain.check_write(anna.id, 1),
        Err(WriteRefusal::RotationDue)
    );
    assert_eq!(
        violation(world.rotate(&dara)),
        Violation::NotMember(dara.id)
    );
    assert_eq!(
        violation(world.rotate(&babak)),
        Violation::NotMember(babak.id)
    );
    world.rotate(&anna).expect("a present member");
    assert!(!world.chain.rotation_due());
    assert_eq!(
        world.chain.check_write(anna.id, 1),
        Err(WriteRefusal::OtherEpoch(2))
    );
    assert_eq!(world.chain.check_write(anna.id, 2), Ok(()));
    assert_eq!(world.epochs_open_to(&anna), [1, 2]);
    assert_eq!(world.epochs_open_to(&babak), [1]);
}

#[test]
fn epochs_follow_one_another_with_new_keys() {
    let Four {
        mut world,
        anna,
        babak,
        ..
    } = four();
    let first = world.secrets_of(&anna).remove(&1).expect("the first");
    let (_, made) = first.succeed(&mut world.rng).expect("made");
    for epoch in [0, 1, 3] {
        let wrong = Act::EpochMade(circle::EpochMade {
            epoch,
            ..made.clone()
        });
        assert_eq!(
            violation(world.act(&babak, &wrong)),
            Violation::EpochNumber(1)
        );
    }
    for used in [first.recipient(), babak.keys.recipient()] {
        let wrong = Act::EpochMade(circle::EpochMade {
            recipient: used,
            ..made.clone()
        });
        assert_eq!(
            violation(world.act(&babak, &wrong)),
            Violation::EpochRecipient
        );
    }
    for previous in [Vec::new(), b"not an age file".to_vec()] {
        let wrong = Act::EpochMade(circle::EpochMade {
            previous,
            ..made.clone()
        });
        assert_eq!(violation(world.act(&babak, &wrong)), Violation::Previous);
    }
    world
        .act(&babak, &Act::EpochMade(made))
        .expect("any present member");
}

#[test]
fn membership_entries_name_the_head_and_others_need_not() {
    let Four {
        mut world,
        anna,
        chiara,
        ..
    } = four();
    let stale = world.propose(&anna, &Act::MemberAdded(chiara.as_member(false)));
    world.other_entry(&anna);
    assert_eq!(violation(world.offer(stale.clone())), Violation::Order);
    let moved = placed(
        stale.envelope().bytes().to_vec(),
        world.circle,
        2,
        world.prev(),
    );
    assert_eq!(violation(world.offer(moved)), Violation::NotAfterHead);
    let (seq, _) = world.chain.head();
    let wrong_prev = world.propose(&anna, &Act::MemberAdded(chiara.as_member(false)));
    let bytes = wrong_prev.envelope().bytes().to_vec();
    let wrong_prev = placed(
        bytes.clone(),
        world.circle,
        seq + 1,
        Hash::from_bytes([9; 32]),
    );
    assert_eq!(violation(world.offer(wrong_prev)), Violation::Order);
    // Entries that a program cannot open yet are left out: then only the commitment speaks for `prev`.
    let gap = placed(bytes, world.circle, seq + 9, world.prev());
    world.offer(gap).expect("after a gap");
}

#[test]
fn signatures_are_by_the_key_that_the_chain_knows() {
    let Four {
        mut world,
        anna,
        babak,
        chiara,
        ..
    } = four();
    let add = Act::MemberAdded(chiara.as_member(true));
    let forged = world.forged(anna.id, &chiara, &add);
    assert!(matches!(
        violation(world.offer(forged)),
        Violation::Signature(_)
    ));
    let leave = Act::MemberRemoved {
        member: babak.id,
        reason: String::new(),
    };
    let forged = world.forged(babak.id, &anna, &leave);
    assert!(matches!(
        violation(world.offer(forged)),
        Violation::Signature(_)
    ));
}

#[test]
fn a_circle_has_one_founding_by_one_founder() {
    let Four {
        mut world,
        anna,
        babak,
        chiara,
        ..
    } = four();
    let Ok(Some(Act::Created(created))) = Act::read(world.rows[0].envelope().entry()) else {
        panic!("a founding");
    };
    assert_eq!(
        violation(world.act(&anna, &Act::Created(created.clone()))),
        Violation::FoundedTwice
    );
    let id = world.rows[0].envelope().entry().id;
    let found = |person: &Person, created: &Created, id, after| {
        let envelope = person.sign(world.circle, &Act::Created(created.clone()), after, id);
        let row = placed(envelope, world.circle, 0, Hash::ZERO);
        Chain::found(&office(), world.circle, &row).map(|_| ())
    };
    assert_eq!(found(&anna, &created, id, None), Ok(()));
    let other_id = EntryId::from_bytes([9; 16]);
    assert_eq!(
        violation(found(&anna, &created, other_id, None)),
        Violation::OtherFounding
    );
    assert_eq!(
        violation(found(&anna, &created, id, Some(Hash::ZERO))),
        Violation::NotAfterHead
    );
    assert_eq!(
        violation(found(&babak, &created, id, None)),
        Violation::Founder
    );
    let by = |members| Created {
        members,
        ..created.clone()
    };
    assert_eq!(
        violation(found(&anna, &by(vec![]), id, None)),
        Violation::Founder
    );
    assert_eq!(
        violation(found(&anna, &by(vec![anna.as_member(false)]), id, None)),
        Violation::Founder
    );
    let false_founder = by(vec![chiara.as_member(true)]);
    assert_eq!(
        violation(found(&chiara, &false_founder, id, None)),
        Violation::OtherFounding
    );
    let twice = by(vec![anna.as_member(true), anna.as_member(false)]);
    assert_eq!(
        violation(found(&anna, &twice, id, None)),
        Violation::AlreadyMember(anna.id)
    );
    assert_eq!(
        violation(Chain::fold(&office(), world.circle, &Administrators::new(), []).map(|_| ())),
        Violation::NotFounded
    );
    let without = Chain::fold(
        &office(),
        world.circle,
        &Administrators::new(),
        &world.rows[1..],
    );
    assert_eq!(violation(without.map(|_| ())), Violation::NotFounded);
}

#[test]
fn entries_of_other_circles_and_offices_are_refused() {
    let Four {
        mut world,
        anna,
        chiara,
        ..
    } = four();
    let act = Act::MemberAdded(chiara.as_member(false));
    let id = EntryId::from_bytes([5; 16]);
    let elsewhere = record::ids::CircleId::from_bytes([8; 16]);
    let envelope = anna.sign(elsewhere, &act, Some(world.prev()), id);
    let row = placed(envelope.clone(), world.circle, 1, world.prev());
    assert_eq!(violation(world.offer(row)), Violation::OtherCircle);
    let row = placed(envelope, elsewhere, 1, world.prev());
    assert_eq!(violation(world.offer(row)), Violation::OtherCircle);
    let mut other = entry(
        anna.id,
        world.circle,
        act.kind(),
        act.to_body(),
        Some(world.prev()),
        id,
    );
    other.office = "example.org".parse().expect("an origin");
    let envelope = other
        .sign(anna.keys.signing_key())
        .expect("signed")
        .bytes()
        .to_vec();
    let row = placed(envelope, world.circle, 1, world.prev());
    assert_eq!(violation(world.offer(row)), Violation::OtherOffice);
}

#[test]
fn bodies_have_exactly_their_fields() {
    let Four {
        mut world,
        anna,
        babak,
        chiara,
        ..
    } = four();
    let good = Act::MemberAdded(chiara.as_member(false));
    let hybrid = vault::hybrid::Identity::generate(&mut world.rng)
        .to_recipient()
        .to_string();
    let wrong: [(&str, Option<Value>); 9] = [
        ("member", None),
        ("sign_key", None),
        ("steward", Some(Value::Int(1))),
        ("steward", Some(Value::Null)),
        ("recipient", Some(Value::from("age1xyz"))),
        ("recipient", Some(Value::from(hybrid))),
        (
            "sign_key",
            Some(Value::from(record::encoding::base64_text(&[0; 32]))),
        ),
        (
            "member",
            Some(Value::from(babak.id.to_string().to_uppercase())),
        ),
        ("extra", Some(Value::Bool(true))),
    ];
    for (name, value) in wrong {
        let mut body = good.to_body();
        match value {
            Some(value) => body.insert(name.to_owned(), value),
            None => body.remove(name),
        };
        let id = EntryId::from_bytes([6; 16]);
        let entry = entry(
            anna.id,
            world.circle,
            good.kind(),
            body,
            Some(world.prev()),
            id,
        );
        let envelope = entry
            .sign(anna.keys.signing_key())
            .expect("signed")
            .bytes()
            .to_vec();
        let row = placed(envelope, world.circle, 1, world.prev());
        assert!(
            matches!(violation(world.offer(row)), Violation::Body(_)),
            "{name}"
        );
    }
    let bad_texts = ["a\u{202E}b", "a\nb", &"x".repeat(1001)];
    for reason in bad_texts {
        let act = Act::MemberRemoved {
            member: babak.id,
            reason: reason.to_owned(),
        };
        assert!(
            matches!(violation(world.act(&anna, &act)), Violation::Body(_)),
            "{reason:?}"
        );
    }
}

#[test]
fn acts_are_read_as_they_were_written() {
    let Four {
        mut world,
        anna,
        babak,
        chiara,
        ..
    } = four();
    let secret = world.secrets_of(&anna).remove(&1).expect("a secret");
    let (_, made) = secret.succeed(&mut world.rng).expect("made");
    let acts = [
        Act::Created(Created {
            name: "بایگانی".into(),
            recipient: secret.recipient(),
            members: vec![anna.as_member(true), babak.as_member(false)],
        }),
        Act::MemberAdded(chiara.as_member(true)),
        Act::MemberRemoved {
            member: babak.id,
            reason: "left the committee".into(),
        },
        Act::EpochMade(made),
    ];
    for act in acts {
        let id = EntryId::from_bytes([7; 16]);
        let entry = entry(anna.id, world.circle, act.kind(), act.to_body(), None, id);
        assert_eq!(Act::read(&entry), Ok(Some(act)));
    }
}

#[test]
fn a_wrap_is_for_one_member_of_one_epoch() {
    let Four {
        mut world,
        anna,
        babak,
        ..
    } = four();
    world.rotate(&anna).expect("rotated");
    let secrets = world.secrets_of(&anna);
    let wrap = secrets[&1]
        .wrap_for(anna.id, &anna.keys.recipient(), &mut world.rng)
        .expect("wrapped");
    let open = |member, identity, place, published| {
        EpochSecret::unwrap_for(&wrap, place, member, identity, published).map(|_| ())
    };
    let (first, second) = (secrets[&1].place(), secrets[&2].place());
    let (right, other) = (&secrets[&1].recipient(), &secrets[&2].recipient());
    assert_eq!(open(anna.id, anna.keys.identity(), first, right), Ok(()));
    let refused = open(anna.id, anna.keys.identity(), first, other);
    assert_eq!(refused, Err(EpochError::OtherRecipient));
    for (member, identity, place) in [
        (babak.id, anna.keys.identity(), first),
        (anna.id, babak.keys.identity(), first),
        (anna.id, anna.keys.identity(), second),
    ] {
        assert!(matches!(
            open(member, identity, place, right),
            Err(EpochError::Open(_))
        ));
    }
}

#[test]
fn a_link_that_was_not_handed_on_is_named() {
    let Four {
        mut world,
        anna,
        babak,
        ..
    } = four();
    let place = world.chain.epoch_place();
    // Babak hands on a secret of his own making instead of the circle's.
    let (next, made) = EpochSecret::generate(place, &mut world.rng)
        .succeed(&mut world.rng)
        .expect("made");
    world
        .act(&babak, &Act::EpochMade(made))
        .expect("its form is right");
    let ring = Keyring::open(&world.chain, next);
    assert_eq!(ring.broken(), Some((2, EpochError::OtherRecipient)));
    assert!(ring.secret(2).is_some() && ring.secret(1).is_none());
    assert_eq!(
        world.chain.epoch(2).map(|epoch| epoch.made_by),
        Some(babak.id)
    );
    let _ = anna;
}

#[test]
fn a_cut_chain_is_found_by_what_a_member_remembers() {
    let Four {
        mut world,
        anna,
        babak,
        ..
    } = four();
    let early = world.chain.last_act();
    world.remove(&anna, babak.id).expect("removed");
    world.other_entry(&anna);
    let seen = world.chain.last_act();
    assert_eq!(seen.0, 1);
    assert!(world.fold().expect("whole").contains(seen.0, &seen.1));
    let cut = Chain::fold(
        &office(),
        world.circle,
        &world.administrators,
        &world.rows[..1],
    )
    .expect("cut");
    assert!(
        cut.member(babak.id).is_some(),
        "the cut chain still has the removed reader"
    );
    assert!(cut.contains(early.0, &early.1) && !cut.contains(seen.0, &seen.1));
}
