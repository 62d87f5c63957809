//! Attempts to read, or to let others read, what is a circle's.

use office::Session;
use vault::binding::{Binding, ObjectId, Purpose};
use vault::circle::{Act, CircleMember, Created, EpochPlace, EpochSecret};
use vault::member::{self, MemberKeys};
use vault::small;

use crate::attacker::{Attacker, Forgery};
use crate::scene::{Scene, passphrase};

/// The circle is refused by the programs of its members, and `fsck` says which entry and why.
fn refused_and_found(scene: &Scene, what: &str) {
    let office = scene.office();
    let parvin = scene.sign_in(&office, "Parvin");
    let refused = office.reader(&parvin, scene.circle).err();
    let refused = refused.expect("a member's program refuses").to_string();
    assert!(refused.contains(what), "{refused}");
    let administrator = scene.sign_in(&office, "Administrator");
    assert!(office.reader(&administrator, scene.circle).is_err());
    let findings = scene.findings(&office);
    let place = format!("of circle {}", scene.circle);
    assert!(
        findings
            .iter()
            .any(|finding| finding.contains(&place) && finding.contains(what)),
        "{findings:?}"
    );
}

fn own_seat(attacker: &Attacker, scene: &Scene, steward: bool) -> (MemberKeys, CircleMember) {
    let keys = attacker.keys_of(scene.administrator, "Administrator");
    let seat = CircleMember {
        member: scene.administrator,
        sign_key: keys.verifying_key(),
        recipient: keys.recipient(),
        steward,
    };
    (keys, seat)
}

/// Appends a membership act under the house key.
fn append_act(
    attacker: &mut Attacker,
    scene: &Scene,
    by: record::ids::MemberId,
    keys: &MemberKeys,
    act: &Act,
) {
    let lock = attacker.house.lock();
    attacker.append(Forgery {
        circle: scene.circle,
        by,
        key: keys.signing_key(),
        at: scene.now(),
        kind: act.kind().as_str(),
        body: act.to_body(),
        lock: Some(&lock),
    });
}

#[test]
fn an_administrator_who_adds_themselves_is_no_steward() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let (keys, seat) = own_seat(&attacker, &scene, false);
    let act = Act::MemberAdded(seat);
    append_act(&mut attacker, &scene, scene.administrator, &keys, &act);
    refused_and_found(&scene, "is no steward of this circle");
}

#[test]
fn an_addition_in_a_stewards_name_is_not_signed_by_the_steward() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let (keys, seat) = own_seat(&attacker, &scene, true);
    let act = Act::MemberAdded(seat);
    append_act(&mut attacker, &scene, scene.parvin, &keys, &act);
    refused_and_found(&scene, "the envelope is signed by the key");
}

#[test]
fn an_epoch_made_by_an_outsider_is_refused() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let (keys, _) = own_seat(&attacker, &scene, false);
    let place = EpochPlace {
        office: attacker.home.clone(),
        circle: scene.circle,
        epoch: 1,
    };
    let (_, made) = EpochSecret::generate(place, &mut attacker.random)
        .succeed(&mut attacker.random)
        .expect("a next one");
    let act = Act::EpochMade(made);
    append_act(&mut attacker, &scene, scene.administrator, &keys, &act);
    refused_and_found(&scene, "is no member of this circle");
}

#[test]
fn a_circle_cannot_be_founded_again_under_its_id() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let (keys, seat) = own_seat(&attacker, &scene, true);
    attacker
        .sql()
        .execute(
            "DELETE FROM entries WHERE circle = ?1",
            [scene.circle.as_bytes()],
        )
        .expect("deleted");
    let place = EpochPlace {
        office: attacker.home.clone(),
        circle: scene.circle,
        epoch: 1,
    };
    let secret = EpochSecret::generate(place, &mut attacker.random);
    let act = Act::Created(Created {
        name: "Testimony".into(),
        recipient: secret.recipient(),
        members: vec![seat],
    });
    append_act(&mut attacker, &scene, scene.administrator, &keys, &act);
    // The entry names no head, as a founding must.
    refused_and_found(&scene, "head of the circle");
}

