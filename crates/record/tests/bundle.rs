//! Bundles and single files: what holds, one for each reason that makes it fail, and every byte of one altered.

mod demo;

use demo::{
    Recipe, Verdict, judge, judge_recipe, key, origin, policy, policy_text, raw_archive, verdict,
};
use record::bundle::{self, Manifest, ManifestError, Path, WriteError, Writer};
use record::canonical::Value;
use record::cosignature::cosign;
use record::encoding::base64_text;
use record::exhibit;
use record::hash::Hash;
use record::ids::Origin;
use record::policy::Policy;
use record::verdict::{DoesNotHold, Malformed};
use std::io::Read;

#[test]
fn a_bundle_that_holds_says_what_it_shows() {
    let made = Recipe::default().make();
    let report = bundle::verify(made.bundle.as_slice(), &policy()).expect("it holds");
    assert_eq!(report.office, origin());
    assert_eq!(report.tree_size, 19);
    assert_eq!(report.root, made.checkpoint.checkpoint().root);
    assert_eq!(report.title.as_str(), "The twelfth");
    assert_eq!(report.day.to_string(), "2026-11-22");
    assert_eq!((report.admission_index, report.publication_index), (3, 14));
    let names: Vec<String> = report
        .countersigned
        .iter()
        .map(|w| w.name.to_string())
        .collect();
    assert_eq!(names, ["W1", "W2"]);
    assert_eq!(
        report.earliest_countersignature(),
        Some(demo::COSIGNED_AT + 1)
    );
    assert_eq!(
        report.latest_countersignature(),
        Some(demo::COSIGNED_AT + 2)
    );
    let exhibits: Vec<(u64, String, u64, u64)> = report
        .exhibits
        .iter()
        .map(|exhibit| {
            (
                exhibit.number,
                exhibit.path.to_string(),
                exhibit.size,
                exhibit.index,
            )
        })
        .collect();
    let wanted = [(1, 45, 16), (2, 57, 17), (3, 0, 18)];
    assert_eq!(
        exhibits,
        wanted.map(|(n, size, index)| (n, format!("exhibits/{n}.txt"), size, index))
    );
    assert_eq!(report.exhibits[0].media_type.as_str(), "text/plain");
}

#[test]
fn the_archive_is_what_an_independent_writer_makes() {
    let made = Recipe::default().make();
    let signed = made
        .manifest
        .sign(&demo::publisher_key())
        .expect("a manifest");
    let files = made
        .files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let other = raw_archive(
        [("manifest.json", signed.as_slice())]
            .into_iter()
            .chain(files),
    );
    assert_eq!(made.bundle, other);
    assert_eq!(made.bundle.len() % 10_240, 0);
}

type Change = fn(&mut Recipe);

fn elsewhere() -> Origin {
    Origin::new("elsewhere.example").expect("an origin")
}

fn set(entry: &mut record::entry::Entry, name: &str, value: impl Into<Value>) {
    entry.body.insert(name.to_owned(), value.into());
}

