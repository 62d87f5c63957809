use std::convert::Infallible;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use record::checkpoint::log_vkey;
use record::hash::{Hash, leaf_hash, node_hash};
use record::note::Signature;
use record::signature::SigningKey;
use record::tree::{NodeReader, RightEdge, consistency_proof};
use record::witness_request::parse_cosignatures;
use tower::ServiceExt as _;

use super::*;

/// A log in memory: all its leaves.
struct Leaves(Vec<Hash>);

impl NodeReader for Leaves {
    type Error = Infallible;

    fn node(&mut self, level: u8, index: u64) -> Result<Hash, Infallible> {
        if level == 0 {
            return Ok(self.0[index as usize]);
        }
        let Ok(left) = self.node(level - 1, 2 * index);
        let Ok(right) = self.node(level - 1, 2 * index + 1);
        Ok(node_hash(&left, &right))
    }
}

struct Office {
    origin: Origin,
    key: SigningKey,
    leaves: Leaves,
}

impl Office {
    fn new(name: &str, leaves: usize) -> Self {
        let leaves = (0..leaves)
            .map(|number| leaf_hash(format!("{name} {number}").as_bytes()))
            .collect();
        Self {
            origin: Origin::new(name).unwrap(),
            key: SigningKey::from_seed(&[7; 32]),
            leaves: Leaves(leaves),
        }
    }

    fn vkey(&self) -> Vkey {
        log_vkey(self.origin.clone(), &self.key)
    }

    fn head(&self, size: usize) -> SignedCheckpoint {
        let mut edge = RightEdge::new();
        self.leaves.0[..size]
            .iter()
            .for_each(|leaf| edge.append(*leaf));
        Checkpoint {
            origin: self.origin.clone(),
            size: size as u64,
            root: edge.root(),
        }
        .sign(&self.key)
    }

    fn request(&mut self, old: u64, size: usize) -> AddCheckpoint {
        let proof = consistency_proof(&mut self.leaves, old, size as u64).unwrap();
        AddCheckpoint {
            old_size: old,
            proof,
            checkpoint: self.head(size),
        }
    }
}

struct Bench {
    folder: tempfile::TempDir,
    office: Office,
    witness: Option<Witness>,
}

fn edge() -> Edge {
    Edge::new(|| 1_800_000_000, |bytes| bytes.fill(9))
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let office = Office::new("office.example/record", 300);
        let held = Folder::create(
            folder.path(),
            &Origin::new("witness.example").unwrap(),
            &[3; 32],
        )
        .unwrap();
        held.add_log(&office.vkey()).unwrap();
        let witness = Some(Witness::start(held, edge()).unwrap());
        Self {
            folder,
            office,
            witness,
        }
    }

    fn ask(&mut self, old: u64, size: usize) -> Answer {
        let body = self.office.request(old, size).encode();
        self.send(&body)
    }

    fn send(&self, body: &[u8]) -> Answer {
        self.witness.as_ref().unwrap().answer(body)
    }

    fn restart(&mut self) {
        self.witness = None;
        self.witness =
            Some(Witness::start(Folder::open(self.folder.path()).unwrap(), edge()).unwrap());
    }

    fn verify(&self, answer: Answer, size: usize) {
        let Answer::Cosigned(lines) = answer else {
            panic!("not cosigned: {answer:?}")
        };
        let mut head = self.office.head(size);
        let lines: Vec<Signature> = parse_cosignatures(lines.as_bytes()).unwrap();
        lines.into_iter().for_each(|line| head.add_signature(line));
        let vkey = self.witness.as_ref().unwrap().vkey();
        assert_eq!(head.cosigned_at(vkey).unwrap(), Some(1_800_000_000));
    }
}

#[test]
fn a_head_that_continues_the_last_one_is_cosigned_and_remembered() {
    let mut bench = Bench::new();
    let mut old = 0;
    for size in [1, 2, 16, 16, 255, 256, 257, 300] {
        let answer = bench.ask(old, size);
        bench.verify(answer, size);
        old = size as u64;
        bench.restart();
    }
}

#[test]
fn another_size_is_a_conflict_that_names_the_right_one() {
    let mut bench = Bench::new();
    bench.ask(0, 100);
    assert_eq!(bench.ask(0, 200), Answer::Conflict(100));
    assert_eq!(bench.ask(50, 200), Answer::Conflict(100));
    assert_eq!(
        bench.ask(50, 80),
        Answer::Conflict(100),
        "a head from an old backup"
    );
    let answer = bench.ask(100, 200);
    bench.verify(answer, 200);
}

