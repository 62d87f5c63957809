//! Objects: what goes in comes out, and nothing else does.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use proptest::prelude::*;
use record::ids::CircleId;
use sha2::{Digest, Sha256};
use vault::binding::{Binding, ObjectId, Purpose};
use vault::header::{Header, HeaderError};
use vault::keys::Identity;
use vault::object::{self, OpenError, RewrapError, SealError, Sealed};
use vault::padding::padded;
use vault::small::{self, Small, SmallOpenError};
use vault::stream::payload_size;

use crate::cast::{binding, rng};

const CHUNK: usize = 65_536;
const BUFFER: usize = 16 * CHUNK;

fn material(size: usize) -> Vec<u8> {
    (0..size).map(|at| (at * 7 % 253) as u8).collect()
}

fn identity() -> Identity {
    Identity::generate(&mut rng(7))
}

fn seal(plaintext: &[u8]) -> (Sealed, Vec<u8>) {
    let mut payload = Vec::new();
    let recipients = [identity().to_recipient()];
    let sealed = object::seal(
        plaintext,
        &mut payload,
        &recipients,
        &binding(),
        &mut rng(1),
    )
    .expect("sealed");
    (sealed, payload)
}

fn open(sealed: &Sealed, payload: &[u8], size: u64) -> io::Result<Vec<u8>> {
    let mut plaintext = Vec::new();
    object::open(&sealed.header, payload, &identity(), &binding(), size)
        .map_err(io::Error::other)?
        .read_to_end(&mut plaintext)?;
    Ok(plaintext)
}

#[test]
fn every_size_comes_back() {
    let borders = [
        0,
        CHUNK,
        2 * CHUNK,
        BUFFER,
        2 * BUFFER,
        8 * BUFFER,
        10 * BUFFER,
    ];
    let sizes = borders
        .iter()
        .flat_map(|border| [border.saturating_sub(1), *border, border + 1]);
    for size in sizes.chain([2, 3, 9, 1000, BUFFER + CHUNK + 17]) {
        let plaintext = material(size);
        let (sealed, payload) = seal(&plaintext);
        assert_eq!(sealed.size, size as u64);
        assert_eq!(sealed.sha256, <[u8; 32]>::from(Sha256::digest(&plaintext)));
        assert_eq!(
            sealed.payload_sha256,
            <[u8; 32]>::from(Sha256::digest(&payload))
        );
        assert_eq!(sealed.payload_size, payload.len() as u64);
        assert_eq!(sealed.payload_size, payload_size(padded(size as u64)));
        assert!(
            open(&sealed, &payload, size as u64).expect("opened") == plaintext,
            "{size}"
        );
    }
}

#[test]
fn the_crate_age_reads_header_and_payload_together() {
    let plaintext = material(3 * BUFFER + 5);
    let (sealed, payload) = seal(&plaintext);
    let file = [sealed.header, payload].concat();
    let Identity::X25519(identity) = identity() else {
        panic!("an X25519 identity");
    };
    let decryptor = age::Decryptor::new_buffered(&file[..]).expect("a header");
    let mut reader = decryptor
        .decrypt(std::iter::once(&identity as &dyn age::Identity))
        .expect("ours");
    let mut opened = Vec::new();
    reader.read_to_end(&mut opened).expect("whole");
    assert!(opened.starts_with(&plaintext));
    assert_eq!(opened.len() as u64, padded(plaintext.len() as u64));
}

#[test]
fn sources_that_give_little_at_a_time_are_read_whole() {
    struct Drops<R>(R);
    impl<R: Read> Read for Drops<R> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let few = out.len().min(1013);
            self.0.read(&mut out[..few])
        }
    }
    let plaintext = material(BUFFER + 77);
    let (_, expected) = seal(&plaintext);
    let mut payload = Vec::new();
    let recipients = [identity().to_recipient()];
    object::seal(
        Drops(&plaintext[..]),
        &mut payload,
        &recipients,
        &binding(),
        &mut rng(1),
    )
    .expect("sealed");
    assert!(payload == expected);
}

