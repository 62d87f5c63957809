//! What others send or could have written that `vault` reads: age files, keys, passphrases, shares, warrants, bodies of
//! membership, encrypted rows.

use record::canonical;
use record::entry::{Entry, Envelope};
use record::hash::Hash;
use record::ids::{CircleId, MemberId};
use record::signature::SigningKey;
use vault::binding::{Binding, ObjectId, Purpose};
use vault::circle::{Act, CircleMember, Created, EpochMade};
use vault::entry_lock::{Content, EntryKey, EntryPlace, OpenEntry};
use vault::header::{self, Header};
use vault::house::HouseKey;
use vault::kdf::KdfCost;
use vault::keys::{Identity, Recipient};
use vault::member::{CookieSecret, MemberKeys};
use vault::passphrase::{Passphrase, RecoveryKey};
use vault::secret::Secret;
use vault::share::{self, Share, SharePlace};
use vault::warrant::{Warrant, WarrantFile};
use vault::{hybrid, small};

use super::{Reading, Target, samples};
use crate::random::Random;

pub(super) const TARGETS: [Target; 9] = [
    Target {
        name: "age_header",
        read: age_header,
        seeds: headers,
    },
    Target {
        name: "age_file",
        read: age_file,
        seeds: age_files,
    },
    Target {
        name: "key_text",
        read: key_text,
        seeds: key_texts,
    },
    Target {
        name: "passphrase",
        read: passphrase,
        seeds: passphrases,
    },
    Target {
        name: "membership",
        read: membership,
        seeds: bodies,
    },
    Target {
        name: "share",
        read: share,
        seeds: share_texts,
    },
    Target {
        name: "warrant",
        read: warrant,
        seeds: warrants,
    },
    Target {
        name: "stored_row",
        read: stored_row,
        seeds: rows,
    },
    Target {
        name: "house_file",
        read: house_file,
        seeds: || vec![house().1],
    },
];

/// What the sample's age files hold.
const PLAINTEXT: &[u8] = b"An invented object.\n";

/// The cheapest derivation there is: it is not the target.
const COST: KdfCost = KdfCost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};

fn x25519() -> Identity {
    Identity::generate(&mut Random::new(1))
}

fn holder(number: u64) -> hybrid::Identity {
    hybrid::Identity::generate(&mut Random::new(number))
}

fn binding() -> Binding {
    Binding {
        office: samples::origin(),
        circle: CircleId::from_bytes([7; 16]),
        epoch: 1,
        object: ObjectId::from_bytes([8; 16]),
        purpose: Purpose::Object,
    }
}

fn sealed(recipient: Recipient) -> small::SmallSealed {
    small::seal(PLAINTEXT, &[recipient], &binding(), &mut Random::new(2))
        .expect("the sample can be encrypted")
}

fn recipients() -> [Recipient; 2] {
    [
        x25519().to_recipient(),
        Recipient::Hybrid(Box::new(holder(3).to_recipient())),
    ]
}

fn headers() -> Vec<Vec<u8>> {
    recipients()
        .map(|recipient| sealed(recipient).sealed.header)
        .to_vec()
}

fn age_files() -> Vec<Vec<u8>> {
    recipients()
        .map(|recipient| sealed(recipient).into_file())
        .to_vec()
}

fn age_header(bytes: &[u8]) -> Reading {
    let read = Header::parse(bytes);
    if let Ok(header) = &read {
        let elsewhere = binding().in_epoch(2);
        for identity in [x25519(), Identity::Hybrid(Box::new(holder(3)))] {
            let opened = header.unwrap_bound(&identity, &binding()).is_ok();
            assert!(
                !opened || header.unwrap_bound(&identity, &elsewhere).is_err(),
                "a header opens in two places"
            );
        }
    }
    Reading::of(&read)
}