/// For each reason, in the order of the specification, a recipe that fails for it and for nothing before it.
const FALSE_RECIPES: [(DoesNotHold, Change); 19] = [
    (DoesNotHold::OfficeUnknown, |r| {
        r.manifest = |m| m.office = elsewhere()
    }),
    (DoesNotHold::CheckpointOffice, |r| {
        r.checkpoint = |c| c.origin = elsewhere()
    }),
    (DoesNotHold::LogSignature, |r| r.log_key = key(77)),
    (DoesNotHold::Cosignature, |r| {
        r.signed = |c| c.add_signature(cosign(c.note().text(), 1, &demo::witness(1), &key(77)));
    }),
    (DoesNotHold::Quorum, |r| {
        r.signed = |c| c.add_signature(demo::cosigned(c, 1, 1))
    }),
    (DoesNotHold::AdmissionProof, |r| {
        r.proof = |p| p.index += u64::from(p.index == demo::ADMISSION_INDEX);
    }),
    (DoesNotHold::AdmissionOffice, |r| {
        r.admission = |e| e.office = elsewhere()
    }),
    (DoesNotHold::AdmissionKey, |r| {
        r.admission = |e| set(e, "key", base64_text(&[3; 32]))
    }),
    (DoesNotHold::AdmissionSignature, |r| {
        r.admission_key = key(77)
    }),
    (DoesNotHold::ManifestSignature, |r| r.manifest_key = key(77)),
    (DoesNotHold::PublicationProof, |r| {
        r.proof = |p| p.index -= u64::from(p.index == demo::PUBLICATION_INDEX);
    }),
    (DoesNotHold::PublicationOffice, |r| {
        r.publication = |e| e.office = elsewhere()
    }),
    (DoesNotHold::PublicationSignature, |r| {
        r.publication_key = demo::office_key()
    }),
    (DoesNotHold::PublicationContents, |r| {
        r.publication = |e| set(e, "contents", Hash::ZERO.to_string());
    }),
    (DoesNotHold::PublicationCount, |r| {
        r.publication = |e| set(e, "count", 4i64)
    }),
    (DoesNotHold::PublicationTitle, |r| {
        r.publication = |e| set(e, "title", "Another")
    }),
    (DoesNotHold::FileSize, |r| {
        r.manifest = |m| m.files[0].size += 1
    }),
    (DoesNotHold::FileDigest, |r| {
        r.manifest = |m| m.files[1].sha256 = Hash::ZERO
    }),
    (DoesNotHold::ExhibitProof, |r| {
        r.manifest = |m| m.contents[2].index = 17
    }),
];

#[test]
fn each_thing_that_is_not_so_is_named() {
    let named: Vec<DoesNotHold> = FALSE_RECIPES.iter().map(|(reason, _)| *reason).collect();
    assert_eq!(
        named,
        DoesNotHold::ALL[..19],
        "one recipe for each reason of a bundle"
    );
    for (reason, change) in FALSE_RECIPES {
        assert_eq!(judge_recipe(change), Verdict::DoesNotHold(reason));
    }
}

#[test]
fn of_several_the_first_is_named_and_malformed_comes_before_all() {
    let mut recipe = Recipe {
        log_key: key(77),
        manifest_key: key(77),
        ..Recipe::default()
    };
    assert_eq!(
        judge(&recipe.make().bundle),
        Verdict::DoesNotHold(DoesNotHold::LogSignature)
    );
    recipe.signed = |_| {};
    assert_eq!(
        judge(&recipe.make().bundle),
        Verdict::DoesNotHold(DoesNotHold::LogSignature)
    );
    let mut bytes = recipe.make().bundle;
    bytes.push(0);
    assert_eq!(judge(&bytes), Verdict::Malformed(Malformed::Archive));
}

#[test]
fn keys_that_are_no_points_do_not_hold_and_are_not_malformed() {
    for unusable in [[0; 32], [0xff; 32], {
        let mut y = [0; 32];
        y[0] = 2;
        y
    }] {
        let text = base64_text(&unusable);
        let mut recipe = Recipe::default();
        let made = recipe.make();
        let mut manifest = made.manifest.clone();
        manifest.publisher.key = unusable;
        let files = made
            .files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        let signed = manifest.sign(&demo::publisher_key()).expect("a manifest");
        let archive = raw_archive(
            [("manifest.json", signed.as_slice())]
                .into_iter()
                .chain(files),
        );
        assert_eq!(
            judge(&archive),
            Verdict::DoesNotHold(DoesNotHold::AdmissionKey),
            "{text}"
        );
        recipe.log_key = key(1);
        let log = record::note::Vkey::new(origin(), record::note::KeyKind::Log, unusable);
        let policy =
            Policy::parse(format!("log {log}\nquorum none\n").as_bytes()).expect("a policy");
        let found = verdict(bundle::verify(made.bundle.as_slice(), &policy));
        assert_eq!(
            found,
            Verdict::DoesNotHold(DoesNotHold::LogSignature),
            "{text}"
        );
    }
}

#[test]
fn lines_of_unknown_keys_are_ignored_and_a_second_cosignature_counts_once() {
    let unknown = |r: &mut Recipe| {
        r.signed = |c| {
            for number in [1, 2, 3] {
                let line = demo::cosigned(c, number, 50 + u64::from(number));
                c.add_signature(line);
            }
            let earlier = demo::cosigned(c, 1, 40);
            c.add_signature(earlier);
        }
    };
    let mut recipe = Recipe::default();
    unknown(&mut recipe);
    let report = bundle::verify(recipe.make().bundle.as_slice(), &policy()).expect("it holds");
    let times: Vec<u64> = report
        .countersigned
        .iter()
        .map(|w| w.unix_seconds)
        .collect();
    assert_eq!(times, [40, 52]);
}

