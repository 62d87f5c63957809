//! Age files of others, and ours in the hands of others.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use vault::header::{self, Header, RecipientsError};
use vault::keys::{Identity, Recipient};
use vault::object::{self, SealError};
use vault::{hybrid, stream};

use crate::cast::{binding, rng};
use crate::programs::{self, Typage};

/// Sizes around the borders of chunks and buffers, each with its padding.
const SIZES: [usize; 7] = [0, 1, 100, 65_535, 65_536, 65_537, 1_200_000];

fn material(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 31 % 251) as u8).collect()
}

/// Our age file, header and payload together.
fn our_file(plaintext: &[u8], recipients: &[Recipient]) -> Vec<u8> {
    let mut payload = Vec::new();
    let sealed =
        object::seal(plaintext, &mut payload, recipients, &binding(), &mut rng(1)).expect("sealed");
    [sealed.header, payload].concat()
}

/// Opens anybody's age file by our header and stream.
fn open(file: &[u8], identity: &Identity) -> Vec<u8> {
    let mut rest = file;
    let header = header::split(&mut rest).expect("read").expect("a header");
    let key = Header::parse(&header)
        .expect("a header")
        .unwrap(identity)
        .expect("ours");
    let mut plaintext = Vec::new();
    stream::Reader::new(&key, rest)
        .expect("a payload")
        .read_to_end(&mut plaintext)
        .expect("whole");
    plaintext
}

/// What another program makes of our file: the material, then the zeros of the padding.
fn check_padded(opened: &[u8], plaintext: &[u8]) {
    let padded = vault::padding::padded(plaintext.len() as u64) as usize;
    assert_eq!(opened.len(), padded);
    assert!(opened.starts_with(plaintext));
    assert!(opened[plaintext.len()..].iter().all(|byte| *byte == 0));
}

#[test]
fn debian_age_opens_ours_and_we_open_its() {
    if !programs::debian_age() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let key_file = folder.path().join("key");
    let key_path = key_file.to_str().expect("a path");
    assert!(programs::run("age-keygen", &["-o", key_path], b"").0);
    let key_text = std::fs::read_to_string(&key_file).expect("a key file");
    let identity: Identity = key_text
        .lines()
        .last()
        .expect("a line")
        .parse()
        .expect("an identity");
    let recipient = identity.to_recipient();
    let (_, public) = programs::run("age-keygen", &["-y", key_path], b"");
    assert_eq!(
        String::from_utf8(public).expect("UTF-8").trim(),
        recipient.to_string()
    );

    let somebody = Identity::generate(&mut rng(2)).to_recipient();
    for size in SIZES {
        let plaintext = material(size);
        let ours = our_file(&plaintext, &[somebody.clone(), recipient.clone()]);
        let (fine, opened) = programs::run("age", &["-d", "-i", key_path], &ours);
        assert!(fine, "{size}");
        check_padded(&opened, &plaintext);
        let (fine, its) = programs::run("age", &["-r", &recipient.to_string()], &plaintext);
        assert!(fine, "{size}");
        assert!(open(&its, &identity) == plaintext, "{size}");
        let mut altered = ours.clone();
        *altered.last_mut().expect("a byte") ^= 1;
        assert!(
            !programs::run("age", &["-d", "-i", key_path], &altered).0,
            "{size}"
        );
    }
}

#[test]
fn an_epoch_wrap_opens_the_archive_with_debian_age_alone() {
    if !programs::debian_age() {
        return;
    }
    let mut rng = rng(3);
    let member = crate::cast::Person::new(&mut rng);
    let place = vault::circle::EpochPlace {
        office: binding().office,
        circle: binding().circle,
        epoch: 1,
    };
    let epoch = vault::circle::EpochSecret::generate(place, &mut rng);
    let wrap = epoch
        .wrap_for(member.id, &member.keys.recipient(), &mut rng)
        .expect("a wrap");
    let file = our_file(b"the archive", &[epoch.recipient()]);

    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| {
        folder
            .path()
            .join(name)
            .to_str()
            .expect("a path")
            .to_owned()
    };
    std::fs::write(path("member"), member.keys.identity().to_text().expose()).expect("written");
    let (fine, opened) = programs::run("age", &["-d", "-i", &path("member")], &wrap);
    assert!(fine);
    std::fs::write(path("epoch"), opened).expect("written");
    let (fine, opened) = programs::run("age", &["-d", "-i", &path("epoch")], &file);
    assert!(fine);
    check_padded(&opened, b"the archive");
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
}

#[test]
fn npm_age_encryption_opens_ours_and_we_open_its() {
    if !programs::node() {
        return;
    }
    let mut typage = Typage::start();
    for hybrid in [false, true] {
        let made = typage.ask(&json!({ "do": "generate", "hybrid": hybrid }));
        let identity: Identity = text(&made, "identity").parse().expect("an identity");
        assert_eq!(matches!(identity, Identity::Hybrid(_)), hybrid);
        let recipient = identity.to_recipient();
        assert_eq!(recipient.to_string(), text(&made, "recipient"));
        assert_eq!(text(&made, "recipient").parse(), Ok(recipient.clone()));
        for size in SIZES {
            exchange(
                &mut typage,
                &identity,
                text(&made, "identity"),
                &material(size),
            );
        }
    }
}

fn exchange(typage: &mut Typage, identity: &Identity, identity_text: &str, plaintext: &[u8]) {
    let recipient = identity.to_recipient();
    let ours = our_file(plaintext, std::slice::from_ref(&recipient));
    let ask = json!({ "do": "decrypt", "identity": identity_text, "file": STANDARD.encode(ours) });
    let opened = STANDARD
        .decode(text(&typage.ask(&ask), "plaintext"))
        .expect("base64");
    check_padded(&opened, plaintext);
    let recipients = [recipient.to_string()];
    let ask = json!({ "do": "encrypt", "recipients": recipients, "plaintext": STANDARD.encode(plaintext) });
    let its = STANDARD
        .decode(text(&typage.ask(&ask), "file"))
        .expect("base64");
    assert!(open(&its, identity) == plaintext);
}

#[test]
fn our_hybrid_keys_are_those_of_npm_age_encryption() {
    if !programs::node() {
        return;
    }
    let mut typage = Typage::start();
    for seed in 0..20 {
        let identity = hybrid::Identity::generate(&mut rng(seed));
        let ask = json!({ "do": "recipient", "identity": identity.to_text().expose() });
        assert_eq!(
            text(&typage.ask(&ask), "recipient"),
            identity.to_recipient().to_string()
        );
    }
}

#[test]
fn hybrid_and_x25519_do_not_share_a_file() {
    let mut rng = rng(4);
    let hybrid = hybrid::Identity::generate(&mut rng).to_recipient();
    let hybrid = Recipient::Hybrid(Box::new(hybrid));
    let plain = Identity::generate(&mut rng).to_recipient();
    for mixed in [[hybrid.clone(), plain.clone()], [plain, hybrid.clone()]] {
        let error = object::seal(&b""[..], Vec::new(), &mixed, &binding(), &mut rng).unwrap_err();
        assert!(
            matches!(error, SealError::Recipients(RecipientsError::Mixed)),
            "{error:?}"
        );
    }
    let two = [hybrid.clone(), hybrid];
    assert!(object::seal(&b""[..], Vec::new(), &two, &binding(), &mut rng).is_ok());
    let none = object::seal(&b""[..], Vec::new(), &[], &binding(), &mut rng).unwrap_err();
    assert!(matches!(none, SealError::Recipients(RecipientsError::None)));
}
