//! The sealed tier acted out: three key-holders in three countries, two open together, for a warrant that an outside office countersigned.

use std::io::Read;

use crate::bench_office::Bench;
use office::roster::{KeyHolder, WitnessOffice};
use office::{
    Material, OpenItemError, Openness, PlanError, Receipt, SealItemError, sealed_binding,
};
use record::entry::Timestamp;
use record::ids::Origin;
use record::note::Vkey;
use record::policy::Policy;
use record::signature::SigningKey;
use record::witness_request::AddCheckpoint;
use register::witness::{Answer, Witness};
use vault::keys::Identity;
use vault::share::{Share, combine};
use vault::{hybrid, object, warrant};

/// An outside office that signs whatever it is shown; the real one is tested in web.
struct Outside {
    vkey: Vkey,
    key: SigningKey,
}

impl Witness for Outside {
    fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    fn add_checkpoint(&self, request: &AddCheckpoint) -> Answer {
        Answer::Cosigned(vec![record::cosignature::cosign(
            request.checkpoint.note().text(),
            1_790_000_100,
            &self.vkey,
            &self.key,
        )])
    }
}

fn holder(name: &str, jurisdiction: &str, identity: &hybrid::Identity) -> KeyHolder {
    KeyHolder {
        name: name.into(),
        recipient: identity.to_recipient().to_string(),
        jurisdiction: jurisdiction.into(),
    }
}

#[test]
fn two_of_three_open_for_a_warrant_and_nobody_alone() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let administrator = office.administrator(&founder).expect("an administrator");
    let mut dice = office.setting().dice();
    let keys: Vec<hybrid::Identity> = (0..3)
        .map(|_| hybrid::Identity::generate(&mut dice))
        .collect();
    let circle = office.create_circle(&founder, "Sources").expect("a circle");
    let writer = office.writer(&founder, circle).expect("a writer");
    let secret = || Material {
        content: "her name".as_bytes(),
        folder: String::new(),
        file_name: "source-7.txt".into(),
    };
    assert!(matches!(
        office.receive_sealed(&writer, secret(), 2),
        Err(SealItemError::KeyHolders { named: 0, .. })
    ));
    for (key, (name, country)) in keys
        .iter()
        .zip([("one", "A"), ("two", "B"), ("three", "C")])
    {
        office
            .add_key_holder(&administrator, holder(name, country, key))
            .expect("named");
    }
    let sealed = office.receive_sealed(&writer, secret(), 2).expect("sealed");
    let Receipt::New { item, .. } = sealed.receipt else {
        panic!("new material")
    };
    assert!(matches!(
        office.open_item(&writer, item, "look", desk::kinds::Mode::View),
        Err(OpenItemError::Sealed)
    ));
    assert!(matches!(
        office.plan_publication(&founder, &[item], "T", Openness::WithoutNames),
        Err(PlanError::Sealed(_))
    ));

    let seed = SigningKey::from_seed(&[9; 32]);
    let vkey =
        record::cosignature::witness_vkey(Origin::new("outside.example/w").expect("a name"), &seed);
    let outside = Outside {
        vkey: vkey.clone(),
        key: seed,
    };
    let witness = WitnessOffice {
        name: "outside".into(),
        vkey: vkey.to_string(),
        url: "http://127.0.0.1:1/".into(),
    };
    office.add_witness(&administrator, witness).expect("added");
    office.set_quorum(&administrator, 1).expect("set");

    let requester = hybrid::Identity::generate(&mut dice);
    let steward = office.steward(&founder, circle).expect("a steward");
    let expires = Timestamp::from_unix_seconds(1_790_000_000 + 86_400).expect("a time");
    let issued = office
        .issue_warrant(
            &steward,
            item,
            "court order 5",
            requester.to_recipient(),
            expires,
        )
        .expect("issued");
    let reader = steward.reader();
    assert!(
        office
            .warrant_file(reader, issued.id)
            .expect("asked")
            .is_none(),
        "pending"
    );
    office.sequence_now(&[&outside]).expect("a round");
    let file = office
        .warrant_file(reader, issued.id)
        .expect("asked")
        .expect("covered");
    let file = warrant::WarrantFile::parse(&file.encode().expect("bytes")).expect("read back");
    let policy = Policy::parse(office.policy().expect("a policy").as_bytes()).expect("a policy");
    let issuer = office
        .roster()
        .expect("a roster")
        .find("Founder")
        .expect("there")
        .admission
        .keys
        .sign;
    let issuers = [record::signature::VerifyingKey::from_bytes(&issuer).expect("a key")];
    let now = Timestamp::from_unix_seconds(1_790_000_200).expect("a time");
    let warranted = warrant::check(&file, &policy, &issuers, now).expect("holds");

    let sealing = office.sealing(reader, item).expect("sealed");
    // The roster names key-holders by the alphabet.
    let by_name = [&keys[0], &keys[2], &keys[1]];
    let shares: Vec<Share> = by_name
        .iter()
        .zip(&sealing.shares)
        .map(|(key, (_, share))| Share::open(share, &sealing.place, key).expect("opens"))
        .collect();
    let released: Vec<Share> = shares[1..]
        .iter()
        .map(|share| {
            let file = warranted.release(share, &mut dice).expect("released");
            Share::open_released(&file, &sealing.place, &requester).expect("opens")
        })
        .collect();
    assert!(
        combine(&released[..1], released[0].split(), &sealing.recipient).is_err(),
        "one alone opens nothing"
    );
    let identity =
        combine(&released, released[0].split(), &sealing.recipient).expect("two together");
    let mut age_file = Vec::new();
    let size = office
        .export_sealed(reader, item, &mut age_file)
        .expect("exported");
    let mut rest = &age_file[..];
    let header = vault::header::split(&mut rest)
        .expect("no error")
        .expect("a header");
    let identity = Identity::Hybrid(Box::new(identity));
    let mut opened = object::open(
        &header,
        rest,
        &identity,
        &sealed_binding(&sealing.place),
        size,
    )
    .expect("opens");
    let mut text = String::new();
    opened.read_to_string(&mut text).expect("read");
    assert_eq!(text, "her name");
    let check = office
        .check(&[&founder], true, 2, &|_| {})
        .expect("checked");
    assert_eq!(check.findings, []);
}

#[test]
fn no_country_alone_holds_enough_shares() {
    let bench = Bench::new();
    let office = &bench.office;
    let founder = bench.founder();
    let administrator = office.administrator(&founder).expect("an administrator");
    let mut dice = office.setting().dice();
    for (name, country) in [("one", "A"), ("two", "A"), ("three", "C")] {
        let key = hybrid::Identity::generate(&mut dice);
        office
            .add_key_holder(&administrator, holder(name, country, &key))
            .expect("named");
    }
    let circle = office.create_circle(&founder, "Sources").expect("a circle");
    let writer = office.writer(&founder, circle).expect("a writer");
    let secret = Material {
        content: &b"x"[..],
        folder: String::new(),
        file_name: "x".into(),
    };
    assert!(matches!(
        office.receive_sealed(&writer, secret, 2),
        Err(SealItemError::OneJurisdiction(_))
    ));
}