/// A whole file: whatever opens holds what was encrypted, for nobody else can make the header's MAC.
fn age_file(bytes: &[u8]) -> Reading {
    let mut rest = bytes;
    let Ok(Ok(header)) = header::split(&mut rest) else {
        return Reading::Refused;
    };
    let size = PLAINTEXT.len() as u64;
    let opened = [x25519(), Identity::Hybrid(Box::new(holder(3)))]
        .iter()
        .find_map(|one| small::open(&header, rest, one, &binding(), size).ok());
    match opened {
        Some(plaintext) => {
            assert_eq!(plaintext.expose(), PLAINTEXT);
            Reading::Accepted
        }
        None => Reading::Refused,
    }
}

fn key_texts() -> Vec<Vec<u8>> {
    let identities = [x25519(), Identity::Hybrid(Box::new(holder(3)))];
    let texts = identities
        .iter()
        .map(|one| one.to_text().expose().as_bytes().to_vec());
    texts
        .chain(recipients().map(|one| one.to_string().into_bytes()))
        .collect()
}

fn key_text(bytes: &[u8]) -> Reading {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Reading::Refused;
    };
    let (recipient, identity) = (text.parse::<Recipient>(), text.parse::<Identity>());
    if let Ok(recipient) = &recipient {
        assert_eq!(recipient.to_string(), text);
    }
    if let Ok(identity) = &identity {
        assert!(identity.to_text().expose().eq_ignore_ascii_case(text));
    }
    if recipient.is_ok() {
        Reading::Accepted
    } else {
        Reading::of(&identity)
    }
}

fn passphrases() -> Vec<Vec<u8>> {
    let mut random = Random::new(4);
    let made = [
        Passphrase::generate(&mut random).to_printed(),
        RecoveryKey::generate(&mut random).to_printed(),
    ];
    let mut texts: Vec<Vec<u8>> = made
        .iter()
        .map(|one| one.expose().as_bytes().to_vec())
        .collect();
    texts.push(
        "\u{06f1}\u{06f2}\u{06f3} \u{0633}\u{0644}\u{0627}\u{0645} five six"
            .as_bytes()
            .to_vec(),
    );
    texts
}

fn passphrase(bytes: &[u8]) -> Reading {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Reading::Refused;
    };
    let read = Passphrase::read(text);
    if let Ok(passphrase) = &read {
        let again = Passphrase::read(passphrase.to_printed().expose());
        assert!(
            again.as_ref() == Ok(passphrase),
            "what is printed is read as something else"
        );
    }
    if Passphrase::choose(text).is_ok() {
        assert!(read.is_ok());
    }
    if let Ok(key) = RecoveryKey::read(text) {
        assert!(RecoveryKey::read(key.to_printed().expose()) == Ok(key));
        return Reading::Accepted;
    }
    Reading::of(&read)
}

fn acts() -> Vec<Act> {
    let member = CircleMember {
        member: MemberId::from_bytes([2; 16]),
        sign_key: samples::key(2).verifying_key(),
        recipient: x25519().to_recipient(),
        steward: true,
    };
    let recipient = Identity::generate(&mut Random::new(5)).to_recipient();
    vec![
        Act::Created(Created {
            name: "Intake".to_owned(),
            recipient: recipient.clone(),
            members: vec![member.clone()],
        }),
        Act::MemberAdded(member),
        Act::MemberRemoved {
            member: MemberId::from_bytes([2; 16]),
            reason: "left".to_owned(),
        },
        Act::EpochMade(EpochMade {
            epoch: 2,
            recipient,
            previous: sealed(x25519().to_recipient()).into_file(),
        }),
    ]
}

/// The body's canonical JSON behind a byte that says which kind it is of.
fn bodies() -> Vec<Vec<u8>> {
    let body =
        |(number, act): (usize, Act)| [vec![number as u8], canonical_bytes(act.to_body())].concat();
    acts().into_iter().enumerate().map(body).collect()
}

