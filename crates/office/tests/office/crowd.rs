//! Many people, and two programs, write to one office at once.

use std::collections::BTreeSet;
use std::sync::Barrier;

use crate::bench_office::{self, Bench, CHEAP, passphrase};
use desk::kinds::Mode;
use office::roster::Duty;
use office::{Office, Receipt, Session, SmallMaterial};
use record::ids::CircleId;

const MEMBERS: usize = 100;

/// A circle of a hundred members besides its founder, all signed in.
fn parliament(bench: &Bench) -> (CircleId, Vec<Session>) {
    let office = &bench.office;
    let founder = bench.founder();
    let administrator = office.administrator(&founder).expect("an administrator");
    let circle = office.create_circle(&founder, "Plenum").expect("a circle");
    let word = passphrase("a long enough passphrase");
    let mut sessions = Vec::with_capacity(MEMBERS);
    for number in 0..MEMBERS {
        let name = format!("Member {number}");
        let chosen = Some(word.clone());
        let admitted = office.admit_member(&administrator, &name, Duty::Member, chosen, CHEAP);
        let member = admitted.expect("admitted").member;
        let steward = office.steward(&founder, circle).expect("a steward");
        office
            .add_to_circle(&steward, member, false)
            .expect("added");
        sessions.push(office.sign_in(&name, &word).expect("signed in"));
    }
    (circle, sessions)
}

fn material(text: String) -> [SmallMaterial; 1] {
    [SmallMaterial {
        file_name: format!("{text}.txt"),
        content: text.into_bytes(),
        folder: String::new(),
    }]
}

/// Everybody presses the button in the same moment, once: to give something, then to open what was there before.
#[test]
fn a_hundred_members_write_to_one_circle_at_once() {
    let bench = Bench::new();
    let office = &bench.office;
    let (circle, sessions) = parliament(&bench);
    let founder = bench.founder();
    let writer = office.writer(&founder, circle).expect("a writer");
    let first = office
        .receive_small(&writer, &material("the motion".to_owned()))
        .expect("received");
    let Receipt::New { item: motion, .. } = first[0] else {
        panic!("new material")
    };
    let together = Barrier::new(MEMBERS);
    let vote = |number: usize, session: &Session| {
        together.wait();
        let writer = office.writer(session, circle).expect("may write");
        let given = office.receive_small(&writer, &material(format!("paper {number}")));
        let given = given.expect("accepted at the first attempt");
        assert!(matches!(given[..], [Receipt::New { .. }]));
        office
            .open_item(&writer, motion, "the vote", Mode::View)
            .expect("opened at the first attempt");
    };
    std::thread::scope(|scope| {
        for (number, session) in sessions.iter().enumerate() {
            scope.spawn(move || vote(number, session));
        }
    });
    let reader = office.reader(&founder, circle).expect("a reader");
    let sheet = office.item(&reader, motion).expect("an item");
    let openers: BTreeSet<_> = sheet.accesses.iter().map(|access| access.by).collect();
    assert_eq!(openers.len(), MEMBERS);
    let page = office
        .items(&reader, &bench_office::all_items())
        .expect("items");
    assert_eq!(page.page.total, 1 + MEMBERS as u64);
    let check = office.check_entries(&[&founder]).expect("checked");
    assert_eq!(check.findings, []);
}

/// The server and the command line: each has the office open for itself, both write, and one of them at a time sequences.
#[test]
fn two_programs_work_in_one_office_at_once() {
    let bench = Bench::new();
    let founder = bench.founder();
    let circle = bench
        .office
        .create_circle(&founder, "Intake")
        .expect("a circle");
    let folder = bench.folder.path().join("office");
    let other = Office::open(&folder, &bench_office::unlock(), bench_office::setting());
    let other = other.expect("opens beside the first");
    let together = Barrier::new(2);
    let work = |office: &Office, name: &str| {
        let session = office
            .sign_in("Founder", &bench_office::founder_passphrase())
            .expect("signed in");
        together.wait();
        let mut elsewhere = 0;
        for number in 0..40 {
            let writer = office.writer(&session, circle).expect("may write");
            office
                .receive_small(&writer, &material(format!("{name} {number}")))
                .expect("received");
            let round = office.sequence_now(&[]).expect("no fault");
            elsewhere += u32::from(round.is_none());
        }
        elsewhere
    };
    std::thread::scope(|scope| {
        let one = scope.spawn(|| work(&bench.office, "server"));
        let two = scope.spawn(|| work(&other, "command line"));
        let waited = one.join().expect("ends") + two.join().expect("ends");
        println!("{waited} of 80 rounds were left to the other program");
    });
    bench.office.sequence_now(&[]).expect("a round");
    for office in [&bench.office, &other] {
        let session = office
            .sign_in("Founder", &bench_office::founder_passphrase())
            .expect("signed in");
        let reader = office.reader(&session, circle).expect("a reader");
        let page = office
            .items(&reader, &bench_office::all_items())
            .expect("items");
        assert_eq!(page.page.total, 80);
        let check = office
            .check(&[&session], true, 1, &|_| {})
            .expect("checked");
        assert_eq!(check.findings, []);
    }
}
