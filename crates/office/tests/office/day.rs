//! A working day of an office: people come, material goes in, is opened, proved, published, erased; people leave.

use std::io::Read;

use crate::bench_office::{self, Bench, passphrase};
use desk::ItemQuery;
use desk::kinds::Mode;
use office::roster::Duty;
use office::{
    Mark, Material, Openness, Proved, PublishItemsError, Receipt, SmallMaterial, WriteError,
};
use record::policy::Policy;

fn material(content: &[u8], name: &str) -> Material<std::io::Cursor<Vec<u8>>> {
    Material {
        content: std::io::Cursor::new(content.to_vec()),
        folder: String::new(),
        file_name: name.to_owned(),
    }
}

#[test]
fn material_goes_in_and_an_outsider_can_prove_it() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let circle = office
        .create_circle(&founder, "دفتر ثبت")
        .expect("a circle");
    let writer = office.writer(&founder, circle).expect("a writer");
    let large = vec![7_u8; 3_000_000];
    let Receipt::New { item, .. } = office
        .receive(&writer, material(&large, "فیلم.mp4"))
        .expect("received")
    else {
        panic!("new material");
    };
    let again = office
        .receive(&writer, material(&large, "copy.mp4"))
        .expect("received");
    assert!(matches!(again, Receipt::Duplicate { of, .. } if of == item));
    let small: Vec<SmallMaterial> = ["یک", "دو", "دو"]
        .iter()
        .map(|text| SmallMaterial {
            content: text.as_bytes().to_vec(),
            folder: "متن".into(),
            file_name: "a.txt".into(),
        })
        .collect();
    let receipts = office.receive_small(&writer, &small).expect("received");
    assert!(matches!(
        receipts[..],
        [
            Receipt::New { .. },
            Receipt::New { .. },
            Receipt::Duplicate { .. }
        ]
    ));
    let Receipt::New { item: text, .. } = receipts[0] else {
        panic!("new")
    };

    let reader = office.reader(&founder, circle).expect("a reader");
    assert!(matches!(
        office.prove_item(&reader, text, true).expect("asked"),
        Proved::Pending
    ));
    assert_eq!(
        office.item(&reader, text).expect("an item").mark,
        Mark::Accepted
    );
    let page = office
        .items(
            &reader,
            &ItemQuery {
                limit: 10,
                ..bench_office::all_items()
            },
        )
        .expect("items");
    assert_eq!(page.page.total, 3);
    let round = office
        .sequence_now(&[])
        .expect("a round")
        .expect("the lock");
    assert_eq!(round.entered, 6);
    assert!(matches!(
        office.item(&reader, text).expect("an item").mark,
        Mark::Entered { .. }
    ));

    let mut content = office
        .open_item(&writer, item, "بررسی", Mode::Copy)
        .expect("opened");
    let mut bytes = Vec::new();
    content.read_to_end(&mut bytes).expect("read");
    assert_eq!(bytes, large);
    assert_eq!(office.purpose_today(&reader).as_deref(), Some("بررسی"));
    let sheet = office.item(&reader, item).expect("an item");
    assert_eq!(sheet.accesses.len(), 1);

    let policy = Policy::parse(office.policy().expect("a policy").as_bytes()).expect("well-formed");
    let Proved::Proof(proof) = office.prove_item(&reader, text, true).expect("asked") else {
        panic!("pending")
    };
    let told = proof.encode().expect("text");
    record::exhibit::verify(told.as_bytes(), "یک".as_bytes(), &policy).expect("holds");
    assert!(record::exhibit::verify(told.as_bytes(), "دو".as_bytes(), &policy).is_err());

    let plan = |office: &office::Office| {
        let items = [item, text];
        let planned =
            office.plan_publication(&founder, &items, "نخستین انتشار", Openness::WithoutNames);
        planned.expect("a plan")
    };
    let undescribed = plan(office);
    assert!(undescribed.is_withheld(), "what nobody described stays");
    let refused = office.publish(&founder, &undescribed, &[], &mut Vec::new(), || false);
    assert!(matches!(refused, Err(PublishItemsError::Withheld)));
    bench_office::describe_as_own(office, &writer, &[item, text]);
    let plan = plan(office);
    assert!(!plan.is_withheld());
    let mut bundle = Vec::new();
    let published = office
        .publish(&founder, &plan, &[], &mut bundle, || false)
        .expect("published");
    assert_eq!(published.exhibits, 2);
    let report = record::bundle::verify(&bundle[..], &policy).expect("the bundle holds");
    assert_eq!(report.exhibits.len(), 2);

    let check = office.check_entries(&[&founder], 2).expect("checked");
    assert_eq!(check.findings, []);
    assert_eq!(check.locked, 0);
}

