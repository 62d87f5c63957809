//! Recovery and travel: who must agree, and how long it takes.

use std::collections::BTreeSet;

use record::ids::MemberId;
use vault::circle::{Act, Violation};
use vault::member::MemberKeys;
use vault::recovery::{Account, DELAY_SECONDS_MIN, NewKeys, Refusal, Rules};

use crate::cast::{Person, rng};
use crate::world::World;

const DAY: u64 = 24 * 60 * 60;
const ASKED: u64 = 1_800_000_000;

fn id(number: u8) -> MemberId {
    MemberId::from_bytes([number; 16])
}

fn stewards() -> BTreeSet<MemberId> {
    (1..=4).map(id).collect()
}

fn rules() -> Rules {
    Rules::new(2, 2 * DAY).expect("rules")
}

fn keys(seed: u64) -> NewKeys {
    let keys = MemberKeys::generate(&mut rng(seed));
    NewKeys {
        sign_key: keys.verifying_key(),
        recipient: keys.recipient(),
    }
}

const LOST: MemberId = MemberId::from_bytes([9; 16]);

#[test]
fn one_steward_or_one_night_is_never_enough() {
    assert!(Rules::new(1, 30 * DAY).is_err());
    assert!(Rules::new(2, DELAY_SECONDS_MIN - 1).is_err());
    let asked = Account::Home.ask_recovery(keys(1), ASKED).expect("asked");
    let early = asked
        .clone()
        .complete(LOST, &stewards(), rules(), ASKED)
        .unwrap_err();
    assert_eq!(
        early,
        Refusal::Early {
            approvals: 2,
            seconds: 2 * DAY
        }
    );
    let one = asked
        .approve_recovery(LOST, id(1), &stewards())
        .expect("approved");
    let early = one
        .clone()
        .complete(LOST, &stewards(), rules(), ASKED + 9 * DAY)
        .unwrap_err();
    assert_eq!(
        early,
        Refusal::Early {
            approvals: 1,
            seconds: 0
        }
    );
    let two = one
        .approve_recovery(LOST, id(2), &stewards())
        .expect("approved");
    let early = two
        .clone()
        .complete(LOST, &stewards(), rules(), ASKED + DAY)
        .unwrap_err();
    assert_eq!(
        early,
        Refusal::Early {
            approvals: 0,
            seconds: DAY
        }
    );
    let (account, done) = two
        .complete(LOST, &stewards(), rules(), ASKED + 2 * DAY)
        .expect("done");
    assert_eq!(
        (account, done.member(), done.keys()),
        (Account::Home, LOST, &keys(1))
    );
}

#[test]
fn only_present_stewards_count_and_each_once() {
    let asked = Account::Home.ask_recovery(keys(1), ASKED).expect("asked");
    let approve = |by| asked.clone().approve_recovery(LOST, by, &stewards());
    assert_eq!(approve(id(7)).unwrap_err(), Refusal::NotSteward);
    let with_self: BTreeSet<MemberId> = stewards().into_iter().chain([LOST]).collect();
    let own = asked.clone().approve_recovery(LOST, LOST, &with_self);
    assert_eq!(own.unwrap_err(), Refusal::NotSteward);
    let one = approve(id(1)).expect("approved");
    assert_eq!(
        one.clone()
            .approve_recovery(LOST, id(1), &stewards())
            .unwrap_err(),
        Refusal::Twice
    );
    let two = one
        .approve_recovery(LOST, id(2), &stewards())
        .expect("approved");
    let without: BTreeSet<MemberId> = [id(2), id(3)].into();
    let early = two
        .complete(LOST, &without, rules(), ASKED + 9 * DAY)
        .unwrap_err();
    assert_eq!(
        early,
        Refusal::Early {
            approvals: 1,
            seconds: 0
        }
    );
}

#[test]
fn the_member_or_a_steward_can_object() {
    let asked = || Account::Home.ask_recovery(keys(1), ASKED).expect("asked");
    assert_eq!(
        asked().cancel_recovery(LOST, LOST, &stewards()),
        Ok(Account::Home)
    );
    assert_eq!(
        asked().cancel_recovery(LOST, id(3), &stewards()),
        Ok(Account::Home)
    );
    assert_eq!(
        asked().cancel_recovery(LOST, id(8), &stewards()),
        Err(Refusal::NotSteward)
    );
    assert_eq!(asked().ask_recovery(keys(2), ASKED), Err(Refusal::State));
    assert_eq!(
        Account::Home.cancel_recovery(LOST, LOST, &stewards()),
        Err(Refusal::State)
    );
}

#[test]
fn a_travelling_account_holds_nothing_until_stewards_restore_it() {
    assert!(Account::Home.may_hold_wraps());
    let away = Account::Home.begin_travel().expect("away");
    assert!(!away.may_hold_wraps());
    assert_eq!(away.clone().begin_travel(), Err(Refusal::State));
    let own = away
        .clone()
        .approve_return(LOST, LOST, &stewards(), rules());
    assert_eq!(own, Err(Refusal::NotSteward));
    let one = away
        .approve_return(LOST, id(1), &stewards(), rules())
        .expect("one");
    assert!(!one.may_hold_wraps());
    let again = one
        .clone()
        .approve_return(LOST, id(1), &stewards(), rules());
    assert_eq!(again, Err(Refusal::Twice));
    assert_eq!(
        one.approve_return(LOST, id(2), &stewards(), rules()),
        Ok(Account::Home)
    );
}

#[test]
fn a_recovery_is_no_way_around_travel_mode() {
    let away = Account::Home.begin_travel().expect("away");
    let asked = away.clone().ask_recovery(keys(1), ASKED).expect("asked");
    assert!(!asked.may_hold_wraps());
    assert_eq!(asked.cancel_recovery(LOST, LOST, &stewards()), Ok(away));
}

#[test]
fn new_keys_come_in_the_place_of_the_old_and_a_new_epoch_follows() {
    let mut rng = rng(5);
    let [anna, babak] = core::array::from_fn(|_| Person::new(&mut rng));
    let members = vec![anna.as_member(true), babak.as_member(true)];
    let mut world = World::found(members, &anna, rng);
    let fresh = Person {
        id: babak.id,
        keys: MemberKeys::generate(&mut world.rng),
    };
    let new = NewKeys {
        sign_key: fresh.keys.verifying_key(),
        recipient: fresh.keys.recipient(),
    };
    let both: BTreeSet<MemberId> = [anna.id, id(1)].into();
    let mut account = Account::Home.ask_recovery(new, ASKED).expect("asked");
    for steward in &both {
        account = account
            .approve_recovery(babak.id, *steward, &both)
            .expect("approved");
    }
    let (_, done) = account
        .complete(babak.id, &both, rules(), ASKED + 3 * DAY)
        .expect("done");
    let [removed, added] = done.acts(&world.chain).expect("a member here");
    assert!(matches!(&added, Act::MemberAdded(member) if member.steward));
    world.act(&anna, &removed).expect("removed");
    world.add(&anna, &fresh, true).expect("added");
    let Act::MemberAdded(member) = &added else {
        panic!("an admission")
    };
    assert_eq!(world.chain.member(babak.id), Some(member));
    world.rotate(&anna).expect("rotated");
    assert_eq!(world.epochs_open_to(&fresh), [1, 2]);
    assert_eq!(world.epochs_open_to(&babak), [1]);
    let leave = Act::MemberRemoved {
        member: babak.id,
        reason: String::new(),
    };
    let error = world
        .act(&babak, &leave)
        .expect_err("the old key signs no more");
    assert!(matches!(error.violation, Violation::Signature(_)));
}