#[test]
fn a_wrap_of_another_secret_is_refused() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let place = EpochPlace {
        office: attacker.home.clone(),
        circle: scene.circle,
        epoch: 1,
    };
    let secret = EpochSecret::generate(place, &mut attacker.random);
    let parvin = attacker.keys_of(scene.parvin, "Parvin").recipient();
    let wrap = secret
        .wrap_for(scene.parvin, &parvin, &mut attacker.random)
        .expect("wrapped");
    attacker.put_cabinet(&format!("wrap/{}/{}", scene.circle, scene.parvin), &wrap);
    let office = scene.office();
    let session = scene.sign_in(&office, "Parvin");
    let refused = office.writer(&session, scene.circle).err();
    let refused = refused.expect("nothing is encrypted to it").to_string();
    assert!(
        refused.contains("not that of the epoch in the chain"),
        "{refused}"
    );
}

#[test]
fn keys_put_in_the_place_of_a_members_do_nothing_in_their_name() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let keys = MemberKeys::generate(&mut attacker.random);
    let cost = vault::kdf::KdfCost {
        memory_kib: 32,
        passes: 1,
        lanes: 1,
    };
    let wrapped = member::wrap(
        &keys,
        scene.parvin,
        &passphrase("Administrator"),
        &attacker.house,
        cost,
        &mut attacker.random,
    );
    let name = format!("keys/{}", scene.parvin);
    attacker.put_cabinet(&name, &wrapped.expect("wrapped"));
    let office = scene.office();
    let session: Session = office
        .sign_in("Parvin", &passphrase("Administrator"))
        .expect("the row opens");
    assert!(office.circles(&session).is_err());
    assert!(office.reader(&session, scene.circle).is_err());
    assert!(office.create_circle(&session, "A new one").is_err());
}

#[test]
fn other_material_under_the_circles_own_key_is_not_what_was_entered() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    let item = scene.items[0];
    let office = scene.office();
    assert_eq!(scene.read(&office, item), Ok("first".to_owned()));
    let object = {
        let session = scene.sign_in(&office, "Parvin");
        let reader = office.reader(&session, scene.circle).expect("a reader");
        let sheet = office.item(&reader, item).expect("an item");
        let desk::ItemState::Held(held) = sheet.state else {
            panic!("it is held")
        };
        let chain = reader.chain();
        let binding = Binding {
            office: attacker.home.clone(),
            circle: scene.circle,
            epoch: 1,
            object: ObjectId::from_bytes(*held.object.as_bytes()),
            purpose: Purpose::Object,
        };
        // To encrypt for a circle takes only its recipient, which the administrator can read.
        let recipients = [chain.recipient().clone()];
        let sealed = small::seal(b"false", &recipients, &binding, &mut attacker.random);
        let sealed = sealed.expect("sealed");
        attacker.replace_object(
            held.object.as_bytes(),
            &sealed.sealed.header,
            &sealed.payload,
        );
        held.object
    };
    drop(office);
    let office = scene.office();
    let refused = scene.read(&office, item).expect_err("refused");
    assert!(
        refused.contains("not what was entered"),
        "{object}: {refused}"
    );
    assert_eq!(scene.read(&office, scene.items[1]), Ok("second".to_owned()));
}

#[test]
fn an_act_of_the_house_that_nobody_entitled_signed_opens_no_office() {
    let scene = Scene::new();
    let mut attacker = Attacker::new(&scene);
    // Dara is a member without any duty, and an accomplice.
    let keys = attacker.keys_of(scene.dara, "Dara");
    let act = office::roster::HouseAct::QuorumSet { count: 0 };
    let lock = attacker.house.lock();
    attacker.append(Forgery {
        circle: record::ids::CircleId::HOUSE,
        by: scene.dara,
        key: keys.signing_key(),
        at: scene.now(),
        kind: act.kind(),
        body: act.body(),
        lock: Some(&lock),
    });
    let refused = scene.open().err().expect("it does not open").to_string();
    assert!(refused.contains("no right to this act"), "{refused}");
}