#[test]
fn whoever_leaves_reads_nothing_new_and_whoever_comes_reads_the_archive() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let administrator = office.administrator(&founder).expect("an administrator");
    let word = passphrase("a long enough passphrase");
    let first = office
        .admit_member(
            &administrator,
            "Parvin",
            Duty::Member,
            Some(word.clone()),
            bench_office::CHEAP,
        )
        .expect("admitted");
    let second = office
        .admit_member(
            &administrator,
            "دارا",
            Duty::Steward,
            Some(word.clone()),
            bench_office::CHEAP,
        )
        .expect("admitted");
    let parvin = office.sign_in("parvin", &word).expect("signed in");
    let dara = office.sign_in("دارا", &word).expect("signed in");
    assert!(office.administrator(&parvin).is_err());
    let circle = office.create_circle(&founder, "Intake").expect("a circle");
    let writer = office.writer(&founder, circle).expect("a writer");
    let Receipt::New { item, .. } = office
        .receive(&writer, material(b"one", "1.txt"))
        .expect("received")
    else {
        panic!()
    };
    assert!(office.reader(&parvin, circle).is_err());
    let steward = office.steward(&founder, circle).expect("a steward");
    office
        .add_to_circle(&steward, first.member, false)
        .expect("added");
    let reader = office.reader(&parvin, circle).expect("may read");
    assert!(office.item(&reader, item).is_ok());

    office
        .remove_from_circle(&steward, first.member, "left")
        .expect("removed");
    assert!(office.reader(&parvin, circle).is_err());
    assert!(matches!(
        office.writer(&founder, circle),
        Err(WriteError::RotationDue)
    ));
    office
        .renew_epoch(&office.reader(&founder, circle).expect("may read"))
        .expect("renewed");
    let writer = office.writer(&founder, circle).expect("may write again");
    let Receipt::New { item: later, .. } = office
        .receive(&writer, material(b"two", "2.txt"))
        .expect("received")
    else {
        panic!()
    };
    let steward = office.steward(&founder, circle).expect("a steward");
    office
        .add_to_circle(&steward, second.member, true)
        .expect("added");
    let writer = office.writer(&dara, circle).expect("may write");
    for (item, text) in [(item, "one"), (later, "two")] {
        let mut read = String::new();
        office
            .open_item(&writer, item, "check", Mode::View)
            .expect("opened")
            .read_to_string(&mut read)
            .expect("read");
        assert_eq!(read, text);
    }
    office
        .revoke_member(&administrator, second.member, "device lost")
        .expect("revoked");
    assert!(office.reader(&dara, circle).is_err());
    assert!(office.sign_in("دارا", &word).is_err());
    assert_eq!(
        office
            .check_entries(&[&founder], 2)
            .expect("checked")
            .findings,
        []
    );
}

#[test]
fn an_erased_item_is_gone_and_the_chain_still_holds() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let circle = office.create_circle(&founder, "Case").expect("a circle");
    let writer = office.writer(&founder, circle).expect("a writer");
    let Receipt::New { item, .. } = office
        .receive(&writer, material(b"to be erased", "x.txt"))
        .expect("received")
    else {
        panic!()
    };
    office.sequence_now(&[]).expect("a round");
    let steward = office.steward(&founder, circle).expect("a steward");
    office
        .erase(&steward, item, "consent withdrawn")
        .expect("erased");
    assert!(office.open_item(&writer, item, "look", Mode::View).is_err());
    let before = office.dump_view(writer.reader()).expect("a dump");
    office.delete_views().expect("deleted");
    assert_eq!(office.dump_view(writer.reader()).expect("a dump"), before);
    let check = office.check_entries(&[&founder], 2).expect("checked");
    assert_eq!((check.findings, check.erased), (vec![], 1));
}

#[test]
fn the_office_opens_again_with_its_secret_and_no_other() {
    let bench = Bench::new();
    let folder = bench.folder.path().join("office");
    let setting = bench_office::setting();
    drop(bench.office);
    assert!(matches!(
        office::Office::open(&folder, &passphrase("another long secret"), setting.clone()),
        Err(office::OpeningError::WrongSecret)
    ));
    let again = office::Office::open(&folder, &bench_office::unlock(), setting).expect("opens");
    assert!(
        again
            .sign_in("Founder", &passphrase("not the right one"))
            .is_err()
    );
    assert!(
        again
            .sign_in("Founder", &bench_office::founder_passphrase())
            .is_ok()
    );
    let sessions = again.sessions();
    let session = again
        .sign_in("Founder", &bench_office::founder_passphrase())
        .expect("signed in");
    let token = sessions.begin(&session);
    assert_eq!(
        sessions.resume(&token).expect("alive").member(),
        session.member()
    );
    sessions.end(&token);
    assert!(sessions.resume(&token).is_none());
}

