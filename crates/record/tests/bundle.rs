//! Bundles: one that holds, one for each reason that makes it fail, and every byte of one altered.

mod demo;

use demo::{Made, Recipe, key, origin, policy, policy_text, raw_archive, raw_header, sum_header};
use record::bundle::{self, Manifest, ManifestError, Path, WriteError, Writer};
use record::canonical::{Map, Value, encode, parse};
use record::cosignature::cosign;
use record::dsse::{Shape, Signed};
use record::encoding::base64_text;
use record::hash::Hash;
use record::ids::{CircleId, MemberId, Origin};
use record::policy::Policy;
use record::proof::{Extra, Proof};
use record::verdict::{DoesNotHold, Failure, Malformed};
use record::{exhibit, map};
use std::io::Read;

#[derive(Debug, PartialEq)]
enum Verdict {
    Holds,
    Malformed(Malformed),
    DoesNotHold(DoesNotHold),
    Unreadable,
}

fn verdict<T>(result: Result<T, Failure>) -> Verdict {
    match result {
        Ok(_) => Verdict::Holds,
        Err(Failure::Malformed(reason, _)) => Verdict::Malformed(reason),
        Err(Failure::DoesNotHold(reason, _)) => Verdict::DoesNotHold(reason),
        Err(Failure::Unreadable(_)) => Verdict::Unreadable,
    }
}

fn judge(bundle: &[u8]) -> Verdict {
    verdict(bundle::verify(bundle, &policy()))
}

fn judge_recipe(change: impl FnOnce(&mut Recipe)) -> Verdict {
    let mut recipe = Recipe::default();
    change(&mut recipe);
    judge(&recipe.make().bundle)
}

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

// ---------------------------------------------------------------- malformed

const MANIFEST_SHAPE: Shape = Shape {
    payload_type: bundle::PAYLOAD_TYPE,
    bytes_max: usize::MAX,
    signatures_max: 9,
};

/// The good bundle with another manifest payload, signed by the publisher all the same.
fn with_payload(change: impl FnOnce(&mut Map)) -> Vec<u8> {
    let made = Recipe::default().make();
    let signed = made
        .manifest
        .sign(&demo::publisher_key())
        .expect("a manifest");
    let signed = Signed::parse(&MANIFEST_SHAPE, &signed).expect("an envelope");
    let mut payload = parse(&signed.payload).expect("canonical JSON");
    change(&mut payload);
    let payload = encode(&Value::Map(payload)).expect("within the limits");
    let signed = Signed::sign(&MANIFEST_SHAPE, payload, &demo::publisher_key());
    with_manifest(&made, &signed.encode(&MANIFEST_SHAPE).expect("an envelope"))
}

fn with_manifest(made: &Made, manifest: &[u8]) -> Vec<u8> {
    let files = made
        .files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    raw_archive([("manifest.json", manifest)].into_iter().chain(files))
}

fn first_exhibit(payload: &mut Map) -> &mut Map {
    match payload.get_mut("contents") {
        Some(Value::List(list)) => match &mut list[0] {
            Value::Map(map) => map,
            _ => panic!("an exhibit is an object"),
        },
        _ => panic!("contents is a list"),
    }
}

