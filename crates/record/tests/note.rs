//! Notes, checkpoints, cosignatures and requests to witnesses, against C2SP's examples, real witnesses and another library.

mod demo;

use demo::{cosigned, key, office_key, origin, witness};
use record::checkpoint::{Checkpoint, CheckpointError, Extensions, SignedCheckpoint, log_vkey};
use record::cosignature;
use record::hash::sha256;
use record::note::{KeyKind, Note, NoteError, Vkey, VkeyError};
use record::policy::Policy;
use record::witness_request::{self, AddCheckpoint, PROOF_LINES_MAX, RequestError};
use signed_note::{StandardVerifier, VerifierList};

/// A checkpoint of a staging log with the cosignatures that four public witnesses gave it in May 2026.
const REAL: &str = "\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
";

const REAL_POLICY: &str = "\
log arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f
witness garden transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM
witness smartit witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO
witness remora remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2 https://remora.n621.de/
witness mole witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv
group eu 2 smartit remora mole
group all all eu garden
quorum all
";

#[test]
fn a_real_checkpoint_and_real_witnesses_verify() {
    let checkpoint = SignedCheckpoint::parse(REAL.as_bytes()).expect("a checkpoint");
    assert_eq!(checkpoint.to_string(), REAL);
    assert_eq!(checkpoint.checkpoint().size, 1_432_088_532);
    let policy = Policy::parse(REAL_POLICY.as_bytes()).expect("a policy");
    let countersigned = policy.evaluate(&checkpoint).expect("it holds");
    assert_eq!(countersigned.len(), 4);
    assert!(
        countersigned
            .iter()
            .all(|witness| witness.unix_seconds == 0x6a12_2120)
    );
    let altered = REAL.replace("1432088532", "1432088533");
    let altered = SignedCheckpoint::parse(altered.as_bytes()).expect("a checkpoint");
    assert!(policy.evaluate(&altered).is_err());
}

#[test]
fn the_examples_of_c2sp_are_read() {
    let note = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let read = Note::parse(note.as_bytes()).expect("a note");
    assert!(read.text().ends_with("sole:\n\ned è subito sera.\n"));
    assert_eq!(read.to_string(), note);
    let request = "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n— example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";
    let read = AddCheckpoint::parse(request.as_bytes()).expect("a request");
    assert_eq!((read.old_size, read.proof.len()), (20_852_014, 4));
    assert_eq!(read.encode(), request.as_bytes());
    let answer = "— witness.example/w1 CMp+6LWBU0anHGH5aNDTJkH/gj79sG+T6+iP2ThYN5krrDJbR1HDnucjL39QsZTSvVjyQLrdk3DXDqI5G2HgLatVs0pWh6Up69HVOw==\n— witness.example/w2 AWui8Sk55XjYLOijihBjhqEH6nS1ndDymE0a+6idX7pLcnoB+dhnz0854aLZgrrKbYKA7nC3HNJhm/kWl7oJlqU3rXXvpysAdyP3wQ==\n";
    let lines = witness_request::parse_cosignatures(answer.as_bytes()).expect("two lines");
    assert_eq!(witness_request::encode_cosignatures(&lines), answer);
    assert_eq!(lines[1].name(), "witness.example/w2");
}

#[test]
fn the_example_of_go_verifies_under_its_vkey() {
    let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let vkey = Vkey::parse(text, KeyKind::Log).expect("a vkey");
    assert_eq!(vkey.to_string(), text);
    let note = Note::parse(note.as_bytes()).expect("a note");
    let line = &note.signatures()[0];
    assert!(line.is_by(&vkey));
    let signature = line.bytes().try_into().expect("64 bytes");
    let key = vkey.verifying_key().expect("a point");
    assert_eq!(key.verify(note.text().as_bytes(), signature), Ok(()));
}

fn checkpoint(size: u64) -> Checkpoint {
    Checkpoint {
        origin: origin(),
        size,
        root: sha256(&size.to_be_bytes()),
    }
}

#[test]
fn another_library_reads_what_we_sign() {
    let mut ours = checkpoint(20).sign(&office_key());
    ours.add_signature(cosigned(&ours, 1, 5));
    let vkey = log_vkey(origin(), &office_key()).to_string();
    let verifier = StandardVerifier::new(&vkey).expect("a vkey that the other library reads");
    let note = signed_note::Note::from_bytes(ours.to_string().as_bytes()).expect("a note");
    let known = VerifierList::new(vec![Box::new(verifier)]);
    let (verified, ignored) = note.verify(&known).expect("it verifies");
    assert_eq!((verified.len(), ignored.len()), (1, 1));
    let other = tlog_tiles::checkpoint::Checkpoint::from_bytes(ours.note().text().as_bytes());
    assert_eq!(other.expect("a checkpoint").size(), 20);
}

