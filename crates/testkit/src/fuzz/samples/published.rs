//! The bundle of the sample's office: one exhibit, the admission of its publisher and the publication.

use record::bundle::{Exhibit, FileLine, Manifest, MediaType, Path, Publisher, Title, Writer};
use record::canonical::{Map, Value};
use record::encoding::base64_text;
use record::entry::Envelope;
use record::hash::{Hash, sha256};
use record::proof::{Extra, OpenedContent};

use super::{ADMISSION, EXHIBIT, PUBLICATION, key, path, proof, public_envelope};

/// The exhibit's bytes.
pub const CONTENT: &[u8] = b"An invented exhibit.\n";

const EXHIBIT_PATH: &str = "exhibits/1.txt";
const ADMITTED_PATH: &str = "proofs/admitted.tlog-proof";
const PUBLISHED_PATH: &str = "proofs/published.tlog-proof";

/// The publisher's key is that of member 2.
const PUBLISHER: u8 = 2;

/// The public entry that admits the publisher's key.
pub fn admission() -> Envelope {
    let mut body = Map::new();
    body.insert(
        "key".to_owned(),
        Value::Text(base64_text(key(PUBLISHER).verifying_key().as_bytes())),
    );
    body.insert("purpose".to_owned(), Value::Text("publication".to_owned()));
    public_envelope("publisher.admitted", body, &key(1))
}

/// The public entry that makes the publication.
pub fn publication() -> Envelope {
    let digest = record::bundle::contents_digest(&[exhibit(Vec::new())])
        .expect("the sample's contents are canonical");
    let mut body = Map::new();
    body.insert("contents".to_owned(), Value::Text(digest.to_string()));
    body.insert("count".to_owned(), Value::Int(1));
    body.insert("title".to_owned(), Value::Text(title().as_str().to_owned()));
    public_envelope("publication.made", body, &key(PUBLISHER))
}

/// What the exhibit's leaf commits to, opened.
pub fn opened() -> OpenedContent {
    OpenedContent {
        commitment_env: Hash::from_bytes([11; 32]),
        salt: [12; 32],
        sha256: sha256(CONTENT),
        size: CONTENT.len() as u64,
    }
}

fn title() -> Title {
    Title::new("Invented, \u{0633}\u{0627}\u{062e}\u{062a}\u{06af}\u{06cc}")
        .expect("the sample's title is one")
}

fn place(text: &str) -> Path {
    Path::new(text).expect("the sample's path is one")
}

fn exhibit(proof: Vec<Hash>) -> Exhibit {
    Exhibit {
        number: 1,
        path: place(EXHIBIT_PATH),
        media_type: MediaType::new("text/plain").expect("the sample's media type is one"),
        opened: opened(),
        index: EXHIBIT as u64,
        proof,
    }
}

/// The whole bundle.
pub fn bundle() -> Vec<u8> {
    let public = |index, envelope| {
        let text = proof(index, Some(Extra::Public(Box::new(envelope)))).encode();
        text.expect("the sample's proof can be written")
            .into_bytes()
    };
    let files = [
        (EXHIBIT_PATH, CONTENT.to_vec()),
        (ADMITTED_PATH, public(ADMISSION, admission())),
        (PUBLISHED_PATH, public(PUBLICATION, publication())),
    ];
    let manifest = Manifest {
        office: super::origin(),
        day: super::time().day(),
        title: title(),
        checkpoint: super::checkpoint().to_string(),
        publisher: Publisher {
            key: *key(PUBLISHER).verifying_key().as_bytes(),
            admitted: place(ADMITTED_PATH),
        },
        publication: place(PUBLISHED_PATH),
        contents: vec![exhibit(path(EXHIBIT))],
        files: files
            .iter()
            .map(|(path, bytes)| FileLine {
                path: place(path),
                sha256: sha256(bytes),
                size: bytes.len() as u64,
            })
            .collect(),
    };
    let mut writer = Writer::begin(Vec::new(), &manifest, &key(PUBLISHER))
        .expect("the sample's manifest is one");
    for (path, bytes) in &files {
        writer
            .add(&place(path), bytes.as_slice())
            .expect("the files come as the manifest names them");
    }
    writer.finish().expect("memory takes what is written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundle_holds() {
        let policy = record::policy::Policy::parse(super::super::policy().as_bytes()).unwrap();
        let report = record::bundle::verify(bundle().as_slice(), &policy).unwrap();
        assert_eq!((report.exhibits.len(), report.tree_size), (1, 16));
    }
}