#[test]
fn a_second_history_is_never_cosigned() {
    let mut bench = Bench::new();
    bench.ask(0, 100);
    bench.office.leaves.0[50] = leaf_hash(b"another");
    assert_eq!(
        bench.ask(100, 100),
        Answer::Conflict(100),
        "the same size, another root"
    );
    assert_eq!(bench.ask(100, 200), Answer::Inconsistent);
    bench.restart();
    assert_eq!(bench.ask(100, 200), Answer::Inconsistent);
}

#[test]
fn a_proof_where_none_belongs_is_refused() {
    let mut bench = Bench::new();
    let mut request = bench.office.request(0, 100);
    request.proof.push(leaf_hash(b"x"));
    assert_eq!(bench.send(&request.encode()), Answer::Inconsistent);
}

#[test]
fn an_unknown_log_and_a_foreign_signature_are_told_apart() {
    let mut bench = Bench::new();
    let mut stranger = Office::new("stranger.example", 10);
    assert_eq!(
        bench.send(&stranger.request(0, 10).encode()),
        Answer::UnknownLog
    );
    bench.office.key = SigningKey::from_seed(&[8; 32]);
    assert_eq!(bench.ask(0, 10), Answer::NotSigned);
}

#[test]
fn what_is_no_request_is_malformed() {
    let mut bench = Bench::new();
    let good = String::from_utf8(bench.office.request(0, 10).encode()).unwrap();
    for wrong in [
        String::new(),
        "old 1\n".to_owned(),
        good.replacen("old 0", "old 00", 1),
        good.replacen("old 0", "old -1", 1),
        good.replacen("old 0", "old 11", 1),
        good.replacen("old 0\n", "old 0\nnot base64\n", 1),
        good.replace('\n', "\r\n"),
        good[..good.len() - 10].to_owned(),
    ] {
        assert_eq!(bench.send(wrong.as_bytes()), Answer::Malformed, "{wrong:?}");
    }
}

#[test]
fn a_disk_that_fails_ends_cosigning_until_the_next_start() {
    let mut bench = Bench::new();
    bench.ask(0, 100);
    let seen = bench.folder.path().join("seen");
    let aside = bench.folder.path().join("aside");
    std::fs::rename(&seen, &aside).unwrap();
    assert_eq!(bench.ask(100, 200), Answer::Broken);
    std::fs::rename(&aside, &seen).unwrap();
    assert_eq!(
        bench.ask(100, 200),
        Answer::Broken,
        "what is on the disk is not known"
    );
    bench.restart();
    let answer = bench.ask(100, 200);
    bench.verify(answer, 200);
}

#[test]
fn one_folder_serves_one_process_and_a_damaged_one_none() {
    let mut bench = Bench::new();
    bench.ask(0, 100);
    assert!(matches!(
        Folder::open(bench.folder.path()),
        Err(StateError::Busy)
    ));
    bench.witness = None;
    for entry in std::fs::read_dir(bench.folder.path().join("seen")).unwrap() {
        std::fs::write(entry.unwrap().path(), b"damaged").unwrap();
    }
    let folder = Folder::open(bench.folder.path()).unwrap();
    assert!(matches!(
        Witness::start(folder, edge()),
        Err(StateError::Damaged { .. })
    ));
}

#[test]
fn a_logs_key_is_not_exchanged() {
    let bench = Bench::new();
    let folder = &bench.witness.as_ref().unwrap().folder;
    let other = log_vkey(
        bench.office.origin.clone(),
        &SigningKey::from_seed(&[8; 32]),
    );
    assert!(matches!(folder.add_log(&other), Err(StateError::LogKnown)));
}

#[tokio::test]
async fn over_http_each_answer_has_its_status_and_type() {
    let mut bench = Bench::new();
    let bodies = [
        (
            bench.office.request(0, 100).encode(),
            200,
            "text/plain; charset=utf-8",
        ),
        (
            bench.office.request(0, 200).encode(),
            409,
            "text/x.tlog.size",
        ),
        (
            Office::new("stranger.example", 10).request(0, 10).encode(),
            404,
            "",
        ),
        (vec![b'x'; REQUEST_BYTES_MAX + 1], 400, ""),
    ];
    let routes = router(Arc::new(bench.witness.take().unwrap()));
    for (body, status, kind) in bodies {
        let request = Request::post("/add-checkpoint")
            .body(Body::from(body))
            .unwrap();
        let response = routes.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status);
        assert_eq!(
            response
                .headers()
                .get("content-type")
                .map_or("", |value| value.to_str().unwrap()),
            kind
        );
        if status == 409 {
            assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), "100\n");
        }
    }
    let get = Request::get("/add-checkpoint").body(Body::empty()).unwrap();
    assert_eq!(routes.oneshot(get).await.unwrap().status(), 405);
}