#[test]
fn a_log_signature_counts_only_as_the_logs_own() {
    let log = log_vkey(origin(), &office_key());
    let signed = checkpoint(3).sign(&office_key());
    assert_eq!(signed.verify_log(&log), Ok(()));
    assert!(signed.verify_log(&log_vkey(origin(), &key(9))).is_err());
    let as_witness = Vkey::new(origin(), KeyKind::Witness, *log.key());
    assert!(signed.verify_log(&as_witness).is_err());
    assert_eq!(signed.cosigned_at(&as_witness), Ok(None));
    let mut two = signed.clone();
    let other = checkpoint(4).sign(&office_key()).note().signatures()[0].clone();
    two.add_signature(other);
    assert!(
        two.verify_log(&log).is_err(),
        "one false line spoils the true one"
    );
}

#[test]
fn a_cosignature_is_bound_to_text_time_and_key() {
    let signed = checkpoint(3).sign(&office_key());
    let line = cosigned(&signed, 1, 1_000);
    let verify = |text: &str, number| cosignature::verify(text, &witness(number), &line);
    assert_eq!(verify(signed.note().text(), 1), Ok(1_000));
    assert!(verify(signed.note().text(), 2).is_err());
    assert!(verify(checkpoint(4).sign(&office_key()).note().text(), 1).is_err());
    let text = line.to_string();
    for (at, length) in [(text.len() - 4, 4), (text.len() - 8, 8)] {
        let cut = format!("{}{}", &text[..at], &text[at + length..]);
        if let Ok(line) = cut.parse() {
            assert!(cosignature::verify(signed.note().text(), &witness(1), &line).is_err());
        }
    }
}

fn note_refused(text: &str) -> NoteError {
    Note::parse(text.as_bytes()).expect_err(text)
}

#[test]
fn notes_out_of_shape_are_refused() {
    let good = checkpoint(3).sign(&office_key()).to_string();
    let line = good.lines().last().expect("a line").to_owned();
    assert!(Note::parse(good.as_bytes()).is_ok());
    assert_eq!(note_refused(""), NoteError::NotSigned);
    assert_eq!(note_refused("text\n"), NoteError::NotSigned);
    assert_eq!(note_refused("text\n\n"), NoteError::SignatureCount);
    assert_eq!(note_refused(good.trim_end()), NoteError::NotSigned);
    for control in ["\r\n", "\t\n", "\0\n", "\u{1b}\n"] {
        assert_eq!(
            note_refused(&good.replacen('\n', control, 1)),
            NoteError::Characters
        );
    }
    assert_eq!(
        Note::parse(&[good.as_bytes(), b"\xff"].concat()),
        Err(NoteError::Characters)
    );
    let (name, blob) = (
        origin().to_string(),
        line.rsplit(' ').next().expect("a word"),
    );
    let (short, b64) = (&blob[..blob.len() - 1], blob.to_owned());
    for wrong in [
        format!("- {name} {b64}"),
        format!("—{name} {b64}"),
        format!("—  {name} {b64}"),
        format!("— {name}  {b64}"),
        format!("— {name} {b64} "),
        format!(" — {name} {b64}"),
        format!("— {name} {short}"),
        format!("— {name} AAAAAA=="),
        format!("— {name} "),
        format!("— {name}"),
        format!("— a+b {b64}"),
        format!("— a\u{a0}b {b64}"),
        format!("— a\u{3000}b {b64}"),
        format!("— a\u{85}b {b64}"),
        format!("—  {b64}"),
        "text".to_owned(),
        format!("— {name} {b64}=").to_owned(),
    ] {
        let text = good.replace(&line, &wrong);
        assert_eq!(note_refused(&text), NoteError::SignatureLine, "{wrong:?}");
    }
    for fine in [
        format!("— a\u{feff}b {b64}"),
        format!("— a\u{200b}b {b64}"),
        format!("— é\u{7f} {b64}"),
        format!("— {name} AAAAAAA="),
    ] {
        assert!(
            Note::parse(good.replace(&line, &fine).as_bytes()).is_ok(),
            "{fine:?}"
        );
    }
    let many = |count: usize| good.clone() + &format!("{line}\n").repeat(count - 1);
    assert!(Note::parse(many(64).as_bytes()).is_ok());
    assert_eq!(note_refused(&many(65)), NoteError::SignatureCount);
    let long = |length: usize| format!("{}\n\n{line}\n", "x".repeat(length - line.len() - 3));
    assert!(Note::parse(long(64 << 10).as_bytes()).is_ok());
    assert_eq!(note_refused(&long((64 << 10) + 1)), NoteError::TooLong);
}

