//! Shares and warrants: M of N, and only for what outsiders can see was decided.

use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use record::checkpoint::{Checkpoint, log_vkey};
use record::commitment::Place;
use record::entry::{Entry, Envelope};
use record::hash::{Hash, leaf_hash};
use record::ids::{CircleId, EntryId, MemberId};
use record::policy::Policy;
use record::proof::Proof;
use record::signature::SigningKey;
use vault::binding::ObjectId;
use vault::entry_lock::{Content, OpenEntry};
use vault::hybrid;
use vault::share::{self, CombineError, Share, ShareError, SharePlace, Split, SplitError};
use vault::warrant::{self, ReleaseError, Warrant, WarrantError, WarrantFile};

use crate::cast::{Person, office, rng, time};

const NOW: u64 = 1_800_000_000;

fn place() -> SharePlace {
    SharePlace {
        office: office(),
        circle: CircleId::from_bytes([2; 16]),
        object: ObjectId::from_bytes([3; 16]),
    }
}

fn holders(count: usize, rng: &mut ChaCha20Rng) -> Vec<hybrid::Identity> {
    (0..count)
        .map(|_| hybrid::Identity::generate(rng))
        .collect()
}

fn recipients(holders: &[hybrid::Identity]) -> Vec<hybrid::Recipient> {
    holders.iter().map(hybrid::Identity::to_recipient).collect()
}

/// An identity split among holders, each of whom opened their share.
fn dealt(
    threshold: u8,
    count: usize,
    rng: &mut ChaCha20Rng,
) -> (hybrid::Identity, Split, Vec<Share>) {
    let identity = hybrid::Identity::generate(rng);
    let holders = holders(count, rng);
    let (split, files) =
        share::split(&identity, &place(), threshold, &recipients(&holders), rng).expect("split");
    assert_eq!(files.len(), count);
    let shares = files
        .iter()
        .zip(&holders)
        .map(|(file, holder)| Share::open(file, &place(), holder).expect("a share"));
    let shares = shares.collect();
    (identity, split, shares)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_m_open_and_fewer_do_not(threshold in 2u8..5, more in 0usize..3, seed in any::<u64>(), order in any::<prop::sample::Index>()) {
        let mut rng = rng(seed);
        let count = usize::from(threshold) + more;
        let (identity, split, mut shares) = dealt(threshold, count, &mut rng);
        shares.rotate_left(order.index(count));
        let need = usize::from(threshold);
        let opened = share::combine(&shares[..need], &split, &identity.to_recipient()).expect("enough");
        prop_assert_eq!(opened.seed(), identity.seed());
        prop_assert!(share::combine(&shares, &split, &identity.to_recipient()).is_ok());
        let few = share::combine(&shares[..need - 1], &split, &identity.to_recipient()).unwrap_err();
        prop_assert_eq!(few, CombineError::TooFew { have: need - 1, need: threshold });
        // The same share again does not count as another.
        let again = vec![shares[0].clone(); need];
        let few = share::combine(&again, &split, &identity.to_recipient()).unwrap_err();
        prop_assert_eq!(few, CombineError::TooFew { have: 1, need: threshold });
    }
}

#[test]
fn a_wrong_share_is_named() {
    let mut rng = rng(1);
    let (identity, split, shares) = dealt(2, 3, &mut rng);
    let (_, _, others) = dealt(2, 3, &mut rng);
    let mixed = [shares[0].clone(), others[2].clone()];
    let named = share::combine(&mixed, &split, &identity.to_recipient()).unwrap_err();
    assert_eq!(named, CombineError::Wrong(3));
    let stranger = hybrid::Identity::generate(&mut rng).to_recipient();
    let wrong = share::combine(&shares, &split, &stranger).unwrap_err();
    assert_eq!(wrong, CombineError::OtherRecipient);
    assert_eq!(format!("{:?}", shares[0]), "Share(1)");
}