fn canonical_bytes(map: canonical::Map) -> Vec<u8> {
    canonical::encode(&canonical::Value::Map(map)).expect("the sample is canonical")
}

fn membership(bytes: &[u8]) -> Reading {
    let Some((number, body)) = bytes.split_first() else {
        return Reading::Refused;
    };
    let Ok(body) = canonical::parse_payload(body) else {
        return Reading::Refused;
    };
    let all = acts();
    let kind = all[usize::from(*number) % all.len()].kind();
    let entry = Entry {
        kind: kind.clone(),
        body: body.clone(),
        ..samples::envelope().entry().clone()
    };
    let read = Act::read(&entry);
    match &read {
        Ok(Some(act)) => assert_eq!((act.kind(), act.to_body()), (kind, body)),
        Ok(None) => panic!("a kind of membership is not read as one"),
        Err(_) => {}
    }
    Reading::of(&read)
}

fn share_place() -> SharePlace {
    SharePlace {
        office: samples::origin(),
        circle: CircleId::from_bytes([7; 16]),
        object: ObjectId::from_bytes([8; 16]),
    }
}

fn share_binding() -> Binding {
    Binding {
        epoch: 0,
        purpose: Purpose::Share,
        ..binding()
    }
}

/// The text inside a share: what a malicious office could put there, since it makes the shares.
fn share_texts() -> Vec<Vec<u8>> {
    let holders = [holder(3).to_recipient(), holder(4).to_recipient()];
    let (_, files) = share::split(&holder(6), &share_place(), 2, &holders, &mut Random::new(7))
        .expect("the sample can be split");
    let mut rest = files[0].as_slice();
    let header = header::split(&mut rest)
        .expect("memory can be read")
        .expect("the share is an age file");
    let identity = Identity::Hybrid(Box::new(holder(3)));
    let padded = (0..=rest.len() as u64)
        .rev()
        .find_map(|size| small::open(&header, rest, &identity, &share_binding(), size).ok());
    let text = padded.expect("the share opens").expose().to_vec();
    let end = text
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    vec![text[..end].to_vec()]
}

fn share(bytes: &[u8]) -> Reading {
    let recipient = Recipient::Hybrid(Box::new(holder(3).to_recipient()));
    let Ok(file) = small::seal(bytes, &[recipient], &share_binding(), &mut Random::new(8)) else {
        return Reading::Refused;
    };
    let read = Share::open(&file.into_file(), &share_place(), &holder(3));
    if let Ok(share) = &read {
        assert_eq!(share.split().place, share_place());
        let one_alone = share::combine(
            std::slice::from_ref(share),
            share.split(),
            &holder(6).to_recipient(),
        );
        assert!(one_alone.is_err(), "one share alone opens");
    }
    Reading::of(&read)
}

fn warrants() -> Vec<Vec<u8>> {
    let warrant = Warrant {
        object: ObjectId::from_bytes([8; 16]),
        commitment: Hash::from_bytes([9; 32]),
        reason: "ordered by the court".to_owned(),
        requester: holder(4).to_recipient(),
        expires: samples::time(),
        threshold: 2,
    };
    let envelope = signed(&warrant, &samples::key(2));
    let file = WarrantFile {
        envelope,
        place: record::commitment::Place {
            circle: CircleId::from_bytes([7; 16]),
            seq: 3,
            prev: Hash::from_bytes([1; 32]),
        },
        salt1: [3; 32],
        c_content: Hash::from_bytes([4; 32]),
        proof: samples::proof(0, None),
        continued: None,
    };
    vec![file.encode().expect("the sample can be written")]
}

fn signed(warrant: &Warrant, key: &SigningKey) -> Envelope {
    let circle = CircleId::from_bytes([7; 16]);
    samples::sign(
        Warrant::kind().as_str(),
        circle,
        MemberId::from_bytes([2; 16]),
        warrant.to_body(),
        key,
    )
}