#[test]
fn checkpoints_out_of_shape_are_refused() {
    let root = checkpoint(3).root.to_base64();
    let refused = |text: &str| Checkpoint::parse(text, Extensions::Refused).expect_err(text);
    assert!(Checkpoint::parse(&format!("a\n0\n{root}\n"), Extensions::Refused).is_ok());
    for text in [
        "",
        "a\n",
        "a\n0\n",
        &format!("a\n0\n{root}"),
        &format!("a\n0\n{root}\nmore\n"),
        &format!("a\n0\n{root}\n\n"),
    ] {
        assert_eq!(refused(text), CheckpointError::Lines, "{text:?}");
    }
    for origin in ["", "a b", "a+b", "é"] {
        assert_eq!(
            refused(&format!("{origin}\n0\n{root}\n")),
            CheckpointError::Origin,
            "{origin:?}"
        );
    }
    for size in ["", "01", "-1", "1 ", "9007199254740992", "0x1"] {
        assert_eq!(
            refused(&format!("a\n{size}\n{root}\n")),
            CheckpointError::Size,
            "{size:?}"
        );
    }
    for root in ["", "AA==", &root[..43], &format!("{root}=")] {
        assert_eq!(
            refused(&format!("a\n0\n{root}\n")),
            CheckpointError::Root,
            "{root:?}"
        );
    }
    let carried = |text: String| Checkpoint::parse(&text, Extensions::Carried);
    assert!(carried(format!("a\n0\n{root}\nmore\nand more\n")).is_ok());
    assert_eq!(
        carried(format!("a\n0\n{root}\nmore\n\nx\n")),
        Err(CheckpointError::Lines)
    );
}

#[test]
fn vkeys_out_of_shape_are_refused() {
    let good = log_vkey(origin(), &office_key()).to_string();
    let parse = |text: &str| Vkey::parse(text, KeyKind::Log);
    assert!(parse(&good).is_ok());
    let parts: Vec<&str> = good.splitn(3, '+').collect();
    let [name, id, key] = parts[..] else {
        panic!("three parts")
    };
    let other = log_vkey("other.example".parse().expect("an origin"), &office_key()).to_string();
    let id_of_other = other.split('+').nth(1).expect("an id");
    for (text, wanted) in [
        (format!("{name}+{id}"), VkeyError::Form),
        (format!("{name}+{id}+{}", &key[..43]), VkeyError::Form),
        (format!("{name}+{id}+AAAA"), VkeyError::Form),
        (format!("{name}+{}+{key}", &id[..7]), VkeyError::Form),
        (format!("{name}+zzzzzzzz+{key}"), VkeyError::Form),
        (format!("{name}+{id_of_other}+{key}"), VkeyError::Id),
        (format!("+{id}+{key}"), VkeyError::Name),
        (format!("a b+{id}+{key}"), VkeyError::Name),
        (witness(1).to_string(), VkeyError::Kind),
    ] {
        assert_eq!(parse(&text), Err(wanted), "{text}");
    }
    assert!(parse(&good.replace(id, &id.to_uppercase())).is_err() || id == id.to_uppercase());
    assert!(Vkey::parse(&good, KeyKind::Witness).is_err());
}

#[test]
fn requests_out_of_shape_are_refused() {
    let checkpoint = checkpoint(9).sign(&office_key());
    let request = AddCheckpoint {
        old_size: 4,
        proof: vec![sha256(b"a"); 3],
        checkpoint,
    };
    let good = String::from_utf8(request.encode()).expect("UTF-8");
    let parse = |text: &str| AddCheckpoint::parse(text.as_bytes());
    assert_eq!(parse(&good), Ok(request.clone()));
    let hash = sha256(b"a").to_base64();
    for text in ["", "old 4\n", "old 4\nxx\n\n"] {
        assert_eq!(parse(text), Err(RequestError::Proof), "{text:?}");
    }
    for (from, to, wanted) in [
        ("old 4", "old 04", RequestError::OldSize),
        ("old 4", "Old 4", RequestError::OldSize),
        ("old 4", "old  4", RequestError::OldSize),
        ("old 4", "old 10", RequestError::Shrunk),
        (&hash, "short", RequestError::Proof),
    ] {
        assert_eq!(parse(&good.replacen(from, to, 1)), Err(wanted), "{to}");
    }
    let lines = |count| AddCheckpoint {
        proof: vec![sha256(b"a"); count],
        ..request.clone()
    };
    assert!(AddCheckpoint::parse(&lines(PROOF_LINES_MAX).encode()).is_ok());
    let many = AddCheckpoint::parse(&lines(PROOF_LINES_MAX + 1).encode());
    assert_eq!(many, Err(RequestError::Proof));
    let long = good.clone() + &"x".repeat(70_000);
    assert_eq!(parse(&long), Err(RequestError::TooLong));
    let unsigned = good.split("\n\n").take(2).collect::<Vec<_>>().join("\n\n") + "\n";
    assert!(matches!(parse(&unsigned), Err(RequestError::Checkpoint(_))));
    assert_eq!(witness_request::parse_conflict(b"12\n"), Ok(12));
    assert_eq!(witness_request::encode_conflict(12), "12\n");
    for wrong in ["", "12", "012\n", "12\n\n", "a\n"] {
        assert_eq!(
            witness_request::parse_conflict(wrong.as_bytes()),
            Err(RequestError::Size)
        );
    }
    for wrong in ["", "\n", "— a AAAA\n", "text\n"] {
        assert!(
            witness_request::parse_cosignatures(wrong.as_bytes()).is_err(),
            "{wrong:?}"
        );
    }
}
