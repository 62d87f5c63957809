use record::canonical::{FieldError, Value};

use super::*;

fn received() -> Received {
    Received {
        item: ItemId::from_bytes([1; 16]),
        object: ObjectId::from_bytes([2; 16]),
        folder: "شاهدان/روز ۱".to_owned(),
        file_name: "گزارش.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: 12,
        sha256: Hash::from_bytes([3; 32]),
        tool: "mahzar 0.1.0".to_owned(),
    }
}

fn all() -> Vec<ItemEntry> {
    let item = ItemId::from_bytes([1; 16]);
    let publication = EntryId::from_bytes([4; 16]);
    vec![
        ItemEntry::Received(received()),
        ItemEntry::Opened(Opened {
            item,
            purpose: "translation".to_owned(),
            mode: Mode::Copy,
        }),
        ItemEntry::Opened(Opened {
            item,
            purpose: "بازبینی".to_owned(),
            mode: Mode::View,
        }),
        ItemEntry::Published(Published { item, publication }),
        ItemEntry::Erased(Erased {
            item,
            reason: "consent withdrawn".to_owned(),
        }),
        ItemEntry::Checked(Checked {
            item,
            outcome: Outcome::Unaltered,
        }),
        ItemEntry::Checked(Checked {
            item,
            outcome: Outcome::Altered,
        }),
        ItemEntry::Checked(Checked {
            item,
            outcome: Outcome::Missing,
        }),
    ]
}

#[test]
fn every_body_comes_back_as_it_was() {
    for entry in all() {
        let body = entry.body().expect("within the limits");
        assert_eq!(ItemEntry::parse(entry.kind(), &body), Ok(Some(entry)));
    }
}

#[test]
fn a_field_more_or_less_is_refused() {
    for entry in all() {
        let body = entry.body().expect("within the limits");
        let mut more = body.clone();
        more.insert("colour".to_owned(), Value::from("red"));
        let error = ItemEntry::parse(entry.kind(), &more).expect_err("one too many");
        assert_eq!(error.reason, FieldError::Unknown("colour".to_owned()));
        for name in body.keys() {
            let mut less = body.clone();
            less.remove(name);
            assert!(
                ItemEntry::parse(entry.kind(), &less).is_err(),
                "{} without {name}",
                entry.kind()
            );
        }
    }
}

#[test]
fn other_kinds_are_not_the_desks() {
    assert_eq!(ItemEntry::parse("circle.created", &map! {}), Ok(None));
    assert_eq!(ItemEntry::parse("item", &map! {}), Ok(None));
}

fn refused(change: impl FnOnce(&mut Received)) -> bool {
    let mut received = received();
    change(&mut received);
    ItemEntry::Received(received).body().is_err()
}

#[test]
fn names_that_would_leave_a_folder_are_refused() {
    assert!(refused(|item| item.file_name = String::new()));
    assert!(refused(|item| item.file_name = "..".to_owned()));
    assert!(refused(|item| item.file_name = "a/b".to_owned()));
    assert!(refused(|item| item.file_name = "a\0b".to_owned()));
    assert!(refused(
        |item| item.file_name = "x".repeat(FILE_NAME_BYTES_MAX + 1)
    ));
    assert!(refused(|item| item.folder = "a/../b".to_owned()));
    assert!(refused(|item| item.folder = "/etc".to_owned()));
    assert!(refused(|item| item.folder = "a/".to_owned()));
    assert!(refused(|item| item.folder = "a/".repeat(FOLDER_BYTES_MAX)));
}

#[test]
fn odd_names_are_kept_as_they_came() {
    for name in [
        "a\nb",
        "\u{202E}gpj.exe",
        " ",
        "-rf",
        "con",
        "\\",
        "💥",
        "...",
        "$(id)",
    ] {
        assert!(
            !refused(|item| item.file_name = name.to_owned()),
            "{name:?}"
        );
    }
}

#[test]
fn media_types_keep_their_form() {
    for wrong in [
        "",
        "image",
        "image/",
        "/png",
        "Image/png",
        "image/png; x=1",
        "a/b/c",
        "image/ü",
    ] {
        assert!(
            refused(|item| item.media_type = wrong.to_owned()),
            "{wrong:?}"
        );
    }
    assert!(refused(
        |item| item.media_type = format!("a/{}", "b".repeat(99))
    ));
    assert!(!refused(
        |item| item.media_type = "application/vnd.oasis.opendocument.text".to_owned()
    ));
}

#[test]
fn blank_and_endless_sentences_are_refused() {
    let item = ItemId::from_bytes([1; 16]);
    for purpose in [
        String::new(),
        " \n ".to_owned(),
        "x".repeat(PURPOSE_CHARS_MAX + 1),
    ] {
        let opened = ItemEntry::Opened(Opened {
            item,
            purpose,
            mode: Mode::View,
        });
        assert!(opened.body().is_err());
    }
}

#[test]
fn a_size_beyond_all_readers_is_refused_by_the_writer() {
    let mut received = received();
    received.size_bytes = u64::MAX;
    let body = ItemEntry::Received(received)
        .body()
        .expect("the form is right");
    assert!(record::canonical::encode(&Value::Map(body)).is_err());
}