fn warrant(bytes: &[u8]) -> Reading {
    let read = WarrantFile::parse(bytes);
    if let Ok(file) = &read {
        assert_eq!(file.encode().ok().as_deref(), Some(bytes));
        if let Ok(warrant) = Warrant::read(file.envelope.entry()) {
            assert_eq!(warrant.to_body(), file.envelope.entry().body);
        }
    }
    Reading::of(&read)
}

fn entry_place() -> EntryPlace {
    let entry = samples::envelope().entry().clone();
    EntryPlace {
        office: entry.office,
        circle: entry.circle,
        seq: 4,
        id: entry.id,
    }
}

fn entry_key() -> EntryKey {
    EntryKey::random(&mut Random::new(9))
}

fn cookie() -> CookieSecret {
    CookieSecret::new(Secret::copy(&[10; 32]).expect("32 bytes are 32 bytes"))
}

/// A row of the ledger and one of a session, each in the form that all rows have.
fn rows() -> Vec<Vec<u8>> {
    let mut random = Random::new(11);
    let entry = OpenEntry {
        envelope: samples::envelope().bytes().to_vec(),
        salt1: [1; 32],
        content: Content::None([2; 32]),
    };
    let member = MemberKeys::generate(&mut random);
    vec![
        entry
            .seal(&entry_place(), &entry_key(), &mut random)
            .expect("the sample fits"),
        cookie().wrap(&member, MemberId::from_bytes([2; 16]), &mut random),
    ]
}

/// A row that opens is one of ours, for nobody else has the key; so what opens must read.
fn stored_row(bytes: &[u8]) -> Reading {
    let entry = OpenEntry::open(bytes, &entry_place(), &entry_key());
    if let Ok(entry) = &entry {
        assert!(Envelope::parse(&entry.envelope).is_ok());
        let elsewhere = EntryPlace {
            seq: 5,
            ..entry_place()
        };
        assert!(
            OpenEntry::open(bytes, &elsewhere, &entry_key()).is_err(),
            "an entry opens in another place"
        );
    }
    let session = cookie().unwrap(bytes, MemberId::from_bytes([2; 16]));
    if entry.is_ok() {
        Reading::Accepted
    } else {
        Reading::of(&session)
    }
}

fn unlock() -> Passphrase {
    Passphrase::read("an invented unlock secret").expect("the sample is a passphrase")
}

fn house() -> (HouseKey, Vec<u8>) {
    HouseKey::create(&samples::origin(), &unlock(), COST, &mut Random::new(12))
        .expect("the costs are in range")
}

fn house_file(bytes: &[u8]) -> Reading {
    if asks_for_much(bytes) {
        // Read in order, but slow: the limit of what a file may ask for is tested where it stands.
        return Reading::Refused;
    }
    let read = HouseKey::unlock(&samples::origin(), bytes, &unlock());
    if let Ok(opened) = &read {
        let name = "members";
        assert_eq!(
            opened.cabinet_name(name).as_bytes(),
            house().0.cabinet_name(name).as_bytes(),
            "another house opens"
        );
    }
    Reading::of(&read)
}

/// Whether the costs behind the file's label are above those of the sample.
fn asks_for_much(bytes: &[u8]) -> bool {
    let sample = house().1;
    let costs = [COST.memory_kib, COST.passes, COST.lanes]
        .map(u32::to_be_bytes)
        .concat();
    let label = sample
        .windows(costs.len())
        .position(|window| window == costs)
        .unwrap_or_default();
    let found = bytes
        .strip_prefix(&sample[..label])
        .and_then(|rest| rest.first_chunk::<12>());
    found.is_some_and(|found| {
        let numbers = found
            .as_chunks::<4>()
            .0
            .iter()
            .map(|four| u32::from_be_bytes(*four));
        numbers
            .zip([COST.memory_kib * 8, COST.passes * 4, COST.lanes * 4])
            .any(|(asked, most)| asked > most)
    })
}
