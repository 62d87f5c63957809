//! Passphrases as people type them.

use proptest::prelude::*;
use vault::passphrase::{CHARACTERS_MAX, Passphrase, PassphraseError, RecoveryKey};

use crate::cast::rng;

fn printed(seed: u64) -> String {
    Passphrase::generate(&mut rng(seed))
        .to_printed()
        .expose()
        .to_owned()
}

fn read(typed: &str) -> Result<String, PassphraseError> {
    Passphrase::read(typed).map(|passphrase| passphrase.to_printed().expose().to_owned())
}

#[test]
fn generated_ones_are_groups_of_digits_and_never_the_same() {
    let all: std::collections::BTreeSet<String> = (0..1000).map(printed).collect();
    assert_eq!(all.len(), 1000);
    for one in all {
        let groups: Vec<usize> = one.split(' ').map(str::len).collect();
        assert_eq!(groups, [4, 4, 4, 4, 4, 4, 2], "{one}");
        assert!(
            one.chars()
                .all(|digit| digit.is_ascii_digit() || digit == ' ')
        );
    }
}

#[test]
fn all_digits_are_equally_likely() {
    let mut counts = [0u32; 10];
    for seed in 0..2000 {
        for digit in printed(seed).chars().filter(char::is_ascii_digit).take(24) {
            counts[digit.to_digit(10).expect("a digit") as usize] += 1;
        }
    }
    // 48,000 digits: five standard deviations are about 330.
    assert!(
        counts.iter().all(|count| (4470..5130).contains(count)),
        "{counts:?}"
    );
}

#[test]
fn every_keyboard_types_the_same_passphrase() {
    let ascii = printed(1);
    let shifted = |zero: u32| -> String {
        let letter = |one: char| match one.to_digit(10) {
            Some(digit) => char::from_u32(zero + digit).expect("a digit"),
            None => one,
        };
        ascii.chars().map(letter).collect()
    };
    let spellings = [
        shifted(0x6F0),
        shifted(0x660),
        ascii.replace(' ', ""),
        ascii.replace(' ', "-"),
        ascii.replace(' ', "\u{200C}"),
        ascii.replace(' ', " \u{2013} "),
        format!("\u{FEFF}\u{200F} {ascii}\n"),
    ];
    for spelling in spellings {
        assert_eq!(read(&spelling), Ok(ascii.clone()), "{spelling:?}");
    }
}

#[test]
fn every_single_wrong_digit_is_found() {
    for seed in 0..5 {
        let digits: Vec<char> = printed(seed).chars().filter(char::is_ascii_digit).collect();
        for at in 0..digits.len() {
            for wrong in ('0'..='9').filter(|wrong| *wrong != digits[at]) {
                let mut typed = digits.clone();
                typed[at] = wrong;
                let typed: String = typed.iter().collect();
                assert_eq!(read(&typed), Err(PassphraseError::Mistyped), "{at} {wrong}");
            }
        }
    }
}

#[test]
fn every_two_swapped_neighbours_are_found() {
    for seed in 0..50 {
        let digits: Vec<char> = printed(seed).chars().filter(char::is_ascii_digit).collect();
        for at in 1..digits.len() {
            let mut typed = digits.clone();
            typed.swap(at - 1, at);
            if typed != digits {
                let typed: String = typed.iter().collect();
                assert_eq!(read(&typed), Err(PassphraseError::Mistyped), "{at}");
            }
        }
    }
}

#[test]
fn a_missing_or_doubled_group_is_found() {
    let printed = printed(3);
    let groups: Vec<&str> = printed.split(' ').collect();
    for at in 0..groups.len() {
        let mut fewer = groups.clone();
        fewer.remove(at);
        assert_eq!(read(&fewer.join(" ")), Err(PassphraseError::WrongLength));
        let mut more = groups.clone();
        more.insert(at, groups[at]);
        assert_eq!(read(&more.join(" ")), Err(PassphraseError::WrongLength));
    }
}

#[test]
fn chosen_ones_are_folded_a_little() {
    let pairs = [
        (
            "  Correct   Horse\tBattery Staple ",
            "correct horse battery staple",
        ),
        ("كتابخانهٔ ملي ايران ١٣٩٨", "کتابخانهٔ ملی ایران 1398"),
        ("می\u{200C}خواهم بروم خانه", "میخواهم بروم خانه"),
        ("مُحَمَّد بن ســلمان", "محمد بن سلمان"),
        ("Été à Téhéran, 1979", "Été à téhéran, 1979"),
    ];
    for (typed, folded) in pairs {
        assert_eq!(read(typed), Ok(folded.to_owned()), "{typed}");
    }
}

#[test]
fn weak_ones_are_refused_when_chosen_but_read() {
    for weak in [
        "short",
        "aaaaaaaaaaaaaaaaaaaa",
        "abababababababababab",
        "fourteen chars",
    ] {
        assert_eq!(
            Passphrase::choose(weak),
            Err(PassphraseError::Weak),
            "{weak}"
        );
        assert!(Passphrase::read(weak).is_ok());
    }
    assert!(Passphrase::choose("fifteen chars ok").is_ok());
    assert_eq!(
        Passphrase::choose("1234567890123456"),
        Err(PassphraseError::WrongLength)
    );
    assert!(Passphrase::choose(&printed(1)).is_ok());
    assert_eq!(
        Passphrase::choose(" \u{200C} "),
        Err(PassphraseError::Empty)
    );
    let long = "a b".repeat(CHARACTERS_MAX);
    assert_eq!(Passphrase::read(&long), Err(PassphraseError::TooLong));
}

#[test]
fn recovery_keys_and_passphrases_are_not_mistaken_for_each_other() {
    let recovery = RecoveryKey::generate(&mut rng(4)).to_printed();
    assert_eq!(recovery.expose().len(), 42 + 10);
    assert!(RecoveryKey::read(recovery.expose()).is_ok());
    assert_eq!(read(recovery.expose()), Err(PassphraseError::WrongLength));
    assert_eq!(
        RecoveryKey::read(&printed(1)),
        Err(PassphraseError::WrongLength)
    );
    assert_eq!(
        RecoveryKey::read("not digits"),
        Err(PassphraseError::WrongLength)
    );
    let mistyped = recovery.expose().replacen('1', "2", 1);
    assert_eq!(RecoveryKey::read(&mistyped), Err(PassphraseError::Mistyped));
}

proptest! {
    #[test]
    fn folding_is_stable_and_never_panics(typed in ".{0,60}") {
        if let Ok(passphrase) = Passphrase::read(&typed) {
            let printed = passphrase.to_printed();
            let again = Passphrase::read(printed.expose()).expect("what was read is read again");
            let again = again.to_printed();
            prop_assert_eq!(again.expose(), printed.expose());
            prop_assert_eq!(format!("{passphrase:?}"), "Passphrase");
        }
    }
}