#[test]
fn a_traveller_opens_nothing_until_others_say_so() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let administrator = office.administrator(&founder).expect("an administrator");
    let word = passphrase("a long enough passphrase");
    let admitted = office
        .admit_member(
            &administrator,
            "Parvin",
            Duty::Member,
            Some(word.clone()),
            bench_office::CHEAP,
        )
        .expect("admitted");
    let circle = office.create_circle(&founder, "Intake").expect("a circle");
    let steward = office.steward(&founder, circle).expect("a steward");
    office
        .add_to_circle(&steward, admitted.member, false)
        .expect("added");
    let parvin = office.sign_in("Parvin", &word).expect("signed in");
    office
        .begin_travel(&parvin, admitted.member)
        .expect("travelling");
    let parvin = office.sign_in("Parvin", &word).expect("may still sign in");
    assert!(office.reader(&parvin, circle).is_err());
    assert!(office.end_travel(&parvin, admitted.member).is_err());
    office.end_travel(&founder, admitted.member).expect("back");
    assert_eq!(
        office
            .restore_wraps(&founder, admitted.member)
            .expect("restored"),
        1
    );
    assert!(office.reader(&parvin, circle).is_ok());
}

#[test]
fn lost_keys_are_replaced_by_stewards_after_the_delay() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let administrator = office.administrator(&founder).expect("an administrator");
    let word = passphrase("a long enough passphrase");
    let cheap = bench_office::CHEAP;
    let lost = office
        .admit_member(
            &administrator,
            "Parvin",
            Duty::Member,
            Some(word.clone()),
            cheap,
        )
        .expect("admitted");
    office
        .admit_member(
            &administrator,
            "Dara",
            Duty::Steward,
            Some(word.clone()),
            cheap,
        )
        .expect("admitted");
    let dara = office.sign_in("Dara", &word).expect("signed in");
    let circle = office.create_circle(&founder, "Intake").expect("a circle");
    let steward = office.steward(&founder, circle).expect("a steward");
    office
        .add_to_circle(&steward, lost.member, false)
        .expect("added");
    let new = passphrase("another long passphrase");
    office
        .begin_recovery(&administrator, lost.member, Some(new.clone()), cheap)
        .expect("begun");
    office
        .approve_recovery(&founder, lost.member)
        .expect("approved");
    assert!(
        office.end_recovery(&administrator, lost.member).is_err(),
        "one approval is too few"
    );
    office
        .approve_recovery(&dara, lost.member)
        .expect("approved");
    assert!(
        office.end_recovery(&administrator, lost.member).is_err(),
        "too early"
    );
    bench.pass(3600);
    office
        .end_recovery(&administrator, lost.member)
        .expect("ended");
    assert!(office.sign_in("Parvin", &word).is_err());
    let parvin = office
        .sign_in("Parvin", &new)
        .expect("signs in with the new keys");
    assert!(office.reader(&parvin, circle).is_err());
    let readmitted = office.readmit(&founder, lost.member);
    assert_eq!(readmitted.expect("readmitted"), 1);
    assert!(office.reader(&parvin, circle).is_ok());
    let check = office.check_entries(&[&founder], 2).expect("checked");
    assert_eq!(check.findings, []);
}

#[test]
fn a_record_that_began_anew_is_checked_and_publishes_under_its_new_name() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let circle = office.create_circle(&founder, "Case").expect("a circle");
    let writer = office.writer(&founder, circle).expect("a writer");
    let Receipt::New { item, .. } = office
        .receive(&writer, material(b"kept", "x.txt"))
        .expect("received")
    else {
        panic!()
    };
    bench_office::describe_as_own(office, &writer, &[item]);
    office.sequence_now(&[]).expect("a round");
    let before = office.origin();
    let after = office.reconcile_accepting_loss().expect("begun anew");
    assert_ne!(before, after);
    let plan = office
        .plan_publication(&founder, &[item], "After the loss", Openness::WithoutNames)
        .expect("a plan");
    let mut bundle = Vec::new();
    office
        .publish(&founder, &plan, &[], &mut bundle, || false)
        .expect("published");
    let policy = Policy::parse(office.policy().expect("a policy").as_bytes()).expect("well-formed");
    assert_eq!(
        record::bundle::verify(&bundle[..], &policy)
            .expect("holds")
            .exhibits
            .len(),
        1
    );
    assert_eq!(
        office
            .check(&[&founder], true, 2, &|_| {})
            .expect("checked")
            .findings,
        []
    );
}