#[test]
fn a_share_opens_for_its_holder_and_object_only() {
    let mut rng = rng(2);
    let holders = holders(3, &mut rng);
    let identity = hybrid::Identity::generate(&mut rng);
    let (_, files) =
        share::split(&identity, &place(), 2, &recipients(&holders), &mut rng).expect("split");
    assert!(matches!(
        Share::open(&files[0], &place(), &holders[1]),
        Err(ShareError::Open(_))
    ));
    let other = SharePlace {
        object: ObjectId::from_bytes([9; 16]),
        ..place()
    };
    assert!(matches!(
        Share::open(&files[0], &other, &holders[0]),
        Err(ShareError::Open(_))
    ));
    // What was made for a holder does not pass for a release.
    assert!(matches!(
        Share::open_released(&files[0], &place(), &holders[0]),
        Err(ShareError::Open(_))
    ));
    for at in (0..files[0].len()).step_by(7) {
        let mut altered = files[0].clone();
        altered[at] ^= 1;
        assert!(
            Share::open(&altered, &place(), &holders[0]).is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn thresholds_and_holders_are_checked() {
    let mut rng = rng(3);
    let identity = hybrid::Identity::generate(&mut rng);
    let holders = recipients(&holders(3, &mut rng));
    for (threshold, count) in [(0, 3), (1, 3), (4, 3), (2, 1)] {
        let refused =
            share::split(&identity, &place(), threshold, &holders[..count], &mut rng).err();
        assert_eq!(
            refused,
            Some(SplitError::Threshold),
            "{threshold} of {count}"
        );
    }
    let many = vec![holders[0].clone(); 33];
    assert_eq!(
        share::split(&identity, &place(), 2, &many, &mut rng).err(),
        Some(SplitError::Threshold)
    );
    let twice = [holders[0].clone(), holders[1].clone(), holders[0].clone()];
    assert_eq!(
        share::split(&identity, &place(), 2, &twice, &mut rng).err(),
        Some(SplitError::HolderTwice)
    );
}

/// An office that issues a warrant, and the outside offices that countersign.
struct Stage {
    rng: ChaCha20Rng,
    log: SigningKey,
    witness: SigningKey,
    issuer: Person,
    requester: hybrid::Identity,
}

impl Stage {
    fn new() -> Stage {
        let mut rng = rng(4);
        let issuer = Person::new(&mut rng);
        let requester = hybrid::Identity::generate(&mut rng);
        let (log, witness) = (
            SigningKey::from_seed(&[1; 32]),
            SigningKey::from_seed(&[2; 32]),
        );
        Stage {
            rng,
            log,
            witness,
            issuer,
            requester,
        }
    }

    fn witness_vkey(&self) -> record::note::Vkey {
        let name = "witness.example".parse().expect("a name");
        record::cosignature::witness_vkey(name, &self.witness)
    }

    fn policy(&self) -> Policy {
        let log = log_vkey(office(), &self.log);
        let witness = self.witness_vkey();
        let text = format!("log {log}\nwitness w {witness}\nquorum w\n");
        Policy::parse(text.as_bytes()).expect("a policy")
    }

    fn warrant(&self) -> Warrant {
        Warrant {
            object: place().object,
            commitment: Hash::from_bytes([5; 32]),
            reason: "A court asks for the source's consent to testify.".into(),
            requester: self.requester.to_recipient(),
            expires: time(NOW + 86_400),
            threshold: 2,
        }
    }

    fn entry(&self, warrant: &Warrant) -> Entry {
        Entry {
            id: EntryId::from_bytes([6; 16]),
            office: office(),
            circle: place().circle,
            at: time(NOW - 3600),
            by: self.issuer.id,
            kind: Warrant::kind(),
            body: warrant.to_body(),
            after: None,
        }
    }

    fn issue(&self, entry: &Entry) -> WarrantFile {
        self.file(entry.sign(self.issuer.keys.signing_key()).expect("signed"))
    }

    /// The second of two leaves, under a checkpoint that the witness cosigned.
    fn file(&self, envelope: Envelope) -> WarrantFile {
        let place = Place {
            circle: envelope.entry().circle,
            seq: 7,
            prev: Hash::from_bytes([7; 32]),
        };
        let open = OpenEntry {
            envelope: envelope.bytes().to_vec(),
            salt1: [8; 32],
            content: Content::None([9; 32]),
        };
        let neighbour = leaf_hash(&[0; 32]);
        let root =
            record::hash::node_hash(&neighbour, &leaf_hash(open.commitment(&place).as_bytes()));
        let mut checkpoint = Checkpoint {
            origin: office(),
            size: 2,
            root,
        }
        .sign(&self.log);
        let text = checkpoint.checkpoint().text();
        let line =
            record::cosignature::cosign(&text, NOW - 60, &self.witness_vkey(), &self.witness);
        checkpoint.add_signature(line);
        let proof = Proof {
            extra: None,
            index: 1,
            hashes: vec![neighbour],
            checkpoint,
        };
        WarrantFile {
            envelope,
            place,
            salt1: [8; 32],
            c_content: open.content.commitment(),
            proof,
            continued: None,
        }
    }

    fn check(&self, file: &WarrantFile) -> Result<warrant::Warranted, WarrantError> {
        warrant::check(
            file,
            &self.policy(),
            &[self.issuer.keys.verifying_key()],
            time(NOW),
        )
    }
}

#[test]
fn a_warrant_in_a_countersigned_record_moves_the_shares_to_its_requester() {
    let mut stage = Stage::new();
    let (identity, split, shares) = dealt(2, 3, &mut stage.rng);
    let file = stage.issue(&stage.entry(&stage.warrant()));
    let carried = WarrantFile::parse(&file.encode().expect("a file")).expect("a file");
    assert_eq!(carried, file);
    let warranted = stage.check(&carried).expect("it holds");
    assert_eq!(warranted.warrant(), &stage.warrant());
    assert_eq!(warranted.countersigned().len(), 1);
    let released: Vec<Share> = shares[1..]
        .iter()
        .map(|share| {
            let file = warranted.release(share, &mut stage.rng).expect("released");
            assert!(Share::open(&file, &place(), &stage.requester).is_err());
            Share::open_released(&file, &place(), &stage.requester).expect("for the requester")
        })
        .collect();
    let opened = share::combine(&released, &split, &identity.to_recipient()).expect("enough");
    assert_eq!(opened.seed(), identity.seed());
    let somebody = hybrid::Identity::generate(&mut stage.rng);
    let file = warranted
        .release(&shares[0], &mut stage.rng)
        .expect("released");
    assert!(Share::open_released(&file, &place(), &somebody).is_err());
}

#[test]
fn a_warrant_releases_no_other_object_and_no_other_number() {
    let mut stage = Stage::new();
    let (_, _, shares) = dealt(2, 2, &mut stage.rng);
    let other = Warrant {
        object: ObjectId::from_bytes([9; 16]),
        ..stage.warrant()
    };
    let warranted = stage
        .check(&stage.issue(&stage.entry(&other)))
        .expect("it holds");
    let refused = warranted.release(&shares[0], &mut stage.rng).err();
    assert_eq!(refused, Some(ReleaseError::OtherObject));
    let fewer = Warrant {
        threshold: 1,
        ..stage.warrant()
    };
    let warranted = stage
        .check(&stage.issue(&stage.entry(&fewer)))
        .expect("it holds");
    assert_eq!(
        warranted.release(&shares[0], &mut stage.rng).err(),
        Some(ReleaseError::Threshold)
    );
}

#[test]
fn a_warrant_that_is_not_decided_is_refused() {
    let stage = Stage::new();
    let good = stage.entry(&stage.warrant());
    assert!(stage.check(&stage.issue(&good)).is_ok());
    let file = stage.issue(&good);

    let stranger = SigningKey::from_seed(&[3; 32]);
    let by_stranger = stage.file(good.sign(&stranger).expect("signed"));
    assert_eq!(stage.check(&by_stranger).err(), Some(WarrantError::Issuer));
    let late = warrant::check(
        &file,
        &stage.policy(),
        &[stage.issuer.keys.verifying_key()],
        time(NOW + 86_400),
    );
    assert_eq!(late.err(), Some(WarrantError::Expired(time(NOW + 86_400))));
    let long = Warrant {
        expires: time(NOW + 91 * 86_400),
        ..stage.warrant()
    };
    assert_eq!(
        stage.check(&stage.issue(&stage.entry(&long))).err(),
        Some(WarrantError::Dates)
    );
    let future = Entry {
        at: time(NOW + 3600),
        ..good.clone()
    };
    assert_eq!(
        stage.check(&stage.issue(&future)).err(),
        Some(WarrantError::Dates)
    );
    let other_kind = Entry {
        kind: "warrant.asked".parse().expect("a kind"),
        ..good.clone()
    };
    assert!(matches!(
        stage.check(&stage.issue(&other_kind)).err(),
        Some(WarrantError::Body(_))
    ));
    let elsewhere = Entry {
        office: "example.org".parse().expect("an origin"),
        ..good.clone()
    };
    assert_eq!(
        stage.check(&stage.issue(&elsewhere)).err(),
        Some(WarrantError::OtherProof)
    );
    let _ = MemberId::OFFICE;
}

#[test]
fn a_warrant_outside_the_countersigned_record_is_refused() {
    let stage = Stage::new();
    let file = stage.issue(&stage.entry(&stage.warrant()));
    let altered: [fn(&mut WarrantFile); 6] = [
        |file| file.salt1[0] ^= 1,
        |file| file.place.seq += 1,
        |file| file.place.prev = Hash::ZERO,
        |file| file.c_content = Hash::ZERO,
        |file| file.proof.index = 0,
        |file| file.proof.hashes[0] = Hash::ZERO,
    ];
    for alter in altered {
        let mut file = file.clone();
        alter(&mut file);
        assert!(matches!(
            stage.check(&file).err(),
            Some(WarrantError::NotIncluded(_))
        ));
    }
    let checkpoint = file.proof.checkpoint.checkpoint();
    let mut uncosigned = file.clone();
    uncosigned.proof.checkpoint = checkpoint.sign(&stage.log);
    assert!(matches!(
        stage.check(&uncosigned).err(),
        Some(WarrantError::Checkpoint(_))
    ));
    let mut other_log = file.clone();
    other_log.proof.checkpoint = checkpoint.sign(&SigningKey::from_seed(&[9; 32]));
    assert!(matches!(
        stage.check(&other_log).err(),
        Some(WarrantError::Checkpoint(_))
    ));
    let trusting = format!("log {}\nquorum none\n", log_vkey(office(), &stage.log));
    let trusting = Policy::parse(trusting.as_bytes()).expect("a policy");
    let issuers = [stage.issuer.keys.verifying_key()];
    let refused = warrant::check(&uncosigned, &trusting, &issuers, time(NOW)).err();
    assert_eq!(refused, Some(WarrantError::NotCountersigned));
}

#[test]
fn damaged_warrant_files_are_refused() {
    let stage = Stage::new();
    let bytes = stage
        .issue(&stage.entry(&stage.warrant()))
        .encode()
        .expect("a file");
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        let held = WarrantFile::parse(&altered).is_ok_and(|file| stage.check(&file).is_ok());
        assert!(!held, "byte {at}");
    }
    for cut in (0..bytes.len()).step_by(13) {
        assert!(WarrantFile::parse(&bytes[..cut]).is_err());
    }
    assert!(WarrantFile::parse(&vec![b'{'; warrant::WARRANT_FILE_BYTES_MAX + 1]).is_err());
}
