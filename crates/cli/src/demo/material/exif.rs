//! What a telephone writes into a photograph: maker, model, time and place (Exif 2.32, in a TIFF block, big-endian).
//!
//! The place is the Peace Palace in The Hague; the camera does not exist.

const ASCII: u16 = 2;
const LONG: u16 = 4;
const RATIONAL: u16 = 5;
const BYTE: u16 = 1;

/// The first directory begins after the TIFF header.
const FIRST_OFFSET: u32 = 8;

struct Field {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

/// The body of the APP1 segment, its `Exif` mark included.
pub fn segment() -> Vec<u8> {
    let mut main = main_fields();
    let camera = camera_fields();
    let place = place_fields();
    let camera_offset = FIRST_OFFSET + size(&main);
    let place_offset = camera_offset + size(&camera);
    point(&mut main, 0x8769, camera_offset);
    point(&mut main, 0x8825, place_offset);

    let mut bytes = b"Exif\0\0MM\0\x2a\0\0\0\x08".to_vec();
    directory(&main, FIRST_OFFSET, &mut bytes);
    directory(&camera, camera_offset, &mut bytes);
    directory(&place, place_offset, &mut bytes);
    bytes
}

fn main_fields() -> Vec<Field> {
    vec![
        ascii(0x010e, "Invented for a demonstration; no such place"),
        ascii(0x010f, "Example"),
        ascii(0x0110, "Telephone 1"),
        ascii(0x0132, "2026:01:14 16:32:08"),
        long(0x8769, 0),
        long(0x8825, 0),
    ]
}

fn camera_fields() -> Vec<Field> {
    vec![
        ascii(0x9003, "2026:01:14 16:32:08"),
        ascii(0x9011, "+01:00"),
    ]
}

/// 52 degrees 5 minutes 11.76 seconds north, 4 degrees 17 minutes 44.16 seconds east, 3 metres up.
fn place_fields() -> Vec<Field> {
    vec![
        Field {
            tag: 0x0000,
            kind: BYTE,
            count: 4,
            value: vec![2, 3, 0, 0],
        },
        ascii(0x0001, "N"),
        rationals(0x0002, &[(52, 1), (5, 1), (1176, 100)]),
        ascii(0x0003, "E"),
        rationals(0x0004, &[(4, 1), (17, 1), (4416, 100)]),
        Field {
            tag: 0x0005,
            kind: BYTE,
            count: 1,
            value: vec![0],
        },
        rationals(0x0006, &[(3, 1)]),
        rationals(0x0007, &[(15, 1), (32, 1), (8, 1)]),
        ascii(0x001d, "2026:01:14"),
    ]
}

fn ascii(tag: u16, text: &str) -> Field {
    let value = [text.as_bytes(), b"\0"].concat();
    Field {
        tag,
        kind: ASCII,
        count: value.len() as u32,
        value,
    }
}

fn long(tag: u16, number: u32) -> Field {
    Field {
        tag,
        kind: LONG,
        count: 1,
        value: number.to_be_bytes().to_vec(),
    }
}

fn rationals(tag: u16, parts: &[(u32, u32)]) -> Field {
    let value = parts
        .iter()
        .flat_map(|(above, below)| [above.to_be_bytes(), below.to_be_bytes()].concat())
        .collect();
    Field {
        tag,
        kind: RATIONAL,
        count: parts.len() as u32,
        value,
    }
}

fn point(fields: &mut [Field], tag: u16, offset: u32) {
    for field in fields.iter_mut().filter(|field| field.tag == tag) {
        field.value = offset.to_be_bytes().to_vec();
    }
}

/// A value of up to four bytes stands in the directory itself; a longer one after it, at an even offset.
fn outside(field: &Field) -> u32 {
    if field.value.len() <= 4 {
        0
    } else {
        (field.value.len() as u32).next_multiple_of(2)
    }
}

fn size(fields: &[Field]) -> u32 {
    2 + 12 * fields.len() as u32 + 4 + fields.iter().map(outside).sum::<u32>()
}

fn directory(fields: &[Field], offset: u32, bytes: &mut Vec<u8>) {
    let mut free = offset + 2 + 12 * fields.len() as u32 + 4;
    bytes.extend((fields.len() as u16).to_be_bytes());
    for field in fields {
        bytes.extend(field.tag.to_be_bytes());
        bytes.extend(field.kind.to_be_bytes());
        bytes.extend(field.count.to_be_bytes());
        let mut inside = if outside(field) == 0 {
            field.value.clone()
        } else {
            free.to_be_bytes().to_vec()
        };
        inside.resize(4, 0);
        bytes.extend(inside);
        free += outside(field);
    }
    bytes.extend([0; 4]);
    for field in fields.iter().filter(|field| outside(field) > 0) {
        let mut value = field.value.clone();
        value.resize(outside(field) as usize, 0);
        bytes.extend(value);
    }
}