#[test]
fn manifests_out_of_shape_are_malformed() {
    type Change = fn(&mut Map);
    let set = |map: &mut Map, name: &str, value: Value| {
        map.insert(name.to_owned(), value);
    };
    let changes: [(&str, Change); 27] = [
        ("no change in shape but an unknown field", |m| {
            m.insert("extra".to_owned(), Value::Null);
        }),
        ("a field is missing", |m| {
            m.remove("day");
        }),
        ("another version", |m| {
            m.insert("v".to_owned(), 2i64.into());
        }),
        ("a day that does not exist", |m| {
            m.insert("day".to_owned(), "2026-02-30".into());
        }),
        ("an empty title", |m| {
            m.insert("title".to_owned(), "".into());
        }),
        ("a title that turns its text", |m| {
            m.insert("title".to_owned(), "a\u{202e}b".into());
        }),
        ("an office with a space", |m| {
            m.insert("office".to_owned(), "a b".into());
        }),
        ("a name that payloads do not use", |m| {
            m.insert("Extra".to_owned(), Value::Null);
        }),
        ("no exhibits", |m| {
            m.insert("contents".to_owned(), Value::List(vec![]));
        }),
        ("an exhibit twice", |m| {
            if let Some(Value::List(l)) = m.get_mut("contents") {
                let first = l[0].clone();
                l.push(first);
            }
        }),
        ("a number that is not 1", |m| {
            first_exhibit(m).insert("number".to_owned(), 0i64.into());
        }),
        ("a negative index", |m| {
            first_exhibit(m).insert("index".to_owned(), (-1i64).into());
        }),
        ("an exhibit's path in capitals", |m| {
            first_exhibit(m).insert("path".to_owned(), "A".into());
        }),
        ("an exhibit's path that leaves", |m| {
            first_exhibit(m).insert("path".to_owned(), "../a".into());
        }),
        ("an exhibit's path that files lacks", |m| {
            first_exhibit(m).insert("path".to_owned(), "other.txt".into());
        }),
        ("an exhibit at the path of a proof", |m| {
            first_exhibit(m).insert("path".to_owned(), "proofs/publisher.tlog-proof".into());
        }),
        ("a digest that differs from the file's", |m| {
            first_exhibit(m).insert("sha256".to_owned(), "0".repeat(64).into());
        }),
        ("a size that differs from the file's", |m| {
            first_exhibit(m).insert("size".to_owned(), 1i64.into());
        }),
        ("a digest in capitals", |m| {
            first_exhibit(m).insert("sha256".to_owned(), "A".repeat(64).into());
        }),
        ("a salt too short", |m| {
            first_exhibit(m).insert("salt".to_owned(), "00".into());
        }),
        ("a media type with a parameter", |m| {
            first_exhibit(m).insert("media_type".to_owned(), "text/plain; a=b".into());
        }),
        ("a proof of 65 hashes", |m| {
            let hash = Value::Text(Hash::ZERO.to_base64());
            first_exhibit(m).insert("proof".to_owned(), vec![hash; 65].into());
        }),
        ("a proof with a short hash", |m| {
            first_exhibit(m).insert("proof".to_owned(), vec![Value::from("AA==")].into());
        }),
        ("an exhibit with another field", |m| {
            first_exhibit(m).insert("by".to_owned(), Value::Null);
        }),
        ("a publisher without a key", |m| {
            m.insert(
                "publisher".to_owned(),
                map! { "admitted" => "proofs/publisher.tlog-proof" }.into(),
            );
        }),
        ("one proof for both", |m| {
            m.insert(
                "publication".to_owned(),
                "proofs/publisher.tlog-proof".into(),
            );
        }),
        ("a file that nothing uses", |m| {
            if let Some(Value::List(l)) = m.get_mut("files") {
                let file = map! { "path" => "zzz", "sha256" => "0".repeat(64), "size" => 0i64 };
                l.push(file.into());
            }
        }),
    ];
    for (name, change) in changes {
        assert_eq!(
            judge(&with_payload(change)),
            Verdict::Malformed(Malformed::Manifest),
            "{name}"
        );
    }
    let same = with_payload(|payload| set(payload, "v", 1i64.into()));
    assert_eq!(
        judge(&same),
        Verdict::Holds,
        "the helper itself changes nothing"
    );
    let checkpoint = with_payload(|payload| set(payload, "checkpoint", "nothing\n".into()));
    assert_eq!(
        judge(&checkpoint),
        Verdict::Malformed(Malformed::Checkpoint)
    );
}

#[test]
fn envelopes_out_of_shape_are_malformed() {
    let made = Recipe::default().make();
    let good = made
        .manifest
        .sign(&demo::publisher_key())
        .expect("a manifest");
    assert_eq!(judge(&with_manifest(&made, &good)), Verdict::Holds);
    let text = String::from_utf8(good.clone()).expect("UTF-8");
    let twice = {
        let mut signed = Signed::parse(&MANIFEST_SHAPE, &good).expect("an envelope");
        signed.add_signature(&MANIFEST_SHAPE, &key(5));
        signed.encode(&MANIFEST_SHAPE).expect("an envelope")
    };
    for (name, bytes) in [
        (
            "spaces",
            text.replace("\",\"payloadType", "\", \"payloadType")
                .into_bytes(),
        ),
        (
            "an entry's type",
            text.replace("bundle.v1", "entry.v1").into_bytes(),
        ),
        ("two signatures", twice),
        (
            "no signature",
            text[..text.find("[{").expect("a list")]
                .to_owned()
                .into_bytes(),
        ),
        (
            "loose base64",
            text.replacen("{\"payload\":\"", "{\"payload\":\"=", 1)
                .into_bytes(),
        ),
        ("nothing", Vec::new()),
        ("not UTF-8", vec![0xff]),
    ] {
        let found = judge(&with_manifest(&made, &bytes));
        assert_eq!(found, Verdict::Malformed(Malformed::Envelope), "{name}");
    }
}

#[test]
fn archives_out_of_shape_are_malformed() {
    let good = Recipe::default().make().bundle;
    let archive = Verdict::Malformed(Malformed::Archive);
    let manifest_blocks = u64_of(&good[124..135]).next_multiple_of(512) + 512;
    let second = manifest_blocks as usize;
    let header_changes: [(&str, usize, &[u8]); 10] = [
        ("mode", 100, b"0000755\0"),
        ("uid", 108, b"0000001\0"),
        ("mtime", 136, b"00000000001\0"),
        ("a link", 156, b"2"),
        ("magic of GNU tar", 257, b"ustar  \0"),
        ("an owner", 265, b"root"),
        ("a prefix", 345, b"a"),
        ("the last twelve bytes", 500, b"x"),
        ("a name that leaves", 0, b"../"),
        ("a size with spaces", 124, b"         17 "),
    ];
    for (name, at, bytes) in header_changes {
        let mut altered = good.clone();
        altered[second + at..second + at + bytes.len()].copy_from_slice(bytes);
        sum_header(&mut altered[second..second + 512]);
        assert_eq!(judge(&altered), archive, "{name}");
    }
    let mut checksum = good.clone();
    checksum[second + 148] ^= 1;
    assert_eq!(judge(&checksum), archive, "checksum");
    for length in [
        0,
        1,
        511,
        512,
        second,
        good.len() - 10_240,
        good.len() - 512,
        good.len() - 1,
    ] {
        assert_eq!(judge(&good[..length]), archive, "cut to {length}");
    }
    for longer in [1, 512, 10_240] {
        let mut altered = good.clone();
        altered.resize(good.len() + longer, 0);
        assert_eq!(judge(&altered), archive, "{longer} more zeros");
    }
    let mut padding = good.clone();
    padding[second - 1] = 1;
    assert_eq!(judge(&padding), archive, "padding");
}