#[test]
fn a_cosignature_beyond_the_last_second_does_not_hold() {
    fn cosigned_at(checkpoint: &mut record::checkpoint::SignedCheckpoint, second: u64) {
        for number in [1, 2] {
            checkpoint.add_signature(demo::cosigned(checkpoint, number, second));
        }
    }
    let last = judge_recipe(|r| r.signed = |c| cosigned_at(c, (1 << 63) - 1));
    assert_eq!(last, Verdict::Holds);
    let beyond = judge_recipe(|r| r.signed = |c| cosigned_at(c, 1 << 63));
    assert_eq!(beyond, Verdict::DoesNotHold(DoesNotHold::Cosignature));
}

#[test]
fn one_changed_bit_at_every_byte_is_refused() {
    let good = Recipe::default().make().bundle;
    let policy = policy();
    assert_eq!(judge(&good), Verdict::Holds);
    for at in 0..good.len() {
        let mut altered = good.clone();
        altered[at] ^= 1 << (at % 8);
        let found = verdict(bundle::verify(altered.as_slice(), &policy));
        assert!(
            matches!(found, Verdict::Malformed(_) | Verdict::DoesNotHold(_)),
            "bit {} of byte {at}: {found:?}",
            at % 8
        );
    }
}

/// A source that gives one byte at a time, is interrupted now and then, and fails in the end.
struct Slow<'a> {
    bytes: &'a [u8],
    turn: u8,
    fails: bool,
}

impl Read for Slow<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.turn = self.turn.wrapping_add(1);
        if self.turn.is_multiple_of(5) {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        match self.bytes.split_first() {
            Some((first, rest)) => {
                (out[0], self.bytes) = (*first, rest);
                Ok(1)
            }
            None if self.fails => Err(std::io::Error::other("the disk is gone")),
            None => Ok(0),
        }
    }
}

#[test]
fn a_slow_source_changes_nothing_and_a_failing_one_says_nothing() {
    let good = Recipe::default().make().bundle;
    let slow = |fails| Slow {
        bytes: &good,
        turn: 0,
        fails,
    };
    assert_eq!(
        verdict(bundle::verify(slow(false), &policy())),
        Verdict::Holds
    );
    assert_eq!(
        verdict(bundle::verify(slow(true), &policy())),
        Verdict::Unreadable
    );
}

#[test]
fn the_writer_refuses_what_its_reader_would() {
    let made = Recipe::default().make();
    let key = demo::publisher_key();
    let begin = |manifest: &Manifest| Writer::begin(Vec::new(), manifest, &key);
    let first = &made.files[0];
    let mut writer = begin(&made.manifest).expect("a manifest");
    let wrong = writer.add(&made.files[1].0, made.files[1].1.as_slice());
    assert!(matches!(wrong, Err(WriteError::Order { .. })));
    let writer = begin(&made.manifest).expect("a manifest");
    assert!(matches!(writer.finish(), Err(WriteError::Order { .. })));
    for content in [&first.1[1..], b"", &[first.1.as_slice(), b"x"].concat()] {
        let mut writer = begin(&made.manifest).expect("a manifest");
        assert!(matches!(
            writer.add(&first.0, content),
            Err(WriteError::OtherContent(_))
        ));
    }
    let mut altered = first.1.clone();
    altered[0] ^= 1;
    let mut writer = begin(&made.manifest).expect("a manifest");
    assert!(matches!(
        writer.add(&first.0, altered.as_slice()),
        Err(WriteError::OtherContent(_))
    ));
    let mut huge = made.manifest.clone();
    huge.files[0].size = 1 << 33;
    assert!(matches!(begin(&huge), Err(WriteError::TooLarge(_))));
    let mut twice = made.manifest.clone();
    twice.files.push(twice.files[0].clone());
    let refused = begin(&twice).err();
    assert!(matches!(
        refused,
        Some(WriteError::Manifest(ManifestError::PathTwice(_)))
    ));
    let mut hidden = made.manifest.clone();
    hidden.files[0].path = Path::new("manifest.json").expect("a path");
    let refused = begin(&hidden).err();
    assert!(matches!(
        refused,
        Some(WriteError::Manifest(ManifestError::PathTwice(_)))
    ));
}

