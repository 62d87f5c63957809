//! Every frozen case, through the library that the program rests on: the result and the reason are the ones written down.

mod cases;

use cases::Case;
use record::policy::Policy;
use record::signature::VerifyingKey;
use record::verdict::Failure;

fn judge(case: &Case) -> (&'static str, Option<&'static str>) {
    let outcome = Policy::parse(&case.policy)
        .map_err(Failure::from)
        .and_then(|policy| match &case.content {
            None => record::bundle::verify(case.bytes.as_slice(), &policy).map(drop),
            Some(content) => {
                record::exhibit::verify(&case.bytes, content.as_slice(), &policy).map(drop)
            }
        });
    match outcome {
        Ok(()) => ("holds", None),
        Err(Failure::DoesNotHold(reason, _)) => ("does_not_hold", Some(reason.name())),
        Err(Failure::Malformed(reason, _)) => ("malformed", Some(reason.name())),
        Err(Failure::Unreadable(error)) => panic!("{}: {error}", case.name),
    }
}

fn disagreements(cases: &[Case]) -> Vec<String> {
    let judged = cases.iter().map(|case| (case, judge(case)));
    let wrong =
        judged.filter(|(case, found)| *found != (case.result.as_str(), case.reason.as_deref()));
    wrong
        .map(|(case, found)| format!("{}: expected {:?}, found {found:?}", case.name, case.reason))
        .collect()
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn bundles_are_judged_as_written() {
    let cases = cases::bundles();
    assert!(cases.len() > 1000);
    none(disagreements(&cases));
}

#[test]
fn proofs_are_judged_as_written() {
    let cases = cases::proofs();
    assert!(cases.len() > 200);
    none(disagreements(&cases));
}

/// A bare signature, in hex.
#[derive(serde::Deserialize)]
struct SignatureCase {
    name: String,
    valid: bool,
    key: String,
    message: String,
    signature: String,
}

fn signatures() -> Vec<SignatureCase> {
    let path = cases::folder().join("ed25519/cases.json");
    let written = std::fs::read(path).expect("the signatures are there");
    serde_json::from_slice(&written).expect("they are JSON")
}

#[test]
fn signatures_verify_strictly() {
    let bytes = |text: &str| hex::decode(text).expect("hex");
    let verifies = |key: &[u8], message: &[u8], signature: &[u8]| {
        let key: [u8; 32] = key.try_into().expect("a key has 32 bytes");
        let signature: [u8; 64] = signature.try_into().expect("a signature has 64 bytes");
        VerifyingKey::from_bytes(&key).is_ok_and(|key| key.verify(message, &signature).is_ok())
    };
    let cases = signatures();
    assert!(cases.len() > 100);
    let wrong = cases.iter().filter(|case| {
        verifies(
            &bytes(&case.key),
            &bytes(&case.message),
            &bytes(&case.signature),
        ) != case.valid
    });
    none(
        wrong
            .map(|case| format!("{}: expected {}", case.name, case.valid))
            .collect(),
    );
}