fn u64_of(octal: &[u8]) -> u64 {
    let text = core::str::from_utf8(octal).expect("digits");
    u64::from_str_radix(text, 8).expect("octal")
}

#[test]
fn files_missing_extra_or_out_of_order_are_malformed() {
    let made = Recipe::default().make();
    let signed = made
        .manifest
        .sign(&demo::publisher_key())
        .expect("a manifest");
    let files = || {
        let files = made
            .files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
        [("manifest.json", signed.as_slice())]
            .into_iter()
            .chain(files)
            .collect::<Vec<_>>()
    };
    let verdict = |files: Vec<(&str, &[u8])>| judge(&raw_archive(files));
    let malformed = || Verdict::Malformed(Malformed::Files);
    assert_eq!(verdict(files()), Verdict::Holds);
    let mut missing = files();
    missing.pop();
    assert_eq!(verdict(missing), malformed());
    let mut extra = files();
    extra.push(("zzz", b""));
    assert_eq!(verdict(extra), malformed());
    let mut order = files();
    order.swap(3, 4);
    assert_eq!(verdict(order), malformed());
    let mut late = files();
    late.swap(0, 1);
    assert_eq!(verdict(late), malformed());
    assert_eq!(verdict(vec![]), malformed());
    let mut twice = files();
    twice.insert(1, files()[0]);
    assert_eq!(verdict(twice), malformed());
}

#[test]
fn parts_over_their_limits_are_malformed() {
    let made = Recipe::default().make();
    let limit = Verdict::Malformed(Malformed::Limit);
    let header = raw_header("manifest.json", (32 << 20) + 1);
    assert_eq!(
        judge(&header),
        limit,
        "a manifest over 32 MiB is refused before it is read"
    );
    let long = vec![b'x'; (256 << 10) + 1];
    let mut files: Vec<(&str, &[u8])> = made
        .files
        .iter()
        .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
        .collect();
    files[0].1 = &long;
    let signed = made
        .manifest
        .sign(&demo::publisher_key())
        .expect("a manifest");
    files.insert(0, ("manifest.json", &signed));
    assert_eq!(judge(&raw_archive(files)), limit);
    assert_eq!(verdict(exhibit::verify(&long, &b""[..], &policy())), limit);
}

#[test]
fn proofs_and_entries_out_of_shape_are_malformed() {
    let proof = Verdict::Malformed(Malformed::Proof);
    assert_eq!(
        judge_recipe(|r| r.proof = |p| p.extra = None),
        proof,
        "no extra line"
    );
    let private = |p: &mut Proof| {
        p.extra = Some(Extra::Private(record::proof::OpenedContent {
            commitment_env: Hash::ZERO,
            salt: [0; 32],
            sha256: Hash::ZERO,
            size: 0,
        }));
    };
    assert_eq!(
        judge_recipe(|r| r.proof = private),
        proof,
        "an opened content"
    );
    let other = |p: &mut Proof| {
        let line = demo::cosigned(&p.checkpoint, 1, 9);
        p.checkpoint.add_signature(line);
    };
    assert_eq!(
        judge_recipe(|r| r.proof = other),
        proof,
        "another checkpoint"
    );
    let entry = Verdict::Malformed(Malformed::Entry);
    assert_eq!(
        judge_recipe(|r| r.admission = |e| e.by = MemberId::from_bytes([1; 16])),
        entry
    );
    assert_eq!(
        judge_recipe(|r| r.admission = |e| e.circle = CircleId::HOUSE),
        entry
    );
    assert_eq!(
        judge_recipe(
            |r| r.publication = |e| e.kind = "publication.drafted".parse().expect("a kind")
        ),
        entry
    );
    assert_eq!(
        judge_recipe(|r| r.publication = |e| {
            e.body.insert("more".to_owned(), Value::Null);
        }),
        entry
    );
    assert_eq!(
        judge_recipe(|r| r.publication = |e| {
            e.body.insert("count".to_owned(), "3".into());
        }),
        entry
    );
    assert_eq!(
        judge_recipe(|r| r.admission = |e| {
            e.body.insert("purpose".to_owned(), "all".into());
        }),
        entry
    );
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
        if self.turn % 5 == 0 {
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

// ---------------------------------------------------------------- one file and its proof

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