#[test]
fn one_file_and_its_proof() {
    let recipe = Recipe::default();
    let made = recipe.make();
    for (proof, material) in made.proofs.iter().zip(&recipe.materials) {
        let report = exhibit::verify(proof.as_bytes(), material.as_slice(), &policy());
        let report = report.expect("it holds");
        assert_eq!(report.size, material.len() as u64);
        assert_eq!(report.countersigned.len(), 2);
        let other = [material.as_slice(), b"x"].concat();
        let found = verdict(exhibit::verify(
            proof.as_bytes(),
            other.as_slice(),
            &policy(),
        ));
        assert_eq!(found, Verdict::DoesNotHold(DoesNotHold::Content));
    }
    let found = |proof: &str, content: &[u8], policy: &Policy| {
        verdict(exhibit::verify(proof.as_bytes(), content, policy))
    };
    let (good, content) = (&made.proofs[0], recipe.materials[0].as_slice());
    let moved = good.replace("index 16", "index 17");
    assert_eq!(
        found(&moved, content, &policy()),
        Verdict::DoesNotHold(DoesNotHold::Inclusion)
    );
    let beyond = good.replace("index 16", "index 9007199254740991");
    assert_eq!(
        found(&beyond, content, &policy()),
        Verdict::DoesNotHold(DoesNotHold::Inclusion)
    );
    let nobody = Policy::parse(b"quorum none").expect("a policy");
    assert_eq!(
        found(good, content, &nobody),
        Verdict::DoesNotHold(DoesNotHold::OfficeUnknown)
    );
    let silent: String = good
        .lines()
        .filter(|l| !l.starts_with("extra"))
        .map(|l| format!("{l}\n"))
        .collect();
    assert_eq!(
        found(&silent, content, &policy()),
        Verdict::Malformed(Malformed::Proof)
    );
    let more = policy_text().replace("all W1 W2", "3 W1 W2");
    assert!(Policy::parse(more.as_bytes()).is_err());
    let third = policy_text().replace(
        "group both",
        &format!("witness W3 {}\ngroup both", demo::witness(3)),
    );
    let third =
        Policy::parse(third.replace("all W1 W2", "all W1 W2 W3").as_bytes()).expect("a policy");
    assert_eq!(
        found(good, content, &third),
        Verdict::DoesNotHold(DoesNotHold::Quorum)
    );
}

#[test]
fn a_public_entry_and_its_proof() {
    let made = Recipe::default().make();
    let proof = &made.files[0].1;
    let check = |content: &[u8]| verdict(exhibit::verify(proof, content, &policy()));
    assert_eq!(check(made.admission.bytes()), Verdict::Holds);
    assert_eq!(
        check(made.publication.bytes()),
        Verdict::DoesNotHold(DoesNotHold::Content)
    );
    let recipe = Recipe {
        admission: |e| e.office = Origin::new("elsewhere.example").expect("an origin"),
        ..Recipe::default()
    };
    let made = recipe.make();
    let found = verdict(exhibit::verify(
        &made.files[0].1,
        made.admission.bytes(),
        &policy(),
    ));
    assert_eq!(found, Verdict::DoesNotHold(DoesNotHold::EntryOffice));
}

#[test]
fn one_changed_bit_at_every_byte_of_a_proof_is_refused() {
    let recipe = Recipe::default();
    let made = recipe.make();
    let (good, policy) = (made.proofs[0].as_bytes(), policy());
    for bit in 0..good.len() * 8 {
        let mut altered = good.to_vec();
        altered[bit / 8] ^= 1 << (bit % 8);
        let found = verdict(exhibit::verify(
            &altered,
            recipe.materials[0].as_slice(),
            &policy,
        ));
        assert_ne!(found, Verdict::Holds, "bit {} of byte {}", bit % 8, bit / 8);
    }
}
