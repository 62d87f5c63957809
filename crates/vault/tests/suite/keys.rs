//! House and member: who opens what with which secret.

use record::hash::sha256;
use record::ids::MemberId;
use record::signature::SigningKey;
use vault::house::{HouseKey, UnlockError};
use vault::kdf::KdfCost;
use vault::member::{self, CookieSecret, MemberKeys, UnwrapError};
use vault::passphrase::{Passphrase, RecoveryKey};
use vault::secret::Secret;

use crate::cast::{Person, office, rng};

const COST: KdfCost = KdfCost {
    memory_kib: 16,
    passes: 1,
    lanes: 1,
};

fn passphrase(text: &str) -> Passphrase {
    Passphrase::read(text).expect("a passphrase")
}

fn house(seed: u64) -> (HouseKey, Vec<u8>) {
    HouseKey::create(
        &office(),
        &passphrase("the unlock secret"),
        COST,
        &mut rng(seed),
    )
    .expect("a house")
}

#[test]
fn the_unlock_secret_opens_the_house_and_nothing_else_does() {
    let (made, file) = house(1);
    let opened =
        HouseKey::unlock(&office(), &file, &passphrase("The  unlock secret")).expect("unlocked");
    assert_eq!(opened.cabinet_name("x"), made.cabinet_name("x"));
    let wrong = HouseKey::unlock(&office(), &file, &passphrase("another secret")).err();
    assert_eq!(wrong, Some(UnlockError::WrongSecret));
    let other = "example.org".parse().expect("an origin");
    let wrong = HouseKey::unlock(&other, &file, &passphrase("the unlock secret")).err();
    assert_eq!(wrong, Some(UnlockError::WrongSecret));
    for len in 0..file.len() {
        assert!(
            HouseKey::unlock(&office(), &file[..len], &passphrase("the unlock secret")).is_err()
        );
    }
    for at in 0..file.len() {
        let mut altered = file.clone();
        altered[at] ^= 0x80;
        // An altered cost could ask for gigabytes: whatever is out of range is refused before any is spent.
        assert!(
            HouseKey::unlock(&office(), &altered, &passphrase("the unlock secret")).is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn changing_the_unlock_secret_keeps_the_house() {
    let (made, old_file) = house(2);
    let new_file = made
        .to_file(&passphrase("a newer secret"), COST, &mut rng(3))
        .expect("a file");
    let opened =
        HouseKey::unlock(&office(), &new_file, &passphrase("a newer secret")).expect("unlocked");
    assert_eq!(opened.filler_key(), made.filler_key());
    assert!(HouseKey::unlock(&office(), &new_file, &passphrase("the unlock secret")).is_err());
    assert!(HouseKey::unlock(&office(), &old_file, &passphrase("the unlock secret")).is_ok());
}

#[test]
fn the_cabinet_says_nothing_and_its_rows_stay_in_place() {
    let mut rng = rng(4);
    let (house, other) = (house(5).0, self::house(6).0);
    let name = house.cabinet_name("member/1");
    assert_ne!(name, house.cabinet_name("member/2"));
    assert_ne!(name, other.cabinet_name("member/1"));
    assert_ne!(name.as_bytes(), sha256(b"member/1").as_bytes());
    let row = house.seal_row(&name, b"body", &mut rng);
    assert_eq!(
        house.open_row(&name, &row).expect("opened").expose(),
        b"body"
    );
    assert!(
        house
            .open_row(&house.cabinet_name("member/2"), &row)
            .is_err()
    );
    assert!(other.open_row(&name, &row).is_err());
}

#[test]
fn log_key_and_fillers_are_the_houses_own() {
    let mut rng = rng(7);
    let (house, other) = (house(8).0, self::house(9).0);
    let key = SigningKey::from_seed(Secret::random(&mut rng).expose());
    let row = house.wrap_log_key(&key, &mut rng);
    let opened = house.unwrap_log_key(&row).expect("opened");
    assert_eq!(opened.verifying_key(), key.verifying_key());
    assert!(other.unwrap_log_key(&row).is_err());
    assert!(house.filler_key() != other.filler_key());
    // A row of one kind does not pass for another.
    assert!(house.open_row(&house.cabinet_name(""), &row).is_err());
}

#[test]
fn a_member_needs_passphrase_and_house() {
    let mut rng = rng(10);
    let (house, other) = (house(11).0, self::house(12).0);
    let person = Person::new(&mut rng);
    let secret = passphrase("a long passphrase");
    let row =
        member::wrap(&person.keys, person.id, &secret, &house, COST, &mut rng).expect("wrapped");
    let opened = member::unwrap(&row, person.id, &secret, &house).expect("opened");
    assert_same(&opened, &person.keys);
    let unwrap = |id, text, house| member::unwrap(&row, id, &passphrase(text), house).err();
    assert_eq!(
        unwrap(person.id, "a wrong passphrase", &house),
        Some(UnwrapError::WrongPassphrase)
    );
    assert_eq!(
        unwrap(person.id, "a long passphrase", &other),
        Some(UnwrapError::Damaged)
    );
    let somebody = MemberId::from_bytes([1; 16]);
    assert_eq!(
        unwrap(somebody, "a long passphrase", &house),
        Some(UnwrapError::Damaged)
    );
    let recovery = RecoveryKey::generate(&mut rng);
    let refused = member::unwrap_for_recovery(&row, person.id, &recovery, &house).err();
    assert_eq!(refused, Some(UnwrapError::Damaged));
}

#[test]
fn a_changed_passphrase_leaves_the_keys() {
    let mut rng = rng(13);
    let (house, person) = (house(14).0, Person::new(&mut rng));
    let (old, new) = (
        passphrase("the old passphrase"),
        Passphrase::generate(&mut rng),
    );
    let row = member::wrap(&person.keys, person.id, &old, &house, COST, &mut rng).expect("wrapped");
    let keys = member::unwrap(&row, person.id, &old, &house).expect("opened");
    let row = member::wrap(&keys, person.id, &new, &house, COST, &mut rng).expect("wrapped");
    assert_same(
        &member::unwrap(&row, person.id, &new, &house).expect("opened"),
        &person.keys,
    );
    assert!(member::unwrap(&row, person.id, &old, &house).is_err());
}

#[test]
fn the_printed_key_is_a_second_way_in() {
    let mut rng = rng(15);
    let (house, person) = (house(16).0, Person::new(&mut rng));
    let recovery = RecoveryKey::generate(&mut rng);
    let row = member::wrap_for_recovery(&person.keys, person.id, &recovery, &house, &mut rng);
    let typed = RecoveryKey::read(recovery.to_printed().expose()).expect("a key");
    let opened = member::unwrap_for_recovery(&row, person.id, &typed, &house).expect("opened");
    assert_same(&opened, &person.keys);
    let other = RecoveryKey::generate(&mut rng);
    let refused = member::unwrap_for_recovery(&row, person.id, &other, &house).err();
    assert_eq!(refused, Some(UnwrapError::WrongPassphrase));
}

#[test]
fn a_session_opens_with_its_cookie_only() {
    let mut rng = rng(17);
    let person = Person::new(&mut rng);
    let cookie = CookieSecret::random(&mut rng);
    let row = cookie.wrap(&person.keys, person.id, &mut rng);
    let back = CookieSecret::new(Secret::copy(cookie.expose()).expect("32 bytes"));
    assert_same(&back.unwrap(&row, person.id).expect("opened"), &person.keys);
    assert_eq!(back.session_name(), cookie.session_name());
    assert!(cookie.unwrap(&row, MemberId::from_bytes([1; 16])).is_err());
    let other = CookieSecret::random(&mut rng);
    assert!(other.unwrap(&row, person.id).is_err());
    assert_ne!(other.session_name(), cookie.session_name());
    assert_eq!(
        format!("{cookie:?} {:?}", person.keys),
        "CookieSecret(Secret) MemberKeys"
    );
}

#[test]
fn fingerprints_differ_with_either_key() {
    let mut rng = rng(18);
    let (one, two) = (
        MemberKeys::generate(&mut rng),
        MemberKeys::generate(&mut rng),
    );
    let print = member::fingerprint(&one.verifying_key(), &one.recipient());
    assert_eq!(print.len(), 24);
    assert_eq!(
        print,
        member::fingerprint(&one.verifying_key(), &one.recipient())
    );
    assert_ne!(
        print,
        member::fingerprint(&two.verifying_key(), &one.recipient())
    );
    assert_ne!(
        print,
        member::fingerprint(&one.verifying_key(), &two.recipient())
    );
}

fn assert_same(one: &MemberKeys, two: &MemberKeys) {
    assert_eq!(one.verifying_key(), two.verifying_key());
    assert_eq!(one.recipient(), two.recipient());
    assert_eq!(one.identity().to_text(), two.identity().to_text());
}
