//! Bundles whose shape is wrong: each part that can be malformed, and the name of its reason.

mod demo;

use demo::{
    Made, Recipe, Verdict, judge, judge_recipe, key, policy, raw_archive, raw_header, sum_header,
    verdict,
};
use record::bundle;
use record::canonical::{Map, Value, encode, parse};
use record::dsse::{Shape, Signed};
use record::hash::Hash;
use record::ids::{CircleId, MemberId};
use record::proof::{Extra, Proof};
use record::verdict::Malformed;
use record::{exhibit, map};

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

type Change = fn(&mut Map);

const MANIFEST_CHANGES: [(&str, Change); 27] = [
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

#[test]
fn manifests_out_of_shape_are_malformed() {
    let set = |map: &mut Map, name: &str, value: Value| {
        map.insert(name.to_owned(), value);
    };
    for (name, change) in MANIFEST_CHANGES {
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