#[test]
fn a_failing_source_or_disk_is_named() {
    struct FailsAt(u64);
    impl Read for FailsAt {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = out.len().min(usize::try_from(self.0).expect("small"));
            self.0 -= count as u64;
            if count == 0 {
                Err(io::Error::other("the line broke"))
            } else {
                Ok(count)
            }
        }
    }
    impl Write for FailsAt {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let count = bytes.len().min(usize::try_from(self.0).expect("small"));
            self.0 -= count as u64;
            if count == 0 {
                Err(io::ErrorKind::StorageFull.into())
            } else {
                Ok(count)
            }
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let recipients = [identity().to_recipient()];
    let plaintext = material(40 * BUFFER);
    for limit in [0, 10, CHUNK, BUFFER, 3 * BUFFER + 1, 20 * BUFFER] {
        let source = FailsAt(limit as u64);
        let error =
            object::seal(source, io::sink(), &recipients, &binding(), &mut rng(1)).unwrap_err();
        assert!(matches!(error, SealError::Read(_)), "{limit}: {error:?}");
        let disk = FailsAt(limit as u64);
        let error =
            object::seal(&plaintext[..], disk, &recipients, &binding(), &mut rng(1)).unwrap_err();
        let SealError::Write(error) = error else {
            panic!("{limit}: {error:?}");
        };
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
}

#[test]
fn an_altered_payload_is_never_taken_for_whole() {
    for size in [0, 10, CHUNK, CHUNK + 1, 5 * CHUNK] {
        let (sealed, payload) = seal(&material(size));
        for bit in (0..payload.len() * 8).step_by(payload.len() * 8 / 97 + 1) {
            let mut altered = payload.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(
                open(&sealed, &altered, size as u64).is_err(),
                "{size}: bit {bit}"
            );
        }
        for cut in [0, 1, 15, 16, 17, payload.len() / 2, payload.len() - 1] {
            assert!(
                open(&sealed, &payload[..cut], size as u64).is_err(),
                "{size}: cut to {cut}"
            );
        }
        let longer = [&payload[..], &[0]].concat();
        assert!(
            open(&sealed, &longer, size as u64).is_err(),
            "{size}: longer"
        );
        // Only the entry knows which of the sizes with this padding is the true one.
        for wrong in [
            0,
            size as u64 / 2,
            padded(size as u64) + 1,
            size as u64 * 2 + 1,
            u64::MAX,
        ] {
            let is_same = padded(wrong) == padded(size as u64);
            assert!(
                is_same || open(&sealed, &payload, wrong).is_err(),
                "{size}: taken for {wrong}"
            );
        }
    }
}

#[test]
fn chunks_cannot_change_places_or_files() {
    let (sealed, payload) = seal(&material(3 * CHUNK));
    let (other, other_payload) = {
        let mut payload = Vec::new();
        let recipients = [identity().to_recipient()];
        let sealed = object::seal(
            &material(3 * CHUNK)[..],
            &mut payload,
            &recipients,
            &binding(),
            &mut rng(2),
        );
        (sealed.expect("sealed"), payload)
    };
    let stored = CHUNK + 16;
    let mut swapped = payload.clone();
    let (first, second) = swapped[16..].split_at_mut(stored);
    first.swap_with_slice(&mut second[..stored]);
    assert!(open(&sealed, &swapped, 3 * CHUNK as u64).is_err());
    let mut spliced = payload.clone();
    spliced[16..16 + stored].copy_from_slice(&other_payload[16..16 + stored]);
    assert!(open(&sealed, &spliced, 3 * CHUNK as u64).is_err());
    assert!(open(&other, &payload, 3 * CHUNK as u64).is_err());
}

#[test]
fn a_header_opens_in_its_place_only() {
    let (sealed, payload) = seal(b"material");
    let elsewhere = [
        binding().in_epoch(2),
        Binding {
            circle: CircleId::from_bytes([9; 16]),
            ..binding()
        },
        Binding {
            object: ObjectId::from_bytes([9; 16]),
            ..binding()
        },
        Binding {
            purpose: Purpose::View,
            ..binding()
        },
        Binding {
            office: "example.org".parse().expect("an origin"),
            ..binding()
        },
    ];
    for binding in elsewhere {
        let error = object::open(&sealed.header, &payload[..], &identity(), &binding, 8).err();
        assert!(
            matches!(error, Some(OpenError::Header(HeaderError::WrongBinding))),
            "{binding:?}"
        );
    }
    let stranger = Identity::generate(&mut rng(8));
    let error = object::open(&sealed.header, &payload[..], &stranger, &binding(), 8).err();
    assert!(matches!(
        error,
        Some(OpenError::Header(HeaderError::NoMatch))
    ));
}

#[test]
fn a_header_without_a_binding_or_with_two_does_not_open() {
    let mut rng = rng(5);
    let key = vault::header::new_file_key(&mut rng);
    let recipients = [identity().to_recipient()];
    let unbound = vault::header::build(&key, &recipients, None).expect("a header");
    let header = Header::parse(&unbound).expect("a header");
    assert!(header.unwrap(&identity()).is_ok());
    let refused = header.unwrap_bound(&identity(), &binding()).err();
    assert_eq!(refused, Some(HeaderError::WrongBinding));
}

#[test]
fn every_altered_header_byte_is_found() {
    let (sealed, payload) = seal(b"material");
    for at in 0..sealed.header.len() {
        let mut header = sealed.header.clone();
        header[at] ^= 1;
        assert!(
            object::open(&header, &payload[..], &identity(), &binding(), 8).is_err(),
            "byte {at}"
        );
    }
}

#[test]
fn rewrapping_changes_readers_and_place_but_not_the_payload() {
    let (sealed, payload) = seal(b"a long upload");
    let later = Identity::generate(&mut rng(9));
    let (old, new) = (binding(), binding().in_epoch(2));
    let to = [later.to_recipient()];
    let header = object::rewrap(&sealed.header, &identity(), &old, &to, &new).expect("a header");
    let mut text = String::new();
    let mut opened = object::open(&header, &payload[..], &later, &new, 13).expect("opened");
    opened.read_to_string(&mut text).expect("whole");
    assert_eq!(text, "a long upload");
    assert!(object::open(&header, &payload[..], &identity(), &new, 13).is_err());
    assert!(object::open(&header, &payload[..], &later, &old, 13).is_err());
    let error = object::rewrap(&sealed.header, &identity(), &new, &to, &new).unwrap_err();
    assert_eq!(error, RewrapError::Old(HeaderError::WrongBinding));
    let error = object::rewrap(&sealed.header, &later, &old, &to, &new).unwrap_err();
    assert_eq!(error, RewrapError::Old(HeaderError::NoMatch));
}

#[test]
fn ranges_read_like_the_whole() {
    for size in [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK + 999, 16 * CHUNK] {
        let plaintext = material(size);
        let (sealed, payload) = seal(&plaintext);
        // The payload may lie behind others in a pack.
        let pack = [b"before".to_vec(), payload].concat();
        let mut source = Cursor::new(&pack);
        source.set_position(6);
        let mut ranges =
            object::open_ranges(&sealed.header, source, &identity(), &binding(), size as u64)
                .expect("opened");
        for from in [
            0,
            1,
            CHUNK - 1,
            CHUNK,
            2 * CHUNK + 5,
            size / 2,
            size.saturating_sub(1),
            size,
            size + 1,
        ] {
            ranges.seek(SeekFrom::Start(from as u64)).expect("sought");
            let mut some = Vec::new();
            (&mut ranges)
                .take(70_000)
                .read_to_end(&mut some)
                .expect("read");
            let wanted = plaintext.get(from..).unwrap_or_default();
            assert!(
                some == wanted[..wanted.len().min(70_000)],
                "{size} from {from}"
            );
        }
        assert!(ranges.seek(SeekFrom::Current(i64::MIN)).is_err());
    }
}

#[test]
fn ranges_of_a_cut_or_altered_payload_are_refused() {
    let size = 3 * CHUNK as u64;
    let (sealed, payload) = seal(&material(3 * CHUNK));
    let open = |payload: &[u8], size| {
        object::open_ranges(
            &sealed.header,
            Cursor::new(payload.to_vec()),
            &identity(),
            &binding(),
            size,
        )
    };
    assert!(open(&payload[..payload.len() - 1], size).is_err());
    assert!(open(&payload[..16 + CHUNK + 16], size).is_err());
    assert!(open(&payload, size + CHUNK as u64).is_err());
    let mut altered = payload.clone();
    altered[20] ^= 1;
    let mut ranges = open(&altered, size).expect("its end is right");
    let mut byte = [0];
    assert!(ranges.read(&mut byte).is_err());
    ranges.seek(SeekFrom::Start(CHUNK as u64)).expect("sought");
    assert_eq!(ranges.read(&mut byte).expect("another chunk"), 1);
}

#[test]
fn a_batch_of_small_objects_is_sealed_like_single_ones() {
    let plaintexts: Vec<Vec<u8>> = (0..37)
        .map(|number| material(number * 4099 % 70_000))
        .collect();
    let bindings: Vec<Binding> = (0..37)
        .map(|number| Binding {
            object: ObjectId::from_bytes([number; 16]),
            ..binding()
        })
        .collect();
    let batch: Vec<Small<'_>> = plaintexts
        .iter()
        .zip(&bindings)
        .map(|(plaintext, binding)| Small { plaintext, binding })
        .collect();
    for threads in [0, 1, 2, 5, 100] {
        let recipients = [identity().to_recipient()];
        let all = small::seal_batch(&batch, &recipients, threads, &mut rng(1)).expect("sealed");
        assert_eq!(all.len(), batch.len());
        for (one, small) in all.iter().zip(&batch) {
            let size = small.plaintext.len() as u64;
            let (header, payload) = (&one.sealed.header, &one.payload);
            let opened =
                small::open(header, payload, &identity(), small.binding, size).expect("opened");
            assert!(opened.expose() == small.plaintext);
            let mut streamed = Vec::new();
            let mut reader = object::open(header, &payload[..], &identity(), small.binding, size)
                .expect("opened");
            reader.read_to_end(&mut streamed).expect("whole");
            assert!(streamed == small.plaintext);
            let wrong = small::open(
                header,
                payload,
                &identity(),
                small.binding,
                padded(size) + 1,
            );
            assert_eq!(wrong.err(), Some(SmallOpenError::Payload));
        }
    }
    assert!(
        small::seal_batch(&[], &[identity().to_recipient()], 2, &mut rng(1))
            .expect("none")
            .is_empty()
    );
}

proptest! {
    #[test]
    fn headers_of_strangers_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let file = [&b"age-encryption.org/v1\n"[..], &bytes].concat();
        for input in [&bytes[..], &file] {
            let mut rest = input;
            let split = vault::header::split(&mut rest).expect("a slice can be read");
            if let Ok(header) = Header::parse(input) {
                prop_assert!(header.unwrap(&identity()).is_err());
                prop_assert!(split.is_ok());
            }
        }
    }

    #[test]
    fn damaged_headers_never_open(at in 0usize..400, with in any::<u8>()) {
        let (sealed, _) = seal(b"x");
        let mut header = sealed.header.clone();
        let at = at % header.len();
        prop_assume!(header[at] != with);
        header[at] = with;
        let opened = Header::parse(&header).and_then(|header| header.unwrap_bound(&identity(), &binding()));
        prop_assert!(opened.is_err());
    }
}

#[test]
fn an_endless_header_is_refused_without_reading_on() {
    let endless = io::repeat(b'a');
    let begin = &b"age-encryption.org/v1\n"[..];
    let mut file = begin.chain(endless);
    let refused = vault::header::split(&mut file).expect("it can be read");
    assert_eq!(refused, Err(HeaderError::TooLong));
    let mut file = io::repeat(b'a');
    assert_eq!(
        vault::header::split(&mut file).expect("it can be read"),
        Err(HeaderError::TooLong)
    );
}
